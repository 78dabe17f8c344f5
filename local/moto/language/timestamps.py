"""Timestamps as the language wants them: RFC 3339 with a capital T, and a capital Z or an offset."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

_FORM = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.(\d+))?(?:Z|[+-]\d{2}:\d{2})")


def moment(value: Any) -> datetime | None:
    """The point in time that the text names; None for anything else. Below a microsecond it is cut."""
    match = _FORM.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return None
    text = str(value)
    if match[1]:
        text = text.replace(f".{match[1]}", f".{match[1][:6].ljust(6, '0')}", 1)
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
