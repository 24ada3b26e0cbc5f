"""Probes of load_matching."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation, describe
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import copies, equal

LISTS = ("loaded", "missing", "unexpected", "wrong_shape")


@probe("matching")
def load_matching_matching(impl: Implementation, given: Given) -> Facts:
    """What is reported, what the model's tensors hold, and whether they share memory with sd."""
    model = _net(given)
    model.get_parameter("0.weight").requires_grad_(False)
    before = {id(p): p.requires_grad for p in model.parameters()}
    sd = _state(given, model)
    names, numbers = list(sd), copies(sd.values())
    report = impl.load_matching(model, sd)
    kept = list(sd) == names and all(map(equal, sd.values(), numbers))
    after = {id(p): p.requires_grad for p in model.parameters()}
    facts = _report(report) | {
        "sd afterwards": "as before" if kept else "changed",
        "parameters of the model": "the same ones" if after == before else "other ones",
    }
    with torch.no_grad():
        for tensor in sd.values():
            tensor.add_(1)
    return facts | {f"{n} afterwards": t.detach() for n, t in model.state_dict().items()}


def _report(report: Any) -> Facts:
    if not isinstance(report, dict):
        return {"report": describe(report)}
    facts: Facts = {"keys of the report": ", ".join(sorted(map(str, report)))}
    for key in LISTS:
        found = report.get(key, ())
        kind = "a list" if isinstance(found, list) else describe(found)
        facts[f"kind of {key}"] = kind if key in report else "missing"
        if isinstance(found, list | tuple | set):
            facts[f"names that are {key}"] = ", ".join(sorted(map(str, found))) or "none"
    return facts


def _net(given: Given) -> nn.Module:
    """Return a network on the given's device whose numbers are drawn, one parameter without
    a dimension."""
    n_in, width, n_out = given.sizes
    model = nn.Sequential(nn.Linear(n_in, width), nn.BatchNorm1d(width), nn.Linear(width, n_out))
    model.register_parameter("scale", nn.Parameter(torch.ones(())))
    model.to(given.device, given.dtype)
    with torch.no_grad():
        for tensor in model.state_dict().values():
            tensor.copy_(_drawn(given, tensor))
    return model


def _drawn(given: Given, like: Tensor) -> Tensor:
    numbers = given.leaf(*like.shape).detach()
    return numbers if like.is_floating_point() else 9 * numbers.abs()


def _state(given: Given, model: nn.Module) -> dict[str, Tensor]:
    """Return a state_dict, on the CPU, its names in another order.

    It has all names and shapes of the model, hardly any, or fits in part, with another dtype.
    """
    entries = model.state_dict()
    sd = {name: _drawn(given, t).cpu().to(t.dtype) for name, t in reversed(entries.items())}
    if given.kind == "other":
        kept = "1.num_batches_tracked"  # torch does not always call it missing
        return {name if name == kept else f"other.{name}": t for name, t in sd.items()}
    if given.kind == "mixed":
        sd["0.weight"] = sd["0.weight"].to(torch.float16).requires_grad_()
        sd["0.bias"] = sd["0.bias"][:1].clone()  # could be broadcast
        sd["2.weight"] = sd["2.weight"].T.clone()  # has as many numbers
        sd["scale"] = sd["scale"][None].clone()
        sd["head.weight"] = sd["2.bias"].clone()
        del sd["2.bias"], sd["1.running_var"]
    return sd
