"""The references of m25, proved by other routes."""

from __future__ import annotations

import pytest
import torch
from m25_capstone import replay_tutorial
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
        assert told[key] == pytest.approx(value, abs=2e-3), key
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
