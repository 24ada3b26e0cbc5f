"""`descent watch`: every save is judged at once, by a process that has torch already."""

from __future__ import annotations

import contextlib
import os
import shlex
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from autograder.cells.host import GraderFault
from autograder.cells.source import FORKS
from autograder.inside.errors import UserError
from autograder.inside.warm import OPTIMIZERS
from autograder.judging.verdict import Verdict
from autograder.student.choosing import Choosing
from autograder.student.desk import Desk
from autograder.student.hints import hint
from autograder.student.keyboard import Keyboard, keyboard
from autograder.student.lines import block, width, wrap
from autograder.student.progress import note_passed
from autograder.student.screen import also_lines, exercise_lines, progress_lines
from autograder.student.terminal import POLL_MS, Saves, Screen, why_poll

KEYS_S = 0.05  # how often it is looked for a key
LIMIT_S = 3.0  # of processor time for an exercise: whoever waits wants to go on
KEYS = "n next   p back   h hint   l list   r rerun   e edit   q quit"
JOINED = "\0"  # in place of a space at which no line breaks


class Watch:
    """Judges what is saved of some exercises, and shows one of them at a time."""

    def __init__(
        self, desk: Desk, names: Sequence[str], screen: Screen, notes: Sequence[str] = ()
    ) -> None:
        self._desk = desk
        self._names = names
        self._screen = screen
        self._notes = notes
        self._verdicts: dict[str, Verdict] = {}
        self._first: Sequence[str] = ()  # what is shown as soon as it is judged
        self._left: list[str] = []  # what is still to be judged
        self._status: dict[str, str] = {}  # of what was judged before
        self._current = ""
        self._before: list[str] = []  # what was shown, to go back to
        self._above: list[str] = []  # what a key has asked for, above the exercise
        self._judging = self._told = ""
        self._start = 0.0
        self._part = 0
        self._list: Choosing | None = None

    def judge(self, modules: set[str] | None = None) -> None:
        """Begin to judge: the exercises of some modules first, then all the others."""
        self._start, self._list, self._above = time.perf_counter(), None, []
        names = self._names
        first = [n for n in names if modules and self._desk.exercises[n].module in modules] or names
        saved = dict.fromkeys(self._desk.exercises[name].module for name in first)
        files = ", ".join(f"{module}.py" for module in saved)
        self._judging = files if modules else f"{len(first)} exercises"
        self._first, self._left = first, [*first, *(n for n in names if n not in first)]
        self._status = {name: verdict.status for name, verdict in self._verdicts.items()}
        self._screen.show([f"judging {self._judging} ..."])
        self._desk.forget()

    @property
    def is_judging(self) -> bool:
        """Whether something is still to be judged."""
        return bool(self._left)

    @property
    def has_page(self) -> bool:
        """Whether the exercises that come first are judged, so that keys can be answered."""
        return len(self._names) - len(self._left) >= len(self._first)

    def go_on(self) -> None:
        """Judge the next exercise; show the page when the first ones are judged, and at the end."""
        if not self._left:
            return
        done = len(self._names) - len(self._left)
        self._screen.say(f"{done} of {len(self._names)}")
        name = self._left.pop(0)
        self._verdicts[name] = self._desk.verdict(name)
        if done + 1 == len(self._first):
            self._move_on(self._first, self._status)
        if done + 1 == len(self._first) or not self._left:
            self._judged()

    def _judged(self) -> None:
        """Tell what is judged, on the page that is shown."""
        self._verdicts = {n: self._verdicts[n] for n in self._names if n in self._verdicts}
        self._told = f"judged {self._judging} in {time.perf_counter() - self._start:.2f} s"
        if self._left:
            self._told += "; judging the others ..."
        else:
            passing = [name for name, one in self._verdicts.items() if one.status == "pass"]
            note_passed(self._desk.folder, passing)
        if self._list is not None:
            self._list = Choosing(self._verdicts, self._list.marked, self._screen)
            self._list.show()
        else:
            self.show()

    def key(self, pressed: str) -> None:
        """Do what a key asks for; q is for whoever reads the keys."""
        if self._list is not None:
            self._choose(self._list, pressed)
        elif pressed == " ":
            self._show(self._shown, self._part + 1)
        elif pressed:
            self._above = []
            self._answer(pressed)

    def _answer(self, pressed: str) -> None:
        """Do what a key asks for on the page of an exercise."""
        if pressed == "n":
            self._turn(self._next())
        elif pressed == "p":
            if self._before:
                self._current = self._before.pop()
            self.show()
        elif pressed == "h":
            text = hint(self._desk.folder, self._current)
            self._above = [*block("HINT", text), ""]
            self.show()
        elif pressed == "l":
            self._list = Choosing(self._verdicts, self._current, self._screen)
            self._list.show()
        elif pressed == "r":
            self.judge()
        elif pressed == "e":
            self._edit()
        elif pressed == "back":
            self.show()

    def show(self) -> None:
        """Show the page of the current exercise."""
        also = also_lines(self._verdicts.values(), self._desk)
        about = exercise_lines(self._current, self._verdicts, self._desk)
        self._show([*self._above, *about, *also])

    def _show(self, lines: Sequence[str], part: int = 0) -> None:
        self._shown, self._part = lines, part
        notes = [part for note in (self._told, *self._notes) for part in wrap(note, width() - 1)]
        done = progress_lines(self._verdicts.values(), self._desk)
        self._screen.show(lines, ["", *done, *notes, *keys_lines()], part)

    def _choose(self, chosen: Choosing, pressed: str) -> None:
        if pressed in ("enter", "l"):
            self._list = None
            self._turn(chosen.marked if pressed == "enter" else self._current)
        else:
            chosen.key(pressed)

    def _move_on(self, saved: Sequence[str], before: Mapping[str, str]) -> None:
        """Turn to what is to be fixed in the saved files, or to what has just been done."""
        status = {name: verdict.status for name, verdict in self._verdicts.items()}
        failed = [name for name in saved if status[name] == "fail"]
        done = [n for n in saved if status[n] == "pass" and before.get(n, "pass") != "pass"]
        if failed:
            self._turn(self._current if self._current in failed else failed[0], show=False)
        elif done:
            self._turn(done[-1], show=False)
        elif not self._current:
            self._turn(self._next(), show=False)

    def _turn(self, name: str, show: bool = True) -> None:
        """Turn to an exercise, and remember the one before."""
        if self._current not in ("", name):
            self._before.append(self._current)
        self._current = name
        if show:
            self.show()

    def _next(self) -> str:
        """Return the next exercise that is not done, or else the next one, round and round."""
        names = list(self._verdicts)
        at = names.index(self._current) + 1 if self._current in names else 0
        around = names[at:] + names[:at]
        waiting = [name for name in around if self._verdicts[name].status != "pass"]
        open_ = [n for n in waiting if self._verdicts[n].status != "blocked"]
        return (open_ or waiting or around)[0]

    def _edit(self) -> None:
        verdict = self._verdicts[self._current]
        editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
        if not editor:
            self._above = ["set EDITOR to edit from here", ""]
            self.show()
            return
        path, line = self._desk.folder / f"{verdict.exercise.module}.py", verdict.line or 1
        command = shlex.split(editor)
        name = Path(command[0]).name
        at = ["-g", f"{path}:{line}"] if name in ("code", "codium") else [f"+{line}", str(path)]
        try:
            subprocess.run([*command, *at], check=False)
        except OSError as error:
            self._above = [f"{editor} does not start: {error.strerror}", ""]
        self.show()


def keys_lines() -> list[str]:
    """Return what the keys do, broken between keys where the terminal is narrow."""
    lines = wrap(KEYS.replace(" ", JOINED).replace(JOINED * 3, "   "), width() - 1)
    return [line.replace(JOINED, " ") for line in lines]


def watch(folder: Path, names: Sequence[str] = ()) -> int:
    """Judge what is saved of some exercises, or all, of a folder until q or Ctrl-C; return 0.

    Raises UserError where watchfiles or rich is missing.
    """
    try:
        import rich  # noqa: F401
        import watchfiles  # noqa: F401
    except ImportError as error:
        raise UserError(f"watch needs {error.name}: pip install watchfiles rich") from error
    poll = why_poll(folder)
    notes = [f"{poll}: looking at the files every {POLL_MS / 1000:g} s"] if poll else []
    if not FORKS:
        notes.append("this system does not fork: after each save, torch is imported for the next")
    with (
        contextlib.closing(Desk(folder, LIMIT_S, warm=OPTIMIZERS)) as desk,
        Saves(folder, bool(poll)) as saves,
    ):
        screen = Screen()
        every = list(desk.exercises)
        page = Watch(desk, [n for n in every if n in names or not names], screen, notes)
        with keyboard() as keys, contextlib.suppress(KeyboardInterrupt):
            try:
                page.judge()
                _loop(page, saves, keys)
            except GraderFault as fault:
                raise UserError(str(fault)) from fault
    return 0


def _loop(page: Watch, saves: Saves, keys: Keyboard) -> None:
    """Look for saves and keys, between two exercises, too; a key waits until there is a page."""
    waiting: list[str] = []
    while True:
        if saved := saves.modules(wait_s=0 if page.is_judging or waiting else KEYS_S):
            page.judge(saved)
        if pressed := keys.pressed():
            waiting.append(pressed)
        if "q" in waiting:
            return
        if not waiting or not page.has_page:
            page.go_on()
            continue
        pressed = waiting.pop(0)
        with keys.given_back() if pressed == "e" else contextlib.nullcontext():
            page.key(pressed)
