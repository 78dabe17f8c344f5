"""Policies of resources: what holds for whoever asks, beside what IAM grants to each role."""

from __future__ import annotations

from collections.abc import Iterable

from agents import keys
from components.iam.documents import Statement, allow, document

_CLOUDFRONT = {"Service": "cloudfront.amazonaws.com"}


def bucket_policy(bucket: str, writers: Iterable[Statement] = ()) -> str:
    """Bucket policy: nothing without TLS, whoever asks, which grants nothing, and what `writers` say."""
    statement = {
        "Sid": "RefusePlainHttp",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [bucket, f"{bucket}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return document([statement, *writers])


def immutable_objects(bucket: str) -> list[Statement]:
    """Nothing in the bucket of this ARN is deleted or overwritten, whoever asks: every put needs `If-None-Match: *`.

    The parts of a multipart upload are no creation of an object, so the condition passes them.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
    """
    inside = {"Effect": "Deny", "Principal": "*", "Resource": f"{bucket}/*"}
    unconditional = {"Null": {"s3:if-none-match": "true"}, "Bool": {"s3:ObjectCreationOperation": "true"}}
    return [
        {"Sid": "RefuseDeletion", **inside, "Action": ["s3:DeleteObject", "s3:DeleteObjectVersion"]},
        {"Sid": "RefuseOverwriting", **inside, "Action": "s3:PutObject", "Condition": unconditional},
    ]


def access_log_writer(partition: str, account: str, logs: str, buckets: str) -> Statement:
    """Lets S3 write the access logs of `buckets` (their names, with wildcards) into the bucket `logs`."""
    ours = {
        "StringEquals": {"aws:SourceAccount": account},
        "ArnLike": {"aws:SourceArn": f"arn:{partition}:s3:::{buckets}"},
    }
    statement = allow("WriteAccessLogs", ["s3:PutObject"], [], ours)
    # One text and no list: moto's check of PutBucketLogging reads no other form.
    where = {"Resource": f"arn:{partition}:s3:::{logs}/*", "Principal": {"Service": "logging.s3.amazonaws.com"}}
    return {**statement, **where}


def site_reader(bucket: str, distribution: str) -> Statement:
    """Lets the distribution read the sites in the bucket of this ARN."""
    ours = {"StringEquals": {"aws:SourceArn": distribution}}
    reads = allow("ServeSites", ["s3:GetObject"], [f"{bucket}/{keys.SITES}*"], ours)
    return {**reads, "Principal": _CLOUDFRONT}


def key_policy(account: str, partition: str, region: str, stem: str, hosted: bool) -> str:
    """Key policy: the account's IAM decides who uses the key; CloudWatch uses it for our log groups and alarms' topic.

    Without the first nobody could ever change the key; the others are services, and IAM cannot speak for services.
    Where sites are hosted, the account's distributions read what the key encrypts and their bucket's policy lets them:
    our own cannot be named, because the bucket behind it is made with the key.
    """
    owner = {"AWS": f"arn:{partition}:iam::{account}:root"}
    decides = {"Sid": "DelegateToIam", "Effect": "Allow", "Principal": owner, "Action": "kms:*", "Resource": "*"}
    groups = f"arn:{partition}:logs:{region}:{account}:log-group:/aws/*/{stem}-*"
    ours = {"StringLike": {"kms:EncryptionContext:aws:logs:arn": groups}}
    uses = [f"kms:{use}" for use in ("Decrypt", "Encrypt", "GenerateDataKey", "ReEncryptFrom", "ReEncryptTo")]
    logs = {"Principal": {"Service": f"logs.{region}.amazonaws.com"}}
    here = {"StringEquals": {"aws:SourceAccount": account}}
    alarms = {"Principal": {"Service": "cloudwatch.amazonaws.com"}}
    sends = allow("SendAlarms", ["kms:Decrypt", "kms:GenerateDataKey"], ["*"], here)
    statements = [decides, {**allow("EncryptLogs", uses, ["*"], ours), **logs}, {**sends, **alarms}]
    if hosted:
        any_of_ours = {"StringLike": {"aws:SourceArn": f"arn:{partition}:cloudfront::{account}:distribution/*"}}
        statements.append({**allow("ServeSites", ["kms:Decrypt"], ["*"], any_of_ours), "Principal": _CLOUDFRONT})
    return document(statements)


def queue_for_rule(queue: str, rule: str) -> str:
    """Queue policy: only this rule's undeliverable events may be put in."""
    statement = allow("SendUndelivered", ["sqs:SendMessage"], [queue], {"ArnEquals": {"aws:SourceArn": rule}})
    return document([{**statement, "Principal": {"Service": "events.amazonaws.com"}}])
