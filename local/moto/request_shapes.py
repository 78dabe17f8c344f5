"""Holds a request against the lengths, ranges, patterns and enumerations of AWS's own API models.

botocore sends what exceeds them, and AWS refuses it; moto takes most of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from botocore.exceptions import ParamValidationError
from botocore.model import ListShape, MapShape, OperationModel, Shape, StringShape, StructureShape

#: Classes of characters that Java's patterns know and Python's do not.
_JAVA = {r"\p{L}": r"^\W\d_", r"\p{N}": r"\d", r"\p{Z}": r"\s", r"\p{Alnum}": "a-zA-Z0-9", r"\p{ASCII}": "\x00-\x7f"}


def check(params: Mapping[str, Any], model: OperationModel, **_: Any) -> None:
    """Raises ParamValidationError, which names each value; registered with a client for every call."""
    if model.input_shape is not None:
        problems = list(_problems(params, model.input_shape, model.name))
        if problems:
            raise ParamValidationError(report="; ".join(problems))


def _problems(value: Any, shape: Shape, where: str) -> Iterator[str]:
    if isinstance(shape, StringShape) and isinstance(value, str):
        yield from _of_text(value, shape, where)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield from _size(value, shape, where, "")
    elif isinstance(shape, ListShape) and isinstance(value, list | tuple):
        yield from _size(len(value), shape, where, "entries")
    for inner, inner_shape, name in _parts(value, shape):
        yield from _problems(inner, inner_shape, f"{where}{name}")


def _parts(value: Any, shape: Shape) -> Iterator[tuple[Any, Shape, str]]:
    """What is inside a structure, a list or a map, with its shape and its name."""
    if isinstance(shape, StructureShape) and isinstance(value, Mapping):
        yield from ((inner, shape.members[name], f".{name}") for name, inner in value.items() if name in shape.members)
    elif isinstance(shape, ListShape) and isinstance(value, list | tuple):
        yield from ((inner, shape.member, f"[{index}]") for index, inner in enumerate(value))
    elif isinstance(shape, MapShape) and isinstance(value, Mapping):
        yield from ((name, shape.key, " key") for name in value)
        yield from ((inner, shape.value, f".{name}") for name, inner in value.items())


def _of_text(value: str, shape: StringShape, where: str) -> Iterator[str]:
    yield from _size(len(value), shape, where, "characters")
    if shape.enum and value not in shape.enum:
        yield f"{where}: {value!r} is none of {sorted(shape.enum)}"
    pattern = _pattern(str(shape.metadata.get("pattern", "")))
    if pattern is not None and pattern.fullmatch(value) is None:
        yield f"{where}: {value!r} does not match {pattern.pattern}"


def _size(size: float, shape: Shape, where: str, unit: str) -> Iterator[str]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and size < least:
        yield f"{where}: {size} {unit}, at least {least}".replace(" ,", ",")
    if most is not None and size > most:
        yield f"{where}: {size} {unit}, at most {most}".replace(" ,", ",")


@cache
def _pattern(java: str) -> re.Pattern[str] | None:
    """The pattern for Python; None where there is none, or none that Python can read."""
    text = java
    for theirs, ours in _JAVA.items():
        text = text.replace(theirs, ours) if ours[0] != "^" else text.replace(theirs, r"\w")
    try:
        return re.compile(text, re.DOTALL) if text else None
    except re.error:
        return None
