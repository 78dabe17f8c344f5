"""A cloud of one's own, as `swarm run` and `swarm local up` start it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from cli.errors import BadInput
from cli.interrupts import interrupts_wait
from cli.stack.models import keep_key, with_key
from releases.build import build

if TYPE_CHECKING:
    from local.cloud import LocalCloud


def settings_of(settings: Mapping[str, str]) -> dict[str, str]:
    """What was asked, with the release that the code is just now, and where the model's key lies."""
    return {"release": build().release, **with_key(settings)}


@contextmanager
def own_cloud(stack: str, folder: Path, settings: Mapping[str, str]) -> Iterator[LocalCloud]:
    """The program's cloud in this process, with the model's key in it. Raises BadInput."""
    with interrupts_wait():
        from local.cloud import (  # a second of imports: bad input is told before
            LocalCloud,
            ProgramFailed,
            StateUnusable,
        )

    try:
        cloud = LocalCloud(stack, state=folder, settings=settings, warm=True)
    except (ProgramFailed, StateUnusable) as error:
        raise BadInput(str(error)) from error
    with cloud:
        keep_key(settings, cloud)
        yield cloud
