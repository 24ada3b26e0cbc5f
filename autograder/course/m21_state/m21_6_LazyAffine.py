"""Mistakes of LazyAffine."""

from __future__ import annotations

from typing import Any

import m21_state
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.parameter import UninitializedParameter

from autograder.course.marks import mistake


def _drawn(*shape: int, like: Tensor) -> Tensor:
    """Draw numbers of torch's default start, in the dtype and on the device of x."""
    bound = like.shape[-1] ** -0.5
    empty = torch.empty(shape, dtype=like.dtype, device=like.device)
    return empty.uniform_(-bound, bound)


class _Own(nn.Module):
    """A layer whose two tensors are made in the first call, in another way each."""

    weight: Any
    bias: Any

    def __init__(self, n_out: int) -> None:
        super().__init__()
        self.n_out = n_out
        self.ready = False

    def begin(self, x: Tensor) -> None:
        """Make the tensors."""
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        """Return the affine map."""
        if not self.ready:
            self.begin(x)
            self.ready = True
        return F.linear(x, self.weight, self.bias)


@mistake("made-in-the-first-call", asks="tb.56")
class MadeInTheFirstCall(_Own):
    """Your parameters do not exist before the first call. An optimizer that is made before it finds
    an empty list, or, in a larger model, trains everything but this layer. Make them in __init__,
    without a size, and fill them later."""

    def begin(self, x: Tensor) -> None:
        """Make parameters."""
        self.weight = nn.Parameter(_drawn(self.n_out, x.shape[-1], like=x))
        self.bias = nn.Parameter(_drawn(self.n_out, like=x))


@mistake("placeholders-replaced", asks="tb.56")
class PlaceholdersReplaced(_Own):
    """Your first call puts new parameters in the place of those that were there. An optimizer that
    was made before still holds the old ones, and so never moves what the layer computes with. Fill
    the very objects of __init__."""

    def __init__(self, n_out: int) -> None:
        super().__init__(n_out)
        self.weight, self.bias = nn.Parameter(torch.empty(0)), nn.Parameter(torch.empty(0))

    def begin(self, x: Tensor) -> None:
        """Make new parameters."""
        self.weight = nn.Parameter(_drawn(self.n_out, x.shape[-1], like=x))
        self.bias = nn.Parameter(_drawn(self.n_out, like=x))


@mistake("ordinary-tensors", asks="tb.56")
class OrdinaryTensors(_Own):
    """Your weight and bias are ordinary tensors. The module does not know them: they are not among
    its parameters, not saved, and no optimizer can train them. They have to be nn.Parameters, from
    the start."""

    def begin(self, x: Tensor) -> None:
        """Make tensors."""
        self.weight = _drawn(self.n_out, x.shape[-1], like=x).requires_grad_()
        self.bias = _drawn(self.n_out, like=x).requires_grad_()


class _Lazy(m21_state.LazyAffine):
    """The reference, whose first call is followed by something."""

    def begun(self, x: Tensor) -> None:
        """Change the parameters after the first call."""

    def forward(self, x: Tensor) -> Tensor:
        """Return the affine map."""
        if isinstance(self.weight, UninitializedParameter):
            super().forward(x.detach())
            with torch.no_grad():
                self.begun(x)
        return F.linear(x, self.weight, self.bias)


@mistake("drawn-in-each-call", asks="tb.56")
class DrawnInEachCall(_Lazy):
    """You draw the weights anew in every call. Whatever was learned or loaded is lost with the next
    batch. Only the first call is to draw: remember, or look at the parameters, whether it has
    been."""

    def forward(self, x: Tensor) -> Tensor:
        """Draw always."""
        super().forward(x.detach()) if isinstance(self.weight, UninitializedParameter) else None
        with torch.no_grad():
            for p in (self.weight, self.bias):
                p.copy_(_drawn(*p.shape, like=x))
        return F.linear(x, self.weight, self.bias)


@mistake("default-dtype-and-device")
class DefaultDtypeAndDevice(_Own):
    """Your parameters are in torch's default dtype, on the CPU. Rows in another dtype, or on a GPU,
    then cannot be multiplied by them. The first x shows more than its size: take over its dtype and
    device, too."""

    def __init__(self, n_out: int) -> None:
        super().__init__(n_out)
        self.weight, self.bias = UninitializedParameter(), UninitializedParameter()

    def begin(self, x: Tensor) -> None:
        """Name neither dtype nor device."""
        self.weight.materialize((self.n_out, x.shape[-1]))
        self.bias.materialize((self.n_out,))
        with torch.no_grad():
            for p in (self.weight, self.bias):
                p.uniform_(-(x.shape[-1] ** -0.5), x.shape[-1] ** -0.5)


@mistake("sized-by-the-rows", asks="tb.56")
class SizedByTheRows(_Own):
    """You take the number of inputs from the first size of x. That counts the rows of the batch;
    the features are the last size, whatever stands before. Your product fails, or fits by
    chance."""

    def __init__(self, n_out: int) -> None:
        super().__init__(n_out)
        self.weight, self.bias = UninitializedParameter(), UninitializedParameter()

    def begin(self, x: Tensor) -> None:
        """Count rows."""
        self.weight.materialize((self.n_out, x.shape[0]), x.device, x.dtype)
        self.bias.materialize((self.n_out,), x.device, x.dtype)
        with torch.no_grad():
            for p in (self.weight, self.bias):
                p.uniform_(-(x.shape[0] ** -0.5), x.shape[0] ** -0.5)


@mistake("starts-at-0")
class StartsAt0(_Lazy):
    """Your weights start at 0, or all at one number. In a network all units of this layer would
    then be equal and stay so. The task asks for torch's default start: independent draws between
    two bounds."""

    def begun(self, x: Tensor) -> None:
        """Clear them."""
        self.weight.zero_()
        self.bias.zero_()


@mistake("normal-start")
class NormalStart(_Lazy):
    """You draw the weights from a normal distribution. Torch's default for a linear layer is
    uniform, between plus and minus 1 over the root of the number of inputs; large draws as yours
    make a signal grow. Look at the distribution."""

    def begun(self, x: Tensor) -> None:
        """Draw from randn."""
        self.weight.normal_()
        self.bias.normal_()


@mistake("bounded-by-the-outputs")
class BoundedByTheOutputs(_Lazy):
    """The bound of your draws comes from the number of outputs. A sum over I inputs keeps its size
    if each weight is of the order of 1 over the root of I, however many outputs there are."""

    def begun(self, x: Tensor) -> None:
        """Use the other size."""
        ratio = (x.shape[-1] / self.n_out) ** 0.5
        self.weight.mul_(ratio)
        self.bias.mul_(ratio)


@mistake("bias-starts-at-0")
class BiasStartsAt0(_Lazy):
    """Your bias starts at 0. That is a good choice of many libraries, but not torch's default,
    which draws the bias within the same bounds as the weight, and which the task asks for."""

    def begun(self, x: Tensor) -> None:
        """Clear the bias."""
        self.bias.zero_()


@mistake("bias-not-trained")
class BiasNotTrained(_Own):
    """Your layer has no parameter called bias, or one that is not used. Its line goes through the
    origin: an input of zeros gives zeros, whatever is learned. The task asks for weight and
    bias."""

    def __init__(self, n_out: int) -> None:
        super().__init__(n_out)
        self.weight = UninitializedParameter()
        self.bias = None

    def begin(self, x: Tensor) -> None:
        """Make the weight alone."""
        bound = x.shape[-1] ** -0.5
        self.weight.materialize((self.n_out, x.shape[-1]), x.device, x.dtype)
        with torch.no_grad():
            self.weight.uniform_(-bound, bound)


@mistake("torchs-own", asks="tb.56")
class TorchsOwn(nn.LazyLinear):
    """You let torch's own lazy layer, or an nn.Linear, do the work. The task is to write what
    happens inside: parameters without a size, filled in the first call. Derive your class from
    nn.Module."""

    def __init__(self, n_out: int) -> None:
        super().__init__(n_out)


@mistake("frozen-without-recording")
class FrozenWithoutRecording(_Lazy):
    """After a first call within no_grad your parameters require no gradient. Such a call, which
    only finds out the sizes, is common; the layer is to be trained all the same. Their flag has
    nothing to do with the mode of the call."""

    def forward(self, x: Tensor) -> Tensor:
        """Ask whether gradients are recorded."""
        if isinstance(self.weight, UninitializedParameter):
            super().forward(x.detach())
            for p in (self.weight, self.bias):
                p.requires_grad_(torch.is_grad_enabled())
        return F.linear(x, self.weight, self.bias)
