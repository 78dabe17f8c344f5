"""Where a result is put into the input: what ResultPath does."""

from __future__ import annotations

import copy
from typing import Any

from local.moto.language.paths import parse


class NoPlace(LookupError):
    """The path leads through what is no object, or to an item that a list has not."""


def placed(path: str, data: Any, value: Any) -> Any:
    """The data with the value at the path; objects that are missing on the way are made.

    Raises:
        NoPlace: there is no such place in the data.
    """
    keys = parse(path).keys
    if not keys:
        return value
    whole = copy.deepcopy(data)
    here = whole
    for key in keys[:-1]:
        _check(here, key)
        here = here.setdefault(key, {}) if isinstance(here, dict) else here[key]
    _check(here, keys[-1])
    here[keys[-1]] = copy.deepcopy(value)
    return whole


def _check(here: Any, key: str | int) -> None:
    fits = isinstance(here, dict) if isinstance(key, str) else isinstance(here, list) and 0 <= key < len(here)
    if not fits:
        raise NoPlace(key)
