"""A model with stored answers: a retried state, and a later session, pay only for questions that are new."""

from __future__ import annotations

import hashlib
from collections.abc import Collection

from pydantic import ValidationError

from agents.contracts.conversation import Turn
from agents.contracts.usage import Usage
from agents.keys import fingerprint
from agents.ports import Answer, Clock, Conversation, LanguageModel, Question, ReplyT
from agents.questions.prompt import Prompt, prompt_of


class RememberedModel:
    """Stores every answer, and returns it for the same question: in the same session with its cost, in a later session
    without cost, so that a page whose facts did not change is not paid for twice.

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
        """The stored answer, or the model's."""
        prompt = prompt_of(question)
        question_hash = self._hash(question, prompt)
        is_shared = question.role not in self._asked_anew
        if is_shared:
            remembered = self._remembered(question, question_hash)
            if remembered is not None:
                return remembered
            shared = _read(question, self._conversation.recall_shared(question_hash))
            if shared is not None:
                return self._store(question, prompt, question_hash, Answer(shared, Usage(reused=1)))
        answer = self._store(question, prompt, question_hash, self._inner.answer(question))
        if is_shared:
            self._conversation.share(question_hash, answer.reply.model_dump_json())
        return answer

    def _store(
        self, question: Question[ReplyT], prompt: Prompt, question_hash: str, answer: Answer[ReplyT]
    ) -> Answer[ReplyT]:
        """Write the turn, also one that cost nothing: the session's conversation is complete."""
        turn = Turn(
            role=question.role,
            model=self.name,
            instructions=fingerprint(question.instructions),
            question=question_hash,
            asked_at=int(self._clock.now()),
            usage=answer.usage,
        )
        self._conversation.keep(turn, prompt, answer.reply.model_dump_json())
        return answer

    def _remembered(self, question: Question[ReplyT], question_hash: str) -> Answer[ReplyT] | None:
        stored = self._conversation.recall(question.role, question_hash)
        if stored is None:
            return None
        turn, reply = stored
        read = _read(question, reply)
        return None if read is None else Answer(read, turn.usage)

    def _hash(self, question: Question[ReplyT], prompt: Prompt) -> str:
        parts = (self.name, question.role, question.reply_type.__name__, str(question.max_output_tokens), *prompt)
        return hashlib.sha256("\x00".join(parts).encode("utf-8", "replace")).hexdigest()


def _read(question: Question[ReplyT], reply: str | None) -> ReplyT | None:
    """The reply as the question's type; None without one, or if another release stored it under another contract."""
    try:
        return None if reply is None else question.reply_type.model_validate_json(reply)
    except ValidationError:
        return None
