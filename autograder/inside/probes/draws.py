"""What probes need that look at draws: are they repeated, how far spread, related?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor

from autograder.inside.observe import Facts
from autograder.inside.probes.tools import copies, equal


def repeats(draw: Callable[[torch.Generator], Mapping[str, Tensor]], seeded: Any) -> Facts:
    """Say whether a generator decides the numbers that are drawn, and goes on between calls.

    `draw` draws new numbers with a generator, and `seeded` makes one in its first state.
    """
    generator = seeded()
    first, second, again = (
        dict(zip(named := draw(g), copies(named.values()), strict=True))
        for g in (generator, generator, seeded())
    )
    facts: Facts = {}
    for name, numbers in first.items():
        same, other = equal(again[name], numbers), equal(second[name], numbers)
        facts[f"{name} for the same seed"] = "equal" if same else "different"
        facts[f"{name} of a second call with one generator"] = "equal" if other else "different"
    return facts


def near(found: Tensor, expected: float, bound: float) -> float:
    """Return the expected number, above 0, where the other is that near in proportion.

    Or else a multiple of it with one digit, which tells numbers apart and does not depend on
    chance; the number itself where that digit would be 1.
    """
    ratio = found.item() / expected
    if abs(ratio - 1) < bound:
        return expected
    told = round(ratio, 1) if abs(ratio) > 0.1 else float(f"{ratio:.1g}")
    return expected * (told if told != 1 else ratio)


def related(numbers: Tensor, others: Tensor) -> bool:
    """Say whether two lists of numbers, of mean 0, are correlated by more than 0.1."""
    spread = numbers.square().mean().sqrt() * others.square().mean().sqrt()
    return bool((numbers * others).mean().abs() > 0.1 * spread)
