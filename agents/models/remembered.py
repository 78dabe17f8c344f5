"""A model whose turns are kept: a retried state pays only for the questions that nobody has answered yet."""

from __future__ import annotations

import hashlib
from collections.abc import Collection

from pydantic import ValidationError

from agents.contracts.conversation import Turn
from agents.models.prompt import Prompt, prompt_of
from agents.ports import Answer, Clock, Conversation, LanguageModel, Question, ReplyT


class RememberedModel:
    """Keeps every answer, and gives it again to the same question of the same session.

    `asked_anew` are roles whose results are kept elsewhere: an answer that was not good enough is asked for again.
    """

    def __init__(
        self, inner: LanguageModel, conversation: Conversation, clock: Clock, asked_anew: Collection[str]
    ) -> None:
        self.name = inner.name
        self._inner = inner
        self._conversation = conversation
        self._clock = clock
        self._asked_anew = asked_anew

    def answer(self, question: Question[ReplyT]) -> Answer[ReplyT]:
        """The kept answer with what it cost then, or the model's."""
        prompt = prompt_of(question)
        asked = self._hash(question, prompt)
        kept = None if question.role in self._asked_anew else self._kept(question, asked)
        if kept is not None:
            return kept
        answer = self._inner.answer(question)
        turn = Turn(
            role=question.role,
            model=self.name,
            instructions=hashlib.sha256(question.instructions.encode()).hexdigest()[:16],
            question=asked,
            asked_at=int(self._clock.now()),
            usage=answer.usage,
        )
        self._conversation.keep(turn, prompt, answer.reply.model_dump_json())
        return answer

    def _kept(self, question: Question[ReplyT], asked: str) -> Answer[ReplyT] | None:
        found = self._conversation.recall(question.role, asked)
        if found is None:
            return None
        turn, reply = found
        try:
            return Answer(question.reply_type.model_validate_json(reply), turn.usage)
        except ValidationError:  # kept by a release whose contract was another
            return None

    def _hash(self, question: Question[ReplyT], prompt: Prompt) -> str:
        parts = (self.name, question.role, question.reply_type.__name__, str(question.max_output_tokens), *prompt)
        return hashlib.sha256("\x00".join(parts).encode("utf-8", "replace")).hexdigest()
