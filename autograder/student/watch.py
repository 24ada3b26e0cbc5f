"""`descent watch`: every save is judged at once, by a process that has torch already."""

from __future__ import annotations

import contextlib
import os
import shlex
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from autograder.cells.host import GraderFault
from autograder.cells.source import FORKS
from autograder.inside.errors import UserError
from autograder.judging.verdict import Verdict
from autograder.student.desk import Desk
from autograder.student.hints import hint
from autograder.student.keyboard import Keyboard, keyboard
from autograder.student.progress import note_passed
from autograder.student.screen import block, exercise_lines, place, progress_lines
from autograder.student.terminal import POLL_MS, Saves, Screen, why_poll

KEYS_S = 0.05  # how often it is looked for a key
LIMIT_S = 3.0  # of processor time for an exercise: whoever waits wants to go on
KEYS = "n next   h hint   l list   r rerun   e edit   q quit"


class Watch:
    """Judges what is saved, and shows one exercise at a time."""

    def __init__(self, desk: Desk, screen: Screen, notes: Sequence[str] = ()) -> None:
        self._desk = desk
        self._screen = screen
        self._notes = notes
        self._verdicts: dict[str, Verdict] = {}
        self._current = ""
        self._told = ""

    def judge(self, modules: set[str] | None = None) -> None:
        """Judge the exercises of some modules, show the page, and then judge all the others."""
        start = time.perf_counter()
        self._desk.forget()
        names = list(self._desk.exercises)
        first = [n for n in names if modules and self._desk.exercises[n].module in modules] or names
        before = {name: verdict.status for name, verdict in self._verdicts.items()}
        self._take(first)
        self._move_on(first, before)
        files = ", ".join(dict.fromkeys(self._verdicts[name].file for name in first))
        what = files if modules else f"{len(first)} exercises"
        self._told = f"judged {what} in {time.perf_counter() - start:.2f} s"
        self.show()
        shown = dict(self._verdicts)
        self._take([name for name in names if name not in first])
        passing = [name for name, verdict in self._verdicts.items() if verdict.status == "pass"]
        note_passed(self._desk.folder, passing)
        if shown != self._verdicts:
            self.show()

    def key(self, pressed: str) -> bool:
        """Do what a key asks for; False to quit."""
        if pressed == "q":
            return False
        if pressed == "n":
            self._next()
        elif pressed == "h":
            text = hint(self._desk.folder, self._current)
            self._screen.show([*self._page(), "", *block("HINT", text)])
        elif pressed == "l":
            self._screen.show([*self._list(), "", KEYS])
        elif pressed == "r":
            self.judge()
        elif pressed == "e":
            self._edit()
        return True

    def show(self) -> None:
        """Show the page of the current exercise."""
        self._screen.show(self._page())

    def _take(self, names: Sequence[str]) -> None:
        for name in names:
            self._verdicts[name] = self._desk.verdict(name)

    def _page(self) -> list[str]:
        return [
            *exercise_lines(self._current, self._verdicts, self._desk),
            "",
            *progress_lines(self._verdicts.values(), self._desk),
            "",
            self._told,
            *self._notes,
            KEYS,
        ]

    def _list(self) -> Iterator[str]:
        words = {"pass": "PASS", "fail": "FAIL", "blocked": "LATER"}
        for name, verdict in self._verdicts.items():
            mark = "  <" if name == self._current else ""
            yield f"{words.get(verdict.status, ''):<6}{name:<24}{place(verdict)}{mark}"

    def _move_on(self, saved: Sequence[str], before: Mapping[str, str]) -> None:
        """Turn to what is to be mended in the saved files, or to what has just been done."""
        status = {name: verdict.status for name, verdict in self._verdicts.items()}
        failed = [name for name in saved if status[name] == "fail"]
        done = [n for n in saved if status[n] == "pass" and before.get(n, "pass") != "pass"]
        if failed:
            self._current = self._current if self._current in failed else failed[0]
        elif done:
            self._current = done[-1]
        elif not self._current:
            self._next(show=False)

    def _next(self, show: bool = True) -> None:
        """Turn to the next exercise that is not done, round and round."""
        names = list(self._verdicts)
        at = names.index(self._current) + 1 if self._current in names else 0
        waiting = [n for n in names[at:] + names[:at] if self._verdicts[n].status != "pass"]
        open_ = [n for n in waiting if self._verdicts[n].status != "blocked"]
        self._current = (open_ or waiting or names)[0]
        if show:
            self.show()

    def _edit(self) -> None:
        verdict = self._verdicts[self._current]
        editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
        if not editor:
            self._screen.show([*self._page(), "", "set EDITOR to edit from here"])
            return
        path, line = self._desk.folder / f"{verdict.exercise.module}.py", verdict.line or 1
        command = shlex.split(editor)
        name = Path(command[0]).name
        at = ["-g", f"{path}:{line}"] if name in ("code", "codium") else [f"+{line}", str(path)]
        try:
            subprocess.run([*command, *at], check=False)
            self.show()
        except OSError as error:
            self._screen.show([*self._page(), "", f"{editor} does not start: {error.strerror}"])


def watch(folder: Path) -> int:
    """Judge what is saved in a folder of exercises until q or Ctrl-C; return 0.

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
        contextlib.closing(Desk(folder, LIMIT_S, warm=True)) as desk,
        Saves(folder, bool(poll)) as saves,
    ):
        page = Watch(desk, Screen(), notes)
        with keyboard() as keys, contextlib.suppress(KeyboardInterrupt):
            try:
                page.judge()
                _loop(page, saves, keys)
            except GraderFault as fault:
                raise UserError(str(fault)) from fault
    return 0


def _loop(page: Watch, saves: Saves, keys: Keyboard) -> None:
    while True:
        if saved := saves.modules(wait_s=KEYS_S):
            page.judge(saved)
        elif pressed := keys.pressed():
            with keys.given_back() if pressed == "e" else contextlib.nullcontext():
                if not page.key(pressed):
                    return
