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
        elif path == "package.json" and material.texts is not None:
            try:
                scripts = table(json_table(material.texts.text(path)).get("scripts"))
            except ValueError:
                continue
            for name in scripts:
                if names.match(name) and text_of(scripts[name]):
                    yield OfferedCommand(f"npm run {name}", "", path)
