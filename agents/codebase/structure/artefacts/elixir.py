"""Elixir: modules, functions, macros, types and callbacks, with `@moduledoc`, `@doc` and `@typedoc`."""

from __future__ import annotations

import re

from agents.codebase.structure.artefacts.blocks import unquoted
from agents.codebase.structure.artefacts.parts import LINE_LENGTH, MAX_PARTS, Parts
from agents.codebase.structure.documentation import NOTHING, Doc, document
from agents.codebase.structure.source import fold
from agents.contracts.base import Lines
from agents.contracts.structure import Import, Symbol, SymbolKind

_DEFINES = re.compile(
    r"([ \t]*)(defmodule|defprotocol|defimpl|defp?|defmacrop?|defguardp?|defdelegate|@typep?|@opaque|@callback|@macrocallback)"
    r"[ \t]+([\w.]{1,160}[?!]?)(.*)"
)
_DOC = re.compile(r"[ \t]*@(moduledoc|doc|typedoc)[ \t]+(~[sS])?(\"\"\"|'''|\"|false)(.*)")
_IMPORT = re.compile(r"[ \t]*(?:alias|import|require|use)[ \t]+([A-Z][\w.]{0,160})")
_MODULES = frozenset({"defmodule", "defprotocol", "defimpl"})
_KINDS = {"defmacro": SymbolKind.MACRO, "defmacrop": SymbolKind.MACRO, "defguard": SymbolKind.MACRO}
_DEEPEST = 10


def elixir(text: str) -> Parts:
    """Clauses of one function are one symbol; a block ends at the `end` below its beginning."""
    lines = [line[: LINE_LENGTH * 4].rstrip("\r") for line in text.split("\n")]
    symbols: list[Symbol] = []
    by_name: dict[str, int] = {}
    imports: list[Import] = []
    stack: list[tuple[int, str, int]] = []
    doc = NOTHING
    file_doc: tuple[Doc, Lines] | None = None
    hidden = False
    at = 0
    while at < len(lines):
        line, row = lines[at], at + 1
        at += 1
        indent = len(line) - len(line.lstrip())
        if line.strip() in {"end", "end)"}:
            while stack and stack[-1][0] > indent:
                stack.pop()
            if stack and stack[-1][0] == indent:
                _, _, number = stack.pop()
                place = Lines(start=symbols[number].lines.start, end=row)
                symbols[number] = symbols[number].model_copy(update={"lines": place})
        elif said := _DOC.match(line):
            words = said.group(4)
            if said.group(3) in {'"""', "'''"}:
                begin = at
                while at < len(lines) and lines[at].strip() != said.group(3):
                    at += 1
                words = unquoted('"""\n' + "\n".join(lines[begin:at]) + '"""')
                at += 1
            hidden = said.group(3) == "false"
            one = NOTHING if hidden else document(words.strip().removesuffix('"'), "elixir")
            if said.group(1) != "moduledoc":
                doc = one
            elif stack and one.text:
                number = stack[-1][2]
                symbols[number] = symbols[number].model_copy(update={"doc": one.text, "documentation": one.document})
                file_doc = file_doc or (one, Lines(start=row, end=max(row, min(at, len(lines)))))
            if said.group(1) == "moduledoc":
                hidden = False
        elif (found := _DEFINES.match(line)) and len(symbols) < MAX_PARTS * 10 and len(stack) < _DEEPEST:
            word = found.group(2)
            while stack and stack[-1][0] >= indent:
                stack.pop()
            owner = stack[-1][1] if stack else ""
            name = f"{owner}.{found.group(3)}" if owner else found.group(3)
            kind = (
                SymbolKind.MODULE
                if word in _MODULES
                else _KINDS.get(word, SymbolKind.TYPE if "type" in word or word == "@opaque" else SymbolKind.FUNCTION)
            )
            head = re.split(r"\s+do\b|,\s*do:|,\s*to:", line.strip(), maxsplit=1)[0]
            if name in by_name and kind is not SymbolKind.MODULE:
                number = by_name[name]
                symbols[number] = symbols[number].model_copy(
                    update={"lines": Lines(start=symbols[number].lines.start, end=row)}
                )
            else:
                number = by_name[name] = len(symbols)
                private = word in {"defp", "defmacrop", "defguardp", "@typep"} or hidden
                symbols.append(
                    Symbol(name=name, kind=kind, signature=fold(head), lines=Lines(start=row, end=row), doc=doc.text,
                           documentation=doc.document, public=not private)
                )  # fmt: skip
            doc, hidden = NOTHING, False
            if re.search(r"\bdo\s*$", line):
                stack.append((indent, name, number))
        elif brought := _IMPORT.match(line):
            imports.append(Import(target=brought.group(1), lines=Lines(start=row, end=row)))
    return Parts(
        tuple(symbols),
        tuple(imports[:MAX_PARTS]),
        file_doc[0].text if file_doc else "",
        file_doc[1] if file_doc else None,
    )
