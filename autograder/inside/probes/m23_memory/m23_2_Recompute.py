"""Probes of Recompute."""

from __future__ import annotations

from itertools import pairwise
from types import FrameType
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import dropout
from torch.utils import checkpoint

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.m23_memory.shared import Keeping, went_back
from autograder.inside.probes.tools import calls_noted, stored_gradient


@probe("run")
def recompute_run(impl: Implementation, given: Given) -> Facts:
    """The result and its gradients, what is kept for them, and what is drawn when."""
    sizes = [given.n_in] + [given.n_out] * given.chained
    layers = [_Layer(given, n_in, n_out) for n_in, n_out in pairwise(sizes)]
    params = [p for layer in layers for p in layer.parameters()]
    for p in params:
        p.grad = torch.ones_like(p) if given.filled else None
    start, g = given.leaf(given.n, given.n_in), given.leaf(given.n, given.n_out).detach()
    y: Any = start * 2
    inputs, keeping, theirs = [y], Keeping(), False

    def note(frame: FrameType, event: str, _: object) -> None:
        nonlocal theirs
        theirs |= event == "call" and frame.f_code.co_filename == checkpoint.__file__

    with calls_noted(note):
        with keeping.noted(params):
            for layer in layers:  # a module, or else a function that knows one
                y = impl.Recompute.apply(layer if given.chained == 1 else layer.forward, y)
                inputs.append(y)
        beyond = max(0, keeping.bytes() - sum(x.nbytes for x in inputs[:-1]))
        result = y.detach().clone() if isinstance(y, Tensor) else y
        before = [len(layer.masks) for layer in layers]
        torch.rand((), device=given.device)
        gone = went_back(y, g)
    facts: Facts = {
        "torch.utils.checkpoint": "used" if theirs else "not used",
        "result": result,
        "calls of fn in the forward pass": before,
        "backward pass": gone,
        "calls of fn in the backward pass": [
            len(layer.masks) - count for layer, count in zip(layers, before, strict=True)
        ],
        "bytes kept beyond x": beyond,
    }
    if given.dropout:
        same = all(layer.masks[0] == mask for layer in layers for mask in layer.masks)
        facts["what dropout sets to 0 the second time"] = "the same" if same else "something else"
    facts["numbers that are drawn next"] = torch.rand(3, device=given.device)
    facts["gradient of what x was computed from"] = stored_gradient(start)
    for place, layer in enumerate(layers):
        facts[f"gradient of the weight of fn {place}"] = stored_gradient(layer.weight)
        facts[f"gradient of the bias of fn {place}"] = stored_gradient(layer.bias)
    return facts


class _Layer(nn.Module):
    """A layer that notes what its dropout keeps, whenever it runs."""

    def __init__(self, given: Given, n_in: int, n_out: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(given.leaf(n_in, n_out).detach())
        self.bias = nn.Parameter(given.leaf(n_out).detach())
        self.dropout, self.masks = given.dropout, list[Any]()

    def forward(self, x: Tensor) -> Tensor:
        """Compute a layer, with a dropout if there is one."""
        y = torch.tanh(x @ self.weight + self.bias)
        y = dropout(y, self.dropout) if self.dropout else y
        self.masks.append((y.detach() != 0).tolist())
        return y
