"""What strangers hand in, graded by the command: what is right in it earns its points, and what is
not read is told. The cases are in `handed_in/`, read by handed_in_cases.py."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from autograder.batch.intake import read, submissions
from autograder.batch.text import FOR_NOTEBOOK
from autograder.course import assignment, modules
from autograder.inside import ROOT
from autograder.inside.submission import Submission
from autograder.student.desk import Desk
from data.example_class import solutions, stubs

from .handed_in_cases import Case, cases
from .samples import unpacked

RIGHT = solutions()
M06 = "m06_model.py"


@dataclass(frozen=True)
class Graded:
    """A class after the command: totals, results and submissions by name, what needs attention,
    and what was printed."""

    totals: dict[str, str]
    attention: set[tuple[str, str]]
    results: dict[str, Any]
    read: dict[str, Submission]
    printed: str


def graded(folder: Path, chosen: str) -> Graded:
    """Grade a folder by the real command."""
    command = ["grade", "class", "--out", "class/out", "--assignment", chosen, "--device", "cpu"]
    done = subprocess.run(
        [sys.executable, "-m", "autograder", *command, "--isolation", "basic"],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    out = folder / "class" / "out"
    with (out / "grades.csv").open(encoding="utf-8", newline="") as grades:
        totals = {row["submission"]: row["total"] for row in csv.DictReader(grades)}
    results = {path.stem: json.loads(path.read_text("utf-8")) for path in out.glob("results/*")}
    found = {one.name: one for one in submissions(folder / "class", modules())}
    with (out / "needs_attention.csv").open(encoding="utf-8", newline="") as matters:
        attention = {(row["submission"], row["what"]) for row in csv.DictReader(matters)}
    return Graded(totals, attention, results, found, done.stdout)


@pytest.fixture(scope="module")
def classes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Graded]:
    """The cases of each assignment, graded as one class, with names that are too long."""
    found = {}
    for chosen in sorted({case.assignment for case in cases().values()}):
        folder = tmp_path_factory.mktemp(chosen)
        for case in cases().values():
            if case.assignment == chosen:
                case.write(folder / "class")
        if chosen == "m06_model":
            for n in range(12):  # they differ behind the 240th byte
                (folder / "class" / f"{'n' * 249}{n:02}.py").write_text(RIGHT[M06], "utf-8")
            (folder / "class" / "roster.csv").write_text("name\n")
        else:
            whole_release(folder / "class")
        found[chosen] = graded(folder, chosen)
    return found


def whole_release(folder: Path) -> Path:
    """Write the student's copy as it was given out, with the modules solved, and with a virtual
    environment in it."""
    copy = unpacked("core", folder / "a whole release")
    for name, text in RIGHT.items():
        (copy / "exercises" / name).write_text(text, "utf-8")
    (copy / "env" / "exercises").mkdir(parents=True)
    (copy / "env" / "pyvenv.cfg").touch()
    (copy / "env" / "exercises" / M06).write_text(f"{RIGHT[M06]}\nmse = model = None\n", "utf-8")
    return folder / "a whole release"


def test_there_are_many_cases() -> None:
    """Each says what somebody did, in a sentence of its own."""
    assert len(cases()) >= 120
    assert len({case.why for case in cases().values()}) == len(cases())


@pytest.mark.parametrize("case", cases().values(), ids=lambda case: case.name)
def test_what_is_right_earns_its_points_and_the_rest_is_told(
    classes: dict[str, Graded], case: Case
) -> None:
    """One bad, doubled or strange file costs no more than itself, and is told in a line."""
    graded = classes[case.assignment]
    result = graded.results[case.submission]
    scores = {one["name"]: one["score"] for one in result["exercises"] if one["score"]}
    messages = {one["message"] for one in result["exercises"]}
    told = "\n".join((*result["notes"], *messages))
    assert scores == case.earns(), told
    assert "error" not in {one["status"] for one in result["exercises"]}
    for line in case.told:
        assert line in told
    assert not (case.untold and result["notes"]), result["notes"]
    sources = graded.read[case.submission].sources
    for module, file in (case.read or {}).items():
        assert Path(sources[module].file).name == Path(file).name
    looked_at = {note for note in result["notes"] if FOR_NOTEBOOK not in note}
    assert {note for name, note in graded.attention if name == case.submission} >= looked_at
    assert not any(FOR_NOTEBOOK in what for _, what in graded.attention)


@pytest.mark.parametrize(
    "case", [c for c in cases().values() if "otter" in c.doors], ids=lambda case: case.name
)
def test_otter_reads_the_same(classes: dict[str, Graded], case: Case, tmp_path: Path) -> None:
    """Otter's door gives a folder called `submission` to the same reader."""
    case.write(tmp_path)
    here = tmp_path / "submission"
    (tmp_path / case.name).rename(here)
    told = read(here, modules())
    by_grade = classes[case.assignment].read[case.submission]
    assert (told.sources, told.problem, told.notes) == (
        by_grade.sources,
        by_grade.problem,
        by_grade.notes,
    )


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk with the public cases of m06_model."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / "cases").mkdir()
    shutil.copy(ROOT / "exercises" / "cases" / "m06_model.json", folder / "cases")
    with closing(Desk(folder)) as made:
        yield made


@pytest.mark.parametrize(
    "case", [c for c in cases().values() if "desk" in c.doors], ids=lambda case: case.name
)
def test_the_students_desk_judges_the_same(desk: Desk, case: Case) -> None:
    """What earns its points passes on the public cases, from the file in exercises/."""
    files = {Path(path).name: content for path, content in case.files().items()}
    (desk.folder / M06).write_bytes(files[M06])
    desk.forget()
    passed = {name for name in desk.tasks if desk.verdict(name).status == "pass"}
    assert passed == set(desk.tasks if case.points is None else case.points)


def test_every_row_is_a_case(classes: dict[str, Graded]) -> None:
    """Neither the results of the run, which lie in the class, nor a table are submissions."""
    for chosen, graded in classes.items():
        wanted = {case.submission for case in cases().values() if case.assignment == chosen}
        rest = {n for n in graded.totals if n != "a whole release" and not n.startswith("nnn")}
        assert rest == wanted
    printed = classes["m06_model"].printed
    assert "note:    roster.csv is passed over: it holds no exercise" in printed
    assert "note:    out is passed over: it holds the results of a run" in printed


def test_a_whole_release_is_judged_by_the_files_of_the_student(classes: dict[str, Graded]) -> None:
    """The kit's probes, which bear the modules' names, are nobody's answers."""
    total = sum(exercise.points for exercise in assignment("path").exercises)
    assert classes["path"].totals["a whole release"] == f"{total:g}"
    assert classes["path"].results["a whole release"]["notes"] == []


def test_a_teachers_own_names_merge_no_two_students(tmp_path: Path) -> None:
    """Two zips whose names hold a year and a number, as Canvas's do, are two rows."""
    for name, text in (("alice", RIGHT[M06]), ("bob", stubs()[M06])):
        (tmp_path / "class").mkdir(exist_ok=True)
        with zipfile.ZipFile(tmp_path / "class" / f"hw_2024_1001_{name}.zip", "w") as file:
            file.writestr(M06, text)
    assert graded(tmp_path, "m06_model").totals == {
        "hw_2024_1001_alice": "9",
        "hw_2024_1001_bob": "0",
    }


def test_long_names_stop_nobody(classes: dict[str, Graded]) -> None:
    """Twelve names that are alike for 249 bytes are twelve rows and twelve results."""
    graded = classes["m06_model"]
    long = [name for name in graded.totals if name.startswith("nnn")]
    total = sum(exercise.points for exercise in assignment("m06_model").exercises)
    assert len(set(long)) == 12
    assert {graded.totals[name] for name in long} == {f"{total:g}"}
    assert all(name in graded.results for name in long)
