"""Assignments that a teacher writes: what the file says holds, and a mistake is told in a line."""

from __future__ import annotations

import csv
import json
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from autograder.cli import main
from autograder.course import assignment, exercises
from autograder.course.late import Late
from autograder.inside import PACKAGE
from autograder.inside.errors import UserError
from autograder.teacher.assignments import find, write_new
from autograder.teacher.packed import packed, unpacked

from .samples import MODEL, MSE, files_of, released

DEADLINE = datetime(2026, 12, 4, 18, 0, tzinfo=timezone(timedelta(hours=1)))
WHOLE = """\
deadline = 2026-12-04T18:00:00+01:00
exercises = ["fit", "m07", "m06_model"]
seconds = 5
device = "cpu"
references = true

[points]
mse = 3.5

[late]
each_day = 0.1
days = 3
grace_minutes = 10
"""


def written(folder: Path, text: str, name: str = "week-3.toml") -> str:
    """Write an assignment; return its path."""
    (folder / name).write_text(text, "utf-8")
    return str(folder / name)


def test_what_the_file_says_holds(tmp_path: Path) -> None:
    """Every key; the exercises stand in the course's order, and points may be replaced."""
    chosen = find(written(tmp_path, WHOLE))
    wanted = [*assignment("m06").exercises, *assignment("m07").exercises, exercises()["fit"]]
    assert [one.name for one in chosen.exercises] == [one.name for one in wanted]
    points = {one.name: one.points for one in chosen.exercises}
    assert points == {one.name: one.points for one in wanted} | {"mse": 3.5}
    assert (chosen.name, chosen.deadline, chosen.seconds) == ("week-3", DEADLINE, 5.0)
    assert (chosen.late, chosen.device, chosen.references) == (Late(0.1, 3, 10), "cpu", True)


def test_a_short_file_is_enough(tmp_path: Path) -> None:
    """Exercises alone; a byte order mark, as Notepad writes it, is nothing."""
    chosen = find(written(tmp_path, '\ufeffexercises = ["m06"]\n'))
    assert chosen.exercises == assignment("m06").exercises
    assert chosen.late == Late()


def test_the_example_in_the_documentation_is_one(tmp_path: Path) -> None:
    """What autograder/batch/README.md shows can be used as it stands there."""
    text = (PACKAGE / "batch" / "README.md").read_text("utf-8")
    example = next(block for block in text.split("```") if "each_day" in block)
    chosen = find(written(tmp_path, example))
    assert (chosen.deadline, chosen.late) == (DEADLINE, Late(0.1, 3))
    assert {"mse", "fit"} < {one.name for one in chosen.exercises}


def test_bundled_names_stay() -> None:
    """What does not end in .toml is a name."""
    assert find("m06") == assignment("m06")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("seconds = 3\n", 'exercises is missing: write exercises = ["m06", "m07"]'),
        ("exercises = []\n", ", line 1: exercises: write a list of names"),
        ('exercises = [\n  "m06",\n  "mes",\n]\n', "line 3: exercises: there is no 'mes': did you"),
        ('exercises = ["m06"]\ndeadlin = 3\n', "line 2: deadlin: there is no such key: did you"),
        ('exercises = ["m06"]\n[points]\nfit = 3\n', "line 3: fit: no points can be given to"),
        ('exercises = ["m06"]\n[points]\nmse = "3"\n', "line 3: mse: it is '3': write a number"),
        ('exercises = ["m06"]\npoints = 3\n', "line 2: points: write it as a table: [points]"),
        ('exercises = ["m06"]\nseconds = 900\n', "line 2: seconds: it is 900: write a number from"),
        ('exercises = ["m06"]\nseconds = true\n', "line 2: seconds: it is True: write a number"),
        ('exercises = ["m06"]\ndevice = "gpu"\n', "line 2: device: it is 'gpu': write \"auto\""),
        ('exercises = ["m06"]\nreferences = 1\n', "line 2: references: it is 1: write true or"),
        ('exercises = ["m06"]\ndeadline = "4 May"\n', "line 2: deadline: it is no time: write it"),
        (
            'exercises = ["m06"]\ndeadline = 2026-12-04T18:00:00\n',
            "line 2: deadline: its distance from UTC is missing: write it like 2026-12-04T18",
        ),
        ('exercises = ["m06"]\n[late]\ndays = 3\n', "line 2: late: without a deadline nobody is"),
        (
            'exercises = ["m06"]\ndeadline = 2026-12-04T18:00:00Z\n[late]\nday = 3\n',
            "line 4: day: there is no such key: did you mean days?",
        ),
        ('exercises = ["m06"\n', "week-3.toml: "),
    ],
)
def test_a_mistake_in_the_file_is_told_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    """The line, the key, and what to write there."""
    with pytest.raises(UserError) as error:
        find(written(tmp_path, text))
    assert told in str(error.value)
    assert str(error.value).startswith(str(tmp_path / "week-3.toml"))
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("name", ["core.toml", "m06.toml", "week 3.toml", "übung.toml"])
def test_a_name_that_is_taken_or_odd_is_refused(tmp_path: Path, name: str) -> None:
    """Marks of two assignments of one name would be mixed up; the name becomes a folder's."""
    with pytest.raises(UserError, match="name"):
        find(written(tmp_path, 'exercises = ["m06"]\n', name))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    """One line with the path."""
    with pytest.raises(UserError, match=r"week-4\.toml: No such file"):
        find(str(tmp_path / "week-4.toml"))


def test_a_new_assignment_is_one_with_and_without_its_comments(tmp_path: Path) -> None:
    """What is explained in it can be used as it stands there, and nothing is overwritten."""
    write_new(path := tmp_path / "week-3.toml")
    assert find(str(path)).modules == ("m06_model", "m07_gradients")
    lines = path.read_text("utf-8").splitlines()
    keys = [line.removeprefix("# ") for line in lines if " = " in line or line.startswith("# [")]
    opened = find(written(tmp_path, "\n".join(keys), "opened.toml"))
    assert (opened.deadline, opened.late, opened.seconds) == (DEADLINE, Late(0.1, 3, 10), 10)
    with pytest.raises(UserError, match="is there already"):
        write_new(path)
    with pytest.raises(UserError, match="name it like"):
        write_new(tmp_path / "week-3.txt")


@pytest.mark.parametrize(
    ("minutes", "days", "share"),
    [(-5, 0, 1.0), (10, 0, 1.0), (11, 1, 0.9), (1440, 1, 0.9), (1441, 2, 0.8), (4321, 4, 0.0)],
)
def test_each_day_that_has_begun_costs_its_share(minutes: int, days: int, share: float) -> None:
    """A day after the grace is one day; the fourth of three earns nothing."""
    late = Late(each_day=0.1, days=3, grace_minutes=10)
    utc = DEADLINE.astimezone(timezone.utc) + timedelta(minutes=minutes)
    assert late.days_late(utc, DEADLINE) == days
    assert late.share(days) == pytest.approx(share)


def test_without_a_policy_nothing_is_lost() -> None:
    """Being late is told, and costs nothing."""
    assert Late().share(30) == 1.0


def test_what_travels_to_another_autograder_comes_back(tmp_path: Path) -> None:
    """Otter's door has the exercises, points and limit, and nothing that it does not need."""
    chosen = find(written(tmp_path, WHOLE))
    back = unpacked(json.loads(json.dumps(packed(chosen))))
    assert (back.name, back.exercises, back.seconds) == ("week-3", chosen.exercises, 5.0)


def test_a_class_is_graded_by_it(tmp_path: Path) -> None:
    """Its exercises and points, and its limit for a loop that never ends."""
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "student-01.py").write_text(MODEL + MSE)
    (tmp_path / "class" / "student-02.py").write_text("def mse(pred, target):\n    while True: 0\n")
    text = 'exercises = ["mse"]\nseconds = 1.5\ndevice = "cpu"\npoints = {mse = 3.5}\n'
    out, path = tmp_path / "out", written(tmp_path, text)
    main(["grade", str(tmp_path / "class"), "--out", str(out), "--assignment", path])
    with (out / "grades.csv").open(encoding="utf-8") as file:
        rows = [*csv.DictReader(file)]
    assert [row["mse"] for row in rows] == ["3.5", "0"]
    slow = json.loads((out / "results" / "student-02.json").read_text("utf-8"))
    assert "ran longer than 1.5 s" in slow["exercises"][0]["message"]


def test_a_copy_says_when_it_is_due(tmp_path: Path) -> None:
    """The time as the teacher wrote it, with its distance from UTC."""
    text = 'exercises = ["mse"]\ndeadline = 2026-12-04T18:00:00+01:00\n'
    files = files_of(released(written(tmp_path, text)))
    assert "in PyTorch. Hand them in by 2026-12-04 18:00 (UTC+01:00)." in files["README.md"]
