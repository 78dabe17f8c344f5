"""What the laptop keeps: items and objects survive the process, and nothing else does."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.state.database import FILE_NAME, StateFile, default_folder
from local.state.store import KEEP_SECONDS, ChangedItem, StateStore, StateUnusable, changed_keys, reset

KEY = {"pk": {"S": "analysis#1"}, "sk": {"S": "analysis"}}
ITEM = {**KEY, "blob_key": {"S": "analyses/1.jsonl"}, "raw": {"B": b"\x00\xff"}}


class Table:
    """As much of moto's table as the state touches."""

    def __init__(self, ttl: str | None = None) -> None:
        self.ttl = {"AttributeName": ttl} if ttl else {"TimeToLiveStatus": "DISABLED"}
        self.hash_key_attr, self.range_key_attr = "pk", "sk"
        self.items: list[dict[str, Any]] = []

    def put_item(self, attributes: dict[str, Any]) -> None:
        self.items.append(attributes)


class Backend:
    """As much of moto's DynamoDB."""

    def __init__(self, **tables: Table) -> None:
        self.tables = tables

    def get_table(self, name: str) -> Table:
        return self.tables[name]


@pytest.fixture
def state(tmp_path: Path) -> Iterator[StateStore]:
    opened = StateStore(tmp_path / "state")
    yield opened
    opened.close()


def restored(folder: Path, ttl: str | None = None) -> list[dict[str, Any]]:
    table, again = Table(ttl), StateStore(folder)
    again.restore_items(Backend(context=table))
    again.close()
    return table.items


def test_an_item_comes_back_as_it_was_with_its_bytes(state: StateStore, tmp_path: Path) -> None:
    state.keep_items([ChangedItem("context", KEY, ITEM)])

    assert restored(tmp_path / "state") == [ITEM]


def test_a_deleted_item_stays_deleted(state: StateStore, tmp_path: Path) -> None:
    state.keep_items([ChangedItem("context", KEY, ITEM)])
    state.keep_items([ChangedItem("context", KEY, None)])

    assert restored(tmp_path / "state") == []


def test_an_expired_item_is_dropped_and_a_living_one_is_not(state: StateStore, tmp_path: Path) -> None:
    state.keep_items([ChangedItem("context", KEY, {**ITEM, "expires_at": {"N": str(int(time.time()) - 1)}})])
    living = {**ITEM, "sk": {"S": "other"}, "expires_at": {"N": str(int(time.time()) + 1000)}}
    state.keep_items([ChangedItem("context", {"pk": KEY["pk"], "sk": living["sk"]}, living)])

    assert restored(tmp_path / "state", ttl="expires_at") == [living]


def test_tables_that_the_program_no_longer_has_are_left_alone(state: StateStore, tmp_path: Path) -> None:
    state.keep_items([ChangedItem("elsewhere", KEY, ITEM)])

    assert restored(tmp_path / "state") == []


def test_keeping_an_item_takes_less_than_a_millisecond_in_the_middle(state: StateStore) -> None:
    taken = []
    for number in range(200):
        begun = time.thread_time()
        state.keep_items([ChangedItem("context", {**KEY, "sk": {"S": str(number)}}, ITEM)])
        taken.append(time.thread_time() - begun)

    assert sorted(taken)[100] < 0.001


WRITER = """
import sys
from pathlib import Path
from local.state.store import ChangedItem, StateStore
state = StateStore(Path(sys.argv[1]))
number = 0
while True:
    key = {"pk": {"S": sys.argv[2]}, "sk": {"S": str(number)}}
    state.keep_items([ChangedItem("context", key, key)])
    print(number, flush=True)
    number += 1
"""


@pytest.mark.local
def test_two_writers_killed_at_any_instant_lose_nothing_that_they_had_written(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(folder), name], stdout=subprocess.PIPE, text=True)
        for name in ("first", "second")
    ]
    written = 0
    for writer in writers:
        assert writer.stdout is not None
        for _ in range(100):
            writer.stdout.readline()
    for writer in writers:
        os.kill(writer.pid, signal.SIGKILL)
        rest, _ = writer.communicate()
        written += 100 + rest.count("\n")

    assert len(restored(folder)) >= written


def test_reset_empties_the_folder_even_while_another_process_has_it_open(state: StateStore, tmp_path: Path) -> None:
    state.keep_items([ChangedItem("context", KEY, ITEM)])

    reset(tmp_path / "state")

    assert restored(tmp_path / "state") == []
    state.keep_items([ChangedItem("context", KEY, ITEM)])
    assert restored(tmp_path / "state") == [ITEM]


def test_another_versions_file_is_refused_with_the_folder_and_what_to_do(tmp_path: Path) -> None:
    StateStore(tmp_path).close()
    with sqlite3.connect(tmp_path / FILE_NAME) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()

    with pytest.raises(StateUnusable, match="swarm local reset") as refused:
        StateStore(tmp_path)

    assert str(tmp_path) in str(refused.value)
    reset(tmp_path)
    StateStore(tmp_path).close()


def test_a_broken_file_is_refused_and_can_be_reset(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"not a database, whatever its name says" * 100)

    with pytest.raises(StateUnusable, match="swarm local reset"):
        StateStore(tmp_path)

    reset(tmp_path)
    assert restored(tmp_path) == []


def test_a_folder_that_is_a_file_is_named_in_the_error(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")

    with pytest.raises(StateUnusable, match="taken"):
        StateStore(tmp_path / "taken")


def test_what_one_request_has_written_is_kept_whole_or_not_at_all(tmp_path: Path) -> None:
    file = StateFile(tmp_path)
    file.put_items([("t", "session", "1"), ("t", "day", "1")])

    with pytest.raises(StateUnusable):
        file.put_items([("t", "session", "2"), ("t", "day", object())])  # type: ignore[list-item]  # SQLite refuses it

    assert file.items("t") == [("day", "1"), ("session", "1")]
    file.put_items([("t", "session", None), ("t", "day", "2")])
    assert file.items("t") == [("day", "2")], "the refused transaction is over"
    file.close()


def test_without_a_folder_nothing_is_kept() -> None:
    state = StateStore(None)

    state.keep_items([ChangedItem("context", KEY, ITEM)])
    state.keep_object("bucket", "key", None)

    assert state.restore_items(Backend(context=Table())) == 0
    state.close()


def test_old_objects_are_forgotten(tmp_path: Path) -> None:
    file = StateFile(tmp_path)
    file.put_object("bucket", "old", "{}", b"1", time.time() - KEEP_SECONDS - 1)
    file.put_object("bucket", "new", "{}", b"22", time.time())

    file.forget_objects(before=time.time() - KEEP_SECONDS)

    assert file.objects("bucket") == [("new", "{}", 2)]
    assert file.body("bucket", "new") == b"22"
    file.close()


@pytest.mark.parametrize(
    ("action", "request_"),
    [
        ("PutItem", {"TableName": "t", "Item": ITEM}),
        ("UpdateItem", {"TableName": "t", "Key": KEY}),
        ("DeleteItem", {"TableName": "t", "Key": KEY}),
        ("BatchWriteItem", {"RequestItems": {"t": [{"PutRequest": {"Item": ITEM}}]}}),
        ("TransactWriteItems", {"TransactItems": [{"Update": {"TableName": "t", "Key": KEY}}, {"ConditionCheck": {}}]}),
    ],
)
def test_every_kind_of_write_names_the_keys_it_touched(action: str, request_: dict[str, Any]) -> None:
    assert changed_keys(Backend(t=Table()), action, request_) == [("t", KEY)]


def test_a_read_touches_nothing() -> None:
    assert changed_keys(Backend(t=Table()), "GetItem", {"TableName": "t", "Key": KEY}) == []


def test_the_default_folder_is_in_the_users_data_directory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("the variable is Linux's")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))

    assert default_folder() == tmp_path / "serverless-swarm" / "state"
