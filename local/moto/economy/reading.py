"""What takes moto longer than it needs to read a request."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from moto.core.parse import BaseJSONParser
from moto.dynamodb.responses import DynamoHandler
from werkzeug.sansio import request as werkzeug_request

from local.moto.replacements import saves_time

_original_structure = BaseJSONParser._parse_structure
_original_duplicates = DynamoHandler._contains_duplicates
_original_url = werkzeug_request.get_current_url
#: Values of DynamoDB that are on the wire what they are in moto.
_AS_THEY_ARE = frozenset({"S", "N", "BOOL", "NULL"})


@saves_time(BaseJSONParser, "_parse_structure")
def _parse_structure(self: Any, shape: Any, value: Any) -> Any:
    """moto looks for each of the ten members that a value of DynamoDB can have; nearly all are texts."""
    if type(value) is dict and len(value) == 1 and shape.name == "AttributeValue":
        kind, content = next(iter(value.items()))
        of_dynamodb = self.operation_model.service_model.service_name == "dynamodb"
        if of_dynamodb and kind in _AS_THEY_ARE and content is not None:
            return self.MAP_TYPE(value)
    return _original_structure(self, shape, value)


@saves_time(DynamoHandler, "_contains_duplicates")
def _contains_duplicates(self: Any, keys: Sequence[Any]) -> bool:
    """moto compares each key of a batch with all before it."""
    different = {repr(sorted(key.items()) if isinstance(key, dict) else key) for key in keys}
    return len(different) < len(keys) and bool(_original_duplicates(self, keys))


@saves_time(werkzeug_request, "get_current_url")
def _get_current_url(
    scheme: str, host: str, root_path: str | None = None, path: str | None = None, query_string: bytes | None = None
) -> str:
    """werkzeug puts the address of our server together for every request, and looks for what must be encoded."""
    if path is None and query_string is None:
        return _url_of(scheme, host, root_path)
    return str(_original_url(scheme, host, root_path, path, query_string))


@lru_cache(maxsize=16)
def _url_of(scheme: str, host: str, root_path: str | None) -> str:
    return str(_original_url(scheme, host, root_path))
