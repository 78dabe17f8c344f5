"""A model whose every request, repairs included, is reserved in the budget ledger before and settled after."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, nullcontext
from typing import TYPE_CHECKING, NamedTuple, ParamSpec, TypeVar

from pydantic_ai.messages import ModelMessagesTypeAdapter
from pydantic_ai.models.wrapper import WrapperModel

from agents.contracts.usage import MAX_OUTPUT_TOKENS, Usage
from agents.errors import BudgetExhausted, CallOverspent, SwarmError
from agents.models.bounds import refuse_oversized, shortened
from agents.models.event_loop import SETTLING_SECONDS
from agents.models.prices import BYTES_PER_TOKEN_AT_LEAST, MOST_TOKENS, TokenPrice
from agents.models.replies import LedgerFailed, library_errors, may_have_been_billed
from agents.ports import BudgetLedger, Reservation
from agents.signals.model_calls import record
from agents.signals.spans import ModelCall

if TYPE_CHECKING:
    from pydantic_ai.messages import ModelMessage, ModelResponse
    from pydantic_ai.models import Model, ModelRequestParameters
    from pydantic_ai.settings import ModelSettings
    from pydantic_ai.usage import RequestUsage

P = ParamSpec("P")
T = TypeVar("T")

#: What a request carries besides its messages and schema: roles, names, the provider's own framing.
_FRAME_BYTES = 2_000
#: Seconds between looks at a ledger whose money is reserved by calls in flight; together less than two such calls.
_PAUSES = (0.2, 0.5, 1.0, 2.0, 4.0, *(5.0,) * 12)
#: Dollars that rounding may add.
_ROUNDING = 1e-9


class Budget(NamedTuple):
    """The ledger, and the session that pays."""

    ledger: BudgetLedger
    session_id: str


class MeteredModel(WrapperModel):
    """Counts what one question costs."""

    def __init__(
        self,
        wrapped: Model,
        budget: Budget,
        price: TokenPrice,
        role: str = "",
        slots: AbstractAsyncContextManager[None] | None = None,
        before_request: Callable[[], None] | None = None,
    ) -> None:
        """A request holds one of the `slots` from its reservation to its answer.

        `before_request` is called before the first one, and raises to ask nothing.
        """
        super().__init__(wrapped)
        self._budget = budget
        self._price = price
        self._role = role
        self._slots = slots or nullcontext()
        self._before_request = before_request
        self.spent = Usage()
        """What the question has cost so far."""

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        """Ask once.

        Raises BudgetExhausted before anything is sent, CallOverspent after more was billed than may be, and
        ModelReplyInvalid for a reply that is longer than its tokens can be.
        """
        sent = _bytes_of(messages, model_request_parameters)
        most = self._most(sent, (model_settings or {}).get("max_tokens", MAX_OUTPUT_TOKENS))
        async with AsyncExitStack() as slot:
            await slot.enter_async_context(self._slots)
            if self._before_request is not None and not self.spent.requests:
                self._before_request()
            reservation = await self._reserved(self._price.at_most(sent, most.output_tokens))
            cost, started, problem = most, time.time(), ""
            try:
                with library_errors():
                    response = await super().request(messages, model_settings, model_request_parameters)
                cost = self._usage(response, most)
            except BaseException as error:
                problem = type(error).__name__
                cost = most if may_have_been_billed(error) else Usage(requests=1)
                raise
            finally:
                await slot.aclose()  # the next request need not wait until this one is settled
                self.spent += cost
                record(ModelCall(self._role, self.model_name, started, time.time(), cost, problem))
                await self._settled(reservation, cost)
        if cost.usd > reservation.usd + _ROUNDING:
            await self._stop(reservation, cost, most)
        refuse_oversized(response, most.output_tokens)
        return response

    def prepare_messages(
        self, messages: list[ModelMessage], model_request_parameters: ModelRequestParameters | None = None
    ) -> list[ModelMessage]:
        """The messages as the wrapped model takes them, with the first problems of a bad reply alone."""
        return super().prepare_messages(shortened(messages), model_request_parameters)

    def _most(self, sent: int, max_tokens: int) -> Usage:
        """The most that the request can cost."""
        return Usage(
            requests=1,
            input_tokens=math.ceil(sent / BYTES_PER_TOKEN_AT_LEAST),
            output_tokens=max_tokens,
            usd=self._price.at_most(sent, max_tokens),
        )

    def _usage(self, response: ModelResponse, most: Usage) -> Usage:
        """What the service says that it cost; the most where it says nothing, or what cannot be."""
        reported = response.usage
        if not _can_be(reported, bool(response.parts)):
            return most
        usd = self._price.cost(
            reported.input_tokens, reported.output_tokens, reported.cache_read_tokens, reported.cache_write_tokens
        )
        return Usage(
            requests=1,
            input_tokens=reported.input_tokens,
            output_tokens=reported.output_tokens,
            cached_tokens=reported.cache_read_tokens,
            usd=round(usd, 9),
        )

    async def _stop(self, reservation: Reservation, cost: Usage, most: Usage) -> None:
        """End the spending: a service that bills more makes reservations mean nothing. Raises CallOverspent."""
        reason = (
            f"{self.model_name} billed {cost.usd:.4f} USD for a call that may cost {reservation.usd:.4f} at most:"
            f" {cost.input_tokens:,} tokens in and {cost.output_tokens:,} out, where {most.output_tokens:,} may be"
            " answered. It ignores the limit of tokens, or its price is not the one that was given"
        )
        await asyncio.to_thread(_of_ledger, self._budget.ledger.stop, self._budget.session_id, reason)
        raise CallOverspent(reason)

    async def _reserved(self, most: float) -> Reservation:
        """Reserve the most that it can cost. Calls in flight reserve more than they will cost, so it waits for them."""
        for pause in _PAUSES:
            try:
                return await self._reserve(most)
            except BudgetExhausted as refused:
                if not refused.fits_later:
                    raise
            await asyncio.sleep(pause)
        return await self._reserve(most)

    async def _reserve(self, most: float) -> Reservation:
        reserving = asyncio.ensure_future(
            asyncio.to_thread(_of_ledger, self._budget.ledger.reserve, self._budget.session_id, most)
        )
        try:
            return await asyncio.shield(reserving)
        except asyncio.CancelledError:
            await asyncio.wait({reserving}, timeout=SETTLING_SECONDS)
            if reserving.done() and reserving.exception() is None:
                await self._settled(reserving.result(), Usage())
            raise

    async def _settled(self, reservation: Reservation, cost: Usage) -> None:
        """Settle, also when the caller is cancelled: a call that is given up still gives its reservation back."""
        settling = asyncio.ensure_future(
            asyncio.to_thread(_of_ledger, self._budget.ledger.settle, reservation, cost.usd, cost)
        )
        try:
            await asyncio.shield(settling)
        except asyncio.CancelledError:
            # The caller waits a little for this (event_loop.py): a function that returns is frozen with all it has.
            await asyncio.wait({settling}, timeout=SETTLING_SECONDS)
            raise


def _of_ledger(method: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
    """Call the ledger. Raises LedgerFailed for what is no error of ours: it must not be taken for the model's."""
    try:
        return method(*given, **named)
    except SwarmError:
        raise
    except Exception as error:
        raise LedgerFailed(type(error).__name__) from error


def _can_be(reported: RequestUsage, answered: bool) -> bool:
    """Whether this can be the usage of a request that was sent: nothing is negative, and something was read."""
    cached = reported.cache_read_tokens, reported.cache_write_tokens
    counts = (reported.input_tokens, reported.output_tokens, *cached)
    if min(counts) < 0 or max(counts) > MOST_TOKENS:
        return False
    return (
        reported.input_tokens > 0
        and sum(cached) <= reported.input_tokens
        and (reported.output_tokens > 0 or not answered)
    )


def _bytes_of(messages: list[ModelMessage], parameters: ModelRequestParameters) -> int:
    """What is sent, in bytes, a little more rather than less."""
    schemas = [tool.parameters_json_schema for tool in (*parameters.function_tools, *parameters.output_tools)]
    if parameters.output_object is not None:
        schemas.append(parameters.output_object.json_schema)
    return (
        len(ModelMessagesTypeAdapter.dump_json(messages)) + sum(len(f"{schema}") for schema in schemas) + _FRAME_BYTES
    )
