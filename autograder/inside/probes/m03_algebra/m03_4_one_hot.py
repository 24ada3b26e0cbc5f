"""Probes of one_hot and embed."""

from __future__ import annotations

import math

from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import gradients, refusal_of


@probe("codes")
def one_hot_codes(impl: Implementation, given: Given) -> Facts:
    """The codes of labels below `top`, so that with a top below k the last classes never occur."""
    return {"codes": impl.one_hot(_labels(given), given.k)}


@probe("rows")
def one_hot_rows(impl: Implementation, given: Given) -> Facts:
    """The rows of a table that labels name, also where another row is inf; their gradients.

    Only where the last class never occurs is its row spoilt.
    """
    y, table = _labels(given), given.randn(given.k, given.d).requires_grad_()
    rows = impl.embed(y, table)
    weights = given.randn(*given.shape, given.d)
    spoilt = table.detach().clone()
    if given.top < given.k:
        spoilt[-1] = math.inf  # times 0 it is nan
    return {
        "embeddings": rows,
        "gradient for the table of the weighted embeddings": gradients(rows * weights, [table])[0],
        "embeddings where an unused row is inf": impl.embed(y, given.plain(spoilt)),
    }


@probe("refusal")
def one_hot_refusal(impl: Implementation, given: Given) -> Facts:
    """What happens where one label among others is k, or is negative."""
    k, table = given.k, given.randn(given.k, 2)
    above, below = given.tensor([0, k]).long(), given.tensor([k - 1, -1]).long()
    return {
        "codes of a label that is k": refusal_of(lambda: impl.one_hot(above, k), ValueError),
        "codes of the label -1": refusal_of(lambda: impl.one_hot(below, k), ValueError),
        "embedding of a label that is k": refusal_of(lambda: impl.embed(above, table), ValueError),
        "embedding of the label -1": refusal_of(lambda: impl.embed(below, table), ValueError),
    }


def _labels(given: Given) -> Tensor:
    return given.integers(0, given.top, *given.shape)
