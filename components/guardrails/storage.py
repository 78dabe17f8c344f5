"""Buckets, tables and queues: nobody from outside, nothing in clear."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from components.guardrails.documents import RESOURCE_POLICIES, documents, granted, listed, principals
from components.guardrails.model import DeclaredResource, ResourceRule, Rule, StackRule
from components.guardrails.production import ACCESS_LOGS

_PUBLIC_ACCESS = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
_PUBLIC_ACLS = frozenset({"public-read", "public-read-write", "authenticated-read"})
#: Conditions that name who calls, so that `Principal: *` is not everybody.
_NAMES_THE_CALLER = ("aws:sourcearn", "aws:sourceaccount", "aws:principalorgid", "aws:principalarn")
#: What each bucket needs beside itself.
COMPANIONS = {
    "s3:BucketPublicAccessBlock": "has no public access block",
    "s3:BucketPolicy": "has no bucket policy, so plain HTTP is served",
    "s3:BucketServerSideEncryptionConfiguration": "has no encryption configuration",
    "s3:BucketVersioning": "keeps no versions",
    "s3:BucketLifecycleConfiguration": "never forgets: it has no lifecycle",
}


def _public_access_is_blocked(block: DeclaredResource) -> Iterator[str]:
    left_open = [name for name in _PUBLIC_ACCESS if block.get(name) is not True]
    if left_open:
        yield f"leaves open: {', '.join(left_open)}"


def _acl_is_private(resource: DeclaredResource) -> Iterator[str]:
    if resource.get("acl") in _PUBLIC_ACLS:
        yield f"the ACL {resource.get('acl')} opens it to strangers"


def _policy_names_its_principals(resource: DeclaredResource) -> Iterator[str]:
    for statement in granted(resource):
        if "NotPrincipal" in statement:
            yield "allows everybody but NotPrincipal"
        conditions = {key.lower() for test in statement.get("Condition", {}).values() for key in test}
        if "*" in principals(statement) and conditions.isdisjoint(_NAMES_THE_CALLER):
            yield f"statement {statement.get('Sid', '?')} allows everybody"


def _permission_names_its_principal(permission: DeclaredResource) -> Iterator[str]:
    # A function's open URL asks for both (components/function_url.py); the function checks each request itself.
    by_url = permission.get("functionUrlAuthType") == "NONE" or permission.get("invokedViaFunctionUrl")
    if permission.get("principal") == "*" and not by_url:
        yield "everybody may invoke the function"


def _plain_http_is_refused(policy: DeclaredResource) -> Iterator[str]:
    for document in documents(policy):
        for statement in document.readable():
            secure = statement.get("Condition", {}).get("Bool", {}).get("aws:SecureTransport")
            everywhere = {arn.endswith("/*") for arn in listed(statement, "Resource")} == {True, False}
            refuses = statement.get("Effect") == "Deny" and "s3:*" in listed(statement, "Action")
            if refuses and everywhere and str(secure).lower() == "false" and "*" in principals(statement):
                return
        yield "does not deny what comes without TLS, on the bucket and on its objects"


def _is_encrypted(resource: DeclaredResource) -> Iterator[str]:
    match resource.kind:
        case "s3:BucketServerSideEncryptionConfiguration":
            rules = resource.get("rules") or []
            chosen = [rule.get("applyServerSideEncryptionByDefault") or {} for rule in rules]
            if not chosen or not all(encryption.get("sseAlgorithm") for encryption in chosen):
                yield "names no algorithm"
        case "sqs:Queue":
            if not (resource.get("sqsManagedSseEnabled") or resource.get("kmsMasterKeyId")):
                yield "messages lie unencrypted"
        case _:
            # CloudWatch may not use AWS's own KMS key of SNS. Without a key of our own, a topic's messages have the
            # encryption of SNS's disks, which suffices for the names of alarms outside production.
            if resource.production and not resource.get("kmsMasterKeyId"):
                yield "messages lie unencrypted"


def _access_logs_are_apart(resources: Sequence[DeclaredResource]) -> Iterator[tuple[DeclaredResource, str]]:
    logging = [resource for resource in resources if resource.kind == "s3:BucketLogging"]
    targets = {resource.get("targetBucket") for resource in logging} - {None}
    for resource in logging:
        if resource.get("bucket") in targets:
            yield resource, "logs the requests to the bucket of the access logs, each of which is a request"
    for resource in resources:
        name = resource.get("bucket")
        if resource.kind == "s3:Bucket" and ACCESS_LOGS in (name or "") and name not in targets:
            yield resource, "has the name of a bucket of access logs, which needs no key of our own, and gets none"


def _each_bucket_has_its_companions(
    resources: Sequence[DeclaredResource],
) -> Iterator[tuple[DeclaredResource, str]]:
    companions = {(resource.kind, resource.get("bucket")) for resource in resources if resource.kind in COMPANIONS}
    for bucket in resources:
        if bucket.kind == "s3:Bucket":
            for kind, problem in COMPANIONS.items():
                if (kind, bucket.get("bucket")) not in companions:
                    yield bucket, problem


RULES: tuple[Rule, ...] = (
    ResourceRule(
        "public-access-blocked",
        "ACLs and policies can make a bucket public by mistake; the block prevents that.",
        _public_access_is_blocked,
        frozenset({"s3:BucketPublicAccessBlock"}),
    ),
    ResourceRule(
        "acl-private",
        "An ACL can make a bucket public, and a review of its policy does not show it.",
        _acl_is_private,
        frozenset({"s3:Bucket", "s3:BucketAcl", "s3:BucketObject"}),
    ),
    ResourceRule(
        "policy-not-public",
        "A resource policy for everybody opens the resource to every AWS account.",
        _policy_names_its_principals,
        RESOURCE_POLICIES,
    ),
    ResourceRule(
        "permission-not-public",
        "If everybody may invoke a function, strangers run it and we pay for it.",
        _permission_names_its_principal,
        frozenset({"lambda:Permission"}),
    ),
    ResourceRule(
        "tls-only",
        "Source code is confidential, so requests over plain HTTP are refused.",
        _plain_http_is_refused,
        frozenset({"s3:BucketPolicy"}),
    ),
    ResourceRule(
        "encrypted-at-rest",
        "Stored data is encrypted, with AWS's key at least; tables and log groups always are.",
        _is_encrypted,
        frozenset({"s3:BucketServerSideEncryptionConfiguration", "sqs:Queue", "sns:Topic"}),
    ),
    StackRule(
        "bucket-complete",
        "A bucket's access block, policy, encryption and lifecycle are separate resources, so one can be forgotten.",
        _each_bucket_has_its_companions,
    ),
    StackRule(
        "access-logs-apart",
        "Access logs have a bucket of their own: a log bucket that logs its own requests never stops growing.",
        _access_logs_are_apart,
    ),
)
