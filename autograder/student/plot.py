"""Pictures of a module, drawn from the student's own functions: `descent plot m12`.

matplotlib is imported only where something is drawn: the other commands do without it.
"""

from __future__ import annotations

import importlib
import io
import os
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.course import modules, pictures
from autograder.course.names import module_called
from autograder.disk.files import write_file
from autograder.inside.errors import UserError, first_line
from autograder.inside.words import printable
from autograder.student.own_module import Judged, judged_module

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SIZE_INCHES, DPI = (12.0, 8.0), 150


def plot(folder: Path, module: str, out: Path | None = None, show: bool = False) -> int:
    """Draw a module's picture from the functions in `folder`, and write it to `out` as a PNG.

    `module` is its short name, such as m12, and `out` MODULE.png by default; another picture that
    lies there is kept under a new name. Returns 1 where a function of the student's raised while
    it was drawn, and else 0; raises UserError where there can be no picture.
    """
    name, _ = _picture(module)
    target = out or Path(f"{name}.png")
    if target.suffix.lower() != ".png":
        raise UserError(f"{target} does not end in .png: the picture is a PNG")
    figure, lines, stopped = drawn(folder, module, show)
    kept = _write(figure, target)
    written = f"{target} is written" + (f"; the one before is now {kept}" if kept else "")
    print(*map(printable, [written, *dict.fromkeys(lines)]), sep="\n")
    if show:
        _show(target)
    return 1 if stopped else 0


def drawn(folder: Path, module: str, show: bool = False) -> tuple[Figure, list[str], bool]:
    """Draw a module's picture as `plot` does; return it, the lines to tell, and whether a function
    of the student's raised."""
    name, figure_of = _picture(module)
    figure = _new_figure(show)
    full_name = next(full for full in modules() if full.startswith(f"{name}_"))
    with judged_module(folder, full_name) as judged:
        lines = figure_of(figure, judged)
    return figure, lines, bool(judged.stopped)


def _picture(module: str) -> tuple[str, Callable[[Figure, Judged], list[str]]]:
    name = module_called(module).partition("_")[0]
    if name not in pictures():
        raise UserError(f"there are pictures of {', '.join(pictures())}; {module} has none yet")
    return name, importlib.import_module(f"autograder.student.picture_{name}").draw


def _new_figure(show: bool) -> Figure:
    """Make an empty figure, without any window system unless it is to be shown."""
    try:
        from matplotlib.figure import Figure

        if not show:
            return Figure(figsize=SIZE_INCHES, dpi=DPI, layout="constrained")
        from matplotlib import pyplot
    except ImportError as error:
        raise UserError("descent plot needs matplotlib: pip install matplotlib") from error
    try:
        return pyplot.figure(figsize=SIZE_INCHES, layout="constrained")
    except Exception as error:  # whatever the window system says
        raise UserError(f"no window can be opened here: {first_line(error)}") from error


def _write(figure: Figure, target: Path) -> Path | None:
    """Write a figure; return where the picture that lay there is now, if there was another one."""
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", dpi=DPI)
    try:
        kept = _keep(target, drawn.getvalue())
        write_file(target, drawn.getvalue(), target.parent)
    except OSError as error:
        raise UserError(f"{target} cannot be written: {error.strerror}") from error
    return kept


def _keep(target: Path, drawn: bytes) -> Path | None:
    """Rename a file that is there and is not the same: m12.png to m12-1.png, or the next free."""
    if target.is_symlink() or not target.is_file() or target.read_bytes() == drawn:
        return None
    names = (target.with_name(f"{target.stem}-{number}{target.suffix}") for number in count(1))
    return target.rename(next(name for name in names if not os.path.lexists(name)))


def _show(target: Path) -> None:
    from matplotlib import pyplot

    if pyplot.get_backend().lower() == "agg":
        raise UserError(f"no window can be opened here; the picture is in {target}")
    pyplot.show()
