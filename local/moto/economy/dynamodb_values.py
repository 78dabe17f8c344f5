"""What moto works out about each value of an item whenever it looks at it; nearly all of ours are texts."""

from __future__ import annotations

from typing import Any

from moto.dynamodb.models.dynamo_type import DDBType, DynamoType, Item, LimitedSizeDict

from local.moto.replacements import saves_time

_original_hash = DynamoType.__hash__
_original_equals = DynamoType.__eq__
_original_init = DynamoType.__init__
_original_cast = DynamoType.cast_value
_original_copy = DynamoType.__deepcopy__
_original_size = DynamoType.size
_original_set = LimitedSizeDict.__setitem__
_TEXT = DDBType.STRING
#: What holds no other value.
_SCALARS = frozenset({DDBType.STRING, DDBType.NUMBER, DDBType.BINARY, DDBType.BOOLEAN, DDBType.NULL})
#: Below moto's limit for an item, in bytes.
_SURELY_SMALL = 400_000


@saves_time(DynamoType, "__init__")
def _init(self: Any, type_as_dict: Any) -> None:
    """moto makes two lists of each value, and asks four questions about its type."""
    if type(type_as_dict) is dict and len(type_as_dict) == 1:
        kind, value = next(iter(type_as_dict.items()))
        if kind in _SCALARS:
            self.type, self.value = kind, value
            return
    _original_init(self, type_as_dict)


@saves_time(DynamoType, "__hash__")
def _hash(self: Any) -> int:
    """moto finds items by the hash of their keys, and asks each for its type by five methods."""
    return hash((_TEXT, self.value)) if self.type == _TEXT else _original_hash(self)


@saves_time(DynamoType, "__eq__")
def _equals(self: Any, other: Any) -> bool:
    """The same for both sides."""
    if self.type == _TEXT and type(other) is DynamoType:
        return bool(other.type == _TEXT and self.value == other.value)
    return bool(_original_equals(self, other))


def _cast_value(self: Any) -> Any:
    """The same for comparisons."""
    return self.value if self.type == _TEXT else _original_cast.fget(self)


saves_time(DynamoType, "cast_value")(property(_cast_value))  # type: ignore[type-var]  # a property, not a function


@saves_time(DynamoType, "__deepcopy__")
def _deepcopy(self: Any, memo: dict[int, Any]) -> Any:
    """And for copies."""
    if self.type not in _SCALARS:
        return _original_copy(self, memo)
    copied = DynamoType.__new__(DynamoType)
    copied.type, copied.value = self.type, self.value
    return copied


@saves_time(DynamoType, "size")
def _size(self: Any) -> int:
    """moto encodes each text to count its bytes: four times for every item of a query."""
    if self.type == _TEXT and type(self.value) is str:
        return _length(self.value)
    if self.type == DDBType.NUMBER and type(self.value) is str:
        return len(self.value)
    size: int = _original_size(self)
    return size


@saves_time(Item, "size")
def _item_size(self: Any) -> int:
    """The same for the names of attributes."""
    return sum(_length(name) + value.size() for name, value in self.attrs.items())


@saves_time(LimitedSizeDict, "__setitem__")
def _set(self: Any, key: str, value: Any) -> None:
    """moto measures the whole item, by two lists, for each attribute that it sets."""
    size = _measured(key, value) + sum(_measured(name, present) for name, present in self.items())
    if size > _SURELY_SMALL:
        _original_set(self, key, value)
    else:
        dict.__setitem__(self, key, value)


def _measured(name: str, value: Any) -> int:
    return _length(name) + (value.size() if type(value) is DynamoType else _length(str(value)))


def _length(text: str) -> int:
    """In bytes of UTF-8."""
    return len(text) if text.isascii() else len(text.encode())
