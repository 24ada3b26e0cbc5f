"""Mistakes of linear_default_."""

from __future__ import annotations

import torch
from m20_init import linear_default_
from torch import Generator, Tensor

from autograder.course.marks import mistake


def _fill(p: Tensor, low: float, high: float, generator: Generator) -> None:
    with torch.no_grad():
        p.uniform_(low, high, generator=generator)


@mistake("normal-weights", asks="lr.54")
def normal_weights(w: Tensor, b: Tensor, generator: Generator) -> None:
    """Your w has more numbers near 0 than far away, as a bell curve has. torch.nn.Linear uses a
    function named after Kaiming, but with a setting that makes even numbers between two bounds.
    Look at which distribution the task asks for."""
    linear_default_(w, b, generator)
    with torch.no_grad():
        w.normal_(0, (2 / w.shape[1]) ** 0.5, generator=generator)


@mistake("normal-both", asks="lr.54")
def normal_both(w: Tensor, b: Tensor, generator: Generator) -> None:
    """Your w and b have more numbers near 0 than far away, as a bell curve has. Here each place
    between two bounds is equally likely: that is the uniform distribution. Look at the method that
    draws."""
    with torch.no_grad():
        w.normal_(0, w.shape[1] ** -0.5, generator=generator)
        b.normal_(0, w.shape[1] ** -0.5, generator=generator)


@mistake("fan-out", asks="lr.54")
def fan_out(w: Tensor, b: Tensor, generator: Generator) -> None:
    """You took the number of outputs for that of the inputs. An output is a sum with one term for
    each input, so it is the inputs that make it large. Look at which size of w counts columns."""
    bound = w.shape[0] ** -0.5
    _fill(w, -bound, bound, generator)
    _fill(b, -bound, bound, generator)


@mistake("zero-bias", asks="lr.10")
def zero_bias(w: Tensor, b: Tensor, generator: Generator) -> None:
    """Your biases are all 0. Many schemes begin so, and training does not mind, but
    torch.nn.Linear draws its biases from the same distribution as its weights. Look at what you do
    with b."""
    linear_default_(w, b, generator)
    with torch.no_grad():
        b.zero_()


@mistake("all-zero", asks="lr.2")
def all_zero(w: Tensor, b: Tensor, generator: Generator) -> None:
    """You set w and b to 0. A linear regression trains from there, but a layer inside a network
    would have units that are all equal, and they would stay so. Draw every number."""
    with torch.no_grad():
        w.zero_()
        b.zero_()


@mistake("only-positive")
def only_positive(w: Tensor, b: Tensor, generator: Generator) -> None:
    """The numbers of your w and b are not centred on 0. Weights of one sign push every sum the same
    way, layer after layer. The task wants as many numbers below 0 as above: look at both bounds."""
    bound = w.shape[1] ** -0.5
    _fill(w, 0, bound, generator)
    _fill(b, 0, bound, generator)


@mistake("without-root")
def without_root(w: Tensor, b: Tensor, generator: Generator) -> None:
    """You divided by the number of inputs and not by its root. Variances add up, not standard
    deviations: a sum of I random terms is only about the root of I times as large as one. Look at
    k."""
    bound = 1 / w.shape[1]
    _fill(w, -bound, bound, generator)
    _fill(b, -bound, bound, generator)


@mistake("variance-kept", asks="lr.54")
def variance_kept(w: Tensor, b: Tensor, generator: Generator) -> None:
    """Your bounds are 1.7 times as wide as those of torch.nn.Linear: the root of 3 over I. So wide,
    the variance of a signal would be kept; the default lets it shrink to a third. Look at k."""
    bound = (3 / w.shape[1]) ** 0.5
    _fill(w, -bound, bound, generator)
    _fill(b, -bound, bound, generator)


@mistake("kaiming-uniform", asks="lr.54")
def kaiming_uniform(w: Tensor, b: Tensor, generator: Generator) -> None:
    """The bounds of your w are 2.4 times as wide as those of torch.nn.Linear: the root of 6 over
    I, Kaiming's choice for layers before a ReLU. The default is narrower: look at the bound that
    the task names."""
    linear_default_(w, b, generator)
    bound = (6 / w.shape[1]) ** 0.5
    _fill(w, -bound, bound, generator)


@mistake("bias-standard-normal")
def bias_standard_normal(w: Tensor, b: Tensor, generator: Generator) -> None:
    """The numbers of your b are more dense near 0 than far away, unlike those of w. torch.nn.Linear
    draws both from one distribution, with the same bounds. Look at how b is drawn."""
    linear_default_(w, b, generator)
    with torch.no_grad():
        b.normal_(generator=generator)


@mistake("not-in-place")
def not_in_place(w: Tensor, b: Tensor, generator: Generator) -> None:
    """Your new numbers never reach the caller's tensors. An assignment to w inside the function
    only gives this name to another tensor. The tensors that were passed have to be written to:
    methods whose names end in an underscore do that."""
    bound = w.shape[1] ** -0.5
    w = (2 * torch.rand(w.shape, generator=generator, device=w.device) - 1) * bound
    b = (2 * torch.rand(b.shape, generator=generator, device=b.device) - 1) * bound


@mistake("generator-ignored")
def generator_ignored(w: Tensor, b: Tensor, generator: Generator) -> None:
    """You take a generator and do not draw from it: the numbers come from torch's global one, so
    the caller's seed repeats nothing, and the global state moves. Tell each draw which generator to
    use."""
    with torch.no_grad():
        w.uniform_(-(w.shape[1] ** -0.5), w.shape[1] ** -0.5)
        b.uniform_(-(w.shape[1] ** -0.5), w.shape[1] ** -0.5)


@mistake("gradients-switched-off")
def gradients_switched_off(w: Tensor, b: Tensor, generator: Generator) -> None:
    """You leave w and b as tensors that require no gradient, so nothing will train them. Parameters
    may be written to without giving that up: it is enough that nothing is recorded meanwhile."""
    linear_default_(w, b, generator)
    w.requires_grad_(False)
    b.requires_grad_(False)
