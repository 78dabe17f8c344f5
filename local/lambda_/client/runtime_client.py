"""The native part of awslambdaric in plain Python: it is built for Linux only, and laptops run other systems too.

Same module name and functions as the original; used only where the original is not installed.
"""

from __future__ import annotations

import http.client
import os

_PREFIX = "/2018-06-01/runtime/invocation"
_agent = "aws-lambda-python"
_connection: http.client.HTTPConnection | None = None


def initialize_client(user_agent: str) -> None:
    """Remember how to introduce ourselves."""
    global _agent  # noqa: PLW0603 (the original is a module with one state, too)
    _agent = user_agent


def next() -> tuple[bytes, dict[str, str]]:  # noqa: A001 (the original's name)
    """Wait for work: the event and the headers."""
    status, body, headers = _call("GET", f"{_PREFIX}/next", None, {})
    if status != 200:
        raise RuntimeError(f"Failed to get next: {status}")
    return body, headers


def post_invocation_result(request_id: str, result: bytes, content_type: str, invocation_id: str | None = None) -> None:
    """Send the handler's result."""
    del invocation_id
    _post(f"{_PREFIX}/{request_id}/response", result, {"Content-Type": content_type})


def post_error(request_id: str, error: str, xray_cause: str, invocation_id: str | None = None) -> None:
    """Send the handler's exception."""
    del xray_cause, invocation_id
    _post(f"{_PREFIX}/{request_id}/error", error.encode(), {"Content-Type": "application/json"})


def _post(path: str, body: bytes, headers: dict[str, str]) -> None:
    status, _, _ = _call("POST", path, body, headers)
    if status != 202:
        raise RuntimeError(f"Failed to post: {status}")


def _call(method: str, path: str, body: bytes | None, headers: dict[str, str]) -> tuple[int, bytes, dict[str, str]]:
    global _connection  # noqa: PLW0603  one for the process, as the native module has
    address, _, secret = os.environ["AWS_LAMBDA_RUNTIME_API"].partition("/")
    if _connection is None:
        _connection = http.client.HTTPConnection(address)
    _connection.request(method, f"/{secret}{path}", body, {"User-Agent": _agent, **headers})
    response = _connection.getresponse()
    return response.status, response.read(), dict(response.getheaders())
