"""In front of moto: once something could not be kept, every request is answered with the reason.

A cloud that goes on would lose what it answers for. An error of moto's own looks like a service that is down for a
moment, which agents wait for; this answer reaches whoever follows the run with its next question.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any, Final

#: The error code of the answer.
STATE_UNUSABLE: Final = "StateUnusable"
_OF_S3 = "/s3/aws4_request"


class StateGuard:
    """A WSGI application around another; `trouble` says why nothing more can be kept, or nothing."""

    def __init__(
        self, application: Callable[[dict[str, Any], Any], Iterable[bytes]], trouble: Callable[[], str]
    ) -> None:
        self._application = application
        self._trouble = trouble

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        reason = self._trouble()
        if not reason:
            return self._application(environ, start_response)
        kind, text = _answer(reason, environ.get("HTTP_AUTHORIZATION", ""))
        body = text.encode()
        headers = [
            ("Content-Type", kind),
            ("Content-Length", str(len(body))),
            ("x-amzn-ErrorType", STATE_UNUSABLE),
        ]
        start_response("400 Bad Request", headers)
        return [body]


def _answer(reason: str, authorization: str) -> tuple[str, str]:
    """The content type and the body of an error in the form that the service has."""
    if _OF_S3 in authorization:
        escaped = reason.replace("&", "&amp;").replace("<", "&lt;")
        return "application/xml", f"<Error><Code>{STATE_UNUSABLE}</Code><Message>{escaped}</Message></Error>"
    return "application/x-amz-json-1.0", json.dumps({"__type": STATE_UNUSABLE, "message": reason})
