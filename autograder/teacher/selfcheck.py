"""The kit checks itself: `descent check` prints a line for every fault of the kit."""

from __future__ import annotations

import ast
import inspect
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

from autograder.answers.keys import BrokenProbe, answer_keys, cases
from autograder.answers.ways import OTHER_WAYS, SOLUTIONS, mistakes, solution
from autograder.batch.depends import PROBES
from autograder.cells.observer import Observer, Zygotes
from autograder.cells.replies import Wanted
from autograder.course import (
    FOLDER,
    STEM,
    Exercise,
    exercises,
    file_of,
    givens,
    modules,
    questions,
    questions_of,
    read_toml,
)
from autograder.inside import ROOT
from autograder.inside.observation import Observation, Outcome
from autograder.inside.submission import Source, Submission
from autograder.inside.syntax import definitions, is_definition, parse
from autograder.judging.compare import gaps
from autograder.judging.verdict import AnswerKey, Mistake, diagnose, judge
from autograder.teacher.build import EXERCISES, built_files, in_step

MIN_SEPARATION = 1_000  # tolerances by which a mistake must move some observation (design)


def findings(chosen: Iterable[Exercise]) -> Iterator[str]:
    """Yield one line for each fault of the kit."""
    wanted = list(chosen)
    for exercise in wanted:
        yield from entry_faults(exercise)
    yield from _stray_files()
    with closing(Zygotes("basic")) as observer:
        try:
            yield from _observed_faults(wanted, observer)
        except BrokenProbe as fault:
            yield str(fault)


def _observed_faults(wanted: list[Exercise], observer: Observer) -> Iterator[str]:
    """Yield the faults that show when the references, mistakes and stubs are observed."""
    keys = answer_keys(wanted, observer, secret=secrets.token_bytes(16))
    public = answer_keys(wanted, observer)
    yield from stub_faults(observer)
    for exercise in wanted:
        yield from mistake_faults(exercise, keys[exercise.name], "public and hidden")
        yield from mistake_faults(exercise, public[exercise.name], "public")
    yield from _status_faults(observer, wanted, keys, SOLUTIONS, "pass")
    yield from _status_faults(observer, wanted, keys, EXERCISES, "not_attempted")


def entry_faults(exercise: Exercise) -> Iterator[str]:
    """Yield what is wrong with an exercise's entry, its docstring, probes, givens and mistakes."""
    where = f"{exercise.id} {exercise.name}"
    if len(exercise.hints) != 3:
        yield f"{where}: {len(exercise.hints)} hints, not 3"
    if exercise.points <= 0:
        yield f"{where}: no points"
    before = list(exercises())[: list(exercises()).index(exercise.name)]
    for used in exercise.builds_on:
        if used not in before:
            yield f"{where}: builds on {used}, which does not come before it"
    answered = [question.id for question in questions_of(exercise)]
    if not answered:
        yield f"{where}: answers no question"
    for question in questions_of(exercise):
        if not question.answer:
            yield f"{where}: {question.id} has no short answer"
    if not exercise.why:
        yield f"{where}: no sentence on why the right solution works"
    docstring = _docstring(exercise)
    listed = re.findall(r"^Questions: (.*)$", docstring, re.MULTILINE)
    if listed != [" ".join(answered)]:
        yield f"{where}: the docstring must end in `Questions: {' '.join(answered)}`"
    yield from _probe_faults(exercise, where)


def _probe_faults(exercise: Exercise, where: str) -> Iterator[str]:
    described = _probes(exercise)
    if list(givens(exercise)) != list(described):
        yield f"{where}: probes {list(described)}, but givens for {list(givens(exercise))}"
        return
    for name, sentence in described.items():
        if not sentence:
            yield f"{where}: the probe {name} has no sentence that says what it looks at"
    if not any(case.hidden for case in cases(exercise, secret=b"")):
        yield f"{where}: no hidden given"
    if not cases(exercise):
        yield f"{where}: no public given"
    known = mistakes(exercise)
    for wrong in known:
        words = len(wrong.story.split())
        if not 15 <= words <= 60:
            yield f"{where}: the feedback of {wrong.slug} has {words} words, not 15 to 60"
    slugs = [wrong.slug for wrong in known]
    for slug in sorted({str(slug) for slug in slugs if slugs.count(slug) > 1}):
        yield f"{where}: two mistakes are called {slug}"


def _probes(exercise: Exercise) -> dict[str, str]:
    """Return the names and docstrings of the probes in an exercise's file, as they stand there."""
    path = PROBES / exercise.module / f"{exercise.stem}.py"
    found = {}
    for node in parse(path.read_text(encoding="utf-8")).body if path.exists() else []:
        for mark in getattr(node, "decorator_list", []):
            if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "probe":
                assert is_definition(node)
                found[str(ast.literal_eval(mark.args[0]))] = ast.get_docstring(node) or ""
    return found


def mistake_faults(exercise: Exercise, key: AnswerKey, which: str) -> Iterator[str]:
    """Every mistake is caught, by far, and named."""
    for mistake in key.mistakes:
        where = f"{exercise.id} {exercise.name}: the mistake {mistake.slug}"
        separation = _separation(key, mistake)
        if separation < MIN_SEPARATION:
            yield f"{where} moves no {which} case by {MIN_SEPARATION} tolerances ({separation:.3g})"
            continue
        verdict = judge(exercise, key, Outcome("", observations=mistake.observations))
        if verdict.status != "fail":
            yield f"{where} is not caught by the {which} cases"
        named = diagnose(key, mistake.observations)
        if named is None:
            yield f"{where} looks like another one on the {which} cases"


def _separation(key: AnswerKey, mistake: Mistake) -> float:
    def sizes() -> Iterator[float]:
        for case, expected, seen in zip(key.cases, key.expected, mistake.observations, strict=True):
            if isinstance(expected, Observation):
                yield from (gap.size for gap in gaps(seen, expected, case.dtype))

    return max(sizes(), default=0.0)


def _status_faults(
    observer: Observer,
    wanted: Iterable[Exercise],
    keys: Mapping[str, AnswerKey],
    folder: Path,
    status: str,
) -> Iterator[str]:
    """Every file of a folder is judged `status`, in a cell."""
    every = list(wanted)
    paths = {module: folder / f"{module}.py" for module in modules()}
    sources = {
        module: Source(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8"))
        for module, path in paths.items()
        if path.exists()
    }
    asked = [Wanted(exercise, keys[exercise.name].requests) for exercise in every]
    outcomes = observer.outcomes(Submission("check", sources), asked)
    for exercise, outcome in zip(every, outcomes, strict=True):
        verdict = judge(exercise, keys[exercise.name], outcome)
        if verdict.status != status:
            where = f"{exercise.id} {exercise.name}"
            yield f"{where}: {folder.name} is {verdict.status}: {verdict.gap}"


def stub_faults(observer: Observer) -> Iterator[str]:
    """Yield the files of exercises/ that are not what the solutions make of them."""
    for name, text in built_files(exercises().values(), observer).items():
        if not in_step(EXERCISES / name, text):
            yield f"exercises/{name} is out of step with the solution: run `descent build`"


def _stray_files() -> Iterator[str]:
    """Every file of these folders belongs to a module, or to an exercise of the module."""
    for folder in (SOLUTIONS, EXERCISES, EXERCISES / "cases"):
        for path in sorted(folder.glob("*.*")):
            if path.stem not in (*modules(), "conftest"):
                yield f"{path.relative_to(ROOT)} is a stray file: no module has this name"
    stems = {exercise.stem for exercise in exercises().values()}
    for folder in (FOLDER, PROBES, OTHER_WAYS):
        for path in sorted(folder.glob("*/*.*")):
            if STEM.fullmatch(path.stem) and path.stem not in stems:
                yield f"{path.relative_to(ROOT)} is a stray file: no exercise has this name"
    known = {question.id for question in questions()}
    for exercise in exercises().values():
        for identity in exercise.questions:
            if identity not in known:
                yield f"{exercise.id}: {identity} is not in questions.toml"
        for identity in read_toml(file_of(exercise)).get("answers", {}):
            if identity not in exercise.questions:
                yield f"{exercise.id}: an answer to {identity}, which it does not list"


def _docstring(exercise: Exercise) -> str:
    defined = definitions(parse(solution(exercise.module)))
    if exercise.names[0] not in defined:
        return ""
    return inspect.cleandoc(ast.get_docstring(defined[exercise.names[0]]) or "")
