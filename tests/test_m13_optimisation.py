"""The references of m13, proved by other routes."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
import torch
from m13_optimisation import (
    best_lr,
    gd_flops,
    gd_wins,
    largest_stable_lr,
    least_squares,
    mse_hessian,
    regime,
    steps_to,
)
from torch import Tensor
from torch.nn.functional import linear, mse_loss
from torch.utils.flop_counter import FlopCounterMode

from autograder.inside.tables import crop_yield


def crop(rows: int) -> tuple[Tensor, Tensor]:
    """Return a crop table as float64 tensors."""
    x, y = crop_yield(rows)
    return torch.from_numpy(x), torch.from_numpy(y)


def drawn(seed: int, *shapes: tuple[int, ...]) -> list[Tensor]:
    """Draw float64 tensors."""
    generator = torch.Generator().manual_seed(seed)
    return [torch.randn(shape, generator=generator, dtype=torch.float64) for shape in shapes]


def tutorial() -> tuple[Tensor, Tensor]:
    """Return the parameters behind the tutorial's first printed predictions."""
    w = [[-0.290955, -0.344986, 0.030538], [-0.652802, 0.738596, -0.515257]]
    b = [-0.916240, -0.777892]
    return torch.tensor(w, dtype=torch.float64), torch.tensor(b, dtype=torch.float64)


@pytest.mark.parametrize(("n", "n_in", "n_out"), [(5, 3, 2), (4, 2, 1), (1, 1, 1), (2, 4, 3)])
@pytest.mark.parametrize("bias", [True, False])
def test_mse_hessian_is_that_of_autograd(n: int, n_in: int, n_out: int, bias: bool) -> None:
    """Differentiated twice by torch, the loss has one such block per output and zeros elsewhere."""
    x, y, at = drawn(n, (n, n_in), (n, n_out), (n_out, n_in + bias))

    def loss(theta: Tensor) -> Tensor:
        return mse_loss(linear(x, theta[:, :n_in], theta[:, -1] if bias else None), y)

    size = n_out * (n_in + bias)
    whole = torch.autograd.functional.hessian(loss, at).reshape(size, size)
    torch.testing.assert_close(whole, torch.block_diag(*[mse_hessian(x, n_out, bias)] * n_out))


def test_mse_hessian_says_that_the_loss_is_convex() -> None:
    """No curvature is below 0, and the loss lies nowhere above a chord."""
    x, y, one, other = drawn(2, (6, 3), (6, 1), (4,), (4,))
    assert torch.linalg.eigvalsh(mse_hessian(x)).min() > 0

    def loss(theta: Tensor) -> float:
        return mse_loss(linear(x, theta[None, :3], theta[3:]), y).item()

    for share in torch.linspace(0, 1, 11, dtype=torch.float64):
        between = loss(share * one + (1 - share) * other)
        assert between <= share * loss(one) + (1 - share) * loss(other) + 1e-12


@pytest.mark.parametrize("column", [0, 1], ids=["a twin", "a constant"])
def test_mse_hessian_is_singular_where_columns_depend_on_each_other(column: int) -> None:
    """A column that is there twice, or a constant one beside the bias, leaves a flat direction."""
    (x,) = drawn(3, (6, 2))
    assert torch.linalg.eigvalsh(mse_hessian(x)).min() > 1e-3
    extra = x[:, :1] if column == 0 else torch.full((6, 1), 7.0, dtype=torch.float64)
    least = torch.linalg.eigvalsh(mse_hessian(torch.cat([x, extra], dim=1))).min()
    assert abs(least) < 1e-12


@pytest.mark.parametrize(("rows", "condition"), [(5, 2.19e6), (15, 2.20e6)])
def test_mse_hessian_of_the_tutorials_table(rows: int, condition: float) -> None:
    """gd: the condition number of the Hessian is 2.19e6 with 5 rows and 2.20e6 with 15."""
    found = torch.linalg.cond(mse_hessian(crop(rows)[0], 2))
    assert found.item() == pytest.approx(condition, rel=3e-3)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_mse_hessian_has_the_dtype_of_its_input(dtype: torch.dtype) -> None:
    """Neither the dtype nor the input changes."""
    (x,) = drawn(4, (5, 3))
    x = x.to(dtype)
    before = x.clone()
    assert mse_hessian(x).dtype == dtype and torch.equal(x, before)


def run(x: Tensor, y: Tensor, lr: float, steps: int, w: Tensor, b: Tensor) -> list[float]:
    """Descend by hand with autograd's gradients; return the loss before each step."""
    w, b, losses = w.clone().requires_grad_(), b.clone().requires_grad_(), []
    for _ in range(steps):
        loss = mse_loss(linear(x, w, b), y)
        losses.append(loss.item())
        with torch.no_grad():
            for p, grad in zip((w, b), torch.autograd.grad(loss, (w, b)), strict=True):
                p -= lr * grad
    return losses


@pytest.mark.parametrize(("n", "n_in", "n_out"), [(6, 3, 2), (5, 1, 1), (2, 4, 3)])
def test_largest_stable_lr_parts_what_converges_from_what_does_not(
    n: int, n_in: int, n_out: int
) -> None:
    """At 0.98 of the limit the loss comes down, at 1.02 of it the loss grows."""
    x, y, w, b = drawn(5, (n, n_in), (n, n_out), (n_out, n_in), (n_out,))
    limit = largest_stable_lr(x, n_out)
    below, above = (run(x, y, share * limit, 500, w, b) for share in (0.98, 1.02))
    assert below[-1] < below[0] and below[-1] == pytest.approx(below[-2], rel=1e-6, abs=1e-9)
    assert above[-1] > 1e6 * above[0]


def test_largest_stable_lr_of_one_feature_in_a_closed_form() -> None:
    """Without a bias a single feature has the curvature 2 mean(x²) / O."""
    (x,) = drawn(6, (7, 1))
    assert largest_stable_lr(x, 3, bias=False) == pytest.approx(3 / x.square().mean().item())


@pytest.mark.parametrize(("rows", "limit"), [(5, 1.1167e-4), (15, 1.1155e-4)])
def test_largest_stable_lr_of_the_tutorials_table(rows: int, limit: float) -> None:
    """gd: the tutorial's 5 and 15 rows bear learning rates up to 1.1167e-4 and 1.1155e-4."""
    assert largest_stable_lr(crop(rows)[0], 2) == pytest.approx(limit, abs=5e-9)


def test_largest_stable_lr_lies_between_two_rates_of_the_tutorial() -> None:
    """gd: from the tutorial's first parameters, 1.11e-4 still converges and 1.12e-4 explodes."""
    fine, broken = (run(*crop(5), lr, 5000, *tutorial()) for lr in (1.11e-4, 1.12e-4))
    assert fine[-1] < 100 and broken[-1] > 1e12


def curvatures(seed: int, count: int) -> Tensor:
    """Draw curvatures above 0, in no order."""
    (drawn_,) = drawn(seed, (count,))
    return 0.2 + drawn_.square()


def distances(lr: float, lams: Tensor, steps: int) -> Tensor:
    """Descend on a quadratic loss from 1 along every eigenvector; return all distances."""
    theta = torch.ones_like(lams)
    path = [theta]
    for _ in range(steps):
        theta = theta - lr * lams * theta
        path.append(theta)
    return torch.stack(path)


@pytest.mark.parametrize("share", [0.1, 0.3, 0.49, 0.51, 0.8, 0.99, 1.01, 1.5])
def test_regime_is_what_a_run_does(share: float) -> None:
    """Signs and sizes of simulated distances say the same as the word."""
    lams = curvatures(7, 5)
    path = distances(share * 2 / lams.max().item(), lams, 40)
    swings = bool((path[1:] * path[:-1] < 0).any())
    grows = bool((path[-1].abs() >= 1).any())
    word = "diverging" if grows else "oscillating" if swings else "monotone"
    assert regime(share * 2 / lams.max().item(), lams) == word


def test_regime_on_its_borders() -> None:
    """A factor of 0 still is monotone, a factor of -1 is diverging already."""
    lams = torch.tensor([0.5, 4.0])
    assert (regime(0.25, lams), regime(0.5, lams)) == ("monotone", "diverging")


@pytest.mark.parametrize("count", [1, 2, 6])
def test_best_lr_beats_all_others(count: int) -> None:
    """No learning rate of a fine grid has a smaller greatest factor."""
    lams = curvatures(8, count)
    lr, rate = best_lr(lams)
    grid = torch.linspace(0, 3 / lams.max().item(), 20_001, dtype=torch.float64)
    rates = (1 - grid[:, None] * lams).abs().amax(1)
    assert rates.min().item() >= rate - 1e-12
    assert grid[rates.argmin()].item() == pytest.approx(lr, abs=2e-4 * lr)
    assert (1 - lr * lams).abs().max().item() == pytest.approx(rate, abs=1e-12)


@pytest.mark.parametrize("tol", [0.5, 1e-3, 1e-6])
@pytest.mark.parametrize("share", [0.1, 0.6, 0.97])
def test_steps_to_is_what_runs_take(share: float, tol: float) -> None:
    """From the slowest direction a run takes as many steps; from random starts none takes more."""
    lams = curvatures(9, 4)
    lr = share * 2 / lams.max().item()
    steps = steps_to(lr, lams, tol)
    path = distances(lr, lams, steps).abs().amax(1)
    assert path[-1] <= tol < path[-2]
    for start in drawn(10, (20, 4))[0]:
        run_ = (distances(lr, lams, steps) * start).norm(dim=1)
        assert run_[-1] <= tol * run_[0]


def test_steps_to_where_the_first_step_arrives() -> None:
    """With one curvature and its inverse as learning rate, one step is enough."""
    assert steps_to(0.25, torch.tensor([4.0]), 1e-9) == 1


@pytest.mark.parametrize("lr", [0.5, 0.6, 3.0])
def test_steps_to_refuses_what_diverges(lr: float) -> None:
    """At the limit and beyond it there is no number of steps."""
    with pytest.raises(ValueError, match="never"):
        steps_to(lr, torch.tensor([1.0, 4.0]), 0.1)


def test_steps_to_grows_with_the_condition_number() -> None:
    """At the best rate the number is near condition / 2 * log(1 / tol)."""
    for condition in (10.0, 100.0, 1000.0):
        lams = torch.tensor([1.0, condition], dtype=torch.float64)
        steps = steps_to(best_lr(lams)[0], lams, 1e-6)
        assert steps == pytest.approx(condition / 2 * math.log(1e6), rel=0.01)


def test_a_full_gradient_breaks_the_tutorials_model() -> None:
    """gd.21: one step with the raw gradient takes the tutorial's loss from 15,814 to 5.0e12."""
    losses = run(*crop(5), 1.0, 2, *tutorial())
    assert losses == pytest.approx([15813.81, 5.0e12], rel=0.01)


def test_a_rate_of_a_thousandth_ends_in_inf_and_then_nan() -> None:
    """lr.19: in float32, from the tutorial's start, the loss is inf at step 14 and NaN at 31."""
    x, y, w, b = (t.float() for t in (*crop(5), *tutorial()))
    losses = run(x, y, 1e-3, 40, w, b)
    assert all(later > loss for loss, later in pairwise(losses[:14]))
    assert [math.isinf(loss) for loss in losses].index(True) == 14
    assert [math.isnan(loss) for loss in losses].index(True) == 31


@pytest.mark.parametrize(("n", "d", "o", "steps"), [(7, 5, 3, 4), (1, 1, 1, 1), (20, 3, 6, 2)])
def test_gd_flops_is_what_torch_counts(n: int, d: int, o: int, steps: int) -> None:
    """torch's own counter finds as many operations in a training loop."""
    x, y = drawn(11, (n, d), (n, o))
    w = torch.zeros(o, d, dtype=torch.float64, requires_grad=True)
    with FlopCounterMode(display=False) as counter:
        for _ in range(steps):
            (grad,) = torch.autograd.grad(mse_loss(x @ w.T, y), w)
            w = (w - 0.01 * grad).detach().requires_grad_()
    assert counter.get_total_flops() == gd_flops(n, d, o, steps)


def test_gd_wins_below_the_step_where_both_are_equal() -> None:
    """With n = 2, d = 6 and o = 2 both take 288 operations at the third step."""
    assert gd_flops(2, 6, 2, 3) == 288 == 2 * 2 * 6**2 + 6**3 * 2 / 3
    assert [gd_wins(2, 6, 2, steps) for steps in (1, 2, 3, 4)] == [True, True, False, False]


def test_gd_wins_counts_the_product_as_torch_does() -> None:
    """By torch's counter the product takes 2nd², which decides where d is small."""
    (x,) = drawn(12, (600, 3))
    with FlopCounterMode(display=False) as counter:
        x.T @ x
    product = counter.get_total_flops()
    assert product == 2 * 600 * 3**2
    assert gd_wins(600, 3, 1, 1) and not gd_wins(600, 3, 1, 2)
    assert gd_flops(600, 3, 1, 1) < product < gd_flops(600, 3, 1, 2)


def flat(w: Tensor, b: Tensor) -> Tensor:
    """Return w and b as one table, [O, I + 1]."""
    return torch.cat([w, b[:, None]], dim=1)


@pytest.mark.parametrize(("n", "n_in", "n_out"), [(8, 3, 2), (5, 1, 1), (3, 5, 2), (1, 2, 2)])
def test_least_squares_leaves_no_gradient_and_no_flat_part(n: int, n_in: int, n_out: int) -> None:
    """The gradient is 0, and the parameters lie in the span of the rows: none is smaller."""
    x, y = drawn(13, (n, n_in), (n, n_out))
    w, b = (p.requires_grad_() for p in least_squares(x, y))
    for grad in torch.autograd.grad(mse_loss(linear(x, w, b), y), (w, b)):
        assert grad.abs().max() < 1e-12
    _, s, vt = torch.linalg.svd(torch.cat([x, torch.ones_like(x[:, :1])], dim=1))
    assert (flat(w, b) @ vt[len(s) :].T).abs().sum() < 1e-12


def test_least_squares_shares_between_twins_and_with_the_bias() -> None:
    """Equal columns get equal weights, and a column of ones gets the bias's number."""
    x, y = drawn(14, (7, 2), (7, 2))
    w, _ = least_squares(torch.cat([x, x], dim=1), y)
    torch.testing.assert_close(w[:, :2], w[:, 2:])
    w, b = least_squares(torch.cat([x, torch.ones_like(x[:, :1])], dim=1), y)
    torch.testing.assert_close(w[:, 2], b)


@pytest.mark.parametrize("n", [8, 3])
def test_least_squares_is_where_descent_from_zero_ends(n: int) -> None:
    """lr.5: gradient descent that runs on reaches the same parameters, also where many fit."""
    x, y = drawn(15, (n, 3), (n, 2))
    w, b = torch.zeros(2, 3, dtype=torch.float64), torch.zeros(2, dtype=torch.float64)
    for _ in range(20_000):
        error = 0.2 * (linear(x, w, b) - y) / n
        w, b = w - error.T @ x, b - error.sum(0)
    torch.testing.assert_close(flat(w, b), flat(*least_squares(x, y)), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize(("rows", "loss"), [(5, 0.483121), (15, 0.909446)])
def test_least_squares_of_the_tutorials_table(rows: int, loss: float) -> None:
    """gd: the smallest loss is 0.4831 with 5 rows and 0.9094 with 15."""
    x, y = crop(rows)
    found = mse_loss(linear(x, *least_squares(x, y)), y).item()
    assert found == pytest.approx(loss, abs=1e-6)


def test_normal_equations_square_the_condition_number() -> None:
    """lr.5: on 15 rows it goes from 1484 to 2.2e6; in float32 the error from 1e-5 to 2.5e-4."""
    x, y = crop(15)
    table = torch.cat([x, torch.ones_like(x[:, :1])], dim=1)
    assert torch.linalg.cond(table).item() == pytest.approx(1484, abs=1)
    assert torch.linalg.cond(table.T @ table).item() == pytest.approx(2.2e6, rel=0.01)
    best, single = flat(*least_squares(x, y)), table.float()
    solved = torch.linalg.solve(single.T @ single, single.T @ y.float()).T
    lstsq = torch.linalg.lstsq(single, y.float()).solution.T
    ours = flat(*least_squares(x.float(), y.float()))
    errors = [((p.double() - best).norm() / best.norm()).item() for p in (solved, lstsq, ours)]
    assert errors[0] > 1e-4 and errors[1] < 5e-5 and errors[2] < 5e-5
