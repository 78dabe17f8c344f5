"""A model whose every request, repairs included, is reserved in the budget ledger before and settled after."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple

from pydantic_ai.messages import ModelMessagesTypeAdapter
from pydantic_ai.models.wrapper import WrapperModel
from pydantic_ai.usage import RequestUsage

from agents.contracts.session import Usage
from agents.errors import BudgetExhausted
from agents.models.event_loop import SETTLING_SECONDS
from agents.models.prices import Price
from agents.models.replies import may_have_been_billed
from agents.ports import BudgetLedger, Reservation

if TYPE_CHECKING:
    from pydantic_ai.messages import ModelMessage, ModelResponse
    from pydantic_ai.models import Model, ModelRequestParameters
    from pydantic_ai.settings import ModelSettings

#: What a request carries besides its messages and schema: roles, names, the provider's own framing.
_FRAME_BYTES = 2_000
_DEFAULT_MAX_TOKENS = 4096
#: Seconds between looks at a ledger whose room is held by calls on their way; together less than two such calls take.
_PAUSES = (0.2, 0.5, 1.0, 2.0, 4.0, *(5.0,) * 12)


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
        held = await self._reserved(most)
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
            await self._settled(held, cost)
        self._tokens = self._tokens + response.usage
        return response

    async def _reserved(self, most: float) -> Reservation:
        """Hold the most it can cost. Calls on their way hold far more than they will cost: their room is waited for."""
        for pause in _PAUSES:
            try:
                return await self._reserve(most)
            except BudgetExhausted as refused:
                if not refused.fits_later:
                    raise
            await asyncio.sleep(pause)
        return await self._reserve(most)

    async def _reserve(self, most: float) -> Reservation:
        reserving = asyncio.ensure_future(asyncio.to_thread(self._budget.ledger.reserve, self._budget.session_id, most))
        try:
            return await asyncio.shield(reserving)
        except asyncio.CancelledError:
            await asyncio.wait({reserving}, timeout=SETTLING_SECONDS)
            if reserving.done() and reserving.exception() is None:
                await self._settled(reserving.result(), 0.0)
            raise

    async def _settled(self, held: Reservation, cost: float) -> None:
        """Settle, whatever becomes of the caller: a call that is given up still gives its reservation back."""
        settling = asyncio.ensure_future(asyncio.to_thread(self._budget.ledger.settle, held, cost))
        try:
            await asyncio.shield(settling)
        except asyncio.CancelledError:
            # The caller waits a little for this (event_loop.py): a function that returns is frozen with all it has.
            await asyncio.wait({settling}, timeout=SETTLING_SECONDS)
            raise

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
