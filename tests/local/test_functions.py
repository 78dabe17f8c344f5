"""Promises of local.lambda_.pool: Lambda's behaviour, from real processes of the official runtime client."""

from __future__ import annotations

import io
import itertools
import json
import os
import signal
import threading
import time
import zipfile
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from local.lambda_.errors import REQUEST_LIMIT_BYTES
from local.lambda_.pool import Function, FunctionPool, FunctionUnknown, Invocation, PoolClosed, RequestTooLarge
from local.lambda_.waiting import Deployed
from local.lambda_.worker import Worker
from local.lambda_.worker_starter import WorkerStarter
from local.processes.child_processes import ProcessNotStarted
from tests.agents.waiting import wait_until
from tests.local.living import alive, all_gone

pytestmark = pytest.mark.local

SOURCE = """
import os, subprocess, sys, tempfile, time

class RepositoryTooLarge(Exception):
    pass

def echo(event, context):
    print("echoing")
    return {"event": event, "pid": os.getpid(), "request": context.aws_request_id, "arn": context.invoked_function_arn,
            "left_ms": context.get_remaining_time_in_millis()}

def variables(event, context):
    return dict(os.environ)

def meet(event, context):
    folder = event["folder"]
    open(os.path.join(folder, str(os.getpid())), "w").close()
    until = time.monotonic() + 20
    while time.monotonic() < until and len(os.listdir(folder)) < event["parties"]:
        time.sleep(0.01)
    return {"pid": os.getpid(), "met": len(os.listdir(folder))}

def sleep(event, context):
    if event:
        open(event, "w").close()
    time.sleep(20)

def refuse(event, context):
    raise RepositoryTooLarge("12 files too many")

def leave(event, context):
    print("leaving")
    os._exit(3)

def hoard(event, context):
    held = bytearray(300 << 20)
    time.sleep(20)

def long_text(event, context):
    return "x" * event

def leave_orphan(event, context):
    return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]).pid

def client(event, context):
    import runtime_client
    return runtime_client.__file__

def client_context(event, context):
    return context.client_context.custom
"""


def zipped(source: str) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("app.py", source)
    return archive.getvalue()


def function(name: str, *, source: str = SOURCE, timeout_seconds: float = 10, handler: str = "") -> Function:
    return Function(
        name=name,
        arn=f"arn:aws:lambda:eu-central-1:123456789012:function:{name}",
        code=zipped(source),
        handler=handler or f"app.{name}",
        environment={"OF_THE_FUNCTION": name},
        timeout_seconds=timeout_seconds,
        memory_mb=128,
    )


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[FunctionPool]:
    with FunctionPool(tmp_path / "cloud", {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}, workers=2) as made:
        yield made


def answer(invocation: Invocation) -> dict[str, object]:
    body = json.loads(invocation.payload)
    assert invocation.error is None, body
    assert isinstance(body, dict)
    return body


def failure(invocation: Invocation) -> tuple[str, str]:
    assert invocation.error == "Unhandled"
    body = json.loads(invocation.payload)
    return body["errorType"], body["errorMessage"]


def wait_for_file(path: Path) -> None:
    until = time.monotonic() + 60
    while not path.exists():
        assert time.monotonic() < until, f"{path} was not written"
        time.sleep(0.01)


def asleep(callers: ThreadPoolExecutor, pool: FunctionPool, begun: Path) -> Future[Invocation]:
    """A call of `sleep` that runs, and ends with the pool."""
    sleeping = callers.submit(pool.invoke, "sleep", json.dumps(str(begun)).encode())
    wait_for_file(begun)
    return sleeping


def test_a_warm_call_reuses_the_process(pool: FunctionPool) -> None:
    pool.register(function("echo"))

    first, second = pool.invoke("echo", b'{"n": 1}'), pool.invoke("echo", b'{"n": 2}')

    assert (first.cold, second.cold) == (True, False)
    assert answer(first)["pid"] == answer(second)["pid"] == pool.workers()[0].pid
    assert answer(second)["event"] == {"n": 2}


def test_the_handler_learns_its_request_its_arn_and_its_remaining_time(pool: FunctionPool) -> None:
    pool.register(function("echo"))

    invocation = pool.invoke("echo", b"{}")

    body = answer(invocation)
    assert body["request"] == invocation.request_id
    assert body["arn"] == "arn:aws:lambda:eu-central-1:123456789012:function:echo"
    left_ms = body["left_ms"]
    assert isinstance(left_ms, int)
    assert 5_000 < left_ms <= 10_000


def test_the_client_context_reaches_the_handler(pool: FunctionPool) -> None:
    pool.register(function("client_context"))

    assert answer(pool.invoke("client_context", b"{}", {"custom": {"who": "a test"}})) == {"who": "a test"}


def test_a_function_sees_lambdas_variables_and_nothing_of_the_callers_shell(
    pool: FunctionPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OF_THE_CALLER", "secret")
    pool.register(function("variables"))

    seen = answer(pool.invoke("variables", b"{}"))

    assert "OF_THE_CALLER" not in seen
    assert seen["OF_THE_FUNCTION"] == "variables"
    assert seen["AWS_ENDPOINT_URL"] == "http://127.0.0.1:1"
    assert seen["AWS_LAMBDA_FUNCTION_NAME"] == "variables"
    assert seen["AWS_REGION"] == "eu-central-1"
    assert seen["HOME"] != os.environ.get("HOME")


def test_concurrent_calls_get_processes_of_their_own(pool: FunctionPool, tmp_path: Path) -> None:
    pool.register(function("meet"))
    folder = tmp_path / "meeting"
    folder.mkdir()
    payload = json.dumps({"folder": str(folder), "parties": 2}).encode()

    with ThreadPoolExecutor(2) as callers:
        met = [answer(each) for each in callers.map(lambda _: pool.invoke("meet", payload), range(2))]

    assert [each["met"] for each in met] == [2, 2]
    assert len({each["pid"] for each in met}) == 2


def test_what_an_earlier_function_keeps_in_memory_is_freed_when_the_next_one_begins(
    pool: FunctionPool, tmp_path: Path
) -> None:
    source = SOURCE + "\n\nkept = []\ndef gather(event, context):\n    kept.append(bytearray(200 << 20))\n"
    pool.register(replace(function("gather", source=source), memory_mb=512))
    pool.register(function("meet"))
    assert pool.invoke("gather", b"null").error is None
    (gatherer,) = pool.workers()
    with ThreadPoolExecutor(1) as caller:
        meeting = caller.submit(pool.invoke, "meet", json.dumps({"folder": str(tmp_path), "parties": 3}).encode())
        while len(list(tmp_path.iterdir())) < 2:  # the cloud's folder, and the caller's file
            time.sleep(0.01)
        assert all_gone([gatherer.pid])
        (tmp_path / "third").touch()
        assert answer(meeting.result())["met"] == 3


def test_never_more_processes_than_the_limit(pool: FunctionPool) -> None:
    names = ["echo", "variables", "client"]
    for name in names:
        pool.register(function(name))
    most = 0
    over = threading.Event()

    def count() -> None:
        nonlocal most
        while not over.wait(0.005):
            most = max(most, len(pool.workers()))

    counter = threading.Thread(target=count)
    counter.start()
    with ThreadPoolExecutor(8) as callers:
        calls = [callers.submit(pool.invoke, names[number % 3], b"{}") for number in range(24)]
        errors = [each.result(timeout=60).error for each in calls]
    over.set()
    counter.join()

    assert errors == [None] * 24
    assert 1 <= most <= 2


def test_spare_processes_keep_functions_warm_beside_the_calls_that_run(tmp_path: Path) -> None:
    with FunctionPool(tmp_path / "cloud", {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}, workers=1, spare=1) as pool:
        for name in ("echo", "variables", "client"):
            pool.register(function(name))
        first = pool.invoke("echo", b"{}")
        pool.invoke("variables", b"{}")
        again = pool.invoke("echo", b"{}")
        assert (first.cold, again.cold) == (True, False)

        pool.invoke("client", b"{}")

        assert {worker.function for worker in pool.workers()} == {"echo", "client"}


def test_the_memory_of_an_idle_process_is_looked_at_once_after_each_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[object] = []

    def look(pid: int) -> bool:
        looked_at.append(pid)
        return False

    monkeypatch.setattr("local.lambda_.worker.holds_much", look)
    with FunctionPool(tmp_path / "cloud", {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}, workers=2, spare=2) as pool:
        for name in ("echo", "variables"):
            pool.register(function(name))
        first = answer(pool.invoke("echo", b"1"))["pid"]
        for _ in range(3):
            pool.invoke("variables", b"{}")
        assert looked_at.count(first) == 1
        pool.invoke("echo", b"2")
        pool.invoke("variables", b"{}")

    assert looked_at.count(first) == 2


def test_an_idle_process_that_holds_much_ends_when_another_function_is_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FunctionPool(tmp_path / "cloud", {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}, workers=2, spare=2) as pool:
        for name in ("echo", "variables"):
            pool.register(function(name))
        first = answer(pool.invoke("echo", b"1"))["pid"]
        monkeypatch.setattr("local.lambda_.worker.holds_much", lambda pid: pid == first)
        pool.invoke("variables", b"{}")
        assert answer(pool.invoke("echo", b"2"))["pid"] != first


def test_spare_processes_run_no_more_calls_at_once(tmp_path: Path) -> None:
    with FunctionPool(tmp_path / "cloud", {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}, workers=1, spare=3) as pool:
        pool.register(function("sleep"))
        pool.register(function("echo"))
        with ThreadPoolExecutor(2) as callers:
            sleeping = asleep(callers, pool, tmp_path / "begun")
            waiting = callers.submit(pool.invoke, "echo", b"{}")
            with pytest.raises(TimeoutError):
                waiting.result(timeout=1)
            pool.close()

    assert failure(sleeping.result())[0] == "Runtime.ExitError"
    assert isinstance(waiting.exception(), PoolClosed)


def test_a_function_that_begins_warm_has_its_process_before_the_first_call(tmp_path: Path) -> None:
    with FunctionPool(
        tmp_path / "cloud", {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}, workers=1, spare=1, ahead=True
    ) as pool:
        pool.register(replace(function("echo"), begins_warm=True))
        pool.register(function("variables"))
        pool.await_warm()
        (ahead,) = pool.workers()

        body = answer(pool.invoke("echo", b"{}"))

    assert ahead.function == "echo"
    assert body["pid"] == ahead.pid


def test_a_call_waits_for_the_process_that_is_being_started_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, goes_on, start = threading.Event(), threading.Event(), WorkerStarter.start

    def slow_start(self: WorkerStarter, deployed: Deployed) -> Worker:
        begun.set()
        assert goes_on.wait(30)
        return start(self, deployed)

    monkeypatch.setattr(WorkerStarter, "start", slow_start)
    with (
        FunctionPool(
            tmp_path / "cloud", {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}, workers=2, spare=2, ahead=True
        ) as pool,
        ThreadPoolExecutor(1) as caller,
    ):
        pool.register(replace(function("echo"), begins_warm=True))
        assert begun.wait(30)
        call = caller.submit(pool.invoke, "echo", b"{}")
        with pytest.raises(TimeoutError):
            call.result(timeout=0.3)
        goes_on.set()
        body = answer(call.result(30))
        pool.await_warm()

        assert [worker.pid for worker in pool.workers()] == [body["pid"]], "one process, not two"


def test_a_process_that_cannot_be_started_ahead_does_not_keep_its_call_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    starts, start, called = itertools.count(), WorkerStarter.start, threading.Event()

    def first_fails(self: WorkerStarter, deployed: Deployed) -> Worker:
        if next(starts) == 0:
            assert called.wait(30)
            raise ProcessNotStarted("no memory")
        return start(self, deployed)

    monkeypatch.setattr(WorkerStarter, "start", first_fails)
    with (
        FunctionPool(
            tmp_path / "cloud", {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}, workers=2, spare=2, ahead=True
        ) as pool,
        ThreadPoolExecutor(1) as caller,
    ):
        pool.register(replace(function("echo"), begins_warm=True))
        call = caller.submit(pool.invoke, "echo", b"{}")
        called.set()

        body = answer(call.result(30))

        assert [worker.pid for worker in pool.workers()] == [body["pid"]]


def test_unless_it_is_asked_for_none_is_started_ahead(tmp_path: Path) -> None:
    with FunctionPool(tmp_path / "cloud", {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}, workers=1, spare=1) as pool:
        pool.register(replace(function("echo"), begins_warm=True))
        pool.register(function("variables"))

        pool.invoke("variables", b"{}")

        assert {worker.function for worker in pool.workers()} == {"variables"}


def test_a_process_started_ahead_that_fails_tells_its_first_call(tmp_path: Path) -> None:
    with FunctionPool(
        tmp_path / "cloud", {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}, workers=1, spare=1, ahead=True
    ) as pool:
        pool.register(replace(function("echo", handler="missing.echo"), begins_warm=True))

        kind, message = failure(pool.invoke("echo", b"{}"))

    assert kind == "Runtime.ImportModuleError"
    assert "missing" in message


def test_the_least_recently_used_process_makes_room_for_another_function(pool: FunctionPool) -> None:
    for name in ("echo", "variables", "client"):
        pool.register(function(name))
    pool.invoke("echo", b"{}")
    pool.invoke("variables", b"{}")
    pool.invoke("echo", b"{}")

    pool.invoke("client", b"{}")

    assert {worker.function for worker in pool.workers()} == {"echo", "client"}


def test_an_exception_is_reported_by_its_exact_class_name(pool: FunctionPool) -> None:
    pool.register(function("refuse"))

    invocation = pool.invoke("refuse", b"{}")

    assert failure(invocation) == ("RepositoryTooLarge", "12 files too many")
    body = json.loads(invocation.payload)
    assert body["requestId"] == invocation.request_id
    assert any("in refuse" in line for line in body["stackTrace"])
    assert len(pool.workers()) == 1, "an exception does not cost the process"


def test_a_call_that_takes_too_long_is_killed_and_named_as_lambda_does(pool: FunctionPool) -> None:
    pool.register(function("sleep", timeout_seconds=0.25))

    invocation = pool.invoke("sleep", b"null")

    expected = f"RequestId: {invocation.request_id} Error: Task timed out after 0.25 seconds"
    assert failure(invocation) == ("Sandbox.Timedout", expected)
    assert not pool.workers()


def test_a_process_killed_under_its_call_is_an_exit_error_and_the_next_call_works(
    pool: FunctionPool, tmp_path: Path
) -> None:
    pool.register(function("sleep"))
    begun = tmp_path / "begun"
    with ThreadPoolExecutor(1) as caller:
        call: Future[Invocation] = caller.submit(pool.invoke, "sleep", json.dumps(str(begun)).encode())
        wait_for_file(begun)
        os.kill(pool.workers()[0].pid, signal.SIGKILL)
        invocation = call.result(timeout=60)

    error, message = failure(invocation)
    assert error == "Runtime.ExitError"
    assert message == f"RequestId: {invocation.request_id} Error: Runtime exited with error: signal: killed"
    pool.register(function("sleep", source="def sleep(event, context): return {'awake': True}"))
    assert answer(pool.invoke("sleep", b"{}")) == {"awake": True}


def test_a_process_killed_between_calls_is_replaced_without_an_error(pool: FunctionPool) -> None:
    pool.register(function("echo"))
    pids = [answer(pool.invoke("echo", b"{}"))["pid"]]
    for _ in range(3):
        os.kill(pool.workers()[0].pid, signal.SIGKILL)
        # A call that is handed to a process in the moment of its death has died with it, as on AWS.
        wait_until(lambda: not pool.workers())
        pids.append(answer(pool.invoke("echo", b"{}"))["pid"])

    assert len(set(pids)) == 4


def test_a_process_that_leaves_reports_its_exit_status(pool: FunctionPool) -> None:
    pool.register(function("leave"))

    invocation = pool.invoke("leave", b"{}")

    error, message = failure(invocation)
    assert error == "Runtime.ExitError"
    assert message.endswith("Error: Runtime exited with error: exit status 3")
    assert "leaving\n" in invocation.log


def test_more_memory_than_configured_is_an_exit_error(pool: FunctionPool) -> None:
    if not Path("/proc/self/statm").exists():
        pytest.skip("memory is sampled from /proc")
    pool.register(function("hoard"))

    invocation = pool.invoke("hoard", b"{}")

    error, message = failure(invocation)
    assert error == "Runtime.ExitError"
    assert message.endswith("Runtime exited with error: signal: killed")
    assert "Error Type: Runtime.OutOfMemory" in invocation.log


@pytest.mark.parametrize(
    ("source", "handler", "error"),
    [
        ("import nothing_of_this_name", "app.echo", "Runtime.ImportModuleError"),
        ("def other(event, context): ...", "app.echo", "Runtime.HandlerNotFound"),
        ("def echo(:", "app.echo", "Runtime.UserCodeSyntaxError"),
        ("raise KeyError('at import')", "app.echo", "KeyError"),
        ("import os; os._exit(4)", "app.echo", "Runtime.ExitError"),
    ],
)
def test_a_function_that_cannot_start_says_why(pool: FunctionPool, source: str, handler: str, error: str) -> None:
    pool.register(function("echo", source=source, handler=handler))

    invocation = pool.invoke("echo", b"{}")

    assert failure(invocation)[0] == error
    pool.register(function("echo"))
    assert answer(pool.invoke("echo", b"{}"))["event"] == {}


def test_a_response_above_six_megabytes_is_refused_and_the_next_call_works(pool: FunctionPool) -> None:
    pool.register(function("long_text"))

    assert failure(pool.invoke("long_text", b"6291557"))[0] == "Function.ResponseSizeTooLarge"
    largest = pool.invoke("long_text", b"6291554")  # and two quotation marks
    assert largest.error is None
    assert len(largest.payload) == 6_291_556


def test_a_request_above_six_megabytes_is_refused(pool: FunctionPool) -> None:
    pool.register(function("echo"))

    with pytest.raises(RequestTooLarge, match="6291456 bytes"):
        pool.invoke("echo", b" " * (REQUEST_LIMIT_BYTES + 1))


def test_a_large_request_arrives_whole(pool: FunctionPool) -> None:
    pool.register(function("echo", source="def echo(event, context): return {'length': len(event)}"))

    assert answer(pool.invoke("echo", json.dumps("x" * 5_000_000).encode())) == {"length": 5_000_000}


def test_the_log_has_lambdas_lines_around_what_was_printed(pool: FunctionPool, tmp_path: Path) -> None:
    pool.register(function("echo"))

    invocation = pool.invoke("echo", b"{}")

    start, printed, end, report = invocation.log.splitlines()
    assert start == f"START RequestId: {invocation.request_id} Version: $LATEST"
    assert printed == "echoing"
    assert end == f"END RequestId: {invocation.request_id}"
    assert report.startswith(f"REPORT RequestId: {invocation.request_id}\tDuration: ")
    assert "Memory Size: 128 MB" in report
    assert "Init Duration: " in report
    assert (tmp_path / "cloud" / "logs" / "echo.log").read_text() == invocation.log


def test_the_log_of_a_call_is_its_last_four_kilobytes(pool: FunctionPool, tmp_path: Path) -> None:
    pool.register(function("echo", source="def echo(event, context): print('~' * 200_000)"))

    invocation = pool.invoke("echo", b"{}")

    assert len(invocation.log) == 4096
    assert "REPORT" in invocation.log
    assert (tmp_path / "cloud" / "logs" / "echo.log").read_text().count("~") == 200_000


def test_a_new_version_replaces_the_old_one(pool: FunctionPool) -> None:
    pool.register(function("echo"))
    before = answer(pool.invoke("echo", b"{}"))["pid"]
    assert isinstance(before, int)

    pool.register(function("echo", source="def echo(event, context): return {'version': 2}"))

    assert answer(pool.invoke("echo", b"{}")) == {"version": 2}
    assert all_gone([before])


def test_an_unknown_function_is_named(pool: FunctionPool) -> None:
    with pytest.raises(FunctionUnknown, match="missing"):
        pool.invoke("missing", b"{}")


def test_closing_ends_processes_and_whatever_they_started(tmp_path: Path) -> None:
    with FunctionPool(tmp_path, {}, workers=1) as pool:
        pool.register(function("leave_orphan"))
        orphan = json.loads(pool.invoke("leave_orphan", b"{}").payload)
        worker = pool.workers()[0].pid
        assert alive(orphan)

    assert all_gone([worker])
    assert all_gone([orphan])
    with pytest.raises(PoolClosed):
        pool.invoke("leave_orphan", b"{}")


def test_closing_ends_running_and_waiting_calls(tmp_path: Path) -> None:
    pool = FunctionPool(tmp_path, {}, workers=1)
    pool.register(function("sleep"))
    with ThreadPoolExecutor(2) as callers:
        running = asleep(callers, pool, tmp_path / "begun")
        waiting = callers.submit(pool.invoke, "sleep", b"null")
        pool.close()

    assert failure(running.result())[0] == "Runtime.ExitError"
    assert isinstance(waiting.exception(), PoolClosed)


def test_the_portable_client_stands_in_for_the_native_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    portable = Path(__file__).parents[2] / "local" / "lambda_" / "client"
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with FunctionPool(tmp_path, {}, workers=1) as pool:
        for name in ("client", "refuse", "long_text"):
            pool.register(function(name))

        assert json.loads(pool.invoke("client", b"{}").payload) == str(portable / "runtime_client.py")
        assert json.loads(pool.invoke("client", b"{}").payload) == str(portable / "runtime_client.py")
        assert failure(pool.invoke("refuse", b"{}"))[0] == "RepositoryTooLarge"
        assert failure(pool.invoke("long_text", b"6291557"))[0] == "Function.ResponseSizeTooLarge"
