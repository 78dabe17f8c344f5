"""A site is unpacked beside the earlier one: what has not changed is linked, all else is written."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.output import unpacking

PAGES = {"index.html": "the front page", "api/one/index.html": "page one", "assets/a.css": "p {}"}


def packed(folder: Path, pages: dict[str, str]) -> Path:
    path = folder / "site.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in pages.items():
            archive.writestr(name, text)
    return path


def texts(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    """The folder of an earlier run, which has PAGES."""
    unpacking.unpack(packed(tmp_path, PAGES), tmp_path / "earlier", tmp_path / "none")
    return tmp_path / "earlier"


def test_should_write_all_where_no_earlier_run_was(earlier: Path) -> None:
    assert texts(earlier) == PAGES


def test_should_link_what_has_not_changed_and_write_the_rest(earlier: Path, tmp_path: Path) -> None:
    pages = {**PAGES, "index.html": "The front page", "new.html": "new"}
    del pages["assets/a.css"]

    unpacking.unpack(packed(tmp_path, pages), tmp_path / "now", earlier)

    assert texts(tmp_path / "now") == pages
    linked = [
        name for name in pages if (earlier / name).exists() and (earlier / name).samefile(tmp_path / "now" / name)
    ]
    assert linked == ["api/one/index.html"]
    assert texts(earlier) == PAGES


def _edit(page: Path) -> None:
    page.write_text("THE FRONT PAGE", encoding="utf-8")


def _close(page: Path) -> None:
    page.chmod(0o600)


def _lead_away(page: Path) -> None:
    away = page.with_name("away")
    page.rename(away)
    page.symlink_to(away)


def _make_pipe(page: Path) -> None:
    page.unlink()
    os.mkfifo(page)


def _make_folder(page: Path) -> None:
    page.unlink()
    page.mkdir()


@pytest.mark.parametrize("change", [_edit, _close, _lead_away, _make_pipe, _make_folder])
def test_should_write_anew_what_a_person_has_changed(
    change: Callable[[Path], None], earlier: Path, tmp_path: Path
) -> None:
    usual = (earlier / "index.html").stat().st_mode
    change(earlier / "index.html")

    unpacking.unpack(packed(tmp_path, PAGES), tmp_path / "now", earlier)

    page = tmp_path / "now" / "index.html"
    assert texts(tmp_path / "now") == PAGES
    assert page.lstat().st_mode == usual
    assert page.stat().st_nlink == 1


def test_should_write_where_files_cannot_be_linked(
    earlier: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    unpacking.unpack(packed(tmp_path, PAGES), tmp_path / "now", earlier)
    assert texts(tmp_path / "now") == PAGES


def test_should_link_nothing_of_a_folder_that_only_leads_to_the_earlier_one(earlier: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(earlier)
    unpacking.unpack(packed(tmp_path, PAGES), tmp_path / "now", tmp_path / "link")
    assert texts(tmp_path / "now") == PAGES
    assert (tmp_path / "now" / "index.html").stat().st_nlink == 1


def test_should_stay_in_its_folder_whatever_a_name_says(earlier: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    pages = {"../secret": "secret", "/etc/x": "absolute", "a/../../secret": "secret"}

    unpacking.unpack(packed(tmp_path, pages), tmp_path / "now", earlier)

    assert set(texts(tmp_path / "now")) == {"secret", "etc/x", "a/secret"}
    assert (tmp_path / "secret").stat().st_nlink == 1


def test_is_also_a_program_of_its_own(earlier: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-I", "-S", unpacking.__file__]
    subprocess.run([*command, packed(tmp_path, PAGES), earlier, tmp_path / "now"], check=True)
    assert texts(tmp_path / "now") == PAGES
    assert (tmp_path / "now" / "index.html").samefile(earlier / "index.html")
