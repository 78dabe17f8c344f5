"""The questions whose tokens an estimate has counted: each role's beginning, and files of every size."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple

from agents.contracts.analysis import AnalystBrief, FileBrief
from agents.contracts.base import Contract
from agents.costs.counted import CountedTokens
from agents.costs.facts import FileCosts
from agents.costs.questions import REPLIES, frame, of_file
from agents.errors import SwarmError
from agents.ports import Question
from agents.questions.instructions import instructions_of

#: Files of whose questions the tokens are counted: the smallest, the largest, and some between.
SAMPLES = 6
_PROBLEM_LIMIT = 200


class Sample(NamedTuple):
    """A file as an estimate sees it, and as its question shows it."""

    file: FileCosts
    brief: FileBrief


def sampled(files: Collection[FileCosts]) -> list[FileCosts]:
    """The files to count: of those a model is asked about, as many as a sample has, at even steps of size."""
    candidates = sorted((file for file in files if file.has_question), key=lambda file: (file.bytes, file.path))
    if len(candidates) <= SAMPLES:
        return candidates
    return [candidates[round(step * (len(candidates) - 1) / (SAMPLES - 1))] for step in range(SAMPLES)]


def counted_tokens(
    models: Mapping[str, str], samples: Sequence[Sample], count: Callable[[str, Question[Contract]], int]
) -> CountedTokens:
    """Have each role's empty question and the samples counted by `count(model, question)`; `models` are by role.

    At most a call for each role and each sample. A model whose tokens cannot be counted keeps the usual figures.
    """
    frames: dict[str, int] = {}
    material: dict[str, float] = {}
    problems: dict[str, str] = {}
    calls = 0

    def tokens(model: str, question: Question[Contract]) -> int:
        nonlocal calls
        calls += 1
        return count(model, question)

    for model in dict.fromkeys(models.values()):
        roles = [role for role, name in models.items() if name == model]
        try:
            measured = {role: tokens(model, _question(role)) for role in roles}
            factor = 1.0
            if "analyst" in measured:
                read = [tokens(model, _question("analyst", sample.brief)) - measured["analyst"] for sample in samples]
                factor = _factor(read, samples)
        except SwarmError as error:
            problems[model] = f"{error}"[:_PROBLEM_LIMIT]
            continue
        frames |= measured
        material |= dict.fromkeys(measured, factor)
    return CountedTokens(frames, material, calls, problems)


def _factor(read: Sequence[int], samples: Sequence[Sample]) -> float:
    """The samples' tokens by those that their length suggests."""
    expected = sum(of_file(sample.file).tokens_in - frame("analyst") for sample in samples)
    return max(0, sum(read)) / expected if expected > 0 else 1.0


def _question(role: str, *files: FileBrief) -> Question[Contract]:
    """The role's question about these files; about nothing it is what each of its questions begins with."""
    brief = AnalystBrief(files=files) if role == "analyst" else Contract()
    return Question(role, instructions_of(role), brief, REPLIES[role])
