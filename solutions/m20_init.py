# %% [markdown]
# # m20 Initialisation
#
# Training starts from random weights. How widely they are spread decides whether a signal grows or
# dies out on its way through many layers, and that they differ decides whether the units of a layer
# can learn different things. I is the number of inputs of a layer (its fan-in), O that of its
# outputs (its fan-out), H of hidden units. A name that ends in an underscore changes what it gets,
# in place.

# %%
"""Where training starts: spreads of weights, what becomes of signals, and symmetry."""

from __future__ import annotations

import math

import torch
from torch import Generator, Tensor, nn


# %%
def linear_default_(w: Tensor, b: Tensor, generator: Generator) -> None:
    """Draw the parameters of a linear layer anew, in place, as torch.nn.Linear does by default.

    w is [O, I] and b [O], with O and I at least 1, of the same float dtype and device. Every number
    of w and of b becomes an independent draw from the uniform distribution between -k and k, where
    k is 1 over the square root of the number of inputs: the same k for both.

    w and b are leaves that require their gradient. They stay so, and the caller's tensors
    themselves get the new numbers; their .grad is left as it is. All draws come from the generator,
    which lies on their device: the same seed gives the same numbers again, a second call gives
    other ones, and torch's global generator stays untouched. Write it yourself, without
    torch.nn.init.
    """
    bound = w.shape[1] ** -0.5
    with torch.no_grad():
        w.uniform_(-bound, bound, generator=generator)
        b.uniform_(-bound, bound, generator=generator)


# %%
def xavier_normal_(w: Tensor, generator: Generator) -> None:
    """Draw the weights of a linear layer anew, in place; kaiming_normal_ is written beside it.

    w is [O, I], with O and I at least 1, of a float dtype. Every number of w becomes an independent
    draw from the normal distribution with mean 0 and variance 2 / (I + O). This is Xavier's, or
    Glorot's, scheme, a compromise between signals on their way forward and gradients on their way
    back.

    w is a leaf that requires its gradient. It stays so, and the caller's tensor itself gets the new
    numbers; its .grad is left as it is. All draws come from the generator, which lies on w's
    device: the same seed gives the same numbers again, a second call gives other ones, and torch's
    global generator stays untouched. Write it yourself, without torch.nn.init.
    """
    _draw_normal_(w, 2 / (w.shape[0] + w.shape[1]), generator)


def kaiming_normal_(w: Tensor, generator: Generator) -> None:
    """Draw the weights of a layer before a ReLU anew; see xavier_normal_ for all that is not said.

    The distribution is normal, too, with mean 0 and variance 2 / I: a ReLU drops half of the
    signal, and the 2 makes up for it. This is Kaiming's, or He's, scheme.
    """
    _draw_normal_(w, 2 / w.shape[1], generator)


def _draw_normal_(w: Tensor, variance: float, generator: Generator) -> None:
    with torch.no_grad():
        w.normal_(0, math.sqrt(variance), generator=generator)


# %%
def propagated_std(fan_ins: list[int], weight_std: float) -> float:
    """Return the standard deviation of a signal after a stack of linear layers.

    fan_ins has the number of inputs of each layer, from first to last, each from 1 to 10,000; it is
    not changed. There are at most 50 layers, without biases, and no activations between them. The
    numbers that enter the first layer are independent, with mean 0 and standard deviation 1. All
    weights of all layers are independent, with mean 0 and standard deviation weight_std, a float
    that is 0 or from 0.001 to 10.

    The result is a number of Python: the standard deviation of one output of the last layer, over
    all draws of inputs and weights. Without any layer it is 1. Compute it by a formula: an average
    over samples is not exact enough.
    """
    return math.prod((math.sqrt(fan_in) * weight_std for fan_in in fan_ins), start=1.0)


# %%
def distinct_units(w: Tensor) -> int:
    """Return how many different hidden units a layer has; break_symmetry_ is written beside it.

    w is [H, F], one row of weights for each hidden unit, with H and F at least 1, of a float dtype;
    it is not changed. Equal rows are one and the same unit, several times. Training leaves rounding
    noise on them, so two rows count as equal if none of their weights differ by more than 1e-5
    times the largest absolute value in w. Rows that are not equal differ by at least 1e-2 times
    this value in some weight. The result is an int of Python, at least 1; for zeros it is 1.
    """
    noise = 1e-5 * w.abs().max()
    equal = ((w[:, None] - w).abs() <= noise).all(dim=2)
    met_before = equal.tril(diagonal=-1).any(dim=1)
    return int((~met_before).sum())


def break_symmetry_(mlp: nn.Sequential, generator: Generator) -> None:
    """Make the hidden units of a network different, in place.

    mlp is an nn.Sequential of at least two nn.Linear layers, float32 or float64, each there once,
    with nothing but activations between them. Add to every weight of every hidden layer, that is of
    all nn.Linear layers but the last, a draw of its own from the normal distribution with mean 0
    and standard deviation 0.1. The weights may all be 0 before. Biases, which a layer may lack, and
    the last layer stay as they are.

    The parameters stay the same objects. Each requires its gradient, or not, as it did before: a
    frozen layer gets its draws like any other, and stays frozen. All draws are independent and come
    from the generator, which lies on the device of mlp: the same seed gives the same numbers again,
    and torch's global generator stays untouched.
    """
    *hidden, _ = (layer for layer in mlp if isinstance(layer, nn.Linear))
    with torch.no_grad():
        for layer in hidden:
            layer.weight += torch.empty_like(layer.weight).normal_(0, 0.1, generator=generator)


# %%
def normal_from_uniform(u1: Tensor, u2: Tensor) -> Tensor:
    """Turn pairs of uniform numbers into standard-normal ones, as Box and Muller do.

    u1 and u2 are [N], of the same dtype, float32 or float64, and device, with numbers from 0
    (included) to 1 (excluded); those of u1 are 0 or at least 0.01. Neither is changed. Each pair
    gives a point in the plane. Its distance from the origin is the r, at least 0, at which
    1 - exp(-r * r / 2), the probability of a distance of at most r, is equal to u1: so 0 gives
    r = 0. Its angle is the share u2 of a full turn, counted from the first axis. Return the first
    coordinates of the points, [N], finite, of the same dtype and device.

    Where u1 and u2 are independent and uniform, the coordinates are draws from N(0, 1). Draw
    nothing yourself: no random number is needed here.
    """
    radius = torch.sqrt(-2 * torch.log1p(-u1))
    return radius * torch.cos(2 * math.pi * u2)
