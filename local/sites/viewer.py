"""components/site_viewer.js in Python: what happens to a viewer's request before a page is looked for.

A test runs both with the same requests.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_TARGET = re.compile(r"(/sites/[A-Za-z0-9._-]+/)[A-Za-z0-9._/-]*")
_VALUE = re.compile(r"[A-Za-z0-9_~-]{1,2000}")
_COOKIES = {"policy": "CloudFront-Policy", "signature": "CloudFront-Signature", "key": "CloudFront-Key-Pair-Id"}


@dataclass(frozen=True)
class OpenedLink:
    """A link of `swarm open` was followed: where to go, and the cookies to take along, each with its attributes."""

    location: str
    cookies: Mapping[str, tuple[str, str]]


class LinkRefused(Exception):
    """It is no link of `swarm open`."""


def viewer_request(path: str, query: Mapping[str, str]) -> str | OpenedLink:
    """The path of the page, or where a link leads. Raises LinkRefused."""
    if path.startswith("/sign-in"):
        return path
    if path == "/open":
        return _opened(query)
    return f"{path}index.html" if path.endswith("/") else path


def _opened(query: Mapping[str, str]) -> OpenedLink:
    target = _TARGET.fullmatch(query.get("to", ""))
    if target is None or not all(_VALUE.fullmatch(query.get(name, "")) for name in _COOKIES):
        raise LinkRefused
    attributes = f"Path={target[1]}; Secure; HttpOnly; SameSite=Lax"
    return OpenedLink(target[0], {cookie: (query[name], attributes) for name, cookie in _COOKIES.items()})
