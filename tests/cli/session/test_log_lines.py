"""Which lines are a session's, and how a moment is named."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from cli.errors import BadInput
from cli.session.log_lines import LogLine, LogQuery, SessionLog, log_groups, moment, state_in_logs
from cli.stack.clients import Cloud

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "hour"), [("2h", 10), ("120min", 10), ("2026-06-01T10:00", 10), ("2026-06-01T12:00+02:00", 10)]
)
def test_a_moment_is_an_age_or_a_time(text: str, hour: int) -> None:
    assert moment(text, NOW).astimezone(UTC) == NOW.replace(hour=hour)


@pytest.mark.parametrize("text", ["yesterday", "-5m", "5w", "9999999999d"])
def test_refuses_any_other_moment(text: str) -> None:
    with pytest.raises(BadInput, match="--since takes"):
        moment(text, NOW)


def test_a_state_on_fargate_logs_under_the_name_that_it_has_on_lambda() -> None:
    assert state_in_logs("AnalyseOversizedBatch") == "AnalyseBatch"
    with pytest.raises(BadInput, match="There is no state Nothing"):
        state_in_logs("Nothing")


def test_functions_and_tasks_have_groups() -> None:
    functions = ["swarm-dev-analyse-batch", "swarm-dev-close-session"]
    assert log_groups({"function_names": functions}) == [
        "/aws/lambda/swarm-dev-analyse-batch",
        "/aws/lambda/swarm-dev-close-session",
        "/aws/ecs/swarm-dev-analyse-batch-task",
    ]


def test_the_line_of_a_task_names_its_batch_in_its_request() -> None:
    line = LogLine("1", NOW, "g", "s", "{}", {"state": "AnalyseBatch", "request": "s1/b00007"})
    assert line.is_of(LogQuery("s1", NOW, "AnalyseBatch", "b00007"))
    assert not line.is_of(LogQuery("s1", NOW, "Edit"))
    assert not line.is_of(LogQuery("s1", NOW, "", "b00008"))


GROUP = "/aws/lambda/swarm-dev-analyse-batch"


@dataclass
class Written:
    """A cloud whose log groups are lists; a pattern is one term, or several with a question mark: one is enough."""

    events: dict[str, list[tuple[datetime, str]]] = field(default_factory=dict)
    outputs: dict[str, Any] = field(default_factory=lambda: {"function_names": ["swarm-dev-analyse-batch"]})
    asked: list[str] = field(default_factory=list)

    def client(self, _service: str) -> Any:
        return self

    def get_paginator(self, _operation: str) -> Any:
        return self

    def paginate(self, logGroupName: str, filterPattern: str, startTime: int) -> Iterator[Any]:  # noqa: N803 (botocore's names)
        self.asked.append(filterPattern)
        terms = [term.strip('?"') for term in filterPattern.split()]
        kept = [
            {"eventId": f"{number:04d}", "message": text, "timestamp": int(at.timestamp() * 1000), "logStreamName": "s"}
            for number, (at, text) in enumerate(self.events.get(logGroupName, []))
            if any(term in text for term in terms) and at.timestamp() * 1000 >= startTime
        ]
        yield {"events": kept}

    def write(self, second: int, text: str, group: str = GROUP) -> None:
        self.events.setdefault(group, []).append((NOW + timedelta(seconds=second), text))


def ours(message: str, batch: str, request_id: str = "", attempt: int = 1) -> str:
    about = {"session_id": "s1", "state": "AnalyseBatch", "batch_id": batch, "execution": "e", "attempt": attempt}
    return json.dumps({"message": message, **about, **({"function_request_id": request_id} if request_id else {})})


def killed(world: Written) -> None:
    """One call ended, another was killed; both are of one function."""
    world.write(0, "START RequestId: id-1")
    world.write(0, ours("state begun", "b00001", "id-1"))
    world.write(1, ours("state done", "b00001"))
    world.write(1, "REPORT RequestId: id-1\tDuration: 900 ms")
    world.write(2, "START RequestId: id-2")
    world.write(2, ours("state begun", "b00002", "id-2"))
    world.write(900, "2026-06-01T12:15:00Z id-2 Task timed out after 900.00 seconds")
    world.write(900, "REPORT RequestId: id-2\tDuration: 900000 ms\tStatus: timeout")


def read(log: SessionLog, **changes: Any) -> list[LogLine]:
    return list(log.lines(LogQuery(**{"session_id": "s1", "since": NOW, **changes})))


def test_the_platforms_lines_about_a_call_without_an_end_stand_among_the_sessions() -> None:
    world = Written()
    killed(world)
    lines = read(SessionLog(cast(Cloud, world)))
    of_platform = [line for line in lines if not line.fields]
    assert [line.text.split()[0] for line in of_platform] == ["START", "2026-06-01T12:15:00Z", "REPORT"]
    assert {(line.state, line.batch) for line in of_platform} == {("AnalyseBatch", "b00002")}
    assert lines == sorted(lines, key=lambda line: line.at)


def test_a_batch_alone_has_the_platforms_lines_about_it() -> None:
    world = Written()
    killed(world)
    assert [line for line in read(SessionLog(cast(Cloud, world)), batch="b00001") if not line.fields] == []
    assert len([line for line in read(SessionLog(cast(Cloud, world)), batch="b00002") if not line.fields]) == 3


def test_a_call_that_is_killed_while_its_session_is_followed_is_found_by_its_first_line_long_before() -> None:
    world = Written()
    world.write(0, ours("state begun", "b00001", "id-1"))
    log = SessionLog(cast(Cloud, world))
    assert len(read(log)) == 1
    world.write(900, "id-1 Task timed out after 900.00 seconds")
    later = read(log, since=NOW + timedelta(seconds=800))
    assert [line.text for line in later] == ["id-1 Task timed out after 900.00 seconds"]


def test_a_task_that_goes_on_after_a_killed_function_ends_its_own_call_alone() -> None:
    world = Written()
    world.write(0, ours("state begun", "b00001", "id-1"))
    world.write(1, "REPORT RequestId: id-1\tStatus: error\tError Type: Runtime.OutOfMemory")
    task = "/aws/ecs/swarm-dev-analyse-batch-task"
    world.write(2, ours("state begun", "b00001"), task)
    world.write(9, ours("state done", "b00001"), task)
    assert any("Runtime.OutOfMemory" in line.text for line in read(SessionLog(cast(Cloud, world))))


def test_many_calls_are_asked_for_in_patterns_that_cloudwatch_takes() -> None:
    world = Written()
    for number in range(150):
        world.write(0, ours("state begun", f"b{number:05d}", f"00000000-0000-0000-0000-{number:012d}"))
    read(SessionLog(cast(Cloud, world)))
    _, __, *patterns = world.asked  # the groups of the function and of its task
    assert len(patterns) == 5
    assert max(map(len, patterns)) <= 1024
