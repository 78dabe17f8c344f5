"""Amazon Bedrock's Converse API over HTTP: `python -m bench.stub_converse`, then `--model bedrock:<id>@<its URL>`.

The same answers and faults as bench/stub_model.py, in the form that boto3 reads.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import unquote

from bench.bedrock_refusals import converse_problem
from bench.stub_http import HttpAnswer, Json
from bench.stub_server import Behaviour, Fault, Question, StubServer, token_option

_REFUSALS = {
    Fault.THROTTLED: (429, "ThrottlingException", "Too many tokens, please wait before trying again."),
    Fault.UNAVAILABLE: (503, "ServiceUnavailableException", "Bedrock is unable to process your request."),
    Fault.OVERFLOW: (400, "ValidationException", "Input is too long for requested model."),
    Fault.REFUSED: (400, "ValidationException", "The stub refuses this file."),
}


@dataclass
class StubConverse(StubServer):
    """The server. `counted` are the tokens of a request; None for a model whose tokens Bedrock does not count."""

    counted: Callable[[Json], int] | None = field(default_factory=lambda: tokens_of)

    @property
    def model(self) -> str:
        """A model's name for `--model`, whose price is in the table."""
        return f"bedrock:eu.anthropic.claude-haiku-4-5-20251001-v1:0@{self.url}"

    def answer_to(self, method: str, path: str, body: Json) -> HttpAnswer:
        """One question's status and body, or the tokens of one."""
        if path.endswith("/count-tokens"):
            return self._count(body["input"]["converse"])
        problem = converse_problem(unquote(path.split("/")[-2]), body)
        if problem:
            return 400, {"__type": "ValidationException", "message": problem}
        return super().answer_to(method, path, body)

    def _count(self, request: Json) -> HttpAnswer:
        if self.counted is None:
            message = "The provided model doesn't support counting tokens."
            return 400, {"__type": "ValidationException", "message": message}
        return 200, {"inputTokens": self.counted(request)}

    def read(self, request: Json) -> Question:
        """The question in a Converse request."""
        system = "\n".join(block.get("text", "") for block in request.get("system", []))
        question = "\n".join(
            block.get("text", "")
            for message in request["messages"]
            if message["role"] == "user"
            for block in message["content"]
        )
        return Question(system, question, str(_schema(request).get("title", "")))

    def completion(self, request: Json, content: str, *, truncated: bool = False) -> Json:
        """A Converse response: the output tool's use, or text where a reply is no whole JSON."""
        return converse_response(request, content, truncated=truncated)

    def refusal(self, fault: Fault) -> tuple[int, Json]:
        """AWS's form of an error; its type also goes into a header."""
        status, kind, message = _REFUSALS[fault]
        return status, {"__type": kind, "message": message}


def tokens_of(request: Json) -> int:
    """The tokens of a Converse request's parts that a model reads: three and a half characters each."""
    return math.ceil(len(json.dumps([request.get(part) for part in ("system", "messages", "toolConfig")])) / 3.5)


def converse_response(request: Json, content: str, *, truncated: bool = False) -> Json:
    """The body of a Converse response."""
    input_tokens, output_tokens = len(json.dumps(request["messages"])) // 4, len(content) // 4
    blocks: list[Json] = []
    if content and not truncated and request.get("toolConfig"):
        name = request["toolConfig"]["tools"][0]["toolSpec"]["name"]
        blocks.append({"toolUse": {"toolUseId": "stub", "name": name, "input": json.loads(content)}})
    elif content:
        blocks.append({"text": content})
    stop = "max_tokens" if truncated else "tool_use" if blocks and "toolUse" in blocks[0] else "end_turn"
    return {
        "output": {"message": {"role": "assistant", "content": blocks}},
        "stopReason": stop,
        "usage": {
            "inputTokens": input_tokens,
            "outputTokens": output_tokens,
            "totalTokens": input_tokens + output_tokens,
        },
        "metrics": {"latencyMs": 1},
    }


def _schema(request: Json) -> Json:
    tools = request.get("toolConfig", {}).get("tools", [])
    schema: Json = tools[0]["toolSpec"]["inputSchema"]["json"] if tools else {}
    return schema


def main() -> None:
    """Serve until Ctrl-C."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--throttled", type=float, default=0.0, help="share of calls answered 429")
    token_option(parser)
    options = parser.parse_args()
    with StubConverse(Behaviour(throttled=options.throttled), port=options.port, secret=options.token) as stub:
        stub.serve_until_interrupted()


if __name__ == "__main__":
    main()
