"""Seconds, bytes, dollars and moments for people, as the report's language writes them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from agents.pages.words import Words
from agents.text.wording import amount

_UNITS = (("kB", 1e3), ("MB", 1e6), ("GB", 1e9))


@dataclass(frozen=True)
class Figures:
    """Writes figures in the language of `words`."""

    words: Words

    def size(self, count: float) -> str:
        """Bytes."""
        if count < 1000:
            return self.words("{count} bytes", count=f"{count:.0f}")
        unit, divisor = next((unit for unit in _UNITS if count < 1000 * unit[1]), _UNITS[-1])
        return f"{self.words.decimal(count / divisor, 1)} {unit}"

    def seconds(self, seconds: float) -> str:
        """A duration in seconds, or in minutes and seconds from two minutes on."""
        if seconds < 10:
            places = next((number for number in (0, 1) if round(seconds, number) == round(seconds, 2)), 2)
            return f"{self.words.decimal(seconds, places)} s"
        if seconds < 120:
            return f"{seconds:.0f} s"
        return f"{int(seconds // 60)} min {int(seconds % 60):02d} s"

    def dollars(self, usd: float, places: int = 4) -> str:
        """US dollars, with the sign where the language has it."""
        return self.words("${amount}", amount=self.words.decimal(usd, places))

    def cap(self, usd: float) -> str:
        """A cap in US dollars."""
        return self.dollars(usd, len(amount(usd).partition(".")[2]))

    def moment(self, stamp: float) -> str:
        """Seconds since 1970, in UTC."""
        return f"{datetime.fromtimestamp(stamp, UTC):%Y-%m-%d %H:%M} UTC"
