"""What the scanner makes of an archive, as the fate of each path."""

from __future__ import annotations

from pathlib import Path

from agents.roles.scanner.archive import Limits, open_archive
from agents.roles.scanner.core import ExaminedFile
from agents.roles.scanner.examination import examine_all
from tests.agents.fakes import settings
from tests.hostile.archives import LIMIT_BYTES, LIMIT_FILES
from tests.hostile.containment import Fates

LIMITS = Limits(files=LIMIT_FILES, bytes=LIMIT_BYTES)


def fates_of(archive: Path, folder: Path) -> Fates:
    """Scan an archive that lies in a folder."""
    examined = examine_all(open_archive(archive, "the archive", LIMITS), folder / "snapshot.zip", settings("Scan"))
    paths = [file.path for file in examined]
    assert len(set(paths)) == len(paths), "two files have one path"
    assert not [path for path in paths if path.startswith("/") or ".." in path.split("/")], "a path climbs"
    return {file.path: _fate(file) for file in examined}


def _fate(file: ExaminedFile) -> str:
    if file.gap is not None:
        return f"gap: {file.gap.reason}"
    return f"skipped: {file.skipped}" if file.skipped is not None else "documented"
