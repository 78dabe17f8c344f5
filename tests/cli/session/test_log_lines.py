"""Which lines are a session's, and how a moment is named."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cli.errors import BadInput
from cli.session.log_lines import LogLine, LogQuery, log_groups, moment, state_in_logs

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
