"""A damaged ledger: what is lost is told and judged again, and no mark changes unnoticed."""

from __future__ import annotations

import contextlib
import csv
import random
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.batch.database import LedgerError
from autograder.batch.ledger import Ledger
from autograder.cli import main

from .samples import MODEL, MSE

pytestmark = pytest.mark.usefixtures("shared_cells")
HALF = MSE.replace(".mean()", ".mean() / 2")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, shared_cells: None) -> Path:
    """A folder with three submissions, and `out` with what the command has made of them."""
    folder = tmp_path_factory.mktemp("damaged")
    for number, mse in enumerate((MSE, HALF, "\nx = (")):
        place = folder / "class" / f"student-0{number}"
        place.mkdir(parents=True)
        (place / "m06_model.py").write_text(MODEL + mse)
    assert grade(folder) == 0
    return folder


@pytest.fixture
def copy(run: Path, tmp_path: Path) -> Path:
    """A copy of it, to be damaged."""
    shutil.copytree(run, tmp_path / "copy")
    return tmp_path / "copy"


def grade(folder: Path) -> int:
    """Run the command."""
    where = [str(folder / "class"), "--out", str(folder / "out")]
    return main(["grade", *where, "--assignment", "m06", "--isolation", "basic"])


def damage(folder: Path, statement: str) -> None:
    """Change rows of the ledger without what their checksums would have to be."""
    with contextlib.closing(sqlite3.connect(folder / "out" / "ledger.sqlite")) as base, base:
        base.create_function("checksum", -1, lambda *_: b"before", deterministic=True)
        base.execute(statement)


def table(folder: Path, name: str = "grades.csv") -> list[dict[str, str]]:
    """Return the rows of a table."""
    with (folder / "out" / name).open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE mark SET score = 9 WHERE name = 'student-01' AND exercise = 'mse'",
        "UPDATE mark SET name = 'student-0q' WHERE name = 'student-01'",
        "UPDATE verdict SET content = replace(content, 'fail', 'pass')",
        "UPDATE verdict SET content = '{' || content",
        "UPDATE result SET content = '' WHERE name = 'student-01'",
        "UPDATE result SET name = 'student-0q' WHERE name = 'student-01'",
        "UPDATE reported SET score = 0",
        "UPDATE submission SET content = x'00'",
        "UPDATE submission SET digest = 'other' WHERE name = 'student-02'",
        "UPDATE run SET value = 'other' WHERE name = 'assignment'",
        "UPDATE mark SET exercise = CAST(x'ff' AS TEXT) WHERE exercise = 'mse'",
    ],
)
def test_a_damaged_row_is_judged_again(
    statement: str, run: Path, copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever row is damaged, the marks are what they were, and a line says that it was."""
    damage(copy, statement)
    assert grade(copy) == 0
    assert table(copy) == table(run)
    printed = capsys.readouterr().out
    assert "of the ledger: what it said is judged again" in printed
    assert "moved:" not in printed


def test_earlier_names_are_judged_again_too(copy: Path) -> None:
    """A name whose marks are damaged has them again, though nobody has handed it in this time."""
    before = table(copy)
    shutil.rmtree(copy / "class" / "student-01")
    damage(copy, "UPDATE mark SET score = 9 WHERE name = 'student-01'")
    damage(copy, "UPDATE verdict SET content = '' WHERE exercise = 'mse'")
    assert grade(copy) == 0
    assert table(copy) == before


def test_lost_work_is_asked_for(copy: Path) -> None:
    """Where the work itself is damaged, and not handed in, its name is told, and no mark is made
    up; handed in again, it has its marks."""
    before = table(copy)
    shutil.move(copy / "class" / "student-01", copy / "away")
    damage(copy, "UPDATE submission SET content = x'00' WHERE name = 'student-01'")
    assert grade(copy) == 0
    assert [row["submission"] for row in table(copy)] == ["student-00", "student-02"]
    matters = table(copy, "needs_attention.csv")
    assert ("student-01", "put it into the folder again, run the command again") in [
        (matter["submission"], matter["next_step"]) for matter in matters
    ]
    shutil.move(copy / "away", copy / "class" / "student-01")
    assert grade(copy) == 0
    assert table(copy) == before


def test_a_run_that_was_killed_leaves_the_next_to_ask_for_lost_work(copy: Path) -> None:
    """It has taken the damaged row out, and told nobody."""
    shutil.rmtree(copy / "class" / "student-01")
    damage(copy, "UPDATE submission SET content = x'00' WHERE name = 'student-01'")
    with Ledger(copy / "out") as killed:
        assert killed.repaired.lost == ("student-01",)
    assert grade(copy) == 0
    assert table(copy, "needs_attention.csv")[0]["submission"] == "student-01"


def test_a_secret_that_is_lost_is_drawn_again(copy: Path) -> None:
    """Everything is judged by the new one."""
    before = table(copy)
    damage(copy, "UPDATE run SET value = '00' WHERE name = 'secret'")
    assert grade(copy) == 0
    assert table(copy) == before


def _one_bit(whole: bytearray, draw: random.Random) -> bytearray:
    """Turn a bit of a file round."""
    whole[draw.randrange(len(whole))] ^= 1 << draw.randrange(8)
    return whole


def _zeros(whole: bytearray, draw: random.Random) -> bytearray:
    """Write zeros over 64 bytes."""
    start = draw.randrange(len(whole) - 64)
    whole[start : start + 64] = bytes(64)
    return whole


def _cut(whole: bytearray, draw: random.Random) -> bytearray:
    """Cut the end off."""
    return whole[: draw.randrange(1, len(whole))]


def _told(out: Path) -> object:
    """Return all that a ledger says of its names; LedgerError and `repaired` count as told."""
    try:
        with Ledger(out) as ledger:
            if ledger.repaired.rows:
                return "told"
            names = ledger.names()
            work = [[a.submission for a in ledger.attempts(name)] for name in names]
            marks = [(ledger.marks(name), ledger.result(name)) for name in names]
            return work, marks, ledger.moved(), ledger.secret()
    except LedgerError as error:
        return "told" if len(str(error).splitlines()) == 1 else str(error)


@pytest.mark.parametrize("bytes_of", [_one_bit, _zeros, _cut], ids=["bit", "page", "end"])
def test_damage_anywhere_changes_nothing_unnoticed(
    bytes_of: Callable[[bytearray, random.Random], bytearray], run: Path, tmp_path: Path
) -> None:
    """Of hundreds of damaged files each is as it was, repaired, or refused in one line."""
    whole = (run / "out" / "ledger.sqlite").read_bytes()
    draw = random.Random(14)
    (tmp_path / "ledger.sqlite").write_bytes(whole)
    right = _told(tmp_path)
    for number in range(150):
        out = tmp_path / str(number)
        out.mkdir()
        (out / "ledger.sqlite").write_bytes(bytes_of(bytearray(whole), draw))
        assert _told(out) in (right, "told")
