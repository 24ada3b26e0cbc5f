"""Probes of make_params."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import standard_normal, tenths


@probe("parameters")
def make_params_parameters(impl: Implementation, given: Given) -> Facts:
    """Shapes, dtypes and devices of w and b, and whether they are leaves that can be trained."""
    w, b = _made(impl, given, given.generator())
    return {"w": _blank(w), "b": _blank(b), "w's role": _role(w), "b's role": _role(b)}


@probe("numbers")
def make_params_numbers(impl: Implementation, given: Given) -> Facts:
    """How the numbers of w and b are distributed, in many draws."""
    rows, b = (p.detach().double() for p in _made(impl, given, given.generator()))
    w, b = rows.flatten(), b.flatten()
    return {
        **standard_normal("w's numbers", w),
        **standard_normal("b's numbers", b),
        # By Chernoff each leaves its tenth with probability 2 exp(-n 0.05^2 / 2) = 3e-11 at most.
        "covariance of w and b, to a tenth": _covariance(w[: len(b)], b),
        "covariance of w's row means and b, to a tenth": _covariance(rows.mean(1), b),
        "covariance of w's first two columns, to a tenth": _covariance(rows[:, 0], rows[:, 1]),
    }


@probe("generator")
def make_params_generator(impl: Implementation, given: Given) -> Facts:
    """Whether a generator decides the numbers, and it alone."""
    generator = given.generator()
    first, second = (_made(impl, given, generator) for _ in range(2))
    again = _made(impl, given, given.generator())
    return {
        "numbers drawn again with the same seed": _alike(again, first),
        "numbers of a second call with one generator": _alike(second, first),
    }


@probe("defaults")
def make_params_defaults(impl: Implementation, given: Given) -> Facts:
    """What the two counts alone give: default dtype and device, numbers of the global generator."""
    with _default_dtype(given.dtype):
        given.seed_global_generators()
        first, second = (impl.make_params(given.n_in, given.n_out) for _ in range(2))
        torch.default_generator.manual_seed(given.seed)
        again = impl.make_params(given.n_in, given.n_out)
    (w, b), default = first, str(given.dtype).removeprefix("torch.")
    return {
        f"w where torch's default dtype is {default}": _blank(w),
        f"b where torch's default dtype is {default}": _blank(b),
        "numbers drawn again after the same torch.manual_seed": _alike(again, first),
        "numbers of a second call": _alike(second, first),
    }


def _made(impl: Implementation, given: Given, generator: torch.Generator | None) -> Any:
    return impl.make_params(
        given.n_in, given.n_out, generator=generator, device=given.device, dtype=given.dtype
    )


@contextmanager
def _default_dtype(dtype: torch.dtype) -> Iterator[None]:
    before = torch.get_default_dtype()
    torch.set_default_dtype(dtype)
    try:
        yield
    finally:
        torch.set_default_dtype(before)


def _blank(tensor: Tensor) -> Tensor:
    """Keep shape, dtype and device, and drop the numbers: they may be any."""
    return torch.zeros_like(tensor)


def _role(tensor: Tensor) -> str:
    if not tensor.is_leaf:
        return "no leaf: computed from another tensor"
    if tensor.grad is not None:
        return "a leaf whose .grad is filled already"
    return "a leaf that requires its gradient" if tensor.requires_grad else "no gradient required"


def _covariance(numbers: Tensor, others: Tensor) -> float:
    return tenths(((numbers - numbers.mean()) * (others - others.mean())).mean())


def _alike(made: Any, other: Any) -> str:
    w, b = (torch.equal(p, q) for p, q in zip(made, other, strict=True))
    if w != b:
        return f"{'w' if w else 'b'} equal to the first, {'b' if w else 'w'} different"
    return "equal to the first" if w else "different from the first"
