"""Which records, and how long until the next look."""

from __future__ import annotations

import hashlib
import itertools

from agents.roles.analyst.job.core import POLLS, record_id, wait_seconds

DAY = 86_400


def test_a_record_is_named_by_eleven_letters_and_digits_and_no_two_alike() -> None:
    names = [record_id(hashlib.sha256(str(number).encode()).hexdigest()) for number in range(5_000)]
    assert len(set(names)) == len(names)
    assert {len(name) for name in names} == {11}
    assert all(name.isalnum() and name.isascii() for name in names)


def test_the_looks_of_the_usual_minute_outlast_a_day() -> None:
    waits = [wait_seconds(polls, 60, 10 * DAY) for polls in range(POLLS)]
    assert waits == sorted(waits)
    assert (waits[0], max(waits)) == (60, 7_200)
    assert sum(waits) > DAY


def test_no_wait_goes_beyond_the_deadline_and_none_is_nothing() -> None:
    assert wait_seconds(20, 60, 100.5) == 100
    assert wait_seconds(20, 60, -5) == 1
    assert wait_seconds(0, 1, DAY) == 1


def test_a_whole_day_is_looked_at_within_the_bound() -> None:
    now = itertools.accumulate(wait_seconds(polls, 60, DAY) for polls in range(POLLS))
    assert any(at >= DAY for at in now)
