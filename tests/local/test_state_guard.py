"""A state folder that can store nothing more makes the next request to the cloud fail, with the cause."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cli.stack.laptop_cloud import trouble_of
from local.cloud import LocalCloud
from local.state.database import StateFile, StateUnusable
from local.state.request_guard import STATE_UNUSABLE
from tests.local.clouds import SMALL

PAGES = "PRAGMA max_page_count = 12"


def fill(file: StateFile) -> None:
    """SQLite's own limit stands for the disk's: the error is the same."""
    assert file._connection is not None
    file._connection.execute(PAGES)


def test_a_full_disk_is_reported_with_the_folder_and_what_to_do_and_stays_known(tmp_path: Path) -> None:
    file = StateFile(tmp_path)
    file.put_item("context", "kept", "{}")
    fill(file)

    with pytest.raises(StateUnusable, match=rf"{tmp_path}.*database or disk is full.*make space there"):
        file.put_item("context", "lost", "x" * 200_000)

    assert "database or disk is full" in file.trouble
    assert file.items("context") == [("kept", "{}")]


def test_another_process_that_writes_is_no_lasting_trouble(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("local.state.database._BUSY_SECONDS", 0.01)
    file = StateFile(tmp_path)
    other = sqlite3.connect(tmp_path / "state.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(StateUnusable, match="locked"):
        file.put_item("context", "late", "{}")

    assert file.trouble == ""
    other.execute("ROLLBACK")
    file.put_item("context", "late", "{}")


@pytest.mark.local
@pytest.mark.timeout(120)
def test_every_service_answers_with_the_cause_once_something_was_not_kept(tmp_path: Path) -> None:
    with LocalCloud(program=SMALL, state=tmp_path) as cloud:
        assert trouble_of(cloud) == ""
        assert cloud._kept._file is not None
        cloud._kept._file.trouble = "cannot use it (database or disk is full): make space & <more>"

        calls: list[Any] = [
            lambda: cloud.client("s3").list_buckets(),
            lambda: cloud.client("dynamodb").list_tables(),
            lambda: cloud.client("lambda").list_functions(),
            lambda: cloud.client("stepfunctions").list_state_machines(),
        ]
        for call in calls:
            with pytest.raises(ClientError) as refused:
                call()
            assert refused.value.response["Error"]["Code"] == STATE_UNUSABLE
            assert "database or disk is full" in refused.value.response["Error"]["Message"]
        assert trouble_of(cloud) == cloud.trouble
