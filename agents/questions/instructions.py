"""Every role's instructions to a model: a text file in the role's package, and part of every key that depends on it."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from agents.keys import fingerprint

_NAME = "instructions.md"


@cache
def instructions_of(role: str) -> str:
    """The role's instructions, read from its package wherever that is: a folder, a zip, an image."""
    return files("agents").joinpath(role, _NAME).read_text("utf-8")


@cache
def fingerprint_of(role: str) -> str:
    """What an analysis's key says about the instructions it was made with."""
    return fingerprint(instructions_of(role))


@cache
def fingerprint_of_all() -> str:
    """What a session's key says about the instructions of every role that has any."""
    roles = sorted(package.name for package in files("agents").iterdir() if package.joinpath(_NAME).is_file())
    return fingerprint(*(part for role in roles for part in (role, instructions_of(role))))
