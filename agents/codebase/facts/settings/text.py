"""Settings that a text reads, in languages whose calls no grammar gives us: by their form, line by line. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Final

from agents.codebase.facts.settings.words import NAME, VARIABLE
from agents.codebase.facts.written import shown_default
from agents.codebase.structure.innermost import innermost
from agents.contracts.base import Lines
from agents.contracts.facts import Fact, FactKind
from agents.contracts.structure import Symbol

_QUOTED = r"""(?P<quote>["'])(?P<name>\w+)(?P=quote)"""
_ELSE = r"""(?:\s*(?:\?\?|\|\|)\s*(?P<else>"[^"\n]*"|'[^'\n]*'|[\w.]+))?"""
#: How each language reads the environment. What holds when nothing is set is `default` or `else`, a value as the
#: language writes it, or `words`, as they are.
_READS: Final[Mapping[str, tuple[re.Pattern[str], ...]]] = {
    "swift": (
        re.compile(rf"\bProcessInfo(?:\.processInfo|\(\))\.environment\[\s*{_QUOTED}\s*\]{_ELSE}"),
        re.compile(rf"\bEnvironment\.get\(\s*{_QUOTED}\s*\){_ELSE}"),
        re.compile(rf"\bgetenv\(\s*{_QUOTED}\s*\)"),
    ),
    "dart": (
        re.compile(rf"\bPlatform\.environment\[\s*{_QUOTED}\s*\]{_ELSE}"),
        re.compile(
            rf"\b(?P<type>String|bool|int)\.fromEnvironment\(\s*{_QUOTED}"
            r"""(?:\s*,\s*defaultValue:\s*(?P<default>"[^"\n]*"|'[^'\n]*'|[\w.]+))?"""
        ),
    ),
    "elixir": (
        re.compile(
            rf"\bSystem\.(?:get_env|fetch_env!?)\(\s*{_QUOTED}"
            rf"""(?:\s*,\s*(?P<default>"[^"\n]*"|[\w.]+))?\s*\)?{_ELSE}"""
        ),
    ),
    "powershell": (
        re.compile(r"\$\{?env:(?P<name>[A-Za-z_]\w*)\}?(?!\w)(?!\s*[+.]?=(?!=))", re.IGNORECASE),
        re.compile(rf"\[(?:System\.)?Environment\]::GetEnvironmentVariable\(\s*{_QUOTED}", re.IGNORECASE),
    ),
    "bash": (
        re.compile(
            r"\$\{(?P<name>[A-Z][A-Z0-9_]{1,200})(?::?[-=](?P<words>[^}\n]{0,500})|(?P<required>:?\?)[^}\n]{0,500})\}"
        ),
    ),
}
_REMARKS: Final[Mapping[str, str]] = {"swift": "//", "dart": "//", "elixir": "#", "powershell": "#", "bash": "#"}
#: A script's own variables are no settings, unless it says what they are when the environment does not.
_OWN = re.compile(
    r"^\s*(?:local\s+|readonly\s+|export\s+|declare\s+(?:-\w+\s+)?)?(?P<name>[A-Z][A-Z0-9_]+)\+?=(?P<value>.*)"
)
#: What the shell itself sets.
_OF_THE_SHELL: Final = frozenset({"BASH_SOURCE", "OSTYPE", "PPID", "PWD", "OLDPWD", "RANDOM", "SECONDS", "UID", "EUID"})


def settings_of_text(language: str, text: str, symbols: Sequence[Symbol]) -> Iterator[Fact]:
    """The environment variables that a file reads; none for a language that is read by its calls."""
    patterns = _READS.get(language, ())
    if not patterns or not any(pattern.search(text) for pattern in patterns):
        return
    lines = text.split("\n")
    is_read: Callable[[str], bool] = partial(_is_setting, _own_names(lines)) if language == "bash" else _is_any
    for number, line in enumerate(lines, 1):
        if line.lstrip().startswith(_REMARKS[language]):
            continue
        for pattern in patterns:
            for match in pattern.finditer(line):
                if is_read(match["name"]) and NAME.match(match["name"]):
                    yield _setting(match.groupdict(), number, symbols)


def _setting(parts: Mapping[str, str | None], line: int, symbols: Sequence[Symbol]) -> Fact:
    around = innermost(symbols, line)
    return Fact(
        kind=FactKind.SETTING,
        name=parts["name"] or "",
        source=VARIABLE,
        lines=Lines(start=line, end=line),
        type=parts.get("type") or "",
        default=parts.get("words") or shown_default(parts.get("default") or parts.get("else") or ""),
        symbol=around.name if around is not None else "",
        marks=("required",) if parts.get("required") else (),
    )


def _own_names(lines: Sequence[str]) -> frozenset[str]:
    """The variables that a script gives a value of its own: `OUT=build`, but not `OUT="${OUT:-build}"`."""
    given = (match for line in lines if (match := _OWN.match(line)) is not None)
    return frozenset(match["name"] for match in given if "${" + match["name"] not in match["value"])


def _is_setting(own: frozenset[str], name: str) -> bool:
    return name not in own and name not in _OF_THE_SHELL


def _is_any(_: str) -> bool:
    return True
