"""`swarm check` on seeded edits of real projects, by kind of edit, and its time on 500 changed files."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from agents.codebase.change.result import ChangeReport
from bench.check_edits import Edit, go_edits, python_edits
from bench.machine import processor_seconds
from bench.projects import fetched
from bench.sites import built
from cli.check.checking import check
from cli.check.versions import ReadFiles, version_of
from cli.site.finished import FinishedSite, finished_site

SECONDS = 10.0
FILES = 500
_SEED = 20_261_128
_PROJECTS = (
    ("pypi", "flask", "3.1.3", 60),
    ("pypi", "click", "8.1.8", 60),
    ("pypi", "httpx", "0.28.1", 50),
    ("go", "github.com/spf13/cobra", "1.8.1", 36),
)
#: The one whose site is built, and whose statements are checked.
_WITH_SITE = ("pypi", "click", "8.1.8", 33)


def figures(files: int = FILES) -> Iterator[dict[str, Any]]:
    """Precision and recall by kind of edit, then seconds."""
    counts: dict[str, _Counts] = defaultdict(_Counts)
    for registry, name, version, count in _PROJECTS:
        archive = fetched(registry, name, version)
        if archive is None:
            yield {"project": name, "skipped": f"the client of {registry} is not installed"}
            continue
        project = _texts(archive)
        edits = python_edits(project, count, _SEED) if registry == "pypi" else go_edits(project, count, _SEED)
        for edit in edits:
            counts[edit.kind].add(edit, _checked(project, edit, None))
    yield from _rows("comments", counts)
    with TemporaryDirectory(prefix="swarm-bench-") as folder:
        yield from _with_site(Path(folder))
    with TemporaryDirectory(prefix="swarm-bench-") as folder:
        yield _timed(Path(folder), files)


class _Counts:
    """What was listed and what should have been, over the edits of one kind."""

    def __init__(self) -> None:
        self.edits = self.expected = self.listed = self.right = 0
        self.wrong: list[str] = []

    def add(self, edit: Edit, result: ChangeReport, *, of_site: bool = False) -> None:
        """Count one edit."""
        expected, listed = _expected(edit, of_site), _listed(result, of_site)
        self.edits += 1
        self.expected += len(expected)
        self.listed += len(listed)
        self.right += len(expected & listed)
        if expected != listed:
            self.wrong.append(
                f"{sorted(edit.after)[:2]}: missed {sorted(expected - listed)}, added {sorted(listed - expected)}"
            )

    def row(self) -> dict[str, Any]:
        """Figures; with nothing expected and nothing listed both shares are whole."""
        return {
            "edits": self.edits,
            "expected": self.expected,
            "listed": self.listed,
            "precision": round(self.right / self.listed, 3) if self.listed else 1.0,
            "recall": round(self.right / self.expected, 3) if self.expected else 1.0,
        }


def _expected(edit: Edit, of_site: bool) -> set[str]:
    names = {f"statement {name}" for name in edit.statements}
    names |= {f"undocumented {name}" for name in edit.undocumented} | {f"removed {name}" for name in edit.removed}
    # A site's statement rests on the author's comment: another comment touches it.
    return names | {f"{'statement' if of_site else 'rewritten'} {name}" for name in edit.rewritten}


def _listed(result: ChangeReport, of_site: bool) -> set[str]:
    # Nobody has to be warned of what a site says about lines around those of another statement.
    names = {f"statement {one.symbol}" for one in result.statements if not one.wide}
    names |= {f"undocumented {one.symbol}" for one in result.undocumented}
    names |= {f"removed {one.symbol}" for one in result.removed if not one.renamed_to}
    return names | ({f"rewritten {one.symbol}" for one in result.rewritten} if not of_site else set())


def _rows(of: str, counts: Mapping[str, _Counts]) -> Iterator[dict[str, Any]]:
    for kind, one in counts.items():
        for wrong in one.wrong[:5]:
            print(f"{of}, {kind}: {wrong}", file=sys.stderr)
        yield {"statements": of, "kind": kind, **one.row()}
    total = _Counts()
    for one in counts.values():
        for name in ("edits", "expected", "listed", "right"):
            setattr(total, name, getattr(total, name) + getattr(one, name))
    row = total.row()
    yield {"statements": of, "kind": "all", **row, "within": row["recall"] == 1.0 and row["precision"] == 1.0}


def _texts(archive: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for path, data in version_of(archive).contents.items():
        try:
            found[path] = data.decode("utf-8").replace("\r\n", "\n")
        except UnicodeDecodeError:
            continue
    return found


def _checked(project: Mapping[str, str], edit: Edit, site: FinishedSite | None) -> ChangeReport:
    before = {**project, **edit.before}
    after = {path: text for path, text in before.items() if path not in edit.before} | edit.after
    return check(_version(before), _version(after), site)


def _version(files: Mapping[str, str]) -> ReadFiles:
    contents = {path: text.encode() for path, text in files.items()}
    return ReadFiles(contents, files)  # a text is its own mark


def _with_site(folder: Path) -> Iterator[dict[str, Any]]:
    registry, name, version, count = _WITH_SITE
    archive, site = fetched(registry, name, version), built(registry, name, version, folder)
    if archive is None or site is None:
        yield {"project": name, "skipped": f"the client of {registry} is not installed"}
        return
    project, finished = _texts(archive), finished_site(site)
    counts: dict[str, _Counts] = defaultdict(_Counts)
    for edit in python_edits(project, count, _SEED + 1):
        if edit.kind not in {"rename", "delete"}:  # a site describes callers as well: more than their names is touched
            counts[edit.kind].add(edit, _checked(project, edit, finished), of_site=True)
    yield from _rows("site", counts)


def _timed(folder: Path, files: int) -> dict[str, Any]:
    """The whole command on a git repository of the projects' own modules, every one of them changed."""
    archives = [fetched(*project[:3]) for project in _PROJECTS if project[0] == "pypi"]
    texts = [
        text
        for archive in archives
        if archive is not None
        for path, text in _texts(archive).items()
        if path.endswith(".py") and text.strip()
    ]
    if not texts:
        return {"skipped": "pip is not installed"}
    for version in range(2):
        for number in range(files):
            place = folder / f"package_{number // 25}" / f"module_{number}.py"
            place.parent.mkdir(exist_ok=True)
            text = texts[number % len(texts)]
            place.write_text(text + f"\n\ndef limit_{number}():\n    return {version}\n", encoding="utf-8")
        for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", f"version {version}"]):
            who = ["-c", "user.name=bench", "-c", "user.email=bench@example.org", "-c", "commit.gpgsign=false"]
            subprocess.run(["git", "-C", str(folder), *who, *command], check=True, capture_output=True)  # noqa: S607 (git of whoever runs it)
    started, used = time.monotonic(), processor_seconds()
    command = [sys.executable, "-m", "cli", "check", "HEAD~1..HEAD", "--repository", str(folder), "--json"]
    subprocess.run(command, check=True, capture_output=True)
    seconds = round(time.monotonic() - started, 2)
    processor = round(processor_seconds() - used, 2)
    size = sum(len(text) for text in texts) * files // len(texts)
    return {
        "files": files,
        "bytes": size,
        "seconds": seconds,
        "processor_s": processor,
        "load": round(os.getloadavg()[0], 1),
        "within": seconds <= SECONDS,
    }
