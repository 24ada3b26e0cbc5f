"""Other ways to do whiten and condition."""

from __future__ import annotations

import torch
from m14_conditioning import condition, whiten

from autograder.course.marks import restated, right, wrong


@right()
def by_cholesky(x):
    """Solves with the Cholesky factor, so that W is triangular."""
    d = x - x.mean(dim=0, keepdim=True)
    cov = d.T.mm(d).div(x.size(0))
    lams = torch.linalg.eigvalsh(cov)
    if (lams.min() <= lams.max() * 100 * torch.finfo(x.dtype).eps).item():
        raise ValueError("singular")
    w = torch.linalg.inv(torch.linalg.cholesky(cov)).T
    return d @ w, w


@right()
def symmetric(x):
    """Turns back after scaling, so that z stays near x (ZCA)."""
    d = x - x.mean(0)
    lams, q = torch.linalg.eigh(torch.cov(d.t(), correction=0).reshape(x.shape[1], x.shape[1]))
    if lams.min() <= 100 * torch.finfo(x.dtype).eps * lams.max():
        raise ValueError(lams)
    w = q @ torch.diag(lams**-0.5) @ q.t()
    return torch.matmul(d, w), w


@right()
def by_singular_values(x):
    """Takes the svd of the centred rows."""
    n, f = x.shape
    d = x - x.mean(0)
    _, s, vh = torch.linalg.svd(d, full_matrices=False)
    if n <= f or s[-1] ** 2 <= 100 * torch.finfo(x.dtype).eps * s[0] ** 2:
        raise ValueError("no such W")
    w = n**0.5 * vh.mT / s
    return d @ w, w


@right(replaces="condition")
def squared_ratio(x):
    """Squares the ratio of the singular values."""
    n, f = x.shape
    s = torch.linalg.svdvals(x).tolist()
    small = n < f or s[-1] ** 2 <= 100 * torch.finfo(x.dtype).eps * s[0] ** 2
    return float("inf") if small else (s[0] / s[-1]) ** 2


@right(replaces="condition")
def of_autograds_hessian(x):
    """Lets torch make the Hessian of a loss."""

    def loss(w):
        return (x @ w - 1).square().mean()

    hessian = torch.autograd.functional.hessian(loss, torch.zeros_like(x[0]))
    lams, _ = torch.linalg.eigh(hessian)
    limit = 100 * torch.finfo(x.dtype).eps * max(lams.tolist())
    return max(lams.tolist()) / min(lams.tolist()) if min(lams.tolist()) > limit else torch.inf


@wrong()
def rows_whitened(x):
    """Subtracts the mean of each row."""
    _, w = whiten(x)
    return (x - x.mean(1, keepdim=True)) @ w, w


@wrong()
def features_returned(x):
    """Returns z alone."""
    return whiten(x)[0]


@wrong()
def w_from_the_left(x):
    """Returns W as it would stand before a column."""
    d = x - x.mean(0)
    whiten(x)
    w = torch.linalg.cholesky(torch.linalg.inv(d.t() @ d / len(x)))
    return d @ w, w.t()


@wrong()
def refuses_only_zero_rank(x):
    """Lets the Cholesky factorisation refuse, which raises another exception."""
    d = x - x.mean(0)
    cov = d.t() @ d / len(x)
    w = torch.linalg.inv(torch.linalg.cholesky(cov)).t()
    return d @ w, w


@wrong()
def too_strict(x):
    """Refuses features that are merely correlated."""
    if condition(x - x.mean(0)) > 8:
        raise ValueError("correlated")
    return whiten(x)


@wrong()
def in_place(x):
    """Centres the rows of the caller."""
    z, w = whiten(x)
    x.sub_(x.mean(0))
    return z, w


@restated("rounding-for-zero", replaces="condition")
def torchs_own(x):
    """Asks torch for the condition number of the product, which is never inf."""
    return torch.linalg.cond(x.t() @ x).item()


@wrong(replaces="condition")
def by_traces(x):
    """Divides the greatest diagonal entry by the least."""
    diagonal = (x.t() @ x).diagonal()
    return condition(x) if condition(x) == torch.inf else (diagonal.max() / diagonal.min()).item()


@wrong(replaces="condition")
def nan_for_singular(x):
    """Gives nan where the answer is inf."""
    return condition(x) if condition(x) < torch.inf else torch.nan


@wrong(replaces="condition")
def refuses_singular(x):
    """Raises where the answer is inf."""
    if condition(x) == torch.inf:
        raise ValueError("singular")
    return condition(x)


@restated("only-standardised")
def by_std(x):
    """Divides by each feature's std."""
    whiten(x)
    std = x.var(0, correction=0).sqrt()
    return (x - x.mean(0)) / std, torch.eye(len(std)).to(x) / std


@restated("only-rotated")
def principal_components(x):
    """Returns the principal components."""
    whiten(x)
    d = x - x.mean(0)
    _, q = torch.linalg.eigh(_cov(x))
    return d @ q, q


@restated("eigenvectors-transposed")
def rows_for_columns(x):
    """Takes the rows of the eigenvectors."""
    whiten(x)
    lams, q = torch.linalg.eigh(_cov(x))
    w = q.T @ torch.diag(1 / torch.sqrt(lams))
    return (x - x.mean(0)) @ w, w


@restated("not-the-root")
def inverse_eigenvalues(x):
    """Multiplies by the reciprocal eigenvalues."""
    whiten(x)
    lams, q = torch.linalg.eigh(_cov(x))
    w = q @ torch.diag(lams.reciprocal())
    return (x - x.mean(0)) @ w, w


@restated("one-less")
def torchs_cov(x):
    """Leaves torch.cov's correction at its default."""
    whiten(x)
    lams, q = torch.linalg.eigh(torch.cov(x.t()).reshape(x.shape[1], x.shape[1]))
    w = q / lams.sqrt()
    return (x - x.mean(0)) @ w, w


@restated("not-centred")
def product_of_x_itself(x):
    """Multiplies x as it is."""
    _, w = whiten(x)
    return torch.matmul(x, w), w


@restated("moments-about-0")
def of_raw_products(x):
    """Takes the products of x itself."""
    whiten(x)
    lams, q = torch.linalg.eigh(x.T @ x / x.shape[0])
    w = q @ torch.diag(lams**-0.5)
    return (x - x.mean(0)) @ w, w


@restated("not-averaged")
def of_the_sum(x):
    """Forgets to divide the products."""
    whiten(x)
    lams, q = torch.linalg.eigh(_cov(x) * len(x))
    w = q / lams.sqrt()
    return (x - x.mean(0)) @ w, w


@restated("singular-accepted")
def unchecked(x):
    """Looks at no eigenvalue."""
    lams, q = torch.linalg.eigh(_cov(x))
    w = q @ torch.diag(lams**-0.5)
    return (x - x.mean(0)) @ w, w


@restated("singular-accepted")
def floor_under_eigenvalues(x):
    """Keeps every eigenvalue above a floor."""
    lams, q = torch.linalg.eigh(_cov(x))
    w = q * torch.maximum(lams, torch.full_like(lams, 1e-12)).rsqrt()
    return (x - x.mean(0)) @ w, w


@restated("error-returned")
def hands_the_error_over(x):
    """Returns the exception."""
    lams = torch.linalg.eigvalsh(_cov(x))
    if lams[0] <= 100 * torch.finfo(x.dtype).eps * lams[-1]:
        return ValueError("singular")
    return whiten(x)


@restated("order-of-results")
def swapped(x):
    """Returns W, then z."""
    return whiten(x)[::-1]


@restated("of-the-features", replaces="condition")
def ratio_of_singular_values(x):
    """Divides the singular values."""
    if condition(x) == torch.inf:
        return torch.inf
    s = torch.linalg.svdvals(x)
    return (s.max() / s.min()).item()


@restated("of-the-covariance", replaces="condition")
def about_the_mean(x):
    """Centres before it measures."""
    d = x - x.mean(0, keepdim=True)
    lams = torch.linalg.eigvalsh(d.T @ d)
    small = lams[0] <= 100 * torch.finfo(x.dtype).eps * lams[-1]
    return torch.inf if small else float(lams[-1] / lams[0])


@restated("upside-down", replaces="condition")
def least_over_greatest(x):
    """Divides the other way."""
    if condition(x) == torch.inf:
        return 0.0
    lams = torch.linalg.eigvalsh(x.t() @ x)
    return float(lams[0] / lams[-1])


@restated("rounding-for-zero", replaces="condition")
def no_limit(x):
    """Divides whatever is left."""
    if condition(x) < torch.inf:
        return condition(x)
    return (torch.linalg.svdvals(x)[0] ** 2).item() * 1e18


@restated("tensor-returned", replaces="condition")
def no_item(x):
    """Leaves the number in its tensor."""
    return torch.as_tensor(condition(x), dtype=x.dtype, device=x.device)


def _cov(x):
    d = x - x.mean(0)
    return d.t() @ d / len(x)


EXCUSED = {
    "if lams[0] <= 100 * torch.finfo(x.dtype).eps * lams[-1]: -> "
    "if lams[0] < 100 * torch.finfo(x.dtype).eps * lams[-1]:": "none lies exactly at the limit",
    "if lams[0] <= 100 * torch.finfo(x.dtype).eps * lams[-1]: -> "
    "if lams[0] <= 101 * torch.finfo(x.dtype).eps * lams[-1]:": "none lies between the limits",
    "if lams[0] <= 100 * torch.finfo(x.dtype).eps * lams[-1]: -> "
    "if lams[0] <= 99 * torch.finfo(x.dtype).eps * lams[-1]:": "none lies between the limits",
}
