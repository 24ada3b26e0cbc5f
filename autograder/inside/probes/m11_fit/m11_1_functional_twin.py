"""Probes of functional_twin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.m11_fit.shared import linear_layer
from autograder.inside.probes.tools import gradients, outcome_of


@probe("losses")
def twin_losses(impl: Implementation, given: Given) -> Facts:
    """The twins of the three losses: their values, gradients and kind."""
    pred, target = given.randn(given.n, given.n_out), given.randn(given.n, given.n_out)
    pred.requires_grad_()
    target.requires_grad_()
    facts: Facts = {}
    for m in (
        nn.MSELoss(reduction=given.reduction),
        nn.L1Loss(reduction=given.reduction),
        nn.HuberLoss(reduction=given.reduction, delta=given.delta),
    ):
        name = type(m).__name__
        with _noting_calls(type(m)) as calls:
            twin = impl.functional_twin(m)
            facts[f"{name} twin's value"] = value = twin(pred, target)
            plain = twin(*map(given.plain, (pred, target)))
        own, other = gradients(value, [pred, target])
        facts |= {f"{name} twin's gradient": own, f"{name} twin's gradient for targets": other}
        facts[f"{name} twin's value for plain tensors"] = plain
        facts[f"kind of {name} twin"] = _kind_of(twin, calls)
    return facts


@probe("layers")
def twin_layers(impl: Implementation, given: Given) -> Facts:
    """The twins of a ReLU and of a Linear whose weights are updated after the twin was made."""
    x = given.randn(given.n, given.n_in).requires_grad_()
    relu, linear = nn.ReLU(), linear_layer(given, given.n_in, given.n_out, given.bias)
    facts: Facts = {}
    for m in (relu, linear):
        name = type(m).__name__
        with _noting_calls(type(m)) as calls:
            twin = impl.functional_twin(m)
            out = twin(x)
        facts[f"{name} twin's output"] = out.detach().clone()
        named = [("input", x), *m.named_parameters()]
        for (what, _), gradient in zip(
            named, gradients(out, [tensor for _, tensor in named]), strict=True
        ):
            facts[f"{name} twin's gradient for its {what}"] = gradient
        with torch.no_grad():
            for parameter in m.parameters():
                parameter.mul_(-0.5)
        facts[f"{name} twin's later output"] = twin(x)
        facts[f"{name} twin's output for data alone"] = twin(given.randn(given.n, given.n_in))
        facts[f"kind of {name} twin"] = _kind_of(twin, calls)
    return facts


@probe("refusal")
def twin_refusal(impl: Implementation, given: Given) -> Facts:
    """What happens when the module is of a type that has no twin here."""
    m = getattr(nn, given.module)()
    return {
        f"answer to nn.{given.module}": outcome_of(lambda: impl.functional_twin(m), TypeError),
    }


@contextmanager
def _noting_calls(kind: type[nn.Module]) -> Iterator[list[str]]:
    """Note every call of a module of a kind, old or new, also one of its forward alone."""
    calls: list[str] = []
    own = kind.forward

    def forward(*args: Any, **kwargs: Any) -> Any:
        calls.append("call")
        return own(*args, **kwargs)

    kind.forward = forward
    try:
        yield calls
    finally:
        kind.forward = own


def _kind_of(twin: object, calls: Sequence[str]) -> str:
    if isinstance(twin, nn.Module):
        return "a module"
    return "a function that calls a module" if calls else "a function of its own"
