"""`pytest exercises/`: one test item per exercise, and a screen that says what comes next.

`exercises/conftest.py` registers this module. A stub that is untouched, and what waits for another
exercise, are skipped with that reason; the exit status is 1 all the same.
"""

from __future__ import annotations

import re
from bdb import BdbQuit
from collections.abc import Generator, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from autograder.course import exercises
from autograder.inside.errors import DescentError, UserError
from autograder.inside.words import printable
from autograder.judging.verdict import Verdict
from autograder.student.desk import Desk
from autograder.student.here import command_here
from autograder.student.lines import COLOURS
from autograder.student.progress import note_passed
from autograder.student.screen import reason, screen

_WORDS = {
    "pass": ("passed", ".", "PASS"),
    "fail": ("failed", "F", "FAIL"),
    "blocked": ("blocked", "b", "BLOCKED"),
    "not_attempted": ("to do", "-", "TO DO"),
}
_BY_DEFAULT = "fE"  # what pytest lists at the end, unless -r asks for other things


class NotDone(BdbQuit):
    """An exercise that does not pass. `--pdb` does not stop at exceptions of this kind: it would
    show the grader's own code."""


class Exercises(pytest.Directory):
    """The folder of exercises: one collector per module, also for a module whose file is gone."""

    def collect(self) -> Iterator[pytest.Collector]:
        """Yield the modules."""
        desk = _desk(self.config, self.path)
        try:
            modules = dict.fromkeys(e.module for e in desk.exercises.values())
        except UserError as error:
            raise self.CollectError(printable(str(error))) from error
        for module in modules:
            yield ModuleFile.from_parent(self, path=self.path / f"{module}.py")


class ModuleFile(pytest.File):
    """A module of exercises."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield its exercises."""
        desk = _desk(self.config, self.path.parent)
        lines = desk.text(self.path.stem).split("\n")  # as Python counts them
        for exercise in desk.exercises.values():
            if exercise.module == self.path.stem:
                item = ExerciseItem.from_parent(self, name=exercise.name)
                item.extra_keyword_matches.update(exercise.names)
                defined = re.compile(rf"(async )?(def|class) {exercise.names[0]}\b")
                item.line = next((n for n, line in enumerate(lines) if defined.match(line)), None)
                yield item


class ExerciseItem(pytest.Item):
    """An exercise as a test; `line` counts from 0, as pytest does."""

    verdict: Verdict | None = None
    line: int | None = None

    def runtest(self) -> None:
        """Judge the exercise; NotDone where it fails, a skip where it waits or is to do."""
        desk = _desk(self.config, self.path.parent)
        self.verdict = desk.verdict(self.name)
        if self.verdict.printed:
            print(self.verdict.printed, end="")
        if self.verdict.status == "fail":
            raise NotDone(self.verdict.message)
        if self.verdict.status != "pass":
            pytest.skip(reason(self.verdict))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> str:
        """Return the student's message, and no traceback of the grader."""
        if isinstance(excinfo.value, NotDone):
            return str(excinfo.value)
        if isinstance(excinfo.value, DescentError):
            return printable(str(excinfo.value))
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return where the exercise stands."""
        return self.path, self.line, self.name


def _desk(config: pytest.Config, folder: Path) -> Desk:
    desk: Desk | None = getattr(config, "_descent_desk", None)
    if desk is None:
        desk = config._descent_desk = Desk(folder)  # type: ignore[attr-defined]
    return desk


def add_options(parser: pytest.Parser) -> None:
    """Add the options of the exercises; `exercises/conftest.py` calls this before pytest starts."""
    help_text = "judge the exercises of a file whenever it is saved (as `descent watch`)"
    parser.addoption("--watch", action="store_true", help=help_text)


def watch_instead(config: pytest.Config) -> int | None:
    """Watch instead of running once, where that is asked for; `exercises/conftest.py` calls this
    before pytest begins."""
    if not config.getoption("--watch"):
        return None
    from autograder.student.names import exercises_called
    from autograder.student.watch import watch

    capture: Any = config.pluginmanager.get_plugin("capturemanager")
    capture.stop_global_capturing()  # the keys and the page belong to the terminal
    try:
        return watch(*exercises_called(config.args, config.invocation_params.dir))
    except UserError as error:
        raise pytest.UsageError(printable(str(error))) from error


def pytest_collect_directory(path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Take over the folder of exercises."""
    if (path / "cases").is_dir():
        return Exercises.from_parent(parent, path=path)
    return None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    """Put the verdict into the report of an exercise, as plain data: it may come from another
    process (pytest-xdist). It is empty where the grader itself failed."""
    report = yield
    if isinstance(item, ExerciseItem) and report.when == "call":
        report.descent, report.descent_folder = {}, str(item.path.parent)
        if item.verdict:
            # what xdist can send from a worker; the desk keeps no evidence
            plain = replace(item.verdict, exercise=None, evidence=None)  # type: ignore[arg-type]
            fields = asdict(plain)
            report.descent = {**fields, "exercise": item.name}
    return report


def pytest_report_teststatus(report: pytest.TestReport) -> tuple[str, str, str] | None:
    """Say PASS, FAIL, BLOCKED or TO DO."""
    return _WORDS.get(getattr(report, "descent", {}).get("status", ""))


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Let the exit status be 1 unless every exercise passes, and leave the telling to the screen
    where nothing but exercises was run."""
    reporter: Any = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None:
        return
    told = _verdicts(reporter)
    if exitstatus == pytest.ExitCode.OK and any(verdict.status != "pass" for verdict in told):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    calls = [report for report in _reports(reporter) if getattr(report, "when", "") == "call"]
    if calls and all(hasattr(report, "descent") for report in calls):
        session.config.option.tbstyle = "no"
        if session.config.option.reportchars == _BY_DEFAULT:
            reporter.reportchars = reporter.reportchars.replace("f", "")


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Write the screen."""
    faults = {r.longreprtext for r in terminalreporter.getreports("failed") if _is_fault(r)}
    for fault in sorted(faults):
        terminalreporter.write_line(f"ERROR {fault}")
    if verdicts := _verdicts(terminalreporter):
        terminalreporter.write_line("")
        if "s" in terminalreporter.reportchars:
            _list_skipped(terminalreporter, verdicts)
        folders = (getattr(r, "descent_folder", "") for r in _reports(terminalreporter))
        desk = _desk(config, Path(next(filter(None, folders))))
        new = note_passed(desk.folder, [v.exercise.name for v in verdicts if v.status == "pass"])
        for line in screen(verdicts, desk, new):
            _write(terminalreporter, line)
        failed = [verdict.exercise.name for verdict in verdicts if verdict.status == "fail"]
        if config.option.usepdb and failed:
            command = command_here(desk.folder, "try", failed[0], "--pdb")
            terminalreporter.write_line(f"PDB   your code does not run here: {command}")


def _write(terminalreporter: Any, line: str) -> None:
    """Write a line, its label in colour where pytest writes colours."""
    label = line[:6]
    colour = COLOURS.get(label.strip())
    terminalreporter.write(label, **({colour: True} if colour else {}))
    terminalreporter.write_line(line[6:])


def _list_skipped(terminalreporter: Any, verdicts: list[Verdict]) -> None:
    """Write a line for each exercise that was skipped, as -rs asks for."""
    for verdict in verdicts:
        if verdict.status in ("blocked", "not_attempted"):
            word = _WORDS[verdict.status][2]
            at = f"{verdict.file}::{verdict.exercise.name}"
            terminalreporter.write_line(f"{word} {at} - {reason(verdict)}")


def _verdicts(terminalreporter: Any) -> list[Verdict]:
    """Return the verdicts of this session, in the order of the course."""
    told = [getattr(report, "descent", None) for report in _reports(terminalreporter)]
    found = {fields["exercise"]: fields for fields in told if fields}
    return [
        Verdict(**{**found[name], "exercise": exercise})
        for name, exercise in exercises().items()
        if name in found
    ]


def _reports(terminalreporter: Any) -> Iterator[Any]:
    return (report for reports in terminalreporter.stats.values() for report in reports)


def _is_fault(report: Any) -> bool:
    """Say whether an exercise was not judged because the grader itself failed."""
    return getattr(report, "descent", None) == {}


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the desk's processes."""
    desk: Desk | None = getattr(config, "_descent_desk", None)
    if desk is not None:
        desk.close()
