"""Notebooks: the magics `%check`, `%hint`, `%why`, `%predict` and `%plot`.

`%load_ext autograder.student.notebook` brings them. Magics are comments to whoever reads the
notebook as Python, so a notebook with checks in it can be handed in as it is.
"""

from __future__ import annotations

import atexit
import io
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from autograder.cells.host import GraderFault
from autograder.course import modules
from autograder.course.names import exercise_called
from autograder.inside.errors import UserError
from autograder.inside.warm import OPTIMIZERS
from autograder.inside.words import printable
from autograder.student import lines as page
from autograder.student.desk import Desk
from autograder.student.here import command_here
from autograder.student.hints import hint
from autograder.student.lines import block, width, wrap
from autograder.student.plot import drawn
from autograder.student.predict import ask
from autograder.student.progress import exercises_folder, note_passed
from autograder.student.screen import exercise_lines, why_lines
from autograder.student.write_back import ChangedInFile, write_back

CHOICES = ("--file", "--notebook")
WIDTH = 45  # JupyterLab on a page of 800 pixels breaks wider lines, inside a word
_TIMED = re.compile(r"\s*%%(time|capture|prun)\b[^\n]*\n")  # what runs its cell as Python
_desks: dict[Path, Desk] = {}  # a warm process for the whole session of a kernel


def check(name: str, cells: Sequence[str], folder: Path, replace: bool = False) -> list[str]:
    """Write an exercise, as the cells that ran define it, into its file in `folder`, and judge
    that; return the lines to read.

    Raises UserError as `write_back` does, and for the name of no exercise.
    """
    exercise = exercise_called(name)
    desk = _desk(folder)
    if name not in desk.exercises:
        raise UserError(f"{name} is not among the exercises of {folder}")
    notes = write_back(folder, exercise, cells, replace)
    desk.forget()
    try:
        related = [name, *(n for n in exercise.builds_on if n in desk.exercises)]
        verdicts = {n: desk.verdict(n) for n in related}
    except GraderFault as error:
        return [printable(str(error))]
    if verdicts[name].status == "pass":
        note_passed(folder, [name])
    lines = [printable(line) for note in notes for line in block("NOTE", note)]
    lines += exercise_lines(name, verdicts, desk)
    for command in ("hint", "why"):
        typed = command_here(folder, command, name)
        lines = [line.replace(typed, f"%{command} {name}") for line in lines]
    return lines


def _desk(folder: Path) -> Desk:
    if folder not in _desks:
        _desks[folder] = Desk(folder, warm=OPTIMIZERS)
        atexit.register(_desks[folder].close)
    return _desks[folder]


class Magics:
    """What the magics do, in one kernel, for one folder of exercises."""

    def __init__(self, ipython: Any, folder: Path) -> None:
        self._ipython = ipython
        self._folder = folder

    def check(self, line: str) -> None:
        """Write an exercise into its file as this notebook defines it, and judge it:
        `%check mse`."""
        choices = [word for word in line.split() if word in CHOICES]
        name = " ".join(word for word in line.split() if word not in CHOICES)
        cells = [self._python(cell) for cell in self._ipython.history_manager.input_hist_raw[1:]]
        try:
            print("\n".join(check(name, cells, self._folder, choices == ["--notebook"])))
        except ChangedInFile as changed:
            if choices != ["--file"]:
                raise
            self._ipython.set_next_input("\n\n\n".join(changed.texts))
            print("the next cell has what stands in the file: run it, and delete the other one")

    def hint(self, line: str) -> None:
        """Show the next hint for an exercise, or one of them: `%hint mse`, `%hint mse 2`."""
        name, _, number = line.partition(" ")
        if number and not number.isdecimal():
            raise UserError(f"{number!r} is no number of a hint")
        text = hint(self._folder, name, int(number) if number else None)
        print(*wrap(text, width()), sep="\n")

    def why(self, line: str) -> None:
        """Show why an exercise that has passed works, and what it has answered: `%why mse`."""
        print(*why_lines(exercise_called(line), self._folder), sep="\n")

    def predict(self, line: str) -> None:
        """Ask what a few lines of code will do: `%predict m06`."""
        ask(line, self._folder, _read)

    def plot(self, line: str) -> None:
        """Draw a picture with the functions that stand in the files: `%plot m06`."""
        from IPython.display import Image, display

        figure, lines, _ = drawn(self._folder, line)
        picture = io.BytesIO()
        figure.savefig(picture, format="png", dpi=100)
        display(Image(picture.getvalue()))
        print(*map(printable, dict.fromkeys(lines)), sep="\n")

    def _python(self, cell: str) -> str:
        """Return a cell as the Python that the kernel ran; as it is where it is none."""
        try:
            return str(self._ipython.transform_cell(_TIMED.sub("", cell, count=1)))
        except SyntaxError:
            return cell


def _read(prompt: str) -> str:
    """Ask for a line; EOFError where this kernel cannot."""
    from IPython.core.error import StdinNotImplementedError

    try:
        return input(prompt)
    except StdinNotImplementedError as error:
        raise EOFError from error


def _told(magic: Callable[[str], None]) -> Callable[[str], None]:
    """Return a magic that prints what its user did wrong, in a line."""

    def told(line: str) -> None:
        try:
            magic(line.strip())
        except UserError as error:
            print(printable(str(error)))

    told.__doc__ = magic.__doc__
    return told


def load_ipython_extension(ipython: Any) -> None:
    """Add the magics to a notebook; `exercises/` is importable, and read again once it changes."""
    try:
        folder = exercises_folder()
    except UserError as error:
        print(printable(str(error)))
        return
    page.WIDTH = WIDTH
    sys.path.insert(0, str(folder))
    _reload_changed(ipython)
    magics = Magics(ipython, folder)
    for magic in (magics.check, magics.hint, magics.why, magics.predict, magics.plot):
        ipython.register_magic_function(_told(magic), "line", magic.__name__)


def _reload_changed(ipython: Any) -> None:
    """Read the modules of the course again, around each cell, where their files have changed."""
    from IPython.extensions.autoreload import ModuleReloader

    reloader = ModuleReloader()
    reloader.enabled, reloader.check_all = True, False
    for name in modules():
        reloader.mark_module_reloadable(name)
    for event in ("pre_run_cell", "post_run_cell"):
        ipython.events.register(event, lambda *_: reloader.check())
