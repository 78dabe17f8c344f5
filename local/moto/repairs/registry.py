"""Every repair in one list: what it replaces, with what."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

AnyCallable = TypeVar("AnyCallable", bound=Callable[..., Any])


@dataclass(frozen=True)
class Repair:
    """One replaced attribute of moto."""

    owner: Any
    attribute: str
    original: Any
    repaired: Any

    @property
    def name(self) -> str:
        """Such as `IterationWorker._eval_pool`."""
        return f"{self.owner.__name__}.{self.attribute}"


_repairs: list[Repair] = []
_lock = threading.Lock()


def replaces(owner: Any, attribute: str) -> Callable[[AnyCallable], AnyCallable]:
    """Register the decorated function as the repair of `owner.attribute`; nothing changes before `apply`."""

    def register(function: AnyCallable) -> AnyCallable:
        _repairs.append(Repair(owner, attribute, getattr(owner, attribute), function))
        return function

    return register


def repairs() -> tuple[Repair, ...]:
    """Every registered repair."""
    return tuple(_repairs)


def apply() -> None:
    """Put every repair in place; doing it twice changes nothing."""
    with _lock:
        for repair in _repairs:
            setattr(repair.owner, repair.attribute, repair.repaired)


def take_out() -> None:
    """Leave moto as it was: whoever uses it in this process next has no cloud that a repair could tell."""
    with _lock:
        for repair in reversed(_repairs):
            setattr(repair.owner, repair.attribute, repair.original)


@contextmanager
def without(*names: str) -> Iterator[None]:
    """Run with the named repairs taken out, as moto is.

    Raises:
        KeyError: there is no repair of that name.
    """
    known = {repair.name for repair in _repairs}
    for name in names:
        if name not in known:
            raise KeyError(name)
    chosen = [repair for repair in _repairs if repair.name in names]
    for repair in chosen:
        setattr(repair.owner, repair.attribute, repair.original)
    try:
        yield
    finally:
        for repair in chosen:
            setattr(repair.owner, repair.attribute, repair.repaired)
