"""The references of m17, proved by torch's own optimizers and functions, and by closed forms."""

from __future__ import annotations

import copy
import math
from typing import Any

import pytest
import torch
from m17_optimizers import (
    MomentumSGD,
    accumulate_fit,
    adam_step,
    clip_gradients_,
    param_groups,
    state_bytes,
    training_bytes,
)
from torch import Tensor, nn


@pytest.fixture(autouse=True)
def seeded() -> None:
    """Draw the same numbers in every run."""
    torch.manual_seed(17)


def leaves(dtype: torch.dtype = torch.float64) -> list[Tensor]:
    """Draw three parameters of different shapes."""
    return [torch.randn(shape, dtype=dtype, requires_grad=True) for shape in [(2, 3), (3,), ()]]


def twins(params: list[Tensor]) -> list[Tensor]:
    """Return leaves with the same numbers."""
    return [p.detach().clone().requires_grad_() for p in params]


def give_gradients(step: int, ours: list[Tensor], theirs: list[Tensor]) -> None:
    """Give both the same gradients: in each step another parameter has None, one of them zeros."""
    for i, (p, q) in enumerate(zip(ours, theirs, strict=True)):
        missing = step % 3 == i
        gradient = torch.randn_like(p) * (step % 4 != i)
        p.grad, q.grad = (None, None) if missing else (gradient, gradient.clone())


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("momentum", [0.0, 0.9])
@pytest.mark.parametrize("decay", [0.0, 0.25])
def test_momentum_goes_torchs_way(momentum: float, decay: float, dtype: torch.dtype) -> None:
    """Eight steps, with gaps and a new learning rate midway, equal those of torch.optim.SGD."""
    ours = leaves(dtype)
    theirs = twins(ours)
    own = MomentumSGD(iter(ours), 0.2, momentum, decay)
    opt = torch.optim.SGD(theirs, lr=0.2, momentum=momentum, weight_decay=decay)
    for step in range(8):
        if step == 4:
            own.lr = opt.param_groups[0]["lr"] = 0.05
        give_gradients(step, ours, theirs)
        own.step()
        opt.step()
        torch.testing.assert_close(ours, theirs)


def test_momentum_under_a_steady_slope() -> None:
    """With slope 1 the velocity after t steps is the geometric sum (1 - m^t) / (1 - m)."""
    p = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    p.grad = torch.ones_like(p)
    opt, where = MomentumSGD([p], 0.1, momentum=0.5), 0.0
    for t in range(1, 7):
        opt.step()
        where -= 0.1 * (1 - 0.5**t) / (1 - 0.5)
        assert p.item() == pytest.approx(where, rel=1e-12)


def test_a_new_rate_scales_the_whole_velocity() -> None:
    """Momentum 0.9, slope 1: the step after lr falls from 1 to 0.01 is 1.9 * 0.01, not 0.91."""
    p = torch.zeros(1, requires_grad=True)
    p.grad = torch.ones_like(p)
    opt = MomentumSGD([p], 1.0, momentum=0.9)
    opt.step()
    opt.lr = 0.01
    opt.step()
    assert p.item() == pytest.approx(-1.019)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("decoupled", [False, True])
def test_adam_goes_torchs_way(decoupled: bool, dtype: torch.dtype) -> None:
    """Eight steps, with gaps and a new learning rate midway, equal those of Adam and AdamW."""
    ours = leaves(dtype)
    theirs = twins(ours)
    kind = torch.optim.AdamW if decoupled else torch.optim.Adam
    opt = kind(theirs, lr=0.2, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.3)
    states: list[dict[str, Any]] = [{} for _ in ours]
    for step in range(8):
        if step == 4:
            opt.param_groups[0]["lr"] = 0.05
        give_gradients(step, ours, theirs)
        for p, state in zip(ours, states, strict=True):
            adam_step(p, p.grad, state, decoupled=decoupled, **settings(opt))
        opt.step()
        torch.testing.assert_close(ours, theirs)


def settings(opt: torch.optim.Optimizer) -> dict[str, Any]:
    """Return what both are set to."""
    return {name: opt.param_groups[0][name] for name in ("lr", "betas", "eps", "weight_decay")}


def test_adams_first_step_is_as_long_as_lr() -> None:
    """Whatever the gradient's size, p moves by lr against its sign; decoupled decay adds 0.01."""
    plain: dict[str, Any] = {"lr": 0.1, "betas": (0.9, 0.999), "eps": 1e-12, "weight_decay": 0.1}
    for size in (1e-3, 1.0, 1e3):
        for decoupled, expected in ((False, 0.9), (True, 0.89)):
            p = torch.ones(1, dtype=torch.float64)
            adam_step(p, torch.full_like(p, size), {}, decoupled=decoupled, **plain)
            assert p.item() == pytest.approx(expected, abs=1e-8)


def test_adam_goes_on_from_a_copy_of_its_state() -> None:
    """A copy of p and state after three steps takes the fourth as they do."""
    p, state = torch.ones(3, dtype=torch.float64), dict[str, Any]()
    plain: dict[str, Any] = {
        "lr": 0.1,
        "betas": (0.9, 0.99),
        "eps": 1e-8,
        "weight_decay": 0.0,
        "decoupled": False,
    }
    for _ in range(3):
        adam_step(p, torch.randn_like(p), state, **plain)
    p_copy, state_copy = copy.deepcopy((p, state))
    g = torch.randn_like(p)
    adam_step(p, g, state, **plain)
    adam_step(p_copy, g, state_copy, **plain)
    assert torch.equal(p, p_copy)


def trained(kind: str) -> tuple[nn.Module, torch.optim.Optimizer]:
    """Return a model of 1,000 weights in float32, and an optimizer that has taken a step."""
    model = nn.Linear(100, 10, bias=False)
    opts = {
        "SGD": torch.optim.SGD(model.parameters(), lr=0.1),
        "momentum": torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9),
        "Adam": torch.optim.Adam(model.parameters(), lr=0.1),
    }
    model(torch.ones(2, 100)).sum().backward()
    opts[kind].step()
    return model, opts[kind]


@pytest.mark.parametrize(("kind", "state"), [("SGD", 0), ("momentum", 4000), ("Adam", 8004)])
def test_bytes_of_a_thousand_weights(kind: str, state: int) -> None:
    """1,000 numbers of four bytes: none, one or two of them stored, and Adam's counter."""
    model, opt = trained(kind)
    assert state_bytes(opt) == state
    assert training_bytes(model, opt) == 4000 + 4000 + state
    opt.zero_grad()
    assert training_bytes(model.double(), opt) == 8000 + state


def test_bytes_survive_a_round_trip_of_the_state() -> None:
    """An optimizer that has loaded another's state_dict holds as many bytes."""
    model, opt = trained("Adam")
    fresh = torch.optim.Adam(model.parameters())
    assert state_bytes(fresh) == 0
    fresh.load_state_dict(opt.state_dict())
    assert state_bytes(fresh) == 8004


def test_groups_move_biases_without_decay() -> None:
    """With slope 0 only matrices shrink, by lr * wd; with slope 1 a bias moves by bias_lr."""
    model = nn.Sequential(nn.Linear(2, 3), nn.LayerNorm(3), nn.Linear(3, 1))
    model[2].weight.requires_grad_(False)
    opt = torch.optim.SGD(param_groups(model, lr=0.1, bias_lr=0.5, wd=0.2), lr=1.0)
    held = [p for group in opt.param_groups for p in group["params"]]
    wanted = [p for p in model.parameters() if p.requires_grad]
    assert sorted(map(id, held)) == sorted(map(id, wanted))
    before = twins(list(model.parameters()))
    for slope in (0.0, 1.0):
        for p in wanted:
            p.grad = torch.full_like(p, slope)
        opt.step()
    for p, old in zip(model.parameters(), before, strict=True):
        moved = old - 0.5 if p.ndim == 1 else (old * 0.98) * 0.98 - 0.1
        torch.testing.assert_close(p, moved if p.requires_grad else old)


@pytest.mark.parametrize("k", [1, 2, 3, 9])
def test_accumulated_steps_are_those_of_large_batches(k: int) -> None:
    """Ragged micro-batches lead where one step per joined group leads, with Adam and momentum."""
    sizes = [3, 1, 2, 4, 1]
    x, y = torch.randn(11, 3).double(), torch.randn(11, 2).double()
    pairs = list(zip(x.split(sizes), y.split(sizes), strict=True))
    for make in (
        lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9),
        lambda p: torch.optim.Adam(p, lr=0.1),
    ):
        ours = nn.Linear(3, 2).double()
        theirs = copy.deepcopy(ours)
        own, opt = make(ours.parameters()), make(theirs.parameters())
        steps = accumulate_fit(ours, nn.MSELoss(), own, iter(pairs), k)
        groups = [pairs[i : i + k] for i in range(0, len(pairs), k)]
        for group in groups:
            xs, ys = zip(*group, strict=True)
            opt.zero_grad()
            nn.functional.mse_loss(theirs(torch.cat(xs)), torch.cat(ys)).backward()
            opt.step()
        assert steps == len(groups) == math.ceil(len(pairs) / k)
        torch.testing.assert_close(ours.weight, theirs.weight)
        torch.testing.assert_close(ours.bias, theirs.bias)
        assert all(p.grad is None for p in ours.parameters())


def test_nothing_to_accumulate() -> None:
    """Without micro-batches there is no step, and the model stays what it was."""
    model = nn.Linear(2, 1)
    before = twins(list(model.parameters()))
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    assert accumulate_fit(model, nn.MSELoss(), opt, iter(()), 3) == 0
    assert all(map(torch.equal, model.parameters(), before))


@pytest.mark.parametrize("max_norm", [0.5, 100.0])
def test_clipping_is_torchs_but_for_a_millionth(max_norm: float) -> None:
    """Norm and gradients are those of torch.nn.utils.clip_grad_norm_ within 1e-6."""
    ours = leaves()
    theirs = twins(ours)
    for p, q in zip(ours[:2], theirs, strict=False):
        p.grad = torch.randn_like(p) + 1
        q.grad = p.grad.clone()
    expected = torch.nn.utils.clip_grad_norm_(theirs, max_norm).item()
    assert clip_gradients_(iter(ours), max_norm) == pytest.approx(expected, rel=1e-12)
    for p, q in zip(ours, theirs, strict=True):
        torch.testing.assert_close(p.grad, q.grad, rtol=1e-6, atol=0)


def test_clipping_three_and_four() -> None:
    """Gradients 3 and 4 have the norm 5; limited to 2 they are 1.2 and 1.6, in place."""
    a, b = (torch.zeros(1, requires_grad=True) for _ in range(2))
    a.grad, b.grad = torch.tensor([3.0]), torch.tensor([4.0])
    held = a.grad
    assert clip_gradients_([a, b], 2.0) == 5.0
    assert held.item() == pytest.approx(1.2) and b.grad.item() == pytest.approx(1.6)
    assert clip_gradients_([torch.zeros(2, requires_grad=True)], 1.0) == 0.0


@pytest.mark.parametrize("bad", [math.inf, -math.inf, math.nan])
def test_what_is_not_finite_is_refused_untouched(bad: float) -> None:
    """One bad number raises ValueError, and every gradient keeps its numbers."""
    a, b = (torch.zeros(2, requires_grad=True) for _ in range(2))
    a.grad, b.grad = torch.tensor([30.0, 40.0]), torch.tensor([1.0, bad])
    with pytest.raises(ValueError, match="norm"):
        clip_gradients_([a, b], 1.0)
    assert a.grad.tolist() == [30.0, 40.0] and b.grad[0] == 1.0
