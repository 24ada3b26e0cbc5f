"""Probes of hyper_forward."""

from __future__ import annotations

from functools import partial
from itertools import pairwise

import torch
from torch import Tensor, nn

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import copies, equal, gradients, outcome_of


@probe("foreign")
def hyper_foreign(impl: Implementation, given: Given) -> Facts:
    """What a layer returns with foreign parameters, where gradients go, and what is left of it."""
    layer = _layer(given)
    held = dict(layer.named_parameters())
    x = given.randn(given.n, given.sizes[0]).requires_grad_()
    sources = {name: given.leaf(*held[name].shape) for name in given.replaced}
    network = given.made == "network"
    params = {name: leaf.tanh() * 2 if network else leaf for name, leaf in sources.items()}
    handed, state = dict(params), _State(layer, params)
    out = impl.hyper_forward(layer, handed, x)
    wanted = {f"what {name} comes from": leaf for name, leaf in sources.items()}
    wanted |= {f"the layer's own {name}": p for name, p in held.items()} | {"x": x}
    squared = out.square() if isinstance(out, Tensor) else out
    found = zip(wanted, gradients(squared, list(wanted.values())), strict=True)
    same = handed.keys() == params.keys() and all(handed[k] is params[k] for k in params)
    return {
        "result": out,
        **{f"gradient for {name}": gradient for name, gradient in found},
        "the layer": state.now(),
        "params": "as before" if same else "changed",
        "numbers of params": [p.detach() for p in params.values()],
        "the layer's own result afterwards": layer(x),
    }


@probe("refusal")
def hyper_refusal(impl: Implementation, given: Given) -> Facts:
    """What is answered to wrong names and to rows that do not fit, and what the layer is then."""
    layer = _layer(given)
    x, weight = given.randn(given.n, given.sizes[0]), layer.get_parameter("0.weight")
    new = {"0.weight": given.leaf(*weight.shape).detach()}
    state = _State(layer, new)
    facts: Facts = {}
    for name in ("1.weight", "weight"):
        call = partial(impl.hyper_forward, layer, {**new, name: new["0.weight"]}, x)
        facts[f"answer to a parameter called {name}"] = outcome_of(call, KeyError)
        facts[f"the layer after {name}"] = state.now()
    narrow = given.randn(given.n, given.sizes[0] + 1)
    facts["answer to rows with another number of inputs"] = outcome_of(
        lambda: impl.hyper_forward(layer, new, narrow), RuntimeError
    )
    return facts | {"the layer after such rows": state.now()}


class _State:
    """What a layer is at first: objects, numbers, flags and gradients of its parameters."""

    def __init__(self, layer: nn.Module, foreign: dict[str, Tensor]) -> None:
        self._layer = layer
        self._foreign = [*foreign.values()]
        self._params = dict(layer.named_parameters())
        self._numbers = copies(self._params.values())
        self._grads = copies(p.grad for p in self._params.values() if p.grad is not None)

    def now(self) -> str:
        """Say what has changed."""
        params = dict(self._layer.named_parameters())
        if params.keys() != self._params.keys():
            return "parameters are gone"
        if any(p is other for p in params.values() for other in self._foreign):
            return "holds the foreign parameters"
        if any(params[name] is not p for name, p in self._params.items()):
            return "holds other parameters"
        if not all(map(equal, params.values(), self._numbers)):
            return "has other numbers"
        if not all(p.requires_grad for p in params.values()):
            return "is frozen"
        grads = [p.grad for p in params.values()]
        return "as before" if all(map(equal, grads, self._grads)) else "has other gradients"


def _layer(given: Given) -> nn.Module:
    """Return a linear layer, or several with an activation between; all numbers are drawn."""
    parts: list[nn.Module] = []
    for n_in, n_out in pairwise(given.sizes):
        parts += [nn.Linear(n_in, n_out), nn.Tanh()]
    layer = nn.Sequential(*parts[:-1]) if len(parts) > 2 else parts[0]
    layer.to(given.device, given.dtype)
    for p in layer.parameters():
        with torch.no_grad():
            p.copy_(given.leaf(*p.shape))
        p.grad = given.leaf(*p.shape).detach()
    return layer
