"""Probes of gradient_report."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation, describe
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.m11_fit.shared import linear_layer, loss_of
from autograder.inside.probes.m22_hooks.shared import hooks_on
from autograder.inside.probes.tools import kind_of, number_of, stored_gradient

HIDDEN = 3


@probe("report")
def gradient_report_report(impl: Implementation, given: Given) -> Facts:
    """The layers that are reported, in their order, and the norm of each."""
    model, x, y = _start(given)
    report = impl.gradient_report(model, loss_of(given), x, y)
    if not isinstance(report, dict):
        return {"kind of the report": describe(report)}
    layers = [name for name, part in model.named_modules() if not [*part.children()]]
    return {
        "kind of the report": describe(report),
        "layers of the report": ", ".join(map(repr, report)),
        "kind of the norms": kind_of([*report.values()]),
        **{f"norm at layer {name!r}": number_of(report.get(name)) for name in layers},
    }


@probe("what is left")
def gradient_report_left(impl: Implementation, given: Given) -> Facts:
    """Hooks and stored gradients after a call, where one parameter had a gradient before it."""
    model, x, y = _start(given)
    first, second, *_ = model.parameters()
    first.grad = torch.full_like(first, 0.5)
    report = impl.gradient_report(model, loss_of(given), x, y)
    return {
        "hooks on the model afterwards": hooks_on(model),
        "gradient that was stored before": first.grad,
        "gradient that was None before": stored_gradient(second),
        "norm at the last layer": number_of(report["last"]),
    }


class _Net(nn.Module):
    """Layers within layers; the last one is defined first, and one has no parameters."""

    def __init__(self, given: Given) -> None:
        super().__init__()
        self.last = linear_layer(given, HIDDEN, 2)
        first = nn.Sequential(linear_layer(given, given.n_in, HIDDEN), nn.Tanh())
        self.body = nn.Sequential(first, linear_layer(given, HIDDEN, HIDDEN))

    def forward(self, x: Tensor) -> Tensor:
        hidden = self.body(x)
        result: Tensor = self.last(hidden * hidden)
        return result


def _start(given: Given) -> tuple[nn.Module, Tensor, Tensor]:
    model = _Net(given) if given.kind == "nested" else linear_layer(given, given.n_in, 2)
    return model, given.randn(given.n, given.n_in), given.randn(given.n, 2)
