"""What is refused before it happens, and in which words."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import yaml

from tests.engine.engine import ROOT
from tests.engine.lives import Living, living

pytestmark = [pytest.mark.engine, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def empty() -> Iterator[Living]:
    with living("dev") as alive:
        yield alive


def test_a_refused_setting_is_one_sentence(empty: Living) -> None:
    empty.set(capUsd="free")
    refused = empty.pulumi("refused", "preview")
    empty.set(capUsd="10")
    assert refused.code != 0
    assert "capUsd" in refused.output
    assert "Traceback" not in refused.output


def test_without_packages_the_program_names_make_package(empty: Living) -> None:
    zip_file = empty.engine.folder / "build" / "release" / "layer-site-arm64.zip"
    moved = zip_file.rename(zip_file.with_suffix(".away"))
    refused = empty.pulumi("refused", "preview")
    moved.rename(zip_file)
    assert refused.code != 0
    assert "`make package` builds them" in refused.output
    assert "Traceback" not in refused.output


def test_a_key_that_a_stack_leaves_out_has_the_described_default(empty: Living) -> None:
    file = empty.engine.folder / "Pulumi.dev.yaml"
    whole = file.read_text(encoding="utf-8")
    assert empty.engine.pulumi("config", "rm", "logRetentionDays", "--stack", "dev").code == 0
    planned = empty.pulumi("planned", "preview")
    file.write_text(whole, encoding="utf-8")
    assert planned.changes == {"create": 248}


def test_config_set_changes_one_line_of_a_stack_file(empty: Living) -> None:
    file = empty.engine.folder / "Pulumi.dev.yaml"
    empty.set(retentionDays="31", fargateSpot="false")
    changed = _values(file.read_text(encoding="utf-8"))
    empty.set(retentionDays="30", fargateSpot="true")
    ours = (ROOT / "Pulumi.dev.yaml").read_text(encoding="utf-8")
    assert {key for key, value in changed.items() if _values(ours)[key] != value} == {
        "serverless-swarm:retentionDays",
        "serverless-swarm:fargateSpot",
    }
    back = re.sub(r"encryptionsalt: \S+\n", "", file.read_text(encoding="utf-8"))
    assert back == ours


def _values(text: str) -> dict[str, str]:
    config: dict[str, str] = yaml.safe_load(text)["config"]
    return config
