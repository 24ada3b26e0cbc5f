"""Mistakes of xavier_normal_ and kaiming_normal_."""

from __future__ import annotations

import math

import torch
from m20_init import kaiming_normal_, xavier_normal_
from torch import Generator, Tensor

from autograder.course.marks import mistake


def _draw(w: Tensor, std: float, generator: Generator | None) -> None:
    with torch.no_grad():
        w.normal_(0, std, generator=generator)


@mistake("xavier-without-2", asks="lr.54")
def xavier_without_2(w: Tensor, generator: Generator) -> None:
    """The standard deviation of your xavier_normal_ is 0.7 times the right one, as one over the
    root of (I + O) is. That forgets the 2: I + O counts both sizes, and their mean is half of it.
    Look at the variance that the task names."""
    _draw(w, 1 / math.sqrt(sum(w.shape)), generator)


@mistake("xavier-variance-as-std")
def xavier_variance_as_std(w: Tensor, generator: Generator) -> None:
    """In xavier_normal_ you gave the variance to a function that expects a standard deviation, so
    the numbers lie much too near to 0. The standard deviation is the root of the variance."""
    _draw(w, 2 / sum(w.shape), generator)


@mistake("xavier-fan-in-only", asks="lr.54")
def xavier_fan_in_only(w: Tensor, generator: Generator) -> None:
    """Your xavier_normal_ looks at the inputs alone: that is Kaiming's variance. Xavier's is a
    compromise between inputs, for the signal, and outputs, for the gradient that goes back. Look at
    what is in the denominator."""
    kaiming_normal_(w, generator)


@mistake("xavier-uniform")
def xavier_uniform(w: Tensor, generator: Generator) -> None:
    """The numbers of your xavier_normal_ have the right spread, but they lie evenly between two
    bounds. That is another scheme of Xavier's; here a normal distribution is asked for, which has
    no bounds. Look at what draws."""
    bound = math.sqrt(6 / sum(w.shape))
    with torch.no_grad():
        w.uniform_(-bound, bound, generator=generator)


@mistake("xavier-not-in-place")
def xavier_not_in_place(w: Tensor, generator: Generator) -> None:
    """The new numbers of your xavier_normal_ never reach the caller's w. An assignment to w inside
    the function gives this name to another tensor. Write to the tensor that was passed."""
    w = torch.randn(w.shape, generator=generator, device=w.device)
    w = w * math.sqrt(2 / sum(w.shape))


@mistake("xavier-generator-ignored")
def xavier_generator_ignored(w: Tensor, generator: Generator) -> None:
    """Your xavier_normal_ takes a generator and does not draw from it. The numbers come from
    torch's global one, so the caller's seed repeats nothing. Tell the draw which generator to
    use."""
    _draw(w, math.sqrt(2 / sum(w.shape)), None)


@mistake("kaiming-without-2", replaces="kaiming_normal_", asks="lr.54")
def kaiming_without_2(w: Tensor, generator: Generator) -> None:
    """The standard deviation of your kaiming_normal_ is 0.7 times the right one, as one over the
    root of I is. That keeps a signal's size where nothing is dropped, but a ReLU drops half of it.
    Look at the numerator of the variance."""
    _draw(w, 1 / math.sqrt(w.shape[1]), generator)


@mistake("kaiming-fan-out", replaces="kaiming_normal_", asks="lr.54")
def kaiming_fan_out(w: Tensor, generator: Generator) -> None:
    """Your kaiming_normal_ divides by the number of outputs. An output sums over the inputs, so it
    is their number that makes a signal grow. w has one row for each output: look at which of its
    sizes you take."""
    _draw(w, math.sqrt(2 / w.shape[0]), generator)


@mistake("kaiming-variance-as-std", replaces="kaiming_normal_")
def kaiming_variance_as_std(w: Tensor, generator: Generator) -> None:
    """In kaiming_normal_ you gave the variance to a function that expects a standard deviation, so
    the numbers lie much too near to 0. The standard deviation is the root of the variance."""
    _draw(w, 2 / w.shape[1], generator)


@mistake("kaiming-like-xavier", replaces="kaiming_normal_", asks="lr.54")
def kaiming_like_xavier(w: Tensor, generator: Generator) -> None:
    """Your kaiming_normal_ divides by inputs and outputs together, as Xavier's scheme does.
    Kaiming's keeps the size of the signal on its way forward, and for that only the inputs count.
    Look at the denominator."""
    xavier_normal_(w, generator)


@mistake("kaiming-generator-ignored", replaces="kaiming_normal_")
def kaiming_generator_ignored(w: Tensor, generator: Generator) -> None:
    """Your kaiming_normal_ takes a generator and does not draw from it. The numbers come from
    torch's global one, so the caller's seed repeats nothing. Tell the draw which generator to
    use."""
    _draw(w, math.sqrt(2 / w.shape[1]), None)
