"""Errors of the command line: their exit codes, and what a person can do about a failed session."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import IntEnum

from agents import errors


class ExitCode(IntEnum):
    """Exit codes of `swarm`; 130 is the shell's own for Ctrl-C."""

    DONE = 0
    SESSION_FAILED = 1
    BAD_INPUT = 2
    AWS_REFUSED = 3
    INTERRUPTED = 130


class CommandError(Exception):
    """An error that a person can correct: one sentence, shown without a traceback."""

    exit_code = ExitCode.SESSION_FAILED


class BadInput(CommandError):
    """The command cannot work with its input."""

    exit_code = ExitCode.BAD_INPUT


class TriggerSilent(CommandError):
    """The archive is uploaded, but no execution was started for it."""


MEMORY_ADVICE = (
    "A function needed more memory than it has. Raise --setting functionMemoryMegabytes=…: 10240 at most. Steps that "
    "read the whole repository go on as tasks by themselves."
)
#: What Lambda says of a process that the kernel has killed, and that is nearly always for its memory.
_KILLED = "signal: killed"
#: What to do about an error of the state machine, by its name (agents/errors.py).
ADVICE: Mapping[str, str] = {
    "ArchiveUnsupported": "Give a folder, a .zip or a .tar.gz.",
    "ArchiveCorrupt": "The archive is damaged. Make it again, or give the folder instead.",
    "ArchiveUnsafe": "The archive unpacks to more than the limit, or outside its folder. Give the folder instead.",
    "RepositoryEmpty": "Nothing in it can be read as text. Check that it is the correct folder: binary, generated and "
    "vendored files are left out.",
    "RepositoryTooLarge": "Give a part of it, or raise the limit with --setting.",
    "PlanMissing": "Run again: the plan of the scan has expired, or was erased while the session ran.",
    "TooManyGaps": "session.json lists the gaps and their reasons. Run again: only the gaps are analysed.",
    "ModelAccessDenied": "The account or key may not use this model. Check --model and the credentials.",
    "BudgetExhausted": "Raise the cap with --setting capUsd=…; the next run pays only for the rest.",
    "RevisionLimitReached": "Drafts and critiques are stored; --setting onRevisionLimit=publish publishes the best.",
    "CitationUnresolved": "A page cites a line that does not exist: please report this with session.json.",
    "TaskOutOfMemory": "Give tasks more memory with --setting taskMemoryMegabytes=…, or leave large files out.",
    "TaskExited": "The container ended without an answer. Its exit code is above; read its log.",
    "TaskNotStarted": "The container did not start. Check containerImage, its registry and the network.",
    "ProcessKeeperGone": "Run again: finished work is stored. A cloud of `swarm local up` must be started again.",
    "ProcessNotStarted": "Run again: finished work is stored. The system refused to start another process.",
    "ExecutionLost": "Its execution no longer exists. Run again to continue where it ended.",
    "SessionTaken": "Nothing is to be done: another execution documents the same snapshot, and closes its session.",
    "Superseded": "Nothing is to be done: a newer commit of its branch is documented instead.",
    "Cancelled": "A person cancelled it. Run again to continue where it ended.",
    "Runtime.OutOfMemory": MEMORY_ADVICE,
    "Sandbox.Timedout": "A function ran out of time. Run again: finished work is stored; more memory also gives it "
    "more processor (--setting functionMemoryMegabytes=…).",
    "States.Timeout": "It exceeded its timeout. Run again to continue where it ended.",
}
_DEFAULT_ADVICE = "Run again: finished work is stored. --keep-logs keeps the agents' logs in OUT/logs."


def advice(error_name: str, cause: str = "") -> str:
    """What to do about a failed session."""
    if error_name == "Runtime.ExitError" and _KILLED in cause:
        return MEMORY_ADVICE
    return ADVICE.get(error_name, _DEFAULT_ADVICE)


def may_succeed_again(error_name: str) -> bool:
    """Whether another run of the same upload may succeed."""
    kind = getattr(errors, error_name, None)
    return not (isinstance(kind, type) and issubclass(kind, errors.UploadError))


#: What gives a terminal an order, turns the text behind it round, or is no Unicode.
_ORDERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def printable(text: str) -> str:
    """The text as a terminal can show it: orders to the terminal, and bytes that are no Unicode, as escapes."""
    return text if text.isprintable() else _ORDERS.sub(lambda order: ascii(order[0])[1:-1], text)
