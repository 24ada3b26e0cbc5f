"""The whole course once from a learner's seat: `python -m tests.learners_seat [MODULE ...]`.

In a new copy the exercises are done in the order in which the screen says NEXT. Each time a hint is
read, then come one or two wrong drafts, and at last the reference. What the screen says is checked
as it comes; `--out FILE` keeps all of it, to be read. What a MODULE builds on is written before.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from autograder.answers.ways import Way, mistakes
from autograder.course import Exercise, assignment, exercises
from autograder.inside import ROOT
from autograder.judging.verdict import Verdict
from autograder.student.desk import Desk
from autograder.student.hints import hint
from autograder.student.progress import note_passed
from autograder.student.screen import screen
from autograder.student.start import start

from .at_desk import pytest_here
from .drafts import as_written, uses_reference, with_answer
from .samples import ACTIVATED

COLUMNS, ROWS = 80, 24  # of a page
TOGETHER = 3  # of so many exercises, one has a draft with two mistakes at once
END = "END   all pass; to hand in: the folder exercises/, or a zip of it"
OF_THE_KIT = ("Traceback", "autograder", "site-packages", str(ROOT))


class Stumble(AssertionError):
    """Something that a learner would stumble over, in a line."""


def sure(is_so: object, otherwise: str) -> None:
    """Raise Stumble unless something is so."""
    if not is_so:
        raise Stumble(otherwise)


class Seat:
    """A learner at the desk of a new copy: `tell` gets all that is read, `met` counts it."""

    def __init__(self, folder: Path, name: str, tell: Callable[[str], None]) -> None:
        tell(f"$ descent start {folder.name} --assignment {name}")
        tell(start(folder, name) + "\n")
        self.desk = Desk(folder / "exercises")
        self.met = Counter[str]()
        self._tell = tell
        self._asked = assignment(name).exercises
        self._verdicts: dict[str, Verdict] = {}

    def walk(self) -> None:
        """Do all exercises; Stumble at the first thing that is not as it should be."""
        every = self.desk.exercises
        for exercise in every.values():
            if exercise not in self._asked:
                self._write(exercise)
        self._judge(every)
        page = self._page("pytest exercises/", every)
        for _ in self._asked:
            exercise = self.next_of(page)
            self._do(exercise)
            page = self._page("pytest exercises/", every)
            passed = f"PASS  {exercise.name}   "
            sure(any(line.startswith(passed) for line in page), f"{exercise.name} does not pass")
            self.met["exercises"] += 1
        sure(END in page, "the last screen does not say what to hand in")

    def next_of(self, page: Sequence[str]) -> Exercise:
        """Return the exercise that a screen names as the next one, of which all below passes."""
        found = [line.split() for line in page if line.startswith("NEXT")]
        sure(len(found) == 1, f"{len(found)} lines say NEXT")
        exercise = exercises()[found[0][1]]
        sure(self._verdicts[exercise.name].status == "not_attempted", f"NEXT {exercise.name}")
        for name in exercise.builds_on:
            sure(self._verdicts[name].status == "pass", f"NEXT {exercise.name}, before {name}")
        sure(found[0][2] == self._place(exercise), f"{found[0][2]} is not {self._place(exercise)}")
        return exercise

    def _place(self, exercise: Exercise) -> str:
        """Return file and line of a stub."""
        lines = self._path(exercise).read_text("utf-8").split("\n")
        stub = re.compile(rf"(def|class) {exercise.names[0]}\b")
        number = next(number for number, line in enumerate(lines, 1) if stub.match(line))
        return f"exercises/{exercise.module}.py:{number}"

    def _do(self, exercise: Exercise) -> None:
        """Read a hint, write one or two wrong drafts, and then the reference."""
        self._hint(exercise)
        before = self._path(exercise).read_text("utf-8")
        for draft in drafts(exercise):
            self._path(exercise).write_text(with_answer(before, exercise, draft), "utf-8")
            self._judge_open(exercise.module)
            self._tell(f"# exercises/{exercise.module}.py: {told(draft)}")
            self._tell("\n\n".join(map(as_written, draft)) + "\n")
            self._read(exercise, draft)
        self._path(exercise).write_text(before, "utf-8")
        self._write(exercise)
        self._judge_open(exercise.module)

    def _read(self, exercise: Exercise, draft: Sequence[Way]) -> None:
        """Read what is said of a wrong draft."""
        every = self.desk.exercises.items()
        own = [name for name, one in every if one.module == exercise.module]
        page = self._page(f"pytest exercises/{exercise.module}.py", own)
        verdict, at = self._verdicts[exercise.name], f"{exercise.name} ({told(draft)})"
        sure(verdict.status == "fail", f"{at}: {verdict.status}")
        place = f"FAIL  {exercise.name}   exercises/{exercise.module}.py:{verdict.line}"
        sure(place in page, f"{at}: no line says {place}")
        about = page[page.index(place) : page.index("", page.index(place))]
        sure(about[1][:6].isspace() and verdict.gap, f"{at}: no first difference")
        sure(len(about) <= ROWS, f"{at}: {len(about)} lines")
        sure(any(line.startswith("TRY ") for line in about), f"{at}: no hint")
        for word in internal_words(exercise, self.desk):
            sure(not re.search(rf"\b{word}\b", " ".join(about)), f"{at}: says {word}")
        self.met["drafts"] += 1
        self.met["FAIL with a WHY" if verdict.why else "FAIL without a WHY"] += 1
        if not {*(verdict.diagnosis or "").split(", ")} - {""} <= {way.slug for way in draft}:
            self.met["drafts called another mistake"] += 1
            self._tell(f"(called {verdict.diagnosis})\n")
        self._hint(exercise)

    def _hint(self, exercise: Exercise) -> None:
        """Read the next hint."""
        said = hint(self.desk.folder, exercise.name)
        self._tell(f"$ descent hint {exercise.name}\n{said}\n")

    def _path(self, exercise: Exercise) -> Path:
        return self.desk.folder / f"{exercise.module}.py"

    def _write(self, exercise: Exercise) -> None:
        """Write a reference."""
        path = self._path(exercise)
        path.write_text(with_answer(path.read_text("utf-8"), exercise), "utf-8")

    def _judge_open(self, module: str) -> None:
        """Judge the exercises of a module that do not pass yet."""
        own = (one for one in self.desk.exercises.values() if one.module == module)
        self._judge(one.name for one in own if self._verdicts[one.name].status != "pass")

    def _judge(self, names: Iterable[str]) -> None:
        self.desk.forget()
        self._verdicts |= {name: self.desk.verdict(name) for name in names}

    def _page(self, command: str, names: Iterable[str]) -> list[str]:
        """Return the lines that a screen has about some exercises."""
        shown = [self._verdicts[name] for name in names]
        count = Counter(verdict.status for verdict in shown)
        passing = [one.exercise.name for one in shown if one.status == "pass"]
        page = [*screen(shown, self.desk, note_passed(self.desk.folder, passing))]
        self._tell("\n".join([f"$ {command}", *page, ""]))
        self.met["screens"] += 1
        for line in page:
            sure(len(line) <= COLUMNS, f"{len(line)} columns: {line}")
            sure(not any(word in line for word in OF_THE_KIT), f"is of the kit: {line}")
        done = f"DONE  {count['pass']} of {len(shown)}"
        sure(any(re.match(rf"{done}\b", line) for line in page), f"no line says {done}")
        return page


def told(draft: Sequence[Way]) -> str:
    """Return the names of a draft's mistakes."""
    return " and ".join(str(way.slug) for way in draft)


def drafts(exercise: Exercise) -> Iterator[list[Way]]:
    """Yield two wrong drafts, for some exercises with two mistakes in the second; one exercise
    after another begins at another place of its list."""
    listed, number = mistakes(exercise), [*exercises()].index(exercise.name)
    first, *others = [*listed[number % len(listed) :], *listed[: number % len(listed)]]
    yield [first]
    pairs = (
        [inner, outer]
        for inner in others
        for outer in others
        if inner is not outer and inner.replaces == outer.replaces and uses_reference(outer)
    )
    pair = next(pairs, None) if number % TOGETHER == 0 else None
    if pair or others:
        yield pair or others[len(others) // 2 :][:1]


def internal_words(exercise: Exercise, desk: Desk) -> set[str]:
    """Return words about an exercise that nobody is to read: names of mistakes and of probes, but
    for those that its task has, too."""
    task = desk.tasks[exercise.name]
    words = {str(way.slug) for way in mistakes(exercise)} | {one.probe for one in task.key.cases}
    stubs = "\n".join(task.stubs.values())
    return {word for word in words if re.search("[-_]", word) and word not in stubs}


def walk(name: str, tell: Callable[[str], None], by_pytest: bool = False) -> Counter[str]:
    """Do an assignment in a new folder, in the end once more by pytest itself if that is asked for;
    return what was met."""
    with tempfile.TemporaryDirectory() as top, pytest.MonkeyPatch.context() as patch:
        copy = Path(top) / "graded-descent"
        copy.mkdir()
        patch.chdir(copy)
        patch.setenv("PATH", ACTIVATED["PATH"])
        patch.setenv("COLUMNS", str(COLUMNS))
        seat = Seat(copy, name, tell)
        with closing(seat.desk):
            seat.walk()
        if by_pytest:
            last = pytest_here(copy, "exercises/", "-p", "no:cacheprovider").stdout
            sure(END in last, "pytest does not say what to hand in")
        return seat.met


def seconds() -> float:
    """Return the processor time of this process and of those that it has ended."""
    spent = [resource.getrusage(of) for of in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in spent)


def main() -> int:
    """Walk, print what was met, and return 1 after a stumble."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("module", nargs="*", default=["course"])
    parser.add_argument("--out", type=Path, default=Path(os.devnull))
    arguments = parser.parse_args()
    met = Counter[str]()
    with arguments.out.open("w", encoding="utf-8", buffering=1) as out:
        try:
            for name in arguments.module:
                met += walk(name, lambda text: print(text, file=out), by_pytest=True)
        except Stumble as stumble:
            print(f"stumbled: {stumble}")
            return 1
    for what, count in met.items():
        print(f"{count:>6} {what}")
    print(f"{seconds():>6.0f} processor seconds")
    return 0


if __name__ == "__main__":
    sys.exit(main())
