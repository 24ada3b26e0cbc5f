"""The references of m07, proved by differences, loops, autograd and the tutorial's numbers."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
import torch
from m07_gradients import dmse_dpred, grads_only, linreg_grads, nudge, predicted_change
from torch import Tensor
from torch.nn.functional import linear, mse_loss

from autograder.inside.tables import crop_yield

SIZES = [(4, 3, 2), (3, 3, 3), (1, 1, 1), (5, 2, 1)]


def draw(seed: int, *shapes: tuple[int, ...]) -> list[Tensor]:
    """Return standard-normal float64 tensors of these shapes."""
    generator = torch.Generator().manual_seed(seed)
    return [torch.randn(*shape, generator=generator, dtype=torch.float64) for shape in shapes]


def slopes(loss: Callable[[Tensor], Tensor], at: Tensor, step: float = 1e-5) -> Tensor:
    """Return central differences of a loss, one element moved at a time."""
    found = torch.zeros_like(at)
    for index in range(at.numel()):
        move = torch.zeros_like(at)
        move.view(-1)[index] = step
        found.view(-1)[index] = (loss(at + move) - loss(at - move)) / (2 * step)
    return found


@pytest.mark.parametrize(("n", "_", "o"), SIZES)
def test_dmse_dpred_is_the_slope_of_the_loss(n: int, _: int, o: int) -> None:
    """Moving one prediction changes torch's own loss by the derivative."""
    pred, target = draw(n, (n, o), (n, o))
    expected = slopes(lambda p: mse_loss(p, target), pred)
    torch.testing.assert_close(dmse_dpred(pred, target), expected, rtol=1e-7, atol=1e-9)


def test_dmse_dpred_of_numbers_worked_out_by_hand() -> None:
    """Errors 3, 0, -1, 2 among four elements give 1.5, 0, -0.5, 1."""
    pred, target = torch.tensor([[5.0, 1.0], [0.0, 4.0]]), torch.tensor([[2.0, 1.0], [1.0, 2.0]])
    assert dmse_dpred(pred, target).tolist() == [[1.5, 0.0], [-0.5, 1.0]]


@pytest.mark.parametrize(("n", "i", "o"), SIZES)
def test_linreg_grads_are_the_slopes_of_the_loss(n: int, i: int, o: int) -> None:
    """Moving one weight or one bias changes torch's own loss by its gradient."""
    x, y, w, b = draw(i, (n, i), (n, o), (o, i), (o,))
    gw, gb = linreg_grads(x, y, w, b)
    expected_w = slopes(lambda p: mse_loss(linear(x, p, b), y), w)
    expected_b = slopes(lambda p: mse_loss(linear(x, w, p), y), b)
    torch.testing.assert_close(gw, expected_w, rtol=1e-7, atol=1e-8)
    torch.testing.assert_close(gb, expected_b, rtol=1e-7, atol=1e-8)


def test_linreg_grads_at_the_tutorials_start() -> None:
    """The crop table and the tutorial's first parameters give its first gradients."""
    x, y = (torch.as_tensor(table) for table in crop_yield())
    w = torch.tensor(
        [[-0.290955, -0.344986, 0.030538], [-0.652802, 0.738596, -0.515257]], dtype=torch.float64
    )
    b = torch.tensor([-0.916240, -0.777892], dtype=torch.float64)
    gw, gb = linreg_grads(x, y, w, b)
    expected = [[-10740.74, -12376.30, -7471.23], [-9458.51, -10033.87, -6344.11]]
    assert (gw - torch.tensor(expected)).abs().max() < 0.02
    assert (gb - torch.tensor([-129.54, -112.68])).abs().max() < 0.01


def test_linreg_grads_vanish_at_the_least_squares_solution() -> None:
    """No parameter can be improved where torch's least squares puts them."""
    x, y = draw(3, (9, 3), (9, 2))
    solution = torch.linalg.lstsq(torch.cat([x, x.new_ones(9, 1)], 1), y).solution
    gw, gb = linreg_grads(x, y, solution[:-1].T, solution[-1])
    assert max(gw.abs().max(), gb.abs().max()) < 1e-13


def test_linreg_grads_need_no_autograd_and_leave_no_trace() -> None:
    """The same numbers come out in inference mode, and .grad and the arguments stay as they are."""
    tensors = draw(5, (4, 3), (4, 2), (2, 3), (2,))
    copies = [tensor.clone() for tensor in tensors]
    x, y, w, b = tensors[0], tensors[1], *(p.requires_grad_() for p in tensors[2:])
    outside = linreg_grads(x, y, w, b)
    with torch.inference_mode():
        inside = linreg_grads(x, y, w, b)
    assert all(torch.equal(a, c) for a, c in zip(outside, inside, strict=True))
    assert w.grad is None and b.grad is None
    assert all(torch.equal(a, c) for a, c in zip(tensors, copies, strict=True))


def test_predicted_change_is_wrong_by_a_quarter_for_half_the_step() -> None:
    """The error against the real change of a quadratic loss is exactly of second order."""
    x, y, w, delta = draw(7, (6, 3), (6, 2), (2, 3), (2, 3))
    b = x.new_zeros(2)
    grad = slopes(lambda p: mse_loss(linear(x, p, b), y), w)

    def error(step: Tensor) -> float:
        real = mse_loss(linear(x, w + step, b), y) - mse_loss(linear(x, w, b), y)
        return real.item() - predicted_change(grad, step)

    errors = [error(delta * 0.5**k) for k in range(4)]
    for whole, half in pairwise(errors):
        assert whole / half == pytest.approx(4, rel=1e-4)


def test_predicted_change_of_numbers_worked_out_by_hand() -> None:
    """3 * 0.1 - 2 * 0.5 = -0.7, and a single number moves alone."""
    grad, delta = torch.tensor([[3.0, -2.0]]).double(), torch.tensor([[0.1, 0.5]]).double()
    assert predicted_change(grad, delta) == pytest.approx(-0.7)
    change = predicted_change(torch.tensor(4.0), torch.tensor(-0.25))
    assert isinstance(change, float) and change == -1.0


def test_nudge_lowers_the_loss_element_by_element() -> None:
    """Every weight moved alone by a little along its nudge lowers the loss; one at 0 stays."""
    x, y, w = draw(11, (6, 3), (6, 2), (2, 3))
    x[:, 1] = 0  # the loss does not depend on the second feature's weights
    b = x.new_zeros(2)
    way = nudge(slopes(lambda p: mse_loss(linear(x, p, b), y), w))
    assert way[:, 1].tolist() == [0, 0]
    before = mse_loss(linear(x, w, b), y)
    for index in ([0, 0], [0, 2], [1, 0], [1, 2]):
        moved = w.clone()
        moved[tuple(index)] += 1e-4 * way[tuple(index)]
        assert abs(way[tuple(index)]) == 1
        assert mse_loss(linear(x, moved, b), y) < before


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.float16])
def test_nudge_keeps_dtype_and_shape(dtype: torch.dtype) -> None:
    """The result is like its argument, tiny and empty ones included."""
    way = nudge(torch.tensor([[2.0, -1e-7, 0.0]], dtype=dtype))
    assert way.dtype == dtype and way.tolist() == [[-1, 1, 0]]
    assert nudge(torch.zeros(0, 3, dtype=dtype)).shape == (0, 3)
    assert nudge(torch.tensor(-5.0, dtype=dtype)) == 1


def test_grads_only_agrees_with_differences_and_gives_zeros_for_the_unused() -> None:
    """Gradients come in the order of the parameters; what the loss does not use has slope 0."""
    x, y, w, b, unused = draw(13, (5, 3), (5, 2), (2, 3), (2,), (4, 2))
    leaves = [p.requires_grad_() for p in (b, unused, w)]
    grads = grads_only(mse_loss(linear(x, w, b), y), leaves)
    with torch.no_grad():
        expected_b = slopes(lambda p: mse_loss(linear(x, w, p), y), b)
        expected_w = slopes(lambda p: mse_loss(linear(x, p, b), y), w)
    torch.testing.assert_close(grads[0], expected_b, rtol=1e-7, atol=1e-8)
    torch.testing.assert_close(grads[2], expected_w, rtol=1e-7, atol=1e-8)
    assert torch.equal(grads[1], torch.zeros(4, 2, dtype=torch.float64))
    assert isinstance(grads, list) and not any(g.requires_grad for g in grads)


def test_grads_only_leaves_no_trace() -> None:
    """Values, versions and stored gradients stay, where backward would add to the latter."""
    w, b = (p.requires_grad_() for p in draw(17, (2, 3), (2,)))
    w.grad = torch.full_like(w, 7)
    before, versions = w.detach().clone(), (w._version, b._version)
    grads_only((w.sum() + b.sum()) ** 2, (w, b))
    assert torch.equal(w.detach(), before) and (w._version, b._version) == versions
    assert torch.equal(w.grad, torch.full_like(w, 7)) and b.grad is None
    assert w.requires_grad and b.requires_grad
