"""Probes of distinct_units and break_symmetry_."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.answers import number
from autograder.inside.probes.draws import near, related, repeats
from autograder.inside.probes.m20_init.shared import roles
from autograder.inside.probes.tools import copies, equal, more_sizes, standard_normal

STD = 0.1  # of the noise


@probe("units")
def distinct_units_units(impl: Implementation, given: Given) -> Facts:
    """How many units there are in layers with repeated rows, of large, small or no weights."""
    kind, count = number(impl.distinct_units(_rows(given, given.units, given.repeats)))
    facts: Facts = {"count of units": count, "kind of the count": kind}
    if sizes := more_sizes(given, 2, 12):
        counts = [number(impl.distinct_units(_rows(given, size, 2)))[1] for size in sizes]
        facts["counts in more layers"] = str(counts)
    return facts


@probe("noise")
def distinct_units_noise(impl: Implementation, given: Given) -> Facts:
    """What becomes of a small network whose units are all equal."""
    mlp = _network(given)
    _linear(mlp)[0].weight.requires_grad_(not given.spec.get("frozen", False))
    before, objects = copies(mlp.parameters()), [id(p) for p in mlp.parameters()]
    impl.break_symmetry_(mlp, given.generator())
    names, params = zip(*mlp.named_parameters(), strict=True)
    kept = [id(p) for p in params] == objects
    changed = [
        name for name, p, old in zip(names, params, before, strict=True) if not equal(p, old)
    ]
    layers = _linear(mlp)
    facts: Facts = {
        f"different rows in hidden layer {place}": len(layer.weight.detach().cpu().unique(dim=0))
        for place, layer in enumerate(layers[:-1], start=1)
    }
    return facts | {
        "parameters that change": ", ".join(changed) or "none",
        "parameters' objects": "the same" if kept else "new ones",
        **roles({"the first hidden weights": layers[0].weight}),
    }


@probe("spread")
def distinct_units_spread(impl: Implementation, given: Given) -> Facts:
    """How the numbers are distributed that come to the weights of two large hidden layers."""
    mlp = _network(given)
    hidden = [layer.weight for layer in _linear(mlp)[:-1]]
    before = copies(hidden)
    impl.break_symmetry_(mlp, given.generator())
    noises = [p.detach() - old for p, old in zip(hidden, before, strict=True)]
    flat = torch.cat([noise.flatten() for noise in noises]).double().cpu()
    spread = flat.std(correction=0)
    if not spread > 0:
        return {"noise": "all equal"}
    shape = standard_normal("the noise", flat / spread, "standard deviation")
    del shape["standard deviation of the noise (in standard deviations)"]
    return {
        "noise": "not all equal",
        "standard deviation of the noise": near(spread, STD, 5 * flat.numel() ** -0.5),
        **shape,
        "noises that depend on each other": _relations([noise.double() for noise in noises]),
    }


@probe("generator")
def distinct_units_generator(impl: Implementation, given: Given) -> Facts:
    """Whether a generator decides the noise, and it alone."""

    mlp = _network(given)

    def draw(generator: torch.Generator) -> dict[str, Tensor]:
        with torch.no_grad():
            for layer in _linear(mlp)[:-1]:
                layer.weight.fill_(given.start)
        impl.break_symmetry_(mlp, generator)
        return {"noise": torch.cat([layer.weight.flatten() for layer in _linear(mlp)[:-1]])}

    return repeats(draw, given.generator)


def _rows(given: Given, units: int, times: int) -> Tensor:
    """Return weights [H, n_in] of different units, some of them several times, with little noise.

    Their numbers are quarters up to 16 before they are scaled, so that different rows are far from
    each other. Two of them differ in one number only, and two in their signs.
    """
    draws = np.random.RandomState([given.seed, units])
    rows = np.clip(np.round(draws.standard_normal((units, given.n_in)) * 4) / 4, -6, 6)
    rows[:, 0] = np.arange(units) / 4 + 0.25
    rows = np.concatenate([rows, rows[:1], -rows[-1:]])
    rows[-2, -1] += 9
    every = draws.permutation(np.concatenate([rows] * times))
    noise = draws.uniform(-1, 1, every.shape) * (3e-6 * np.abs(every).max() if times > 1 else 0)
    return given.tensor((every + noise + given.spec.get("offset", 0)) * given.scale)


def _network(given: Given) -> nn.Sequential:
    """Return a network of the given sizes whose weights are all equal, its biases and last layer
    drawn."""
    parts: list[nn.Module] = []
    bias, last = given.spec.get("bias", True), len(given.sizes) - 2
    for place, (n_in, n_out) in enumerate(pairwise(given.sizes)):
        layer = nn.Linear(n_in, n_out, bias=bias)
        for name, p in list(layer.named_parameters()):
            numbers = given.leaf(*p.shape).detach()
            if name == "weight" and place < last:
                numbers.fill_(given.start)
            setattr(layer, name, nn.Parameter(numbers))
        parts += [layer, nn.ReLU()]
    return nn.Sequential(*parts[:-1])


def _linear(mlp: nn.Sequential) -> list[Any]:
    return [layer for layer in mlp if isinstance(layer, nn.Linear)]


def _relations(noises: list[Tensor]) -> str:
    """Name what numbers are correlated that are neighbours, or stand at one place of two layers."""
    pairs: dict[str, list[tuple[Tensor, ...]]] = {
        "of the weights of a unit": [(n[:, :-1], n[:, 1:]) for n in noises],
        "of different units": [(n[:-1], n[1:]) for n in noises],
        "of different layers": [tuple(noises)] if len({n.shape for n in noises}) == 1 else [],
    }
    found = [name for name, both in pairs.items() if any(related(a, b) for a, b in both)]
    return ", ".join(found) or "none"
