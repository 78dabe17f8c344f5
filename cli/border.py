"""The border where errors become sentences and exit codes."""

from __future__ import annotations

import logging
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from types import FrameType
from typing import NoReturn

import typer
from rich.console import Console

from cli.early_interrupts import hear_interrupts
from cli.errors import CommandError, ExitCode, printable
from cli.output.places import sentence


def guarded(command: Callable[[Console, Console], int], debug: bool, interrupted: str) -> NoReturn:
    """Run a command; whatever happens, a person reads a sentence and a script reads an exit code."""
    messages, answers = Console(stderr=True, highlight=False), Console(highlight=False)
    # Clients warn on their way down after Ctrl-C; with --debug their voices are wanted.
    logging.basicConfig(level=logging.WARNING if debug else logging.CRITICAL, stream=sys.stderr)
    if threading.current_thread() is threading.main_thread():
        hear_interrupts()
        signal.signal(signal.SIGTERM, _as_interrupt)
    try:
        code = command(messages, answers)
    except CommandError as error:
        messages.print(f"swarm: {printable(str(error))}", style="red", markup=False, soft_wrap=True)
        code = error.exit_code
    except KeyboardInterrupt:
        messages.print(f"swarm: {interrupted}", markup=False, soft_wrap=True)
        code = ExitCode.INTERRUPTED
    except Exception as error:  # noqa: BLE001 (the last border: nobody is shown a traceback who did not ask)
        code = _unexpected(error, debug, messages)
    raise typer.Exit(int(code))


def _unexpected(error: Exception, debug: bool, messages: Console) -> ExitCode:
    told = sentence(error) if isinstance(error, OSError) else ""
    said = told or f"{type(error).__name__}: {error}"
    messages.print(f"swarm: {printable(said)}", style="red", markup=False, soft_wrap=True)
    if debug:
        messages.print(traceback.format_exc(), markup=False, soft_wrap=True)
    elif not told:
        messages.print("swarm: --debug shows where it happened; --keep-logs keeps the agents' logs in OUT/logs.")
    return ExitCode.BAD_INPUT if told else ExitCode.SESSION_FAILED


def _as_interrupt(_: int, __: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt
