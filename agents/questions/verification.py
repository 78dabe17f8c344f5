"""The pipeline of every role that asks a model: ask, verify, ask once more with the objections, drop, count.

A role states a `CheckedQuestion`: its brief, how to find objections to a reply, and how to verify an answer. The model
sends the objections to the first reply back once (agents/models/provider.py); here the claims of the last reply are
dropped and counted where the evidence does not support them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from agents.codebase.claims.verified import Verified
from agents.contracts.base import Contract
from agents.contracts.site_settings import WritingStyle
from agents.contracts.usage import Usage
from agents.errors import GapError, ModelContextExceeded
from agents.ports import Answer, LanguageModel, Question, ReplyT, SessionItems
from agents.questions.instructions import PLAIN, instructions_of
from agents.questions.side_by_side import answers, never_interrupts

ClaimsT = TypeVar("ClaimsT")
ClaimsT_co = TypeVar("ClaimsT_co", covariant=True)
SubjectT = TypeVar("SubjectT")


@dataclass(frozen=True)
class CheckedQuestion(Generic[ReplyT, ClaimsT]):
    """A role's question to a model, and the check of its answer against the evidence.

    `objections` returns what is wrong with a reply, as sentences for the model; `verify` drops the wrong claims.
    `model`, when named, is asked in place of the role's own. `style` is how the repository wants its text.
    """

    role: str
    brief: Contract
    reply_type: type[ReplyT]
    objections: Callable[[ReplyT], Sequence[str]]
    verify: Callable[[Answer[ReplyT]], Verified[ClaimsT]]
    max_output_tokens: int = 4096
    model: str = ""
    style: WritingStyle = PLAIN

    def question(self) -> Question[ReplyT]:
        """The question as a LanguageModel takes it, with the role's instructions."""

        def objections(reply: Contract) -> Sequence[str]:
            return self.objections(reply) if isinstance(reply, self.reply_type) else ()

        return Question(
            self.role,
            instructions_of(self.role, self.style),
            self.brief,
            self.reply_type,
            self.max_output_tokens,
            self.model,
            objections,
        )


@dataclass(frozen=True)
class VerifiedAnswer(Generic[ClaimsT_co]):
    """The verified claims of an answer, the number of dropped ones, its cost, and the model that wrote it.

    `model` is empty when no fallback stands before the asked model. `unpaid`: the budget did not cover the
    question, and the extractive model answered it.
    """

    claims: ClaimsT_co
    dropped: int
    usage: Usage
    model: str = ""
    unpaid: bool = False


class Totals:
    """What the questions of one run of a role cost, and how many claims were dropped from their answers."""

    def __init__(self) -> None:
        self.usage = Usage()
        self.dropped_claims = 0

    def add(self, answer: VerifiedAnswer[object]) -> None:
        """Count one answer."""
        self.usage += answer.usage
        self.dropped_claims += answer.dropped

    def save(self, store: SessionItems, session_id: str, role: str) -> None:
        """Write both figures; a retry replaces them. A revision has its own role name, such as `editor-2`."""
        store.save_usage(session_id, role, self.usage)
        store.save_dropped_claims(session_id, role, self.dropped_claims)


def ask_and_verify(model: LanguageModel, checked: CheckedQuestion[ReplyT, ClaimsT]) -> VerifiedAnswer[ClaimsT]:
    """Ask one question and verify its answer. Raises what LanguageModel.answer raises."""
    return _verified(checked, model.answer(checked.question()))


def ask_and_verify_all(
    model: LanguageModel,
    questions: Iterable[tuple[SubjectT, CheckedQuestion[ReplyT, ClaimsT]]],
    at_once: int,
    pause: Callable[[], None] = never_interrupts,
) -> Iterator[tuple[SubjectT, VerifiedAnswer[ClaimsT] | GapError | ModelContextExceeded]]:
    """Ask many questions side by side; each subject with its verified answer, or the error of its question alone.

    See `side_by_side.answers` for `at_once`, `pause` and the errors that are raised.
    """
    pairs = (((subject, checked), checked.question()) for subject, checked in questions)
    for (subject, checked), answer in answers(model, pairs, at_once, pause):
        yield subject, answer if isinstance(answer, Exception) else _verified(checked, answer)


def _verified(checked: CheckedQuestion[ReplyT, ClaimsT], answer: Answer[ReplyT]) -> VerifiedAnswer[ClaimsT]:
    verified = checked.verify(answer)
    return VerifiedAnswer(verified.claims, verified.dropped, answer.usage, answer.model, answer.unpaid)
