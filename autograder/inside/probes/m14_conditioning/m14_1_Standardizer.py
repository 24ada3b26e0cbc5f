"""Probes of Standardizer."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import default_dtype, gradients, outcome_of


@probe("scale")
def standardizer_scale(impl: Implementation, given: Given) -> Facts:
    """The statistics of the training rows, and what forward and inverse make of other rows."""
    scaler = impl.Standardizer(given.n_in).to(given.device, given.dtype)
    if given.spec.get("twice"):
        scaler.fit(_rows(given, 4))
    train, test = _rows(given, given.n), _rows(given, given.n_test).requires_grad_()
    scaler.fit(train)
    facts = {"mean": _held(scaler, "mean"), "std": _held(scaler, "std")}
    facts["training rows, scaled"] = scaler(train)
    facts["test rows, scaled"] = scaled = scaler(test)
    facts["test rows after inverse alone"] = scaler.inverse(test)
    facts["gradient for the test rows of the squared scaled ones"] = (
        gradients(scaled.square(), [test])[0] if isinstance(scaled, Tensor) else scaled
    )
    return facts | {"mean after all this": _held(scaler, "mean")}


@probe("state")
def standardizer_state(impl: Implementation, given: Given) -> Facts:
    """What is saved, loaded, converted and trained of a scaler, and what it keeps of a graph."""
    scaler, fresh = (impl.Standardizer(given.n_in).to(given.device, given.dtype) for _ in range(2))
    facts: Facts = {"mean before fit": _held(fresh, "mean"), "std before fit": _held(fresh, "std")}
    train, test = _rows(given, given.n), _rows(given, 2)
    scaler.fit(train.requires_grad_())
    state = scaler.state_dict()
    facts["entries of its state_dict"] = ", ".join(sorted(state)) or "none"
    facts["parameters"] = ", ".join(sorted(n for n, _ in scaler.named_parameters())) or "none"
    facts["gradient for the training rows"] = gradients(scaler(test), [train])[0]
    loading = outcome_of(lambda: fresh.load_state_dict(state), RuntimeError)
    facts["outcome of loading it into another scaler"] = loading
    if loading == "no exception":
        facts["test rows, scaled by that scaler"] = fresh(test)
    with default_dtype(torch.float64):
        new = impl.Standardizer(given.n_in)
    facts["mean before fit where torch's default dtype is float64"] = _held(new, "mean")
    single = given.plain(test.float())
    return facts | {"float32 rows, scaled after .float()": scaler.float()(single)}


def _rows(given: Given, n: int) -> Tensor:
    """Draw rows whose features differ in scale and place; the last may always be the same."""
    drawn = given.leaf(n, given.n_in).detach().cpu().tolist()
    rows = [[2.0**i * number + 1 - i for i, number in enumerate(row)] for row in drawn]
    if given.spec.get("constant"):
        rows = [[*row[:-1], 7.5] for row in rows]
    return given.tensor(rows)


def _held(scaler: Any, name: str) -> Any:
    """Return a copy of what a scaler holds under a name."""
    found = getattr(scaler, name, "missing")
    return found.detach().clone() if isinstance(found, Tensor) else found
