"""Probes of m08: training by hand."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from functools import partial

import torch
from torch import Tensor
from torch.nn.functional import linear, mse_loss

from autograder.given import Given
from autograder.judging.implementation import Implementation
from autograder.probes import Facts, probe
from autograder.probes.tools import copies, equal, handed_over, logged, outcome_of

MAX_CALLS = 200  # of a function that an endless search would call forever


class TooManyCalls(Exception):
    """A function was called so often that the search for its answer seems endless."""


@probe("sgd_step_", "update")
def sgd_step_update(it: Implementation, given: Given) -> Facts:
    """The parameters after each of several steps, what they are then, and their gradients."""
    params = [given.leaf(*shape) for shape in given.shapes]
    facts: Facts = {}
    for step in range(1, given.steps + 1):
        for p in params:
            p.grad = given.spec.get("scale", 1) * given.randn(*p.shape)
        grads = [p.grad.clone() for p in params]
        before = copies(params)
        returned = it.sgd_step_(handed_over(given.params, params), given.lr * step)
        facts[f"effect of step {step} on the caller's tensors"] = _effect(params, before, returned)
        facts |= _each(f"parameter {{}} after step {step}", copies(params))
        kept = all(map(equal, [p.grad for p in params], grads))
        facts[f"gradients after step {step}"] = "as before" if kept else "changed"
    facts["parameters' role"] = _role(params)
    return facts


@probe("sgd_step_", "old graphs")
def sgd_step_old_graphs(it: Implementation, given: Given) -> Facts:
    """What backward does in graphs that were recorded before the step and saved a parameter."""
    params = [given.leaf(*shape) for shape in given.shapes]
    for p in params:
        p.grad = given.randn(*p.shape)
    recorded = [p.square().sum() for p in params]
    it.sgd_step_(handed_over(given.params, params), given.lr)
    calls = [partial(torch.autograd.grad, *pair) for pair in zip(recorded, params, strict=True)]
    answers = {outcome_of(call, RuntimeError) for call in calls}
    return {"backward through a graph from before the step": ", ".join(sorted(answers))}


@probe("sgd_step_", "missing gradient")
def sgd_step_missing(it: Implementation, given: Given) -> Facts:
    """What becomes of parameters and gradients where the second of three has no gradient."""
    params = [given.leaf(2), given.leaf(3), given.leaf(2)]
    for p in (params[0], params[2]):
        p.grad = given.randn(2)
    with torch.no_grad():  # which the step is to leave as it is
        answer = outcome_of(lambda: it.sgd_step_(handed_over(given.params, params), given.lr))
        mode = "on" if torch.is_grad_enabled() else "off"
    facts: Facts = {"answer to a missing gradient": answer, "grad mode after a step without": mode}
    facts |= _each("parameter {} afterwards", copies(params))
    facts["parameters' role"] = _role(params)
    return facts | _each("gradient {} afterwards", _stored(params))


@probe("sgd_step_", "device")
def sgd_step_device(it: Implementation, given: Given) -> Facts:
    """A parameter after a step when it does not lie on the CPU."""
    p = given.leaf(*given.shape)
    p.grad = given.randn(*given.shape)
    it.sgd_step_([p], 0.1)
    return {"parameter afterwards": p}


@probe("zero_grads_", "gradients")
def zero_grads_gradients(it: Implementation, given: Given) -> Facts:
    """The gradients afterwards, the numbers of the old ones, and the parameters."""
    params = [given.leaf(*shape) for shape in given.shapes]
    stored = []
    for p in params:
        p.grad = given.leaf(*p.shape).detach()
        if given.spec.get("turned"):  # not contiguous, as autograd may leave them
            by_columns = torch.empty_strided(p.shape, (1, *p.shape)[: p.dim()]).to(p)
            p.grad = by_columns.copy_(p.grad)
        stored.append(p.grad.view(p.shape))
    if given.spec.get("frozen"):
        params[0].requires_grad_(False)
    _zero_grads(it, given, params)
    facts = _each("parameter {} afterwards", copies(params))
    facts |= _each("gradient {} afterwards", _stored(params))
    if not given.to_none:
        same = all(map(_shares_memory, [p.grad for p in params], stored))
        facts["gradients' memory"] = "the same as before" if same else "another than before"
        facts["numbers that are not zero"] = sum(int(numbers.count_nonzero()) for numbers in stored)
    facts |= _each("numbers in the memory of gradient {}", stored)
    facts["parameters' role"] = _role(params)
    return facts


@probe("zero_grads_", "missing gradient")
def zero_grads_missing(it: Implementation, given: Given) -> Facts:
    """What becomes of the gradients where the second of three parameters has none."""
    params = [given.leaf(2), given.leaf(3), given.leaf(2)]
    for p in (params[0], params[2]):
        p.grad = given.leaf(2).detach()
    answer = outcome_of(lambda: _zero_grads(it, given, params))
    facts: Facts = {"answer to a missing gradient": answer}
    return facts | _each("gradient {} afterwards", _stored(params))


@probe("train_step", "trajectory")
def train_step_trajectory(it: Implementation, given: Given) -> Facts:
    """Losses and parameters over several steps from a non-zero start, and the gradients left."""
    x, y, w, b = _training(given)
    facts: Facts = {}
    for step in range(1, given.steps + 1):
        facts[f"loss before step {step}"] = logged(it.train_step(x, y, w, b, given.lr))
        facts[f"w after step {step}"], facts[f"b after step {step}"] = copies([w, b])
    return {**facts, **_left(w, b)}


@probe("train", "losses")
def train_losses(it: Implementation, given: Given) -> Facts:
    """The losses and parameters of one call after the other, and the gradients left."""
    x, y, w, b = _training(given)
    facts: Facts = {}
    for call, epochs in zip(("", "second "), given.epochs, strict=False):
        facts[f"{call}losses"] = it.train(x, y, w, b, given.lr, epochs)
        facts[f"w after the {call}training"] = w.detach().clone()
        facts[f"b after the {call}training"] = b.detach().clone()
    # Read only now: a second call may have written into the first one's list.
    return {**{name: logged(fact) for name, fact in facts.items()}, **_left(w, b)}


@probe("forgotten_zero", "path")
def forgotten_zero_path(it: Implementation, given: Given) -> Facts:
    """The path on a quadratic loss, whose gradient grows with the distance from its minimum."""
    w0, minimum = given.randn(*given.shape), given.randn(*given.shape)
    curvature = given.randn(*given.shape).square()
    path = it.forgotten_zero(lambda w: curvature * (w - minimum), w0, given.lr, given.steps)
    return {"path": path, "path's requires_grad": path.requires_grad}


@probe("forgotten_zero", "constant gradient")
def forgotten_zero_constant(it: Implementation, given: Given) -> Facts:
    """The path on a slope: the gradient is the same tensor every time."""
    w0, gradient = given.randn(*given.shape), given.randn(*given.shape)
    first, second = (
        it.forgotten_zero(lambda _: gradient, w0, given.lr, given.steps) for _ in range(2)
    )
    return {"path": first, "path of a second call": second}


@probe("forgotten_zero", "device")
def forgotten_zero_device(it: Implementation, given: Given) -> Facts:
    """The path when its start does not lie on the CPU."""
    w0 = given.randn(*given.shape)
    return {"path": it.forgotten_zero(lambda w: 2 * w, w0, given.lr, given.steps)}


@probe("forgotten_zero", "limit")
def forgotten_zero_limits(it: Implementation, given: Given) -> Facts:
    """The largest learning rate for a curvature."""
    return {"limit": it.forgotten_zero_limit(given.lmax)}


@probe("backoff_lr", "listed losses")
def backoff_lr_listed(it: Implementation, given: Given) -> Facts:
    """The learning rate found where the losses after start, start/2, start/4, ... are given."""
    losses = [math.inf] * given.spec.get("too_long", 0) + [float(loss) for loss in given.losses]

    def loss_after(lr: float) -> float:
        # The nearest whole number: a rate in float32 lies a little beside its halving.
        halvings = max(round(math.log2(given.start / lr)), 0) if 0 < lr < math.inf else 0
        return losses[min(halvings, len(losses) - 1)]

    return {"learning rate": it.backoff_lr(_capped(loss_after), given.start, given.base_loss)}


@probe("backoff_lr", "step")
def backoff_lr_step(it: Implementation, given: Given) -> Facts:
    """The learning rate found for the first step of a linear model."""
    x, y, w, b = _training(given)
    base = mse_loss(linear(x, w, b), y)
    base.backward()

    def loss_after(lr: float) -> float:
        with torch.no_grad():
            return mse_loss(linear(x, w - lr * w.grad, b - lr * b.grad), y).item()

    return {"learning rate": it.backoff_lr(_capped(loss_after), given.start, base.item())}


def _training(given: Given) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return x, y and parameters: those of the given, or normal draws; their grads None or zero."""
    x, y = given.regression()
    if "w" in given.spec:
        w, b = (
            torch.tensor(numbers, dtype=given.dtype, device=given.device).requires_grad_()
            for numbers in (given.w, given.b)
        )
    else:
        w, b = given.leaf(y.shape[1], x.shape[1]), given.leaf(y.shape[1])
    if given.spec.get("grads") == "zero":
        w.grad = torch.zeros_like(w)
    if given.spec.get("grads") in ("zero", "zero for b"):
        b.grad = torch.zeros_like(b)
    return x, y, w, b


def _left(w: Tensor, b: Tensor) -> Facts:
    """Say what a training left behind besides its numbers."""
    cleared = all(p.grad is None or not p.grad.any() for p in (w, b))
    return {
        "gradients afterwards": "None or zero" if cleared else "not cleared",
        "role of w and b": _role([w, b]),
    }


def _role(params: Iterable[Tensor]) -> str:
    if not all(p.is_leaf for p in params):
        return "no leaves any more"
    if not all(p.requires_grad for p in params):
        return "leaves that require no gradient"
    return "leaves that require their gradient"


def _effect(params: Sequence[Tensor], before: Sequence[Tensor], returned: object) -> str:
    """Say whether the caller's tensors have changed, or new ones were returned instead."""
    if not all(map(equal, params, before)):
        return "a change in place"
    return "none (new ones were returned)" if returned else "none"


def _each(name: str, values: Iterable[Tensor | str]) -> Facts:
    """Name one fact for each value, counting from 0."""
    return {name.format(index): value for index, value in enumerate(values)}


def _zero_grads(it: Implementation, given: Given, params: Sequence[Tensor]) -> None:
    options = {"to_none": True} if given.to_none else {}
    it.zero_grads_(handed_over(given.params, params), **options)


def _stored(params: Iterable[Tensor]) -> list[Tensor | str]:
    return ["None" if p.grad is None else p.grad for p in params]


def _capped(function: Callable[[float], float]) -> Callable[[float], float]:
    """Let a function raise TooManyCalls instead of being called forever."""
    calls = 0

    def call(lr: float) -> float:
        nonlocal calls
        calls += 1
        if calls > MAX_CALLS:
            raise TooManyCalls(f"loss_after was called more than {MAX_CALLS} times")
        return function(lr)

    return call


def _shares_memory(tensor: Tensor | None, other: Tensor) -> bool:
    return tensor is not None and tensor.data_ptr() == other.data_ptr()
