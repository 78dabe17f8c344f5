"""The alarms that a local cloud has deployed, over what really happened in it: no value of a metric is made up here.

Our own metrics are read from the lines that functions and tasks logged. AWS's are counted where CloudWatch counts them:
executions that ended, messages in the queue, calls that Lambda refused, calls of functions that failed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest

from agents.settings import REQUEST_VARIABLE, TASK_TOKEN_VARIABLE
from components.short_agent import function_name_of
from local.cloud import LocalCloud
from tests.alarm_evaluation import Datum, data_of, state_of
from tests.chaos.fargate_cloud import python, task_definition
from tests.e2e.signals import structured_lines
from tests.local.clouds import task_network

_OF_EXECUTIONS = {"FAILED": "ExecutionsFailed", "TIMED_OUT": "ExecutionsTimedOut"}


@dataclass
class AlarmWatch:
    """What has happened in a cloud since a moment; `refused` are functions that Lambda refused to call, and when."""

    cloud: LocalCloud
    since: float = field(default_factory=time.time)
    refused: list[tuple[str, float]] = field(default_factory=list)

    def raised(self) -> set[str]:
        """The alarms that CloudWatch would have raised by now, without the stem of the stack."""
        return self.raised_by(self.data(), time.time() + 1)

    def raised_by(self, data: list[Datum], now: float) -> set[str]:
        """The same for data that were read before, as it was at a moment."""
        return {name for name, alarm in self.alarms().items() if state_of(alarm, data, now) == "ALARM"}

    def alarms(self) -> Mapping[str, Mapping[str, Any]]:
        """Every metric alarm of the stack as Pulumi's inputs, which the cloud's CloudWatch was given."""
        pages = self.cloud.client("cloudwatch").get_paginator("describe_alarms").paginate()
        return {
            alarm["AlarmName"].removeprefix("swarm-local-"): {
                **{name[0].lower() + name[1:]: value for name, value in alarm.items()},
                "dimensions": {each["Name"]: each["Value"] for each in alarm["Dimensions"]},
            }
            for page in pages
            for alarm in page["MetricAlarms"]
        }

    def data(self) -> list[Datum]:
        """Every value of every metric since then."""
        lines = structured_lines(self.cloud)
        read = [datum for line in lines if "_aws" in line for datum in data_of(line)]
        read += [*_failed_calls(lines), *self._executions(), *self._dead_letters(), *self._throttles()]
        return [datum for datum in read if datum.at >= self.since]

    def _executions(self) -> Iterator[Datum]:
        machine = str(self.cloud.outputs["state_machine_arn"])
        states = self.cloud.client("stepfunctions")
        pages = states.get_paginator("list_executions").paginate(stateMachineArn=machine)
        for execution in (execution for page in pages for execution in page["executions"]):
            metric = _OF_EXECUTIONS.get(execution["status"])
            if metric:
                # moto's list leaves out when an execution ran into its timeout.
                ended = states.describe_execution(executionArn=execution["executionArn"])["stopDate"]
                yield Datum("AWS/States", metric, {"StateMachineArn": machine}, ended.timestamp(), 1)

    def _dead_letters(self) -> Iterator[Datum]:
        url = str(self.cloud.outputs["dead_letter_queue_url"])
        name = "ApproximateNumberOfMessages"
        answer = self.cloud.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=[name])
        queue = {"QueueName": url.rpartition("/")[2]}
        # SQS calls its metric otherwise than its attribute.
        yield Datum("AWS/SQS", f"{name}Visible", queue, time.time(), float(answer["Attributes"][name]))

    def _throttles(self) -> Iterator[Datum]:
        for function, at in list(self.refused):
            yield Datum("AWS/Lambda", "Throttles", {"FunctionName": function}, at, 1)


def _failed_calls(lines: Iterable[Mapping[str, Any]]) -> Iterator[Datum]:
    """The calls whose function ended with an error: each has logged that it did."""
    for line in lines:
        if line.get("message") == "state failed":
            name = function_name_of("swarm-local", str(line["state"]))
            at = datetime.strptime(str(line["timestamp"]), "%Y-%m-%d %H:%M:%S,%f%z").timestamp()
            yield Datum("AWS/Lambda", "Errors", {"FunctionName": name}, at, 1)


@contextmanager
def counting_refused_calls() -> Iterator[list[tuple[str, float]]]:
    """A cloud that is started inside notes each call that its Lambda answers with 429, as CloudWatch does."""
    refused: list[tuple[str, float]] = []
    gated = LocalCloud._gated

    def noting(cloud: LocalCloud, application: Any) -> Any:
        inner = gated(cloud, application)

        def serve(environ: dict[str, Any], start: Callable[..., Any]) -> Any:
            def started(status: str, *more: Any) -> Any:
                _, functions, path = str(environ["PATH_INFO"]).partition("/functions/")
                if functions and status.startswith("429"):
                    # A name or an ARN, with an alias behind it.
                    name = path.partition("/")[0].split(":function:")[-1].partition(":")[0]
                    refused.append((name, time.time()))
                return start(status, *more)

            return inner(environ, started)

        return serve

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(LocalCloud, "_gated", noting)
        yield refused


def start_orphan(cloud: LocalCloud) -> str:
    """A Fargate task that works for a session which is not there, until somebody stops it; its ARN."""
    known = cloud.client("ecs").list_task_definitions()["taskDefinitionArns"]
    (like,) = (arn for arn in known if "analyse-batch" in arn)
    definition = task_definition(cloud, like, python("while True:", "    time.sleep(0.2)"))
    given = {REQUEST_VARIABLE: f"s{'0' * 20}/b00000", TASK_TOKEN_VARIABLE: "none"}
    environment = [{"name": name, "value": value} for name, value in given.items()]
    started = cloud.client("ecs").run_task(
        cluster=cloud.outputs["cluster_arn"],
        taskDefinition=definition,
        launchType="FARGATE",
        networkConfiguration=task_network(cloud),
        overrides={"containerOverrides": [{"name": "agent", "environment": environment}]},
    )
    return str(started["tasks"][0]["taskArn"])
