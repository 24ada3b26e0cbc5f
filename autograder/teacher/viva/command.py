"""The command: the two sheets of a student of a grading folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from autograder.answers.ways import slow_parts
from autograder.batch.ledger import Ledger
from autograder.batch.lend import with_lent
from autograder.batch.lookup import mark_of, opened, result_of
from autograder.batch.tables import write_whole
from autograder.cells.observer import LocalObserver
from autograder.inside.errors import UserError
from autograder.teacher.viva.choose import questions
from autograder.teacher.viva.code import Code
from autograder.teacher.viva.lab import LIMIT_S, Lab
from autograder.teacher.viva.sheet import sheet

RAN = ("pass", "fail", "blocked")  # what can be asked about
NOTHING = "has too little code of their own that runs: there is nothing to ask about"


def viva(out: Path, name: str, count: int, level: str, folder: Path | None) -> Iterator[str]:
    """Yield the student's sheet and the teacher's copy; with a folder, write them and tell where.

    Raises UserError for a name without marks, a folder that cannot be written, and where there is
    too little code to ask about.
    """
    with opened(out) as ledger:
        codes = codes_of(ledger, name)
        secret = ledger.secret()
    if not codes:
        raise UserError(f"{name} {NOTHING}")
    warm = slow_parts(code.exercise for code in codes.values())
    covered = [str(out.absolute())]
    with closing(LocalObserver(level, limit=LIMIT_S, warm=warm, covered=covered)) as observer:
        found = questions(name, [*codes.values()], Lab(observer, secret), secret, count)
    if not found:
        raise UserError(f"{name} {NOTHING}")
    if len(found) < count:
        yield f"<!-- {len(found)} of {count} questions: the code gives no more of them -->"
    for answers, ending in ((False, ""), (True, "-answers")):
        text = "\n".join(sheet(name, found, codes, answers)) + "\n"
        yield _written(folder / f"{name}{ending}.md", text) if folder else text


def codes_of(ledger: Ledger, name: str) -> dict[str, Code]:
    """Return the code of each exercise that a name has answered with something that runs."""
    found = {}
    for entry in result_of(ledger, name)["exercises"]:
        if entry["status"] in RAN:
            mark = mark_of(ledger, name, entry["name"])
            if mark.verdict is not None:
                submission = with_lent(mark.attempt.submission, mark.verdict.lent)
                found[entry["name"]] = Code(submission, mark.verdict.exercise)
    return {name: code for name, code in found.items() if code.definitions}


def _written(path: Path, text: str) -> str:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(text, path)
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}") from error
    return f"wrote {path}"
