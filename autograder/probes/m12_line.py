"""Probes of m12: a line through noisy points."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from types import FrameType, TracebackType
from typing import Any

import numpy as np
import torch
from numpy import fft
from torch import Tensor, nn

from autograder.given import Given
from autograder.judging.implementation import Implementation
from autograder.probes import Facts, probe
from autograder.probes.tools import Operations, gradients, logged, standard_normal
from data import line

CALLS = 20  # of noisy_line, to see enough noise
FURTHER = (70, 4)  # slopes and biases that a larger grid has: no piece of 64 slopes holds them all


@probe("noisy_line", "pairs")
def noisy_line_pairs(it: Implementation, given: Given) -> Facts:
    """The form of x and y, and where the points lie without noise."""
    x, y = _drawn(it, given, given.generator())
    return {
        "x": _blank(x, given),
        "y": _blank(y, given),
        "dtypes of x and y": _dtypes(x, y),
        "spread of x": "none" if given.n > 1 and _constant(x) else "some",
        "points without noise": _place(x, y, given),
    }


@probe("noisy_line", "noise")
def noisy_line_noise(it: Implementation, given: Given) -> Facts:
    """How the noise is distributed in many draws."""
    generator = given.generator()
    pairs = [_drawn(it, given, generator)]
    counts = {
        f"count of numbers in {name}": t.numel() for name, t in zip("xy", pairs[0], strict=True)
    }
    if set(counts.values()) != {given.n}:
        return counts  # there may be n x n of them, too many to go on
    pairs += [_drawn(it, given, generator) for _ in range(CALLS - 1)]
    x, y = (torch.cat([pair[i].detach().flatten() for pair in pairs]).double() for i in (0, 1))
    return counts | _distribution(x, _noise(x, y, given))


@probe("noisy_line", "generator")
def noisy_line_generator(it: Implementation, given: Given) -> Facts:
    """Whether the generator decides the points, and it alone."""
    generator = given.generator()
    first, second = (_drawn(it, given, generator) for _ in range(2))
    again = _drawn(it, given, given.generator())
    noises = [_noise(x, y, given) for x, y in (first, second, again)]
    return {
        "points for the same seed": "equal" if all(map(torch.equal, first, again)) else "others",
        "noise for the same seed": _compared(noises[2], noises[0]),
        "noise of a second call": _compared(noises[1], noises[0]),
        "global random state": given.global_random_state(),
    }


@probe("SlopeOnly", "lines")
def slope_only_lines(it: Implementation, given: Given) -> Facts:
    """The parameters of both modules, their predictions for numbers set by the grader, and the
    gradients of these."""
    x = given.randn(given.n, 1)
    facts: Facts = {}
    for name in ("SlopeOnly", "Line"):
        module = getattr(it, name)()
        parameters = dict(sorted(module.named_parameters()))
        facts[f"{name}'s parameters"] = _names(parameters)
        # Where nothing can be set, or only that of a module inside, nothing more is told.
        if not parameters or any("." in own for own in parameters):
            return facts
        facts |= _line_facts(name, module.to(given.device, given.dtype), x, given)
        shared = {*map(id, parameters.values())} & {*map(id, getattr(it, name)().parameters())}
        facts[f"parameters that two {name} objects share"] = len(shared)
    return facts


@probe("fit_slope", "descent")
def fit_slope_descent(it: Implementation, given: Given) -> Facts:
    """The loss of every epoch and the slope at the end.

    `share` gives the rate in parts of 1/curvature, where the first step lands on the minimum: from
    far away, rounding w shows. Above 1 the slope swings, above 2 it moves away.
    """
    x, y = _points(given)
    lr = given.share * 0.5 / x.square().mean().item() if "share" in given.spec else given.lr
    w, losses = it.fit_slope(x, y, given.w0, lr, given.epochs)
    facts: Facts = {"losses": logged(losses), "final slope": w}
    if given.spec.get("again"):
        kept = list(losses) if isinstance(losses, list) else losses
        facts["final slope of a second call"] = it.fit_slope(x, y, -given.w0, lr, 1)[0]
        # The losses of the first call, if the second has not written into the same list.
        facts["losses after a second call"] = (
            "changed" if isinstance(losses, list) and losses != kept else "unchanged"
        )
    return facts


@probe("fit_line", "descent")
def fit_line_descent(it: Implementation, given: Given) -> Facts:
    """The path of slope and bias, from a start that is given or left at its default."""
    x, y = _points(given)
    options = {"start": tuple(given.start)} if "start" in given.spec else {}
    path = it.fit_line(x, y, given.lr, given.epochs, **options)
    facts: Facts = {"path": path, "path's requires_grad": path.requires_grad}
    if not options:
        facts["path at half the rate"] = it.fit_line(x, y, given.lr / 2, given.epochs)
    return facts


@probe("cost_surface", "surface")
def cost_surface_surface(it: Implementation, given: Given) -> Facts:
    """The costs on a grid, and whether a larger grid takes more operations or more lines."""
    x, y = _points(given)
    ws, bs = given.randn(given.k), given.randn(given.m)
    surface = it.cost_surface(x, y, ws, bs)
    counts = []
    for slopes, biases in ((1, 1), FURTHER):  # no axis of length 1: torch may treat it differently
        grid = given.randn(given.k + slopes), given.randn(given.m + biases)
        with Operations() as operations, _Lines(it.files) as lines:
            it.cost_surface(x, y, *grid)
        counts.append((len(operations.names), lines.count))
    return {
        "surface": surface,
        "number of operations": _growth([operations for operations, _ in counts]),
        "number of Python lines that run": _growth([lines for _, lines in counts]),
    }


@probe("slice_minimum", "minimum")
def slice_minimum_minimum(it: Implementation, given: Given) -> Facts:
    """The best slope or bias where the other one is fixed."""
    x, y = _points(given)
    sought = "bias" if given.fixed == "slope" else "slope"
    return {f"best {sought}": it.slice_minimum(x, y, **{given.fixed: given.at})}


@probe("descent_direction", "direction")
def descent_direction_direction(it: Implementation, given: Given) -> Facts:
    """The direction at one slope and bias, which are floats or tensors of one element."""
    x, y = _points(given)
    w, b = given.w, given.b
    if "shape" in given.spec:
        w, b = (given.tensor([value]).reshape(given.shape) for value in (w, b))
    facts: Facts = {}
    if given.spec.get("trained"):
        w.requires_grad_(), b.requires_grad_()
    facts["direction"] = it.descent_direction(x, y, w, b)
    if given.spec.get("trained"):
        filled = w.grad is not None or b.grad is not None
        facts[".grad of w and b afterwards"] = "filled" if filled else "None"
    return facts


def _points(given: Given) -> tuple[Tensor, Tensor]:
    """Return x and y [n, 1]: points of data's noisy line, or normal draws.

    `first_x` takes the place of the first x of data's line.
    """
    if "sigma" not in given.spec:
        return given.randn(given.n, 1), given.randn(given.n, 1)
    x, y = line(given.n, given.seed, given.sigma)
    x[0] = given.spec.get("first_x", x[0])
    return given.tensor(x), given.tensor(y)


def _drawn(it: Implementation, given: Given, generator: torch.Generator) -> Any:
    return it.noisy_line(given.n, given.slope, given.bias, given.sigma, generator)


def _blank(tensor: Tensor, given: Given) -> Tensor:
    """Keep shape and device, and drop the numbers: they may be any."""
    return torch.zeros_like(tensor, dtype=given.dtype)


def _dtypes(x: Tensor, y: Tensor) -> str:
    if x.dtype != y.dtype:
        return f"{x.dtype} and {y.dtype}"
    return "floating-point" if x.is_floating_point() else str(x.dtype)


def _constant(x: Tensor) -> bool:
    return bool((x == x.flatten()[0]).all())


def _place(x: Tensor, y: Tensor, given: Given) -> str:
    """Say whether the points lie on the line, but for rounding in float32."""
    if x.numel() != given.n or y.numel() != given.n:
        return "not one y for each x"
    x, y = x.detach().double().flatten(), y.detach().double().flatten()
    distance = (y - (given.slope * x + given.bias)).abs()
    rounding = 1e-5 * ((given.slope * x).abs() + abs(given.bias))
    return "on the line" if bool((distance <= rounding).all()) else "not on the line"


def _noise(x: Tensor, y: Tensor, given: Given) -> Tensor:
    """Return what is left of y above the line, in sigmas."""
    noise: Tensor = (y - given.slope * x - given.bias) / given.sigma
    return noise


def _distribution(x: Tensor, noise: Tensor) -> Facts:
    # A right answer changes the relation with x at 7 standard errors (2e-12), that of rows at one
    # of n / 2 distances with less than n exp(-n 0.07^2 / 2.2) = 1e-15 (Chernoff).
    return {
        **standard_normal("noise in sigmas", noise),
        "relation between noise and x": _relation(noise, x),
        "relation between noise of different rows": _relation_of_rows(noise),
    }


def _relation(a: Tensor, b: Tensor) -> str:
    correlation = torch.corrcoef(torch.stack([a, b]))[0, 1].abs()
    return "none" if bool(correlation < 0.05) else "correlated"


def _relation_of_rows(noise: Tensor) -> str:
    """Say whether the noise of a row is correlated with that of any fixed number of rows later."""
    centred = (noise - noise.mean()).numpy()
    products = fft.irfft(np.abs(fft.rfft(centred)) ** 2, n=len(centred))  # at every distance
    largest = np.abs(products[1:]).max()
    return "none" if bool(largest < 0.07 * products[0]) else "correlated"


def _growth(counts: Sequence[int]) -> str:
    """Say whether a count goes up with the grid: a loop adds one for each further number."""
    return (
        "grows with the grid"
        if counts[1] - counts[0] >= min(FURTHER) - 1
        else "the same for every grid"
    )


class _Lines:
    """Counts, in `count`, the lines of an implementation's own files that run while it is active.

    A loop without torch, such as one over `ws.tolist()`, shows only here.
    """

    def __init__(self, files: frozenset[str]) -> None:
        self.count = 0
        self._files = files
        self._before: Any = None

    def __enter__(self) -> _Lines:
        self._before = sys.gettrace()
        sys.settrace(self._trace)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        sys.settrace(self._before)

    def _trace(self, frame: FrameType, event: str, arg: object) -> Any:
        if frame.f_code.co_filename not in self._files:
            return None
        self.count += 1
        return self._trace


def _names(parameters: dict[str, nn.Parameter]) -> str:
    if any("." in name for name in parameters):
        return "those of a module inside"
    return " and ".join(parameters) or "none"


def _compared(noise: Tensor, other: Tensor) -> str:
    """Compare noise that was taken from points of perhaps other x, and so is rounded otherwise."""
    return "the same" if torch.allclose(noise, other, rtol=0, atol=0.01) else "another"


def _line_facts(name: str, module: nn.Module, x: Tensor, given: Given) -> Facts:
    parameters = dict(sorted(module.named_parameters()))
    with torch.no_grad():
        for p in parameters.values():
            p.fill_(-0.5 - abs(given.leaf(1).item()))
    pred = module(x)
    facts: Facts = {
        f"{name}'s number of parameter elements": sum(p.numel() for p in parameters.values()),
        f"{name}'s prediction for x = 0": module(torch.zeros_like(x[:1])),
        f"{name}'s predictions": pred,
    }
    found = gradients(pred.square(), list(parameters.values()))
    with torch.no_grad():
        for p in parameters.values():
            p.mul_(-2)
    facts[f"{name}'s predictions after an update"] = module(x)
    for own, gradient in zip(parameters, found, strict=True):
        flat = gradient.flatten() if isinstance(gradient, Tensor) else gradient
        facts[f"{name}'s gradient of {own}"] = flat
    return facts
