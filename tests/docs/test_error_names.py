"""Every error name that can reach a person is in a table of the operations page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import awslambdaric
import pytest
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import StatesErrorNameType

from agents import errors
from tests.components.mocked_cloud import ROOT
from tests.docs.blocks import DOCS
from workflow import definition

#: Matches any error in a retrier or catcher; never an error itself.
_WILDCARD = "States.ALL"
#: Given by AWS alone: ECS by its failures' names, Lambda for its memory and its permissions.
_AWS_ALONE = {
    "AmazonECS.Unknown",
    "ECS.AccessDeniedException",
    "Lambda.AccessDeniedException",
    "Lambda.ResourceNotFoundException",
    "Runtime.OutOfMemory",
}
_DOTTED = re.compile(r'"((?:States|Lambda|Runtime|Sandbox|Function|ECS|AmazonECS|DynamoDB)\.[A-Z]\w+)"')
_WORDED = re.compile(r'"errorType": ?"([A-Za-z.]+)"')


def _documented() -> set[str]:
    page = (DOCS / "operations.md").read_text(encoding="utf-8")
    cells = " ".join(re.findall(r"^\| (.*?) \|", page, re.MULTILINE))
    return set(re.findall(r"`([A-Z][A-Za-z0-9.]+)`", cells))


def _of_the_definition(node: Any) -> Iterable[str]:
    if isinstance(node, dict):
        yield from node.get("ErrorEquals", [])
        if isinstance(node.get("Error"), str) and not node["Error"].startswith("$"):
            yield node["Error"]
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            yield from _of_the_definition(child)


def _leaves(base: type[errors.SwarmError]) -> set[str]:
    below = base.__subclasses__()
    return {base.__name__} if not below else set().union(*map(_leaves, below))


def _written_in(folder: Path, shape: re.Pattern[str]) -> set[str]:
    return {name for path in folder.rglob("*.py") for name in shape.findall(path.read_text(encoding="utf-8"))}


def _of_lambdas_client() -> set[str]:
    texts = (path.read_text(encoding="utf-8") for path in Path(awslambdaric.__file__).parent.rglob("*.py"))
    return {name for text in texts for name in re.findall(r"Runtime\.[A-Z][A-Za-z]+", text)}


SOURCES = {
    "agents/errors.py": _leaves(errors.SwarmError) - _leaves(errors.InternalError),
    "the state machine": set(_of_the_definition(definition.load())) - {_WILDCARD},
    "the laptop's engine": {kind.to_name() for kind in StatesErrorNameType} - {_WILDCARD},
    "the laptop's cloud": _written_in(ROOT / "local", _DOTTED) | _written_in(ROOT / "local", _WORDED),
    "the command line": _written_in(ROOT / "cli", _DOTTED),
    "Lambda's client for Python": _of_lambdas_client(),
    "AWS": _AWS_ALONE,
}


@pytest.mark.parametrize("source", SOURCES)
def test_the_operations_page_has_every_error_name_of(source: str) -> None:
    assert SOURCES[source], "no name was found: the test looks in the wrong place"
    assert sorted(SOURCES[source] - _documented()) == []
