"""The references of m16, proved by closed forms, sampling, differences and torch's counterparts."""

from __future__ import annotations

import math
import statistics

import pytest
import torch
from m16_generalisation import double_descent, expected_errors, hypergrad, select_lr
from torch import Tensor


def test_double_descent_peaks_where_features_match_rows() -> None:
    """tb.55: at 40 rows the median error of 11 data sets is highest at 40 features, by far."""
    errors = [_descent(seed, (20, 40, 400)) for seed in range(11)]
    few, as_many, many = (statistics.median(column) for column in zip(*errors, strict=True))
    assert as_many > 5 * few and as_many > 5 * many
    assert many < few  # the curriculum's medians are .84, 29 and .14
    assert (few, as_many, many) == pytest.approx((0.84, 29, 0.14), rel=0.5)


def _descent(seed: int, widths: tuple[int, ...]) -> list[float]:
    """Return the errors for 40 rows of 20 inputs with noise of 0.2, and 500 rows without."""
    draw = torch.Generator().manual_seed(1000 + seed)
    w = torch.randn(20, 1, generator=draw, dtype=torch.float64) / 20**0.5
    x, xt = (torch.randn(n, 20, generator=draw, dtype=torch.float64) for n in (40, 500))
    y = x @ w + 0.2 * torch.randn(40, 1, generator=draw, dtype=torch.float64)
    return double_descent(x, y, xt, xt @ w, widths, seed)


def test_double_descent_fits_exactly_from_as_many_features_as_rows() -> None:
    """On the training rows themselves the error is above 0 for 5 features and 0 for 8 and 30."""
    x, y = _drawn(1, (8, 6), (8, 2))
    few, as_many, many = double_descent(x, y, x, y, [5, 8, 30], 3)
    assert few > 0.01 and as_many < 1e-12 and many < 1e-20


@pytest.mark.parametrize("width", [3, 8, 20])
def test_double_descent_takes_the_solution_of_minimum_norm(width: int) -> None:
    """The error is that of the limit of a vanishing penalty, which is the minimum-norm solution."""
    x, y, xt, yt = _drawn(2, (8, 6), (8, 2), (5, 6), (5, 2))
    draw = torch.Generator().manual_seed(7)
    w = torch.randn(6, width, generator=draw, dtype=torch.float64)
    train, test = (torch.relu(t @ w) for t in (x, xt))
    small = 1e-10 * torch.eye(8, dtype=torch.float64)
    coefficients = train.T @ torch.linalg.solve(train @ train.T + small, y)
    error = (test @ coefficients - yt).square().mean().item()
    assert double_descent(x, y, xt, yt, [width], 7) == pytest.approx([error], rel=1e-3)


def test_double_descent_of_each_width_stands_alone() -> None:
    """The same widths in another order give the same errors, and another seed others."""
    x, y, xt, yt = _drawn(3, (6, 5), (6, 1), (4, 5), (4, 1))
    first, second = (double_descent(x, y, xt, yt, widths, 1) for widths in ([2, 9], [9, 2]))
    assert first == second[::-1] and first != double_descent(x, y, xt, yt, [2, 9], 2)


@pytest.mark.parametrize(("n", "p", "sigma"), [(30, 10, 1.0), (12, 3, 0.5), (40, 4, 2.0)])
def test_expected_errors_agree_with_sampling(n: int, p: int, sigma: float) -> None:
    """4,000 fits have both errors on average, whatever the covariance of the features."""
    x, e, xv, ev, mix = _drawn(4, *[(4000, n, p), (4000, n, 1)] * 2, (p, p))
    x, xv = x @ mix, xv @ mix
    w = torch.linalg.lstsq(x, sigma * e).solution  # true weights of 0
    for a, b, expected in zip((x, xv), (e, ev), expected_errors(n, p, sigma), strict=True):
        errors = (a @ w - sigma * b).square().mean(dim=(1, 2))
        assert abs(errors.mean() - expected) < 5 * errors.std() / 4000**0.5
        assert errors.std() / 4000**0.5 < 0.02 * expected


def test_expected_errors_of_the_sampled_example() -> None:
    """lr.18: 30 rows and 10 weights give .667 and 1.526; a sample had given .659 and 1.511."""
    assert expected_errors(30, 10, 1.0) == pytest.approx((0.667, 1.526), abs=5e-4)
    assert expected_errors(30, 10, 1.0) == pytest.approx((0.659, 1.511), rel=0.02)


def test_expected_errors_come_from_the_inverse_wishart_mean() -> None:
    """The excess is the noise times the mean trace of the inverse of X'X."""
    (x,) = _drawn(5, (4000, 30, 10))
    traces = torch.linalg.inv(x.mT @ x).diagonal(dim1=1, dim2=2).sum(1)
    excess = expected_errors(30, 10, 1.0)[1] - 1
    assert abs(traces.mean() - excess) < 5 * traces.std() / 4000**0.5


@pytest.mark.parametrize(("n", "p"), [(5, 4), (4, 4), (3, 7), (1, 1)])
def test_expected_errors_are_infinite_for_few_rows(n: int, p: int) -> None:
    """Up to one row more than weights no mean exists; up to as many the training error is 0."""
    train, val = expected_errors(n, p, 1.5)
    assert val == math.inf
    assert train == pytest.approx(1.5**2 * max(n - p, 0) / n)


def test_expected_errors_grow_without_bound_below_the_threshold() -> None:
    """With fewer rows than weights, true weights of 1,000 cost a million times those of 1."""
    x, xv, w = _drawn(6, (3, 7), (50, 7), (7, 1))
    for size in (1.0, 1000.0):
        left = xv @ (torch.linalg.pinv(x) @ (x @ w) - w) * size
        assert left.square().mean() > 0.1 * size**2


def test_select_lr_finds_the_best_of_real_trainings() -> None:
    """Of rates that creep, suit and diverge, the one that suits wins, in every order."""
    x, w, e, xv = _drawn(7, (20, 3), (3, 1), (20, 1), (50, 3))
    y, yv = x @ w + 0.1 * e, xv @ w

    def fit(lr: float) -> Tensor:
        found = torch.zeros_like(w)
        for _ in range(500):
            found = found - lr * 2 / 20 * x.T @ (x @ found - y)
        return found

    def loss(features: Tensor, targets: Tensor, found: Tensor) -> float:
        return (features @ found - targets).square().mean().item()

    for lrs in ([1e-5, 0.1, 1e5], [1e5, 1e-5, 0.1], [0.1, 1e5, 1e-5]):
        chosen = select_lr(lrs, fit, lambda m: loss(x, y, m), lambda m: loss(xv, yv, m))
        assert chosen == 0.1
    assert math.isnan(loss(xv, yv, fit(1e5)))


def test_select_lr_judges_by_validation() -> None:
    """lr.18: where training and validation disagree, only the validation counts; ties go first."""
    val = {1.0: math.nan, 0.5: 3.0, 0.1: 2.0, 0.2: 2.0, 2.0: math.inf}
    chosen = select_lr(list(val), lambda lr: lr, lambda lr: -val[lr], lambda lr: val[lr])
    assert chosen == 0.1


@pytest.mark.parametrize("losses", [[], [math.nan], [math.inf, math.nan]])
def test_select_lr_refuses_where_nothing_is_finite(losses: list[float]) -> None:
    """ValueError is raised where no training has come to anything."""
    with pytest.raises(ValueError, match="finite"):
        select_lr(range(len(losses)), lambda i: i, lambda i: 0.0, lambda i: losses[int(i)])


@pytest.mark.parametrize(("steps", "outputs"), [(1, 1), (2, 3), (5, 2), (40, 1)])
def test_hypergrad_agrees_with_differences(steps: int, outputs: int) -> None:
    """lr.31: the derivative is the slope between two trainings with slightly other rates."""
    x, y, xv, yv = _drawn(8, (5, 3), (5, outputs), (4, 3), (4, outputs))
    lr = torch.tensor(0.07, dtype=torch.float64)
    above, below = (hypergrad(x, y, xv, yv, lr + h, steps)[0] for h in (1e-6, -1e-6))
    slope = hypergrad(x, y, xv, yv, lr, steps)[1]
    torch.testing.assert_close(slope, (above - below) / 2e-6, rtol=1e-6, atol=1e-8)


def test_hypergrad_agrees_with_the_closed_form() -> None:
    """With one weight and one row, w after k steps is (1 - (1 - 2 lr x^2)^k) y / x."""
    x, y, xv, yv, lr, steps = 1.5, 2.0, 0.7, -1.0, 0.1, 4
    shrink = 1 - 2 * lr * x * x
    w = (1 - shrink**steps) * y / x
    slope = steps * shrink ** (steps - 1) * 2 * x * x * y / x
    a, b, c, d = (torch.tensor([[each]], dtype=torch.float64) for each in (x, y, xv, yv))
    val, derivative = hypergrad(a, b, c, d, torch.tensor(lr, dtype=torch.float64), steps)
    assert val.item() == pytest.approx((xv * w - yv) ** 2, rel=1e-12)
    assert derivative.item() == pytest.approx(2 * (xv * w - yv) * xv * slope, rel=1e-12)


def test_hypergrad_lets_in_place_updates_of_computed_weights_be() -> None:
    """Weights that are no leaf may be changed in place, with the same derivative."""
    x, y, xv, yv = _drawn(9, (6, 2), (6, 1), (4, 2), (4, 1))
    lr = torch.tensor(0.05, dtype=torch.float64, requires_grad=True)
    w = torch.zeros(2, 1, dtype=torch.float64) * lr
    for _ in range(5):
        loss = (x @ w - y).square().mean()
        w -= lr * torch.autograd.grad(loss, w, create_graph=True)[0]
    val = (xv @ w - yv).square().mean()
    expected = (val.detach(), torch.autograd.grad(val, lr)[0])
    torch.testing.assert_close(hypergrad(x, y, xv, yv, lr, 5), expected, rtol=1e-12, atol=1e-14)


def test_hypergrad_vanishes_where_training_has_arrived() -> None:
    """After 2,000 steps the rate has no influence, and the loss is that of least squares."""
    x, y, xv, yv = _drawn(10, (9, 2), (9, 1), (4, 2), (4, 1))
    val, slope = hypergrad(x, y, xv, yv, torch.tensor(0.1, dtype=torch.float64), 2000)
    best = (xv @ torch.linalg.lstsq(x, y).solution - yv).square().mean()
    torch.testing.assert_close(val, best)
    assert slope.abs() < 1e-9


def _drawn(seed: int, *shapes: tuple[int, ...]) -> list[Tensor]:
    """Draw float64 tensors."""
    draw = torch.Generator().manual_seed(seed)
    return [torch.randn(shape, generator=draw, dtype=torch.float64) for shape in shapes]
