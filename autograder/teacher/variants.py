"""Variants: other ways to do an exercise, read from marked files and judged as submissions.

A file of variants (`tests/accepted/`, `tests/caught/`, `mistakes/`) marks functions and classes
with `@right("mse")`, `@wrong("mse")` or `@mistake("mse", "halved")`. It is read, never imported: a
variant is handed in as text, beside the reference, and judged in a cell like a student's.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeAlias, TypeGuard

from autograder.answers import answer_keys
from autograder.batch.observer import Observer
from autograder.catalogue import Exercise, exercises, modules
from autograder.judging.verdict import AnswerKey, Verdict, judge
from autograder.mistakes import SOLUTIONS
from autograder.submission import Source, Submission

MARKS = ("right", "wrong", "mistake")
OWN, REFERENCE = "variant", "reference"  # the module of a variant, and of what it stands for

Definition: TypeAlias = ast.FunctionDef | ast.ClassDef


@dataclass(frozen=True)
class Variant:
    """One way to do an exercise: `text` is a module that defines `name`.

    It takes the place of `replaces`. `story` says what it does; `named` is the mistake that it is,
    if it is a known one.
    """

    exercise: str
    name: str
    replaces: str
    text: str
    story: str = ""
    named: str | None = None

    @property
    def module(self) -> str:
        """The module of the exercise."""
        return exercises()[self.exercise].module

    def __str__(self) -> str:
        return f"{self.exercise}: {self.name}"


def read_variants(path: Path) -> list[Variant]:
    """Return the marked functions and classes of a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    marks = {n.name: mark for n in tree.body if _is_definition(n) and (mark := _mark(n))}
    statements = [_unmarked(n) for n in tree.body if not _is_for_readers(n)]
    found = []
    for node in filter(_is_definition, statements):
        if node.name in marks:
            exercise, replaces, named = _arguments(marks[node.name])
            alone = ast.Module(_with_what_it_uses(node, statements), type_ignores=[])
            story = " ".join((ast.get_docstring(node) or "").split())
            text = f"from __future__ import annotations\n{ast.unparse(alone)}\n"
            found.append(Variant(exercise, node.name, replaces or exercise, text, story, named))
    return found


def submission_of(*variants: Variant) -> Submission:
    """Return the references with some variants in their places."""
    texts = {module: _solution(module) for module in modules()}
    for index, it in enumerate(variants):
        own, reference = f"{OWN}{index}", f"{REFERENCE}{index}"
        texts[reference] = _solution(it.module)
        # a variant of `mse` that calls `mse` means the reference's
        text = it.text.replace(f"from {it.module} import", f"from {reference} import")
        text = text.replace(f"import {it.module}\n", f"import {reference} as {it.module}\n")
        texts[own] = f"{text}{it.name}.__name__ = {it.name}.__qualname__ = {it.replaces!r}\n"
        texts[it.module] += f"\ndel {it.replaces}\nfrom {own} import {it.name} as {it.replaces}\n"
    return _handed_in(texts, [it.module for it in variants])


def references(wanted: Iterable[str]) -> Submission:
    """Return the references of some modules, and what they import."""
    return _handed_in({module: _solution(module) for module in modules()}, wanted)


def submission_with(module: str, text: str) -> Submission:
    """Return the references with another text for one module."""
    return _handed_in({m: _solution(m) for m in modules()} | {module: text}, [module])


class Judge:
    """Judges exercises of variants with the same keys; may be used from several threads."""

    def __init__(self, observer: Observer, chosen: Sequence[Exercise], secret: bytes) -> None:
        self.keys: Mapping[str, AnswerKey] = answer_keys(chosen, secret)
        self._observer = observer

    def judged(self, exercise: str, *variants: Variant) -> Verdict:
        """Return what is decided about an exercise of the references with these variants."""
        return self.decided(exercise, submission_of(*variants))

    def decided(self, exercise: str, submission: Submission) -> Verdict:
        """Return what is decided about an exercise of a submission."""
        key, it = self.keys[exercise], exercises()[exercise]
        cases = [{"probe": case.probe, "given": dict(case.given)} for case in key.cases]
        (outcome,) = self._observer.outcomes(submission, [(it, cases)])
        return judge(it, key, outcome)


@cache
def _solution(module: str) -> str:
    return (SOLUTIONS / f"{module}.py").read_text(encoding="utf-8")


def _handed_in(texts: Mapping[str, str], wanted: Iterable[str]) -> Submission:
    needed = _needed(texts, wanted)
    return Submission("variant", {name: Source(f"{name}.py", texts[name]) for name in needed})


def _needed(texts: Mapping[str, str], wanted: Iterable[str]) -> Iterator[str]:
    """Yield some modules and all that they import, each once."""
    todo, seen = list(wanted), set[str]()
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            yield name
            for node in ast.parse(texts[name]).body:
                if isinstance(node, ast.ImportFrom) and node.module and node.module in texts:
                    todo.append(node.module)
                elif isinstance(node, ast.Import):
                    todo += [alias.name for alias in node.names if alias.name in texts]


def _with_what_it_uses(node: Definition, statements: Sequence[ast.stmt]) -> list[ast.stmt]:
    """Return the imports and assignments of a file, and the definitions that they and one need."""
    definitions = {other.name: other for other in statements if _is_definition(other)}

    def used(statement: ast.stmt) -> set[str]:
        names = {n.id for n in ast.walk(statement) if isinstance(n, ast.Name)}
        return names & definitions.keys()

    needed = {node.name}.union(*(used(n) for n in statements if not _is_definition(n)))
    todo = list(needed)
    while todo:
        found = used(definitions[todo.pop()]) - needed
        needed |= found
        todo += found
    return [n for n in statements if not _is_definition(n) or n.name in needed]


def _is_definition(node: ast.stmt) -> TypeGuard[Definition]:
    return isinstance(node, ast.FunctionDef | ast.ClassDef)


def _mark(node: Definition) -> ast.Call | None:
    """Return the decorator that marks a variant."""
    return next((d for d in node.decorator_list if _is_mark(d)), None)


def _is_mark(decorator: ast.expr) -> TypeGuard[ast.Call]:
    return isinstance(decorator, ast.Call) and ast.unparse(decorator.func) in MARKS


def _arguments(mark: ast.Call) -> tuple[str, str | None, str | None]:
    """Return the exercise of a mark, what the variant replaces, and the mistake that it is."""
    exercise, *slug = (ast.literal_eval(argument) for argument in mark.args)
    options = {keyword.arg: ast.literal_eval(keyword.value) for keyword in mark.keywords}
    named = slug[0] if slug else options.get("named")  # @mistake has its slug there
    return exercise, options.get("replaces"), named


def _unmarked(node: ast.stmt) -> ast.stmt:
    copy = ast.parse(ast.unparse(node)).body[0]
    if _is_definition(copy):
        copy.decorator_list = [d for d in copy.decorator_list if not _is_mark(d)]
    return copy


def _is_for_readers(node: ast.stmt) -> bool:
    """Say whether a statement is no part of a variant: the docstring, imports of marks."""
    if isinstance(node, ast.ImportFrom):
        return node.module in ("__future__", "autograder.mistakes", "tests.variants")
    return isinstance(node, ast.Expr)
