"""The references of m05, proved by other routes."""

from __future__ import annotations

import threading
from typing import Any

import pytest
import torch
from m05_graph_control import no_tracking, role
from torch import Tensor, nn


def test_role_of_a_parameter_is_where_backward_stores() -> None:
    """Of all tensors of a layer and its loss, backward fills exactly those called parameters."""
    layer, x = nn.Linear(3, 2), torch.randn(4, 3)
    pred = layer(x)
    loss = pred.square().mean()
    every = [layer.weight, layer.bias, x, loss]
    roles = [role(each) for each in every]
    loss.backward()
    assert [each.grad is not None for each in every[:3]] == [r == "parameter" for r in roles[:3]]
    assert roles == ["parameter", "parameter", "data", "intermediate"]


def test_role_follows_the_graph() -> None:
    """What can be differentiated and stands in no graph node of its own is a parameter."""
    w = torch.randn(3, requires_grad=True)
    for each in (w, w * 2, w[0], w.detach(), w.detach() * 2, torch.arange(3)):
        computed = each.grad_fn is not None
        assert (role(each) == "intermediate") == computed
        assert (role(each) == "data") == (not each.requires_grad)


@pytest.mark.parametrize("on", [True, False])
def test_role_is_no_matter_of_grad_mode(on: bool) -> None:
    """A tensor keeps its role where recording is switched off."""
    w = torch.ones(2, requires_grad=True)
    product = w * 2
    with torch.set_grad_enabled(on):
        assert [role(w), role(product), role(w * 3)] == [
            "parameter",
            "intermediate",
            "intermediate" if on else "data",
        ]


@pytest.mark.parametrize("before", [True, False])
def test_no_tracking_does_what_torchs_own_does(before: bool) -> None:
    """Around, in and after nested blocks grad mode is that of torch.no_grad, also on an error."""

    def modes(block: Any) -> list[bool]:
        seen = [torch.is_grad_enabled()]
        with pytest.raises(ZeroDivisionError), block():
            with block():
                seen.append(torch.is_grad_enabled())
            seen.append(torch.is_grad_enabled())
            _ = 1 / 0
        return [*seen, torch.is_grad_enabled()]

    with torch.set_grad_enabled(before):
        assert modes(no_tracking) == modes(torch.no_grad) == [before, False, False, before]


def test_no_tracking_saves_nothing_for_backward() -> None:
    """Autograd packs no tensor in a block, nor in a decorated function."""
    packed: list[Tensor] = []
    w = torch.ones(3, requires_grad=True)

    def keep(tensor: Tensor) -> Tensor:
        packed.append(tensor)
        return tensor

    @no_tracking()
    def square(x: Tensor) -> Tensor:
        return x * x

    with torch.autograd.graph.saved_tensors_hooks(keep, keep):
        with no_tracking():
            _ = w * w
        square(w)
        assert not packed
        _ = w * w
    assert packed


def test_no_tracking_lets_a_function_call_itself() -> None:
    """A recursive function is not recorded at any depth, and recording is on afterwards."""
    w = torch.tensor(2.0, requires_grad=True)

    @no_tracking()
    def power(n: int) -> Tensor:
        """Multiply n times."""
        return power(n - 1) * w if n else torch.ones(())

    assert power(5).item() == 32.0 and not power(5).requires_grad
    assert torch.is_grad_enabled() and power.__doc__ == "Multiply n times."


def test_no_tracking_is_a_matter_of_one_thread() -> None:
    """A thread that is started in a block records."""
    seen: list[bool] = []
    with no_tracking():
        other = threading.Thread(target=lambda: seen.append(torch.is_grad_enabled()))
        other.start()
        other.join()
    assert seen == [True]
