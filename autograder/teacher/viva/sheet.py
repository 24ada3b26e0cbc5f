"""The sheet: questions as Markdown, for the student and, with the answers, for the teacher."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from autograder.inside.syntax import Definition, is_docstring
from autograder.inside.words import printable
from autograder.teacher.viva.code import Code
from autograder.teacher.viva.question import Question

LETTERS = "abcdefgh"


def code_span(text: str) -> str:
    """Write what a student wrote as code in a line of Markdown."""
    text = printable(text)
    ticks = "`" * (_longest_run(text) + 1)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{space}{text}{space}{ticks}"


def sheet(
    name: str, questions: Sequence[Question], codes: dict[str, Code], answers: bool
) -> Iterator[str]:
    """Yield the lines of a sheet; with the `answers` it is the teacher's."""
    copy = "teacher's copy" if answers else "student's sheet"
    yield f"# Ten minutes about your code: {code_span(name)}, {copy}"
    yield ""
    yield "Line numbers are those of the code below; docstrings are left out. Exactly one option of"
    yield "each question is true. No marks hang on the answers."
    shown = set[str]()
    for number, question in enumerate(questions, 1):
        yield ""
        if question.exercise not in shown:
            yield from _listing(codes[question.exercise])
            yield ""
            shown.add(question.exercise)
        yield f"**{number}. {code_span(question.exercise)}.** {question.text}"
        yield ""
        for letter, option in zip(LETTERS, question.options, strict=False):
            yield f"- ({letter}) {option}"
        if answers:
            yield ""
            yield f"Answer: ({LETTERS[question.right]}). {question.why}"


def _listing(code: Code) -> Iterator[str]:
    """Yield an exercise's code in a fence that nothing in it can close."""
    lines = [line for definition in code.definitions for line in _lines(code, definition)]
    fence = "`" * max(3, _longest_run("\n".join(lines)) + 1)
    yield from (f"{fence}python", *lines, fence)


def _lines(code: Code, definition: Definition) -> Iterator[str]:
    """Yield the lines of a definition with their numbers, without docstrings and empty lines."""
    first = min([definition.lineno, *(d.lineno for d in definition.decorator_list)])
    texts = [n for n in ast.walk(definition) if isinstance(n, ast.stmt) and is_docstring(n)]
    left = {line for n in texts for line in range(n.lineno, (n.end_lineno or 0) + 1)}
    for number in range(first, (definition.end_lineno or 0) + 1):
        text = code.lines[number - 1].expandtabs()
        if number not in left and text.strip():
            yield f"{number:>4}  {printable(text)}"


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall(r"`+", text)), default=0)
