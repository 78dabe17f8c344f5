"""Inputs that fuzzing found stay harmless, and each target can be fuzzed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.hostile.fuzz import crashes
from tests.hostile.fuzz_targets import TARGETS


@pytest.mark.parametrize("target", TARGETS)
@settings(max_examples=40)
@given(data=st.binary(max_size=400))
def test_no_bytes_make_a_target_raise(target: str, data: bytes) -> None:
    TARGETS[target](data)


def test_what_fuzzing_has_found_no_longer_raises() -> None:
    for target, path in crashes():
        TARGETS[target](Path(path).read_bytes())
