"""Probes of LazyAffine."""

from __future__ import annotations

from contextlib import nullcontext
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.modules.module import register_module_forward_hook

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import gradients, outcome_of, tenths

PARAMETERS = ("weight", "bias")


@probe("training")
def lazy_training(impl: Implementation, given: Given) -> Facts:
    """A layer whose optimizer is made before its first call: what that call makes, and then a
    training step, other rows, and the exchange of its state."""
    n, n_in, layer = given.n, given.n_in, impl.LazyAffine(given.n_out)
    made: list[torch.optim.SGD] = []
    optimizer = outcome_of(
        lambda: made.append(torch.optim.SGD(layer.parameters(), lr=given.lr)), ValueError, TypeError
    )
    facts: Facts = {"answer of an optimizer before the first call": optimizer}
    early = {name: p for name, p in layer.named_parameters()}
    with torch.no_grad() if given.first == "no_grad" else nullcontext():
        first = layer(given.randn(n, n_in))
    facts["shape of the first result"] = list(getattr(first, "shape", ()))
    facts |= _parameters(layer, early)
    held: dict[str, Any] = {name: getattr(layer, name, None) for name in PARAMETERS}
    if not made or facts["weight"] != "the parameter of before" or not _fit(held, given):
        return facts
    weight, bias = held.values()
    with torch.no_grad():
        for p in held.values():
            p.copy_(given.leaf(*p.shape))
    x = given.randn(n + 1, n_in).requires_grad_()
    facts["result for other rows"] = out = layer(x)
    squared = out.square() if isinstance(out, Tensor) else out
    for name, g in zip(("x", *held), gradients(squared, [x, weight, bias]), strict=True):
        facts[f"gradient for {name}"] = g
    again = layer(x)
    if isinstance(again, Tensor) and again.requires_grad:
        again.square().sum().backward()
    made[0].step()
    facts |= {f"{name} after a step": p.detach().clone() for name, p in held.items()}
    facts["result for rows in groups"] = layer(given.randn(2, 3, n_in))
    for name, more in (("another number of inputs", n_in + 1), ("one input alone", 1)):
        call = partial(layer, given.randn(n, more))
        facts[f"answer to {name}"] = outcome_of(call, RuntimeError)
    other = impl.LazyAffine(given.n_out)
    other(given.randn(n, n_in))
    facts["entries of its state_dict"] = ", ".join(layer.state_dict())
    facts["loading it into another layer"] = outcome_of(
        lambda: other.load_state_dict(layer.state_dict()), RuntimeError
    )
    return facts | {"result of that layer": other(given.randn(1, n_in))}


@probe("start")
def lazy_start(impl: Implementation, given: Given) -> Facts:
    """How the numbers of a large layer are spread at the start, and what decides them."""
    called: list[nn.Module] = []
    x = given.randn(2, given.n_in)
    layers = []
    with register_module_forward_hook(lambda part, *_: called.append(part)):
        for seeded in (True, True, False):
            if seeded:
                given.seed_global_generators()
            layers.append(impl.LazyAffine(given.n_out))
            layers[-1](x)
    given.stir_global_generators()
    if any(isinstance(part, nn.Linear) for part in called):
        return {"layer": "built with torch's own"}
    facts: Facts = {"layer": "written on nn.Module"}
    for name in PARAMETERS:
        tensors: list[Any] = [getattr(layer, name, None) for layer in layers]
        if not all(isinstance(p, Tensor) and p.numel() > 1 for p in tensors):
            return facts | {name: "missing"}
        one, again, other = tensors
        facts |= _spread(name, one.detach() * given.n_in**0.5)
        facts[f"{name} for the same seed"] = "equal" if torch.equal(one, again) else "different"
        facts[f"{name} of a next layer"] = "equal" if torch.equal(one, other) else "different"
    return facts


def _parameters(layer: Any, early: dict[str, nn.Parameter]) -> Facts:
    """Say what the first call has made of the parameters that were there before."""
    facts: Facts = {
        "parameters before the first call": ", ".join(early) or "none",
        "parameters after it": ", ".join(n for n, _ in layer.named_parameters()) or "none",
    }
    for name in PARAMETERS:
        found = getattr(layer, name, None)
        same = found is not None and found is early.get(name)
        facts[name] = "the parameter of before" if same else "another tensor"
        if isinstance(found, Tensor):
            facts[f"form of {name}"] = torch.zeros_like(found, requires_grad=False)
            leaf = "a leaf" if found.is_leaf else "no leaf"
            facts[f"role of {name}"] = f"{leaf}, requires_grad {found.requires_grad}"
    return facts


def _fit(held: dict[str, Any], given: Given) -> bool:
    shapes = {"weight": (given.n_out, given.n_in), "bias": (given.n_out,)}
    return all(isinstance(p, Tensor) and p.shape == shapes[name] for name, p in held.items())


def _spread(name: str, numbers: Tensor) -> Facts:
    """Say how 9,000 or more numbers are spread, in units of 1 over the root of I.

    The largest of even ones is above 0.95 but for 0.95^9000; their share within half the bound and
    above 0 leave their tenth with 2 exp(-2 n 0.048^2) = 2e-18 each (Hoeffding).
    """
    if bool((numbers == numbers.flatten()[0]).all()):
        return {f"{name} at the start": "all equal"}
    return {
        f"{name} at the start": "drawn",
        f"largest of {name}, to a tenth": tenths(numbers.abs().max()),
        f"share of {name} within half of that": tenths(
            (numbers.abs() < numbers.abs().max() / 2).double().mean()
        ),
        f"share of {name} above 0": tenths((numbers > 0).double().mean()),
        f"{name} beyond its bound": "some" if bool((numbers.abs() > 1 + 1e-6).any()) else "none",
    }
