"""Probes of noisy_line."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy import fft
from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import standard_normal

CALLS = 20  # of noisy_line, to see enough noise


@probe("pairs")
def noisy_line_pairs(impl: Implementation, given: Given) -> Facts:
    """The form of x and y, and where the points lie without noise."""
    x, y = _drawn(impl, given, given.generator())
    return {
        "x": _blank(x, given),
        "y": _blank(y, given),
        "dtypes of x and y": _dtypes(x, y),
        "spread of x": "none" if given.n > 1 and _constant(x) else "some",
        "points without noise": _place(x, y, given),
    }


@probe("noise")
def noisy_line_noise(impl: Implementation, given: Given) -> Facts:
    """How the noise is distributed in many draws."""
    generator = given.generator()
    pairs = [_drawn(impl, given, generator)]
    counts = {
        f"count of numbers in {name}": t.numel() for name, t in zip("xy", pairs[0], strict=True)
    }
    if set(counts.values()) != {given.n}:
        return counts  # there may be n x n of them, too many to go on
    pairs += [_drawn(impl, given, generator) for _ in range(CALLS - 1)]
    x, y = (torch.cat([pair[i].detach().flatten() for pair in pairs]).double() for i in (0, 1))
    noise = _noise(x, y, given)
    second = _compared(noise[given.n : 2 * given.n], noise[: given.n])
    # Told before the distribution: noise that repeats itself need not look normal either.
    return counts | {"noise of a second call": second} | _distribution(x, noise)


@probe("generator")
def noisy_line_generator(impl: Implementation, given: Given) -> Facts:
    """Whether the generator decides the points, and it alone."""
    generator = given.generator()
    first, second = (_drawn(impl, given, generator) for _ in range(2))
    again = _drawn(impl, given, given.generator())
    noises = [_noise(x, y, given) for x, y in (first, second, again)]
    return {
        "points for the same seed": "equal" if all(map(torch.equal, first, again)) else "different",
        "noise for the same seed": _compared(noises[2], noises[0]),
        "noise of a second call": _compared(noises[1], noises[0]),
    }


def _drawn(impl: Implementation, given: Given, generator: torch.Generator) -> Any:
    return impl.noisy_line(given.n, given.slope, given.bias, given.sigma, generator)


def _blank(tensor: Tensor, given: Given) -> Tensor:
    """Keep shape and device, and drop the numbers: they may be any."""
    return torch.zeros_like(tensor, dtype=given.dtype)


def _dtypes(x: Tensor, y: Tensor) -> str:
    if x.dtype != y.dtype:
        return f"{x.dtype} and {y.dtype}"
    return "floating-point" if x.is_floating_point() else str(x.dtype)


def _constant(x: Tensor) -> bool:
    return bool((x == x.flatten()[0]).all())


def _place(x: Tensor, y: Tensor, given: Given) -> str:
    """Say whether the points lie on the line, but for rounding in float32."""
    if x.numel() != given.n or y.numel() != given.n:
        return "not one y for each x"
    x, y = x.detach().double().flatten(), y.detach().double().flatten()
    distance = (y - (given.slope * x + given.bias)).abs()
    rounding = 1e-5 * ((given.slope * x).abs() + abs(given.bias))
    return "on the line" if bool((distance <= rounding).all()) else "not on the line"


def _noise(x: Tensor, y: Tensor, given: Given) -> Tensor:
    """Return what is left of y above the line, in sigmas."""
    noise: Tensor = (y - given.slope * x - given.bias) / given.sigma
    return noise


def _distribution(x: Tensor, noise: Tensor) -> Facts:
    # A right answer changes the relation with x at 7 standard errors (2e-12), that of rows at one
    # of n / 2 distances with less than n exp(-n 0.07^2 / 2.2) = 1e-15 (Chernoff).
    return {
        **standard_normal("noise", noise, "sigma"),
        "correlation of noise and x": _relation(noise, x),
        "correlation of the noise of different rows": _relation_of_rows(noise),
    }


def _relation(a: Tensor, b: Tensor) -> str:
    correlation = torch.corrcoef(torch.stack([a, b]))[0, 1].abs()
    return "none" if bool(correlation < 0.05) else "some"


def _relation_of_rows(noise: Tensor) -> str:
    """Say whether the noise of a row is correlated with that of any fixed number of rows later."""
    centred = (noise - noise.mean()).numpy()
    products = fft.irfft(np.abs(fft.rfft(centred)) ** 2, n=len(centred))  # at every distance
    largest = np.abs(products[1:]).max()
    return "none" if bool(largest < 0.07 * products[0]) else "some"


def _compared(noise: Tensor, other: Tensor) -> str:
    """Compare noise that was taken from points of perhaps other x, and so is rounded otherwise."""
    return "the same" if torch.allclose(noise, other, rtol=0, atol=0.01) else "another"
