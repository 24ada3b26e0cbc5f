"""How good the judge is: `descent quality` judges right, wrong and mutated ways, and counts.

It reads the mistakes and the ways in `tests/course/`, makes mutants of the references, and composes
mistakes of exercises that build on each other.
"""

from __future__ import annotations

import re
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from typing import TypeVar

from autograder.answers.keys import answer_keys
from autograder.answers.ways import (
    Way,
    constant,
    mistakes,
    other_ways,
    references,
    slow_parts,
    submission_of,
    submission_with,
)
from autograder.batch.grade import Grader
from autograder.cells.observer import LocalObserver, Observer, processors
from autograder.cells.replies import Wanted
from autograder.course import Assignment, Exercise, exercises, givens, modules
from autograder.inside.observation import Outcome
from autograder.inside.submission import Submission
from autograder.inside.warm import OPTIMIZERS
from autograder.judging.compare import gaps
from autograder.judging.key import AnswerKey, Case
from autograder.judging.verdict import Verdict, judge
from autograder.teacher.mutants import mutants

SECRET = b"the same in every run, so that two runs can be compared"
LIMIT_S = 2.0  # of processor time: a mutant may never end
COLUMNS = ("accepted", "caught", "listed", "restated", "pairs", "mutants")
# What a student is told of the cause, by the kind of the verdict's cause.
CAUSES = {
    "named": "named",
    "at_least": "named",
    "related": "related",
    "error": "error-told",
    "none": "abstained",
}

T = TypeVar("T")


@dataclass
class Module:
    """What was counted of a module, by column, and what went wrong, in a line each.

    `named` counts by column what is named rightly, `causes` by kind what is told of all wrong ways.
    `alone` counts the wrong ways that only one probe catches, by `exercise probe`; `words` those
    that only facts in words catch, by exercise: a process can put other words there.
    """

    name: str
    good: Counter[str] = field(default_factory=Counter)
    all: Counter[str] = field(default_factory=Counter)
    named: Counter[str] = field(default_factory=Counter)
    causes: Counter[str] = field(default_factory=Counter)
    excused: int = 0
    alone: Counter[str] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def count(self, column: str, good: bool, message: str) -> None:
        """Count one implementation; tell of one that was judged wrongly."""
        self.all[column] += 1
        self.good[column] += good
        if not good:
            self.faults.append(message)

    def count_catch(self, name: str, verdict: Verdict, cases: Sequence[Case]) -> None:
        """Count a wrong way that was caught by one probe alone; tell of one that only hidden cases
        catch, for its author would see all pass at the desk, unless tests/course/ has the reason.
        """
        results = zip(cases, verdict.probes, strict=True)
        failed = [case for case, status in results if status == "fail"]
        if len(probes := {case.probe for case in failed}) == 1:
            self.alone[f"{verdict.exercise.name} {probes.pop()}"] += 1
        # a machine's own device, such as CUDA, may be out of reach at the desk
        unseen = bool(failed) and all(c.hidden and c.device == "cpu" for c in failed)
        if unseen is not (name in constant(verdict.exercise, "HIDDEN_ONLY")):
            where = "passes all public cases" if unseen else "is in HIDDEN_ONLY, and need not be"
            self.faults.append(f"{verdict.exercise.name}: {name} {where}")

    def count_cause(self, column: str, message: str, true: str | None, verdict: Verdict) -> None:
        """Count what was told of a cause: `true` has the names of the mistakes that it is."""
        if verdict.status == "pass":
            return
        told = verdict.diagnosis
        if told and not {*told.split(", ")} <= {*(true or "").split(", ")}:
            self.causes["misnamed"] += 1
            self.faults.append(f"{message} is called {told}")
            return
        self.causes[CAUSES[verdict.cause]] += 1
        self.named[column] += CAUSES[verdict.cause] == "named"


class Quality:
    """Judges everything with one secret."""

    def __init__(
        self,
        observer: Observer,
        pool: ThreadPoolExecutor,
        chosen: Iterable[Exercise],
        secret: bytes,
    ) -> None:
        self._chosen = list(chosen)
        self._observer = observer
        self._keys = answer_keys(self._chosen, observer, secret, desk=True)
        self._pool = pool
        self._in_words: list[str] = []  # appended to by several threads

    def module(self, name: str) -> Module:
        """Judge all that there is of a module; return what was counted."""
        module = Module(name)
        self._accepted(module)
        self._wrong(module)
        self._pairs(module)
        self._mutants(module)
        module.words.update(n for n in self._in_words if exercises()[n].module == name)
        return module

    def _accepted(self, module: Module) -> None:
        for way, verdict in self._judged(module, "right"):
            passed = verdict.status == "pass"
            module.count("accepted", passed, f"{way} is rejected: {verdict.gap}")

    def _wrong(self, module: Module) -> None:
        for column, kind in (("caught", "wrong"), ("listed", "mistake"), ("restated", "restated")):
            for way, verdict in self._judged(module, kind):
                module.count_catch(way.name, verdict, self._keys[way.exercise.name].cases)
                module.count(column, verdict.status != "pass", f"{way} is accepted")
                module.count_cause(column, str(way), way.slug, verdict)

    def _pairs(self, module: Module) -> None:
        """Compose each mistake with one of an exercise that its own builds on. What that one alone
        is called here is true, too."""
        own = [e for e in exercises().values() if e.module == module.name]
        listed = [way for exercise in own for way in mistakes(exercise)]
        pairs = []
        for index, way in enumerate(listed):
            foundations = [exercises()[name] for name in way.exercise.builds_on]
            if bases := [base for exercise in foundations for base in mistakes(exercise)]:
                pairs.append((way, bases[index % len(bases)]))
        run = self._run((pair, pair[0].exercise, submission_of(*pair)) for pair in pairs)
        alone = ((w, w.exercise, submission_of(base, module=module.name)) for w, base in pairs)
        without = self._run(alone)
        for ((way, base), verdict), (_, other) in zip(run, without, strict=True):
            pair, true = f"{way} with {base}", filter(None, (way.slug, other.diagnosis))
            module.count("pairs", verdict.status != "pass", f"{pair} is accepted")
            module.count_cause("pairs", pair, ", ".join(true), verdict)

    def _mutants(self, module: Module) -> None:
        """Judge the mutants but for those that are excused in tests/course/, with a reason."""
        chosen = [e for e in self._chosen if e.module == module.name]
        excused = {(e.name, key) for e in chosen for key in constant(e, "EXCUSED")}
        made = [mutant for exercise in chosen for mutant in mutants(exercise)]
        run = self._run((m, m.exercise, submission_with(m.exercise.module, m.text)) for m in made)
        for mutant, verdict in run:
            if (mutant.exercise.name, mutant.key) in excused:
                module.excused += 1
                if verdict.status != "pass":
                    module.faults.append(f"{mutant} is caught: it is excused, and need not be")
            else:
                cases = self._keys[mutant.exercise.name].cases
                module.count_catch(mutant.key, verdict, cases)
                module.count("mutants", verdict.status != "pass", f"{mutant} is accepted")
        for name, key in sorted(excused - {(m.exercise.name, m.key) for m in made}):
            module.faults.append(f"{name}: {key}: it is excused, but no operator makes it")

    def _judged(self, module: Module, kind: str) -> Iterator[tuple[Way, Verdict]]:
        own = [exercise for exercise in self._chosen if exercise.module == module.name]
        ways = [w for e in own for w in (*mistakes(e), *other_ways(e)) if w.kind == kind]
        return self._run((way, way.exercise, submission_of(way)) for way in ways)

    def _decided(self, exercise: Exercise, submission: Submission) -> Verdict:
        """Return what is decided about an exercise of a submission."""
        key = self._keys[exercise.name]
        (outcome,) = self._observer.outcomes(submission, [Wanted(exercise, key.requests)])
        if _differs_in_words(key, outcome):
            self._in_words.append(exercise.name)
        return judge(exercise, key, outcome)

    def _run(self, work: Iterable[tuple[T, Exercise, Submission]]) -> Iterator[tuple[T, Verdict]]:
        """Judge an exercise of each submission, some at a time."""
        queued = [(it, self._pool.submit(self._decided, exercise, s)) for it, exercise, s in work]
        return ((it, future.result()) for it, future in queued)


def count(chosen: Iterable[Exercise], known: Mapping[str, Module] | None = None) -> list[Module]:
    """Judge everything of the modules that are not known; return what was counted of all."""
    wanted, found = list(chosen), dict(known or {})
    names = [name for name in modules() if any(exercise.module == name for exercise in wanted)]
    if missing := [name for name in names if name not in found]:
        own = [exercise for exercise in wanted if exercise.module in missing]
        threads = ThreadPoolExecutor(processors())
        warm = (*OPTIMIZERS, *slow_parts(own))  # another way may use what the reference does not
        with closing(LocalObserver("basic", limit=LIMIT_S, warm=warm)) as observer, threads as pool:
            quality = Quality(observer, pool, own, SECRET)
            found |= {name: quality.module(name) for name in missing}
    return [found[name] for name in names]


def flakes(chosen: Iterable[Exercise], tries: int) -> Iterator[str]:
    """Judge the references with that many secrets; yield a line for each that does not pass."""
    wanted = list(chosen)
    modules_ = {exercise.module for exercise in wanted}
    submission = references(sorted(modules_))
    with closing(LocalObserver("basic", warm=slow_parts(wanted))) as observer:
        for _ in range(tries):
            secret = secrets.token_bytes(16)
            grader = Grader(
                Assignment("", tuple(wanted)), answer_keys(wanted, observer, secret), observer
            )
            for name, verdict in grader.grade(submission).verdicts.items():
                if verdict.status != "pass":
                    yield f"{name} with the secret {secret.hex()}: {verdict.gap}"


def unique_catches(chosen: Iterable[Exercise], counted: Iterable[Module]) -> Iterator[str]:
    """Yield a line per probe: how many wrong ways it catches that no other probe does.

    One that catches none has its reason to stay in tests/course/ (KEPT_PROBES).
    """
    alone = Counter[str]()
    for module in counted:
        alone.update(module.alone)
    for exercise in chosen:
        reasons = constant(exercise, "KEPT_PROBES")
        for name in givens(exercise):
            probe, count = f"{exercise.name} {name}", alone[f"{exercise.name} {name}"]
            yield f"{probe:<50}{count:>4}  {'' if count else reasons.get(name, 'why?')}".rstrip()


def _differs_in_words(key: AnswerKey, outcome: Outcome) -> bool:
    """Say whether words alone tell an answer from the right one; written numbers are none."""
    seen = zip(key.cases, outcome.observations, key.expected, strict=False)
    found = [
        gap.expected
        for case, yours, expected in seen
        if expected
        for gap in gaps(yours, expected, case.dtype)
    ]
    return bool(found) and all(isinstance(e, str) and not re.search(r"\d", e) for e in found)


def on_words(chosen: Iterable[Exercise], counted: Iterable[Module]) -> Iterator[str]:
    """Yield a line per exercise in which some wrong ways are caught by words alone, and the sum of
    points: a process that puts other words there can have them without the work."""
    ways = Counter[str]()
    for module in counted:
        ways.update(module.words)
    found = [exercise for exercise in chosen if ways[exercise.name]]
    for exercise in found:
        yield f"{exercise.name:<50}{ways[exercise.name]:>4}"
    yield f"points that hang on words, too: {sum(exercise.points for exercise in found):g}"


def table(counted: Iterable[Module]) -> Iterator[str]:
    """Yield the lines of the table, a module each, and their sum."""
    found = list(counted)
    total = Module("all")
    for module in found:
        for own, sum_ in (
            (module.good, total.good),
            (module.all, total.all),
            (module.causes, total.causes),
        ):
            sum_.update(own)
        total.excused += module.excused
    told = (*dict.fromkeys(CAUSES.values()), "misnamed")
    yield f"{'':<20}" + "".join(f"{name:>11}" for name in (*COLUMNS, "excused", *told))
    for module in [*found, total]:
        cells = [f"{module.good[name]}/{module.all[name]}" for name in COLUMNS]
        cells += [str(module.excused), *(str(module.causes[name]) for name in told)]
        yield f"{module.name:<20}" + "".join(f"{cell:>11}" for cell in cells)
