"""A function's versions on the laptop: a call runs the code and the variables of the version that it names."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest

from local.cloud import LocalCloud
from tests.local.clouds import SMALL

pytestmark = [pytest.mark.local, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud(program=SMALL, privileges=False) as running:
        yield running


def zipped(word: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        source = (
            f"import os\ndef handler(event, context): return ['{word}', os.environ['WHO'], context.function_version]"
        )
        archive.writestr("versions.py", source)
    return packed.getvalue()


def called(cloud: LocalCloud, name: str) -> Any:
    return json.load(cloud.client("lambda").invoke(FunctionName=name, Payload=b"{}")["Payload"])


def functions_with(cloud: LocalCloud, name: str) -> Any:
    """A client of Lambda, and with it a function of this name, whose version 1 is live."""
    functions, iam = cloud.client("lambda"), cloud.client("iam")
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    functions.create_function(
        FunctionName=name,
        Code={"ZipFile": zipped("first")},
        Role=role,
        Runtime="python3.13",
        Handler="versions.handler",
        Environment={"Variables": {"WHO": "a"}},
    )
    functions.publish_version(FunctionName=name)
    functions.create_alias(FunctionName=name, Name="live", FunctionVersion="1")
    return functions


def test_a_version_goes_on_running_its_own_code_and_variables(cloud: LocalCloud) -> None:
    functions = functions_with(cloud, "versions")
    assert called(cloud, "versions:live") == ["first", "a", "1"]

    functions.update_function_code(FunctionName="versions", ZipFile=zipped("second"))
    functions.update_function_configuration(FunctionName="versions", Environment={"Variables": {"WHO": "b"}})
    functions.publish_version(FunctionName="versions")

    assert called(cloud, "versions:live") == called(cloud, "versions:1") == ["first", "a", "1"]
    assert called(cloud, "versions:2") == ["second", "b", "2"]
    assert called(cloud, "versions") == ["second", "b", "$LATEST"]

    functions.update_function_configuration(FunctionName="versions", Environment={"Variables": {"WHO": "c"}})
    assert called(cloud, "versions") == ["second", "c", "$LATEST"]
    assert called(cloud, "versions:2") == ["second", "b", "2"]


def test_the_log_names_the_version_that_answered(cloud: LocalCloud) -> None:
    functions_with(cloud, "logged")
    cloud.client("logs").create_log_group(logGroupName="/aws/lambda/logged")
    called(cloud, "logged:live")
    called(cloud, "logged")

    pages = cloud.client("logs").get_paginator("filter_log_events").paginate(logGroupName="/aws/lambda/logged")
    lines = [event["message"] for page in pages for event in page["events"]]

    starts = [line for line in lines if line.startswith("START ")]
    assert [line.rpartition("Version: ")[2].strip() for line in starts] == ["1", "$LATEST"]
