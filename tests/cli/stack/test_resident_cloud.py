"""A run takes the cloud that is up only if it would have started the very same."""

from __future__ import annotations

import re
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli import app as border
from cli.errors import BadInput, ExitCode
from cli.stack import cloud_identity, resident_cloud
from cli.stack.stack_settings import read_settings
from local.resident import Resident, hold, holder_in, resident_in
from local.settings import ROOT

KEY = "sk-no-one-may-read-this"


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Path]:
    """A folder where somebody holds a cloud with the stack's own settings."""
    with hold(tmp_path) as place:
        place.publish(resident_with({}))
        yield tmp_path


def resident_with(settings: Mapping[str, str]) -> Resident:
    return Resident(
        4711,
        "http://127.0.0.1:1",
        "eu-west-1",
        cloud_identity.identity_of(read_settings("local", {}), settings),
        {},
        "secret",
    )


def differing(folder: Path, settings: Mapping[str, str], stack: str = "local") -> str:
    found = resident_in(folder)
    assert found is not None
    return resident_cloud.differences(found, read_settings(stack, {}), settings)


def test_the_same_settings_take_it(up: Path) -> None:
    holder = holder_in(up)
    assert holder is not None
    found = resident_cloud.choice_of_run(read_settings("local", {}), {}, up)(holder)
    assert found is not None
    assert found.endpoint_url == "http://127.0.0.1:1"


def test_other_settings_are_refused_since_a_folder_has_one_cloud(up: Path) -> None:
    holder = holder_in(up)
    assert holder is not None
    advice = re.escape(f"differs from this run in: capUsd. End that cloud with `swarm local down --state {up}`")
    with pytest.raises(BadInput, match=advice):
        resident_cloud.choice_of_run(read_settings("local", {}), {"capUsd": "3"}, up)(holder)


def test_a_setting_that_says_what_the_stack_says_anyway_changes_nothing(up: Path) -> None:
    assert differing(up, {"model": "extractive"}) == ""


def test_what_differs_is_named(up: Path) -> None:
    assert differing(up, {"capUsd": "3", "approvalScore": "90"}) == "approvalScore, capUsd"


def test_another_stack_is_another_cloud(up: Path) -> None:
    assert "the stack" in differing(up, {}, "dev").split(", ")


def test_code_that_has_changed_is_named(up: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cloud_identity, "code_of", lambda _: "changed")
    assert differing(up, {}) == "the code"


def test_another_python_or_package_is_named(up: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cloud_identity, "_libraries", lambda: "upgraded")
    monkeypatch.setattr(sys, "version", "3.99")
    assert differing(up, {}) == "Python, the installed packages"


def test_an_upgraded_package_is_seen_without_its_import(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sysconfig, "get_paths", lambda: {"purelib": str(tmp_path)})
    (tmp_path / "moto-5.2.5.dist-info").mkdir()
    before = cloud_identity._libraries()
    (tmp_path / "moto-5.2.5.dist-info").rename(tmp_path / "moto-5.2.6.dist-info")
    assert cloud_identity._libraries() != before


@pytest.mark.parametrize(
    ("name", "differs"),
    [("SWARM_LOCAL_SECRET", True), ("HTTPS_PROXY", True), ("SWARM_KEEPER", False), ("PAGER", False)],
)
def test_variables_that_decide_how_a_cloud_works_are_of_its_identity(
    up: Path, monkeypatch: pytest.MonkeyPatch, name: str, *, differs: bool
) -> None:
    monkeypatch.setenv(name, "x" * 40)
    assert bool(differing(up, {})) is differs


def test_every_part_of_the_cloud_is_code_of_it() -> None:
    named = {path.relative_to(ROOT).as_posix() for path in cloud_identity._files(ROOT)}
    assert {"__main__.py", "Pulumi.yaml", "components/platform.py", "local/moto/economy/dynamodb.py"} <= named
    assert {"components/site_viewer.js", "cli/bootstrap/deployer-policy.json"} <= named
    # Agents and workflow are of the release, which is a setting of every run.
    assert not any(name.startswith("agents/") for name in named)


def test_another_key_is_another_cloud_and_no_key_is_written_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = {"model": "openai:gpt-5-mini", "modelKeySecret": "swarm-local-model-key"}
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with hold(tmp_path) as place:
        place.publish(resident_with(settings))
        assert differing(tmp_path, settings) == ""
        assert KEY not in (tmp_path / "resident.json").read_text()

        monkeypatch.setenv("OPENAI_API_KEY", "sk-another")
        assert differing(tmp_path, settings) == "the model's key"


def test_a_stack_without_a_file_is_bad_input() -> None:
    with pytest.raises(BadInput, match=r"Pulumi\.nowhere\.yaml"):
        read_settings("nowhere", {})


def swarm(*arguments: str | Path) -> Result:
    return CliRunner().invoke(border.app, [str(argument) for argument in arguments])


@pytest.mark.parametrize(
    "command",
    [("local", "reset", "--yes"), ("local", "reset"), ("local", "up")],
    ids=lambda words: " ".join(words[:2]),
)
def test_what_would_get_in_its_way_is_refused(up: Path, command: tuple[str, ...]) -> None:
    result = swarm(*command, "--state", up)
    assert result.exit_code == ExitCode.BAD_INPUT
    assert "A cloud is up in" in " ".join(result.stderr.split())
    assert "process 4711" in " ".join(result.stderr.split())


def test_settings_that_nobody_knows_start_no_cloud(tmp_path: Path) -> None:
    result = swarm("local", "up", "--state", tmp_path, "--setting", "modle=extractive")
    assert result.exit_code == ExitCode.BAD_INPUT
    assert "modle" in result.stderr
    assert holder_in(tmp_path) is None
