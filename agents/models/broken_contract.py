"""Says where a reply breaks its contract. Pure."""

from __future__ import annotations

import re

from pydantic import ValidationError

#: Places that are named, and how their parts look: the name of a field that a reply invents may be anything.
_PLACES, _FIELD = 5, re.compile(r"[a-z_]{1,40}|[0-9]{1,9}")


def broken_places(error: ValidationError) -> str:
    """Where a reply breaks its contract, and how: the error's own text quotes the reply, which nobody has cleaned."""
    places = {
        ".".join(part if _FIELD.fullmatch(part) else "…" for part in map(str, detail["loc"])): detail["type"]
        for detail in error.errors(include_url=False, include_input=False, include_context=False)[:_PLACES]
    }
    return ", ".join(f"{place}: {kind}" for place, kind in places.items())
