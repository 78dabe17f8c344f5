"""A shard's next slice: enough for its reservation, never more than the account has."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from agents.aws.escrow import move_for, withdrawal

_SHARDS = 4
_MONEY = st.integers(0, 1_000)


@given(_MONEY, st.dictionaries(st.integers(0, _SHARDS - 1), _MONEY), _MONEY)
def test_a_move_is_enough_and_takes_only_what_there_is(usd: int, unreserved: dict[int, int], left: int) -> None:
    move = move_for(0, usd, unreserved, left, _SHARDS)
    if move is None:
        assert left + sum(unreserved.values()) < usd
    else:
        assert move.granted <= left
        assert all(amount <= unreserved[shard] for shard, amount in move.taken.items())
        assert unreserved.get(0, 0) + move.amount >= usd


def test_far_from_the_cap_a_slice_is_for_many_reservations_and_near_it_for_one() -> None:
    assert move_for(0, 10, {}, 100_000) == (781, {})
    assert move_for(0, 10, {}, 12) == (10, {})


def test_what_is_idle_in_other_shards_is_taken_before_a_call_is_refused() -> None:
    assert move_for(0, 10, {0: 1, 1: 4, 2: 6}, 0) == (0, {2: 6, 1: 3})
    assert move_for(0, 12, {0: 1, 1: 4, 2: 6}, 0) is None


def test_beyond_the_cap_nothing_more_is_moved_and_free_money_is_withdrawn() -> None:
    assert move_for(0, 0, {1: 50}, -10) is None
    assert withdrawal({1: 3, 2: 50}, 10) == {1: 3, 2: 7}
    assert withdrawal({1: 3}, 10) == {1: 3}


class Account(RuleBasedStateMachine):
    """An account's sums, whatever its shards reserve, settle and exceed."""

    def __init__(self) -> None:
        super().__init__()
        self.cap, self.total = 1_000, 0
        self.beyond = 0
        self.unreserved = dict.fromkeys(range(_SHARDS), 0)
        self.reserved: list[tuple[int, int]] = []
        self.spent = 0

    @rule(shard=st.integers(0, _SHARDS - 1), usd=st.integers(0, 400))
    def reserve(self, shard: int, usd: int) -> None:
        move = move_for(shard, usd, self.unreserved, self.cap - self.total, _SHARDS)
        if self.unreserved[shard] < usd:
            if move is None:
                assert self.spent + sum(usd for _, usd in self.reserved) + usd > self.cap
                return
            self.total += move.granted
            for other, amount in move.taken.items():
                self.unreserved[other] -= amount
            self.unreserved[shard] += move.amount
        self.unreserved[shard] -= usd
        self.reserved.append((shard, usd))

    @rule(share=st.floats(0, 1), beyond=st.sampled_from((0, 0, 0, 50)))
    def settle(self, share: float, beyond: int) -> None:
        if self.reserved:
            shard, usd = self.reserved.pop()
            cost = usd + beyond if beyond else int(usd * share)
            self.unreserved[shard] += max(0, usd - cost)
            self.spent += cost
            self.total += max(0, cost - usd)
            self.beyond += max(0, cost - usd)
            for other, amount in withdrawal(self.unreserved, self.total - self.cap).items():
                self.unreserved[other] -= amount
                self.total -= amount

    @invariant()
    def the_sums_agree(self) -> None:
        reserved = sum(usd for _, usd in self.reserved)
        assert self.total == sum(self.unreserved.values()) + reserved + self.spent
        assert min(self.unreserved.values()) >= 0
        assert reserved + self.spent <= self.cap + self.beyond


TestAccount = Account.TestCase
