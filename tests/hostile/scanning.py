"""What the scanner makes of an archive, as the fate of each path."""

from __future__ import annotations

import zipfile
from pathlib import Path

from agents.codebase.guides import reading as guides
from agents.codebase.guides.source import Repository
from agents.codebase.package_facts import packages
from agents.codebase.structure.reader import TreeSitterReader
from agents.errors import FileUnparseable
from agents.roles.scanner.archive import Limits, open_archive
from agents.roles.scanner.core import ExaminedFile
from agents.roles.scanner.examination import examine_all
from agents.roles.scanner.languages import language_of
from tests.agents.fakes import settings
from tests.agents.roles.scanner.archives import tar_gz
from tests.hostile.archives import LIMIT_BYTES, LIMIT_FILES
from tests.hostile.case import INNOCENT, INNOCENT_BODY
from tests.hostile.containment import Fates

LIMITS = Limits(files=LIMIT_FILES, bytes=LIMIT_BYTES)


def fates_of(archive: Path, folder: Path) -> Fates:
    """Scan an archive that lies in a folder."""
    examined = examine_all(
        open_archive(archive, "the archive", LIMITS),
        folder / "snapshot.zip",
        settings("Scan", file_limit_kilobytes=1_000),
    )
    paths = [file.path for file in examined]
    assert len(set(paths)) == len(paths), "two files have one path"
    assert not [path for path in paths if path.startswith("/") or ".." in path.split("/")], "a path climbs"
    return {file.path: _fate(file) for file in examined}


def load_parsers(folder: Path) -> None:
    """Read files of several kinds in this process: each contained one would load the parsers again, for 0.1 s."""
    for path in (INNOCENT, "a.md", "a.ipynb", "a.html", "a.rst", "a.adoc", "a.toml", "a.yaml", "a.json", "a.xml"):
        fate_of_file(path, INNOCENT_BODY, folder)


def _fate(file: ExaminedFile) -> str:
    if file.gap is not None:
        return f"gap: {file.gap.reason}"
    return f"skipped: {file.skipped}" if file.skipped is not None else "documented"


def fate_of_file(path: str, body: bytes, folder: Path) -> Fates:
    """Scan an archive of this file and an innocent one, then read what it holds."""
    archive = folder / "archive"
    archive.write_bytes(tar_gz({path: body, INNOCENT: INNOCENT_BODY}))
    fates = dict(fates_of(archive, folder))
    with zipfile.ZipFile(folder / "snapshot.zip") as texts:
        for name in {path, INNOCENT} & set(texts.namelist()):
            text = texts.read(name).decode()
            try:
                structure = TreeSitterReader().read(name, language_of(name, text), text)
                assert all(symbol.lines.end <= structure.line_count for symbol in structure.symbols)
                # A guide and a manifest are read outside of any question: nothing may raise.
                guides.read(name, text, Repository())
                packages([name], {name: text}.__getitem__)
            except FileUnparseable as gap:
                assert name in str(gap)
                fates[name] = f"gap: {type(gap).__name__}"
    return fates
