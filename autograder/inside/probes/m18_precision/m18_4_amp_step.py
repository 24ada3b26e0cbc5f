"""Probes of amp_step."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.m11_fit.shared import linear_layer, loss_of
from autograder.inside.probes.tools import copies, equal, kind_of, read


@probe("training")
def amp_step_training(impl: Implementation, given: Given) -> Facts:
    """Steps of a network of two layers: losses, dtypes, scales and parameters."""
    n, hidden = given.n, 4
    x, y = given.randn(n, given.n_in), given.randn(n, given.n_out)
    layers = linear_layer(given, given.n_in, hidden), linear_layer(given, hidden, given.n_out)
    model = nn.Sequential(layers[0], nn.ReLU(), layers[1]).train(given.mode == "train")
    opt = torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.5)
    kind = given.device.type if given.device.type == "cuda" else "cpu"
    # an overflow makes the scale so much smaller that the next step is taken
    scaler = torch.amp.GradScaler(
        kind, init_scale=given.init, backoff_factor=2.0**-10, growth_interval=given.growth
    )
    computed: list[torch.dtype] = []
    training: list[bool] = []

    def note(layer: nn.Module, _: Any, out: Tensor) -> None:
        computed.append(out.dtype)
        training.append(layer.training)

    for layer in layers:
        layer.register_forward_hook(note)
    facts: Facts = {}
    for step in range(1, given.steps + 1):
        before = copies(model.parameters())
        loss = impl.amp_step(
            model, loss_of(given), opt, x, y, scaler, kind, getattr(torch, given.low)
        )
        same = all(map(equal, model.parameters(), before))
        facts |= {
            f"loss of step {step}": read(loss),
            f"step {step}": "skipped" if same else "taken",
            f"scale after step {step}": scaler.get_scale(),
        }
    return {
        "dtypes that the layers computed in": _names(computed),
        "dtypes of the parameters afterwards": _names(p.dtype for p in model.parameters()),
        "kind of the losses": kind_of(loss),
        "model in training mode, while it runs and afterwards": _names([*training, model.training]),
        **facts,
        "weights of the first layer afterwards": layers[0].weight.float(),
    }


def _names(values: Any) -> str:
    return ", ".join(sorted({str(value) for value in values}))
