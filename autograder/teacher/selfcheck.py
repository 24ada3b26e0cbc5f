"""The kit checks itself: `descent check` prints a line for every fault of the kit.

What the texts of an exercise's files tell is looked at in `entries`; here, what shows when the
references, the mistakes and the stubs are run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

from autograder.answers.keys import answer_keys
from autograder.answers.ways import OTHER_WAYS, PROBES, SOLUTIONS, slow_parts
from autograder.cells.observer import LocalObserver, Observer
from autograder.cells.replies import Wanted
from autograder.course import FOLDER, STEM, Exercise, exercises, modules
from autograder.inside import ROOT
from autograder.inside.errors import DescentError
from autograder.inside.observation import Observation, Outcome
from autograder.inside.submission import Source, Submission
from autograder.judging.compare import gaps
from autograder.judging.key import AnswerKey, Mistake
from autograder.judging.verdict import judge
from autograder.teacher.build import EXERCISES, built_files, in_step
from autograder.teacher.entries import entry_faults, incomplete, todo_faults
from autograder.teacher.quality import SECRET

MIN_SEPARATION = 1_000  # tolerances by which a mistake must move some observation (design)


def findings(chosen: Iterable[Exercise]) -> Iterator[str]:
    """Yield one line for each fault of the kit."""
    wanted = list(chosen)
    faults = [fault for exercise in wanted for fault in entry_faults(exercise)]
    yield from [*faults, *todo_faults(wanted), *_stray_files()]
    if missing := incomplete():
        yield from (fault for fault in missing if fault not in faults)
        yield "nothing was run: this is looked at once references, mistakes and probes are written"
        return
    with closing(LocalObserver("basic", warm=slow_parts(wanted))) as observer:
        try:
            yield from _observed_faults(wanted, observer)
        except DescentError as fault:
            yield str(fault)


def _observed_faults(wanted: list[Exercise], observer: Observer) -> Iterator[str]:
    """Yield the faults that show when the references, mistakes and stubs are observed."""
    keys = answer_keys(wanted, observer, secret=SECRET)
    touched = {exercise.module for exercise in wanted}
    whole = [exercise for exercise in exercises().values() if exercise.module in touched]
    public = answer_keys(whole, observer)
    yield from stub_faults(whole, public)
    for exercise in wanted:
        yield from mistake_faults(exercise, keys[exercise.name], "public and hidden")
        yield from mistake_faults(exercise, public[exercise.name], "public")
    yield from _status_faults(observer, wanted, keys, SOLUTIONS, "pass")
    yield from _status_faults(observer, wanted, keys, EXERCISES, "not_attempted")


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
        if verdict.diagnosis != mistake.slug:
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


def stub_faults(whole: Iterable[Exercise], keys: Mapping[str, AnswerKey]) -> Iterator[str]:
    """Yield the files of exercises/ that are not what the solutions make of whole modules."""
    for name, text in built_files(whole, keys).items():
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
