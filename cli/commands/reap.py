"""`swarm reap`: end orphaned tasks and sessions whose execution died, now instead of within five minutes."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable

from pydantic import ValidationError
from rich.console import Console

from agents.contracts.reaping import ReapInput, ReapOutput
from agents.errors import SessionUnknown
from agents.settings import ALIAS
from cli.errors import CommandError, ExitCode
from cli.stack.clients import Cloud

#: The reaper's function is called as the schedule calls it: through its alias.
_FUNCTION = "-reap"


class ReaperFailed(CommandError):
    """The reaper failed; the message has its error."""


class SessionNotThere(ReaperFailed):
    """The reaper knows no session of this id."""


def ask_reaper(cloud: Cloud, request: ReapInput) -> ReapOutput:
    """Call the reaper's function. Raises ReaperFailed."""
    name = next((name for name in cloud.outputs["function_names"] if name.endswith(_FUNCTION)), None)
    if name is None:
        raise ReaperFailed("The stack has no reaper function. Deploy the stack again with this version (`pulumi up`).")
    answer = cloud.client("lambda").invoke(
        FunctionName=name, Qualifier=ALIAS, Payload=request.model_dump_json().encode()
    )
    body = answer["Payload"].read()
    if answer.get("FunctionError"):
        raise (SessionNotThere if SessionUnknown.__name__ in _said(body) else ReaperFailed)(_said(body))
    try:
        return ReapOutput.model_validate_json(body)
    except ValidationError as error:
        raise ReaperFailed(f"The reaper's answer cannot be read: {error}") from error


def reap(cloud: Cloud | None, as_json: bool, answers: Console) -> ExitCode:
    """End what is orphaned in the whole stack; without a cloud nothing runs. Raises ReaperFailed."""
    ended = ReapOutput() if cloud is None else ask_reaper(cloud, ReapInput())
    if as_json:
        answers.file.write(ended.model_dump_json() + os.linesep)
        return ExitCode.DONE
    if not (ended.sessions or ended.tasks):
        answers.print("Nothing to end: every running session has its execution, every task its session.")
    print_ended(ended, answers)
    return ExitCode.DONE


def print_ended(ended: ReapOutput, answers: Console) -> None:
    """Print one line for each ended session and task."""
    for line in _lines("session", ended.sessions, ended.ended_sessions):
        answers.print(line, markup=False, soft_wrap=True)
    for line in _lines("task", ended.tasks, ended.stopped_tasks):
        answers.print(line, markup=False, soft_wrap=True)
    if ended.returned_usd:
        answers.print(f"returned {ended.returned_usd:.4f} USD of reservations", markup=False)


def _lines(kind: str, count: int, names: Iterable[str]) -> Iterable[str]:
    printed = list(names)
    yield from (f"ended {kind} {name}" for name in printed)
    if count > len(printed):
        yield f"and {count - len(printed):,} {kind}s more"


def _said(body: bytes) -> str:
    """What a function's error says, in one line."""
    try:
        error = json.loads(body)
        name, message = str(error["errorType"]), str(error["errorMessage"])
    except (ValueError, KeyError, TypeError):
        return "The reaper failed without an error message; read its log group."
    # An error of ours that never leaves a shell as it is comes as `RuntimeError: Name: message`.
    return f"The reaper failed: {message if name == 'RuntimeError' else f'{name}: {message}'}"
