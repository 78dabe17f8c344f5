"""A cloud that was built once is loaded from the state folder, by a cloud that would be the very same."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

import local.program
from local.cloud import LocalCloud
from local.moto.economy import requests
from local.saved_cloud import SavedCloud
from local.settings import ROOT
from local.state.database import SAVED_CLOUD
from tests.local.clouds import SMALL, run

pytestmark = [pytest.mark.local, pytest.mark.timeout(240)]
IDENTITY = "0123456789abcdef"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, Mapping[str, Any], Mapping[str, Any], str, str]:
    """What a cloud saved, how it described itself, what it exported, its secret and its address."""
    folder = tmp_path_factory.mktemp("built")
    with LocalCloud(program=SMALL, state=folder, saved_as=IDENTITY) as cloud:
        saved = (folder / SAVED_CLOUD).read_bytes()
        assert (folder / SAVED_CLOUD).stat().st_mode & 0o777 == 0o600
        return saved, described(cloud), dict(cloud.outputs), cloud.secret, cloud.endpoint_url


@pytest.fixture
def folder(built: tuple[bytes, Any, Any, str, str], tmp_path: Path) -> Path:
    """A state folder with the saved cloud in it."""
    (tmp_path / SAVED_CLOUD).write_bytes(built[0])
    (tmp_path / SAVED_CLOUD).chmod(0o600)
    return tmp_path


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """One entry for each time that the program runs."""
    programs: list[str] = []
    original = local.program.run_program

    def counting(program: Path, *others: Any) -> Mapping[str, Any]:
        programs.append(program.name)
        return original(program, *others)

    monkeypatch.setattr(local.program, "run_program", counting)
    yield programs


def described(cloud: LocalCloud) -> dict[str, Any]:
    """What a person would see of the cloud; the answers' own metadata left out."""
    lambda_, states = cloud.client("lambda"), cloud.client("stepfunctions")
    answers = {
        "functions": lambda_.list_functions()["Functions"],
        "machine": states.describe_state_machine(
            stateMachineArn=states.list_state_machines()["stateMachines"][0]["stateMachineArn"]
        ),
        "roles": cloud.client("iam").list_roles()["Roles"],
        "table": cloud.client("dynamodb").describe_table(TableName="small-context")["Table"],
        "buckets": cloud.client("s3").list_buckets()["Buckets"],
        "rules": cloud.client("events").list_rules()["Rules"],
    }
    answers["machine"].pop("ResponseMetadata")
    return answers


def test_it_is_loaded_without_running_the_program(folder: Path, builds: list[str]) -> None:
    with LocalCloud(program=SMALL, state=folder, saved_as=IDENTITY) as cloud:
        ended = run(cloud, name="Ada")
    assert builds == []
    assert ended["status"] == "SUCCEEDED"


def test_its_executions_need_not_parse_the_definition(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []
    monkeypatch.setattr(requests, "_original_parse", parsed.append)
    requests.programs.clear()
    with LocalCloud(program=SMALL, state=folder, saved_as=IDENTITY) as cloud:
        ended = run(cloud, name="Ada")
    assert ended["status"] == "SUCCEEDED"
    assert parsed == []


def test_it_describes_itself_as_the_one_that_was_built(folder: Path, built: tuple[Any, Any, Any, str, str]) -> None:
    with LocalCloud(program=SMALL, state=folder, saved_as=IDENTITY) as cloud:
        assert described(cloud) == built[1]
        moved = str(dict(built[2])).replace(built[4], cloud.endpoint_url)
        assert str(dict(cloud.outputs)) == moved


def test_neither_the_secret_nor_the_address_is_in_the_file(built: tuple[bytes, Any, Any, str, str]) -> None:
    saved, _, _, secret, address = built
    assert secret.encode() not in saved
    assert address.encode() not in saved


def test_another_identity_builds_its_own_and_takes_the_place(folder: Path, builds: list[str]) -> None:
    other = IDENTITY[::-1]
    for _ in range(2):
        with LocalCloud(program=SMALL, state=folder, saved_as=other):
            pass
    assert builds == ["__main__.py"]
    assert other.encode() in (folder / SAVED_CLOUD).read_bytes()[:100]


@pytest.mark.parametrize("kept", [0, 40, 200, -1], ids=["empty", "in the head", "in the body", "one byte short"])
def test_a_broken_file_is_replaced(folder: Path, builds: list[str], kept: int) -> None:
    (folder / SAVED_CLOUD).write_bytes((folder / SAVED_CLOUD).read_bytes()[:kept])
    for _ in range(2):  # the second finds what the first has written
        with LocalCloud(program=SMALL, state=folder, saved_as=IDENTITY):
            pass
    assert builds == ["__main__.py"]


def test_a_file_that_others_can_write_is_not_loaded(folder: Path, builds: list[str]) -> None:
    (folder / SAVED_CLOUD).chmod(0o666)
    with LocalCloud(program=SMALL, state=folder, saved_as=IDENTITY):
        pass
    assert builds == ["__main__.py"]
    assert (folder / SAVED_CLOUD).stat().st_mode & 0o777 == 0o600


def test_a_cloud_that_serves_something_beside_moto_is_known_not_to_be_saved(
    tmp_path: Path, builds: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    original = local.program.run_program

    def serving(program: Path, project: str, stack: str, values: Any, cloud: LocalCloud, *others: Any) -> Any:
        cloud.serve_function("a-function")
        return original(program, project, stack, values, cloud, *others)

    monkeypatch.setattr(local.program, "run_program", serving)
    for _ in range(2):
        with LocalCloud(program=SMALL, state=tmp_path, saved_as=IDENTITY):
            pass
        assert SavedCloud(tmp_path, IDENTITY).known
    assert builds == ["__main__.py", "__main__.py"]


@pytest.mark.slow
def test_a_commands_cloud_is_built_by_another_process_which_ends(tmp_path: Path) -> None:
    program = f"""
import sys
from pathlib import Path
from cli.stack.laptop_cloud import own_cloud, settings_of
from cli.stack.stack_settings import read_settings
with own_cloud(read_settings("local", {{}}), Path({str(tmp_path)!r}), settings_of({{}})) as cloud:
    print(bool(cloud.outputs), "pulumi" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True False"


def test_nothing_is_saved_unless_it_has_a_name(tmp_path: Path) -> None:
    with LocalCloud(program=SMALL, state=tmp_path):
        pass
    assert not (tmp_path / SAVED_CLOUD).exists()


def test_a_cloud_that_is_loaded_imports_no_pulumi() -> None:
    program = "import sys, local.cloud; print(sorted({'pulumi', 'pulumi_aws', 'grpc'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
