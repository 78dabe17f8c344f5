"""From our server to moto's views without Flask, whose contexts, signals and adapters of URLs no view of moto's uses.

What is out of the ordinary stays Flask's: a path that no view has, a redirect, OPTIONS, and whatever a view raises.
"""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from botocore.exceptions import ClientError
from flask import Flask, Response
from moto.core.responses import BaseResponse
from moto.core.utils import convert_to_flask_response
from moto.moto_api import recorder
from moto.moto_server.werkzeug_app import BackendRequest
from werkzeug.exceptions import HTTPException

from local.moto.replacements import saves_time

_original_wsgi_app = Flask.wsgi_app
_DISPATCH: Any = vars(BaseResponse)["dispatch"].__func__
#: An answer that has no other headers needs nothing of werkzeug's Response but the length of its body.
_PLAIN = frozenset({"Content-Type", "server", "x-amzn-requestid", "x-amz-crc32"})


@saves_time(Flask, "wsgi_app")
def _wsgi_app(self: Any, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Flask makes two contexts and an adapter, and sends three signals, for every request."""
    view = _view_of(self, environ)
    if view is None:
        answer: Iterable[bytes] = _original_wsgi_app(self, environ, start_response)
        return answer
    try:
        request = BackendRequest(environ)
        recorder._record_request(request)
        status, headers, content = _result(view, request)
        if status == HTTPStatus.OK and "Content-Type" in headers and headers.keys() <= _PLAIN:
            body = content.encode() if isinstance(content, str) else content
            start_response("200 OK", [*headers.items(), ("Content-Length", str(len(body)))])
            return [body]
        response = Response(response=content, status=status, headers=headers)
        if request.method == "HEAD" and "content-length" in headers:
            response.headers["Content-Length"] = headers["content-length"]
    except Exception as problem:  # noqa: BLE001  whatever it is, Flask words it
        response = _worded(self, environ, problem)
    worded: Iterable[bytes] = response(environ, start_response)
    return worded


def _view_of(application: Any, environ: dict[str, Any]) -> Any:
    """The view of moto's that answers a request; None where Flask must look at it."""
    method = environ["REQUEST_METHOD"]
    if application.request_class is not BackendRequest or method == "OPTIONS":
        return None
    routes = getattr(application, "routes", None)
    if routes is None:
        routes = application.routes = application.url_map.bind_to_environ(environ, subdomain="")
    try:
        endpoint, _ = routes.match(environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace"), method)
    except HTTPException:
        return None
    view = application.view_functions[endpoint]
    return view.callback if isinstance(view, convert_to_flask_response) else None


def _result(view: Any, request: BackendRequest) -> tuple[int, Any, Any]:
    """Status, headers and content, as moto has Flask answer."""
    try:
        if getattr(view, "__func__", None) is _DISPATCH:
            result = view(request)  # which holds the other two
        else:
            result = view(request, request.raw_url, dict(request.headers.items()))
    except ClientError as problem:
        return 400, {}, problem.response["Error"]["Message"]
    return result if len(result) == 3 else (200, {}, result)


def _worded(application: Any, environ: dict[str, Any], problem: Exception) -> Any:
    """Flask's answer to what a view has raised."""
    with application.request_context(environ):
        try:
            return application.finalize_request(application.handle_user_exception(problem))
        except Exception as unhandled:  # noqa: BLE001  as Flask: there is an answer to everything
            return application.handle_exception(unhandled)
