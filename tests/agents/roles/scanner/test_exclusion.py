"""What swarm.toml excludes is left out on purpose; a swarm.toml that is wrong is a gap and stops nothing."""

from __future__ import annotations

import zipfile
from pathlib import Path

from agents.contracts.site_settings import SiteSettings
from agents.contracts.snapshot import SkipReason
from agents.roles.scanner.core import NO_BYTES, ExaminedFile
from agents.roles.scanner.exclusion import with_settings


def _examined(folder: Path, settings: str) -> tuple[list[ExaminedFile], Path]:
    texts = {"gen/a.py": "x = 1\n", "src/b.py": "y = 2\n", "swarm.toml": settings}
    snapshot = folder / "snapshot.zip"
    with zipfile.ZipFile(snapshot, "w") as archive:
        for path, text in texts.items():
            archive.writestr(path, text)
    return [ExaminedFile(path, "python", len(text), NO_BYTES) for path, text in texts.items()], snapshot


def test_an_excluded_file_is_left_out_on_purpose(tmp_path: Path) -> None:
    files, settings = with_settings(*_examined(tmp_path, 'exclude = ["gen/"]\ntitle = "T"\n'))
    assert [(file.path, file.skipped) for file in files] == [
        ("gen/a.py", SkipReason.EXCLUDED),
        ("src/b.py", None),
        ("swarm.toml", None),
    ]
    assert settings.title == "T"


def test_a_wrong_file_is_a_gap_that_names_the_key(tmp_path: Path) -> None:
    files, settings = with_settings(*_examined(tmp_path, 'exclude = ["gen/"]\ncolour = 1\n'))
    assert [file.path for file in files if file.skipped] == []
    gap = files[2].gap
    assert gap is not None
    assert "colour" in gap.detail
    assert settings == SiteSettings()
