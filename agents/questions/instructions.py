"""Every role's instructions to a model: a text file in the role's package, and part of every key that depends on it.

Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from agents.keys import fingerprint

#: The file of each role that asks a model, below agents/roles. The reviewer has one for each of its subjects.
FILES: Mapping[str, str] = {
    "analyst": "analyst/instructions.md",
    "security": "reviewer/security.md",
    "performance": "reviewer/performance.md",
    "synthesizer": "synthesizer/instructions.md",
    "editor": "editor/instructions.md",
    "critic": "critic/instructions.md",
}


@cache
def instructions_of(role: str) -> str:
    """The role's instructions, read from its package wherever that is: a folder, a zip, an image."""
    return files("agents.roles").joinpath(FILES[role]).read_text("utf-8")


@cache
def fingerprint_of(role: str) -> str:
    """The fingerprint of a role's instructions, as an analysis's key and a conversation's turn hold it."""
    return fingerprint(instructions_of(role))


@cache
def fingerprint_of_all() -> str:
    """The fingerprint of the instructions of every role, as a session's key holds it."""
    return fingerprint(*(part for role in sorted(FILES) for part in (role, instructions_of(role))))
