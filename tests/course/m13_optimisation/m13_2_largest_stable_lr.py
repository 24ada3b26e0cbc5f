"""Other ways to do largest_stable_lr."""

from __future__ import annotations

import numpy as np
import torch

from autograder.course.marks import restated, right, wrong


def _hessian(x, n_out, bias):
    """The second derivatives for one output."""
    x = torch.hstack([x, x.new_ones(len(x), 1)]) if bias else x
    return x.T @ x * (2 / (len(x) * n_out))


@right()
def by_singular_values(x, n_out=1, bias=True):
    """Needs no Hessian: the greatest singular value of the table, squared."""
    x = torch.hstack([x, x.new_ones(len(x), 1)]) if bias else x
    return x.shape[0] * n_out / torch.linalg.svdvals(x)[0].item() ** 2


@right()
def by_rows(x, n_out=1, bias=True):
    """The products of rows with rows have the same greatest eigenvalue."""
    x = torch.hstack([x, x.new_ones(len(x), 1)]) if bias else x
    gram = 2 / (len(x) * n_out) * (x @ x.T)
    return float(2 / torch.linalg.eigvalsh(gram)[-1])


@right()
def spectral_norm(x, n_out=1, bias=True):
    """The 2-norm of a symmetric matrix without negative eigenvalues is the greatest of them."""
    return 2.0 / torch.linalg.matrix_norm(_hessian(x, n_out, bias), ord=2).item()


@right()
def power_iteration(x, n_out=1, bias=True):
    """Squares the matrix until its steepest direction alone is left."""
    h = _hessian(x.double(), n_out, bias)
    p = h / h.norm()
    for _ in range(40):
        p = p @ p
        p = p / p.norm()
    return 2 / (p * h).sum().item() * p.trace().item()


@right()
def numpy_float(x, n_out=1, bias=True):
    """Leaves the last part to NumPy, whose float it returns."""
    h = _hessian(x, n_out, bias).cpu().numpy().astype(np.float64)
    return np.float64(2) / np.linalg.eigvalsh(h).max()


@right()
def general_eigenvalues(x, n_out=1, bias=True):
    """Asks for the eigenvalues of any matrix, which come as complex numbers."""
    lams = torch.linalg.eigvals(_hessian(x, n_out, bias))
    return 2 / max(lam.real for lam in lams.tolist())


@wrong(named="one-over-curvature, no-ones-column")
def first_draft(x, n_out=1, bias=True):
    """Two at once: one over the curvature, and no bias."""
    return 1 / torch.linalg.eigvalsh(_hessian(x, n_out, False))[-1].item()


@wrong()
def a_little_below(x, n_out=1, bias=True):
    """A hundredth below the limit, to be safe."""
    return 0.99 * 2 / torch.linalg.eigvalsh(_hessian(x, n_out, bias))[-1].item()


@wrong()
def frobenius(x, n_out=1, bias=True):
    """The root of the sum of squares in place of the greatest eigenvalue."""
    return 2 / _hessian(x, n_out, bias).norm().item()


@wrong()
def mean_curvature(x, n_out=1, bias=True):
    """The mean of the eigenvalues."""
    return 2 / torch.linalg.eigvalsh(_hessian(x, n_out, bias)).mean().item()


@wrong()
def fastest_rate(x, n_out=1, bias=True):
    """The rate that is fastest, which lies below the limit."""
    lams = torch.linalg.eigvalsh(_hessian(x, n_out, bias))
    return 2 / (lams[0] + lams[-1]).item()


@wrong()
def few_power_iterations(x, n_out=1, bias=True):
    """Three power iterations from ones."""
    h = _hessian(x, n_out, bias)
    v = torch.ones_like(h[0])
    for _ in range(3):
        v = h @ v / (h @ v).norm()
    return 2 / (v @ h @ v).item()


@wrong()
def tried_out(x, n_out=1, bias=True):
    """Halves an interval ten times by the sign of a determinant-like test."""
    greatest = torch.linalg.eigvalsh(_hessian(x, n_out, bias))[-1].item()
    low, high = 0.0, 4 / greatest + 1
    for _ in range(10):
        middle = (low + high) / 2
        low, high = (middle, high) if middle * greatest < 2 else (low, middle)
    return low


@wrong()
def sum_over_rows(x, n_out=1, bias=True):
    """The Hessian of the sum of squares."""
    return 2 / (torch.linalg.eigvalsh(_hessian(x, n_out, bias))[-1].item() * len(x) * n_out)


@restated("one-over-curvature")
def inverse_curvature(x, n_out=1, bias=True):
    """The inverse of the greatest eigenvalue."""
    return torch.linalg.eigvalsh(_hessian(x, n_out, bias)).max().reciprocal().item()


@restated("twice-the-limit")
def hessian_without_two(x, n_out=1, bias=True):
    """The factor 2 is missing in the Hessian."""
    return 2 / (torch.linalg.eigvalsh(_hessian(x, n_out, bias))[-1].item() / 2)


@restated("smallest-curvature")
def first_eigenvalue(x, n_out=1, bias=True):
    """The first of the eigenvalues, which are sorted."""
    return 2 / torch.linalg.eigvalsh(_hessian(x, n_out, bias)).tolist()[0]


@restated("centred")
def of_the_covariance(x, n_out=1, bias=True):
    """The features are centred first."""
    x = x - x.mean(0, keepdim=True)
    return 2 / torch.linalg.eigvalsh(_hessian(x, n_out, bias))[-1].item()


@restated("trace")
def sum_of_curvatures(x, n_out=1, bias=True):
    """The sum of the eigenvalues."""
    return 2 / torch.linalg.eigvalsh(_hessian(x, n_out, bias)).sum().item()


@restated("no-ones-column")
def features_alone(x, n_out=1, bias=True):
    """The features alone."""
    return 2 / torch.linalg.eigvalsh(_hessian(x, n_out, False))[-1].item()


@restated("bias-always")
def with_a_bias(x, n_out=1, bias=True):
    """The bias is always counted."""
    return 2 / torch.linalg.eigvalsh(_hessian(x, n_out, True))[-1].item()


@restated("outputs-forgotten")
def rows_alone(x, n_out=1, bias=True):
    """Divides by the rows alone."""
    return 2 / torch.linalg.eigvalsh(_hessian(x, 1, bias))[-1].item()


@restated("largest-diagonal")
def steepest_axis(x, n_out=1, bias=True):
    """The greatest mean square of a column."""
    x = torch.hstack([x, x.new_ones(len(x), 1)]) if bias else x
    return n_out / x.square().mean(0).max().item()


@restated("singular-value")
def root_of_the_eigenvalue(x, n_out=1, bias=True):
    """The root of the greatest eigenvalue of the product."""
    x = torch.hstack([x, x.new_ones(len(x), 1)]) if bias else x
    greatest = torch.linalg.eigvalsh(x.T @ x)[-1].item() ** 0.5
    return 2 / (2 / (len(x) * n_out) * greatest)


@restated("curvature-returned")
def greatest_eigenvalue(x, n_out=1, bias=True):
    """The greatest eigenvalue itself."""
    return torch.linalg.eigvalsh(_hessian(x, n_out, bias))[-1].item()


@restated("tensor-returned")
def no_item(x, n_out=1, bias=True):
    """The number stays in its tensor."""
    return 2 / torch.linalg.matrix_norm(_hessian(x, n_out, bias), ord=2)


# Mutants of the reference that nothing can catch, and why.
EXCUSED: dict[str, str] = {}
