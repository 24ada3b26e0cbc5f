"""`pytest exercises/`: one test item per exercise, and a screen that says what comes next.

`exercises/conftest.py` registers this module.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.inside.errors import DescentError, UserError
from autograder.inside.words import printable
from autograder.judging.verdict import Verdict
from autograder.student.desk import Desk
from autograder.student.progress import exercises_folder, note_passed
from autograder.student.screen import screen

_WORDS = {
    "pass": ("passed", ".", "PASS"),
    "fail": ("failed", "F", "FAIL"),
    "blocked": ("held", "h", "HELD"),
    "not_attempted": ("not attempted", "-", "NOT ATTEMPTED"),
}


class NotDone(Exception):
    """An exercise that does not pass."""


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
        for exercise in desk.exercises.values():
            if exercise.module == self.path.stem:
                item = ExerciseItem.from_parent(self, name=exercise.name)
                item.extra_keyword_matches.update(exercise.names)
                yield item


class ExerciseItem(pytest.Item):
    """An exercise as a test."""

    verdict: Verdict | None = None

    def runtest(self) -> None:
        """Judge the exercise; NotDone unless it passes."""
        desk = _desk(self.config, self.path.parent)
        self.verdict = desk.verdict(self.name)
        if self.verdict.status != "pass":
            raise NotDone(self.verdict.message)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> str:
        """Return the student's message, and no traceback of the grader."""
        if isinstance(excinfo.value, NotDone):
            return str(excinfo.value)
        if isinstance(excinfo.value, DescentError):
            return printable(str(excinfo.value))
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return where the exercise stands."""
        return self.path, None, self.name


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
    from autograder.student.watch import watch

    capture: Any = config.pluginmanager.get_plugin("capturemanager")
    capture.stop_global_capturing()  # the keys and the page belong to the terminal
    try:
        return watch(exercises_folder(config.invocation_params.dir))
    except UserError as error:
        raise pytest.UsageError(printable(str(error))) from error


def pytest_collect_directory(path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Take over the folder of exercises."""
    if (path / "cases").is_dir():
        return Exercises.from_parent(parent, path=path)
    return None


def pytest_collection_finish(session: pytest.Session) -> None:
    """Leave the telling to the screen where nothing but exercises is run."""
    if session.items and all(isinstance(item, ExerciseItem) for item in session.items):
        session.config.option.tbstyle = "no"
        reporter: Any = session.config.pluginmanager.get_plugin("terminalreporter")
        reporter.reportchars = reporter.reportchars.replace("f", "")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    """Note the status of an exercise in its report."""
    report = yield
    if isinstance(item, ExerciseItem) and report.when == "call":
        report.descent_status = item.verdict.status if item.verdict else ""
        report.descent_fault = item.verdict is None
    return report


def pytest_report_teststatus(report: pytest.TestReport) -> tuple[str, str, str] | None:
    """Say PASS, FAIL, HELD or NOT ATTEMPTED."""
    return _WORDS.get(getattr(report, "descent_status", ""))


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Write the screen."""
    items = getattr(terminalreporter._session, "items", [])
    verdicts = [i.verdict for i in items if isinstance(i, ExerciseItem) and i.verdict is not None]
    faults = {r.longreprtext for r in terminalreporter.getreports("failed") if _is_fault(r)}
    for fault in sorted(faults):
        terminalreporter.write_line(f"ERROR {fault}")
    if verdicts:
        terminalreporter.write_line("")
        desk = _desk(config, Path())
        new = note_passed(desk.folder, [v.exercise.name for v in verdicts if v.status == "pass"])
        for line in screen(verdicts, desk, new):
            terminalreporter.write_line(line)


def _is_fault(report: Any) -> bool:
    """Say whether an exercise was not judged because the grader itself failed."""
    return getattr(report, "descent_fault", False)


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the desk's processes."""
    desk: Desk | None = getattr(config, "_descent_desk", None)
    if desk is not None:
        desk.close()
