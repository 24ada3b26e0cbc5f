"""A sitting at the teacher's desk: the commands of the page, with a class of forty."""

from __future__ import annotations

import csv
import json
import os
import re
import shlex
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from autograder.cli import main
from autograder.inside import PACKAGE

from .layouts import LAYOUTS, Student, lay_out_gradescope, rosters, students, zipped
from .samples import MODEL, MSE

CLASS = students(40)
PAGE = PACKAGE / "teacher" / "README.md"
ASSIGNMENT = """
exercises = ["model", "mse"]
points = {model = 2}
deadline = 2026-03-05T18:00:00+00:00
[late]
each_day = 0.5
"""
TEXTS = {  # by what the login's number leaves when it is divided by four
    0: MODEL,
    1: MODEL + MSE,
    2: MODEL + MSE.replace(".mean()", ".mean() / 2"),
    3: MODEL + MSE + "\nundefined_name\n",
}
SIX = (
    *("Gradescope", "Canvas", "Moodle, folders", "GitHub, clones", "Blackboard"),
    "Brightspace",
)

ROSTERS = {  # whose table is taken, where it is not the system's own
    "Moodle, folders": "Moodle",
    "GitHub, clones": "GitHub Classroom",
    "Blackboard": "office",
    "Brightspace": "office",
}


def works() -> dict[str, str]:
    """Return what each student hands in, by login."""
    return {one.login: TEXTS[one.number % 4] for one in CLASS}


def wanted(one: Student) -> str:
    """Return the mark that a student gets in mse."""
    return {0: "0", 1: "2", 2: "0", 3: "2"}[one.number % 4]


def rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [*csv.DictReader(file)]


def worksheet(path: Path) -> None:
    """Write Moodle's grading worksheet."""
    head = "Identifier,Full name,ID number,Email address,Status,Grade,Maximum Grade"
    head += ",Grade can be changed,Last modified (submission),Last modified (grade)"
    lines = [
        f"Participant {one.of_system},{one.name},{one.id},{one.email},Submitted,,4.00,Yes,-,-"
        for one in CLASS
    ]
    path.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8-sig")


@pytest.mark.parametrize("system", SIX)
def test_a_class_has_the_same_marks_from_every_system(
    system: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each download of the same works is recognised, and each mark is its student's."""
    folder = LAYOUTS[system](tmp_path / "download", CLASS, works())
    roster = tmp_path / "roster.csv"
    roster.write_text(rosters(CLASS)[ROSTERS.get(system, system)], encoding="utf-8")
    (tmp_path / "week-3.toml").write_text(ASSIGNMENT)
    out = tmp_path / "out"
    command = ["grade", str(folder), "--out", str(out), "--roster", str(roster)]
    command += ["--assignment", str(tmp_path / "week-3.toml"), "--isolation", "basic"]
    assert main(command) == 0
    assert f"read as: {system.split(',')[0]}" in capsys.readouterr().out
    marks = {row["student_id"]: row["mse"] for row in rows(out / "grades.csv")}
    assert marks == {one.id: wanted(one) for one in CLASS}


def test_the_page_can_be_played(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every command of the page, in its order, with the download and worksheet of Moodle."""
    monkeypatch.chdir(tmp_path)
    zipped(LAYOUTS["Moodle, folders"](tmp_path / "moodle", CLASS, works())).rename("moodle.zip")
    worksheet(tmp_path / "worksheet.csv")
    commands = re.findall(r"^descent (.+)$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert len(commands) == 13
    for command in commands:
        words = shlex.split(command)
        assert main(words) == 0, (command, capsys.readouterr())
        if words[0] == "new-assignment":
            Path(words[1]).write_text(ASSIGNMENT)
    printed = capsys.readouterr().out
    assert "read as: Moodle, folders" in printed
    assert "You halved the mean" in printed
    grades = {row["submission"]: row for row in rows(Path("out/grades.csv"))}
    assert (grades["Student 02_20002"]["mse"], grades["Student 02_20002"]["total"]) == (
        *("1.5", "3.5"),
    )
    filled = {row["Identifier"]: row["Grade"] for row in rows(Path("filled.csv"))}
    assert float(filled["Participant 20002"]) == 3.5
    assert float(filled["Participant 20001"]) == 4
    assert float(filled["Participant 20004"]) == 2
    for made in ("out/report/index.html", "out/report/similar.html", "otter.zip", "week-3.zip"):
        assert Path(made).stat().st_size > 1000
    with zipfile.ZipFile("out/report/moodle_feedback.zip") as archive:
        folders = {name.partition("/")[0] for name in archive.namelist()}
    assert folders == {f"{one.name}_{one.of_system}_assignsubmission_file" for one in CLASS}
    answers = Path("viva/Student 01_20001-answers.md").read_text("utf-8")
    assert "Answer: (" in answers
    assert "Answer: (" not in Path("viva/Student 01_20001.md").read_text("utf-8")
    for number in (1, 2):  # all right, and a mistake: without the mark by hand
        assert points_elsewhere(TEXTS[number]) == dict.fromkeys(DOORS, {1: 4.0, 2: 2.0}[number])


DOORS = ("otter", "Gradescope", "Classroom 50")


def points_elsewhere(text: str) -> dict[str, float]:
    """Return what an answer gets where others grade, by the autograders that the page has built;
    their own environment is this one."""
    Path("m06_model.py").write_text(text)
    environment = Path(sys.executable).parent.parent
    otter = [str(environment / "bin" / "otter"), "run", "--no-logo", "-a", "otter.zip", "-o", "."]
    subprocess.run([*otter, "m06_model.py"], capture_output=True, check=True)
    told = {"otter": json.loads(Path("results.json").read_text("utf-8"))}
    if not Path("gradescope").exists():
        lay_out_gradescope(Path("gradescope.zip"), Path("gradescope"))
        Path("gradescope/source/venv").symlink_to(environment)
    Path("gradescope/submission/m06_model.py").write_text(text)
    base = os.environ | {"GRADESCOPE_BASE": str(Path("gradescope").resolve())}
    run = ["gradescope/source/run_autograder"]
    subprocess.run(run, env=base, capture_output=True, check=True)
    told["Gradescope"] = json.loads(Path("gradescope/results/results.json").read_text("utf-8"))
    checkout = Path("checkout").resolve()
    checkout.mkdir(exist_ok=True)
    (checkout / "m06_model.py").write_text(text)
    said = ("CLASSROOM", "ASSIGNMENT", "SUBMISSION_TAG", "COMMIT_URL", "RELEASE_URL")
    folder = Path("classroom50").resolve()
    judge = [
        sys.executable,
        "-m",
        "autograder.teacher.classroom50_run",
        *map(str, (folder, checkout)),
    ]
    given = os.environ | dict.fromkeys(said, "-")
    subprocess.run(judge, cwd=folder / "kit", env=given, capture_output=True, check=True)
    whole = json.loads((checkout / "result.json").read_text("utf-8"))
    points = {door: sum(test["score"] for test in of["tests"]) for door, of in told.items()}
    return points | {"Classroom 50": whole["score"] / 100}
