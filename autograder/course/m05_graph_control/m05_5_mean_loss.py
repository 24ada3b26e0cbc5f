"""Mistakes of mean_loss."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from m05_graph_control import mean_loss
from torch import Tensor

from autograder.course.marks import mistake


@mistake("attached-sum", asks="tb.18")
def attached_sum(losses: Iterable[Tensor]) -> float:
    """You add up the losses with their graphs. The sum was computed from all of them, so it keeps
    every graph alive until the end, and memory grows with each loss. Look at what you add: a tensor
    or its number."""
    return _attached(losses).item()


@mistake("listed-first", asks="tb.18")
def listed_first(losses: Iterable[Tensor]) -> float:
    """You collect the losses before you take their numbers. Each loss in the list holds its graph,
    so all graphs are alive at once. Look at when a loss becomes a number: it should be before the
    next one is drawn."""
    return mean_loss(list(losses))


@mistake("stacked", asks="tb.18")
def stacked(losses: Iterable[Tensor]) -> float:
    """You join all losses into one tensor, with their graphs: these stay alive together, and shapes
    [] and [1, 1] cannot be stacked. Nothing needs to be joined for a mean. Look at what you keep of
    each loss."""
    every = list(losses)
    if not every:
        raise ValueError("no losses")
    return torch.stack(every).mean().item()


@mistake("tensor-returned", asks="tb.18")
def tensor_returned(losses: Iterable[Tensor]) -> Any:
    """You return a tensor, computed from all losses, that carries their graphs along. They were
    alive while you summed, and stay so as long as the caller keeps the mean in a log. A log wants a
    Python float. Look at what you add up."""
    return _attached(losses)


@mistake("wrapped")
def wrapped(losses: Iterable[Tensor]) -> Any:
    """Your mean is right and without a graph, but a tensor. The task asks for a Python float, which
    can be written to a log or a file as it is. Look at your return line."""
    return torch.tensor(mean_loss(losses), dtype=torch.float64)


@mistake("shape-1-1-refused", asks="tb.18")
def shape_1_1_refused(losses: Iterable[Tensor]) -> float:
    """You refuse a loss of shape [1, 1]. What counts for taking a number out is that there is one
    element, not that there are no dimensions. Look at what you ask of each loss."""
    return mean_loss(_flat_only(losses))


@mistake("len-asked")
def len_asked(losses: Any) -> float:
    """You ask for the number of losses before or after the loop by len(). A generator has no
    length: the number is known only when all losses have been drawn. Look for another way to
    count."""
    len(losses)
    return mean_loss(losses)


@mistake("gone-through-twice")
def gone_through_twice(losses: Iterable[Tensor]) -> float:
    """You go through the losses twice. A generator is used up after the first time, so the second
    loop finds nothing in it, and your mean is 0. Look for a way to sum and count in the same
    loop."""
    count = sum(1 for _ in losses)
    if not count:
        raise ValueError("no losses")
    return sum(loss.item() for loss in losses) / count


@mistake("empty-divided")
def empty_divided(losses: Iterable[Tensor]) -> float:
    """Where there is no loss your code divides by zero. That stops it, but by another exception
    than the ValueError that callers are promised. Look at the case in which the loop never runs."""
    numbers = [loss.item() for loss in losses]
    return sum(numbers) / len(numbers)


@mistake("empty-by-truth")
def empty_by_truth(losses: Any) -> float:
    """You ask the iterable itself whether it is empty. A generator counts as true even if nothing
    will come out of it, so there your code divides by zero. Look at what you know after the
    loop."""
    if not losses:
        raise ValueError("no losses")
    return empty_divided(losses)


@mistake("empty-zero")
def empty_zero(losses: Iterable[Tensor]) -> float:
    """You return 0 where there is no loss. In a log that looks like a perfect model. The task wants
    a ValueError there. Look at the case in which the loop never runs."""
    try:
        return mean_loss(losses)
    except ValueError:
        return 0.0


@mistake("empty-nan")
def empty_nan(losses: Iterable[Tensor]) -> float:
    """You return nan where there is no loss, as the mean of nothing. It then spreads through all
    that is computed from it, far from its cause. The task wants a ValueError there. Look at the
    case in which the loop never runs."""
    try:
        return mean_loss(losses)
    except ValueError:
        return float("nan")


@mistake("error-returned")
def error_returned(losses: Iterable[Tensor]) -> Any:
    """You make a ValueError and return it. For Python that is a value like any other, and the
    caller goes on with it. An exception stops the caller only when it is raised. Look at the line
    for no losses."""
    try:
        return mean_loss(losses)
    except ValueError as error:
        return error


@mistake("sum")
def not_divided(losses: Iterable[Tensor]) -> float:
    """You return the sum of the losses. It grows with their number, so logs of epochs with more or
    fewer batches cannot be compared. Look at what is left to do after the loop."""
    numbers = _numbers(losses)
    return sum(numbers)


@mistake("halved-each-time")
def halved_each_time(losses: Iterable[Tensor]) -> float:
    """You average each new loss with the mean so far, half and half. The last loss then counts for
    one half, the one before for a quarter, and so on. In a mean all count alike. Look at the
    weights."""
    first, *others = _numbers(losses)
    for number in others:
        first = (first + number) / 2
    return first


@mistake("last-only")
def last_only(losses: Iterable[Tensor]) -> float:
    """You return the last loss alone. It is one draw of many and says little about the others. Look
    at what your loop does with the numbers before: they are overwritten."""
    return _numbers(losses)[-1]


@mistake("detached-in-place")
def detached_in_place(losses: Iterable[Tensor]) -> float:
    """You cut the caller's own losses off from their graphs, in place: backward() can no longer be
    called on them. The losses have to stay as they are. Look for a way to read the number that
    changes nothing."""
    return mean_loss(loss.detach_() for loss in losses)


@mistake("no-grad-around-the-loop")
def no_grad_around_the_loop(losses: Iterable[Tensor]) -> float:
    """You switch recording off around the whole loop. A generator computes its next loss inside
    your loop, so that loss gets no graph, and training in there would fail. Look for a way that
    touches the number alone."""
    with torch.no_grad():
        return mean_loss(losses)


def _attached(losses: Iterable[Tensor]) -> Tensor:
    total, count = torch.zeros((), dtype=torch.float64), 0
    for loss in losses:
        total, count = total + loss, count + 1
    if not count:
        raise ValueError("no losses")
    return total / count


def _numbers(losses: Iterable[Tensor]) -> list[float]:
    numbers = [loss.item() for loss in losses]
    if not numbers:
        raise ValueError("no losses")
    return numbers


def _flat_only(losses: Iterable[Tensor]) -> Iterable[Tensor]:
    for loss in losses:
        if loss.dim():
            raise ValueError("a loss has dimensions")
        yield loss
        del loss
