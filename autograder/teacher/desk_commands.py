"""The commands of the teacher's desk: `descent grade`, and what reads the folder that it wrote."""

from __future__ import annotations

import argparse
import getpass
from pathlib import Path
from typing import Any

from autograder.batch.systems import SYSTEMS
from autograder.inside.errors import UserError
from autograder.inside.sandbox import LEVELS
from autograder.teacher.assignments import find

OTHERS = "foundations, course, path, a module, or a .toml file"  # assignments beside core


def add(commands: Any) -> None:
    """Add the commands of the desk to the parser."""
    _add_grade(commands)
    _add_override(commands)
    _add_explain(commands)
    _add_viva(commands)
    _add_export(commands)
    report = _add_reader(commands, "report", "write pages about the class, and each one's feedback")
    report.set_defaults(run=run_report)
    similar = _add_reader(commands, "similar", "show the same code twice; advice, never a mark")
    similar.set_defaults(run=run_similar)


def _add_reader(commands: Any, name: str, about: str) -> argparse.ArgumentParser:
    """Add a command that reads the folder of a grading run, and return it."""
    reader: argparse.ArgumentParser = commands.add_parser(name, help=about)
    reader.add_argument("--out", type=Path, required=True, help="the folder of a grading run")
    return reader


def _add_grade(commands: Any) -> None:
    grade = commands.add_parser("grade", help="grade a folder of submissions")
    grade.add_argument(
        "submissions", type=Path, help="a folder, or the zip of a course system, with the class"
    )
    grade.add_argument("--out", type=Path, required=True, help="the folder for the results")
    grade.add_argument("--assignment", default="core", help=f"core (default), {OTHERS}")
    grade.add_argument(
        "--workers", type=int, help="submissions at a time (default: the processors)"
    )
    grade.add_argument(
        "--device", choices=("cpu", "cuda", "auto"), help="default: the assignment's, mostly auto"
    )
    grade.add_argument("--isolation", choices=("auto", *LEVELS), default="auto")
    grade.add_argument(
        "--counts",
        choices=("latest", "best"),
        help="which of several submissions of a name counts (default: as before, at first latest)",
    )
    grade.add_argument(
        "--forget",
        action="append",
        default=[],
        metavar="NAME",
        help="take out a name of an earlier run, with all that it handed in",
    )
    grade.add_argument("--roster", type=Path, metavar="CSV", help="names and ids of the class")
    grade.add_argument(
        "--system",
        choices=SYSTEMS,
        default="",
        help="where SUBMISSIONS are from (default: as their names look)",
    )
    grade.add_argument("--cluster", metavar="ADDRESS", help="a Dask scheduler, tcp://host:8786")
    grade.add_argument("--again", action="store_true", help="judge even what has been judged")
    grade.set_defaults(run=run_grade)


def _add_override(commands: Any) -> None:
    override = _add_reader(commands, "override", "give a mark by hand")
    override.add_argument("name", help="of the submission, as in grades.csv")
    override.add_argument("exercise", nargs="?", help="default: every exercise")
    what = override.add_mutually_exclusive_group(required=True)
    what.add_argument("score", nargs="?", type=float, help="the points")
    what.add_argument("--excused", action="store_true", help="it does not count")
    what.add_argument("--regrade", action="store_true", help="back to the grader, who looks anew")
    override.add_argument("--why", required=True, help="the reason, in a few words")
    override.add_argument("--by", help="who decides (default: this account)")
    override.set_defaults(run=run_override)


def _add_explain(commands: Any) -> None:
    explain = _add_reader(commands, "explain", "say why a student has this mark")
    explain.add_argument("student", help="the name of a submission in grades.csv")
    explain.add_argument("exercise", help="the name of an exercise, such as mse")
    explain.add_argument("--replay", action="store_true", help="run the case that is told again")
    explain.add_argument("--isolation", choices=("auto", *LEVELS), default="auto")
    explain.set_defaults(run=run_explain)


def _add_viva(commands: Any) -> None:
    viva = _add_reader(commands, "viva", "write questions about a student's own code")
    viva.add_argument("student", help="the name of a submission in grades.csv")
    viva.add_argument("--questions", type=int, default=5, metavar="N", help="5 by default")
    viva.add_argument("--write", type=Path, metavar="FOLDER", help="write two files there")
    viva.add_argument("--isolation", choices=("auto", *LEVELS), default="auto")
    viva.set_defaults(run=run_viva)


def _add_export(commands: Any) -> None:
    export = _add_reader(commands, "export", "write marks into a course system's own file")
    what = export.add_mutually_exclusive_group(required=True)
    what.add_argument("--canvas", type=Path, metavar="FILE", help="a gradebook that you exported")
    what.add_argument("--moodle", type=Path, metavar="FILE", help="a grading worksheet of yours")
    what.add_argument("--csv", type=Path, metavar="FILE", help="a table to write")
    what.add_argument("--xlsx", type=Path, metavar="FILE", help="a workbook to write")
    what.add_argument("--gradescope", nargs="?", const=True, help="says why there is none")
    export.add_argument("--to", type=Path, metavar="FILE", help="the filled copy, to be imported")
    export.add_argument("--column", help='of Canvas: "Title (123)" (default: the assignment)')
    export.add_argument("--columns", help="of Moodle: grade=HEADER,maximum=HEADER,...")
    export.add_argument("--scale", action="store_true", help="to the points that are there")
    export.add_argument("--feedback", action="store_true", help="with comments, for Moodle")
    export.set_defaults(run=run_export)


def run_grade(options: argparse.Namespace) -> int:
    """Grade, write OUT/grades.csv and OUT/results/, print the table; 1 if the grader failed."""
    from autograder.teacher.grading import Settings, grade

    if options.workers is not None and options.workers < 1:
        raise UserError(f"--workers {options.workers}: the number has to be 1 or more")
    chosen = find(options.assignment)
    settings = Settings(
        device=options.device or chosen.device,
        isolation=options.isolation,
        counts=options.counts,
        workers=options.workers,
        cluster=options.cluster,
        again=options.again,
        forget=tuple(options.forget),
        roster=options.roster,
        system=options.system,
    )
    return grade(options.submissions, options.out, chosen, settings)


def run_override(options: argparse.Namespace) -> int:
    """Give a mark by hand, and print what it has changed."""
    from autograder.batch.overrides import Kind
    from autograder.teacher.override import Decision, override

    who = options.by or getpass.getuser()
    kind: Kind = "excused" if options.excused else "withdrawn" if options.regrade else "by_hand"
    decision = Decision(kind, options.score, options.why, who)
    for line in override(options.out, options.name, options.exercise, decision):
        print(line)
    return 0


def run_export(options: argparse.Namespace) -> int:
    """Write the marks, and print what is not in them; 1 if that is a mark of OUT."""
    from autograder.teacher.export.marks_out import Wanted, export

    if options.gradescope:
        raise UserError("Gradescope takes no table of marks: `descent gradescope` builds a zip")
    kind = next(kind for kind in ("canvas", "moodle", "csv", "xlsx") if getattr(options, kind))
    rest = {key: getattr(options, key) for key in ("to", "column", "columns", "scale", "feedback")}
    lines, left = export(options.out, Wanted(kind, getattr(options, kind), **rest))
    print("\n".join(lines))
    return int(left > 0)


def run_report(options: argparse.Namespace) -> int:
    """Write OUT/report, and say where its first page is."""
    from autograder.batch.lookup import opened
    from autograder.teacher.class_pages import write_report

    with opened(options.out) as ledger:
        print(f"report: {write_report(ledger, options.out)}")
    return 0


def run_explain(options: argparse.Namespace) -> int:
    """Print why a student has a mark."""
    from autograder.inside.words import printable
    from autograder.teacher.explain import explain

    level = options.isolation if options.replay else None
    for line in explain(options.out, options.student, options.exercise, level):
        print(printable(line))
    return 0


def run_viva(options: argparse.Namespace) -> int:
    """Print or write the sheets of questions about a student's code."""
    from autograder.teacher.viva.command import viva

    if options.questions < 1:
        raise UserError(f"--questions {options.questions}: the number has to be 1 or more")
    count, level, folder = options.questions, options.isolation, options.write
    for text in viva(options.out, options.student, count, level, folder):
        print(text)
    return 0


def run_similar(options: argparse.Namespace) -> int:
    """Write OUT/report/similar.html, and print who is alike in what."""
    from autograder.batch.lookup import opened
    from autograder.teacher.similar_page import write_similar

    with opened(options.out) as ledger:
        for line in write_similar(ledger, options.out):
            print(line)
    return 0
