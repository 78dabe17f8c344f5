"""What the provider's Check refuses: properties that its schema does not know, and required ones that are missing.

The schema is that of pulumi_aws, whose argument classes are generated from it.
"""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pulumi_aws


def problems(type_: str, inputs: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Property and reason, for everything that the schema does not allow."""
    known, required = _schema(type_)
    for name in inputs:
        if name not in known and not name.startswith("__"):
            yield name, f"{type_} has no property {name}"
    for name in sorted(required - set(inputs)):
        yield name, f"{type_} needs the property {name}"


@cache
def _schema(type_: str) -> tuple[frozenset[str], frozenset[str]]:
    _, module, name = type_.split(":")
    folder = module.partition("/")[0]
    package = f"{pulumi_aws.__name__}.{'lambda_' if folder == 'lambda' else folder}"
    file = re.sub(r"(?<!^)(?=[A-Z])", "_", module.partition("/")[2]).lower()
    found = importlib.import_module(f"{package}.{file}")
    # Where a nested type has the resource's name, the resource's own arguments are called otherwise.
    arguments = getattr(found, f"{name}InitArgs", None) or getattr(found, f"{name}Args")
    parameters = list(inspect.signature(arguments.__init__).parameters.values())[1:]
    known = frozenset(_camel(each.name) for each in parameters)
    return known, frozenset(_camel(each.name) for each in parameters if each.default is inspect.Parameter.empty)


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(other.capitalize() for other in others)
