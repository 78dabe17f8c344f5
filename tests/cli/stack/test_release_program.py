"""The packages that a release's own program runs with: the checkout's if they are the same, else those that it pins."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from cli.errors import BadInput
from cli.stack import release_program as subject


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """The program's folder, and a checkout with its virtual environment; both pin the same."""
    for name in ("program", "checkout"):
        (tmp_path / name / "requirements").mkdir(parents=True)
        (tmp_path / name / "requirements" / "laptop.txt").write_text("boto3==1.0\n")
    (tmp_path / "checkout" / ".venv").mkdir()
    return tmp_path / "program", tmp_path / "checkout"


def test_the_checkouts_packages_serve_a_program_that_pins_the_same(folders: tuple[Path, Path]) -> None:
    program, checkout = folders
    subject.add_environment(program, checkout)
    assert (program / ".venv").resolve() == (checkout / ".venv").resolve()


def test_a_program_that_pins_other_packages_gets_its_own_by_their_hashes(
    folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    program, checkout = folders
    (program / "requirements" / "laptop.txt").write_text("boto3==0.9\n")
    commands: list[list[str]] = []

    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        commands.append(command)
        return subprocess.CompletedProcess(command, len(commands) - 1, "", "ERROR: no such version\n")

    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(BadInput, match=r"cannot be installed in .*: ERROR: no such version"):
        subject.add_environment(program, checkout)
    environment, install = commands
    assert environment[1:] == ["-m", "venv", str(program / ".venv")]
    assert install[0] == str(program / ".venv" / "bin" / "python")
    assert "--require-hashes" in install
    assert not (program / ".venv").is_symlink()
