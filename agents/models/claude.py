"""Claude's own request and reply, as a batch inference job's records hold them; calls in realtime go by Converse."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from agents.contracts.base import Contract
from agents.contracts.usage import Usage
from agents.errors import ModelReplyInvalid
from agents.models.prices import TokenPrice
from agents.ports import Question, ReplyT
from agents.questions.prompt import prompt_of

_VERSION = "bedrock-2023-05-31"
#: The reply is the input of a tool that the model must call: its schema is the contract's.
_TOOL = "final_result"
_PROBLEM_LIMIT = 300


def record_of(record_id: str, question: Question[Contract]) -> bytes:
    """A line of the job's input: the same prompt as in realtime, with the same bound on the answer."""
    prompt = prompt_of(question)
    tool = {
        "name": _TOOL,
        "description": "The answer.",
        "input_schema": question.reply_type.model_json_schema(),
    }
    body = {
        "anthropic_version": _VERSION,
        "max_tokens": question.max_output_tokens,
        "system": prompt.system,
        "messages": [{"role": "user", "content": [{"type": "text", "text": prompt.user}]}],
        "tools": [tool],
        "tool_choice": {"type": "tool", "name": _TOOL},
    }
    return json.dumps({"recordId": record_id, "modelInput": body}, ensure_ascii=False).encode("utf-8", "replace")


def usage_of(output: Mapping[str, Any], price: TokenPrice) -> Usage:
    """What one answer cost, whether or not anything can be made of it."""
    reported = output.get("usage")
    counts: Mapping[str, Any] = reported if isinstance(reported, dict) else {}
    read, answered = (_count(counts.get(name)) for name in ("input_tokens", "output_tokens"))
    return Usage(requests=1, input_tokens=read, output_tokens=answered, usd=round(price.cost(read, answered), 9))


def reply_of(output: Mapping[str, Any], reply_type: type[ReplyT]) -> ReplyT:
    """The reply in Claude's message.

    Raises:
        ModelReplyInvalid: it calls no tool, was cut, or breaks the contract.
    """
    if output.get("stop_reason") == "max_tokens":
        raise ModelReplyInvalid("the answer was cut at its largest number of tokens")
    content = output.get("content")
    blocks = [block for block in content if isinstance(block, dict)] if isinstance(content, list) else []
    given = next((block.get("input") for block in blocks if block.get("type") == "tool_use"), None)
    if given is None:
        raise ModelReplyInvalid("the answer does not call the tool that takes it")
    try:
        # As JSON: a tuple is a list there, and nothing is read more leniently than from Converse.
        return reply_type.model_validate_json(json.dumps(given))
    except (ValidationError, ValueError) as error:
        raise ModelReplyInvalid(f"the answer breaks its contract: {error}"[:_PROBLEM_LIMIT]) from error


def _count(number: object) -> int:
    return max(0, number) if isinstance(number, int) else 0
