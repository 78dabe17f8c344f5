"""Which path of a stack ran, which did not and what to do: from the records alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from agents.contracts.session import BatchOutcome
from agents.contracts.snapshot import PlannedBatch, Route
from agents.roster import FUNCTIONS, ROSTER
from cli.smoke.advice import Failure, advice
from cli.smoke.facts import ON_DEMAND, SPOT, SmokeFacts, SmokeSession, TaskFact
from cli.smoke.repositories import BATCHES, GAP_FILE, REFUSED, SCAN


class Outcome(StrEnum):
    """PROVEN: it ran and did its work. NOT_TESTED: this stack or this run gave it no chance."""

    PROVEN = "proven"
    FAILED = "failed"
    NOT_TESTED = "not tested"


@dataclass(frozen=True)
class PathVerdict:
    """One path: what it proves, what was seen of it, what to do if it is not proven."""

    path: str
    outcome: Outcome
    proves: str
    seen: str
    advice: str = ""


@dataclass(frozen=True)
class SmokedStack:
    """What the verdicts must know of the stack; `untested` are reasons by path for what was not tried at all."""

    environment: str
    untested: dict[str, str] = field(default_factory=dict)


#: What each path proves when it ran.
PROVES = {
    "Lambda batch": "upload, trigger, state machine, functions and their layers, permissions on table and buckets",
    "Spot task": "image, its registry, network and permissions of a task on Fargate Spot, and its task token",
    "On-Demand task": "the same On-Demand, after the Spot task before it was interrupted",
    "Fargate scan": "the scan's image, network and permissions, and the state machine's wait for a task's end",
    "Fargate repository": "image, roles and task tokens of both reviewers, synthesizer, editor, critic and publisher",
    "gap": "a file that cannot be documented is named with its reason, and the session goes on",
    "refused archive": "a bad upload fails its session with the reason, and the failure is recorded",
    "site": "reviewers, synthesizer, editor, critic and publisher; the session is closed",
}


#: The states that read what is known of every file; each has a form that is a task.
OF_THE_REPOSITORY = tuple(row.state for row in ROSTER.values() if row.fargate_state and row.memory == "repository")

_HELD_UP = "the session had not ended when this run's time was over: another path holds it up"


def verdicts(facts: SmokeFacts, around: SmokedStack) -> list[PathVerdict]:
    """One for each path, in the order of PROVES."""
    judged = {
        "Lambda batch": _lambda_batch,
        "Spot task": _spot,
        "On-Demand task": _on_demand,
        "Fargate scan": _scan,
        "Fargate repository": _repository,
        "gap": _gap,
        "refused archive": _refused,
        "site": _site,
    }
    results = []
    for path, judge in judged.items():
        reason = around.untested.get(path)
        results.append(_untested(path, reason) if reason else judge(path, facts, around.environment))
    return results


def fargate_batches(session: SmokeSession) -> list[PlannedBatch]:
    """The batches that the router sent to Fargate, in the order of their files."""
    return sorted(
        (batch for batch in session.planned if batch.route is Route.FARGATE), key=lambda batch: batch.batch_id
    )


def _lambda_batch(path: str, facts: SmokeFacts, environment: str) -> PathVerdict:
    session = facts.session(BATCHES)
    done = [outcome for outcome in session.outcomes if outcome.route is Route.LAMBDA and outcome.analysed]
    if done:
        return _proven(path, f"{sum(outcome.analysed for outcome in done)} files analysed by AnalyseBatch")
    planned = [batch for batch in session.planned if batch.route is Route.LAMBDA]
    if session.planned and not planned:
        return _untested(path, f"the router sent no batch to Lambda: {session.planned[0].reason}")
    lost = _lost(session, [batch.batch_id for batch in planned])
    return _failed(
        path,
        lost or _of_session(session),
        f"/aws/lambda/swarm-{environment}-analyse-batch" if lost else _logs_of(session, environment),
    )


def _spot(path: str, facts: SmokeFacts, environment: str) -> PathVerdict:
    wanted = [batch.batch_id for batch in fargate_batches(facts.session(BATCHES))][:1]
    return _task_verdict(path, facts, SPOT, wanted, environment)


def _on_demand(path: str, facts: SmokeFacts, environment: str) -> PathVerdict:
    planned = [batch.batch_id for batch in fargate_batches(facts.session(BATCHES))]
    # The second is interrupted; the first comes here too where Spot has no capacity.
    verdict = _task_verdict(path, facts, ON_DEMAND, planned[::-1], environment)
    if verdict.outcome is Outcome.FAILED and not facts.interrupted and _batches_done(facts, planned):
        return _untested(path, "each Spot task ended before this run could interrupt one: run it again")
    return verdict


def _batches_done(facts: SmokeFacts, planned: Iterable[str]) -> bool:
    done = {outcome.batch_id for outcome in facts.session(BATCHES).outcomes if outcome.analysed}
    return bool(done) and set(planned) <= done


def _task_verdict(path: str, facts: SmokeFacts, capacity: str, batches: Sequence[str], environment: str) -> PathVerdict:
    session = facts.session(BATCHES)
    tasks = [task for task in facts.tasks if task.session == session.session_id and task.batch in batches]
    outcomes = {batch_outcome.batch_id: batch_outcome for batch_outcome in session.outcomes}
    for task in tasks:
        outcome = outcomes.get(task.batch)
        if task.capacity == capacity and task.did_its_work and outcome and outcome.route is Route.FARGATE:
            return _proven(path, f"task {task.arn.rpartition('/')[2]} analysed {outcome.analysed} file, exit code 0")
    own = [task for task in tasks if task.capacity == capacity and task.arn not in facts.interrupted]
    failure = _of_tasks(session, own, batches, outcomes)
    logs = f"/aws/ecs/swarm-{environment}-analyse-batch-task" if own else _logs_of(session, environment)
    return _failed(path, failure, logs)


def _of_tasks(
    session: SmokeSession, tasks: Sequence[TaskFact], batches: Sequence[str], outcomes: dict[str, BatchOutcome]
) -> Failure:
    """Why the batches' tasks did not do their work."""
    lost = _lost(session, batches)
    if lost is None:
        lost = _no_task(session) if not tasks else _of_session(session)
    if not tasks:
        return lost
    last = tasks[-1]
    # An analyst that could not read its files has an outcome of nothing: only a finished one is stored work.
    finished = (outcomes[batch].analysed for batch in batches if batch in outcomes)
    stored = last.exit_code not in {None, 0} and any(finished)
    return Failure(lost.error, lost.cause, last.exit_code, last.reason, stored)


def _scan(path: str, facts: SmokeFacts, environment: str) -> PathVerdict:
    session = facts.session(SCAN)
    tasks = _tasks_of(facts, session, "Scan", environment)
    if any(task.did_its_work for task in tasks) and {"ScanOversized", "LoadPlan"} <= set(session.states):
        return _proven(path, f"ScanOversized left after task {tasks[-1].arn.rpartition('/')[2]}, exit code 0")
    failure = _of_session(session) if tasks else _no_task(session)
    if tasks:
        failure = Failure(failure.error, failure.cause, tasks[-1].exit_code, tasks[-1].reason)
    logs = f"/aws/ecs/swarm-{environment}-scan-task" if tasks else _logs_of(session, environment)
    return _failed(path, failure, logs)


def _repository(path: str, facts: SmokeFacts, environment: str) -> PathVerdict:
    """Each state of the whole repository has a task that did its work; the first that has none is named."""
    session = facts.session(SCAN)
    for state in OF_THE_REPOSITORY:
        tasks = _tasks_of(facts, session, state, environment)
        if any(task.did_its_work for task in tasks) and f"{state}Oversized" in session.states:
            continue
        failure = _of_session(session) if tasks else _no_task(session)
        last = tasks[-1] if tasks else None
        named = Failure(f"{state}Oversized: {failure.error}", failure.cause)
        if last is not None:
            named = Failure(named.error, named.cause, last.exit_code, last.reason)
        logs = f"/aws/ecs/swarm-{environment}-{_kebab(state)}-task" if tasks else _logs_of(session, environment)
        return _failed(path, named, logs)
    return _proven(path, f"{len(OF_THE_REPOSITORY)} tasks of session {session.session_id} ended with exit code 0")


def _tasks_of(facts: SmokeFacts, session: SmokeSession, state: str, environment: str) -> list[TaskFact]:
    family = f"swarm-{environment}-{_kebab(state)}-task"
    return [task for task in facts.tasks if task.session == session.session_id and task.family == family]


def _gap(path: str, facts: SmokeFacts, environment: str) -> PathVerdict:
    session = facts.session(BATCHES)
    if session.running and session.status:
        return _untested(path, _HELD_UP)
    gaps = session.record.gaps if session.record else ()
    forced = next((gap for gap in gaps if gap.path == GAP_FILE), None)
    if forced is None or session.record is None or not session.record.status.published:
        return _failed(path, _of_session(session), _logs_of(session, environment))
    return _proven(path, f"{forced.path}: {forced.reason}, and the session is {session.record.status}")


def _refused(path: str, facts: SmokeFacts, environment: str) -> PathVerdict:
    session = facts.session(REFUSED)
    error = session.record.error if session.record else None
    if session.status == "FAILED" and error is not None and error.name == "ArchiveCorrupt":
        return _proven(path, f"FAILED with {error.name}: {error.cause}")
    if session.status == "SUCCEEDED":
        return _failed(path, Failure("it was not refused", "a text file went through as an archive"), "")
    return _failed(path, _of_session(session), _logs_of(session, environment))


def _site(path: str, facts: SmokeFacts, environment: str) -> PathVerdict:
    session = facts.session(BATCHES)
    if session.running and session.status:
        return _untested(path, _HELD_UP)
    if session.status == "SUCCEEDED" and session.record and session.record.status.published:
        return _proven(path, f"session {session.session_id} is {session.record.status}")
    return _failed(path, _of_session(session), _logs_of(session, environment))


def _logs_of(session: SmokeSession, environment: str) -> str:
    """The log group of the function that the session failed in."""
    worked = [state for state in session.states if state in FUNCTIONS and state != "FailSession"]
    return f"/aws/lambda/swarm-{environment}-{_kebab(worked[-1] if worked else 'OpenSession')}"


def _kebab(state: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "-", state).lower()


def _lost(session: SmokeSession, batches: Sequence[str]) -> Failure | None:
    """Why the state machine gave one of the batches up."""
    loss = next((lost for lost in session.lost if lost.batch_id in batches), None)
    return Failure(loss.error, loss.cause) if loss else None


def _no_task(session: SmokeSession) -> Failure:
    """Why no task was started: the session's own error, or nobody says so because ECS is asked again and again."""
    if session.error is not None or not session.running or not session.status:
        return _of_session(session)
    return Failure("no task", "ECS started no task in this run's time: no capacity or no quota")


def _of_session(session: SmokeSession) -> Failure:
    if session.error is not None:
        return Failure(session.error.name, session.error.cause)
    if not session.status:
        return Failure("no execution", "the upload started none")
    if session.running:
        return Failure("not ended", f"its last state is {session.states[-1] if session.states else 'none'}")
    return Failure("no record", f"the execution {session.status} and left no reason")


def _proven(path: str, seen: str) -> PathVerdict:
    return PathVerdict(path, Outcome.PROVEN, PROVES[path], seen)


def _untested(path: str, reason: str) -> PathVerdict:
    return PathVerdict(path, Outcome.NOT_TESTED, PROVES[path], reason)


def _failed(path: str, failure: Failure, logs: str) -> PathVerdict:
    return PathVerdict(path, Outcome.FAILED, PROVES[path], failure.seen, advice(failure, logs))
