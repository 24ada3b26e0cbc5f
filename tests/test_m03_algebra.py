"""The references of m03, proved by other routes."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
import torch
from m03_algebra import broadcast_shape, matmul
from torch import Tensor

SHAPES = [shape for n in range(4) for shape in product((0, 1, 2, 3), repeat=n)]


def drawn(seed: int, *shapes: tuple[int, ...]) -> list[Tensor]:
    """Return standard-normal tensors in float64."""
    generator = torch.Generator().manual_seed(seed)
    return [torch.randn(s, generator=generator, dtype=torch.float64) for s in shapes]


def result_of(call: Any, *args: Any, error: type[Exception]) -> Any:
    """Return what a call returns, or None where it raises the error."""
    try:
        return call(*args)
    except error:
        return None


def test_broadcast_shape_agrees_with_torch_on_all_small_shapes() -> None:
    """For all pairs of shapes with up to three sizes of 0 to 3, torch gives the same, or raises."""
    for a, b in product(SHAPES, SHAPES):
        expected = result_of(torch.broadcast_shapes, a, b, error=RuntimeError)
        assert result_of(broadcast_shape, a, b, error=ValueError) == expected, (a, b)


def test_broadcast_shape_is_that_of_a_sum() -> None:
    """Adding two real tensors gives that shape."""
    for a, b in [((4, 1), (0,)), ((), (2, 3)), ((2, 1, 5), (3, 1))]:
        assert broadcast_shape(a, b) == (torch.ones(a) + torch.ones(b)).shape
        assert type(broadcast_shape(a, b)) is tuple


def test_broadcast_shape_is_symmetric_and_associative() -> None:
    """The order of two shapes is free, and so is that of three which fit."""
    some = SHAPES[::5]
    for a, b, c in product(some, some, some):
        left = result_of(
            lambda a, b, c: broadcast_shape(broadcast_shape(a, b), c), a, b, c, error=ValueError
        )
        right = result_of(
            lambda a, b, c: broadcast_shape(a, broadcast_shape(c, b)), a, b, c, error=ValueError
        )
        assert left == right


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ((2, 3), (3, 4)),
        ((1, 1), (1, 1)),
        ((2, 1), (1, 3)),
        ((2, 4, 3), (2, 3, 2)),
        ((2, 1, 3, 2), (3, 2, 4)),
        ((3, 2), (4, 2, 5)),
    ],
)
def test_matmul_equals_torchs_own(a: tuple[int, ...], b: tuple[int, ...]) -> None:
    """The product and its gradients are those of torch's operator."""
    x, y = (tensor.requires_grad_() for tensor in drawn(1, a, b))
    ours, theirs = matmul(x, y), x @ y
    torch.testing.assert_close(ours, theirs)
    torch.testing.assert_close(
        torch.autograd.grad(ours.square().sum(), (x, y)),
        torch.autograd.grad(theirs.square().sum(), (x, y)),
    )


def test_matmul_is_the_sum_of_its_definition() -> None:
    """Every number is a plain sum of products of floats."""
    a, b = drawn(2, (3, 4), (4, 2))
    for i, j in product(range(3), range(2)):
        total = sum(a[i, k].item() * b[k, j].item() for k in range(4))
        assert matmul(a, b)[i, j].item() == pytest.approx(total, rel=1e-12)


def test_matmul_is_associative_and_has_a_neutral_element() -> None:
    """Brackets are free, and the unit matrix changes nothing."""
    a, b, c = drawn(3, (2, 3), (3, 4), (4, 2))
    torch.testing.assert_close(matmul(matmul(a, b), c), matmul(a, matmul(b, c)))
    assert torch.equal(matmul(a, torch.eye(3, dtype=a.dtype)), a)


@pytest.mark.parametrize("shapes", [((2, 1), (3, 4)), ((3, 2), (3, 2)), ((2, 3), (1, 4))])
def test_matmul_refuses_other_inner_sizes(shapes: tuple[tuple[int, ...], ...]) -> None:
    """Nothing is stretched."""
    with pytest.raises(ValueError, match="inner sizes"):
        matmul(*drawn(4, *shapes))


def test_matmul_stays_on_the_device_of_its_inputs() -> None:
    """On meta a tensor of another device would raise."""
    assert matmul(*(t.to("meta") for t in drawn(5, (2, 3), (3, 2)))).is_meta
