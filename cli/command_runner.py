"""Runs a command and turns its errors into one sentence and an exit code."""

from __future__ import annotations

import logging
import os
import signal
import stat
import sys
import threading
import traceback
from collections.abc import Callable
from types import FrameType
from typing import NoReturn

import typer
from rich.console import Console

from cli.aws_errors import explanation
from cli.disk_errors import sentence
from cli.early_interrupts import hear_interrupts
from cli.errors import CommandError, ExitCode, printable
from cli.output.console import PlainConsole


def run_safely(command: Callable[[Console, Console], int], debug: bool, interrupted: str) -> NoReturn:
    """Run a command. Every error becomes one sentence on standard error and an exit code."""
    messages, answers = PlainConsole(stderr=True, highlight=False), PlainConsole(highlight=False)
    # Clients log warnings while they end after Ctrl-C; only --debug shows them.
    logging.basicConfig(level=logging.WARNING if debug else logging.CRITICAL, stream=sys.stderr)
    unraisable = sys.unraisablehook
    if threading.current_thread() is threading.main_thread():
        hear_interrupts()
        sys.unraisablehook = _send_again
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:  # nohup has it ignored
                signal.signal(number, _as_interrupt)
    try:
        code = command(messages, answers)
    except CommandError as error:
        messages.print(f"swarm: {printable(str(error))}", style="red", markup=False, soft_wrap=True)
        code = error.exit_code
    except KeyboardInterrupt:
        messages.print(f"swarm: {interrupted}", markup=False, soft_wrap=True)
        code = ExitCode.INTERRUPTED
    except Exception as error:  # noqa: BLE001 (the outermost handler: a traceback is shown only with --debug)
        code = _unexpected(error, debug, messages)
    finally:
        sys.unraisablehook = unraisable
    raise typer.Exit(int(code))


def _unexpected(error: Exception, debug: bool, messages: Console) -> ExitCode:
    of_aws = explanation(error)
    cause = of_aws[0] if of_aws else sentence(error) if isinstance(error, OSError) else ""
    text = cause or f"{type(error).__name__}: {error}"
    messages.print(f"swarm: {printable(text)}", style="red", markup=False, soft_wrap=True)
    if debug:
        messages.print(traceback.format_exc(), markup=False, soft_wrap=True)
    elif not cause:
        messages.print("swarm: --debug shows where it happened; --keep-logs keeps the agents' logs in OUT/logs.")
    if of_aws:
        return of_aws[1]
    return ExitCode.BAD_INPUT if cause else ExitCode.SESSION_FAILED


def _as_interrupt(number: int, _: FrameType | None) -> NoReturn:
    if number == signal.SIGHUP:
        _discard_output()
    raise KeyboardInterrupt(number)


def _send_again(error: sys.UnraisableHookArgs) -> None:
    """An interrupt that falls into a finalizer is lost there: send it once more, a moment later."""
    if isinstance(error.exc_value, KeyboardInterrupt):
        number = next(iter(error.exc_value.args), signal.SIGINT)
        threading.Timer(0.05, os.kill, (os.getpid(), number)).start()
    else:
        sys.__unraisablehook__(error)


def _discard_output() -> None:
    """The terminal is closed: printing to it would raise OSError before the run has ended in order."""
    for descriptor in (1, 2):
        if stat.S_ISCHR(os.fstat(descriptor).st_mode):
            with open(os.devnull, "wb") as nothing:  # noqa: PTH123  (no path of anybody's)
                os.dup2(nothing.fileno(), descriptor)
