"""The real program's cloud, and parts of its state machine on their own, with containers of a test's choice."""

from __future__ import annotations

import copy
import itertools
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agents import keys
from agents.aws.blob_store import S3BlobStore
from agents.aws.session_items import DynamoDbSessionItems
from agents.aws.system_clock import SystemClock
from agents.contracts.session import Session, SessionStatus
from agents.contracts.snapshot import SourceFile, Sources
from agents.keys import analysis_key
from agents.ports import UPLOAD
from local.cloud import LocalCloud
from local.ecs.runner import TaskRunner
from local.moto import bridge as moto_bridge
from releases.build import build
from tests.chaos.cloud import eventually
from workflow.definition import reachable

_numbers = itertools.count(1)
#: What a container says as a client of Step Functions, before a test's own lines.
CLIENT = "import boto3, os, sys, time; sfn = boto3.client('stepfunctions'); token = os.environ['SWARM_TASK_TOKEN']; "
ANSWER = """sfn.send_task_success(taskToken=token, output='{"batch_id": "b00000", "analysed": 1, "gaps": 0}')"""


def start_cloud(**settings: str) -> LocalCloud:
    """The program as it is deployed, with these settings."""
    # The parts of the machine that the tests start are machines of their own, of which no policy speaks.
    return LocalCloud(privileges=False, settings={"release": build().release, **settings})


def session_id() -> str:
    """An id of its own for each test."""
    return f"s{next(_numbers):020x}"


def store_of(cloud: LocalCloud) -> DynamoDbSessionItems:
    """The cloud's context store."""
    return DynamoDbSessionItems(cloud.client("dynamodb"), str(cloud.outputs["context_table"]), SystemClock())


def blobs_of(cloud: LocalCloud) -> S3BlobStore:
    """The cloud's context bucket."""
    return S3BlobStore(cloud.client("s3"), str(cloud.outputs["context_bucket"]))


def open_session(
    cloud: LocalCloud, execution: str = "", archive_key: str = "uploads/demo/none.zip", wanted_by: str = UPLOAD
) -> str:
    """A session that is RUNNING under this execution."""
    session = Session(
        session_id=session_id(),
        status=SessionStatus.RUNNING,
        repository="demo",
        archive_key=archive_key,
        archive_bytes=1,
        execution=execution,
        model="extractive",
        release="r0",
        opened_at=1,
    )
    store_of(cloud).claim(session, wanted_by=wanted_by)
    return session.session_id


def write_batch(cloud: LocalCloud, session: str, files: Mapping[str, str]) -> list[str]:
    """The sources of batch b00000; returns the files' analysis keys."""
    found = [
        SourceFile(path=path, language="python", analysis_key=analysis_key(f"{path} {session}", "", "", ""), text=text)
        for path, text in files.items()
    ]
    sources = Sources(batch_id="b00000", files=tuple(found))
    blobs_of(cloud).write(keys.sources(session, "b00000"), sources.model_dump_json().encode())
    return [file.analysis_key for file in found]


def item(session: str, **changes: Any) -> dict[str, Any]:
    """The input of one child execution."""
    plain = {
        "session_id": session,
        "batch_id": "b00000",
        "route": "fargate",
        "pointer": f"{session}/b00000",
        "heartbeat_seconds": 600,
        "capacity": "spot",
        "expires_at": "2000000000",
        "task": {"cpu_units": 1024, "memory_megabytes": 2048, "disk_gigabytes": 21, "larger": None},
    }
    return plain | changes


@dataclass(frozen=True)
class Machine:
    """A part of the rendered state machine as one of its own."""

    cloud: LocalCloud
    arn: str

    def start(self, given: Mapping[str, Any]) -> str:
        """The ARN of a new execution."""
        started = self.cloud.client("stepfunctions").start_execution(
            stateMachineArn=self.arn, input=json.dumps(dict(given))
        )
        return str(started["executionArn"])


def analysts_machine(cloud: LocalCloud, container: Sequence[str] | None = None) -> Machine:
    """The child machine of AnalyseFiles; its tasks run `container` instead of the agent if given."""
    whole = _definition(cloud)
    inner = whole["States"]["AnalyseFiles"]["ItemProcessor"]
    states = {"StartAt": inner["StartAt"], "States": inner["States"]}
    return _machine(cloud, states, container)


def scanners_machine(cloud: LocalCloud, container: Sequence[str] | None = None) -> Machine:
    """The whole machine, entered at ScanOversized."""
    return whole_machine(cloud, "ScanOversized", container)


def whole_machine(cloud: LocalCloud, state: str, container: Sequence[str] | None) -> Machine:
    """The machine from a state whose tasks run `container`, if one is given; AWS refuses states that none leads to."""
    whole = _definition(cloud)
    reached = reachable(state, whole["States"])
    states = {name: whole["States"][name] for name in whole["States"] if name in reached}
    return _machine(cloud, {**whole, "StartAt": state, "States": states}, container)


def at_the_repositorys_states(session: str) -> dict[str, Any]:
    """What the states that read the whole repository are given."""
    task = {"cpu_units": 1024, "memory_megabytes": 2048, "disk_gigabytes": 21}
    return {
        "session": {"session_id": session, "heartbeat_seconds": 120},
        "plan": {"repository": {"route": "fargate", "task": task}},
        "draft": {"revision": 1},
        "critique": {"best_revision": 1, "verdict": "approve"},
    }


def _definition(cloud: LocalCloud) -> dict[str, Any]:
    described = cloud.client("stepfunctions").describe_state_machine(stateMachineArn=cloud.outputs["state_machine_arn"])
    definition: dict[str, Any] = json.loads(described["definition"])
    return definition


def _machine(cloud: LocalCloud, definition: dict[str, Any], container: Sequence[str] | None) -> Machine:
    definition = copy.deepcopy(definition)
    for name, state in definition["States"].items():
        if container is not None and (name == "AnalyseOnDemand" or "Oversized" in name):
            parameters = state["Parameters"]
            parameters["TaskDefinition"] = task_definition(cloud, parameters["TaskDefinition"], container)
    made = cloud.client("stepfunctions").create_state_machine(
        name=f"part-{next(_numbers)}", definition=json.dumps(definition), roleArn="arn:aws:iam::123456789012:role/any"
    )
    return Machine(cloud, str(made["stateMachineArn"]))


def task_definition(cloud: LocalCloud, like: str, command: Sequence[str]) -> str:
    """The ARN of a new task definition, which differs from an existing one by its container's command."""
    ecs = cloud.client("ecs")
    known = ecs.describe_task_definition(taskDefinition=like)["taskDefinition"]
    containers = [{**known["containerDefinitions"][0], "command": list(command)}]
    made = ecs.register_task_definition(
        family=f"part-{next(_numbers)}",
        containerDefinitions=containers,
        networkMode="awsvpc",
        cpu=known["cpu"],
        memory=known["memory"],
        taskRoleArn=known["taskRoleArn"],
        executionRoleArn=known["executionRoleArn"],
        requiresCompatibilities=["FARGATE"],
    )
    return str(made["taskDefinition"]["taskDefinitionArn"])


def python(*lines: str) -> list[str]:
    """A container that runs these lines."""
    return ["python", "-c", CLIENT + "\n".join(["", *lines])]


def ended(cloud: LocalCloud, execution: str, seconds: float = 400) -> dict[str, Any]:
    """The execution's description once it is over."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        described: dict[str, Any] = cloud.client("stepfunctions").describe_execution(executionArn=execution)
        if described["status"] != "RUNNING":
            return described
        time.sleep(0.05)
    raise AssertionError(f"still running after {seconds} s")


def entered(cloud: LocalCloud, execution: str) -> list[str]:
    """The states of an execution in the order they were entered."""
    pages = cloud.client("stepfunctions").get_paginator("get_execution_history").paginate(executionArn=execution)
    return [
        event["stateEnteredEventDetails"]["name"]
        for page in pages
        for event in page["events"]
        if "stateEnteredEventDetails" in event
    ]


def tasks_of(cloud: LocalCloud, session: str) -> list[dict[str, Any]]:
    """ECS's descriptions of the session's tasks, running or stopped, oldest first."""
    ecs, cluster = cloud.client("ecs"), cloud.outputs["cluster_arn"]
    arns = ecs.list_tasks(cluster=cluster)["taskArns"]
    described = ecs.describe_tasks(cluster=cluster, tasks=arns)["tasks"] if arns else []
    mine = [task for task in described if session in json.dumps(task.get("overrides", {}))]
    return sorted(mine, key=lambda task: task["createdAt"])


def one_task(cloud: LocalCloud, session: str, number: int = 1, seconds: float = 120) -> dict[str, Any]:
    """The session's newest task, once it has had so many."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if len(found := tasks_of(cloud, session)) >= number:
            return found[-1]
        time.sleep(0.05)
    raise AssertionError(f"fewer than {number} tasks after {seconds} s")


def stopped(cloud: LocalCloud, session: str, number: int = 1, seconds: float = 120) -> list[dict[str, Any]]:
    """The session's tasks once so many have stopped."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        over = [task for task in tasks_of(cloud, session) if task["lastStatus"] == "STOPPED"]
        if len(over) >= number:
            return over
        time.sleep(0.05)
    raise AssertionError(f"fewer than {number} stopped tasks after {seconds} s: {tasks_of(cloud, session)}")


#: The agent's own shell, which waits before a file when so many files are analysed, until it is killed or stopped.
#: Each line of the log is the path of a file whose structure was read: a file that is analysed twice is there twice.
#: It stores by the number of files only, so that no machine is too slow for a test.
STOPPING_AGENT = """
import os, pathlib, time
from agents.roles.analyst import run as analyst
from agents.aws import wiring
from agents.shells import fargate_task

folder, stops = pathlib.Path({folder!r}), {stops!r}
log = folder / "analysed"
read, run_state = wiring.GrammarReader.read, fargate_task.run_state

def counting(reader, path, language, text):
    found = read(reader, path, language, text)
    with log.open("a") as lines:
        lines.write(path + os.linesep)
    return found

def stopping(state, request, ports, settings, pause):
    def pause_here():
        done = len(log.read_text().split()) if log.exists() else 0
        here = folder / str(done)
        if done in stops and not here.exists():
            here.touch()
            while True:
                pause()
                time.sleep(0.02)
        pause()
    return run_state(state, request, ports, settings, pause_here)

analyst.CHECKPOINT_SECONDS = float("inf")
wiring.GrammarReader.read, fargate_task.run_state = counting, stopping
fargate_task.main()
"""


def stopping_agent(folder: Path, stops: Sequence[int]) -> list[str]:
    """A container that waits after so many files; `folder` gets an empty file of that name each time."""
    return ["python", "-c", STOPPING_AGENT.format(folder=str(folder), stops=tuple(stops))]


def _running(runner: TaskRunner, task: Mapping[str, Any]) -> Any:
    """The runner's task, once it has its process: ECS describes a task before it runs."""

    def started() -> Any:
        running = runner._tasks.get(task["taskArn"])
        return None if running is None or running.process is None else running

    return eventually(started)


def _runner() -> TaskRunner:
    runner = moto_bridge.current().tasks
    assert runner is not None
    return runner


def process_of(task: Mapping[str, Any]) -> int:
    """The process that stands for the task's container."""
    return int(_running(_runner(), task).process.pid)


def kill_for_memory(task: Mapping[str, Any]) -> None:
    """What the watch over a task's memory does."""
    runner = _runner()
    runner._kill_for_memory(_running(runner, task))


def lost_batches(cloud: LocalCloud, session: str) -> dict[str, str]:
    """Error by batch, as RecordGap wrote them."""
    _, lost = store_of(cloud).batches(session)
    return {batch.batch_id: batch.error for batch in lost}


def causes(cloud: LocalCloud, session: str) -> dict[str, str]:
    """Cause by batch, as RecordGap wrote them."""
    _, lost = store_of(cloud).batches(session)
    return {batch.batch_id: batch.cause for batch in lost}
