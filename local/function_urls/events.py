"""A request as a function URL's event, and a function's result as the answer.

Source: "Request and response payloads" of AWS Lambda's function URLs, payload format 2.0.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

#: Lambda refuses a larger request (its limit of a synchronous call's payload); the event is a bit larger than a body.
LARGEST_BODY_BYTES = 6 * 1024 * 1024
_TEXT = ("text/", "application/json", "application/xml", "application/javascript", "application/x-www-form-urlencoded")


@dataclass(frozen=True)
class UrlRequest:
    """What a sender sent: `target` is the path with its query."""

    method: str
    target: str
    headers: Sequence[tuple[str, str]]
    body: bytes
    host: str
    address: str


@dataclass(frozen=True)
class UrlAnswer:
    """What the sender gets."""

    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes


def event_of(request: UrlRequest, request_id: str, seconds: float) -> dict[str, Any]:
    """The event; `seconds` is the time since the epoch."""
    path, _, query = request.target.partition("?")
    headers: dict[str, str] = {}
    for name, value in request.headers:
        lowered = name.lower()
        headers[lowered] = f"{headers[lowered]},{value}" if lowered in headers else value
    cookies = [cookie.strip() for cookie in headers.pop("cookie", "").split(";") if cookie.strip()]
    values: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        values[name] = f"{values[name]},{value}" if name in values else value
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": query,
        "headers": headers,
        "requestContext": {
            "accountId": "anonymous",
            "apiId": "local",
            "domainName": request.host,
            "domainPrefix": "local",
            "http": {
                "method": request.method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": request.address,
                "userAgent": headers.get("user-agent", ""),
            },
            "requestId": request_id,
            "routeKey": "$default",
            "stage": "$default",
            "timeEpoch": int(seconds * 1000),
        },
        "isBase64Encoded": False,
    }
    if cookies:
        event["cookies"] = cookies
    if values:
        event["queryStringParameters"] = values
    if request.body:
        text = _as_text(request.body, headers.get("content-type", ""))
        event["body"] = base64.b64encode(request.body).decode() if text is None else text
        event["isBase64Encoded"] = text is None
    return event


def _as_text(body: bytes, content_type: str) -> str | None:
    if not content_type.lower().startswith(_TEXT):
        return None
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return None


def answer_of(result: bytes, *, failed: bool) -> UrlAnswer:
    """What Lambda makes of a function's result: 502 for an error or a malformed answer, as AWS answers."""
    if failed:
        return _plain(502, "Internal Server Error")
    value = json.loads(result or b"null")
    if not isinstance(value, Mapping) or "statusCode" not in value:
        return UrlAnswer(200, [("Content-Type", "application/json")], json.dumps(value).encode())
    try:
        body = str(value.get("body") or "")
        content = base64.b64decode(body) if value.get("isBase64Encoded") else body.encode()
        headers = [(str(name), str(text)) for name, text in (value.get("headers") or {}).items()]
        headers += [("Set-Cookie", str(cookie)) for cookie in value.get("cookies") or ()]
        return UrlAnswer(int(value["statusCode"]), headers, content)
    except (AttributeError, TypeError, ValueError):
        return _plain(502, "Internal Server Error")


def too_large() -> UrlAnswer:
    """Lambda's refusal of a body beyond its limit."""
    return _plain(413, "Request Too Long")


def busy() -> UrlAnswer:
    """Lambda's refusal of a call beyond the account's concurrency."""
    return _plain(429, "Rate Exceeded.")


def _plain(status: int, message: str) -> UrlAnswer:
    return UrlAnswer(status, [("Content-Type", "application/json")], json.dumps({"Message": message}).encode())
