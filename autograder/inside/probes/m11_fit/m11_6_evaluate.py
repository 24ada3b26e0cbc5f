"""Probes of evaluate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.m11_fit.shared import Batches, loader_of, loss_of, network
from autograder.inside.probes.tools import equal, kind_of, outcome_of, read


class Broken(Exception):
    """What a broken part raises."""


@probe("value")
def evaluate_value(impl: Implementation, given: Given) -> Facts:
    """The mean loss of a model with batch normalisation, and what is left of the model's state."""
    model = _normalising(given)
    x, y = given.randn(given.n, given.n_in), given.randn(given.n, given.n_out)
    y = y + given.spec.get("above", 0)  # or too high and too low may be as frequent
    loader = loader_of(given, x, y)
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    for p in model.parameters():
        p.grad = torch.ones_like(p)
    with torch.set_grad_enabled(given.grad == "on"):
        loss, recorded = _watched(lambda: impl.evaluate(model, loader, loss_of(given)))
    # With its tolerance, a loss is one of a hundred thousand.
    others = [loader_of(given, x, given.randn(*y.shape)) for _ in range(given.spec.get("more", 0))]
    same = all(torch.equal(tensor, before[name]) for name, tensor in model.state_dict().items())
    kept = all(equal(p.grad, torch.ones_like(p)) for p in model.parameters())
    facts = {
        "mean loss": read(loss),
        "kind of the mean loss": kind_of(loss),
        "passes through the loader": getattr(loader, "passes", 1),
        "graph": recorded,
        "model's state afterwards": "unchanged" if same else "changed",
        "model's gradients afterwards": "unchanged" if kept else "changed",
    }
    if others:
        losses = [impl.evaluate(model, other, loss_of(given)) for other in others]
        facts["mean losses on more rows"] = read(losses)
    return facts


@probe("exception")
def evaluate_exception(impl: Implementation, given: Given) -> Facts:
    """Whether an exception of the loss, the model or the loader, at its first use, is passed on."""
    model = _normalising(given)
    x, y = given.randn(given.n, given.n_in), given.randn(given.n, given.n_out)
    loader = Batches(x, y, given.batch, watch=lambda: may_break("loader"))
    loss_fn, calls = loss_of(given), 0

    def may_break(part: str) -> None:
        nonlocal calls
        if part == given.broken:
            calls += 1
            if calls == 1:
                raise Broken(part)

    def breaking_loss(pred: Tensor, target: Tensor) -> Tensor:
        may_break("loss")
        return loss_fn(pred, target)

    model.register_forward_pre_hook(lambda *_: may_break("model"))
    with torch.set_grad_enabled(given.grad == "on"):
        outcome = outcome_of(lambda: impl.evaluate(model, loader, breaking_loss), Broken)
    return {"exception that reaches the caller": outcome}


def _normalising(given: Given) -> nn.Sequential:
    """Return a model whose batch normalisation shows the mode in which it is used."""
    norm = nn.BatchNorm1d(5, device=given.device, dtype=given.dtype)
    with torch.no_grad():
        norm.running_mean.copy_(given.leaf(5))
        norm.running_var.copy_(given.leaf(5) ** 2 + 1)
    return network(given, norm)


def _watched(call: Callable[[], Any]) -> tuple[Any, str]:
    """Call, and say whether autograd saved anything for a backward pass meanwhile."""
    saved = []

    def pack(tensor: Tensor) -> Tensor:
        saved.append("tensor")
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        result = call()
    return result, "recorded" if saved else "not recorded"
