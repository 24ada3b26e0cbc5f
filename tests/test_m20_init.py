"""The references of m20, proved by other routes."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

import pytest
import torch
from m20_init import (
    break_symmetry_,
    distinct_units,
    kaiming_normal_,
    linear_default_,
    normal_from_uniform,
    propagated_std,
    xavier_normal_,
)
from torch import Tensor, nn

# Dvoretzky, Kiefer and Wolfowitz: n draws leave their distribution function by more than this
# with a probability of 2 exp(-2 n d^2) = 3e-10.
FARTHEST = 3.4  # over the root of n


def seeded(seed: int) -> torch.Generator:
    """Return a generator with a seed."""
    return torch.Generator().manual_seed(seed)


def parameter(*shape: int, dtype: torch.dtype = torch.float64) -> Tensor:
    """Return a parameter full of 5, which no scheme draws."""
    return torch.full(shape, 5.0, dtype=dtype, requires_grad=True)


def distance_from(numbers: Tensor, function: Callable[[Tensor], Tensor]) -> float:
    """Return how far numbers are from a distribution function, times the root of their count."""
    ordered = numbers.detach().double().flatten().sort().values
    n = len(ordered)
    ranks = (torch.arange(n, dtype=torch.float64) + 0.5) / n
    return (function(ordered) - ranks).abs().max().item() * math.sqrt(n)


def normal(std: float) -> Callable[[Tensor], Tensor]:
    """Return the distribution function of N(0, std squared)."""
    return lambda x: 0.5 * (1 + torch.erf(x / std / math.sqrt(2)))


@pytest.mark.parametrize(("n_in", "n_out"), [(4, 5000), (50, 400)])
def test_linear_default_follows_torchs_own_layer(n_in: int, n_out: int) -> None:
    """w and b stay within the bounds of the uniform distribution and follow its function, and so
    do those of an nn.Linear."""
    w, b = parameter(n_out, n_in), parameter(n_out)
    linear_default_(w, b, seeded(1))
    torch.manual_seed(1)
    layer = nn.Linear(n_in, n_out)
    bound = 1 / math.sqrt(n_in)
    for numbers in (w, b, layer.weight, layer.bias):
        assert numbers.abs().max() <= bound * (1 + 1e-6)
        assert distance_from(numbers, lambda x: (x / bound + 1) / 2) < FARTHEST


def test_linear_default_shrinks_the_variance_of_a_signal_to_a_third() -> None:
    """Without its bias, a layer of the default makes a third of the variance of its inputs."""
    w, b = parameter(300, 200), parameter(300)
    linear_default_(w, b, seeded(2))
    x = torch.randn(500, 200, generator=seeded(3), dtype=torch.float64)
    assert (x @ w.T).var().item() == pytest.approx(1 / 3, rel=0.1)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_linear_default_writes_into_the_callers_leaves(dtype: torch.dtype) -> None:
    """The tensors stay the caller's leaves with their gradients; no number stays as it was."""
    w, b = parameter(3, 2, dtype=dtype), parameter(3, dtype=dtype)
    w.grad, before = torch.ones_like(w), torch.random.get_rng_state()
    linear_default_(w, b, seeded(4))
    assert w.is_leaf and w.requires_grad and b.is_leaf and b.requires_grad
    assert torch.equal(w.grad, torch.ones_like(w)) and b.grad is None
    assert not (w == 5).any() and not (b == 5).any()
    assert torch.equal(torch.random.get_rng_state(), before)


def test_linear_default_draws_w_and_b_apart() -> None:
    """b repeats none of w's numbers; a seed repeats both, and a second call gives others."""
    (w, b), (v, c), (u, d) = ((parameter(40, 3), parameter(40)) for _ in range(3))
    generator = seeded(5)
    linear_default_(w, b, generator)
    linear_default_(v, c, generator)
    linear_default_(u, d, seeded(5))
    assert torch.equal(w, u) and torch.equal(b, d)
    assert len(torch.cat([t.detach().flatten() for t in (w, b, v, c)]).unique()) == 320


@pytest.mark.parametrize(
    ("draw", "theirs", "variance"),
    [
        (xavier_normal_, nn.init.xavier_normal_, 2 / (50 + 400)),
        (kaiming_normal_, nn.init.kaiming_normal_, 2 / 50),
    ],
)
def test_xavier_normal_and_kaiming_normal_follow_torchs_own(
    draw: Callable[..., None], theirs: Callable[..., Tensor], variance: float
) -> None:
    """The numbers follow the normal distribution of that variance, and so do those of torch."""
    w, other = parameter(400, 50), parameter(400, 50)
    before = torch.random.get_rng_state()
    draw(w, seeded(6))
    theirs(other, generator=seeded(7))
    for numbers in (w, other):
        assert distance_from(numbers, normal(math.sqrt(variance))) < FARTHEST
    assert w.is_leaf and w.requires_grad and w.grad is None
    assert torch.equal(torch.random.get_rng_state(), before)


def test_kaiming_normal_keeps_the_square_of_a_signal_through_relus() -> None:
    """Three layers with ReLUs leave the mean square of a wide signal near 1; without the 2 it would
    be an eighth. Its logarithm has a standard deviation of 0.2."""
    generator = seeded(8)
    signal = torch.randn(50, 400, generator=generator, dtype=torch.float64)
    for _ in range(3):
        w = parameter(400, 400)
        kaiming_normal_(w, generator)
        signal = (signal @ w.detach().T).relu()
    assert 1 / 3.5 < signal.square().mean().item() < 3.5


def test_xavier_normal_favours_neither_direction() -> None:
    """A matrix and its transpose are drawn with one spread, unlike with kaiming_normal_."""
    stds = []
    for draw in (xavier_normal_, kaiming_normal_):
        for shape in ((50, 400), (400, 50)):
            w = parameter(*shape)
            draw(w, seeded(9))
            stds.append(w.std().item())
    assert stds[0] == pytest.approx(stds[1], rel=0.1)
    assert stds[3] == pytest.approx(stds[2] * math.sqrt(8), rel=0.1)


@pytest.mark.parametrize(
    ("fan_ins", "weight_std"), [([3], 1.0), ([2, 3], 0.5), ([2, 1, 2], 1.5), ([1, 4], 0.3)]
)
def test_propagated_std_is_that_of_all_signs(fan_ins: list[int], weight_std: float) -> None:
    """Over all signs of inputs and weights, which have mean 0 and the wanted spread, it is exact.

    The mean over the signs of the weights is taken by hand: that of each layer is a sum of squares.
    """
    sizes = [*fan_ins, 1]
    count = fan_ins[0] + sum(n * m for n, m in pairwise(sizes))
    signs = torch.cartesian_prod(*[torch.tensor([-1.0, 1.0], dtype=torch.float64)] * count)
    x, at = signs[:, : fan_ins[0], None], fan_ins[0]
    for n, m in pairwise(sizes):
        w = weight_std * signs[:, at : at + n * m].reshape(-1, m, n)
        x, at = w @ x, at + n * m
    expected = x.square().mean().sqrt().item()
    assert propagated_std(fan_ins, weight_std) == pytest.approx(expected, rel=1e-12)


def test_propagated_std_without_layers_is_1() -> None:
    """Nothing happens to a signal where no layer is; the result is a float all the same."""
    assert propagated_std([], 0.3) == 1.0 and isinstance(propagated_std([], 0.3), float)


def test_propagated_std_tells_what_a_wide_stack_does() -> None:
    """Five layers of 100 units have about the spread that is told, of whose logarithm theirs is
    within 7 standard deviations of 0.16."""
    generator = seeded(10)
    x = torch.randn(20, 100, generator=generator, dtype=torch.float64)
    for _ in range(5):
        w = parameter(100, 100)
        linear_default_(w, parameter(100), generator)
        x = x @ w.detach().T
    told = propagated_std([100] * 5, 1 / math.sqrt(3 * 100))
    assert told == pytest.approx(0.0642, abs=1e-4)
    assert told / 3 < x.std().item() < told * 3


def test_distinct_units_counts_rows_up_to_rounding() -> None:
    """Rows that differ by less than the noise are one unit, others are not, at any scale."""
    rows = torch.tensor([[1.0, 2.0], [2.0, 1.0], [-1.0, -2.0], [1.0, 2.5]], dtype=torch.float64)
    noisy = rows.repeat(3, 1) + 1e-6 * torch.arange(24, dtype=torch.float64).reshape(12, 2) / 24
    for scale in (1e-8, 1.0, 1e8):
        assert distinct_units(noisy * scale) == 4
    assert distinct_units(rows[:1]) == 1 and distinct_units(torch.zeros(3, 2)) == 1
    assert isinstance(distinct_units(rows), int)


def network(start: float) -> nn.Sequential:
    """Return a small network in which each parameter is a constant."""
    mlp = nn.Sequential(nn.Linear(3, 6), nn.Tanh(), nn.Linear(6, 2)).double()
    for p in mlp.parameters():
        nn.init.constant_(p, start)
    return mlp


def trained(mlp: nn.Sequential, steps: int) -> nn.Sequential:
    """Train a network on drawn numbers."""
    x, y = (torch.randn(20, n, generator=seeded(n), dtype=torch.float64) for n in (3, 2))
    optimizer = torch.optim.SGD(mlp.parameters(), lr=0.05)
    for _ in range(steps):
        optimizer.zero_grad()
        nn.functional.mse_loss(mlp(x), y).backward()
        optimizer.step()
    return mlp


def units(mlp: nn.Sequential) -> int:
    """Count the hidden units that are different."""
    layer = mlp[0]
    assert isinstance(layer, nn.Linear)
    return distinct_units(layer.weight)


def test_break_symmetry_lets_training_use_all_units() -> None:
    """A network of equal units has one unit after training, too; with noise it has them all."""
    assert units(trained(network(0.5), 50)) == 1
    for start in (0.0, 0.5):
        mlp = network(start)
        break_symmetry_(mlp, seeded(11))
        assert units(mlp) == 6
        assert units(trained(mlp, 50)) == 6


def test_break_symmetry_adds_normal_noise_to_hidden_weights_alone() -> None:
    """What comes to the hidden weights follows N(0, 0.01); the rest stays, in the same objects."""
    mlp = nn.Sequential(nn.Linear(150, 100), nn.ReLU(), nn.Linear(100, 150), nn.ReLU())
    mlp.append(nn.Linear(150, 2)).double()
    before, objects = [p.detach().clone() for p in mlp.parameters()], list(mlp.parameters())
    state = torch.random.get_rng_state()
    break_symmetry_(mlp, seeded(12))
    assert all(p is q for p, q in zip(mlp.parameters(), objects, strict=True))
    noises = [p.detach() - old for p, old in zip(objects, before, strict=True)]
    for noise in (noises[0], noises[2]):
        assert distance_from(noise, normal(0.1)) < FARTHEST
    assert all(not noise.any() for noise in (noises[1], *noises[3:]))
    assert torch.equal(torch.random.get_rng_state(), state)


def test_zero_weights_give_zero_hidden_gradients_and_still_fit_a_line() -> None:
    """In a ReLU network of zeros no hidden weight gets a gradient; a linear model needs no help."""
    mlp = network(0.0)
    mlp[1] = nn.ReLU()
    x, y = (torch.randn(20, n, generator=seeded(n), dtype=torch.float64) for n in (3, 2))
    nn.functional.mse_loss(mlp(x), y).backward()
    assert not mlp[0].weight.grad.any() and not mlp[0].bias.grad.any()
    w = torch.zeros(2, 3, dtype=torch.float64)
    for _ in range(2000):
        w -= 0.1 * (x @ w.T - y).T @ x / len(x)
    torch.testing.assert_close(w.T, torch.linalg.lstsq(x, y).solution)


def test_normal_from_uniform_draws_standard_normals() -> None:
    """Uniform pairs become numbers that follow the normal distribution, tails included."""
    u1, u2 = torch.rand(2, 100_000, generator=seeded(13), dtype=torch.float64)
    z = normal_from_uniform(u1, u2)
    assert distance_from(z, normal(1.0)) < FARTHEST
    assert (z.abs() > 3).sum().item() == pytest.approx(270, abs=120)


def test_normal_from_uniform_gives_points_of_the_plane() -> None:
    """With its quarter turn it gives a point whose squared distance has the probability u1."""
    u1, u2 = torch.rand(2, 50, generator=seeded(14), dtype=torch.float64)
    first, second = normal_from_uniform(u1, u2), normal_from_uniform(u1, u2 - 0.25)
    r2 = first.square() + second.square()
    torch.testing.assert_close(1 - torch.exp(-r2 / 2), u1)
    angle = torch.atan2(second, first) / (2 * math.pi)
    torch.testing.assert_close(angle.remainder(1), u2)


def test_normal_from_uniform_is_finite_at_the_ends() -> None:
    """u1 = 0 is the origin, and the largest number below 1 is no infinity."""
    for dtype in (torch.float32, torch.float64):
        ends = torch.tensor([0.0, 1 - torch.finfo(dtype).eps], dtype=dtype)
        z = normal_from_uniform(ends, torch.zeros(2, dtype=dtype))
        assert z.dtype == dtype and z[0] == 0 and 5 < z[1] < 10
