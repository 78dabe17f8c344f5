"""Commands that a repository's own build files offer: targets of its Makefile, scripts of its package.json. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from agents.codebase.manifest_values import json_table, table, text_of
from agents.contracts.base import Lines
from agents.contracts.structure import SymbolKind
from agents.roles.editor.material import Material


class OfferedCommand(NamedTuple):
    """A command as one types it, what its author says of it, and where it is declared."""

    command: str
    text: str
    path: str
    lines: Lines | None = None


def offered_commands(material: Material, names: re.Pattern[str]) -> Iterator[OfferedCommand]:
    """The commands at the repository's root whose names match."""
    for path, analysis in sorted(material.analyses.items()):
        if analysis.structure.language == "makefile" and "/" not in path:
            for symbol in analysis.structure.symbols:
                if symbol.kind is SymbolKind.TARGET and names.match(symbol.name):
                    yield OfferedCommand(f"make {symbol.name}", symbol.doc, path, symbol.lines)
        elif path == "package.json":
            for name in scripts_of(material, path):
                if names.match(name):
                    yield OfferedCommand(f"npm run {name}", "", path)


def scripts_of(material: Material, path: str) -> dict[str, str]:
    """The scripts of a package.json with what each runs; none of a file that is not there or no JSON."""
    if material.texts is None or path not in material.line_counts:
        return {}
    try:
        scripts = table(json_table(material.texts.text(path)).get("scripts"))
    except ValueError:
        return {}
    return {name: text for name, runs in scripts.items() if (text := text_of(runs))}
