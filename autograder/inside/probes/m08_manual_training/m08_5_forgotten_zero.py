"""Probes of forgotten_zero."""

from __future__ import annotations

import torch

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe


@probe("path")
def forgotten_zero_path(impl: Implementation, given: Given) -> Facts:
    """The path on a quadratic loss, whose gradient grows with the distance from its minimum."""
    w0, minimum = given.randn(*given.shape), given.randn(*given.shape)
    curvature = given.randn(*given.shape).square()
    path = impl.forgotten_zero(lambda w: curvature * (w - minimum), w0, given.lr, given.steps)
    points = torch.stack(path) if isinstance(path, list | tuple) else path
    return {
        "path": points,
        "kind of the path": "Tensor" if points is path else type(path).__name__,
        "path's requires_grad": points.requires_grad,
    }


@probe("constant gradient")
def forgotten_zero_constant(impl: Implementation, given: Given) -> Facts:
    """The path on a slope: the gradient is the same tensor every time."""
    w0, gradient = given.randn(*given.shape), given.randn(*given.shape)
    first, second = (
        impl.forgotten_zero(lambda _: gradient, w0, given.lr, given.steps) for _ in range(2)
    )
    paths = [torch.stack(one) if isinstance(one, list | tuple) else one for one in (first, second)]
    return {"path": paths[0], "path of a second call": paths[1]}


@probe("limit")
def forgotten_zero_limits(impl: Implementation, given: Given) -> Facts:
    """The largest learning rate for a curvature."""
    return {"limit": impl.forgotten_zero_limit(given.lmax)}
