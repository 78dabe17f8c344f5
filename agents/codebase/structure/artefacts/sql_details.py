"""What SQL says besides the creation of a thing: parameters, values of types, comments on names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from agents.codebase.structure.parameters import split
from agents.codebase.structure.source import fold
from agents.contracts.structure import Parameter, Symbol

_COMMENT = re.compile(
    r"\bcomment\s+on\s+(?:materialized\s+)?(?:table|column|view|function|procedure|type|domain|index|sequence|schema)\s+"
    r"([^\s(]{1,320})(?:\s*\([^()']{0,500}\))?\s+is\s+(?:E)?'((?:[^']|''){1,4000})'",
    re.IGNORECASE,
)
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


def commented(symbols: Sequence[Symbol], text: str) -> list[Symbol]:
    """The symbols with what `COMMENT ON …` says of them, behind the comment above them."""
    comments = {_NAME.sub("", match.group(1)): match.group(2).replace("''", "'") for match in _COMMENT.finditer(text)}
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
