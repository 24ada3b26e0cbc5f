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
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import nbformat
from otter.plugins import AbstractOtterPlugin

from autograder.answers.keys import answer_keys
from autograder.answers.ways import use_optimizers
from autograder.batch.grade import Grader
from autograder.batch.intake import read
from autograder.batch.result import Result
from autograder.cells.observer import LocalObserver
from autograder.course import modules
from autograder.inside.words import printable
from autograder.judging.verdict import Verdict
from autograder.teacher.otter import ENTRY
from autograder.teacher.packed import unpacked

_KEPT = "tests"  # otter's own tests; a student's folder of this name is already replaced
_OTTERS = {_KEPT, ENTRY, "__init__.py"}  # what otter puts beside the submission


class VerdictError(RuntimeError):
    """Otter's marks would not be this kit's verdicts."""


class VerdictPlugin(AbstractOtterPlugin):
    """Takes the marks of `otter run` from this kit's verdicts."""

    _verdicts: Mapping[str, Verdict]
    _level: str
    _notes: tuple[str, ...]

    def before_grading(self, config: Any) -> None:
        """Judge the submission; remove the log that otter would unpickle, and the script's text,
        which it would decode as UTF-8."""
        handed_in = Path(self.submission_path)
        (handed_in.parent / ".OTTER_LOG").unlink(missing_ok=True)
        judged = self._judge(handed_in.parent)
        if handed_in.suffix == ".py":
            handed_in.write_bytes(b"")
        self._verdicts, self._level = judged.verdicts, judged.isolation["level"]
        self._notes = judged.notes
        if faults := [v.message for v in self._verdicts.values() if v.status == "error"]:
            raise VerdictError(faults[0])

    def before_execution(self, submission: Any) -> Any:
        """Return a notebook that holds nothing but the verdicts."""
        for path in Path(self.submission_path).parent.iterdir():
            if path.name != _KEPT:
                shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        os.environ["PYTHONSAFEPATH"] = "1"
        os.environ["IPYTHONDIR"] = tempfile.mkdtemp()
        verdicts = {
            name: {"passed": verdict.status == "pass", "message": verdict.message}
            for name, verdict in self._verdicts.items()
        }
        code = f"import json\ndescent_verdicts = json.loads({json.dumps(verdicts)!r})"
        return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])

    def after_grading(self, results: Any) -> None:
        """Set the score and the message of every exercise."""
        shutil.rmtree(os.environ.pop("IPYTHONDIR"), ignore_errors=True)
        if results.has_catastrophic_failure():
            raise VerdictError("otter's kernel gave no results") from results.catastrophic_error
        if set(results.test_files) != set(self._verdicts):
            raise VerdictError("otter ran other tests than the assignment has exercises")
        for name, verdict in self._verdicts.items():
            [case] = results.get_result(name).test_case_results
            if case.passed != (verdict.status == "pass"):
                raise VerdictError(f"{name} is {verdict.status}, and otter's test says otherwise")
            results.update_score(name, verdict.score or 0.0)  # what cannot be read is told as such
            case.message = f"{verdict.status}: {verdict.message}"

    def generate_report(self) -> str:
        """Return a line per exercise for otter's summary, with what is told of one that passes,
        since otter shows no message of a test that does."""
        lines = [
            f"{verdict.status:<14}{name}"
            + (f": {verdict.message}" if verdict.status == "pass" and verdict.message else "")
            for name, verdict in self._verdicts.items()
        ]
        notes = [f"note: {printable(note)}" for note in self._notes]
        return "\n".join([*lines, *notes, f"kept in: level {self._level}"])

    def _judge(self, folder: Path) -> Result:
        """Judge what lies in the folder, copied without otter's files."""
        chosen = unpacked(self.plugin_config)
        secret = bytes.fromhex(self.plugin_config["secret"])
        with tempfile.TemporaryDirectory() as name:
            copy = Path(name) / "submission"

            def of_otter(inside: str, names: list[str]) -> set[str]:
                return _OTTERS.intersection(names) if Path(inside) == folder else set()

            shutil.copytree(folder, copy, symlinks=True, ignore=of_otter)
            covered = [str(folder.parent), name]  # otter's own folder has the secret, too
            warm = use_optimizers(chosen.exercises)
            with closing(
                LocalObserver(limit=chosen.seconds, warm=warm, covered=covered)
            ) as observer:
                keys = answer_keys(chosen.exercises, observer, secret)
                return Grader(chosen, keys, observer).grade(read(copy, modules()))
