"""Lambda without Docker: moto's answer is the request's own body; ours is the function's."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import Any

from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda_simple.models import LambdaSimpleBackend

from local.lambda_.errors import PoolClosed
from local.moto import bridge as moto_bridge
from local.moto.replacements import replaces


class TooManyRequests(LambdaClientError):  # type: ignore[misc]  # moto has no types
    """The account's concurrent executions are used up."""

    code = 429

    def __init__(self) -> None:
        super().__init__("TooManyRequestsException", "Rate Exceeded.")


def _invoke_unawaited(bridge: moto_bridge.Bridge, name: str, payload: bytes) -> None:
    """Nobody waits for the answer, and a cloud that closes meanwhile owes none."""
    with suppress(PoolClosed):
        bridge.invoke(name, payload)


@replaces(LambdaSimpleBackend, "invoke")
def _invoke(
    self: Any, function_name: str, qualifier: str | None, body: Any, headers: Any, response_headers: dict[str, str]
) -> bytes | None:
    """Run the function in the bridge's pool; `function_name` may be a name or an ARN, with an alias or version."""
    name, _, suffix = function_name.split(":function:")[-1].partition(":")
    function = self.get_function(name, qualifier or suffix or None)
    payload = body.encode() if isinstance(body, str) else (body or b"{}")
    if headers.get("X-Amz-Invocation-Type") == "DryRun":
        return b""
    if headers.get("X-Amz-Invocation-Type") == "Event":
        call = (moto_bridge.current(), function.function_name, payload)
        threading.Thread(target=_invoke_unawaited, args=call, daemon=True).start()
        return b""
    bridge = moto_bridge.current()
    with bridge.admitted() as admitted:
        if not admitted:
            raise TooManyRequests
        answer, failed = bridge.invoke(function.function_name, payload)
    if failed:
        response_headers["x-amz-function-error"] = "Unhandled"
    response_headers["x-amz-executed-version"] = str(function.version)
    return answer
