"""A stack with canaries on the local cloud: releases with other code, sessions of both, the schedule's call."""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from moto.stepfunctions.parser.models import stepfunctions_parser_backends
from rich.console import Console

from agents.aws.figure_items import DynamoDbFigureItems
from agents.aws.system_clock import SystemClock
from agents.contracts.trail import SessionFigures
from bench.stub_model import StubModel
from bench.stub_replies import Json, reply_to
from cli.gate.golden import packed
from cli.output.progress import view_for
from cli.session.execution_watch import EndedExecution, follow
from cli.stack.clients import stack_of
from cli.upload.submission import execution_of, submit
from local.cloud import LocalCloud
from releases.build import build
from releases.release_bucket import ReleaseBucket
from releases.trail import TrailEntry, read_trail
from tests.e2e.two_stacks import publish_by_hand

MINIMUM = 2
ANALYST = "agents/roles/analyst/instructions.md"
#: What instructions say, and how the stub then behaves.
GUESSES, PONDERS = "Cite lines by guess.", "Ponder every file."
PONDERED_SECONDS = 8.0
_PRICES = {"stub": "openai:stub=1/2", "dear": "openai:dear=50/100"}


@contextmanager
def canary_stack(folder: Path) -> Iterator[Canaries]:
    """A stack that gives half of its sessions to a new version, and asks a stub that follows its instructions."""
    with StubModel() as stub:

        def obey(request: Json) -> tuple[int, Json] | None:
            question = stub.read(request)
            if PONDERS in question.system:
                time.sleep(PONDERED_SECONDS)
            if GUESSES not in question.system:
                return None
            reply = reply_to(question.kind, question.material)
            for file in reply["files"]:
                file["summary"] += [
                    {"text": f"It does a thing {number}.", "lines": {"start": 9_000 + number, "end": 9_001 + number}}
                    for number in range(4)
                ]
            return 200, stub.completion(request, json.dumps(reply))

        stub.behaviour.intercept = obey
        settings = {
            "release": "release-1",
            "model": stub.model,
            "modelPrices": _PRICES["stub"],
            "modelCallsAtOnce": "1",
            "canaryPercent": "50",
            "canaryMinutes": "60",
            "canaryMinimumSessions": str(MINIMUM),
        }
        build()
        with LocalCloud("local", settings=settings) as cloud:
            yield Canaries(cloud, folder, stub)


@dataclass
class Canaries:
    """One stack, whose newest version is `newest`."""

    cloud: LocalCloud
    folder: Path
    stub: StubModel
    newest: int = 1
    uploads: int = 0
    ended: dict[int, list[EndedExecution]] = field(default_factory=dict)

    def deploy(self, code: Mapping[str, Callable[[str], str]] | None = None, model: str = "stub") -> int:
        """As `pulumi up` with another release: new versions of functions and state machine; no alias is moved."""
        zipped = _changed((self.cloud.root / "build" / "function.zip").read_bytes(), code or {})
        changed = {
            "SWARM_RELEASE": f"release-{self.newest + 1}",
            "SWARM_MODEL": f"openai:{model}@{self.stub.base_url}",
            "SWARM_MODEL_PRICES": _PRICES[model],
        }
        made, _ = publish_by_hand(self.cloud, self.cloud.outputs, changed, zipped)
        self.newest = int(made.rpartition(":")[2])
        return self.newest

    def decide(self) -> dict[str, Any]:
        """What the schedule's call of the deciding function answers."""
        answer = self.cloud.client("lambda").invoke(
            FunctionName="swarm-local-decide-canary", Qualifier="live", Payload=b"{}"
        )
        decided: dict[str, Any] = json.loads(answer["Payload"].read())
        assert "FunctionError" not in answer, decided
        return decided

    def pass_time(self, minutes: int) -> None:
        """The alias was changed so much earlier."""
        backend = stepfunctions_parser_backends[self.cloud.account][self.cloud.region]
        backend.describe_state_machine_alias(self._alias).update_date -= timedelta(minutes=minutes)

    def start(self) -> tuple[str, int]:
        """Upload a repository that is new to the stack; its execution, and the version that the alias chose."""
        self.uploads += 1
        text = f'"""Module {self.uploads}."""\n\n\ndef work(hours):\n    return hours * {self.uploads}\n'
        files = {f"part_{number}.py": f"{text}# {number}\n".encode() for number in range(2)}
        stack = stack_of(self.cloud)
        execution = execution_of(stack, submit(stack, packed(self.folder, f"r{self.uploads}", files).snapshot))
        described = self.cloud.client("stepfunctions").describe_execution(executionArn=execution)
        return execution, int(described["stateMachineVersionArn"].rpartition(":")[2])

    def finish(self, execution: str) -> EndedExecution:
        """The execution, once it is over."""
        with view_for(Console(quiet=True)) as view:
            return follow(stack_of(self.cloud), execution, view, time.monotonic())

    def document(self) -> None:
        """Sessions, until each version that the alias leads to has ended enough of them."""
        for _ in range(12):
            counts = {version: len(self.ended.get(version, ())) for version in self.weights}
            if min(counts.values()) >= MINIMUM:
                return
            started = [self.start() for _ in range(2)]
            for execution, version in started:
                self.ended.setdefault(version, []).append(self.finish(execution))
        raise AssertionError(f"24 sessions, and not {MINIMUM} of each version: {self.weights}")

    def pretend(self, scores: Mapping[int, int]) -> None:
        """Write enough sessions of each version into the table, with this score."""
        client = self.cloud.client("dynamodb")
        items = DynamoDbFigureItems(client, str(self.cloud.outputs["context_table"]), SystemClock(), retention_days=1)
        for version, score in scores.items():
            for number in range(MINIMUM):
                session = f"s{number:020d}"
                items.save(SessionFigures(session_id=session, version=version, opened_at=number, score=score))

    @property
    def _alias(self) -> str:
        return str(self.cloud.outputs["state_machine_alias_arn"])

    @property
    def weights(self) -> dict[int, int]:
        """The weight of each version that the alias leads to."""
        alias = self.cloud.client("stepfunctions").describe_state_machine_alias(stateMachineAliasArn=self._alias)
        return {
            int(route["stateMachineVersionArn"].rpartition(":")[2]): int(route["weight"])
            for route in alias["routingConfiguration"]
        }

    @property
    def functions(self) -> Counter[str]:
        """The versions to which the functions' aliases lead."""
        lambda_ = self.cloud.client("lambda")
        names = self.cloud.outputs["function_names"]
        return Counter(lambda_.get_alias(FunctionName=name, Name="live")["FunctionVersion"] for name in names)

    @property
    def trail(self) -> tuple[TrailEntry, ...]:
        """The entries of the release bucket's trail."""
        bucket = ReleaseBucket(self.cloud.client("s3"), str(self.cloud.outputs["release_bucket"]))
        return read_trail(bucket.trail())


def _changed(zipped: bytes, code: Mapping[str, Callable[[str], str]]) -> bytes:
    """The function's zip with other texts."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(zipped)) as before, zipfile.ZipFile(made, "w") as after:
        assert set(code) <= set(before.namelist())
        for name in before.namelist():
            body = before.read(name)
            after.writestr(name, code[name](body.decode()) if name in code else body)
    return made.getvalue()
