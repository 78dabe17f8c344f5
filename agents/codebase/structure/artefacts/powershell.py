"""PowerShell: what the block reader must know of it."""

from __future__ import annotations

import re

from agents.codebase.structure.artefacts import powershell_details
from agents.codebase.structure.artefacts.block_dialect import WORD, Dialect, joined, rules
from agents.codebase.structure.artefacts.blocks import read
from agents.codebase.structure.artefacts.parts import Parts
from agents.contracts.structure import SymbolKind

_ATTRIBUTES = r"(?:\[[\w.]{1,80}\([^\n]{0,200}?\)\]\s*){0,5}"

POWERSHELL = Dialect(
    language="powershell",
    quiet=joined(
        [
            r"(?P<comment><#(?:[^#]|#(?!>))*(?:#>|\Z)|(?<![\w`$])#[^\n]*)",
            r"@\"\n(?:[^\n]|\n(?!\"@))*(?:\n\"@|\Z)|@'\n(?:[^\n]|\n(?!'@))*(?:\n'@|\Z)",
            r"\"(?:[^\"`]|`.|\"\")*(?:\"|\Z)|'[^']*(?:'|\Z)",
        ]
    ),
    rules=rules(
        (
            "function",
            SymbolKind.FUNCTION,
            r"(?i:function|filter|workflow|configuration)\s+(?:\w{1,20}:)?(?P<name>[\w-]{1,160})",
            "",
        ),
        ("class", SymbolKind.CLASS, rf"(?i:class)\s+(?P<name>{WORD})", ""),
        ("enum", SymbolKind.ENUM, rf"{_ATTRIBUTES}(?i:enum)\s+(?P<name>{WORD})", ""),
        (
            "method",
            SymbolKind.METHOD,
            rf"{_ATTRIBUTES}(?:(?i:static|hidden)\s+){{0,2}}(?:\[(?P<type>[^\n]{{1,120}}?)\]\s*)?(?P<name>{WORD})\s*\(",
            "class",
        ),
        (
            "field",
            SymbolKind.PROPERTY,
            rf"{_ATTRIBUTES}(?:(?i:static|hidden)\s+){{0,2}}{_ATTRIBUTES}(?:\[(?P<type>[^\n$()]{{1,120}})\]\s*)?\$(?P<name>{WORD})",
            "class",
        ),
        ("value", SymbolKind.VARIANT, rf"(?P<name>{WORD})", "enum"),
    ),
    imports=re.compile(
        r"^[ \t]*(?P<word>\.|Import-Module|using module)[ \t]+(?P<target>[^\s;|{}]{1,200})",
        re.MULTILINE | re.IGNORECASE,
    ),
    inner=powershell_details.help_inside,
    finished=powershell_details.finished,
)


def powershell(text: str) -> Parts:
    """A file's declarations, of which a module exports what it names."""
    return powershell_details.with_statements(read(text, POWERSHELL), text)
