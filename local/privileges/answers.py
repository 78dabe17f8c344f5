"""How AWS words a refusal, in the form of the service that was asked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

Answer = tuple[list[tuple[str, str]], bytes]
#: Some protocols have a name of their own for the same refusal.
_S3_CODES = {"UnrecognizedClientException": "InvalidAccessKeyId", "AccessDeniedException": "AccessDenied"}


def refusal(code: str, message: str, service: str, environ: Mapping[str, Any]) -> Answer:
    """Headers and body; without a known service, the request's own form says what its sender can read."""
    form = str(environ.get("CONTENT_TYPE", "")).startswith("application/x-www-form-urlencoded")
    if service == "s3" or not (service or form or environ.get("HTTP_X_AMZ_TARGET")):
        kind, text = "application/xml", f"<Error>{_error(_S3_CODES.get(code, code), message)}</Error>"
    elif form and service == "ec2":
        kind, text = "text/xml", f"<Response><Errors><Error>{_error(code, message)}</Error></Errors></Response>"
    elif form:
        error = f"<Error><Type>Sender</Type>{_error(code, message)}</Error>"
        kind, text = "text/xml", f"<ErrorResponse>{error}</ErrorResponse>"
    else:
        kind = "application/x-amz-json-1.0"
        text = json.dumps({"__type": code, "message": message, "Message": message})
    body = b"" if environ.get("REQUEST_METHOD") == "HEAD" else text.encode("utf-8")
    return [("Content-Type", kind), ("Content-Length", str(len(body))), ("x-amzn-ErrorType", code)], body


def _error(code: str, message: str) -> str:
    return f"<Code>{escape(code)}</Code><Message>{escape(message)}</Message>"
