"""Environment variables that options of a command line take their values from. Tables first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agents.codebase.facts.calls import CodeCall
from agents.codebase.facts.file import ParsedCode, place
from agents.codebase.facts.line_numbers import line_numbers
from agents.codebase.facts.settings.words import NAME, VARIABLE
from agents.codebase.facts.written import shown_default, texts_in
from agents.contracts.base import Lines
from agents.contracts.facts import Fact, FactKind

#: Calls that declare an option, and the argument that names its variables.
_DECLARED: Final = ("option", "argument", "Option", "Argument", "add_argument", "add")
_ARGUMENTS: Final = ("envvar", "env_var")
#: A method of an option in a chain, by the library that a file must name.
_CHAINED: Final = {
    "javascript": ("env", b"commander"), "typescript": ("env", b"commander"), "tsx": ("env", b"commander"),
    "cpp": ("envname", b"CLI"),
}  # fmt: skip
#: Fields of a flag of urfave/cli.
_URFAVE: Final = re.compile(
    r"\b(?:EnvVars?|Sources)\s*:\s*(?:\[\]string\s*\{|cli\.EnvVars\s*\()?\s*(\"[^\"\n]{1,200}\"(?:\s*,\s*\"[^\"\n]{1,200}\")*)"
)
_TEXT: Final = re.compile(r"\"([^\"]*)\"")


def option_variables(file: ParsedCode) -> Iterator[Fact]:
    """`@click.option("--url", envvar="URL")` and its like in other libraries."""
    if file.language == "python" and file.holds(b"envvar", b"env_var"):
        for call in file.calls(*_DECLARED):
            written = next((call.named[name] for name in _ARGUMENTS if name in call.named), "")
            yield from _facts(file, call, texts_in(written))
    method, library = _CHAINED.get(file.language, ("", b""))
    if method and file.holds(library):
        for call in file.calls(method):
            if call.before is not None:
                yield from _facts(file, call, [call.text(0)])
    if file.language == "go" and file.holds(b"urfave/cli"):
        yield from _of_flags(file)


def _facts(file: ParsedCode, call: CodeCall, names: list[str]) -> Iterator[Fact]:
    for name in names:
        if NAME.match(name):
            yield Fact(
                kind=FactKind.SETTING,
                name=name,
                source=VARIABLE,
                lines=place(call),
                default=shown_default(call.named.get("default", "")),
                text=call.text(-1, "help"),
                symbol=file.symbol_at(call.line),
            )


def _of_flags(file: ParsedCode) -> Iterator[Fact]:
    text = file.whole_text
    line_at = line_numbers(text)
    for field in _URFAVE.finditer(text):
        line = line_at(field.start())
        for written in _TEXT.findall(field[1]):
            for name in filter(NAME.match, map(str.strip, written.split(","))):
                lines = Lines(start=line, end=line)
                yield Fact(kind=FactKind.SETTING, name=name, source=VARIABLE, lines=lines, symbol=file.symbol_at(line))
