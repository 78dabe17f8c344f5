"""A function zip is named by its content: our code alone, the same bytes everywhere."""

from __future__ import annotations

import os
import shutil
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from releases.build import NAMED_BY, ROOT, build


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    for name, text in {
        "agents/__init__.py": "",
        "agents/roles/editor/core.py": "x = 1\n",
        "agents/roles/editor/instructions.md": "Write.\n",
        "agents/roles/editor/__pycache__/core.cpython-311.pyc": "junk",
        "agents/roles/editor/tests/test_core.py": "junk",
        "agents/.DS_Store": "junk",
        "local/cloud.py": "not for the cloud",
        "workflow/documentation.asl.json": "{}",
        "requirements/agents.txt": "boto3==1\n",
        "requirements/models.txt": "openai==1\n",
        "requirements/site.txt": "mkdocs==1\n",
        "vendor/package-lock.json": "{}",
        "vendor/python/package-lock.json": "{}",
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def test_should_hold_our_code_and_instructions_and_nothing_else(project: Path) -> None:
    with zipfile.ZipFile(build(project).path) as archive:
        assert archive.namelist() == [
            "agents/__init__.py",
            "agents/roles/editor/core.py",
            "agents/roles/editor/instructions.md",
        ]


def test_should_be_the_same_bytes_whatever_times_modes_and_folder(project: Path, tmp_path: Path) -> None:
    first = build(project)
    copy = Path(shutil.copytree(project, tmp_path / "elsewhere", ignore=shutil.ignore_patterns("build")))
    for path in copy.rglob("*.py"):
        os.utime(path, (1, 1))
        path.chmod(0o700)
    assert build(copy).digest == first.digest
    assert (copy / "build" / "function.zip").read_bytes() == first.path.read_bytes()


def test_should_be_written_again_only_when_its_content_changed(project: Path) -> None:
    first = build(project)
    written = first.path.stat().st_ino
    assert build(project) == first
    assert first.path.stat().st_ino == written
    (project / "agents" / "roles" / "editor" / "core.py").write_text("x = 2\n")
    assert build(project).digest != first.digest
    assert first.path.stat().st_ino != written


@pytest.mark.parametrize("changed", ["agents/roles/editor/instructions.md", *(path.as_posix() for path in NAMED_BY)])
def test_should_name_another_release_when_any_part_changed(project: Path, changed: str) -> None:
    before = build(project).release
    (project / changed).write_text("changed")
    assert build(project).release != before


def test_should_be_whole_when_several_build_at_once(project: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        built = set(pool.map(lambda _: build(project), range(24)))
    assert len(built) == 1
    assert sorted(path.name for path in (project / "build").iterdir()) == ["function.zip"]


def test_should_build_this_project_itself(tmp_path: Path) -> None:
    copy = tmp_path / "project"
    for name in ("agents", "workflow", "requirements", "vendor"):
        shutil.copytree(ROOT / name, copy / name)
    with zipfile.ZipFile(build(copy).path) as archive:
        assert "agents/contracts/session.py" in archive.namelist()
        assert archive.testzip() is None
