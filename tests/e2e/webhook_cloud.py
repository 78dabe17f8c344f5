"""A cloud whose webhooks are on, with a code host beside it, and what a test sends and sees."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from agents import keys
from local.cloud import LocalCloud
from releases.build import build
from tests.events.code_host import CodeHost
from tests.events.deliveries import SECRET, delivery

#: The branch that the cloud's only schedule looks at.
NIGHTLY = "nightly"
ALLOWED = "Codertocat/*,mike/diaspora,gitea/webhooks,team/*,team_name/repo_name"


@dataclass
class World:
    """The cloud and the host."""

    cloud: LocalCloud
    host: CodeHost
    patience: float = 60

    def post(
        self, body: bytes, headers: Mapping[str, str], method: str = "POST", path: str = ""
    ) -> tuple[int, bytes, float]:
        """Status, body and seconds of a request to the function's URL."""
        address = urlsplit(str(self.cloud.outputs["webhook_url"]))
        connection = HTTPConnection(address.netloc, timeout=self.patience)
        begun = time.monotonic()
        connection.request(method, address.path + path, body=body, headers=dict(headers))
        answer = connection.getresponse()
        outcome = answer.status, answer.read(), time.monotonic() - begun
        connection.close()
        return outcome

    def deliver(self, provider: str, event: str, body: Any, delivery_id: str = "") -> int:
        """The status of a delivery that is signed as the host signs it."""
        text = json.dumps(body).encode()
        return self.post(text, delivery(provider, event, text, time.time(), delivery_id=delivery_id))[0]

    def fire(self) -> None:
        """Call the schedule's target, as Scheduler does when its time has come: time passes for no schedule here."""
        scheduler = self.cloud.client("scheduler")
        (name,) = (each["Name"] for each in scheduler.list_schedules()["Schedules"] if "-fetch-" in each["Name"])
        target = scheduler.get_schedule(Name=name)["Target"]
        call = {"FunctionName": target["Arn"], "InvocationType": "Event", "Payload": target["Input"].encode()}
        assert self.cloud.client("lambda").invoke(**call)["StatusCode"] == 202

    def arrivals(self) -> int:
        """How many uploads have arrived, those of the same key and bytes, too: each starts an execution."""
        pages = (
            self.cloud.client("s3")
            .get_paginator("list_object_versions")
            .paginate(Bucket=self.cloud.outputs["upload_bucket"])
        )
        return sum(len(page.get("Versions", [])) for page in pages)

    def uploads(self) -> list[str]:
        """The keys of all uploads."""
        pages = (
            self.cloud.client("s3")
            .get_paginator("list_objects_v2")
            .paginate(Bucket=self.cloud.outputs["upload_bucket"])
        )
        return [entry["Key"] for page in pages for entry in page.get("Contents", [])]

    def remembered(self) -> int:
        """How many deliveries are remembered."""
        counted = self.cloud.client("dynamodb").query(
            TableName=self.cloud.outputs["context_table"],
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": keys.DELIVERIES}},
            Select="COUNT",
        )
        return int(counted["Count"])

    def executions(self) -> list[dict[str, Any]]:
        """Every execution, newest first."""
        pages = (
            self.cloud.client("stepfunctions")
            .get_paginator("list_executions")
            .paginate(stateMachineArn=self.cloud.outputs["state_machine_arn"])
        )
        return [execution for page in pages for execution in page["executions"]]

    def full_name(self, repository: str) -> str:
        """The name of a repository of the host, as its sessions and uploads have it."""
        return f"{urlsplit(self.host.url).netloc}/{repository}"

    def push(self, repository: str, ref: str, commit: str, pushed_at: int, delivery_id: str = "") -> int:
        """The status of a plain signed POST about a commit."""
        body = {"repository": repository, "ref": ref, "commit": commit, "pushed_at": pushed_at}
        return self.deliver("plain", "push", body, delivery_id)

    def items(self, sort_key: str) -> list[dict[str, Any]]:
        """Every item of the context table with this sort key. It reads the whole table: ask seldom."""
        pages = (
            self.cloud.client("dynamodb")
            .get_paginator("scan")
            .paginate(
                TableName=self.cloud.outputs["context_table"],
                FilterExpression="sk = :sk",
                ExpressionAttributeValues={":sk": {"S": sort_key}},
            )
        )
        return [item for page in pages for item in page["Items"]]

    def sessions(self) -> dict[str, str]:
        """The status of every session by its id."""
        return {item["pk"]["S"].partition("#")[2]: item["status"]["S"] for item in self.items("session")}

    def ended(self) -> int:
        """How many executions have ended; 0 while one runs."""
        executions = self.executions()
        return len(executions) if all(one["status"] != "RUNNING" for one in executions) else 0

    def status_of(self, execution: str) -> str:
        """An execution's status in the words of Step Functions."""
        return str(self.cloud.client("stepfunctions").describe_execution(executionArn=execution)["status"])

    def came_to(self, execution: Mapping[str, Any]) -> str:
        """What an execution says that it did: `duplicate`, or the status of its session."""
        described = self.cloud.client("stepfunctions").describe_execution(executionArn=execution["executionArn"])
        output = json.loads(described.get("output") or "{}")
        return str(output.get("opening") or output.get("status") or described["status"])

    def is_quiet(self) -> bool:
        """Whether every upload has an execution and each has ended."""
        executions = self.executions()
        return len(executions) >= len(self.uploads()) and all(one["status"] != "RUNNING" for one in executions)

    def letters(self) -> int:
        """How many messages lie in the dead-letter queue."""
        attributes = self.cloud.client("sqs").get_queue_attributes(
            QueueUrl=self.cloud.outputs["dead_letter_queue_url"], AttributeNames=["ApproximateNumberOfMessages"]
        )
        return int(attributes["Attributes"]["ApproximateNumberOfMessages"])


@contextmanager
def webhook_cloud(state: Path | None = None, workers: int | None = None, **settings: str) -> Iterator[World]:
    """A cloud that takes webhooks of ALLOWED, with every kind of host at one address."""
    with CodeHost() as host:
        kinds = ("github", "gitlab", "gitea", "bitbucket", "plain")
        hosts = ",".join(f"{kind}={host.url}" for kind in kinds)
        own = {
            "schedules": f"gitlab:team/nightly@{NIGHTLY} rate(1 day)",
            "webhookRepositories": ALLOWED,
            "webhookHosts": hosts,
            "release": build().release,
            **settings,
        }
        with LocalCloud("local", state=state, settings=own, workers=workers) as cloud:
            secrets = cloud.client("secretsmanager")
            secrets.create_secret(Name="swarm-local-webhook", SecretString=SECRET)
            secrets.create_secret(Name="swarm-local-code-hosts", SecretString=json.dumps(TOKENS))
            yield World(cloud, host)


TOKENS = {kind: {"token": f"token-of-{kind}"} for kind in ("github", "gitlab", "gitea", "bitbucket", "plain")}


def until(condition: Callable[[], bool], seconds: float = 90, every: float = 0.2) -> bool:
    """Whether the condition holds before so many seconds are over, looked at `every` so many."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(every)
    return condition()
