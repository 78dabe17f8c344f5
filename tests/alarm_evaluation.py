"""Whether CloudWatch would raise an alarm, from the alarm's own inputs and the data that was written. Pure.

Rules: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html, compared with the
page's source, doc_source/AlarmThatSendsEmail.md of https://github.com/awsdocs/amazon-cloudwatch-user-guide.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

RETAINED = "retain current state"
_STATISTICS: Mapping[str, Callable[[Sequence[float]], float]] = {"Sum": sum, "Maximum": max}
#: How many periods more than it needs an alarm looks back for data, as in AWS's examples of three periods.
_LOOKS_BACK_FURTHER = 2


@dataclass(frozen=True)
class Datum:
    """One value of a metric, written at a moment in seconds."""

    namespace: str
    metric: str
    dimensions: Mapping[str, str]
    at: float
    value: float


def state_of(alarm: Mapping[str, Any], data: Sequence[Datum], now: float) -> str:
    """The state of an alarm, given as Pulumi's inputs, after the periods that end at `now`."""
    period, periods = int(alarm["period"]), int(alarm["evaluationPeriods"])
    looks: list[bool | None] = []
    for back in range(periods + _LOOKS_BACK_FURTHER, 0, -1):
        begin = now - back * period
        values = [datum.value for datum in data if _is_of(alarm, datum) and begin <= datum.at < begin + period]
        looks.append(_STATISTICS[alarm["statistic"]](values) >= alarm["threshold"] if values else None)
    assert alarm["comparisonOperator"] == "GreaterThanOrEqualToThreshold"
    return evaluated(looks, int(alarm.get("datapointsToAlarm", periods)), periods, alarm["treatMissingData"])


def evaluated(looks: Sequence[bool | None], to_alarm: int, periods: int, missing: str) -> str:
    """The state from breaching (True), other (False) and missing (None) looks, oldest first: M of N."""
    real = [look for look in looks if look is not None][-periods:]
    breaching, absent = sum(real), periods - len(real)
    if missing == "breaching":
        return "ALARM" if breaching + absent >= to_alarm else "OK"
    if missing == "notBreaching" or not absent or breaching >= to_alarm:
        return "ALARM" if breaching >= to_alarm else "OK"
    if breaching < len(real):
        return "OK"
    if missing == "ignore":
        return RETAINED
    # "Avoiding premature transitions to alarm state": what breaches must be as old as the alarm's M, and none better.
    age = next((len(looks) - place for place, look in enumerate(looks) if look is not None), 0)
    return "ALARM" if age >= to_alarm else "INSUFFICIENT_DATA"


def _is_of(alarm: Mapping[str, Any], datum: Datum) -> bool:
    return (datum.namespace, datum.metric, dict(datum.dimensions)) == (
        alarm["namespace"],
        alarm["metricName"],
        dict(alarm["dimensions"]),
    )


def data_of(line: Mapping[str, Any], at: float | None = None) -> list[Datum]:
    """The data in one line of CloudWatch's embedded metric format; `at` replaces its own moment."""
    data = []
    for directive in line["_aws"]["CloudWatchMetrics"]:
        for names in directive["Dimensions"]:
            dimensions = {name: line[name] for name in names}
            for metric in directive["Metrics"]:
                value = line[metric["Name"]]
                moment = line["_aws"]["Timestamp"] / 1000 if at is None else at
                values = value if isinstance(value, list) else [value]
                data += [Datum(directive["Namespace"], metric["Name"], dimensions, moment, each) for each in values]
    return data
