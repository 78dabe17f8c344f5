"""Counts public symbols without the product's own readers: Python by its parser, others by their lines. Pure.

It shares no code with agents/codebase, since what both overlooked would never be missed.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping

_GO = re.compile(r"^(?:func(?: \([^)]*\))?|type) ([A-Z]\w*)", re.MULTILINE)
_JAVA = re.compile(
    r"^\s*public (?:static |final |abstract )*(?:(?:class|interface|enum|record) (\w+)|[\w<>\[\], ]+? (\w+)\()",
    re.MULTILINE,
)
_RUST = re.compile(r"^\s*pub (?:async )?(?:fn|struct|enum|trait) (\w+)", re.MULTILINE)
_RUBY = re.compile(r"^\s*(?:class|module|def(?: self\.)?) ?(\w+[?!]?)", re.MULTILINE)
_TYPESCRIPT = re.compile(
    r"^export (?:default )?(?:abstract )?(?:async )?(?:function|class|interface|enum|type) (\w+)", re.MULTILINE
)
_JAVASCRIPT = re.compile(r"^(?:export )?(?:async )?(?:function|class) (\w+)", re.MULTILINE)


def public_symbols(path: str, text: str) -> frozenset[str]:
    """The names that a file offers to others; none for a language that is not counted here."""
    counter = _COUNTERS.get(path.rpartition(".")[2])
    return frozenset(counter(text)) if counter else frozenset()


def _python(text: str) -> set[str]:
    names: set[str] = set()
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        if isinstance(node, ast.ClassDef):
            names |= {each.name for each in node.body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)}
    return {name for name in names if not name.startswith("_")}


def _lines(pattern: re.Pattern[str]) -> Callable[[str], set[str]]:
    return lambda text: {name for groups in pattern.finditer(text) for name in groups.groups() if name}


_COUNTERS: Mapping[str, Callable[[str], set[str]]] = {
    "py": _python,
    "go": _lines(_GO),
    "java": _lines(_JAVA),
    "rs": _lines(_RUST),
    "rb": _lines(_RUBY),
    "ts": _lines(_TYPESCRIPT),
    "js": _lines(_JAVASCRIPT),
}
