"""Translates between a function URL's events and our contracts. Pure.

Source: "Request and response payloads" of AWS Lambda's function URLs, payload format 2.0.
"""

from __future__ import annotations

import base64
from typing import Any

from agents.contracts.http import HttpRequest, HttpResponse

#: Headers of every answer: a function's page is for the person who opened it and is not framed, cached or guessed at.
_ALWAYS = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "strict-transport-security": "max-age=31536000",
}


def http_request(event: dict[str, Any]) -> HttpRequest:
    """The request in an event. Raises KeyError, ValueError: it is no event of a function URL."""
    context = event["requestContext"]
    body = event.get("body") or ""
    return HttpRequest(
        method=_text(context["http"]["method"]),
        path=_text(event["rawPath"]),
        query={_text(name): _text(value) for name, value in (event.get("queryStringParameters") or {}).items()},
        headers={_text(name).lower(): _text(value) for name, value in event["headers"].items()},
        cookies=dict(_text(cookie).partition("=")[::2] for cookie in event.get("cookies") or ()),
        body=base64.b64decode(body, validate=True) if event.get("isBase64Encoded") else _bytes(body),
        host=context.get("domainName", ""),
        address=context["http"].get("sourceIp", ""),
    )


def _text(sent: object) -> str:
    """A sender's words as text of Unicode: half a pair of surrogates, which JSON can write, becomes a `?`."""
    if not isinstance(sent, str):
        raise TypeError("the event is not what Lambda sends: a header, a path or a part of the query is no text")
    return sent.encode("utf-8", "replace").decode("utf-8")


def _bytes(body: str) -> bytes:
    """The body's bytes. Half a pair of surrogates stays what it is, so that whoever reads UTF-8 refuses it."""
    return body.encode("utf-8", "surrogatepass")


def http_answer(response: HttpResponse) -> dict[str, Any]:
    """The answer as Lambda wants it."""
    return {
        "statusCode": response.status,
        "headers": {**_ALWAYS, **response.headers, "content-type": response.content_type},
        "cookies": list(response.cookies),
        "body": response.body,
        "isBase64Encoded": False,
    }
