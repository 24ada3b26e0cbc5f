"""Coverage: the matrix from question to exercise to the wrong ways that fail because of it."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.answers.ways import OTHER_WAYS, asking
from autograder.course import questions


def table() -> Iterator[str]:
    """Yield the lines of the matrix."""
    for question in questions():
        yield f"{question.id:<7}{question.text}"
        for exercise in question.exercises:
            wrong = ", ".join(asking(exercise).get(question.id, ()))
            yield f"       {exercise.id} {exercise.name}: {wrong or 'no wrong way here'}"
        if not question.exercises:
            yield "       not yet"


def faults() -> Iterator[str]:
    """Yield a line for each question that no exercise answers, and for each that an exercise claims
    to answer although no wrong way fails because of it."""
    for question in questions():
        if not question.exercises:
            yield f"{question.id}: no exercise answers it"
        if OTHER_WAYS.is_dir():  # the kit's own tests are not installed, and most ways are there
            for exercise in question.exercises:
                if question.id not in asking(exercise):
                    where = f"{exercise.id} {exercise.name}"
                    yield f"{question.id}: no wrong way of {where} fails because of it"


def summary() -> str:
    """Say how many questions an exercise answers."""
    answered = sum(bool(question.exercises) for question in questions())
    return f"{answered} of {len(questions())} questions are answered by an exercise"
