"""The kit checks itself: `descent check` prints a line for every fault of the kit."""

from __future__ import annotations

import ast
import inspect
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from autograder import ROOT, mistakes, probes
from autograder.answers import BrokenProbe, answer_keys, cases, givens
from autograder.catalogue import Exercise, exercises, modules, questions, questions_of
from autograder.cell.run import SubmissionRun
from autograder.cell.source import CellSource, cell_source
from autograder.judging.compare import gaps
from autograder.judging.verdict import AnswerKey, Mistake, diagnose, judge
from autograder.mistakes import SOLUTIONS
from autograder.observation import Observation, Outcome
from autograder.submission import Source, Submission
from autograder.teacher.build import EXERCISES, built_files, in_step

MIN_SEPARATION = 1_000  # tolerances by which a mistake must move some observation (design)


def findings(chosen: Iterable[Exercise]) -> Iterator[str]:
    """Yield one line for each fault of the kit."""
    wanted = list(chosen)
    for exercise in wanted:
        yield from catalogue_faults(exercise)
    yield from _stray_files()
    yield from stub_faults()
    try:
        keys = answer_keys(wanted, secret=secrets.token_bytes(16))
        public = answer_keys(wanted)
    except BrokenProbe as fault:
        yield str(fault)
        return
    for exercise in wanted:
        yield from mistake_faults(exercise, keys[exercise.name], "public and hidden")
        yield from mistake_faults(exercise, public[exercise.name], "public")
    with cell_source() as cells:
        yield from _status_faults(cells, wanted, keys, SOLUTIONS, "pass")
        yield from _status_faults(cells, wanted, keys, EXERCISES, "not_attempted")


def catalogue_faults(exercise: Exercise) -> Iterator[str]:
    """Yield what is wrong with an exercise's entry, its docstring, probes, givens and mistakes."""
    where = f"{exercise.id} {exercise.name}"
    if len(exercise.hints) != 3:
        yield f"{where}: {len(exercise.hints)} hints, not 3"
    if exercise.points <= 0:
        yield f"{where}: no points"
    for used in exercise.builds_on:
        if used not in exercises() or exercises()[used].id >= exercise.id:
            yield f"{where}: builds on {used}, which does not come before it"
    answered = [question.id for question in questions_of(exercise)]
    if not answered:
        yield f"{where}: answers no question"
    for question in questions_of(exercise):
        if not question.answer:
            yield f"{where}: {question.id} has no short answer in answers.toml"
    if not exercise.why:
        yield f"{where}: no sentence on why the right solution works"
    docstring = _docstring(exercise)
    listed = re.findall(r"^Questions: (.*)$", docstring, re.MULTILINE)
    if listed != [" ".join(answered)]:
        yield f"{where}: the docstring must end in `Questions: {' '.join(answered)}`"
    yield from _probe_faults(exercise, where)


def _probe_faults(exercise: Exercise, where: str) -> Iterator[str]:
    rows = givens(exercise.module).get(exercise.name, {})
    names = probes.names(exercise.module, exercise.name)
    if set(rows) != set(names):
        yield f"{where}: probes {sorted(names)}, but givens for {sorted(rows)}"
        return
    for name in names:
        if not probes.find(exercise.module, exercise.name, name).__doc__:
            yield f"{where}: the probe {name} has no sentence that says what it looks at"
    if not any(case.hidden for case in cases(exercise, secret=b"")):
        yield f"{where}: no hidden given"
    if not cases(exercise):
        yield f"{where}: no public given"
    for wrong in mistakes.of(exercise.module, exercise.name):
        words = len(wrong.feedback.split())
        if not 15 <= words <= 60:
            yield f"{where}: the feedback of {wrong.slug} has {words} words, not 15 to 60"


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
    cells: CellSource,
    wanted: Iterable[Exercise],
    keys: Mapping[str, AnswerKey],
    folder: Path,
    status: str,
) -> Iterator[str]:
    """Every file of a folder is judged `status`, in a cell."""
    paths = {module: folder / f"{module}.py" for module in modules()}
    sources = {
        module: Source(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8"))
        for module, path in paths.items()
        if path.exists()
    }
    with SubmissionRun(cells, Submission("check", sources)) as run:
        for exercise in wanted:
            key = keys[exercise.name]
            rows = [{"probe": case.probe, "given": dict(case.given)} for case in key.cases]
            verdict = judge(exercise, key, run.outcome(exercise, rows))
            if verdict.status != status:
                where = f"{exercise.id} {exercise.name}"
                yield f"{where}: {folder.name} is {verdict.status}: {verdict.gap}"


def stub_faults() -> Iterator[str]:
    """Yield the files of exercises/ that are not what the solutions make of them."""
    for module in modules():
        for name, text in built_files(module, exercises().values()).items():
            if not in_step(EXERCISES / name, text):
                yield f"exercises/{name} is out of step with the solution: run `descent build`"


def _stray_files() -> Iterator[str]:
    """Name one step by one name: every file of these folders belongs to a module."""
    known = {*modules(), "__init__", "tools", "questions", "answers", "predictions", "conftest"}
    for folder in ("solutions", "exercises", "exercises/cases", *_package_folders()):
        for path in sorted((ROOT / folder).glob("*.*")):
            if path.stem not in known:
                yield f"{path.relative_to(ROOT)} is a stray file: no module has this name"
    ids = {exercise.id for exercise in exercises().values()}
    for question in questions():
        for identity in question.exercises:
            if identity[:3] in {i[:3] for i in ids} and identity not in ids:
                yield f"{question.id}: {identity} is not in the catalogue"


def _package_folders() -> tuple[str, ...]:
    return tuple(f"autograder/{name}" for name in ("catalogue", "probes", "givens", "mistakes"))


def _docstring(exercise: Exercise) -> str:
    source = (SOLUTIONS / f"{exercise.module}.py").read_text(encoding="utf-8")
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == exercise.names[0]:
            return inspect.cleandoc(ast.get_docstring(node) or "")
    return ""
