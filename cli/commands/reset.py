"""`swarm local reset`: delete what earlier runs on this machine have stored."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from cli.confirmation import confirmed
from cli.errors import BadInput, ExitCode
from cli.stack.keeper import end_unused
from local.resident import CloudIsUp, CloudKind, hold, holder_in, refuse_resident
from local.state import store as state
from local.state.database import FILE_NAME, default_folder


def reset(folder: Path | None, yes: bool, messages: Console) -> ExitCode:
    """Empty the state folder, after asking for confirmation.

    Raises:
        BadInput: a cloud is up in it, it cannot be emptied, or there is no terminal to ask on.
    """
    place = (folder or default_folder()).expanduser()
    try:
        holder = holder_in(place)
        if holder is not None and holder.kind is CloudKind.KEEPER:
            end_unused(place, holder)
        refuse_resident(place)
        if not (place / FILE_NAME).is_file():
            messages.print(f"Nothing is stored in {place}", markup=False, soft_wrap=True)
            return ExitCode.DONE
        if not yes and not confirmed(f"Delete every session and analysis in {place}?"):
            messages.print("Nothing was removed.")
            return ExitCode.DONE
        with hold(place, CloudKind.RUN):
            state.reset(place)
    except (CloudIsUp, state.StateUnusable) as error:
        raise BadInput(str(error)) from error
    messages.print(f"Deleted: everything in {place}", markup=False, soft_wrap=True)
    return ExitCode.DONE
