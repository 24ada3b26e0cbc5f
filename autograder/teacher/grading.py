"""`descent grade`: a folder of submissions into a ledger, and the files that teachers read."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import torch
from rich.console import Console
from rich.progress import Progress

from autograder.answers import answer_keys, cases
from autograder.batch import depends
from autograder.batch.cluster import Cluster, ClusterError
from autograder.batch.grade import Grader, default_workers
from autograder.batch.intake import entries, submissions
from autograder.batch.ledger import Ledger, LedgerError, Moved
from autograder.batch.observer import Zygotes
from autograder.batch.result import Result, to_json, write_grades, write_moved
from autograder.batch.run import Run
from autograder.catalogue import Assignment, modules
from autograder.cell.isolation import LevelError
from autograder.cli import STOPPED, UserError
from autograder.judging.verdict import AnswerKey
from autograder.teacher.report import Summary


def grade(options: argparse.Namespace, chosen: Assignment, cuda: bool) -> int:
    """Grade what is new, write the files, print the table; 1 if the grader failed somewhere."""
    total = len(entries(options.submissions))
    if not total:
        raise UserError(f"{options.submissions} holds no submission (folder, .zip, .py or .ipynb)")
    try:
        (options.out / "results").mkdir(parents=True, exist_ok=True)
        with Ledger(options.out) as ledger:
            ledger.claim(chosen.name)
            return _graded(options, chosen, cuda, ledger, total)
    except (LevelError, LedgerError, ClusterError) as error:
        raise UserError(str(error)) from error
    except OSError as error:
        place = error.filename or options.out
        raise UserError(f"{place}: {error.strerror}; what was decided is kept") from error


def _graded(
    options: argparse.Namespace, chosen: Assignment, cuda: bool, ledger: Ledger, total: int
) -> int:
    secret = ledger.secret()
    summary = Summary()
    with ThreadPoolExecutor(1) as pool:  # while the reference is observed, another process starts
        starting = pool.submit(_observer, options, _needs_cuda(chosen, cuda))
        keys = answer_keys(chosen.exercises, secret, cuda)
        observer = starting.result()
    level, grader = observer.isolation.level, Grader(chosen, keys, observer)
    workers = options.workers or getattr(observer, "workers", default_workers())
    with closing(observer), Progress(console=Console(stderr=True)) as bar:
        checks = {e.name: depends.of_exercise(e, secret, cuda, level) for e in chosen.exercises}
        run = Run(grader, ledger, checks, options.counts, options.again)
        task = bar.add_task("grading", total=total)
        try:
            handed_in = submissions(options.submissions, modules())
            for graded in run.grade(handed_in, workers):
                summary.add(graded.result, graded.judged)
                _write_result(graded.result, keys, options.out)
                bar.advance(task)
        except KeyboardInterrupt:
            bar.stop()
            done = f"{summary.submissions} of {total} submissions"
            print(f"stopped: {done} are done and kept; run it again to go on")
            return STOPPED
    moved = ledger.moved()
    _write_marks(ledger, chosen, moved, options.out)
    ledger.finish()
    summary.print(observer.isolation, options.out, len(moved))
    return int(summary.errors > 0)


def _needs_cuda(chosen: Assignment, cuda: bool) -> bool:
    """Say whether a case is to run on CUDA."""
    found = (case for exercise in chosen.exercises for case in cases(exercise, cuda=cuda))
    return torch.cuda.is_available() and any(case.device == "cuda" for case in found)


def _observer(options: argparse.Namespace, cuda: bool) -> Zygotes | Cluster:
    if options.cluster:
        return Cluster(options.cluster, options.isolation, cuda)
    return Zygotes(options.isolation, cuda)


def _write_result(result: Result, keys: Mapping[str, AnswerKey], out: Path) -> None:
    text = json.dumps(to_json(result, keys), indent=1, ensure_ascii=False)
    (out / "results" / f"{result.submission}.json").write_text(text + "\n", encoding="utf-8")


def _write_marks(ledger: Ledger, chosen: Assignment, moved: list[Moved], out: Path) -> None:
    names = ((name, ledger.marks(name)) for name in ledger.names())
    write_grades(names, chosen, out / "grades.csv")
    write_moved(moved, out / "moved.csv")
