"""Probes of checkpointed and best_segments."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import dropout

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation, describe
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.m23_memory.shared import Keeping, went_back
from autograder.inside.probes.tools import more_sizes, stored_gradient


@probe("run")
def checkpointed_run(impl: Implementation, given: Given) -> Facts:
    """The result and its gradients, what is kept for them, and which blocks run when."""
    ran: list[int] = []
    blocks = [_Block(given, place, ran) for place in range(given.blocks)]
    params = [p for block in blocks for p in block.parameters()]
    x = given.leaf(given.n, given.width) if given.tracked else given.randn(given.n, given.width)
    g, keeping = given.leaf(given.n, given.width).detach(), Keeping()
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        with keeping.noted(params):
            y: Any = impl.checkpointed(list(blocks), x, given.segments)
        told = " ".join(map(str, ran))
        ran.clear()
        beyond = max(0, keeping.bytes() - given.segments * x.nbytes)
        gone = went_back(y, g)
    again = _segments(ran)
    facts: Facts = {
        "result": y.detach() if isinstance(y, Tensor) else y,
        "blocks that run in the forward pass": told or "none",
        "backward pass": gone,
        "blocks that run in the backward pass": sorted(ran),
        "lengths of the segments that run there": sorted(map(len, again)),
    }
    if given.blocks % given.segments == 0:  # else the longer ones may be any
        facts["their order"] = ", ".join(" ".join(map(str, part)) for part in again) or "none"
    facts |= {
        "bytes kept beyond one input for each segment": beyond,
        "warnings": ", ".join(sorted({warning.category.__name__ for warning in warned})) or "none",
    }
    if given.tracked:
        facts["gradient of x"] = stored_gradient(x)
    for place, block in enumerate(blocks):
        facts[f"gradient of the weight of block {place}"] = stored_gradient(block.weight)
        facts[f"gradient of the bias of block {place}"] = stored_gradient(block.bias)
    return facts


@probe("best")
def checkpointed_best(impl: Implementation, given: Given) -> Facts:
    """Which numbers of segments are returned."""
    answers = {n: impl.best_segments(n) for n in given.sizes}
    facts: Facts = {f"s for n = {n}": _one_of_two(n, s) for n, s in answers.items()}
    facts["what s is"] = describe(next(iter(answers.values())))
    if sizes := more_sizes(given, 2, 200):
        facts["s for more n"] = str([_one_of_two(n, impl.best_segments(n)) for n in sizes])
    return facts


class _Block(nn.Module):
    """A layer that notes its place whenever it runs."""

    def __init__(self, given: Given, place: int, ran: list[int]) -> None:
        super().__init__()
        self.weight = nn.Parameter(given.leaf(given.width, given.width).detach())
        self.bias = nn.Parameter(given.leaf(given.width).detach())
        self.place, self.ran, self.dropout = place, ran, given.dropout

    def forward(self, x: Tensor) -> Tensor:
        """Compute a layer, with a dropout if there is one."""
        self.ran.append(self.place)
        y = torch.tanh(x @ self.weight + self.bias)
        return dropout(y, self.dropout) if self.dropout else y


def _segments(ran: Sequence[int]) -> list[list[int]]:
    """Cut a row of places where one does not follow the other."""
    segments: list[list[int]] = []
    for place in ran:
        if segments and place == segments[-1][-1] + 1:
            segments[-1].append(place)
        else:
            segments.append([place])
    return segments


def _one_of_two(n: int, s: Any) -> Any:
    """Return s, or one less where that does equally well: either is right."""
    return s - 1 if isinstance(s, int) and s * (s - 1) == n else s
