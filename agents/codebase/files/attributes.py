"""Reads a repository's `.gitattributes`: what its authors say of a file's origin, language and encoding. Pure.

Git's rules (gitattributes(5)): a later line wins over an earlier one, a file in a deeper folder over one above it; a
pattern that ends in a slash matches no file. Linguist's attributes: docs/overrides.md of github-linguist/linguist.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from agents.codebase.files.ignore_patterns import AttributePattern

FILE_NAME: Final = ".gitattributes"

_WANTED: Final = {
    "linguist-generated": "generated",
    "linguist-vendored": "vendored",
    "linguist-documentation": "documentation",
    "linguist-language": "language",
    "working-tree-encoding": "encoding",
    "encoding": "encoding",
}
_FALSE: Final = frozenset({"false", "0", "no", "off"})
#: Longer lines and more of them say nothing about a source file.
_LINES_LIMIT: Final = 5_000
_LINE_LIMIT: Final = 2_000
_ENDS_OPEN: Final = re.compile(r"\(\?:/\|\$\)$")


@dataclass(frozen=True)
class FileAttributes:
    """What the repository says of one file; None, or an empty text, where it says nothing."""

    generated: bool | None = None
    vendored: bool | None = None
    documentation: bool | None = None
    language: str = ""
    encoding: str = ""


NO_ATTRIBUTES: Final = FileAttributes()


@dataclass(frozen=True)
class _Rule:
    pattern: re.Pattern[str]
    states: Mapping[str, bool | str | None]


class RepositoryAttributes:
    """All `.gitattributes` of a repository; `texts` has each one's text by its path."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        macros = _macros(texts.get(FILE_NAME, ""))
        self._rules = {posixpath.dirname(path): list(_rules(text, macros)) for path, text in texts.items()}

    def of(self, path: str) -> FileAttributes:
        """What is said of this file."""
        if not self._rules:
            return NO_ATTRIBUTES
        states: dict[str, bool | str | None] = {}
        for folder in _from_the_root(path):
            name = path[len(folder) + 1 :] if folder else path
            for rule in self._rules.get(folder, ()):
                if rule.pattern.match(name):
                    states.update(rule.states)
        return FileAttributes(
            generated=_switch(states.get("generated")),
            vendored=_switch(states.get("vendored")),
            documentation=_switch(states.get("documentation")),
            language=_word(states.get("language")),
            encoding=_word(states.get("encoding")),
        )


def _from_the_root(path: str) -> Iterator[str]:
    yield ""
    at = path.find("/")
    while at >= 0:
        yield path[:at]
        at = path.find("/", at + 1)


def _macros(text: str) -> dict[str, dict[str, bool | str | None]]:
    """Macros, `[attr]name attribute…`, which only the root's file may define."""
    macros: dict[str, dict[str, bool | str | None]] = {}
    for name, attributes in _lines(text):
        if name.startswith("[attr]"):
            macros[name.removeprefix("[attr]")] = _states(attributes, macros)
    return macros


def _rules(text: str, macros: Mapping[str, dict[str, bool | str | None]]) -> Iterator[_Rule]:
    for pattern, attributes in _lines(text):
        states = _states(attributes, macros)
        if not states or pattern.startswith(("!", "[attr]")) or pattern.endswith("/"):
            continue
        try:
            expression, _ = AttributePattern.pattern_to_regex(pattern)
        except ValueError:
            continue
        if expression is not None:
            # In .gitignore a pattern covers what lies in a folder of that name; here it names the file itself.
            yield _Rule(re.compile(_ENDS_OPEN.sub("$", str(expression))), states)


def _lines(text: str) -> Iterator[tuple[str, list[str]]]:
    for line in text.split("\n", _LINES_LIMIT)[:_LINES_LIMIT]:
        words = line.strip()
        if not words or words.startswith("#") or len(words) > _LINE_LIMIT:
            continue
        quoted = re.match(r'"((?:[^"\\]|\\.)*)"\s*(.*)', words)
        if quoted:
            yield re.sub(r"\\(.)", r"\1", quoted.group(1)), quoted.group(2).split()
        else:
            pattern, *attributes = words.split()
            yield pattern, attributes


def _states(attributes: list[str], macros: Mapping[str, dict[str, bool | str | None]]) -> dict[str, bool | str | None]:
    """The attributes that matter here: true for `a`, false for `-a`, None for `!a`, a text for `a=text`."""
    states: dict[str, bool | str | None] = {}
    for attribute in attributes:
        name, equals, value = attribute.lstrip("-!").partition("=")
        if name in macros and attribute[0] not in "-!":
            states.update(macros[name])
        elif name in _WANTED:
            state = value if equals else None if attribute[0] == "!" else attribute[0] != "-"
            states[_WANTED[name]] = state
    return states


def _switch(state: bool | str | None) -> bool | None:
    return state.lower() not in _FALSE if isinstance(state, str) else state


def _word(state: bool | str | None) -> str:
    return state if isinstance(state, str) else ""
