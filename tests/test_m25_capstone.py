"""The references of m25, proved by other routes."""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import product
from typing import Any

import numpy as np
import pytest
import torch
from m25_capstone import (
    StreamingRegressor,
    aim,
    array_grad,
    is_linear_regression,
    landing,
    replay_tutorial,
)
from torch import nn

from autograder.inside.given import Given
from autograder.inside.probes.m25_capstone.m25_3_is_linear_regression import _KINDS, _box

PRINTED = {
    "loss at start": 15813.8125,
    "loss after 1 update": 10762.5488,
    "loss after 2 updates": 7357.4829,
    "loss at end": 130.3513,
    "forecast of apples": 55.3323,
    "forecast of oranges": 67.8895,
}


def test_replay_tutorial_finds_what_was_printed() -> None:
    """The losses and the forecast are those of the tutorial, to the digits that are certain."""
    told = replay_tutorial()
    for key, value in PRINTED.items():
        assert told[key] == pytest.approx(value, rel=2e-7, abs=1e-4), key
    assert told["bias change of apples"] == pytest.approx(0.00513, abs=1e-5)
    assert told["bias change of oranges"] == pytest.approx(0.00702, abs=1e-5)


def test_replay_tutorial_of_known_models_is_torchs_own_training() -> None:
    """From exact predictions of two layers it finds what torch.optim.SGD makes of the first one."""
    torch.manual_seed(1)
    x, new = torch.randn(9, 3, dtype=torch.float64), torch.randn(3, dtype=torch.float64)
    y = torch.randn(6, 2, dtype=torch.float64)
    one, other = (nn.Linear(3, 2, dtype=torch.float64) for _ in range(2))
    with torch.no_grad():
        told = replay_tutorial(x, y, one(x[:6]), other(x), new, 0.2, 5)
        forecast, before = other(new).tolist(), one.bias.clone()
    opt = torch.optim.SGD(one.parameters(), lr=0.2)
    losses = []
    for _ in range(6):
        opt.zero_grad()
        loss = nn.functional.mse_loss(one(x[:6]), y)
        losses.append(loss.item())
        after = one.bias.detach().clone()
        loss.backward()
        opt.step()
    expected = [*losses[:3], losses[5], *(after - before).tolist(), *forecast]
    assert list(told.values()) == pytest.approx(expected, rel=1e-10)


def test_streaming_regressor_goes_where_torch_goes() -> None:
    """After each batch its predictions are those of an nn.Linear trained by torch.optim.SGD."""
    torch.manual_seed(2)
    own, layer = StreamingRegressor(3, 2, 0.2, "cpu"), nn.Linear(3, 2)
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)
    opt = torch.optim.SGD(layer.parameters(), lr=0.2)
    at = torch.randn(4, 3)
    for n in (3, 1, 4):
        x, y = torch.randn(n, 3), torch.randn(n, 2)
        own.partial_fit(iter([(x, y)]))
        opt.zero_grad()
        nn.functional.mse_loss(layer(x), y).backward()
        opt.step()
        torch.testing.assert_close(own.predict(at), layer(at))


def test_streaming_regressor_passes_gradients_on() -> None:
    """The gradient that reaches features is the one that finite differences find."""
    torch.set_default_dtype(torch.float64)
    try:
        own = StreamingRegressor(2, 2, 0.5, "cpu")
        own.partial_fit([(torch.randn(5, 2), torch.randn(5, 2))])
        x = torch.randn(3, 2, requires_grad=True)
        assert torch.autograd.gradcheck(own.predict, [x])
    finally:
        torch.set_default_dtype(torch.float32)


def test_is_linear_regression_agrees_with_what_the_functions_are() -> None:
    """Layers with and without bias are accepted; a bend, a product and a wave are not.

    The sum of |x| is straight for 1 pair in 16, so 100 pairs miss it with a probability of 1e-120.
    """
    torch.manual_seed(3)
    for bias in (True, False):
        layer = nn.Sequential(nn.Linear(4, 1, bias=bias, dtype=torch.float64), nn.Flatten(0))
        assert is_linear_regression(layer, 4, "cpu") is True
    assert is_linear_regression(lambda x: x.abs().sum(1), 4, "cpu") is False
    assert is_linear_regression(lambda x: x[:, 0] * x[:, 1], 4, "cpu") is False
    assert is_linear_regression(lambda x: torch.sin(2 * math.pi * x[:, 3]), 4, "cpu") is False


IN_ONE_DIMENSION = {"weights and a bias", "weights without a bias", "waves", "squares"}


@pytest.mark.parametrize(("dim", "kinds"), [(1, IN_ONE_DIMENSION), (4, _KINDS), (5, _KINDS)])
def test_the_black_boxes_keep_what_the_stub_promises(dim: int, kinds: Iterable[str]) -> None:
    """A bend shows in nine of ten pairs of rows, by more than 1e-3; a line is one but for rounding.

    Of 4,000 pairs 3,680 have to show it, so that no chance hides a kind that shows in fewer.
    """
    torch.manual_seed(1)
    for seed, kind in product(range(5), kinds):
        p, q = torch.randn(2, 4000, dim, dtype=torch.float64)
        f = _box(Given({"seed": seed, "dim": dim}), kind)
        gap = (f((p + q) / 2) - (f(p) + f(q)) / 2).abs()
        largest = max(1.0, f(p).abs().max().item())
        assert largest < 10_000
        if kind.startswith(("weights", "large weights", "a constant")):
            assert gap.max() <= 1e-9 * largest
        else:
            assert (gap > 1e-3).double().mean() > 0.92


def test_landing_is_the_sum_of_its_steps_and_its_gradient_their_difference() -> None:
    """A loop over plain floats lands in the same place, and differences give the gradient."""

    def by_hand(angle: float, speed: float, g: float) -> float:
        x = y = old_x = old_y = 0.0
        vx, vy = speed * math.cos(angle), speed * math.sin(angle)
        while y >= 0:
            old_x, old_y = x, y
            x, y = x + vx / 20, y + vy / 20
            vx, vy = vx - vx / 100, vy - (g + vy / 5) / 20
        return old_x + (x - old_x) * old_y / (old_y - y)

    for angle, speed, g in ((0.4, 3.0, 9.81), (0.9, 7.0, 15.0), (1.5, 9.0, 6.0)):
        a = torch.tensor(angle, dtype=torch.float64, requires_grad=True)
        distance = landing(a, speed, g)
        distance.backward()
        assert distance.item() == pytest.approx(by_hand(angle, speed, g), rel=1e-12)
        slope = (by_hand(angle + 1e-6, speed, g) - by_hand(angle - 1e-6, speed, g)) / 2e-6
        assert a.grad is not None
        assert a.grad.item() == pytest.approx(slope, rel=1e-7)


@pytest.mark.parametrize(("speed", "g"), [(2.0, 20.0), (6.0, 9.81), (10.0, 5.0)])
def test_aim_hits_what_a_scan_can_reach_and_refuses_the_rest(speed: float, g: float) -> None:
    """The farthest of 100 angles says which targets are in reach, and landing whether it hits."""
    angles = torch.linspace(0.3, 1.0, 100, dtype=torch.float64)
    farthest = max(landing(angle, speed, g).item() for angle in angles)
    for target in (0.1 * speed, 0.5 * farthest, 0.95 * farthest):
        angle = aim(target, speed, g)
        assert 0.01 <= angle <= 1.56
        there = landing(torch.tensor(angle, dtype=torch.float64), speed, g)
        assert there.item() == pytest.approx(target, abs=0.01)
    for target in (1.05 * farthest, 3 * farthest):
        with pytest.raises(ValueError, match="no angle reaches"):
            aim(target, speed, g)


@pytest.mark.parametrize("shape", [(), (3,), (2, 4)])
def test_array_grad_is_the_closed_form(shape: tuple[int, ...]) -> None:
    """The gradient of a cubic and of a squared sum is what calculus says."""
    a = np.random.default_rng(4).standard_normal(shape)
    found = array_grad(lambda x: (x**3).sum() + x.sum() ** 2, a, "cpu")
    assert isinstance(found, np.ndarray)
    np.testing.assert_allclose(found, 3 * a**2 + 2 * a.sum(), rtol=1e-12)


def test_array_grad_leaves_the_array_alone_and_refuses_whole_numbers() -> None:
    """A function that writes to its tensor changes no array; integers raise TypeError."""

    def mending(x: torch.Tensor) -> torch.Tensor:
        with torch.no_grad():
            x.zero_()
        return x.exp().sum()

    a = np.array([1.0, 2.0], dtype=np.float32)[::-1]
    assert array_grad(mending, a, "cpu").tolist() == [1.0, 1.0]
    assert a.tolist() == [2.0, 1.0]
    whole: Any = np.arange(3)
    with pytest.raises(TypeError, match="only floats"):
        array_grad(mending, whole, "cpu")
