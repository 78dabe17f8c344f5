"""Realised clouds that every state folder of this checkout may load: build/clouds, one folder for each identity.

A cloud is what code and settings make of it, whoever uses it: a second state folder need not build it again.
"""

from __future__ import annotations

import logging
import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from local.kept_folders import oldest_beyond
from local.root import ROOT
from local.state.database import SAVED_CLOUD

if TYPE_CHECKING:
    from local.saved_cloud import SavedCloud

FOLDER: Final = ROOT / "build" / "clouds"
#: Code that is being written has a new identity with each change, and each cloud takes four megabytes.
_MOST = 8
_log = logging.getLogger(__name__)


def may_have_to_build(state: Path) -> bool:
    """Whether no cloud at all is saved for this state folder, so that one will have to be built."""
    return not (state / SAVED_CLOUD).is_file() and next(FOLDER.glob(f"*/{SAVED_CLOUD}"), None) is None


def shared(identity: str) -> SavedCloud | None:
    """The place of a shared cloud of this identity; None where nothing can be shared, as in a checkout of another's."""
    from local.saved_cloud import SavedCloud  # moto, half a second: who only asks whether to build needs none

    folder = FOLDER / identity
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.touch()  # the one that was used last is kept longest
    except OSError as problem:
        _log.debug("no clouds are shared: %s", problem)
        return None
    _remove_oldest()
    return SavedCloud(folder, identity)


def _remove_oldest() -> None:
    with suppress(OSError):  # another process removes the same
        for folder in oldest_beyond(FOLDER, _MOST):
            shutil.rmtree(folder, ignore_errors=True)
