"""Mistakes of stage_grads."""

from __future__ import annotations

from typing import Any

import torch
from m05_graph_control import stage_grads
from torch import Tensor

from autograder.course.marks import mistake


@mistake("not-retained", asks="tb.10")
def not_retained(stages: Any, x: Tensor) -> Any:
    """You call backward() and read .grad of the intermediates. It is None: backward() stores
    gradients in leaves only, and what a stage returns is none. The weights inside the stages are
    leaves, and theirs were filled. Look for a way to be handed the gradients instead."""
    values = _values(stages, _own(x))
    values[-1].backward()
    return [None for _ in values[:-1]]


@mistake("from-the-loss-back", asks="tb.25")
def from_the_loss_back(stages: Any, x: Tensor) -> Any:
    """Your gradients are in the order of the backward pass, the last intermediate's first. A hook
    runs when its gradient is known, and the pass starts at the final scalar. The task wants them in
    the order of the stages: look at how your list is filled."""
    return stage_grads(stages, x)[::-1]


@mistake("only-x")
def only_x(stages: Any, x: Tensor) -> Any:
    """You return one gradient, that with respect to x. x is what comes in; the intermediates are
    what the stages return, all but the last one, and each has a gradient of its own. Look at the
    tensors for which you ask."""
    values = [own := _own(x), *_values(stages, own)]
    return [torch.autograd.grad(values[-1], own)[0]]


@mistake("x-too")
def x_too(stages: Any, x: Tensor) -> Any:
    """Your list begins with the gradient with respect to x, one more than is asked for. x is the
    input; an intermediate is what a stage returns. Look at where your list of tensors begins."""
    own = _own(x)
    values = [own, *_values(stages, own)]
    return list(torch.autograd.grad(values[-1], values[:-1]))


@mistake("final-too")
def final_too(stages: Any, x: Tensor) -> Any:
    """Your list ends with the gradient of the final scalar with respect to itself. That is always
    1 and says nothing; the task leaves it out. Look at where your list of tensors ends."""
    values = _values(stages, _own(x))
    return list(torch.autograd.grad(values[-1], values))


@mistake("all-results-and-x")
def all_results_and_x(stages: Any, x: Tensor) -> Any:
    """Your list has two gradients too many: the first is that with respect to x, the last that of
    the final scalar with respect to itself. Only what lies between the two is asked for. Look at
    both ends of your list of tensors."""
    values = [own := _own(x), *_values(stages, own)]
    return list(torch.autograd.grad(values[-1], values))


@mistake("leaves-filled", asks="tb.10")
def leaves_filled(stages: Any, x: Tensor) -> Any:
    """The gradients you return are right, but backward() has also added to .grad of every weight
    inside the stages, for it fills all leaves that it reaches. A training loop around your function
    would then step wrongly. Look for a way that stores nothing."""
    values = _retained(stages, _own(x))
    values[-1].backward()
    return [value.grad for value in values[:-1]]


@mistake("x-marked")
def x_marked(stages: Any, x: Tensor) -> Any:
    """You switch requires_grad on in the caller's own x, and it stays on: everything computed from
    it later is recorded, too. x has to stay as it is. Look for a tensor with the same numbers that
    is yours to mark."""
    x.requires_grad_()
    values = _values(stages, x)
    return list(torch.autograd.grad(values[-1], values[:-1])) if values[1:] else []


@mistake("x-marked-and-leaves-filled")
def x_marked_and_leaves_filled(stages: Any, x: Tensor) -> Any:
    """You mark the caller's own x and call backward(), which adds to .grad of every leaf: of x, of
    what x was computed from, of the weights inside the stages. All of them have to stay as they
    are. Look for a tensor of your own to start from, and for gradients that are handed to you."""
    x.requires_grad_()
    values = _retained(stages, x)
    values[-1].backward()
    return [value.grad for value in values[:-1]]


@mistake("cut-between-stages")
def cut_between_stages(stages: Any, x: Tensor) -> Any:
    """You cut the graph between the stages, so that only the last intermediate is connected with
    the final scalar, and the ones before it get None. The whole chain has to be one graph. Look at
    what you hand to the next stage."""
    values = _cut(stages, x)
    return list(
        torch.autograd.grad(values[-1], values[:-1], allow_unused=True) if values[1:] else []
    )


@mistake("each-stage-alone")
def each_stage_alone(stages: Any, x: Tensor) -> Any:
    """Each of your gradients knows one stage only: it is that of the next stage's result, summed.
    The chain rule multiplies on through all later stages up to the final scalar. Look at what you
    differentiate."""
    value = _own(x)
    result: list[Tensor] = []
    for k, stage in enumerate(stages):
        after = stage(value)
        if k:
            result += torch.autograd.grad(after.sum(), value)
        value = _own(after)
    return result


@mistake("gradients-recorded")
def gradients_recorded(stages: Any, x: Tensor) -> Any:
    """Your gradients carry a graph of their own, which keeps the whole chain in memory as long as
    somebody holds one of them. That serves second derivatives only. Look at the options of the call
    that differentiates."""
    values = _values(stages, _own(x))
    return list(
        torch.autograd.grad(values[-1], values[:-1], create_graph=True) if values[1:] else []
    )


@mistake("tuple")
def as_a_tuple(stages: Any, x: Tensor) -> Any:
    """You return a tuple, as torch hands the gradients out. The numbers in it are right, but the
    task asks for a list, to which a caller may append. Look at your return line."""
    return tuple(stage_grads(stages, x))


@mistake("x-untracked")
def x_untracked(stages: Any, x: Tensor) -> Any:
    """You run the stages on x as it came. Where neither x nor the first stages' weights require a
    gradient, autograd records nothing and then refuses to differentiate. Look for a tensor of your
    own with x's numbers that does require it."""
    values = _values(stages, x)
    return list(torch.autograd.grad(values[-1], values[:-1])) if values[1:] else []


@mistake("one-stage-refused")
def one_stage_refused(stages: Any, x: Tensor) -> Any:
    """Your code stops where there is one stage only. There is then no intermediate, so the answer
    is an empty list, but autograd refuses an empty list of tensors. Look at what you do before you
    ask it."""
    values = _values(stages, _own(x))
    return list(torch.autograd.grad(values[-1], values[:-1]))


@mistake("x-untracked-and-one-stage-refused")
def x_untracked_and_one_stage_refused(stages: Any, x: Tensor) -> Any:
    """You run the stages on x as it came: where neither it nor the first weights require a
    gradient, autograd has recorded nothing. It also refuses an empty list of tensors, which one
    stage alone gives. Look at where your chain starts, and at its shortest case."""
    values = _values(stages, x)
    return list(torch.autograd.grad(values[-1], values[:-1]))


@mistake("stages-run-again")
def stages_run_again(stages: Any, x: Tensor) -> Any:
    """You run stages more than once. A stage that draws random numbers, such as dropout, gives
    something else each time, so your gradients belong to several chains. Look at how often each
    stage is called."""
    result: list[Tensor] = []
    for k in range(1, len(stages)):
        values = _values(stages, _own(x))
        result += torch.autograd.grad(values[-1], values[k - 1])
    return result


def _own(x: Tensor) -> Tensor:
    return x.detach().requires_grad_()


def _values(stages: Any, value: Tensor) -> list[Tensor]:
    return [value := stage(value) for stage in stages]


def _retained(stages: Any, x: Tensor) -> list[Tensor]:
    values = _values(stages, x)
    for value in values:
        value.retain_grad()
    return values


def _cut(stages: Any, x: Tensor) -> list[Tensor]:
    """Run each stage on a cut-off copy of what came before; the last result keeps its graph."""
    value, values = _own(x), []
    for stage in stages[:-1]:
        value = _own(stage(value))
        values.append(value)
    return [*values, stages[-1](value)]
