"""A zip takes entries of another one as they are: no program can see that they were not packed into it."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

from agents.roles.publisher.archive import site_archive
from agents.roles.publisher.built_links import LinkCheck
from agents.roles.publisher.built_pages import BuiltPages

PAGES = {"docs/a.md": "# Bees\n" * 2_000, "docs/ü/ä b.html": "<p>ß</p>", "docs/empty.txt": "", "hooks/x.py": "x = 1\n"}


def written(path: Path, pages: dict[str, str]) -> Path:
    with site_archive(path) as archive:
        for name, text in pages.items():
            archive.add(name, text)
    return path


def test_copied_entries_are_whole_and_stand_beside_added_ones(tmp_path: Path) -> None:
    source = written(tmp_path / "source.zip", PAGES)

    with site_archive(tmp_path / "site.zip") as site:
        site.add("index.html", "<p>first</p>")
        site.copy(source, lambda name: name.removeprefix("docs/") if name.startswith("docs/") else None)
        site.add("last.html", "<p>last</p>")

    with zipfile.ZipFile(tmp_path / "site.zip") as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["index.html", "a.md", "ü/ä b.html", "empty.txt", "last.html"]
        assert archive.read("a.md").decode() == PAGES["docs/a.md"]
        assert archive.read("ü/ä b.html").decode() == PAGES["docs/ü/ä b.html"]
        assert {info.external_attr >> 16 for info in archive.infolist()} == {0o644}
    tested = subprocess.run(
        [sys.executable, "-m", "zipfile", "-t", tmp_path / "site.zip"], capture_output=True, check=True
    )
    assert b"Done testing" in tested.stdout


def test_a_copied_zip_has_the_bytes_of_one_that_was_packed_at_once(tmp_path: Path) -> None:
    written(tmp_path / "once.zip", {"first": "1", **PAGES})
    part = written(tmp_path / "part.zip", PAGES)

    with site_archive(tmp_path / "copied.zip") as archive:
        archive.add("first", "1")
        archive.copy(part)

    assert (tmp_path / "copied.zip").read_bytes() == (tmp_path / "once.zip").read_bytes()


def test_a_part_of_the_pages_brings_its_broken_links(tmp_path: Path) -> None:
    check, other = LinkCheck({"source/a.html": 3}), LinkCheck({"source/a.html": 3})
    with site_archive(tmp_path / "other.zip") as archive, BuiltPages(archive, other).part(tmp_path) as part:
        part.add(
            "api/a.html", '<a href="../source/a.html#L9">a</a> <a href="../gone.html">b</a> <a href="b.html">c</a>'
        )

    with site_archive(tmp_path / "site.zip") as archive:
        built = BuiltPages(archive, check)
        built.add("api/b.html", '<a href="../missing.html">d</a>')
        built.take(tmp_path)

    assert sorted(check.broken({"api/b.html"})) == [
        ("api/a.html", "../gone.html"),
        ("api/a.html", "../source/a.html#L9"),
        ("api/b.html", "../missing.html"),
    ]
    with zipfile.ZipFile(tmp_path / "site.zip") as archive_read:
        assert archive_read.namelist() == ["api/b.html", "api/a.html"]
