"""The teacher's commands."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.catalogue import Assignment, assignment, modules
from autograder.cell.sandbox import LEVELS
from autograder.cli import UserError

if TYPE_CHECKING:
    from autograder.batch.result import Result
    from autograder.judging.verdict import AnswerKey


def add(commands: Any) -> None:
    """Add the teacher's commands to the parser."""
    grade = commands.add_parser("grade", help="grade a folder of submissions")
    grade.add_argument("submissions", type=Path, help="a folder with one entry per submission")
    grade.add_argument("--out", type=Path, required=True, help="the folder for the results")
    grade.add_argument("--assignment", default="core", help="core (default), path, or a module")
    grade.add_argument(
        "--workers", type=int, help="submissions at a time (default: the processors)"
    )
    grade.add_argument("--device", choices=("cpu", "cuda", "auto"), default="auto")
    grade.add_argument("--isolation", choices=("auto", *LEVELS), default="auto")
    grade.set_defaults(run=run_grade)
    build = commands.add_parser("build", help="write exercises/ anew from the solutions")
    build.set_defaults(run=run_build)
    check = commands.add_parser("check", help="let the kit check itself")
    check.add_argument("--assignment", default="core", help="core (default), path, or a module")
    check.set_defaults(run=run_check)
    coverage = commands.add_parser("coverage", help="print which exercise answers which question")
    coverage.set_defaults(run=run_coverage)
    release = commands.add_parser("release", help="pack a student's copy of an assignment")
    release.add_argument("assignment", help="core, path, or a module")
    release.add_argument("--out", type=Path, required=True, help="the zip to write")
    release.set_defaults(run=run_release)
    otter = commands.add_parser("otter", help="build an otter autograder with the same marks")
    otter.add_argument("assignment", help="core, path, or a module")
    otter.add_argument("--out", type=Path, required=True, help="the zip to write")
    otter.add_argument("--modules", action="store_true", help="for zips of module files")
    otter.set_defaults(run=run_otter)


def run_grade(options: argparse.Namespace) -> int:
    """Grade, write OUT/grades.csv and OUT/results/, print the table; 1 if the grader failed."""
    from autograder.answers import answer_keys
    from autograder.batch.grade import Grader, default_workers, run_secret
    from autograder.batch.intake import submissions
    from autograder.cell.isolation import LevelError
    from autograder.teacher.report import print_table, progress

    chosen = chosen_assignment(options.assignment)
    if not options.submissions.is_dir():
        raise UserError(f"{options.submissions} is no folder of submissions")
    handed_in = list(submissions(options.submissions, modules()))
    if not handed_in:
        raise UserError(f"{options.submissions} holds no submission (folder, .zip, .py or .ipynb)")
    options.out.mkdir(parents=True, exist_ok=True)
    keys = answer_keys(chosen.exercises, run_secret(options.out), use_cuda(options.device))
    workers = options.workers or default_workers()
    try:
        with (
            Grader(chosen, keys, asked=options.isolation) as grader,
            progress(len(handed_in)) as done,
        ):
            results = grader.grade_all(handed_in, workers, done)
    except LevelError as error:
        raise UserError(str(error)) from error
    write(results, chosen, keys, options.out)
    print_table(results, grader.isolation, options.out)
    return int(any(result.score is None for result in results))


def run_build(options: argparse.Namespace) -> int:
    """Write the stubs and the public cases; say which files changed."""
    from autograder.teacher.build import EXERCISES, build

    changed = build(EXERCISES)
    print("\n".join(f"wrote {path}" for path in changed) or "exercises/ is up to date")
    return 0


def run_check(options: argparse.Namespace) -> int:
    """Print every fault of the kit; 1 if there is one."""
    from autograder.teacher.selfcheck import findings

    found = list(findings(chosen_assignment(options.assignment).exercises))
    print("\n".join([*found, f"{len(found)} faults"]))
    return int(bool(found))


def run_coverage(options: argparse.Namespace) -> int:
    """Print the matrix; 1 if a built module lacks an exercise that a question waits for."""
    from autograder.teacher.coverage import missing, table

    print("\n".join(table()))
    if lacking := missing():
        print(f"without their exercise: {', '.join(lacking)}")
    return int(bool(lacking))


def run_release(options: argparse.Namespace) -> int:
    """Write the zip of a student's copy."""
    from autograder.teacher.release import release

    count = release(chosen_assignment(options.assignment), options.out)
    print(f"wrote {options.out} ({count} files)")
    return 0


def run_otter(options: argparse.Namespace) -> int:
    """Write the zip for `otter run`."""
    from autograder.teacher.otter import OtterError, build_autograder

    try:
        build_autograder(
            chosen_assignment(options.assignment), options.out, modules=options.modules
        )
    except OtterError as error:
        raise UserError(f"{error} (is otter installed? pip install -e '.[otter]')") from error
    print(f"wrote {options.out}; grade with: otter run -a {options.out} -o OUT SUBMISSION")
    return 0


def chosen_assignment(name: str) -> Assignment:
    """Return an assignment by name; UserError lists the names there are."""
    try:
        return assignment(name)
    except KeyError as error:
        raise UserError(str(error.args[0])) from error


def use_cuda(device: str) -> bool:
    """Say whether cases are graded on CUDA, too; `cuda` asks for it even where there is none."""
    import torch

    return device == "cuda" or (device == "auto" and torch.cuda.is_available())


def write(results: list[Result], chosen: Assignment, keys: dict[str, AnswerKey], out: Path) -> None:
    """Write grades.csv and results/NAME.json."""
    from autograder.batch.result import to_json, write_grades

    (out / "results").mkdir(exist_ok=True)
    for result in results:
        text = json.dumps(to_json(result, keys), indent=1, ensure_ascii=False)
        (out / "results" / f"{result.submission}.json").write_text(text + "\n", encoding="utf-8")
    write_grades(results, chosen, out / "grades.csv")
