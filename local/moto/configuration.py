"""moto's own settings, while a cloud on this machine serves."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from moto.core.config import default_user_config

_SETTINGS: dict[str, dict[str, Any]] = {
    "lambda": {"use_docker": False},
    "stepfunctions": {"execute_state_machine": True},
}


@contextmanager
def moto_configured() -> Iterator[None]:
    """Set them, and take them back at the end."""
    loggers = {logging.getLogger(name): logging.getLogger(name).level for name in ("werkzeug", "moto")}
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)  # failures are in the execution's history
    before = {service: dict(default_user_config.get(service, {})) for service in _SETTINGS}
    for service, setting in _SETTINGS.items():
        default_user_config.setdefault(service, {}).update(setting)
    try:
        yield
    finally:
        default_user_config.update(before)
        for logger, level in loggers.items():
            logger.setLevel(level)
