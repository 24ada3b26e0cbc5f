"""Coverage: the matrix from question to exercise to probes."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.course import givens, questions


def table() -> Iterator[str]:
    """Yield the lines of the matrix, and its sum."""
    for question in questions():
        yield f"{question.id:<7}{question.text}"
        for exercise in question.exercises:
            yield f"       {exercise.id} {exercise.name}: {', '.join(givens(exercise))}"
        if not question.exercises:
            yield "       not yet"
    answered = sum(bool(question.exercises) for question in questions())
    yield f"{answered} of {len(questions())} questions are answered by an exercise"
