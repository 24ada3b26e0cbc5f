"""Otter's door: the same marks as `descent grade`."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeAlias

import pytest

from autograder.answers.keys import answer_keys
from autograder.batch.grade import Grader
from autograder.batch.intake import read
from autograder.cells.observer import LocalObserver
from autograder.course import assignment, modules
from autograder.teacher.otter import build_autograder
from data.example_class import write_class

from .handed_in_cases import Case, cases, packed
from .test_handed_in import whole_release

SECRET = b"the same hidden givens by both doors"
SINGLE = ("student-02.py", "student-06.ipynb")  # which otter takes as they are
RELEASE = "a whole release"
# Of the cases of handed_in, those tried in `make test`; all of them in `make attacks`.
SAMPLE = ("notebook-with-helper", "set-again")
IS_WHOLE = os.environ.get("DESCENT_CORPUS") == "whole"
TRIED = [c for c in cases().values() if "otter" in c.doors and (IS_WHOLE or c.name in SAMPLE)]


@dataclass(frozen=True)
class Judged:
    """The score of each exercise, and what was told of the submission."""

    scores: Mapping[str, float]
    told: Sequence[str]


Build: TypeAlias = Callable[[str, bool], Path]
Doors: TypeAlias = "tuple[Future[Judged], Judged]"  # by otter, which takes long, and by grade


def by_otter(autograder: Path, submission: Path, out: Path) -> Judged:
    """Return what `otter run` gives and prints."""
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
    scores = {test["name"]: test["score"] for test in tests}
    return Judged(scores, [done.stdout, *(test["output"] for test in tests)])


def by_grade(submissions: Sequence[Path], name: str) -> list[Judged]:
    """Return, for each submission, what `descent grade` gives and notes."""
    chosen = assignment(name)
    with closing(LocalObserver()) as observer, ThreadPoolExecutor(2) as pool:
        grader = Grader(chosen, answer_keys(chosen.exercises, observer, SECRET), observer)
        results = pool.map(lambda path: grader.grade(read(path, modules())), submissions)
        return [
            Judged({name: v.score or 0.0 for name, v in one.verdicts.items()}, one.notes)
            for one in results
        ]


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Builds the autograder of an assignment, for single files or for zips of modules."""
    folder = tmp_path_factory.mktemp("otter")

    @cache
    def built(name: str, of_modules: bool) -> Path:
        path = folder / f"{name}-{of_modules}.zip"
        build_autograder(assignment(name), path, SECRET, of_modules)
        return path

    return built


def of_modules(submission: Path) -> bool:
    """Say whether a submission is a zip in which otter does not find the notebook to grade."""
    if submission.suffix != ".zip":
        return False
    with zipfile.ZipFile(submission) as file:
        return not any(re.fullmatch(r"[^/]+\.ipynb", path) for path in file.namelist())


def by_both(
    pool: ThreadPoolExecutor, build: Build, submissions: Sequence[Path], name: str
) -> list[Doors]:
    """Judge submissions by both doors, each in a folder of its own for otter's output."""
    graded = by_grade(submissions, name)
    autograders = [build(name, of_modules(path)) for path in submissions]
    outs = [path.parent / f"out-{path.name}" for path in submissions]
    runs = [pool.submit(by_otter, *one) for one in zip(autograders, submissions, outs, strict=True)]
    return list(zip(runs, graded, strict=True))


@pytest.fixture(scope="module")
def by_both_doors(build: Build, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Doors]:
    """A file in Latin-1 and a notebook of the example class, and the student's copy, zipped."""
    folder = tmp_path_factory.mktemp("both")
    wanted = [p for p in write_class(folder / "class") if p.name in SINGLE]
    latin = folder / "class" / SINGLE[0]
    latin.write_text(f"# Résumé\n{latin.read_text('utf-8')}", "latin-1")
    wanted.append(Path(shutil.make_archive(str(folder / RELEASE), "zip", whole_release(folder))))
    with ThreadPoolExecutor(2) as pool:
        doors = by_both(pool, build, wanted, "core")
    return {path.name: doors[i] for i, path in enumerate(wanted)}


@pytest.mark.parametrize("name", [*SINGLE, f"{RELEASE}.zip"])
def test_otter_and_grade_give_the_same_points(by_both_doors: dict[str, Doors], name: str) -> None:
    """Whatever is handed in has the same points per exercise by both doors."""
    run, grade = by_both_doors[name]
    assert run.result().scores == grade.scores


def test_a_whole_release_is_judged_by_the_files_of_the_student(
    by_both_doors: dict[str, Doors],
) -> None:
    """The solved copy has full marks, and not all of the others have."""
    scores = {name: run.result().scores for name, (run, _) in by_both_doors.items()}
    assert all(scores[f"{RELEASE}.zip"].values())
    assert len({sum(one.values()) for one in scores.values()}) == 2


def as_otter_takes_it(case: Case, folder: Path) -> Path:
    """Write one script or notebook as it is, and all else as a zip."""
    files = case.files()
    lone = len(files) == 1 and re.fullmatch(r"[^/!]+\.(py|ipynb)", next(iter(files)))
    path = folder / case.name / (lone[0] if lone else f"{case.name}.zip")
    path.parent.mkdir()
    path.write_bytes(files[path.name] if lone else packed(path.name, files))
    return path


@pytest.fixture(scope="module")
def handed_in(
    request: pytest.FixtureRequest, build: Build, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Doors]]:
    """The cases of handed_in that were chosen to be tried."""
    ids = {item.name for item in request.session.items if item.path == request.path}
    chosen = [case for case in TRIED if any(f"[{case.name}]" in name for name in ids)]
    folder = tmp_path_factory.mktemp("handed_in")
    found: dict[str, Doors] = {}
    with ThreadPoolExecutor(2) as pool:
        for name in sorted({case.assignment for case in chosen}):
            of_it = [case for case in chosen if case.assignment == name]
            paths = [as_otter_takes_it(case, folder) for case in of_it]
            doors = by_both(pool, build, paths, name)
            found |= {case.name: doors[i] for i, case in enumerate(of_it)}
        yield found
        pool.shutdown(cancel_futures=True)  # after Ctrl-C


@pytest.mark.parametrize("case", TRIED, ids=lambda case: case.name)
def test_otter_judges_and_tells_the_same(handed_in: dict[str, Doors], case: Case) -> None:
    """Whatever strangers hand in earns the same by both doors, and the same is told of it."""
    run, grade = handed_in[case.name]
    otter = run.result()
    assert otter.scores == grade.scores
    assert {name: score for name, score in otter.scores.items() if score} == case.earns()
    told = "\n".join(otter.told)
    for line in (*case.told, *grade.told):
        assert line in told


def test_otter_never_runs_the_submission(build: Build, tmp_path: Path) -> None:
    """Code that forges otter's marks runs in our cell only, and earns nothing."""
    (tmp_path / "forger.py").write_text(
        "descent_verdicts = {name: {'passed': True} for name in ('mse', 'model')}\n"
        "import os, sys\n"
        "if 'ipykernel' in sys.modules or 'otter' in sys.modules:\n"
        f"    open({str(tmp_path / 'executed')!r}, 'w').close()\n"
    )
    forged = by_otter(build("core", False), tmp_path / "forger.py", tmp_path / "out")
    assert set(forged.scores.values()) == {0}
    assert not (tmp_path / "executed").exists()
