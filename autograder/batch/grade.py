"""Grade submissions on this machine: a zygote per worker, a cell per submission."""

from __future__ import annotations

import json
import os
import queue
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from autograder.batch.result import Result
from autograder.catalogue import Assignment, Exercise
from autograder.cell import isolation
from autograder.cell.client import Zygote
from autograder.cell.isolation import UNKNOWN, Isolation
from autograder.cell.limits import CPU_S
from autograder.cell.run import SubmissionRun
from autograder.cell.sandbox import level
from autograder.judging.verdict import AnswerKey, Verdict, judge, settle
from autograder.observation import Outcome
from autograder.submission import Submission


@dataclass
class Grader:
    """Judges submissions of one assignment with the same keys.

    Use as a context manager, which starts the first zygote and measures what keeps submissions in
    (LevelError when `asked` for more than can be had); `grade` may be called from several threads.
    """

    assignment: Assignment
    keys: Mapping[str, AnswerKey]
    limit: float = CPU_S
    asked: str = "auto"
    isolation: Isolation = UNKNOWN
    _idle: queue.SimpleQueue[Zygote] = field(default_factory=queue.SimpleQueue)

    def __enter__(self) -> Grader:
        self.isolation, zygote = isolation.start(self.asked, self._cuda)
        self._idle.put(zygote)
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        while not self._idle.empty():
            self._idle.get().close()

    @property
    def _cuda(self) -> bool:
        """Whether a case is to run on CUDA."""
        return any(
            case.device == "cuda" and expected is not None
            for key in self.keys.values()
            for case, expected in zip(key.cases, key.expected, strict=True)
        )

    def grade_all(
        self, submissions: Iterable[Submission], workers: int, done: Callable[[Result], None]
    ) -> list[Result]:
        """Grade submissions, `workers` at a time; `done` is told of each one as it is finished."""

        def one(submission: Submission) -> Result:
            result = self.grade(submission)
            done(result)
            return result

        with ThreadPoolExecutor(workers) as pool:
            return list(pool.map(one, submissions))

    def grade(self, submission: Submission) -> Result:
        """Judge one submission.

        A fault of the grader, whichever, gives `error` after a second try; the others go on.
        """
        for last in (False, True):
            zygote = None
            try:
                zygote = self._zygote()
                verdicts = self._verdicts(zygote, submission)
            except Exception as fault:
                if zygote:
                    zygote.close()
                if last:
                    errors = {e.name: _error(e, fault) for e in self.assignment.exercises}
                    return Result(submission.name, errors, self.isolation.to_json())
            else:
                self._idle.put(zygote)
                return Result(submission.name, verdicts, self.isolation.to_json())
        raise AssertionError("unreachable")

    def _zygote(self) -> Zygote:
        try:
            return self._idle.get_nowait()
        except queue.Empty:
            return Zygote(level=level(self.isolation.level), cuda=self._cuda)

    def _verdicts(self, zygote: Zygote, submission: Submission) -> dict[str, Verdict]:
        with SubmissionRun(zygote, submission, self.limit) as run:
            return settle({name: v for name, v in self._judged(run, submission)})

    def _judged(self, run: SubmissionRun, submission: Submission) -> Iterator[tuple[str, Verdict]]:
        for exercise in self.assignment.exercises:
            key = self.keys[exercise.name]
            if submission.problem:
                outcome = Outcome(submission.name, trouble=submission.problem)
            else:
                wanted = [{"probe": case.probe, "given": dict(case.given)} for case in key.cases]
                outcome = run.outcome(exercise, wanted)
            yield exercise.name, judge(exercise, key, outcome)


def run_secret(out: Path) -> bytes:
    """Return the secret of the hidden givens: the one recorded in OUT, or a new one."""
    record = out / "run.json"
    if record.exists():
        return bytes.fromhex(json.loads(record.read_text(encoding="utf-8"))["secret"])
    secret = secrets.token_bytes(16)
    record.write_text(json.dumps({"secret": secret.hex()}) + "\n", encoding="utf-8")
    return secret


def default_workers() -> int:
    """Return the number of processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _error(exercise: Exercise, fault: Exception) -> Verdict:
    told = f"the grader failed, not the submission: {type(fault).__name__}: {fault}"
    return Verdict(exercise, "error", None, gap=told)
