"""A request that reaches a function by its URL, and the answer."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from agents.contracts.base import Contract


class HttpRequest(Contract):
    """One HTTP request. Names of headers are in lower case; `host` is the URL's own, without a scheme."""

    method: str
    path: str = Field(description="as it was sent, nothing decoded")
    query: Mapping[str, str] = Field(default={}, description="decoded; of a name that comes twice, both joined by ','")
    headers: Mapping[str, str] = {}
    cookies: Mapping[str, str] = {}
    body: bytes = b""
    host: str = ""
    address: str = Field(default="", description="the sender's IP address")


class HttpResponse(Contract):
    """The answer to an HttpRequest."""

    status: int = Field(ge=200, le=599)
    body: str = ""
    content_type: str = "text/plain; charset=utf-8"
    headers: Mapping[str, str] = {}
    cookies: tuple[str, ...] = Field(default=(), description="values of Set-Cookie")
