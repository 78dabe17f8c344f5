"""What a file's description is worth to a reader, where not every file can be paid for. Pure."""

from __future__ import annotations

import re

from agents.costs.facts import FileFacts

_TEST = re.compile(
    r"(?:^|/)(?:tests?|testing|testdata|specs?|__tests__|__mocks__|fixtures|bench(?:marks?)?)/"
    r"|(?:^|/)(?:test_[^/]*|conftest\.py|[^/]*_test\.\w+|[^/]*_spec\.rb|[^/]*\.(?:test|spec)\.\w+)$",
    re.IGNORECASE,
)
_EXAMPLE = re.compile(r"(?:^|/)(?:examples?|samples?|demos?|tutorials?)/", re.IGNORECASE)
_GENERATED = re.compile(
    r"(?:^|/)(?:migrations|generated|__snapshots__)/|_pb2(?:_grpc)?\.pyi?$|\.(?:pb\.go|g\.dart|snap|designer\.cs)$",
    re.IGNORECASE,
)
_CONFIGURATION = frozenset({"json", "yaml", "toml", "ini", "xml", "dotenv", "editorconfig", "properties", "csv", "svg"})
#: Below this there is nothing to say that the structure does not show.
_TINY_BYTES = 200


def little_value(file: FileFacts) -> str:
    """Why a file's description is worth little, as a noun; empty when it is worth its price."""
    if _TEST.search(file.path):
        return "a test"
    if _EXAMPLE.search(file.path):
        return "an example"
    if _GENERATED.search(file.path):
        return "written by a program, by its name"
    if file.language in _CONFIGURATION:
        return "configuration or data"
    return "a tiny file" if file.bytes < _TINY_BYTES else ""


def worth(file: FileFacts) -> tuple[bool, int, int, str]:
    """What files are sorted by, the least valuable first: kind, how many import it, how much there is in it."""
    return not little_value(file), file.imported_by, file.bytes, file.path
