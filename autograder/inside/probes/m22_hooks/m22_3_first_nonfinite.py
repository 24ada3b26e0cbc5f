"""Probes of first_nonfinite."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.m22_hooks.shared import hooks_on
from autograder.inside.probes.tools import outcome_of


class Layer(nn.Module):
    """Multiplies by drawn numbers and adds others; broken, it makes one number nan or inf."""

    def __init__(self, given: Given, broken: float | None = None) -> None:
        super().__init__()
        self.weight = nn.Parameter(given.leaf(given.n_in).detach())
        shift = given.leaf(given.n, given.n_in).detach()
        if broken is not None:
            shift[-1, 0] = broken
        self.register_buffer("shift", shift)
        self.runs = 0

    def forward(self, x: Tensor) -> Tensor:
        """Return x * weight + shift."""
        self.runs += 1
        result: Tensor = x * self.weight + self.shift
        return result


class Second(nn.Module):
    """A container whose own forward works, too."""

    def __init__(self, root: Layer, own: Tensor) -> None:
        super().__init__()
        self.root = root
        self.register_buffer("own", own)

    def forward(self, x: Tensor) -> Tensor:
        """Return the root of x plus numbers of its own."""
        result: Tensor = self.root(x) + self.own
        return result


class Net(nn.Module):
    """Defined in another order than called; what is not finite is mended before the last layer,
    which is called twice."""

    def __init__(self, given: Given) -> None:
        super().__init__()
        what = float(given.what)
        broken = {name: what for name in given.broken}
        own = given.leaf(given.n, given.n_in).detach()
        own[0, -1] = broken.get("second", 0.0)
        self.last = Layer(given, broken.get("last"))
        self.second = Second(Layer(given, broken.get("second.root")), own)
        self.first = nn.Sequential(Layer(given), Layer(given, broken.get("first.1")))

    def forward(self, x: Tensor) -> Tensor:
        """Call all parts."""
        mended = torch.nan_to_num(self.second(self.first(x)), 1.0, 1.0, 1.0)
        result: Tensor = self.last(self.last(mended))
        return result


class Raises(nn.Module):
    """Stops with an exception of its own."""

    def forward(self, x: Tensor) -> Tensor:
        """Raise KeyError."""
        raise KeyError("no such layer")


@probe("drawn")
def first_nonfinite_drawn(impl: Implementation, given: Given) -> Facts:
    """The names in long networks that break at a drawn place, and somewhere behind it."""
    places = np.random.RandomState(given.seed).randint(1, given.layers - 1, given.times).tolist()
    found = []
    for place in places:
        broken = (place, given.layers - 1)
        layers = (Layer(given, float("nan") if n in broken else None) for n in range(given.layers))
        model = nn.Sequential(*layers)
        found.append(_told(impl, model, given.randn(given.n, given.n_in)))
    return {f"answer for layer {place}": name for place, name in zip(places, found, strict=True)}


@probe("source")
def first_nonfinite_source(impl: Implementation, given: Given) -> Facts:
    """The name in a network with parts, and how often the network has run."""
    model, x = Net(given), given.tensor(_rows(given))
    told = _told(impl, model, x)
    runs = {} if "x" in given.broken else {"runs of the first layer": model.first[0].runs}
    return {"answer": told, **runs}


@probe("what is left")
def first_nonfinite_left(impl: Implementation, given: Given) -> Facts:
    """The hooks on a network after a call, and after one that has stopped."""
    model = Net(given)
    raising = nn.Sequential(Layer(given), Raises())
    _told(impl, model, given.randn(given.n, given.n_in))
    x = given.randn(given.n, given.n_in)
    stopped = outcome_of(lambda: impl.first_nonfinite(raising, x), KeyError)
    stopped = stopped if raising[0].runs else "no run of the model"
    return {
        "hooks on the model afterwards": hooks_on(model),
        "outcome where the model raises KeyError": stopped,
        "hooks on a model that has raised": hooks_on(raising),
    }


def _told(impl: Implementation, model: nn.Module, x: Tensor) -> str:
    """Return the answer as text, so that a name and None cannot be taken for each other."""
    return repr(impl.first_nonfinite(model, x))


def _rows(given: Given) -> Any:
    rows = np.random.RandomState(given.seed).standard_normal((given.n, given.n_in))
    if "x" in given.broken:
        rows[-1, -1] = float(given.what)
    return rows
