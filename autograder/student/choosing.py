"""The list of `descent watch`: pages of exercises, of which one is chosen."""

from __future__ import annotations

from collections.abc import Mapping

from autograder.judging.verdict import Verdict
from autograder.student.lines import width
from autograder.student.screen import list_line
from autograder.student.terminal import Screen

MOVES = {"up": -1, "k": -1, "down": 1, "j": 1}
FOOT_LINES = 3
CHOOSING = "up down   n p page   enter choose   l back"


class Choosing:
    """A list in which a mark stands, `marked`, by name."""

    def __init__(self, verdicts: Mapping[str, Verdict], marked: str, screen: Screen) -> None:
        self._verdicts, self._screen, self.marked = verdicts, screen, marked

    def key(self, pressed: str) -> None:
        """Move the mark by a line, with n and p by a page; show the list."""
        names, room = list(self._verdicts), self._room()
        pages = {"n": room, " ": room, "p": -room}
        at = names.index(self.marked) + (MOVES | pages).get(pressed, 0)
        self.marked = names[min(max(at, 0), len(names) - 1)]
        self.show()

    def show(self) -> None:
        """Show the page on which the mark stands."""
        names, room = list(self._verdicts), self._room()
        page = names.index(self.marked) // room
        shown = names[page * room : (page + 1) * room]
        lines = (
            f"{'>' if name == self.marked else ' '} {list_line(self._verdicts[name], width() - 3)}"
            for name in shown
        )
        foot = [f"page {page + 1} of {-(-len(names) // room)}", CHOOSING]
        self._screen.show([*lines], ["", *foot])

    def _room(self) -> int:
        return max(1, self._screen.rows - FOOT_LINES)
