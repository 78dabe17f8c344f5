"""`swarm cancel SESSION`: stop a session's execution and its tasks, and close it as Cancelled."""

from __future__ import annotations

import os

from pydantic import ValidationError
from rich.console import Console

from agents.contracts.reaping import ReapInput, ReapOutput
from cli.commands.reap import ask_reaper, print_ended
from cli.errors import BadInput, ExitCode
from cli.stack.clients import Cloud


def request_for(session_id: str) -> ReapInput:
    """The reaper's request. Raises BadInput."""
    try:
        return ReapInput(session_id=session_id, cancel=True)
    except ValidationError as error:
        raise BadInput(f"{session_id!r} is not a session id: an s and twenty hexadecimal digits") from error


def cancel(cloud: Cloud | None, request: ReapInput, answers: Console, as_json: bool = False) -> ExitCode:
    """Stop everything of one session; without a cloud nothing runs. Raises ReaperFailed."""
    ended = ReapOutput() if cloud is None else ask_reaper(cloud, request)
    if as_json:
        answers.file.write(ended.model_dump_json() + os.linesep)
        return ExitCode.DONE
    if not ended.sessions:
        answers.print(f"Session {request.session_id} was not running.", markup=False)
    print_ended(ended, answers)
    return ExitCode.DONE
