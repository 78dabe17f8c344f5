"""`python -m bench start` measures a machine without clouds, and leaves the clouds of others as they were."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.start import set_aside


def _cloud(folder: Path, content: str) -> None:
    folder.mkdir(parents=True)
    (folder / "cloud").write_text(content)


def test_clouds_that_other_runs_have_built_are_there_again_afterwards(tmp_path: Path) -> None:
    clouds = tmp_path / "clouds"
    _cloud(clouds / "a", "theirs")
    _cloud(clouds / "b", "theirs")

    with set_aside(clouds):
        assert not clouds.exists()
        _cloud(clouds / "b", "built meanwhile")
        _cloud(clouds / "c", "built meanwhile")

    content = {path.parent.name: path.read_text() for path in clouds.glob("*/cloud")}
    assert content == {"a": "theirs", "b": "built meanwhile", "c": "built meanwhile"}
    assert list(tmp_path.iterdir()) == [clouds]


def test_clouds_are_there_again_after_a_run_that_failed(tmp_path: Path) -> None:
    _cloud(tmp_path / "clouds" / "a", "theirs")

    with pytest.raises(RuntimeError), set_aside(tmp_path / "clouds"):
        raise RuntimeError

    assert (tmp_path / "clouds" / "a" / "cloud").read_text() == "theirs"


def test_a_checkout_without_clouds_has_none_afterwards(tmp_path: Path) -> None:
    with set_aside(tmp_path / "clouds"):
        pass
    assert list(tmp_path.iterdir()) == []
