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
# One file each, which otter takes as it is; the others are zips of module files.
SINGLE = ("student-02.py", "student-06.ipynb")
ZIPPED = ("student-05", "student-11", "student-07.zip")


def by_otter(autograder: Path, submission: Path, out: Path) -> dict[str, float]:
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


def by_grade(submissions: list[Path]) -> Mapping[str, dict[str, float | None]]:
    """Return the score of each exercise of each submission after `descent grade`."""
    chosen = assignment("core")
    with closing(LocalObserver()) as observer, ThreadPoolExecutor(2) as pool:
        grader = Grader(chosen, answer_keys(chosen.exercises, observer, SECRET), observer)
        results = pool.map(lambda path: grader.grade(read(path, modules())), submissions)
    return {
        path.name: {name: verdict.score for name, verdict in result.verdicts.items()}
        for path, result in zip(submissions, results, strict=True)
    }


@pytest.fixture(scope="module")
def autograders(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Path]:
    """The two autograder zips: for single files, and for zips of modules."""
    folder = tmp_path_factory.mktemp("otter")
    made = {kind: folder / f"{kind}.zip" for kind in (False, True)}
    for kind, path in made.items():
        build_autograder(assignment("core"), path, SECRET, modules=kind)
    return made


def test_otter_and_grade_give_the_same_points(
    autograders: dict[bool, Path], tmp_path: Path
) -> None:
    """Five submissions of the example class have the same points per exercise by both doors."""
    wanted = [p for p in write_class(tmp_path / "class") if p.name in (*SINGLE, *ZIPPED)]
    assert len(wanted) == 5
    expected = by_grade(wanted)

    def run(path: Path) -> dict[str, float]:
        single = path.name in SINGLE
        handed_in = path
        if path.is_dir():
            handed_in = Path(shutil.make_archive(str(tmp_path / path.name), "zip", path))
        return by_otter(autograders[single is False], handed_in, tmp_path / f"out-{path.name}")

    with ThreadPoolExecutor(2) as pool:
        found = dict(zip((path.name for path in wanted), pool.map(run, wanted), strict=True))
    assert found == expected
    assert len({sum(scores.values()) for scores in found.values()}) > 3


def test_a_whole_release_has_the_same_points_by_both_doors(
    autograders: dict[bool, Path], tmp_path: Path
) -> None:
    """The student's copy, zipped as it is, is judged by the student's files."""
    folder = whole_release(tmp_path)
    archive = Path(shutil.make_archive(str(tmp_path / "handed-in"), "zip", folder))
    expected = by_grade([folder])[folder.name]
    assert by_otter(autograders[True], archive, tmp_path / "out") == expected
    assert all(expected.values())


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
