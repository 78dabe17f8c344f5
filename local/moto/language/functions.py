"""What the intrinsic functions give: as AWS documents them, and where it answers otherwise, as it answers.

tests/corpus/executions has a case of each surprise: MathAdd rounds and the other functions cut, a text beside a number
may be contained, what is unique comes in the order of Java's hash table.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
import random
import re
import uuid
from collections.abc import Callable
from typing import Any

from local.moto.language.comparisons import is_number
from local.moto.language.hashing import in_order_of_hashes

MOST_CHARACTERS = 10_000
MOST_ITEMS = 1_000
_LARGEST, _SMALLEST = 2**31 - 1, -(2**31)
_ALGORITHMS = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}
_UNEVEN = "Invalid arguments in States.Format: number of arguments do not match the occurrences of {}."
_TEMPLATE = re.compile(r"\\([\\{}'])|(\{\})|([^\\{}]+)|(.)", re.DOTALL)


class InvalidArguments(ValueError):
    """The arguments are not what the function takes; a message takes the place of the usual one."""


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise InvalidArguments
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise InvalidArguments
    return value


def _short_text(value: Any) -> str:
    if len(_text(value)) > MOST_CHARACTERS:
        raise InvalidArguments
    return str(value)


def _whole(value: Any) -> int:
    """Cut behind the point."""
    if not is_number(value) or not math.isfinite(value):
        raise InvalidArguments
    return int(value)


def _rounded(value: Any) -> int:
    """The next whole number, half of one upwards; of 32 bits."""
    if not is_number(value) or not math.isfinite(value):
        raise InvalidArguments
    return _of_32_bits(value if isinstance(value, int) else math.floor(value + 0.5))


def _of_32_bits(value: int) -> int:
    if not _SMALLEST <= value <= _LARGEST:
        raise InvalidArguments
    return value


def _written(value: Any) -> str:
    """As JSON, a text without its quotes."""
    return value if isinstance(value, str) else _json_to_string(value)


def _array(*values: Any) -> list[Any]:
    return list(values)


def _array_partition(values: Any, size: Any) -> list[list[Any]]:
    items, step = _list(values), _whole(size)
    if step <= 0:
        raise InvalidArguments
    return [items[start : start + step] for start in range(0, len(items), step)]


def _array_contains(values: Any, value: Any) -> bool:
    return _written(value) in {_written(item) for item in _list(values)}


def _array_range(first: Any, last: Any, step: Any) -> list[int]:
    begin, end, distance = map(_whole, (first, last, step))
    if distance == 0:
        raise InvalidArguments
    numbers = range(begin, end + (1 if distance > 0 else -1), distance)
    if len(numbers) > MOST_ITEMS:
        raise InvalidArguments
    return list(numbers)


def _array_get_item(values: Any, index: Any) -> Any:
    items, number = _list(values), _whole(index)
    if not items and number >= 0:
        return None
    if not 0 <= number < len(items):
        raise InvalidArguments
    return items[number]


def _array_length(values: Any) -> int:
    return len(_list(values))


def _array_unique(values: Any) -> list[Any]:
    return in_order_of_hashes(_list(values))


def _base64_encode(text: Any) -> str:
    return base64.b64encode(_short_text(text).encode()).decode()


def _base64_decode(text: Any) -> str:
    """AWS leaves out what is no Base64, and stops at the padding."""
    letters = re.sub(r"[^A-Za-z0-9+/_-]", "", _short_text(text).partition("=")[0])
    letters = letters.translate(str.maketrans("-_", "+/"))
    letters = letters[:-1] if len(letters) % 4 == 1 else letters
    return base64.b64decode(letters + "=" * (-len(letters) % 4)).decode(errors="replace")


def _hash(data: Any, algorithm: Any) -> str:
    if isinstance(data, (dict, list)) or data is None or _text(algorithm) not in _ALGORITHMS:
        raise InvalidArguments
    return hashlib.new(_ALGORITHMS[algorithm], _short_text(_written(data)).encode(), usedforsecurity=False).hexdigest()


def _json_merge(first: Any, second: Any, deep: Any) -> dict[str, Any]:
    if not isinstance(first, dict) or not isinstance(second, dict) or deep is True:
        raise InvalidArguments
    return {**first, **second}


def _string_to_json(text: Any) -> Any:
    if not _text(text).strip():
        return None
    try:
        return json.loads(text, parse_constant=_no_constant)
    except ValueError as problem:
        convert = "Cannot convert String to Json in States.StringToJson"
        raise InvalidArguments(f"{convert}, caused by: {problem}") from problem


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _json_to_string(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _math_random(start: Any, end: Any, seed: Any = ...) -> int:
    first, last = _whole(start), _whole(end)
    if first >= last:
        raise InvalidArguments
    return random.Random(None if seed is ... else _whole(seed)).randrange(first, last)  # noqa: S311 (no secret)


def _math_add(first: Any, second: Any) -> int:
    return _of_32_bits(_rounded(first) + _rounded(second))


def _string_split(text: Any, separators: Any) -> list[str]:
    """Each character of the second text separates; nothing stands between two that follow each other."""
    if not _text(separators):
        return [text] if _text(text) else []
    return [part for part in re.split(f"[{re.escape(separators)}]", _text(text)) if part]


def _uuid(*_: Any) -> str:
    """AWS ignores what it is given."""
    return str(uuid.uuid4())


def _format(template: Any, *values: Any) -> str:
    waiting, parts = list(values), []
    for escaped, place, plain, wrong in _TEMPLATE.findall(_text(template)):
        if wrong:
            missing = {"{": "}", "}": "{"}.get(wrong, "a character")
            raise InvalidArguments(f"Invalid template in States.Format: matching '{missing}' not found for '{wrong}'.")
        if place and not waiting:
            raise InvalidArguments(_UNEVEN)
        parts.append(_shown(waiting.pop(0)) if place else escaped or plain)
    if waiting:
        raise InvalidArguments(_UNEVEN)
    return "".join(parts)


def _shown(value: Any) -> str:
    """As Java writes it: `{name=value}`, `[1, 2]`, and a text without quotes."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{name}={_shown(inner)}' for name, inner in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_shown, value))}]"
    return _written(value)


#: By name, without `States.` in front.
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "Array": _array,
    "ArrayPartition": _array_partition,
    "ArrayContains": _array_contains,
    "ArrayRange": _array_range,
    "ArrayGetItem": _array_get_item,
    "ArrayLength": _array_length,
    "ArrayUnique": _array_unique,
    "Base64Encode": _base64_encode,
    "Base64Decode": _base64_decode,
    "Hash": _hash,
    "JsonMerge": _json_merge,
    "StringToJson": _string_to_json,
    "JsonToString": _json_to_string,
    "MathRandom": _math_random,
    "MathAdd": _math_add,
    "StringSplit": _string_split,
    "UUID": _uuid,
    "Format": _format,
}
#: The least and the most arguments of each; a call with others is accepted and fails.
ARITIES: dict[str, tuple[float, float]] = {
    **dict.fromkeys(("ArrayLength", "ArrayUnique", "Base64Encode", "Base64Decode"), (1, 1)),
    **dict.fromkeys(("StringToJson", "JsonToString"), (1, 1)),
    **dict.fromkeys(("ArrayPartition", "ArrayContains", "ArrayGetItem", "Hash", "MathAdd", "StringSplit"), (2, 2)),
    **dict.fromkeys(("ArrayRange", "JsonMerge"), (3, 3)),
    "MathRandom": (2, 3),
    "UUID": (0, math.inf),
    "Array": (0, math.inf),
    "Format": (1, math.inf),
}
