"""Panels: the places of a picture, each drawn where the exercises that it needs pass."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from autograder.course import Exercise
from autograder.student.own_module import Judged, Stopped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Scene = TypeVar("Scene")  # what the panels of a picture share


@dataclass(frozen=True)
class Panel(Generic[Scene]):
    """One place of the figure: what it shows, and which exercises have to pass for it."""

    title: str
    needs: tuple[str, ...]
    draw: Callable[[Axes, Scene], None]
    projection: str | None = None


def draw_panels(
    figure: Figure,
    judged: Judged,
    scene: Scene,
    panels: Sequence[Panel[Scene]],
    shape: tuple[int, int],
    instead: Callable[[Figure, int, Judged], bool] = lambda *_: False,
) -> list[str]:
    """Draw panels into a grid of (rows, columns); return one line for whatever could not be drawn.

    `instead` may draw something else at the place of a panel that cannot be drawn yet; it says
    whether it did.
    """
    messages = []
    for place, panel in enumerate(panels, 1):
        missing = [name for name in panel.needs if not judged.passes(name)]
        lines = [_not_yet(judged.verdicts[name].exercise) for name in missing]
        if not missing:
            lines = _draw(figure, (*shape, place), panel, scene)
        elif not instead(figure, place, judged):
            _draw_text(figure, (*shape, place), panel.title, lines[0])
        messages += lines
    return messages


def _not_yet(exercise: Exercise) -> str:
    return f"{exercise.name} does not pass yet: pytest exercises/ -k {exercise.name}"


def _draw(
    figure: Figure, place: tuple[int, int, int], panel: Panel[Scene], scene: Scene
) -> list[str]:
    """Draw a panel; where a function raises, put a line in its place and return it."""
    axes = figure.add_subplot(*place, projection=panel.projection)
    axes.set_title(panel.title)
    try:
        panel.draw(axes, scene)
    except Stopped as stopped:
        axes.remove()
        _draw_text(figure, place, panel.title, str(stopped))
        return [str(stopped)]
    if axes.get_legend_handles_labels()[0]:
        axes.legend(fontsize="x-small", loc="upper left" if panel.projection else "best")
    return []


def _draw_text(figure: Figure, place: tuple[int, int, int], title: str, line: str) -> None:
    axes = figure.add_subplot(*place)
    axes.set_title(title)
    axes.set_axis_off()
    text = line.replace(": ", ":\n", 1)
    axes.text(0.5, 0.5, text, ha="center", va="center", wrap=True, transform=axes.transAxes)
