"""What npm installs is installed once, and again where npm failed or the lock changed."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from releases import vendor


class Npm:
    """Stands for npm: writes a file, and ends with the code it is given."""

    def __init__(self) -> None:
        self.calls, self.code = 0, 0

    def __call__(
        self, arguments: Sequence[str], *, return_completed_process: bool, stdout: int
    ) -> subprocess.CompletedProcess[str]:
        assert arguments[0] == "ci"
        assert return_completed_process
        assert stdout == subprocess.DEVNULL, "stdout is the answer of `swarm release build --json`"
        self.calls += 1
        return subprocess.CompletedProcess(arguments, self.code)


@pytest.fixture()
def npm(monkeypatch: pytest.MonkeyPatch) -> Npm:
    npm = Npm()
    monkeypatch.setattr(vendor, "npm", npm)
    return npm


@pytest.fixture()
def locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(vendor, "ROOT", tmp_path)
    folder = tmp_path / "vendor"
    folder.mkdir()
    (folder / "package.json").write_text("{}", encoding="utf-8")
    (folder / "package-lock.json").write_text("1", encoding="utf-8")
    return folder


def test_what_is_installed_is_not_installed_again(npm: Npm, locked: Path, tmp_path: Path) -> None:
    vendor.install(locked, tmp_path / "build")
    vendor.install(locked, tmp_path / "build")

    assert npm.calls == 1


def test_another_lock_is_installed_anew(npm: Npm, locked: Path, tmp_path: Path) -> None:
    vendor.install(locked, tmp_path / "build")
    (locked / "package-lock.json").write_text("2", encoding="utf-8")
    vendor.install(locked, tmp_path / "build")

    assert npm.calls == 2


def test_npm_that_failed_runs_again(npm: Npm, locked: Path, tmp_path: Path) -> None:
    npm.code = 1
    with pytest.raises(vendor.NpmFailed, match=r"vendor/package-lock\.json"):
        vendor.install(locked, tmp_path / "build")
    npm.code = 0
    vendor.install(locked, tmp_path / "build")

    assert npm.calls == 2
