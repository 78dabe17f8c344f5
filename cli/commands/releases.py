"""`swarm releases --stack prod`: the trail of a stack's releases."""

from __future__ import annotations

import json
import os
from collections import Counter
from datetime import UTC, datetime

from rich.console import Console

from agents.contracts.trail import VersionFigures
from cli.errors import ExitCode
from cli.stack.location import Location
from cli.stack.release_location import releases_of, versions_of
from releases.trail import TrailEntry, read_trail


def list_releases(where: Location, as_json: bool, answers: Console) -> ExitCode:
    """Print the trail, oldest first. Raises BadInput."""
    found = releases_of(where)
    versions = versions_of(found)
    shares: Counter[str] = Counter()
    for version, weight in sorted(versions.routes()[0].items()):
        shares[versions.release_of(version)] += weight
    trail = read_trail(found.bucket.trail())
    if as_json:
        entries = [entry.model_dump(mode="json") for entry in trail]
        listed = {"running": found.outputs.release, "shares": shares, "trail": entries}
        answers.file.write(json.dumps(listed, indent=2) + os.linesep)
        return ExitCode.DONE
    for entry in trail:
        when = datetime.fromtimestamp(entry.at / 1000, UTC).strftime("%Y-%m-%d %H:%M")
        other = f" {'to' if entry.event == 'passed-on' else 'from'} {entry.other_stack}" if entry.other_stack else ""
        answers.print(f"{when}  {entry.event}{other}  {entry.release[:12]}  by {entry.by or 'unknown'}", markup=False)
        for line in _reasons(entry):
            answers.print(f"    {line}", markup=False)
    running = ", ".join(f"{release[:12]} ({weight} % of new sessions)" for release, weight in shares.items())
    answers.print(f"{found.outputs.environment} runs {running}", markup=False)
    return ExitCode.DONE


def _reasons(entry: TrailEntry) -> list[str]:
    """What a canary was decided by, a line each."""
    if entry.canary is None:
        return []
    share = [f"{entry.canary.percent} % of new sessions"] if entry.event == "canary-began" else []
    return [*share, *entry.canary.alarms, *(_figures(each) for each in (entry.canary.former, entry.canary.new))]


def _figures(version: VersionFigures) -> str:
    values = version.model_dump(exclude={"version", "release", "sessions", "failed"}, exclude_none=True)
    figures = "".join(f", {name.replace('_', ' ')} {value:.3g}" for name, value in values.items())
    return f"{version.release[:12]}: {version.sessions} sessions, {version.failed} failed{figures}"
