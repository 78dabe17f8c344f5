"""Parameters of PowerShell's scripts: what stands in `param(…)` before any code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from agents.codebase.facts.commands.command_facts import command_fact, marks
from agents.codebase.facts.line_numbers import line_numbers
from agents.codebase.facts.settings.words import SCRIPT
from agents.codebase.facts.written import Written, inside, literal, parts, read_call, shown_default
from agents.contracts.base import Lines
from agents.contracts.facts import Fact, FactKind

#: Attributes and imports before the parameters.
_FAR = 40
_COMMENT = re.compile(r"(?<![\w`$\"'])#[^\n]*")
_USING = re.compile(r"using [^\n]*\n", re.IGNORECASE)
_PARAM = re.compile(r"param\s*(?=\()", re.IGNORECASE)
_PARAMETER = re.compile(r"\$(?P<name>\w+)\s*(?:=\s*(?P<default>.*))?$", re.DOTALL)
_TYPE = re.compile(r"[A-Za-z][\w.]*(?:\[\])?")
_SECTION = re.compile(r"^[ \t]*\.(?P<word>[A-Z]+)(?:[ \t]+(?P<name>\w+))?[ \t]*$", re.MULTILINE | re.IGNORECASE)


def powershell_scripts(text: str) -> Iterator[Fact]:
    """A script that takes parameters, named by its file, and the parameters."""
    blocks = list(_blocks(text))
    edges = [0, *(edge for block in blocks for edge in block), len(text)]
    pieces = (text[start:end] for start, end in pairwise(edges))
    code = "".join(_blank(piece) if piece.startswith("<#") else piece for piece in pieces)
    code = _COMMENT.sub(lambda comment: _blank(comment[0]), code)
    at = _head(code)
    if at is None:
        return
    help_texts = _help_of(text[slice(*blocks[0])]) if blocks else {}
    line_at = line_numbers(code)
    written = inside(code[at:])
    place = Lines(start=line_at(at), end=line_at(at + len(written)))
    name = "the script"
    summary = help_texts.get(("SYNOPSIS", ""), "") or help_texts.get(("DESCRIPTION", ""), "")
    yield command_fact(FactKind.COMMAND, name, SCRIPT, place, owner=name, text=summary)
    for part in parts(written):
        at = max(code.find(part, at), at)
        attributes, rest = _attributes(part)
        match = _PARAMETER.match(rest)
        if match is not None:
            line = line_at(at + len(part) - len(rest))
            yield _parameter(match, attributes, help_texts, Lines(start=line, end=line), name)


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Where the comments of several lines before any code stand."""
    at = 0
    while len(text) > at:
        start = text.find("<#", at)
        end = text.find("#>", start + 2)
        if start < 0 or end < 0:
            return
        yield start, end + 2
        at = end + 2


def _head(code: str) -> int | None:
    """The bracket behind the `param` before which nothing but attributes and imports stand."""
    at = len(code) - len(code.lstrip())
    for _ in range(_FAR):
        using = _USING.match(code, at)
        param = _PARAM.match(code, at)
        if param is not None:
            return param.end()
        if using is not None:
            at = using.end()
        elif code.startswith("[", at):
            at += len(inside(code[at:])) + 2
        else:
            return None
        at += len(code[at:]) - len(code[at:].lstrip())
    return None


def _blank(comment: str) -> str:
    return re.sub(r"[^\n]", " ", comment)


def _attributes(part: str) -> tuple[list[str], str]:
    """What stands in square brackets before a parameter, and the rest."""
    attributes: list[str] = []
    rest = part.strip()
    while rest.startswith("["):
        written = inside(rest)
        attributes.append(written)
        rest = rest[len(written) + 2 :].lstrip()
    return attributes, rest


def _help_of(block: str) -> dict[tuple[str, str], str]:
    """What the script's help says of it and of its parameters, by keyword and name."""
    sections = list(_SECTION.finditer(block))
    ends = [*(item.start() for item in sections[1:]), len(block) - 2]
    return {
        (item["word"].upper(), (item["name"] or "").lower()): " ".join(block[item.end() : end].split())
        for item, end in zip(sections, ends, strict=False)
    }


def _parameter(
    match: re.Match[str], attributes: list[str], help_texts: dict[tuple[str, str], str], lines: Lines, owner: str
) -> Fact:
    given = [read_call(item) for item in attributes]
    named = {item.method.lower(): item for item in given if item.positional or item.named}
    parameter = named.get("parameter", Written(""))
    options = {name.lower(): value for name, value in parameter.named.items()}
    is_required = options.get("mandatory", "").lower() == "$true" or "mandatory" in map(str.lower, parameter.positional)
    types = [item for item in attributes if _TYPE.fullmatch(item)]
    aliases = [text for value in named["alias"].positional if (text := literal(value))] if "alias" in named else []
    default = (match["default"] or "").strip()
    return command_fact(
        FactKind.OPTION,
        ", ".join(f"-{name}" for name in (match["name"], *aliases)),
        SCRIPT,
        lines,
        owner=owner,
        type=types[-1] if types else "",
        default=default.lstrip("$") if default.lower() in {"$true", "$false"} else shown_default(default),
        text=help_texts.get(("PARAMETER", match["name"].lower()), "") or literal(options.get("helpmessage", "")) or "",
        marks=marks(required=is_required),
    )
