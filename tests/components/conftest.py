"""Each stack is built once for the whole suite: Pulumi's runtime is global, and a build takes seconds."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from tests.components.mocked_cloud import BuiltStack, build_stack


@cache
def _built(stack: str) -> BuiltStack:
    return build_stack(stack)


@pytest.fixture
def built() -> Callable[[str], BuiltStack]:
    """The stack of a name, as its settings file describes it."""
    return _built
