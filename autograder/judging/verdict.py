"""Verdicts: what is decided about an exercise of a submission, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from autograder.course import Exercise
from autograder.inside.observation import Observation, Outcome, Trace
from autograder.inside.submission import has_lines
from autograder.inside.words import MAX_TEXT, printable
from autograder.judging.causes import explain
from autograder.judging.compare import Gap, compare, gaps, whole
from autograder.judging.diagnose import RAISED, Cause, Kind, diagnose
from autograder.judging.evidence import Evidence
from autograder.judging.fingerprint import fingerprint
from autograder.judging.key import AnswerKey
from autograder.judging.message import tell_gap
from autograder.judging.score import score

Status: TypeAlias = Literal["pass", "fail", "not_attempted", "blocked", "unreadable", "error"]


@dataclass(frozen=True)
class Verdict:
    """What was decided: a status, the score it earns, and the reason in the student's words.

    `cause` says how well the cause is known, `diagnosis` which listed mistakes it is. `lent` names
    the exercises that it was judged with the kit's own of; `notes` are about its whole file;
    `printed` is what its code printed, where that is read (at a student's desk); `waits_for` names
    what is to be fixed before a blocked one; `frames` are the lines that led to an exception.
    `told` is the index of the case that the reason tells of, `fingerprint` what verdicts share that
    are wrong in the same way, `evidence` what was seen on that case.
    """

    exercise: Exercise
    status: Status
    score: float | None
    file: str = ""
    line: int | None = None
    gap: str = ""
    cause: Kind = "none"
    diagnosis: str | None = None
    why: str = ""
    probes: tuple[str, ...] = ()
    lent: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    printed: str = ""
    waits_for: tuple[str, ...] = ()
    frames: tuple[str, ...] = ()
    told: int | None = None
    fingerprint: str = ""
    evidence: Evidence | None = field(default=None, compare=False)

    @property
    def message(self) -> str:
        """What the student reads: the gap, and the cause where it is known."""
        return "\n".join(part for part in (self.gap, self.why) if part)


def judge(exercise: Exercise, key: AnswerKey, outcome: Outcome) -> Verdict:
    """Decide about one exercise. The same judgement is used by every door.

    What the submission wrote is shown with its control characters written out.
    """
    verdict = _decided(exercise, key, outcome)
    line = verdict.line if has_lines(outcome.file) else None
    gap = "; ".join(part for part in (verdict.gap, outcome.note) if part)
    notes = tuple(printable(note[:MAX_TEXT]) for note in outcome.notes)
    frames = tuple(printable(shown[:MAX_TEXT]) for shown in verdict.frames)
    file, gap = printable(verdict.file), printable(gap[:MAX_TEXT])
    return replace(verdict, gap=gap, file=file, line=line, notes=notes, frames=frames)


def _decided(exercise: Exercise, key: AnswerKey, outcome: Outcome) -> Verdict:
    verdict = Verdict(
        exercise, "fail", 0.0, outcome.file, outcome.line, probes=("not_run",) * len(key.cases)
    )
    if outcome.trouble:
        return replace(verdict, gap=outcome.trouble)
    if outcome.stub:
        return replace(verdict, status="not_attempted", gap=f"{exercise.name} is still the stub")
    observed = outcome.observations
    probes = tuple(_probe_statuses(key, observed))
    verdict = replace(verdict, score=score(exercise, key, probes), probes=probes)
    if "fail" not in probes:
        return replace(verdict, status="pass")
    telling = _telling(key, probes)
    failed = [index for index in telling if probes[index] == "fail"]
    index = min(failed, key=lambda index: (key.cases[index].hidden, index))
    expected = key.expected[index]
    assert expected is not None
    found = [*gaps(observed[index], expected, key.cases[index].dtype)]
    # what a probe that ended early has not looked at says less than what made it end
    gap = next((one for one in found if one.aspect != "missing"), found[0])
    cause = diagnose(key, observed, telling)
    trace = _trace_of(observed[index], gap)
    if cause.kind in ("related", "none") and trace and (told := explain(trace)):
        cause = Cause("error", text=told)
    return replace(
        verdict,
        line=observed[index].line or outcome.line,
        gap=tell_gap(gap, exercise, key.cases[index], _call(gap, observed[index], expected)),
        cause=cause.kind,
        diagnosis=", ".join(cause.slugs) or None,
        why=cause.text,
        frames=trace.frames if trace else (),
        told=index,
        fingerprint=fingerprint(key, observed, telling),
        evidence=Evidence(key.cases[index], observed[index], expected),
    )


def _call(gap: Gap, observed: Observation, expected: Observation) -> str:
    """Return the call that a gap is about, as the reference's observation tells it; of an exception
    as that of the submission does, which got no further."""
    return (observed if gap.what == RAISED else expected).calls.get(whole(gap.what), "")


def _telling(key: AnswerKey, probes: Sequence[str]) -> list[int]:
    """Return the cases that ran; where one of the CPU fails, those of the CPU alone: a device fault
    besides hides no cause. The first public one that failed, or else the first, is shown."""
    ran = [index for index, status in enumerate(probes) if status != "not_run"]
    near = [index for index in ran if key.cases[index].device == "cpu"]
    return near if any(probes[index] == "fail" for index in near) else ran


def _trace_of(observed: Observation, gap: Gap) -> Trace | None:
    """Return the trace of the exception that has made a gap, or of a warning beside any."""
    if (trace := observed.trace) is None:
        return None
    kind = trace.raised.partition(":")[0]
    made_it = isinstance(gap.yours, str) and gap.yours.startswith((kind, "an error"))
    return trace if made_it or kind == "UserWarning" else None


def settle(verdicts: Mapping[str, Verdict]) -> dict[str, Verdict]:
    """Turn failures that build on a failure into `blocked`: the other one is to be mended first."""

    def settled(verdict: Verdict) -> Verdict:
        below = [n for n in verdict.exercise.builds_on if n in verdicts and n not in verdict.lent]
        undone = ("fail", "not_attempted", "unreadable")
        wrong = tuple(name for name in below if verdicts[name].status in undone)
        if verdict.status != "fail" or not wrong:
            return verdict
        return replace(verdict, status="blocked", waits_for=wrong)

    return {name: settled(verdict) for name, verdict in verdicts.items()}


def _probe_statuses(key: AnswerKey, observed: Sequence[Observation]) -> list[str]:
    statuses = []
    for case, yours, expected in zip(key.cases, observed, key.expected, strict=True):
        if expected is None:
            statuses.append("not_run")
        else:
            statuses.append("fail" if compare(yours, expected, case.dtype) else "pass")
    return statuses
