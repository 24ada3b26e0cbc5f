"""Probes of PairDataset."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from torch.utils.data import DataLoader

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import outcome_of


@probe("pairs")
def pairs_pairs(impl: Implementation, given: Given) -> Facts:
    """Every pair by its number, counted from the front and from the end, and in a DataLoader."""
    x, y = given.regression()
    n, ds = len(x), impl.PairDataset(x, y)
    return {
        "length": len(ds),
        "pairs": [ds[i] for i in range(n)],
        "pairs counted from the end": [ds[-i] for i in range(1, n + 1)],
        "answer to ds[N]": outcome_of(lambda: ds[n], IndexError),
        "answer to ds[-N - 1]": outcome_of(lambda: ds[-n - 1], IndexError),
        "batches in a DataLoader": [tuple(b) for b in DataLoader(ds, batch_size=given.batch)],
    }


@probe("selections")
def pairs_selections(impl: Implementation, given: Given) -> Facts:
    """Several rows at once: by slices, and by an index tensor."""
    draw_x, draw_y = (
        given.randn if each not in given.whole else partial(given.integers, 0, 9) for each in "xy"
    )
    x, y = draw_x(given.n, given.n_in), draw_y(given.n, given.n_out)
    rows = given.integers(0, given.n, given.rows_asked)
    ds = impl.PairDataset(x, y)
    return {
        "ds[1:3]": _or_refusal(lambda: ds[1:3]),
        "ds[::2]": _or_refusal(lambda: ds[::2]),
        "ds[-2:]": _or_refusal(lambda: ds[-2:]),
        "ds[:0]": _or_refusal(lambda: ds[:0]),
        "ds[index tensor]": _or_refusal(lambda: ds[rows]),
    }


@probe("sharing")
def pairs_sharing(impl: Implementation, given: Given) -> Facts:
    """Whether the pairs show what is done to x and y in place after the dataset was made."""
    # Columns of a table that is stored by columns, as x and y often are: they are not contiguous.
    table = given.leaf(given.n_in + given.n_out, given.n).detach().T
    x, y = table[:, : given.n_in], table[:, given.n_in :]
    ds = impl.PairDataset(x, y)
    _ = [ds[i] for i in range(0, given.n, 2)]  # nothing that was looked at may be kept
    x += 1
    y *= -2
    return {"pairs after an in-place change of x and y": [ds[i] for i in range(given.n)]}


@probe("refusal")
def pairs_refusal(impl: Implementation, given: Given) -> Facts:
    """What happens when x and y have different numbers of rows."""
    x, y = given.randn(*given.x), given.randn(*given.y)
    return {"answer to unequal lengths": outcome_of(lambda: impl.PairDataset(x, y), ValueError)}


def _or_refusal(call: Callable[[], Any]) -> Any:
    got: list[Any] = []
    outcome = outcome_of(lambda: got.append(call()))
    return got[0] if outcome == "no exception" else "refused with an exception"
