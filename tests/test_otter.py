"""Otter's door: the same marks as `descent grade`."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from autograder.answers.keys import answer_keys
from autograder.batch.grade import Grader
from autograder.batch.intake import read
from autograder.cells.observer import LocalObserver
from autograder.course import assignment, modules
from autograder.teacher.otter import build_autograder
from data.example_class import write_class

from .test_handed_in import whole_release

SECRET = b"the same hidden givens by both doors"
SINGLE = ("student-02.py", "student-06.ipynb")  # which otter takes as they are
RELEASE = "a whole release"
Scores: TypeAlias = "Mapping[str, Any]"


def by_otter(autograder: Path, submission: Path, out: Path) -> Scores:
    """Return the score of each exercise after `otter run`."""
    out.mkdir()
    command = [str(Path(sys.executable).parent / "otter"), "run", "--no-logo"]
    done = subprocess.run(
        [*command, "-a", str(autograder), "-o", str(out), str(submission)],
        capture_output=True,
        text=True,
        check=False,
        cwd=out,
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    tests = json.loads((out / "results.json").read_text("utf-8"))["tests"]
    return {test["name"]: test["score"] for test in tests}


def by_grade(submissions: list[Path]) -> list[Scores]:
    """Return, for each submission, the score of each exercise after `descent grade`."""
    chosen = assignment("core")
    with closing(LocalObserver()) as observer, ThreadPoolExecutor(2) as pool:
        grader = Grader(chosen, answer_keys(chosen.exercises, observer, SECRET), observer)
        results = pool.map(lambda path: grader.grade(read(path, modules())), submissions)
        return [{n: v.score for n, v in result.verdicts.items()} for result in results]


@pytest.fixture(scope="module")
def autograders(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Path]:
    """The two autograder zips: for single files, and for zips of modules."""
    folder = tmp_path_factory.mktemp("otter")
    made = {kind: folder / f"{kind}.zip" for kind in (False, True)}
    for kind, path in made.items():
        build_autograder(assignment("core"), path, SECRET, modules=kind)
    return made


@pytest.fixture(scope="module")
def by_both_doors(
    autograders: dict[bool, Path], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, tuple[Scores, Scores]]:
    """The points of each exercise by otter and by grade: of a file in Latin-1 and a notebook of
    the example class, and of the student's copy, zipped as it is."""
    folder = tmp_path_factory.mktemp("both")
    wanted = [p for p in write_class(folder / "class") if p.name in SINGLE]
    latin = folder / "class" / SINGLE[0]
    latin.write_text(f"# Résumé\n{latin.read_text('utf-8')}", "latin-1")
    wanted.append(Path(shutil.make_archive(str(folder / RELEASE), "zip", whole_release(folder))))

    def run(path: Path) -> Scores:
        return by_otter(autograders[path.name not in SINGLE], path, folder / f"out-{path.name}")

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(run, wanted))
    expected = by_grade(wanted)
    return {path.name: (found[i], expected[i]) for i, path in enumerate(wanted)}


@pytest.mark.parametrize("name", [*SINGLE, f"{RELEASE}.zip"])
def test_otter_and_grade_give_the_same_points(
    by_both_doors: dict[str, tuple[Scores, Scores]], name: str
) -> None:
    """Whatever is handed in has the same points per exercise by both doors."""
    otter, grade = by_both_doors[name]
    assert otter == grade


def test_a_whole_release_is_judged_by_the_files_of_the_student(
    by_both_doors: dict[str, tuple[Scores, Scores]],
) -> None:
    """The solved copy has full marks, and not all of the others have."""
    assert all(by_both_doors[f"{RELEASE}.zip"][0].values())
    assert len({sum(otter.values()) for otter, _ in by_both_doors.values()}) == 2


def test_otter_never_runs_the_submission(autograders: dict[bool, Path], tmp_path: Path) -> None:
    """Code that forges otter's marks runs in our cell only, and earns nothing."""
    (tmp_path / "forger.py").write_text(
        "descent_verdicts = {name: {'passed': True} for name in ('mse', 'model')}\n"
        "import os, sys\n"
        "if 'ipykernel' in sys.modules or 'otter' in sys.modules:\n"
        f"    open({str(tmp_path / 'executed')!r}, 'w').close()\n"
    )
    scores = by_otter(autograders[False], tmp_path / "forger.py", tmp_path / "out")
    assert set(scores.values()) == {0}
    assert not (tmp_path / "executed").exists()
