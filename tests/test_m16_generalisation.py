"""The references of m16, proved by closed forms, sampling, differences and torch's counterparts."""

from __future__ import annotations

import copy
import math
import statistics

import pytest
import torch
from m16_generalisation import (
    EarlyStopping,
    can_memorise,
    double_descent,
    expected_errors,
    hypergrad,
    interpolate,
    lasso_ista,
    ridge,
    select_lr,
)
from torch import Tensor


def drawn(seed: int, *shapes: tuple[int, ...]) -> list[Tensor]:
    """Draw float64 tensors."""
    generator = torch.Generator().manual_seed(seed)
    return [torch.randn(shape, generator=generator, dtype=torch.float64) for shape in shapes]


def test_ridge_is_where_a_long_training_with_weight_decay_ends() -> None:
    """lr.36: SGD of torch with weight_decay ends there to 1e-12, also with 3 targets."""
    x, y = drawn(1, (7, 2), (7, 3))
    w = torch.zeros(3, 2, dtype=torch.float64, requires_grad=True)
    opt = torch.optim.SGD([w], lr=0.3, weight_decay=0.5)
    for _ in range(500):
        opt.zero_grad()
        torch.nn.functional.mse_loss(x @ w.T, y).backward()
        opt.step()
    torch.testing.assert_close(ridge(x, y, 0.5), w.detach(), rtol=0, atol=1e-12)


def test_ridge_is_the_minimum_of_loss_and_half_lam_times_the_squares() -> None:
    """The gradient of that sum is zero there, and moves in drawn directions raise it."""
    x, y = drawn(2, (4, 6), (4, 2))

    def penalised(w: Tensor) -> Tensor:
        return (x @ w.T - y).square().mean() + 0.7 / 2 * w.square().sum()

    w = ridge(x, y, 0.7).requires_grad_()
    (grad,) = torch.autograd.grad(penalised(w), w)
    assert grad.abs().max() < 1e-14
    for move in drawn(3, *[(2, 6)] * 20):
        assert penalised(w + 0.1 * move) > penalised(w)


def test_ridge_shares_a_weight_evenly_between_equal_columns() -> None:
    """lr.29: least squares leaves the shares open; the decay decides for equal ones, which are
    smallest, and shrinks them more for a larger lam."""
    column, y = drawn(4, (9, 1), (9, 1))
    x = column.repeat(1, 2)
    weak, strong = ridge(x, y, 0.1), ridge(x, y, 1.0)
    torch.testing.assert_close(weak[:, 0], weak[:, 1], rtol=1e-12, atol=0)
    assert strong.norm() < weak.norm()
    torch.testing.assert_close(2 * ridge(x, y, 1e-9)[0, 0], (column * y).sum() / column.norm() ** 2)


def lasso_loss(x: Tensor, y: Tensor, w: Tensor, lam: float) -> Tensor:
    """Return the mean squared error plus lam times the sum of absolute values."""
    return (x @ w.T - y).square().mean() + lam * w.abs().sum()


def test_lasso_ista_ends_where_no_weight_wants_to_move() -> None:
    """lr.57: where a weight is not 0 the slope of the error is -lam times its sign; where it is
    exactly 0 the slope is smaller than lam."""
    x, y = drawn(8, (12, 6), (12, 2))
    w = lasso_ista(x, y, 0.2, 500).requires_grad_()
    (slope,) = torch.autograd.grad((x @ w.T - y).square().mean(), w)
    zero = w.detach() == 0
    assert 0 < zero.sum() < zero.numel()
    torch.testing.assert_close(slope[~zero], -0.2 * w.detach()[~zero].sign(), rtol=0, atol=1e-12)
    assert (slope[zero].abs() < 0.2).all()
    for move in drawn(9, *[(2, 6)] * 20):
        assert lasso_loss(x, y, w + 0.01 * move, 0.2) > lasso_loss(x, y, w, 0.2)


def test_each_step_of_lasso_ista_is_the_minimum_of_a_bowl_above_the_loss() -> None:
    """Gradient, L/2 times the squared distance and penalty: no drawn weights lie lower than the
    next step, and one step with orthogonal columns of equal length is the solution."""
    x, y = drawn(10, (5, 3), (5, 2))
    top: Tensor = 2 / y.numel() * torch.linalg.eigvalsh(x.T @ x)[-1]
    w, after = lasso_ista(x, y, 0.1, 2).requires_grad_(), lasso_ista(x, y, 0.1, 3)
    (slope,) = torch.autograd.grad((x @ w.T - y).square().mean(), w)

    def bowl(v: Tensor) -> Tensor:
        return (slope * v).sum() + top / 2 * (v - w).square().sum() + 0.1 * v.abs().sum()

    for size in (1.0, 1e-2, 1e-4):
        assert all(bowl(after + size * move) > bowl(after) for move in drawn(11, *[(2, 3)] * 20))
    square = torch.linalg.qr(drawn(12, (4, 4))[0]).Q
    one, many = (lasso_ista(square, square @ square.T * 2, 0.05, k) for k in (1, 50))
    torch.testing.assert_close(one, many, rtol=0, atol=1e-12)


def test_steps_along_a_subgradient_leave_a_rest_and_never_reach_zero() -> None:
    """lr.57: at a learning rate of 1e-3 a useless weight keeps about 5e-4; ISTA makes it 0."""
    (x,) = drawn(13, (50, 1))
    y, w, seen = 0 * x, torch.full((1, 1), 0.5003, dtype=torch.float64), []
    for _ in range(1500):
        w = w - 1e-3 * (2 / 50 * (x @ w.T - y).T @ x + w.sign())
        seen.append(w.item())
    assert 0.0 not in seen
    assert 2e-4 < max(map(abs, seen[-100:])) < 1e-3
    assert lasso_ista(x, y + 0.1, 1.0, 3).item() == 0


def scripted(losses: list[float], patience: int, min_delta: float = 0.0) -> list[bool]:
    """Return what step says of each loss."""
    stopper, model = EarlyStopping(patience, min_delta), torch.nn.Linear(1, 1)
    return [stopper.step(loss, model) for loss in losses]


def test_early_stopping_says_what_a_look_at_the_last_calls_says() -> None:
    """lr.32: stop is said exactly where the last `patience` calls were no improvement, by a walk
    over the list of losses."""
    generator = torch.Generator().manual_seed(14)
    for patience, delta in ((1, 0.0), (2, 0.0), (3, 0.25), (2, 0.5)):
        losses = (torch.randint(-8, 8, (60,), generator=generator) / 4).tolist()
        losses[::7] = [float("nan")] * len(losses[::7])
        improved, best = [], float("inf")
        for loss in losses:
            improved.append(loss < best - delta)
            best = loss if improved[-1] else best
        late = [
            i + 1 >= patience and not any(improved[i + 1 - patience : i + 1]) for i in range(60)
        ]
        assert scripted(losses, patience, delta) == late


def test_early_stopping_restores_the_best_epoch_of_a_training() -> None:
    """lr.32: a model that memorises noise is given back the state of its best held-out loss, as a
    deep copy of each epoch shows; the optimizer goes on with it."""
    x, y, xv, yv = drawn(15, (8, 6), (8, 1), (40, 6), (40, 1))
    y, yv = y + x[:, :1], yv + xv[:, :1]
    torch.manual_seed(0)
    model = torch.nn.Sequential(
        torch.nn.Linear(6, 8), torch.nn.BatchNorm1d(8), torch.nn.Linear(8, 1)
    )
    opt = torch.optim.SGD(model.double().parameters(), lr=0.05)
    stopper, stop = EarlyStopping(5), False
    states: list[dict[str, Tensor]] = []
    losses: list[float] = []
    while not stop and len(losses) < 200:
        opt.zero_grad()
        torch.nn.functional.mse_loss(model.train()(x), y).backward()
        opt.step()
        with torch.no_grad():
            losses.append((model.eval()(xv) - yv).square().mean().item())
        states.append(copy.deepcopy(model.state_dict()))
        stop = stopper.step(losses[-1], model)
    best = states[losses.index(min(losses))]
    assert 5 < len(losses) < 200
    assert losses.index(min(losses)) == len(losses) - 6
    stopper.restore(model)
    for name, tensor in model.state_dict().items():
        assert torch.equal(tensor, best[name])
    opt.step()
    assert not torch.equal(model.get_parameter("0.weight"), best["0.weight"])


@pytest.mark.parametrize("bias", [True, False])
def test_can_memorise_agrees_with_the_fit_of_every_unit_target(bias: bool) -> None:
    """lr.56: least squares fits the N targets of the identity exactly, or it does not."""
    for n in (1, 3, 4, 5):
        (x,) = drawn(n, (n, 3))
        for rows in (x, torch.cat([x[1:], x[:1], x[:1]]), torch.cat([x, x.mean(0)[None]])):
            design = torch.nn.functional.pad(rows, (0, int(bias)), value=1.0)
            fitted = design @ torch.linalg.lstsq(design, torch.eye(len(design)).double()).solution
            assert can_memorise(rows, bias) is torch.allclose(fitted, torch.eye(len(rows)).double())


def test_two_equal_rows_leave_a_loss_of_a_quarter() -> None:
    """lr.56: no more rows than features, and yet 0.25 is the best for targets 0 and 1."""
    x = drawn(5, (1, 4))[0].repeat(2, 1)
    y = torch.tensor([[0.0], [1.0]], dtype=torch.float64)
    assert not can_memorise(x)
    with pytest.raises(ValueError, match="no linear model"):
        interpolate(x, y)
    w = torch.zeros(1, 4, dtype=torch.float64, requires_grad=True)
    opt = torch.optim.SGD([w], lr=0.05)
    for _ in range(400):
        opt.zero_grad()
        (loss := (x @ w.T - y).square().mean()).backward()
        opt.step()
    assert loss.item() == pytest.approx(0.25, abs=1e-12)
    w_same, b_same = interpolate(x, y * 0 + 3)
    torch.testing.assert_close(x @ w_same.T + b_same, y * 0 + 3)


def test_interpolate_is_where_descent_from_zeros_ends() -> None:
    """lr.16: gradient descent on weight and bias of nn.Linear, begun at zeros, ends there."""
    x, y = drawn(6, (3, 5), (3, 2))
    layer = torch.nn.Linear(5, 2, dtype=torch.float64)
    for p in layer.parameters():
        torch.nn.init.zeros_(p)
    opt = torch.optim.SGD(layer.parameters(), lr=0.4)
    for _ in range(1500):
        opt.zero_grad()
        torch.nn.functional.mse_loss(layer(x), y).backward()
        opt.step()
    w, b = interpolate(x, y)
    torch.testing.assert_close(layer.weight.detach(), w, rtol=0, atol=1e-9)
    torch.testing.assert_close(layer.bias.detach(), b, rtol=0, atol=1e-9)


def test_a_fit_of_pure_noise_has_small_weights_and_a_large_error_on_new_rows() -> None:
    """lr.16: weights below 1 in length fit 30 rows of noise exactly, and are no use elsewhere."""
    x, y, new_x, new_y = drawn(7, (30, 300), (30, 1), (2000, 300), (2000, 1))
    w, b = interpolate(x, y)
    assert (x @ w.T + b - y).abs().max() < 1e-12
    assert torch.cat([w[0], b]).norm() < 0.5
    assert (new_x @ w.T + b - new_y).square().mean() > new_y.square().mean()


def test_double_descent_peaks_where_features_match_rows() -> None:
    """tb.55: at 40 rows the median error of 11 data sets is highest at 40 features, by far."""
    errors = [_descent(seed, (20, 40, 400)) for seed in range(11)]
    few, as_many, many = (statistics.median(column) for column in zip(*errors, strict=True))
    assert as_many > 5 * few and as_many > 5 * many
    assert many < few  # the second descent
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
    x, y = drawn(1, (8, 6), (8, 2))
    few, as_many, many = double_descent(x, y, x, y, [5, 8, 30], 3)
    assert few > 0.01 and as_many < 1e-12 and many < 1e-20


@pytest.mark.parametrize("width", [3, 8, 20])
def test_double_descent_takes_the_solution_of_minimum_norm(width: int) -> None:
    """The error is that of the limit of a vanishing penalty, which is the minimum-norm solution."""
    x, y, xt, yt = drawn(2, (8, 6), (8, 2), (5, 6), (5, 2))
    draw = torch.Generator().manual_seed(7)
    w = torch.randn(6, width, generator=draw, dtype=torch.float64)
    train, test = (torch.relu(t @ w) for t in (x, xt))
    small = 1e-10 * torch.eye(8, dtype=torch.float64)
    coefficients = train.T @ torch.linalg.solve(train @ train.T + small, y)
    error = (test @ coefficients - yt).square().mean().item()
    assert double_descent(x, y, xt, yt, [width], 7) == pytest.approx([error], rel=1e-3)


def test_double_descent_of_each_width_stands_alone() -> None:
    """The same widths in another order give the same errors, and another seed others."""
    x, y, xt, yt = drawn(3, (6, 5), (6, 1), (4, 5), (4, 1))
    first, second = (double_descent(x, y, xt, yt, widths, 1) for widths in ([2, 9], [9, 2]))
    assert first == second[::-1] and first != double_descent(x, y, xt, yt, [2, 9], 2)


@pytest.mark.parametrize(("n", "p", "sigma"), [(30, 10, 1.0), (12, 3, 0.5), (40, 4, 2.0)])
def test_expected_errors_agree_with_sampling(n: int, p: int, sigma: float) -> None:
    """4,000 fits have both errors on average, whatever the covariance of the features."""
    x, e, xv, ev, mix = drawn(4, *[(4000, n, p), (4000, n, 1)] * 2, (p, p))
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
    (x,) = drawn(5, (4000, 30, 10))
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
    x, xv, w = drawn(6, (3, 7), (50, 7), (7, 1))
    for size in (1.0, 1000.0):
        left = xv @ (torch.linalg.pinv(x) @ (x @ w) - w) * size
        assert left.square().mean() > 0.1 * size**2


def test_select_lr_finds_the_best_of_real_trainings() -> None:
    """Of rates that creep, suit and diverge, the one that suits wins, in every order."""
    x, w, e, xv = drawn(7, (20, 3), (3, 1), (20, 1), (50, 3))
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


@pytest.mark.parametrize("losses", [[], [math.nan], [math.inf, math.nan, -math.inf]])
def test_select_lr_refuses_where_nothing_is_finite(losses: list[float]) -> None:
    """ValueError is raised where no training has come to anything."""
    with pytest.raises(ValueError, match="finite"):
        select_lr(range(len(losses)), lambda i: i, lambda i: 0.0, lambda i: losses[int(i)])


@pytest.mark.parametrize(("steps", "outputs"), [(1, 1), (2, 3), (5, 2), (40, 1)])
def test_hypergrad_agrees_with_differences(steps: int, outputs: int) -> None:
    """lr.31: the derivative is the slope between two trainings with slightly other rates."""
    x, y, xv, yv = drawn(8, (5, 3), (5, outputs), (4, 3), (4, outputs))
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
    x, y, xv, yv = drawn(9, (6, 2), (6, 1), (4, 2), (4, 1))
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
    x, y, xv, yv = drawn(10, (9, 2), (9, 1), (4, 2), (4, 1))
    val, slope = hypergrad(x, y, xv, yv, torch.tensor(0.1, dtype=torch.float64), 2000)
    best = (xv @ torch.linalg.lstsq(x, y).solution - yv).square().mean()
    torch.testing.assert_close(val, best)
    assert slope.abs() < 1e-9
