"""Other ways to do slice_minimum."""

from __future__ import annotations

import numpy as np
import torch
from m06_model import mse

from autograder.course.marks import restated, right, wrong


@right()
def by_least_squares_solver(x, y, *, slope=None, bias=None):
    """Leaves the slope to lstsq and returns np.float64."""
    if bias is None:
        return float(y.mean() - slope * x.mean())
    return np.float64(torch.linalg.lstsq(x, y - bias).solution.item())


@right()
def in_numpy_arrays(x, y, *, slope=None, bias=None):
    """Computes in NumPy and returns its number."""
    x, y = x.cpu().numpy(), y.cpu().numpy()
    if bias is None:
        return np.mean(y - slope * x)
    return np.sum(x * (y - bias)) / np.sum(x**2)


@right()
def vertex_of_a_parabola(x, y, *, slope=None, bias=None):
    """Takes the cost at three places and computes the vertex of the parabola through them."""
    x, y = x.double(), y.double()

    def cost(t):
        w, b = (slope, t) if bias is None else (t, bias)
        return (w * x + b - y).square().mean().item()

    a, b, c = cost(-1.0), cost(0.0), cost(1.0)
    return 0.5 * (a - c) / (a - 2 * b + c)


@right()
def refuses_two_or_none(x, y, *, slope=None, bias=None):
    """Refuses other calls than those with exactly one number, and divides dot products."""
    if (slope is None) == (bias is None):
        raise ValueError("give exactly one of slope and bias")
    if slope is None:
        return torch.dot(x.flatten(), (y - bias).flatten()).item() / x.square().sum().item()
    return np.float64(y.mean().item() - slope * x.mean().item())


@right()
def one_newton_step(x, y, *, slope=None, bias=None):
    """Takes a single Newton step, which is exact for a parabola."""

    def cost(t):
        return mse(slope * x + t, y) if bias is None else mse(t * x + bias, y)

    t = torch.zeros((), dtype=x.dtype, device=x.device)
    slope_of = torch.func.grad(cost)
    return (-slope_of(t) / torch.func.grad(slope_of)(t)).item()


@wrong()
def a_little_ridge(x, y, *, slope=None, bias=None):
    """A small number in the denominator makes the slope too flat."""
    if slope is not None:
        return (y - slope * x).mean().item()
    return ((x * (y - bias)).sum() / (x.square().sum() + 1e-6)).item()


@wrong()
def number_in_float32(x, y, *, slope=None, bias=None):
    """Everything is computed in float32."""
    x, y = x.float(), y.float()
    if slope is not None:
        return (y - slope * x).mean().item()
    return ((x * (y - bias)).sum() / x.square().sum()).item()


@wrong()
def rounded_to_six_places(x, y, *, slope=None, bias=None):
    """The result is rounded."""
    if slope is not None:
        return round((y - slope * x).mean().item(), 6)
    return round(((x * (y - bias)).sum() / x.square().sum()).item(), 6)


@wrong()
def bias_of_zero_taken_for_none(x, y, *, slope=None, bias=None):
    """A fixed bias of 0 is taken for a missing one."""
    if bias:
        return ((x * (y - bias)).sum() / x.square().sum()).item()
    return (y - (slope or 0.0) * x).mean().item()


@wrong()
def rows_at_zero_left_out(x, y, *, slope=None, bias=None):
    """Rows with x = 0 are left out for the bias too."""
    keep = x != 0
    x, y = x[keep], y[keep]
    if slope is not None:
        return (y - slope * x).mean().item()
    return ((x * (y - bias)).sum() / x.square().sum()).item()


@wrong(named="mean-of-ratios")
def mean_of_ratios_without_nan(x, y, *, slope=None, bias=None):
    """The slope is the mean of the ratios that are numbers."""
    if slope is not None:
        return (y - slope * x).mean().item()
    return ((y - bias) / x).nanmean().item()


@wrong()
def median_of_the_rest(x, y, *, slope=None, bias=None):
    """The bias is a median, which is best for absolute errors."""
    if slope is not None:
        return (y - slope * x).median().item()
    return ((x * (y - bias)).sum() / x.square().sum()).item()


@wrong()
def nearest_on_a_grid(x, y, *, slope=None, bias=None):
    """It searches a grid."""
    grid = torch.linspace(-10, 10, 2001, dtype=x.dtype, device=x.device)
    pred = slope * x + grid if bias is None else x * grid + bias
    return grid[(pred - y).square().mean(0).argmin()].item()


@restated("sums-divided")
def sum_of_ratios(x, y, *, slope=None, bias=None):
    """The slope divides the sums of y and x, as if they had one sign."""
    if slope is not None:
        return (y - slope * x).mean().item()
    return ((y - bias).sum() / x.sum()).item()


def textbook_line(x, y):
    """Return slope and bias of the best line by the sums of a textbook."""
    n = len(x)
    w = (n * (x * y).sum() - x.sum() * y.sum()) / (n * (x * x).sum() - x.sum() ** 2)
    return w, (y.sum() - w * x.sum()) / n


@restated("global-optimum")
def part_of_the_textbook_fit(x, y, *, slope=None, bias=None):
    """Both numbers are fitted and the missing one is returned."""
    w, b = textbook_line(x, y)
    return (w if slope is None else b).item()


@restated("covariance-over-variance")
def slope_by_numpy_cov(x, y, *, slope=None, bias=None):
    """The slope is what a textbook gives for a free bias."""
    if slope is not None:
        return float(y.mean() - slope * x.mean())
    xc, yc = x - x.mean(), y - y.mean()
    return float((xc * yc).mean() / (xc * xc).mean())


@restated("mean-x-ignored")
def bias_is_mean_of_y(x, y, *, slope=None, bias=None):
    """The bias is the mean of y, whatever the slope is."""
    if bias is None:
        return float(np.mean(y.cpu().numpy()))
    return float(((y - bias) * x).mean() / (x * x).mean())


@restated("sign")
def fixed_part_added(x, y, *, slope=None, bias=None):
    """The fixed part has a plus in both formulas."""
    if bias is None:
        return (y.mean() + slope * x.mean()).item()
    return (((x * y).mean() + bias * x.mean()) / (x * x).mean()).item()


@restated("errors-turned-round")
def fixed_part_minus_y(x, y, *, slope=None, bias=None):
    """What is left over is taken as fixed part minus y."""
    if bias is None:
        return torch.mean(slope * x - y).item()
    return (torch.sum((bias - y) * x) / torch.sum(x**2)).item()


@restated("fixed-bias-ignored")
def slope_through_the_origin(x, y, *, slope=None, bias=None):
    """The slope is that of a line through 0."""
    if bias is None:
        return (y.mean() - slope * x.mean()).item()
    return (torch.sum(x * y) / torch.sum(x * x)).item()


@restated("mean-of-ratios")
def average_slope_of_points(x, y, *, slope=None, bias=None):
    """Each point gives a slope, and these are averaged."""
    if bias is None:
        return torch.mean(y - slope * x).item()
    return (torch.sum((y - bias) / x) / len(x)).item()


@restated("zero-taken-for-none")
def chosen_by_truth(x, y, *, slope=None, bias=None):
    """`not slope` takes 0 for a missing slope."""
    if not slope:
        return (((y - bias) * x).sum() / (x * x).sum()).item()
    return (y.mean() - slope * x.mean()).item()


@restated("tensor-returned")
def mean_without_item(x, y, *, slope=None, bias=None):
    """The means are returned as they are."""
    if bias is None:
        return torch.mean(y - slope * x)
    return torch.mean((y - bias) * x) / torch.mean(x * x)


@wrong(named="tensor-returned, global-optimum")
def textbook_line_as_tensors(x, y, *, slope=None, bias=None):
    """Returns the numbers of the best line, as tensors."""
    xm, ym = x.mean(), y.mean()
    w = ((x - xm) * (y - ym)).sum() / ((x - xm) ** 2).sum()
    b = ym - w * xm
    return b if slope is not None else w
