"""`descent watch` in a terminal: wrong, hint, right, next, reset, as a student plays it."""

from __future__ import annotations

import os
import re
import signal
import sys
import termios
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pexpect
import pytest

from autograder.cli import main
from autograder.course import exercises
from autograder.student.terminal import why_poll
from autograder.student.watch import _loop
from data.example_class import changed, solutions

from .test_student_door import copy_of

HALF = {
    "mse": """
        def mse(pred, target):
            if pred.shape != target.shape:
                raise ValueError("shapes differ")
            return ((pred - target) ** 2).mean() / 2
    """
}
M06 = solutions()["m06_model.py"]
KEYS = "q quit"
JUDGING = "judging m06_model.py ..."
SIZES = ("COLUMNS", "LINES")  # of the terminal in which the tests run


class Terminal:
    """A terminal, of 80 columns by default, in which a command runs in a student's folder."""

    def __init__(
        self,
        folder: Path,
        *arguments: str,
        program: str = "autograder",
        size: str = "50x80",
        **environment: str,
    ) -> None:
        self.folder = folder
        own = {"TERM": "xterm", "NO_COLOR": "1", "EDITOR": ""} | environment
        self._child = pexpect.spawn(
            sys.executable,
            ["-m", program, *arguments],
            cwd=str(folder),
            env={**{k: v for k, v in os.environ.items() if k not in SIZES}, **own},
            dimensions=tuple(map(int, size.split("x"))),
            encoding="utf-8",
            timeout=60,
            echo=False,
        )

    def reads(self, *texts: str) -> str:
        """Wait for texts one after the other; return what was written up to the last of them."""
        written = ""
        for text in texts:
            self._child.expect_exact(text)
            written += self._child.before + text
        return written

    def page(self, last: str = "q quit") -> list[str]:
        """Return the lines of the page that ends with a text."""
        return self.reads(last).split("\x1b[H")[-1].split("\r\n")

    def stops_and_goes_on(self) -> None:
        """Do what Ctrl-Z and fg do: the shell sets the terminal to whole lines in between."""
        os.kill(self._child.pid, signal.SIGSTOP)
        os.waitpid(self._child.pid, os.WUNTRACED)
        modes = termios.tcgetattr(self._child.child_fd)
        modes[3] |= termios.ICANON | termios.ECHO
        termios.tcsetattr(self._child.child_fd, termios.TCSANOW, modes)
        os.kill(self._child.pid, signal.SIGCONT)

    def types(self, keys: str) -> None:
        """Press keys."""
        self._child.send(keys)

    def saves(self, text: str, module: str = "m06_model") -> None:
        """Save a file as an editor does, by a new file that takes the place of the old one."""
        path = self.folder / "exercises" / f"{module}.py"
        path.with_suffix(".new").write_text(text, encoding="utf-8")
        path.with_suffix(".new").replace(path)

    def ends(self) -> int:
        """Wait for the end; return the exit status."""
        self._child.expect(pexpect.EOF)
        self._child.close()
        return int(self._child.exitstatus)

    def close(self) -> None:
        """End the command if it still runs."""
        self._child.close(force=True)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    """`descent watch` in a fresh copy."""
    watching = Terminal(copy_of(tmp_path, {}), "watch")
    try:
        yield watching
    finally:
        watching.close()


def test_a_student_plays_a_round(
    terminal: Terminal,
    shared_cells: None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Wrong, hint, right, next, list, plot, reset, quit: each is answered at once."""
    terminal.reads("judging 42 exercises ...")
    terminal.reads("NEXT  make_params   exercises/m06_model.py:18", "DONE  0 of 42", KEYS)
    terminal.saves(changed(solutions(), HALF)["m06_model.py"])
    terminal.reads(JUDGING)
    terminal.reads("FAIL  mse   exercises/m06_model.py:", "your loss 595.94, expected 1191.88")
    terminal.reads("WHY   You halved the mean", "DONE  4 of 42, 1 to fix", KEYS)
    terminal.types("h")
    terminal.reads("HINT  1 of 3:")
    terminal.types("h")
    terminal.reads("HINT  2 of 3:")
    terminal.saves(M06)
    terminal.reads("PASS  mse   exercises/m06_model.py:", "DONE  5 of 42", KEYS)
    terminal.types("n")
    terminal.reads("NEXT  dmse_dpred   exercises/m07_gradients.py:", KEYS)
    terminal.types("l")
    terminal.reads("  done     mse ", "> to do    dmse_dpred ", "l back")
    monkeypatch.chdir(terminal.folder)
    assert [main(["plot", "m12"]), main(["reset", "mse"])] == [0, 0]
    printed = capsys.readouterr().out
    assert "m12.png is written" in printed and "your file lies in " in printed
    assert (terminal.folder / "m12.png").read_bytes().startswith(b"\x89PNG")
    terminal.reads("DONE  4 of 42", KEYS)
    terminal.types("q")
    assert terminal.ends() == 0
    kept = list((terminal.folder / ".progress" / "aside").glob("m06_model-*.py"))
    assert [path.read_text(encoding="utf-8") for path in kept] == [M06]


BAD = {
    "half-saved": (
        M06[: M06.index("def model")] + "def model(x,",
        "FAIL",
        "since this does not run",
    ),
    "tabs": (M06.replace("    error =", "\terror ="), "FAIL", "TabError"),
    "hang": (M06 + "\nwhile True:\n    pass\n", "NOTE", r"(ran|waited) longer than \d+ s"),
    "endless print": (
        M06.replace("    error =", "    while True: print('again')\n    error ="),
        *("FAIL", "SAID"),
    ),
    "empty": ("", "FAIL", "is not defined in this file: put the stub back"),
    "exit": (M06 + "\nimport os\nos._exit(3)\n", "NOTE", "ended the process"),
}


def test_a_bad_file_is_told_and_watch_goes_on(terminal: Terminal) -> None:
    """Whatever is saved, the next save is judged."""
    terminal.reads("NEXT  make_params", KEYS)
    for name, (text, label, told) in BAD.items():
        terminal.saves(text)
        written = terminal.reads(JUDGING, label, KEYS)
        assert re.search(told, " ".join(written.split())), (name, written)
        terminal.saves(M06)
        terminal.reads(JUDGING, "DONE  5 of 42", KEYS)
    terminal.types("q")
    assert terminal.ends() == 0


def test_the_editor_opens_at_the_line(tmp_path: Path) -> None:
    """`e` starts $EDITOR with the line and the file, and gives the terminal back."""
    editor = tmp_path / "editor"
    editor.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/asked\n')
    editor.chmod(0o755)
    terminal = Terminal(copy_of(tmp_path, {}), "watch", EDITOR=str(editor))
    terminal.reads("NEXT  make_params", KEYS)
    terminal.types("e")
    terminal.reads("NEXT  make_params", KEYS)
    terminal.types("q")
    assert terminal.ends() == 0
    path = tmp_path / "exercises" / "m06_model.py"
    assert (tmp_path / "asked").read_text() == f"+18 {path}\n"


def test_pytest_watches_as_well(tmp_path: Path) -> None:
    """`pytest FILE --watch` is the same page with the same keys, of this file."""
    terminal = Terminal(
        copy_of(tmp_path, {}), "exercises/m06_model.py", "--watch", program="pytest"
    )
    terminal.reads("NEXT  make_params", "DONE  0 of 5,", KEYS)
    terminal.saves(M06)
    terminal.reads("DONE  5 of 5", KEYS)
    terminal.types("q")
    assert terminal.ends() == 0


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Terminal]:
    """Watch one file, which is done, in a terminal of 80 x 24."""
    watching = Terminal(
        copy_of(tmp_path, {"m06_model.py": M06}), "watch", "exercises/m06_model.py", size="24x80"
    )
    try:
        yield watching
    finally:
        watching.close()


def test_one_file_is_watched_in_a_small_terminal(small: Terminal) -> None:
    """A page of what passes fits; the list chooses, p goes back, and keys work after fg."""
    whole = "judged 5 exercises"
    first = small.page(whole)
    assert first[0].startswith("PASS  make_params ")
    assert len(first) < 24
    small.types("l")
    small.reads("> done     make_params ", "page 1 of 1", "l back")
    small.types("j")
    small.reads("> done     model ", "l back")
    small.types("\x1b[B")
    small.reads("> done     mse ", "l back")
    small.types("\n")
    assert small.page()[0].startswith("PASS  mse ")
    small.types("p")
    assert small.page(whole) == first
    small.stops_and_goes_on()
    assert small.page(whole) == first
    small.types("l")
    small.reads("page 1 of 1", "l back")
    small.types("q")
    assert small.ends() == 0


def test_lists_and_long_pages_have_parts(tmp_path: Path) -> None:
    """In 50 x 12 no word is broken, the first line comes first, and space shows the rest."""
    folder = copy_of(tmp_path, {"m06_model.py": M06})
    terminal = Terminal(folder, "watch", "m06", size="12x50")
    first = terminal.page("judged 5 exercises")
    terminal.types(" ")
    second = terminal.page("(part 2 of ")
    assert first[0].startswith("PASS  make_params ")
    assert any("(part 1 of " in line for line in first)
    assert any("(part 2 of " in line for line in second)
    for page in (first, second):
        assert len(page) < 12
        assert max(map(len, page)) <= 50
    why = exercises()["make_params"].why
    assert why[:100] in " ".join(" ".join([*first, *second]).replace("WHY", "").split())
    terminal.types("l")
    terminal.reads("page 1 of ", "l back")
    terminal.types("q")
    assert terminal.ends() == 0


class Busy:
    """A page of which the first exercise has been judged, its saves and its keys."""

    is_judging = has_page = True

    def __init__(self, *pressed: str) -> None:
        self.done: list[str] = []
        self._pressed = [*pressed]

    def modules(self, wait_s: float) -> set[str]:
        """Nothing is saved, and nobody waits for it."""
        assert wait_s == 0
        return set()

    def pressed(self) -> str:
        """Return the next key that is pressed."""
        return self._pressed.pop(0)

    def key(self, pressed: str) -> None:
        """Note a key."""
        self.done.append(pressed)

    def go_on(self) -> None:
        """Note that an exercise is judged."""
        self.done.append("judged")


def test_keys_are_read_between_two_exercises() -> None:
    """A key is answered before the next exercise is judged, and q ends all of it."""
    busy: Any = Busy("", "n", "", "q")
    _loop(busy, busy, busy)
    assert busy.done == ["judged", "n", "judged"]


def test_keys_wait_for_the_first_page() -> None:
    """Before there is a page only q is answered."""
    busy: Any = Busy("n", "", "q")
    busy.has_page = False
    _loop(busy, busy, busy)
    assert busy.done == ["judged", "judged"]


def test_no_exercises_here_is_one_line(tmp_path: Path) -> None:
    """In the wrong folder it says where to go."""
    terminal = Terminal(tmp_path, "watch", PYTHONPATH=str(Path(__file__).parents[1]))
    terminal.reads("descent: no exercises in", "change to the folder that holds exercises/")
    assert terminal.ends() == 2


@pytest.mark.parametrize(
    ("kind", "told"), [("ext4", ""), ("nfs4", "does not tell of saves on nfs4"), ("9p", "on 9p")]
)
def test_file_systems_without_events_are_polled(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: str, told: str
) -> None:
    """The kind of the innermost mount decides."""
    mounts = f"proc /proc proc rw 0 0\ntmpfs / tmpfs rw 0 0\nx {tmp_path} {kind} rw 0 0\n"
    monkeypatch.setattr(Path, "read_text", lambda *_, **__: mounts)
    assert (told in why_poll(tmp_path / "exercises")) if told else why_poll(tmp_path) == ""
