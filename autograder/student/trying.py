"""`descent try`: one case of an exercise in the student's own process, where pdb works."""

from __future__ import annotations

import bdb
import contextlib
import functools
import inspect
import pdb
import sys
from collections.abc import Callable, Iterator, Mapping
from types import FunctionType
from typing import Any

from autograder.course import Exercise
from autograder.inside import probes
from autograder.inside.device import outside_modes
from autograder.inside.errors import first_line
from autograder.inside.implementation import Implementation, describe
from autograder.inside.loader import SubmissionImporter
from autograder.inside.observation import Trace
from autograder.inside.observe import observe
from autograder.inside.submission import Submission
from autograder.inside.words import printable
from autograder.judging.compare import compare
from autograder.judging.key import Case
from autograder.judging.label import tell_given
from autograder.judging.message import tell_gap
from autograder.judging.verdict import Verdict
from autograder.student.desk import Desk
from autograder.student.lines import block, frame_lines, width, wrap
from autograder.student.screen import exercise_lines, place

MOST_CALLS = 8  # that are shown: a loop may make thousands
MOST_LINES = 12  # of a value
_SHOWN = ("__init__", "__call__", "__getitem__", "__iter__", "__len__")  # beside public methods


def try_case(desk: Desk, name: str, debug: bool = False) -> int:
    """Run the failing case of an exercise, or else the first; return 0 if it passes, and else 1.

    With `debug`, an exception opens pdb where it was raised.
    """
    verdict = desk.verdict(name)
    if not desk.observed(name):  # nothing of it can run
        _say(exercise_lines(name, {name: verdict}, desk))
        return 1
    case, number = _case(desk, verdict)
    _say(block("CASE", tell_given(case.given)))
    exercise, submission = verdict.exercise, desk.submission()
    with _loaded(submission, exercise) as scope:
        shown = Shown(scope, frozenset(source.file for source in submission.sources.values()))
        with shown.methods_of(exercise):
            probe = probes.find(exercise.place, case.probe)
            observed = observe(shown, probe, case.given)
    if isinstance(shown.raised, KeyboardInterrupt):
        raise shown.raised
    _say([*shown.rest(), ""])
    expected = desk.tasks[name].key.expected[number]
    assert expected is not None
    if (gap := compare(observed, expected, case.dtype)) is None:
        _say(block("PASS", f"{name}   {place(verdict)}   (this case)"))
        return 0
    _say(block("FAIL", f"{name}   {place(verdict)}"))
    _say(block("", tell_gap(gap, exercise, case)))
    _say(frame_lines((observed.trace or Trace("")).frames))
    if debug and observed.raised and shown.raised is not None:
        pdb.post_mortem(shown.raised.__traceback__)
    return 1


def _case(desk: Desk, verdict: Verdict) -> tuple[Case, int]:
    """Return the first case that fails, one of the CPU if there is one; or else the first."""
    cases = desk.tasks[verdict.exercise.name].key.cases
    failed = [number for number, status in enumerate(verdict.probes) if status == "fail"]
    number = min(failed, key=lambda n: (cases[n].device != "cpu", n), default=0)
    return cases[number], number


@contextlib.contextmanager
def _loaded(submission: Submission, exercise: Exercise) -> Iterator[Mapping[str, Any]]:
    """Load a module here as a cell does, and forget it afterwards."""
    before = dict(sys.modules)
    importer = SubmissionImporter(submission, ())
    try:
        yield vars(importer.load(exercise.module))
    finally:
        sys.meta_path.remove(importer)
        for name in set(submission.sources) & set(sys.modules):
            del sys.modules[name]
        sys.modules |= {name: before[name] for name in submission.sources if name in before}


class Shown(Implementation):
    """An implementation whose calls are shown: what comes in, what is returned or raised."""

    shown = 0
    raised: BaseException | None = None

    def rest(self) -> Iterator[str]:
        """Yield a line for the calls that were not shown."""
        if self.shown > MOST_CALLS:
            yield from block("NOTE", f"{self.shown - MOST_CALLS} more calls are not shown")

    @contextlib.contextmanager
    def methods_of(self, exercise: Exercise) -> Iterator[None]:
        """Show the calls of methods, too, of the classes that an exercise asks for."""
        classes = [self._names[name] for name in exercise.names]
        methods = {
            (kind, name): method
            for kind in classes
            if inspect.isclass(kind)
            for name, method in vars(kind).items()
            if isinstance(method, FunctionType) and (name[0] != "_" or name in _SHOWN)
        }
        for (kind, name), method in methods.items():
            made = name == "__init__"
            title = kind.__name__ if made else f"{kind.__name__}.{name}"
            setattr(kind, name, self._showing(title, method, returns=not made))
        try:
            yield
        finally:
            for (kind, name), method in methods.items():
                setattr(kind, name, method)

    def _noting(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        return super()._noting(name, self._showing(name, function))

    def _showing(
        self, title: str, function: Callable[..., Any], returns: bool = True
    ) -> Callable[..., Any]:
        @functools.wraps(function)
        def call(*args: Any, **options: Any) -> Any:
            self.shown += 1
            told = self.shown <= MOST_CALLS
            if told:
                _say(_call(title, function, args, options))
            try:
                result = function(*args, **options)
            except bdb.BdbQuit as error:  # q in pdb ends all of it, also where a probe expects one
                self.raised = KeyboardInterrupt()
                raise self.raised from error
            except BaseException as error:
                self.raised = error
                if told:
                    _say(block("GAVE", first_line(error)))
                raise
            if told and returns:
                _say(_value("GAVE", "", result))
            return result

        return call


def _call(
    title: str, function: Callable[..., Any], args: tuple[Any, ...], options: Mapping[str, Any]
) -> Iterator[str]:
    """Yield the lines of a call: its name, and each argument under the name that it has inside."""
    try:
        given = dict(inspect.signature(function).bind(*args, **options).arguments)
    except TypeError:  # the call does not fit, as Python will say
        given = {f"argument {number}": value for number, value in enumerate(args, 1)} | {**options}
    given.pop("self", None)
    yield from block("CALL", f"{title}({', '.join(given)})")
    for name, value in given.items():
        yield from _value("", name, value)


def _value(label: str, title: str, value: Any) -> Iterator[str]:
    """Yield the lines of a value as Python writes it; where these are several, what it is, too."""
    with outside_modes():
        try:
            lines = repr(value).split("\n")
        except Exception as error:  # the text is made by the student's own code
            lines = [f"(its repr stops: {first_line(error)})"]
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 1], f"... ({len(lines) - MOST_LINES + 1} more lines)"]
    if len(lines) == 1 and len(title) + len(lines[0]) < width() - 9:
        yield f"{label:<6}{title}{' = ' * bool(title)}{lines[0]}"
        return
    yield f"{label:<6}{title}{' is ' * bool(title)}{describe(value)}:"
    for line in lines:
        indent = " " * (len(line) - len(line.lstrip()))
        yield from (f"      {part}" for part in wrap(line, width() - 6, indent))


def _say(lines: Any) -> None:
    for line in lines:
        print(printable(line), flush=True)
