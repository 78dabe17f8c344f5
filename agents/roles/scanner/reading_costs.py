"""What a file's structure tells an estimate of the questions about it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from agents.contracts.structure import Structure, SymbolKind, Topic
from agents.costs.facts import ReadFile
from agents.questions.limits import SURROUNDINGS_TOKENS
from agents.questions.tokens import BYTES_PER_TOKEN
from agents.roles.scanner.plan import FileToPlan, plan_by_imports
from agents.roles.scanner.surroundings import NeighbourIndex
from agents.settings import SharedSettings

#: Characters of a symbol's line beside its name (agents/questions/prompt.py), of a signature's line and of a path's.
_SYMBOL, _SIGNATURE, _PATH = 42, 5, 14
#: What a file is said to be in another one's question: two sentences.
_SUMMARY = 300
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


class _Turn(NamedTuple):
    """When the plan has a file's question: its wave and batch, and how many of the batch are asked before it."""

    wave: int
    batch: int
    position: int


@dataclass(frozen=True)
class AskingOrder:
    """Which answers are there when a question is asked: those of earlier waves, and of its batch's earlier questions.

    A path without a place has a stored analysis. `at_once` are the questions of a batch that are under way together.
    """

    places: Mapping[str, _Turn] = field(default_factory=dict)
    at_once: int = 1
    as_job: bool = False

    def is_answered(self, other: str, path: str) -> bool:
        """Whether the question about `path` can show what was answered about `other`."""
        earlier, own = self.places.get(other), self.places.get(path)
        if earlier is None or own is None:
            return earlier is None
        if self.as_job:
            return False
        if earlier.batch == own.batch:
            return earlier.position <= own.position - self.at_once
        return earlier.wave < own.wave


def asking_order(files: Iterable[FileToPlan], around: NeighbourIndex, settings: SharedSettings) -> AskingOrder:
    """The order in which the plan asks about these files, those that want an analysis."""
    to_plan = list(files)
    imports = {file.path: around.imported_by(file.path) for file in to_plan}
    places = {
        path: _Turn(batch.wave, number, position)
        for number, (batch, paths) in enumerate(plan_by_imports(to_plan, imports, settings, {}))
        for position, path in enumerate(paths)
    }
    at_once = max(1, settings.questions_at_once("analyst"))
    return AskingOrder(places, at_once, as_job=settings.inference == "batch")


def read_file(path: str, around: NeighbourIndex, order: AskingOrder) -> ReadFile | None:
    """What the file's structure tells; None where it has none."""
    structure = around.structures.get(path)
    if structure is None:
        return None
    evidence = around.evidence.get(path, {})
    return ReadFile(
        characters=_symbols(structure) + _neighbours(path, around, order) + len(around.outline),
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


def _neighbours(path: str, around: NeighbourIndex, order: AskingOrder) -> int:
    """Signatures of what is imported, and the summaries that are there by then, as far as there is room for them."""
    imported = around.shown_imports(path)
    characters = sum(
        len(signature) + _SIGNATURE for neighbour in imported for signature in around.signatures[neighbour.path]
    )
    paths = [*(neighbour.path for neighbour in imported), *around.siblings(path)]
    summaries = sum(len(beside) + _PATH + _SUMMARY for beside in paths if order.is_answered(beside, path))
    return min(SURROUNDINGS_TOKENS * BYTES_PER_TOKEN, round(characters + summaries))
