"""The secret of which a cloud's keys are made: a random one, or the one that a person chose."""

from __future__ import annotations

import os

from local.configuration import ProgramFailed
from local.doors import new_secret
from local.privileges.identity import SECRET_VARIABLE

_SHORTEST_SECRET = 32


def chosen_secret() -> str:
    """The secret of a new cloud. Raises ProgramFailed when somebody could guess it."""
    given = os.environ.get(SECRET_VARIABLE, "")
    if given and len(given) < _SHORTEST_SECRET:
        raise ProgramFailed(
            f"{SECRET_VARIABLE} has {len(given)} characters: it must have {_SHORTEST_SECRET} or more, and be random "
            "(`openssl rand -hex 32`); without the variable each cloud makes a secret of its own"
        )
    return given or new_secret()
