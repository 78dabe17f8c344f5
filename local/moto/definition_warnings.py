"""What in a definition looks like a mistake and is none for Step Functions: its three warnings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from local.moto.definition_expressions import texts_of
from local.moto.definition_problems import read
from local.moto.diagnostics import Diagnostic
from workflow import definition

_PATH = re.compile(r"\$(?:\$?\.|$)|States\.[A-Za-z0-9]+\(")
_TEMPLATES = ("Parameters", "ResultSelector", "ItemSelector")


def warnings_of(text: str) -> list[Diagnostic]:
    """Every warning of a definition; none of one that cannot be read, which has errors."""
    machine, broken = read(text)
    try:
        return [] if broken else [each for state in definition.states(machine) for each in _of_state(state)]
    except (KeyError, TypeError, AttributeError, RecursionError):
        return []


def _of_state(state: definition.State) -> Iterator[Diagnostic]:
    body, where = state.body, f"/States/{state.path}"
    for template in _TEMPLATES:
        for name, value in texts_of(body.get(template, {})):
            if _PATH.match(value) and not name.endswith(".$"):
                message = f"The field '{name}' looks like a JSONPath or an intrinsic function and has no '.$'"
                yield _warning("NO_DOLLAR", message, f"{where}/{template}")
    if body["Type"] == "Pass" and any(_PATH.match(value) for _, value in texts_of(body.get("Result", {}))):
        yield _warning("PASS_RESULT_IS_STATIC", "A path in the Result of a Pass state is a text", f"{where}/Result")
    for number, choice in enumerate(body.get("Choices", [])):
        for comparison in definition.comparisons(choice):
            for name in _pathlike(comparison):
                message = f"The value of '{name}' looks like a path, and the name does not end with 'Path'"
                yield _warning("NO_PATH", message, f"{where}/Choices[{number}]")


def _pathlike(comparison: dict[str, Any]) -> Iterator[str]:
    for name, value in comparison.items():
        meant = name in {"Variable", "Next", "Comment"} or name.endswith("Path")
        if not meant and isinstance(value, str) and _PATH.match(value):
            yield name


def _warning(code: str, message: str, location: str) -> Diagnostic:
    return Diagnostic(code, message, location, "WARNING")
