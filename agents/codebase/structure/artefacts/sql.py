"""SQL: what its statements create, with the columns of tables."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from agents.codebase.structure.artefacts import sql_details, sql_statements
from agents.codebase.structure.artefacts.parts import MAX_PARTS, Parts, part
from agents.codebase.structure.artefacts.sql_code import QUOTED, code_of
from agents.codebase.structure.comments import plain
from agents.codebase.structure.documentation.comment_text import is_licence
from agents.codebase.structure.source import fold, shown_value
from agents.contracts.base import Lines
from agents.contracts.structure import Symbol, SymbolKind

_KINDS = {
    "table": SymbolKind.TABLE,
    "view": SymbolKind.TABLE,
    "function": SymbolKind.FUNCTION,
    "procedure": SymbolKind.FUNCTION,
    "proc": SymbolKind.FUNCTION,
    "trigger": SymbolKind.FUNCTION,
    "event": SymbolKind.FUNCTION,
    "index": SymbolKind.KEY,
    "sequence": SymbolKind.KEY,
    "aggregate": SymbolKind.FUNCTION,
    "policy": SymbolKind.KEY,
    "schema": SymbolKind.MODULE,
    "package": SymbolKind.MODULE,
    "body": SymbolKind.MODULE,
}
_NO_COLUMNS = re.compile(
    r"(?:constraint|primary|foreign|unique|check|key|index|like|exclude|period|fulltext|spatial|partition)\b(?!\s*\.)",
    re.IGNORECASE,
)
#: SQLite's columns need no type.
_COLUMN = re.compile(rf"\s*({QUOTED})(?:\s+([\w\"\[])|\s*\Z)")
_TYPE_ENDS = re.compile(
    r"(?<!\s)\s++(?:not|null|default|primary|references|unique|check|constraint|generated|collate|comment|auto_increment|identity|as|on"
    r"|options|encode|sparse|masked|charset|character\s+set)\b.*",
    re.IGNORECASE | re.DOTALL,
)
_USING = re.compile(r"\s+using\s+\w+\s*(?=\()", re.IGNORECASE)
_ROUTINES = frozenset({"function", "procedure", "proc", "aggregate"})
_TYPE = re.compile(r"\s+as\s+(enum\s*)?\(", re.IGNORECASE)
_ADDED = re.compile(
    rf"\balter\s+table\s+(?:only\s+)?(?:if\s+exists\s+)?({QUOTED}(?:\.{QUOTED}){{0,3}})\s+(?=add\b)", re.IGNORECASE
)
_ADDED_COLUMN = re.compile(
    rf"\badd\s+(?:column\s+)?(?:if\s+not\s+exists\s+)?(?!constraint\b|column\b)({QUOTED})\s+\w", re.IGNORECASE
)
_NEXT_CHANGE = re.compile(r",\s*(?:add|drop|alter)\b|;|\Z", re.IGNORECASE)
_CLOSING = {"(": ")", "<": ">"}
#: How far the definition of an added column is looked for.
_LONGEST_COLUMN = 4_000
_WORDS = re.compile(r"[\"`\[\]]|\s+(?=\.)|(?<=\.)\s+")


def sql(text: str) -> Parts:
    """Tables with columns, views, functions, procedures, triggers, types, indexes and sequences that are created."""
    comments: list[tuple[int, int]] = []
    code = code_of(text, comments)
    newlines = [match.start() for match in re.finditer("\n", text)]

    def lines(start: int, end: int) -> Lines:
        first = bisect_left(newlines, start) + 1
        return Lines(start=first, end=max(first, bisect_left(newlines, max(start, end - 1)) + 1))

    batches = sql_statements.batches(code)
    statements = list(sql_statements.created(code, batches))[:MAX_PARTS]
    symbols: list[Symbol] = []
    used: set[int] = set()
    for index, statement in enumerate(statements):
        following = statements[index + 1].start() if index + 1 < len(statements) else len(text)
        at = bisect_left(batches, statement.end())
        following = min(following, batches[at]) if at < len(batches) else following
        kind = _KINDS.get(statement.group(1).lower().split()[-1], SymbolKind.TYPE)
        end = (
            code.rfind(";", statement.end(), following)
            if kind is SymbolKind.FUNCTION
            else code.find(";", statement.end(), following)
        )
        end = end + 1 if end >= 0 else statement.start() + len(code[statement.start() : following].rstrip())
        name = _WORDS.sub("", statement.group(2))
        head = sql_statements.head(statement, text, code, end)
        place = lines(statement.start(), end)
        doc, number = _above(text, comments, statement.start())
        used.add(number)
        created = part(name, kind, fold(head), place.start, place.end, doc)
        if statement.group(1).lower() in _ROUTINES:
            created = sql_details.routine(created, text, code, statement.start(), statement.end(), following)
        if not doc and (words := sql_statements.option(statement, text, code, end)):
            created = created.model_copy(update={"doc": words})
        symbols.append(created)
        symbols += _held(statement, created, text, code, end, following, lines, comments)
    symbols += islice(_added(text, code, lines, comments), MAX_PARTS)
    symbols = sorted(sql_details.commented(symbols, text), key=lambda symbol: symbol.lines.start)
    doc, doc_lines = "", None
    if comments and not code[: comments[0][0]].strip():
        last = 0
        while last + 1 < len(comments) and text[comments[last][1] : comments[last + 1][0]] == "\n":
            last += 1
        words = plain("\n".join(text[a:b] for a, b in comments[: last + 1]))
        if last not in used and words and not is_licence(words):
            doc, doc_lines = words, lines(comments[0][0], comments[last][1])
    return Parts(tuple(symbols), (), doc, doc_lines)


def _held(
    statement: re.Match[str],
    created: Symbol,
    text: str,
    code: str,
    end: int,
    following: int,
    lines: Callable[[int, int], Lines],
    comments: list[tuple[int, int]],
) -> Iterator[Symbol]:
    """What a created thing holds: columns, values, routines."""
    word, name, at = statement.group(1).lower(), created.name, statement.end()
    if word == "package":
        yield from sql_details.members(name, text, code, at, following, lines)
    if word == "type" and (made := _TYPE.match(code, at)):
        if made.group(1):
            yield from _values(name, text[made.end() : sql_details.closing(code, made.end() - 1)], created.lines)
        else:
            yield from _columns(name, text, code, made.end(), end, lines, comments)
    using = _USING.match(code, at)
    listed = using.end() if using else at
    if created.kind is SymbolKind.TABLE and code[listed : listed + 100].lstrip().startswith("("):
        yield from _columns(name, text, code, code.index("(", listed) + 1, end, lines, comments)


def _above(text: str, comments: list[tuple[int, int]], before: int) -> tuple[str, int]:
    """The comment lines directly above a statement, and the number of the last of them."""
    at = bisect_left(comments, (before, 0)) - 1
    number = at
    run: list[str] = []
    while at >= 0 and len(run) < 200:
        first, last = comments[at]
        between = text[last:before]
        begins = not text[text.rfind("\n", 0, first) + 1 : first].strip()
        if (
            not begins
            or len(between) > 200
            or between.strip()
            or between.count("\n") > 1
            or (run and text.startswith("/*", first))
        ):
            break
        run.append(text[first:last])
        before, at = first, at - 1
    words = plain("\n".join(reversed(run))) if run else ""
    return ("", -1) if not words or is_licence(words) else (words, number)


def _columns(
    table: str,
    text: str,
    code: str,
    begin: int,
    end: int,
    lines: Callable[[int, int], Lines],
    comments: list[tuple[int, int]],
) -> Iterator[Symbol]:
    """The columns between a table's brackets."""
    spans, _ = _spans(code, begin, end)
    yield from _declared(table, text, code, spans, lines, comments)


def _spans(code: str, begin: int, end: int) -> tuple[list[tuple[int, int]], int]:
    """What commas part up to the closing bracket, and where the last part begins that no comma and no bracket ends."""
    waiting: list[str] = []
    start = begin
    spans: list[tuple[int, int]] = []
    # The angle brackets of `ARRAY<STRUCT<a INT, b INT>>` hold commas, too.
    for bracket in re.compile(r"[(),>]|(?<=\w)<").finditer(code, begin, end):
        if bracket.group() in "(<":
            waiting.append(_CLOSING[bracket.group()])
        elif waiting and bracket.group() == waiting[-1]:
            waiting.pop()
        elif not waiting and bracket.group() != ">":
            spans.append((start, bracket.start()))
            start = bracket.end()
            if bracket.group() == ")":
                return spans, -1
    return spans, -1 if waiting else start


def _declared(
    table: str,
    text: str,
    code: str,
    spans: Sequence[tuple[int, int]],
    lines: Callable[[int, int], Lines],
    comments: list[tuple[int, int]],
) -> Iterator[Symbol]:
    """The columns of these places."""
    for first, last in spans[:MAX_PARTS]:
        column = _COLUMN.match(code, first, last)
        if column is None or _NO_COLUMNS.match(column.group(1)):
            continue
        name = _WORDS.sub("", column.group(1))
        begins, behind = (column.start(2), column.end(2)) if column.group(2) else (last, column.end(1))
        length = len(_TYPE_ENDS.sub("", code[begins:last]))
        computed = re.match(r"as\b", code[begins:last], re.IGNORECASE) is not None
        type_ = "" if computed else fold(text[begins : begins + length], 200)
        default = sql_details.default(text, code, behind, last)
        place = lines(column.start(1), last)
        doc = (
            _above(text, comments, column.start(1))[0]
            or _behind(text, comments, last)
            or sql_details.described(text, code, behind, last)
        )
        visible = shown_value(default, name)
        head = f"{name} {sql_details.column(text, comments, begins, last)}".replace(default or "\0", visible)
        declared = part(f"{table}.{name}", SymbolKind.FIELD, head, place.start, place.end, doc)
        yield declared.model_copy(update={"type": type_, "default": visible})


def _added(
    text: str, code: str, lines: Callable[[int, int], Lines], comments: list[tuple[int, int]]
) -> Iterator[Symbol]:
    """The columns that statements add to a table."""
    statements = list(_ADDED.finditer(code))
    following = [*(statement.start() for statement in statements[1:]), len(code)]
    for added, end in zip(statements, following, strict=False):
        table = _WORDS.sub("", added.group(1))
        stop = code.find(";", added.end(), end)
        stop = stop if stop >= 0 else end
        for column in _ADDED_COLUMN.finditer(code, added.end(), stop):
            begin = column.start(1)
            change = _NEXT_CHANGE.search(code, begin, min(stop, begin + _LONGEST_COLUMN))
            last = change.start() if change else stop
            spans, rest = _spans(code, begin, last)
            spans += [(rest, last)] if rest >= 0 else []
            yield from _declared(table, text, code, spans, lines, comments)


def _values(owner: str, written: str, place: Lines) -> Iterator[Symbol]:
    """The values of an enumeration."""
    for value in re.findall(r"'((?:[^']|''){1,160})'", written)[:MAX_PARTS]:
        yield part(f"{owner}.{value}", SymbolKind.VARIANT, f"'{value}'", place.start, place.end)


def _behind(text: str, comments: list[tuple[int, int]], end: int) -> str:
    """The comment behind a column on its line."""
    at = bisect_left(comments, (end, 0))
    for comment in comments[max(0, at - 1) : at + 1]:
        between = text[min(end, comment[1]) : comment[0]] if comment[0] >= end else text[comment[1] : end]
        if len(between) < 200 and not between.strip(" \t,\n") and "\n" not in text[min(comment[0], end) : comment[0]]:
            return plain(text[comment[0] : comment[1]])
    return ""
