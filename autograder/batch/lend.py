"""Lend: the kit's own code of what a submission lacks, so that one fault costs one exercise.

An exercise that fails is judged again where something that it builds on is missing, is still the
stub, or does not load: in a cell of its own, with the kit's own in that place and nothing else of
the kit.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from autograder.answers.ways import solution
from autograder.course import Exercise, exercises, foundations
from autograder.inside.reading import statements
from autograder.inside.submission import Source, Submission
from autograder.inside.syntax import answered, only
from autograder.judging.verdict import Verdict


def lacking(
    submission: Submission, verdicts: Mapping[str, Verdict]
) -> dict[tuple[str, ...], list[Exercise]]:
    """Return, by the names of what they lack, the exercises that fail and lack something."""
    found = defaultdict[tuple[str, ...], list[Exercise]](list)
    for verdict in verdicts.values():
        if verdict.status == "fail" and not verdict.lent and _ran(verdict):
            below = sorted(foundations(verdict.exercise.builds_on))
            if lacks := tuple(name for name in below if _lacks(name, submission, verdicts)):
                found[lacks].append(verdict.exercise)
    return found


def with_lent(submission: Submission, names: Iterable[str]) -> Submission:
    """Return a submission with the kit's own code of some exercises in the place of its own."""
    lent = defaultdict[str, dict[str, str]](dict)
    sources = dict(submission.sources)
    for exercise in (exercises()[name] for name in names):
        source = submission.source_name(exercise.module)
        sources.setdefault(source, Source(submission.file(exercise.module), ""))
        for name in exercise.names:
            lent[source][name] = only(solution(exercise.module), name)
    return replace(submission, sources=sources, lent=lent)


def told(names: Iterable[str]) -> str:
    """Say with what of the kit's own an exercise was judged."""
    listed = ", ".join(f"`{name}`" for name in names)
    return f"judged with the kit's own {listed}, since yours cannot be run"


def _ran(verdict: Verdict) -> bool:
    """Say whether an exercise could be observed at all."""
    return set(verdict.probes) != {"not_run"}


def _lacks(name: str, submission: Submission, verdicts: Mapping[str, Verdict]) -> bool:
    if name in verdicts:
        return not _ran(verdicts[name])
    exercise = exercises()[name]
    source = submission.sources.get(submission.source_name(exercise.module))
    if source is None:
        return True
    body, _ = statements(source.text, source.file)
    return not answered(ast.Module(body, [])).issuperset(exercise.names)
