"""What stands of a model's cited sentences, what is struck, and what goes back to it first. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from agents.codebase.claims.index import Proof
from agents.contracts.analysis import Analysis
from agents.contracts.base import Contract
from agents.contracts.synthesis import CitedStatement
from agents.text.orders import obeyed

#: Objections that go back to a model; more of the same would teach it nothing.
OBJECTIONS_LIMIT = 20


def material_of(brief: Contract) -> str:
    """Every text of a question, one a line: what a model may repeat, because it was shown it."""
    return "\n".join(_texts(brief.model_dump(mode="json", exclude_defaults=True)))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def standing(statements: Iterable[CitedStatement], proof: Proof) -> tuple[tuple[CitedStatement, ...], int]:
    """The statements that the snapshot proves, and how many were struck."""
    everything = tuple(statements)
    kept = tuple(one for one in everything if not proof.statement(one))
    return kept, len(everything) - len(kept)


def swept(analyses: Mapping[str, Analysis], demands: tuple[str, ...]) -> tuple[dict[str, Analysis], int]:
    """The analyses without what obeys an order that stands in another file, and how much that was."""
    if not demands:
        return dict(analyses), 0
    found: dict[str, Analysis] = {}
    count = 0
    for path, analysis in analyses.items():
        summary = tuple(one for one in analysis.summary if not obeyed(one.text, demands))
        notes = tuple(one for one in analysis.notes if not obeyed(one.text, demands))
        lost = len(analysis.summary) + len(analysis.notes) - len(summary) - len(notes)
        found[path] = analysis.model_copy(update={"summary": summary, "notes": notes}) if lost else analysis
        count += lost
    return found, count


def objections(wrong: Iterable[str]) -> tuple[str, ...]:
    """What goes back: each reason once, and not too many."""
    return tuple(dict.fromkeys(one for one in wrong if one))[:OBJECTIONS_LIMIT]


def problems(statements: Iterable[CitedStatement], proof: Proof) -> Iterator[str]:
    """Why each statement that cannot stand does not."""
    return (wrong for one in statements if (wrong := proof.statement(one)))
