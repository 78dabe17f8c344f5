"""The ladder near the cap: what a session did with less money, each step recorded."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from enum import StrEnum

from pydantic import Field

from agents.contracts.base import Contract, RepositoryText
from agents.contracts.session import BatchOutcome
from agents.contracts.snapshot import Manifest, ManifestEntry

#: Why a file's analysis is not the asked model's; the words stand in the manifest.
BUDGET_USED_UP = "the budget was used up when its turn came"


class Rung(StrEnum):
    """The steps in the order in which they are taken."""

    ECONOMY_MODEL = "economy-model"
    LARGER_QUESTIONS = "larger-questions"
    EXTRACTIVE = "extractive"


class LadderStep(Contract):
    """One step. `planned` ones were taken by the scanner, the others when the ledger refused a question."""

    rung: Rung
    planned: bool
    role: str
    answers: int = Field(ge=0, description="files (analyst), or questions of another role, that it concerns")
    detail: RepositoryText
    taken_at: int = Field(description="seconds since 1970")

    @property
    def order(self) -> tuple[bool, int, int]:
        """What steps are sorted by: planned ones first, as they are taken; then those of the run by their time."""
        return not self.planned, 0 if not self.planned else tuple(Rung).index(self.rung), self.taken_at

    @property
    def name(self) -> str:
        """What tells the step from others of its session, but for those of the analyst's batches."""
        return f"{'plan' if self.planned else 'run'}#{self.role}#{self.rung.value}"


def unpaid_step(role: str, paths: Sequence[str], now: int) -> LadderStep:
    """Files of a batch that got no model's description because the ledger refused their questions."""
    files = f"{len(paths):,} file{'' if len(paths) == 1 else 's'} described without a model: {BUDGET_USED_UP}"
    return LadderStep(rung=Rung.EXTRACTIVE, planned=False, role=role, answers=len(paths), detail=files, taken_at=now)


def as_it_came_out(planned: Manifest, outcomes: Collection[BatchOutcome]) -> Manifest:
    """The manifest in which files without a model's analysis point at their extractive one.

    These are the files that the budget did not cover, and those whose replies were refused.
    """
    unpaid = [path for outcome in outcomes for path in outcome.unpaid]
    gaps = [gap for outcome in outcomes for gap in outcome.gaps]
    return planned.with_unpaid(unpaid, BUDGET_USED_UP).with_refused(gaps)


def without_model(documented: Iterable[ManifestEntry]) -> int:
    """How many files were described without a model because of the budget; the manifest's entries as they came out."""
    return sum(1 for entry in documented if entry.stepped_down and entry.answered_by == "extractive")


def shortage(documented: Collection[ManifestEntry], steps: Iterable[LadderStep]) -> tuple[str, ...]:
    """The open findings of a session that ran short, as sentences; none when a model answered everything."""
    sentences = []
    files = without_model(documented)
    if files:
        sentences.append(
            f"{files:,} of {len(documented):,} files were described without a model because the budget was used up"
        )
    for step in sorted(steps, key=lambda step: step.role):
        if not step.planned and step.role != "analyst":
            unanswered = f"{step.answers:,} question{'' if step.answers == 1 else 's'} of the {step.role}"
            sentences.append(f"{unanswered} had no model's answer because the budget was used up")
    return tuple(sentences)
