"""Other ways to do interpolate and can_memorise."""

from __future__ import annotations

import numpy as np
import torch
from m16_generalisation import can_memorise, interpolate

from autograder.course.marks import restated, right, wrong


def design_of(x):
    """Put a column of ones beside x."""
    return torch.nn.functional.pad(x, (0, 1), value=1.0)


@right(replaces="interpolate")
def lstsq_of_numpy(x, y):
    """NumPy's least squares gives the smallest solution, also where rows depend on each other."""
    a, t = design_of(x).cpu().numpy(), y.cpu().numpy()
    s = np.linalg.lstsq(a, t, rcond=None)[0]
    if not np.allclose(a @ s, t, rtol=0, atol=1e-4 * np.abs(t).max()):
        raise ValueError("cannot be fitted")
    s = torch.from_numpy(s).to(x)
    return s[:-1].T, s[-1]


@right(replaces="interpolate")
def smallest_numbers_for_rows(x, y):
    """w and b are combinations of the rows, with numbers from the matrix of products of rows."""
    products = x @ x.T + 1
    alpha = torch.linalg.pinv(products, hermitian=True) @ y
    if (products @ alpha - y).norm() > 1e-4 * y.norm():
        raise ValueError
    return alpha.T @ x, alpha.sum(0)


@right(replaces="interpolate")
def singular_values(x, y):
    """The inverse of every singular value that is not zero, and targets with their own check."""
    u, s, vh = torch.linalg.svd(design_of(x), full_matrices=False)
    keep = s > 1e-6 * s.max()
    inside = u[:, keep].T @ y
    if (u[:, keep] @ inside).sub(y).square().sum() > 1e-8 * y.square().sum():
        raise ValueError("no")
    together = (inside.T / s[keep]) @ vh[keep]
    return together[:, :-1], together[:, -1]


@right(replaces="interpolate")
def projections_from_zeros(x, y):
    """Row after row is projected onto what the earlier rows left over; a new one moves w and b."""
    p = torch.zeros(y.shape[1], x.shape[1] + 1).to(x)
    basis = []
    for row, target in zip(design_of(x), y, strict=True):
        left = row
        for q in basis + basis:
            left = left - (left @ q) * q
        miss = target - p @ row
        if left.norm() > 1e-5 * row.norm():
            q = left / left.norm()
            basis.append(q)
            p = p + torch.outer(miss / (left @ row), left)
        elif miss.abs().max() > 1e-4 * y.abs().max():
            raise ValueError("a row that depends on others has a target of its own")
    return p[:, :-1], p[:, -1]


@right(replaces="can_memorise")
def singular_values_counted(x, bias=True):
    """The smallest singular value of at most as many rows as columns is not zero."""
    a = design_of(x) if bias else x
    if a.shape[0] > a.shape[1]:
        return False
    s = torch.linalg.svdvals(a)
    return (s[-1] > 1e-8 * s[0]).item()


@right(replaces="can_memorise")
def every_unit_target_fitted(x, bias=True):
    """Tries to fit the targets of the identity, from which all others are made."""
    a = (design_of(x) if bias else x).cpu().numpy()
    return np.allclose(a @ np.linalg.pinv(a), np.eye(len(a)), atol=1e-6)


@right(replaces="can_memorise")
def rank_in_numpy(x, bias=True):
    """NumPy counts the independent rows."""
    a = x.cpu().numpy()
    if bias:
        a = np.hstack([a, np.ones((len(a), 1))])
    return np.linalg.matrix_rank(a) == a.shape[0]


@wrong(replaces="can_memorise", asks="lr.56")
def always_for_wide_tables(x, bias=True):
    """Looks at the rank only where there are more rows than features."""
    return len(x) < x.shape[1] or can_memorise(x, bias)


@wrong(replaces="can_memorise")
def negated(x, bias=True):
    """Says the opposite."""
    return not can_memorise(x, bias)


@wrong(replaces="can_memorise")
def one_row_fewer(x, bias=True):
    """Wants fewer rows than the rank."""
    return bool(torch.linalg.matrix_rank(design_of(x) if bias else x) > len(x))


@wrong(replaces="interpolate")
def ones_on_the_cpu(x, y):
    """The column of ones lies on the CPU."""
    a = torch.cat([x, torch.ones(len(x), 1)], dim=1)
    s = torch.linalg.pinv(a) @ y
    if (a @ s - y).abs().max() > 1e-3 * y.abs().max():
        raise ValueError
    return s[:-1].T, s[-1]


@wrong(replaces="interpolate", asks="lr.16")
def penalised_a_little(x, y):
    """A small penalty stands for the smallest solution; the rows are then not quite fitted."""
    interpolate(x, y)
    a = design_of(x)
    s = torch.linalg.solve(a.T @ a + 1e-6 * torch.eye(a.shape[1]).to(a), a.T @ y)
    return s[:-1].T, s[-1]


@wrong(replaces="interpolate")
def no_bias_in_the_norm_of_one(x, y):
    """The column for the bias holds 100, so that its share is far too large."""
    interpolate(x, y)
    a = torch.nn.functional.pad(x, (0, 1), value=100.0)
    s = torch.linalg.pinv(a) @ y
    return s[:-1].T, 100 * s[-1]


@wrong(replaces="interpolate")
def bias_and_weights_exchanged(x, y):
    """Returns the bias first."""
    w, b = interpolate(x, y)
    return b, w


@wrong(replaces="interpolate")
def bias_in_a_row(x, y):
    """The bias has a second axis, [1, O]."""
    w, b = interpolate(x, y)
    return w, b[None]


@wrong(replaces="interpolate")
def none_where_nothing_fits(x, y):
    """Returns None where nothing fits."""
    try:
        return interpolate(x, y)
    except ValueError:
        return None


@wrong(replaces="interpolate")
def only_equal_rows_looked_at(x, y):
    """Refuses only where equal rows have different targets, and where rows are too many."""
    whole, rows = torch.unique(torch.cat([x, y], 1), dim=0), torch.unique(x, dim=0)
    if len(whole) > len(rows) or len(rows) > x.shape[1] + 1:
        raise ValueError
    s = torch.linalg.pinv(design_of(x)) @ y
    return s[:-1].T, s[-1]


@restated("rows-only-counted", replaces="can_memorise")
def sizes_compared(x, bias=True):
    """Compares the sizes of the table."""
    n, columns = x.shape
    return n <= (columns + 1 if bias else columns)


@restated("bias-not-seen", replaces="can_memorise")
def rank_of_x(x, bias=True):
    """Asks for the rank of x alone."""
    return torch.linalg.matrix_rank(x).item() == x.shape[0]


@restated("bias-always-there", replaces="can_memorise")
def rank_with_ones(x, bias=True):
    """Asks for the rank with a column of ones, always."""
    return torch.linalg.matrix_rank(design_of(x)).item() == x.shape[0]


@restated("one-more-row-always", replaces="can_memorise")
def rank_plus_one(x, bias=True):
    """Adds one to the rank of x."""
    rank = int(torch.linalg.matrix_rank(x))
    if bias:
        rank += 1
    return rank >= len(x)


@restated("columns-independent", replaces="can_memorise")
def full_column_rank(x, bias=True):
    """Compares the rank with the number of columns."""
    a = design_of(x) if bias else x
    return int(torch.linalg.matrix_rank(a)) >= a.shape[1]


@restated("rows-all-different", replaces="can_memorise")
def a_set_of_rows(x, bias=True):
    """Counts the rows in a set."""
    rows = {tuple(row) for row in x.tolist()}
    return len(rows) == x.shape[0] and len(rows) <= x.shape[1] + int(bias)


@restated("answer-in-a-tensor", replaces="can_memorise")
def compared_with_the_rank(x, bias=True):
    """Returns what the comparison of the rank gives."""
    return torch.linalg.matrix_rank(design_of(x) if bias else x) == x.shape[0]


@restated("some-solution", replaces="interpolate")
def other_features_unused(x, y):
    """Fits with the first features, as many as there are rows, and pads with zeros."""
    interpolate(x, y)
    n = min(x.shape)
    s = torch.linalg.pinv(design_of(x[:, :n])) @ y
    return torch.nn.functional.pad(s[:-1].T, (0, x.shape[1] - n)), s[-1]


@restated("bias-free-of-charge", replaces="interpolate")
def centred(x, y):
    """Fits the centred rows and takes the bias from the means."""
    interpolate(x, y)
    middle = x.mean(0)
    w = (torch.linalg.pinv(x - middle) @ y).T
    return w, (y - x @ w.T).mean(0)


@restated("bias-left-at-zero", replaces="interpolate")
def weights_alone(x, y):
    """Solves for the weights and fills the bias with zeros."""
    interpolate(x, y)
    w = torch.linalg.pinv(x) @ y
    return w.T, torch.zeros_like(y[0])


@restated("nothing-refused", replaces="interpolate")
def as_good_as_it_gets(x, y):
    """Returns the least squares solution of the products of rows."""
    alpha = torch.linalg.pinv(x @ x.T + 1, hermitian=True) @ y
    return alpha.T @ x, alpha.sum(0)


@restated("more-rows-refused", replaces="interpolate")
def sizes_checked(x, y):
    """Looks at the sizes before it fits."""
    if x.shape[0] - 1 > x.shape[1]:
        raise ValueError("too many rows")
    s = torch.linalg.pinv(design_of(x)) @ y
    return s[:-1].T, s[-1]


@restated("every-y-wanted", replaces="interpolate")
def full_rank_wanted(x, y):
    """Refuses dependent rows and fits the others."""
    a = design_of(x)
    if int(torch.linalg.matrix_rank(a)) < len(a):
        raise ValueError("dependent rows")
    s = torch.linalg.pinv(a) @ y
    return s[:-1].T, s[-1]


@restated("axes-exchanged", replaces="interpolate")
def as_in_the_solution(x, y):
    """The rows of the solution are handed on as they are."""
    w, b = interpolate(x, y)
    return w.mT.contiguous(), b


@restated("error-returned", replaces="interpolate")
def an_error_as_a_result(x, y):
    """Gives the exception back."""
    a = design_of(x)
    s = torch.linalg.pinv(a) @ y
    return (s[:-1].T, s[-1]) if torch.allclose(a @ s, y) else ValueError("no fit")


# Mutants of the reference that nothing can catch, and why.
EXCUSED = {
    "missed = design @ solution - y -> missed = y - design @ solution": "its sign is not looked at",
    "if missed.abs().max() > 0.001 * y.abs().max(): -> "
    "if missed.abs().max() > 0.001001 * y.abs().max():": "any limit above rounding will do",
}
