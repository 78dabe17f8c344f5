"""Policies of resources: what holds for whoever asks, beside what IAM grants to each role."""

from __future__ import annotations

from agents import keys
from components.iam.documents import Statement, allow, document

_CLOUDFRONT = {"Service": "cloudfront.amazonaws.com"}


def tls_only(bucket: str) -> str:
    """Bucket policy: nothing without TLS, whoever asks. A Deny on all actions grants nothing."""
    return document([_refuse_plain_http(bucket)])


def site_bucket_policy(bucket: str, distribution: str) -> str:
    """Bucket policy: the distribution reads sites, and nothing comes without TLS."""
    ours = {"StringEquals": {"aws:SourceArn": distribution}}
    reads = allow("ServeSites", ["s3:GetObject"], [f"{bucket}/{keys.SITES}*"], ours)
    return document([{**reads, "Principal": _CLOUDFRONT}, _refuse_plain_http(bucket)])


def _refuse_plain_http(bucket: str) -> Statement:
    return {
        "Sid": "RefusePlainHttp",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [bucket, f"{bucket}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


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
