"""`descent grade`: a folder of submissions in, results and a table out."""

from __future__ import annotations

import json
import signal
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from autograder.answers.keys import answer_keys, cases
from autograder.answers.ways import slow_parts
from autograder.batch import depends
from autograder.batch.attention import lost, not_judged, of_result
from autograder.batch.cluster import Cluster
from autograder.batch.download import class_folder
from autograder.batch.grade import Grader
from autograder.batch.intake import entries
from autograder.batch.ledger import Ledger, Policy
from autograder.batch.matching import not_handed_in
from autograder.batch.received import Received
from autograder.batch.roster import read_roster
from autograder.batch.run import Run
from autograder.batch.spent import Spent, note_spent
from autograder.batch.systems import recognised
from autograder.batch.tables import write_attention
from autograder.batch.written import MOVED, RESULTS, write_marks, write_results
from autograder.cells.isolation import Isolation, cuda_is_available
from autograder.cells.observer import LevelMoved, LocalObserver, Observer, WhenNeeded
from autograder.cli import STOPPED
from autograder.course import Assignment, modules
from autograder.inside.errors import UserError
from autograder.inside.words import counted
from autograder.judging.key import AnswerKey
from autograder.teacher.packed import CHOSEN, packed
from autograder.teacher.report import ATTENTION, Summary, WholeClass


@dataclass(frozen=True)
class Settings:
    """How a class is graded; the defaults are those of the command."""

    device: str = "auto"  # or cpu, cuda
    isolation: str = "auto"  # or a level
    counts: Policy | None = None  # by default as in the last run, at first the latest
    workers: int | None = None  # by default as many as can run at a time
    cluster: str | None = None  # the address of a Dask scheduler
    again: bool = False  # judge even what has been judged
    forget: tuple[str, ...] = ()  # names to take out of the marks first
    roster: Path | None = None  # a CSV with the names and ids of the class
    system: str = ""  # of systems.SYSTEMS; by default as the names look


def grade(path: Path, out: Path, chosen: Assignment, settings: Settings) -> int:
    """Grade what is new of a folder or a zip, write the files, print the table; 1 if the grader
    failed somewhere.

    Raises UserError for bad input, and where something that the run needs cannot be had.
    """
    roster = read_roster(settings.roster) if settings.roster else None
    try:
        with _ended_gently(), class_folder(path, settings.system) as folder:
            by_system = recognised(folder, settings.system)
            if not entries(folder, modules(), by_system):
                raise UserError(f"{path} holds no submission (folder, .zip, .py or .ipynb)")
            (out / RESULTS).mkdir(parents=True, exist_ok=True)
            with Ledger(out) as ledger:
                ledger.claim(chosen.name)
                ledger.note(CHOSEN, json.dumps(packed(chosen)))
                for name in settings.forget:
                    ledger.forget(name)
                    (out / RESULTS / f"{name}.json").unlink(missing_ok=True)
                received = Received.of(folder, modules(), by_system, ledger, roster)
                return _Grading(received, out, chosen, settings, ledger).run()
    except OSError as error:
        place = error.filename or out
        raise UserError(f"{place}: {error.strerror}; what was decided is kept") from error


class _Grading:
    """One run of the command, while it holds the ledger."""

    def __init__(
        self,
        received: Received,
        out: Path,
        chosen: Assignment,
        settings: Settings,
        ledger: Ledger,
    ) -> None:
        self._received = received
        self._out = out
        self._chosen = chosen
        self._settings = settings
        self._ledger = ledger
        self._total = len(received.entries)
        self._warm = slow_parts(chosen.exercises)
        available = settings.device != "cpu" and cuda_is_available()
        self._cuda = available or settings.device == "cuda"
        self._facts = list[str]()  # of this run, told at its end
        self._no_gpu = self._cuda and not available
        self._on_cuda = available and any(
            case.device == "cuda" for e in chosen.exercises for case in cases(e, cuda=True)
        )

    def run(self) -> int:
        """Grade at the level of the last run, or at the one that is measured when that differs."""
        machine = depends.of_machine(self._settings.isolation, self._cuda, self._settings.cluster)
        start = partial(self._started, machine)
        try:
            with closing(WhenNeeded(start, self._ledger.isolation(machine))) as observer:
                return self._graded(observer)
        except LevelMoved as moved:
            with closing(moved.observer) as observer:
                return self._graded(observer)

    def _started(self, machine: str) -> Observer:
        """Start where submissions run, and note its level in the ledger."""
        settings = self._settings
        level, cuda, warm = settings.isolation, self._on_cuda, self._warm
        seconds = self._chosen.seconds
        covered = [str(place.absolute()) for place in (self._received.folder, self._out)]
        observer: Observer
        if settings.cluster:
            observer = Cluster(settings.cluster, level, cuda, seconds, warm, covered)
        else:
            observer = LocalObserver(level, cuda, seconds, warm, covered)
        if observer.isolation.why:
            reason = f"grading at level {observer.isolation.level}: {observer.isolation.why}"
            print(reason, file=sys.stderr)
        self._ledger.note(machine, json.dumps(observer.isolation.to_json()))
        return observer

    def _graded(self, observer: Observer) -> int:
        if self._settings.cluster:  # answers stay on this machine
            start = partial(LocalObserver, "basic", self._on_cuda, warm=self._warm)
            local = WhenNeeded(start, Isolation("basic", {}, ()))
            with closing(local) as answering:
                return self._judged(observer, answering)
        return self._judged(observer, observer)

    def _judged(self, observer: Observer, answering: Observer) -> int:
        """Judge what `observer` sees by the answers that `answering` sees."""
        secret = self._ledger.secret()
        keys = answer_keys(self._chosen.exercises, answering, secret, self._cuda)
        level = observer.isolation.level
        checks = {
            e.name: depends.of_exercise(e, secret, self._cuda, level, self._chosen.seconds)
            for e in self._chosen.exercises
        }
        counts, before = self._policy()
        self._facts = _facts(counts, before, self._settings, keys if self._no_gpu else {})
        grader = Grader(self._chosen, keys, observer)
        again = self._settings.again
        run = Run(grader, self._ledger, checks, counts, again, every_name=counts != before)
        summary, began = Summary(), time.monotonic()
        try:
            with _progress() as bar:
                task = bar.add_task("grading", total=self._total)
                workers = self._settings.workers or observer.workers
                for graded in run.grade(self._received.submissions(), workers):
                    summary.add(graded)
                    write_results(self._ledger, self._out)
                    bar.advance(task)
            self._ledger.note("counts", counts)
            spent = Spent(summary.submissions, summary.judged, time.monotonic() - began)
            note_spent(self._ledger, spent)
            return self._report(summary, observer.isolation, run.names)
        except KeyboardInterrupt:
            done = f"{min(summary.submissions, self._total)} of {self._total} submissions"
            print(f"stopped: {done} are done and kept; run it again to go on")
            return STOPPED

    def _policy(self) -> tuple[Policy, Policy]:
        """Return which submission of a name counts now, and which did in the last run."""
        asked = self._settings.counts
        before = self._ledger.counts(asked or "latest")
        return asked or before, before

    def _report(self, summary: Summary, isolation: Isolation, handed_in: set[str]) -> int:
        """Write the files of the whole class, and print the table."""
        ledger, out = self._ledger, self._out
        unwritten = write_results(ledger, out)
        names = ledger.names()
        matters = [lost(name) for name in ledger.lost()]
        matters += self._received.matters
        matters += [not_judged(name) for name in sorted(summary.unpublished)]
        matters += [matter for name in names for matter in of_result(ledger.result(name))]
        missing = map(not_handed_in, self._received.missing)
        write_attention([*matters, *missing], out / ATTENTION)
        moved = write_marks(ledger, self._chosen, out)
        ledger.finish()
        earlier = [name for name in names if name not in handed_in]
        for name in sorted(handed_in.intersection(self._settings.forget)):
            self._facts.append(f"forget:  {name} is still handed in, and was graded anew")
        if rows := ledger.repaired.rows:
            told = f"{counted(rows, 'damaged row')} of the ledger: what it said is judged again"
            self._facts.append(f"note:    {told}")
        if by_hand := ledger.repaired.by_hand:
            told = f"{counted(by_hand, 'mark')} by hand of the ledger: give what is lost again"
            self._facts.append(f"damaged: {told}, see {out / MOVED}")
        self._facts += self._received.facts()
        self._facts += [f"note:    {line}" for line in self._received.left]
        summary.print(isolation, WholeClass(out, self._facts, earlier, len(moved), matters))
        for name, reason in unwritten.items():
            print(f"not written: the result of {name}: {reason}; its marks are in grades.csv")
        return int(summary.errors > 0 or bool(unwritten))


def _facts(
    counts: Policy, before: Policy, settings: Settings, without_gpu: Mapping[str, AnswerKey]
) -> list[str]:
    """Return what else is to be known of a run: what counts, and what could not be run."""
    facts = []
    if counts != before:
        facts.append(f"counts:  {counts} from now on, for every name; until now {before}")
    elif settings.counts is None and counts != "latest":
        facts.append(f"counts:  {counts}, as in the last run")
    cases = [case for key in without_gpu.values() for case in key.cases if case.device == "cuda"]
    if cases:
        of = f"{counted(len(cases), 'case')} for CUDA of every submission"
        facts.append(f"not run: {of}, since there is no GPU here")
    return facts


def _progress() -> Progress:
    """Return a bar that is drawn where somebody watches, and gone at the end."""
    console = Console(stderr=True)
    return Progress(console=console, transient=True, disable=not console.is_terminal)


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
