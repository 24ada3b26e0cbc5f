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
    left, right = (_directions(draws, rows, given.n_in) for rows in (given.n, given.n_in))
    widths = np.linspace(0, 1, given.n_in)
    answers = []
    for _ in range(given.tables):
        condition, unit = 10.0 ** (draws.randint(2, 21) / 4), 10.0 ** draws.randint(-2, 3)
        rel_tol = 10.0 ** (draws.randint(-25, -7) / 4)
        table = given.tensor(unit * left * condition**-widths @ right.T)
        answers.append(impl.needs_float64(table, rel_tol))
    return _facts("answers", answers)


@probe("singular")
def needs_float64_singular(impl: Implementation, given: Given) -> Facts:
    """The answers where all columns are multiples of one, where one is 0, and where one has another
    unit."""
    x = given.leaf(given.n, given.n_in).detach()
    first = x[:, :1]
    zero, unit = (torch.cat([x, other], dim=1) for other in (0 * first, 1e-6 * first.flip(0)))
    tables = map(given.plain, (first @ x[:, 1:2].T, zero))
    singular = [impl.needs_float64(table, 0.25) for table in tables]
    apart = impl.needs_float64(given.plain(unit), 1e-5)
    return {
        **_facts("answers for singular tables", singular),
        **_facts("answer for a column in another unit", [apart]),
    }


@probe("limit")
def needs_float64_limit(impl: Implementation, given: Given) -> Facts:
    """The answers on both sides of the limit, 20 % away, where all directions but one are equally
    wide, and where float64 features are very small."""
    draws = np.random.RandomState(given.seed)
    left, right = (_directions(draws, rows, given.n_in) for rows in (given.n, given.n_in))
    condition = 10.0 ** draws.uniform(1, 3)
    widths = np.append(np.ones(given.n_in - 1), 1 / condition)
    x = given.tensor(given.unit * left * widths @ right.T)
    limit = condition * torch.finfo(torch.float32).eps
    sides = draws.permutation([0.8, 1.2])
    return _facts("answers near the limit", [impl.needs_float64(x, limit * side) for side in sides])


def _directions(draws: np.random.RandomState, rows: int, columns: int) -> Numbers:
    """Draw columns of length 1 that are orthogonal to each other."""
    found: Numbers = np.linalg.qr(draws.standard_normal((rows, columns)))[0]
    return found


def _facts(name: str, answers: list[Any]) -> Facts:
    """Return the kinds of some answers, and what they say where that can be told."""
    kinds = {"a bool" if isinstance(each, bool | np.bool_) else describe(each) for each in answers}
    try:
        told = [bool(each) for each in answers]
    except (TypeError, ValueError, RuntimeError):
        told = []
    return {name: told, f"kind of the {name}": ", ".join(sorted(kinds))}
