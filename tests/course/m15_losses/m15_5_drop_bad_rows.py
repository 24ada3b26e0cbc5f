"""Other ways to do poisoned and drop_bad_rows."""

from __future__ import annotations

import math

import numpy as np
import torch
from m15_losses import drop_bad_rows, poisoned
from torch import nn

from autograder.course.marks import restated, right, wrong


def bad(values, dim):
    """Say along which rows or columns a number is not finite."""
    return (values.isnan() | values.isinf()).any(dim=dim)


@right(replaces="poisoned")
def really_trained(x, y):
    """Lets autograd compute the gradients, and looks at them."""
    layer = nn.Linear(x.shape[1], y.shape[1], device=x.device, dtype=x.dtype)
    ((layer(x) - y) ** 2).mean().backward()
    return ~layer.weight.grad.isfinite(), ~layer.bias.grad.isfinite()


@right(replaces="poisoned")
def gradients_by_hand(x, y):
    """Starts from zero weights, where the errors are -y, and nan where a row of x is bad."""
    error = (x * 0).sum(dim=1, keepdim=True) - y
    return ~(error.mT @ x).isfinite(), ~error.sum(dim=0).isfinite()


@right(replaces="poisoned")
def number_by_number(x, y):
    """Loops over outputs and features."""
    all_bad = not all(map(math.isfinite, x.flatten().tolist()))
    outputs = [all_bad or not all(map(math.isfinite, col)) for col in y.T.tolist()]
    weights = [[it] * x.shape[1] for it in outputs]
    return torch.tensor(weights, device=x.device), torch.tensor(outputs, device=x.device)


@right()
def joined_tables(x, y):
    """Puts both tables side by side, and takes them apart again."""
    both = torch.cat([x, y], dim=1)
    left = both[torch.isfinite(both).all(dim=1)]
    return left[:, : x.shape[1]], left[:, x.shape[1] :]


@right()
def places_of_good_rows(x, y):
    """Selects rows by their numbers."""
    good = [n for n in range(len(x)) if bool(x[n].isfinite().all() and y[n].isfinite().all())]
    index = torch.tensor(good, dtype=torch.long, device=x.device)
    return x.index_select(0, index), y.index_select(0, index)


@right()
def sums_that_stay_zero(x, y):
    """A row times 0 adds up to 0, unless it is bad."""
    good = (x * 0).sum(dim=1) + (y * 0).sum(dim=1) == 0
    return x[good], y[good]


@wrong(replaces="poisoned")
def rows_of_data(x, y):
    """Says which rows of the data are bad."""
    return bad(x, 1), bad(y, 1)


@wrong(replaces="poisoned")
def as_numbers(x, y):
    """Gives numbers in place of bools."""
    weights, biases = poisoned(x, y)
    return weights.to(x.dtype), biases.to(x.dtype)


@wrong(replaces="poisoned")
def bias_of_one(x, y):
    """Gives [O, 1] for the biases."""
    weights, biases = poisoned(x, y)
    return weights, biases[:, None]


@wrong(replaces="poisoned")
def minus_inf_let_through(x, y):
    """Forgets that -inf is bad."""
    return poisoned(x.clamp(min=-1e9), y.clamp(min=-1e9))


@wrong(replaces="poisoned")
def one_weight_only(x, y):
    """Marks the first weight of a poisoned output."""
    weights, biases = poisoned(x, y)
    weights = weights.clone()
    weights[:, 1:] = False
    return weights, biases


@wrong(replaces="poisoned")
def nothing_ever(x, y):
    """Takes bad numbers for 0."""
    return poisoned(x.nan_to_num(0, 0, 0), y.nan_to_num(0, 0, 0))


@wrong()
def first_bad_row(x, y):
    """Drops the first bad row only."""
    found = (bad(x, 1) | bad(y, 1)).nonzero()
    good = torch.ones(len(x), dtype=torch.bool, device=x.device)
    good[found[:1, 0]] = False
    return x[good], y[good]


@wrong()
def good_ones_turned_round(x, y):
    """Gives the rows in the opposite order."""
    left_x, left_y = drop_bad_rows(x, y)
    return left_x.flip(0), left_y.flip(0)


@wrong()
def in_one_tensor(x, y):
    """Flattens both tables."""
    return x[x.isfinite()], y[y.isfinite()]


@wrong()
def until_the_first_bad_one(x, y):
    """Stops at the first bad row."""
    good = (~(bad(x, 1) | bad(y, 1))).cumprod(0).bool()
    return x[good], y[good]


@wrong()
def through_numpy(x, y):
    """Gives arrays of NumPy."""
    return tuple(np.asarray(t.cpu()) for t in drop_bad_rows(x, y))


@restated("own-column-only", replaces="poisoned")
def columns_of_both(x, y):
    """Marks columns of x, and rows for columns of y."""
    weights = bad(x, 0)[None] | bad(y, 0)[:, None]
    return weights, bad(y, 0) | bad(x, None)


@restated("biases-spared", replaces="poisoned")
def biases_by_their_targets(x, y):
    """Asks the targets for the biases."""
    outputs = bad(y, 0)
    return (outputs | bad(x, None))[:, None].repeat(1, x.shape[1]), outputs


@restated("everything-always", replaces="poisoned")
def one_answer_for_all(x, y):
    """Fills with one answer."""
    spoilt = not bool(torch.isfinite(x.sum() + y.sum()))
    shape = (y.shape[1], x.shape[1])
    return torch.full(shape, spoilt).to(x.device), torch.full(shape[:1], spoilt).to(x.device)


@restated("targets-only", replaces="poisoned")
def rows_of_outputs(x, y):
    """Leaves x out."""
    outputs = bad(y, 0)
    return outputs[:, None].repeat(1, x.shape[1]), outputs


@restated("inf-let-through", replaces="poisoned")
def isnan_only(x, y):
    """Asks for nan."""
    outputs = y.isnan().any(dim=0) | x.isnan().any()
    return outputs[:, None].repeat(1, x.shape[1]), outputs


@restated("good-ones-marked", replaces="poisoned")
def finite_ones(x, y):
    """Asks for what is finite."""
    outputs = y.isfinite().all(dim=0) & x.isfinite().all()
    return outputs[:, None].repeat(1, x.shape[1]), outputs


@restated("transposed", replaces="poisoned")
def features_first(x, y):
    """One row for each feature."""
    outputs = poisoned(x, y)[1]
    return outputs.repeat(x.shape[1], 1), outputs


@restated("by-x-alone")
def mask_of_x(x, y):
    """The mask of x for both."""
    good = ~bad(x, 1)
    return x[good], y[good]


@restated("by-y-alone")
def mask_of_y(x, y):
    """The mask of y for both."""
    good = ~bad(y, 1)
    return x[good], y[good]


@restated("each-by-itself")
def two_masks(x, y):
    """A mask for each."""
    return tuple(t[~bad(t, 1)] for t in (x, y))


@restated("inf-kept")
def sums_that_are_numbers(x, y):
    """Compares each number with itself."""
    good = (x == x).all(dim=1) & (y == y).all(dim=1)
    return x[good], y[good]


@restated("nothing-dropped")
def compared_with_nan(x, y):
    """Compares with nan."""
    bad_rows = (x == math.nan).any(dim=1) | (y == math.nan).any(dim=1)
    return x[~bad_rows], y[~bad_rows]


@restated("wholly-bad-rows")
def all_for_any(x, y):
    """Drops a row only where all of it is bad."""
    good = ~((~x.isfinite()).all(dim=1) | (~y.isfinite()).all(dim=1))
    return x[good], y[good]


@restated("good-in-one-table")
def dropped_if_both(x, y):
    """Joins the two questions by and."""
    rows = bad(x, 1) & bad(y, 1)
    return x[~rows], y[~rows]


@wrong()
def plus_infinity_only(x, y):
    """Knows only one of the two infinities."""
    rows = (x.isnan() | (x == float("inf"))).any(1) | (y.isnan() | (y == float("inf"))).any(1)
    return x[~rows], y[~rows]


@restated("bad-rows-kept")
def mask_not_turned(x, y):
    """Forgets to turn the mask round."""
    rows = bad(x, 1) | bad(y, 1)
    return x[rows], y[rows]


@restated("zeros-put-in")
def filled(x, y):
    """Fills by where."""
    return tuple(torch.where(t.isfinite(), t, torch.zeros_like(t)) for t in (x, y))


# Mutants of the reference that nothing can catch, and why.
EXCUSED = {}
