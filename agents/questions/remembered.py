"""A model whose answers are kept: a retried state, and a later session, pay only for questions that are new."""

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
    """Keeps every answer, and gives it again to the same question: of the same session with what it cost then, of a
    later one for nothing, so that a page whose facts did not change is not paid for twice.

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
        """The kept answer, or the model's."""
        prompt = prompt_of(question)
        asked = self._hash(question, prompt)
        is_shared = question.role not in self._asked_anew
        if is_shared:
            kept = self._kept(question, asked)
            if kept is not None:
                return kept
            shared = _read(question, self._conversation.recall_shared(asked))
            if shared is not None:
                return self._keep(question, prompt, asked, Answer(shared, Usage(reused=1)))
        answer = self._keep(question, prompt, asked, self._inner.answer(question))
        if is_shared:
            self._conversation.share(asked, answer.reply.model_dump_json())
        return answer

    def _keep(self, question: Question[ReplyT], prompt: Prompt, asked: str, answer: Answer[ReplyT]) -> Answer[ReplyT]:
        """Write the turn, also one that cost nothing: the session's conversation is whole."""
        turn = Turn(
            role=question.role,
            model=self.name,
            instructions=fingerprint(question.instructions),
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
        read = _read(question, reply)
        return None if read is None else Answer(read, turn.usage)

    def _hash(self, question: Question[ReplyT], prompt: Prompt) -> str:
        parts = (self.name, question.role, question.reply_type.__name__, str(question.max_output_tokens), *prompt)
        return hashlib.sha256("\x00".join(parts).encode("utf-8", "replace")).hexdigest()


def _read(question: Question[ReplyT], reply: str | None) -> ReplyT | None:
    """The reply as the question's type; None if there is none, or a release kept it whose contract was another."""
    try:
        return None if reply is None else question.reply_type.model_validate_json(reply)
    except ValidationError:
        return None
