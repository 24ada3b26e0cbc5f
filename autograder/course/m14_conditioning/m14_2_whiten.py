"""Mistakes of whiten and condition."""

from __future__ import annotations

from typing import Any

import torch
from m14_conditioning import condition, whiten
from torch import Tensor

from autograder.course.marks import mistake


@mistake("only-standardised", asks="lr.14")
def only_standardised(x: Tensor) -> tuple[Tensor, Tensor]:
    """You divide every feature by its standard deviation and stop there. All variances are then 1,
    but the correlations between the features are what they were, and the bowl of the loss is not
    round. Look at the entries beside the diagonal."""
    whiten(x)
    w = torch.diag(1 / x.std(0, correction=0))
    return (x - x.mean(0)) @ w, w


@mistake("only-rotated", asks="lr.14")
def only_rotated(x: Tensor) -> tuple[Tensor, Tensor]:
    """You turn the features to the eigenvectors and do not scale them. They are uncorrelated then,
    but each has the variance of its eigenvalue, not 1. Look at what the eigenvalues still have to
    do."""
    whiten(x)
    _, vectors = _eigen(x)
    return (x - x.mean(0)) @ vectors, vectors


@mistake("eigenvectors-transposed")
def eigenvectors_transposed(x: Tensor) -> tuple[Tensor, Tensor]:
    """You take the eigenvectors from the rows of torch's matrix, or scale its rows where each
    column should be scaled. eigh returns an eigenvector in each column, and its eigenvalue belongs
    to that column. Look at where you transpose."""
    whiten(x)
    lams, vectors = _eigen(x)
    w = vectors.t() / lams.sqrt()
    return (x - x.mean(0)) @ w, w


@mistake("not-the-root")
def not_the_root(x: Tensor) -> tuple[Tensor, Tensor]:
    """You divide by the eigenvalues themselves. An eigenvalue is a variance; the features have to
    be divided by a standard deviation, or the variances become the reciprocals of what they were.
    Look at the power of the eigenvalues."""
    whiten(x)
    lams, vectors = _eigen(x)
    w = vectors / lams
    return (x - x.mean(0)) @ w, w


@mistake("one-less")
def one_less(x: Tensor) -> tuple[Tensor, Tensor]:
    """Your covariance divides by one less than the number of rows, as torch.cov does by default.
    This task divides by the number of rows, so your z has a variance a little below 1. Look at what
    you divide by."""
    z, w = whiten(x)
    factor = ((len(x) - 1) / len(x)) ** 0.5
    return z * factor, w * factor


@mistake("not-centred")
def not_centred(x: Tensor) -> tuple[Tensor, Tensor]:
    """You did not subtract the mean before you multiplied by W. Its W is right, but z then keeps a
    mean of its own, which acts like a correlation with the bias. Look at what stands before W."""
    _, w = whiten(x)
    return x @ w, w


@mistake("moments-about-0")
def moments_about_0(x: Tensor) -> tuple[Tensor, Tensor]:
    """You took the mean products of x itself for its covariance. A covariance is about the mean:
    subtract that first. Yours mixes the place of the features into their spread, so z has other
    variances than 1."""
    whiten(x)
    lams, vectors = torch.linalg.eigh(x.t() @ x / len(x))
    w = vectors / lams.sqrt()
    return (x - x.mean(0)) @ w, w


@mistake("not-averaged")
def not_averaged(x: Tensor) -> tuple[Tensor, Tensor]:
    """You summed the products and did not divide by the number of rows. The length of each feature
    of z is 1 then, and its variance only one over the number of rows. Look at what makes a sum a
    covariance."""
    z, w = whiten(x)
    return z / len(x) ** 0.5, w / len(x) ** 0.5


@mistake("singular-accepted", asks="lr.14")
def singular_accepted(x: Tensor) -> tuple[Tensor, Tensor]:
    """No ValueError leaves your code where the covariance is singular. An eigenvalue of 0, or what
    rounding makes of it, then leads to inf, nan or huge numbers; with a floor under it z is simply
    not white. The ValueError has to be raised before anything is divided."""
    lams, vectors = _eigen(x)
    w = vectors / lams.sqrt()
    return (x - x.mean(0)) @ w, w


@mistake("error-returned")
def error_returned(x: Tensor) -> Any:
    """You make a ValueError and return it: for Python that is a value like any other, and the
    caller goes on with it. An exception stops the caller only when it is raised."""
    try:
        return whiten(x)
    except ValueError as error:
        return error


@mistake("order-of-results")
def order_of_results(x: Tensor) -> tuple[Tensor, Tensor]:
    """You return W first and the whitened features second. The task wants (z, W): whoever unpacks
    your pair works with the wrong one. Look at your return line."""
    z, w = whiten(x)
    return w, z


@mistake("of-the-features", replaces="condition", asks="lr.14")
def of_the_features(x: Tensor) -> float:
    """You return the condition number of x, a ratio of singular values. The Hessian is made of
    x.T @ x, so its eigenvalues are the squares of those, and so is the ratio. Look at the matrix
    that you take the ratio for."""
    return float(condition(x) ** 0.5)


@mistake("of-the-covariance", replaces="condition")
def of_the_covariance(x: Tensor) -> float:
    """You centred the features before you took the ratio. The loss on x as it is has another
    bowl: the place of the features counts, too. Look at what you subtract."""
    return condition(x - x.mean(0))


@mistake("upside-down", replaces="condition")
def upside_down(x: Tensor) -> float:
    """You divide the smallest eigenvalue by the largest. That is the reciprocal: a condition number
    is at least 1, and the larger it is, the longer the bowl. Look at the order of the two."""
    return 1 / condition(x)


@mistake("rounding-for-zero", replaces="condition")
def rounding_for_zero(x: Tensor) -> float:
    """You take the ratio also where the smallest eigenvalue is so small that it could be what
    rounding has left of 0. The number that comes out then says nothing. Below the limit that the
    task names, return inf."""
    if condition(x) < float("inf"):
        return condition(x)
    lams = torch.linalg.eigvalsh(2 * x.t() @ x / len(x))
    return float(lams[-1] / lams[0].abs().clamp_min(1e-18))


@mistake("tensor-returned", replaces="condition")
def tensor_returned(x: Tensor) -> Any:
    """You return a tensor. The number in it is right, but the task wants a Python float, which can
    be printed and compared like any other. Look at how a number comes out of a tensor."""
    return torch.tensor(condition(x)).to(x)


def _eigen(x: Tensor) -> tuple[Tensor, Tensor]:
    """Return eigenvalues and eigenvectors of the covariance."""
    centred = x - x.mean(0)
    lams, vectors = torch.linalg.eigh(centred.t() @ centred / len(x))
    return lams, vectors
