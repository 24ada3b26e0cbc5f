"""Other ways to do propagated_std."""

from __future__ import annotations

import math
from functools import reduce

import numpy as np
import torch

from autograder.course.marks import restated, right, wrong


@right()
def variance_step_by_step(fan_ins, weight_std):
    """Follows the variance, and takes the root at the end."""
    variance = 1.0
    for fan_in in fan_ins:
        variance *= fan_in * weight_std**2
    return variance**0.5


@right()
def by_numpy(fan_ins, weight_std):
    """NumPy multiplies the factors."""
    return np.prod(np.sqrt(np.array(fan_ins, dtype=float)) * weight_std)


@right()
def power_of_the_depth(fan_ins, weight_std):
    """The spread of the weights to the power of the depth, times the root of all fan-ins."""
    return weight_std ** len(fan_ins) * math.sqrt(math.prod(fan_ins))


@right()
def reduced(fan_ins, weight_std):
    """Folds the list into one number."""
    return reduce(lambda std, fan_in: std * weight_std * fan_in**0.5, fan_ins, 1.0)


@right()
def recursive(fan_ins, weight_std):
    """The last layer stretches what the others have left."""
    if not fan_ins:
        return 1.0
    *others, last = fan_ins
    return recursive(others, weight_std) * weight_std * math.sqrt(last)


@right()
def in_torch(fan_ins, weight_std):
    """Tensors of float64 on the way, a float at the end."""
    factors = torch.tensor(fan_ins, dtype=torch.float64).sqrt() * weight_std
    return factors.prod().item()


@wrong()
def sampled(fan_ins, weight_std):
    """An average over samples."""
    g = torch.Generator().manual_seed(0)
    x = torch.randn(2000, fan_ins[0] if fan_ins else 1, generator=g, dtype=torch.float64)
    for n_in, n_out in zip(fan_ins, [*fan_ins[1:], 1], strict=True):
        w = weight_std * torch.randn(n_out, n_in, generator=g, dtype=torch.float64)
        x = x @ w.T
    return x.std().item()


@wrong()
def first_layer_left_out(fan_ins, weight_std):
    """The first layer is taken for the input."""
    return math.prod((math.sqrt(n) * weight_std for n in fan_ins[1:]), start=1.0)


@wrong()
def last_layer_left_out(fan_ins, weight_std):
    """The last layer is left out."""
    return math.prod((math.sqrt(n) * weight_std for n in fan_ins[:-1]), start=1.0)


@wrong()
def nothing_for_no_layers(fan_ins, weight_std):
    """Without layers it returns 0."""
    if not fan_ins:
        return 0.0
    return math.prod(math.sqrt(n) * weight_std for n in fan_ins)


@wrong()
def divided_by_the_roots(fan_ins, weight_std):
    """Divides by the roots of the fan-ins."""
    return math.prod((weight_std / math.sqrt(n) for n in fan_ins), start=1.0)


@wrong()
def mean_width(fan_ins, weight_std):
    """Takes the mean fan-in for each layer."""
    if not fan_ins:
        return 1.0
    mean = sum(fan_ins) / len(fan_ins)
    return (math.sqrt(mean) * weight_std) ** len(fan_ins)


@wrong()
def variance_of_the_weights_twice(fan_ins, weight_std):
    """Takes weight_std for a variance."""
    return math.prod((math.sqrt(n * weight_std) for n in fan_ins), start=1.0)


@wrong()
def product_of_logs(fan_ins, weight_std):
    """Adds logarithms, which fails where weight_std is 0."""
    return math.exp(sum(0.5 * math.log(n) + math.log(weight_std) for n in fan_ins))


@restated("variance-returned")
def root_forgotten(fan_ins, weight_std):
    """The root at the end is forgotten."""
    variance = 1.0
    for fan_in in fan_ins:
        variance = variance * fan_in * weight_std * weight_std
    return variance


@restated("layers-added")
def summed_up(fan_ins, weight_std):
    """A loop that adds."""
    if len(fan_ins) == 0:
        return 1.0
    std = 0.0
    for fan_in in fan_ins:
        std += weight_std * fan_in**0.5
    return std


@restated("halved-by-relu")
def with_relus(fan_ins, weight_std):
    """Half of the variance in each layer."""
    variance = 1.0
    for fan_in in fan_ins:
        variance *= 0.5 * fan_in * weight_std**2
    return math.sqrt(variance)


@restated("without-root")
def fan_in_itself(fan_ins, weight_std):
    """The fan-in is multiplied as it is."""
    std = 1.0
    for fan_in in fan_ins:
        std *= weight_std * fan_in
    return std


@restated("weights-count-once")
def once_for_all(fan_ins, weight_std):
    """The weights' spread stands before the product."""
    return weight_std * math.sqrt(math.prod(fan_ins)) if len(fan_ins) else 1.0


@restated("last-layer-only")
def overwritten(fan_ins, weight_std):
    """Each layer overwrites the result."""
    std = 1.0
    for fan_in in fan_ins:
        std = math.sqrt(fan_in) * weight_std
    return std


@restated("weights-left-out")
def only_fan_ins(fan_ins, weight_std):
    """The root of the product of all fan-ins."""
    return math.sqrt(math.prod(fan_ins))


@restated("list-emptied")
def popped_from_the_end(fan_ins, weight_std):
    """Pops the last one while there is one."""
    variance = 1.0
    while len(fan_ins) > 0:
        variance *= fan_ins.pop() * weight_std**2
    return variance**0.5


@restated("result-is-a-tensor")
def tensor_of_factors(fan_ins, weight_std):
    """The product of a tensor of factors."""
    return (torch.tensor(fan_ins, dtype=torch.float64).sqrt() * weight_std).prod()


EXCUSED = {
    "return math.prod((math.sqrt(fan_in) * weight_std for fan_in in fan_ins), start=1.0) -> "
    "return math.prod((math.sqrt(fan_in) * weight_std for fan_in in fan_ins))": (
        "without layers the result is 1, and a whole number may be an int"
    ),
}
