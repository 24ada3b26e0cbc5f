"""The references of m04, proved by other routes."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

import pytest
import torch
from m04_autograd import (
    Value,
    affine_exp,
    grad_of,
    graph_ops,
    jacobian,
    jvp,
    newton_sqrt,
    vjp,
    what_backward_does,
)
from torch import Tensor
from torch.nn import functional as F


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


@pytest.mark.parametrize(("n", "m"), [(3, 2), (2, 3), (2, 2), (1, 1)])
def test_jacobian_equals_central_differences(n: int, m: int) -> None:
    """Row i, column j is the slope of output i along input j."""
    x, c = drawn(3, (n,), (m, n))
    found = jacobian(lambda t: torch.tanh(c @ t) * t.sum(), x)
    expected = differences(lambda t: torch.tanh(c @ t) * t.sum(), x).T
    torch.testing.assert_close(found, expected, rtol=1e-6, atol=1e-8)


def test_vjp_and_jvp_are_products_with_a_known_jacobian() -> None:
    """The Jacobian of A sin(x) is A diag(cos x)."""
    a, x, v, t = drawn(4, (2, 3), (3,), (2,), (3,))
    known = a * x.cos()
    torch.testing.assert_close(vjp(lambda p: a @ p.sin(), x, v), v @ known)
    torch.testing.assert_close(jvp(lambda p: a @ p.sin(), x, t), known @ t)
    torch.testing.assert_close(jacobian(lambda p: a @ p.sin(), x), known)


def test_vjp_and_jvp_are_adjoint() -> None:
    """(v J) t equals v (J t), and a flagged x leaves no graph behind them."""
    x, v, t = drawn(5, (3,), (3,), (3,))
    x.requires_grad_()
    left, right = vjp(_f, x, v), jvp(_f, x, t)
    torch.testing.assert_close(left @ t, v @ right)
    assert not any(r.requires_grad for r in (left, right, jacobian(_f, x)))
    assert x.grad is None


def _f(t: Tensor) -> Tensor:
    return t.flip(0) * t.exp()


def test_graph_ops_of_the_manual_mean_squared_error() -> None:
    """The nodes of the loss from scratch are known by name."""
    w, b = torch.ones(2, 3, requires_grad=True), torch.ones(2, requires_grad=True)
    error = torch.ones(4, 3) @ w.t() + b - torch.ones(4, 2)
    loss = (error * error).sum() / error.numel()
    names = graph_ops(loss)
    first = ["DivBackward0", "SumBackward0", "MulBackward0", "SubBackward0", "AddBackward0"]
    assert names[:5] == first and sorted(names[5:7]) == ["AccumulateGrad", "MmBackward0"]
    assert names[7:] == ["TBackward0", "AccumulateGrad"]
    loss.backward()


def test_graph_ops_of_a_layer_and_torchs_loss() -> None:
    """nn.Linear and mse_loss are a node each."""
    w, b = torch.ones(2, 3, requires_grad=True), torch.ones(2, requires_grad=True)
    names = graph_ops(F.mse_loss(F.linear(torch.ones(4, 3), w, b), torch.ones(4, 2)))
    assert names[:2] == ["MseLossBackward0", "AddmmBackward0"]
    assert sorted(names[2:4]) == ["AccumulateGrad", "TBackward0"]
    assert names[4:] == ["AccumulateGrad"]


def test_graph_ops_of_nothing_and_of_much() -> None:
    """What is not tracked has no nodes; a chain has one for each operation, however long it is."""
    assert graph_ops(torch.ones(3).sum()) == graph_ops(torch.ones((), requires_grad=True)) == []
    value = torch.ones((), requires_grad=True)
    for _ in range(3000):
        value = -value
    assert graph_ops(value) == ["NegBackward0"] * 3000 + ["AccumulateGrad"]


@pytest.mark.parametrize(("a", "iterations"), [(1.0, 1), (2.0, 4), (1e4, 11)])
def test_newton_sqrt_comes_to_the_root(a: float, iterations: int) -> None:
    """Root and derivative are those of the closed form, and the graph is as long as the loop."""
    number = torch.tensor(a, dtype=torch.float64, requires_grad=True)
    root = newton_sqrt(number, 1e-9)
    assert root.item() == pytest.approx(a**0.5, rel=1e-9)
    assert graph_ops(root).count("AddBackward0") == iterations
    root.backward()
    assert number.grad is not None
    assert number.grad.item() == pytest.approx(0.5 / a**0.5, rel=1e-9)


def test_newton_sqrt_stops_as_soon_as_it_may() -> None:
    """With a loose tolerance the iterate and its derivative are those of a single update."""
    number = torch.tensor(1.1, dtype=torch.float64, requires_grad=True)
    root = newton_sqrt(number, 0.1)
    root.backward()
    assert number.grad is not None
    assert (root.item(), number.grad.item()) == pytest.approx((1.05, 0.5))


@pytest.mark.parametrize("shape", [(3,), (2, 3), (), (0,)])
def test_affine_exp_equals_the_plain_formula(shape: tuple[int, ...]) -> None:
    """Values and gradients are those of exp(a x + b), written out of place."""
    (x,) = drawn(6, shape)
    x.requires_grad_()
    before = x.detach().clone()
    found = affine_exp(x, -1.5, 0.5)
    torch.testing.assert_close(found, torch.exp(-1.5 * x + 0.5))
    (gradient,) = torch.autograd.grad(found.sum(), x)
    torch.testing.assert_close(gradient, -1.5 * torch.exp(-1.5 * x + 0.5).detach())
    assert torch.equal(x, before)


def test_value_equals_torch_on_drawn_expressions() -> None:
    """Values and gradients of random graphs, with reuse and numbers, are those of torch."""
    draw = random.Random(1)
    for _ in range(200):
        numbers = [draw.uniform(0.5, 1.5) for _ in range(3)]
        plan = [(draw.randrange(5), draw.random(), draw.random()) for _ in range(8)]
        ours = [Value(number) for number in numbers]
        theirs = [torch.tensor(n, dtype=torch.float64, requires_grad=True) for n in numbers]
        result, expected = _followed(plan, ours), _followed(plan, theirs)
        result.backward()
        expected.backward()
        assert result.data == pytest.approx(expected.item(), rel=1e-12)
        for leaf, other in zip(ours, theirs, strict=True):
            found = 0.0 if other.grad is None else other.grad.item()
            assert leaf.grad == pytest.approx(found, rel=1e-9)


def _followed(plan: list[tuple[int, float, float]], leaves: Sequence[Any]) -> Any:
    """Do drawn operations on Values or tensors."""
    made = list(leaves)
    for kind, one, two in plan:
        left, right = (made[int(place * len(made))] for place in (one, two))
        results = (left + right, left * right * 0.5, 0.5 * left + 1, 1 + right, left**-1.5)
        made.append(results[kind])
    return made[-1]


def test_value_adds_up_calls_also_of_results_that_share() -> None:
    """Derivatives of two results are added, also at the Value between."""
    p, q = Value(2.0), Value(5)
    shared = p * q
    (shared**2).backward()
    (3 * shared + p).backward()
    assert (shared.grad, p.grad, q.grad) == (2 * 10 + 3, 23 * 5 + 1, 23 * 2)


def test_value_goes_deep_and_wide() -> None:
    """5,000 operations in a row, and two to the 100 ways, are no matter."""
    x = y = Value(1.0)
    for _ in range(5000):
        y = y * -1
    y.backward()
    assert x.grad == 1
    x = y = Value(1.0)
    for _ in range(100):
        y = y + y
    y.backward()
    assert x.grad == 2.0**100
