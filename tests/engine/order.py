"""In which order AWS lets things be deleted. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from tests.engine.provider import Step

#: What must be gone before what: a kind, and the kind that it hangs on (where both are in one component).
_BEFORE = (
    ("cloudfront:Distribution", "cloudfront:Function"),
    ("cloudfront:Distribution", "cloudfront:KeyGroup"),
    ("cloudfront:Distribution", "cloudfront:OriginAccessControl"),
    ("cloudfront:Distribution", "cloudfront:ResponseHeadersPolicy"),
    ("cloudfront:KeyGroup", "cloudfront:PublicKey"),
    ("cloudwatch:EventTarget", "cloudwatch:EventRule"),
    ("ec2:Route", "ec2:InternetGateway"),
    ("ec2:Route", "ec2:RouteTable"),
    ("ec2:RouteTableAssociation", "ec2:Subnet"),
    ("ec2:RouteTableAssociation", "ec2:RouteTable"),
    ("ec2:SecurityGroup", "ec2:Vpc"),
    ("ec2:Subnet", "ec2:Vpc"),
    ("ec2:VpcEndpoint", "ec2:Subnet"),
    ("ec2:InternetGateway", "ec2:Vpc"),
    ("ecs:ClusterCapacityProviders", "ecs:Cluster"),
    ("kms:Alias", "kms:Key"),
    ("s3:BucketPolicy", "s3:Bucket"),
    ("scheduler:Schedule", "lambda:Alias"),
    ("sfn:Alias", "sfn:StateMachine"),
    ("sfn:StateMachine", "lambda:Alias"),
    ("sns:TopicPolicy", "sns:Topic"),
    ("sqs:QueuePolicy", "sqs:Queue"),
)
#: The same for each agent's resources, which share the beginning of their names.
_OF_ONE_NAME = (
    ("lambda:FunctionEventInvokeConfig", "lambda:Alias"),
    ("lambda:Alias", "lambda:Function"),
    ("lambda:Function", "iam:RolePolicy"),
    ("iam:RolePolicy", "iam:Role"),
    ("lambda:Function", "cloudwatch:LogGroup"),
)


def misplaced(steps: Sequence[Step]) -> list[str]:
    """Deletions that came too early, as sentences."""
    deleted = [(step.kind, step.name) for step in steps if step.did == "delete"]
    found = []
    for place, (kind, name) in enumerate(deleted):
        later = deleted[place + 1 :]
        for first, then in _BEFORE:
            if kind == then and _any(later, first, name, kind):
                found.append(f"{kind} {name} was deleted before a {first}")
        for first, then in _OF_ONE_NAME:
            stem = name.rpartition("-")[0]
            if kind == then and any(other == first and again.rpartition("-")[0] == stem for other, again in later):
                found.append(f"{kind} {name} was deleted before its {first}")
    return found


def _any(later: Sequence[tuple[str, str]], first: str, name: str, kind: str) -> bool:
    """Whether one of that kind is still to come; of buckets and lists of rules, one of the same name's beginning."""
    same = kind in {"s3:Bucket", "cloudwatch:EventRule"}
    return any(other == first and (not same or again.startswith(name.rpartition("-")[0])) for other, again in later)
