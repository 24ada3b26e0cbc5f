"""Mistakes of poisoned and drop_bad_rows."""

from __future__ import annotations

import torch
from m15_losses import drop_bad_rows, poisoned
from torch import Tensor

from autograder.course.marks import mistake


@mistake("own-column-only", replaces="poisoned", asks="lr.59")
def own_column_only(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Where x has a bad number, your poisoned marks only the weights of its own feature. But the
    number goes into the predictions of its row first, and their errors go into the gradients of all
    features. Follow it forward, and then back."""
    features, outputs = ~x.isfinite().all(dim=0), ~y.isfinite().all(dim=0)
    return features | outputs[:, None], outputs | features.any()


@mistake("biases-spared", replaces="poisoned", asks="lr.59")
def biases_spared(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Your poisoned spares the biases where x has a bad number. The bias does not meet x
    itself, but its gradient adds up the errors, and those of that row are bad. Look at what an
    error is made of."""
    return poisoned(x, y)[0], ~y.isfinite().all(dim=0)


@mistake("everything-always", replaces="poisoned", asks="lr.59")
def everything_always(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Your poisoned marks everything as soon as any number is bad. A bad target makes one error
    bad, that of its own output; the weights of the other outputs never meet it. Look at which
    errors go into which gradient."""
    bad = ~(x.isfinite().all() & y.isfinite().all())
    return bad.expand(y.shape[1], x.shape[1]), bad.expand(y.shape[1])


@mistake("targets-only", replaces="poisoned", asks="lr.59")
def targets_only(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Your poisoned looks at y alone. A bad number in x makes all predictions of its row bad, and
    with them the errors of every output. Look at where x comes in, in the prediction and once more
    in the gradient."""
    return poisoned(torch.zeros_like(x), y)


@mistake("inf-let-through", replaces="poisoned", asks="lr.59")
def inf_let_through(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Your poisoned asks for nan only. An infinite number makes infinite errors, and sums of these
    are infinite or nan: no step can be made of such a gradient. Look for the function that tells
    finite numbers from all others."""
    return poisoned(_nan_only(x), _nan_only(y))


@mistake("good-ones-marked", replaces="poisoned")
def good_ones_marked(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Your poisoned marks the gradients that stay good. True is to stand where a gradient is
    spoilt. Look for the place where the answer has to be turned round."""
    weights, biases = poisoned(x, y)
    return ~weights, ~biases


@mistake("transposed", replaces="poisoned")
def transposed(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Your poisoned has one row for each feature. The weights are [O, F], one row for each output,
    as nn.Linear stores them, and so are their gradients. Look at the order of the axes."""
    return poisoned(x, y)[0].T, poisoned(x, y)[1]


@mistake("by-x-alone", asks="lr.59")
def by_x_alone(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Your drop_bad_rows looks at x alone. A row with a bad target stays, and spoils the gradients
    of its output. A row has to be good in both tables to be kept."""
    return drop_bad_rows(x, torch.zeros_like(y))[0], y[x.isfinite().all(dim=1)]


@mistake("by-y-alone")
def by_y_alone(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Your drop_bad_rows looks at y alone. A row with a bad feature stays, and spoils every
    gradient. A row has to be good in both tables to be kept."""
    good = y.isfinite().all(dim=1)
    return x[good], y[good]


@mistake("each-by-itself", asks="lr.59")
def each_by_itself(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Your drop_bad_rows drops from x the rows that are bad in x, and from y those bad in y. The
    features of one row then stand beside the targets of another. Both tables have to lose the same
    rows."""
    return x[x.isfinite().all(dim=1)], y[y.isfinite().all(dim=1)]


@mistake("inf-kept", asks="lr.59")
def inf_kept(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Your drop_bad_rows asks for nan only, and keeps rows with inf or -inf. These make infinite
    errors, and the gradients become infinite or nan. Look for the function that tells finite
    numbers from all others."""
    good = ~(x.isnan().any(dim=1) | y.isnan().any(dim=1))
    return x[good], y[good]


@mistake("nothing-dropped")
def nothing_dropped(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Your drop_bad_rows drops no row. Perhaps you compare with nan: nan equals nothing, itself
    included, so such a question is never answered with True. There are functions that ask it
    rightly."""
    return x.clone(), y.clone()


@mistake("wholly-bad-rows", asks="lr.59")
def wholly_bad_rows(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Your drop_bad_rows keeps rows that have at least one good number in each table. A single bad
    number is enough to spoil a gradient. Look at how you join the answers of a row: all, or any."""
    good = x.isfinite().any(dim=1) & y.isfinite().any(dim=1)
    return x[good], y[good]


@mistake("good-in-one-table", asks="lr.59")
def good_in_one_table(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Your drop_bad_rows drops only rows that are bad in both tables. One bad number is enough to
    spoil a gradient, wherever it stands. Look at how you join the answers of x and y."""
    good = x.isfinite().all(dim=1) | y.isfinite().all(dim=1)
    return x[good], y[good]


@mistake("bad-rows-kept")
def bad_rows_kept(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Your drop_bad_rows keeps the bad rows and drops the good ones. A mask says which rows stay.
    Look for the place where it has to be turned round."""
    bad = ~(x.isfinite().all(dim=1) & y.isfinite().all(dim=1))
    return x[bad], y[bad]


@mistake("zeros-put-in")
def zeros_put_in(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Your drop_bad_rows puts zeros in the place of bad numbers. A 0 is a claim about the row that
    nobody has made, and the model learns from it. The task is to leave the row out."""
    return x.nan_to_num(0, 0, 0), y.nan_to_num(0, 0, 0)


def _nan_only(values: Tensor) -> Tensor:
    """Return the values with every infinite one taken for a good number."""
    return torch.where(values.isinf(), torch.zeros_like(values), values)
