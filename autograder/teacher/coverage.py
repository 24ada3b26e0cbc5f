"""Coverage: the matrix from question to exercise to probes."""

from __future__ import annotations

from collections.abc import Iterator

from autograder import probes
from autograder.catalogue import exercises, modules, questions


def rows() -> Iterator[tuple[str, str, list[str], list[str]]]:
    """Yield, for each question: id, text, what answers it, and the ids that do not yet."""
    built = {exercise.id: exercise for exercise in exercises().values()}
    for question in questions():
        answers, waiting = [], []
        for identity in question.exercises:
            exercise = built.get(identity)
            names = probes.names(exercise.module, exercise.name) if exercise else []
            if exercise and names:
                answers.append(f"{identity} {exercise.name}: {', '.join(names)}")
            else:
                waiting.append(identity)
        yield question.id, question.text, answers, waiting


def missing() -> list[str]:
    """Return the ids of questions for which a module that is built lacks its exercise."""
    built = {module[:3] for module in modules()}
    return [
        identity
        for identity, _, _, waiting in rows()
        if any(exercise[:3] in built for exercise in waiting)
    ]


def table() -> Iterator[str]:
    """Yield the lines of the matrix, and its sum."""
    answered = total = 0
    for identity, text, answers, waiting in rows():
        total += 1
        answered += bool(answers)
        yield f"{identity:<7}{text}"
        yield from (f"       {answer}" for answer in answers)
        if waiting:
            yield f"       not yet: {', '.join(waiting)}"
    yield f"{answered} of {total} questions are answered by an exercise"
