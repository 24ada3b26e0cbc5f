"""Other ways to do mse_hessian."""

from __future__ import annotations

import torch
from torch.nn.functional import pad

from autograder.course.marks import restated, right, wrong


def _widened(x, bias):
    """The table with a last column of ones, where there is a bias."""
    return pad(x, (0, 1), value=1.0) if bias else x


@right()
def by_autograd(x, n_out=1, bias=True):
    """torch differentiates the loss of one output twice, at zero."""
    x = _widened(x, bias)

    def loss(theta):
        return (x @ theta).square().sum() / (len(x) * n_out)

    return torch.func.hessian(loss)(torch.zeros_like(x[0]))


@right()
def of_all_outputs_and_cut(x, n_out=1, bias=True):
    """Makes the Hessian of all outputs, and keeps the first block."""
    x = _widened(x, bias)

    def loss(theta):
        return (x @ theta.view(n_out, -1).T).square().mean()

    zeros = torch.zeros(n_out * x.shape[1], dtype=x.dtype, device=x.device)
    size = x.shape[1]
    return torch.autograd.functional.hessian(loss, zeros)[:size, :size]


@right()
def row_by_row(x, n_out=1, bias=True):
    """Adds an outer product for every row."""
    total = 0
    for row in _widened(x, bias):
        total = total + torch.outer(row, row)
    return total * 2 / (len(x) * n_out)


@right()
def by_numbers(x, n_out=1, bias=True):
    """Two loops over plain numbers, and a tensor at the end."""
    columns = _widened(x, bias).T.tolist()
    scale = 2 / (len(x) * n_out)
    entries = [[scale * sum(a * b for a, b in zip(p, q)) for q in columns] for p in columns]
    return torch.tensor(entries, dtype=x.dtype, device=x.device)


@right()
def by_blocks(x, n_out=1, bias=True):
    """Puts the four parts together: features, sums of columns, and the count."""
    n, f = x.shape
    h = x.new_empty(f + 1, f + 1)
    h[:f, :f] = torch.einsum("ni,nj->ij", x, x)
    h[:f, f] = h[f, :f] = x.sum(0)
    h[f, f] = n
    h = h if bias else h[:f, :f].contiguous()
    return h * (2 / n / n_out)


@wrong(named="half, divided-by-rows")
def first_draft(x, n_out=1, bias=True):
    """Two at once: no factor 2, and the rows alone counted."""
    x = _widened(x, bias)
    return x.T @ x / len(x)


@wrong(asks="lr.27")
def made_invertible(x, n_out=1, bias=True):
    """Adds a little to the diagonal, so that there is always one minimum."""
    x = _widened(x, bias)
    h = 2 * x.T @ x / (len(x) * n_out)
    return h + 1e-6 * torch.eye(len(h), dtype=x.dtype, device=x.device)


@wrong()
def two_outputs_assumed(x, n_out=1, bias=True):
    """Always divides by two outputs."""
    x = _widened(x, bias)
    return x.T @ x / len(x)


@wrong()
def upside_down(x, n_out=1, bias=True):
    """The sign is turned, as for a likelihood."""
    x = _widened(x, bias)
    return -2 * x.T @ x / (len(x) * n_out)


@wrong()
def mixed_with_the_bias_left_out(x, n_out=1, bias=True):
    """The bias has its own curvature, but none together with a weight."""
    h = 2 * x.T @ x / (len(x) * n_out)
    one = torch.full((1, 1), 2 / n_out, dtype=x.dtype, device=x.device)
    return torch.block_diag(h, one) if bias else h


@wrong()
def bias_counted_once(x, n_out=1, bias=True):
    """The corner of the bias is 2 over all elements, as if it stood in one row only."""
    wide = _widened(x, bias)
    h = 2 * wide.T @ wide / (len(x) * n_out)
    if bias:
        h[-1, -1] /= len(x)
    return h


@wrong()
def through_float32(x, n_out=1, bias=True):
    """The product is made in float32."""
    wide = _widened(x, bias).float()
    return (2 * wide.T @ wide / (len(x) * n_out)).to(x.dtype)


@wrong()
def eigenvalues(x, n_out=1, bias=True):
    """The eigenvalues in place of the matrix."""
    x = _widened(x, bias)
    return torch.linalg.eigvalsh(2 * x.T @ x / (len(x) * n_out))


@wrong()
def ones_written_into_x(x, n_out=1, bias=True):
    """The last feature becomes the column of ones."""
    if bias:
        x[:, -1] = 1
    return 2 * x.T @ x / (len(x) * n_out)


@restated("half")
def by_means(x, n_out=1, bias=True):
    """The mean of the outer products, without a factor."""
    x = _widened(x, bias)
    return (x[:, :, None] * x[:, None, :]).mean(0) / n_out


@restated("divided-by-rows")
def outputs_forgotten(x, n_out=1, bias=True):
    """The number of outputs is never used."""
    x = _widened(x, bias)
    return 2 * torch.einsum("ni,nj->ij", x, x) / x.shape[0]


@restated("multiplied-by-outputs")
def outputs_above_the_line(x, n_out=1, bias=True):
    """The number of outputs stands above the line."""
    x = _widened(x, bias)
    return 2 * n_out * (x.T @ x) / len(x)


@restated("not-averaged")
def twice_the_product(x, n_out=1, bias=True):
    """Twice the product, as for a sum of squares."""
    x = _widened(x, bias)
    return 2 * (x.T @ x)


@restated("no-ones-column")
def features_alone(x, n_out=1, bias=True):
    """Only the features are multiplied."""
    return 2 * (x.mT @ x) / (x.shape[0] * n_out)


@restated("bias-always")
def argument_ignored(x, n_out=1, bias=True):
    """The column of ones is always there."""
    x = torch.hstack([x, x.new_ones(len(x), 1)])
    return 2 * (x.T @ x) / (len(x) * n_out)


@restated("bias-first")
def ones_in_front(x, n_out=1, bias=True):
    """The column of ones stands in front."""
    x = torch.hstack([x.new_ones(len(x), 1), x]) if bias else x
    return 2 * (x.T @ x) / (len(x) * n_out)


@restated("rows-by-rows")
def gram_matrix(x, n_out=1, bias=True):
    """The products of rows with rows."""
    x = _widened(x, bias)
    return torch.einsum("if,jf->ij", x, x) * 2 / (len(x) * n_out)


@restated("all-outputs")
def blocks_on_the_diagonal(x, n_out=1, bias=True):
    """One block for each output."""
    x = _widened(x, bias)
    return torch.block_diag(*[2 * x.T @ x / (len(x) * n_out)] * n_out)


@restated("diagonal-alone")
def squares_on_a_diagonal(x, n_out=1, bias=True):
    """Mean squares of the columns, on a diagonal."""
    x = _widened(x, bias)
    return torch.diag(2 * x.square().mean(0) / n_out)


@restated("one-number-per-parameter")
def squares_alone(x, n_out=1, bias=True):
    """Mean squares of the columns."""
    return 2 * _widened(x, bias).square().mean(0) / n_out


@restated("centred")
def covariance(x, n_out=1, bias=True):
    """A covariance, beside the bias."""
    f = x.shape[1]
    h = 2 / n_out * torch.cov(x.T, correction=0).reshape(f, f)
    corner = torch.full((1, 1), 2 / n_out, dtype=x.dtype, device=x.device)
    return torch.block_diag(h, corner) if bias else h


@restated("one-row-less")
def unbiased(x, n_out=1, bias=True):
    """Divided by one row less, but never by 0."""
    x = _widened(x, bias)
    return 2 * x.T @ x / (max(x.shape[0] - 1, 1) * n_out)


@restated("array-returned")
def nested_lists(x, n_out=1, bias=True):
    """Lists of plain numbers."""
    columns = _widened(x, bias).T.tolist()
    scale = 2 / (len(x) * n_out)
    return [[scale * sum(a * b for a, b in zip(p, q)) for q in columns] for p in columns]


# Mutants of the reference that nothing can catch, and why.
EXCUSED: dict[str, str] = {}
