"""Cython's statements as lines of Python, with what each declares."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice
from types import MappingProxyType
from typing import NamedTuple

from agents.codebase.structure.artefacts.cython_text import (
    closed,
    colon,
    is_flat,
    parameter,
    parameter_type,
    without_brackets,
)
from agents.codebase.structure.parameters import split
from agents.codebase.structure.source import fold
from agents.contracts.structure import SymbolKind


class CythonName(NamedTuple):
    """One name as its statement declares it; without a `kind` it is what Python takes it for."""

    signature: str
    type: str = ""
    default: str = ""
    kind: SymbolKind | None = None
    target: str = ""
    parameters: Mapping[str, str] = MappingProxyType({})
    """The types of C that a function's parameters have."""


_WORD = re.compile(r"(cdef|cpdef|ctypedef)\b[ \t]*")
_MODIFIERS = re.compile(r"^(?:(?:public|readonly|inline|api|packed)\b[ \t]*)*")
_HOLDER = re.compile(
    r"(class|struct|union|enum(?:[ \t]+(?:class|struct))?|cppclass|fused)\b[ \t]*([\w.]*)[ \t]*(?:\"[^\"\n]*\"[ \t]*)?"
    r"(\[[^\[\]\n]*\])?[ \t]*(\([^()]{0,300}\))?[ \t]*(?:\[[^\[\]]*\])?[^:\n]*(:)?[ \t]*(.*)$",
    re.DOTALL,
)
_HELD = {
    "struct": SymbolKind.STRUCT,
    "union": SymbolKind.STRUCT,
    "enum": SymbolKind.ENUM,
    "fused": SymbolKind.TYPE,
}
_BLOCK = re.compile(r"(?:extern\b[^\n]*)?:[ \t]*(?:#.*)?$")
_PLAIN = re.compile(r"#|\"|'|@|\.\.\.|(?:pass|def|async|IF|ELIF|ELSE|cimport|from|import|DEF|if|else|property|with)\b")
_POINTED = re.compile(r"[^()]*\(\s*\*+\s*(?:const\s+)?(\w+)")
_CALLED = re.compile(r"(?<!\w)(operator\s*+[^\s\w(]{1,3}|operator\s*+\(\)|~?\w++)\s*+(?:\"[^\"\n]*+\"\s*+)?\(")
_DIMENSIONS = re.compile(r"(?<![\s\]])\s*+((?:\[[^\[\]]*+\]\s*+)++)$")
_DEFINES = re.compile(r"(async[ \t]+)?def[ \t]+")
_STRING = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'")
_TRIPLE = re.compile(r"\"\"\"|'''")
_REMARK = re.compile(r"[ \t]*#[^\n]*")
_MOST_LINES = 200
#: Names before parentheses that a declaration has in brackets before its own.
_MOST_CALLS = 100
_SHORT = {"IF": "if 1:", "ELIF": "elif 1:", "ELSE": "else:"}

Heads = dict[int, dict[str, CythonName]]


def as_python(text: str) -> tuple[list[str], Heads]:
    """As many lines of Python as the text has, and what is declared on each, by number and name."""
    reader = _CythonScan(text.split("\n"))
    reader.read()
    return reader.result, reader.heads


class _CythonScan:
    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._at = 0
        #: Blocks around a line: the column of their head, and what their lines are.
        self._around: list[tuple[int, str]] = []
        self.result: list[str] = []
        self.heads: Heads = {}

    def read(self) -> None:
        quote = ""
        while self._at < len(self._lines):
            line = self._lines[self._at]
            marks = _TRIPLE.findall(line)
            if quote or marks:
                for mark in marks:
                    quote = "" if quote == mark else quote or mark
                self.result.append(line)
                self._at += 1
                continue
            self._statement(line)

    def _statement(self, line: str) -> None:
        stripped = line.strip()
        indent = len(line) - len(line.lstrip())
        if stripped and not stripped.startswith("#"):
            while self._around and self._around[-1][0] >= indent:
                self._around.pop()
        inside = self._around[-1][1] if self._around else ""
        word = _WORD.match(stripped)
        declares = bool(word) or (inside in {"c", "enum", "types"} and bool(stripped) and not _PLAIN.match(stripped))
        if not declares and not _DEFINES.match(stripped):
            self.result.append(_replaced(line, stripped, indent))
            if stripped.startswith("property ") and stripped.endswith(":"):
                name = stripped[9:-1].strip()
                self._declare(name, CythonName(fold(stripped.rstrip(":")), kind=SymbolKind.PROPERTY))
            elif stripped.startswith(("IF ", "ELIF ", "ELSE")) and inside:
                self._around.append((indent, inside))
            self._at += 1
            return
        written = self._whole()
        python = self._read(written, word, inside, indent)
        count = written.count("\n")
        self.result += [line[:indent] + python, *[""] * count]
        self._at += count + 1

    def _whole(self) -> str:
        """The statement with the lines on which its brackets close, without its remarks."""
        pieces: list[str] = []
        for at in range(self._at, min(len(self._lines), self._at + _MOST_LINES)):
            line = self._lines[at]
            if "#" in line:
                bare = _STRING.sub(lambda match: "s" * len(match.group()), line)
                line = line[: bare.index("#")].rstrip() if "#" in bare else line
            pieces.append(line)
            code = _STRING.sub("", "\n".join(pieces))
            if line.endswith("\\"):
                pieces[-1] = line[:-1]
            elif code.count("(") + code.count("[") <= code.count(")") + code.count("]"):
                return "\n".join(pieces)
        return pieces[0] if pieces else ""

    def _declare(self, name: str, declared: CythonName) -> None:
        self.heads.setdefault(self._at + 1, {}).setdefault(name, declared)

    def _read(self, written: str, word: re.Match[str] | None, inside: str, indent: int) -> str:
        text = written.strip()
        rest = text[word.end() :] if word else text
        if define := _DEFINES.match(text):
            return self._function(text, define, text) or text
        rest = _MODIFIERS.sub("", rest, count=1)
        if _BLOCK.match(rest):
            self._around.append((indent, "c"))
            return "if 1:"
        if (word or inside == "c") and (holder := _HOLDER.match(rest)) and (holder.group(5) or not holder.group(6)):
            return self._holder(holder, text, indent)
        if inside == "enum":
            return self._values(rest)
        if inside == "types":
            return "pass"
        if word is not None and word.group(1) == "ctypedef":
            return self._alias(rest, text)
        return self._function(rest, None, text) or self._fields(rest, text)

    def _holder(self, holder: re.Match[str], text: str, indent: int) -> str:
        kind, name, _, bases, opens, inline = holder.groups()
        kind = kind.split()[0]
        if not opens:
            return "pass"  # announced, and defined elsewhere
        inner = {"enum": "enum", "fused": "types", "class": ""}.get(kind, "c")
        if not inline:
            self._around.append((indent, inner))
        if not name:
            return f"if 1: {self._values(inline)}" if inline else "if 1:"
        name = name.rpartition(".")[2]
        signature = fold(text[: len(text) - len(inline)] if inline else text).rstrip(":")
        self._declare(name, CythonName(signature, kind=_HELD.get(kind)))
        bases = bases if kind == "class" and bases else ""
        return f"class {name}{bases}: {'pass' if inline and inner else inline}".rstrip()

    def _values(self, rest: str) -> str:
        """The values of an enumeration on one line."""
        made: list[str] = []
        for piece in split(rest.strip().rstrip(","), angles=False):
            name, _, value = piece.partition("=")
            match = re.match(r"\w+", name.strip())
            if match:
                value = value.strip()
                signature = f"{match.group()} = {value}" if value else match.group()
                self._declare(match.group(), CythonName(signature, default=value, kind=SymbolKind.VARIANT))
                made.append(f"{match.group()}: object")
        return "; ".join(made) or "pass"

    def _alias(self, rest: str, text: str) -> str:
        pointed = _POINTED.match(rest)
        bare = without_brackets(rest)
        name = pointed.group(1) if pointed else (re.search(r"(?<!\w)(\w++)\s*+$", bare) or [""])[0].strip()
        if not name:
            return "pass"
        target = fold(rest if pointed else rest[: rest.rfind(name)])
        self._declare(name, CythonName(fold(text), type=target, target=target, kind=SymbolKind.TYPE))
        return f"{name}: object"

    def _function(self, rest: str, define: re.Match[str] | None, text: str) -> str:
        """`type name(type a, type b=1) except -1: body`; empty for what is no function."""
        start = define.end() if define else closed(rest, 0) if rest[:1] == "(" else 0
        called = _called(rest, start)
        if called is None or "=" in without_brackets(rest[start : called.start()]):
            return ""
        if called.end() < len(rest) and re.match(r"\s*\*", rest[called.end() :]) and not define:
            after = rest[closed(rest, called.end() - 1) :].lstrip()
            if after.startswith("("):  # a pointer to a function, not one that takes several values
                return ""
        end = closed(rest, called.end() - 1)
        name, listed = called.group(1), rest[called.end() : end - 1]
        head_end = colon(rest, end)
        body = rest[head_end:] if head_end >= 0 else ": ..."
        if name.startswith(("operator", "~")):
            return "pass"
        head = rest[:head_end] if head_end >= 0 else rest
        returned = "" if define else rest[: called.start()].strip()
        written = text[: len(text) - len(rest)] + head
        pieces = split(listed, angles=False)
        types = {own: type_ for own, type_ in map(parameter_type, pieces) if type_}
        self._declare(name, CythonName(fold(written), type=fold(returned), parameters=types))
        parameters = ", ".join(filter(None, map(parameter, pieces)))
        arrow = rest[end:head_end] if define and "->" in rest[end : head_end if head_end >= 0 else len(rest)] else ""
        prefix = "async " if define and define.group(1) else ""
        return f"{prefix}def {name}({parameters}){arrow}{body}"

    def _fields(self, rest: str, text: str) -> str:
        pointed = _POINTED.match(rest)
        if pointed:
            self._declare(pointed.group(1), CythonName(fold(text), type=fold(rest), kind=SymbolKind.FIELD))
            return f"{pointed.group(1)}: object"
        made: list[str] = []
        shared = ""
        for number, piece in enumerate(split(rest, angles=False)):
            left, _, value = piece.partition("=")
            dims = _DIMENSIONS.search(left) if number or not _is_memoryview(left) else None
            left = left[: dims.start()] if dims else left
            match = re.search(r"(?<!\w)(\w++)\s*+(?:\"[^\"\n]*+\"\s*+)?$", left)
            if match is None:
                continue
            before = left[: match.start()].strip()
            shared = before.rstrip("*& ") if not number else shared
            type_ = before if not number else f"{shared} {before}".strip()
            if not number and not before:
                continue  # no type: no declaration
            signature = fold(text.partition("=")[0].strip())
            declared = CythonName(signature, type=fold(type_), default=fold(value), kind=SymbolKind.FIELD)
            self._declare(match.group(1), declared)
            made.append(f"{match.group(1)}: object")
        return "; ".join(made) or "pass"


def _called(rest: str, start: int) -> re.Match[str] | None:
    """The first name before parentheses that stands in no brackets."""
    calls = islice(_CALLED.finditer(rest, start), _MOST_CALLS)
    return next((match for match in calls if is_flat(rest[start : match.start()])), None)


def _is_memoryview(left: str) -> bool:
    return left.rstrip().endswith("]") and re.search(r"\w\s*+\[[^\[\]]*+\]\s*$", left) is None


def _replaced(line: str, stripped: str, indent: int) -> str:
    """A statement that declares nothing of C, as Python writes it."""
    begin = line[:indent]
    word = stripped.split(" ", 1)[0].rstrip(":")
    if word in _SHORT and stripped.endswith(":"):
        return begin + _SHORT[word]
    if stripped.startswith("DEF "):
        return begin + stripped[4:]
    if stripped.startswith(("include ", "include\t")):
        return begin + "pass"
    if re.match(r"with\s+(?:no)?gil\b", stripped):
        return begin + "if 1:" + stripped.partition(":")[2]
    if stripped.startswith("property ") and stripped.endswith(":"):
        return f"{begin}class {stripped[9:]}"
    if re.match(r"cimport\s", stripped):
        return f"{begin}import {stripped[8:]}"
    return re.sub(r"^(\s*from\s+[\w.]+\s+)cimport\b", r"\1import", line)
