"""A hostile input: what it is, how it is made, and the one outcome that is correct."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

import pytest
from _pytest.mark import ParameterSet

MadeT = TypeVar("MadeT")

#: An innocent file that most inputs hold too: where the input is not refused whole, it is documented.
INNOCENT = "innocent.py"
INNOCENT_BODY = b'def innocent():\n    """Do no harm."""\n'
#: An archive of nothing but that, and the content of another file beside it.
GOOD = {INNOCENT: INNOCENT_BODY}
CODE = b"x = 1\n"


@dataclass(frozen=True)
class Case(Generic[MadeT]):
    """`outcome` is the name of an error, or the fate of the hostile file; `path` is that file in the manifest."""

    name: str
    make: Callable[[], MadeT]
    outcome: str
    path: str = ""


def parameters(cases: Iterable[Case[MadeT]]) -> list[ParameterSet]:
    """The cases for `pytest.mark.parametrize`."""
    return [pytest.param(case, id=case.name.replace(" ", "-")) for case in cases]
