"""Probes of needs_float64."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from autograder.inside.given import Given, Numbers
from autograder.inside.implementation import Implementation, describe
from autograder.inside.probes import Facts, probe


@probe("decisions")
def needs_float64_decisions(impl: Implementation, given: Given) -> Facts:
    """The answers for tables of drawn condition numbers, in drawn units, and drawn tolerances.

    Both are powers of 10 ** 0.25, so that no product comes nearer to its tolerance than 19 %.
    """
    draws = np.random.RandomState(given.seed)
    answers = []
    for _ in range(given.tables):
        condition, unit = 10.0 ** (draws.randint(2, 21) / 4), 10.0 ** draws.randint(-2, 3)
        rel_tol = 10.0 ** (draws.randint(-25, -7) / 4)
        table = given.tensor(unit * _table(draws, given.n, given.n_in, condition))
        answers.append(impl.needs_float64(table, rel_tol))
    return _facts("answers", answers)


@probe("singular")
def needs_float64_singular(impl: Implementation, given: Given) -> Facts:
    """The answers where a column comes twice, and where one is 0 throughout."""
    x = given.leaf(given.n, given.n_in).detach()
    twice, zero = torch.cat([x, x[:, :1]], dim=1), torch.cat([x, 0 * x[:, :1]], dim=1)
    return _facts(
        "answers for singular tables",
        [impl.needs_float64(given.plain(table), 0.25) for table in (twice, zero)],
    )


def _table(draws: np.random.RandomState, rows: int, columns: int, condition: float) -> Numbers:
    """Return numbers with singular values from 1 to 1 / condition, or 1 alone, along drawn
    directions."""
    left, _ = np.linalg.qr(draws.standard_normal((rows, columns)))
    right, _ = np.linalg.qr(draws.standard_normal((columns, columns)))
    found: Numbers = left * np.geomspace(1, 1 / condition, columns) @ right.T
    return found


def _facts(name: str, answers: list[Any]) -> Facts:
    """Return the kinds of some answers, and what they say where that can be told."""
    kinds = {"a bool" if isinstance(each, bool | np.bool_) else describe(each) for each in answers}
    try:
        told = [bool(each) for each in answers]
    except (TypeError, ValueError, RuntimeError):
        told = []
    return {name: told, f"kind of the {name}": ", ".join(sorted(kinds))}
