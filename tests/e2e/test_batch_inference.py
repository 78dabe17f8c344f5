"""Sessions with `inference: batch` on the whole product, against a stub of Bedrock: no file is lost or paid twice."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import pytest

from agents import keys
from agents.aws.ledger import BudgetStatus, DynamoDbLedger
from agents.aws.system_clock import SystemClock
from agents.contracts.batch_inference import BatchJob
from agents.contracts.session import BatchOutcome, SessionRecord
from agents.contracts.snapshot import Route
from agents.contracts.usage import Usage
from bench.stub_batch import MODEL, BatchBehaviour, StubBedrock
from cli.commands.cancel import request_for
from cli.commands.reap import ask_reaper
from cli.stack.clients import stack_of
from local.cloud import LocalCloud
from releases.build import build
from tests.chaos.cloud import document, eventually, write_modules

pytestmark = [pytest.mark.local, pytest.mark.timeout(900)]

FILES = 6
_ASKED = re.compile(r"^File: (?P<path>.+)$", re.MULTILINE)
#: The stub is on this machine, where a model is free unless a price is given.
IN_PRICE, OUT_PRICE = 2.0, 8.0


@dataclass
class World:
    """The cloud, the stub, and the sessions that ran so far."""

    cloud: LocalCloud
    stub: StubBedrock
    folder: Path
    sessions: int = 0
    completed: bool = False

    def repository(self) -> Path:
        self.sessions += 1
        return write_modules(self.folder / f"repository-{self.sessions}" / "hive", FILES, start_at=10 * self.sessions)

    def ran(self, behaviour: BatchBehaviour) -> Ran:
        """One session, with a stub that behaves so."""
        self.stub.behaviour = behaviour
        before, asked = set(self.stub.jobs), len(self.stub.asked_about)
        record = document(self.cloud, self.repository())
        self.completed = self.completed or record.routes.batch_inference > 0
        outcomes, _ = stack_of(self.cloud).store.batches(record.session_id)
        return Ran(
            record,
            {outcome.route: outcome for outcome in outcomes},
            len(set(self.stub.jobs) - before),
            [found["path"] for question in self.stub.asked_about[asked:] for found in _ASKED.finditer(question)],
            self.ledger().session(record.session_id),
        )

    def ledger(self) -> DynamoDbLedger:
        table = self.cloud.outputs["context_table"]
        return DynamoDbLedger(self.cloud.client("dynamodb"), table, SystemClock(), "local", (10, 100))

    def job_of(self, session_id: str) -> BatchJob:
        blobs = stack_of(self.cloud).blobs
        return BatchJob.model_validate_json(blobs.read(keys.batch_inference_job(session_id)))


class Ran(NamedTuple):
    """What one session came to. `in_realtime` are the analyst's questions by path."""

    record: SessionRecord
    outcomes: dict[Route, BatchOutcome]
    jobs: int
    in_realtime: list[str]
    ledger: BudgetStatus


@contextmanager
def batch_world(folder: Path, serves: str = MODEL) -> Iterator[World]:
    """A local cloud whose sessions use batch inference, and a stub of Bedrock that serves this model."""
    with StubBedrock(serves=serves) as stub:
        settings = {
            "release": build().release,
            "inference": "batch",
            "model": stub.model,
            "modelPrices": f"bedrock:{serves}={IN_PRICE}/{OUT_PRICE}",
            "batchInferenceMinimumRecords": str(FILES),
        }
        # A warm process for every function: one session after the other uses them.
        with LocalCloud("local", settings=settings, workers=14) as cloud:
            yield World(cloud, stub, folder)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with batch_world(tmp_path_factory.mktemp("batch-inference")) as one:
        yield one


@dataclass(frozen=True)
class Case:
    """How the stub behaves, and who answers then."""

    behaviour: BatchBehaviour
    answered_by_job: int
    jobs: int = 1
    poisoned: int = 0


CASES = {
    "completes": Case(BatchBehaviour(looks=2), FILES),
    "is throttled": Case(BatchBehaviour(throttled_submits=2, throttled_looks=2), FILES),
    # Every third record fails, every fourth answers nonsense: 3, 6 and 4.
    "partly fails": Case(BatchBehaviour("PartiallyCompleted", refused_every=3, nonsense_every=4), FILES - 3),
    "meets a file that nobody can answer about": Case(BatchBehaviour(), FILES - 1, poisoned=1),
    "expires": Case(BatchBehaviour("Expired"), 0),
    "fails": Case(BatchBehaviour("Failed"), 0),
    "is refused": Case(BatchBehaviour(refuses=True), 0, jobs=0),
}


#: Fast tests of its states cover what else ends a job; here it takes a minute more.
_SLOW = {"meets a file that nobody can answer about", "fails", "is refused"}


@pytest.mark.parametrize(
    "case",
    [pytest.param(case, id=name, marks=[pytest.mark.slow] if name in _SLOW else []) for name, case in CASES.items()],
)
def test_when_the_job(world: World, case: Case) -> None:
    third = f"Module {10 * (world.sessions + 1) + 2} of"
    ran = world.ran(replace(case.behaviour, fails_on=third if case.poisoned else ""))
    record, by_job = ran.record, ran.outcomes.get(Route.BATCH_INFERENCE)

    assert record.error is None
    assert ran.jobs == case.jobs
    assert record.routes.batch_inference == case.answered_by_job
    assert record.routes.on_lambda == FILES - case.answered_by_job - case.poisoned
    assert (record.coverage.files_analysed, len(record.gaps)) == (FILES - case.poisoned, case.poisoned)
    assert len(set(ran.in_realtime)) == FILES - case.answered_by_job
    assert len(ran.in_realtime) == len(set(ran.in_realtime))
    assert record.events < 500
    spent = by_job.usage if by_job else Usage()
    assert spent.usd == pytest.approx((spent.input_tokens * IN_PRICE + spent.output_tokens * OUT_PRICE) / 2 / 1e6)
    assert ran.ledger.reserved == 0
    assert ran.ledger.spent == pytest.approx(record.usage.usd)


@pytest.mark.slow
def test_a_job_that_is_still_running_at_the_deadline_is_stopped_and_all_is_asked_in_realtime(world: World) -> None:
    def deadline_passes() -> None:
        session_id = eventually(lambda: _session_with_a_job_looked_at(world, before))
        overdue = world.job_of(session_id).model_copy(update={"deadline": 0})
        place = keys.batch_inference_job(session_id)
        stack_of(world.cloud).blobs.write(place, overdue.model_dump_json().encode())

    before = set(world.stub.jobs)
    clock = threading.Thread(target=deadline_passes)
    clock.start()
    ran = world.ran(BatchBehaviour(looks=10**6))
    clock.join()

    assert world.stub.stopped[-1:] == [_new_job(world, before)]
    assert (ran.record.routes.batch_inference, ran.record.routes.on_lambda) == (0, FILES)
    assert (ran.record.gaps, ran.ledger.reserved) == ((), 0)


@pytest.mark.slow
def test_a_cancelled_sessions_job_is_stopped_and_its_money_comes_back(world: World) -> None:
    before = set(world.stub.jobs)
    world.stub.behaviour = BatchBehaviour(looks=10**6)
    repository = world.repository()
    session = threading.Thread(target=document, args=(world.cloud, repository))
    session.start()
    session_id = eventually(lambda: _session_with_a_job_looked_at(world, before))
    assert world.ledger().session(session_id).reserved > 0
    ask_reaper(world.cloud, request_for(session_id))
    session.join()

    assert world.stub.stopped[-1:] == [_new_job(world, before)]
    assert world.ledger().session(session_id).reserved == 0
    closed = SessionRecord.model_validate_json(stack_of(world.cloud).blobs.read(keys.record(session_id)))
    assert closed.error is not None
    assert closed.error.name == "Cancelled"


def test_nobody_was_refused_and_no_right_of_the_jobs_was_idle(world: World) -> None:
    if not world.completed:
        world.ran(BatchBehaviour())
    assert [str(refusal) for refusal in world.cloud.ledger.refused] == []
    roles = [role for role in world.cloud.roles() if role.endswith("batch-inference")]
    assert len(roles) == 4
    # What earlier sessions wrote of the files around is read where there were any.
    idle = [one for one in world.cloud.ledger.unused(roles) if "/analyses/" not in one.resource]
    unused = {f"{one.role} {one.action}" for one in idle}
    # Logs and failed calls as for every function; the ledger's query for expired leases when it refuses, and
    # a settlement by the submission, when a job is not begun; S3's second look at what is missing;
    # jobs themselves are asked of the stub, which is not in front of the cloud on this machine.
    elsewhere = (
        "logs:",
        "sqs:",
        "bedrock:",
        "iam:PassRole",
        "s3:ListBucket",
        "dynamodb:GetItem",
        "dynamodb:Query",
        "dynamodb:DeleteItem",
    )
    assert {one for one in unused if not one.partition(" ")[2].startswith(elsewhere)} == set()


def _new_job(world: World, before: set[str]) -> str:
    (token,) = set(world.stub.jobs) - before
    return world.stub.jobs[token].arn


def _session_with_a_job_looked_at(world: World, before: set[str]) -> str | None:
    time.sleep(0.05)
    looked = [token for token, job in list(world.stub.jobs.items()) if token not in before and job.looks]
    return looked[0].split("-")[1] if looked else None
