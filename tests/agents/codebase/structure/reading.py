"""Reading a snippet as the analyst reads a file."""

from __future__ import annotations

from agents.codebase.structure.reader import TreeSitterReader
from agents.contracts.structure import Structure, Symbol

READER = TreeSitterReader()


def read(language: str, text: str) -> Structure:
    return READER.read(f"example.{language}", language, text)


def symbols(structure: Structure) -> dict[str, Symbol]:
    """Symbols by name; the first of a name."""
    found: dict[str, Symbol] = {}
    for symbol in structure.symbols:
        found.setdefault(symbol.name, symbol)
    return found


def docs(language: str, text: str) -> dict[str, str]:
    """What is said of each symbol that something is said of."""
    return {name: symbol.doc for name, symbol in symbols(read(language, text)).items() if symbol.doc}


def lines(symbol: Symbol) -> tuple[int, int]:
    return symbol.lines.start, symbol.lines.end


def imports(structure: Structure) -> list[tuple[str, tuple[str, ...]]]:
    return [(found.target, found.names) for found in structure.imports]
