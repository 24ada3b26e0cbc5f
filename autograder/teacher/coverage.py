"""Coverage: the matrix from question to exercise to the wrong ways that fail because of it."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.answers.ways import asking
from autograder.course import questions


def table() -> Iterator[str]:
    """Yield the lines of the matrix, and its sum."""
    for question in questions():
        yield f"{question.id:<7}{question.text}"
        for exercise in question.exercises:
            wrong = ", ".join(asking(exercise).get(question.id, ()))
            yield f"       {exercise.id} {exercise.name}: {wrong or 'no wrong way here'}"
        if not question.exercises:
            yield "       not yet"
    answered = sum(bool(question.exercises) for question in questions())
    yield f"{answered} of {len(questions())} questions are answered by an exercise"
