"""A record of a batch inference job in the form of Converse, and the answer to it. Pure.

System text, user text and bounds are those of the call in realtime (a test compares what is sent). The form of the
reply differs: there it is a tool's input, and AWS fails records of a Converse job that name a tool, so here the schema
stands in the instructions. A job has no prompt cache either.
https://docs.aws.amazon.com/bedrock/latest/userguide/batch-inference.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, TypeVar

from pydantic import ValidationError

from agents.contracts.base import Contract
from agents.contracts.usage import Usage
from agents.errors import ModelReplyInvalid
from agents.models.broken_contract import broken_places
from agents.models.prices import CHARACTERS_PER_TOKEN_AT_MOST, MOST_TOKENS, TokenPrice
from agents.questions.limits import REVIEW_OUTPUT_TOKENS

ReplyT = TypeVar("ReplyT", bound=Contract)
#: What a job's `modelInvocationType` says of its records.
INVOCATION_TYPE: Final = "Converse"
_FORM = """

# The form of the answer

Answer with one JSON object and nothing else: no explanation, no code fence. It follows this JSON Schema:

{schema}
"""
_CUT = {"max_tokens", "model_context_window_exceeded"}
#: More than the longest reply that is asked for can be.
_LARGEST_REPLY = CHARACTERS_PER_TOKEN_AT_MOST * REVIEW_OUTPUT_TOKENS


def record_of(record_id: str, system: str, user: str, reply_type: type[Contract], max_output_tokens: int) -> bytes:
    """A line of the job's input: the body of a Converse request, whose model the job names."""
    schema = json.dumps(reply_type.model_json_schema(), ensure_ascii=False)
    request = {
        "system": [{"text": system + _FORM.format(schema=schema)}],
        "messages": [{"role": "user", "content": [{"text": user}]}],
        "inferenceConfig": {"maxTokens": max_output_tokens},
    }
    record = {"recordId": record_id, "modelInput": request}
    return json.dumps(record, ensure_ascii=False).encode("utf-8", "replace")


def usage_of(output: Mapping[str, Any], price: TokenPrice) -> Usage:
    """What one answer cost, whether or not anything can be made of it."""
    reported = output.get("usage")
    counts: Mapping[str, Any] = reported if isinstance(reported, dict) else {}
    names = ("inputTokens", "cacheReadInputTokens", "cacheWriteInputTokens", "outputTokens")
    fresh, cached, written, answered = (_count(counts.get(name)) for name in names)
    read = fresh + cached + written
    usd = price.cost(read, answered, cached, written)
    return Usage(requests=1, input_tokens=read, output_tokens=answered, cached_tokens=cached, usd=round(usd, 9))


def reply_of(output: Mapping[str, Any], reply_type: type[ReplyT]) -> ReplyT:
    """The reply in the model's message.

    Raises:
        ModelReplyInvalid: it holds no JSON object, was cut, or breaks the contract.
    """
    if output.get("stopReason") in _CUT:
        raise ModelReplyInvalid("the answer was cut at its largest number of tokens")
    text = "".join(_texts(output))
    # Some models put a code fence around the object, or a sentence before it.
    if len(text) > _LARGEST_REPLY:
        raise ModelReplyInvalid(f"the answer has {len(text):,} characters, more than its tokens can be")
    start, end = text.find("{"), text.rfind("}")
    if start < 0 or end < start:
        raise ModelReplyInvalid("the answer holds no JSON object")
    try:
        return reply_type.model_validate_json(text[start : end + 1])
    except ValidationError as error:
        raise ModelReplyInvalid(f"the answer breaks its contract ({broken_places(error)})") from error


def _texts(output: Mapping[str, Any]) -> list[str]:
    """The texts of the message; whatever else is there, such as a model's reasoning, is none."""
    content: Any = output
    for name in ("output", "message", "content"):
        content = content.get(name) if isinstance(content, dict) else None
    blocks = [block for block in content if isinstance(block, dict)] if isinstance(content, list) else []
    return [block["text"] for block in blocks if isinstance(block.get("text"), str)]


def _count(number: object) -> int:
    return number if isinstance(number, int) and 0 <= number <= MOST_TOKENS else 0
