"""Mistakes of clip_gradients_."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import torch
from m17_optimizers import clip_gradients_
from torch import Tensor

from autograder.course.marks import mistake

Params = Iterable[Tensor]


@mistake("each-for-itself", asks="tb.23")
def each_for_itself(params: Params, max_norm: float) -> float:
    """You shorten each gradient by its own norm. Long ones are then shortened more than others, and
    the step points in another direction. One norm over all of them gives one factor for all."""
    params = list(params)
    norm = _norm(params)
    _refuse(norm)
    for p in params:
        clip_gradients_([p], max_norm)
    return norm


@mistake("short-ones-grow")
def short_ones_grow(params: Params, max_norm: float) -> float:
    """You bring every gradient to the norm max_norm, also one that was shorter. Near the minimum
    gradients become short, and so should the steps. max_norm is a limit: ask whether it is
    exceeded."""
    params = list(params)
    norm = _norm(params)
    _refuse(norm)
    if norm:
        _scale(params, max_norm / norm)
    return norm


@mistake("norm-afterwards")
def norm_afterwards(params: Params, max_norm: float) -> float:
    """You return the norm after clipping, which is never above max_norm. To see how close a
    training is to exploding, one logs how long the gradients were before. Keep that number."""
    return min(clip_gradients_(params, max_norm), max_norm)


@mistake("infinite-ones-scaled", asks="tb.23")
def infinite_ones_scaled(params: Params, max_norm: float) -> float:
    """You clip gradients that are not finite like others. The factor is then 0 or nan, and leaves
    zeros and nan: the step would spoil the weights or do nothing. Refuse first, before any number
    changes."""
    params = list(params)
    norm = _norm(params)
    if not norm <= max_norm:
        _scale(params, max_norm / norm)
    return norm


@mistake("refused-too-late", asks="tb.23")
def refused_too_late(params: Params, max_norm: float) -> float:
    """Your ValueError comes after the gradients have been scaled: they hold zeros and nan already,
    and nobody can see any more what was wrong. Look at the norm before you write anything."""
    norm = infinite_ones_scaled(params, max_norm)
    _refuse(norm)
    return norm


@mistake("nan-let-through")
def nan_let_through(params: Params, max_norm: float) -> float:
    """You refuse inf, but not nan: a norm of nan comes back as if it were a number. Every
    comparison with nan is false, so it passes each of them. Look for the question that only finite
    numbers answer with yes."""
    params = list(params)
    norm = _norm(params)
    return norm if math.isnan(norm) else clip_gradients_(params, max_norm)


@mistake("numbers-cut-off", asks="tb.23")
def numbers_cut_off(params: Params, max_norm: float) -> float:
    """You cut each number off at max_norm. Large ones are shortened and small ones are not, so the
    direction turns, and the norm of all of them may still be above. One factor for all keeps the
    direction."""
    params = list(params)
    norm = _norm(params)
    _refuse(norm)
    for p in params:
        if p.grad is not None:
            p.grad.clamp_(-max_norm, max_norm)
    return norm


@mistake("generator-read-twice", asks="lr.49")
def generator_read_twice(params: Params, max_norm: float) -> float:
    """You go through params twice. A generator such as model.parameters() can be read once: your
    second loop, which should scale the gradients, finds nothing. Keep what it yields in a list."""
    norm = _norm(params)
    _refuse(norm)
    if norm > max_norm:
        _scale(params, max_norm / norm)
    return norm


@mistake("none-not-skipped", asks="lr.49")
def none_not_skipped(params: Params, max_norm: float) -> float:
    """You calculate with every gradient, but model.parameters() also yields parameters that took no
    part in the loss: theirs is None, and the call crashes. Skip them."""
    gradients: list[Any] = [p.grad for p in params]
    return float(sum(g.square().sum() for g in gradients))


@mistake("root-forgotten")
def root_forgotten(params: Params, max_norm: float) -> float:
    """Your norm is the sum of the squares. A norm is its root: without it, gradients twice as long
    seem four times as long, and are shortened far too much. Look at the last operation before you
    compare."""
    params = list(params)
    norm = _norm(params) ** 2
    _refuse(norm)
    if norm > max_norm:
        _scale(params, max_norm / norm)
    return norm


@mistake("norms-added-up")
def norms_added_up(params: Params, max_norm: float) -> float:
    """Your norm is the sum of the gradients' norms. The norm of one long vector is shorter: the
    squares add up, not the lengths. Look at what you add, and where the root is."""
    params = list(params)
    norm = sum(_norm([p]) for p in params)
    _refuse(norm)
    if norm > max_norm:
        _scale(params, max_norm / norm)
    return norm


@mistake("largest-number")
def largest_number(params: Params, max_norm: float) -> float:
    """Your norm is the largest absolute value among the gradients. The Euclidean norm has all
    numbers in it: the root of the sum of their squares."""
    params = list(params)
    norm = max((p.grad.abs().max().item() for p in params if p.grad is not None), default=0.0)
    _refuse(_norm(params))
    if norm > max_norm:
        _scale(params, max_norm / norm)
    return norm


@mistake("scaled-to-one")
def scaled_to_one(params: Params, max_norm: float) -> float:
    """You divide gradients that are too long by their norm: afterwards it is 1, whatever max_norm
    is. Look at the factor."""
    params = list(params)
    norm = _norm(params)
    _refuse(norm)
    if norm > max_norm:
        _scale(params, 1 / norm)
    return norm


@mistake("gradients-replaced")
def gradients_replaced(params: Params, max_norm: float) -> float:
    """You put new tensors into .grad. Whoever holds the old ones, such as a view of all gradients
    in one vector, sees nothing of the clipping. The name ends with an underscore: write into the
    tensors that are there."""
    params = list(params)
    norm = _norm(params)
    _refuse(norm)
    for p in params:
        if p.grad is not None:
            p.grad = p.grad * min(1.0, max_norm / norm if norm else 1.0)
    return norm


@mistake("nothing-scaled")
def nothing_scaled(params: Params, max_norm: float) -> float:
    """You measure the norm, but no gradient changes. A product that gets a name of its own, or the
    name of the loop, is a new tensor, which .grad does not know. Multiply in place."""
    norm = _norm(params)
    _refuse(norm)
    return norm


@mistake("parameters-scaled")
def parameters_scaled(params: Params, max_norm: float) -> float:
    """You scale the parameters in place of their gradients: what the model has learned shrinks, and
    the step stays too long. Look at which tensors you multiply."""
    params = list(params)
    norm = _norm(params)
    _refuse(norm)
    if norm > max_norm:
        with torch.no_grad():
            for p in params:
                p *= max_norm / norm
    return norm


@mistake("a-tensor")
def a_tensor(params: Params, max_norm: float) -> Tensor:
    """You return the norm as a tensor. It is made to be logged and compared, so the task asks for a
    number of Python: take it out of the tensor."""
    params = list(params)
    return torch.tensor(clip_gradients_(params, max_norm), dtype=params[0].dtype)


def _norm(params: Params) -> float:
    squares = [p.grad.square().sum().item() for p in params if p.grad is not None]
    return math.sqrt(sum(squares))


def _refuse(norm: float) -> None:
    if not math.isfinite(norm):
        raise ValueError("the norm is not finite")


def _scale(params: Params, factor: float) -> None:
    for p in params:
        if p.grad is not None:
            p.grad *= factor
