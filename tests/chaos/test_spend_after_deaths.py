"""Whatever dies, session.json says what the ledger says, and the ledger what the provider bills.

A call in flight at a kill -9 is separate: no process can settle it, and it is named as unsettled.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from bench.stub_http import Json
from bench.stub_model import Behaviour, StubModel
from local.state.database import FILE_NAME
from tests.chaos.cloud import write_modules
from tests.e2e.main_job import ROOT, TIMEOUT_SECONDS
from tests.local.living import descendants

pytestmark = [pytest.mark.local, pytest.mark.timeout(420)]

IN, OUT = 1.0, 2.0
#: Rounding to a nano-dollar a call.
CENTS = 1e-6


class Runs:
    """Runs of one repository with one stub, one after the other."""

    def __init__(self, folder: Path, stub: StubModel, files: int = 12) -> None:
        self.stub = stub
        self.state, self.out = folder / "state", folder / "out"
        self.repository = write_modules(folder / "hive", files)

    def start(self, *more: str) -> subprocess.Popen[str]:
        options = ["--out", str(self.out), "--state", str(self.state), "--json", "--model", self.stub.model]
        options += ["--setting", f"modelPrices={self.stub.model}={IN}/{OUT}", "--setting", "batchTargetFiles=4", *more]
        command = [sys.executable, "-m", "cli", "run", str(self.repository), *options]
        return subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
        )

    def finish(self, *more: str) -> Json:
        """A run to its end."""
        process = self.start(*more)
        answer, said = process.communicate(timeout=TIMEOUT_SECONDS)
        assert answer, said
        session: Json = json.loads(answer)
        return session

    def show(self, session: Json) -> Json:
        """What `swarm show` says of it."""
        shown = subprocess.run(
            [sys.executable, "-m", "cli", "show", session["session_id"], "--state", str(self.state), "--json"],
            cwd=ROOT, capture_output=True, text=True, check=True,
        )  # fmt: skip
        answer: Json = json.loads(shown.stdout)
        return answer

    @property
    def bill(self) -> float:
        """US dollars of every answer that the stub has sent."""
        return (IN * self.stub.billed["prompt_tokens"] + OUT * self.stub.billed["completion_tokens"]) / 1e6


def wait_until(holds: Callable[[], Any], seconds: float = 120) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := holds():
            return found
        time.sleep(0.01)
    raise AssertionError("it did not come to that")


def says(process: subprocess.Popen[str], *parts: str) -> None:
    assert process.stderr is not None
    for line in process.stderr:
        if any(part in line for part in parts):
            return
    raise AssertionError(f"it never said {parts}")


def kill_family(process: subprocess.Popen[str]) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=TIMEOUT_SECONDS)


def the_same_everywhere(runs: Runs, session: Json) -> None:
    """session.json, `swarm show` and its sum by role are the ledger's; the bill differs by what was open."""
    summary, usage = runs.show(session), session["usage"]
    settled = summary["spending"]["settled"]
    assert {name: usage[name] for name in ("requests", "input_tokens", "output_tokens", "usd")} == {
        name: settled[name] for name in ("requests", "input_tokens", "output_tokens", "usd")
    }
    assert sum(role["usd"] for role in summary["usage_by_role"].values()) == pytest.approx(settled["usd"], abs=CENTS)
    assert sum(role["requests"] for role in summary["usage_by_role"].values()) == settled["requests"]
    open_usd = usage["in_flight_usd"] + usage["unsettled_usd"]
    assert usage["usd"] - CENTS <= runs.bill <= usage["usd"] + open_usd + CENTS
    if not open_usd:
        assert usage["usd"] == pytest.approx(runs.bill, abs=CENTS)
        assert usage["requests"] == runs.stub.answered + runs.stub.refused
    assert f"{usage['usd']:.4f}" in (runs.out / "report.html").read_text()


@pytest.mark.slow
def test_after_ctrl_c_while_reading_every_call_in_flight_is_settled(tmp_path: Path) -> None:
    with StubModel(Behaviour(latency_seconds=0.4)) as stub:
        runs = Runs(tmp_path, stub)
        first = runs.start()
        wait_until(lambda: len(stub.questions) > 5)
        first.send_signal(signal.SIGINT)
        first.communicate(timeout=TIMEOUT_SECONDS)
        assert first.returncode == 130
        session = runs.finish()
        assert session["status"] == "PUBLISHED"
        assert session["usage"]["in_flight_requests"] == 0
        the_same_everywhere(runs, session)


@pytest.mark.slow  # half a minute
def test_an_answer_without_choices_costs_its_own_file_and_counts_in_full(tmp_path: Path) -> None:
    def without_choices(request: Json) -> tuple[int, Json] | None:
        if "File: module_003.py" not in str(request["messages"]):
            return None
        usage = {"prompt_tokens": 900, "completion_tokens": 0, "total_tokens": 900}
        return 200, {
            "id": "x",
            "object": "chat.completion",
            "created": 0,
            "model": "stub",
            "choices": [],
            "usage": usage,
        }

    with StubModel(Behaviour(intercept=without_choices)) as stub:
        runs = Runs(tmp_path, stub, files=6)
        session = runs.finish()
        assert [(gap["path"], gap["reason"]) for gap in session["gaps"]] == [("module_003.py", "ModelReplyInvalid")]
        assert session["coverage"]["files_analysed"] == 5
        spending = runs.show(session)["spending"]
        assert spending["settled"]["usd"] == session["usage"]["usd"] > runs.bill, (
            "an unreadable answer is settled in full"
        )


@pytest.mark.slow
def test_a_provider_that_bills_more_than_it_may_ends_the_session_by_that_name(tmp_path: Path) -> None:
    def dear(request: Json) -> tuple[int, Json]:
        del request
        usage = {"prompt_tokens": 900, "completion_tokens": 500_000, "total_tokens": 500_900}
        choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "{}"}}
        return 200, {
            "id": "x",
            "object": "chat.completion",
            "created": 0,
            "model": "stub",
            "choices": [choice],
            "usage": usage,
        }

    with StubModel(Behaviour(intercept=dear, latency_seconds=0.2)) as stub:
        runs = Runs(tmp_path, stub, files=60)
        session = runs.finish("--cap-usd", "100")
        asked = len(stub.questions)
    assert (session["status"], session["error"]["name"]) == ("FAILED", "CallOverspent")
    assert "ignores the limit of tokens" in session["error"]["cause"]
    assert session["usage"]["requests"] == asked < 60, "only the calls in flight are billed as well"
    assert session["usage"]["usd"] == pytest.approx(asked * (900 * IN + 500_000 * OUT) / 1e6)


@pytest.mark.slow
def test_after_kill_9_while_reading_what_was_on_its_way_is_named_and_no_more(tmp_path: Path) -> None:
    with StubModel(Behaviour(latency_seconds=0.4)) as stub:
        runs = Runs(tmp_path, stub)
        first = runs.start()
        wait_until(lambda: len(stub.questions) - stub.answered > 3)
        kill_family(first)
        session = runs.finish()
        usage = session["usage"]
        assert (usage["in_flight_requests"], usage["in_flight_usd"]) == (0, 0)
        assert 0 < usage["unsettled_requests"] <= 24
        assert usage["unsettled_usd"] > 0
        the_same_everywhere(runs, session)


@pytest.mark.slow
def test_after_kill_9_while_building_the_site_the_next_run_says_what_the_first_has_spent(tmp_path: Path) -> None:
    with StubModel() as stub:
        runs = Runs(tmp_path, stub)
        first = runs.start()
        says(first, "building the site")
        kill_family(first)
        asked = len(stub.questions)
        session = runs.finish()
        assert len(stub.questions) == asked, "every answer was kept"
        assert session["usage"]["requests"] == asked
        the_same_everywhere(runs, session)


def _family(process: subprocess.Popen[str], *signs: str) -> list[int]:
    """Processes below the command whose environment or command line has one of the signs."""
    found = []
    for pid in descendants(process.pid):
        try:
            known = Path(f"/proc/{pid}/environ").read_bytes() + Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            continue
        if any(sign.encode() in known for sign in signs):
            found.append(pid)
    return found


def _busy_with(stub: StubModel, process: subprocess.Popen[str]) -> int:
    """A process that talks to the stub just now: one of its sockets is connected to the stub's port."""
    port = f":{stub.port:04X}"

    def talking() -> int | None:
        rows = [row.split() for row in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        sockets = {f"socket:[{row[9]}]" for row in rows if row[2].endswith(port) and row[3] == "01"}
        for pid in descendants(process.pid):
            try:
                held = {str(one.readlink()) for one in Path(f"/proc/{pid}/fd").iterdir()}
            except OSError:
                continue
            if held & sockets:
                return pid
        return None

    return int(wait_until(talking))


@pytest.mark.slow
def test_after_kill_9_of_a_busy_worker_the_run_ends_with_the_ledgers_figures(tmp_path: Path) -> None:
    with StubModel(Behaviour(latency_seconds=0.4)) as stub:
        runs = Runs(tmp_path, stub)
        process = runs.start()
        wait_until(lambda: stub.answered > 3)
        os.kill(_busy_with(stub, process), signal.SIGKILL)
        answer, said = process.communicate(timeout=TIMEOUT_SECONDS)
        assert answer, said
        the_same_everywhere(runs, json.loads(answer))


def _settled(state: Path) -> bool:
    """Whether the ledger of the kept state has a settled call."""
    if not (state / FILE_NAME).exists():
        return False
    # The file is there a moment before its tables.
    with suppress(sqlite3.OperationalError), closing(sqlite3.connect(state / FILE_NAME)) as connection:
        return bool(connection.execute("SELECT 1 FROM items WHERE attributes LIKE '%\"spent\"%'").fetchall())
    return False


@pytest.mark.slow
def test_a_failed_session_says_what_it_has_spent_although_no_record_was_written(tmp_path: Path) -> None:
    """As when the keeper of processes is killed: every function is gone, also the one that would close the session."""
    with StubModel(Behaviour(latency_seconds=0.4)) as stub:
        runs = Runs(tmp_path, stub)
        process = runs.start()
        wait_until(lambda: _settled(runs.state))
        for pid in _family(process, "processes/keeper.py"):
            os.kill(pid, signal.SIGKILL)
        answer, said = process.communicate(timeout=TIMEOUT_SECONDS)
        assert answer, said
        session = json.loads(answer)
        assert session["status"] == "FAILED"
        assert session["usage"]["usd"] > 0
        the_same_everywhere(runs, session)
