"""`swarm releases --stack prod`: the trail of a stack's releases."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime

from rich.console import Console

from cli.errors import ExitCode
from cli.stack.release_location import releases_of
from cli.stack.session_location import Location
from releases.trail import read_trail


def list_releases(where: Location, as_json: bool, answers: Console) -> ExitCode:
    """Print the trail, oldest first. Raises BadInput."""
    found = releases_of(where)
    trail = read_trail(found.bucket.trail())
    if as_json:
        entries = [entry.model_dump(mode="json") for entry in trail]
        answers.file.write(json.dumps({"running": found.outputs.release, "trail": entries}, indent=2) + os.linesep)
        return ExitCode.DONE
    for entry in trail:
        when = datetime.fromtimestamp(entry.at / 1000, UTC).strftime("%Y-%m-%d %H:%M")
        other = f" {'to' if entry.event == 'passed-on' else 'from'} {entry.other_stack}" if entry.other_stack else ""
        answers.print(f"{when}  {entry.event}{other}  {entry.release[:12]}  by {entry.by or 'unknown'}", markup=False)
    answers.print(f"{found.outputs.environment} runs {found.outputs.release[:12]}", markup=False)
    return ExitCode.DONE
