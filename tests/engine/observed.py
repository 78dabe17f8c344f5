"""What a resource is like in the cloud just now, and the calls of the table that look and delete."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jmespath  # type: ignore[import-untyped]  # the library has no types
from botocore.exceptions import ClientError

from local.resources import CloudBackend
from tests.engine.kind import Call, Kind

#: Parts of error codes that say that something is not there.
_ABSENT = ("NotFound", "NoSuch", "DoesNotExist", "404", "NonExistent", "ClientException", "ValidationError")


def observe(kind: Kind, identity: str, state: Mapping[str, Any], cloud: CloudBackend) -> dict[str, Any] | None:
    """The properties that are read back; None where the resource is not there."""
    known = {**state, "id": identity}
    try:
        answer = call(kind.read, known, cloud)
    except ClientError as error:
        if is_absence(error):
            return None
        raise
    found = jmespath.search(str(filled(kind.read.found, known)), answer)
    if not found and found != {}:
        return None
    return {name: jmespath.search(path, found) for name, path in kind.read.seen.items()}


def call(one: Call, known: Mapping[str, Any], cloud: CloudBackend) -> Any:
    """Make one call of the table."""
    return getattr(cloud.client(one.service), one.operation)(**filled(one.arguments, known))


def is_absence(error: ClientError) -> bool:
    """Whether AWS answers that there is no such thing."""
    return any(part in str(error.response["Error"]["Code"]) for part in _ABSENT)


def filled(template: Any, known: Mapping[str, Any]) -> Any:
    """The template with properties in it; nothing but `{x}` is the property itself, `{int:x}` is it as a number."""
    if isinstance(template, Mapping):
        return {name: filled(value, known) for name, value in template.items()}
    if isinstance(template, list):
        return [filled(value, known) for value in template]
    if not isinstance(template, str):
        return template
    if template.startswith("{") and template.endswith("}") and template.count("{") == 1:
        name = template[1:-1]
        value = known.get(name.removeprefix("int:"), False)
        return int(value) if isinstance(value, float) or name.startswith("int:") else value
    return template.format_map(known) if "{" in template else template
