"""Names between backticks: which look like a symbol or a file, and which a language or library has. Pure."""

from __future__ import annotations

import builtins
import json
import re
import sys
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import NamedTuple

_CODE = re.compile(r"(`{1,2})([^`\n]{1,200})\1")
_WORD = re.compile(r"[A-Za-z_$][\w$]*")
#: `name`, `Class.name`, `space::name`, `Class#name`, each perhaps called.
_NAME = re.compile(r"^[@.]?(?P<name>\$?[A-Za-z_][\w$]*(?:(?:\.|::|#|->)[A-Za-z_$~][\w$]*)*)(?P<call>\(.*\))?$")
_SEPARATOR = re.compile(r"\.|::|#|->")
_FILE = re.compile(r"^(?:\./)?(?P<path>[\w.@+-]*(?:/[\w.@+\[\]-]+)*/?)$")
#: `extensions` of files; files that are looked for `everywhere`; `roots` where the names of languages and well-known
#: libraries begin; `common` names of libraries and products in a shape that a symbol could have too.
_KNOWN = {
    kind: frozenset(names)
    for kind, names in json.loads(files(__package__).joinpath("known_names.json").read_text()).items()
}
_OWNERS = frozenset(("self", "cls", "this", "super"))


class NameKind(StrEnum):
    """What a name between backticks looks like."""

    FILE = "file"
    SYMBOL = "symbol"


class NameInText(NamedTuple):
    """A name that a sentence uses, and its kind."""

    name: str
    kind: NameKind


def words(text: str) -> set[str]:
    """The identifiers of a text."""
    return set(_WORD.findall(text))


def named(text: str) -> Iterator[NameInText]:
    """The names between a sentence's backticks that look like a file or a symbol; literals and plain words are none."""
    for match in _CODE.finditer(text):
        inner = match.group(2).strip()
        if inner.lower() in _KNOWN["everywhere"]:
            continue
        if looks_like_file(inner):
            yield NameInText(inner.removeprefix("./"), NameKind.FILE)
        elif (name := _symbol(inner)) is not None:
            yield NameInText(name, NameKind.SYMBOL)


def looks_like_file(text: str) -> bool:
    """Whether it is written as a file's path or name: a known ending, and nothing that no path of a repository has."""
    if not _FILE.match(text):
        return False
    stem, dot, extension = text.rpartition("/")[2].rpartition(".")
    return bool(dot and stem.strip(".*")) and extension.lower() in _KNOWN["extensions"]


def parts_of(name: str) -> list[str]:
    """A dotted name's parts, without the `self` that they may begin with."""
    parts = [part for part in _SEPARATOR.split(name) if part]
    return parts[1:] if len(parts) > 1 and parts[0] in _OWNERS else parts


def is_common(name: str) -> bool:
    """Whether a name belongs to a language, its library or a product that everybody knows."""
    parts = parts_of(name)
    return (
        all(map(_is_dunder, parts))
        or parts[0] in _KNOWN["roots"]
        or parts[0] in _python()
        or set(parts) <= _KNOWN["common"]
    )


def _symbol(text: str) -> str | None:
    """The dotted name of what looks like a symbol: called, dotted, with an underscore or a capital inside."""
    match = _NAME.match(text)
    if match is None:
        return None
    name = match["name"]
    return name if match["call"] or _SEPARATOR.search(name) or _has_shape(name) else None


def _has_shape(word: str) -> bool:
    inner = word.strip("_$")
    return (
        "_" in inner or re.search(r"[a-z0-9][A-Z]", inner) is not None or re.search(r"[A-Z]{2}[a-z]", inner) is not None
    )


def _is_dunder(word: str) -> bool:
    return len(word) > 4 and word.startswith("__") and word.endswith("__")


@cache
def _python() -> frozenset[str]:
    return frozenset(sys.stdlib_module_names) | frozenset(dir(builtins))
