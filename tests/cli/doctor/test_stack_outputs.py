"""Where `swarm doctor` finds a stack, and what it says where it does not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.app import app
from cli.commands import doctor as doctor_module
from cli.errors import BadInput
from cli.stack.deployed import read_outputs
from tests.cli.doctor.answers import outputs


def _written(folder: Path, text: str) -> Path:
    file = folder / "outputs.json"
    file.write_text(text, encoding="utf-8")
    return file


def _pulumi(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    program = folder / "bin" / "pulumi"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")


def test_outputs_are_read_from_a_file(tmp_path: Path) -> None:
    file = _written(tmp_path, outputs().model_dump_json())
    assert read_outputs("dev", file)["state_machine_arn"] == outputs().state_machine_arn


def test_without_a_file_pulumi_is_asked_for_the_stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = _written(tmp_path, outputs().model_dump_json())
    _pulumi(tmp_path, monkeypatch, f'[ "$*" = "stack output --json --stack dev" ] && cat {file}')
    assert read_outputs("dev", None)["region"] == "eu-west-1"


def test_without_pulumi_the_message_names_outputs_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BadInput, match=r"pulumi stack output --json --stack dev > outputs\.json"):
        read_outputs("dev", None)


def test_what_pulumi_says_is_passed_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _pulumi(tmp_path, monkeypatch, "echo 'error: no stack named dev found' >&2; exit 255")
    with pytest.raises(BadInput, match="no stack named dev found"):
        read_outputs("dev", None)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("not json", "not JSON"),
        ("[]", "not those of this program"),
        (json.dumps({"environment": "dev"}), "upload_bucket"),
    ],
)
def test_outputs_of_something_else_are_refused_with_what_is_missing(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(BadInput, match=named):
        read_outputs("dev", _written(tmp_path, text))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"nowhere\.json"):
        read_outputs("dev", tmp_path / "nowhere.json")


def test_the_command_without_credentials_says_so_and_exits_with_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        doctor_module, "who", lambda _: {"error": "NoCredentialsError", "message": "Unable to locate credentials"}
    )
    file = _written(tmp_path, outputs().model_dump_json())
    result = CliRunner().invoke(app, ["doctor", "--stack", "dev", "--outputs", str(file), "--json"])
    assert result.exit_code == 2
    (only,) = json.loads(result.stdout)["checks"]
    assert only["check"] == "credentials"
    assert "AWS_PROFILE" in only["advice"]


def test_outputs_of_another_stack_are_refused(tmp_path: Path) -> None:
    file = _written(tmp_path, outputs().model_dump_json())
    result = CliRunner().invoke(app, ["doctor", "--stack", "prod", "--outputs", str(file)])
    assert result.exit_code == 2
    assert "those of dev" in result.stderr
