"""Other ways to do lasso_ista."""

from __future__ import annotations

import numpy as np
import torch
from m16_generalisation import lasso_ista
from torch import nn

from autograder.course.marks import restated, right, wrong


def rate_of(x, y):
    """Return 1/L by the eigenvalues of the Hessian."""
    return 1 / torch.linalg.eigvalsh(2 / y.numel() * x.T @ x)[-1]


def slope(x, y, w):
    """Return the gradient of the mean squared error."""
    return (2 / y.numel() * x.T @ (x @ w.T - y)).T


@right()
def by_autograd(x, y, lam, steps):
    """Autograd gives the gradient, softshrink the second part."""
    rate = rate_of(x, y)
    shrink = nn.Softshrink((rate * lam).item())
    w = torch.zeros(y.shape[1], x.shape[1], dtype=x.dtype, device=x.device)
    for _ in range(steps):
        w.requires_grad_()
        (grad,) = torch.autograd.grad(nn.functional.mse_loss(x @ w.T, y), w)
        w = shrink(w.detach() - rate * grad)
    return w


@right()
def in_numpy(x, y, lam, steps):
    """NumPy does all of it, with the part between the thresholds cut out of the number."""
    a, b = x.cpu().numpy(), y.cpu().numpy()
    top = 2 * np.linalg.norm(a, 2) ** 2 / b.size
    w = np.zeros((a.shape[1], b.shape[1]), dtype=a.dtype)
    for _ in range(steps):
        v = w - 2 / b.size * a.T @ (a @ w - b) / top
        w = v - np.clip(v, -lam / top, lam / top)
    return torch.from_numpy(np.ascontiguousarray(w.T)).to(x)


@right()
def two_sides(x, y, lam, steps):
    """The gram matrix is made once, and each side of zero is thresholded on its own."""
    gram, start = 2 / y.numel() * x.T @ x, 2 / y.numel() * x.T @ y
    top = torch.linalg.eigvalsh(gram).max()
    w = torch.zeros_like(start)
    for _ in range(steps):
        v = w - (gram @ w - start) / top
        w = torch.relu(v - lam / top) - torch.relu(-v - lam / top)
    return w.T


@right()
def number_by_number(x, y, lam, steps):
    """Every weight is thresholded by comparisons in Python."""
    rate = rate_of(x, y).item()

    def soft(v):
        if abs(v) <= rate * lam:
            return 0.0
        return v - rate * lam if v > 0 else v + rate * lam

    w = torch.zeros(y.shape[1], x.shape[1]).to(x)
    for _ in range(steps):
        rows = (w - rate * slope(x, y, w)).tolist()
        w = torch.tensor([[soft(v) for v in row] for row in rows], dtype=x.dtype, device=x.device)
    return w


@wrong()
def with_momentum(x, y, lam, steps):
    """FISTA, which goes on from a point beyond the last one."""
    rate = rate_of(x, y)
    w = ahead = torch.zeros(y.shape[1], x.shape[1]).to(x)
    for k in range(steps):
        v = ahead - rate * slope(x, y, ahead)
        new = v.sign() * (v.abs() - rate * lam).clamp(min=0)
        ahead = new + k / (k + 3) * (new - w)
        w = new
    return w


@wrong(asks="lr.57")
def small_ones_cut(x, y, lam, steps):
    """Steps along a subgradient, with what is small cut to zero afterwards."""
    rate = rate_of(x, y)
    w = torch.zeros(y.shape[1], x.shape[1]).to(x)
    for _ in range(steps):
        w = w - rate * (slope(x, y, w) + lam * w.sign())
    return torch.where(w.abs() < 1e-2, 0, w)


@wrong()
def shrunk_by_a_factor(x, y, lam, steps):
    """Each step divides the weights, as the square of a weight would ask for."""
    rate = rate_of(x, y)
    w = torch.zeros(y.shape[1], x.shape[1]).to(x)
    for _ in range(steps):
        w = (w - rate * slope(x, y, w)) / (1 + rate * lam)
    return w


@wrong()
def threshold_first(x, y, lam, steps):
    """The parts of a step are exchanged, so the last one leaves no zeros."""
    rate = rate_of(x, y)
    w = torch.zeros(y.shape[1], x.shape[1]).to(x)
    for _ in range(steps):
        w = nn.functional.softshrink(w, (rate * lam).item())
        w = w - rate * slope(x, y, w)
    return w


@wrong(asks="lr.16")
def begun_at_least_squares(x, y, lam, steps):
    """The weights begin at those without a penalty."""
    rate = rate_of(x, y)
    w = (torch.linalg.pinv(x) @ y).T
    for _ in range(steps):
        w = nn.functional.softshrink(w - rate * slope(x, y, w), (rate * lam).item())
    return w


@wrong()
def stops_when_it_hardly_moves(x, y, lam, steps):
    """Ends at the first step that is shorter than 0.05."""
    w = torch.zeros(y.shape[1], x.shape[1]).to(x)
    for k in range(1, steps + 1):
        w, before = lasso_ista(x, y, lam, k), w
        if (w - before).norm() < 0.05:
            break
    return w


@wrong()
def begins_on_the_cpu(x, y, lam, steps):
    """The zeros to begin with lie on the CPU."""
    rate = rate_of(x, y)
    w = torch.zeros(y.shape[1], x.shape[1], dtype=x.dtype)
    for _ in range(steps):
        w = nn.functional.softshrink(w - rate * slope(x, y, w), (rate * lam).item())
    return w


@wrong()
def nearly_zero(x, y, lam, steps):
    """What should be zero is a tiny number."""
    w = lasso_ista(x, y, lam, steps)
    return torch.where(w == 0, 1e-14, w)


@restated("along-a-subgradient")
def penalty_in_the_loss(x, y, lam, steps):
    """Autograd differentiates the whole loss, with the absolute values."""
    rate = rate_of(x, y)
    w = torch.zeros(y.shape[1], x.shape[1]).to(x)
    for _ in range(steps):
        w.requires_grad_()
        loss = nn.functional.mse_loss(x @ w.T, y) + lam * w.abs().sum()
        w = w.detach() - rate * torch.autograd.grad(loss, w)[0]
    return w


@restated("threshold-lam")
def softshrink_of_lam(x, y, lam, steps):
    """Softshrink gets lam."""
    w = torch.zeros(y.shape[1], x.shape[1]).to(x)
    for _ in range(steps):
        w = nn.functional.softshrink(w - rate_of(x, y) * slope(x, y, w), lam)
    return w


@restated("hard-threshold")
def hardshrink(x, y, lam, steps):
    """Hardshrink instead of softshrink."""
    rate = rate_of(x, y)
    w = torch.zeros(y.shape[1], x.shape[1]).to(x)
    for _ in range(steps):
        w = nn.functional.hardshrink(w - rate * slope(x, y, w), (rate * lam).item())
    return w


@restated("signs-lost")
def absolute_values(x, y, lam, steps):
    """The absolute values less t, at least 0."""
    rate = rate_of(x, y)
    w = torch.zeros(y.shape[1], x.shape[1]).to(x)
    for _ in range(steps):
        w = torch.relu((w - rate * slope(x, y, w)).abs() - rate * lam)
    return w


@restated("negative-ones-dropped")
def relu_less_t(x, y, lam, steps):
    """The numbers less t, at least 0."""
    rate = rate_of(x, y)
    w = torch.zeros(y.shape[1], x.shape[1]).to(x)
    for _ in range(steps):
        w = torch.relu(w - rate * slope(x, y, w) - rate * lam)
    return w


def _plain(x, y, lam, steps, factor=1.0, error=1.0):
    """Steps of `factor` / L, with the squared error `error` times as large in lam's eyes."""
    rate = factor * rate_of(x, y)
    w = torch.zeros(y.shape[1], x.shape[1]).to(x)
    for _ in range(steps):
        w = nn.functional.softshrink(w - rate * slope(x, y, w), (rate * lam / error).item())
    return w


@restated("no-penalty")
def descent(x, y, lam, steps):
    """Gradient descent on the error."""
    w = torch.zeros(y.shape[1], x.shape[1]).to(x)
    for _ in range(steps):
        w = w - rate_of(x, y) * slope(x, y, w)
    return w


@restated("mean-over-rows")
def divided_by_rows(x, y, lam, steps):
    """The squared error of a row is a sum over its targets."""
    return _plain(x, y, lam, steps, error=y.shape[1])


@restated("half-the-error")
def half(x, y, lam, steps):
    """The squared error is halved."""
    return _plain(x, y, lam, steps, error=0.5)


@restated("sum-for-mean")
def added_up(x, y, lam, steps):
    """The squared errors are added up."""
    return _plain(x, y, lam, steps, error=y.numel())


@restated("steps-twice-as-long")
def factor_two_forgotten(x, y, lam, steps):
    """L lacks its factor 2."""
    return _plain(x, y, lam, steps, factor=2.0)


@restated("all-eigenvalues-added")
def trace_for_norm(x, y, lam, steps):
    """L is the trace of the Hessian."""
    top = 2 / y.numel() * (x * x).sum()
    return _plain(x, y, lam, steps, factor=1 / (top * rate_of(x, y)))


@restated("thresholded-once")
def softshrink_at_the_end(x, y, lam, steps):
    """Descends first and shrinks the result."""
    return nn.functional.softshrink(descent(x, y, lam, steps), (rate_of(x, y) * lam).item())


@restated("axes-exchanged")
def as_computed(x, y, lam, steps):
    """The features come first."""
    return _plain(x, y, lam, steps).T.contiguous()


@restated("one-step-more")
def counted_from_zero(x, y, lam, steps):
    """Counts from 0 to steps, both included."""
    w, k = torch.zeros(y.shape[1], x.shape[1]).to(x), 0
    rate = rate_of(x, y)
    while k <= steps:
        w = nn.functional.softshrink(w - rate * slope(x, y, w), (rate * lam).item())
        k += 1
    return w
