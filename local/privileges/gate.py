"""In front of moto: every signed request of a role is written into the ledger, and refused where its policy says so."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl

from local.privileges import answers
from local.privileges.calls import Call, Request, Surroundings, calls_of, missing_object
from local.privileges.identity import role_of
from local.privileges.ledger import Ledger, Refusal

Environ = dict[str, Any]
#: Services whose requests name their resource in the body, JSON or a form, which is small.
_NAMED_IN_BODY = frozenset({"bedrock", "dynamodb", "states", "ecs", "sqs", "secretsmanager", "sns", "events"})
#: What a request in a service's protocol says it is; moto would take another operation from one that is no such.
_FORM = "application/x-www-form-urlencoded"
_KINDS = {"sns": _FORM} | dict.fromkeys(_NAMED_IN_BODY - {"bedrock", "sns"}, "application/x-amz-json-")
_CHUNK = 1024 * 1024


class PrivilegeGate:
    """A WSGI application around moto's, inside the SignatureGate. Requests of no role pass: they are the operator's."""

    def __init__(
        self, application: Callable[[Environ, Any], Iterable[bytes]], ledger: Ledger, around: Surroundings
    ) -> None:
        self._application = application
        self._ledger = ledger
        self._around = around

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        caller = role_of(environ.get("HTTP_AUTHORIZATION", ""))
        if caller is None:
            return self._application(environ, start_response)
        role, service = caller
        request = _request(service, environ)
        refusal = self._ledger.ask(role, calls_of(request, self._around))
        if refusal is not None:
            _drain(environ)
            return _refused(refusal, request, environ, start_response)
        looked_for = missing_object(request)
        if looked_for is None:
            return self._application(environ, start_response)
        return self._read(role, request, looked_for, environ, start_response)

    def _read(
        self, role: str, request: Request, looked_for: Call, environ: Environ, start_response: Any
    ) -> Iterable[bytes]:
        """S3 tells only those who may list the bucket that an object is missing; the others, that they may not look."""
        begun: list[Any] = []
        body = self._application(environ, lambda *answer: begun.append(answer))
        if begun and begun[0][0].startswith("404"):
            refusal = self._ledger.ask(role, [looked_for])
            if refusal is not None:
                if hasattr(body, "close"):
                    body.close()
                return _refused(refusal, request, environ, start_response)
        start_response(*begun[0])
        return body


def _request(service: str, environ: Environ) -> Request:
    body = b""
    if service in _NAMED_IN_BODY:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = BytesIO(body)
    in_protocol = environ.get("CONTENT_TYPE", "").startswith(_KINDS.get(service, ""))
    return Request(
        service=service,
        method=environ["REQUEST_METHOD"],
        path=environ.get("PATH_INFO", "").encode("latin-1").decode("utf-8", "replace"),
        query=dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True)),
        target=environ.get("HTTP_X_AMZ_TARGET", "") if in_protocol else "",
        body=body if in_protocol else b"",
        copies=environ.get("HTTP_X_AMZ_COPY_SOURCE", ""),
    )


def _drain(environ: Environ) -> None:
    """Read what is left of the body: a client that is still sending would see a broken connection, and no answer."""
    left = int(environ.get("CONTENT_LENGTH") or 0)
    while left > 0 or environ.get("wsgi.input_terminated"):
        read = len(environ["wsgi.input"].read(min(left, _CHUNK) or _CHUNK))
        if not read:
            return
        left -= read


def _refused(refusal: Refusal, request: Request, environ: Environ, start_response: Any) -> list[bytes]:
    """AWS's answer to who may not, in the service's own form; nothing in it is from outside but names of ours."""
    message = f"{refusal} (the role's policy is made in components/iam/documents.py)"
    headers, body = answers.refusal("AccessDeniedException", message, request.service, environ)
    start_response("403 Forbidden" if request.service in {"s3", "lambda"} else "400 Bad Request", headers)
    return [body]
