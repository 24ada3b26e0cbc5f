"""How good the judge is: `descent quality` judges right, wrong and mutated ways, and counts.

It reads `tests/accepted/`, `tests/caught/`, `tests/restated/` and `mistakes/`, makes mutants of the
references, and composes mistakes of exercises that build on each other.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from typing import TypeVar

from autograder import ROOT, probes
from autograder.answers import answer_keys
from autograder.batch.grade import Grader, default_workers
from autograder.batch.observer import Observer, Zygotes
from autograder.catalogue import Assignment, Exercise, exercises, modules, read_toml
from autograder.judging.verdict import Verdict
from autograder.submission import Submission
from autograder.teacher.mutants import mutants
from autograder.teacher.variants import (
    Judge,
    Variant,
    read_variants,
    references,
    submission_of,
    submission_with,
)

SURVIVORS = ROOT / "tests" / "survivors.toml"  # mutants that nothing can catch, with the reason
SECRET = b"the same in every run, so that two runs can be compared"
LIMIT_S = 2.0  # of processor time: a mutant may never end
COLUMNS = ("accepted", "caught", "listed", "restated", "pairs", "mutants")

T = TypeVar("T")


@dataclass
class Module:
    """What was counted of a module, by column, and what went wrong, in a line each."""

    name: str
    good: Counter[str] = field(default_factory=Counter)
    all: Counter[str] = field(default_factory=Counter)
    named: Counter[str] = field(default_factory=Counter)
    abstained: int = 0
    misnamed: int = 0
    excused: int = 0
    faults: list[str] = field(default_factory=list)

    def count(self, column: str, good: bool, told: str) -> None:
        """Count one implementation; tell of one that was judged wrongly."""
        self.all[column] += 1
        self.good[column] += good
        if not good:
            self.faults.append(told)

    def count_name(self, column: str, told: str, true: bool, verdict: Verdict) -> None:
        """Count whether the cause of a failure was named, rightly, or not at all."""
        if verdict.diagnosis is None:
            self.abstained += 1
        elif true:
            self.named[column] += 1
        else:
            self.misnamed += 1
            self.faults.append(f"{told} is called {verdict.diagnosis}")


class Quality:
    """Judges everything with one secret; `catches` has the probes that failed each wrong way."""

    def __init__(
        self,
        observer: Observer,
        pool: ThreadPoolExecutor,
        chosen: Iterable[Exercise],
        secret: bytes,
    ) -> None:
        self._chosen = list(chosen)
        self._judge = Judge(observer, self._chosen, secret)
        self._pool = pool
        self.catches: list[tuple[str, frozenset[str]]] = []

    def modules(self) -> Iterator[Module]:
        """Yield what was counted of each module."""
        for name in modules():
            if any(exercise.module == name for exercise in self._chosen):
                module = Module(name)
                self._accepted(module)
                self._wrong(module)
                self._pairs(module)
                self._mutants(module)
                yield module

    def _accepted(self, module: Module) -> None:
        for variant, verdict in self._judged(_variants("tests/accepted", module.name)):
            passed = verdict.status == "pass"
            module.count("accepted", passed, f"{variant} is rejected: {verdict.gap}")

    def _wrong(self, module: Module) -> None:
        places = {"caught": "tests/caught", "listed": "autograder/mistakes"}
        for column, place in (places | {"restated": "tests/restated"}).items():
            for variant, verdict in self._judged(_variants(place, module.name)):
                self._note(verdict)
                module.count(column, verdict.status != "pass", f"{variant} is accepted")
                true = verdict.diagnosis == variant.named
                module.count_name(column, str(variant), true, verdict)

    def _pairs(self, module: Module) -> None:
        """Compose each mistake with one of an exercise that its own builds on."""
        listed = {m: _variants("autograder/mistakes", m) for m in modules()}
        pairs = []
        for index, variant in enumerate(listed[module.name]):
            bases = [
                base
                for name in exercises()[variant.exercise].builds_on
                for base in listed[exercises()[name].module]
                if base.exercise == name
            ]
            if bases:
                pairs.append((variant, bases[index % len(bases)]))
        run = self._run((pair, pair[0].exercise, submission_of(*pair)) for pair in pairs)
        for (variant, base), verdict in run:
            told = f"{variant} with {base}"
            module.count("pairs", verdict.status != "pass", f"{told} is accepted")
            module.count_name("pairs", told, verdict.diagnosis == variant.named, verdict)

    def _mutants(self, module: Module) -> None:
        """Judge the mutants but for those that `survivors.toml` explains."""
        reasons, made_now = read_toml(SURVIVORS).get(module.name, {}), set[str]()
        chosen = [e for e in self._chosen if e.module == module.name]
        made = [mutant for exercise in chosen for mutant in mutants(exercise)]
        run = self._run((m, m.exercise, submission_with(m.module, m.text)) for m in made)
        for mutant, verdict in run:
            if str(mutant) in reasons:
                made_now.add(str(mutant))
                module.excused += 1
                if verdict.status != "pass":
                    module.faults.append(f"{mutant} is caught: take it out of {SURVIVORS.name}")
            else:
                self._note(verdict)
                module.count("mutants", verdict.status != "pass", f"{mutant} is accepted")
        for told in reasons.keys() - made_now:
            if told.partition(":")[0] in {exercise.name for exercise in chosen}:
                module.faults.append(f"{told}: {SURVIVORS.name} has it, but no operator makes it")

    def _judged(self, variants: list[Variant]) -> Iterator[tuple[Variant, Verdict]]:
        wanted = {exercise.name for exercise in self._chosen}
        return self._run(
            (v, v.exercise, submission_of(v)) for v in variants if v.exercise in wanted
        )

    def _run(self, work: Iterable[tuple[T, str, Submission]]) -> Iterator[tuple[T, Verdict]]:
        """Judge an exercise of each submission; they are made in this thread alone.

        Making them parses Python, and CPython before 3.12 must not do that in two threads at once
        (https://github.com/python/cpython/issues/106905).
        """
        queued = [(it, self._pool.submit(self._judge.decided, name, s)) for it, name, s in work]
        return ((it, future.result()) for it, future in queued)

    def _note(self, verdict: Verdict) -> None:
        cases = self._judge.keys[verdict.exercise.name].cases
        failed = (c.probe for c, s in zip(cases, verdict.probes, strict=True) if s == "fail")
        self.catches.append((verdict.exercise.name, frozenset(failed)))


def measure(
    chosen: Iterable[Exercise],
) -> tuple[list[Module], Counter[tuple[str, str]]]:
    """Judge everything; return what was counted, and each probe's unique catches."""
    threads = ThreadPoolExecutor(default_workers())
    with closing(Zygotes("basic", limit=LIMIT_S)) as observer, threads as pool:
        quality = Quality(observer, pool, chosen, SECRET)
        counted = list(quality.modules())
    alone = Counter(
        (exercise, next(iter(failed))) for exercise, failed in quality.catches if len(failed) == 1
    )
    return counted, alone


def flakes(chosen: Iterable[Exercise], tries: int) -> Iterator[str]:
    """Judge the references with that many secrets; yield a line for each that does not pass."""
    wanted = list(chosen)
    modules_ = {exercise.module for exercise in wanted}
    submission = references(sorted(modules_))
    with closing(Zygotes("basic")) as observer:
        for _ in range(tries):
            secret = secrets.token_bytes(16)
            grader = Grader(Assignment("", tuple(wanted)), answer_keys(wanted, secret), observer)
            for name, verdict in grader.grade(submission).verdicts.items():
                if verdict.status != "pass":
                    yield f"{name} with the secret {secret.hex()}: {verdict.gap}"


def unique_catches(chosen: Iterable[Exercise], alone: Counter[tuple[str, str]]) -> Iterator[str]:
    """Yield a line per probe: how many wrong ways it catches that no other probe does.

    One that catches none has its reason to stay in `survivors.toml`.
    """
    reasons = read_toml(SURVIVORS)["probes"]
    for exercise in chosen:
        for name in probes.names(exercise.module, exercise.name):
            probe, count = f"{exercise.name} {name}", alone[exercise.name, name]
            yield f"{probe:<50}{count:>4}  {'' if count else reasons.get(probe, 'why?')}".rstrip()


def table(counted: Iterable[Module]) -> Iterator[str]:
    """Yield the lines of the table, a module each, and their sum."""
    found = list(counted)
    total = Module("all")
    for module in found:
        for own, sum_ in (
            (module.good, total.good),
            (module.all, total.all),
            (module.named, total.named),
        ):
            sum_.update(own)
        total.abstained += module.abstained
        total.misnamed += module.misnamed
        total.excused += module.excused
    head = (*COLUMNS, "excused", "named", "abstained", "misnamed")
    yield f"{'':<20}" + "".join(f"{name:>10}" for name in head)
    for module in [*found, total]:
        cells = [f"{module.good[name]}/{module.all[name]}" for name in COLUMNS]
        cells += [str(module.excused), str(module.named.total())]
        cells += [str(module.abstained), str(module.misnamed)]
        yield f"{module.name:<20}" + "".join(f"{cell:>10}" for cell in cells)


def _variants(folder: str, module: str) -> list[Variant]:
    path = ROOT / folder / f"{module}.py"
    return read_variants(path) if path.exists() else []
