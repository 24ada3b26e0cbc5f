"""Pictures of a module, drawn from the student's own functions: `descent plot m12`.

matplotlib is imported only where something is drawn: the other commands do without it.
"""

from __future__ import annotations

import importlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.course import modules, pictures
from autograder.inside.errors import UserError, first_line
from autograder.inside.files import write_file
from autograder.inside.words import printable
from autograder.student.own_module import Judged, judged_module

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SIZE_INCHES, DPI = (12.0, 8.0), 150


def plot(folder: Path, module: str, out: Path | None = None, show: bool = False) -> int:
    """Draw a module's picture from the functions in `folder`, and write it to `out` as a PNG.

    `module` is its short name, such as m12, and `out` MODULE.png by default. Returns 1 where a
    function of the student's raised while it was drawn, and else 0; raises UserError where there
    can be no picture.
    """
    name, figure_of = _picture(module)
    target = out or Path(f"{name}.png")
    if target.suffix.lower() != ".png":
        raise UserError(f"{target} does not end in .png: the picture is a PNG")
    figure = _new_figure(show)
    full_name = next(full for full in modules() if full.startswith(f"{name}_"))
    with judged_module(folder, full_name) as judged:
        lines = figure_of(figure, judged)
    _write(figure, target)
    print(*map(printable, [f"{target} is written", *dict.fromkeys(lines)]), sep="\n")
    if show:
        _show(target)
    return 1 if judged.stopped else 0


def _picture(module: str) -> tuple[str, Callable[[Figure, Judged], list[str]]]:
    name = module.partition("_")[0]
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


def _write(figure: Figure, target: Path) -> None:
    picture = io.BytesIO()
    figure.savefig(picture, format="png", dpi=DPI)
    try:
        write_file(target, picture.getvalue(), target.parent)
    except OSError as error:
        raise UserError(f"{target} cannot be written: {error.strerror}") from error


def _show(target: Path) -> None:
    from matplotlib import pyplot

    if pyplot.get_backend().lower() == "agg":
        raise UserError(f"no window can be opened here; the picture is in {target}")
    pyplot.show()
