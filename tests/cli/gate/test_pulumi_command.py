"""What is read from the `pulumi` command's answers; here a script answers in its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.errors import BadInput
from cli.gate.pulumi_command import guardrails, previewed, pulumi_drift

PREVIEW = """Previewing update (prod):
@ previewing update....
    pulumi:pulumi:Stack serverless-swarm-prod running
 ~  aws:lambda/function:Function scan-function update [diff: ~code]
 +- aws:ecs/taskDefinition:TaskDefinition scan-task-task replace [diff: ~containerDefinitions]
Resources:
    ~ 1 to update
    +-1 to replace
    235 unchanged
"""
BROKEN = """Policies:
    serverless-swarm@v0.1.0 (local: policy_pack)
        - [mandatory]  storage-private  (aws:s3/bucket:Bucket: a)
        - [mandatory]  storage-private  (aws:s3/bucket:Bucket: b)
        - [advisory]  other-rule  (aws:s3/bucket:Bucket: b)
error: preview failed
"""


@pytest.fixture
def pulumi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a `pulumi` that answers with the files `output` and `code`, and notes its arguments."""
    program = tmp_path / "pulumi"
    program.write_text('#!/bin/sh\ncd "$(dirname "$0")"\necho "$@" > arguments\ncat output\nexit "$(cat code)"\n')
    program.chmod(0o755)
    answers(tmp_path, "", 0)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    return tmp_path


def answers(folder: Path, output: str, code: int) -> None:
    (folder / "output").write_text(output)
    (folder / "code").write_text(str(code))


def test_a_preview_lists_the_resources_that_change(pulumi: Path) -> None:
    answers(pulumi, PREVIEW, 0)
    listed = previewed(pulumi, "prod", "config: {}\n")
    assert [line.split()[1] for line in listed[:2]] == [
        "aws:lambda/function:Function",
        "aws:ecs/taskDefinition:TaskDefinition",
    ]
    assert listed[-1].split() == ["235", "unchanged"]
    assert "--config-file" in (pulumi / "arguments").read_text()


def test_a_preview_that_fails_stops_the_promotion_with_the_reason(pulumi: Path) -> None:
    answers(pulumi, "error: capUsd is no number\n", 255)
    with pytest.raises(BadInput, match="of the release fails, and nothing is changed: error: capUsd is no number"):
        previewed(pulumi, "prod", "config: {}\n")


def test_guardrails_that_break_are_named_once(pulumi: Path) -> None:
    assert guardrails(pulumi, "dev") == ""
    answers(pulumi, BROKEN, 1)
    assert guardrails(pulumi, "dev") == "storage-private"
    answers(pulumi, "error: not logged in\n", 1)
    assert guardrails(pulumi, "dev") is None


def test_a_refresh_that_finds_changes_is_a_drift(pulumi: Path) -> None:
    assert pulumi_drift("dev") == ""
    answers(pulumi, "error: 1 change\n", 1)
    assert "found changes (error: 1 change)" in pulumi_drift("dev")


def test_without_pulumi_nothing_is_said_to_be_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert pulumi_drift("dev") == ""
    assert guardrails(tmp_path, "dev") is None
    (line,) = previewed(tmp_path, "prod", "")
    assert line.startswith("not shown, because the pulumi command is not on PATH")
