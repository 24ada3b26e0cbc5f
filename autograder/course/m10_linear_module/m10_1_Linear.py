"""Mistakes of Linear."""

from __future__ import annotations

from typing import Any

import torch
from m10_linear_module import Linear
from torch import Tensor, nn

from autograder.course.marks import mistake


@mistake("plain-tensors", asks="tb.28")
class PlainTensors(nn.Module):
    """Your module has no parameters. It registers only an nn.Parameter that is itself assigned to
    an attribute: no plain tensor, and nothing inside a list. So an optimizer gets nothing to train,
    state_dict is empty, and .double() or .to() leave your numbers behind. Look at how you assign
    weight and bias."""

    def __init__(self, n_in: int, n_out: int, bias: bool = True) -> None:
        super().__init__()
        self.weight = torch.randn(n_out, n_in, requires_grad=True)
        self.bias = torch.zeros(n_out, requires_grad=True) if bias else None

    def forward(self, x: Tensor) -> Tensor:
        """Predict."""
        out = x @ self.weight.t()
        return out if self.bias is None else out + self.bias


@mistake("weight-in-out", asks="gd.36")
class WeightInOut(nn.Module):
    """Your weight has the shape (n_in, n_out). nn.Linear keeps one row per output, so its
    state_dict does not fit into your layer; where both sizes are equal it fits silently, and the
    outputs are those of the transposed weight. Look at the order of the sizes."""

    def __init__(self, n_in: int, n_out: int, bias: bool = True) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(n_in, n_out))
        self.bias = nn.Parameter(torch.zeros(n_out)) if bias else None

    def forward(self, x: Tensor) -> Tensor:
        """Predict."""
        out = x @ self.weight
        return out if self.bias is None else out + self.bias


@mistake("no-super-init", asks="m2.1e")
class NoSuperInit(nn.Module):
    """You assign parameters before nn.Module has been set up: its own __init__ makes the tables in
    which parameters are registered, and your class never runs it, or too late. Look at the first
    line of your __init__."""

    def __init__(self, n_in: int, n_out: int, bias: bool = True) -> None:
        self.weight = nn.Parameter(torch.randn(n_out, n_in))
        self.bias = nn.Parameter(torch.zeros(n_out)) if bias else None


@mistake("no-bias-attribute", asks="m2.5b")
class NoBiasAttribute(Linear):
    """With bias=False your layer has no attribute called bias at all, so any code that asks for it,
    your forward included, ends in an AttributeError. nn.Linear has the attribute then too. Look at
    the branch without a bias."""

    def __init__(self, n_in: int, n_out: int, bias: bool = True) -> None:
        super().__init__(n_in, n_out, bias)
        if not bias:
            del self.bias


@mistake("bias-flag-ignored")
class BiasFlagIgnored(Linear):
    """Your layer has a bias even with bias=False: one more parameter is trained, x = 0 is not
    mapped to 0, and the state_dict of an nn.Linear without a bias does not fit. Look at where the
    argument bias is used."""

    def __init__(self, n_in: int, n_out: int, bias: bool = True) -> None:
        super().__init__(n_in, n_out)


@mistake("wraps-nn-linear")
class WrapsNnLinear(nn.Module):
    """You let an nn.Linear do the work. It predicts well, but the task is to write that layer:
    weight and bias are to be parameters of your own module, under these very names, which also
    decide the keys of its state_dict. Look at what your __init__ makes."""

    def __init__(self, n_in: int, n_out: int, bias: bool = True) -> None:
        super().__init__()
        self.linear = nn.Linear(n_in, n_out, bias)

    def forward(self, x: Tensor) -> Tensor:
        """Predict."""
        out: Tensor = self.linear(x)
        return out


@mistake("other-names")
class OtherNames(nn.Module):
    """Not all parameters of your layer are called weight and bias, as those of nn.Linear are. Names
    decide the keys of a state_dict, so nn.Linear's does not fit into your layer.
    Look at what you call the attributes."""

    def __init__(self, n_in: int, n_out: int, bias: bool = True) -> None:
        super().__init__()
        self.w = nn.Parameter(torch.randn(n_out, n_in))
        self.b = nn.Parameter(torch.zeros(n_out)) if bias else None

    def forward(self, x: Tensor) -> Tensor:
        """Predict."""
        out = x @ self.w.t()
        return out if self.b is None else out + self.b


@mistake("plain-bias")
class PlainBias(nn.Module):
    """Only your weight is registered as a parameter. The bias is not, so no optimizer trains it and
    state_dict leaves it out: that of an nn.Linear does not fit. Look at how you assign the bias."""

    def __init__(self, n_in: int, n_out: int, bias: bool = True) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(n_out, n_in))
        self.bias = torch.zeros(n_out) if bias else None

    def forward(self, x: Tensor) -> Tensor:
        """Predict."""
        out = x @ self.weight.t()
        return out if self.bias is None else out + self.bias


@mistake("always-float32")
class AlwaysFloat32(Linear):
    """Your parameters are made in float32 even where torch's default dtype is another one. A layer
    of the same model that follows the default then meets them with another dtype. Leave the dtype
    out when you make them."""

    def __init__(self, n_in: int, n_out: int, bias: bool = True) -> None:
        super().__init__(n_in, n_out, bias)
        self.float()


@mistake("always-float64")
class AlwaysFloat64(Linear):
    """Your parameters are made in float64 even where torch's default dtype is another one; it is
    float32, unless it was set. Data of float32 cannot be multiplied with them. Leave the dtype out
    when you make them."""

    def __init__(self, n_in: int, n_out: int, bias: bool = True) -> None:
        super().__init__(n_in, n_out, bias)
        self.double()


@mistake("bias-as-a-row")
class BiasAsARow(nn.Module):
    """Your bias has two axes, [1, n_out]. nn.Linear's is a vector, [n_out]: one number for each
    output. So its state_dict does not fit, and the output for a single row gets an axis too many.
    Look at the sizes of the bias."""

    def __init__(self, n_in: int, n_out: int, bias: bool = True) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(n_out, n_in))
        self.bias = nn.Parameter(torch.zeros(1, n_out)) if bias else None

    def forward(self, x: Tensor) -> Tensor:
        """Predict."""
        out = x @ self.weight.t()
        return out if self.bias is None else out + self.bias


@mistake("one-bias-for-all")
class OneBiasForAll(nn.Module):
    """Your bias is a single number, which all outputs share. Each output has a bias of its own,
    [n_out], as in nn.Linear, whose state_dict does not fit into yours. Look at the size of the
    bias."""

    def __init__(self, n_in: int, n_out: int, bias: bool = True) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(n_out, n_in))
        self.bias = nn.Parameter(torch.zeros(1)) if bias else None

    def forward(self, x: Tensor) -> Tensor:
        """Predict."""
        out = x @ self.weight.t()
        return out if self.bias is None else out + self.bias


@mistake("bias-never-added")
class BiasNeverAdded(Linear):
    """Your layer has a bias and never adds it: x = 0 is always mapped to 0, and no gradient reaches
    the bias. Look at what forward does with it."""

    def forward(self, x: Tensor) -> Tensor:
        """Multiply only."""
        return x @ self.weight.t()


@mistake("bias-not-none")
class BiasNotNone(Linear):
    """With bias=False your layer has something else than None in the attribute bias, such as zeros
    or a number. Code that asks `is None`, as for nn.Linear, takes it for a bias. Look at the branch
    without a bias."""

    def __init__(self, n_in: int, n_out: int, bias: bool = True) -> None:
        super().__init__(n_in, n_out, bias)
        if not bias:
            del self.bias
            self.bias: Any = 0.0
