"""What strangers hand in, graded by the command: what is right in it earns its points."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from autograder.course import assignment
from autograder.inside import ROOT
from data.example_class import in_one_file, solutions

from .samples import released

PATH = assignment("path")
RIGHT = solutions()
STUBS = {path.name: path.read_text("utf-8") for path in (ROOT / "exercises").glob("m*.py")}
M06 = "m06_model.py"
POINTS = {m: sum(e.points for e in PATH.exercises if e.module == m) for m in PATH.modules}
ALL = sum(POINTS.values())


def notebook(*cells: str, picture: int = 0) -> str:
    """Return a notebook of these code cells, the last with a picture of so many bytes."""
    shown = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "A" * picture}}
    made = [
        {"cell_type": "code", "metadata": {}, "source": cell, "outputs": [], "execution_count": 1}
        for cell in cells
    ]
    made[-1]["outputs"] = [shown]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 4})


def bare(text: str) -> str:
    """Return a module as it is pasted below others."""
    return text.replace("from __future__ import annotations\n", "")


def of(*modules: str) -> float:
    """Return the points of modules."""
    return sum(POINTS[module] for module in modules)


STUB_FILES = {name: STUBS[name] for name in RIGHT if name in STUBS}
# By name: files, points earned, and a line that is told, in the notes or in a message.
HANDED_IN: dict[str, tuple[dict[str, str], float, str]] = {
    "an older copy beside": (
        RIGHT | {f"old/{M06}": STUBS[M06]},
        ALL,
        f"m06_model is read from {M06}; passed over: old/{M06}",
    ),
    "a broken notebook for one module": (
        {name: text for name, text in RIGHT.items() if "m12" not in name} | {"m12_line.ipynb": "{"},
        ALL - of("m12_line"),
        "m12_line.ipynb is no readable notebook: JSONDecodeError",
    ),
    "a notebook with a large picture": (
        {"homework.ipynb": notebook(in_one_file(RIGHT), "plot()", picture=2_600_000)},
        ALL,
        "",
    ),
    "stubs and a right notebook": (
        STUB_FILES | {"my_solution.ipynb": notebook(in_one_file(RIGHT))},
        ALL,
        "every module is read from my_solution.ipynb, since",
    ),
    "a stub and a right file of another name": (
        RIGHT | {M06: STUBS[M06], "m06_model-final.py": RIGHT[M06]},
        ALL,
        f"m06_model is read from m06_model-final.py, since {M06} is still the stub",
    ),
    "the stubs pasted again at the end": (
        {"homework.ipynb": notebook(in_one_file(RIGHT), *map(bare, STUB_FILES.values()))},
        ALL,
        "",
    ),
    "a script that sets names again": (
        RIGHT | {M06: RIGHT[M06] + "\nmodel = torch.nn.Linear(3, 2)\nmse = model(torch.ones(3))\n"},
        ALL,
        ": `model = torch.nn.Linear(3, 2)`; the definition of line",
    ),
    "a notebook that sets names again": (
        {"homework.ipynb": notebook(in_one_file(RIGHT), "model = nn.Linear(3, 2)", "fit = 3")},
        ALL,
        "`fit` is set again: `fit = 3`; the definition above is judged",
    ),
    "a module of NUL bytes": (
        RIGHT | {"m12_line.py": "\0" * 1_400_000},
        ALL - of("m12_line"),
        "m12_line.py holds NUL characters: save it as UTF-8",
    ),
    "comments without measure": (
        {name: text + "# " + "x" * 1_300_000 + "\n" for name, text in RIGHT.items()},
        0,
        "MiB as it is sent to be judged, over 6 MiB: the largest file, exercises/",
    ),
}


@dataclass(frozen=True)
class Graded:
    """The totals by name, the results, and what needs attention."""

    totals: dict[str, str]
    results: Path
    attention: list[dict[str, str]]


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """Grade a class of all of these, of a whole release, and of names that are too long."""
    folder = tmp_path_factory.mktemp("handed-in")
    for name, (files, _, _) in HANDED_IN.items():
        for file, text in files.items():
            path = folder / "class" / name / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    whole_release(folder / "class")
    for n in range(12):  # they differ behind the 240th byte
        (folder / "class" / f"{'n' * 249}{n:02}.py").write_text(RIGHT[M06], "utf-8")
    command = ["grade", "class", "--out", "out", "--assignment", "path", "--device", "cpu"]
    done = subprocess.run(
        [sys.executable, "-m", "autograder", *command, "--isolation", "basic"],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    with (folder / "out" / "grades.csv").open(encoding="utf-8", newline="") as grades:
        totals = {row["submission"]: row["total"] for row in csv.DictReader(grades)}
    with (folder / "out" / "needs_attention.csv").open(encoding="utf-8", newline="") as matters:
        return Graded(totals, folder / "out" / "results", list(csv.DictReader(matters)))


def whole_release(folder: Path) -> Path:
    """Write the student's copy as it was given out, with the modules solved, and with a virtual
    environment in it."""
    copy = folder / "a whole release" / "core"
    with zipfile.ZipFile(io.BytesIO(released(PATH.name))) as file:
        file.extractall(copy)
    for name in STUB_FILES:
        (copy / "exercises" / name).write_text(RIGHT[name], "utf-8")
    (copy / "env" / "exercises").mkdir(parents=True)
    (copy / "env" / "pyvenv.cfg").touch()
    (copy / "env" / "exercises" / M06).write_text(f"{RIGHT[M06]}\nmse = model = None\n", "utf-8")
    return folder / "a whole release"


@pytest.mark.parametrize("name", HANDED_IN)
def test_what_is_right_earns_its_points_and_the_rest_is_told(graded: Graded, name: str) -> None:
    """One bad, doubled or strange file costs no more than itself, and is told in a line."""
    _, points, told = HANDED_IN[name]
    assert graded.totals[name] == (f"{points:g}" if points else "unreadable")
    result = json.loads((graded.results / f"{name}.json").read_text("utf-8"))
    messages = {exercise["message"] for exercise in result["exercises"]}
    assert any(told in line for line in (*result["notes"], *messages))
    assert "error" not in {exercise["status"] for exercise in result["exercises"]}
    rows = [row["what"] for row in graded.attention if row["submission"] == name]
    assert all(note in rows for note in result["notes"])


def test_a_whole_release_is_judged_by_the_files_of_the_student(graded: Graded) -> None:
    """The kit's probes, which bear the modules' names, are nobody's answers."""
    assert graded.totals["a whole release"] == f"{ALL:g}"
    result = json.loads((graded.results / "a whole release.json").read_text("utf-8"))
    assert result["notes"] == []


def test_long_names_stop_nobody(graded: Graded) -> None:
    """Twelve names that are alike for 249 bytes are twelve rows and twelve results."""
    long = [name for name in graded.totals if name.startswith("nnn")]
    assert len(set(long)) == 12
    assert {graded.totals[name] for name in long} == {f"{of('m06_model'):g}"}
    assert all((graded.results / f"{name}.json").is_file() for name in long)
