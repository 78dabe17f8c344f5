"""What Lambda answers when it is not the handler that answers: payloads with Lambda's own words."""

from __future__ import annotations

import json
import signal

from local.lambda_.runtime_api import RESPONSE_LIMIT_BYTES

#: Value of the X-Amz-Function-Error header for every failed call.
UNHANDLED = "Unhandled"
#: The largest request of a synchronous call, in bytes.
REQUEST_LIMIT_BYTES = 6_291_456


class FunctionUnknown(LookupError):
    """No function of this name is registered: Lambda's ResourceNotFoundException."""


class RequestTooLarge(ValueError):
    """The payload is above 6 MB: Lambda's RequestTooLargeException, status 413."""

    def __init__(self) -> None:
        super().__init__(f"Request must be smaller than {REQUEST_LIMIT_BYTES} bytes for the InvokeFunction operation")


class PoolClosed(RuntimeError):
    """The call came, or was waiting, when the laptop cloud was closed."""


def timed_out(request_id: str, timeout_seconds: float) -> bytes:
    """The payload after the function's timeout."""
    message = f"Error: Task timed out after {timeout_seconds:.2f} seconds"
    return _payload("Sandbox.Timedout", f"RequestId: {request_id} {message}")


def exited(request_id: str, status: int) -> bytes:
    """The payload when the worker's process ended during the call.

    Running out of memory looks the same: Lambda reports the kernel's kill, not the reason.
    """
    return _payload("Runtime.ExitError", f"RequestId: {request_id} Error: {exit_reason(status)}")


def response_too_large() -> bytes:
    """The payload when the handler returned more than Lambda carries."""
    message = f"Response payload size exceeded maximum allowed payload size ({RESPONSE_LIMIT_BYTES} bytes)."
    return _payload("Function.ResponseSizeTooLarge", message)


def start_up_failed(request_id: str, reported: bytes) -> bytes:
    """The client's report of a failed start-up, with the request that it failed for."""
    body = json.loads(reported)
    return json.dumps({**body, "requestId": request_id}).encode()


def exit_reason(status: int) -> str:
    """A process's end in the words of Lambda's log."""
    if status == 0:
        return "Runtime exited without providing a reason"
    if status < 0:
        name = (signal.strsignal(-status) or f"signal {-status}").split(":")[0].lower()
        return f"Runtime exited with error: signal: {name}"
    return f"Runtime exited with error: exit status {status}"


def _payload(error_type: str, message: str) -> bytes:
    return json.dumps({"errorType": error_type, "errorMessage": message}).encode()
