"""Other ways to do flat_directions."""

from __future__ import annotations

import torch
from m14_conditioning import flat_directions
from torch.nn.functional import pad

from autograder.course.marks import restated, right, wrong


@right()
def eigenvectors_of_the_products(x, tol=1e-6, bias=False):
    """Takes the eigenvectors of A.T @ A with small eigenvalues."""
    a = pad(x, (0, 1), value=1.0) if bias else x
    lams, q = torch.linalg.eigh(a.T @ a)
    return q.T[lams <= tol**2 * lams[-1]]


@right()
def what_the_projector_leaves(x, tol=1e-6, bias=False):
    """Orthonormalises what the row space leaves over of the unit vectors."""
    a = torch.hstack([x, x.new_ones(len(x), 1)]) if bias else x
    inverse = torch.linalg.pinv(a, rtol=tol)
    rest = torch.eye(a.shape[1], dtype=a.dtype, device=a.device) - inverse @ a
    lams, q = torch.linalg.eigh((rest + rest.T) / 2)
    return q.mT[lams > 0.5]


@right()
def one_after_the_other(x, tol=1e-6, bias=False):
    """Stacks the rows of Vh that have a small singular value or none, turned around."""
    a = torch.column_stack([x, torch.ones_like(x[:, 0])]) if bias else x
    vh = torch.linalg.svd(a)[2]
    s = torch.linalg.svdvals(a).tolist()
    s += [0.0] * (len(vh) - len(s))
    rows = [-row for row, value in zip(vh, s, strict=True) if value <= tol * max(s)]
    return torch.stack(rows) if rows else vh[:0]


@wrong(asks="lr.29")
def differences(x, tol=1e-6, bias=False):
    """Finds only columns that are equal but for a factor."""
    found = flat_directions(x, tol, bias)
    return found[:0] if x.shape[1] > 2 else found


@wrong()
def tol_unused(x, tol=1e-6, bias=False):
    """Reads no tolerance from its caller."""
    return flat_directions(x, 1e-6, bias)


@wrong()
def numbers_of_the_rank(x, tol=1e-6, bias=False):
    """Counts by matrix_rank, whose limit is another one."""
    a = pad(x, (0, 1), value=1.0) if bias else x
    return torch.linalg.svd(a)[2][int(torch.linalg.matrix_rank(a)) :]


@wrong()
def products_without_the_square(x, tol=1e-6, bias=False):
    """Compares eigenvalues, which are squares, with tol itself."""
    a = pad(x, (0, 1), value=1.0) if bias else x
    lams, q = torch.linalg.eigh(a.T @ a)
    return q.T[lams <= tol * lams[-1]]


@wrong()
def a_flat_vector(x, tol=1e-6, bias=False):
    """Drops the first axis where there is one direction."""
    return flat_directions(x, tol, bias).squeeze(0)


@wrong()
def always_with_bias(x, tol=1e-6, bias=False):
    """Counts the bias, asked or not."""
    return flat_directions(x, tol, True)


@wrong()
def scaled_columns(x, tol=1e-6, bias=False):
    """Brings the columns to length 1 first, which turns the directions."""
    a = pad(x, (0, 1), value=1.0) if bias else x
    return flat_directions(a / a.norm(dim=0), tol)


@wrong()
def steep_ones(x, tol=1e-6, bias=False):
    """Returns the directions that do change predictions."""
    a = pad(x, (0, 1), value=1.0) if bias else x
    return torch.linalg.svd(a)[2][: a.shape[1] - len(flat_directions(x, tol, bias))]


@restated("exactly-zero")
def equal_to_zero(x, tol=1e-6, bias=False):
    """Keeps every singular value that is not 0."""
    a = pad(x, (0, 1), value=1.0) if bias else x
    s, vh = torch.linalg.svd(a)[1:]
    return vh[int(torch.count_nonzero(s)) :]


@restated("absolute-tolerance")
def below_tol(x, tol=1e-6, bias=False):
    """Counts singular values above tol."""
    a = pad(x, (0, 1), value=1.0) if bias else x
    s, vh = torch.linalg.svd(a)[1:]
    return vh[sum(value > tol for value in s.tolist()) :]


@restated("left-vectors")
def columns_of_u(x, tol=1e-6, bias=False):
    """Takes the other side."""
    a = pad(x, (0, 1), value=1.0) if bias else x
    u, s, _ = torch.linalg.svd(a, full_matrices=True)
    return u.T[int(torch.sum(s > tol * s[0])) :]


@restated("columns-of-vh")
def v_for_vh(x, tol=1e-6, bias=False):
    """Takes Vh for V and transposes it."""
    a = pad(x, (0, 1), value=1.0) if bias else x
    s, v = torch.linalg.svd(a)[1:]
    return v.T[int((s > tol * s.max()).sum()) :]


@restated("reduced-svd")
def as_many_as_singular_values(x, tol=1e-6, bias=False):
    """Looks at pairs of singular values and rows."""
    a = pad(x, (0, 1), value=1.0) if bias else x
    s, vh = torch.linalg.svd(a)[1:]
    rows = [row for value, row in zip(s, vh, strict=False) if value <= tol * s.max()]
    return torch.stack(rows) if rows else vh[:0]


@restated("one-only")
def the_flattest(x, tol=1e-6, bias=False):
    """Returns the last row alone."""
    rows = flat_directions(x, tol, bias)
    return rows[len(rows) - 1 :] if len(rows) else rows


@restated("always-one")
def never_empty(x, tol=1e-6, bias=False):
    """Counts at most P - 1 singular values."""
    a = pad(x, (0, 1), value=1.0) if bias else x
    s, vh = torch.linalg.svd(a)[1:]
    return vh[min(int((s > tol * s.max()).sum()), len(vh) - 1) :]


@restated("bias-forgotten")
def bias_ignored(x, tol=1e-6, bias=False):
    """Reads bias nowhere."""
    s, vh = torch.linalg.svd(x)[1:]
    return vh[int((s > tol * s.max()).sum()) :]


@restated("bias-first")
def ones_in_front(x, tol=1e-6, bias=False):
    """Puts the ones first."""
    a = pad(x, (1, 0), value=1.0) if bias else x
    return flat_directions(a, tol)


@restated("centred")
def about_the_mean(x, tol=1e-6, bias=False):
    """Takes the mean off."""
    return flat_directions(x.sub(x.mean(dim=0)), tol=tol, bias=bias)


@restated("directions-in-columns")
def a_basis_of_columns(x, tol=1e-6, bias=False):
    """Returns V, not Vh."""
    a = pad(x, (0, 1), value=1.0) if bias else x
    s, vh = torch.linalg.svd(a)[1:]
    return vh.mH[:, int((s > tol * s.max()).sum()) :]


@restated("not-orthonormal")
def twice_as_long(x, tol=1e-6, bias=False):
    """Returns longer rows."""
    rows = flat_directions(x, tol, bias)
    return rows + rows


EXCUSED = {
    "def flat_directions(x: Tensor, tol: float=1e-06, bias: bool=False) -> Tensor: -> "
    "def flat_directions(x: Tensor, tol: float=1.0009999999999998e-06, bias: bool=False) -> "
    "Tensor:": "no drawn features lie between the two limits",
    "_, s, directions = torch.linalg.svd(matrix, full_matrices=True) -> "
    "_, s, directions = torch.linalg.svd(matrix)": "full matrices are torch's default",
    "rank = int((s > tol * s.max()).sum()) -> rank = int((s >= tol * s.max()).sum())": (
        "no singular value lies exactly at the limit"
    ),
}
