"""The readable form in which a stack's resources are kept under golden/."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import pulumi
import yaml

from tests.components.mocked_cloud import BuiltStack, Declared

#: Kept in a file of its own and checked by tests/workflow; only its presence matters here.
RENDERED_DEFINITION = "(workflow/documentation.asl.json, rendered)"


def urn_list(stack: BuiltStack) -> str:
    """One URN a line, without the part that is the same in every line."""
    return "\n".join(sorted(resource.urn.split("::", 2)[2] for resource in stack.resources)) + "\n"


def input_list(stack: BuiltStack) -> str:
    """Each resource's inputs as YAML; JSON inside strings is opened, so that a policy can be read."""
    shown = {f"{resource.token} {resource.name}": _inputs(resource) for resource in stack.resources}
    return yaml.safe_dump(shown, sort_keys=True, width=110, default_flow_style=None, allow_unicode=True)


def _inputs(resource: Declared) -> dict[str, Any]:
    shown = {key: _readable(value) for key, value in resource.inputs.items()}
    if "definition" in shown:
        shown["definition"] = RENDERED_DEFINITION
    return shown


def _readable(value: Any) -> Any:
    if isinstance(value, pulumi.FileArchive):
        return f"FileArchive({value.path})"
    if isinstance(value, str) and value[:1] in {"{", "["}:
        with suppress(ValueError):  # an input template only looks like JSON
            return json.loads(value)
    if isinstance(value, Mapping):
        return {key: _readable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_readable(item) for item in value]
    return value
