"""Modules of tests inside the files that they test, as Rust has them. Pure."""

from __future__ import annotations

import re

_TEST_MODULE = re.compile(r"(?:.*\.)?tests?(?:_\w+)?\.")


def is_in_test_module(symbol: str) -> bool:
    """Whether a symbol's whole name says that it is part of such a module."""
    return _TEST_MODULE.match(symbol) is not None
