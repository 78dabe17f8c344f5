"""The WSGI environment of an ordinary request, of which most is the same for every request of a connection."""

from __future__ import annotations

import re
from email.message import Message
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from moto.core.request import PRESERVED_HEADER_NAMES_ENVIRON_KEY, environ_key_for_header

_PLAIN = re.compile(r"/(?!/)[!\"$-~]*")
_SAME = (
    "wsgi.version",
    "wsgi.url_scheme",
    "wsgi.errors",
    "wsgi.multithread",
    "wsgi.multiprocess",
    "wsgi.run_once",
    "werkzeug.socket",
    "SERVER_SOFTWARE",
    "SCRIPT_NAME",
    "REMOTE_ADDR",
    "REMOTE_PORT",
    "SERVER_NAME",
    "SERVER_PORT",
)


def surroundings_in(environ: dict[str, Any]) -> dict[str, Any]:
    """What every request of the connection has in common."""
    return {name: environ[name] for name in _SAME}


def environ_in(surroundings: dict[str, Any], method: str, target: str, fields: Message) -> dict[str, Any] | None:
    """That of a request of HTTP/1.1, without its body; None where werkzeug and moto must make it.

    They look closer at a target that is no plain path, at chunks, and at names with an underscore.
    """
    if _PLAIN.fullmatch(target) is None or "Transfer-Encoding" in fields:
        return None
    path, _, query = target.partition("?")
    environ = {
        **surroundings,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REQUEST_METHOD": method,
        "PATH_INFO": unquote(path).encode().decode("latin-1"),
        "QUERY_STRING": query,
        "REQUEST_URI": target,
        "RAW_URI": target,
        PRESERVED_HEADER_NAMES_ENVIRON_KEY: {},
    }
    for name, value in fields.items():
        if "_" in name:
            return None
        key = _key_of(name)
        earlier = f"{environ[key]}," if key in environ and key.startswith("HTTP_") else ""
        environ[key] = earlier + value.replace("\r\n", "")
    return environ


@lru_cache(maxsize=256)
def _key_of(name: str) -> str:
    return str(environ_key_for_header(name))
