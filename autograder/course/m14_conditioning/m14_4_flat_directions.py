"""Mistakes of flat_directions."""

from __future__ import annotations

import torch
from m14_conditioning import flat_directions
from torch import Tensor

from autograder.course.marks import mistake


@mistake("exactly-zero", asks="lr.29")
def exactly_zero(x: Tensor, tol: float = 1e-6, bias: bool = False) -> Tensor:
    """You look for singular values that are exactly 0. Rounding leaves about 1e-16 of them, so a
    column that repeats another goes unnoticed. Compare with a small part of the largest singular
    value."""
    _, s, vh = _svd(x, bias)
    return vh[int((s > 1e-300 * s.max()).sum()) :]


@mistake("absolute-tolerance")
def absolute_tolerance(x: Tensor, tol: float = 1e-6, bias: bool = False) -> Tensor:
    """You compare the singular values with tol itself. In other units the same features have other
    singular values: then everything is flat, or nothing is. tol is a part of the largest singular
    value."""
    _, s, vh = _svd(x, bias)
    return vh[int((s > tol).sum()) :]


@mistake("left-vectors")
def left_vectors(x: Tensor, tol: float = 1e-6, bias: bool = False) -> Tensor:
    """You return left singular vectors, which have a number for each row of x. A direction of the
    parameters has one for each of them. Look at which of the three results of svd you take."""
    u, s, _ = _svd(x, bias)
    return u[:, int((s > tol * s.max()).sum()) :].t()


@mistake("columns-of-vh")
def columns_of_vh(x: Tensor, tol: float = 1e-6, bias: bool = False) -> Tensor:
    """You take columns of what torch's svd returns last, or turn its rows. It is already
    transposed: each of its rows is a right singular vector. Look at its name, Vh, and at your
    index."""
    _, s, vh = _svd(x, bias)
    return vh[:, int((s > tol * s.max()).sum()) :].t()


@mistake("reduced-svd", asks="lr.27")
def reduced_svd(x: Tensor, tol: float = 1e-6, bias: bool = False) -> Tensor:
    """You look only at directions that have a singular value of their own. With fewer rows than
    parameters there are more directions than singular values, and all the others are flat, too.
    Look at full_matrices."""
    _, s, vh = _svd(x, bias, False)
    return vh[s <= tol * s.max()]


@mistake("one-only")
def one_only(x: Tensor, tol: float = 1e-6, bias: bool = False) -> Tensor:
    """You return one direction where there are several. With two flat directions the weights can
    move in a whole plane; all of a basis is wanted. Look at how many singular values are small or
    missing."""
    return flat_directions(x, tol, bias)[-1:]


@mistake("always-one", asks="lr.27")
def always_one(x: Tensor, tol: float = 1e-6, bias: bool = False) -> Tensor:
    """You return the flattest directions also where they are not flat. Where the features do not
    depend on each other, every move changes the loss, and the answer has no rows. Compare before
    you return."""
    found = flat_directions(x, tol, bias)
    return found if len(found) else _svd(x, bias)[2][-1:]


@mistake("bias-forgotten")
def bias_forgotten(x: Tensor, tol: float = 1e-6, bias: bool = False) -> Tensor:
    """Your directions leave the bias out where it was asked for. A constant feature and the bias
    can trade places without any change of a prediction; append the column that the bias is
    multiplied by."""
    return flat_directions(x, tol)


@mistake("bias-first")
def bias_first(x: Tensor, tol: float = 1e-6, bias: bool = False) -> Tensor:
    """You put the column of ones before the features, so the bias is the first number of each
    direction. The task has it last. Look at the order in which you join the columns."""
    return flat_directions(x, tol, bias).roll(1, 1) if bias else flat_directions(x, tol)


@mistake("centred")
def centred(x: Tensor, tol: float = 1e-6, bias: bool = False) -> Tensor:
    """You centred the features first. A constant feature is then 0 and looks flat by itself; but
    raising its weight raises every prediction. Look for flat directions of what predicts."""
    x = x - x.mean(0)
    return flat_directions(x, tol, bias)


@mistake("directions-in-columns")
def directions_in_columns(x: Tensor, tol: float = 1e-6, bias: bool = False) -> Tensor:
    """Your directions stand in columns, [P, k]. The task wants one in each row, [k, P], so that
    an index gives a direction. Look at the last transposition."""
    return flat_directions(x, tol, bias).t()


@mistake("not-orthonormal", asks="lr.29")
def not_orthonormal(x: Tensor, tol: float = 1e-6, bias: bool = False) -> Tensor:
    """Your directions are not of length 1 or not at right angles. They lie in the right space, but
    steps along them cannot be told apart by their length. Normalise them, or take them from a
    decomposition that does."""
    return 2 * flat_directions(x, tol, bias)


def _svd(x: Tensor, bias: bool, full: bool = True) -> tuple[Tensor, Tensor, Tensor]:
    """Return U, the singular values and Vh of what predicts."""
    matrix = torch.cat([x, torch.ones_like(x[:, :1])], 1) if bias else x
    u, s, vh = torch.linalg.svd(matrix, full)
    return u, s, vh
