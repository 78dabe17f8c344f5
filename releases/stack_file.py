"""Changes values in a stack's file, `Pulumi.STACK.yaml`; comments, order and every other line stay. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping


class KeyMissing(ValueError):
    """The stack's file has no line with this key."""


def with_values(text: str, values: Mapping[str, str], project: str = "serverless-swarm") -> str:
    """The text with other values of these keys. Raises KeyMissing."""
    for key, value in values.items():
        line = re.compile(
            rf"^(?P<start>[ \t]+{re.escape(project)}:{re.escape(key)}:[ \t]*)"
            r"""(?P<value>"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^#\n]*?)(?P<end>[ \t]*(?:[ \t]#.*)?)$""",
            re.MULTILINE,
        )
        if not line.search(text):
            raise KeyMissing(f"the stack's file has no line {project}:{key}")
        text = line.sub(lambda found, new=value: f"{found['start']}{_quoted(new)}{found['end']}", text, count=1)  # type: ignore[misc]  # mypy reads no default of a lambda
    return text


def _quoted(value: str) -> str:
    """JSON's string is YAML's; plain where nothing can be read into it."""
    return value if re.fullmatch(r"[a-z][a-z-]*", value) and value not in _WORDS else json.dumps(value)


_WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})
