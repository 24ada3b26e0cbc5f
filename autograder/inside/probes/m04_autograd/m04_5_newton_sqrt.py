"""Probes of newton_sqrt."""

from __future__ import annotations

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import gradients


@probe("root")
def newton_sqrt_root(impl: Implementation, given: Given) -> Facts:
    """The root of a tracked number and of a plain one, and its derivative.

    The tolerances are loose: an iteration more or less shows in the numbers. In float32 the number
    is a fixed one, far from where rounding could change how many there are.
    """
    shift = 1 + given.leaf().detach().abs().cpu() / 9 if given.spec.get("spread") else 1
    a = given.tensor(given.a * shift).requires_grad_()
    root = impl.newton_sqrt(a, given.tol)
    derivative = gradients(root, [a])[0]
    plain = impl.newton_sqrt(given.plain(a), given.tol)
    return {"root": root, "root's derivative": derivative, "root of a plain number": plain}
