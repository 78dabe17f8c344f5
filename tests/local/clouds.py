"""The small program's cloud, and how tests ask it things."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from local.cloud import LocalCloud

PROGRAMS = Path(__file__).parent / "programs"
SMALL = PROGRAMS / "small" / "__main__.py"


def start(cloud: LocalCloud, **request: Any) -> str:
    """Start the small machine and return the execution's ARN."""
    started = cloud.client("stepfunctions").start_execution(
        stateMachineArn=cloud.outputs["alias"], input=json.dumps(request)
    )
    return str(started["executionArn"])


def ended(cloud: LocalCloud, execution: str, seconds: float = 60) -> dict[str, Any]:
    """The execution's description once it is over."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        described: dict[str, Any] = cloud.client("stepfunctions").describe_execution(executionArn=execution)
        if described["status"] != "RUNNING":
            return described
        time.sleep(0.05)
    raise AssertionError(f"still running after {seconds} s: {execution}")


def task_network(cloud: LocalCloud) -> dict[str, Any]:
    """A network of the cloud's for a Fargate task that a test starts."""
    ec2 = cloud.client("ec2")
    groups = [group["GroupId"] for group in ec2.describe_security_groups()["SecurityGroups"]][:1]
    subnets = [subnet["SubnetId"] for subnet in ec2.describe_subnets()["Subnets"]][:1]
    return {"awsvpcConfiguration": {"subnets": subnets, "securityGroups": groups}}


def run(cloud: LocalCloud, **request: Any) -> dict[str, Any]:
    """Run the small machine to its end."""
    return ended(cloud, start(cloud, **request))


@contextmanager
def plain_client(cloud: LocalCloud, service: str) -> Iterator[Any]:
    """A client that sends whatever it is given, as anybody's does: the cloud's own looks at each value first."""
    ours = cloud.client(service)
    key = ours._request_signer._credentials
    client = boto3.client(
        service,  # type: ignore[call-overload]  # a name known only at run time
        region_name=cloud.region,
        endpoint_url=ours.meta.endpoint_url,
        aws_access_key_id=key.access_key,
        aws_secret_access_key=key.secret_key,
        config=Config(retries={"max_attempts": 0}, parameter_validation=False, inject_host_prefix=False),
    )
    try:
        yield client
    finally:
        client.close()
