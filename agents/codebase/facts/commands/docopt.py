"""Command lines that Python's docopt reads from a usage text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.codebase.facts.commands.command_facts import command_fact
from agents.codebase.facts.file import ParsedCode
from agents.contracts.base import Lines
from agents.contracts.facts import Fact, FactKind

_SOURCE = "docopt"
_TEXTS = re.compile(r"(\"\"\"|''')(.*?)\1", re.DOTALL)
_USAGE = re.compile(r"^[ \t]*usage:[ \t]*(\S[^\n]*)?$", re.IGNORECASE | re.MULTILINE)
_OPTION = re.compile(r"^\s*(?P<flags>-{1,2}\w(?:\S| (?! ))*)(?:\s{2,}(?P<text>\S.*))?$")
_DEFAULT = re.compile(r"\[default: ([^\]\n]{0,500})\]", re.IGNORECASE)


def docopt_commands(file: ParsedCode) -> Iterator[Fact]:
    """The program, its usages where there are several, and its options."""
    if not any(True for _ in file.calls("docopt")):
        return
    whole = file.whole_text
    for written in _TEXTS.finditer(whole):
        usage = _USAGE.search(written[2])
        if usage is not None:
            first = whole.count("\n", 0, written.start(2)) + 1
            yield from _program(written[2], usage, first)
            return


def _program(text: str, usage: re.Match[str], first: int) -> Iterator[Fact]:
    lines = text.split("\n")
    at = text.count("\n", 0, usage.start())
    usages = [(first + at, usage[1].strip())] if usage[1] else []
    end = at + 1
    while end < len(lines) and lines[end].strip():
        usages.append((first + end, lines[end].strip()))
        end += 1
    if not usages:
        return
    name = usages[0][1].split()[0]
    # A line that does not begin with the program goes on with the usage above it.
    usages = [(line, written) for line, written in usages if written.split()[0] == name]
    title = " ".join(text[: usage.start()].split())
    place = Lines(start=usages[0][0], end=usages[-1][0])
    is_one = len(usages) == 1
    yield command_fact(FactKind.COMMAND, usages[0][1] if is_one else name, _SOURCE, place, owner=name, text=title)
    for line, written in usages if not is_one else ():
        if written != name:
            yield command_fact(FactKind.COMMAND, written, _SOURCE, Lines(start=line, end=line), owner=written)
    yield from _options(lines, end, first, name)


def _options(lines: list[str], start: int, first: int, owner: str) -> Iterator[Fact]:
    """Lines that begin with a dash; deeper ones below go on with what an option is for."""
    at = start
    while at < len(lines):
        option = _OPTION.match(lines[at])
        begin, at = at, at + 1
        if option is None:
            continue
        texts = [option["text"] or ""]
        margin = len(lines[begin]) - len(lines[begin].lstrip())
        while at < len(lines) and _goes_on(lines[at], margin):
            texts.append(lines[at].strip())
            at += 1
        text = " ".join(" ".join(texts).split())
        default = _DEFAULT.search(text)
        yield command_fact(
            FactKind.OPTION,
            option["flags"],
            _SOURCE,
            Lines(start=first + begin, end=first + at - 1),
            owner=owner,
            default=default[1] if default else "",
            text=_DEFAULT.sub("", text).strip(" ."),
        )


def _goes_on(line: str, margin: int) -> bool:
    written = line.strip()
    return bool(written) and not written.startswith("-") and len(line) - len(line.lstrip()) > margin
