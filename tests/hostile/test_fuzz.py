"""Inputs that fuzzing found stay harmless, and each target can be fuzzed."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.hostile import fuzz
from tests.hostile.current_input import CurrentInput
from tests.hostile.fuzz import crashes, ended_well
from tests.hostile.fuzz_targets import TARGETS


@pytest.mark.parametrize("target", TARGETS)
@settings(max_examples=40)
@given(data=st.binary(max_size=400))
def test_no_bytes_make_a_target_raise(target: str, data: bytes) -> None:
    TARGETS[target](data)


def test_what_fuzzing_has_found_no_longer_raises() -> None:
    for target, path in crashes():
        TARGETS[target](Path(path).read_bytes())


def ends_at_once(_name: str, _seconds: int, current: CurrentInput) -> None:
    """As a grammar in C with a wild pointer does."""
    current.write(b"the input that crashes")
    os.kill(os.getpid(), signal.SIGSEGV)


def hangs(_name: str, _seconds: int, current: CurrentInput) -> None:
    """As a grammar in C that never returns does."""
    current.write(b"the input that hangs")
    time.sleep(600)


def is_harmless(_name: str, _seconds: int, current: CurrentInput) -> None:
    """As all should be."""
    current.write(b"nothing")


@pytest.mark.parametrize(
    ("engine", "saved"),
    [("ends_at_once", b"the input that crashes"), ("hangs", b"the input that hangs"), ("is_harmless", None)],
    ids=["ends its process", "hangs", "is harmless"],
)
def test_an_input_is_saved_when_its_target(
    engine: str, saved: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fuzz, "CRASHES", tmp_path)

    well = ended_well("boom", 1, f"{__name__}:{engine}", grace_seconds=1)

    assert well is (saved is None)
    assert [path.read_bytes() for _, path in crashes()] == ([] if saved is None else [saved])
