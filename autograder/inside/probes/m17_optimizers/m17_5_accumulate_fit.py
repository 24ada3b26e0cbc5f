"""Probes of accumulate_fit."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe


@probe("training")
def accumulate_training(impl: Implementation, given: Given) -> Facts:
    """The gradients of each step, where it leads, and what goes through the model in which order.

    A parameter of the model takes no part in the loss.
    """
    x = given.randn(sum(given.sizes), given.n_in)
    y = given.randn(sum(given.sizes), given.n_out)
    pairs = list(zip(x.split(given.sizes), y.split(given.sizes), strict=True))
    model = _Watched(given)
    opt = _optimizer(given, model)
    seen: Facts = {}
    taken: list[str] = []

    def after_step(*_: object) -> None:  # the passes may run in the closure given to the step
        taken.append("step")
        for name in ("weight", "bias"):
            p = model.get_parameter(name)
            told = "None" if p.grad is None else p.grad.clone()
            seen[f"gradient of {name} in step {len(taken)}"] = told
            seen[f"{name} after step {len(taken)}"] = p.detach().clone()

    opt.register_step_post_hook(after_step)
    micro = iter(pairs) if given.micro == "generator" else pairs
    steps = impl.accumulate_fit(model, model.loss, opt, micro, given.k)
    clear = all(p.grad is None or not p.grad.any() for p in model.parameters())
    return {
        "rows of each forward pass": ", ".join(map(str, model.rows)) or "none",
        "backward passes that wait for a later forward pass": "some" if model.waiting else "none",
        "steps taken": len(taken),
        "steps returned": steps,
        **seen,
        "parameter that takes no part": model.unused.detach().clone(),
        "gradients afterwards": "None or zero" if clear else "not cleared",
    }


class _Watched(nn.Module):
    """A linear model that notes what goes through it, and its loss, which notes what goes back."""

    def __init__(self, given: Given) -> None:
        super().__init__()
        self.weight = nn.Parameter(given.leaf(given.n_out, given.n_in).detach())
        self.bias = nn.Parameter(given.leaf(given.n_out).detach())
        self.unused = nn.Parameter(given.leaf(2).detach())
        self.rows: list[int] = []
        self.open, self.waiting = 0, False

    def forward(self, x: Tensor) -> Tensor:
        """Predict, after noting the rows and whether a loss has not gone back yet."""
        self.rows.append(len(x))
        self.waiting |= self.open > 0
        return x @ self.weight.T + self.bias

    def loss(self, pred: Tensor, target: Tensor) -> Tensor:
        """Return a mean of squared errors, of which those above 0 count more."""
        error = pred - target
        value = (error * torch.maximum(error, error / 4)).mean()
        if value.requires_grad:
            self.open += 1
            value.register_hook(self._back)
        return value

    def _back(self, _: Tensor) -> None:
        self.open -= 1


def _optimizer(given: Given, model: _Watched) -> Optimizer:
    """Make SGD of one group, or Adam with a group for the bias."""
    if given.optimizer == "Adam":
        groups: list[dict[str, Any]] = [
            {"params": [model.weight, model.unused]},
            {"params": [model.bias], "lr": 0.3},
        ]
        return torch.optim.Adam(groups, lr=given.lr, eps=0.01)
    return torch.optim.SGD(model.parameters(), lr=given.lr, momentum=0.5)
