"""What a file's description is worth to a reader, where not every file can be paid for. Pure."""

from __future__ import annotations

from agents.codebase.paths import is_example, is_generated, is_test
from agents.costs.facts import FileCosts

_CONFIGURATION = frozenset({"json", "yaml", "toml", "ini", "xml", "dotenv", "editorconfig", "properties", "csv", "svg"})
#: Below this there is nothing to say that the structure does not show.
_TINY_BYTES = 200


def little_value(file: FileCosts) -> str:
    """Why a file's description is worth little, as a noun; empty when it is worth its price."""
    if is_test(file.path):
        return "a test"
    if is_example(file.path):
        return "an example"
    if is_generated(file.path):
        return "written by a program, by its name"
    if file.language in _CONFIGURATION:
        return "configuration or data"
    return "a tiny file" if file.bytes < _TINY_BYTES else ""


def worth(file: FileCosts) -> tuple[bool, int, int, str]:
    """What files are sorted by, the least valuable first: kind, how many import it, how much there is in it."""
    return not little_value(file), file.imported_by, file.bytes, file.path
