"""Every metric and every field that log lines, metrics and spans share. docs/signals.md explains each. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

#: The namespace of our own metrics in CloudWatch.
NAMESPACE = "Swarm"

#: What identifies a call of a state, in log lines, beside metrics and in spans; empty ones are left out.
CONTEXT_FIELDS = ("session_id", "execution", "state", "batch_id", "attempt", "release")


class Metric(NamedTuple):
    """A metric of ours: its unit in CloudWatch's words, and the sets of dimensions that it is counted under."""

    unit: str
    dimensions: tuple[tuple[str, ...], ...]


_OF_STATE = (("environment", "state"),)
_OF_MODEL = (("environment", "model"),)
_OF_ENVIRONMENT = (("environment",),)

#: Each set of dimensions of a metric is one metric on AWS's bill: no session, batch or repository is among them.
METRICS: Mapping[str, Metric] = {
    "StateSeconds": Metric("Seconds", _OF_STATE),
    "StateFailures": Metric("Count", _OF_STATE),
    "Throttles": Metric("Count", _OF_ENVIRONMENT),
    "ModelRequests": Metric("Count", _OF_MODEL),
    "InputTokens": Metric("Count", _OF_MODEL),
    "OutputTokens": Metric("Count", _OF_MODEL),
    "SpentUsd": Metric("None", (*_OF_ENVIRONMENT, *_OF_MODEL)),
    "GapPercent": Metric("Percent", _OF_ENVIRONMENT),
    "DroppedClaimsPerFile": Metric("Count", _OF_ENVIRONMENT),
    "OrphanTasks": Metric("Count", _OF_ENVIRONMENT),
    "OldestSessionSeconds": Metric("Seconds", _OF_ENVIRONMENT),
    "ApprovalWaitSeconds": Metric("Seconds", _OF_ENVIRONMENT),
}
