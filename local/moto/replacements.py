"""Every replaced attribute of moto in one list: what is replaced, with what, and whether it only saves time."""

from __future__ import annotations

import inspect
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from local.moto.economy import economy_is_on

AnyCallable = TypeVar("AnyCallable", bound=Callable[..., Any])


@dataclass(frozen=True)
class Replacement:
    """One replaced attribute of moto; `only_saves_time` is false for a repair, which changes answers."""

    owner: Any
    attribute: str
    original: Any
    replaced_by: Any
    only_saves_time: bool = False

    @property
    def name(self) -> str:
        """Such as `IterationWorker._eval_pool`."""
        return f"{self.owner.__name__}.{self.attribute}"


#: Stands for an attribute that moto does not have: a call that it cannot answer.
_ABSENT = object()
_replacements: list[Replacement] = []
_lock = threading.Lock()


def replaces(owner: Any, attribute: str) -> Callable[[AnyCallable], AnyCallable]:
    """Register the decorated function as the repair of `owner.attribute`; nothing changes before `apply`."""
    return _registering(owner, attribute, only_saves_time=False)


def saves_time(owner: Any, attribute: str) -> Callable[[AnyCallable], AnyCallable]:
    """Register the decorated function as a faster `owner.attribute` with the same answers; see `local.moto.economy`."""
    return _registering(owner, attribute, only_saves_time=True)


def _registering(owner: Any, attribute: str, *, only_saves_time: bool) -> Callable[[AnyCallable], AnyCallable]:
    def register(function: AnyCallable) -> AnyCallable:
        _replacements.append(Replacement(owner, attribute, _of(owner, attribute), function, only_saves_time))
        return function

    return register


def replacements() -> tuple[Replacement, ...]:
    """Every registered replacement."""
    return tuple(_replacements)


def repairs() -> tuple[Replacement, ...]:
    """Those that change answers."""
    return tuple(each for each in _replacements if not each.only_saves_time)


def apply() -> None:
    """Put the repairs in place and, unless the economy is off, what saves time; a second call changes nothing.

    Raises:
        ValueError: the environment variable of the economy has an unknown value.
    """
    economy = economy_is_on()
    with _lock:
        # Where a repair and what saves time replace the same attribute, the latter comes last and repairs as well.
        for each in sorted(_replacements, key=lambda each: each.only_saves_time):
            if economy or not each.only_saves_time:
                setattr(each.owner, each.attribute, each.replaced_by)


def take_out() -> None:
    """Leave moto as it was: other users of it in this process have no cloud that a repair could call."""
    with _lock:
        for each in reversed(_replacements):
            _put(each, each.original)


@contextmanager
def without(*names: str) -> Iterator[None]:
    """Run with the named replacements taken out, as moto is.

    Raises:
        KeyError: there is no replacement of that name.
    """
    replaced = {each.name for each in _replacements}
    for name in names:
        if name not in replaced:
            raise KeyError(name)
    chosen = [(each, _of(each.owner, each.attribute)) for each in _replacements if each.name in names]
    for each, _ in chosen:
        _put(each, each.original)
    try:
        yield
    finally:
        for each, before in chosen:
            _put(each, before)


def _of(owner: Any, attribute: str) -> Any:
    """A static method stays one: put back as a plain function, it would be given its object as well."""
    written = inspect.getattr_static(owner, attribute, _ABSENT)
    return written if isinstance(written, staticmethod) else getattr(owner, attribute, _ABSENT)


def _put(replacement: Replacement, value: Any) -> None:
    if value is not _ABSENT:
        setattr(replacement.owner, replacement.attribute, value)
    elif hasattr(replacement.owner, replacement.attribute):
        delattr(replacement.owner, replacement.attribute)
