"""Probes of clip_gradients_."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.answers import number
from autograder.inside.probes.tools import (
    copies,
    equal,
    handed_over,
    kind_of,
    logged,
    refusal_of,
    stored_gradient,
)


@probe("clip")
def clip_clip(impl: Implementation, given: Given) -> Facts:
    """The norm, and what becomes of gradients that are longer than max_norm, or shorter.

    Their direction is told in units of their length: of the length alone a millionth is free.
    """
    params = _with_gradients(given, _drawn_length(given))
    stored = [p.grad for p in params if p.grad is not None]
    before, numbers = copies(stored), copies(params)
    norm = impl.clip_gradients_(handed_over(given.params, params), given.max_norm)
    now = [p.grad for p in params if p.grad is not None]
    length = _length(now)
    facts: Facts = {
        "norm returned": number(norm)[1],
        "kind of the norm": kind_of(norm),
        "gradients afterwards": "as before" if _same(now, before) else "other numbers",
        "their norm afterwards": logged(length.item()),
    }
    for i, g in enumerate(now):
        facts[f"gradient {i} afterwards, in units of that norm"] = g / length
    return facts | {
        "tensors that held the gradients": "hold them" if _same(now, stored) else "hold others",
        "gradient that was None": stored_gradient(params[1]),
        "parameters afterwards": "as before" if _same(params, numbers) else "changed",
    }


@probe("not finite")
def clip_not_finite(impl: Implementation, given: Given) -> Facts:
    """What is answered to gradients with inf or nan in them, and what becomes of these."""
    params = _with_gradients(given, given.norm)
    stored = [p.grad for p in params if p.grad is not None]
    stored[-1].view(-1)[-1] = float(given.bad)
    answer = refusal_of(lambda: impl.clip_gradients_(params, given.max_norm), ValueError)
    facts: Facts = {"answer to gradients that are not finite": answer.partition(",")[0]}
    return facts | {f"gradient {i} after that": stored_gradient(p) for i, p in enumerate(params)}


@probe("nothing")
def clip_nothing(impl: Implementation, given: Given) -> Facts:
    """What is returned where all gradients are zeros, and where there is none."""
    zero, none = given.leaf(given.n), given.leaf(given.n)
    zero.grad = torch.zeros_like(zero)
    return {
        "norm of zeros": number(impl.clip_gradients_([zero, none], given.max_norm))[1],
        "zeros afterwards": stored_gradient(zero),
        "norm of no gradients": number(impl.clip_gradients_([none], given.max_norm))[1],
    }


def _with_gradients(given: Given, length: float) -> list[Tensor]:
    """Draw parameters with gradients of that norm; the second one has none."""
    params = [given.leaf(*shape) for shape in ([given.n_out, given.n_in], [2], [given.n_out])]
    live = [params[0], params[2]]
    gradients = [given.leaf(*p.shape).detach() for p in live]
    factor = length / _length(gradients)
    for p, g in zip(live, gradients, strict=True):
        p.grad = g * factor
    return params


def _drawn_length(given: Given) -> float:
    """Draw a norm, at least half as long again as max_norm, or at most two thirds of it."""
    drawn: float = 1.5 + given.leaf(1).abs().item()
    return float(given.max_norm * drawn if given.gradients == "long" else given.max_norm / drawn)


def _length(gradients: Sequence[Tensor]) -> Tensor:
    return torch.cat([g.flatten() for g in gradients]).square().sum().sqrt()


def _same(tensors: Sequence[Tensor], others: Sequence[Tensor]) -> bool:
    return all(map(equal, tensors, others))
