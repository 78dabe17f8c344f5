"""The order in which Java's HashSet gives its values: that of States.ArrayUnique."""

from __future__ import annotations

import struct
from typing import Any

from local.moto.language.filters import same

_BITS = 2**32


def in_order_of_hashes(values: list[Any]) -> list[Any]:
    """Each value once. Java makes a table of buckets by hash, and within one keeps the order in which values came."""
    size = 16
    while size < int(len(values) / 0.75) + 1:
        size *= 2
    buckets: dict[int, list[Any]] = {}
    for value in values:
        spread = hash_of(value)
        bucket = buckets.setdefault((spread ^ (spread >> 16)) % size, [])
        if not any(same(value, other) for other in bucket):
            bucket.append(value)
    return [value for _, bucket in sorted(buckets.items()) for value in bucket]


def hash_of(value: Any) -> int:
    """Java's hashCode of the value, of 32 bits and without a sign."""
    if value is None:
        return 0
    if isinstance(value, bool):
        return 1231 if value else 1237
    if isinstance(value, int):
        long = value % _BITS**2
        return value % _BITS if -(2**31) <= value < 2**31 else (long ^ (long >> 32)) % _BITS
    if isinstance(value, float):
        (bits,) = struct.unpack(">Q", struct.pack(">d", value))
        return int(bits ^ (bits >> 32)) % _BITS
    if isinstance(value, str):
        units = value.encode("utf-16-be", "surrogatepass")
        return _chained(0, [units[at] << 8 | units[at + 1] for at in range(0, len(units), 2)])
    if isinstance(value, list):
        return _chained(1, [hash_of(item) for item in value])
    return sum(hash_of(name) ^ hash_of(inner) for name, inner in value.items()) % _BITS


def _chained(start: int, numbers: list[int]) -> int:
    for number in numbers:
        start = (31 * start + number) % _BITS
    return start
