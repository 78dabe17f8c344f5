"""The sentence of an error's cause, as people read it."""

from __future__ import annotations

import json

import pytest

from agents.text.causes import readable_cause

TASK = {"Attachments": [{"Id": "1"}], "StoppedReason": "CannotStartContainerError: the keeper is gone"}


@pytest.mark.parametrize(
    ("cause", "sentence"),
    [
        ("plain text", "plain text"),
        (json.dumps({"errorMessage": "no model", "stackTrace": ["line 1"]}), "no model"),
        (json.dumps(TASK), "CannotStartContainerError: the keeper is gone"),
        (json.dumps({**TASK, "Containers": [{"ExitCode": 137}]}), f"{TASK['StoppedReason']} (exit code 137)"),
        (json.dumps([1, 2]), "[1, 2]"),
        ("x" * 3000, "x" * 2000),
        ("", ""),
    ],
)
def test_a_cause_is_its_message_or_the_reason_why_the_task_stopped(cause: str, sentence: str) -> None:
    assert readable_cause(cause) == sentence
