"""What SQL says besides the creation of a thing: parameters, values of types, comments on names."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence

from agents.codebase.structure.artefacts.parts import MAX_PARTS, part
from agents.codebase.structure.artefacts.sql_code import QUOTED
from agents.codebase.structure.parameters import split
from agents.codebase.structure.source import fold
from agents.contracts.base import Lines
from agents.contracts.structure import Parameter, Symbol, SymbolKind

_COMMENT = re.compile(
    r"\bcomment\s+on\s+(?:materialized\s+)?(?:table|column|view|function|procedure|type|domain|index|sequence|schema)\s+"
    rf"({QUOTED}(?:\.{QUOTED}){{0,3}})(?:\s*\([^()']{{0,500}}\))?\s+is\s+"
    r"(?:(e?)'((?:[^']|''){1,4000})'|\$(\w{0,30})\$(.{1,4000}?)\$\4\$)",
    re.IGNORECASE | re.DOTALL,
)
#: How SQL Server describes what it holds.
_PROPERTY = re.compile(
    r"\bsp_addextendedproperty\s+(?:@name\s*=\s*)?N?'MS_Description'\s*,\s*(?:@value\s*=\s*)?N?'((?:[^']|''){1,4000})'"
    r"((?:\s*,\s*(?:@level\d(?:type|name)\s*=\s*)?N?'[^'\n]{1,160}'){2,6})",
    re.IGNORECASE,
)
_LITERAL = re.compile(r"'([^'\n]*)'")
_BRACKETS = r"\((?:[^()']|'[^']*'|\((?:[^()']|'[^']*'|\([^()]*\))*\))*\)"
_ATOM = rf"(?:[A-Za-z]{{0,2}}'(?:[^']|'')*'|{_BRACKETS}|[-+]?[\w.\"`@$\[\]]{{1,120}}(?:\s?{_BRACKETS})?)"
_DEFAULT = re.compile(
    rf"\s*(?:next\s+value\s+for\s+[\w.\[\]]{{1,200}}|(?:(?:timestamp|date|time|interval)\s+(?='))?{_ATOM}"
    rf"(?:\s*(?:::|\|\||[-+*/])\s*{_ATOM}|\s+at\s+time\s+zone\s+{_ATOM}){{0,9}})",
    re.IGNORECASE,
)
_DEFAULTS = re.compile(r"\bdefault\b", re.IGNORECASE)
_SAID = re.compile(r"\bcomment\b|\boptions\s*\(", re.IGNORECASE)
_WORDS = re.compile(r"\s*'((?:[^']|''){1,1000})'")
_DESCRIBED = re.compile(r"(?<!\s)\s++(?:comment\s+'(?:[^']|'')*'|options\s*\([^()]*\))", re.IGNORECASE)
_OPTION = re.compile(r"\bdescription\s*=\s*(\"(?:[^\"\\]|\\.){1,2000}\"|'(?:[^'\\]|\\.){1,2000}')", re.IGNORECASE)
_MEMBER = re.compile(r"(?:^|(?<=;))\s*((?:procedure|function)\s+(\w{1,160}))", re.IGNORECASE | re.MULTILINE)
_PARAMETER = re.compile(
    r"\s*(?:(?:in|out|inout|variadic)\s+)?([@\w\"]+)\s+(?:(?:in|out)\s+)?(.+?)(?:\s+(?:default\s+|=\s*|:=\s*)(.+?)|\s*=\s*(.+?))?"
    r"(?:\s+(?:output|out|readonly))?\s*$",
    re.IGNORECASE | re.DOTALL,
)
_RETURNS = re.compile(
    r"\breturns\s+(.+?)(?=\s+(?:as|language|immutable|stable|volatile|strict|security|begin|deterministic|parallel|cost"
    r"|called|reads|no\s+sql|modifies|contains|return)\b|\s*\$|;|$)",
    re.IGNORECASE | re.DOTALL,
)
_HEAD_END = re.compile(r"\b(?:as|language|begin|is)\b|\$|;", re.IGNORECASE)
_NAME = re.compile(r"[\"`\[\]]")
_LONGEST_HEAD = 4_000


def default(text: str, code: str, begin: int, end: int) -> str:
    """A column's default as it is written, with its calls, casts and operators."""
    named = _DEFAULTS.search(code, begin, end)
    value = _DEFAULT.match(text, named.end(), end) if named is not None else None
    return fold(value.group()) if value is not None else ""


def column(text: str, comments: Sequence[tuple[int, int]], begin: int, end: int) -> str:
    """What a column's definition says behind its name, without comments and descriptions."""
    pieces: list[str] = []
    at = bisect_left(comments, (begin, 0))
    while at < len(comments) and comments[at][0] < end:
        pieces.append(text[begin : comments[at][0]])
        begin, at = comments[at][1], at + 1
    return fold(_DESCRIBED.sub("", " ".join([*pieces, text[begin:end]])).strip())


def described(text: str, code: str, begin: int, end: int) -> str:
    """What the options of a column or a table say of it: MySQL's COMMENT, BigQuery's OPTIONS(description=…)."""
    option = _SAID.search(code, begin, end)
    if option is None:
        return ""
    if option.group().endswith("("):
        described = _OPTION.search(text, option.end(), end)
        return described.group(1)[1:-1].replace('\\"', '"').replace("\\n", "\n") if described else ""
    words = _WORDS.match(text, option.end(), end)
    return words.group(1).replace("''", "'") if words else ""


def members(
    package: str, text: str, code: str, begin: int, end: int, lines: Callable[[int, int], Lines]
) -> Iterator[Symbol]:
    """The routines that the head of Oracle's package declares."""
    for member in list(_MEMBER.finditer(code, begin, end))[:MAX_PARTS]:
        stop = code.find(";", member.end(), end)
        stop = stop if stop >= 0 else member.end()
        place = lines(member.start(1), stop)
        routine_symbol = part(
            f"{package}.{member.group(2)}", SymbolKind.FUNCTION, member.group(1), place.start, place.end
        )
        whole = routine(routine_symbol, text, code, member.start(1), member.end(), stop + 1)
        returned = re.search(r"\breturn\s+([\w.%]{1,200})", code[member.end() : stop], re.IGNORECASE)
        more = {"signature": fold(text[member.start(1) : stop]), "type": returned.group(1) if returned else ""}
        yield whole.model_copy(update=more)


def closing(code: str, at: int) -> int:
    """The place of the bracket that closes the one at a place; the end of the text when none does."""
    depth = 0
    for match in re.compile(r"[()]").finditer(code, at):
        depth += 1 if match.group() == "(" else -1
        if not depth:
            return match.start()
    return len(code)


def routine(symbol: Symbol, text: str, code: str, start: int, named: int, end: int) -> Symbol:
    """A function or a procedure with its parameters and what it returns; `named` is where its name ends."""
    end = min(end, named + _LONGEST_HEAD)
    after = named + len(code[named:end]) - len(code[named:end].lstrip())
    if code[after : after + 1] == "(":
        last = min(closing(code, after), end)
        listed, rest = text[after + 1 : last], last + 1
    else:
        stop = re.compile(r"\bas\b|\bbegin\b|;", re.IGNORECASE).search(code, after, end)
        last = stop.start() if stop else after
        listed, rest = (text[after:last], last) if code[after : after + 1] == "@" else ("", after)
    body = _HEAD_END.search(code, rest, end)
    stop_at = body.start() if body else rest
    returned = _RETURNS.search(text, rest, min(end, rest + 1_000))
    more: dict[str, object] = {"signature": fold(text[start : max(rest, stop_at)])}
    if listed.strip():
        more["parameters"] = tuple(_parameters(re.sub(r"--[^\n]*", "", listed)))
    if returned:
        more["type"] = fold(returned.group(1), 300)
    return symbol.model_copy(update=more)


def _parameters(listed: str) -> Iterator[Parameter]:
    for piece in split(listed, angles=False):
        match = _PARAMETER.match(piece)
        if match is not None:
            name, type_, default, other = match.groups()
            yield Parameter(name=name.strip('"'), type=fold(type_), default=fold(default or other or ""))


def _words(comment: re.Match[str]) -> str:
    """The words of a string, of one with escapes, or of one between dollars."""
    _, escapes, words, _, between = comment.groups()
    if words is None:
        return str(between).strip()
    plain = str(words).replace("''", "'")
    return plain.replace("\\n", "\n").replace("\\'", "'") if escapes else plain


def _properties(text: str) -> Iterator[tuple[str, str]]:
    """What SQL Server's extended properties say, by the names of their levels."""
    for extended in _PROPERTY.finditer(text):
        levels = _LITERAL.findall(extended.group(2))
        yield ".".join(levels[1::2]), extended.group(1).replace("''", "'")


def commented(symbols: Sequence[Symbol], text: str) -> list[Symbol]:
    """The symbols with what `COMMENT ON …` says of them, behind the comment above them."""
    comments = {_NAME.sub("", match.group(1)): _words(match) for match in _COMMENT.finditer(text)}
    comments |= dict(_properties(text)) if "sp_addextendedproperty" in text else {}
    if not comments:
        return list(symbols)
    short = {name.rpartition(".")[2] if name.count(".") == 1 else name: words for name, words in comments.items()}

    def words(symbol: Symbol) -> str:
        name = symbol.name
        return (
            comments.get(name)
            or comments.get(name.partition(".")[2])
            or (short.get(name) or "" if "." not in name else "")
        )

    described = ((symbol, words(symbol)) for symbol in symbols)
    return [
        symbol.model_copy(update={"doc": f"{symbol.doc}\n\n{more}".strip()}) if more and more != symbol.doc else symbol
        for symbol, more in described
    ]
