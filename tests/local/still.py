"""A mark for tests that show moto's own answer, without a replacement of ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from local.moto.repairs import Replacement, replacements

Test = TypeVar("Test", bound=Callable[..., Any])

#: The names of all replacements that some test shows to be needed.
SHOWN_TO_BE_NEEDED: set[str] = set()


def still_needs(*names: str) -> Callable[[Test], Test]:
    """Mark a test that fails once moto answers like the named replacements; then the replacements can go.

    A name is a class or module and its attribute, or the attribute alone where it is replaced in many modules.
    """

    def mark(test: Test) -> Test:
        SHOWN_TO_BE_NEEDED.update(names)
        return test

    return mark


def repair_of(name: str) -> Replacement:
    """By its attribute, or by class and attribute."""
    return next(each for each in replacements() if name in {each.attribute, each.name} and each.only_saves_time)


class Counted:
    """A function, and how often it was called."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self.calls = 0

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        self.calls += 1
        return self.function(*arguments, **named)
