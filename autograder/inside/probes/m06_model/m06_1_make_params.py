"""Probes of make_params."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import default_dtype, more_sizes, standard_normal, tenths


@probe("parameters")
def make_params_parameters(impl: Implementation, given: Given) -> Facts:
    """Shapes, dtypes and devices of w and b, and whether they are leaves that can be trained."""
    w, b = _made(impl, given, given.generator())
    facts: Facts = {
        "w": _blank(w, given),
        "b": _blank(b, given),
        "dtype of w": _dtype(w),
        "dtype of b": _dtype(b),
        "role of w": _role(w),
        "role of b": _role(b),
    }
    if others := more_sizes(given, 2, 99):
        made = [impl.make_params(n, given.n_out, generator=given.generator()) for n in others]
        facts["shapes of w for more numbers of inputs"] = ", ".join(
            str([*w.shape]) for w, _ in made
        )
    return facts


@probe("numbers")
def make_params_numbers(impl: Implementation, given: Given) -> Facts:
    """How the numbers of w and b are distributed, in many draws."""
    w, b = (p.detach().double().flatten() for p in _made(impl, given, given.generator()))
    if len(b) != given.n_out or len(w) != given.n_out * given.n_in:
        return _numbers("w's numbers", w)  # too few of b to tell how they are distributed
    rows = w.reshape(given.n_out, given.n_in)
    return {
        **_numbers("w's numbers", w),
        **_numbers("b's numbers", b),
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
        **_alike("drawn again with the same seed", again, first),
        **_alike("of a second call with one generator", second, first),
    }


@probe("defaults")
def make_params_defaults(impl: Implementation, given: Given) -> Facts:
    """What the two counts alone give: default dtype and device, numbers of the global generator."""
    with default_dtype(given.dtype):
        given.seed_global_generators()
        first, second = (impl.make_params(given.n_in, given.n_out) for _ in range(2))
        torch.default_generator.manual_seed(given.seed)
        again = impl.make_params(given.n_in, given.n_out)
    (w, b), default = first, str(given.dtype).removeprefix("torch.")
    return {
        f"w where torch's default dtype is {default}": _blank(w, given),
        f"b where torch's default dtype is {default}": _blank(b, given),
        f"dtype of w where torch's default is {default}": _dtype(w),
        f"dtype of b where torch's default is {default}": _dtype(b),
        **_alike("drawn again after the same torch.manual_seed", again, first),
        **_alike("of a second call", second, first),
    }


def _made(impl: Implementation, given: Given, generator: torch.Generator | None) -> Any:
    return impl.make_params(
        given.n_in, given.n_out, generator=generator, device=given.device, dtype=given.dtype
    )


def _blank(tensor: Tensor, given: Given) -> Tensor:
    """Keep shape and device, and drop the numbers: they may be any. The dtype is another fact."""
    return torch.zeros_like(tensor, dtype=given.dtype)


def _dtype(tensor: Tensor) -> str:
    return str(tensor.dtype).removeprefix("torch.")


def _numbers(name: str, numbers: Tensor) -> Facts:
    """Say how the numbers are distributed; of normal ones of another spread that alone, whatever
    the factor is."""
    around, spread = numbers.mean().abs(), numbers.std(correction=0)
    inner = tenths((numbers.abs() < spread).double().mean())  # 0.7, but for 5e-16, see tools.py
    normal = inner == 0.7 and bool((numbers.abs() > 3 * spread).any())
    error = numbers.numel() ** -0.5
    if normal and around < 7 * error * spread and (spread - 1).abs() > 5 * error:
        return {f"{name}, compared with N(0, 1)": "scaled down" if spread < 1 else "scaled up"}
    return {f"{name}, compared with N(0, 1)": "not scaled", **standard_normal(name, numbers)}


def _role(tensor: Tensor) -> str:
    if not tensor.is_leaf:
        return "a tensor computed from another one, so no leaf"
    if tensor.grad is not None:
        return "a leaf whose .grad is filled already"
    return (
        "a leaf that requires its gradient"
        if tensor.requires_grad
        else "a leaf that requires no gradient"
    )


def _covariance(numbers: Tensor, others: Tensor) -> float:
    return tenths(((numbers - numbers.mean()) * (others - others.mean())).mean())


def _alike(when: str, made: Any, other: Any) -> Facts:
    """Say of w and of b, drawn at some time, whether the numbers are those of the first draw."""
    same = [torch.equal(p, q) for p, q in zip(made, other, strict=True)]
    words = ["equal to the first" if one else "different from the first" for one in same]
    return {f"{name} {when}": told for name, told in zip("wb", words, strict=False)}
