"""Bounds what a model's server sends: no answer, reply or list of problems grows beyond what a question may cost."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pydantic_ai.messages import ModelRequest, RetryFeedbackPart, ToolCallPart, ToolReturnPart

from agents.errors import ModelReplyInvalid
from agents.models.prices import CHARACTERS_PER_TOKEN_AT_MOST

if TYPE_CHECKING:
    from pydantic_ai.messages import ModelMessage, ModelRequestPart, ModelResponse

#: What a server may send for one question, all of HTTP's body; a reply of the longest kind takes a part of it.
LARGEST_ANSWER_BYTES = 8 * 1024 * 1024
_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS
#: Without it a question for a single token would refuse its own reply's frame.
_SMALLEST_BOUND = 16 * 1024
#: A reply is one call, and some models repeat it.
_MOST_CALLS = 20
#: Problems of a reply that go back to the model, and characters of what each of them quotes.
_PROBLEMS, _QUOTED = 20, 200


async def read_bounded(response: Any) -> None:
    """Read an HTTP answer of the library's client into memory, before the library does. Raises ModelReplyInvalid."""
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        _refuse_larger(len(body))
    content = _unpacked(bytes(body), response.headers.pop("content-encoding", "").strip().lower())
    response.stream = type(response)(response.status_code, content=content).stream
    # What the library's client looks at before it reads.
    vars(response).update(is_stream_consumed=False, is_closed=False)


def _unpacked(body: bytes, encoding: str) -> bytes:
    """The body as it was before it was compressed: the request has asked for no compression, yet some gateways do."""
    if encoding in {"", "identity"} or not body:
        return body
    if encoding not in {"gzip", "x-gzip", "deflate"}:
        raise ModelReplyInvalid("the model's server compresses its answer in a way that it was not asked for")
    try:
        content = zlib.decompressobj(_GZIP_OR_ZLIB).decompress(body, LARGEST_ANSWER_BYTES + 1)
    except zlib.error as error:
        raise ModelReplyInvalid("the model's server sends a compressed answer that cannot be unpacked") from error
    _refuse_larger(len(content))
    return content


def _refuse_larger(size: int) -> None:
    if size > LARGEST_ANSWER_BYTES:
        raise ModelReplyInvalid(f"the model's server sends more than {LARGEST_ANSWER_BYTES:,} bytes")


def refuse_oversized(response: ModelResponse, max_tokens: int) -> None:
    """Raises ModelReplyInvalid for a reply that so many tokens cannot be: to check and to repair it would take long."""
    calls = sum(isinstance(part, ToolCallPart) for part in response.parts)
    if calls > _MOST_CALLS:
        raise ModelReplyInvalid(f"the reply calls {calls:,} tools, where it is to call one")
    size = sum(len(str(part)) for part in _texts(response))
    if size > max(_SMALLEST_BOUND, max_tokens * CHARACTERS_PER_TOKEN_AT_MOST):
        raise ModelReplyInvalid(f"the reply has {size:,} characters, where {max_tokens:,} tokens may be answered")


def shortened(messages: Sequence[ModelMessage]) -> list[ModelMessage]:
    """The messages with the first problems of each reply alone: a reply of ones where objects belong has thousands."""
    return [
        replace(message, parts=[_first_problems(part) for part in message.parts])
        if isinstance(message, ModelRequest)
        else message
        for message in messages
    ]


def _first_problems(part: ModelRequestPart) -> ModelRequestPart:
    if not isinstance(part, (RetryFeedbackPart, ToolReturnPart)) or not isinstance(part.content, list):
        return part
    problems: Any = [_short(problem) for problem in part.content[:_PROBLEMS]]
    return replace(part, content=problems)


def _short(problem: Any) -> Any:
    if not isinstance(problem, dict) or len(quoted := str(problem.get("input", ""))) <= _QUOTED:
        return problem
    return {**problem, "input": f"{quoted[:_QUOTED]}…"}


def _texts(response: ModelResponse) -> list[Any]:
    """All that a model wrote: texts, its reasoning, the names and the input of tools."""
    places = [(part, name) for part in response.parts for name in ("content", "args", "tool_name")]
    return [text for part, name in places if (text := getattr(part, name, None))]
