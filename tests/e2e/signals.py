"""What a cloud's functions have logged, compared with the tables of docs/signals.md in both directions."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from agents.roster import ROSTER
from agents.signals.names import CONTEXT_FIELDS, METRICS
from local.cloud import LocalCloud
from tests.docs.blocks import DOCS
from workflow.definition import load, states

#: The state whose calls are each about one batch.
OF_A_BATCH = "AnalyseBatch"
#: Functions that an event, a schedule or a person calls, and not the state machine: their calls are of no execution.
OUTSIDE = frozenset(row.state for row in ROSTER.values()) - {state.name for state in states(load())}


def structured_lines(cloud: LocalCloud) -> list[dict[str, Any]]:
    """Every line of the functions and tasks that is a JSON object."""
    logs = cloud.client("logs")
    lines: list[dict[str, Any]] = []
    for group in logs.describe_log_groups()["logGroups"]:
        if group["logGroupName"].startswith(("/aws/lambda/", "/aws/ecs/")):
            for page in logs.get_paginator("filter_log_events").paginate(logGroupName=group["logGroupName"]):
                texts = (event["message"] for event in page["events"])
                lines += [json.loads(text) for text in texts if text.startswith("{")]
    return lines


def documented(block: str) -> dict[str, list[str]]:
    """The rows of a table by their first cell, which is code."""
    page = (DOCS / "signals.md").read_text(encoding="utf-8")
    (table,) = re.findall(rf"<!-- {block} -->\n(.*?)<!-- end -->", page, re.DOTALL)
    rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines() if "`" in line)
    return {row[0].strip("`"): row[1:] for row in rows}


def missing_fields(signal: Mapping[str, Any]) -> set[str]:
    """What identifies a call of a state and is not in this line or span; functions outside need state and release."""
    wanted = {"state", "release"} if signal.get("state") in OUTSIDE else set(CONTEXT_FIELDS)
    if signal.get("state") != OF_A_BATCH:
        wanted -= {"batch_id"}
    return {field for field in wanted if signal.get(field) in {None, ""}}


def unidentified(lines: Iterable[Mapping[str, Any]]) -> list[str]:
    """Log lines and metrics that do not say which call of a state wrote them; OpenSession's call begins without one."""
    problems = []
    for line in lines:
        missing = missing_fields(line)
        if line.get("state") == "OpenSession" and line.get("message") != "state done" and "_aws" not in line:
            missing -= {"session_id"}
        problems += [f"{line}: without {sorted(missing)}"] if missing else []
    return problems


def log_problems(lines: Iterable[Mapping[str, Any]]) -> list[str]:
    """Fields that are written and not documented, or documented and not written."""
    return sorted({field for line in lines for field in line} ^ set(documented("log fields")))


def metric_problems(lines: Iterable[Mapping[str, Any]], elsewhere: Collection[str] = ()) -> list[str]:
    """Differences of the metrics that are written, documented and declared, with units and dimensions.

    `elsewhere` are metrics that another test's run provokes.
    """
    rows = documented("metrics")
    stated = {name: f"{unit}: {dimensions}" for name, (unit, dimensions, *_) in rows.items()}
    declared = {
        name: f"{metric.unit}: {'; '.join(', '.join(names) for names in metric.dimensions)}"
        for name, metric in METRICS.items()
    }
    written = {
        metric["Name"]: f"{metric['Unit']}: {'; '.join(', '.join(names) for names in directive['Dimensions'])}"
        for line in lines
        for directive in line["_aws"]["CloudWatchMetrics"]
        for metric in directive["Metrics"]
    }
    unprovoked = {name: text for name, text in declared.items() if name in elsewhere}
    differences = (set(stated.items()) ^ set(others.items()) for others in (declared, written | unprovoked))
    return sorted(f"{name} ({text})" for name, text in set[tuple[str, str]]().union(*differences))
