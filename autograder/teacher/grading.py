"""`descent grade`: a folder of submissions into a ledger, and the files that teachers read."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import torch
from rich.console import Console
from rich.progress import Progress

from autograder.answers import answer_keys, cases
from autograder.batch import depends
from autograder.batch.cluster import Cluster, ClusterError
from autograder.batch.grade import Grader, default_workers
from autograder.batch.intake import entries, submissions
from autograder.batch.ledger import Ledger, LedgerError
from autograder.batch.observer import Zygotes
from autograder.batch.result import write_grades, write_moved, write_whole
from autograder.batch.run import Run
from autograder.catalogue import Assignment, modules
from autograder.cell.isolation import LevelError
from autograder.cli import STOPPED, UserError
from autograder.teacher.report import Summary


def grade(options: argparse.Namespace, chosen: Assignment, cuda: bool) -> int:
    """Grade what is new, write the files, print the table; 1 if the grader failed somewhere."""
    total = len(entries(options.submissions))
    if not total:
        raise UserError(f"{options.submissions} holds no submission (folder, .zip, .py or .ipynb)")
    try:
        (options.out / "results").mkdir(parents=True, exist_ok=True)
        with Ledger(options.out) as ledger, _ended_gently():
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
    with ThreadPoolExecutor(1) as pool:  # while the reference is observed, another process starts
        starting = pool.submit(_observer, options, _needs_cuda(chosen, cuda))
        keys = answer_keys(chosen.exercises, secret, cuda)
        observer = starting.result()
    level, grader = observer.isolation.level, Grader(chosen, keys, observer)
    workers = options.workers or getattr(observer, "workers", default_workers())
    if observer.isolation.why:
        print(f"grading at level {level}: {observer.isolation.why}", file=sys.stderr)
    summary = Summary()
    with closing(observer), Progress(console=Console(stderr=True)) as bar:
        checks = {e.name: depends.of_exercise(e, secret, cuda, level) for e in chosen.exercises}
        run = Run(grader, ledger, checks, options.counts, options.again)
        task = bar.add_task("grading", total=total)
        try:
            handed_in = submissions(options.submissions, modules())
            for graded in run.grade(handed_in, workers):
                summary.add(graded)
                _write_results(ledger, options.out)
                bar.advance(task)
        except KeyboardInterrupt:
            bar.stop()
            done = f"{summary.submissions} of {total} submissions"
            print(f"stopped: {done} are done and kept; run it again to go on")
            return STOPPED
    unwritten = _write_results(ledger, options.out)
    moved = ledger.moved()
    names = ledger.names()
    write_grades(((name, ledger.marks(name)) for name in names), chosen, options.out / "grades.csv")
    write_moved(moved, options.out / "moved.csv")
    ledger.finish()
    earlier = len(set(names) - run.names)
    summary.print(observer.isolation, options.out, len(moved), earlier)
    for name, reason in unwritten.items():
        print(f"not written: the result of {name}: {reason}; its marks are in grades.csv")
    return int(summary.errors > 0 or bool(unwritten))


@contextmanager
def _ended_gently() -> Iterator[None]:
    """Let SIGTERM, by which batch systems end a program, do what Ctrl-C does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _needs_cuda(chosen: Assignment, cuda: bool) -> bool:
    """Say whether a case is to run on CUDA."""
    found = (case for exercise in chosen.exercises for case in cases(exercise, cuda=cuda))
    return torch.cuda.is_available() and any(case.device == "cuda" for case in found)


def _observer(options: argparse.Namespace, cuda: bool) -> Zygotes | Cluster:
    if options.cluster:
        return Cluster(options.cluster, options.isolation, cuda)
    return Zygotes(options.isolation, cuda)


def _write_results(ledger: Ledger, out: Path) -> dict[str, str]:
    """Write the results that have no file yet, of a killed run too; return the reasons by name
    where that is not possible: one that cannot be written stops no other."""
    failed = {}
    for name, content in ledger.unwritten():
        try:
            write_whole(content, out / "results" / f"{name}.json")
        except OSError as error:
            failed[name] = str(error.strerror)
        else:
            ledger.note_written(name, content)
    return failed
