"""The references of m12, proved by closed forms, finite differences, NumPy and plain search."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from m06_model import mse
from m12_line import (
    Line,
    SlopeOnly,
    cost_surface,
    descent_direction,
    fit_line,
    fit_slope,
    noisy_line,
    slice_minimum,
)
from torch import Tensor, nn
from torch.nn import functional as F

from autograder.inside.tables import line


def points(n: int = 20, seed: int = 1, sigma: float = 0.1) -> tuple[Tensor, Tensor]:
    """Return points about y = 3x as float64 tensors."""
    x, y = line(n, seed, sigma)
    return torch.from_numpy(x), torch.from_numpy(y)


def off_centre(n: int = 7, seed: int = 2) -> tuple[Tensor, Tensor]:
    """Return points whose x has a mean far from 0 and a variance far from 1."""
    generator = torch.Generator().manual_seed(seed)
    x = 2 + 0.7 * torch.randn(n, 1, generator=generator, dtype=torch.float64)
    return x, 1 - 2 * x + torch.randn(n, 1, generator=generator, dtype=torch.float64)


def cost(x: Tensor, y: Tensor, w: float, b: float) -> float:
    """Return the mean squared error of a line, added up row by row."""
    errors = [
        w * p + b - q for p, q in zip(x.flatten().tolist(), y.flatten().tolist(), strict=True)
    ]
    return math.fsum(e * e for e in errors) / len(errors)


def best_line(x: Tensor, y: Tensor) -> tuple[float, float]:
    """Return slope and bias of the least-squares line, by NumPy."""
    slope, bias = np.polyfit(x.flatten().numpy(), y.flatten().numpy(), 1)
    return float(slope), float(bias)


def slopes_of_cost(x: Tensor, y: Tensor, w: float, b: float) -> tuple[float, float]:
    """Return the two derivatives of the cost by central differences, exact for a parabola."""
    along_w = cost(x, y, w + 0.5, b) - cost(x, y, w - 0.5, b)
    along_b = cost(x, y, w, b + 0.5) - cost(x, y, w, b - 0.5)
    return along_w, along_b


def test_noisy_line_scatters_normally_about_the_line() -> None:
    """At 20,000 points the noise is normal with mean 0 and standard deviation sigma."""
    x, y = noisy_line(20_000, 3.0, -2.0, 0.5, torch.Generator().manual_seed(3))
    noise = (y - (3 * x - 2)).flatten().double()
    assert abs(noise.mean()) < 7 * 0.5 / math.sqrt(20_000)
    assert abs(noise.std() - 0.5) < 0.02
    expected = 0.5 * (1 + torch.erf(noise.sort().values / (0.5 * math.sqrt(2))))
    ranks = (torch.arange(20_000, dtype=torch.float64) + 0.5) / 20_000
    assert (expected - ranks).abs().max() < 0.025  # Dvoretzky-Kiefer-Wolfowitz: 3e-11
    assert torch.corrcoef(torch.stack([x.flatten().double(), noise]))[0, 1].abs() < 0.05


@pytest.mark.parametrize("n", [1, 2, 9])
def test_noisy_line_without_noise_is_the_line(n: int) -> None:
    """With sigma 0, y is exactly what the line says, in columns that a model accepts."""
    x, y = noisy_line(n, -1.5, 4.0, 0.0, torch.Generator().manual_seed(4))
    assert x.shape == y.shape == (n, 1) and x.dtype == y.dtype == torch.float32
    assert n == 1 or len(x.unique()) > 1
    torch.testing.assert_close(y, -1.5 * x + 4)
    assert nn.Linear(1, 1)(x).shape == y.shape


def test_noisy_line_repeats_by_its_generator_alone() -> None:
    """A seed repeats the points, a second call has other noise, the global state stays."""
    before = torch.random.get_rng_state()
    generator = torch.Generator().manual_seed(5)
    first, second = (noisy_line(6, 3.0, 0.0, 1.0, generator) for _ in range(2))
    again = noisy_line(6, 3.0, 0.0, 1.0, torch.Generator().manual_seed(5))
    assert all(map(torch.equal, first, again))
    assert not torch.equal(first[1] - 3 * first[0], second[1] - 3 * second[0])
    assert torch.equal(torch.random.get_rng_state(), before)


@pytest.mark.parametrize(("module", "names"), [(SlopeOnly, {"slope"}), (Line, {"slope", "bias"})])
def test_modules_register_their_parameters(module: type[nn.Module], names: set[str]) -> None:
    """The parameters have the names of the task, one element each, and are trainable."""
    found = dict(module().named_parameters())
    assert set(found) == names
    assert all(p.numel() == 1 and p.requires_grad for p in found.values())


def test_modules_predict_as_nn_linear_does() -> None:
    """With the same numbers, predictions and gradients are those of nn.Linear(1, 1)."""
    x, y = points(6)
    for bias, made in ((False, SlopeOnly()), (True, Line())):
        twin, own = nn.Linear(1, 1, bias).double(), made.double()
        with torch.no_grad():
            for p, q in zip(own.parameters(), twin.parameters(), strict=True):
                p.copy_(q.flatten())
        for module in (own, twin):
            F.mse_loss(module(x), y).backward()
        torch.testing.assert_close(own(x), twin(x))
        for p, q in zip(own.parameters(), twin.parameters(), strict=True):
            torch.testing.assert_close(p.grad, q.grad.flatten())


def test_modules_differ_at_zero() -> None:
    """At x = 0 a SlopeOnly says 0 and a Line its bias."""
    slope_only, line = SlopeOnly(), Line()
    with torch.no_grad():
        for p in (slope_only.slope, line.slope, line.bias):
            p.fill_(2.5)
    assert slope_only(torch.zeros(3, 1)).tolist() == [[0.0]] * 3
    assert line(torch.zeros(3, 1)).tolist() == [[2.5]] * 3
    assert line(torch.zeros(0, 1)).shape == (0, 1)


def test_slope_only_cannot_fit_a_line_with_a_bias() -> None:
    """For y = 50 + x the best slope through 0 misses badly, while a Line with 1 and 50 is exact."""
    x = torch.arange(1.0, 11.0)[:, None]
    y = 50 + x
    slope_only, line = SlopeOnly(), Line()
    with torch.no_grad():
        slope_only.slope.fill_(((x * y).sum() / (x * x).sum()).item())
        line.slope.fill_(1.0)
        line.bias.fill_(50.0)
    assert mse(slope_only(x), y) > 500
    assert mse(line(x), y) == 0


@pytest.mark.parametrize(("w0", "lr", "epochs"), [(0.5, 0.4, 6), (-2.0, 0.05, 4), (1.0, 0.1, 0)])
def test_fit_slope_follows_its_closed_form(w0: float, lr: float, epochs: int) -> None:
    """The distance to sum(xy) / sum(xx) shrinks by 1 - 2 lr mean(xx) in each epoch."""
    x, y = off_centre() if lr < 0.4 else points()
    target = float((x * y).sum() / (x * x).sum())
    factor = 1 - 2 * lr * float((x * x).mean())
    path = [target + factor**t * (w0 - target) for t in range(epochs + 1)]
    w, losses = fit_slope(x, y, w0, lr, epochs)
    assert isinstance(w, float) and all(isinstance(loss, float) for loss in losses)
    assert w == pytest.approx(path[-1], rel=1e-12)
    assert losses == pytest.approx([cost(x, y, v, 0.0) for v in path[:-1]], rel=1e-12)


def test_fit_slope_finds_the_slope_of_the_data() -> None:
    """After enough epochs the loss has only fallen, and the slope is near 3."""
    w, losses = fit_slope(*points(50), w0=0.0, lr=0.5, epochs=20)
    assert losses == sorted(losses, reverse=True)
    assert w == pytest.approx(3, abs=0.1)


def test_fit_slope_stops_at_the_slope_through_zero() -> None:
    """Where the mean of x is not 0, that is another slope than the one beside a free bias."""
    x, y = off_centre()
    w, _ = fit_slope(x, y, 0.0, 0.1, 200)
    assert w == pytest.approx(np.linalg.lstsq(x.numpy(), y.numpy(), rcond=None)[0].item())
    assert abs(w - best_line(x, y)[0]) > 0.1


@pytest.mark.parametrize("start", [(0.0, 0.0), (0.5, -1.0)])
def test_fit_line_follows_its_closed_form(start: tuple[float, float]) -> None:
    """The path is the power of a matrix, I - lr H, applied to the distance from the best line."""
    x, y = off_centre()
    a = torch.cat([x, torch.ones_like(x)], dim=1)
    shrink = torch.eye(2, dtype=torch.float64) - 0.05 * 2 * (a.T @ a) / len(x)
    best = torch.tensor(best_line(x, y), dtype=torch.float64)
    first = torch.tensor(start, dtype=torch.float64) - best
    expected = [best + torch.linalg.matrix_power(shrink, t) @ first for t in range(6)]
    path = fit_line(x, y, 0.05, 5, start)
    torch.testing.assert_close(path, torch.stack(expected), rtol=1e-10, atol=1e-10)
    assert not path.requires_grad


def test_fit_line_takes_its_first_step_along_the_gradient() -> None:
    """Row 1 is the start minus lr times the finite differences there, for both at once."""
    x, y = off_centre()
    path = fit_line(x, y, 0.1, 1, (0.5, -1.0))
    along_w, along_b = slopes_of_cost(x, y, 0.5, -1.0)
    assert path[0].tolist() == [0.5, -1.0]
    assert path[1].tolist() == pytest.approx([0.5 - 0.1 * along_w, -1 - 0.1 * along_b])


def test_fit_line_equals_torchs_optimizer() -> None:
    """nn.Linear and torch.optim.SGD walk the same path."""
    x, y = points()
    layer = nn.Linear(1, 1).double()
    opt = torch.optim.SGD(layer.parameters(), lr=0.3)
    start = layer.weight.item(), layer.bias.item()
    walked = [start]
    for _ in range(5):
        opt.zero_grad()
        F.mse_loss(layer(x), y).backward()
        opt.step()
        walked.append((layer.weight.item(), layer.bias.item()))
    expected = torch.tensor(walked, dtype=torch.float64)
    torch.testing.assert_close(fit_line(x, y, 0.3, 5, start), expected)


def test_fit_line_ends_at_least_squares() -> None:
    """The path starts at 0 by default and ends at NumPy's line, whose slope is near 3."""
    x, y = points(50)
    path = fit_line(x, y, 0.5, 200)
    assert path.shape == (201, 2) and path[0].tolist() == [0.0, 0.0]
    assert path[-1].tolist() == pytest.approx(best_line(x, y), rel=1e-9)
    assert path[-1, 0].item() == pytest.approx(3, abs=0.1)
    assert fit_line(x, y, 0.5, 0, (1.0, 2.0)).tolist() == [[1.0, 2.0]]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_fit_line_keeps_the_dtype(dtype: torch.dtype) -> None:
    """The path is of the data's dtype."""
    x, y = (t.to(dtype) for t in points())
    assert fit_line(x, y, 0.1, 2).dtype == dtype


@pytest.mark.parametrize(("n", "k", "m"), [(7, 4, 3), (3, 3, 3), (1, 1, 5), (4, 2, 1)])
def test_cost_surface_equals_a_plain_loop(n: int, k: int, m: int) -> None:
    """Each cell is the mean squared error of its own line, and m06's mse agrees."""
    x, y = off_centre(n)
    ws, bs = torch.linspace(-3, 4, k).double(), torch.linspace(5, -1, m).double()
    expected = [[cost(x, y, w, b) for b in bs.tolist()] for w in ws.tolist()]
    surface = cost_surface(x, y, ws, bs)
    torch.testing.assert_close(surface, torch.tensor(expected, dtype=torch.float64))
    torch.testing.assert_close(surface[-1, 0], mse(ws[-1] * x + bs[0], y))


def test_cost_surface_is_lowest_next_to_least_squares() -> None:
    """The lowest cell of a fine grid is the one nearest to NumPy's line."""
    x, y = points(40)
    ws, bs = torch.linspace(2, 4, 81).double(), torch.linspace(-1, 1, 81).double()
    lowest = divmod(int(cost_surface(x, y, ws, bs).argmin()), 81)
    slope, bias = best_line(x, y)
    assert abs(ws[lowest[0]] - slope) < 0.026 and abs(bs[lowest[1]] - bias) < 0.026


@pytest.mark.parametrize("fixed", [{"slope": 0.0}, {"slope": -1.5}, {"bias": 0.0}, {"bias": 4.0}])
def test_slice_minimum_is_the_bottom_of_a_parabola(fixed: dict[str, float]) -> None:
    """The slice is a parabola through three costs, and its vertex is the answer."""
    x, y = off_centre()

    def slice_(other: float) -> float:
        return cost(x, y, fixed.get("slope", other), fixed.get("bias", other))

    low, middle, high = slice_(-1.0), slice_(0.0), slice_(1.0)
    vertex = (low - high) / (2 * (low - 2 * middle + high))
    found = slice_minimum(x, y, **fixed)
    assert isinstance(found, float)
    assert found == pytest.approx(vertex, rel=1e-10)
    assert slice_(found) < min(slice_(found - 1e-3), slice_(found + 1e-3))


def test_slice_minimum_by_turns_reaches_least_squares() -> None:
    """Best bias, best slope, best bias, and so on: the walk ends at NumPy's line."""
    x, y = off_centre()
    slope, bias = 0.0, 0.0
    for _ in range(400):
        bias = slice_minimum(x, y, slope=slope)
        slope = slice_minimum(x, y, bias=bias)
    assert (slope, bias) == pytest.approx(best_line(x, y), rel=1e-6)


@pytest.mark.parametrize(("w", "b"), [(0.5, -1.0), (-2.0, 6.0), (0.0, 0.0)])
def test_descent_direction_is_the_best_of_360(w: float, b: float) -> None:
    """Of 360 short steps the one that lowers the cost most is within half a degree of it."""
    x, y = off_centre()
    direction = descent_direction(x, y, w, b)
    angles = [math.radians(degree) for degree in range(360)]
    after = [cost(x, y, w + 1e-5 * math.cos(a), b + 1e-5 * math.sin(a)) for a in angles]
    best = angles[after.index(min(after))]
    along = direction[0].item() * math.cos(best) + direction[1].item() * math.sin(best)
    assert along > math.cos(math.radians(0.51))
    assert direction.square().sum().item() == pytest.approx(1, rel=1e-12)


def test_descent_direction_is_at_a_right_angle_to_the_contour() -> None:
    """Along it the cost falls as fast as the gradient is long; across it the cost stands still."""
    x, y = off_centre()
    down = descent_direction(x, y, 0.5, -1.0).tolist()
    along_w, along_b = slopes_of_cost(x, y, 0.5, -1.0)
    assert along_w * down[0] + along_b * down[1] == pytest.approx(-math.hypot(along_w, along_b))
    assert along_w * -down[1] + along_b * down[0] == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("shape", [[], [1], [1, 1]])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_descent_direction_takes_floats_and_tensors(shape: list[int], dtype: torch.dtype) -> None:
    """One element in any shape is the same as a float, and the data's dtype is kept."""
    x, y = (t.to(dtype) for t in off_centre())
    expected = descent_direction(x, y, -2.0, 1.5)
    found = descent_direction(x, y, torch.full(shape, -2.0).to(x), torch.full(shape, 1.5).to(x))
    assert expected.shape == (2,) and expected.dtype == dtype
    torch.testing.assert_close(found, expected)
