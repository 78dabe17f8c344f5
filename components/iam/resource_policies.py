"""Policies of resources: what holds for whoever asks, beside what IAM grants to each role."""

from __future__ import annotations

from components.iam.documents import allow, document


def tls_only(bucket: str) -> str:
    """Bucket policy: nothing without TLS, whoever asks. A Deny on all actions grants nothing."""
    statement = {
        "Sid": "RefusePlainHttp",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [bucket, f"{bucket}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return document([statement])


def key_policy(account: str, partition: str, region: str, stem: str) -> str:
    """Key policy: the account's IAM decides who uses the key; CloudWatch uses it for our log groups and alarms' topic.

    Without the first nobody could ever change the key; the others are services, and IAM cannot speak for services.
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
    return document([decides, {**allow("EncryptLogs", uses, ["*"], ours), **logs}, {**sends, **alarms}])
