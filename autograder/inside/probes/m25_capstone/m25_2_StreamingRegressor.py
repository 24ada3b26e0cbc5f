"""Probes of StreamingRegressor."""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Iterator
from typing import Any

from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import default_dtype, gradients


@probe("stream")
def streaming_fit(impl: Implementation, given: Given) -> Facts:
    """The predictions after each of several calls, what is kept of a stream while it is read, and
    what a new object begins with."""
    at = given.randn(given.n_in + 1, given.n_in)
    with default_dtype(given.dtype):
        model = _new(impl, given)
        facts: Facts = {"predictions at first": model.predict(at)}
        kept = _Kept()
        for call, sizes in enumerate(given.calls, 1):
            batches = [_batch(given, n) for n in sizes]
            model.partial_fit(kept.stream(batches) if given.batches == "generator" else batches)
            facts[f"predictions after call {call}"] = model.predict(at)
        return facts | {
            "earlier batches kept, beyond one": kept.too_many,
            "predictions of a new object": _new(impl, given).predict(at),
        }


@probe("head")
def streaming_head(impl: Implementation, given: Given) -> Facts:
    """The gradient of a module below, through predict, and a call of partial_fit after that."""
    at, below = given.randn(given.n, given.below), given.leaf(given.below, given.n_in)
    weights = given.randn(given.n, given.n_out)
    first, second = _batch(given, given.n), _batch(given, given.n)
    with default_dtype(given.dtype):
        model = _new(impl, given)
        model.partial_fit([first])
        (gradient,) = gradients(model.predict(at @ below) * weights, [below])
        loss = (model.predict(at @ below) * weights).sum()
        if loss.requires_grad:
            loss.backward()
        model.partial_fit([second])
        return {
            "gradient of the module below": gradient,
            "predictions after another call": model.predict(at @ below.detach()),
        }


class _Kept:
    """Hands batches out one by one, and notes how many of the earlier ones are still there."""

    def __init__(self) -> None:
        self.too_many = 0

    def stream(self, batches: Iterable[tuple[Tensor, Tensor]]) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield copies, which nobody but the receiver holds."""
        out: list[weakref.ref[Tensor]] = []
        for source, y in batches:
            self.too_many = max(self.too_many, sum(ref() is not None for ref in out) - 1)
            held = [source.clone()]
            out.append(weakref.ref(held[0]))
            yield held.pop(), y.clone()


def _new(impl: Implementation, given: Given) -> Any:
    return impl.StreamingRegressor(given.n_in, given.n_out, given.lr, given.device)


def _batch(given: Given, n: int) -> tuple[Tensor, Tensor]:
    """Draw a batch: on the CPU, where the given says so."""
    x, y = given.randn(n, given.n_in), given.randn(n, given.n_out)
    return (x.cpu(), y.cpu()) if given.spec.get("batches_on") == "cpu" else (x, y)
