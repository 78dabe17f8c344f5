"""The SQLite file behind the state: tables, transactions, and every way it can be unusable."""

from __future__ import annotations

import shlex
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

from local.private_files import make_private, make_private_file, make_private_folder

FILE_NAME = "state.sqlite3"
#: The realised cloud, see local/saved_cloud.py.
SAVED_CLOUD = "cloud.saved"
_FILES = tuple(f"{FILE_NAME}{suffix}" for suffix in ("", "-wal", "-shm", "-journal"))
#: All that we put into the folder; resident.py, cloud_users.py, saved_cloud.py, and cli/stack/ write the others.
_OURS = frozenset({*_FILES, "resident.json", "cloud.users", SAVED_CLOUD, "keeper.log", "site-key.pem"})
#: "Swrm": marks the file as ours.
_APPLICATION = 0x5377726D
#: Raised whenever the tables below change; another version's file is refused, not guessed at.
SCHEMA = 1
_BUSY_SECONDS = 30.0

_TABLES = """
CREATE TABLE IF NOT EXISTS items (
    store TEXT NOT NULL, name TEXT NOT NULL, attributes TEXT NOT NULL, PRIMARY KEY (store, name)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS objects (
    id INTEGER PRIMARY KEY, bucket TEXT NOT NULL, name TEXT NOT NULL, described TEXT NOT NULL, size INTEGER NOT NULL,
    written REAL NOT NULL, body BLOB NOT NULL, UNIQUE (bucket, name));
"""


class StateUnusable(Exception):
    """The folder of the kept state cannot be used; the message names it and says what to do."""


def default_folder() -> Path:
    """The folder under the user's data directory, by the platform's convention."""
    return user_data_path("serverless-swarm", appauthor=False) / "state"


def state_option(folder: Path) -> str:
    """The option that leads a command to this folder, with a space before it; empty for the default folder."""
    return "" if folder.expanduser() == default_folder() else f" --state {shlex.quote(str(folder))}"


class StateFile:
    """One connection, shared by threads under a lock."""

    def __init__(self, folder: Path) -> None:
        """Open or create the file. Raises StateUnusable."""
        self._folder = folder
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        #: Why nothing more can be kept, once something was not; empty until then.
        self.trouble = ""
        with self._explained():
            make_private_folder(folder, _OURS)
            for name in _FILES:  # SQLite gives its other files the mode of the first
                make_private(folder / name)
            make_private_file(folder / FILE_NAME)
            self._connection = sqlite3.connect(
                folder / FILE_NAME, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            try:
                self._prepare(self._connection)
            except BaseException:
                self.close()
                raise

    def _prepare(self, connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA journal_mode = WAL")
        # A killed process loses nothing at this level; only a power cut may lose the last writes, never the file.
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("BEGIN IMMEDIATE")
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        ours = connection.execute("PRAGMA application_id").fetchone()[0] == _APPLICATION
        empty = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
        if not empty and (not ours or version != SCHEMA):
            connection.execute("ROLLBACK")
            raise StateUnusable(
                f"{self._folder} holds the state of another version of swarm (schema {version}, this one is {SCHEMA}): "
                f"empty it with `swarm local reset{state_option(self._folder)}`, or name another folder with --state"
            )
        for statement in _TABLES.strip().split(";\n"):
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {_APPLICATION}")
        connection.execute(f"PRAGMA user_version = {SCHEMA}")
        connection.execute("COMMIT")

    def put_item(self, store: str, name: str, attributes: str | None) -> None:
        """Write or, with None, delete one item."""
        self._execute(*_item_statement(store, name, attributes))

    def put_items(self, items: Sequence[tuple[str, str, str | None]]) -> None:
        """Write or delete several items, (store, name, attributes), in one transaction: all of them or none."""
        if len(items) == 1:  # a statement is a transaction
            self.put_item(*items[0])
            return
        with self._lock, self._explained():
            connection = self._open()
            connection.execute("BEGIN IMMEDIATE")
            try:
                for item in items:
                    connection.execute(*_item_statement(*item))
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:  # some errors of SQLite end the transaction themselves
                    connection.execute("ROLLBACK")
                raise

    def items(self, store: str) -> Sequence[tuple[str, str]]:
        """Key and attributes of every item of one table."""
        rows: list[tuple[str, str]] = self._execute("SELECT name, attributes FROM items WHERE store = ?", (store,))
        return rows

    def items_from(self, prefix: str) -> Sequence[tuple[str, str]]:
        """Key and attributes of every item of any table whose key's JSON begins with the prefix."""
        rows: list[tuple[str, str]] = self._execute(
            "SELECT name, attributes FROM items WHERE substr(name, 1, ?) = ?", (len(prefix), prefix)
        )
        return rows

    def names_from(self, prefix: str) -> Sequence[str]:
        """The keys alone, as JSON."""
        rows = self._execute("SELECT name FROM items WHERE substr(name, 1, ?) = ?", (len(prefix), prefix))
        return [str(name) for (name,) in rows]

    def delete_named(self, name: str) -> None:
        """Delete the item of this key from every table; it may be gone already."""
        self._execute("DELETE FROM items WHERE name = ?", (name,))

    def any_body(self, name: str) -> bytes | None:
        """The bytes of the object of this name, whatever its bucket; None if there is none."""
        rows = self._execute("SELECT body FROM objects WHERE name = ?", (name,))
        return bytes(rows[0][0]) if rows else None

    def delete_objects(self, prefix: str) -> int:
        """Delete the objects of every bucket whose name begins with the prefix; how many there were."""
        gone = self._execute("DELETE FROM objects WHERE substr(name, 1, ?) = ? RETURNING id", (len(prefix), prefix))
        return len(gone)

    def put_object(self, bucket: str, name: str, described: str, body: bytes, written: float) -> None:
        """Write an object whole; `written` in seconds since 1970."""
        self._execute(
            "INSERT INTO objects (bucket, name, described, size, written, body) VALUES (?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (bucket, name) DO UPDATE SET described = excluded.described, size = excluded.size, "
            "written = excluded.written, body = excluded.body",
            (bucket, name, described, len(body), written, body),
        )

    def delete_object(self, bucket: str, name: str) -> None:
        """Delete an object; it may be gone already."""
        self._execute("DELETE FROM objects WHERE bucket = ? AND name = ?", (bucket, name))

    def forget_objects(self, before: float) -> None:
        """Delete the objects written before a time."""
        self._execute("DELETE FROM objects WHERE written < ?", (before,))

    def objects(self, bucket: str) -> Sequence[tuple[str, str, int]]:
        """Name, description and size in bytes of every object of one bucket."""
        rows: list[tuple[str, str, int]] = self._execute(
            "SELECT name, described, size FROM objects WHERE bucket = ? ORDER BY id", (bucket,)
        )
        return rows

    def body(self, bucket: str, name: str) -> bytes:
        """An object's bytes; empty when another process has deleted it."""
        rows = self._execute("SELECT body FROM objects WHERE bucket = ? AND name = ?", (bucket, name))
        return bytes(rows[0][0]) if rows else b""

    def clear(self) -> None:
        """Delete everything and give the space back; other processes may go on writing."""
        for statement in ("DELETE FROM items", "DELETE FROM objects", "VACUUM"):
            self._execute(statement, ())

    def _execute(self, statement: str, values: tuple[Any, ...]) -> Any:
        with self._lock, self._explained():
            return self._open().execute(statement, values).fetchall()

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            raise StateUnusable(f"the state in {self._folder} is closed")
        return self._connection

    def _advice(self, problem: sqlite3.DatabaseError) -> str:
        primary = getattr(problem, "sqlite_errorcode", 0) & 0xFF
        if primary in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
            return f"empty it with `swarm local reset{state_option(self._folder)}`"
        if primary in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}:
            return "make space there, or name another folder with --state, and run again: what is finished is kept"
        return "name another folder with --state"

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as problem:
            unusable = StateUnusable(
                f"cannot use {self._folder} for the kept state ({problem}): {self._advice(problem)}"
            )
            if _stays(problem):
                self.trouble = self.trouble or str(unusable)
            raise unusable from problem
        except OSError as problem:
            raise StateUnusable(
                f"cannot use {self._folder} for the kept state ({problem.strerror or problem}): "
                "name another folder with --state"
            ) from problem

    def close(self) -> None:
        """Close the connection; closing twice is nothing."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None


def _item_statement(store: str, name: str, attributes: str | None) -> tuple[str, tuple[str, ...]]:
    """Writes or, with None, deletes one item."""
    if attributes is None:
        return "DELETE FROM items WHERE store = ? AND name = ?", (store, name)
    return "INSERT OR REPLACE INTO items VALUES (?, ?, ?)", (store, name, attributes)


def _stays(problem: sqlite3.DatabaseError) -> bool:
    """Whether the next write would fail as this one did; another process' write is only waited for."""
    primary = getattr(problem, "sqlite_errorcode", 0) & 0xFF
    return primary in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT}


def remove(folder: Path) -> None:
    """Remove the files themselves. Raises StateUnusable."""
    try:
        for name in _FILES:
            (folder / name).unlink(missing_ok=True)
    except OSError as problem:
        raise StateUnusable(f"cannot empty {folder}: {problem.strerror or problem}") from problem
