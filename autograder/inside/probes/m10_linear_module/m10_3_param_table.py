"""Probes of param_table."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import nn

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.m10_linear_module.shared import gradient_marks, put_gradients, written
from autograder.inside.words import with_article


@probe("table")
def param_table_table(impl: Implementation, given: Given) -> Facts:
    """The rows of the table for plain, nested, frozen, sharing and empty models."""
    model = _model(given).to(given.device, given.dtype).train(not given.spec.get("evaluated"))
    params = list(model.parameters())
    put_gradients(params[::2])
    gradients_before = gradient_marks(params)
    before = _state(model)
    table = impl.param_table(model)
    if not isinstance(table, Mapping):
        return {"table": None if table is None else with_article(type(table).__name__)}
    rows = sorted(((str(name), row) for name, row in table.items()), key=lambda pair: pair[0])
    facts: Facts = {"table": "a dict", "names": ", ".join(name for name, _ in rows) or "none"}
    facts["kinds of rows"] = ", ".join(sorted({_kind(row) for _, row in rows}))
    if all(isinstance(row, tuple | list) and len(row) == 3 for _, row in rows):
        for index, column in enumerate(("shapes", "trainable flags", "numbers of elements")):
            facts[column] = ", ".join(f"{name} {written(row[index])}" for name, row in rows)
    same = _state(model) == before and gradient_marks(params) == gradients_before
    facts["model afterwards"] = "unchanged" if same else "changed"
    model.requires_grad_(False)
    trainable = sum(written(row[1]) != "False" for row in impl.param_table(model).values())
    return facts | {"trainable parameters after freezing": trainable}


def _state(model: nn.Module) -> list[object]:
    """Return what a model holds, to be compared with what it holds later."""
    return [(id(p), p.dtype, p._version) for p in model.parameters()]


def _kind(row: object) -> str:
    if isinstance(row, tuple | list):
        return f"{'tuple' if isinstance(row, tuple) else 'list'} of {len(row)}"
    return type(row).__name__


class _Nested(nn.Module):
    """A scalar of its own, a stack with a vector and a stack, a frozen layer, and buffers."""

    def __init__(self, n_in: int, n_hidden: int, n_out: int) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.ones(()))
        inner = nn.Sequential(nn.Linear(n_in, n_hidden), nn.BatchNorm1d(n_hidden))
        self.body = nn.Sequential(inner, nn.ReLU())
        self.body.register_parameter("shift", nn.Parameter(torch.ones(n_hidden)))
        self.head = nn.Linear(n_hidden, n_out, bias=False).requires_grad_(False)


def _model(given: Given) -> nn.Module:
    """Return the model that a given of param_table asks for."""
    if given.model == "nested":
        return _Nested(*given.sizes)
    if given.model == "empty":
        return nn.ReLU()
    if given.model == "odd":  # two parameters without elements, and one of three dimensions
        shapes = {"none": (0, 3), "nothing": (0,), "cube": given.sizes}
        return nn.ParameterDict({n: nn.Parameter(torch.ones(s)) for n, s in shapes.items()})
    layers = [nn.Linear(i, o) for i, o in zip(given.sizes[:-1], given.sizes[1:], strict=True)]
    if given.model == "twins":  # equal numbers, but two parameters
        layers[1].load_state_dict(layers[0].state_dict())
    if given.model == "tied":
        layers[1].weight = layers[0].weight
    if given.model == "reused":
        layers.append(layers[0])
    return nn.Sequential(*layers)
