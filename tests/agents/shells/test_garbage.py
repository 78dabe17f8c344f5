"""A process of ours looks for garbage seldom, and leaves none to the next call."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from agents.shells.garbage import collect_left_behind, collect_seldom


class Ring:
    """An object that only a collection frees."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def thresholds() -> Iterator[None]:
    before = gc.get_threshold()
    gc.collect()
    collect_seldom()
    yield
    gc.set_threshold(*before)


def test_a_hundred_thousand_objects_are_no_reason_to_look() -> None:
    looked: list[str] = []

    def look(phase: str, _: dict[str, int]) -> None:
        looked.append(phase)

    gc.callbacks.append(look)
    try:
        made = [[number] for number in range(100_000)]
    finally:
        gc.callbacks.remove(look)

    assert (looked, len(made)) == ([], 100_000)


@pytest.mark.parametrize(("rings", "is_left"), [(100, True), (100_000, False)])
def test_what_a_call_left_in_cycles_is_freed_before_the_next_if_it_is_much(rings: int, is_left: bool) -> None:
    for _ in range(rings):
        Ring()
    left = weakref.ref(Ring())

    collect_left_behind()

    assert (left() is not None) is is_left
