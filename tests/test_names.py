"""Names of submissions: no two are shown alike, in the table, the CSV files and the results."""

from __future__ import annotations

import csv
import itertools
import unicodedata
from pathlib import Path

import pytest
from rich.cells import cell_len

from autograder.batch.attention import Matter
from autograder.batch.intake import entries
from autograder.batch.names import MAX_NAME_BYTES, clean, distinct
from autograder.batch.result import Result
from autograder.batch.run import Graded
from autograder.batch.tables import write_attention, write_grades
from autograder.cells.isolation import Isolation
from autograder.course import assignment, exercises
from autograder.judging.verdict import Status, Verdict
from autograder.teacher.report import Summary, WholeClass

from .samples import told

MODULES = ("m06_model",)

# What is handed in, and what is shown of it.
WRITTEN_OUT = {
    "an\u200bna": "an\\u200bna",  # zero-width space, joiners, word joiner
    "an\u200dna": "an\\u200dna",
    "an\u2060na": "an\\u2060na",
    "anna\ufeff": "anna\\ufeff",
    "an\u00adna": "an\\xadna",  # soft hyphen
    "\u202eanna": "\\u202eanna",  # bidi
    "anna\u2069": "anna\\u2069",
    "anna\u061c": "anna\\u061c",
    "anna\U000e0061": "anna\\U000e0061",  # a tag
    "anna\ufe0f": "anna\\ufe0f",  # selectors of a variant
    "anna\U000e0100": "anna\\U000e0100",
    "an\u034fna": "an\\u034fna",  # joins graphemes
    "anna\u3164": "anna\\u3164",  # fillers and blanks
    "anna\u2800": "anna\\u2800",
    "anna\uffa0": "anna\\uffa0",
    "anna\u00a0b": "anna\\xa0b",
    " anna": "\\x20anna",
    "anna ": "anna\\x20",
    "anna  b": "anna \\x20b",
    "  ": "\\x20\\x20",
    "\u3000": "\\u3000",
    "a\nb\tc\x1b[2J": "a\\nb\\tc\\x1b[2J",
    "\u0430nna": "\\u0430nna",  # Cyrillic, Greek, mathematical letters in a Latin word
    "ann\u03b1": "ann\\u03b1",
    "a\U0001d427na": "a\\U0001d427na",
    "\u0301anna": "\\u0301anna",  # a mark on nothing, twice, too many
    "q\u0307\u0307": "q\u0307\\u0307",
    "q\u0323\u0331\u0307\u0308": "q\u0323\u0331\u0307\\u0308",
}
STAY = (
    "anna",
    "O'Brien, S\u00e9an",
    "\u0110\u1eb7ng Th\u1ecb H\u01b0\u01a1ng",
    "\u041c\u0430\u0448\u0430 \u0418\u0432\u0430\u043d\u043e\u0432\u0430 \u0410. \u0421.",
    "\u039c\u03b1\u03c1\u03af\u03b1_\u039d\u03af\u03ba\u03bf\u03c5",
    "\u5c71\u7530\u3000\u592a\u90ce",
    "\u30bf\u30ed\u30a6\u3055\u3093",
    "\uae40\uc9c0\uc601",
    "\u0905\u0928\u094d\u0928\u093e",
    "\u0639\u0644\u064a",
    "\u0e27\u0e34\u0e0a\u0e31\u0e22",
    "anna_\u0438\u0432\u0430\u043d\u043e\u0432\u0430",
)


@pytest.mark.parametrize(("name", "shown"), WRITTEN_OUT.items(), ids=ascii)
def test_what_the_eye_misses_is_written_out(name: str, shown: str) -> None:
    """Whatever looks like another name, or like nothing."""
    assert clean(name) == shown


@pytest.mark.parametrize("name", STAY, ids=ascii)
def test_names_of_every_language_stay(name: str) -> None:
    """Whole words of another script, marks that it needs, and a wide space between two parts."""
    assert clean(name) == name
    assert clean(unicodedata.normalize("NFD", name)) == name


def test_words_that_look_alike_as_a_whole_get_a_number() -> None:
    """Cyrillic letters that spell a Latin word, wide letters, and what spells an escape."""
    names = ["aca", "\u0430\u0441\u0430", "\uff41\uff43\uff41", "ACA"]
    assert distinct(names) == ["aca", "\u0430\u0441\u0430+", "\uff41\uff43\uff41+2", "ACA+3"]
    assert distinct(["an\\u200bna", clean("an\u200bna")]) == ["an\\u200bna", "an\\u200bna+"]


@pytest.fixture
def names(tmp_path: Path) -> list[str]:
    """The names of a class in which each tries to be anna, or to be long or wide."""
    long = ("x" * 200, "x" * 199 + "y", "\u5c71\u7530" * 30, "an\u200bna" * 20)
    folder = tmp_path / "class"
    folder.mkdir()
    for name in (*WRITTEN_OUT, *STAY, *long, "an\\u200bna"):
        (folder / f"{name}.py").write_text("")
    return [one.name for one in entries(folder, MODULES)]


def test_no_two_of_a_class_look_alike(names: list[str]) -> None:
    """Each is printable, no longer than a file's name, and unlike all others without its marks."""
    assert len(names) == len(set(names)) == len(WRITTEN_OUT) + len(STAY) + 5
    assert all(len(name.encode()) <= MAX_NAME_BYTES + 2 for name in names)
    assert all(part.isprintable() for name in names for part in name.split("\u3000"))


def test_the_table_keeps_its_columns(
    names: list[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """At 80 columns a name of 200 characters, and a wide one, leave the score where it is."""
    monkeypatch.setenv("COLUMNS", "80")
    summary = Summary()
    for name in names:
        summary.add(Graded(result(name), True, 1, told(result(name))))
    matters = [Matter(name, "look at it", "look") for name in names]
    level = Isolation("basic", {}, ())
    summary.print(level, WholeClass(tmp_path, [], names, 0, matters))
    table, _, rest = capsys.readouterr().out.partition("grades:")
    assert max(map(cell_len, table.split("\n"))) <= 80
    assert table.count(f" 2/{result('a').max_score:g} ") == len(names)
    for name in names[:10]:
        assert f"\n  {name}: look at it" in rest
        assert f"\n         {name}\n" in rest


def result(name: str) -> Result:
    """Return a result with every status, so that the table has all its columns."""
    statuses: tuple[Status, ...] = ("pass", "fail", "blocked", "not_attempted", "pass", "fail")
    some = itertools.islice(exercises().values(), len(statuses))
    verdicts = {
        one.name: Verdict(one, status, float(status == "pass"), gap="your loss 1, expected 2")
        for one, status in zip(some, statuses, strict=True)
    }
    return Result(name, verdicts, {})


def test_the_csv_files_have_a_line_for_each(names: list[str], tmp_path: Path) -> None:
    """A name of lines, tabs or a formula is one cell of one line."""
    chosen = assignment("m06")
    own = ["=cmd()", *names]
    write_grades(((name, {}) for name in own), chosen, tmp_path / "grades.csv")
    write_attention((Matter(name, "a", "b") for name in own), tmp_path / "attention.csv")
    for file in ("grades.csv", "attention.csv"):
        content = (tmp_path / file).read_text("utf-8")
        assert content.count("\n") == len(own) + 1
        rows = list(csv.reader(content.splitlines()))
        assert [row[0] for row in rows[1:]] == ["'=cmd()", *names]
