"""A file's code as tokens with their rows: without comments, docstrings, whitespace and what a formatter decides."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cache

import tree_sitter

from agents.codebase.change.formatting import plain_python
from agents.codebase.structure.deadline import captures, parsed
from agents.codebase.structure.grammars import LANGUAGES, grammar
from agents.text.visible import visible_text

#: Between two tokens of a joined text; no source has this control character outside of a string.
SEPARATOR = "\x1f"
_LINE, _DEEPER, _OUT = "\x1dline", "\x1ddeeper", "\x1dout"
_LAYOUT = frozenset({_LINE, _DEEPER, _OUT})
_TOKEN = re.compile(r"\\\r?\n|\n|[^\W\d][\w$]*|\d[\w.]*|[^\s\w]")
_STRING = re.compile(r"string|char_literal|character_literal|heredoc_body")
#: Nodes named so that hold code, or are a part of a string.
_NO_STRING = re.compile(r"content|fragment|start|end$|concatenated|chained|array|redirect|key_path|interpol|delimiter")
_QUOTED = re.compile(r"([A-Za-z]*)(['\"])(?!\2\2)((?:[^\\\n]|\\.)*)\2", re.DOTALL)
_OPEN, _CLOSED = frozenset("([{"), frozenset(")]}")
#: Tokens that more is done about than to write them down.
_SPECIAL = _OPEN | _CLOSED | {",", "\n", "\\\n", "\\\r\n"}
_NO_CALLEES = frozenset({"return", "in", "yield", "and", "or", "not", "is", "if", "else", "assert", "case"})
_NO_SEMICOLONS = frozenset({"javascript", "typescript", "tsx", "kotlin", "scala", "go", "swift"})
_QUOTES_ALIKE = frozenset({"python", "javascript", "typescript", "tsx"})
_HASH_COMMENTS = frozenset({"yaml", "toml", "ini", "dockerfile", "makefile", "cmake", "gitlab-ci", "github-actions"})


class CodeText:
    """The tokens of one file, and the tokens of its lines as one text that can be searched for."""

    def __init__(self, language: str, text: str) -> None:
        tokens = list(_tokens(language, visible_text(text)))
        self._rows = [row for row, _ in tokens]
        self._texts = [lexeme for _, lexeme in tokens]
        self.whole = joined(self._texts)

    def of(self, rows: Iterable[int]) -> str:
        """The tokens of rows, which count from 0 and are in order, as one text."""
        return joined(self.tokens(rows))

    def tokens(self, rows: Iterable[int]) -> list[str]:
        """The tokens of rows, which count from 0 and are in order, without the layout around them."""
        results: list[str] = []
        for first, last in runs(rows):
            part = self._texts[bisect_left(self._rows, first) : bisect_left(self._rows, last + 1)]
            # Each part begins anew: what stood before it may have moved.
            part = without_layout(part)
            results += [_LINE, *part] if results and part else part
        return results


def joined(tokens: list[str]) -> str:
    """Tokens as one text, in which another one can be searched for."""
    return SEPARATOR + SEPARATOR.join(tokens) + SEPARATOR if tokens else ""


def runs(rows: Iterable[int]) -> Iterator[tuple[int, int]]:
    """The first and the last row of each unbroken run of rows."""
    first = last = -2
    for row in rows:
        if row != last + 1:
            if first >= 0:
                yield first, last
            first = row
        last = row
    if first >= 0:
        yield first, last


def without_layout(tokens: list[str]) -> list[str]:
    """The tokens from the first one that is written: how deep a text begins says nothing of it."""
    start = next((at for at, lexeme in enumerate(tokens) if lexeme not in _LAYOUT), len(tokens))
    return tokens[start:]


def _tokens(language: str, text: str) -> Iterator[tuple[int, str]]:
    if language in LANGUAGES:
        return _TokenScan(language, text).tokens()
    return _words(language, text)


def _words(language: str, text: str) -> Iterator[tuple[int, str]]:
    """Data and prose: words; where a line's depth has a meaning, it is a token as well."""
    levels = _Levels()
    for row, line in enumerate(text.split("\n")):
        stripped = line.strip()
        if not stripped or (language in _HASH_COMMENTS and stripped.startswith("#")):
            continue
        if language in {"yaml", "gitlab-ci", "github-actions"}:
            yield from ((row, lexeme) for lexeme in levels.at(len(line) - len(line.lstrip())))
        yield from ((row, word) for word in stripped.split())


class _Levels:
    """Turns the columns at which lines begin into tokens that are the same wherever the block stands."""

    def __init__(self) -> None:
        self._columns = [0]

    def at(self, column: int) -> list[str]:
        if column > self._columns[-1]:
            self._columns.append(column)
            return [_DEEPER]
        out = 0
        while len(self._columns) > 1 and column < self._columns[-1]:
            self._columns.pop()
            out += 1
        return [_OUT] * out + [_LINE]


class _TokenScan:
    """Reads a file of a language with a grammar: the grammar finds comments and strings, an expression the rest."""

    def __init__(self, language: str, text: str) -> None:
        self._language = language
        self._data = text.encode("utf-8", "replace")
        self._found: list[tuple[int, str]] = []
        #: Of every open bracket: where its token is, how many commas it holds, and the token before it.
        self._open: list[tuple[int, int, str]] = []
        self._levels = _Levels()
        self._fresh = True
        self._line_start = 0
        self._row = 0

    def tokens(self) -> Iterator[tuple[int, str]]:
        """The tokens with their rows. A file that the grammar cannot read raises ValueError."""
        at = 0
        for start, end, dropped in _marked(self._language, self._data):
            self._code(at, start)
            if not dropped:
                self._add(self._string(self._data[start:end].decode("utf-8", "replace")), start)
            self._skip(start, end)
            at = end
        self._code(at, len(self._data))
        if self._language == "python":
            self._found = plain_python(self._found, _LAYOUT)
        return iter(self._found)

    def _skip(self, start: int, end: int) -> None:
        lines = self._data.count(b"\n", start, end)
        if lines:
            self._row += lines
            self._line_start = self._data.rfind(b"\n", start, end) + 1
            if not self._open and self._data[end - 1 : end] == b"\n":  # a comment's newline ends its line
                self._fresh = True

    def _string(self, text: str) -> str:
        """A string with the quotes that most formatters choose."""
        quoted = _QUOTED.fullmatch(text) if self._language in _QUOTES_ALIKE else None
        if quoted is None:
            return text
        prefix, content = quoted[1].lower(), quoted[3]
        if "r" in prefix:
            return f'{prefix}"{content}"' if '"' not in content else text
        if "f" in prefix:  # quotes of values inside of it are chosen by the outer ones
            content = content.replace("\\'", "'").replace('\\"', "'").replace('"', "'")
        else:
            content = content.replace("\\'", "'").replace('\\"', '"').replace('"', '\\"')
        return f'{prefix}"{content}"'

    def _code(self, start: int, end: int) -> None:
        piece = self._data[start:end].decode("utf-8", "replace")
        append, row, plain = self._found.append, self._row, self._language != "python"
        # Columns of code behind other scripts are counted in characters: only how they compare has a meaning.
        for match in _TOKEN.finditer(piece):
            lexeme = match.group()
            if lexeme not in _SPECIAL and (plain or not self._fresh):
                append((row, lexeme))
                continue
            if lexeme == "\n":
                self._newline(start + match.end())
            elif lexeme[-1] == "\n":
                self._row += 1
                self._line_start = start + match.end()
            else:
                self._add(lexeme, start + match.start())
            row = self._row

    def _newline(self, after: int) -> None:
        self._row += 1
        self._line_start = after
        if not self._open:
            self._fresh = True
        self._drop_semicolon()

    def _drop_semicolon(self) -> None:
        ends = self._found and self._found[-1][1] == ";" and self._language in _NO_SEMICOLONS
        if ends and not (self._open and self._found[self._open[-1][0]][1] == "("):
            self._found.pop()

    def _add(self, lexeme: str, at: int) -> None:
        if self._fresh and self._language == "python":
            self._found += [(self._row, mark) for mark in self._levels.at(max(0, at - self._line_start))]
            self._fresh = False
        if lexeme in _OPEN:
            before = self._found[-1][1] if self._found else ""
            self._open.append((len(self._found), 0, before))
        elif lexeme == "," and self._open:
            place, commas, before = self._open[-1]
            self._open[-1] = (place, commas + 1, before)
        elif lexeme in _CLOSED:
            if lexeme == "}":
                self._drop_semicolon()
            if self._open:
                self._drop_last_comma(lexeme)
                self._open.pop()
        self._found.append((self._row, lexeme))

    def _drop_last_comma(self, closing: str) -> None:
        """A comma before a closing bracket, unless it makes a tuple of one."""
        _, commas, before = self._open[-1]
        if not self._found or self._found[-1][1] != ",":
            return
        is_name = bool(before) and (before[-1].isalnum() or before[-1] in "_)]>") and before not in _NO_CALLEES
        alike = {")": is_name, "]": not is_name, "}": True}[closing]
        if commas > 1 or alike:
            self._found.pop()


def _marked(language: str, data: bytes) -> Iterator[tuple[int, int, bool]]:
    """Comments (dropped) and strings of a file, in order and without what lies inside of another."""
    root = parsed(grammar(language).parser, data)
    results = captures(_query(language), root)
    spans = [(node.start_byte, -node.end_byte, name == "dropped") for name, nodes in results.items() for node in nodes]
    at = 0
    for start, end, dropped in sorted(spans, key=lambda span: (*span[:2], not span[2])):
        if start >= at and -end > start:
            yield start, -end, dropped
            at = -end


@cache
def _query(language: str) -> tree_sitter.Query:
    used = grammar(language)
    lines = [f"({name}) @dropped" for name in used.table.comments]
    kinds = {
        used.loaded.node_kind_for_id(at) or ""
        for at in range(used.loaded.node_kind_count)
        if used.loaded.node_kind_is_named(at) and used.loaded.node_kind_is_visible(at)
    }
    lines += [f"({kind}) @string" for kind in sorted(kinds) if _STRING.search(kind) and not _NO_STRING.search(kind)]
    if language == "python":  # a string that is a statement does nothing
        lines.append("(expression_statement . (string) @dropped .)")
    return tree_sitter.Query(used.loaded, "\n".join(lines))
