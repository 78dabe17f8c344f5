"""In front of everything that moto answers: only requests that a key of this cloud has signed come in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from local.privileges import answers
from local.privileges.identity import CloudKeys
from local.privileges.signatures import NotSigned, SignedRequest, signature_of, verify

Environ = dict[str, Any]
#: moto's own API, which resets, seeds and records; nobody needs it from outside.
_SHUT = ("/moto-api", "/favicon.ico")


class SignatureGate:
    """A WSGI application around another; what is not signed, or is moto's own, gets 403 in the service's form."""

    def __init__(self, application: Callable[[Environ, Any], Iterable[bytes]], keys: CloudKeys) -> None:
        self._application = application
        self._keys = keys

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        request = _request(environ)
        try:
            signed = verify(request, self._keys.secret_of)
            _refuse_motos_own(environ)
        except NotSigned as reason:
            message = f"{reason} (see the page on operations: who may speak to the cloud on this machine)"
            headers, body = answers.refusal(reason.code, message, _service_of(request), environ)
            start_response("403 Forbidden", headers)
            return [body]
        # Of a presigned URL too: moto finds the service, and the privilege gate the role, by this header.
        environ["HTTP_AUTHORIZATION"] = signed.header
        return self._application(environ, start_response)


def _refuse_motos_own(environ: Environ) -> None:
    if environ.get("PATH_INFO", "").lower().startswith(_SHUT):
        raise NotSigned("AccessDeniedException", "moto's own API is shut")


def _service_of(request: SignedRequest) -> str:
    try:
        return signature_of(request).service
    except NotSigned:
        return ""


def _request(environ: Environ) -> SignedRequest:
    path, _, query = str(environ.get("RAW_URI") or environ.get("PATH_INFO", "")).partition("?")
    headers = {
        name[5:].replace("_", "-").lower(): str(value) for name, value in environ.items() if name.startswith("HTTP_")
    }
    for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if environ.get(name):
            headers[name.replace("_", "-").lower()] = str(environ[name])
    source = environ["wsgi.input"]
    body = source.read()
    source.seek(0)  # our server reads every request whole, into memory
    return SignedRequest(environ["REQUEST_METHOD"], path, query, headers, body)
