"""Build `exercises/`: the stubs, made from the solutions, and the public cases as data."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from math import isclose
from pathlib import Path
from typing import Any

from autograder.answers.keys import answer_keys
from autograder.answers.ways import solution
from autograder.cells.observer import Observer
from autograder.course import Exercise, exercises
from autograder.inside import ROOT
from autograder.inside.codec import encode_observation
from autograder.inside.observation import Observation
from autograder.inside.syntax import definitions, is_definition, is_docstring, parse
from autograder.judging.compare import TOLERANCES
from autograder.judging.key import AnswerKey
from autograder.judging.public import SCHEMA

EXERCISES = ROOT / "exercises"
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[-+]?\d+)?")


def built_files(chosen: Iterable[Exercise], keys: Mapping[str, AnswerKey]) -> dict[str, str]:
    """Return the text of the files in exercises/: the stubs and the public cases of each module.

    The keys are those of a desk.
    """
    wanted = list(chosen)
    files = {}
    for module in dict.fromkeys(exercise.module for exercise in wanted):
        own = [exercise for exercise in wanted if exercise.module == module]
        names = {name for exercise in own for name in exercise.names}
        files[f"{module}.py"] = stubs_of(solution(module), names)
        files[f"cases/{module}.json"] = public_cases(own, keys)
    return files


def build(folder: Path, observer: Observer) -> list[Path]:
    """Write the files of every module below `folder`; return those that changed."""
    changed = []
    every = exercises().values()
    for name, text in built_files(every, answer_keys(every, observer)).items():
        path = folder / name
        if not in_step(path, text):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
            changed.append(path)
    return changed


def in_step(path: Path, text: str) -> bool:
    """Say whether a file has this text, but for the last digits of its numbers.

    They differ between machines, and for some solvers between two runs.
    """
    if not path.exists():
        return False
    found = path.read_text(encoding="utf-8")
    if _NUMBER.sub("#", found) != _NUMBER.sub("#", text):
        return False
    pairs = zip(_NUMBER.findall(found), _NUMBER.findall(text), strict=True)
    relative, absolute = TOLERANCES["float32"]
    return all(
        isclose(float(a), float(b), rel_tol=relative, abs_tol=absolute) for a, b in pairs if a != b
    )


def stubs_of(source: str, names: Iterable[str]) -> str:
    """Return a solution's text with the bodies of `names` dropped, and every helper with them.

    Imports, signatures, docstrings and the notebook's cell marks stay, and so do the constants that
    are defaults of the signatures.
    """
    lines: list[str | None] = list(source.splitlines())
    body = parse(source).body
    stubs = [node for node in body if is_definition(node) and node.name in set(names)]
    defaults = {name for stub in stubs for name in _default_names(stub)}
    for node in body:
        if node in stubs:
            _drop_body(node, lines)
        elif not (
            isinstance(node, ast.Import | ast.ImportFrom)
            or is_docstring(node)
            or (isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in defaults)
        ):
            _drop(node, lines)
    kept = "\n".join(line for line in lines if line is not None)
    kept = re.sub(r"\n{3,}(?= )", "\n\n", re.sub(r"\n{4,}", "\n\n\n", kept))
    kept = re.sub(r"(?:# %%\s*)+(?=# %%\n|\Z)", "", kept)  # the mark of a cell that is now empty
    return kept.rstrip() + "\n"


def task_of(source: str, name: str) -> str:
    """Return the first line of a solution's docstring: the task in a sentence."""
    return (ast.get_docstring(definitions(parse(source))[name]) or "").partition("\n")[0]


def stub_of(source: str, name: str) -> str:
    """Return the text of one stub."""
    stubs = stubs_of(source, [name])
    return ast.get_source_segment(stubs, definitions(parse(stubs))[name]) or ""


def public_cases(chosen: Iterable[Exercise], keys: Mapping[str, AnswerKey]) -> str:
    """Return the public cases of a module as JSON, one observation a line.

    With each case stand the observations of the reference and of every mistake, and its feedback.
    """
    body = ",\n".join(
        f" {json.dumps(exercise.name)}: {_exercise_json(exercise, keys[exercise.name])}"
        for exercise in chosen
    )
    return f'{{"schema": {SCHEMA}, "exercises": {{\n{body}\n}}}}\n'


def _exercise_json(exercise: Exercise, key: AnswerKey) -> str:
    source = solution(exercise.module)
    none: dict[str, str] = {}  # the calls of the reference are those that are told
    known = [
        f'{{"slug": {json.dumps(wrong.slug)}, "feedback": {json.dumps(wrong.feedback)},\n'
        f'    "observations": {_observations(seen)}}}'
        for wrong in key.mistakes
        for seen in [[replace(one, calls=none) for one in wrong.observations]]
    ]
    stubs = {name: stub_of(source, name) for name in exercise.names}
    return (
        f'{{\n  "task": {json.dumps(task_of(source, exercise.names[0]))},\n'
        f'  "stubs": {json.dumps(stubs)},\n  "cases": {_lines(key.requests)},\n'
        f'  "expected": {_observations(key.expected)},\n'
        f'  "mistakes": [{", ".join(known)}]}}'
    )


def _observations(seen: Iterable[Observation | None]) -> str:
    """Write observations; a line of the kit's own files means nothing elsewhere."""
    known = (replace(one, line=None, trace=None) for one in seen if one is not None)
    return _lines(map(encode_observation, known))


def _lines(rows: Iterable[Any]) -> str:
    return "[\n   " + ",\n   ".join(json.dumps(row) for row in rows) + "]"


def _default_names(node: ast.FunctionDef | ast.ClassDef) -> set[str]:
    """Return the names that are defaults of a function's parameters."""
    defaults = node.args.defaults if isinstance(node, ast.FunctionDef) else []
    return {default.id for default in defaults if isinstance(default, ast.Name)}


def _drop_body(node: ast.FunctionDef | ast.ClassDef, lines: list[str | None]) -> None:
    """Keep the head and the docstring; of a class also the methods, without their bodies."""
    text = node.body[0]
    if not is_docstring(text):
        raise ValueError(f"{node.name} needs a docstring: it is the task")
    if isinstance(node, ast.FunctionDef):
        first, last = text.end_lineno or 0, node.end_lineno or 0
        lines[first:last] = [" " * text.col_offset + "raise NotImplementedError"] + [None] * (
            last - first - 1
        )
        return
    for statement in node.body[1:]:
        if isinstance(statement, ast.FunctionDef):
            _drop_body(statement, lines)
        else:
            _drop(statement, lines)


def _drop(statement: ast.stmt, lines: list[str | None]) -> None:
    decorators = getattr(statement, "decorator_list", [])
    first = min([statement.lineno, *(decorator.lineno for decorator in decorators)])
    for index in range(first - 1, statement.end_lineno or first):
        lines[index] = None
