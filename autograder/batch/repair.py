"""Repair: rows of a ledger that are damaged are taken out as it is opened, and judged again.

Each row has a checksum of what stands in it; damage to the order of the rows is found by sqlite.
"""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import dataclass

_TEXTS = {
    "run": ("name", "value"),
    "submission": ("name", "digest", "content"),
    "verdict": ("digest", "exercise", "depends", "content"),
    "mark": ("name", "exercise", "digest", "depends", "status"),
    "reported": ("name", "exercise", "digest", "depends", "status"),
    "result": ("name", "content"),
    "person": ("name", "content"),
    "override": ("name", "exercise", "content"),
}
_SCORED = ("mark", "reported")
# A name whose work is lost cannot be judged again. One that lacks its marks or its result can be,
# and is, since a submission without marks is judged.
_LOST = """
SELECT DISTINCT name FROM mark
WHERE NOT EXISTS (SELECT * FROM submission WHERE (name, digest) = (mark.name, mark.digest))
"""
_HALVES = (
    "DELETE FROM mark WHERE name NOT IN (SELECT name FROM result)",
    "DELETE FROM result WHERE name NOT IN (SELECT name FROM mark)",
)


@dataclass(frozen=True)
class Repaired:
    """What was taken out of a ledger: so many rows, the names whose work is lost, and so many marks
    by hand, which nobody but who gave them knows."""

    rows: int = 0
    lost: tuple[str, ...] = ()
    by_hand: int = 0


def add_checksum(connection: sqlite3.Connection) -> None:
    """Let a connection know the function by which the checksums are made."""
    connection.create_function("checksum", -1, _checksum, deterministic=True)


def checksum_of(table: str) -> str:
    """Return how the checksum of a table's row is made, as SQL."""
    texts = [f"CAST({column} AS BLOB)" for column in _TEXTS[table]]  # damaged ones are no UTF-8
    return f"checksum({', '.join(texts + ['score'] * (table in _SCORED))})"


def damage(connection: sqlite3.Connection) -> str:
    """Say what sqlite finds wrong with the order of the rows; nothing if all is well."""
    (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    return "" if found == "ok" else " ".join(str(found).split())


def repair(connection: sqlite3.Connection) -> Repaired:
    """Take out the rows that their checksums do not fit, and what makes no sense without them."""
    gone = {
        table: connection.execute(
            f"DELETE FROM {table} WHERE checksum IS NOT {checksum_of(table)}"
        ).rowcount
        for table in _TEXTS
    }
    if not any(gone.values()):
        return Repaired()
    lost = tuple(name for (name,) in connection.execute(_LOST))
    for table in ("mark", "result"):
        connection.executemany(f"DELETE FROM {table} WHERE name = ?", [(name,) for name in lost])
    for statement in _HALVES:
        connection.execute(statement)
    by_hand = gone.pop("override")
    return Repaired(sum(gone.values()), lost, by_hand)


def _checksum(*values: bytes | float | None) -> bytes:
    found = hashlib.blake2b(digest_size=8)
    for value in values:
        part = value if isinstance(value, bytes) else repr(value).encode()
        found.update(b"%d:" % len(part) + part)
    return found.digest()
