"""What is wrong with an exercise, as far as the texts of its files tell; nothing is run for that.

Each line names the file to be mended. `descent new` leaves TODO where its author has to write, and
these are told, too.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from autograder.answers.keys import cases
from autograder.answers.ways import (
    OTHER_WAYS,
    SOLUTIONS,
    Way,
    asking,
    mistakes,
    other_ways,
    solution,
)
from autograder.course import (
    FOLDER,
    Exercise,
    exercises,
    file_of,
    givens,
    questions,
    questions_of,
    read_toml,
)
from autograder.inside import ROOT
from autograder.inside.syntax import definitions, is_stub, parse
from autograder.inside.words import counted
from autograder.teacher.givens import KINDS, given_faults, probe_file, probes_of, shown

KEYS = {
    *("points", "path", "builds_on", "questions", "why", "hints", "names", "answers", "errata"),
    "givens",
}
TODO = re.compile(r'\bTODO\b[^"]*')


def entry_faults(exercise: Exercise) -> Iterator[str]:
    """Yield what is wrong with an exercise's files."""
    yield from _table_faults(exercise)
    yield from _question_faults(exercise)
    yield from gaps_in(exercise)
    if _has_rows(exercise):
        yield from _probe_faults(exercise)
    yield from _mistake_faults(exercise)
    if OTHER_WAYS.is_dir():  # the kit's own tests are not installed
        yield from _proof_faults(exercise)
        yield from _asking_faults(exercise)


def gaps_in(exercise: Exercise) -> Iterator[str]:
    """Yield what has to be written before anything of an exercise can be run."""
    file = shown(SOLUTIONS / f"{exercise.module}.py")
    defined = _references(exercise.module)
    for name in exercise.names:
        if name not in defined:
            yield f"{file} has no {name}: write the reference"
        elif is_stub(defined[name]):
            yield f"{file}: {name} is still a stub: write the reference"
    for wrong in mistakes(exercise):
        if _is_stub(wrong):
            yield f"{_mistakes_file(exercise)}: {wrong.name} is still a stub: write the wrong way"
    if not _has_rows(exercise):
        file = shown(file_of(exercise))
        yield f"{file}: no givens: add [givens.PROBE], with public and hidden rows, for each probe"
    elif list(givens(exercise)) != list(probes_of(exercise)):
        yield (
            f"{shown(probe_file(exercise))}: probes {list(probes_of(exercise))}, but givens for "
            f"{list(givens(exercise))}: give both the same names, in the same order"
        )


def incomplete() -> list[str]:
    """Return, for the whole course, what has to be written before anything can be run."""
    return [fault for exercise in exercises().values() for fault in gaps_in(exercise)]


def todo_faults(chosen: Iterable[Exercise]) -> Iterator[str]:
    """Yield each TODO that stands in the files of some exercises."""
    for path in dict.fromkeys(path for one in chosen for path in _files(one) if path.exists()):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if found := TODO.search(line):
                yield f"{shown(path)}:{number}: {found[0].rstrip()}"


def _files(exercise: Exercise) -> Iterator[Path]:
    yield file_of(exercise)
    yield SOLUTIONS / f"{exercise.module}.py"
    yield FOLDER / exercise.module / f"{exercise.stem}.py"
    yield probe_file(exercise)
    yield OTHER_WAYS / exercise.module / f"{exercise.stem}.py"
    yield _proof(exercise)


def _table_faults(exercise: Exercise) -> Iterator[str]:
    """Yield what is wrong with the entries of an exercise's TOML file, but for its questions."""
    file = shown(file_of(exercise))
    table = read_toml(file_of(exercise))
    for key in sorted(table.keys() - KEYS):
        yield f"{file}: {key} is no entry of an exercise; there are {', '.join(sorted(KEYS))}"
    for name, rows in givens(exercise).items() if _has_rows(exercise) else ():
        for kind in sorted(rows.keys() - set(KINDS)):
            yield f"{file}: [givens.{name}] has {kind}; there are public and hidden rows"
    if len(exercise.hints) != 3:
        yield f"{file}: {counted(len(exercise.hints), 'hint')}, not 3: lead nearer with each"
    if exercise.points <= 0:
        yield f"{file}: no points"
    before = list(exercises())[: list(exercises()).index(exercise.name)]
    for used in exercise.builds_on:
        if used not in before:
            yield f"{file}: builds on {used}, which does not come before it"
    if not exercise.why:
        yield f"{file}: no sentence on why the right solution works: fill in `why`"


def _has_rows(exercise: Exercise) -> bool:
    """Say whether there are givens, each a table of lists of rows."""
    tables = read_toml(file_of(exercise)).get("givens")
    return isinstance(tables, dict) and all(
        isinstance(rows, dict)
        and all(isinstance(row, dict) for kind in KINDS for row in rows.get(kind, []))
        for rows in tables.values()
    )


def _question_faults(exercise: Exercise) -> Iterator[str]:
    file = shown(file_of(exercise))
    known = {question.id for question in questions()}
    for identity in exercise.questions:
        if identity not in known:
            yield f"{file}: {identity} is not in questions.toml"
    for identity in read_toml(file_of(exercise)).get("answers", {}):
        if identity not in exercise.questions:
            yield f"{file}: an answer to {identity}, which is not among its questions"
    if not (answered := questions_of(exercise)):
        yield f"{file}: answers no question: list ids of {shown(FOLDER / 'questions.toml')}"
    for question in answered:
        if not question.answer:
            yield f"{file}: {question.id} has no short answer: add it to [answers]"


def _probe_faults(exercise: Exercise) -> Iterator[str]:
    for name, node in probes_of(exercise).items():
        if not ast.get_docstring(node):
            yield (
                f"{shown(probe_file(exercise))}: the probe {name} has no sentence that says what "
                "it looks at"
            )
    file = shown(file_of(exercise))
    if not any(case.hidden for case in cases(exercise, secret=b"")):
        yield f"{file}: no hidden given"
    if not cases(exercise):
        yield f"{file}: no public given"
    yield from given_faults(exercise)


def _mistake_faults(exercise: Exercise) -> Iterator[str]:
    file = _mistakes_file(exercise)
    known = mistakes(exercise)
    if not known:
        yield f"{file}: no mistake: add a wrong way that students take"
    for wrong in known:
        words = len(wrong.story.split())
        if not 15 <= words <= 60:
            yield f"{file}: the feedback of {wrong.slug} has {words} words, not 15 to 60"
    for kind, found in (
        ("mistakes", [str(wrong.slug) for wrong in known]),
        ("functions", [wrong.name for wrong in known]),
    ):
        for name in sorted({name for name in found if found.count(name) > 1}):
            yield f"{file}: two {kind} are called {name}"


def _proof_faults(exercise: Exercise) -> Iterator[str]:
    """Yield what is missing in tests/: ways by which the judge is tried, and a proof."""
    file = shown(OTHER_WAYS / exercise.module / exercise.stem) + ".py"
    ways = other_ways(exercise)
    for way in filter(_is_stub, ways):
        yield f"{file}: {way.name} is still a stub: write this {way.kind} way"
    for kind in ("right", "wrong"):
        if kind not in [way.kind for way in ways]:
            yield f"{file}: no {kind} way: add one, marked @{kind}()"
    path = _proof(exercise)
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    for name in exercise.names:
        if not re.search(rf"\b{name}\b", text):
            yield f"{shown(path)}: {name} is not proved: test the reference by another route"


def _asking_faults(exercise: Exercise) -> Iterator[str]:
    """Yield the questions that no wrong way asks, and those that one asks for no good."""
    asked = asking(exercise).keys()
    for identity in exercise.questions:
        if identity not in asked:
            yield (
                f"{shown(file_of(exercise))}: no wrong way fails because of {identity}: mark one "
                f'with asks="{identity}", or take the question out'
            )
    for identity in sorted(asked - set(exercise.questions)):
        yield f"{shown(file_of(exercise))}: a wrong way asks {identity}, not among its questions"


def _proof(exercise: Exercise) -> Path:
    return ROOT / "tests" / f"test_{exercise.module}.py"


def _mistakes_file(exercise: Exercise) -> str:
    return shown(FOLDER / exercise.module / exercise.stem) + ".py"


def _is_stub(way: Way) -> bool:
    return is_stub(definitions(parse(way.text))[way.name])


def _references(module: str) -> dict[str, ast.FunctionDef | ast.ClassDef]:
    exists = (SOLUTIONS / f"{module}.py").exists()
    return definitions(parse(solution(module))) if exists else {}
