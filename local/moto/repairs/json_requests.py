"""Requests of AWS's JSON protocols, which moto also reads as a form.

moto splits a body at each `&`, so a text in it may name another operation, which the privileges were not asked about.
"""

from __future__ import annotations

from functools import cache
from io import BytesIO
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlparse

from botocore.exceptions import DataNotFoundError
from moto.core.request import Request
from moto.core.responses import BaseResponse
from moto.core.utils import get_service_model
from moto.iam.models import mark_account_as_visited
from moto.utilities.utils import get_partition
from werkzeug.datastructures import ImmutableMultiDict

from local.moto.replacements import replaces

_original_setup = BaseResponse.setup_class
_original_action = BaseResponse._get_action
_NO_FORM: ImmutableMultiDict[str, str] = ImmutableMultiDict()


@replaces(BaseResponse, "setup_class")
def _setup_class(
    self: Any, request: Request, full_url: str | None = None, headers: Any = None, use_raw_body: bool | None = None
) -> None:
    """`&Action=ListTables&` in a text makes a PutItem of moto's a ListTables; with an Invoke's payload it is the same.

    With a target, the operation is the target's, its parameters are the body's, and there is no form; reading them once
    also takes a third of the time. A REST request has no parameters but those of its URL and its body.
    """
    if _is_rest(self):
        _original_setup(self, request, full_url, {}, True)
        if isinstance(self.body, bytes) and not use_raw_body:
            self.body = self.body.decode("utf-8")
        return
    if not request.from_wsgi_server or not _is_json(self, request.environ):
        _original_setup(self, request, full_url, headers, use_raw_body)
        return
    full_url = full_url or request.raw_url
    body = request.environ["wsgi.input"].getvalue()
    region = self.get_region_from_url(request, full_url)
    form: dict[str, Any] = {}
    vars(self).update(
        is_werkzeug_request=True,
        normalized_request=request,
        uri=full_url,
        parsed_url=urlparse(full_url),
        path=urlparse(full_url).path,
        raw_path=request.raw_path,
        raw_body=body,
        body=body.decode("utf-8"),
        form_data=_NO_FORM,
        querystring=form,
        data=form,
        uri_match={},
        method=request.method,
        headers=request.headers,
        region=region,
        partition=get_partition(region),
        response_headers={"server": "amazon.com"},
    )
    if self.automated_parameter_parsing and self._get_action():
        described = {"content_type": request.content_type, "data": body, "headers": request.headers}
        self.parse_parameters(SimpleNamespace(method=request.method, path=request.path, values=_NO_FORM, **described))
    self.access_key = self.get_access_key()
    self.current_account = self.get_current_account()
    mark_account_as_visited(self.current_account, self.access_key, self.service_name, self.region)


@replaces(BaseResponse, "_get_action")
def _get_action(self: Any) -> Any:
    """And a REST request is of the operation that its method and its URL name."""
    if _is_rest(self):
        return self._get_action_from_method_and_request_uri(self.normalized_request)
    return _original_action(self)


def _is_rest(response: Any) -> bool:
    """Whether a service has REST with JSON alone, and moto reads its bodies as text."""
    return not response.use_raw_body and _protocols(response.boto3_service_name) == ("rest-json",)


def _is_json(response: Any, environ: dict[str, Any]) -> bool:
    """Whether a request is in the JSON protocol, to a service that has it."""
    return (
        "HTTP_X_AMZ_TARGET" in environ
        and environ.get("CONTENT_TYPE", "").startswith("application/x-amz-json-")
        and "HTTP_CONTENT_ENCODING" not in environ
        and isinstance(environ["wsgi.input"], BytesIO)  # our server has read it whole
        and not response.use_raw_body
        and "json" in _protocols(response.boto3_service_name)
    )


@cache
def _protocols(service: str) -> tuple[str, ...]:
    try:
        metadata = get_service_model(service).metadata
    except DataNotFoundError:  # some of moto's responses have a name of their own, or none
        return ()
    return tuple(metadata.get("protocols", [metadata["protocol"]]))
