"""A file is documented, skipped with a reason, or a gap that names it; the one beside it is always documented."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hostile.case import INNOCENT, Case, parameters
from tests.hostile.containment import contained
from tests.hostile.files import files
from tests.hostile.scanning import fate_of_file, load_parsers


@pytest.fixture(scope="module", autouse=True)
def parsers(tmp_path_factory: pytest.TempPathFactory) -> None:
    load_parsers(tmp_path_factory.mktemp("parsers"))


@pytest.mark.parametrize("case", parameters(files()))
def test_a_file_has_its_one_outcome(
    case: Case[tuple[str, bytes]], tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    record_property("hostile files", 1)
    path, body = case.make()

    result = contained(lambda folder: fate_of_file(path, body, folder), tmp_path)

    assert result.ended_by == "", result.message
    assert result.escapes == ()
    assert result.fates[INNOCENT] == "documented"
    fate = result.fates[path]
    assert fate == case.outcome or (case.outcome == "any" and fate.startswith(("documented", "skipped: ", "gap: ")))
