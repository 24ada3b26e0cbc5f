"""Probes of state_bytes and training_bytes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import more_sizes


@probe("state")
def bytes_state(impl: Implementation, given: Given) -> Facts:
    """What an optimizer of two groups has stored, before its first step and after it."""
    model = _model(given)
    opt = _optimizer(given, list(model.parameters()))
    facts: Facts = {
        "state_bytes before the first step": impl.state_bytes(opt),
        "parameters with an entry in opt.state then": len(opt.state),
    }
    _give_gradients(model)
    opt.step()
    facts["state_bytes after a step"] = impl.state_bytes(opt)
    if "more" in given.spec:
        opts = [_optimizer(given, [given.leaf(n)]) for n in more_sizes(given, 1, 500)]
        for one in opts:
            p = one.param_groups[0]["params"][0]
            p.grad = torch.ones_like(p)
            one.step()
        facts["state_bytes of more optimizers"] = [impl.state_bytes(one) for one in opts]
    return facts


@probe("training")
def bytes_training(impl: Implementation, given: Given) -> Facts:
    """What a training keeps at four moments: weights, then gradients and state, then no gradients.

    The model has buffers, a shared layer, a frozen weight and one that takes no part in the loss;
    the optimizer has not got its first bias, whose gradient is part of something larger, and zero.
    """
    model = _model(given)
    first = model.get_parameter("0.bias")
    opt = _optimizer(given, [p for p in model.parameters() if p is not first])
    facts: Facts = {"training_bytes before the first backward": impl.training_bytes(model, opt)}
    _give_gradients(model)
    first.grad = torch.zeros(2 * len(first), dtype=first.dtype, device=first.device)[: len(first)]
    facts["training_bytes after a backward"] = impl.training_bytes(model, opt)
    opt.step()
    facts["training_bytes after a step"] = impl.training_bytes(model, opt)
    model.zero_grad()
    facts["training_bytes after zero_grad"] = impl.training_bytes(model, opt)
    return facts


class _Own(Optimizer):
    """An optimizer whose state also has what is no tensor."""

    def __init__(self, params: Any) -> None:
        super().__init__(params, {"lr": 0.1})

    def step(self, closure: Any = None) -> None:  # type: ignore[override]
        """Remember something of each parameter that has a gradient."""
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    # part of something larger, of which it does not count
                    average = torch.zeros(2 * p.numel(), dtype=torch.float64)[: p.numel()]
                    moved = p.detach() != 0
                    self.state[p] = {"step": 1, "average": average, "before": None, "moved": moved}


def _model(given: Given) -> nn.Module:
    kind: dict[str, Any] = {"device": given.device, "dtype": given.dtype}
    first = nn.Linear(given.n_in, given.width, **kind)
    twice = nn.Linear(given.width, given.width, **kind)
    first.weight.requires_grad_(not given.frozen)
    last = nn.Linear(given.width, given.n_out, device=given.device, dtype=torch.float16)
    return nn.Sequential(first, nn.BatchNorm1d(given.width, **kind), twice, twice, last)


def _optimizer(given: Given, params: Sequence[Tensor]) -> Optimizer:
    """Make the given's optimizer, with the first parameter in a group of its own."""
    parts = [part for part in (params[:1], params[1:]) if part]
    groups = [{"params": list(part)} for part in parts]
    if given.optimizer == "custom":
        return _Own(groups)
    if given.optimizer == "Adam":
        return torch.optim.Adam(groups, lr=0.1)
    return torch.optim.SGD(groups, lr=0.1, momentum=0.9 if given.optimizer == "momentum" else 0.0)


def _give_gradients(model: nn.Module) -> None:
    """Give gradients to all parameters that are trained, but the last one."""
    *most, _ = model.parameters()
    for p in most:
        if p.requires_grad:
            p.grad = torch.ones_like(p)
