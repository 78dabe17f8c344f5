"""Elixir: modules, functions, macros, types and callbacks, with `@moduledoc`, `@doc` and `@typedoc`."""

from __future__ import annotations

import re
from typing import Any

from agents.codebase.structure.artefacts.block_text import unquoted
from agents.codebase.structure.artefacts.elixir_heads import (
    head,
    implemented,
    is_balanced,
    literal,
    marked,
    parameters,
    with_part,
)
from agents.codebase.structure.artefacts.parts import LINE_LENGTH, MAX_PARTS, Parts
from agents.codebase.structure.documentation import NOTHING, Doc, document
from agents.codebase.structure.parameters import split
from agents.codebase.structure.source import fold, shown_value
from agents.contracts.base import Lines
from agents.contracts.documentation import Entry
from agents.contracts.structure import Import, Symbol, SymbolKind
from agents.text.marked import escaped

_DEFINES = re.compile(
    r"([ \t]*)(defmodule|defprotocol|defimpl|defp?|defmacrop?|defguardp?|defdelegate"
    r"|@typep?|@opaque|@callback|@macrocallback)"
    r"[ \t]+(\w{1,160}(?:\.\w{1,160}){0,20}[?!]?|[-+!@^~&.]{1,3}(?=\w|$))(.*)"
)
_DOC = re.compile(r"[ \t]*@(moduledoc|doc|typedoc)[ \t]+(~[sS])?(\"\"\"|'''|\"|false)(.*)")
_IMPORT = re.compile(r"[ \t]*(?:alias|import|require|use)[ \t]+([A-Z]\w*(?:\.\w+){0,20})(?:\.\{([^{}\n]*)\})?")
_SPEC = re.compile(r"[ \t]*@spec[ \t]+(.*)")
_MARK = re.compile(r"[ \t]*@(?:(?:module|type)?doc[ \t]+(since|deprecated):|(deprecated))[ \t]*\"([^\"\n]*)\"")
_SCHEMA = re.compile(r"[ \t]*(?:embedded_)?schema\b.*\bdo\s*$")
_SCHEMA_FIELD = re.compile(
    r"[ \t]*(?:field|belongs_to|has_many|has_one|many_to_many|embeds_one|embeds_many)[ \t(]+:(\w{1,160})"
    r"(?:,[ \t]*(\{(?:[^{}\n]|\{[^{}\n]*\})*\}|[^,\n(){}]+?)(?=[ \t]*(?:,|\)|\bdo\b|$)))?"
    r"(?:,.*?\bdefault:[ \t]*([^,)\n]+))?"
)

_KINDS = {
    **dict.fromkeys(("defmodule", "defprotocol", "defimpl"), SymbolKind.MODULE),
    **dict.fromkeys(("defmacro", "defmacrop", "defguard", "defguardp", "@macrocallback"), SymbolKind.MACRO),
    **dict.fromkeys(("@type", "@typep", "@opaque"), SymbolKind.TYPE),
}
_HEREDOC = ('"""', "'''")
_CODE = frozenset({SymbolKind.FUNCTION, SymbolKind.MACRO})
#: `def left + right`
_OPERATOR = re.compile(r"[ \t]*(?:([-+*/<>=|&^~!.@:]{1,4})|(?<=[ \t])(and|or|in)(?=[ \t]))[ \t]*\w")
_FIELDS = re.compile(r"[ \t]*def(?:struct|exception)(?![\w:?!])[ \t]*(.*)")
_FIELD = re.compile(r"(?::(\w{1,160})|(\w{1,160}):[ \t]*(.*))$", re.DOTALL)
_PRIVATE = frozenset({"defp", "defmacrop", "defguardp", "@typep"})
_OPENS = re.compile(r"\bdo\s*$")
_DEEPEST = 10
_MOST_LINES = 300


def elixir(text: str) -> Parts:
    """Clauses of one function are one symbol; a block ends at the `end` below its beginning."""
    scan = _ElixirScan([line[: LINE_LENGTH * 4].rstrip("\r") for line in text.split("\n")])
    while scan.at < len(scan.lines):
        scan.step()
    doc, lines = scan.file_doc or (NOTHING, None)
    return Parts(tuple(scan.symbols), tuple(scan.imports[:MAX_PARTS]), doc.text, lines)


class _ElixirScan:
    """One pass over a file's lines; `at` is the next one."""

    def __init__(self, lines: list[str]) -> None:
        self.lines, self.at = lines, 0
        self.symbols: list[Symbol] = []
        self.imports: list[Import] = []
        self.file_doc: tuple[Doc, Lines] | None = None
        self._by_name: dict[str, int] = {}
        self._stack: list[tuple[int, str, int]] = []
        self._doc, self._hidden = NOTHING, False
        self._specs: list[str] = []
        self._schema = -1
        self._never_closed: set[str] = set()

    def step(self) -> None:  # noqa: C901 (one branch for each kind of line)
        """Read one line, with the text that begins on it."""
        line = self.lines[self.at]
        self.at += 1
        indent = len(line) - len(line.lstrip())
        is_attribute = line.startswith("@", indent)
        if line.strip() in {"end", "end)"}:
            self._end(indent)
        elif match := is_attribute and _DOC.match(line):
            self._documented(match)
        elif mark := is_attribute and _MARK.match(line):
            self._marked(mark.group(1) or mark.group(2), mark.group(3), line.lstrip().startswith("@moduledoc"))
        elif spec := is_attribute and _SPEC.match(line):
            self._specs.append(self._whole(spec.group(1)))
        elif "schema" in line and _SCHEMA.match(line):
            self._schema = indent
        elif self._schema >= 0 and (field := _SCHEMA_FIELD.match(line)):
            self._field(field.group(1), self.at, field.group(3) or "", field.group(2) or "")
        elif fields := _FIELDS.match(line):
            self._fields(fields.group(1))
        elif definition := _DEFINES.match(line):
            self._defined(definition, line, indent)
        elif brought := _IMPORT.match(line):
            several = [
                f"{brought.group(1)}.{name.strip()}" for name in (brought.group(2) or "").split(",") if name.strip()
            ]
            for target in several or [brought.group(1)]:
                self.imports.append(Import(target=target, lines=Lines(start=self.at, end=self.at)))
        if line.rstrip().endswith(_HEREDOC) and not _DOC.match(line) and line.count(line.rstrip()[-3:]) == 1:
            self._text_until(line.rstrip()[-3:])

    def _text_until(self, mark: str) -> None:
        """Pass over a text of several lines, if it ends."""
        if mark in self._never_closed:
            return
        for at in range(self.at, len(self.lines)):
            if self.lines[at].lstrip().startswith(mark):
                self.at = at + 1
                return
        self._never_closed.add(mark)

    def _whole(self, written: str) -> str:
        """A specification with the lines on which it goes on."""
        last = min(len(self.lines), self.at + _MOST_LINES)
        while self.at < last and (
            sum(written.count(sign) for sign in "([{") > sum(written.count(sign) for sign in ")]}")
            or written.rstrip().endswith(("::", "|", ","))
            or self.lines[self.at].lstrip().startswith(("|", "when ", ":: "))
        ):
            written += f"\n{self.lines[self.at]}"
            self.at += 1
        return fold(written)

    def _marked(self, word: str, text: str, of_module: bool) -> None:
        """`@doc since: "1.2"`, `@deprecated "Use other"`: a part of the documentation around it."""
        more = {"since": escaped(text)} if word == "since" else {"deprecated": Entry(text=escaped(text))}
        if of_module:
            if self._stack:
                number = self._stack[-1][2]
                symbol = self.symbols[number]
                doc = with_part(Doc(symbol.doc, symbol.documentation), more)
                changes = {"doc": doc.text, "documentation": doc.document}
                self.symbols[number] = symbol.model_copy(update=changes)
            return
        self._doc = with_part(self._doc, more)

    def _end(self, indent: int) -> None:
        if indent == self._schema:
            self._schema = -1
            return
        while self._stack and self._stack[-1][0] > indent:
            self._stack.pop()
        if self._stack and self._stack[-1][0] == indent:
            self._reach(self._stack.pop()[2], self.at)

    def _reach(self, number: int, row: int) -> None:
        symbol = self.symbols[number]
        self.symbols[number] = symbol.model_copy(update={"lines": Lines(start=symbol.lines.start, end=row)})

    def _documented(self, match: re.Match[str]) -> None:
        row, words, begin = self.at, match.group(4), self.at
        if match.group(3) in {'"""', "'''"}:
            while self.at < len(self.lines) and self.lines[self.at].strip() != match.group(3):
                self.at += 1
            words = unquoted('"""\n' + "\n".join(self.lines[begin : self.at]) + '"""')
            self.at += 1
        else:
            while words.rstrip().endswith("<>") and self.at < len(self.lines):
                words += self.lines[self.at]
                self.at += 1
            words = literal(words)
        hidden = match.group(3) == "false"
        doc = NOTHING if hidden else document(marked(words.strip()), "elixir")
        if match.group(1) != "moduledoc":
            self._doc, self._hidden = doc, hidden
        elif self._stack and hidden:
            number = self._stack[-1][2]
            self.symbols[number] = self.symbols[number].model_copy(update={"public": False})
        elif self._stack and doc.text:
            number = self._stack[-1][2]
            more = {"doc": doc.text, "documentation": doc.document}
            self.symbols[number] = self.symbols[number].model_copy(update=more)
            self.file_doc = self.file_doc or (doc, Lines(start=row, end=max(row, min(self.at, len(self.lines)))))

    def _fields(self, written: str) -> None:
        """The fields of a struct or an exception, `:name` or `name: default`, on one line or several."""
        row, last = self.at, min(len(self.lines), self.at + _MOST_LINES)
        while self.at < last and (written.rstrip().endswith((",", "[")) or not written.strip()):
            written += f"\n{self.lines[self.at]}"
            self.at += 1
        while self.at < last and written.count("[") > written.count("]"):
            written += f"\n{self.lines[self.at]}"
            self.at += 1
        listed = written.strip()
        if listed.startswith("[") and listed.endswith("]"):
            listed = listed[1:-1]
        for part in split(listed):
            match = _FIELD.match(part.strip())
            if match is not None:
                own = match.group(1) or match.group(2)
                at = row + written[: written.find(own)].count("\n")
                self._field(own, at, shown_value((match.group(3) or "").strip(), own))
        self._doc, self._hidden = NOTHING, False

    def _field(self, own: str, at: int, value: str, type_: str = "") -> None:
        owner = self._stack[-1][1] if self._stack else ""
        signature = (f"{own}: {value}" if value else own) if not type_ else f"{own} {type_.strip()}"
        self.symbols.append(
            Symbol(
                name=f"{owner}.{own}".lstrip("."),
                kind=SymbolKind.FIELD,
                signature=fold(signature),
                lines=Lines(start=at, end=at),
                default=value.strip(),
                type=fold(type_.strip(), 200),
            )
        )

    def _defined(self, match: re.Match[str], line: str, indent: int) -> None:
        if len(self.symbols) >= MAX_PARTS * 10 or len(self._stack) >= _DEEPEST:
            return
        word = match.group(2)
        while self._stack and self._stack[-1][0] >= indent:
            self._stack.pop()
        if self._stack and self.symbols[self._stack[-1][2]].kind in _CODE:
            return  # what a macro writes elsewhere
        owner = self._stack[-1][1] if self._stack else ""
        own = match.group(3)
        if word.startswith("def") and (operator := _OPERATOR.match(match.group(4))):
            own = operator.group(1) or operator.group(2)
        computed = own == "unquote"
        if computed:
            named = re.match(r"\(:(\w+[?!]?)\)", match.group(4))
            if named is None:
                return  # its name is computed
            own = named.group(1)
        implementing = implemented(match.group(4)) if word == "defimpl" else []
        own = f"{own}.{implementing[0]}" if implementing else own
        name = f"{owner}.{own}" if owner else own
        kind = _KINDS.get(word, SymbolKind.FUNCTION)
        if name in self._by_name and kind is not SymbolKind.MODULE:
            number = self._by_name[name]
            self._reach(number, self.at)
        else:
            number = self._by_name[name] = len(self.symbols)
            self.symbols.append(
                Symbol(
                    name=name,
                    kind=kind,
                    signature=head(line),
                    lines=Lines(start=self.at, end=self.at),
                    doc=self._doc.text,
                    documentation=self._doc.document,
                    public=word not in _PRIVATE
                    and not self._hidden
                    and all(self.symbols[number].public for _, _, number in self._stack),
                    parameters=parameters(match.group(4))
                    if kind in _CODE and not computed and word.startswith("def")
                    else (),
                    **self._specified(own if kind in _CODE else ""),
                )
            )
            for other in implementing[1:]:
                alike = f"{name.removesuffix(implementing[0])}{other}"
                self.symbols.append(self.symbols[number].model_copy(update={"name": alike}))
        self._doc, self._hidden = NOTHING, False
        if _OPENS.search(line):
            self._stack.append((indent, name, number))

    def _specified(self, own: str) -> dict[str, Any]:
        """The specifications of a function that stand above it, and what the last says that it returns."""
        specs = [spec for spec in self._specs if own and re.match(rf"{re.escape(own)}(?![\w?!])", spec)]
        self._specs = self._specs if not own else []
        if not specs:
            return {}
        returned = re.sub(r"\s+when\s.*", "", specs[-1].rpartition("::")[2] if "::" in specs[-1] else "")
        for at in (match.end() for match in re.finditer("::", specs[-1])):
            before = specs[-1][:at]
            if is_balanced(before):
                returned = re.sub(r"\s+when\s.*", "", specs[-1][at:])
                break
        return {"decorators": tuple(f"@spec {spec}" for spec in specs), "type": fold(returned)}
