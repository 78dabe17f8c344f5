"""`swarm local reset`: forget what earlier runs on this machine have kept."""

from __future__ import annotations

from pathlib import Path

import typer
from rich.console import Console

from cli.errors import CommandError, ExitCode
from local.resident import CloudIsUp, refuse_resident
from local.state import store as state
from local.state.file import default_folder


def reset(folder: Path | None, yes: bool, messages: Console) -> ExitCode:
    """Empty the folder of finished work, after a question.

    Raises:
        CommandError: it cannot be emptied.
    """
    place = (folder or default_folder()).expanduser()
    if not place.is_dir():
        messages.print(f"Nothing is kept in {place}", markup=False, soft_wrap=True)
        return ExitCode.DONE
    if not yes and not typer.confirm(f"Forget every session and analysis in {place}?", err=True):
        messages.print("Nothing was removed.")
        return ExitCode.DONE
    try:
        refuse_resident(place)
        state.reset(place)
    except (CloudIsUp, state.StateUnusable) as error:
        raise CommandError(str(error)) from error
    messages.print(f"Forgotten: everything in {place}", markup=False, soft_wrap=True)
    return ExitCode.DONE
