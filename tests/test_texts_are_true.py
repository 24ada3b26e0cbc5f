"""What stubs, hints, feedback and answers say of numbers and of PyTorch is so."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from itertools import pairwise

import pytest
import torch
from m06_model import model, mse
from m07_gradients import predicted_change
from m08_manual_training import forgotten_zero, forgotten_zero_limit
from m09_data import one_pass
from torch import Tensor, nn
from torch.nn.functional import mse_loss

from autograder.inside import ROOT
from autograder.inside.tables import crop_yield

from .samples import public_key

CURVATURES = torch.tensor([2.0, 0.5], dtype=torch.float64)  # of a quadratic loss, at its minimum 0


def never_cleared(lr: float, steps: int) -> list[float]:
    """Return the losses of training on the crop table without ever clearing the gradients."""
    x, y = (torch.tensor(table, dtype=torch.float64) for table in crop_yield(5))
    w = torch.zeros(2, 3, dtype=torch.float64, requires_grad=True)
    b = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    losses = []
    for _ in range(steps):
        loss = mse(model(x, w, b), y)
        loss.backward()
        with torch.no_grad():
            for p in (w, b):
                assert p.grad is not None
                p -= lr * p.grad
        losses.append(loss.item())
    return losses


def path(lr: float, start: Tensor, steps: int = 2000) -> Tensor:
    """Return the path whose gradients are never cleared, on the quadratic loss."""
    return forgotten_zero(lambda w: CURVATURES * w, start, lr, steps)


def test_without_clearing_the_path_swings_and_stays_bounded() -> None:
    """On the crop table the loss falls and rises again for ever, and stays near its start."""
    losses = never_cleared(1e-5, 3000)
    turns = sum((b - a) * (c - b) < 0 for (a, b), (_, c) in pairwise(pairwise(losses[2000:])))
    assert turns > 100
    assert max(losses) < 1.2 * losses[0]


def test_the_limit_of_the_uncleared_path_needs_a_minimum() -> None:
    """Below it every path is bounded and swings; above it some grow; without a minimum all do."""
    limit, start = forgotten_zero_limit(2.0), torch.ones(2, dtype=torch.float64)
    below = path(0.95 * limit, start)
    assert below.abs().max() < 10
    assert below[-100:].abs().max() > 0.5  # it has not settled
    assert path(1.01 * limit, start)[-1].abs().max() > 1e6
    assert path(0.95 * limit, torch.zeros_like(start)).abs().max() == 0  # a start at the minimum
    sloping = forgotten_zero(torch.ones_like, start, 0.1, 2000)
    assert sloping[-1].abs().max() > 1e5


@pytest.mark.parametrize(
    ("loss", "at", "ratio"),
    [(torch.exp, 0.3, 4), (torch.square, 2.0, 4), (lambda w: w**3, 0.0, 8)],
)
def test_halving_a_step_usually_quarters_the_error(
    loss: Callable[[Tensor], Tensor], at: float, ratio: int
) -> None:
    """The error of the predicted change shrinks to a quarter; of w^3 at 0, to an eighth."""
    w = torch.tensor(at, dtype=torch.float64, requires_grad=True)
    (grad,) = torch.autograd.grad(loss(w), w)
    start = w.detach()

    def error(delta: float) -> float:
        step = torch.tensor(delta, dtype=torch.float64)
        change = loss(start + step) - loss(start)
        return abs(change.item() - predicted_change(grad, step))

    assert error(1e-3) / error(5e-4) == pytest.approx(ratio, rel=1e-2)


@pytest.mark.parametrize(("lr", "last"), [(0.1, True), (0.6, True), (0.99, True), (1.2, False)])
def test_the_last_row_weighs_most_below_a_rate_of_1(lr: float, last: bool) -> None:
    """The weights of rows grow towards the last one, unless the learning rate is above 1."""
    rows = torch.eye(5, dtype=torch.float64)
    weights = [abs(one_pass(row, lr)) for row in rows]
    assert (weights.index(max(weights)) == 4) is last


def test_leaves_are_what_backward_fills() -> None:
    """Tensors marked late or while drawn are leaves and get gradients; a result does not."""
    late, drawn = torch.randn(3).requires_grad_(), torch.randn(3, requires_grad=True)
    result = drawn * 0.1
    (result.sum() + late.sum()).backward()
    assert [t.is_leaf for t in (late, drawn, result)] == [True, True, False]
    assert late.grad is not None and drawn.grad is not None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert result.grad is None
    kept = drawn * 2
    kept.retain_grad()  # what "by default" leaves open
    kept.sum().backward()
    assert kept.grad is not None


def test_a_fresh_generator_starts_from_the_same_state() -> None:
    """One that is made inside a function, with or without a seed, draws the same every time."""
    first, second = (torch.randperm(50, generator=torch.Generator()) for _ in range(2))
    assert torch.equal(first, second)


def test_what_pytorch_refuses() -> None:
    """Numbers as gradients, leaves changed on the record, results in optimizers, a bare class."""
    p = torch.ones(2, requires_grad=True)
    with pytest.raises(TypeError):
        p.grad = 0  # type: ignore[assignment]
    with pytest.raises(RuntimeError, match="leaf"):
        p -= 1
    with pytest.raises(ValueError, match="non-leaf"):
        torch.optim.SGD([p * 1], lr=0.1)
    with pytest.raises(RuntimeError, match="Boolean value"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        nn.MSELoss(torch.ones(2, 1), torch.ones(2, 1))
    with pytest.raises(RuntimeError, match="requires grad"):
        p.numpy()


def test_torchs_own_loss_only_warns_of_unequal_shapes() -> None:
    """It broadcasts [3, 1] against [3] to all nine differences."""
    pred, target = torch.tensor([[0.0], [1.0], [2.0]]), torch.tensor([0.0, 1.0, 2.0])
    with pytest.warns(UserWarning, match="target size"):
        assert mse_loss(pred, target).item() == pytest.approx(12 / 9)


def test_training_on_a_table_of_all_pairs_ends_in_a_flat_line() -> None:
    """Every prediction against every target is least wrong at the targets' mean."""
    y = torch.tensor([0.0, 1.0, 5.0], dtype=torch.float64)
    pred = torch.tensor([[3.0], [-1.0], [0.5]], dtype=torch.float64, requires_grad=True)
    for _ in range(300):
        (gradient,) = torch.autograd.grad((pred - y).square().mean(), pred)
        pred = (pred - gradient).detach().requires_grad_()
    torch.testing.assert_close(pred.detach(), torch.full_like(pred, 2.0))


@pytest.mark.parametrize("workers", [1, 2, 3, 5])
def test_with_the_square_of_the_workers_each_gets_an_item(workers: int) -> None:
    """Strides and equal blocks alike leave no worker without one."""

    def blocks(n: int) -> list[range]:
        size = -(-n // workers)
        return [range(k * size, min((k + 1) * size, n)) for k in range(workers)]

    for n in range(workers**2, workers**2 + 2 * workers):
        assert all(blocks(n)) and all(range(k, n, workers) for k in range(workers))


def test_noise_on_x_makes_a_fitted_slope_too_flat() -> None:
    """With noise as wide as x, half of the slope is left."""
    generator = torch.Generator().manual_seed(1)
    x, noise = (torch.randn(100_000, generator=generator, dtype=torch.float64) for _ in range(2))
    seen = x + noise
    assert ((seen * 3 * x).sum() / seen.square().sum()).item() == pytest.approx(1.5, abs=0.05)


def test_without_a_bias_the_tutorials_first_weight_is_minus_0_298() -> None:
    """What the feedback of recover_params says of weights that are fitted alone."""
    (case,) = (case for case in public_key("recover_params").cases if "rows" in case.given)
    x = torch.tensor(crop_yield(5)[0], dtype=torch.float64)
    preds = torch.tensor(case.given["preds"], dtype=torch.float64)
    weights = torch.linalg.lstsq(x, preds).solution.T
    assert f"{weights[0, 0]:.4f}" == "-0.2980"


def test_what_security_is_held_by_exists() -> None:
    """Each row of the table names tests that are there."""
    _, _, table = (ROOT / "SECURITY.md").read_text("utf-8").partition("## Held by")
    named = re.findall(r"`([\w/]+\.py)`", table)
    assert len(named) > 20
    assert [name for name in named if not (ROOT / "tests" / name).is_file()] == []
