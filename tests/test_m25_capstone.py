"""The references of m25, proved by other routes."""

from __future__ import annotations

import pytest
import torch
from m25_capstone import StreamingRegressor, replay_tutorial
from torch import nn

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
