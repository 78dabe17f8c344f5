"""What the records of a smoke run prove, and the advice for each part that is broken."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from agents.contracts.session import BatchOutcome, ErrorRecord, LostBatch
from agents.contracts.snapshot import PlannedBatch, Route
from agents.costs.run_cost import RunFigures, run_lines, transitions
from cli.commands.smoke import AWS_USD
from cli.smoke.advice import Failure, advice
from cli.smoke.facts import ON_DEMAND, SPOT, SmokeFacts, SmokeSession, TaskFact, task_fact
from cli.smoke.repositories import BATCHES, SCAN
from cli.smoke.verdicts import OF_THE_REPOSITORY, Outcome, PathVerdict, SmokedStack, verdicts
from tests.components.mocked_cloud import ROOT

SESSION = "s" + "1" * 20
DEV = SmokedStack("dev")


def batch(number: int, route: Route) -> PlannedBatch:
    return PlannedBatch(batch_id=f"b{number:05d}", route=route, reason="as the router says", files=1, bytes=1)


def outcome(number: int, route: Route) -> BatchOutcome:
    return BatchOutcome(batch_id=f"b{number:05d}", route=route, analysed=1)


def task(number: int, capacity: str, exit_code: int | None = 0, reason: str = "") -> TaskFact:
    return TaskFact(f"task/{capacity}{number}", f"{SESSION}/b{number:05d}", capacity, "STOPPED", exit_code, reason)


PLANNED = (batch(0, Route.LAMBDA), batch(1, Route.FARGATE), batch(2, Route.FARGATE))
DONE = SmokeSession(
    session_id=SESSION,
    status="SUCCEEDED",
    planned=PLANNED,
    outcomes=(outcome(0, Route.LAMBDA), outcome(1, Route.FARGATE), outcome(2, Route.FARGATE)),
)
INTERRUPTED = task(2, SPOT, 143)


def judged(
    path: str, session: SmokeSession, *tasks: TaskFact, interrupted: frozenset[str] = frozenset()
) -> PathVerdict:
    facts = SmokeFacts({BATCHES: session}, tasks, interrupted)
    return next(one for one in verdicts(facts, DEV) if one.path == path)


def test_a_path_is_proven_by_a_task_of_its_own_kind_alone() -> None:
    on_demand = (task(1, ON_DEMAND), task(2, ON_DEMAND))
    assert judged("Spot task", DONE, task(1, SPOT)).outcome is Outcome.PROVEN
    assert judged("Spot task", DONE, *on_demand).outcome is Outcome.FAILED
    assert judged("On-Demand task", DONE, INTERRUPTED, task(2, ON_DEMAND)).outcome is Outcome.PROVEN


def test_a_task_that_ended_well_without_an_outcome_proves_nothing() -> None:
    session = replace(DONE, outcomes=DONE.outcomes[:1])
    assert judged("Spot task", session, task(1, SPOT)).outcome is Outcome.FAILED


def test_a_spot_task_that_was_too_quick_to_be_interrupted_leaves_on_demand_untested() -> None:
    found = judged("On-Demand task", DONE, task(1, SPOT), task(2, SPOT))
    assert found.outcome is Outcome.NOT_TESTED
    assert "run it again" in found.seen


def test_a_lambda_batch_that_was_given_up_is_named_by_its_error() -> None:
    lost = LostBatch(batch_id="b00000", error="Lambda.AccessDeniedException", cause="no")
    found = judged("Lambda batch", replace(DONE, outcomes=(), lost=(lost,)))
    assert found.outcome is Outcome.FAILED
    assert found.seen == "Lambda.AccessDeniedException: no"
    assert found.advice.startswith("Permission:")


def test_a_stack_whose_router_sends_nothing_to_lambda_has_that_path_untested() -> None:
    session = replace(DONE, planned=PLANNED[1:], outcomes=DONE.outcomes[1:])
    found = judged("Lambda batch", session)
    assert (found.outcome, found.seen) == (
        Outcome.NOT_TESTED,
        "the router sent no batch to Lambda: as the router says",
    )


def test_every_state_of_the_whole_repository_needs_a_task_of_its_own() -> None:
    """A task of another state, or one that failed, proves nothing; the first that is missing is named."""
    names = {state: re.sub(r"(?<!^)(?=[A-Z])", "-", state).lower() for state in OF_THE_REPOSITORY}
    tasks = tuple(
        TaskFact(f"task/{name}", SESSION, ON_DEMAND, "STOPPED", 0, family=f"swarm-dev-{name}-task")
        for name in names.values()
    )
    states = tuple(f"{state}Oversized" for state in OF_THE_REPOSITORY)
    session = SmokeSession(session_id=SESSION, status="SUCCEEDED", states=states)

    def found(session: SmokeSession, tasks: tuple[TaskFact, ...]) -> PathVerdict:
        every = verdicts(SmokeFacts({SCAN: session}, tasks), DEV)
        return next(one for one in every if one.path == "Fargate repository")

    assert len(OF_THE_REPOSITORY) == 6
    assert found(session, tasks).outcome is Outcome.PROVEN
    for number, state in enumerate(OF_THE_REPOSITORY):
        failed = (*tasks[:number], replace(tasks[number], exit_code=1), *tasks[number + 1 :])
        for others in (failed, tasks[:number] + tasks[number + 1 :]):
            missing = found(session, others)
            assert missing.outcome is Outcome.FAILED
            assert missing.seen.startswith(f"{state}Oversized: ")


def test_an_archive_that_goes_through_is_no_refusal() -> None:
    facts = SmokeFacts({"swarm-smoke-refused": SmokeSession(status="SUCCEEDED")})
    (found,) = [one for one in verdicts(facts, DEV) if one.path == "refused archive"]
    assert (found.outcome, found.seen) == (
        Outcome.FAILED,
        "it was not refused: a text file went through as an archive",
    )


@pytest.mark.parametrize(
    ("failure", "begins"),
    [
        (Failure("TaskNotStarted", "", None, "CannotPullContainerError: manifest unknown"), "Image:"),
        (Failure("TaskNotStarted", "", None, "CannotStartContainerError: exec format error"), "Image:"),
        (Failure("TaskNotStarted", "", None, "ResourceInitializationError: unable to pull secrets"), "Network:"),
        (Failure("EndpointConnectionError", "Could not connect to the endpoint URL"), "Network:"),
        (Failure("AmazonECS.Unknown", "You've reached the limit on the number of vCPUs"), "Capacity:"),
        (Failure("AmazonECS.Unknown", "Capacity is unavailable at this time"), "Capacity:"),
        (
            Failure("ClientError", "AccessDeniedException: User is not authorized to perform: s3:GetObject"),
            "Permission:",
        ),
        (Failure("TaskExited", "", 1, "Essential container in task exited", stored=True), "Task token:"),
        (Failure("TaskExited", "", 3, "Essential container in task exited"), "Read the last lines"),
    ],
)
def test_each_kind_of_failure_has_its_own_advice(failure: Failure, begins: str) -> None:
    assert advice(failure, "/aws/ecs/x").startswith(begins)


def test_a_failure_shows_its_name_cause_and_exit_code() -> None:
    assert Failure("TaskExited", "it ended", 1, "it ended").seen == "TaskExited: it ended: exit code 1"


@pytest.mark.parametrize(
    "path", ["Lambda batch", "Spot task", "On-Demand task", "Fargate scan", "Fargate repository", "site"]
)
def test_the_advice_names_a_log_group_that_the_stack_has(path: str) -> None:
    error = (ErrorRecord(name="Unheard", cause="of"),)
    session = SmokeSession(
        session_id=SESSION,
        status="FAILED",
        planned=PLANNED,
        states=("OpenSession", "Scan", "FailSession"),
        errors=error,
    )
    scan = TaskFact("task/scan", SESSION, ON_DEMAND, "STOPPED", 3, family="swarm-dev-scan-task")
    facts = SmokeFacts({BATCHES: session, "swarm-smoke-scan": session}, (task(1, SPOT, 3), task(2, ON_DEMAND, 3), scan))
    (found,) = [one for one in verdicts(facts, DEV) if one.path == path]
    group = found.advice.partition("log group ")[2].partition(";")[0]
    golden = (ROOT / "tests" / "components" / "golden" / "dev.inputs.yaml").read_text(encoding="utf-8")
    assert f"name: {group}," in golden


def test_a_task_is_read_as_ecs_describes_it() -> None:
    described: dict[str, Any] = {
        "taskArn": "arn:task/1",
        "taskDefinitionArn": "arn:aws:ecs:eu-west-1:111122223333:task-definition/swarm-dev-scan-task:3",
        "lastStatus": "STOPPED",
        "capacityProviderName": "FARGATE_SPOT",
        "stoppedReason": "Essential container in task exited",
        "containers": [{"exitCode": 0}],
        "overrides": {"containerOverrides": [{"environment": [{"name": "R", "value": f"{SESSION}/b00001"}]}]},
    }
    fact = task_fact(described, "R")
    assert (fact.session, fact.batch, fact.capacity, fact.did_its_work) == (SESSION, "b00001", SPOT, True)
    assert fact.family == "swarm-dev-scan-task"
    never_ran = task_fact({**described, "containers": [{}], "capacityProviderName": None}, "R")
    assert (never_ran.capacity, never_ran.exit_code) == (ON_DEMAND, None)


def test_aws_asks_no_more_for_a_run_than_it_says() -> None:
    figures = RunFigures(
        lambda_gb_seconds=200,
        lambda_requests=60,
        transitions=2 * transitions(parent_states=27, batches=10) + 10,
        fargate_seconds=9 * 120,
        public_address=True,
        item_writes=300,
        item_reads=300,
        object_writes=120,
        object_reads=240,
    )
    assert sum(line.usd for line in run_lines(figures)) < AWS_USD
