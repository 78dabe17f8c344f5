"""moto's identifiers of what the program declares: the same in each cloud, so that its definitions are the same, too.

A process that builds several clouds reads the state machine's definition once for all: it names subnets and groups.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from moto.moto_api._internal import mock_random


def identified_by(urn: str) -> None:
    """Have what is made from now on identified by what declares it."""
    mock_random.seed(urn)


@contextmanager
def random_afterwards() -> Iterator[None]:
    """Identify at random again what is made after the block: a session's objects outlive their cloud."""
    try:
        yield
    finally:
        mock_random.seed(os.urandom(32))
