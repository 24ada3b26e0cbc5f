"""Probes of interpolate and can_memorise."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation, describe
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.m16_generalisation.shared import weight_facts
from autograder.inside.probes.tools import refusal_of


@probe("parameters")
def interpolate_parameters(impl: Implementation, given: Given) -> Facts:
    """The smallest parameters for rows that can be fitted, some of them perhaps twice."""
    x, y = _apart(given, given.n), given.randn(given.n, given.n_out)
    if "twice" in given.spec:
        x, y = (given.plain(torch.cat([t, t[: given.twice]])) for t in (x, y))
    w, b = impl.interpolate(x, y)
    facts = {**weight_facts(w, x, y), "bias": b}
    if "zeros" in given.spec:
        facts["bias where all targets are 0"] = impl.interpolate(x, given.plain(0 * y))[1]
    if "both" in given.spec:
        facts["answer of can_memorise for these rows"] = _answer(impl.can_memorise(x))[1]
    return facts


@probe("refusal")
def interpolate_refusal(impl: Implementation, given: Given) -> Facts:
    """What happens when the last row lies in the midst of the others, but its target does not."""
    x = _apart(given, given.n_in + 2)
    y = given.spec.get("scale", 1) * given.leaf(len(x), given.n_out).detach()
    kinds = {
        "a row that comes twice, with two targets": 1,
        "a row halfway between two, with another target": 2,
        "more rows than a target has parameters": len(x),
    }
    facts = {}
    for name, n in kinds.items():
        rows, targets = _with_mean(x[:n]), _with_mean(y[:n])
        targets[-1] += given.spec.get("scale", 1)
        call = partial(impl.interpolate, rows, targets)
        facts[f"answer to {name}"] = refusal_of(call, ValueError)
    return facts


@probe("memorise")
def interpolate_memorise(impl: Implementation, given: Given) -> Facts:
    """What can_memorise says of rows of several kinds, with or without a bias."""
    n_in = given.n_in
    x = _apart(given, n_in + 2)
    with_bias = {
        f"{n_in + 1} rows": x[:-1],
        f"{n_in + 2} rows": x,
        "2 equal rows": x[:1].repeat(2, 1),
        "3 equal rows": x[:1].repeat(3, 1),
        "3 rows, one halfway between two": _with_mean(x[:2]),
    }
    answers = {f"{name}, with a bias": impl.can_memorise(x) for name, x in with_bias.items()}
    for n in (n_in, n_in + 1):
        answers[f"{n} rows, without a bias"] = impl.can_memorise(x[:n], bias=False)
    facts = {f"answer for {n_in} features, {name}": _answer(a)[1] for name, a in answers.items()}
    kinds = {_answer(a)[0] for a in answers.values()}
    return {"kind of the answers": " and ".join(sorted(kinds)), **facts}


def _apart(given: Given, n: int) -> Tensor:
    """Draw n rows far from any dependence, as far as their number allows."""
    noise = given.leaf(n, given.n_in).detach()
    where = torch.eye(n, given.n_in, dtype=given.dtype, device=given.device)
    return given.plain(noise / 4 + 4 * where)


def _with_mean(rows: Tensor) -> Tensor:
    return torch.cat([rows, rows.mean(dim=0, keepdim=True)])


def _answer(value: Any) -> tuple[str, str]:
    """Return the kind of an answer, and the answer: one in a tensor can be wrong besides."""
    if isinstance(value, bool | np.bool_):
        return "a bool", str(bool(value))
    if isinstance(value, Tensor) and value.numel() == 1:
        return "a tensor of one number", str(bool(value.item()))
    return describe(value), str(value)[:40]
