"""A page of a list as Step Functions gives it, and the refusals that all lists have in common."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Any

from moto.stepfunctions.exceptions import AWSError, InvalidToken

#: ListExecutions and ListMapRuns: "The default is 100 and the maximum allowed page size is 1000. A value of 0 uses the
#: default."
_USUAL, _MOST = 100, 1_000


def page_of(call: Any, entries: Sequence[dict[str, Any]], name: str) -> tuple[list[dict[str, Any]], str | None]:
    """The page that a call asks for, and the token of the next one. Raises ValidationException or InvalidToken."""
    size, token = call._get_param("maxResults") or 0, call._get_param("nextToken")
    if not 0 <= size <= _MOST:
        raise AWSError(
            f"1 validation error detected: Value '{size}' at 'maxResults' failed to satisfy constraint: "
            f"Member must have value between 0 and {_MOST}",
            "ValidationException",
            400,
        )
    begin, end = _after(entries, name, token), size or _USUAL
    page = list(entries[begin : begin + end])
    more = len(entries) > begin + end
    return page, base64.urlsafe_b64encode(page[-1][name].encode()).decode() if more else None


def _after(entries: Sequence[dict[str, Any]], name: str, token: str | None) -> int:
    if not token:
        return 0
    try:
        last = base64.urlsafe_b64decode(token.encode()).decode()
        return 1 + next(place for place, entry in enumerate(entries) if entry[name] == last)
    except (binascii.Error, ValueError, StopIteration) as problem:
        raise InvalidToken(f"'{token[:80]}'") from problem


def refuse_unknown(call: Any, name: str, known: Sequence[str]) -> None:
    """Refuse a parameter that has none of the values that its enumeration names. Raises ValidationException."""
    value = call._get_param(name)
    if value is not None and value not in known:
        raise AWSError(
            f"1 validation error detected: Value '{value}' at '{name}' failed to satisfy constraint: "
            f"Member must satisfy enum value set: [{', '.join(known)}]",
            "ValidationException",
            400,
        )
