"""A model whose every request, repairs included, is reserved in the budget ledger before and settled after."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple

from pydantic_ai.messages import ModelMessagesTypeAdapter
from pydantic_ai.models.wrapper import WrapperModel
from pydantic_ai.usage import RequestUsage

from agents.contracts.session import Usage
from agents.models.prices import Price
from agents.models.replies import may_have_been_billed
from agents.ports import BudgetLedger

if TYPE_CHECKING:
    from pydantic_ai.messages import ModelMessage, ModelResponse
    from pydantic_ai.models import Model, ModelRequestParameters
    from pydantic_ai.settings import ModelSettings

#: What a request carries besides its messages and schema: roles, names, the provider's own framing.
_FRAME_BYTES = 2_000
_DEFAULT_MAX_TOKENS = 4096


class Budget(NamedTuple):
    """The ledger, and the session that pays."""

    ledger: BudgetLedger
    session_id: str


class MeteredModel(WrapperModel):
    """Counts what one question costs."""

    def __init__(self, wrapped: Model, budget: Budget, price: Price) -> None:
        super().__init__(wrapped)
        self._budget = budget
        self._price = price
        self._requests = 0
        self._tokens = RequestUsage()
        self._usd = 0.0

    @property
    def spent(self) -> Usage:
        """What the question has cost so far."""
        return Usage(
            requests=self._requests,
            input_tokens=self._tokens.input_tokens,
            output_tokens=self._tokens.output_tokens,
            cached_tokens=self._tokens.cache_read_tokens,
            usd=round(self._usd, 9),
        )

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        """Ask once. Raises BudgetExhausted before anything is sent."""
        most = self._price.at_most(
            _bytes_of(messages, model_request_parameters), (model_settings or {}).get("max_tokens", _DEFAULT_MAX_TOKENS)
        )
        held = await asyncio.to_thread(self._budget.ledger.reserve, self._budget.session_id, most)
        cost = most
        try:
            response = await super().request(messages, model_settings, model_request_parameters)
            cost = self._cost(response.usage)
        except BaseException as error:
            cost = most if may_have_been_billed(error) else 0.0
            raise
        finally:
            self._requests += 1
            self._usd += cost
            # Shielded: a call that is given up still gives its reservation back.
            await asyncio.shield(asyncio.to_thread(self._budget.ledger.settle, held, cost))
        self._tokens = self._tokens + response.usage
        return response

    def _cost(self, usage: RequestUsage) -> float:
        return self._price.cost(
            usage.input_tokens, usage.output_tokens, usage.cache_read_tokens, usage.cache_write_tokens
        )


def _bytes_of(messages: list[ModelMessage], parameters: ModelRequestParameters) -> int:
    """What is sent, in bytes, a little more rather than less."""
    schemas = [tool.parameters_json_schema for tool in (*parameters.function_tools, *parameters.output_tools)]
    if parameters.output_object is not None:
        schemas.append(parameters.output_object.json_schema)
    return len(ModelMessagesTypeAdapter.dump_json(messages)) + sum(len(f"{one}") for one in schemas) + _FRAME_BYTES
