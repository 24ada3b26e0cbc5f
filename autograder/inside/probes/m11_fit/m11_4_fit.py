"""Probes of fit."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor
from torch.utils.data import DataLoader

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.m11_fit.shared import Batch, linear_layer, loader_of, loss_of
from autograder.inside.probes.tools import copies, kind_of, read, unmoved


@probe("trajectory")
def fit_trajectory(impl: Implementation, given: Given) -> Facts:
    """The losses of all epochs, and the parameters after them, from a non-zero start."""
    x, y = given.regression()
    model = linear_layer(given, x.shape[1], y.shape[1])
    opt = torch.optim.SGD(model.parameters(), lr=given.lr, momentum=given.momentum)
    # The data stay on the CPU, wherever the model lies.
    loader, loss_fn = loader_of(given, x.cpu(), y.cpu()), loss_of(given)
    shapes = set[tuple[int, ...]]()

    def seen(pred: Tensor, target: Tensor) -> Tensor:
        shapes.add(tuple(target.shape))
        return loss_fn(pred, target)

    params = dict(model.named_parameters())
    before = copies(params.values())
    steps: list[str] = []
    opt.register_step_pre_hook(lambda *_: steps.append("step"))
    losses = impl.fit(given.epochs, model, seen, opt, loader)
    if given.epochs and not steps:  # all else depends on what was used in its place
        return {"steps of the given optimizer": "none, where batches came"}
    return {
        "steps of the given optimizer": "some" if steps else "none",
        "parameters unmoved by the training": unmoved(params, before),
        "epoch losses": read(losses),
        "kind of the epoch losses": kind_of(losses),
        "shapes of the targets in the loss": ", ".join(map(str, sorted(shapes))) or "none",
        "batches that require a gradient afterwards": _tracked(loader),
        "model's weight afterwards": model.weight,
        "model's bias afterwards": model.bias,
    }


def _tracked(loader: Iterable[Batch]) -> int:
    """Count the tensors of a list of batches that require a gradient; a DataLoader makes new."""
    if isinstance(loader, DataLoader):
        return 0
    return sum(tensor.requires_grad for batch in loader for tensor in batch)
