"""The references of m04, proved by other routes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from m04_autograd import grad_of, what_backward_does
from torch import Tensor


def drawn(seed: int, *shapes: tuple[int, ...]) -> list[Tensor]:
    """Draw float64 tensors."""
    generator = torch.Generator().manual_seed(seed)
    return [torch.randn(shape, generator=generator, dtype=torch.float64) for shape in shapes]


def differences(f: Callable[[Tensor], Tensor], x: Tensor, step: float = 1e-6) -> Tensor:
    """Return the central differences of f at x: one row for each number of x."""
    rows = []
    for i in range(x.numel()):
        move = torch.zeros(x.numel(), dtype=x.dtype)
        move[i] = step
        move = move.reshape(x.shape)
        rows.append((f(x + move) - f(x - move)) / (2 * step))
    return torch.stack(rows)


@pytest.mark.parametrize("shape", [(3,), (2, 3), (), (1, 1)])
def test_grad_of_equals_central_differences(shape: tuple[int, ...]) -> None:
    """The gradient is the slope that small steps measure."""
    x, c = drawn(1, shape, shape)

    def f(t: Tensor) -> Tensor:
        return (torch.sin(t) * c + t**3).sum()

    torch.testing.assert_close(
        grad_of(f, x), differences(f, x).reshape(shape), rtol=1e-6, atol=1e-8
    )


def test_grad_of_takes_integers() -> None:
    """d(sum of t squared)/dt is 2 t, also at integers, in the default dtype."""
    gradient = grad_of(lambda t: t.square().sum(), torch.tensor([1, -2, 3]))
    assert gradient.tolist() == [2, -4, 6] and gradient.dtype == torch.float32


def test_grad_of_leaves_x_alone() -> None:
    """Flag, stored gradient and source of x stay, and the result has no graph."""
    source = torch.tensor([1.0, 2.0], requires_grad=True)
    leaf = torch.tensor([1.0, 2.0], requires_grad=True)
    leaf.grad = torch.tensor([5.0, 5.0])
    for x in (source * 3, leaf, torch.tensor([1.0, 2.0])):
        flag = x.requires_grad
        assert not grad_of(lambda t: t.square().sum(), x).requires_grad
        assert x.requires_grad == flag
    assert source.grad is None and leaf.grad.tolist() == [5, 5]


def test_what_backward_does_adds_the_closed_forms() -> None:
    """The mean square of c t - 1 has the gradient 2 c (c t - 1) / n; calls add theirs up."""
    x, c = drawn(2, (4,), (4,))
    report = what_backward_does(x, [lambda t: c * t - 1, lambda t: t.sum(), lambda t: c * t - 1])
    first = 2 * c * (c * x - 1) / 4
    second = 2 * x.sum() * torch.ones(4, dtype=torch.float64)
    torch.testing.assert_close(report["added"], [first, second, first])
    torch.testing.assert_close(report["grads"], [first, first + second, 2 * first + second])
    assert report["before"] is None and report["intermediates"] == [None] * 3
    assert torch.equal(report["values"], x)


def test_what_backward_does_leaves_x_alone() -> None:
    """A flagged x keeps its gradient, and no call at all leaves empty lists."""
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    x.grad = torch.tensor([3.0, 3.0])
    what_backward_does(x, [torch.sin])
    assert x.grad.tolist() == [3, 3]
    report = what_backward_does(x, [])
    assert report["grads"] == report["added"] == report["intermediates"] == []
