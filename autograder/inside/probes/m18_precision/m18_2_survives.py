"""Probes of survives and min_scale."""

from __future__ import annotations

from functools import partial

import numpy as np
import torch

from autograder.inside.given import Given, Numbers
from autograder.inside.implementation import Implementation, describe
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.answers import answer_to, number, refusal, with_dtype

# From where to where sizes lie, in units of a dtype's smallest number above 0, of the smallest one
# with all its digits (tiny), or of its largest (max).
BANDS = {
    "below half of the smallest": ("smallest", 1e-3, 0.45),
    "above half of the smallest": ("smallest", 0.55, 0.95),
    "between the smallest and tiny": ("smallest", 1.5, 50.0),
    "from tiny on": ("tiny", 1.1, 1e4),
    "that are rounded down to max": ("rounded to max", 1.0, 1.0),
    "beyond max": ("max", 1.1, 1e3),
    "of 0": ("zero", 1.0, 1.0),
}
EACH = 3


@probe("survives")
def survives_survives(impl: Implementation, given: Given) -> Facts:
    """Which gradients of each size survive, of both signs and in a drawn order."""
    draws, units = np.random.RandomState(given.seed), _units(given)
    sizes = [units[unit] * _between(draws, low, high) for unit, low, high in BANDS.values()]
    signed = np.concatenate(sizes) * draws.choice([-1.0, 1.0], EACH * len(BANDS))
    order = draws.permutation(signed.size)
    g = given.tensor(signed[order].reshape(EACH, -1) / given.scale)
    scale = {} if given.scale == 1 else {"scale": given.scale}
    mask = impl.survives(g, getattr(torch, given.low), **scale)
    facts: Facts = {"kind of the answer": with_dtype(mask)}
    if with_dtype(mask) == with_dtype(g.bool()):
        survivors = np.flatnonzero(mask.tolist())
        for band, name in enumerate(BANDS):
            places = [int(place) for place in survivors if order[place] // EACH == band]
            facts[f"places of the survivors {name}"] = places
    one = given.tensor(units["tiny"] / given.scale)
    facts["answer to a g of shape []"] = answer_to(
        lambda: impl.survives(one, getattr(torch, given.low), **scale)
    )
    return facts


@probe("min_scale")
def survives_min_scale(impl: Implementation, given: Given) -> Facts:
    """The smallest scales for drawn gradients, for a tiny one that a scale may leave just too
    small, for such as need none, and for zeros."""
    draws, smallest = np.random.RandomState(given.seed), _units(given)["smallest"]
    small = smallest * draws.uniform(0.55, 0.95, 3) * 2.0 ** -draws.randint(1, 5, 3)
    every = {
        "gradients of several sizes": [*small, 2.0**8 * smallest],
        "negative gradients and 0": [-small[0], 0.0, -(2.0**8) * smallest],
        "a power of two": [smallest * 2.0**-given.power],
        "gradients that survive as they are": [2.0**10 * smallest, -(2.0**8) * smallest],
        "zeros": [0.0, 0.0],
    }
    kinds, facts = [], Facts()
    for name, values in every.items():
        scale = answer_to(partial(impl.min_scale, given.tensor(values), getattr(torch, given.low)))
        kinds.append("an int" if isinstance(scale, np.integer) else describe(scale))
        facts[f"min_scale for {name}"] = number(scale)[1]
    return {**facts, "kind of min_scale": ", ".join(sorted(set(kinds)))}


@probe("refusal")
def survives_refusal(impl: Implementation, given: Given) -> Facts:
    """What happens where no scale can keep both ends, and where one end is lost already."""
    units, low = _units(given), getattr(torch, given.low)
    apart = given.tensor([units["smallest"] / 64, units["max"] / 8])
    beyond = given.tensor([1.0, -4 * units["max"]])
    return {
        "answer where the sizes are too far apart": refusal(lambda: impl.min_scale(apart, low)),
        "answer where one is infinite already": refusal(lambda: impl.min_scale(beyond, low)),
    }


def _units(given: Given) -> dict[str, float]:
    """Return the sizes that `BANDS` names, of the given's low dtype."""
    info = torch.finfo(getattr(torch, given.low))
    return {
        "smallest": info.tiny * info.eps,
        "tiny": info.tiny,
        "max": info.max,
        "rounded to max": info.max * (1 + info.eps / 8),
        "zero": 0.0,
    }


def _between(draws: np.random.RandomState, low: float, high: float) -> Numbers:
    """Draw factors between two, so that each power of ten is as frequent as the others."""
    found: Numbers = low * (high / low) ** draws.uniform(size=EACH)
    return found
