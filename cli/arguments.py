"""Parsers of arguments. They refuse empty text, which an unset variable in a script becomes."""

from __future__ import annotations

from pathlib import Path
from typing import IO, Any

import typer

LONGEST_HOURS = 168
_UNSET = "it is empty; check whether a variable of the script is set"


class ArgumentRefused(typer.BadParameter):
    """An argument that cannot be used: one sentence, and exit code 2 as for every usage error."""

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the sentence alone, without the lines on usage."""
        typer.echo(f"swarm: {self.format_message()}", file=file, err=file is None)


def text(value: str) -> str:
    """Text that is not blank. Raises ArgumentRefused."""
    if not value.strip():
        raise ArgumentRefused(_UNSET)
    return value


def path(value: str | Path) -> Path:
    """A path that is not blank, and whose `~` can be expanded. Raises ArgumentRefused."""
    if isinstance(value, Path):  # a default
        return value
    named = Path(text(value))
    try:
        named.expanduser()
    except RuntimeError as error:
        raise ArgumentRefused(f"{value} names no folder: there is no such user, or HOME is not set") from error
    return named


def dollars(value: str | float) -> float:
    """An amount of money that a run may spend. Raises ArgumentRefused."""
    try:
        amount = float(value)
    except ValueError as error:
        raise ArgumentRefused(f"{value!r} is not an amount in dollars, such as 2.50") from error
    if not 0 <= amount < float("inf"):  # false for `nan` too
        raise ArgumentRefused(f"{value} is not an amount in dollars, such as 2.50")
    return amount


def quota(value: str | float) -> float:
    """Tokens a minute, above 0. Raises ArgumentRefused."""
    try:
        tokens = float(value.replace(",", "") if isinstance(value, str) else value)
    except ValueError as error:
        raise ArgumentRefused(f"{value!r} is not a number of tokens a minute, such as 2,000,000") from error
    if not 0 < tokens < float("inf"):  # false for `nan` too
        raise ArgumentRefused(f"{value} is not a number of tokens a minute, such as 2,000,000")
    return tokens


def minutes(value: str | float) -> float:
    """A time to wait, above 0. Raises ArgumentRefused."""
    try:
        waiting = float(value)
    except ValueError as error:
        raise ArgumentRefused(f"{value!r} is not a number of minutes, such as 20") from error
    if not 0 < waiting < float("inf"):  # false for `nan` too
        raise ArgumentRefused(f"{value} is not a number of minutes, such as 20")
    return waiting


def hours(value: str | int) -> int:
    """How long a link lasts: a week at most. Raises ArgumentRefused."""
    written = str(value)
    if not (written.isascii() and written.isdecimal() and 1 <= int(written) <= LONGEST_HOURS):
        raise ArgumentRefused(f"{value!r} is not a whole number of hours from 1 to {LONGEST_HOURS}")
    return int(written)
