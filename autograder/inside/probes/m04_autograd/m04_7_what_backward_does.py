"""Probes of what_backward_does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation, describe
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import equal

KEYS = ("before", "grads", "added", "intermediates", "values")


@probe("calls")
def what_backward_does_calls(impl: Implementation, given: Given) -> Facts:
    """The whole report of some calls, the last of which repeats the first; x may be flagged."""
    x = given.plain(given.leaf(*given.shape))
    stored = None
    if given.spec.get("flagged"):
        stored = torch.full_like(x, 1.5)
        x.requires_grad_().grad = stored.clone()
    report = impl.what_backward_does(x, _steps(given))
    if not isinstance(report, dict):
        return {"report": describe(report)}
    return {
        "keys of the report": ", ".join(sorted(map(str, report))),
        **{f'report["{key}"]': report[key] for key in KEYS if key in report},
        "x.grad afterwards": "as before" if equal(x.grad, stored) else "changed",
    }


@probe("one_call")
def what_backward_does_one_call(impl: Implementation, given: Given) -> Facts:
    """What a single call changes, in words; only its numbers can be right by knowing them."""
    x = given.plain(given.leaf(*given.shape))
    report = impl.what_backward_does(x, [_step(given, x)])
    if not isinstance(report, dict) or {*KEYS} - {*report}:
        return {"report": "not a dict with all the keys"}
    filled = isinstance(report["intermediates"], list) and report["intermediates"] != [None]
    return {
        "gradients after one call": report["grads"],
        "leaf's numbers after one call": "as before" if _same(report, x) else "moved",
        "gradient of h after one call": "stored" if filled else "none",
    }


def _steps(given: Given) -> list[Callable[[Tensor], Tensor]]:
    """Return the given's number of steps with results of several shapes."""
    x = given.leaf(*given.shape).detach()
    steps = [_step(given, x), lambda t: 2 * t.sum() + 1, lambda t: t.flatten()[:1].square()]
    return [steps[i % 3] for i in range(given.steps)]


def _step(given: Given, x: Tensor) -> Callable[[Tensor], Tensor]:
    c = given.leaf(*x.shape).detach()
    return lambda t: c * t - 1


def _same(report: dict[str, Any], x: Tensor) -> bool:
    values = report["values"]
    return isinstance(values, Tensor) and equal(values, x)
