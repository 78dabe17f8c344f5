"""The command's border: sentences and exit codes, never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli import app as border
from cli.commands import run as running
from cli.errors import ADVICE, CommandError, ExitCode, advice
from local.state.database import StateFile

runner = CliRunner()


def swarm(*arguments: str | Path) -> Result:
    return runner.invoke(border.app, [str(argument) for argument in arguments])


def said(result: Result) -> str:
    return " ".join(result.stderr.split())


def plain_file(folder: Path) -> list[str | Path]:
    (folder / "notes.txt").write_text("hello")
    return [folder / "notes.txt"]


def empty_folder(folder: Path) -> list[str | Path]:
    (folder / "empty").mkdir()
    return [folder / "empty"]


def broken_zip(folder: Path) -> list[str | Path]:
    (folder / "broken.zip").write_bytes(b"PK\x03\x04 and then nothing")
    return [folder / "broken.zip"]


def out_is_a_file(folder: Path) -> list[str | Path]:
    (folder / "a.py").write_text("x = 1\n")
    (folder / "taken").write_text("")
    return [folder, "--out", folder / "taken"]


def setting_without_value(folder: Path) -> list[str | Path]:
    return [folder, "--setting", "cap_usd"]


@pytest.mark.parametrize(
    ("make", "names"),
    [
        (lambda folder: [folder / "missing"], "missing"),
        (plain_file, "notes.txt"),
        (empty_folder, "empty"),
        (broken_zip, "broken.zip"),
        (out_is_a_file, "taken"),
        (setting_without_value, "cap_usd"),
    ],
)
def test_bad_input_exits_with_2_and_a_line_that_names_it(tmp_path: Path, make: object, names: str) -> None:
    assert callable(make)
    arguments: list[str | Path] = make(tmp_path)
    out: list[str | Path] = [] if "--out" in arguments else ["--out", tmp_path / "out"]
    result = swarm("run", *arguments, *out)
    assert result.exit_code == ExitCode.BAD_INPUT
    assert names in result.stderr.replace("\n", "")
    assert "Traceback" not in result.output + result.stderr
    assert result.stdout == ""
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("error", "code", "sentence"),
    [
        (KeyboardInterrupt(), 130, "the next run pays only for the rest"),
        (RuntimeError("moto is gone"), 1, "RuntimeError: moto is gone"),
        (CommandError("no trigger"), 1, "swarm: no trigger"),
    ],
)
def test_whatever_happens_ends_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, sentence: str
) -> None:
    def broken(*_: object) -> ExitCode:
        raise error

    monkeypatch.setattr(running, "run", broken)
    result = swarm("run", tmp_path)
    assert result.exit_code == code
    assert sentence in said(result)
    assert "Traceback" not in said(result)


def test_the_traceback_is_there_for_those_who_ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> ExitCode:
        raise RuntimeError("moto is gone")

    monkeypatch.setattr(running, "run", broken)
    assert "Traceback" in said(swarm("run", tmp_path, "--debug"))


def test_settings_and_model_reach_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def remembered(request: object, *_: object) -> ExitCode:
        asked.append(request)
        return ExitCode.DONE

    monkeypatch.setattr(running, "run", remembered)
    swarm("run", tmp_path, "--setting", "cap_usd=2", "--setting", "a=b=c", "--model", "extractive", "--json")
    (request,) = asked
    assert getattr(request, "settings", None) == {"cap_usd": "2", "a": "b=c", "model": "extractive"}


def test_inference_is_a_setting_like_any_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def remembered(request: object, *_: object) -> ExitCode:
        asked.append(request)
        return ExitCode.DONE

    monkeypatch.setattr(running, "run", remembered)
    swarm("run", tmp_path, "--inference", "batch", "--json")
    assert getattr(asked[0], "settings", None) == {"inference": "batch"}


def test_the_version_is_printed() -> None:
    result = swarm("--version")
    assert result.exit_code == 0
    assert result.stdout.startswith("swarm ")


def test_a_reset_without_anything_kept_says_so(tmp_path: Path) -> None:
    result = swarm("local", "reset", "--state", tmp_path / "none", "--yes")
    assert result.exit_code == 0
    assert "Nothing is stored" in said(result)


def test_a_reset_of_a_folder_that_holds_no_state_deletes_nothing(tmp_path: Path) -> None:
    (tmp_path / "thesis").write_text("work")
    result = swarm("local", "reset", "--state", tmp_path, "--yes")
    assert result.exit_code == 0
    assert "Nothing is stored" in said(result)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis"]


def test_a_reset_asks_and_takes_no_for_an_answer(tmp_path: Path) -> None:
    StateFile(tmp_path).close()
    (tmp_path / "kept").write_text("work")
    result = runner.invoke(border.app, ["local", "reset", "--state", str(tmp_path)], input="n\n")
    assert result.exit_code == 0
    assert (tmp_path / "kept").read_text() == "work"


def test_every_error_that_has_advice_exists() -> None:
    from agents import errors
    from local.processes import child_processes as processes

    # AWS's names have a dot: tests/docs/test_error_names.py; those of our own processes stand where they are started
    known = {*vars(errors), *vars(processes)}
    assert [name for name in ADVICE if "." not in name and name not in known] == []
    assert advice("SomethingNew")


@pytest.mark.parametrize(
    ("name", "cause"),
    [
        ("Runtime.OutOfMemory", ""),
        ("Runtime.ExitError", "RequestId: 1 Error: Runtime exited with error: signal: killed"),
    ],
)
def test_the_error_of_a_function_that_ran_out_of_memory_names_the_setting_to_raise(name: str, cause: str) -> None:
    assert "functionMemoryMegabytes" in advice(name, cause)


def test_a_function_that_ended_by_itself_is_not_said_to_lack_memory() -> None:
    assert "memory" not in advice("Runtime.ExitError", "Error: Runtime exited with error: exit status 1")
