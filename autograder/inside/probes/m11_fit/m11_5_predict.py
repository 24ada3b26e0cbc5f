"""Probes of predict."""

from __future__ import annotations

import torch
from torch import nn

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.m11_fit.shared import network


@probe("prediction")
def predict_prediction(impl: Implementation, given: Given) -> Facts:
    """Predictions of a model with dropout, whether they are tracked."""
    model = network(given, nn.Dropout(0.5), nn.Sequential(nn.Dropout(0.5)))
    shape = (given.n_in,) if given.x == "one row" else (given.n, given.n_in)
    x = given.integers(20, 140, *shape) if given.integer else given.randn(*shape)
    x = x.to(getattr(torch, given.spec["kind"])) if "kind" in given.spec else x
    with torch.set_grad_enabled(given.mode == "train"):
        pred = impl.predict(model, x)
    facts: Facts = {
        "prediction": pred,
        "prediction's requires_grad": pred.requires_grad,
        "second prediction": impl.predict(model, x),
    }
    with torch.no_grad():
        for p in model.parameters():
            p.mul_(-0.5)
    return facts | {"prediction of the updated model": impl.predict(model, x)}
