"""The student's screen: what failed and why, what it holds up, what comes next."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterator, Sequence

from autograder.catalogue import Exercise
from autograder.judging.verdict import Verdict
from autograder.student.desk import Desk

WIDTH = 96
MOST_FAILURES = 4


def screen(verdicts: Sequence[Verdict], desk: Desk) -> Iterator[str]:
    """Yield the lines of the screen; at most a terminal page unless messages are long."""
    failed = [verdict for verdict in verdicts if verdict.status == "fail"]
    for verdict in failed[:MOST_FAILURES]:
        yield from _failure(verdict, verdicts, desk)
        yield ""
    if rest := failed[MOST_FAILURES:]:
        yield from _block("MORE", ", ".join(f"{v.exercise.name} (line {v.line})" for v in rest))
        yield ""
    yield from _next(verdicts, desk)
    yield _progress(verdicts)


def hint_command(name: str) -> str:
    """Return the command that shows a hint, as it can be typed here."""
    command = "descent" if shutil.which("descent") else "python -m autograder"
    return f"{command} hint {name}"


def _failure(verdict: Verdict, verdicts: Sequence[Verdict], desk: Desk) -> Iterator[str]:
    name = verdict.exercise.name
    yield f"FAIL  {name}   {_place(verdict)}"
    yield from _block("", verdict.gap)
    if verdict.why:
        yield from _block("WHY", verdict.why)
    if printed := desk.printed(name).strip():
        yield from _block("SAID", printed[:400])
    yield f"TRY   {hint_command(name)}   (1 of {len(verdict.exercise.hints)})"
    held = [v.exercise.name for v in verdicts if v.status == "blocked" and _uses(v, name, desk)]
    if held:
        yield from _block("HELD", f"{', '.join(held)}   (built on {name})")


def _next(verdicts: Sequence[Verdict], desk: Desk) -> Iterator[str]:
    waiting = [verdict for verdict in verdicts if verdict.status == "not_attempted"]
    if waiting:
        verdict = min(waiting, key=lambda v: (not v.exercise.path, v.exercise.id))
        name = verdict.exercise.name
        yield f"NEXT  {name}   {_place(verdict)}"
        yield from _block("", desk.tasks[name].text)
        yield f"TRY   {hint_command(name)}   (1 of {len(verdict.exercise.hints)})"
        held = [v.exercise.name for v in verdicts if v.status == "blocked" and _uses(v, name, desk)]
        if held:
            yield from _block("HELD", f"{', '.join(held)}   (built on {name})")
        yield ""
    deeper = [
        v.exercise for v in waiting if not v.exercise.path and _path_done(v.exercise, waiting)
    ]
    if deeper and len(deeper) < len(waiting):
        yield from _block("ALSO", f"{', '.join(e.name for e in deeper)}   (deeper, if you like)")
        yield ""


def _progress(verdicts: Sequence[Verdict]) -> str:
    count = {status: 0 for status in ("pass", "fail", "blocked", "not_attempted")}
    for verdict in verdicts:
        count[verdict.status] = count.get(verdict.status, 0) + 1
    told = f"DONE  {count['pass']} of {len(verdicts)}"
    parts = (("fail", "to mend"), ("blocked", "held"), ("not_attempted", "wait"))
    return ", ".join(
        [told, *(f"{count[status]} {word}" for status, word in parts if count[status])]
    )


def _path_done(exercise: Exercise, waiting: Sequence[Verdict]) -> bool:
    return not any(v.exercise.path and v.exercise.module == exercise.module for v in waiting)


def _uses(verdict: Verdict, name: str, desk: Desk) -> bool:
    todo, seen = list(verdict.exercise.builds_on), set[str]()
    while todo:
        used = todo.pop()
        if used == name:
            return True
        if used not in seen and used in desk.exercises:
            seen.add(used)
            todo += desk.exercises[used].builds_on
    return False


def _place(verdict: Verdict) -> str:
    return f"{verdict.file}:{verdict.line}" if verdict.line else verdict.file


def _block(label: str, text: str) -> Iterator[str]:
    for line in text.splitlines():
        wrapped = textwrap.wrap(line, WIDTH - 6, break_on_hyphens=False) or [""]
        for part in wrapped:
            yield f"{label:<6}{part}"
            label = ""
