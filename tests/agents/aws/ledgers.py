"""What tests of the ledger share: a session, a clock that they set, and the type of the fixture that makes ledgers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from agents.aws.ledger import DynamoDbLedger

SESSION = "s" + "0" * 20
NOON = 20_000 * 86_400 + 43_200
Ledgers = Callable[..., DynamoDbLedger]


@dataclass
class SetClock:
    """A clock that stands where it is put."""

    at: float = NOON

    def now(self) -> float:
        return self.at
