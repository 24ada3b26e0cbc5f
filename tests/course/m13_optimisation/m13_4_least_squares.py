"""Other ways to do least_squares."""

from __future__ import annotations

import torch
from torch.nn.functional import pad

from autograder.course.marks import restated, right, wrong


def _cut(solution):
    return solution[:-1].T, solution[-1]


@right()
def by_svd(x, y):
    """Inverts the singular values that are not zero."""
    table = pad(x, (0, 1), value=1.0)
    u, s, vt = torch.linalg.svd(table, full_matrices=False)
    kept = s > s[0] * max(table.shape) * torch.finfo(s.dtype).eps
    inverse = torch.where(kept, 1 / s, torch.zeros_like(s))
    return _cut(vt.T @ (inverse[:, None] * (u.T @ y)))


@right()
def ones_in_front(x, y):
    """The bias is the first parameter."""
    table = torch.hstack([x.new_ones(len(x), 1), x])
    b, *w = torch.linalg.pinv(table) @ y
    return torch.stack(w, dim=1), b


@right()
def in_double_precision(x, y):
    """Computes in float64 and rounds at the end, one target after the other."""
    inverse = torch.linalg.pinv(pad(x.double(), (0, 1), value=1.0))
    columns = [inverse @ column for column in y.double().unbind(1)]
    whole = torch.stack(columns).to(x.dtype)
    return whole[:, :-1], whole[:, -1]


@right()
def normal_equations_in_double(x, y):
    """A pseudoinverse of the product, in float64, keeps enough digits."""
    table = pad(x.double(), (0, 1), value=1.0)
    inverse = torch.linalg.pinv(table.T @ table, rtol=1e-13, hermitian=True)
    w, b = _cut(inverse @ (table.T @ y.double()))
    return w.to(x.dtype), b.to(x.dtype)


@wrong(asks="lr.5")
def descended(x, y):
    """A thousand steps of gradient descent from zero."""
    table = pad(x, (0, 1), value=1.0)
    theta = table.new_zeros(table.shape[1], y.shape[1])
    lr = 1 / torch.linalg.matrix_norm(table, 2) ** 2
    for _ in range(20):
        theta = theta - lr * (table.T @ (table @ theta - y))
    return _cut(theta)


@wrong()
def ridge(x, y):
    """Adds a little to the diagonal."""
    table = pad(x.double(), (0, 1), value=1.0)
    eye = torch.eye(table.shape[1], dtype=table.dtype, device=x.device)
    w, b = _cut(torch.linalg.solve(table.T @ table + 1e-6 * eye, table.T @ y.double()))
    return w.to(x.dtype), b.to(x.dtype)


@wrong()
def first_rows_alone(x, y):
    """Uses as many rows as there are parameters."""
    size = x.shape[1] + 1
    return _cut(torch.linalg.pinv(pad(x, (0, 1), value=1.0)[:size]) @ y[:size])


@wrong()
def mean_of_the_targets(x, y):
    """The bias is the mean of the targets, as for centred features."""
    w, _ = _cut(torch.linalg.pinv(pad(x, (0, 1), value=1.0)) @ y)
    return w, y.mean(0)


@wrong()
def small_values_dropped(x, y):
    """Takes singular values below a thousandth for zero."""
    return _cut(torch.linalg.pinv(pad(x, (0, 1), value=1.0), rtol=1e-3) @ y)


@wrong()
def double_returned(x, y):
    """Stays in float64."""
    return _cut(torch.linalg.pinv(pad(x.double(), (0, 1), value=1.0)) @ y.double())


@restated("inverse")
def by_inv(x, y):
    """The textbook's formula, with another column of ones."""
    table = torch.hstack([x, x.new_ones(len(x), 1)])
    return _cut(torch.inverse(table.mT @ table) @ table.mT @ y)


@restated("normal-equations")
def product_first(x, y):
    """A pseudoinverse of the product."""
    table = pad(x, (0, 1), value=1.0)
    return _cut(torch.linalg.pinv(table.mT @ table, hermitian=True) @ (table.mT @ y))


@restated("no-bias")
def through_the_origin(x, y):
    """A line through the origin."""
    return y.T @ torch.linalg.pinv(x).T, y.new_zeros(y.shape[1])


@restated("bias-not-in-the-norm")
def centred(x, y):
    """Weights from centred data, then the bias."""
    w = (torch.linalg.pinv(x - x.mean(0)) @ y).T
    return w, (y - x @ w.T).mean(0)


@restated("transposed")
def as_solved(x, y):
    """The weights lie as in the solution."""
    w, b = torch.linalg.pinv(pad(x, (0, 1), value=1.0)).matmul(y).split([x.shape[1], 1])
    return w, b[0]


@restated("bias-as-a-row")
def last_row_kept(x, y):
    """The bias is cut out as a row."""
    solution = torch.linalg.pinv(pad(x, (0, 1), value=1.0)) @ y
    return solution[:-1].T, solution[-1:]


@restated("bias-first")
def wrong_end(x, y):
    """The first row is taken for the bias."""
    b, *w = torch.linalg.pinv(pad(x, (0, 1), value=1.0)) @ y
    return torch.stack(w, dim=1), b


@restated("swapped")
def bias_before_weights(x, y):
    """The pair the other way round."""
    return _cut(torch.linalg.pinv(pad(x, (0, 1), value=1.0)) @ y)[::-1]


@restated("driver-gels")
def driver_named(x, y):
    """Names the driver that CUDA has, too."""
    table = pad(x, (0, 1), value=1.0)
    return _cut(torch.linalg.lstsq(table, y, driver="gels").solution)


@restated("through-numpy")
def left_on_the_cpu(x, y):
    """All is moved to the CPU, and stays there."""
    return _cut(torch.linalg.pinv(pad(x.cpu(), (0, 1), value=1.0)) @ y.cpu())


@restated("each-feature-alone")
def marginal_slopes(x, y):
    """The slope of each feature, in a loop."""
    slopes = []
    for column in x.T:
        column = column - column.mean()
        slopes.append(column @ (y - y.mean(0)) / (column @ column).clamp(min=1e-12))
    w = torch.stack(slopes, dim=1)
    return w, y.mean(0) - w @ x.mean(0)


# Mutants of the reference that nothing can catch, and why.
EXCUSED: dict[str, str] = {}
