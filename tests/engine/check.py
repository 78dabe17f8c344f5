"""What the provider's Check refuses: properties that its schema does not know, and required ones that are missing.

The schema is that of pulumi_aws, whose argument classes are generated from it.
"""

from __future__ import annotations

import inspect
import threading
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pulumi_aws

_one_at_a_time = threading.Lock()


def problems(type_: str, inputs: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Property and reason, for everything that the schema does not allow."""
    known, required = _schema(type_)
    for name in inputs:
        if name not in known and not name.startswith("__"):
            yield name, f"{type_} has no property {name}"
    for name in sorted(required - set(inputs)):
        yield name, f"{type_} needs the property {name}"


def _schema(type_: str) -> tuple[frozenset[str], frozenset[str]]:
    with _one_at_a_time:  # pulumi_aws loads its modules when they are first used, which two threads can't do at once
        return _loaded(type_)


@cache
def _loaded(type_: str) -> tuple[frozenset[str], frozenset[str]]:
    _, module, name = type_.split(":")
    folder = module.partition("/")[0]
    found = getattr(pulumi_aws, "lambda_" if folder == "lambda" else folder)
    # Where a nested type has the resource's name, the resource's own arguments are called otherwise.
    arguments = getattr(found, f"{name}InitArgs", None) or getattr(found, f"{name}Args")
    parameters = list(inspect.signature(arguments.__init__).parameters.values())[1:]
    known = frozenset(_camel(each.name) for each in parameters)
    return known, frozenset(_camel(each.name) for each in parameters if each.default is inspect.Parameter.empty)


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(other.capitalize() for other in others)
