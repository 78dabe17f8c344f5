"""Command lines of languages that are read without a tree: Dart's args, Mix tasks, PowerShell's scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice

from agents.codebase.facts.commands.dart import dart_commands
from agents.codebase.facts.commands.mix_tasks import mix_tasks
from agents.codebase.facts.commands.powershell import powershell_scripts
from agents.contracts.facts import Fact
from agents.contracts.structure import Symbol

#: Facts of one file, as of one with a tree.
_MOST = 4_000
_READERS: Mapping[str, Callable[[str, Sequence[Symbol]], Iterator[Fact]]] = {
    "dart": dart_commands,
    "elixir": mix_tasks,
    "powershell": lambda text, _: powershell_scripts(text),
}


def text_commands(language: str, text: str, symbols: Sequence[Symbol]) -> Iterator[Fact]:
    """The commands and their options that a text declares; its outline says where they stand."""
    reader = _READERS.get(language)
    if reader is not None:
        yield from islice(reader(text, symbols), _MOST)
