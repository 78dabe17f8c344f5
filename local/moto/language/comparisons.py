"""The comparisons of a Choice: a value of another kind than the operator's compares as false, and is no error."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from local.moto.language.timestamps import moment

_ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "Equals": operator.eq,
    "GreaterThan": operator.gt,
    "GreaterThanEquals": operator.ge,
    "LessThan": operator.lt,
    "LessThanEquals": operator.le,
}
_OPERATOR = re.compile(r"(String|Numeric|Boolean|Timestamp)(Equals|GreaterThan(?:Equals)?|LessThan(?:Equals)?)")


def is_number(value: Any) -> bool:
    """Whether it is a number of JSON, which true is not."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


#: What each operator that asks for the kind of a value looks for.
KINDS: dict[str, Callable[[Any], bool]] = {
    "IsNull": lambda value: value is None,
    "IsString": lambda value: isinstance(value, str),
    "IsNumeric": is_number,
    "IsBoolean": lambda value: isinstance(value, bool),
    "IsTimestamp": lambda value: moment(value) is not None,
}
_OPERANDS = {
    "String": lambda value: value if isinstance(value, str) else None,
    "Numeric": lambda value: value if is_number(value) else None,
    "Boolean": lambda value: value if isinstance(value, bool) else None,
    "Timestamp": moment,
}


def compares(name: str, value: Any, other: Any) -> bool:
    """Whether the operator of that name, without `Path` at its end, is true for the value and the one beside it."""
    if name in KINDS:
        return KINDS[name](value) is other
    if name == "StringMatches":
        return isinstance(value, str) and isinstance(other, str) and _pattern(other).fullmatch(value) is not None
    match = _OPERATOR.fullmatch(name)
    if match is None:
        raise ValueError(f"{name} is no comparison")
    left, right = (_OPERANDS[match[1]](each) for each in (value, other))
    return left is not None and right is not None and _ORDERS[match[2]](left, right)


def operand_of(name: str) -> Callable[[Any], bool]:
    """What may stand in a definition beside the operator of that name.

    Raises:
        KeyError: there is no such operator.
    """
    if name in KINDS or name == "IsPresent":
        return lambda value: isinstance(value, bool)
    if name == "StringMatches":
        return lambda value: isinstance(value, str)
    match = _OPERATOR.fullmatch(name)
    if match is None or (match[1], match[2] == "Equals") == ("Boolean", False):
        raise KeyError(name)
    operand = _OPERANDS[match[1]]
    return lambda value: operand(value) is not None


@lru_cache(maxsize=256)
def _pattern(text: str) -> re.Pattern[str]:
    r"""Of StringMatches: `*` stands for any characters, `\*` for a star and `\\` for a backslash."""
    parts = re.findall(r"\\[*\\]|\*|[^*\\]+|\\", text)
    wild = {"*": ".*", r"\*": r"\*", r"\\": r"\\"}
    return re.compile("".join(wild.get(part) or re.escape(part) for part in parts), re.DOTALL)
