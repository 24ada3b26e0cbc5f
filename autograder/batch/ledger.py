"""The ledger: every submission and every verdict of a grading folder, those of a submission
committed together.

A verdict is kept under the hashes of what it depends on (depends.py), so that a second run judges
only what is new; the submissions are kept with their texts, so that an earlier one can be judged
again when a check has been mended.
"""

from __future__ import annotations

import json
import secrets
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeAlias

from autograder.batch import depends
from autograder.batch.database import Database, LedgerError
from autograder.batch.moved import Moved, moved
from autograder.batch.stored import read_verdict, write_result, write_verdict
from autograder.cells.isolation import Isolation
from autograder.course import exercises
from autograder.inside.submission import Source, Submission
from autograder.judging.verdict import Verdict

# The submissions that count, of names with a mark that the checks of today have not decided, and
# the last ones of names without marks.
_STALE = """
SELECT number FROM (
    SELECT submission.name, submission.number
    FROM submission JOIN (
        SELECT name, digest FROM mark GROUP BY name
        HAVING sum(status != 'error' AND depends IN (SELECT value FROM json_each(:checks))) < :count
    ) USING (name, digest)
    UNION
    SELECT name, max(number) FROM submission
    WHERE name NOT IN (SELECT name FROM mark) GROUP BY name
)
ORDER BY name
"""
_MARK = "name, exercise, digest, depends, status, score"
Policy: TypeAlias = Literal["latest", "best"]  # which of several submissions of a name counts


@dataclass(frozen=True)
class Attempt:
    """One submission under a name: the content, its hash, and its place in the order of arrival."""

    number: int
    digest: str
    submission: Submission


class Ledger(Database):
    """The ledger in a folder. Use as a context manager."""

    def __enter__(self) -> Ledger:
        return self

    def claim(self, assignment: str) -> None:
        """Note the assignment of this folder; LedgerError when it has another one's marks."""
        kept = self._kept("assignment", assignment)
        if kept != assignment:
            raise LedgerError(
                f"{self.path} holds the marks of {kept!r}, not {assignment!r}: give another --out"
            )

    def secret(self) -> bytes:
        """Return the secret of the hidden givens, drawn at the first run and then kept."""
        return bytes.fromhex(self._kept("secret", secrets.token_hex(16)))

    def counts(self, first: Policy) -> Policy:
        """Return which submission of a name counted when a run was last finished; `first`, which is
        kept, when none was."""
        return "best" if self._kept("counts", first) == "best" else "latest"

    def _kept(self, name: str, first: str) -> str:
        """Return a fact of this folder, which is `first` when nothing is known."""
        with self.transaction() as base:
            base.execute("INSERT OR IGNORE INTO run VALUES (?, ?)", (name, first))
            row = base.execute("SELECT value FROM run WHERE name = ?", (name,)).fetchone()
            return str(row[0])

    def fact(self, name: str) -> str | None:
        """Return a fact of this folder, if it is known."""
        with self.transaction() as base:
            row = base.execute("SELECT value FROM run WHERE name = ?", (name,)).fetchone()
            return None if row is None else str(row[0])

    def note(self, name: str, value: str) -> None:
        """Keep a fact of this folder in place of the one before."""
        with self.transaction() as base:
            base.execute("INSERT OR REPLACE INTO run VALUES (?, ?)", (name, value))

    def isolation(self, machine: str) -> Isolation | None:
        """Return what kept submissions in when a run was last made on this machine, if it is known
        (depends.of_machine)."""
        known = self.fact(machine)
        return Isolation.from_json(json.loads(known)) if known else None

    def receive(self, submission: Submission) -> Attempt:
        """Keep a submission; one that is there already under the name keeps its place."""
        packed = zlib.compress(json.dumps(asdict(submission)).encode())
        digest = depends.of_submission(submission)
        with self.transaction() as base:
            base.execute(
                "INSERT OR IGNORE INTO submission (name, digest, content) VALUES (?, ?, ?)",
                (submission.name, digest, packed),
            )
            (number,) = base.execute(
                "SELECT number FROM submission WHERE name = ? AND digest = ?",
                (submission.name, digest),
            ).fetchone()
        return Attempt(number, digest, submission)

    def attempt(self, number: int) -> Attempt:
        """Return the submission that was given this number when it was received."""
        with self.transaction() as base:
            name, digest, content = base.execute(
                "SELECT name, digest, content FROM submission WHERE number = ?", (number,)
            ).fetchone()
        return Attempt(number, digest, _unpacked(name, content))

    def attempts(self, name: str) -> list[Attempt]:
        """Return all submissions of a name, in the order in which they arrived."""
        with self.transaction() as base:
            rows = base.execute(
                "SELECT number, digest, content FROM submission WHERE name = ? ORDER BY number",
                (name,),
            ).fetchall()
        return [Attempt(number, digest, _unpacked(name, c)) for number, digest, c in rows]

    def verdicts(self, digest: str, checks: Mapping[str, str]) -> dict[str, Verdict]:
        """Return what is known of a submission: `checks` has the hash of each exercise's checks."""
        with self.transaction() as base:
            rows = base.execute(
                "SELECT exercise, depends, content FROM verdict WHERE digest = ?", (digest,)
            ).fetchall()
        return {
            name: read_verdict(exercises()[name], content)
            for name, depends_on, content in rows
            if checks.get(name) == depends_on
        }

    def keep(self, digest: str, checks: Mapping[str, str], verdicts: Iterable[Verdict]) -> None:
        """Commit verdicts of a submission."""
        rows = [
            (digest, one.exercise.name, checks[one.exercise.name], write_verdict(one))
            for one in verdicts
        ]
        with self.transaction() as base:
            base.executemany("INSERT OR REPLACE INTO verdict VALUES (?, ?, ?, ?)", rows)

    def names(self) -> list[str]:
        """Return every name that has marks, in the order of the names."""
        with self.transaction() as base:
            return [row[0] for row in base.execute("SELECT DISTINCT name FROM mark ORDER BY name")]

    def marks(self, name: str) -> dict[str, float | str]:
        """Return the published marks of a name by exercise: a score, or the status without one."""
        with self.transaction() as base:
            marks = "SELECT exercise, coalesce(score, status) FROM mark WHERE name = ?"
            return dict(base.execute(marks, (name,)).fetchall())

    def result(self, name: str) -> dict[str, Any]:
        """Return the published result of a name."""
        with self.transaction() as base:
            rows = base.execute("SELECT content FROM result WHERE name = ?", (name,))
            result: dict[str, Any] = json.loads(rows.fetchone()[0])
            return result

    def publish(
        self, name: str, digest: str, checks: Mapping[str, str], told: Mapping[str, Any]
    ) -> bool:
        """Make the result `told` that of a name, and its marks; say whether that was done.

        It is not where an `error`, the grader's own fault, would replace a mark.
        """
        entries = told["exercises"]
        with self.transaction() as base:
            rows = base.execute("SELECT exercise, status FROM mark WHERE name = ?", (name,))
            before = dict(rows.fetchall())
            for entry in entries:
                if entry["status"] == "error" and before.get(entry["name"], "error") != "error":
                    return False
            base.execute("DELETE FROM mark WHERE name = ?", (name,))
            base.executemany(
                "INSERT INTO mark VALUES (?, ?, ?, ?, ?, ?)",
                [
                    (name, e["name"], digest, checks[e["name"]], e["status"], e["score"])
                    for e in entries
                ],
            )
            row = (name, write_result(told))
            base.execute("INSERT OR REPLACE INTO result VALUES (?, ?, FALSE)", row)
        return True

    def replace(self, name: str, told: Mapping[str, Any]) -> None:
        """Let the marks of a name be those of `told`, the same result with other marks."""
        with self.transaction() as base:
            marks = [(e["status"], e["score"], name, e["name"]) for e in told["exercises"]]
            base.executemany(
                "UPDATE mark SET status = ?, score = ? WHERE name = ? AND exercise = ?", marks
            )
            row = (name, write_result(told))
            base.execute("INSERT OR REPLACE INTO result VALUES (?, ?, FALSE)", row)

    def judge_anew(self, name: str, exercise: str) -> None:
        """Forget what was decided about an exercise of a name: the next run judges it again."""
        own = (name, exercise)
        with self.transaction() as base:
            base.execute(
                "DELETE FROM verdict WHERE (digest, exercise) IN "
                "(SELECT digest, exercise FROM mark WHERE (name, exercise) = (?, ?))",
                own,
            )
            base.execute("UPDATE mark SET depends = '' WHERE (name, exercise) = (?, ?)", own)

    def stale(self, checks: Mapping[str, str]) -> list[int]:
        """Return the numbers of the submissions that count, where other checks than these have
        decided a mark, or none because the grader failed."""
        wanted = {"checks": json.dumps(list(checks.values())), "count": len(checks)}
        with self.transaction() as base:
            return [number for (number,) in base.execute(_STALE, wanted)]

    def newest(self) -> list[int]:
        """Return, for every name, the number of the submission that arrived last."""
        newest = "SELECT max(number) FROM submission GROUP BY name ORDER BY name"
        with self.transaction() as base:
            return [number for (number,) in base.execute(newest)]

    def forget(self, name: str) -> None:
        """Take a name out, with all that it handed in; LedgerError when there is no such name."""
        if name not in self.names():
            raise LedgerError(f"{self.path} has no marks of {name!r}")
        with self.transaction() as base:
            for table in ("submission", "mark", "reported", "result", "person", "override"):
                base.execute(f"DELETE FROM {table} WHERE name = ?", (name,))
            kept = "SELECT digest FROM submission"
            base.execute(f"DELETE FROM verdict WHERE digest NOT IN ({kept})")

    def unwritten(self) -> list[tuple[str, str]]:
        """Return the names and contents of the results that no file has yet."""
        with self.transaction() as base:
            return base.execute("SELECT name, content FROM result WHERE NOT written").fetchall()

    def note_written(self, name: str, content: str) -> None:
        """Note that a result is in its file."""
        with self.transaction() as base:
            base.execute(
                "UPDATE result SET written = TRUE WHERE name = ? AND content = ?", (name, content)
            )

    def lost(self) -> list[str]:
        """Return the names whose work was damaged and taken out, by this run or by one before it
        that came to no end, and that have no marks now."""
        gone = "SELECT name FROM reported WHERE name NOT IN (SELECT name FROM mark)"
        with self.transaction() as base:
            reported = {name for (name,) in base.execute(gone)}
        return sorted(reported.union(self.repaired.lost).difference(self.names()))

    def moved(self) -> list[Moved]:
        """Return the marks that are not what they were when a run was last finished."""
        with self.transaction() as base:
            return moved(base)

    def finish(self) -> None:
        """Note that the marks of now have been reported."""
        with self.transaction() as base:
            base.execute("DELETE FROM reported")
            base.execute(f"INSERT INTO reported ({_MARK}) SELECT {_MARK} FROM mark")


def _unpacked(name: str, content: bytes) -> Submission:
    fields = json.loads(zlib.decompress(content))
    sources = {module: Source(**source) for module, source in fields["sources"].items()}
    kept = {"name": name, "sources": sources, "notes": tuple(fields["notes"])}
    return Submission(**(fields | kept))
