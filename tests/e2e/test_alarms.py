"""Each alarm rises in a real local run that provokes it: `make alarms`. The cheap ones: test_openai_pipeline.py.

tests/e2e/deployed_alarms.py reads what the run really wrote, and evaluates the inputs of the deployed alarms.
"""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from agents import keys
from agents.contracts.reaping import ReapInput
from agents.contracts.session import SessionStatus
from bench.stub_model import Behaviour, StubModel
from bench.stub_replies import Json
from cli.commands.reap import ask_reaper
from cli.stack.clients import stack_of
from components.alarms import FIVE_MINUTES, STUCK_SECONDS
from local.cloud import LocalCloud
from local.quotas import SETTING
from tests.chaos.cloud import eventually
from tests.e2e.approvals import Waiting, ask, form, submitted
from tests.e2e.deployed_alarms import AlarmWatch, counting_refused_calls, start_orphan
from tests.e2e.model_cloud import cloud_asking, run_on, write_package
from tests.e2e.signals import log_problems, metric_problems, structured_lines, unidentified
from tests.e2e.trace_collector import TraceCollector, check_one_trace
from workflow import definition

pytestmark = [pytest.mark.local, pytest.mark.slow, pytest.mark.timeout(2_400)]

#: Half of it is waited for.
APPROVAL_HOURS = 0.05
DAY_CAP_USD = 0.5


@dataclass
class Gate:
    """Questions wait behind it until it is opened; the first one that arrives is noted."""

    opened: threading.Event = field(default_factory=threading.Event)
    arrived: threading.Event = field(default_factory=threading.Event)

    def __call__(self, _: Json) -> None:
        self.arrived.set()
        self.opened.wait()


def test_what_the_reaper_counts_raises_three_alarms_and_the_run_writes_all_that_the_docs_name(tmp_path: Path) -> None:
    settings = {
        "approveBeforePublish": "true",
        "approvalHours": str(APPROVAL_HOURS),
        "batchLambdaKilobytes": "20",
    }
    with StubModel() as stub, TraceCollector() as collector:
        settings |= {"modelPrices": f"{stub.model}=1/2", "traceEndpoint": collector.url}
        with cloud_asking(stub, tmp_path / "state", **settings) as cloud:
            waits = _draft_that_waits(cloud, stub, tmp_path)
            _check_waiting_and_orphans(cloud, waits)
            assert ask(waits.link, "POST", form("approve")).status == 200
            session = waits.record()
            assert session.status is SessionStatus.PUBLISHED, session.error
            _check_stuck(cloud, stub, tmp_path)
            lines = structured_lines(cloud)
            assert log_problems(line for line in lines if "_aws" not in line) == []
            assert metric_problems(line for line in lines if "_aws" in line) == []
            assert unidentified(lines) == []
            states = {"OpenSession", "Scan", "AnalyseBatch", "AwaitApproval", "Publish", "CloseSession"}
            check_one_trace(collector, session, states)
            assert session.routes.on_lambda and session.routes.fargate
            assert [text for text in collector.texts if "def dance" in text or "hive" in text] == []


def _draft_that_waits(cloud: LocalCloud, stub: StubModel, folder: Path) -> Waiting:
    """A session with a batch for a task, whose model is throttled at times; its draft waits."""
    stub.behaviour = Behaviour(throttled=0.3)
    large = "".join(
        f'def comb_{number}():\n    """Comb {number}."""\n    return {number}\n\n\n' for number in range(500)
    )
    execution, session_id = submitted(cloud, write_package(folder / "waits", 8, **{"hive/combs.py": large}))
    waits = Waiting(cloud, execution, session_id, "")
    waits.link = waits.next_link(1, 600)
    return waits


def _check_waiting_and_orphans(cloud: LocalCloud, waits: Waiting) -> None:
    watch = AlarmWatch(cloud)
    ask_reaper(cloud, ReapInput())
    early = watch.raised()
    start_orphan(cloud)
    (approval,) = stack_of(cloud).approvals.of(stack_of(cloud).store.session(waits.session_id))
    time.sleep(max(0.0, approval.asked_at + APPROVAL_HOURS * 3_600 / 2 - time.time()))
    assert ask_reaper(cloud, ReapInput()).tasks == 1
    assert (early, watch.raised()) == (set(), {"approval-waiting", "orphan-tasks"})


def _check_stuck(cloud: LocalCloud, stub: StubModel, folder: Path) -> None:
    """A session that runs: what is not waited for are the six hours, so its item says that they have passed."""
    gate, watch = Gate(), AlarmWatch(cloud)
    stub.behaviour = Behaviour(intercept=gate)
    _, session_id = submitted(cloud, write_package(folder / "stuck", 2))
    assert gate.arrived.wait(300)
    ask_reaper(cloud, ReapInput())
    young = watch.raised()
    _age(cloud, session_id, STUCK_SECONDS)
    ask_reaper(cloud, ReapInput())
    gate.opened.set()
    assert (young, watch.raised()) == (set(), {"session-stuck"})


def _age(cloud: LocalCloud, session_id: str, seconds: float) -> None:
    """Let a session have been opened so much earlier."""
    table, key = cloud.client("dynamodb"), keys.session_item(session_id)
    item_key = {"pk": {"S": key.pk}, "sk": {"S": key.sk}}
    item = table.get_item(TableName=cloud.outputs["context_table"], Key=item_key)["Item"]
    session = json.loads(item["body"]["S"])
    body = json.dumps(session | {"opened_at": int(session["opened_at"] - seconds)})
    table.put_item(TableName=cloud.outputs["context_table"], Item=item | {"body": {"S": body}})


def test_a_quarter_of_the_days_cap_in_an_hour_and_four_fifths_of_it_raise_an_alarm_each(tmp_path: Path) -> None:
    spent, seen = 0.0, set[str]()
    with StubModel() as stub:
        settings = {"modelPrices": f"{stub.model}=5/0.01", "dayCapUsd": str(DAY_CAP_USD)}
        with cloud_asking(stub, tmp_path / "state", **settings) as cloud:
            watch = AlarmWatch(cloud)
            for number in range(20):
                ran = run_on(cloud, write_package(tmp_path / f"r{number}", 4), tmp_path / f"o{number}")
                spent += ran.session.usage.usd
                due = {name for name, share in (("spend-rate", 0.25), ("day-cap", 0.8)) if spent >= share * DAY_CAP_USD}
                assert watch.raised() == due, spent
                seen |= due
                if len(seen) == 2:
                    break
    assert seen == {"spend-rate", "day-cap"}
    assert spent <= DAY_CAP_USD


def test_ten_minutes_of_throttled_models_and_refused_analysts_raise_an_alarm_each_and_not_sooner(
    tmp_path: Path,
) -> None:
    """On a new account, ten calls at once: analysts that wait for a model which then refuses keep others out."""
    wanted = {"model-throttled", "analyst-throttled"}
    settings = {SETTING: "new", "analystConcurrency": "40", "batchTargetFiles": "1", "gapTolerancePercent": "100"}
    with StubModel() as stub, counting_refused_calls() as refused:
        stub.behaviour = Behaviour(latency_seconds=5, intercept=_refused)
        with cloud_asking(stub, tmp_path / "state", **settings) as cloud:
            watch, execution, began = AlarmWatch(cloud, refused=refused), "", time.time()
            while (raised := watch.raised() & wanted) != wanted:
                waited = time.time() - began
                assert waited < 4 * FIVE_MINUTES, raised
                # The third of its periods begins when two are over.
                assert not raised or waited > 2 * FIVE_MINUTES
                if not execution or _is_over(cloud, execution):
                    execution, _ = submitted(cloud, write_package(tmp_path / f"at{waited:.0f}", 24))
                time.sleep(10)


def _refused(_: Json) -> tuple[int, Json]:
    return 429, {"error": {"message": "Rate limit reached", "type": "rate_limit_exceeded"}}


def _is_over(cloud: LocalCloud, execution: str) -> bool:
    return bool(stack_of(cloud).states.describe_execution(executionArn=execution)["status"] != "RUNNING")


def test_an_execution_that_runs_into_the_state_machines_timeout_raises_an_alarm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Thirty hours are not waited for: the state machine is deployed with a few seconds."""
    load, gate = definition.load, Gate()
    monkeypatch.setattr(definition, "load", lambda: load() | {"TimeoutSeconds": 15})
    with StubModel(Behaviour(intercept=gate)) as stub, cloud_asking(stub, tmp_path / "state") as cloud:
        watch = AlarmWatch(cloud)
        execution, _ = submitted(cloud, write_package(tmp_path / "hangs", 2))
        try:
            eventually(lambda: _is_over(cloud, execution) or None, 300)
        finally:
            gate.opened.set()
        assert watch.raised() == {"sessions-timed-out"}
