"""What the small program's function does: answers, perhaps after a while, or fails by the class asked for."""

from __future__ import annotations

import os
import time
from typing import Any


class PoisonedItem(Exception):
    """The item cannot be handled."""


def handle(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer with the item and the greeting."""
    if event.get("poison"):
        raise PoisonedItem(str(event["poison"]))
    time.sleep(event.get("sleep", 0))
    return {"item": event, "greeting": os.environ["GREETING"], "arn": context.invoked_function_arn}
