"""A disk that refuses is one sentence with the place and what to do, and exit code 2."""

from __future__ import annotations

import errno
import io
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import app as border
from cli import disk_errors
from cli.commands import run as running
from cli.disk_errors import DiskRefused, explained
from cli.errors import ExitCode
from cli.upload import archive

runner = CliRunner()


@pytest.mark.parametrize(
    ("number", "advice"),
    [
        (errno.ENOSPC, "Make space there"),
        (errno.EDQUOT, "Make space there"),
        (errno.EFBIG, "Make space there"),
        (errno.EROFS, "Correct the permissions"),
        (errno.EACCES, "Correct the permissions"),
        (errno.ENAMETOOLONG, "Name another path"),
        (errno.ENOTDIR, "Name another path"),
    ],
)
def test_a_disk_error_names_the_place_and_what_to_do(number: int, advice: str) -> None:
    with pytest.raises(DiskRefused, match=f"^--out there: .*{advice}") as refused, explained("--out there"):
        raise OSError(number, os.strerror(number), "/there/site")
    assert refused.value.exit_code == ExitCode.BAD_INPUT


def test_another_error_stays_what_it_is() -> None:
    with pytest.raises(ConnectionResetError), explained("--out there"):
        raise ConnectionResetError(errno.ECONNRESET, "reset")


def test_a_full_disk_that_nothing_explains_is_a_sentence_at_the_border_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> ExitCode:
        raise OSError(errno.ENOSPC, "No space left on device", "/var/full")

    monkeypatch.setattr(running, "run", full)
    result = runner.invoke(border.app, ["run", str(tmp_path)])
    assert result.exit_code == ExitCode.BAD_INPUT
    assert "/var/full: No space left on device. Make space there" in " ".join(result.stderr.split())
    assert "--debug" not in result.stderr


class FullDisk(io.BytesIO):
    """Takes nothing."""

    def write(self, _: object, /) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_disk_that_is_full_while_packing_makes_no_gaps(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(os.urandom(3_000_000))
    with pytest.raises(OSError, match="No space left"):
        archive.pack(tmp_path, ["a.py"], [], FullDisk())


def test_without_a_folder_for_temporary_files_the_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> str:
        raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found in ['/tmp']")

    monkeypatch.setattr("tempfile.gettempdir", none)
    with pytest.raises(DiskRefused, match="TMPDIR"):
        disk_errors.temporary_files()


@pytest.mark.parametrize("words", [("local", "reset"), ("erase", "s" + "a" * 20)], ids=lambda words: str(words[0]))
def test_a_question_that_cannot_be_answered_says_what_to_give(tmp_path: Path, words: tuple[str, ...]) -> None:
    from local.state.database import StateFile

    StateFile(tmp_path).close()
    result = runner.invoke(border.app, [*words, "--state", str(tmp_path)], input="")
    assert result.exit_code == ExitCode.BAD_INPUT
    assert "without a terminal, give --yes" in " ".join(result.stderr.split())
