"""What a run's secret protects: answers learnt from another run earn next to nothing."""

from __future__ import annotations

from autograder.answers.keys import answer_keys
from autograder.cells.observer import LocalObserver
from autograder.course import exercises
from autograder.inside import ROOT
from autograder.inside.observation import Observation, Outcome
from autograder.judging.verdict import judge

# The right observations of these hold no drawn number: sizes, counts, words and zeros only.
LEARNT_BY_HEART = {
    *("make_params", "split", "update_counts", "Stream", "make_loader", "param_table"),
    "noisy_line",
}


def test_replayed_observations_earn_full_points_only_where_security_md_says(
    observer: LocalObserver,
) -> None:
    """Whoever knew every observation of one run would get full points in another run only for
    exercises whose answers depend on sizes alone, and those are named."""
    chosen = list(exercises().values())
    before, now = (answer_keys(chosen, observer, secret) for secret in (b"one run", b"another run"))
    full = set()
    for exercise in chosen:
        known = [seen or Observation() for seen in before[exercise.name].expected]
        outcome = Outcome("replayed", observations=tuple(known))
        if judge(exercise, now[exercise.name], outcome).score == exercise.points:
            full.add(exercise.name)
    assert full == LEARNT_BY_HEART
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert {name for name in full if f"`{name}`" not in text} == set()
