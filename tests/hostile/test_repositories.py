"""A folder is packed and scanned, or refused in a sentence; nothing runs, hangs or leaves it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cli.upload.snapshot import snapshot_of
from tests.hostile.containment import Contained, Fates, contained
from tests.hostile.repositories import Repository, large, repositories, unsteady
from tests.hostile.scanning import fates_of

CASES = [*repositories(), *unsteady()]
Record = Callable[[str, object], None]
#: Where these lie, git is asked; its own hooks and filters must not run.
_PROGRAMS = frozenset({"git"})


def _outcome(case: Repository, folder: Path, cpu_seconds: int = 20) -> Contained:
    root, work = folder / "root", folder / "work"
    root.mkdir()
    work.mkdir()
    case.make(root)

    def scanned(place: Path) -> Fates:
        with snapshot_of(root) as snapshot:
            return fates_of(snapshot.archive, place)

    return contained(scanned, work, _PROGRAMS, cpu_seconds)


def _check(case: Repository, folder: Path, result: Contained) -> None:
    assert result.ended_by == "", result.message
    assert result.escapes == ()
    assert not [*folder.rglob("escaped")]
    if case.outcome == "BadInput":
        assert result.fates == {"": "BadInput"}
        assert "root" in result.message or "swarm.toml" in result.message
    elif case.outcome == "absent":
        assert case.path not in result.fates
        assert "documented" in result.fates.values()
    else:
        assert result.fates.get(case.path) == case.outcome, (result.fates, result.message)


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name.replace(" ", "-")) for case in CASES])
def test_a_folder_has_its_one_outcome(case: Repository, tmp_path: Path, record_property: Record) -> None:
    record_property("hostile repositories", 1)
    _check(case, tmp_path, _outcome(case, tmp_path))


@pytest.mark.slow
def test_sixty_thousand_files_are_packed_and_scanned(tmp_path: Path, record_property: Record) -> None:
    record_property("hostile repositories", 1)
    case = large()
    _check(case, tmp_path, _outcome(case, tmp_path, 200))
