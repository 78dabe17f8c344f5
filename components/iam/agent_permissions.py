"""What each agent needs, as a table; components/iam/documents.py makes policy documents of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from agents.settings import StateName


@dataclass(frozen=True)
class AgentRights:
    """What one agent needs: prefixes of the context bucket, actions on the table, and other services."""

    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    table: tuple[str, ...] = ()
    uploads: bool = False
    executions: bool = False
    model: bool = True
    callback: bool = False
    reaping: bool = False
    reporting: bool = False
    jobs: tuple[str, ...] = ()


_JOB = "sessions/*/batch-inference/job.json"
_READ_ITEMS = ("GetItem", "BatchGetItem", "Query")
#: What each state's code does, as agents/aws does it; the same rights hold on Lambda and on Fargate.
AGENT_RIGHTS: Mapping[StateName, AgentRights] = {
    "OpenSession": AgentRights(uploads=True, executions=True, model=False, table=("GetItem", "PutItem")),
    "Scan": AgentRights(
        uploads=True,
        model=False,
        reads=("sessions/*",),
        writes=("sessions/*",),
        table=(*_READ_ITEMS, "PutItem", "BatchWriteItem"),
    ),
    "SubmitBatchInference": AgentRights(
        reads=("sessions/*", "analyses/*"),
        writes=("sessions/*/batch-inference/input/*", _JOB),
        table=("GetItem", "BatchGetItem", "UpdateItem"),
        model=False,
        jobs=("CreateModelInvocationJob",),
    ),
    "CheckBatchInference": AgentRights(reads=(_JOB,), model=False, jobs=("GetModelInvocationJob",)),
    "CollectBatchInference": AgentRights(
        reads=("sessions/*", "analyses/*"),
        writes=("analyses/batch-inference/*", _JOB),
        table=("GetItem", "BatchGetItem", "PutItem", "BatchWriteItem", "UpdateItem"),
        model=False,
        jobs=("GetModelInvocationJob", "StopModelInvocationJob"),
    ),
    "AnalyseBatch": AgentRights(
        reads=("sessions/*", "analyses/*"),
        writes=("analyses/*", "sessions/*/turns/analyst/*"),
        table=("GetItem", "BatchGetItem", "PutItem", "BatchWriteItem", "UpdateItem"),
        callback=True,
    ),
    "SecurityAgent": AgentRights(
        reads=("sessions/*", "analyses/*"),
        writes=("sessions/*/reviews/security.json", "sessions/*/turns/security/*"),
        table=(*_READ_ITEMS, "PutItem", "UpdateItem"),
    ),
    "PerformanceAgent": AgentRights(
        reads=("sessions/*", "analyses/*"),
        writes=("sessions/*/reviews/performance.json", "sessions/*/turns/performance/*"),
        table=(*_READ_ITEMS, "PutItem", "UpdateItem"),
    ),
    "Synthesize": AgentRights(
        reads=("sessions/*", "analyses/*"),
        writes=("sessions/*/synthesis.json", "sessions/*/turns/synthesizer/*"),
        table=(*_READ_ITEMS, "PutItem", "UpdateItem"),
    ),
    "Edit": AgentRights(
        reads=("sessions/*", "analyses/*"),
        writes=("sessions/*/drafts/*", "sessions/*/reruns.json", "sessions/*/turns/editor/*"),
        table=(*_READ_ITEMS, "PutItem", "UpdateItem"),
    ),
    "Critique": AgentRights(
        reads=("sessions/*",),
        writes=("sessions/*/critiques/*", "sessions/*/turns/critic/*"),
        table=(*_READ_ITEMS, "PutItem", "UpdateItem"),
    ),
    "Publish": AgentRights(
        reads=("sessions/*", "analyses/*"),
        writes=("sessions/*/site.zip", "sessions/*/site-src.zip"),
        table=("BatchGetItem", "Query"),
        model=False,
    ),
    "CloseSession": AgentRights(
        reads=("sessions/*",),
        writes=("sessions/*/session.json",),
        table=(*_READ_ITEMS, "UpdateItem"),
        model=False,
    ),
    "Reap": AgentRights(
        reads=("sessions/*",),
        writes=("sessions/*/session.json",),
        table=(*_READ_ITEMS, "UpdateItem", "BatchWriteItem"),
        executions=True,
        model=False,
        reaping=True,
    ),
    "ReportTaskEnd": AgentRights(model=False, reporting=True),
}
#: States that work only where `inference` is `batch`.
BATCH_INFERENCE_STATES: frozenset[StateName] = frozenset(
    {"SubmitBatchInference", "CheckBatchInference", "CollectBatchInference"}
)


def rights_of(state: StateName, batch_inference: bool) -> AgentRights:
    """What the state needs: nothing where it never runs, and the reaper ends jobs only where there are any."""
    rights = AGENT_RIGHTS[state]
    if state in BATCH_INFERENCE_STATES:
        return rights if batch_inference else AgentRights(model=False)
    if state == "Reap" and batch_inference:
        stops = ("GetModelInvocationJob", "StopModelInvocationJob")
        return replace(rights, writes=(*rights.writes, _JOB), jobs=stops)
    return rights
