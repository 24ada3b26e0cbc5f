"""Probes of linear_default_."""

from __future__ import annotations

import torch
from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.draws import near, related, repeats
from autograder.inside.probes.m20_init.shared import ones, roles
from autograder.inside.probes.tools import tenths


@probe("numbers")
def linear_default_numbers(impl: Implementation, given: Given) -> Facts:
    """How the numbers of w and b are distributed, with very many outputs."""
    w, b = ones(given, given.n_out, given.n_in), ones(given, given.n_out)
    impl.linear_default_(w, b, given.generator())
    w, b = w.detach().double(), b.detach().double()
    bound = given.n_in**-0.5
    facts = _spread("w's numbers", w.flatten(), bound) | _spread("b's numbers", b, bound)
    return facts | {"numbers that depend on each other": _relations(w, b)}


@probe("parameters")
def linear_default_parameters(impl: Implementation, given: Given) -> Facts:
    """What becomes of the tensors of a small layer, whose gradients are filled."""
    w, b = params = _layer(given)
    for p in params:
        p.grad = given.randn(*p.shape)
    before = [p.detach().clone() for p in params]
    impl.linear_default_(w, b, given.generator())
    facts: Facts = {}
    for name, p, old in zip("wb", params, before, strict=True):
        facts[f"count of {name}'s numbers that stay as before"] = int((p == old).sum())
        facts[f"{name}'s numbers beyond 1 over the root of I"] = _beyond(p, given.n_in**-0.5)
    return facts | roles({"w": w, "b": b})


@probe("generator")
def linear_default_generator(impl: Implementation, given: Given) -> Facts:
    """Whether a generator decides the numbers, and it alone."""

    def draw(generator: torch.Generator) -> dict[str, Tensor]:
        w, b = _layer(given)
        impl.linear_default_(w, b, generator)
        return {"w": w, "b": b}

    return repeats(draw, given.generator)


def _layer(given: Given) -> tuple[Tensor, Tensor]:
    return given.leaf(given.n_out, given.n_in), given.leaf(given.n_out)


def _beyond(numbers: Tensor, bound: float) -> str:
    rounding = 1 + 1e-6
    return "some" if bool((numbers.abs() > bound * rounding).any()) else "none"


def _spread(name: str, numbers: Tensor, bound: float) -> Facts:
    """Say how n numbers, 8,000 or more, are distributed; each fact is far from changing by chance.

    The largest of even ones is within 28 / n of the bound but for (1 - 28 / n)^n = 7e-13; half of
    them are within half of it, and leave their tenth with 2 exp(-2 n 0.048^2) = 2e-16 (Hoeffding);
    their mean is within 8 standard errors but for 2 exp(-32) = 3e-14 (uniform numbers are
    strictly sub-Gaussian).
    """
    n = numbers.numel()
    largest = numbers.abs().max()
    if bool((numbers == numbers[0]).all()):
        return {name: "all 0" if numbers[0] == 0 else "all equal"}
    inner = tenths((numbers.abs() < largest / 2).double().mean())
    error = numbers.std(correction=0) * n**-0.5
    if numbers.mean().abs() > 8 * error:
        return {name: "not centred on 0"}
    if inner != 0.5:
        return {name: "more of them near 0 than far away" if inner > 0.5 else "few near 0"}
    return {
        name: "even on both sides of 0",
        f"largest absolute value of {name}": near(largest, bound, 28 / n),
    }


def _relations(w: Tensor, b: Tensor) -> str:
    """Name the numbers that are correlated; by Bernstein none is by chance but for 1e-15 each."""
    columns, means = w.T, w.mean(1)
    pairs = {
        "of b and w": [(b, columns[0]), (b, columns[-1]), (b, means), (b, w.flatten()[: len(b)])],
        "of one row of w": [(columns[0], columns[1])],
        "of different rows of w": [(w[:-1], w[1:])],
    }
    found = [name for name, both in pairs.items() if any(related(p, q) for p, q in both)]
    return ", ".join(found) or "none"
