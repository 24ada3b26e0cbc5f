"""Mistakes of consistency_loss."""

from __future__ import annotations

from typing import Any

import torch
from m05_graph_control import consistency_loss
from torch import Tensor

from autograder.course.marks import mistake


@mistake("wrong-side-detached", asks="tb.16")
def wrong_side_detached(student: Tensor, teacher: Tensor) -> Tensor:
    """You cut off the student, so the gradient goes to the teacher alone: the one that should learn
    stays as it is, and the one that should stay learns. Look at the tensor on which you call
    detach."""
    return consistency_loss(teacher, student)


@mistake("nothing-detached", asks="tb.16")
def nothing_detached(student: Tensor, teacher: Tensor) -> Tensor:
    """The gradient reaches the teacher, too, so both move towards each other. Whatever you did to
    the teacher, it has kept its graph: a clone is still computed from what it is a clone of. Look
    for the method that cuts the graph off."""
    return ((student - teacher.clone()) ** 2).mean()


@mistake("all-cut-off", asks="tb.16")
def all_cut_off(student: Tensor, teacher: Tensor) -> Tensor:
    """Your loss is cut off from both predictions, so nobody learns from it. Recording has to be off
    for the teacher only: look for no_grad around the whole loss, for a second detach, .data or a
    new tensor that is made of the result."""
    return consistency_loss(student, teacher).detach()


@mistake("detached-in-place", asks="tb.16")
def detached_in_place(student: Tensor, teacher: Tensor) -> Tensor:
    """You cut the caller's own teacher off, with detach_ or its like. The loss is right, but the
    caller can never train the teacher again: its way back is gone for all. Use what leaves the
    tensor as it was."""
    return consistency_loss(student, teacher.detach_())


@mistake("teacher-overwritten", asks="tb.16")
def teacher_overwritten(student: Tensor, teacher: Tensor) -> Tensor:
    """You wrote into the detached teacher. It uses the same memory as the teacher itself, so the
    caller's predictions are overwritten. Compute a new tensor: look for -=, sub_ and their
    like."""
    loss = consistency_loss(student, teacher)
    teacher.detach().sub_(student.detach())
    return loss


@mistake("sum-for-mean")
def sum_for_mean(student: Tensor, teacher: Tensor) -> Tensor:
    """You summed the squared differences and did not divide: the loss, and each gradient, grow with
    the number of elements. Look at the last operation."""
    return consistency_loss(student, teacher) * student.numel()


@mistake("divided-by-rows")
def divided_by_rows(student: Tensor, teacher: Tensor) -> Tensor:
    """You divided the sum of squares by the number of rows. With several outputs that is more than
    the mean over all elements, N times O of them. Look at what you divide by."""
    return consistency_loss(student, teacher) * student.shape[1]


@mistake("half")
def half(student: Tensor, teacher: Tensor) -> Tensor:
    """You halved the mean. That is another convention, whose gradient has no factor 2; the task
    asks for the plain mean. Look at the factor in front."""
    return consistency_loss(student, teacher) / 2


@mistake("absolute")
def absolute(student: Tensor, teacher: Tensor) -> Tensor:
    """You averaged absolute differences. That is another loss, whose gradient knows only the sign
    of a difference, not its size. Look at how you get rid of the sign."""
    return (student - teacher.detach()).abs().mean()


@mistake("root")
def root(student: Tensor, teacher: Tensor) -> Tensor:
    """You took the square root at the end: the square of your value is right. The task asks for the
    mean of the squares itself, which has another gradient. Look at the last operation."""
    return consistency_loss(student, teacher).sqrt()


@mistake("item")
def item(student: Tensor, teacher: Tensor) -> Any:
    """You returned a Python number. It has no graph behind it, so the student learns nothing. Keep
    the 0-dim tensor; take the number out only to print it."""
    return consistency_loss(student, teacher).item()


@mistake("unreduced")
def unreduced(student: Tensor, teacher: Tensor) -> Tensor:
    """You return one squared difference for each element. A loss is a single number, from which
    backward() can begin. Look at what comes after the square."""
    return torch.square(student - teacher.detach())


@mistake("not-squared")
def not_squared(student: Tensor, teacher: Tensor) -> Tensor:
    """You averaged the differences themselves. Positive and negative ones cancel, and the loss can
    fall below 0 for ever. Look at what you do with each difference before averaging."""
    return (student - teacher.detach()).mean()
