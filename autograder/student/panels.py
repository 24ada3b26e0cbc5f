"""Panels: the places of a picture, each drawn where the exercises that it needs pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from textwrap import fill
from typing import TYPE_CHECKING, Generic, TypeVar

from autograder.course import Exercise
from autograder.inside.errors import UserError, first_line
from autograder.student.own_module import Judged, Stopped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.gridspec import SubplotSpec

Scene = TypeVar("Scene")  # what the panels of a picture share
LETTERS = 100  # of a text, side by side over the whole figure


@dataclass(frozen=True)
class Panel(Generic[Scene]):
    """One place of the figure: what it shows, and which exercises have to pass for it.

    `instead` may draw something else at its place while they do not; it says whether it did.
    """

    title: str
    needs: tuple[str, ...]
    draw: Callable[[Axes, Scene], None]
    projection: str | None = None
    instead: Callable[[Figure, SubplotSpec, Judged], bool] = lambda *_: False


def draw_panels(
    figure: Figure,
    judged: Judged,
    scene: Scene,
    panels: Sequence[Panel[Scene]],
    rows: Sequence[int],
) -> list[str]:
    """Draw panels, in rows of so many; return one line for whatever could not be drawn.

    Panels of exercises that the student's copy does not have are left out, and the others share
    their room. Raises UserError where none is left.
    """
    kept = [[panel for panel in row if judged.has(*panel.needs)] for row in _cut(panels, rows)]
    if not any(kept):
        raise UserError("the exercises of your copy are too few for a panel of this picture")
    messages = []
    for panel, place in _places(figure, [row for row in kept if row]):
        missing = [name for name in panel.needs if not judged.passes(name)]
        lines = [_not_yet(judged.verdicts[name].exercise) for name in missing]
        if not missing:
            lines = _draw(figure, place, panel, judged, scene)
        elif not panel.instead(figure, place, judged):
            _draw_text(figure, place, panel.title, lines[0])
        messages += lines
    return messages


def _cut(panels: Sequence[Panel[Scene]], rows: Sequence[int]) -> Iterator[Sequence[Panel[Scene]]]:
    for end, size in zip(accumulate(rows), rows, strict=True):
        yield panels[end - size : end]


def _places(
    figure: Figure, rows: Sequence[Sequence[Panel[Scene]]]
) -> Iterator[tuple[Panel[Scene], SubplotSpec]]:
    """Yield each panel with its place; the panels of a row are equally wide."""
    outer = figure.add_gridspec(len(rows), 1)
    for number, row in enumerate(rows):
        inner = outer[number].subgridspec(1, len(row))
        for column, panel in enumerate(row):
            yield panel, inner[column]


def _not_yet(exercise: Exercise) -> str:
    place = f"exercises/{exercise.module}.py::{exercise.name}"
    return f"{exercise.name} does not pass yet: pytest {place}"


def _draw(
    figure: Figure, place: SubplotSpec, panel: Panel[Scene], judged: Judged, scene: Scene
) -> list[str]:
    """Draw a panel; where a function raises, put a line in its place and return it."""
    before = set(figure.axes)
    axes = figure.add_subplot(place, projection=panel.projection)
    axes.set_title(panel.title)
    try:
        _drawing(panel, judged, axes, scene)
    except Stopped as stopped:
        for added in set(figure.axes) - before:  # a colorbar, too
            added.remove()
        _draw_text(figure, place, panel.title, str(stopped))
        return [str(stopped)]
    if axes.get_legend_handles_labels()[0]:
        axes.legend(fontsize="x-small", loc="upper left" if panel.projection else "best")
    return []


def _drawing(panel: Panel[Scene], judged: Judged, axes: Axes, scene: Scene) -> None:
    """Draw a panel; Stopped, in a line, where what the functions returned cannot be drawn."""
    try:
        panel.draw(axes, scene)
    except Stopped:
        raise
    except Exception as error:
        judged.stop(f"what {' and '.join(panel.needs)} gave is no picture: {first_line(error)}")


def _draw_text(figure: Figure, place: SubplotSpec, title: str, line: str) -> None:
    axes = figure.add_subplot(place)
    axes.set_title(title)
    axes.set_axis_off()
    width = LETTERS // place.get_gridspec().ncols
    text = "\n".join(fill(part, width) for part in line.replace(": ", ":\n", 1).split("\n"))
    axes.text(0.5, 0.5, text, ha="center", va="center", transform=axes.transAxes)
