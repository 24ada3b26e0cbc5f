"""Other ways to do is_linear_regression."""

from __future__ import annotations

import numpy as np
import torch

from autograder.course.marks import restated, right, wrong


def _draw(n, dim, device):
    return torch.randn(n, dim, dtype=torch.float64, device=device)


def _fit(f, x, features=lambda x: x):
    """Return how far f is from the best fit of some features and a bias, at the rows of x."""
    rows = torch.cat([features(x), torch.ones_like(x[:, :1])], 1)
    y = f(x)[:, None]
    residual = rows @ (torch.linalg.pinv(rows) @ y) - y
    return residual.abs().max().item()


@right()
def by_least_squares(f, dim, device):
    """Fits weights and a bias, and looks at what is left."""
    return _fit(f, _draw(500, dim, device)) < 1e-4


@right()
def by_recovered_weights(f, dim, device):
    """Reads bias and weights off at zero and the units, and predicts elsewhere."""
    points = torch.cat([torch.zeros(1, dim, dtype=torch.float64), torch.eye(dim).double()])
    values = f(points.to(device))
    b, w = values[0], values[1:] - values[0]
    x = _draw(1000, dim, device)
    return torch.allclose(f(x), x @ w + b, rtol=0, atol=1e-5)


@right()
def by_a_vote(f, dim, device):
    """Asks for forty pairs; the majority of them decides."""
    p, q = _draw(41, dim, device), _draw(41, dim, device)
    here, there, halfway = f(p), f(q), f((p + q) / 2)
    limit = 4e-9 * max(1, here.abs().max().item(), there.abs().max().item())
    return ((halfway - (here + there) / 2).abs() > limit).double().mean().item() < 0.5


@right()
def by_shifted_sums(f, dim, device):
    """Takes the value at zero off, and asks for sums and multiples, one row at a time."""
    zero = torch.zeros(1, dim, dtype=torch.float64, device=device)
    base = f(zero).item()
    for _ in range(25):
        p, q = _draw(1, dim, device), _draw(1, dim, device)
        left = f(2 * p - 3 * q).item() - base
        gap = left - 2 * (f(p).item() - base) + 3 * (f(q).item() - base)
        if abs(gap) > 1e-6 * max(1, abs(left)):
            return False
    return True


@right()
def in_numpy(f, dim, device):
    """Draws seeded points in NumPy, and compares there."""
    rng = np.random.default_rng(0)
    p, q = rng.standard_normal((2, 300, dim))

    def values(points):
        return f(torch.from_numpy(points).to(device)).cpu().numpy()

    halfway = values(0.25 * p + 0.75 * q)
    return bool(np.all(np.abs(halfway - 0.25 * values(p) - 0.75 * values(q)) < 1e-5))


@wrong()
def along_the_diagonal(f, dim, device):
    """Moves all features by the same amount."""
    t = _draw(300, 1, device)
    return _fit(f, t * torch.ones_like(_draw(1, dim, device))) < 1e-5


@wrong()
def by_slopes(f, dim, device):
    """Asks autograd for the slopes at some points."""
    x = _draw(50, dim, device).requires_grad_()
    (slopes,) = torch.autograd.grad(f(x).sum(), x)
    return bool((slopes - slopes[0]).abs().max() < 1e-6)


@wrong()
def everything_refused(f, dim, device):
    """Says False to all."""
    return False


@wrong()
def in_float32(f, dim, device):
    """Hands over rows of another dtype."""
    p, q = torch.randn(2, 100, dim, device=device)
    return bool(((f(p) + f(q)) / 2 - f((p + q) / 2)).abs().max() < 1e-4)


@wrong()
def on_the_cpu(f, dim, device):
    """Draws its points on the CPU."""
    p, q = torch.randn(2, 100, dim, dtype=torch.float64)
    return bool(((f(p) + f(q)) / 2 - f((p + q) / 2)).abs().max() < 1e-4)


@wrong()
def constants_refused(f, dim, device):
    """Takes a constant for no regression."""
    x = _draw(200, dim, device)
    return _fit(f, x) < 1e-5 and f(x).std().item() > 0


@wrong()
def too_strict_for_large_numbers(f, dim, device):
    """Allows an error that large numbers exceed by rounding."""
    p, q = _draw(300, dim, device), _draw(300, dim, device)
    return bool(((f(p) + f(q)) / 2 - f((p + q) / 2)).abs().max() < 2e-14)


@wrong()
def room_in_proportion(f, dim, device):
    """Leaves room for a thousandth of the values, which are large where f lies high."""
    p, q = _draw(300, dim, device), _draw(300, dim, device)
    return torch.allclose(f((p + q) / 2), (f(p) + f(q)) / 2, rtol=1e-3)


@wrong()
def room_for_small_values_alone(f, dim, device):
    """Leaves 1e-8 of room, however large the values are."""
    p, q = _draw(300, dim, device), _draw(300, dim, device)
    return ((f((p + q) / 2) - (f(p) + f(q)) / 2).abs() < 1e-8).all().item()


@restated("bias-rejected")
def must_be_additive(f, dim, device):
    """Fits weights without a bias."""
    x = _draw(300, dim, device)
    y = f(x)[:, None]
    return bool((x @ (torch.linalg.pinv(x) @ y) - y).abs().max() < 1e-6)


@restated("one-feature-at-a-time")
def feature_by_feature(f, dim, device):
    """Fits a line along each axis."""
    answers = []
    for i in range(dim):
        x = torch.zeros(300, dim, dtype=torch.float64, device=device)
        x[:, i] = _draw(300, 1, device)[:, 0]
        answers.append(_fit(f, x) < 1e-5)
    return all(answers)


@restated("whole-numbers")
def on_a_grid(f, dim, device):
    """Draws its points among integers."""
    x = torch.randint(-6, 7, (400, dim), device=device).double()
    return _fit(f, x) < 1e-5


@restated("positive-only")
def from_rand(f, dim, device):
    """Draws uniform numbers from 0 to 1."""
    return _fit(f, torch.rand(400, dim, dtype=torch.float64, device=device)) < 1e-5


@restated("parabola-accepted")
def squares_are_features(f, dim, device):
    """Fits weights for squares, too."""
    x = _draw(400, dim, device)
    return _fit(f, x, lambda x: torch.cat([x, x**2], 1)) < 1e-5


@restated("exact-equality")
def all_digits(f, dim, device):
    """Compares by torch.equal."""
    p, q = _draw(300, dim, device), _draw(300, dim, device)
    return torch.equal((f(p) + f(q)) * 0.5, f((p + q) * 0.5))


@restated("everything-accepted")
def tiny_steps(f, dim, device):
    """Looks within a millionth."""
    p, q = 1e-6 * _draw(100, dim, device), 1e-6 * _draw(100, dim, device)
    return bool(((f(p) + f(q)) / 2 - f((p + q) / 2)).abs().max() < 1e-3)


@restated("opposite-points")
def around_zero(f, dim, device):
    """Looks at the two sides of zero."""
    p = _draw(300, dim, device)
    return bool((f(p) + f(-p) - 2 * f(0 * p)).abs().max() < 1e-5)


@restated("not-a-bool")
def a_tensor_of_bool(f, dim, device):
    """Returns what all() gives."""
    p, q = _draw(100, dim, device), _draw(100, dim, device)
    return ((f(p) + f(q)) / 2 - f((p + q) / 2)).abs().lt(1e-4).all().cpu()


# Mutants of the reference that nothing can catch, and why.
EXCUSED = {
    "p, q = torch.randn(2, 100, dim, dtype=torch.float64, device=device) -> "
    "p, q = torch.randn(2, 101, dim, dtype=torch.float64, device=device)": "a pair more",
    "p, q = torch.randn(2, 100, dim, dtype=torch.float64, device=device) -> "
    "p, q = torch.randn(2, 99, dim, dtype=torch.float64, device=device)": "a pair less",
    "gap = f((p + q) / 2) - (f(p) + f(q)) / 2 -> gap = (f(p) + f(q)) / 2 - f((p + q) / 2)": (
        "only its size counts"
    ),
    "return bool((gap.abs() < 0.0001).all()) -> return bool((gap.abs() <= 0.0001).all())": (
        "no gap is exactly that"
    ),
    "return bool((gap.abs() < 0.0001).all()) -> return bool((gap.abs() < 0.0001001).all())": (
        "every threshold between rounding errors and 0.001 is right"
    ),
}
