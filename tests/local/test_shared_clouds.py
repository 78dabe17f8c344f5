"""A second state folder of this checkout loads the cloud that the first one has built."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from local import shared_clouds
from local.moto import saved_backends
from local.saved_cloud import RealisedCloud, SavedCloud
from local.shared_clouds import may_have_to_build, shared
from local.state.database import SAVED_CLOUD

pytestmark = pytest.mark.local


@pytest.fixture(autouse=True)
def clouds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path / "build" / "clouds"
    monkeypatch.setattr(shared_clouds, "FOLDER", folder)
    # What moto holds in this process belongs to other tests.
    monkeypatch.setattr(saved_backends, "dump", lambda *_: b"the cloud")
    yield folder


def saved(folder: Path, identity: str) -> SavedCloud:
    folder.mkdir(exist_ok=True)
    cloud = SavedCloud(folder, identity)
    cloud.write(RealisedCloud({"bucket": identity}, ()), "http://127.0.0.1:1", "secret")
    return cloud


def test_a_cloud_is_taken_over_by_a_folder_that_has_none(tmp_path: Path) -> None:
    first, second = saved(tmp_path / "first", "aaaa"), SavedCloud(tmp_path / "second", "aaaa")
    (tmp_path / "second").mkdir()
    place = shared("aaaa")
    assert place is not None
    assert not second.take(place)
    assert may_have_to_build(tmp_path / "second")

    assert place.take(first)
    assert second.take(place)

    assert (tmp_path / "second" / SAVED_CLOUD).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "second" / SAVED_CLOUD).read_bytes() == (tmp_path / "first" / SAVED_CLOUD).read_bytes()
    assert b"the cloud" in (tmp_path / "second" / SAVED_CLOUD).read_bytes()
    assert not may_have_to_build(tmp_path / "third")


def test_another_identity_and_a_file_that_others_may_write_are_not_taken(tmp_path: Path, clouds: Path) -> None:
    place = shared("aaaa")
    assert place is not None
    place.take(saved(tmp_path / "first", "aaaa"))
    (tmp_path / "second").mkdir()

    assert not SavedCloud(tmp_path / "second", "bbbb").take(place)
    (clouds / "aaaa" / SAVED_CLOUD).chmod(0o622)
    assert not SavedCloud(tmp_path / "second", "aaaa").take(place)


def test_the_oldest_clouds_go(clouds: Path) -> None:
    for number in range(shared_clouds._MOST):
        assert shared(f"{number:04}")
        os.utime(clouds / f"{number:04}", (number, number))

    assert shared("new")

    assert sorted(folder.name for folder in clouds.iterdir()) == [f"{n:04}" for n in range(1, shared_clouds._MOST)] + [
        "new"
    ]


def test_nothing_is_shared_where_the_checkout_cannot_be_written(clouds: Path) -> None:
    clouds.parent.mkdir()
    clouds.write_text("no folder")
    assert shared("aaaa") is None
