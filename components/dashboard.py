"""The dashboard of an environment, in the order of an operator's questions, from broken to slow. Pure.

Format: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from agents.signals.names import NAMESPACE

Json: TypeAlias = dict[str, Any]
_WIDTH, _HEADING_HEIGHT, _HEIGHT = 24, 1, 6


@dataclass(frozen=True)
class DashboardSubject:
    """The names that the widgets ask about."""

    environment: str
    region: str
    state_machine_arn: str
    analyst_function: str
    dead_letter_queue: str
    alarm_arns: Sequence[str]


def body(watch: DashboardSubject) -> str:
    """The dashboard's body."""

    def of_machine(metric: str) -> list[str]:
        return ["AWS/States", metric, "StateMachineArn", watch.state_machine_arn]

    def own(metric: str) -> list[str]:
        return [NAMESPACE, metric, "environment", watch.environment]

    def by(dimension: str, metric: str, statistic: str) -> list[Json]:
        search = f'{{{NAMESPACE},environment,{dimension}}} MetricName="{metric}" environment="{watch.environment}"'
        return [{"expression": f"SEARCH('{search}', '{statistic}', 300)"}]

    alarms = {"type": "alarm", "properties": {"title": "Alarms", "alarms": list(watch.alarm_arns)}}
    rows: list[tuple[str, list[Json]]] = [
        (
            "Is anything broken?",
            [
                alarms,
                _chart(
                    watch,
                    "Sessions",
                    "Sum",
                    *map(
                        of_machine,
                        ("ExecutionsStarted", "ExecutionsSucceeded", "ExecutionsFailed", "ExecutionsTimedOut"),
                    ),
                ),
                _chart(watch, "Failed calls by state", "Sum", by("state", "StateFailures", "Sum")),
                _chart(
                    watch,
                    "Dead letters",
                    "Maximum",
                    ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", watch.dead_letter_queue],
                ),
            ],
        ),
        (
            "Is anything stuck?",
            [
                _chart(watch, "Age of the oldest running session, seconds", "Maximum", own("OldestSessionSeconds")),
                _chart(watch, "Longest wait for a person, seconds", "Maximum", own("ApprovalWaitSeconds")),
                _chart(watch, "Orphaned tasks stopped", "Sum", own("OrphanTasks")),
            ],
        ),
        (
            "Is it expensive?",
            [
                _chart(watch, "US dollars", "Sum", own("SpentUsd")),
                _chart(watch, "US dollars by model", "Sum", by("model", "SpentUsd", "Sum")),
                _chart(watch, "Requests by model", "Sum", by("model", "ModelRequests", "Sum")),
                _chart(
                    watch,
                    "Tokens by model",
                    "Sum",
                    by("model", "InputTokens", "Sum"),
                    by("model", "OutputTokens", "Sum"),
                ),
            ],
        ),
        (
            "Is it wrong?",
            [
                _chart(watch, "Files without documentation, percent", "Maximum", own("GapPercent")),
                _chart(watch, "Dropped claims per file", "Maximum", own("DroppedClaimsPerFile")),
            ],
        ),
        (
            "Is it slow?",
            [
                _chart(watch, "Session, milliseconds", "p90", of_machine("ExecutionTime")),
                _chart(watch, "Seconds by state", "p95", by("state", "StateSeconds", "p95")),
                _chart(
                    watch,
                    "Throttles",
                    "Sum",
                    own("Throttles"),
                    ["AWS/Lambda", "Throttles", "FunctionName", watch.analyst_function],
                ),
            ],
        ),
    ]
    return json.dumps({"widgets": _placed(rows)})


def _chart(watch: DashboardSubject, title: str, statistic: str, *metrics: list[Any]) -> Json:
    properties = {"title": title, "stat": statistic, "region": watch.region, "view": "timeSeries", "period": 300}
    return {"type": "metric", "properties": {**properties, "metrics": list(metrics)}}


def _placed(rows: Sequence[tuple[str, Sequence[Json]]]) -> list[Json]:
    placed: list[Json] = []
    top = 0
    for heading, widgets in rows:
        text = {"markdown": f"## {heading}"}
        placed.append(
            {"type": "text", "x": 0, "y": top, "width": _WIDTH, "height": _HEADING_HEIGHT, "properties": text}
        )
        top += _HEADING_HEIGHT
        width = _WIDTH // len(widgets)
        placed += [
            {**widget, "x": place * width, "y": top, "width": width, "height": _HEIGHT}
            for place, widget in enumerate(widgets)
        ]
        top += _HEIGHT
    return placed
