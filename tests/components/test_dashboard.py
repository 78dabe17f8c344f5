"""The dashboard shows each metric that the agents write, under dimensions that it has, in the order of questions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from agents.signals.names import METRICS, NAMESPACE
from components.dashboard import DashboardSubject, body

QUESTIONS = ["Is anything broken?", "Is anything stuck?", "Is it expensive?", "Is it wrong?", "Is it slow?"]
ENVIRONMENT = "dev"
SUBJECT = DashboardSubject(ENVIRONMENT, "eu-west-1", "arn:machine", "analyst", "queue", ["arn:alarm"])
_SEARCH = re.compile(
    rf"SEARCH\('\{{{NAMESPACE},(?P<dimensions>[a-z,]+)\}} MetricName=\"(?P<metric>\w+)\""
    rf" environment=\"{ENVIRONMENT}\"', '(Sum|Maximum|p95)', 300\)"
)


def widgets() -> list[dict[str, Any]]:
    """As a person reads them: row by row, from left to right."""
    return sorted(json.loads(body(SUBJECT))["widgets"], key=lambda widget: (widget["y"], widget["x"]))


def charted() -> Iterator[list[Any]]:
    """The metrics of all charts."""
    for widget in widgets():
        yield from widget["properties"].get("metrics", [])


def own_metrics() -> Iterator[tuple[str, tuple[str, ...]]]:
    """The name and the dimensions of each metric of ours."""
    for metric in charted():
        if isinstance(metric[0], dict):
            search = _SEARCH.fullmatch(metric[0]["expression"])
            assert search, metric
            yield search["metric"], tuple(search["dimensions"].split(","))
        elif metric[0] == NAMESPACE:
            _, name, *dimensions = metric
            assert dict(zip(dimensions[::2], dimensions[1::2], strict=True)) == {"environment": ENVIRONMENT}
            yield name, tuple(dimensions[::2])


def test_each_metric_of_the_agents_is_shown_under_dimensions_that_it_is_written_with() -> None:
    shown = set(own_metrics())
    written = {(name, dimensions) for name, metric in METRICS.items() for dimensions in metric.dimensions}
    assert shown - written == set()
    assert set(METRICS) - {name for name, _ in shown} == set()


def test_the_headings_stand_in_the_order_in_which_an_operator_asks() -> None:
    headings = [widget["properties"]["markdown"] for widget in widgets() if widget["type"] == "text"]
    assert headings == [f"## {question}" for question in QUESTIONS]
    assert [widgets()[1]["type"], widgets()[1]["properties"]["alarms"]] == ["alarm", ["arn:alarm"]]


def test_each_other_metric_is_of_this_stack() -> None:
    of_aws = {(namespace, *rest) for namespace, _, *rest in (m for m in charted() if isinstance(m[0], str))}
    assert of_aws == {
        (NAMESPACE, "environment", ENVIRONMENT),
        ("AWS/States", "StateMachineArn", "arn:machine"),
        ("AWS/SQS", "QueueName", "queue"),
        ("AWS/Lambda", "FunctionName", "analyst"),
    }
