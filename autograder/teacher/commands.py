"""The teacher's commands."""

from __future__ import annotations

import argparse
from contextlib import closing
from pathlib import Path
from typing import Any

from autograder.course import assignment
from autograder.inside.errors import UserError
from autograder.inside.words import counted
from autograder.teacher import desk_commands
from autograder.teacher.assignments import find, write_new
from autograder.teacher.desk_commands import OTHERS


def add(commands: Any) -> None:
    """Add the teacher's commands to the parser."""
    desk_commands.add(commands)
    _add_packing(commands)
    _add_authoring(commands)


def _add_packing(commands: Any) -> None:
    """Add what is given away: an assignment, students' copies, an autograder for otter."""
    listed = commands.add_parser("modules", help="list the modules: exercises, points, hours")
    listed.set_defaults(run=run_modules)
    begin = commands.add_parser("new-assignment", help="write an assignment, to be filled in")
    begin.add_argument("file", type=Path, help="the .toml file to write, such as week-3.toml")
    begin.set_defaults(run=run_new_assignment)
    release = commands.add_parser("release", help="pack a student's copy of an assignment")
    release.add_argument("assignment", help=f"core, {OTHERS}")
    release.add_argument("--out", type=Path, required=True, help="the zip to write")
    release.add_argument("--self-study", action="store_true", help="with the references")
    release.set_defaults(run=run_release)
    otter = commands.add_parser("otter", help="build an otter autograder with the same marks")
    otter.add_argument("assignment", help=f"core, {OTHERS}")
    otter.add_argument("--out", type=Path, required=True, help="the zip to write")
    otter.add_argument("--modules", action="store_true", help="for zips of module files")
    otter.set_defaults(run=run_otter)
    gradescope = commands.add_parser("gradescope", help="build an autograder for Gradescope")
    gradescope.add_argument("assignment", help=f"core, {OTHERS}")
    gradescope.add_argument("--out", type=Path, required=True, help="the zip to write")
    gradescope.set_defaults(run=run_gradescope)
    classroom = commands.add_parser("classroom50", help="build an autograder for Classroom 50")
    classroom.add_argument("assignment", help=f"core, {OTHERS}")
    classroom.add_argument("--out", type=Path, required=True, help="the folder to write")
    classroom.set_defaults(run=run_classroom50)


def _add_authoring(commands: Any) -> None:
    """Add what whoever writes exercises needs."""
    new = commands.add_parser("new", help="begin a new exercise: write its files, to be filled in")
    new.add_argument("id", help="its id, such as m13.1")
    new.add_argument("name", help="the function or class that it asks for")
    new.add_argument("--module", help="the name of a new module, such as m13_optimisation")
    new.set_defaults(run=run_new)
    build = commands.add_parser("build", help="write exercises/ anew from the solutions")
    build.set_defaults(run=run_build)
    check = commands.add_parser("check", help="let the kit check itself")
    check.add_argument("--assignment", default="course", help="course (default), or another one")
    check.set_defaults(run=run_check)
    quality = commands.add_parser("quality", help="count how well the judge judges")
    quality.add_argument("--assignment", default="course")
    quality.add_argument("--probes", action="store_true", help="list each probe's unique catches")
    quality.add_argument("--secrets", type=int, metavar="N", help="only try N secrets for flakes")
    quality.add_argument("--again", action="store_true", help="judge even what is recorded")
    quality.set_defaults(run=run_quality)
    coverage = commands.add_parser("coverage", help="print which exercise answers which question")
    coverage.set_defaults(run=run_coverage)
    errata = commands.add_parser("errata", help="run the experiments that refute the documents")
    errata.add_argument("--out", type=Path, metavar="PAGE.html", help="write them as a page")
    errata.set_defaults(run=run_errata)


def run_modules(options: argparse.Namespace) -> int:
    """Print what a teacher plans a course by."""
    from autograder.teacher.catalogue import table

    print("\n".join(table()))
    return 0


def run_new_assignment(options: argparse.Namespace) -> int:
    """Write a commented assignment, and say what comes next."""
    write_new(options.file)
    print(f"wrote {options.file}: fill it in, then descent release {options.file} --out FILE.zip")
    return 0


def run_new(options: argparse.Namespace) -> int:
    """Write the files of a new exercise, and say what comes next."""
    from autograder.teacher.new import new

    for line in new(options.id, options.name, options.module):
        print(line)
    return 0


def run_build(options: argparse.Namespace) -> int:
    """Write the stubs and the public cases; say which files changed."""
    from autograder.answers.ways import slow_parts
    from autograder.cells.observer import LocalObserver
    from autograder.course import exercises
    from autograder.teacher.build import EXERCISES, build
    from autograder.teacher.entries import incomplete

    if missing := incomplete():
        raise UserError(f"{missing[0]}; `descent check` lists what else is missing")
    warm = slow_parts(exercises().values())
    with closing(LocalObserver("basic", warm=warm)) as observer:
        changed = build(EXERCISES, observer)
    print("\n".join(f"wrote {path}" for path in changed) or "exercises/ is up to date")
    return 0


def run_check(options: argparse.Namespace) -> int:
    """Print every fault of the kit; 1 if there is one."""
    from autograder.teacher.selfcheck import findings

    found = list(findings(assignment(options.assignment).exercises))
    print("\n".join([*found, counted(len(found), "fault")]))
    return int(bool(found))


def run_quality(options: argparse.Namespace) -> int:
    """Print what was judged wrongly, and the table; 1 if there is anything."""
    from autograder.teacher import quality, record

    chosen = assignment(options.assignment).exercises
    if options.secrets:
        flaky = list(quality.flakes(chosen, options.secrets))
        print("\n".join([*flaky, f"{options.secrets} secrets: {len(flaky)} verdicts not `pass`"]))
        return int(bool(flaky))
    modules = quality.count(chosen, {} if options.again else record.known())
    if options.assignment == "course":  # else some exercises of a module may be left out
        record.write(modules)
    faults = [fault for module in modules for fault in module.faults]
    print("\n".join([*faults, *quality.table(modules)]))
    if options.probes:
        print("\n".join(quality.unique_catches(chosen, modules)))
        print("\n".join(quality.on_words(chosen, modules)))
    return int(bool(faults))


def run_coverage(options: argparse.Namespace) -> int:
    """Print the matrix, and what is missing in it; 1 if anything is."""
    from autograder.teacher.coverage import faults, summary, table

    found = list(faults())
    print("\n".join([*table(), *found, summary()]))
    return int(bool(found))


def run_errata(options: argparse.Namespace) -> int:
    """Run each experiment that refutes a claim of the documents, and print or write them all; 1 if
    one does not print what the course says."""
    from autograder.teacher.errata import faults, lines, refuted, summary

    ran = refuted()
    if options.out:
        from autograder.teacher.errata_page import write_errata

        write_errata(ran, options.out)
        print(f"wrote {options.out}")
    else:
        print("\n".join(lines(ran)))
    found = list(faults(ran))
    print("\n".join([*found, summary(ran)]))
    return int(bool(found))


def run_release(options: argparse.Namespace) -> int:
    """Write the zip of a student's copy."""
    from autograder.answers.ways import slow_parts
    from autograder.cells.observer import LocalObserver
    from autograder.teacher.release import release

    chosen = find(options.assignment)
    warm = slow_parts(chosen.exercises)
    with closing(LocalObserver("basic", warm=warm)) as observer:
        count = release(chosen, options.out, observer, options.self_study)
    print(f"wrote {options.out} ({count} files)")
    return 0


def run_otter(options: argparse.Namespace) -> int:
    """Write the zip for `otter run`."""
    from autograder.teacher.otter import OtterError, build_autograder

    try:
        build_autograder(find(options.assignment), options.out, modules=options.modules)
    except OtterError as error:
        raise UserError(
            f"{error} (is otter installed? pip install 'graded-descent[otter]')"
        ) from error
    print(f"wrote {options.out}; grade with: otter run -a {options.out} -o . SUBMISSION")
    return 0


def run_gradescope(options: argparse.Namespace) -> int:
    """Write the zip for Gradescope, and say where it goes."""
    from autograder.teacher.gradescope import build

    count = build(find(options.assignment), options.out)
    print(f"wrote {options.out} ({count} files): upload it under Configure Autograder")
    return 0


def run_classroom50(options: argparse.Namespace) -> int:
    """Write the folder for Classroom 50, and say where it goes."""
    from autograder.teacher.classroom50 import build

    count = build(find(options.assignment), options.out)
    print(f"wrote {options.out} ({count} files): commit it as CLASSROOM/autograders/ASSIGNMENT")
    return 0
