"""Books amounts on accounts, each booking in two places."""

from __future__ import annotations

from dataclasses import dataclass, field

LIMIT = 1_000


class Unbalanced(ValueError):
    """The two sides of a booking differ."""


@dataclass
class Account:
    """One account with its bookings in cents."""

    name: str
    bookings: list[int] = field(default_factory=list)

    def balance(self) -> int:
        """The sum of all bookings."""
        return sum(self.bookings)


def book(source: Account, target: Account, cents: int) -> None:
    """Move an amount from one account to another. Raises Unbalanced for less than nothing."""
    if cents < 0:
        raise Unbalanced(cents)
    source.bookings.append(-cents)
    target.bookings.append(cents)


def _trim(name: str) -> str:
    return name.strip()
