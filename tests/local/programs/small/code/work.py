"""What the small program's function does: answers, or fails by the class that it is asked for."""

from __future__ import annotations

import os
from typing import Any


class PoisonedItem(Exception):
    """The item cannot be handled."""


def handle(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer with the item and the greeting."""
    if event.get("poison"):
        raise PoisonedItem(str(event["poison"]))
    return {"item": event, "greeting": os.environ["GREETING"], "arn": context.invoked_function_arn}
