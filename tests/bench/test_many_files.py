"""What the parent execution of a session carries does not grow with the repository."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bench import many_files

#: Files that import one another not at all: one wave, whatever their number.
_FEW, _MANY = 100, 1_000
#: A digit more for each count that the payload has.
_DIGITS = 40


@pytest.mark.slow  # a minute
@pytest.mark.local
@pytest.mark.timeout(1200)
def test_ten_times_as_many_files_leave_payload_and_history_as_they_are(tmp_path: Path) -> None:
    few, many = (_figures(tmp_path / str(files), files) for files in (_FEW, _MANY))

    assert (few["status"], many["status"]) == ("PUBLISHED", "PUBLISHED")
    assert many["events"] == few["events"] > 0
    assert many["payload_fields"] == few["payload_fields"] > 0
    assert abs(many["payload_max_bytes"] - few["payload_max_bytes"]) <= _DIGITS


def _figures(folder: Path, files: int) -> dict[str, Any]:
    many_files.write_repository(folder / "many", files)
    return many_files.measure(folder / "many", folder, files)
