"""Counts the tokens of a question as Bedrock would bill them: the request of the call itself, sent to CountTokens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from pydantic_ai.models.wrapper import WrapperModel

from agents.errors import ModelReplyInvalid
from agents.models.access import ModelAccess
from agents.models.asking import Asking
from agents.models.event_loop import wait_for
from agents.models.names import parse_name
from agents.models.provider import library_of
from agents.models.replies import our_errors
from agents.ports import Question
from agents.questions.prompt import prompt_of

if TYPE_CHECKING:
    from pydantic_ai.messages import ModelMessage
    from pydantic_ai.models import ModelRequestParameters
    from pydantic_ai.settings import ModelSettings


class _Counted(Exception):
    """Ends a run of the library at its first request."""

    def __init__(self, tokens: int) -> None:
        super().__init__()
        self.tokens = tokens


class _CountingModel(WrapperModel):
    """Has the tokens of a request counted where it would be answered."""

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> NoReturn:
        counted = await self.wrapped.count_tokens(messages, model_settings, model_request_parameters)
        raise _Counted(counted.input_tokens)


class TokenCounter:
    """Bedrock's CountTokens for one model. It answers nothing and costs nothing."""

    def __init__(self, name: str, access: ModelAccess) -> None:
        self._name = parse_name(name)
        self._asking = Asking(name, access)
        self._model = _CountingModel(library_of(self._name, access))

    def count(self, question: Question[Any]) -> int:
        """The question's input tokens. Raises as an answer does: the model may not take part, or the caller may not."""
        with our_errors(self._name.plain):
            try:
                wait_for(self._asking.reply(question, prompt_of(question), self._model))
            except _Counted as counted:
                return counted.tokens
        raise ModelReplyInvalid(f"{self._name.plain}: no tokens were counted")
