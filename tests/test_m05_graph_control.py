"""The references of m05, proved by other routes."""

from __future__ import annotations

import math
import statistics
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from m05_graph_control import (
    backward_both,
    consistency_loss,
    mean_loss,
    no_tracking,
    role,
    stage_grads,
)
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


def drawn(*shape: int) -> Tensor:
    """Draw normal numbers in float64, the same in every run."""
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(5))


def test_mean_loss_of_numbers_is_their_mean() -> None:
    """The statistics module gives the same mean, whatever holds the losses and in which shapes."""
    numbers = drawn(7).tolist()
    losses = [
        torch.full([(), (1, 1)][k % 2], n, dtype=torch.float64) for k, n in enumerate(numbers)
    ]
    mean = statistics.fmean(numbers)
    assert type(mean_loss(losses)) is float
    assert mean_loss(losses) == pytest.approx(mean, rel=1e-12)
    assert mean_loss(iter(losses)) == pytest.approx(mean, rel=1e-12)
    assert math.isnan(mean_loss([*losses, torch.tensor(math.nan)]))


def test_mean_loss_lets_each_graph_go() -> None:
    """Tensors that only the graphs hold stay as few, however many losses are drawn."""
    packed: list[int] = []

    class Kept:
        """Stands for a saved tensor; counts those that live."""

        living = 0

        def __init__(self, tensor: Tensor) -> None:
            self.tensor = tensor
            Kept.living += 1

        def __del__(self) -> None:
            Kept.living -= 1

    def losses() -> Iterator[Tensor]:
        w = drawn(3).requires_grad_()
        for _ in range(6):
            packed.append(Kept.living)
            with torch.autograd.graph.saved_tensors_hooks(Kept, lambda kept: kept.tensor):
                loss = w.square().sum()
            yield loss
            del loss

    mean_loss(losses())
    assert max(packed) <= 1
    assert Kept.living == 0


@pytest.mark.parametrize("nothing", [[], (), iter([])])
def test_mean_loss_of_nothing_is_refused(nothing: list[Tensor]) -> None:
    """There is no mean of no losses."""
    with pytest.raises(ValueError, match="no loss"):
        mean_loss(nothing)


def test_stage_grads_of_numbers_worked_out_by_hand() -> None:
    """For the sum of squares of 3x, d/d(9x^2) is 1 and d/d(3x) is 6x."""
    x = torch.tensor([1.0, -2.0])
    first, second = stage_grads([lambda h: 3 * h, torch.square, torch.sum], x)
    assert first.tolist() == [6.0, -12.0]
    assert second.tolist() == [1.0, 1.0]
    assert not first.requires_grad


def test_stage_grads_agrees_with_central_differences() -> None:
    """Nudging one number of an intermediate moves the final scalar by its gradient."""
    w = drawn(3, 4).requires_grad_()
    stages: list[Callable[[Tensor], Tensor]] = [lambda h: h @ w, torch.tanh, torch.sin, torch.mean]
    x, grads = drawn(2, 3), stage_grads(stages, drawn(2, 3))
    with torch.no_grad():
        for k, grad in enumerate(grads, 1):
            h = x
            for stage in stages[:k]:
                h = stage(h)
            for place in range(h.numel()):
                step = torch.zeros(h.numel(), dtype=h.dtype)
                step[place] = 1e-6
                ends = [h + step.view_as(h), h - step.view_as(h)]
                for stage in stages[k:]:
                    ends = [stage(end) for end in ends]
                slope = (ends[0] - ends[1]) / 2e-6
                assert slope.item() == pytest.approx(grad.flatten()[place].item(), abs=1e-8)


def test_stage_grads_writes_to_no_leaf() -> None:
    """Weights, x and the leaf behind x keep the gradients that they had, or None."""
    layer, leaf = nn.Linear(3, 2), torch.ones(4, 3, requires_grad=True)
    assert layer.bias.grad is None
    layer.weight.grad = torch.full((2, 3), 7.0)
    grads = stage_grads([layer, torch.square, torch.mean], leaf * 2)
    assert len(grads) == 2
    assert (layer.weight.grad == 7).all()
    assert layer.bias.grad is None
    assert leaf.grad is None


def test_stage_grads_of_one_stage_are_none_and_x_stays_untracked() -> None:
    """One stage has no intermediate, and a plain x requires no gradient afterwards."""
    x = torch.ones(3)
    assert stage_grads([torch.sum], x) == []
    assert not x.requires_grad


def test_consistency_loss_is_torchs_loss_for_the_student() -> None:
    """Value and gradient are those of mse_loss against constants, and the teacher has none."""
    generator = torch.Generator().manual_seed(3)
    ws, wt, x = (torch.randn(4, 3, generator=generator, dtype=torch.float64) for _ in range(3))
    ws.requires_grad_(), wt.requires_grad_()
    loss = consistency_loss(ws * x, wt.exp())
    expected = torch.nn.functional.mse_loss(ws * x, wt.exp().detach())
    torch.testing.assert_close(loss, expected)
    loss.backward()
    torch.testing.assert_close(ws.grad, torch.autograd.grad(expected, ws)[0])
    assert wt.grad is None


def test_consistency_loss_has_the_gradient_of_finite_differences() -> None:
    """With the teacher's prediction held fixed, numerical and analytic derivatives agree, also
    where student and teacher are the same tensor."""
    w = torch.linspace(-1, 1, 6, dtype=torch.float64).requires_grad_()
    fixed = (w * 2).detach()
    assert torch.autograd.gradcheck(lambda w: consistency_loss(w * 3, fixed), w)
    both = w * 1
    assert not any(torch.autograd.grad(consistency_loss(both, both), w)[0])  # all differences are 0


def test_backward_both_adds_the_derivatives_of_both() -> None:
    """The gradients are those of the sum, by finite differences, on top of what was there."""
    w = torch.tensor([0.3, -0.7], dtype=torch.float64, requires_grad=True)

    def losses() -> tuple[Tensor, Tensor]:
        shared = w.exp() * w
        return shared.square().mean(), (shared * 3).sin().sum()

    def total(values: list[float]) -> float:
        exp = [math.exp(v) * v for v in values]
        return sum(v * v for v in exp) / 2 + sum(math.sin(3 * v) for v in exp)

    w.grad = torch.tensor([10.0, 20.0], dtype=torch.float64)
    l1, l2 = losses()
    assert backward_both(l1, l2) is None  # type: ignore[func-returns-value]
    for i, start in enumerate((10.0, 20.0)):
        up, down = w.tolist(), w.tolist()
        up[i], down[i] = up[i] + 1e-6, down[i] - 1e-6
        assert w.grad[i].item() == pytest.approx(start + (total(up) - total(down)) / 2e-6)
    for loss in (l1, l2):
        with pytest.raises(RuntimeError, match="second time"):
            loss.backward()
