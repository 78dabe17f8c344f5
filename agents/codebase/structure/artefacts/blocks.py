"""Languages of declarations with bodies in braces that have no grammar here: declarations, members, comments above.

Each language is a table of patterns; text in comments and strings is never taken for code. Time is linear in the file.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from agents.codebase.structure.artefacts.block_dialect import BlockRule, Dialect
from agents.codebase.structure.artefacts.block_text import signature, unquoted, visible_value
from agents.codebase.structure.artefacts.parts import Parts
from agents.codebase.structure.documentation import NOTHING, Doc, document, of_comment
from agents.codebase.structure.documentation.comment_text import is_licence, uncommented
from agents.codebase.structure.parameters import split
from agents.codebase.structure.source import fold
from agents.contracts.base import Lines
from agents.contracts.structure import Import, Symbol, SymbolKind

_MOST_SYMBOLS = 10_000
_TOKEN = re.compile(r"[{}()\[\];,\n]")
_BLANK = re.compile(r"[^\n]")
_INDENT = re.compile(r"[ \t]*")
_DEEPEST = 10
_LONGEST_COMMENT = 100_000
_MOST_ANNOTATIONS = 40


@dataclass
class _Open:
    rule: BlockRule
    name: str
    start: int
    match: re.Match[str]
    part: str = ""
    annotations: tuple[str, ...] = ()
    first: int = -1
    head: int = -1
    body: int = -1
    end: int = -1


class _Scan:
    """One file's declarations, in one pass over its brackets."""

    def __init__(self, text: str, dialect: Dialect) -> None:
        self.text, self.dialect = text, dialect
        self.comments: list[tuple[int, int]] = []
        self.strings: list[tuple[int, int]] = []
        self.masked = dialect.parted(dialect.quiet.sub(self._hidden, text))
        self.newlines = [match.start() for match in re.finditer("\n", text)]
        self.done: list[_Open] = []
        self.stack: list[tuple[int, _Open | None]] = []
        self.pending: _Open | None = None
        self.annotations: list[tuple[int, int]] = []
        self.broken = False

    def _hidden(self, match: re.Match[str]) -> str:
        (self.comments if match.lastgroup == "comment" else self.strings).append(match.span())
        return _BLANK.sub(" ", match.group())

    def line(self, offset: int) -> int:
        return bisect_left(self.newlines, offset) + 1

    def run(self) -> None:
        self._statement(0)
        inner = 0
        for match in _TOKEN.finditer(self.masked):
            mark, at = match.group(), match.start()
            if inner or mark in "([" or (mark == "{" and self._begins_value(at)):
                inner += (mark in "([{") - (mark in ")]}")
                continue
            if mark == "{":
                self._close(at, opens=True)
                self.stack.append((at, self.pending))
                self.pending = None
            elif mark == "}":
                self._close(at, opens=False)
                if self.stack:
                    opened = self.stack.pop()[1]
                    if opened is not None:
                        opened.end = match.end()
                else:
                    self.broken = True
            elif mark in ";\n" or (mark == "," and self._holder() in self.dialect.commas):
                if mark == "\n" and self._continues(match.end()):
                    continue
                self._close(at, opens=False)
            else:
                continue
            if len(self.done) < _MOST_SYMBOLS:
                self._statement(match.end())
        self._close(len(self.text), opens=False)
        self.broken = self.broken or bool(self.stack) or inner > 0

    def _begins_value(self, at: int) -> bool:
        return self.dialect.braced and self.masked[max(0, at - 80) : at].rstrip().endswith("=")

    def _holder(self) -> str:
        owner = self.stack[-1][1] if self.stack else None
        return owner.rule.word if owner is not None else ""

    def _continues(self, at: int) -> bool:
        """Whether a declaration goes on on the next line: its brace stands there, or its value."""
        if self.pending is None:
            return False
        goes_on = self.masked[at : at + 200].lstrip(" \t\r\n").startswith(self.dialect.goes_on)
        return goes_on or self.masked[max(0, at - 80) : at].rstrip().endswith(("=>", "&&", "||", "?"))

    def _close(self, at: int, opens: bool) -> None:
        if self.pending is None:
            return
        self.pending.head = at
        if opens:
            self.pending.body = at
        else:
            self.pending.end = at
            self.pending = None

    def _statement(self, at: int) -> None:
        """A declaration that begins here, if its owner is directly around it."""
        if self.pending is not None or len(self.stack) > _DEEPEST:
            return
        owner = self.stack[-1][1] if self.stack else None
        if self.stack and owner is None:
            return
        at = self._annotated(at)
        if self.masked[at : at + 1] == "\n" and self.dialect.annotation is not None:
            return
        annotations, self.annotations = self.annotations, []
        for rule in self.dialect.rules:
            if (owner.rule.word in rule.within) if owner is not None else not rule.within:
                match = rule.pattern.match(self.text, at)
                if match:
                    own = ".".join(filter(None, (match.groupdict().get("label"), match["name"].strip("\"'"))))
                    if owner is not None:  # a named constructor
                        own = own.removeprefix(f"{owner.name.rpartition('.')[2]}.")
                    name = f"{owner.name}.{own}" if owner is not None and owner.name and rule.kind else own
                    part = owner.match.groupdict().get("part") or "" if owner is not None else ""
                    self.pending = _Open(rule, name if rule.kind else (owner.name if owner else ""), at, match, part)
                    self.pending.first = annotations[0][0] if annotations else at
                    self.pending.annotations = tuple(fold(self.text[a:b]) for a, b in annotations)
                    self.done.append(self.pending)
                    return

    def _annotated(self, at: int) -> int:
        """The first byte behind blanks and annotations, which are kept for what they stand before."""
        while True:
            at = indent.end() if (indent := _INDENT.match(self.masked, at)) else at
            match = self.dialect.annotation.match(self.masked, at) if self.dialect.annotation is not None else None
            if match is None:
                return at
            self.annotations = [*self.annotations, match.span()][-_MOST_ANNOTATIONS:]
            at = match.end()

    def symbols(self, opened: _Open) -> Iterator[Symbol]:
        """What a statement declares: a name, and those behind its commas."""
        symbol = self.symbol(opened)
        if symbol is None:
            return
        first, *others = split(symbol.signature) if opened.rule.word in self.dialect.several else [symbol.signature]
        yield symbol.model_copy(update={"signature": first}) if others else symbol
        yield from self.dialect.also(symbol)
        before = first[: match.start()] if (match := re.search(r"(?<!\w)\w+(?:\s*=.*)?$", first)) else ""
        for other in others:
            own = other.partition("=")[0].split()[0]  # `show B hide C`
            name = f"{symbol.name.rpartition('.')[0]}.{own}".lstrip(".")
            more = {"name": name, "signature": f"{before}{other.strip()}", "public": not opened.rule.private(own)}
            yield symbol.model_copy(update={**more, "default": visible_value(other.partition("=")[2], own)})

    def symbol(self, opened: _Open) -> Symbol | None:
        if opened.rule.kind is None or not opened.name:
            return None
        groups = opened.match.groupdict()
        head = opened.head if opened.head >= 0 else len(self.text)
        end = opened.end if opened.end >= 0 else len(self.text)
        doc = self._doc(opened, head, end)
        own = opened.name.rpartition(".")[2]
        symbol = Symbol(
            name=fold(opened.name, 160),
            kind=opened.rule.kind,
            signature=signature(self._code(opened.start, head), opened.rule.kind) or opened.name,
            lines=Lines(start=self.line(opened.start), end=max(self.line(opened.start), self.line(max(0, end - 1)))),
            doc=doc.text,
            documentation=doc.document,
            public=not opened.rule.private(own),
            type=fold(groups.get("type") or "", 300),
            default=visible_value(groups.get("default") or "", opened.name),
            target=fold(groups.get("target") or "", 300),
            decorators=(fold(opened.part),) if opened.part else opened.annotations,
        )
        return self.dialect.finished(symbol, self.text[opened.body + 1 : end - 1] if opened.body >= 0 else "")

    def _code(self, start: int, end: int) -> str:
        """The text between two places without its comments."""
        pieces: list[str] = []
        at = bisect_left(self.comments, (start, start))
        while at < len(self.comments) and self.comments[at][0] < end:
            pieces.append(self.text[start : self.comments[at][0]])
            start, at = self.comments[at][1], at + 1
        return " ".join([*pieces, self.text[start : max(start, end)]])

    def _doc(self, opened: _Open, head: int, end: int) -> Doc:
        if opened.body >= 0 and (
            inner := self.dialect.inner(self.text[opened.body + 1 : min(end - 1, opened.body + 20_000)])
        ):
            return document(inner, self.dialect.language)
        if self.dialect.describes:
            at = bisect_right(self.strings, (opened.start, opened.start)) - 1
            if at >= 0 and not self.masked[self.strings[at][1] : opened.start].strip() and opened.start:
                written = self.text[slice(*self.strings[at])]
                if self.strings[at][1] <= opened.start:
                    return document(unquoted(written), self.dialect.language)
        above = self._above(opened.first)
        if above.text:
            return above
        at = bisect_left(self.comments, (end if opened.body < 0 else head, 0))
        if opened.body < 0 and at < len(self.comments):
            start, last = self.comments[at]
            if self.line(start) == self.line(end) and not self.masked[end:start].strip(" \t,;"):
                return of_comment(self.text[start:last], self.dialect.language)
        return NOTHING

    def _above(self, before: int) -> Doc:
        """The run of comments that ends on the line above."""
        at = bisect_left(self.comments, (before, 0)) - 1
        run: list[str] = []
        length = 0
        start = before
        while at >= 0 and length < _LONGEST_COMMENT:
            first, last = self.comments[at]
            between = self.text[last:start]
            begins = self.text[self.text.rfind("\n", 0, first) + 1 : first] if first else ""
            if between.strip() or between.count("\n") > 1 or begins.strip():
                break
            block = self.text.startswith(("/*", "<#"), first)
            if run and block:
                break
            run.append(self.text[first:last])
            length += last - first
            start, at = first, at - 1
            if block:
                break
        written = "\n".join(line.strip() for line in reversed(run))
        doc = of_comment(written, self.dialect.language) if written else NOTHING
        return NOTHING if start == 0 and is_licence(doc.text) else doc

    def head(self) -> tuple[str, Lines | None]:
        """The file's own comment: the first run that neither is a licence nor stands on a declaration."""
        code = len(self.masked) - len(self.masked.lstrip())
        declared = next((opened.start for opened in self.done if opened.rule.word != "skip"), -1)
        run: list[tuple[int, int]] = []
        for first, last in [*(comment for comment in self.comments[:200] if comment[0] < code), (code, code)]:
            is_block = run and self.text.startswith(("/*", "<#"), run[-1][0])
            other = run and self.text.startswith("///", first) != self.text.startswith("///", run[0][0])
            apart = self.text.count("\n", run[-1][1], first) > 1 if run else False
            if run and (other or apart or first == code or is_block):
                written = "\n".join(self.text[a:b] for a, b in run)
                words = uncommented(written)
                belongs = first == declared and self.text.count("\n", run[-1][1], first) < 2
                if words and not is_licence(words) and not belongs:
                    doc = of_comment(written, self.dialect.language)
                    return doc.text, Lines(start=self.line(run[0][0]), end=self.line(run[-1][1] - 1))
                run = []
            run.append((first, last))
        return "", None


def _with_setters(symbols: list[Symbol]) -> list[Symbol]:
    """A property that is read and written is one, wherever both stand."""
    merged: dict[tuple[str, int], Symbol] = {}
    for number, symbol in enumerate(symbols):
        key = (symbol.name, -1 if symbol.kind is SymbolKind.PROPERTY else number)
        if (earlier := merged.get(key)) is not None:
            merged[key] = earlier.model_copy(update={"accessors": ("get", "set")})
        else:
            merged[key] = symbol
    return list(merged.values())


def read(text: str, dialect: Dialect) -> Parts:
    """A file's declarations in order, its imports, and its first comment as its doc."""
    scan = _Scan(text, dialect)
    scan.run()
    symbols = _with_setters([symbol for opened in scan.done for symbol in scan.symbols(opened)])
    imports = [
        Import(target=match["target"], lines=Lines(start=scan.line(match.start()), end=scan.line(match.start())))
        for match in dialect.imports.finditer(text)
        if not scan.masked.startswith(" ", match.start("word"))
    ]
    doc, lines = scan.head()
    return Parts(tuple(symbols), tuple(imports[:2_000]), doc, lines if doc else None, int(scan.broken))
