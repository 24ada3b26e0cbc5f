"""The student's screen: what failed and why, what it blocks, what comes next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePath

from autograder.course import Exercise, foundations, pictures, questions_of
from autograder.course.experiments import KINDS, errata
from autograder.inside.errors import UserError
from autograder.inside.words import counted, printable
from autograder.judging.verdict import Verdict
from autograder.student.desk import Desk
from autograder.student.here import command_here
from autograder.student.lines import block, frame_lines
from autograder.student.progress import load

STATES = {"pass": "done", "fail": "fix", "blocked": "blocked", "not_attempted": "to do"}
MOST_FAILURES = 4
MOST_QUESTIONS = 2  # told after a pass
MOST_DEEPER = 6  # of the latest modules
MOST_SAID = 400  # characters that code has printed


def screen(verdicts: Sequence[Verdict], desk: Desk, new: Sequence[str] = ()) -> Iterator[str]:
    """Yield the lines of the screen; at most a terminal page unless messages are long.

    Of the exercises in `new`, which pass for the first time, the last one is told in full.
    """
    return map(printable, _screen(verdicts, desk, new))


def _screen(verdicts: Sequence[Verdict], desk: Desk, new: Sequence[str]) -> Iterator[str]:
    for verdict in verdicts:
        if verdict.exercise.name in new[-1:]:
            yield from passed_lines(verdict, desk)
            yield ""
        elif verdict.status == "pass" and verdict.gap:
            yield from block("NOTE", f"{verdict.exercise.name}   {verdict.gap}")
            yield ""
    failed: dict[tuple[str, str], list[Verdict]] = {}
    for verdict in verdicts:
        if verdict.status == "fail":  # one cause, such as a SyntaxError, is told once
            failed.setdefault((place(verdict), verdict.gap), []).append(verdict)
    groups = list(failed.values())
    for group in groups[:MOST_FAILURES]:
        yield from _failure(group, verdicts, desk)
        yield ""
    if rest := [verdict.exercise.name for group in groups[MOST_FAILURES:] for verdict in group]:
        yield from block("MORE", f"{', '.join(rest)}   (to fix, too)")
        yield ""
    yield from _blocked_elsewhere(verdicts)
    yield from _notes(verdicts)
    yield from _next(verdicts, desk)
    yield from also_lines(verdicts, desk)
    yield from progress_lines(verdicts, desk)


def exercise_lines(name: str, verdicts: Mapping[str, Verdict], desk: Desk) -> Iterator[str]:
    """Yield the lines about one exercise: what is wrong with it, or what it asks for."""
    return map(printable, _exercise_lines(name, verdicts, desk))


def _exercise_lines(name: str, verdicts: Mapping[str, Verdict], desk: Desk) -> Iterator[str]:
    verdict, every = verdicts[name], list(verdicts.values())
    if verdict.status == "fail":
        yield from _failure([verdict], every, desk)
    elif verdict.status == "not_attempted":
        yield from _asked(verdict, every, desk)
    elif verdict.status == "blocked":
        yield from block("LATER", f"{name}   {place(verdict)}")
        yield from block("", reason(verdict))
    else:
        yield from passed_lines(verdict, desk)
    yield from filter(None, _notes([verdict]))


def _notes(verdicts: Iterable[Verdict]) -> Iterator[str]:
    """Yield what is to be told of whole files, each once."""
    for note in dict.fromkeys(note for verdict in verdicts for note in verdict.notes):
        yield from block("NOTE", note)
        yield ""


def passed_lines(verdict: Verdict, desk: Desk) -> Iterator[str]:
    """Yield the lines about an exercise that passes: why it works, what it has answered, and, in a
    copy that has the references, where to compare."""
    yield from block("PASS", f"{verdict.exercise.name}   {place(verdict)}")
    if verdict.gap:
        yield from block("NOTE", verdict.gap)
    yield from _why(verdict.exercise, MOST_QUESTIONS)
    if (more := len(questions_of(verdict.exercise)) - MOST_QUESTIONS) > 0:
        command = command_here(desk.folder, "why", verdict.exercise.name)
        yield f"MORE  {command}   ({counted(more, 'more question')})"
    if (desk.folder.parent / "solutions" / f"{verdict.exercise.module}.py").is_file():
        yield f"SEE   solutions/{verdict.exercise.module}.py, to compare"


def why_lines(exercise: Exercise, folder: Path) -> Iterator[str]:
    """Yield why the right solution of an exercise works, and all questions that it answers.

    Raises UserError where it has not passed in this folder.
    """
    if exercise.name not in load(folder).passed:
        command = command_here(folder, "run", exercise.name)
        raise UserError(f"{exercise.name} has not passed here yet; {command} judges it")
    return map(printable, [f"PASS  {exercise.name}", *_why(exercise)])


def _why(exercise: Exercise, most: int | None = None) -> Iterator[str]:
    yield from block("WHY", exercise.why)
    for one in errata(exercise):
        yield from block("FACT", f"{one.fact} (On this, {one.place} {KINDS[one.kind]}.)")
    for question in questions_of(exercise)[:most]:
        yield from block("ASKED", f"{question.id}: {question.text}")
        yield from block("", question.answer)


def hint_line(exercise: Exercise, folder: Path) -> str:
    """Return the command that shows the next hint, and which of the hints that is."""
    count, taken = len(exercise.hints), load(folder).hints.get(exercise.name, 0)
    command = command_here(folder, "hint", exercise.name)
    return f"TRY   {command}   ({min(taken + 1, count)} of {count})"


def _is_gone(verdict: Verdict) -> bool:
    """Say whether nothing is there to be judged: it has no definition that runs."""
    return " is not defined" in verdict.gap and {*verdict.probes} == {"not_run"}


def _failure(group: Sequence[Verdict], verdicts: Sequence[Verdict], desk: Desk) -> Iterator[str]:
    verdict = group[0]
    names = [v.exercise.name for v in group]
    yield from block("FAIL", f"{', '.join(names)}   {place(verdict)}")
    yield from block("", verdict.gap)
    yield from frame_lines(verdict.frames)
    for fault in verdict.why.splitlines():  # a label for each, so that two are seen as two
        yield from block("WHY", fault)
    if printed := "".join(v.printed for v in group).strip():
        cut = "\n(and more: `pytest -s` shows all of it)" if len(printed) > MOST_SAID else ""
        yield from block("SAID", printed[:MOST_SAID] + cut)
    if len(group) == 1 and not _is_gone(verdict):
        yield hint_line(verdict.exercise, desk.folder)
    yield from _later(names, verdicts, desk)


def reason(verdict: Verdict) -> str:
    """Return why an exercise that does not pass is no failure: it waits, or is to do."""
    if verdict.status == "blocked":
        return f"blocked: fix {', '.join(verdict.waits_for)} first, which it uses"
    return "to do: the stub is untouched"


def _blocked_elsewhere(verdicts: Sequence[Verdict]) -> Iterator[str]:
    """Yield the lines about what is blocked by exercises that are not among these."""
    shown = {v.exercise.name for v in verdicts if v.status in ("fail", "not_attempted")}
    for verdict in verdicts:
        if verdict.status == "blocked" and not shown & foundations(verdict.exercise.builds_on):
            yield from block("LATER", f"{verdict.exercise.name}   {place(verdict)}")
            yield from block("", reason(verdict))
            yield ""


def _later(names: Sequence[str], verdicts: Sequence[Verdict], desk: Desk) -> Iterator[str]:
    blocked = [
        verdict.exercise.name
        for verdict in verdicts
        if verdict.status == "blocked"
        and foundations(verdict.exercise.builds_on).intersection(names)
    ]
    if blocked:
        yield from block("LATER", f"{', '.join(blocked)}   (blocked: they use {', '.join(names)})")


def _next(verdicts: Sequence[Verdict], desk: Desk) -> Iterator[str]:
    waiting = [verdict for verdict in verdicts if verdict.status == "not_attempted"]
    if waiting:
        verdict = min(waiting, key=lambda v: (not v.exercise.path, v.exercise.id))
        yield from _asked(verdict, verdicts, desk)
        yield ""
    deeper = [
        v.exercise for v in waiting if not v.exercise.path and _path_done(v.exercise, waiting)
    ]
    if deeper and len(deeper) < len(waiting):
        names = ", ".join(exercise.name for exercise in deeper[-MOST_DEEPER:])
        more = f", and {rest} more" if (rest := len(deeper) - MOST_DEEPER) > 0 else ""
        yield from block("ALSO", f"{names}{more}   (deeper, if you like)")
        yield ""


def _asked(verdict: Verdict, verdicts: Sequence[Verdict], desk: Desk) -> Iterator[str]:
    name = verdict.exercise.name
    yield from block("NEXT", f"{name}   {place(verdict)}{_optional(verdict.exercise)}")
    yield from block("", desk.tasks[name].text)
    yield hint_line(verdict.exercise, desk.folder)
    yield from _later([name], verdicts, desk)


def progress_lines(verdicts: Iterable[Verdict], desk: Desk) -> Iterator[str]:
    """Say how many exercises pass, are to be fixed, are blocked and are to do; and, where not all
    pass, that those do which the path of the copy has; where all do, what comes after them."""
    count = {status: 0 for status in ("pass", "fail", "blocked", "not_attempted")}
    every = list(verdicts)
    for verdict in every:
        count[verdict.status] = count.get(verdict.status, 0) + 1
    line = f"{count['pass']} of {len(every)}"
    parts = (("fail", "to fix"), ("blocked", "blocked"), ("not_attempted", "to do"))
    left = [f"{count[status]} {word}" for status, word in parts if count[status]]
    path = {name for name, exercise in desk.exercises.items() if exercise.path}
    if left and path and path <= {v.exercise.name for v in every if v.status == "pass"}:
        yield from block("PATH", f"path done, {len(path)} of {len(path)}; the rest is optional")
    if every and count["pass"] == len(every):
        yield from _end_line(every, desk)
    yield from block("DONE", ", ".join([line, *left]))


def _following(passing: Sequence[Verdict], desk: Desk) -> Exercise | None:
    """Return the first exercise of the copy that has never passed, if there is one."""
    passed = {*load(desk.folder).passed, *(verdict.exercise.name for verdict in passing)}
    left = [exercise for name, exercise in desk.exercises.items() if name not in passed]
    return min(left, key=lambda exercise: (not exercise.path, exercise.id), default=None)


def _end_line(passing: Sequence[Verdict], desk: Desk) -> Iterator[str]:
    """Yield what comes after exercises that all pass: the next one, or the end."""
    if following := _following(passing, desk):
        file = PurePath(passing[0].file).with_name(f"{following.module}.py")
        yield from block("NEXT", f"{following.name}   {file}{_optional(following)}")
    else:
        yield from block("END", "all pass; to hand in: the folder exercises/, or a zip of it")


def also_lines(verdicts: Iterable[Verdict], desk: Desk) -> Iterator[str]:
    """Yield what can be done beside the exercises when all of a module pass."""
    every = list(verdicts)
    if len(every) < 2 or any(verdict.status != "pass" for verdict in every):
        return
    last, following = every[-1].exercise.module, _following(every, desk)
    if following and following.module != last:
        command = command_here(desk.folder, "predict", following.module[:3])
        yield from block("ALSO", f"{command}   (before you write it)")
    if last[:3] in pictures():
        command = command_here(desk.folder, "plot", last[:3])
        yield from block("ALSO", f"{command}   (draws with your functions)")


def list_line(verdict: Verdict, columns: int) -> str:
    """Return an exercise with its state and its place, in a line of so many columns; where they
    are few, the place is told without the folder, or as `m08:21`."""
    exercise, whole = verdict.exercise, place(verdict)
    optional = "" if exercise.path else "  optional"
    start = f"{STATES.get(verdict.status, verdict.status):<9}{exercise.name:<22}"
    short = exercise.module.partition("_")[0] + (f":{verdict.line}" if verdict.line else "")
    room = columns - len(start) - len(optional)
    fits = (one for one in (whole, PurePath(whole).name) if len(one) <= room)
    return printable(f"{start}{next(fits, short)}{optional}")


def _optional(exercise: Exercise) -> str:
    return "" if exercise.path else "   (optional)"


def _path_done(exercise: Exercise, waiting: Sequence[Verdict]) -> bool:
    return not any(v.exercise.path and v.exercise.module == exercise.module for v in waiting)


def place(verdict: Verdict) -> str:
    """Return file and line of an exercise, as an editor takes them."""
    return f"{verdict.file}:{verdict.line}" if verdict.line else verdict.file
