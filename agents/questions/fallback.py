"""A model with a fallback: the extractive model answers where a reply stays invalid or the budget is used up."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from dataclasses import replace

from agents.errors import BudgetExhausted, ModelContextExceeded, ModelReplyInvalid
from agents.ports import Answer, LanguageModel, Question, ReplyT

_log = logging.getLogger("swarm")


def _quietly(_role: str, _error: BudgetExhausted) -> None:
    """Default hook: the steps are not recorded."""


class FallbackModel:
    """Answers with the second model where the first one's reply is invalid, for `roles` whose failure ends the session.

    A question that the budget does not cover is answered by the second model for every role, and reported to `unpaid`.
    """

    def __init__(
        self,
        first: LanguageModel,
        second: LanguageModel,
        roles: Collection[str],
        unpaid: Callable[[str, BudgetExhausted], None] = _quietly,
    ) -> None:
        self.name = first.name
        self._first = first
        self._second = second
        self._roles = roles
        self._unpaid = unpaid

    def answer(self, question: Question[ReplyT]) -> Answer[ReplyT]:
        """The first model's answer, else the second's."""
        try:
            return _by(self._first.name, self._first.answer(question))
        except BudgetExhausted as error:
            answer = self._second.answer(question)
            self._unpaid(question.role, error)
            return replace(_by(self._second.name, answer), unpaid=True)
        except (ModelReplyInvalid, ModelContextExceeded) as error:
            if question.role not in self._roles:
                raise
            _log.warning("%s is answered by %s: %s", question.role, self._second.name, error)
            return _by(self._second.name, self._second.answer(question))


def _by(model: str, answer: Answer[ReplyT]) -> Answer[ReplyT]:
    """The answer with its model's name, which pages show."""
    return replace(answer, model=model.partition("@")[0])
