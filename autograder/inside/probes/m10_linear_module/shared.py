"""What several probes of m10 need to look."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from numbers import Integral

import numpy as np
import torch
from torch import Tensor, nn

from autograder.inside.given import Given
from autograder.inside.probes import Facts
from autograder.inside.probes.tools import gradients

PARAMETERS = ("weight", "bias")


def rows_of(given: Given) -> Tensor:
    """Draw x [*lead, n_in], not contiguous where the given says that it is turned."""
    if given.spec.get("turned"):
        return given.randn(*given.lead[::-1], given.n_in).transpose(0, -2)
    return given.randn(*given.lead, given.n_in)


def put_gradients(tensors: Sequence[Tensor]) -> list[tuple[int, int]]:
    """Give tensors gradients and return the marks of these."""
    for tensor in tensors:
        tensor.grad = torch.empty_like(tensor)
    return gradient_marks(tensors)


def gradient_marks(tensors: Sequence[Tensor]) -> list[tuple[int, int]]:
    """Return which gradients tensors have, and how often these were changed in place."""
    return [(id(t.grad), -1 if t.grad is None else t.grad._version) for t in tensors]


def written(value: object) -> str:
    """Write a cell so that equal ones look equal, whether torch, NumPy or Python made them."""
    if isinstance(value, tuple):
        return f"({' x '.join(map(written, value))})"
    if isinstance(value, list):
        return f"a list ({' x '.join(map(written, value))})"
    if isinstance(value, np.bool_):
        return str(bool(value))
    if isinstance(value, Integral) and not isinstance(value, bool):
        return str(int(value))
    return "a tensor" if isinstance(value, Tensor) else repr(value)[:80]


def gradients_of_sum(result: Tensor, inputs: dict[str, Tensor]) -> Facts:
    """Return the gradient of a result's sum for each input, under a telling name."""
    found = zip(inputs, gradients(result, list(inputs.values())), strict=True)
    return {f"gradient of {name}": gradient for name, gradient in found}


def make_layer(given: Given, n_in: int, n_out: int, bias: bool) -> nn.Linear:
    """Return an nn.Linear with drawn numbers."""
    layer = nn.Linear(n_in, n_out, bias=bias)
    for name, p in list(layer.named_parameters()):
        setattr(layer, name, nn.Parameter(given.leaf(*p.shape).detach()))
    return layer


def layer_facts(make: Callable[[], object], x: Tensor, sources: Sequence[Tensor]) -> Facts:
    """Return the facts of a layer made from `sources`, which are then increased by 1.

    It is made twice: what is drawn at random, and so differs, is told as such.
    """
    gradients_before = put_gradients(sources)
    layer, again = make(), make()
    facts: Facts = {"gradients of the originals": "as before"}
    if gradients_before != gradient_marks(sources):
        facts["gradients of the originals"] = "changed"
    if not isinstance(layer, nn.Linear) or not isinstance(again, nn.Linear):
        facts["layer"] = layer
    else:
        facts["layer"] = "the same one at every call" if layer is again else "an nn.Linear"
        facts["sizes"] = f"in {layer.in_features}, out {layer.out_features}"
        same = {
            name: unless_drawn(getattr(layer, name), getattr(again, name)) for name in PARAMETERS
        }
        facts |= {name: same[name] for name in PARAMETERS}
        facts["trainable parameters"] = ", ".join(trainable(layer)) or "none"
        if all(isinstance(v, Tensor) and fits_to(v, x) for v in same.values()):
            facts["output"] = layer(x)
    with torch.no_grad():
        for source in sources:
            source.add_(1)
    if "output" in facts:
        facts["output after the originals were changed"] = layer(x)
    return facts


def unless_drawn(tensor: Tensor | None, again: Tensor | None) -> Tensor | str:
    """Return a copy of what two layers hold, or say that they differ or hold nothing."""
    if tensor is None or again is None:
        return "missing"
    if torch.equal(tensor, again):
        return tensor.detach().clone()
    return "different at every call"


def fits_to(tensor: Tensor, x: Tensor) -> bool:
    """Say whether a tensor has the dtype and device of another."""
    return tensor.dtype == x.dtype and tensor.device == x.device


def trainable(layer: nn.Module) -> list[str]:
    """Return the names of the parameters that are to be trained, sorted."""
    return sorted(name for name, p in layer.named_parameters() if p.requires_grad)


def changes(tensors: Sequence[Tensor], expected: Sequence[Tensor]) -> str:
    """Say whether tensors are what they should be after the probe itself has increased them."""
    pairs = zip(tensors, expected, strict=True)
    kept = all(torch.equal(t.detach(), other) for t, other in pairs)
    return "as before" if kept else "changed"
