"""Promises of local.processes.child_processes: nothing outlives the process that asked for it."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.processes.child_processes import Process, Processes, ProcessNotStarted
from tests.local.living import alive, all_gone, parent_of

pytestmark = pytest.mark.local

ROOT = Path(__file__).parents[2]
#: A parent that starts a process which has a child of its own, writes every pid down, and waits.
PARENT = """
import sys, time
from pathlib import Path
from local.processes.child_processes import Processes

folder = Path(sys.argv[1])
child = (
    "import os, subprocess, sys, time; from pathlib import Path\\n"
    "own = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\\n"
    "Path('pids.partial').write_text(f'{os.getpid()} {own.pid}'); Path('pids.partial').rename('pids')\\n"
    "time.sleep(60)"
)
processes = Processes()
processes.start([sys.executable, "-c", child], {}, folder, folder / "output")
try:
    time.sleep(60)
except KeyboardInterrupt:
    sys.exit(130)
"""


@pytest.fixture
def processes() -> Iterator[Processes]:
    with Processes() as made:
        yield made


def start(processes: Processes, folder: Path, source: str, **environment: str) -> Process:
    return processes.start([sys.executable, "-c", source], environment, folder, folder / "output")


def begin_parent(folder: Path) -> tuple[subprocess.Popen[bytes], list[int]]:
    """A parent in a process of its own, and the pids of its keeper, its child and its grandchild."""
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(folder)], env={"PYTHONPATH": str(ROOT)})
    until = time.monotonic() + 60
    while not (folder / "pids").exists():
        assert time.monotonic() < until, "the parent did not begin"
        time.sleep(0.02)
    pids = [int(pid) for pid in (folder / "pids").read_text().split()]
    return parent, [parent_of(pids[0]), *pids]


@pytest.mark.parametrize(
    ("source", "status"),
    [("pass", 0), ("raise SystemExit(3)", 3), ("import os; os.kill(os.getpid(), 9)", -9)],
)
def test_the_status_is_the_exit_code_or_minus_the_signal(
    processes: Processes, tmp_path: Path, source: str, status: int
) -> None:
    assert start(processes, tmp_path, source).wait(60) == status


def test_a_process_sees_exactly_the_environment_it_is_given(
    processes: Processes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OF_THE_CALLER", "secret")

    start(
        processes, tmp_path, "import os; print(os.environ.get('OF_THE_CALLER'), os.environ['GIVEN'])", GIVEN="1"
    ).wait(60)

    assert (tmp_path / "output").read_text() == "None 1\n"


def test_a_command_that_does_not_exist_is_named(processes: Processes, tmp_path: Path) -> None:
    with pytest.raises(ProcessNotStarted, match="no-such-command"):
        processes.start(["no-such-command"], {}, tmp_path, tmp_path / "output")


def test_the_end_is_reported_once(processes: Processes, tmp_path: Path) -> None:
    ends: queue.SimpleQueue[int] = queue.SimpleQueue()
    command = [sys.executable, "-c", "raise SystemExit(4)"]

    processes.start(command, {}, tmp_path, tmp_path / "output", on_end=ends.put).wait(60)

    assert ends.get(timeout=60) == 4
    assert ends.empty()


def test_a_process_outlives_the_thread_that_started_it(processes: Processes, tmp_path: Path) -> None:
    started: list[Process] = []
    thread = threading.Thread(target=lambda: started.append(start(processes, tmp_path, "import time; time.sleep(20)")))
    thread.start()
    thread.join()

    assert started[0].wait(0.2) is None
    assert started[0].kill() == -signal.SIGKILL


def test_a_process_takes_its_children_along(processes: Processes, tmp_path: Path) -> None:
    source = (
        "import subprocess, sys; print(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']).pid)"
    )

    start(processes, tmp_path, source).wait(60)

    assert all_gone([int((tmp_path / "output").read_text())])


def test_closing_ends_every_process(tmp_path: Path) -> None:
    with Processes() as processes:
        pids = [start(processes, tmp_path, "import time; time.sleep(20)").pid for _ in range(3)]
        assert all(alive(pid) for pid in pids)

    assert all_gone(pids)
    with pytest.raises(ProcessNotStarted):
        start(processes, tmp_path, "pass")


def test_a_killed_keeper_ends_every_process_and_says_so(tmp_path: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("only Linux tells a child of its parent's death")
    with Processes() as processes:
        process = start(processes, tmp_path, "import time; time.sleep(20)")
        os.kill(parent_of(process.pid), signal.SIGKILL)

        assert process.wait(60) == -signal.SIGKILL
        assert all_gone([process.pid])
        with pytest.raises(ProcessNotStarted, match="keeper"):
            start(processes, tmp_path, "pass")


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_parent_that_dies_leaves_nothing(tmp_path: Path, number: signal.Signals) -> None:
    parent, pids = begin_parent(tmp_path)

    parent.send_signal(number)

    assert parent.wait(60) != 0
    assert all_gone(pids)


def test_ctrl_c_in_the_terminal_reaches_only_the_parent(tmp_path: Path) -> None:
    parent, (keeper, child, grandchild) = begin_parent(tmp_path)

    try:
        sessions = {os.getsid(pid) for pid in (parent.pid, keeper, child)}
        assert len(sessions) == 3
        assert os.getsid(grandchild) == os.getsid(child)
    finally:
        parent.kill()
        parent.wait(60)
    assert all_gone([keeper, child, grandchild])
