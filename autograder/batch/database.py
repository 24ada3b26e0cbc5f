"""The database of a grading folder: one SQLite file, used by one run at a time."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

import filelock

from autograder.inside.errors import UserError

SCHEMA = 2
ROOM = 2**17  # bytes; a disk with less is full
_TABLES = """
CREATE TABLE run (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE submission (
    number INTEGER PRIMARY KEY, name TEXT NOT NULL, digest TEXT NOT NULL, content BLOB NOT NULL,
    UNIQUE (name, digest)
);
CREATE TABLE verdict (
    digest TEXT NOT NULL, exercise TEXT NOT NULL, depends TEXT NOT NULL, content TEXT NOT NULL,
    PRIMARY KEY (digest, exercise, depends)
);
CREATE TABLE mark (
    name TEXT NOT NULL, exercise TEXT NOT NULL, digest TEXT NOT NULL, depends TEXT NOT NULL,
    status TEXT NOT NULL, score REAL, PRIMARY KEY (name, exercise)
);
CREATE TABLE reported (
    name TEXT NOT NULL, exercise TEXT NOT NULL, digest TEXT NOT NULL, depends TEXT NOT NULL,
    status TEXT NOT NULL, score REAL, PRIMARY KEY (name, exercise)
);
CREATE TABLE result (name TEXT PRIMARY KEY, content TEXT NOT NULL, written INTEGER NOT NULL);
"""


class LedgerError(UserError):
    """The ledger cannot be used; the message says why and what to do, and nothing is lost."""


class Database:
    """The tables in `OUT/ledger.sqlite`. Use as a context manager; a second run is refused.

    It may be used from several threads.
    """

    def __init__(self, out: Path) -> None:
        self.path = out / "ledger.sqlite"
        self._turn = threading.Lock()
        self._claim = filelock.FileLock(out / "ledger.lock", timeout=0)
        try:
            self._claim.acquire()
        except filelock.Timeout as error:
            raise LedgerError(
                f"another run is grading into {out}: wait for its end, or give another --out"
            ) from error
        try:
            self._connection = self._opened()
        except BaseException:
            self._claim.release()
            raise

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()
        self._claim.release()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """One transaction of this thread; sqlite's errors become LedgerError."""
        with self._turn:
            try:
                with _transaction(self._connection):
                    yield self._connection
            except sqlite3.Error as error:
                raise LedgerError(self._described(error)) from error

    def _opened(self) -> sqlite3.Connection:
        try:
            connection = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")  # a killed process loses nothing
            (found,) = connection.execute("PRAGMA user_version").fetchone()
            if found == 0:
                _create_tables(connection)
                found = SCHEMA
        except sqlite3.Error as error:
            raise LedgerError(self._described(error)) from error
        if found != SCHEMA:
            age = "an older" if found < SCHEMA else "a newer"
            raise LedgerError(
                f"{self.path} was written by {age} version of descent (schema {found}, here "
                f"{SCHEMA}): it is left as it is; give another --out"
            )
        return connection

    def _described(self, error: sqlite3.Error) -> str:
        # Without room for its index beside it, sqlite tells of an "I/O error" alone.
        failed = isinstance(error, sqlite3.OperationalError)
        if (failed and shutil.disk_usage(self.path.parent).free < ROOM) or "full" in str(error):
            return f"{self.path}: the disk is full; what was decided is kept: make room, run again"
        return f"{self.path}: {error}; it is left as it is: move it away, or give another --out"


def _create_tables(connection: sqlite3.Connection) -> None:
    with _transaction(connection):
        for statement in filter(str.strip, _TABLES.split(";")):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {SCHEMA}")


@contextlib.contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if connection.in_transaction:  # on a full disk it has been rolled back already
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
