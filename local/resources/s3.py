"""S3 buckets and what hangs on them."""

from __future__ import annotations

import json
from typing import Any

from local.resources.registry import CloudBackend, Declared, Realised, realises, tag_list


def create_bucket(name: str, cloud: CloudBackend) -> None:
    """An empty bucket in the cloud's region, which S3 wants named unless it is the first."""
    where = {} if cloud.region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": cloud.region}}
    cloud.client("s3").create_bucket(Bucket=name, **where)


@realises("aws:s3/bucket:Bucket")
def bucket(declared: Declared, cloud: CloudBackend) -> Realised:
    """A bucket."""
    name = declared.named("bucket")
    create_bucket(name, cloud)
    if declared.tags:
        cloud.client("s3").put_bucket_tagging(Bucket=name, Tagging={"TagSet": tag_list(declared.tags)})
    domain = f"{name}.s3.{cloud.region}.amazonaws.com"
    return Realised(
        name,
        {
            "bucket": name,
            "arn": f"arn:aws:s3:::{name}",
            "bucketDomainName": f"{name}.s3.amazonaws.com",
            "bucketRegionalDomainName": domain,
            "region": cloud.region,
        },
    )


@realises("aws:s3/bucketVersioning:BucketVersioning")
def versioning(declared: Declared, cloud: CloudBackend) -> Realised:
    """Versioning of a bucket."""
    status = declared.inputs["versioningConfiguration"]["status"]
    if status != "Disabled":
        cloud.client("s3").put_bucket_versioning(
            Bucket=declared.inputs["bucket"], VersioningConfiguration={"Status": status}
        )
    return Realised(declared.inputs["bucket"])


@realises("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock")
def public_access_block(declared: Declared, cloud: CloudBackend) -> Realised:
    """No public access."""
    cloud.client("s3").put_public_access_block(
        Bucket=declared.inputs["bucket"],
        PublicAccessBlockConfiguration={
            "BlockPublicAcls": declared.get("blockPublicAcls", False),
            "IgnorePublicAcls": declared.get("ignorePublicAcls", False),
            "BlockPublicPolicy": declared.get("blockPublicPolicy", False),
            "RestrictPublicBuckets": declared.get("restrictPublicBuckets", False),
        },
    )
    return Realised(declared.inputs["bucket"])


@realises("aws:s3/bucketPolicy:BucketPolicy")
def policy(declared: Declared, cloud: CloudBackend) -> Realised:
    """A bucket's policy without what it denies to plain HTTP, which is all we have here."""
    written = json.loads(declared.inputs["policy"])
    read = [each for each in written["Statement"] if "aws:SecureTransport" not in json.dumps(each.get("Condition"))]
    if read:
        document = json.dumps({**written, "Statement": read})
        cloud.client("s3").put_bucket_policy(Bucket=declared.inputs["bucket"], Policy=document)
    return Realised(declared.inputs["bucket"])


@realises("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration")
def encryption(declared: Declared, cloud: CloudBackend) -> Realised:
    """Encryption at rest: moto remembers it and encrypts nothing."""
    rules = []
    for rule in declared.inputs["rules"]:
        default = rule["applyServerSideEncryptionByDefault"]
        by_default = {"SSEAlgorithm": default["sseAlgorithm"]}
        if default.get("kmsMasterKeyId"):
            by_default["KMSMasterKeyID"] = default["kmsMasterKeyId"]
        rules.append(
            {"ApplyServerSideEncryptionByDefault": by_default, "BucketKeyEnabled": bool(rule.get("bucketKeyEnabled"))}
        )
    cloud.client("s3").put_bucket_encryption(
        Bucket=declared.inputs["bucket"], ServerSideEncryptionConfiguration={"Rules": rules}
    )
    return Realised(declared.inputs["bucket"])


@realises("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration")
def lifecycle(declared: Declared, cloud: CloudBackend) -> Realised:
    """Expiry by prefix: moto remembers the rules and expires nothing."""
    rules = [_lifecycle_rule(rule, number) for number, rule in enumerate(declared.inputs["rules"])]
    cloud.client("s3").put_bucket_lifecycle_configuration(
        Bucket=declared.inputs["bucket"], LifecycleConfiguration={"Rules": rules}
    )
    return Realised(declared.inputs["bucket"])


def _lifecycle_rule(rule: dict[str, Any], number: int) -> dict[str, Any]:
    expiry: dict[str, Any] = {
        "ID": rule.get("id") or f"rule-{number}",
        "Status": rule.get("status", "Enabled"),
        "Filter": {"Prefix": (rule.get("filter") or {}).get("prefix") or ""},
    }
    if rule.get("expiration", {}).get("days"):
        expiry["Expiration"] = {"Days": int(rule["expiration"]["days"])}
    if rule.get("noncurrentVersionExpiration"):
        days = int(rule["noncurrentVersionExpiration"]["noncurrentDays"])
        expiry["NoncurrentVersionExpiration"] = {"NoncurrentDays": days}
    if rule.get("abortIncompleteMultipartUpload"):
        days = int(rule["abortIncompleteMultipartUpload"]["daysAfterInitiation"])
        expiry["AbortIncompleteMultipartUpload"] = {"DaysAfterInitiation": days}
    return expiry


@realises("aws:s3/bucketNotification:BucketNotification")
def notification(declared: Declared, cloud: CloudBackend) -> Realised:
    """Events of a bucket to EventBridge; direct notifications are not used by the program."""
    if declared.get("eventbridge"):
        cloud.client("s3").put_bucket_notification_configuration(
            Bucket=declared.inputs["bucket"], NotificationConfiguration={"EventBridgeConfiguration": {}}
        )
    return Realised(declared.inputs["bucket"])


@realises("aws:s3/bucketLogging:BucketLogging")
def access_logging(declared: Declared, cloud: CloudBackend) -> Realised:
    """Access logs of a bucket: moto checks that S3 may write them, and writes none."""
    cloud.client("s3").put_bucket_logging(
        Bucket=declared.inputs["bucket"],
        BucketLoggingStatus={
            "LoggingEnabled": declared.chosen(TargetBucket="targetBucket", TargetPrefix="targetPrefix")
        },
    )
    return Realised(declared.inputs["bucket"])
