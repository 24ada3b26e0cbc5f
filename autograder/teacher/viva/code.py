"""The code of one exercise in a submission, and submissions in which one thing of it is changed."""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from autograder.course import Exercise
from autograder.inside.reading import statements, without_work
from autograder.inside.submission import Source, Submission
from autograder.inside.syntax import (
    Definition,
    definitions,
    is_docstring,
    is_stub,
    parse,
    without_late_stubs,
)
from autograder.teacher.mutants import Change


@dataclass(frozen=True)
class Place:
    """Where a statement stands: at an index of the body of something."""

    body: list[ast.stmt]
    index: int

    @property
    def statement(self) -> ast.stmt:
        """The statement itself."""
        return self.body[self.index]


class Code:
    """The functions and classes by which a submission answers an exercise.

    `definitions` are their syntax trees, with the lines of the source's text. What is changed is
    the text alone: it is handed in again, in place of the source. A `brief` one has no work at
    module level, in any source: that takes time, and functions seldom need it.
    """

    def __init__(self, submission: Submission, exercise: Exercise, brief: bool = False) -> None:
        self._original = submission
        self.exercise = exercise
        self._source = submission.source_name(exercise.module)
        own = submission.sources.get(self._source, Source(submission.file(exercise.module), ""))
        self.lines = own.text.split("\n")
        self._tree = _tree(own, brief)
        others = {n: _written(one, brief) for n, one in submission.sources.items()} if brief else {}
        self._sources = {**submission.sources, **others}
        found = definitions(self._tree)
        bound = [found[name] for name in exercise.names if name in found]
        self.definitions: list[Definition] = [one for one in bound if not is_stub(one)]
        with contextlib.suppress(RecursionError):
            ast.unparse(self._tree)
            return
        self.definitions = []  # it is nested too deeply to be written again

    @property
    def submission(self) -> Submission:
        """The submission without a change."""
        return self._handed_in()

    @property
    def brief(self) -> Code:
        """The same code without work at module level."""
        return Code(self._original, self.exercise, brief=True)

    def places(self) -> Iterator[Place]:
        """Yield every statement of the definitions, but docstrings and definitions."""
        for definition in self.definitions:
            for node in ast.walk(definition):
                for field in ("body", "orelse", "finalbody"):
                    body = getattr(node, field, None)
                    if isinstance(body, list):
                        yield from (Place(body, i) for i, s in enumerate(body) if _is_own(s))

    def line(self, number: int) -> str:
        """Return a line of the text, without its indent."""
        return self.lines[number - 1].strip()

    def replacing(self, place: Place, others: Sequence[ast.stmt]) -> Submission:
        """Return the submission with other statements in the place of one."""
        kept = place.statement
        place.body[place.index : place.index + 1] = others
        try:
            return self._handed_in()
        finally:
            place.body[place.index : place.index + len(others)] = [kept]

    def changing(self, change: Change) -> tuple[int, str, str, Submission]:
        """Return the line of a change, the statement before and after, and the submission."""
        line, before, after, undo = change()
        try:
            return line, before, after, self._handed_in()
        finally:
            undo()

    def followed_by(self, text: str) -> Submission:
        """Return the submission with more code at the end of its source."""
        return self._handed_in(text)

    def _handed_in(self, more: str = "") -> Submission:
        file = self._original.file(self.exercise.module)
        own = {self._source: Source(file, f"{ast.unparse(self._tree)}\n{more}")}
        return replace(self._original, sources={**self._sources, **own})


def _tree(source: Source, brief: bool) -> ast.Module:
    body, _ = statements(source.text, source.file)
    return without_late_stubs(ast.Module(without_work(body)[0] if brief else body, []))


def _written(source: Source, brief: bool) -> Source:
    return Source(source.file, ast.unparse(_tree(source, brief)))


def nothing() -> list[ast.stmt]:
    """Return what stands in the place of a statement that is taken away."""
    return [ast.Pass()]


def parsed(text: str) -> list[ast.stmt]:
    """Return the statements of a text."""
    return parse(text).body


def _is_own(node: ast.AST) -> bool:
    named = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    return isinstance(node, ast.stmt) and not named and not is_docstring(node)
