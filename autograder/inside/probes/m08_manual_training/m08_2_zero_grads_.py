"""Probes of zero_grads_."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.m08_manual_training.shared import each, role_of
from autograder.inside.probes.tools import copies, handed_over, outcome_of, stored_gradient


@probe("gradients")
def zero_grads_gradients(impl: Implementation, given: Given) -> Facts:
    """The gradients afterwards, the numbers of the old ones, and the parameters."""
    params = [given.leaf(*shape) for shape in given.shapes]
    stored = []
    for p in params:
        p.grad = given.leaf(*p.shape).detach()
        blown_up = torch.tensor([torch.inf, torch.nan])
        p.grad.view(-1)[:2] = blown_up[: p.numel()]
        if given.spec.get("turned"):  # not contiguous, as autograd may leave them
            by_columns = torch.empty_strided(p.shape, (1, *p.shape)[: p.dim()]).to(p)
            p.grad = by_columns.copy_(p.grad)
        stored.append(p.grad.view(p.shape))
    if given.spec.get("frozen"):
        params[0].requires_grad_(False)
    _zero_grads(impl, given, params)
    facts = each("parameter {} afterwards", copies(params))
    facts |= each("gradient {} afterwards", map(stored_gradient, params))
    if not given.to_none:
        same = all(map(_shares_memory, [p.grad for p in params], stored))
        facts["gradients' memory"] = "the same as before" if same else "another than before"
        facts["numbers that are not zero"] = sum(int(numbers.count_nonzero()) for numbers in stored)
    facts |= each("numbers in the memory of gradient {}", stored)
    facts["parameters' role"] = role_of(params)
    return facts


@probe("missing gradient")
def zero_grads_missing(impl: Implementation, given: Given) -> Facts:
    """What becomes of the gradients where the second of three parameters has none."""
    params = [given.leaf(2), given.leaf(3), given.leaf(2)]
    for p in (params[0], params[2]):
        p.grad = given.leaf(2).detach()
    answer = outcome_of(lambda: _zero_grads(impl, given, params))
    facts: Facts = {"answer to a missing gradient": answer}
    if answer != "no exception":
        return facts  # how far it came before it stopped is no fault of its own
    return facts | each("gradient {} afterwards", map(stored_gradient, params))


def _zero_grads(impl: Implementation, given: Given, params: Sequence[Tensor]) -> None:
    options = {"to_none": True} if given.to_none else {}
    impl.zero_grads_(handed_over(given.params, params), **options)


def _shares_memory(tensor: Tensor | None, other: Tensor) -> bool:
    return tensor is not None and tensor.data_ptr() == other.data_ptr()
