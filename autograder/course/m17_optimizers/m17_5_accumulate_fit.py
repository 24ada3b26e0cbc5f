"""Mistakes of accumulate_fit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

import torch
from m17_optimizers import accumulate_fit
from torch import Tensor, nn
from torch.optim import Optimizer

from autograder.course.marks import mistake

Loss = Callable[[Tensor, Tensor], Tensor]
Pair = tuple[Tensor, Tensor]
Micro = Iterable[Pair]


@mistake("not-divided", asks="lr.50")
def not_divided(model: nn.Module, loss_fn: Loss, opt: Optimizer, micro: Micro, k: int) -> int:
    """You add the gradients of the micro-batches up as they are. Each belongs to a mean already, so
    the sum is too long by about their number, like a learning rate that is too high. Scale each
    loss before backward."""
    return _fit(model, loss_fn, opt, micro, k, lambda rows, group: 1.0)


@mistake("divided-by-k", asks="lr.50 tb.31")
def divided_by_k(model: nn.Module, loss_fn: Loss, opt: Optimizer, micro: Micro, k: int) -> int:
    """You divide each loss by k. That is right only where all micro-batches have the same size and
    the group is full: a short one then counts too much, and a short group too little. Weigh each
    loss by its share of the group's rows."""
    return _fit(model, loss_fn, opt, micro, k, lambda rows, group: 1 / k)


@mistake("mean-of-means", asks="lr.50 tb.31")
def mean_of_means(model: nn.Module, loss_fn: Loss, opt: Optimizer, micro: Micro, k: int) -> int:
    """You divide each loss by the number of micro-batches in its group. The rows of a small
    micro-batch then count more than those of a large one. In a large batch all rows count the same:
    weigh by rows."""
    return _fit(model, loss_fn, opt, micro, k, lambda rows, group: 1 / len(group))


@mistake("summed-over-rows", asks="lr.50")
def summed_over_rows(model: nn.Module, loss_fn: Loss, opt: Optimizer, micro: Micro, k: int) -> int:
    """You multiply each loss by its rows, and divide by nothing. The gradient is that of a sum over
    all rows of the group, and grows with their number. The large batch's loss is their mean."""
    return _fit(model, loss_fn, opt, micro, k, lambda rows, group: float(rows))


@mistake("leftover-never-stepped", asks="tb.31")
def leftover_never_stepped(
    model: nn.Module, loss_fn: Loss, opt: Optimizer, micro: Micro, k: int
) -> int:
    """You step only when k micro-batches are complete. Where fewer are left at the end, their
    gradients are computed for nothing, and lie in .grad for whoever comes next. The last group
    needs a step, too."""

    def full(groups: Iterator[list[Pair]]) -> Iterator[list[Pair]]:
        for group in groups:
            if len(group) == k:
                yield group
            else:
                _backward(model, loss_fn, group)

    return _over(full(_groups(micro, k)), model, loss_fn, opt)


@mistake("cleared-inside", asks="tb.5 tb.31")
def cleared_inside(model: nn.Module, loss_fn: Loss, opt: Optimizer, micro: Micro, k: int) -> int:
    """You clear the gradients before each micro-batch, so the step sees the last one of its group
    only. Accumulation lives on backward adding to what is there. Clear once per group."""
    steps = 0
    for group in _groups(micro, k):
        rows = sum(len(x) for x, _ in group)
        for x, y in group:
            opt.zero_grad()
            (loss_fn(model(x), y) * len(x) / rows).backward()
        opt.step()
        opt.zero_grad()
        steps += 1
    return steps


@mistake("never-cleared", asks="tb.5")
def never_cleared(model: nn.Module, loss_fn: Loss, opt: Optimizer, micro: Micro, k: int) -> int:
    """You never clear the gradients. Adding up is wanted within a group, but the next group has to
    begin at zero: your second step still has the gradients of the first in it. One call is missing
    after the step."""
    steps = 0
    for group in _groups(micro, k):
        _backward(model, loss_fn, group)
        opt.step()
        steps += 1
    return steps


@mistake("step-for-each", asks="tb.31")
def step_for_each(model: nn.Module, loss_fn: Loss, opt: Optimizer, micro: Micro, k: int) -> int:
    """You step after every micro-batch. That is plain training on small batches: k steps with noisy
    gradients in place of one with the group's. Look at where step stands, and how often it is
    reached."""
    return accumulate_fit(model, loss_fn, opt, micro, 1)


@mistake("first-group-of-one", asks="tb.31")
def first_group_of_one(
    model: nn.Module, loss_fn: Loss, opt: Optimizer, micro: Micro, k: int
) -> int:
    """Your first step comes after one micro-batch already: 0 can be divided by k, so a count from 0
    begins with a step. All groups are shifted by that. Look at the number that you ask about."""

    def shifted(pairs: Iterator[Pair]) -> Iterator[list[Pair]]:
        if first := list(islice(pairs, 1)):
            yield first
        while group := list(islice(pairs, k)):
            if len(group) < k:
                _backward(model, loss_fn, group)
                return
            yield group

    return _over(shifted(iter(micro)), model, loss_fn, opt)


@mistake("one-large-batch")
def one_large_batch(model: nn.Module, loss_fn: Loss, opt: Optimizer, micro: Micro, k: int) -> int:
    """You join the micro-batches of a group and send them through the model at once. The numbers
    come out the same, but this is the large batch that does not fit into memory. Each micro-batch
    has to go through alone."""
    joined = ([tuple(map(torch.cat, zip(*group, strict=True)))] for group in _groups(micro, k))
    return _over(joined, model, loss_fn, opt)


@mistake("one-backward-for-all")
def one_backward_for_all(
    model: nn.Module, loss_fn: Loss, opt: Optimizer, micro: Micro, k: int
) -> int:
    """You add the losses of a group up and go backward once. The numbers come out the same, but
    until then every micro-batch keeps its graph in memory, and that is as much as the large batch
    needs. Go backward after each."""
    steps = 0
    for group in _groups(micro, k):
        rows = sum(len(x) for x, _ in group)
        losses = [loss_fn(model(x), y) * len(x) / rows for x, y in group]
        torch.stack(losses).sum().backward()
        opt.step()
        opt.zero_grad()
        steps += 1
    return steps


@mistake("a-step-too-many")
def a_step_too_many(model: nn.Module, loss_fn: Loss, opt: Optimizer, micro: Micro, k: int) -> int:
    """You always take one more step at the end, also where no micro-batch is left over. It has no
    gradient of its own, and is counted all the same. Ask first whether something is left."""
    pairs = list(micro)
    steps = accumulate_fit(model, loss_fn, opt, pairs, k)
    if len(pairs) % k == 0:
        opt.step()
        steps += 1
    return steps


@mistake("micro-batches-counted")
def micro_batches_counted(
    model: nn.Module, loss_fn: Loss, opt: Optimizer, micro: Micro, k: int
) -> int:
    """You return the number of micro-batches. Asked for is the number of steps: one for each group,
    the last short one included. Look at where you count."""
    pairs = list(micro)
    accumulate_fit(model, loss_fn, opt, pairs, k)
    return len(pairs)


@mistake("leftover-not-counted")
def leftover_not_counted(
    model: nn.Module, loss_fn: Loss, opt: Optimizer, micro: Micro, k: int
) -> int:
    """You take the right steps, but return the number of full groups: the step of the last short
    group is not in it. Count where you step."""
    pairs = list(micro)
    accumulate_fit(model, loss_fn, opt, pairs, k)
    return len(pairs) // k


@mistake("generator-read-twice")
def generator_read_twice(
    model: nn.Module, loss_fn: Loss, opt: Optimizer, micro: Micro, k: int
) -> int:
    """You go through micro more than once, perhaps to count it. A generator can be read only once:
    the second loop finds nothing, and no step is taken, without any error. Take what you need in
    one pass."""
    return accumulate_fit(model, loss_fn, opt, micro if isinstance(micro, list) else [], k)


@mistake("none-not-skipped")
def none_not_skipped(model: nn.Module, loss_fn: Loss, opt: Optimizer, micro: Micro, k: int) -> int:
    """You calculate with the gradient of every parameter, but one that takes no part in the loss
    has None there, and the call crashes. Skip it, or scale the losses in place of the
    gradients."""
    for group in _groups(micro, k):
        rows = sum(len(x) for x, _ in group)
        for x, y in group:
            (loss_fn(model(x), y) * len(x)).backward()
        gradients: list[Any] = [p.grad for p in model.parameters()]
        for g in gradients:
            g /= rows
        opt.step()
    return 0


def _groups(micro: Micro, k: int) -> Iterator[list[Pair]]:
    pairs = iter(micro)
    while group := list(islice(pairs, k)):
        yield group


def _backward(model: nn.Module, loss_fn: Loss, group: list[Pair]) -> None:
    rows = sum(len(x) for x, _ in group)
    for x, y in group:
        (loss_fn(model(x), y) * len(x) / rows).backward()


def _over(groups: Iterable[Any], model: nn.Module, loss_fn: Loss, opt: Optimizer) -> int:
    """Take a right step for each group; return their number."""
    steps = 0
    for group in groups:
        _backward(model, loss_fn, group)
        opt.step()
        opt.zero_grad()
        steps += 1
    return steps


def _fit(
    model: nn.Module,
    loss_fn: Loss,
    opt: Optimizer,
    micro: Micro,
    k: int,
    weight: Callable[[int, list[Pair]], float],
) -> int:
    """Train with another weight for each loss, made of its rows and its group."""
    steps = 0
    for group in _groups(micro, k):
        for x, y in group:
            (loss_fn(model(x), y) * weight(len(x), group)).backward()
        opt.step()
        opt.zero_grad()
        steps += 1
    return steps
