"""Lambda without Docker: moto's answer is the request's own body; ours is the function's."""

from __future__ import annotations

import json
import threading
import time
import uuid
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import BotoCoreError
from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda_simple.models import LambdaSimpleBackend

from local.lambda_.environment import LATEST
from local.lambda_.errors import PoolClosed
from local.moto import bridge as moto_bridge
from local.moto.repairs.event_bridge import send_to_queue
from local.moto.replacements import replaces

#: Lambda's own number of retries where a function's configuration names none, and the laptop's pause before the first.
_RETRIES, _PAUSE_SECONDS = 2, 0.5


class TooManyRequests(LambdaClientError):  # type: ignore[misc]  # moto has no types
    """The account's concurrent executions are used up."""

    code = 429

    def __init__(self) -> None:
        super().__init__("TooManyRequestsException", "Rate Exceeded.")


def _invoke_unawaited(bridge: moto_bridge.Bridge, function: Any, suffix: str, payload: bytes) -> None:
    """Call a function asynchronously, again after a failure, and report the last one to its on-failure destination.

    The answer is dropped, also when the cloud closes meanwhile. On AWS the pauses are a minute and two.
    """
    config = function.event_invoke_config[0].config if function.event_invoke_config else {}
    retries = int(config.get("MaximumRetryAttempts", _RETRIES))
    with suppress(PoolClosed):
        for attempt in range(retries + 1):
            answer, failed = bridge.invoke(function, payload)
            if not failed:
                return
            if attempt < retries:
                time.sleep(_PAUSE_SECONDS * (attempt + 1))
        destination = config.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination", "")
        if ":sqs:" in destination:
            body = _failed_call(function, suffix, payload, answer, retries + 1)
            try:
                send_to_queue(function.region, destination, json.dumps(body), {}, None)
            except BotoCoreError:
                if not bridge.closed:  # else the function failed as its cloud ended, and so did the queue
                    raise


def _failed_call(function: Any, suffix: str, payload: bytes, answer: bytes, calls: int) -> dict[str, Any]:
    """The message that Lambda sends; "Capturing records of Lambda asynchronous invocations" shows one."""
    bare = ":".join(function.function_arn.split(":")[:7])  # moto adds the version of the alias that was called
    arn = f"{bare}:{suffix}" if suffix else bare
    return {
        "version": "1.0",
        "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "requestContext": {
            "requestId": str(uuid.uuid4()),
            "functionArn": arn,
            "condition": "RetriesExhausted",
            "approximateInvokeCount": calls,
        },
        "requestPayload": json.loads(payload),
        "responseContext": {"statusCode": 200, "executedVersion": suffix or LATEST, "functionError": "Unhandled"},
        "responsePayload": json.loads(answer or b"null"),
    }


@replaces(LambdaSimpleBackend, "invoke")
def _invoke(
    self: Any, function_name: str, qualifier: str | None, body: Any, headers: Any, response_headers: dict[str, str]
) -> bytes | None:
    """Run the function in the bridge's pool; `function_name` may be a name or an ARN, with an alias or version.

    Without Docker, moto answers with the request: https://github.com/getmoto/moto/issues/7481, and
    https://github.com/getmoto/moto/issues/9916 asks for what is done here.
    """
    name, _, suffix = function_name.split(":function:")[-1].partition(":")
    function = self.get_function(name, qualifier or suffix or None)
    payload = body.encode() if isinstance(body, str) else (body or b"{}")
    if headers.get("X-Amz-Invocation-Type") == "DryRun":
        return b""
    if headers.get("X-Amz-Invocation-Type") == "Event":
        call = (moto_bridge.current(), function, qualifier or suffix, payload)
        threading.Thread(target=_invoke_unawaited, args=call, daemon=True).start()
        return b""
    bridge = moto_bridge.current()
    with bridge.admitted() as admitted:
        if not admitted:
            raise TooManyRequests
        answer, failed = bridge.invoke(function, payload)
    if failed:
        response_headers["x-amz-function-error"] = "Unhandled"
    response_headers["x-amz-executed-version"] = str(function.version)
    return answer
