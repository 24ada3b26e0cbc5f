"""The references of m17, proved by torch's own optimizers and functions, and by closed forms."""

from __future__ import annotations

import pytest
import torch
from m17_optimizers import MomentumSGD
from torch import Tensor


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
