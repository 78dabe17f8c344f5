"""Verifies a model's cited sentences against the snapshot, and collects the objections to them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from agents.codebase.claims.index import SnapshotEvidence
from agents.codebase.claims.verified import Verified
from agents.contracts.analysis import Analysis
from agents.contracts.base import Contract
from agents.contracts.synthesis import CitedStatement
from agents.text.orders import obeyed

#: Objections that are sent to a model at most: a longer list does not improve its second answer.
OBJECTIONS_LIMIT = 20


def material_of(brief: Contract) -> str:
    """Every text of a question, one a line: a model may repeat each of them."""
    return "\n".join(_texts(brief.model_dump(mode="json", exclude_defaults=True)))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def verified_statements(
    statements: Iterable[CitedStatement], evidence: SnapshotEvidence
) -> Verified[tuple[CitedStatement, ...]]:
    """The statements without an objection."""
    given = tuple(statements)
    supported = tuple(statement for statement in given if not evidence.objection_to(statement))
    return Verified(supported, len(given) - len(supported))


def without_obeyed_orders(
    analyses: Mapping[str, Analysis], demands: tuple[str, ...]
) -> Verified[Mapping[str, Analysis]]:
    """The analyses without sentences that obey an order from another file of the repository; keyed by path."""
    if not demands:
        return Verified(analyses)
    clean: dict[str, Analysis] = {}
    dropped = 0
    for path, analysis in analyses.items():
        summary = tuple(statement for statement in analysis.summary if not obeyed(statement.text, demands))
        notes = tuple(note for note in analysis.notes if not obeyed(note.text, demands))
        count = len(analysis.summary) + len(analysis.notes) - len(summary) - len(notes)
        clean[path] = analysis.with_changes(summary=summary, notes=notes) if count else analysis
        dropped += count
    return Verified(clean, dropped)


def distinct_objections(objections: Iterable[str]) -> tuple[str, ...]:
    """The objections to send to a model: each once, without empty ones, OBJECTIONS_LIMIT at most."""
    return tuple(dict.fromkeys(objection for objection in objections if objection))[:OBJECTIONS_LIMIT]


def objections_to(statements: Iterable[CitedStatement], evidence: SnapshotEvidence) -> Iterator[str]:
    """The objection to each statement that has one."""
    return (objection for statement in statements if (objection := evidence.objection_to(statement)))
