"""The student's commands."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.course import PARTS
from autograder.course.names import exercise_called, module_called
from autograder.inside import PACKAGE
from autograder.inside.errors import UserError
from autograder.inside.words import printable
from autograder.student.hints import hint
from autograder.student.lines import width, wrap
from autograder.student.names import exercises_called
from autograder.student.progress import exercises_folder, note_passed
from autograder.student.start import start

if TYPE_CHECKING:
    from autograder.student.desk import Desk


def add(commands: Any) -> None:
    """Add the student's commands to the parser."""
    if (PACKAGE / "teacher").is_dir():  # a copy cannot write copies
        command = commands.add_parser("start", help="write the exercises into a folder to work in")
        command.add_argument("folder", type=Path, nargs="?", default=Path("graded-descent"))
        told = f"course (default), {', '.join(PARTS)}, path, or a module: what to begin with"
        command.add_argument("--assignment", default="course", help=told)
        command.set_defaults(run=run_start)
    _add_judging(commands)
    command = commands.add_parser("predict", help="say what code will do before you write some")
    command.add_argument("module", help="the module, such as m08")
    command.set_defaults(run=run_predict)
    command = commands.add_parser("plot", help="draw a picture with your own functions")
    command.add_argument("module", help="the module, such as m12")
    command.add_argument("--out", type=Path, help="the PNG to write (MODULE.png)")
    command.add_argument("--show", action="store_true", help="open a window, too")
    command.set_defaults(run=run_plot)
    command = commands.add_parser("notebook", help="write a module as a notebook with checks")
    command.add_argument("module", help="the module, such as m06")
    command.add_argument("--out", type=Path, help="the .ipynb to write (MODULE.ipynb)")
    command.set_defaults(run=run_notebook)
    command = commands.add_parser("update", help="take over a newer copy, and keep what you wrote")
    command.add_argument("archive", type=Path, help="the zip of the newer copy")
    command.set_defaults(run=run_update)


def _add_judging(commands: Any) -> None:
    """Add the commands about exercises: judge them, help with them, begin them anew."""
    command = commands.add_parser("run", help="judge one exercise")
    command.add_argument("name", help="the exercise, such as mse")
    command.set_defaults(run=run_one)
    command = commands.add_parser("try", help="run a case of one exercise here, where pdb works")
    command.add_argument("name", help="the exercise, such as mse")
    command.add_argument("--pdb", action="store_true", help="open pdb where an exception is raised")
    command.set_defaults(run=run_try)
    command = commands.add_parser("list", help="show all exercises with their state")
    command.add_argument("module", nargs="?", help="only those of a module, such as m06")
    command.set_defaults(run=run_list)
    command = commands.add_parser(
        "why", help="show why an exercise works, and what it has answered"
    )
    command.add_argument("name", help="an exercise that has passed, such as mse")
    command.set_defaults(run=run_why)
    command = commands.add_parser("watch", help="judge every save of a file at once")
    command.add_argument("file", nargs="*", help="only this file, or module, or FILE::NAME")
    command.set_defaults(run=run_watch)
    command = commands.add_parser("hint", help="show the next hint for an exercise")
    command.add_argument("name", help="the exercise, such as mse")
    command.add_argument("number", type=int, nargs="?", help="1, 2 or 3 instead of the next")
    command.set_defaults(run=run_hint)
    command = commands.add_parser("reset", help="put the stub of an exercise back")
    command.add_argument("name", help="the exercise, such as mse")
    command.set_defaults(run=run_reset)


def run_start(options: argparse.Namespace) -> int:
    """Write a copy of the exercises, and say what comes next."""
    print(printable(start(options.folder, options.assignment)))
    print(f"next: cd {shlex.quote(str(options.folder))} && pytest exercises/")
    return 0


def run_one(options: argparse.Namespace) -> int:
    """Judge one exercise, and print what pytest's screen says about it."""
    from autograder.student.screen import exercise_lines

    with _desk_of(options.name) as desk:
        verdict = desk.verdict(options.name)
        print("\n".join(exercise_lines(options.name, {options.name: verdict}, desk)))
        if verdict.status == "pass":
            note_passed(desk.folder, [options.name])
    return int(verdict.status != "pass")


def run_try(options: argparse.Namespace) -> int:
    """Run the failing case of an exercise in this process."""
    from autograder.student.trying import try_case

    with _desk_of(options.name) as desk:
        return try_case(desk, options.name, options.pdb)


@contextmanager
def _desk() -> Iterator[Desk]:
    """Open the desk of the copy."""
    from autograder.student.desk import Desk

    with closing(Desk(exercises_folder())) as desk:
        yield desk


@contextmanager
def _desk_of(name: str) -> Iterator[Desk]:
    """Open the desk that has an exercise; UserError where there is none."""
    exercise_called(name)
    with _desk() as desk:
        if name not in desk.exercises:
            raise UserError(f"{name} is not among the exercises of {desk.folder}")
        yield desk


def run_list(options: argparse.Namespace) -> int:
    """Judge the exercises, and print a line for each as soon as it is judged."""
    from autograder.student.screen import also_lines, list_line, progress_lines

    module = module_called(options.module) if options.module else None
    with _desk() as desk:
        verdicts = []
        for name, exercise in desk.exercises.items():
            if module in (None, exercise.module):
                verdicts.append(desk.verdict(name))
                print(list_line(verdicts[-1], width()), flush=True)
        if not verdicts:
            raise UserError(f"{desk.folder} has no exercise of {module}")
        note_passed(desk.folder, [v.exercise.name for v in verdicts if v.status == "pass"])
        print("", *also_lines(verdicts, desk), *progress_lines(verdicts, desk), sep="\n")
    return 0


def run_why(options: argparse.Namespace) -> int:
    """Print why an exercise works, once it has passed."""
    from autograder.student.screen import why_lines

    print(*why_lines(exercise_called(options.name), exercises_folder()), sep="\n")
    return 0


def run_watch(options: argparse.Namespace) -> int:
    """Watch the folder of exercises, or some of its files, until q."""
    folder, names = exercises_called(options.file, Path.cwd())
    print("judging ...", flush=True)  # the first page, before all that takes time to import
    from autograder.student.watch import watch

    return watch(folder, names)


def run_hint(options: argparse.Namespace) -> int:
    """Print one hint, and remember that it was asked for."""
    text = hint(exercises_folder(), options.name, options.number)
    print(*wrap(text, width()), sep="\n")
    return 0


def run_predict(options: argparse.Namespace) -> int:
    """Ask the questions of a module that come before its code."""
    from autograder.student.predict import ask

    return ask(options.module, exercises_folder())


def run_plot(options: argparse.Namespace) -> int:
    """Draw the picture of a module."""
    from autograder.student.plot import plot

    return plot(exercises_folder(), options.module, options.out, options.show)


def run_notebook(options: argparse.Namespace) -> int:
    """Write a notebook of a module."""
    from autograder.student.make_notebook import write_notebook

    target = write_notebook(exercises_folder(), options.module, options.out)
    print(printable(f"{target} is written"))
    return 0


def run_reset(options: argparse.Namespace) -> int:
    """Put a stub back, and say where the student's version lies."""
    from autograder.student.reset import reset

    print(printable(reset(exercises_folder(), exercise_called(options.name).name)))
    return 0


def run_update(options: argparse.Namespace) -> int:
    """Bring new stubs and cases."""
    from autograder.student.update import update

    for line in update(exercises_folder(), options.archive):
        print(printable(line))
    return 0
