"""The references of m03, proved by other routes."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
import torch
from m03_algebra import add_bias, broadcast_shape, embed, matmul, one_hot, pairwise_sq_dists
from torch import Tensor
from torch.nn import functional as F

from autograder.inside.probes.tools import Operations

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


@pytest.mark.parametrize(("n", "o"), [(4, 3), (3, 3), (1, 1), (0, 2)])
def test_add_bias_adds_one_number_to_each_column(n: int, o: int) -> None:
    """Column j of the sum is column j of the batch plus number j of the bias."""
    batch, bias = drawn(6, (n, o), (o,))
    out, _ = add_bias(batch, bias)
    for j in range(o):
        assert torch.equal(out[:, j], batch[:, j] + bias[j].item())


def test_add_bias_expands_without_a_copy() -> None:
    """The view has stride 0 along the rows, lies in the memory of bias and follows it."""
    batch, bias = drawn(7, (4, 3), (3,))
    out, expanded = add_bias(batch, bias)
    kept = out.clone()
    assert expanded.stride() == (0, 1) and expanded.data_ptr() == bias.data_ptr()
    bias.copy_(torch.arange(3.0))
    assert expanded.tolist() == [[0.0, 1.0, 2.0]] * 4
    assert torch.equal(out, kept)


def test_add_bias_sums_the_gradients_of_a_column() -> None:
    """The gradient for bias is the column sums of that for the sum, and so for expanded."""
    batch, bias, weights = drawn(8, (4, 3), (3,), (4, 3))
    bias.requires_grad_()
    for result in add_bias(batch, bias):
        (gradient,) = torch.autograd.grad((result * weights).sum(), bias, retain_graph=True)
        torch.testing.assert_close(gradient, weights.sum(0))


@pytest.mark.parametrize("shape", [(5,), (2, 3), (), (0,), (2, 0)])
def test_one_hot_equals_torchs_own(shape: tuple[int, ...]) -> None:
    """The codes are those of F.one_hot, in float32."""
    y = torch.randint(0, 4, shape, generator=torch.Generator().manual_seed(9))
    assert torch.equal(one_hot(y, 5), F.one_hot(y, 5).float())


def test_one_hot_can_be_undone() -> None:
    """The largest number of each code stands at its label, and each code sums to 1."""
    y = torch.randint(0, 7, (3, 20), generator=torch.Generator().manual_seed(10))
    codes = one_hot(y, 9)
    assert torch.equal(codes.argmax(-1), y)
    assert torch.equal(codes.sum(-1), torch.ones(3, 20))


def test_embed_is_the_product_of_codes_and_table() -> None:
    """Rows and gradients are those of the product, where all numbers are finite."""
    y = torch.tensor([[0, 2, 2], [3, 2, 0]])
    (table,) = drawn(11, (4, 5))
    table.requires_grad_()
    rows, theirs = embed(y, table), one_hot(y, 4).double() @ table
    torch.testing.assert_close(rows, theirs)
    torch.testing.assert_close(
        torch.autograd.grad(rows.square().sum(), table),
        torch.autograd.grad(theirs.square().sum(), table),
    )


def test_embed_collects_the_gradients_of_equal_labels() -> None:
    """A row that three labels name gets the gradient 3, one that none names 0."""
    table = torch.zeros(3, 2, requires_grad=True)
    embed(torch.tensor([1, 1, 2, 1]), table).sum().backward()
    assert table.grad is not None
    assert table.grad.tolist() == [[0, 0], [3, 3], [1, 1]]


def test_embed_lets_no_other_row_in() -> None:
    """A row of inf and nan is seen only by the labels that name it."""
    table = torch.tensor([[1.0, 2.0], [torch.inf, torch.nan]])
    assert embed(torch.tensor([0, 0]), table).tolist() == [[1.0, 2.0], [1.0, 2.0]]


@pytest.mark.parametrize("label", [-1, 3, 100])
def test_labels_that_are_no_class_are_refused(label: int) -> None:
    """One of them among right ones is enough, in both functions."""
    y = torch.tensor([0, label, 2])
    with pytest.raises(ValueError, match="none of the 3"):
        one_hot(y, 3)
    with pytest.raises(ValueError, match="none of the 3"):
        embed(y, torch.zeros(3, 2))


@pytest.mark.parametrize(("n", "m", "d"), [(4, 3, 2), (3, 3, 3), (1, 1, 1), (30, 40, 3)])
def test_pairwise_sq_dists_equals_torchs_own(n: int, m: int, d: int) -> None:
    """The squares of torch.cdist without products are the same, and so are their gradients."""
    a, b, weights = drawn(12, (n, d), (m, d), (n, m))
    a.requires_grad_()
    ours = pairwise_sq_dists(a, b)
    theirs = torch.cdist(a, b, compute_mode="donot_use_mm_for_euclid_dist").square()
    torch.testing.assert_close(ours, theirs)
    torch.testing.assert_close(
        torch.autograd.grad((ours * weights).sum(), a),
        torch.autograd.grad((theirs * weights).sum(), a),
    )


def test_pairwise_sq_dists_of_a_triangle() -> None:
    """The corners of a 3-4-5 triangle are 9, 16 and 25 apart."""
    corners = torch.tensor([[0.0, 0.0], [3.0, 0.0], [0.0, 4.0]])
    assert pairwise_sq_dists(corners, corners).tolist() == [[0, 9, 16], [9, 0, 25], [16, 25, 0]]


def test_pairwise_sq_dists_does_not_care_where_rows_are_moved_or_turned() -> None:
    """A turn and a shift of all rows leave every distance as it is."""
    a, b, turn, shift = drawn(13, (5, 3), (4, 3), (3, 3), (3,))
    turn = torch.linalg.qr(turn).Q
    moved = pairwise_sq_dists(a @ turn + shift, b @ turn + shift)
    torch.testing.assert_close(moved, pairwise_sq_dists(a, b))


@pytest.mark.parametrize("rows", [4, 30])
def test_pairwise_sq_dists_keeps_its_digits_far_from_0(rows: int) -> None:
    """Around 1000 in float32 each distance is right; multiplied out none of the digits would be."""
    a, b = ((t * 8).round() / 8 for t in drawn(14, (rows, 3), (rows, 3)))
    exact, far = pairwise_sq_dists(a, b), [(t + 1000).float() for t in (a, b)]
    assert torch.equal(pairwise_sq_dists(*far).double(), exact)
    x, y = far
    out = x.square().sum(1)[:, None] + y.square().sum(1) - 2 * x @ y.T
    assert (out - exact).abs().max() > 0.05
    assert ((torch.cdist(x, y).square() - exact).abs().max() > 0.05) == (rows > 25)


def test_pairwise_sq_dists_has_a_slope_where_rows_are_equal() -> None:
    """At distance 0 the gradient is 0, not nan."""
    a = torch.ones(2, 3, requires_grad=True)
    pairwise_sq_dists(a, torch.ones(1, 3)).sum().backward()
    assert a.grad is not None and not a.grad.any()


def test_pairwise_sq_dists_takes_as_many_operations_for_any_number_of_rows() -> None:
    """10 rows or 1,000: the same operations run."""
    counts = set()
    for rows in (10, 1000):
        with Operations() as operations:
            pairwise_sq_dists(torch.ones(rows, 2), torch.ones(rows - 1, 2))
        counts.add(tuple(operations.names))
    assert len(counts) == 1


def test_no_function_changes_its_inputs() -> None:
    """All that goes in is the same afterwards."""
    inputs = drawn(15, (4, 3), (3,), (5, 3))
    batch, bias, rows = (t.clone() for t in inputs)
    add_bias(batch, bias)
    matmul(batch, rows.T)
    embed(torch.tensor([1, 3]), batch)
    pairwise_sq_dists(batch, rows)
    assert all(map(torch.equal, (batch, bias, rows), inputs))
