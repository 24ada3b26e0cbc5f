"""Probes of run_lstm."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation, describe
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import gradients


@probe("run")
def run_lstm_run(impl: Implementation, given: Given) -> Facts:
    """What is returned, how it depends on the samples, and which gradients come from it."""
    lstm = _lstm(given)
    x = given.randn(given.n, given.steps, given.n_in)
    other = x.detach().clone()
    other[0] += 1
    pair = impl.run_lstm(lstm, x)
    if not (isinstance(pair, tuple | list) and len(pair) == 2):
        return {"result": describe(pair)}
    out, last = pair
    moved = impl.run_lstm(lstm, given.plain(other))  # with a graph of its own
    facts: Facts = {
        "result": "a pair",
        "samples whose out moves with sample 0": _moved(given.n, out, moved[0]),
        "samples whose last moves with sample 0": _moved(given.n, last, moved[1]),
        "out": _told(out),
        "last": _told(last),
        "batch_first afterwards": str(lstm.batch_first),
    }
    params = [lstm.get_parameter(name) for name in ("weight_hh_l0", "bias_ih_l0")]
    for name, value in {"out": out, "last": moved[1]}.items():
        found = gradients(value, params)
        facts[f"gradient of the sum of {name} by weight_hh_l0"] = found[0]
        facts[f"gradient of the sum of {name} by bias_ih_l0"] = found[1]
    return facts


def _lstm(given: Given) -> nn.LSTM:
    lstm = nn.LSTM(
        given.n_in,
        given.width,
        given.layers,
        batch_first=given.batch_first,
        bidirectional=given.bidirectional,
        device=given.device,
        dtype=given.dtype,
    )
    with torch.no_grad():
        for p in lstm.parameters():
            p.copy_(given.leaf(*p.shape))
    return lstm


def _told(value: Any) -> Any:
    return value.detach() if isinstance(value, Tensor) else value


def _moved(n: int, one: Any, other: Any) -> str:
    """Name the samples at which two results differ."""
    if not (isinstance(one, Tensor) and isinstance(other, Tensor) and one.shape == other.shape):
        return "not a tensor of one shape"
    if not one.dim() or len(one) != n:
        return f"the first size of {list(one.shape)} is not that of the batch"
    return " ".join(str(i) for i in range(n) if not torch.equal(one[i], other[i])) or "none"
