"""An OpenAI-compatible server that answers every role: `python -m bench.stub_model --latency 1 --throttled 0.2`.

It reads the question it is asked and answers with the reply type that the request's schema names: statements that cite
lines which are there. No model is behind it; it is for tests and benchmarks of everything around one. With
`--adversarial` it lies in every way that bench/stub_adversary.py knows.
"""

from __future__ import annotations

import argparse
import json
import time

from bench.stub_adversary import Adversary
from bench.stub_http import Json
from bench.stub_replies import reply_to
from bench.stub_server import Behaviour, Fault, Question, StubServer, token_option

__all__ = ["Behaviour", "Fault", "StubModel"]

_REFUSALS = {
    Fault.THROTTLED: (429, "Rate limit reached", "rate_limit_exceeded"),
    Fault.UNAVAILABLE: (503, "Overloaded", "overloaded"),
    Fault.OVERFLOW: (400, "This model's maximum context length is 8192 tokens", "context_length_exceeded"),
    Fault.REFUSED: (400, "the stub refuses this file", "invalid_request_error"),
}


class StubModel(StubServer):
    """The server."""

    @property
    def base_url(self) -> str:
        """What follows the @ in a model's name."""
        return f"{self.url}/v1"

    @property
    def model(self) -> str:
        """The model's name for `--model`."""
        return f"openai:stub@{self.base_url}"

    def read(self, request: Json) -> Question:
        """The question in a chat completion's request."""
        by_role: dict[str, list[str]] = {}
        for message in request["messages"]:
            by_role.setdefault(message["role"], []).append(str(message["content"]))
        wanted = request.get("response_format", {}).get("json_schema", {})
        title = str(wanted.get("schema", {}).get("title") or wanted.get("name", ""))
        return Question("\n".join(by_role.get("system", [])), "\n".join(by_role.get("user", [])), title)

    def completion(self, request: Json, content: str, *, truncated: bool = False) -> Json:
        """A chat completion."""
        # A schema is read like any other text, and paid for.
        schema = len(json.dumps(request.get("response_format") or request.get("tools") or ""))
        input_tokens = (schema + sum(len(str(message["content"])) for message in request["messages"])) // 4
        output_tokens = len(content) // 4
        return {
            "id": "stub",
            "object": "chat.completion",
            "created": int(time.time()),
            "model": request["model"],
            "choices": [
                {
                    "index": 0,
                    "finish_reason": "length" if truncated else "stop",
                    "message": {"role": "assistant", "content": content},
                }
            ],
            "usage": {
                "prompt_tokens": input_tokens,
                "completion_tokens": output_tokens,
                "total_tokens": input_tokens + output_tokens,
            },
        }

    def refusal(self, fault: Fault) -> tuple[int, Json]:
        """OpenAI's form of an error."""
        status, message, code = _REFUSALS[fault]
        return status, {"error": {"message": message, "type": code, "code": code}}


def main() -> None:
    """Serve until Ctrl-C."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before each answer")
    parser.add_argument("--throttled", type=float, default=0.0, help="share of calls answered 429")
    parser.add_argument("--fails-on", default="", help="a question that contains this is refused")
    parser.add_argument("--adversarial", action="store_true", help="lie in every way there is")
    token_option(parser)
    options = parser.parse_args()
    answer = Adversary().answer if options.adversarial else reply_to
    behaviour = Behaviour(options.latency, options.throttled, options.fails_on, answer=answer)
    with StubModel(behaviour, port=options.port, secret=options.token) as stub:
        stub.serve_until_interrupted()


if __name__ == "__main__":
    main()
