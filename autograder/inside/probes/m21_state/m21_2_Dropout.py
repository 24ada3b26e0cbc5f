"""Probes of Dropout."""

from __future__ import annotations

import torch
from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.answers import with_dtype
from autograder.inside.probes.tools import equal, gradients, outcome_of


@probe("masks")
def dropout_masks(impl: Implementation, given: Given) -> Facts:
    """What becomes of a few numbers, each there thousands of times, in both modes."""
    layer = impl.Dropout(given.p)
    row = given.randn(given.n)
    x = given.plain(row.expand(given.times, given.n)).requires_grad_()
    out = layer(x)
    if not isinstance(out, Tensor) or out.shape != x.shape:
        return {"output": out}
    kept = out.detach() != 0
    facts: Facts = {"drops that depend on each other": _relations(kept, layer(x).detach() != 0)}
    if facts["drops that depend on each other"] != "none":
        return facts
    numbers = out.detach().gather(0, kept.to(torch.int8).argmax(0, keepdim=True))[0]
    strange = kept & ((out.detach() - numbers).abs() > 1e-4 * numbers.abs())
    gradient = gradients(out, [x])[0]
    passed = isinstance(gradient, Tensor) and torch.allclose(gradient * x, out, rtol=1e-4)
    evaluated = layer.eval()(row)
    dropped = bool((layer.train()(x) == 0).any())
    return facts | {
        "numbers that are kept": numbers,
        "numbers that are neither dropped nor like these": int(strange.sum()),
        "share of numbers kept": _near(kept.double().mean().item(), 1 - given.p),
        "gradient for x, times x": "the output" if passed else "something else",
        "output in eval mode": evaluated,
        "numbers dropped in training mode again": "some" if dropped else "none",
    }


@probe("edges")
def dropout_edges(impl: Implementation, given: Given) -> Facts:
    """Where all or nothing is dropped, what is no probability, and what the module holds."""
    x = given.randn(given.n, 2).requires_grad_()
    all_, none = impl.Dropout(1.0), impl.Dropout(0.0)
    out, layer = all_(x), impl.Dropout(given.p)
    held = [*layer.state_dict(), *(name for name, _ in layer.named_parameters())]
    return {
        "output where p is 1": out,
        "gradient for x where p is 1": gradients(out, [x])[0],
        "output in eval mode where p is 1": all_.eval()(x),
        "output where p is 0": none(x),
        "output for a number without dimensions where p is 0": none(given.randn()),
        "dtype of the output for bfloat16": with_dtype(layer(given.randn(given.n).bfloat16())),
        "answer to a p of -0.25": outcome_of(lambda: impl.Dropout(-0.25), ValueError),
        "answer to a p of 1.25": outcome_of(lambda: impl.Dropout(1.25), ValueError),
        "parameters and buffers": ", ".join(held) or "none",
    }


@probe("generator")
def dropout_generator(impl: Implementation, given: Given) -> Facts:
    """Whether the generator decides what is dropped, or torch's global one where there is none."""
    x = given.tensor([1.0] * given.n)
    generator = given.generator()
    layer = impl.Dropout(given.p, generator)
    before = generator.get_state()
    layer.eval()(x)
    drawn = "some" if not equal(generator.get_state(), before) else "nothing"
    first, second = layer.train()(x), layer(x)
    again = impl.Dropout(given.p, generator=given.generator())(x)
    facts: Facts = {
        "what is drawn in eval mode": drawn,
        "drops for the same seed": "equal" if equal(first, again) else "different",
        "drops of a second call": "equal" if equal(first, second) else "different",
        "torch's global generator": given.global_random_state(),
    }
    layer, masks = impl.Dropout(given.p), []
    for _ in range(2):
        given.seed_global_generators()
        masks.append(layer(x))
    given.stir_global_generators()
    same = "equal" if equal(*masks) else "different"
    return facts | {"drops without a generator for the same global seed": same}


def _near(share: float, expected: float) -> float:
    """Return the expected share of 20,000 numbers where the other is near: by Hoeffding it is but
    for 2 exp(-2 n 0.028^2) = 5e-14. Or else the other, to a tenth."""
    return expected if abs(share - expected) < 0.028 else round(share, 1)


def _relations(kept: Tensor, next_kept: Tensor) -> str:
    """Name what is dropped together; by chance a correlation of 0.1 is rarer than 1e-30."""
    if kept.all() or not kept.any():
        return "of all numbers" if not kept.any() else "none"
    pairs = {
        "of one row": (kept[:, :-1], kept[:, 1:]),
        "of one column": (kept[:-1], kept[1:]),
        "of two calls": (kept, next_kept),
    }
    found = [name for name, (one, other) in pairs.items() if _related(one, other)]
    return ", ".join(found) or "none"


def _related(one: Tensor, other: Tensor) -> bool:
    a, b = one.double() - one.double().mean(), other.double() - other.double().mean()
    spread = (a.square().mean() * b.square().mean()).sqrt()
    return bool((a * b).mean().abs() > 0.1 * spread)
