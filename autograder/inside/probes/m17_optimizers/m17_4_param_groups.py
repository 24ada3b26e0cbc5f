"""Probes of param_groups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import torch
from torch import nn

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.answers import number
from autograder.inside.probes.tools import copies, equal, outcome_of


@probe("groups")
def param_groups_groups(impl: Implementation, given: Given) -> Facts:
    """Which settings each parameter of a nested model gets, and where one step takes it."""
    model = _Nested(given)
    names = {p: name for name, p in model.named_parameters()}
    trained = {p: name for p, name in names.items() if p.requires_grad}
    before = copies(names)
    lr, bias_lr, wd = given.leaf(3).detach().abs().double().tolist()
    groups = impl.param_groups(model, lr, bias_lr, wd)
    every = groups if isinstance(groups, list) else []
    lists = all(isinstance(g.get("params", []), list) for g in every if isinstance(g, dict))
    made: list[torch.optim.SGD] = []
    facts: Facts = {
        'each "params"': "a list" if lists else "not a list",
        "torch.optim.SGD's answer to the groups": outcome_of(
            lambda: made.append(torch.optim.SGD(groups, lr=77.0, weight_decay=66.0)),
            TypeError,
            ValueError,
        ),
    }
    if not made:
        return facts
    held = [(p, group) for group in made[0].param_groups for p in group["params"]]
    found = Counter(p for p, _ in held)
    facts |= {
        "parameters in no group": _named(n for p, n in trained.items() if not found[p]),
        "parameters that are there twice": _named(n for p, n in trained.items() if found[p] > 1),
        "frozen parameters in a group": _named(
            n for p, n in names.items() if found[p] and p not in trained
        ),
        "tensors that are no parameters of the model": sum(p not in names for p in found),
        "numbers of the model before the first step": "as they were"
        if all(map(equal, names, before))
        else "changed",
        "parameters that require their gradient": _named(
            n for p, n in names.items() if p.requires_grad
        ),
    }
    for p, group in held:
        if p in names:
            facts[f"learning rate of {names[p]}"] = number(group["lr"])[1]
            facts[f"weight decay of {names[p]}"] = number(group["weight_decay"])[1]
    for p in trained:
        p.grad = given.leaf(*p.shape).detach()
    made[0].step()
    return facts | {f"{name} after a step": p.detach().clone() for p, name in names.items()}


class _Nested(nn.Module):
    """A model with parameters of one to three dimensions, of layers in layers, shared and frozen.

    The layer `out` has its weight frozen; `again` is `hidden` under another name.
    """

    def __init__(self, given: Given) -> None:
        super().__init__()
        kind: dict[str, Any] = {"device": given.device, "dtype": given.dtype}
        n = given.width
        self.inner = nn.Sequential(nn.Linear(given.n_in, n, **kind), nn.LayerNorm(n, **kind))
        self.hidden = self.again = nn.Linear(n, n, bias=given.bias, **kind)
        self.out = nn.Linear(n, given.n_out, **kind)
        self.out.weight.requires_grad_(False)
        self.scale = nn.Parameter(given.leaf(n).detach())
        self.table = nn.Parameter(given.leaf(2, n, 1).detach())
        with torch.no_grad():
            for p in self.parameters():
                p.copy_(given.leaf(*p.shape))


def _named(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"
