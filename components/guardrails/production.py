"""Production: what people rely on cannot be deleted in passing, and is encrypted with a key of our own."""

from __future__ import annotations

from collections.abc import Iterator

from components.guardrails.model import DeclaredResource, ResourceRule, Rule

#: A deleted key is lost with all that it encrypts; AWS waits so long, in days, before it does.
KEY_DELETION_DAYS = 30
#: In the name of the bucket of S3's access logs (components/access_logs.py): S3 delivers none into a bucket whose
#: default encryption is a KMS key.
ACCESS_LOGS = "-access-logs-"


def _cannot_be_deleted(resource: DeclaredResource) -> Iterator[str]:
    if not resource.production:
        return
    if resource.protect is False:
        yield "is not protected against `pulumi destroy`"
    match resource.kind:
        case "dynamodb:Table":
            if resource.get("deletionProtectionEnabled") is not True:
                yield "has no deletion protection"
            if resource.get("pointInTimeRecovery", "enabled") is not True:
                yield "cannot be put back to an earlier point in time"
        case "s3:Bucket":
            if resource.get("forceDestroy"):
                yield "is deleted with all it holds"
        case "kms:Key":
            if (resource.get("deletionWindowInDays") or KEY_DELETION_DAYS) < KEY_DELETION_DAYS:
                yield f"is gone {resource.get('deletionWindowInDays')} days after its deletion"


def _has_a_key_of_our_own(resource: DeclaredResource) -> Iterator[str]:
    if not resource.production:
        return
    match resource.kind:
        case "s3:BucketServerSideEncryptionConfiguration":
            if ACCESS_LOGS in (resource.get("bucket") or ""):
                return
            chosen = [rule.get("applyServerSideEncryptionByDefault") or {} for rule in resource.get("rules") or ()]
            own = bool(chosen) and all(encryption.get("kmsMasterKeyId") for encryption in chosen)
        case _:
            own = bool(resource.get("serverSideEncryption", "kmsKeyArn"))
    if not own:
        yield "is encrypted with AWS's key, whose use nobody can withdraw"


def _logs_have_a_key_of_our_own(group: DeclaredResource) -> Iterator[str]:
    if group.production and not group.get("kmsKeyId"):
        yield "is encrypted with AWS's key, whose use nobody can withdraw"


def _key_rotates(key: DeclaredResource) -> Iterator[str]:
    if key.get("enableKeyRotation") is not True and key.get("keyUsage") in {None, "ENCRYPT_DECRYPT"}:
        yield "never changes its material"


RULES: tuple[Rule, ...] = (
    ResourceRule(
        "production-protected",
        "A mistake must not delete production's data.",
        _cannot_be_deleted,
        frozenset({"dynamodb:Table", "s3:Bucket", "kms:Key"}),
    ),
    ResourceRule(
        "production-own-key",
        "Permission to read the store is not enough without permission to use its key.",
        _has_a_key_of_our_own,
        frozenset({"dynamodb:Table", "s3:BucketServerSideEncryptionConfiguration"}),
    ),
    ResourceRule(
        "production-logs-own-key",
        "Logs name files and repositories, so they are encrypted with the store's key.",
        _logs_have_a_key_of_our_own,
        frozenset({"cloudwatch:LogGroup"}),
    ),
    ResourceRule(
        "key-rotates",
        "The longer a key is used, the more data one leaked key exposes.",
        _key_rotates,
        frozenset({"kms:Key"}),
    ),
)
