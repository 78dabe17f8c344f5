"""What the command line tells a person when something is wrong, and the exit code that goes with it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of `swarm`; 130 is the shell's own for Ctrl-C."""

    DONE = 0
    SESSION_FAILED = 1
    BAD_INPUT = 2
    INTERRUPTED = 130


class CommandError(Exception):
    """Something a person can put right: one sentence, shown without a traceback."""

    exit_code = ExitCode.SESSION_FAILED


class BadInput(CommandError):
    """The command was given something it cannot work with."""

    exit_code = ExitCode.BAD_INPUT


class TriggerSilent(CommandError):
    """The archive is uploaded, but no execution was started for it."""


MEMORY_ADVICE = (
    "A function needed more memory than it has. Raise --setting repositoryMemoryMegabytes=… (reviews, merging, "
    "writing, judging and building the site) or functionMemoryMegabytes=… (all other steps): 10240 at most."
)
#: What Lambda says of a process that the kernel has killed, and that is nearly always for its memory.
_KILLED = "signal: killed"
#: What to do about an error of the state machine, by its name (agents/errors.py).
ADVICE: Mapping[str, str] = {
    "ArchiveUnsupported": "Give a folder, a .zip or a .tar.gz.",
    "ArchiveCorrupt": "The archive is damaged: make it again, or give the folder instead.",
    "ArchiveUnsafe": "The archive unpacks to far more than it may, or outside its folder; give the folder instead.",
    "RepositoryEmpty": "Nothing in it can be read as text. Is this the right folder? Binary, generated and vendored "
    "files are left out.",
    "RepositoryTooLarge": "Give a part of it, or raise the limit with --setting.",
    "TooManyGaps": "The gaps and their reasons are in session.json; a run again tries only them.",
    "ModelAccessDenied": "The account or key may not use this model: check --model and the credentials.",
    "BudgetExhausted": "Raise the cap with --setting capUsd=…; the next run pays only for the rest.",
    "RevisionLimitReached": "The drafts and critiques are kept; --setting onRevisionLimit=publish ships the best.",
    "CitationUnresolved": "A page cites a line that does not exist: please report this with session.json.",
    "TaskOutOfMemory": "Give tasks more memory with --setting taskMemoryMegabytes=…, or leave large files out.",
    "TaskExited": "The container ended without a word: its exit code is above, its last lines are in its log.",
    "TaskNotStarted": "The container never ran: check containerImage, its registry and the network.",
    "ProcessKeeperGone": "Run again: what is finished is kept. A cloud of `swarm local up` has to be started anew.",
    "ProcessNotStarted": "Run again: what is finished is kept. The system started no more processes.",
    "ExecutionLost": "Its execution is gone; a run again continues where it ended.",
    "Cancelled": "A person cancelled it; a run again continues where it ended.",
    "Runtime.OutOfMemory": MEMORY_ADVICE,
    "Sandbox.Timedout": "A function ran out of time. Run again: what is finished is kept; more memory also gives it "
    "more processor (--setting repositoryMemoryMegabytes=…).",
    "States.Timeout": "It took too long and was stopped; a run again continues where it ended.",
}
_DEFAULT_ADVICE = "Run again: what is finished is kept. With --keep-logs the logs stay for reading."


def advice(error_name: str, cause: str = "") -> str:
    """What to do about a failed session."""
    if error_name == "Runtime.ExitError" and _KILLED in cause:
        return MEMORY_ADVICE
    return ADVICE.get(error_name, _DEFAULT_ADVICE)


def printable(text: str) -> str:
    """The text as a terminal can show it: a file's name may be no Unicode."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
