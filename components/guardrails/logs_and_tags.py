"""Logs end, and everything says whose it is."""

from __future__ import annotations

from collections.abc import Iterator

from components.guardrails.model import DeclaredResource, ResourceRule, Rule

#: Tags without which nobody knows whom to ask, and who pays.
MANDATORY_TAGS = ("project", "environment", "owner", "cost-centre", "managed-by")
#: Kinds for which AWS has no tags; a test holds the table against the provider's own types.
UNTAGGABLE = frozenset(
    {
        "cloudfront:KeyGroup",
        "cloudfront:OriginAccessControl",
        "cloudfront:PublicKey",
        "cloudfront:ResponseHeadersPolicy",
        "cloudwatch:Dashboard",
        "cloudwatch:EventTarget",
        "cloudwatch:LogMetricFilter",
        "ec2:Route",
        "ec2:RouteTableAssociation",
        "ecr:LifecyclePolicy",
        "ecr:RegistryScanningConfiguration",
        "ecs:ClusterCapacityProviders",
        "iam:RolePolicy",
        "kms:Alias",
        "lambda:Alias",
        "lambda:FunctionEventInvokeConfig",
        "lambda:FunctionUrl",
        "lambda:LayerVersion",
        "lambda:Permission",
        "s3:BucketLifecycleConfiguration",
        "s3:BucketLogging",
        "s3:BucketNotification",
        "s3:BucketPolicy",
        "s3:BucketPublicAccessBlock",
        "s3:BucketServerSideEncryptionConfiguration",
        "s3:BucketVersioning",
        "scheduler:Schedule",
        "sfn:Alias",
        "sns:TopicPolicy",
        "sns:TopicSubscription",
        "sqs:QueuePolicy",
    }
)


def _logs_expire(group: DeclaredResource) -> Iterator[str]:
    if not group.get("retentionInDays"):
        yield "keeps its logs for ever"


def _is_tagged(resource: DeclaredResource) -> Iterator[str]:
    if resource.kind not in UNTAGGABLE:
        missing = [tag for tag in MANDATORY_TAGS if not resource.tags.get(tag)]
        if missing:
            yield f"lacks the tags {', '.join(missing)}"


RULES: tuple[Rule, ...] = (
    ResourceRule(
        "logs-expire",
        "Stored logs cost money each month, and they name other people's files and repositories.",
        _logs_expire,
        frozenset({"cloudwatch:LogGroup"}),
    ),
    ResourceRule(
        "mandatory-tags",
        "The tags say whom to ask about a resource and who pays for it.",
        _is_tagged,
    ),
)
