"""Other ways to do needs_float64."""

from __future__ import annotations

import math

import numpy as np
import torch
from m18_precision import needs_float64

from autograder.course.marks import restated, right, wrong

EPS = 2.0**-23


@right()
def by_cond(x, rel_tol):
    """torch's own condition number."""
    return torch.linalg.cond(x.double()).item() * torch.finfo(torch.float32).eps > rel_tol


@right()
def by_numpy(x, rel_tol):
    """NumPy's, which gives a bool of NumPy."""
    return np.linalg.cond(x.cpu().numpy().astype(np.float64)) * np.finfo(np.float32).eps > rel_tol


@right()
def by_eigenvalues(x, rel_tol):
    """The roots of the eigenvalues of x.T @ x in float64, which may come out below 0."""
    lams = torch.linalg.eigvalsh(x.double().T @ x.double())
    if lams[0] <= lams[-1] * 1e-15:
        return True
    return math.sqrt(lams[-1] / lams[0]) * EPS > rel_tol


@right()
def by_norms(x, rel_tol):
    """The norm of x times that of its pseudoinverse."""
    wide = x.to(torch.float64)
    product = torch.linalg.norm(wide, 2) * torch.linalg.norm(torch.linalg.pinv(wide, rtol=0), 2)
    if torch.linalg.matrix_rank(wide) < wide.shape[1]:
        return True
    return not bool(product * EPS <= rel_tol)


@right()
def by_svd(x, rel_tol):
    """The numbers of the full decomposition, in Python."""
    sigma = torch.linalg.svd(x.double(), full_matrices=False).S.tolist()
    ratio = max(sigma) / min(sigma) if min(sigma) > 0 else math.inf
    return ratio > rel_tol / EPS


@wrong(named="always-true")
def eps_of_bfloat16(x, rel_tol):
    """Takes the eps of 16 bits."""
    return bool(torch.linalg.cond(x.double()) * torch.finfo(torch.bfloat16).eps > rel_tol)


@wrong()
def bias_added(x, rel_tol):
    """Adds a column of ones, and centres."""
    x = x.double()
    return needs_float64(x - x.mean(dim=0) + 1e-3 * torch.ones_like(x), rel_tol)


@wrong()
def all_directions(x, rel_tol):
    """Divides the norm over all numbers by the smallest singular value."""
    x = x.double()
    return bool(x.square().sum().sqrt() * EPS > rel_tol * torch.linalg.svdvals(x).min())


@wrong()
def features_in_float32(x, rel_tol):
    """Rounds the features, which may become 0."""
    s = torch.linalg.svdvals(x.float().double())
    return bool(s[0] * EPS > rel_tol * s[-1])


@wrong()
def roots_of_eigenvalues(x, rel_tol):
    """Takes roots of eigenvalues, of which rounding makes one negative."""
    lams = torch.linalg.eigvalsh(x.double().T @ x.double()).sqrt()
    return bool(lams[-1] / lams[0] * EPS > rel_tol)


@wrong()
def columns_scaled(x, rel_tol):
    """Scales the columns to length 1."""
    x = x.double()
    return needs_float64(x / x.norm(dim=0).clamp(min=1e-300), rel_tol)


@wrong(named="singular-passes")
def largest_alone(x, rel_tol):
    """Takes the largest singular value alone."""
    return bool(torch.linalg.matrix_norm(x.double(), 2) * EPS > rel_tol)


@wrong()
def smallest_alone(x, rel_tol):
    """Takes the smallest singular value alone."""
    return bool(EPS / torch.linalg.svdvals(x.double())[-1] > rel_tol)


@wrong()
def division_raises(x, rel_tol):
    """Raises where the data are singular."""
    torch.linalg.inv(x.double().T @ x.double())
    if torch.linalg.matrix_rank(x.double()) < x.shape[1]:
        raise ValueError("singular")
    return needs_float64(x, rel_tol)


@wrong()
def root_of_the_condition(x, rel_tol):
    """Takes a root too many."""
    return bool(torch.linalg.cond(x.double()).sqrt() * EPS > rel_tol)


@wrong(named="always-true")
def always(x, rel_tol):
    """Says yes to float64, always."""
    return True


@wrong()
def as_a_word(x, rel_tol):
    """Gives a word."""
    return "float64" if needs_float64(x, rel_tol) else ""


@wrong()
def scaled_in_place(x, rel_tol):
    """Scales the features of the caller."""
    answer = needs_float64(x, rel_tol)
    x.div_(x.abs().max())
    return answer


@restated("squared-condition")
def of_the_product(x, rel_tol):
    """Takes the eigenvalues of the product for singular values."""
    lams = torch.linalg.svdvals(x.double()).square()
    return bool(lams.max() * EPS > rel_tol * lams.min())


@restated("eps-of-float64")
def eps_of_x(x, rel_tol):
    """Converts, and asks for the eps of what it has then."""
    x = x.double()
    return bool(torch.linalg.cond(x) * torch.finfo(x.dtype).eps > rel_tol)


@restated("always-true")
def bare_condition(x, rel_tol):
    """Compares the ratio."""
    s = torch.linalg.svdvals(x.double())
    return bool(s[0] > rel_tol * s[-1])


@restated("largest-over-smallest-entry")
def entries(x, rel_tol):
    """Entries in Python."""
    sizes = [abs(v) for v in x.flatten().tolist()]
    return max(sizes) * EPS > rel_tol * min(sizes)


@restated("column-norms")
def lengths(x, rel_tol):
    """Lengths of columns."""
    lengths = (x.double() ** 2).sum(0).sqrt()
    return bool(lengths.max() * EPS > rel_tol * lengths.min())


@restated("turned-round")
def enough(x, rel_tol):
    """Says whether float32 is enough."""
    return bool(torch.linalg.cond(x.double()) * EPS <= rel_tol)


@restated("tensor-returned")
def comparison_itself(x, rel_tol):
    """Returns what the comparison gives."""
    return torch.linalg.cond(x.double()) * EPS > rel_tol


@restated("singular-passes")
def nonzero_only(x, rel_tol):
    """Leaves out what is nearly 0."""
    s = torch.linalg.svdvals(x.double())
    s = s[s > s[0] * 1e-12]
    return bool(s[0] * EPS > rel_tol * s[-1])


# Mutants of the reference that nothing can catch, and why.
EXCUSED = {
    "singular = torch.linalg.svdvals(x.double()) -> singular = torch.linalg.svdvals(x)": (
        "float32 is exact enough for it as long as the product is far below 1, and beyond that the "
        "answer is True in any case"
    ),
    "return bool(singular[0] * eps > rel_tol * singular[-1]) -> "
    "return bool(singular[0] * eps >= rel_tol * singular[-1])": "no product equals its tolerance",
}


# Probes that catch nothing alone, and why they stay.
KEPT_PROBES = {"decisions": "the plain use, with answers that change with the secret"}
