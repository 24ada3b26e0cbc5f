"""The database of a grading folder: one SQLite file, used by one run at a time."""

from __future__ import annotations

import contextlib
import shutil
import signal
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

import filelock

from autograder.batch.repair import Repaired, add_checksum, checksum_of, damage, repair
from autograder.inside.errors import UserError

SCHEMA = 4
OLDEST = 3  # the first schema whose tables are those of today; what it lacks is made
_LEFT = "it is left as it is: move it away, or give another --out"
ROOM = 2**17  # bytes; a disk with less is full
_MARKS = """
    name TEXT NOT NULL, exercise TEXT NOT NULL, digest TEXT NOT NULL, depends TEXT NOT NULL,
    status TEXT NOT NULL, score REAL, {checksum}, PRIMARY KEY (name, exercise)
"""
_TABLES = {
    "run": "name TEXT PRIMARY KEY, value TEXT NOT NULL, {checksum}",
    "submission": """
        number INTEGER PRIMARY KEY, name TEXT NOT NULL, digest TEXT NOT NULL,
        content BLOB NOT NULL, {checksum}, UNIQUE (name, digest)
    """,
    "verdict": """
        digest TEXT NOT NULL, exercise TEXT NOT NULL, depends TEXT NOT NULL,
        content TEXT NOT NULL, {checksum}, PRIMARY KEY (digest, exercise, depends)
    """,
    "mark": _MARKS,
    "reported": _MARKS,
    "result": "name TEXT PRIMARY KEY, content TEXT NOT NULL, written INTEGER NOT NULL, {checksum}",
    # whose a submission is, and when it was handed in
    "person": "name TEXT PRIMARY KEY, content TEXT NOT NULL, {checksum}",
    # marks by hand, each as it was given: the last one of an exercise counts
    "override": """
        number INTEGER PRIMARY KEY, name TEXT NOT NULL, exercise TEXT NOT NULL,
        content TEXT NOT NULL, {checksum}
    """,
}


class LedgerError(UserError):
    """The ledger cannot be used; the message says why and what to do, and nothing is lost."""


class Database:
    """The tables in `OUT/ledger.sqlite`. Use as a context manager; a second run is refused.

    It may be used from several threads. `repaired` says what was damaged and is taken out.
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
        with contextlib.ExitStack() as undo:
            undo.callback(self._claim.release)
            with _held_back(), self._told():
                self._connection = undo.enter_context(
                    contextlib.closing(
                        sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
                    )
                )
                self.repaired = self._opened(self._connection)
            undo.pop_all()

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
        """One transaction of this thread; sqlite's errors become LedgerError.

        Ctrl-C comes after it: within, it would be an error of sqlite, which calls the checksum.
        """
        with _held_back(), self._turn, self._told(), _transaction(self._connection):
            yield self._connection

    def _opened(self, connection: sqlite3.Connection) -> Repaired:
        """Make the tables, or look whether they are sound, and take out what is not."""
        add_checksum(connection)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")  # a killed process loses nothing
        (found,) = connection.execute("PRAGMA user_version").fetchone()
        if found and not OLDEST <= found <= SCHEMA:
            age = "an older" if found < SCHEMA else "a newer"
            raise LedgerError(
                f"{self.path} was written by {age} version of descent (schema {found}, here "
                f"{SCHEMA}): it is left as it is; give another --out"
            )
        if wrong := damage(connection):
            raise LedgerError(f"{self.path} is damaged: {wrong}; {_LEFT}")
        if found < SCHEMA:
            _create_tables(connection)
        with _transaction(connection):
            return repair(connection)

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """Make LedgerError of sqlite's errors."""
        try:
            yield
        except sqlite3.Error as error:
            raise LedgerError(self._described(error)) from error

    def _described(self, error: sqlite3.Error) -> str:
        # Without room for its index beside it, sqlite tells of an "I/O error" alone.
        failed = isinstance(error, sqlite3.OperationalError)
        if (failed and shutil.disk_usage(self.path.parent).free < ROOM) or "full" in str(error):
            return f"{self.path}: the disk is full; what was decided is kept: make room, run again"
        return f"{self.path}: {error}; {_LEFT}"


def _create_tables(connection: sqlite3.Connection) -> None:
    with _transaction(connection):
        for name, columns in _TABLES.items():
            checksum = f"checksum BLOB GENERATED ALWAYS AS ({checksum_of(name)}) STORED"
            columns = columns.format(checksum=checksum)
            connection.execute(f"CREATE TABLE IF NOT EXISTS {name} ({columns})")
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


@contextlib.contextmanager
def _held_back() -> Iterator[None]:
    """Let SIGINT and SIGTERM wait for the end of this block, in the thread that they reach."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    waiting = set[int]()
    # a handler that is not Python's (None) could not be put back
    numbers = [n for n in (signal.SIGINT, signal.SIGTERM) if signal.getsignal(n) is not None]
    before = [signal.signal(number, lambda came, _: waiting.add(came)) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
        for came in waiting:
            signal.raise_signal(came)
