"""The references of m08, proved by torch's optimizer, differences and the tutorial's numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

import pytest
import torch
from m08_manual_training import (
    backoff_lr,
    forgotten_zero,
    forgotten_zero_limit,
    sgd_step_,
    train,
    train_step,
    zero_grads_,
)
from torch import Tensor
from torch.nn.functional import linear, mse_loss

from autograder.inside.tables import crop_yield

SIZES = [(4, 3, 2), (5, 2, 2), (1, 1, 1), (6, 4, 1)]
START_W = [[-0.290955, -0.344986, 0.030538], [-0.652802, 0.738596, -0.515257]]
START_B = [-0.916240, -0.777892]


def draw(seed: int, *shapes: tuple[int, ...]) -> list[Tensor]:
    """Return standard-normal float64 tensors of these shapes."""
    generator = torch.Generator().manual_seed(seed)
    return [torch.randn(*shape, generator=generator, dtype=torch.float64) for shape in shapes]


def leaves(seed: int, *shapes: tuple[int, ...]) -> list[Tensor]:
    """Return parameters of these shapes."""
    return [tensor.requires_grad_() for tensor in draw(seed, *shapes)]


def tutorial(dtype: torch.dtype = torch.float32) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return the crop table and the parameters behind the tutorial's first predictions."""
    x, y = (torch.tensor(table, dtype=dtype) for table in crop_yield(5))
    w, b = (torch.tensor(p, dtype=dtype, requires_grad=True) for p in (START_W, START_B))
    return x, y, w, b


def test_sgd_step_is_the_step_of_torchs_optimizer() -> None:
    """Two steps on the same gradients leave the numbers that torch.optim.SGD leaves."""
    mine, theirs = leaves(1, (3, 2), (3,), (4,)), leaves(1, (3, 2), (3,), (4,))
    optimizer = torch.optim.SGD(theirs, lr=0.3)
    for seed in (2, 3):
        for p, q, grad in zip(mine, theirs, draw(seed, (3, 2), (3,), (4,)), strict=True):
            p.grad, q.grad = grad.clone(), grad.clone()
        mine[2].grad = theirs[2].grad = None
        sgd_step_(mine, 0.3)
        optimizer.step()
        for p, q in zip(mine, theirs, strict=True):
            torch.testing.assert_close(p, q, rtol=1e-14, atol=0)


def test_sgd_step_of_numbers_worked_out_by_hand() -> None:
    """From 1 and 2, with gradients 10 and -20 and lr 0.1, one gets to 0 and 4, exactly once."""
    p = torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True)
    p.grad = torch.tensor([10.0, -20.0], dtype=torch.float64)
    assert sgd_step_((q for q in [p]), 0.1) is None  # type: ignore[func-returns-value]
    assert p.tolist() == [0.0, 4.0]
    assert p.grad.tolist() == [10.0, -20.0]


def test_sgd_step_leaves_leaves_and_is_noticed() -> None:
    """The step is not recorded, and a graph from before it refuses to go backward."""
    [p] = leaves(4, (3,))
    p.grad = torch.ones_like(p)
    recorded, version = p.square().sum(), p._version
    sgd_step_([p], 0.1)
    assert p.is_leaf and p.requires_grad and p.grad_fn is None
    assert p._version == version + 1
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        recorded.backward()


def test_zero_grads_clears_the_memory_of_the_gradient() -> None:
    """The same tensor holds zeros, NaN and infinity are gone, None stays, p is untouched."""
    p, q = leaves(5, (3,), (2,))
    before = p.detach().clone()
    p.grad = gradient = torch.tensor([1.0, math.nan, math.inf], dtype=torch.float64)
    zero_grads_(iter([p, q]))
    assert p.grad is gradient
    assert gradient.tolist() == [0.0, 0.0, 0.0]
    assert q.grad is None
    assert torch.equal(p, before)


def test_zero_grads_to_none_drops_the_gradient() -> None:
    """The parameters lose their gradients and keep their numbers."""
    p, q = leaves(6, (3,), (2,))
    before, p.grad = p.detach().clone(), torch.ones_like(p)
    zero_grads_((r for r in (p, q)), to_none=True)
    assert p.grad is None and q.grad is None
    assert torch.equal(p, before)


@pytest.mark.parametrize(("to_none", "factor"), [(False, 0.95), (True, 1.0)])
def test_weight_decay_tells_zero_from_none(to_none: bool, factor: float) -> None:
    """torch.optim.SGD with lr 0.1 and decay 0.5 shrinks on a zero gradient and skips None."""
    [p] = leaves(7, (4,))
    before, p.grad = p.detach().clone(), torch.ones_like(p)
    zero_grads_([p], to_none)
    torch.optim.SGD([p], lr=0.1, weight_decay=0.5).step()
    torch.testing.assert_close(p.detach(), factor * before)


@pytest.mark.parametrize(("n", "i", "o"), SIZES)
def test_train_step_goes_down_the_measured_slope(n: int, i: int, o: int) -> None:
    """Each number moves by -lr times the slope that central differences of torch's loss give."""
    x, y = draw(i, (n, i), (n, o))
    w, b = leaves(o, (o, i), (o,))
    start = [w.detach().clone(), b.detach().clone()]
    slopes = []
    for p in start:
        slope = torch.zeros_like(p)
        for index in range(p.numel()):
            moved = []
            for step in (1e-5, -1e-5):
                p.view(-1)[index] += step
                moved.append(mse_loss(linear(x, *start), y))
                p.view(-1)[index] -= step
            slope.view(-1)[index] = (moved[0] - moved[1]) / 2e-5
        slopes.append(slope)
    expected = mse_loss(linear(x, *start), y).item()
    assert train_step(x, y, w, b, 0.1) == pytest.approx(expected, rel=1e-12)
    for p, before, slope in zip((w, b), start, slopes, strict=True):
        torch.testing.assert_close(p.detach(), before - 0.1 * slope, rtol=1e-8, atol=1e-9)


def test_train_step_repeats_torchs_optimizer() -> None:
    """Three steps go the way of torch.optim.SGD on mse_loss, and leave no gradient."""
    x, y = draw(8, (5, 3), (5, 2))
    w, b = leaves(9, (2, 3), (2,))
    theirs = leaves(9, (2, 3), (2,))
    optimizer = torch.optim.SGD(theirs, lr=0.2)
    for _ in range(3):
        loss = mse_loss(linear(x, *theirs), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        found = train_step(x, y, w, b, 0.2)
        assert type(found) is float
        assert found == pytest.approx(loss.item(), rel=1e-12)
        for p, q in zip((w, b), theirs, strict=True):
            torch.testing.assert_close(p, q, rtol=1e-12, atol=1e-14)
            assert p.is_leaf and p.requires_grad
            assert p.grad is None or not p.grad.any()


def test_train_step_takes_the_tutorials_first_step() -> None:
    """The first step at lr 1e-5 subtracts the gradients known from the tutorial's start."""
    x, y, w, b = tutorial(torch.float64)
    before = [w.detach().clone(), b.detach().clone()]
    assert train_step(x, y, w, b, 1e-5) == pytest.approx(15813.81, abs=0.01)
    gw, gb = ((old - p.detach()) / 1e-5 for old, p in zip(before, (w, b), strict=True))
    expected = [[-10740.74, -12376.30, -7471.23], [-9458.51, -10033.87, -6344.11]]
    torch.testing.assert_close(gw, gw.new_tensor(expected), rtol=0, atol=0.02)
    torch.testing.assert_close(gb, gb.new_tensor([-129.54, -112.68]), rtol=0, atol=0.01)


def test_train_replays_the_tutorial() -> None:
    """The float32 losses at lr 1e-5 are those printed for the start and 1, 2 and 102 updates."""
    x, y, w, b = tutorial()
    losses = train(x, y, w, b, 1e-5, 102)
    assert losses[:3] == pytest.approx([15813.81, 10762.55, 7357.48], abs=0.01)
    assert losses[102] == pytest.approx(130.3513, abs=1e-3)
    assert len(losses) == 103
    assert all(later < earlier for earlier, later in pairwise(losses))
    assert {type(loss) for loss in losses} == {float}


def test_train_goes_on_from_where_it_stopped() -> None:
    """Two epochs and three more are five; the last loss is that of the parameters it leaves."""
    x, y, w, b = tutorial(torch.float64)
    first, second = train(x, y, w, b, 1e-5, 2), train(x, y, w, b, 1e-5, 3)
    x, y, v, c = tutorial(torch.float64)
    assert [*first, *second[1:]] == pytest.approx(train(x, y, v, c, 1e-5, 5), rel=1e-12)
    assert second[0] == first[-1]
    assert second[-1] == pytest.approx(mse_loss(linear(x, w, b), y).item(), rel=1e-12)
    assert all(p.grad is None or not p.grad.any() for p in (w, b))


def test_train_for_no_epoch_moves_nothing() -> None:
    """Without an epoch there is one loss, and the parameters are those of before."""
    x, y, w, b = tutorial(torch.float64)
    assert train(x, y, w, b, 1e-5, 0) == pytest.approx([15813.81], abs=0.01)
    assert torch.equal(w, w.new_tensor(START_W))
    assert torch.equal(b, b.new_tensor(START_B))


def quartic(w: Tensor) -> Tensor:
    """Return a loss that is neither quadratic nor the same in all directions."""
    return 0.25 * w.pow(4).sum() + w.flatten()[0] * w.sum()


def quartic_gradient(w: Tensor) -> Tensor:
    """Return the gradient of `quartic` where it is asked for, once."""
    point = w.detach().requires_grad_()
    return torch.autograd.grad(quartic(point), point)[0]


@pytest.mark.parametrize("shape", [(3,), (2, 3)])
def test_forgotten_zero_is_the_loop_without_zero_grad(shape: tuple[int, ...]) -> None:
    """A loop with backward() that never clears takes the same path."""
    [w0] = draw(10, shape)
    w = w0.clone().requires_grad_()
    expected = [w0]
    for _ in range(6):
        quartic(w).backward()
        with torch.no_grad():
            w -= 0.05 * w.grad
        expected.append(w.detach().clone())
    path = forgotten_zero(quartic_gradient, w0, 0.05, 6)
    torch.testing.assert_close(path, torch.stack(expected), rtol=1e-12, atol=1e-14)


def test_forgotten_zero_is_momentum_one() -> None:
    """torch.optim.SGD with momentum 1, which clears properly, takes the same path."""
    [w0] = draw(11, (2, 2))
    w = w0.clone().requires_grad_()
    optimizer = torch.optim.SGD([w], lr=0.1, momentum=1.0)
    expected = [w0]
    for _ in range(6):
        optimizer.zero_grad()
        quartic(w).backward()
        optimizer.step()
        expected.append(w.detach().clone())
    path = forgotten_zero(quartic_gradient, w0, 0.1, 6)
    torch.testing.assert_close(path, torch.stack(expected), rtol=1e-12, atol=1e-14)


def test_forgotten_zero_goes_round_in_six_steps() -> None:
    """Where lr times the curvature is 1, each point is the last minus the one before: period 6."""
    path = forgotten_zero(lambda w: 4 * w, torch.tensor(1.0), 0.25, 8)
    assert path.tolist() == [1, 0, -1, -1, 0, 1, 1, 0, -1]
    assert forgotten_zero(lambda w: 4 * w, torch.tensor([1.0, 2.0]), 0.25, 0).tolist() == [[1, 2]]


def test_forgotten_zero_changes_nothing_it_was_given() -> None:
    """A gradient that is one and the same tensor gives the steps 1, 2, 3 and stays itself."""
    w0, gradient = torch.tensor([5.0]), torch.tensor([1.0])
    path = forgotten_zero(lambda _: gradient, w0, 1.0, 3)
    assert path.tolist() == [[5], [4], [2], [-1]]
    assert (w0.item(), gradient.item()) == (5, 1)


@pytest.mark.parametrize("lmax", [0.3, 2.0, 17909.5])
@pytest.mark.parametrize(("share", "bounded"), [(0.975, True), (1.025, False)])
def test_forgotten_zero_limit_parts_bounded_from_running_away(
    lmax: float, share: float, bounded: bool
) -> None:
    """At 3.9 over the curvature 600 steps stay near the start, at 4.1 they run away."""
    curvature = torch.tensor([lmax, lmax / 3], dtype=torch.float64)
    lr = share * forgotten_zero_limit(lmax)
    assert lr * lmax == pytest.approx(3.9 if bounded else 4.1)
    path = forgotten_zero(lambda w: curvature * w, torch.ones_like(curvature), lr, 600)
    farthest = path.abs().max().item()
    assert farthest < 20 if bounded else farthest > 1e9


def listed(*losses: float) -> Callable[[float], float]:
    """Return losses by the number of halvings of 0.8."""
    return lambda lr: losses[round(math.log2(0.8 / lr))]


@pytest.mark.parametrize(
    ("losses", "expected"),
    [
        ((0.9, 0.1), 0.8),
        ((5.0, 1.2, 0.9, 0.1), 0.2),
        ((math.nan, math.inf, math.nan, 0.5), 0.1),
        ((1.0, 0.999), 0.4),
    ],
)
def test_backoff_lr_takes_the_first_that_lowers(losses: tuple[float, ...], expected: float) -> None:
    """Neither higher nor equal losses, nor NaN or infinity, are lower than 1."""
    assert backoff_lr(listed(*losses), 0.8, 1.0) == expected


def test_backoff_lr_on_the_tutorials_first_step() -> None:
    """Along the gradient the loss is a parabola: the answer is the first below its second root."""
    x, y, w, b = tutorial(torch.float64)
    base = mse_loss(linear(x, w, b), y)
    gw, gb = torch.autograd.grad(base, [w, b])
    curvature = 2 * linear(x, gw, gb).square().mean()
    root = (2 * (gw.square().sum() + gb.square().sum()) / curvature).item()

    def loss_after(lr: float) -> float:
        return mse_loss(linear(x, w - lr * gw, b - lr * gb), y).item()

    found = backoff_lr(loss_after, 1.0, base.item())
    assert found == 2.0 ** math.floor(math.log2(root)) == 2.0**-14
    assert loss_after(found) < base.item() < loss_after(2 * found)
