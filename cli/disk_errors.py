"""Errors of files and folders as one sentence: what happened, to which path, and what to do."""

from __future__ import annotations

import errno
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from cli.errors import BadInput

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_CLOSED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_WRONG = frozenset({errno.ENAMETOOLONG, errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.EEXIST})


class DiskRefused(BadInput):
    """A disk is full or may not be written to, or a path cannot be one."""


def is_full(error: OSError) -> bool:
    """Whether there is no space for what was to be written."""
    return error.errno in _FULL


def sentence(error: OSError, subject: str = "") -> str:
    """The system's error about a file, and what to do; empty if a person cannot correct it."""
    named = subject or str(error.filename or "")
    problem = f"{named}: {error.strerror}" if named else str(error.strerror)
    if error.errno in _FULL:
        return f"{problem}. Make space there, or name another folder, and run again: finished work is stored."
    if error.errno in _CLOSED:
        return f"{problem}. Correct the permissions, or name another place."
    if error.errno in _WRONG or (subject and error.errno == errno.ENOENT):
        return f"{problem}. Name another path."
    return ""


@contextmanager
def explained(subject: str) -> Iterator[None]:
    """Turn disk errors of the block into DiskRefused; `subject` names the option and its path."""
    try:
        yield
    except OSError as error:
        if problem := sentence(error, subject):
            raise DiskRefused(problem) from error
        raise


def temporary_files() -> str:
    """The folder for temporary files. Raises DiskRefused when there is none that can be written to."""
    try:
        return tempfile.gettempdir()
    except FileNotFoundError as error:
        raise DiskRefused(f"{error.strerror}: make space in one of them, or name a folder by TMPDIR") from error
