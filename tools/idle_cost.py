"""What an environment costs in a month in which nobody uses it: a pure function of its resources."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from agents.costs.aws_prices import CostLine, Prices, prices
from components.guardrails import DeclaredResource

_PER_USE = "paid by use"
_SETTING = "a setting of something else"
_NETWORK = "AWS asks nothing for it"
#: Kinds that cost nothing while nothing runs, each with the reason. A kind that is in no table here is an error, so
#: that nothing new can be expensive in silence.
FREE_WHEN_IDLE: Mapping[str, str] = {
    "budgets:Budget": "a budget without actions is free",
    "cloudfront:Distribution": "paid by request and gigabyte, after a free tier of 10 million and a terabyte a month",
    "cloudfront:Function": "paid by the call, after a free tier of 2 million a month",
    "cloudfront:KeyGroup": _SETTING,
    "cloudfront:OriginAccessControl": _SETTING,
    "cloudfront:PublicKey": _SETTING,
    "cloudfront:ResponseHeadersPolicy": _SETTING,
    "cloudwatch:EventBus": "paid by the event, a dollar for a million",
    "cloudwatch:EventRule": "the events of S3 and of ECS are free on the default bus",
    "cloudwatch:EventTarget": _SETTING,
    "cloudwatch:LogMetricFilter": _SETTING,
    "ec2:FlowLog": "paid by the records; `_flow_records` has those of an idle network",
    "ec2:InternetGateway": _NETWORK,
    "ec2:Route": _NETWORK,
    "ec2:RouteTable": _NETWORK,
    "ec2:RouteTableAssociation": _NETWORK,
    "ec2:SecurityGroup": _NETWORK,
    "ec2:Subnet": _NETWORK,
    "ec2:Vpc": _NETWORK,
    "ecr:LifecyclePolicy": _SETTING,
    "ecs:Cluster": "Fargate is paid by the task's second; container insights would cost and are off",
    "ecs:ClusterCapacityProviders": _SETTING,
    "ecs:TaskDefinition": _SETTING,
    "iam:Role": "IAM is free",
    "iam:RolePolicy": "IAM is free",
    "kms:Alias": _SETTING,
    "lambda:Alias": _SETTING,
    "lambda:Function": "paid by use; reserved concurrency is free, provisioned concurrency is not used",
    "lambda:FunctionEventInvokeConfig": _SETTING,
    "lambda:FunctionUrl": "a request by URL is a call of the function",
    "lambda:LayerVersion": "the first 75 GB of code in a region are free",
    "lambda:Permission": _SETTING,
    "s3:BucketLifecycleConfiguration": _SETTING,
    "s3:BucketNotification": _SETTING,
    "s3:BucketPolicy": _SETTING,
    "s3:BucketPublicAccessBlock": _SETTING,
    "s3:BucketServerSideEncryptionConfiguration": _SETTING,
    "s3:BucketVersioning": "old versions count as objects, and expire after a week",
    "sfn:Alias": _SETTING,
    "sfn:StateMachine": "a standard state machine is paid by the transition",
    "sns:Topic": _PER_USE,
    "sns:TopicPolicy": _SETTING,
    "sns:TopicSubscription": _PER_USE,
    "sqs:Queue": _PER_USE,
    "sqs:QueuePolicy": _SETTING,
    "ssm:Parameter": "a parameter of the standard tier is free",
}


#: What one scheduled call takes while there is nothing to do: a cold start of about a second at 1 GB.
CALL_GB_SECONDS = 1.0
#: A network interface without traffic writes a record (NODATA) each interval of so many seconds, of so many bytes.
FLOW_SECONDS, FLOW_BYTES = 600, 120
#: How often Amazon Inspector scans a stored image again in a month: once for each new vulnerability in its packages.
RESCANS = 30


class ResourcePriceUnknown(Exception):
    """A kind of resource is in no price table; the message names it and where to add it."""


@dataclass(frozen=True)
class StoredData:
    """What lies there from earlier runs, in GB: nothing costs by being declared, only by being filled."""

    objects: float = 1.0
    items: float = 0.05
    logs: float = 0.2
    images: float = 0.5
    access_logs: float = 0.05


_Priced = Callable[[DeclaredResource, Prices], Iterator[CostLine]]


def idle_lines(
    resources: Iterable[DeclaredResource], stored: StoredData | None = None, table: Prices | None = None
) -> tuple[CostLine, ...]:
    """A month's lines, like ones added up.

    Raises:
        ResourcePriceUnknown: there is no price, and no reason for none, for a kind of resource.
    """
    declared, table = tuple(resources), table or prices()
    lines = [line for resource in declared for line in _of_one(resource, table)]
    lines += _flow_records(declared, table)
    return (*_added_up(lines), *_stored(declared, stored or StoredData(), table))


def _of_one(resource: DeclaredResource, table: Prices) -> Iterator[CostLine]:
    if resource.kind in _PRICED:
        yield from _PRICED[resource.kind](resource, table)
    elif resource.kind not in FREE_WHEN_IDLE and resource.kind not in _STORING:
        raise ResourcePriceUnknown(f"{resource.kind} ({resource.name}) has no price: add it to tools/idle_cost.py")


def _endpoint(resource: DeclaredResource, table: Prices) -> Iterator[CostLine]:
    if resource.get("vpcEndpointType") == "Interface":
        hours = len(resource.get("subnetIds") or ()) * table.hours_per_month
        yield CostLine(what="Interface VPC endpoints", units=hours, price=table.price["interface_endpoint"])


def _gateway(_: DeclaredResource, table: Prices) -> Iterator[CostLine]:
    yield CostLine(what="NAT gateways", units=table.hours_per_month, price=table.price["nat_gateway"])


def _one(what: str, price: str) -> _Priced:
    def priced(_: DeclaredResource, table: Prices) -> Iterator[CostLine]:
        yield CostLine(what=what, units=1, price=table.price[price])

    return priced


def _alarm(resource: DeclaredResource, table: Prices) -> Iterator[CostLine]:
    metrics = [query for query in resource.get("metricQueries") or () if query.get("metric")]
    yield CostLine(what="Alarms", units=max(1, len(metrics)), price=table.price["alarm"])


def _schedule(resource: DeclaredResource, table: Prices) -> Iterator[CostLine]:
    """A schedule calls its function whether or not there is anything to do."""
    calls = _calls(str(resource.get("scheduleExpression")), table.hours_per_month)
    price = table.price
    yield CostLine(what="Scheduled calls", units=calls, price=price["schedule_call"])
    yield CostLine(what="Scheduled calls, requests", units=calls, price=price["lambda_request"])
    yield CostLine(what="Scheduled calls, time", units=calls * CALL_GB_SECONDS, price=price["lambda_gb_second"])


def _calls(expression: str, hours: float) -> float:
    """How often a schedule calls in so many hours; of a cron expression, as if it held on every day."""
    rate = re.fullmatch(r"rate\((\d+) (minute|hour|day)s?\)", expression)
    if rate:
        return hours * 60 / (int(rate[1]) * {"minute": 1, "hour": 60, "day": 1_440}[rate[2]])
    minute, hour = expression.removeprefix("cron(").split()[:2]
    return hours / 24 * _times(minute, 60) * _times(hour, 24)


def _times(field: str, all_of_them: int) -> float:
    """How many values a field of a cron expression has, at most."""
    count = 0.0
    for part in field.split(","):
        span, _, step = part.partition("/")
        first, _, last = span.partition("-")
        values = int(last) - int(first) + 1 if last else all_of_them if span == "*" or step else 1
        count += values / int(step or 1)
    return count


def _flow_records(resources: Sequence[DeclaredResource], table: Prices) -> Iterator[CostLine]:
    """Without a task, the network's interfaces are those of its endpoints, one in each subnet."""
    endpoints = (endpoint for endpoint in resources if endpoint.get("vpcEndpointType") == "Interface")
    interfaces = sum(len(endpoint.get("subnetIds") or ()) for endpoint in endpoints)
    if interfaces and any(resource.kind == "ec2:FlowLog" for resource in resources):
        records = interfaces * table.hours_per_month * 3600 / FLOW_SECONDS
        yield CostLine(what="Flow logs taken in", units=records * FLOW_BYTES / 1e9, price=table.price["log_ingestion"])


def _scanning(_: DeclaredResource, table: Prices) -> Iterator[CostLine]:
    yield CostLine(what="Images scanned again", units=RESCANS, price=table.price["image_rescan"])


_PRICED: Mapping[str, _Priced] = {
    "cloudwatch:Dashboard": _one("Dashboards", "dashboard"),
    "cloudwatch:MetricAlarm": _alarm,
    "ec2:NatGateway": _gateway,
    "ec2:VpcEndpoint": _endpoint,
    "ecr:RegistryScanningConfiguration": _scanning,
    "kms:Key": _one("KMS keys", "kms_key"),
    "scheduler:Schedule": _schedule,
}
#: Kinds that cost by what they hold, however many there are: the lines, and the share of StoredData.
_STORING: Mapping[str, tuple[tuple[str, str], ...]] = {
    "s3:Bucket": (("Objects kept", "object_storage"),),
    "s3:BucketLogging": (("Access logs kept", "object_storage"),),
    "dynamodb:Table": (("Items kept", "item_storage"), ("Point-in-time recovery", "item_recovery")),
    "cloudwatch:LogGroup": (("Logs kept", "log_storage"),),
    "ecr:Repository": (("Images kept", "image_storage"),),
}


def _stored(resources: Sequence[DeclaredResource], stored: StoredData, table: Prices) -> Iterator[CostLine]:
    units = {
        "s3:Bucket": stored.objects,
        "s3:BucketLogging": stored.access_logs,
        "dynamodb:Table": stored.items,
        "cloudwatch:LogGroup": stored.logs,
        "ecr:Repository": stored.images,
    }
    kinds = {resource.kind for resource in resources}
    # The image lies in a registry that this program does not own, unless it does.
    kinds |= {"ecr:Repository"} if "ecs:TaskDefinition" in kinds else set()
    for kind, lines in _STORING.items():
        if kind in kinds:
            for what, price in lines:
                yield CostLine(what=what, units=units[kind], price=table.price[price])


def _added_up(lines: Iterable[CostLine]) -> Iterator[CostLine]:
    units: dict[str, float] = defaultdict(float)
    first: dict[str, CostLine] = {}
    for line in lines:
        units[line.what] += line.units
        first.setdefault(line.what, line)
    for what, line in sorted(first.items()):
        yield CostLine(what=what, units=units[what], price=line.price)
