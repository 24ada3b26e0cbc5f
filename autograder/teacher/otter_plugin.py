"""The plugin inside `otter run`: judge the submission in a cell, hand otter the verdicts.

otter calls, in its own process: `before_grading` (here the real submission is judged),
`before_execution` (here otter gets an inert notebook in its place, and the submission's files are
removed, because the kernel would import them), then runs the tests in its kernel, and
`after_grading` (here each score is set). An exception in any of them ends otter with exit status 1
and no results, never with a zero.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import nbformat
from otter.plugins import AbstractOtterPlugin

from autograder.batch.standing import Student
from autograder.inside.words import printable
from autograder.teacher.alone import faults, judged, message
from autograder.teacher.otter import ENTRY

_KEPT = "tests"  # otter's own tests; a student's folder of this name is already replaced
_OTTERS = {_KEPT, ENTRY, "__init__.py"}  # what otter puts beside the submission


class VerdictError(RuntimeError):
    """Otter's marks would not be this kit's verdicts."""


class VerdictPlugin(AbstractOtterPlugin):
    """Takes the marks of `otter run` from this kit's verdicts."""

    _student: Student

    def before_grading(self, config: Any) -> None:
        """Judge the submission; remove the log that otter would unpickle, and the script's text,
        which it would decode as UTF-8."""
        handed_in = Path(self.submission_path)
        (handed_in.parent / ".OTTER_LOG").unlink(missing_ok=True)
        self._student = self._judge(handed_in.parent)
        if handed_in.suffix == ".py":
            handed_in.write_bytes(b"")
        if failed := faults(self._student):
            raise VerdictError(failed[0])

    def before_execution(self, submission: Any) -> Any:
        """Return a notebook that holds nothing but the verdicts."""
        for path in Path(self.submission_path).parent.iterdir():
            if path.name != _KEPT:
                shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        os.environ["PYTHONSAFEPATH"] = "1"
        os.environ["IPYTHONDIR"] = tempfile.mkdtemp()
        verdicts = {
            name: {"passed": one.status == "pass", "message": message(self._student, one)}
            for name, one in self._student.standings.items()
        }
        code = f"import json\ndescent_verdicts = json.loads({json.dumps(verdicts)!r})"
        return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])

    def after_grading(self, results: Any) -> None:
        """Set the score and the message of every exercise."""
        shutil.rmtree(os.environ.pop("IPYTHONDIR"), ignore_errors=True)
        if results.has_catastrophic_failure():
            raise VerdictError("otter's kernel gave no results") from results.catastrophic_error
        if set(results.test_files) != set(self._student.standings):
            raise VerdictError("otter ran other tests than the assignment has exercises")
        for name, one in self._student.standings.items():
            [case] = results.get_result(name).test_case_results
            if case.passed != (one.status == "pass"):
                raise VerdictError(f"{name} is {one.status}, and otter's test says otherwise")
            results.update_score(name, one.score or 0.0)  # what cannot be read is told as such
            case.message = message(self._student, one)

    def generate_report(self) -> str:
        """Return a line per exercise for otter's summary, with what is told of one that passes,
        since otter shows no message of a test that does."""
        lines = [
            f"{one.status:<14}{name}" + (f": {one.gap}" if one.status == "pass" and one.gap else "")
            for name, one in self._student.standings.items()
        ]
        notes = [f"note: {printable(note)}" for note in self._student.notes]
        return "\n".join([*lines, *notes, f"kept in: level {self._student.isolation}"])

    def _judge(self, folder: Path) -> Student:
        """Judge what lies in the folder, copied without otter's files."""
        with tempfile.TemporaryDirectory() as name:
            copy = Path(name) / "submission"

            def of_otter(inside: str, names: list[str]) -> set[str]:
                return _OTTERS.intersection(names) if Path(inside) == folder else set()

            shutil.copytree(folder, copy, symlinks=True, ignore=of_otter)
            covered = [folder.parent, Path(name)]  # otter's own folder has the secret, too
            return judged(self.plugin_config, copy, covered)
