"""Build `exercises/`: the stubs, made from the solutions, and the public cases as data."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable
from math import isclose
from pathlib import Path
from typing import Any

from autograder import ROOT, mistakes, probes
from autograder.answers import cases, implementation_of
from autograder.catalogue import Exercise, exercises, modules
from autograder.judging.compare import TOLERANCES
from autograder.judging.implementation import Implementation
from autograder.judging.observe import observe
from autograder.judging.verdict import Case
from autograder.mistakes import SOLUTIONS
from autograder.student.keys import SCHEMA

EXERCISES = ROOT / "exercises"
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[-+]?\d+)?")


def built_files(module: str, chosen: Iterable[Exercise]) -> dict[str, str]:
    """Return the text of the files of a module in exercises/: its stubs and its public cases."""
    wanted = [exercise for exercise in chosen if exercise.module == module]
    source = (SOLUTIONS / f"{module}.py").read_text(encoding="utf-8")
    names = {name for exercise in wanted for name in exercise.names}
    return {
        f"{module}.py": stubs_of(source, names),
        f"cases/{module}.json": public_cases(source, wanted),
    }


def build(folder: Path) -> list[Path]:
    """Write the files of every module below `folder`; return those that changed."""
    changed = []
    for module in modules():
        for name, text in built_files(module, exercises().values()).items():
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

    Imports, signatures, docstrings and the notebook's cell marks stay.
    """
    tree = ast.parse(source)
    lines: list[str | None] = list(source.splitlines())
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name in set(names):
            _drop_body(node, lines)
        elif not isinstance(node, ast.Import | ast.ImportFrom) and not _is_text(node):
            _drop(node, lines)
    kept = "\n".join(line for line in lines if line is not None)
    kept = re.sub(r"\n{3,}(?= )", "\n\n", re.sub(r"\n{4,}", "\n\n\n", kept))
    kept = re.sub(r"(?:# %%\s*)+(?=# %%\n|\Z)", "", kept)  # the mark of a cell that is now empty
    return kept.rstrip() + "\n"


def task_of(source: str, name: str) -> str:
    """Return the first line of a solution's docstring: the task in a sentence."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name:
            return (ast.get_docstring(node) or "").partition("\n")[0]
    raise KeyError(name)


def stub_of(source: str, name: str) -> str:
    """Return the text of one stub."""
    stubs = stubs_of(source, [name])
    for node in ast.parse(stubs).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name:
            return ast.get_source_segment(stubs, node) or ""
    raise KeyError(name)


def public_cases(source: str, chosen: Iterable[Exercise]) -> str:
    """Return the public cases of a module as JSON, one observation a line.

    With each case stand the observations of the reference and of every mistake, and its feedback.
    """
    body = ",\n".join(
        f" {json.dumps(exercise.name)}: {_exercise_json(source, exercise)}" for exercise in chosen
    )
    return f'{{"schema": {SCHEMA}, "exercises": {{\n{body}\n}}}}\n'


def _exercise_json(source: str, exercise: Exercise) -> str:
    wanted = cases(exercise)
    reference = implementation_of(exercise)
    known = [
        f'{{"slug": {json.dumps(wrong.slug)}, "feedback": {json.dumps(wrong.feedback)},\n'
        f'    "observations": {_observations(exercise, other, wanted)}}}'
        for wrong in mistakes.of(exercise.module, exercise.name)
        for other in [reference.replaced(wrong.replaces, wrong.implementation, wrong.file)]
    ]
    stubs = {name: stub_of(source, name) for name in exercise.names}
    listed = _lines({"probe": case.probe, "given": case.given} for case in wanted)
    return (
        f'{{\n  "task": {json.dumps(task_of(source, exercise.names[0]))},\n'
        f'  "stubs": {json.dumps(stubs)},\n  "cases": {listed},\n'
        f'  "expected": {_observations(exercise, reference, wanted)},\n'
        f'  "mistakes": [{", ".join(known)}]}}'
    )


def _observations(exercise: Exercise, it: Implementation, wanted: Iterable[Case]) -> str:
    def seen(case: Case) -> dict[str, Any]:
        found = observe(it, probes.find(exercise.module, exercise.name, case.probe), case.given)
        return {**found, "line": None}  # a line of the grader's own files means nothing elsewhere

    return _lines(map(seen, wanted))


def _lines(rows: Iterable[Any]) -> str:
    return "[\n   " + ",\n   ".join(json.dumps(row) for row in rows) + "]"


def _drop_body(node: ast.FunctionDef | ast.ClassDef, lines: list[str | None]) -> None:
    """Keep the head and the docstring; of a class also the methods, without their bodies."""
    text = node.body[0]
    if not _is_text(text):
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


def _is_text(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )
