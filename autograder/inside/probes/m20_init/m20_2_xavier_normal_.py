"""Probes of xavier_normal_ and kaiming_normal_."""

from __future__ import annotations

import torch
from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.draws import near, related, repeats
from autograder.inside.probes.m20_init.shared import ones, roles
from autograder.inside.probes.tools import standard_normal

NAMES = ("xavier_normal_", "kaiming_normal_")


@probe("numbers")
def xavier_normal_numbers(impl: Implementation, given: Given) -> Facts:
    """How the numbers of large weights are distributed."""
    n_in, n_out = given.n_in, given.n_out
    stds = ((2 / (n_in + n_out)) ** 0.5, (2 / n_in) ** 0.5)
    facts: Facts = {}
    for name, std in zip(NAMES, stds, strict=True):
        w = ones(given, n_out, n_in)
        getattr(impl, name)(w, given.generator())
        facts |= _spread(f"{name}'s numbers", w.detach().double(), std)
    return facts


@probe("parameters")
def xavier_normal_parameters(impl: Implementation, given: Given) -> Facts:
    """What becomes of small weights, whose gradients are filled."""
    facts: Facts = {}
    for name in NAMES:
        w = given.leaf(given.n_out, given.n_in)
        w.grad = given.randn(*w.shape)
        before = w.detach().clone()
        getattr(impl, name)(w, given.generator())
        facts[f"count of numbers that {name} leaves as before"] = int((w == before).sum())
        facts[f"numbers of {name}"] = "finite" if bool(w.isfinite().all()) else "not all finite"
        facts |= roles({f"w after {name}": w})
    return facts


@probe("generator")
def xavier_normal_generator(impl: Implementation, given: Given) -> Facts:
    """Whether a generator decides the numbers, and it alone."""

    def draw(generator: torch.Generator) -> dict[str, Tensor]:
        drawn = {}
        for name in NAMES:
            w = given.leaf(given.n_out, given.n_in)
            getattr(impl, name)(w, generator)
            drawn[f"{name}'s numbers"] = w
        return drawn

    return repeats(draw, given.generator)


def _spread(name: str, w: Tensor, std: float) -> Facts:
    """Say what the spread of 20,000 or more numbers is, and apart from it how they look.

    A right answer changes the first with 3e-12 at most (7 standard errors), the others as
    `standard_normal` says, and the relations with 1e-20 each (Bernstein).
    """
    numbers = w.flatten()
    spread = numbers.std(correction=0)
    if not spread > 0:
        return {name: "all equal"}
    shape = standard_normal(name, numbers / spread, "standard deviation")
    del shape[f"standard deviation of {name} (in standard deviations)"]
    alike = related(w[:, :-1], w[:, 1:]) or related(w[:-1], w[1:])
    return {
        name: "not all equal",
        f"standard deviation of {name}": near(spread, std, 5 * numbers.numel() ** -0.5),
        **shape,
        f"{name} and their neighbours": "related" if alike else "not related",
    }
