"""Other ways to do batch_grad_variance."""

from __future__ import annotations

import itertools

import torch

from autograder.course.marks import restated, right, wrong


@right()
def difference_of_inverses(g, batch):
    """Takes the sample variance times 1/B - 1/N."""
    n = len(g)
    if n == batch:
        return torch.zeros_like(g[0])
    return torch.var(g, 0) * (1 / batch - 1 / n)


@right()
def mean_of_squares(g, batch):
    """Subtracts the squared mean from the mean of squares."""
    n = g.size(0)
    s2 = (g**2).mean(0) - g.mean(0) ** 2
    return s2 / batch * (n - batch) / (n - 1)


@right()
def diagonal_of_covariance(g, batch):
    """Takes the diagonal of the covariance matrix."""
    n, p = g.shape
    s2 = torch.cov(g.T, correction=0).reshape(p, p).diagonal()
    return s2 / batch * (n - batch) / (n - 1)


@right()
def squared_deviation(g, batch):
    """Squares the standard deviation."""
    n = len(g)
    return g.std(0, correction=0) ** 2 * ((n - batch) / (batch * (n - 1)))


@right()
def all_batches(g, batch):
    """Makes every batch that could be drawn."""
    chosen = itertools.combinations(range(len(g)), batch)
    return torch.stack([g[list(c)].mean(0) for c in chosen]).var(0, correction=0)


@right()
def pairwise_distances(g, batch):
    """Adds the squared distances of all pairs of rows up."""
    n = len(g)
    d = g[:, None] - g[None]
    return (d**2).sum((0, 1)) / (2 * n * n) / batch * (n - batch) / (n - 1)


@wrong()
def squeezed(g, batch):
    """Loses the dimension where there is one parameter."""
    n = len(g)
    return (g.var(dim=0, correction=0) / batch * (n - batch) / (n - 1)).squeeze()


@wrong()
def one_row_is_a_sample(g, batch):
    """Takes the sample variance for batches of one row."""
    n = len(g)
    if batch == 1:
        return g.var(dim=0)
    return g.var(dim=0, correction=0) / batch * (n - batch) / (n - 1)


@wrong()
def by_float32(g, batch):
    """Computes in float32."""
    n = len(g)
    return (g.float().var(dim=0, correction=0) / batch * (n - batch) / (n - 1)).to(g.dtype)


@wrong()
def small_share_ignored(g, batch):
    """Takes small batches as drawn with replacement."""
    n = len(g)
    factor = 1.0 if batch < n / 20 else (n - batch) / (n - 1)
    return g.var(dim=0, correction=0) / batch * factor


@wrong()
def around_zero(g, batch):
    """Takes the mean square, without the mean subtracted."""
    n = len(g)
    return g.square().mean(0) / batch * (n - batch) / (n - 1)


@wrong()
def around_one_mean(g, batch):
    """Subtracts the mean of all entries from each parameter."""
    n = len(g)
    return (g - g.mean()).square().mean(0) / batch * (n - batch) / (n - 1)


@wrong()
def a_thousandth_more(g, batch):
    """Is too large by a thousandth."""
    return g.var(0) * (1 / batch - 1 / len(g)) * 1.001


@restated("sampled")
def by_sampling(g, batch):
    """Estimates the variance from sampled batches."""
    means = [g[torch.randperm(len(g))[:batch]].mean(0) for _ in range(100)]
    return torch.stack(means).var(0)


@wrong()
def over_consecutive_batches(g, batch):
    """Looks at batches of consecutive rows only."""
    return g.unfold(0, batch, 1).mean(-1).var(0, correction=0)


FACTORS = {}


@wrong()
def factor_of_the_first_size(g, batch):
    """Keeps the factor for every N: another size of batch gets that of the first."""
    n = len(g)
    return g.var(0) * FACTORS.setdefault(n, (n - batch) / (n * batch))


@restated("with-replacement")
def mean_square_over_batch(g, batch):
    """Divides the mean squared distance by the batch size and stops there."""
    return (g - g.mean(0)).square().mean(0) / batch


@restated("batch-size-squared")
def divided_twice(g, batch):
    """Divides by the batch size twice."""
    return g.var(0) * (len(g) - batch) / (len(g) * batch**2)


@restated("unbiased-and-corrected")
def sample_variance_corrected(g, batch):
    """Takes the sample variance, and N - 1 in the factor again."""
    n = len(g)
    s2 = (g - g.mean(0)).pow(2).sum(0) / (n - 1)
    return s2 * (n - batch) / (batch * (n - 1))


@restated("textbook-estimate")
def squared_standard_error(g, batch):
    """Takes the squared standard error of a mean."""
    return (g.std(0) / batch**0.5) ** 2


@restated("share-left-out")
def one_minus_share(g, batch):
    """Multiplies the mean squared distance by one minus the share of the rows."""
    return (g - g.mean(0)).square().mean(0) * (1 - batch / len(g)) / batch


@restated("standard-deviation")
def root_of_it(g, batch):
    """Takes the root at the end."""
    return (g.var(0) * (1 / batch - 1 / len(g))) ** 0.5


@restated("sampled")
def from_a_thousand_batches(g, batch):
    """Estimates the variance from many random batches."""
    means = []
    for _ in range(1000):
        idx = torch.randperm(len(g))[:batch]
        means.append(g[idx].mean(0))
    return torch.stack(means).var(0)
