"""A builder that gets no order leaves no process behind."""

from __future__ import annotations

import pytest

from local.builder import CloudBuilder

pytestmark = pytest.mark.local


def test_a_builder_that_began_for_nothing_is_ended_as_often_as_one_likes() -> None:
    with CloudBuilder() as builder:
        assert builder._process.poll() is None
        builder.close()
        assert builder._process.poll() is not None
    builder.close()
