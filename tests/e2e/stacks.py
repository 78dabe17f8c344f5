"""Every stack made real and put to work: a series of sessions that walks each path of the state machine we can walk."""

from __future__ import annotations

import json
import random
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import boto3
from rich.console import Console

from agents.contracts.session import Session, SessionRecord, SessionStatus
from cli.output.progress import view_for
from cli.session import run_outcome_loader
from cli.session.execution_watch import EndedExecution, follow
from cli.session.run_outcome import RunOutcome
from cli.stack.clients import Stack, stack_of
from cli.upload.snapshot import Snapshot, snapshot_of
from cli.upload.submission import execution_of, submit
from local.cloud import LocalCloud
from local.privileges import Permission
from releases.build import build
from tests.e2e.arns import missing_arns
from tests.e2e.main_job import write_repository

#: Small files go to Lambda and larger ones to Fargate, one file a batch; an archive above a megabyte is scanned there,
#: and above a megabyte of source nothing runs on Lambda.
THRESHOLDS = {
    "scanLambdaMegabytes": "1",
    "batchLambdaKilobytes": "1",
    "batchTargetKilobytes": "1",
    "repositoryLambdaMegabytes": "1",
}
SMALL = {"hive/bee.py": 'def buzz():\n    """Buzz."""\n    return 1\n', "README.md": "# Hive\n\nKeeps bees.\n"}
LARGE = {"hive/comb.py": "".join(f'def cell_{n}():\n    """Cell {n}."""\n    return {n}\n\n\n' for n in range(30))}


@dataclass(frozen=True)
class Worked:
    """What became of a stack: each session's record by the step's name, and what the ledger holds."""

    sessions: Mapping[str, SessionRecord]
    duplicates: Sequence[str]
    reaped: Sequence[str]
    refused: Sequence[str]
    refused_later: Sequence[str]
    unused: Sequence[Permission]
    used: Sequence[Permission]
    missing_arns: Sequence[str]


@cache
def worked(stack: str) -> Worked:
    """Make the stack real and put it to work: on every path in prod, whose roles hold most; in others on one.

    The others then lose a right that they need and get one that nobody needs, to see that the ledger tells.
    """
    with tempfile.TemporaryDirectory(prefix="swarm-stacks-") as folder, _cloud(stack) as cloud:
        missing = missing_arns(cloud)
        work = Work(cloud, Path(folder))
        if stack == "prod":
            work.every_path()
        else:
            work.documented("small", SMALL | LARGE)
        refused = _refused(cloud)
        if stack != "prod":
            work.with_changed_rights("small-again", {**SMALL, "hive/new.py": "NEW = 1\n"})
        return Worked(
            sessions=work.sessions,
            duplicates=work.duplicates,
            reaped=work.reaped,
            refused=refused,
            refused_later=sorted(set(_refused(cloud)) - set(refused)),
            unused=cloud.ledger.unused(cloud.roles()),
            used=sorted(cloud.ledger.used, key=str),
            missing_arns=missing,
        )


def _refused(cloud: LocalCloud) -> list[str]:
    return sorted(str(refusal) for refusal in cloud.ledger.refused)


@contextmanager
def _cloud(stack: str) -> Iterator[LocalCloud]:
    settings = {"release": build().release, "packaged": "false", **THRESHOLDS}
    with LocalCloud(stack, settings=settings) as cloud:
        yield cloud


class Work:
    """Sessions on one cloud, and what became of them."""

    def __init__(self, cloud: LocalCloud, folder: Path) -> None:
        self._cloud = cloud
        self._stack: Stack = stack_of(cloud)
        self._folder = folder
        self.sessions: dict[str, SessionRecord] = {}
        self.duplicates: list[str] = []
        self.reaped: list[str] = []

    def every_path(self) -> None:
        """Lambda and Fargate, lost batches, a second try, a duplicate, reuse, a large scan, a failed one, an orphan."""
        with self._broken("analyse-batch"):
            self.documented("lost", SMALL | LARGE)
        self.documented("second-try", SMALL | LARGE, twice=True, name="lost")
        noise = random.Random(1).randbytes(1_200_000)  # noqa: S311 (bytes that no compression makes smaller)
        self.documented("large", {**SMALL, "hive/new.py": "NEW = 1\n", "notes.txt": "A bee.\n" * 160_000}, blob=noise)
        self.documented("pictures", {}, blob=noise[::-1])
        self._orphaned()
        self._called_on_schedule("canary", "-decide-canary")

    def with_changed_rights(self, step: str, files: Mapping[str, str]) -> None:
        """A session whose editor may no longer write drafts, and may delete them instead."""
        iam = self._cloud.client("iam")
        (role,) = (name for name in self._cloud.roles() if name.endswith("-edit"))
        document = iam.get_role_policy(RoleName=role, PolicyName="agent")["PolicyDocument"]
        (writes,) = (each for each in document["Statement"] if each["Sid"] == "WriteContext")
        writes["Action"] = ["s3:DeleteObject"]
        iam.put_role_policy(RoleName=role, PolicyName="agent", PolicyDocument=json.dumps(document))
        self.documented(step, files)

    def _orphaned(self) -> None:
        """A session whose execution AWS does not know (any more): the schedule's call must end it."""
        machine = str(self._cloud.outputs["state_machine_arn"])
        left = Session(
            session_id="s" + "0" * 20,
            status=SessionStatus.RUNNING,
            repository="left",
            archive_key="uploads/left/none.zip",
            archive_bytes=1,
            execution=f"{machine.replace(':stateMachine:', ':execution:')}:gone",
            model="extractive",
            release="r0",
            version=1,
            opened_at=1,
        )
        self._stack.store.claim(left)
        self.reaped = self._called_on_schedule("reaper", "-reap").get("ended_sessions", [])

    def _called_on_schedule(self, name: str, function_ends: str) -> dict[str, Any]:
        """What a function answers to the schedule of this name, called under the schedule's role."""
        (schedule,) = (role for role in self._cloud.roles() if role.endswith(f"-{name}-schedule"))
        client = boto3.session.Session().client(
            "lambda",
            region_name=self._cloud.region,
            endpoint_url=self._cloud.endpoint_url,
            aws_access_key_id=self._cloud.keys.of_role(schedule).id,
            aws_secret_access_key=self._cloud.keys.of_role(schedule).secret,
        )
        function = next(name for name, _ in self._cloud._functions._deployed if name.endswith(function_ends))
        called = client.invoke(FunctionName=function, Qualifier="live", Payload=b"{}")
        answer: dict[str, Any] = json.load(called["Payload"])
        return answer

    def documented(
        self, step: str, files: Mapping[str, str], *, twice: bool = False, blob: bytes = b"", name: str = ""
    ) -> None:
        """One session; with `twice`, the same archive arrives again while the first is being documented."""
        repository = write_repository(self._folder / (name or step), dict(files))
        repository.mkdir(exist_ok=True)
        if blob:
            (repository / "noise.png").write_bytes(b"\x89PNG\r\n\x1a\n\x00" + blob)
        with snapshot_of(repository) as snapshot:
            executions = [execution_of(self._stack, submit(self._stack, snapshot)) for _ in range(2 if twice else 1)]
        for execution in executions:
            ended = self._ended(execution)
            if ended.state.duplicate:
                self.duplicates.append(step)
                continue
            self.sessions[step] = self._outcome(ended, snapshot).record

    def _ended(self, execution: str) -> EndedExecution:
        quiet = view_for(Console(quiet=True))
        return follow(self._stack, execution, quiet, time.monotonic(), sleep=lambda _: time.sleep(0.1))

    def _outcome(self, ended: EndedExecution, snapshot: Snapshot) -> RunOutcome:
        return run_outcome_loader.outcome_of(self._stack, ended, snapshot.repository)

    @contextmanager
    def _broken(self, which: str) -> Iterator[None]:
        """A function whose code cannot be imported, as after a bad deployment."""
        deployed = self._cloud._functions._deployed
        (sound,) = (each.function for (name, _), each in deployed.items() if name.endswith(which))
        self._cloud.deploy(replace(sound, handler="agents.nowhere.handler"))
        try:
            yield
        finally:
            self._cloud.deploy(sound)
