"""What a file's structure tells an estimate of the questions about it. Pure."""

from __future__ import annotations

from agents.contracts.structure import Structure, SymbolKind, Topic
from agents.costs.facts import ReadFile
from agents.questions.limits import SURROUNDINGS_TOKENS
from agents.questions.tokens import BYTES_PER_TOKEN
from agents.roles.scanner.surroundings import NeighbourIndex

#: Characters of a symbol's line beside its name (agents/questions/prompt.py), of a signature's line and of a path's.
_SYMBOL, _SIGNATURE, _PATH = 42, 5, 14
#: What a file is said to be in another one's question: two sentences.
_SUMMARY = 300
#: Files of a batch, and those that are asked about before any answer can serve another question.
_BATCH, _FIRST_QUESTIONS = 40, 16
_TYPES = frozenset(
    {
        SymbolKind.CLASS,
        SymbolKind.INTERFACE,
        SymbolKind.STRUCT,
        SymbolKind.TRAIT,
        SymbolKind.ENUM,
        SymbolKind.TYPE,
    }
)


def read_file(path: str, around: NeighbourIndex) -> ReadFile | None:
    """What the file's structure tells; None where it has none."""
    structure = around.structures.get(path)
    if structure is None:
        return None
    evidence = around.evidence.get(path, {})
    return ReadFile(
        characters=_symbols(structure) + _neighbours(path, around) + len(around.outline),
        undocumented=sum(not symbol.doc for symbol in structure.definitions),
        terms=sum(
            symbol.kind in _TYPES and symbol.public and bool(symbol.doc) and "." not in symbol.name
            for symbol in structure.definitions
        ),
        security=evidence.get(Topic.SECURITY, 0),
        performance=evidence.get(Topic.PERFORMANCE, 0),
    )


def _symbols(structure: Structure) -> int:
    imports = sum(len(target) + 2 for target in {statement.target for statement in structure.imports})
    return imports + sum(len(symbol.name) + _SYMBOL for symbol in structure.definitions)


def _neighbours(path: str, around: NeighbourIndex) -> int:
    """Signatures of what is imported, and the summaries that are there by then, as far as there is room for them."""
    imported = around.shown_imports(path)
    characters = sum(
        len(signature) + _SIGNATURE for neighbour in imported for signature in around.signatures[neighbour.path]
    )
    paths = [*(neighbour.path for neighbour in imported), *around.siblings(path)]
    answered = max(0.0, 1 - _FIRST_QUESTIONS / min(_BATCH, len(around.structures)))
    summaries = answered * sum(len(beside) + _PATH + _SUMMARY for beside in paths)
    return min(SURROUNDINGS_TOKENS * BYTES_PER_TOKEN, round(characters + summaries))
