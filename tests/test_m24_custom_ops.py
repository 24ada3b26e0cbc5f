"""The references of m24, proved by other routes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import product
from typing import Any

import pytest
import torch
from m24_custom_ops import LinearFn, RoundSTE, gumbel_softmax, receptive_field, sparse_linear
from torch import Tensor, nn
from torch.autograd import gradcheck, gradgradcheck
from torch.utils._python_dispatch import TorchDispatchMode

SMALL = 0.06  # by Hoeffding, 4,000 shares are within it but for 2 exp(-2 * 4000 * 0.06^2) = 6e-13


def seeded(seed: int) -> torch.Generator:
    """Return a generator with a seed."""
    return torch.Generator().manual_seed(seed)


def drawn(seed: int, *shape: int) -> Tensor:
    """Return normal draws of float64 that require their gradient."""
    return torch.randn(*shape, generator=seeded(seed), dtype=torch.float64).requires_grad_()


class Results(TorchDispatchMode):
    """Counts the elements of the dense results of all operations, by the operation's name."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, int]] = []

    def __torch_dispatch__(
        self,
        func: Any,
        types: Any,
        args: Sequence[object] = (),
        kwargs: dict[str, object] | None = None,
    ) -> object:
        """Run an operation and note its result."""
        result = func(*args, **(kwargs or {}))
        if isinstance(result, Tensor) and result.layout == torch.strided:
            self.elements.append((func.overloadpacket.__name__, result.numel()))
        return result


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_round_ste_takes_the_nearest_whole_number(dtype: torch.dtype) -> None:
    """No whole number is nearer, and a half goes to the even one."""
    x = torch.linspace(-4, 4, 65, dtype=dtype)
    rounded = RoundSTE.apply(x)
    assert rounded.dtype == dtype and torch.equal(rounded, rounded.long().to(dtype))
    assert ((rounded - x).abs() <= 0.5).all()
    halves = x.remainder(1) == 0.5
    assert halves.any() and (rounded[halves].remainder(2) == 0).all()


def test_round_ste_has_the_gradient_of_a_line_at_every_order() -> None:
    """With it in place of rounding, gradients are those of the same loss at the rounded point."""
    x = drawn(1, 3, 4)
    with torch.no_grad():
        x *= 3
    (slope,) = torch.autograd.grad(RoundSTE.apply(x).pow(3).sum(), x, create_graph=True)
    torch.testing.assert_close(slope, 3 * x.round() ** 2)
    (second,) = torch.autograd.grad(slope.sum(), x)
    torch.testing.assert_close(second, 6 * x.round())


def test_round_ste_trains_weights_that_torchs_round_cannot() -> None:
    """A regression on quarters finds its weights through RoundSTE, and never moves without it."""
    x, w_true = drawn(2, 40, 3).detach(), torch.tensor([0.75, -1.5, 0.25], dtype=torch.float64)
    for rounding, found in ((RoundSTE.apply, True), (torch.round, False)):
        w = torch.zeros(3, dtype=torch.float64, requires_grad=True)
        for _ in range(60):
            loss = (x @ (rounding(4 * w) / 4) - x @ w_true).square().mean()
            (slope,) = torch.autograd.grad(loss, w)
            with torch.no_grad():
                w -= 0.1 * slope
        assert torch.equal((4 * w).round() / 4, w_true) is found


@pytest.mark.parametrize(("n", "n_in", "n_out"), [(4, 3, 2), (1, 1, 1), (3, 2, 2)])
@pytest.mark.parametrize("bias", [True, False])
def test_linear_fn_is_nn_linear_with_gradients_of_every_order(
    n: int, n_in: int, n_out: int, bias: bool
) -> None:
    """The numbers are those of F.linear; finite differences confirm first and second gradients."""
    inputs = (drawn(1, n, n_in), drawn(2, n_out, n_in), drawn(3, n_out) if bias else None)
    ours, theirs = LinearFn.apply(*inputs), nn.functional.linear(*inputs)
    torch.testing.assert_close(ours, theirs)
    checked: Any = inputs
    assert gradcheck(LinearFn.apply, checked) and gradgradcheck(LinearFn.apply, checked)


@pytest.mark.parametrize("flags", list(product([True, False], repeat=3))[:-1])
def test_linear_fn_computes_only_what_is_needed(flags: tuple[bool, bool, bool]) -> None:
    """backward() makes one product for each of x and w that needs one, and None for the rest."""
    inputs = (drawn(1, 4, 3), drawn(2, 2, 3), drawn(3, 2))
    for tensor, flag in zip(inputs, flags, strict=True):
        tensor.requires_grad_(flag)
    result = LinearFn.apply(*inputs)
    with torch.no_grad(), Results() as seen:
        entries = LinearFn.backward(result.grad_fn, torch.ones(4, 2, dtype=torch.float64))
    assert [entry is not None for entry in entries] == list(flags)
    assert sum(name == "mm" for name, _ in seen.elements) == sum(flags[:2])
    shapes = [None if e is None else e.shape for e in entries]
    assert shapes == [t.shape if flag else None for t, flag in zip(inputs, flags, strict=True)]


def test_linear_fn_adds_the_bias_within_the_product() -> None:
    """One addmm does it all, as in F.linear."""
    with Results() as seen:
        LinearFn.apply(drawn(1, 4, 3), drawn(2, 2, 3), drawn(3, 2))
    names = [name for name, _ in seen.elements]
    assert "addmm" in names and not {"mm", "add", "add_"} & set(names)


@pytest.mark.parametrize("tau", [0.3, 1.0, 4.0])
def test_gumbel_softmax_chooses_with_the_probabilities_of_the_softmax(tau: float) -> None:
    """Shares of hard choices are near the softmax, whatever tau is."""
    logits = torch.tensor([[2.0, 0.5, -0.3, 1.2, 0.0]], dtype=torch.float64)
    hard = gumbel_softmax(logits.expand(4000, -1), tau, True, seeded(1))
    assert (hard.mean(0) - logits.softmax(1)).abs().max() < SMALL


def test_gumbel_softmax_tells_its_noise_from_that_of_a_normal_distribution() -> None:
    """With Gaussian noise, or noise of the other sign, the shares are farther away than chance."""
    logits = torch.tensor([[2.0] + [0.0] * 9], dtype=torch.float64).expand(4000, -1)
    wanted = logits[0].softmax(0)[0]
    ours = gumbel_softmax(logits, 1.0, True, seeded(2))[:, 0].mean()
    normal = torch.randn(4000, 10, generator=seeded(3), dtype=torch.float64)
    gumbel = gumbel_softmax(0 * logits, 1.0, False, seeded(4)).log()
    assert abs(ours - wanted) < SMALL
    for noise in (normal, -gumbel):
        assert abs(((logits + noise).argmax(1) == 0).double().mean() - wanted) > 2 * SMALL


def test_gumbel_softmax_has_noise_with_gumbels_distribution_function() -> None:
    """Draws leave it by less than 0.03: Dvoretzky, Kiefer and Wolfowitz, and 7 standard errors."""
    n = 100_000
    noise = gumbel_softmax(torch.zeros(1, n, dtype=torch.float64), 1.0, False, seeded(5)).log()
    ordered = (noise - noise.mean() + 0.5772156649).flatten().sort().values
    ranks = (torch.arange(n, dtype=torch.float64) + 0.5) / n
    assert (torch.exp(-torch.exp(-ordered)) - ranks).abs().max() < 0.03
    assert ordered.std().item() == pytest.approx(math.pi / math.sqrt(6), rel=0.03)


@pytest.mark.parametrize("hard", [False, True])
def test_gumbel_softmax_has_the_gradient_of_a_softmax_of_fixed_noise(hard: bool) -> None:
    """Finite differences of the soft result with the same seed give the gradient of both."""
    logits, v, tau = drawn(6, 3, 4), drawn(7, 3, 4).detach(), 0.7

    def soft_sum(numbers: Tensor) -> float:
        return (gumbel_softmax(numbers, tau, False, seeded(8)) * v).sum().item()

    result = gumbel_softmax(logits, tau, hard, seeded(8))
    (gradient,) = torch.autograd.grad((result * v).sum(), logits)
    for place in product(range(3), range(4)):
        step = torch.zeros(3, 4, dtype=torch.float64)
        step[place] = 1e-6
        slope = (soft_sum(logits.detach() + step) - soft_sum(logits.detach() - step)) / 2e-6
        assert gradient[place].item() == pytest.approx(slope, abs=1e-8)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_gumbel_softmax_is_one_hot_finite_and_repeatable(dtype: torch.dtype) -> None:
    """A seed gives the same choice soft and hard, a second call another one; the global generator
    is left alone, and large logits do no harm."""
    logits, before = 1000 * drawn(9, 5, 3).detach().to(dtype), torch.random.get_rng_state()
    generator = seeded(10)
    zeros = torch.zeros_like(logits)
    first, second = (gumbel_softmax(zeros, 0.5, False, generator) for _ in range(2))
    hard = gumbel_softmax(zeros, 2.0, True, seeded(10))
    assert hard.dtype == dtype and not torch.equal(first, second)
    expected = torch.zeros_like(zeros).scatter(1, first.argmax(1, keepdim=True), 1.0)
    torch.testing.assert_close(hard, expected)
    assert gumbel_softmax(logits, 0.1, False, seeded(11)).isfinite().all()
    assert torch.equal(torch.random.get_rng_state(), before)


@pytest.mark.parametrize(("n_rows", "columns", "places"), [(4, 3, 9), (5, 6, 3), (2, 2, 0)])
def test_sparse_linear_is_the_product_with_the_full_matrix(
    n_rows: int, columns: int, places: int
) -> None:
    """A full matrix, filled place by place, gives the same numbers; gradients pass gradcheck."""
    rows = torch.randint(n_rows, (places,), generator=seeded(1))
    idx = torch.stack([rows, torch.randint(columns, (places,), generator=seeded(2))])
    vals, dense = drawn(3, places), drawn(4, columns, 2)
    full = torch.zeros(n_rows, columns, dtype=torch.float64)
    for (row, column), number in zip(idx.t().tolist(), vals.tolist(), strict=True):
        full[row, column] += number
    torch.testing.assert_close(sparse_linear(idx, vals, n_rows, dense), full @ dense)
    assert gradcheck(lambda v, d: sparse_linear(idx, v, n_rows, d), (vals, dense))


def test_sparse_linear_never_makes_the_full_matrix_as_torchs_own_product_does() -> None:
    """The largest result on the way has 2,000 elements; torch.sparse.mm makes a million on its way
    back."""
    idx = torch.tensor([[0, 7, 999, 7], [5, 0, 3, 0]])
    vals, dense = drawn(1, 4), drawn(2, 1000, 2)
    largest = []
    for call in (
        lambda: sparse_linear(idx, vals, 1000, dense),
        lambda: torch.sparse.mm(
            torch.sparse_coo_tensor(idx, vals, (1000, 1000), check_invariants=True), dense
        ),
    ):
        with Results() as seen:
            torch.autograd.grad(call().sum(), (vals, dense))
        largest.append(max(count for _, count in seen.elements))
    assert largest == [2000, 1_000_000]


def test_sparse_linear_multiplies_a_matrix_of_10_000_million_places() -> None:
    """100,000 rows and columns need no more than two small tensors."""
    idx = torch.tensor([[99_999, 0, 99_999], [0, 99_999, 0]])
    dense = torch.arange(100_000, dtype=torch.float64)[:, None] + 1
    out = sparse_linear(idx, torch.tensor([2.0, 3.0, 4.0], dtype=torch.float64), 100_000, dense)
    assert out.shape == (100_000, 1) and out.count_nonzero() == 2
    assert out[99_999] == 6 and out[0] == 300_000


STACKS = [
    [],
    [(3, 1, 1)],
    [(3, 1, 1), (3, 1, 1)],
    [(3, 1, 1), (3, 1, 2), (3, 1, 4)],
    [(3, 1, 2)] * 3,
    [(2, 2, 3), (3, 3, 1), (2, 1, 2)],
    [(1, 3, 2), (4, 2, 1), (1, 1, 5), (2, 2, 2)],
]


@pytest.mark.parametrize("layers", STACKS)
def test_receptive_field_is_the_support_of_a_gradient(layers: list[tuple[int, int, int]]) -> None:
    """Inputs with a gradient reach as far, through convolutions whose weights are all 1."""
    x = torch.zeros(1, 1, 200, dtype=torch.float64, requires_grad=True)
    out: Tensor = x
    for kernel, stride, dilation in layers:
        w = torch.ones(1, 1, kernel, dtype=torch.float64)
        out = nn.functional.conv1d(out, w, stride=stride, dilation=dilation)
    seen = torch.autograd.grad(out[0, 0, 1], x)[0].nonzero()[:, 2]
    assert receptive_field(layers) == int(seen.max() - seen.min()) + 1


def test_receptive_field_grows_exponentially_only_with_doubled_dilations() -> None:
    """Equal dilations add equal amounts; doubled ones nearly double the field."""
    equal = [receptive_field([(3, 1, 2)] * depth) for depth in range(1, 6)]
    doubled = [receptive_field([(3, 1, 2**i) for i in range(depth)]) for depth in range(1, 6)]
    assert equal == [5, 9, 13, 17, 21] and doubled == [3, 7, 15, 31, 63]
