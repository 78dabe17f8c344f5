"""An archive is documented, skipped in part with a reason, or refused by an error; nothing of it leaves the folder."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hostile.archive_records import records
from tests.hostile.archive_tricks import tricks
from tests.hostile.archives import archives
from tests.hostile.case import INNOCENT, Case, parameters
from tests.hostile.containment import contained
from tests.hostile.scanning import fates_of, load_parsers


@pytest.fixture(scope="module", autouse=True)
def parsers(tmp_path_factory: pytest.TempPathFactory) -> None:
    load_parsers(tmp_path_factory.mktemp("parsers"))


@pytest.mark.parametrize("case", parameters([*archives(), *tricks(), *records()]))
def test_an_archive_has_its_one_outcome(
    case: Case[bytes], tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    record_property("hostile archives", 1)
    archive = tmp_path / "archive"
    archive.write_bytes(case.make())

    result = contained(lambda folder: fates_of(archive, folder), tmp_path)

    assert result.ended_by == "", result.message
    assert result.escapes == ()
    assert {path.name for path in tmp_path.iterdir()} <= {"archive", "snapshot.zip"}
    fates = dict(result.fates)
    if case.outcome == "nothing":
        assert fates == {}
    elif case.path:
        assert fates.get(case.path) == case.outcome, fates
    elif case.outcome == "documented":
        assert set(fates.values()) == {"documented"}, fates
    else:
        assert fates == {"": case.outcome}, (fates, result.message)
        assert "archive" in result.message or "tar" in result.message
        assert len(result.message) <= 1_000
        # A message of Python about its own integers or codecs does not tell an uploader what is wrong with the archive.
        assert not re.search(r"Python|int\(\)|Errno|codec|recursion|unpack \(|'int'", result.message)
    if "" not in fates and case.path != INNOCENT and INNOCENT in fates:
        assert fates[INNOCENT] == "documented"
