"""The whole program with a model behind Bedrock's Converse API, asked by real boto3 over HTTP, failing in every way."""

from __future__ import annotations

from pathlib import Path

import pytest

from agents.contracts.session import SessionStatus
from bench.stub_converse import StubConverse
from bench.stub_server import Behaviour, Fault
from tests.e2e.model_cloud import cloud_asking, run_on, write_package

pytestmark = [pytest.mark.local, pytest.mark.timeout(600)]

FILES = 6
#: Files named after what the first questions about them meet.
FAULTS = {fault.value: (fault,) for fault in Fault if fault is not Fault.REFUSED} | {
    "throttled": (Fault.THROTTLED, Fault.UNAVAILABLE),
    "overflow": (Fault.OVERFLOW,) * 20,
    "truncated": (Fault.TRUNCATED,) * 20,
}
#: To ask again does not help these: the prompt stays too long, the reply is cut at its limit each time.
GAPS = {"hive/meets_overflow.py": "ModelContextExceeded", "hive/meets_truncated.py": "ModelReplyInvalid"}


def test_each_way_to_fail_is_retried_repaired_or_one_named_gap(tmp_path: Path) -> None:
    # In a comment of the body: the file's documentation is in later questions, too.
    odd = {f"hive/meets_{name}.py": f'"""Odd."""\n\n\ndef x():\n    y = 1  # It meets {name} here\n' for name in FAULTS}
    repository = write_package(tmp_path / "converse", FILES, **odd)
    faults = {f"It meets {name} here": found for name, found in FAULTS.items()}
    behaviour = Behaviour(faults=faults, slow_seconds=6)

    with (
        StubConverse(behaviour) as stub,
        cloud_asking(stub, tmp_path / "state", modelTimeoutSeconds="3", gapTolerancePercent="40") as cloud,
    ):
        ran = run_on(cloud, repository, tmp_path / "out")

    assert (ran.code, ran.session.status.published) == (0, True), ran.session.error
    assert {gap.path: gap.reason for gap in ran.session.gaps} == GAPS
    assert ran.session.coverage.files_analysed == FILES + 1 + len(FAULTS) - len(GAPS)
    assert ran.session.usage.requests == len(stub.questions)
    assert ran.session.status is SessionStatus.PUBLISHED
    assert stub.kinds["CriticReply"] == 1
