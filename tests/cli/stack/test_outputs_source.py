"""A stack is found in a file, through Pulumi, or by its own parameter."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_origin

import boto3
import pytest
from moto import mock_aws

from cli.errors import BadInput
from cli.stack.location import Location
from cli.stack.outputs_source import find_outputs
from components.outputs import StackOutputs


def outputs(**changed: Any) -> str:
    values: dict[str, Any] = {}
    for name, field in StackOutputs.model_fields.items():
        kind = field.annotation
        values[name] = [] if get_origin(kind) is tuple else kind() if kind is not None else None
    return json.dumps({**values, "environment": "dev", "region": "eu-west-1", **changed})


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        boto3.client("ssm", region_name="eu-west-1").put_parameter(
            Name="/swarm/dev/outputs", Value=outputs(), Type="String"
        )
        yield


@pytest.mark.usefixtures("account")
def test_without_pulumi_the_stacks_parameter_says_where_everything_is() -> None:
    found = find_outputs(Location("dev"))
    assert found.outputs["region"] == "eu-west-1"
    assert found.source == "parameter /swarm/dev/outputs"


@pytest.mark.usefixtures("account")
def test_a_stack_that_is_not_there_is_named_with_the_place_that_was_searched() -> None:
    with pytest.raises(BadInput, match=r"no stack prod in us-east-1 .* no parameter /swarm/prod/outputs"):
        find_outputs(Location("prod", region="us-east-1"))


@pytest.mark.usefixtures("account")
def test_pulumis_own_refusal_is_not_the_last_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "pulumi"
    program.write_text("#!/bin/sh\necho 'error: no Pulumi.yaml project file found' >&2\nexit 255\n")
    program.chmod(0o755)
    monkeypatch.setattr(shutil, "which", lambda _: str(program))
    assert find_outputs(Location("dev")).source == "parameter /swarm/dev/outputs"
    with pytest.raises(BadInput, match=r"no stack prod .* Pulumi does not know it either: .* no Pulumi.yaml"):
        find_outputs(Location("prod"))


def test_a_file_comes_before_everything_else(tmp_path: Path) -> None:
    file = tmp_path / "outputs.json"
    file.write_text(outputs())
    assert find_outputs(Location("dev", file)).source == f"the file {file}"
    with pytest.raises(BadInput, match="is in eu-west-1, not in us-east-1"):
        find_outputs(Location("dev", file, region="us-east-1"))


@pytest.mark.parametrize("name", ["./dev", "/dev", "dev;rm", "a b", "../x"])
def test_a_path_is_no_name_of_a_stack(name: str) -> None:
    with pytest.raises(BadInput, match="takes the name of a deployed stack"):
        find_outputs(Location(name))


@pytest.mark.parametrize("option", ["profile", "region"])
def test_an_option_that_would_be_ignored_is_refused(option: str) -> None:
    with pytest.raises(BadInput, match="needs --stack"):
        Location(None, **{option: "x"})  # type: ignore[arg-type]  # one of the two, both text
