"""Other ways to do LazyAffine."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.parameter import UninitializedParameter

from autograder.course.marks import restated, right, wrong


class _Own(nn.Module):
    """A right layer, whose parts are exchanged below: its parameters are empty at first."""

    def __init__(self, n_out):
        super().__init__()
        self.size = n_out
        self.weight = nn.Parameter(torch.empty(0))
        self.bias = nn.Parameter(torch.empty(0))

    def numbers(self, x, *shape):
        """Return the start of a parameter."""
        bound = 1 / x.size(-1) ** 0.5
        return (torch.rand(shape, device=x.device, dtype=x.dtype) * 2 - 1) * bound

    def fill(self, x):
        """Give the parameters their numbers."""
        self.weight.data = self.numbers(x, self.size, x.size(-1))
        self.bias.data = self.numbers(x, self.size)

    def forward(self, x):
        if self.weight.numel() == 0:
            self.fill(x.detach())
        return x @ self.weight.T + self.bias


@right()
class EmptyAtFirst(_Own):
    """Gives new data to parameters that were empty."""


@right()
class FilledByAHook(nn.Module):
    """A hook before the first call fills the parameters, and removes itself."""

    def __init__(self, n_out):
        super().__init__()
        self.n_out = n_out
        self.weight, self.bias = UninitializedParameter(), UninitializedParameter()
        self.hook = self.register_forward_pre_hook(self.fill)

    def fill(self, _, args):
        """Make the parameters what they will be."""
        (x,) = args
        *_, n_in = x.shape
        self.weight.materialize([self.n_out, n_in], device=x.device, dtype=x.dtype)
        self.bias.materialize([self.n_out], device=x.device, dtype=x.dtype)
        for p in (self.weight, self.bias):
            nn.init.uniform_(p, -(n_in**-0.5), n_in**-0.5)
        self.hook.remove()

    def forward(self, x):
        return F.linear(x, self.weight, self.bias)


@right()
class WithAFlag(_Own):
    """Remembers by a flag that it has begun, and draws as nn.Linear does."""

    begun = False

    def forward(self, x):
        if not self.begun:
            self.begun = True
            self.weight.data = torch.empty(self.size, x.shape[-1]).to(x.detach())
            self.bias.data = torch.empty(self.size).to(x.detach())
            nn.init.kaiming_uniform_(self.weight, a=5**0.5)
            nn.init.uniform_(self.bias, -(x.shape[-1] ** -0.5), x.shape[-1] ** -0.5)
        return F.linear(x, self.weight, self.bias)


@right()
class LazyMixin(nn.modules.lazy.LazyModuleMixin, nn.Module):
    """Uses the mixin of torch's lazy modules."""

    def __init__(self, n_out):
        super().__init__()
        self.n_out = n_out
        self.weight = UninitializedParameter()
        self.bias = UninitializedParameter()

    def initialize_parameters(self, x):
        """Do as the mixin asks."""
        if self.has_uninitialized_params():
            with torch.no_grad():
                bound = x.shape[-1] ** -0.5
                self.weight.materialize((self.n_out, x.shape[-1]), x.device, x.dtype)
                self.bias.materialize((self.n_out,), x.device, x.dtype)
                self.weight.uniform_(-bound, bound)
                self.bias.uniform_(-bound, bound)

    def forward(self, x):
        return F.linear(x, self.weight, self.bias)


@wrong()
class HalfTheBound(_Own):
    """Draws within half of the bounds."""

    def numbers(self, x, *shape):
        return super().numbers(x, *shape) / 2


@wrong()
class AboveZero(_Own):
    """Draws from 0 to the bound."""

    def numbers(self, x, *shape):
        return super().numbers(x, *shape).abs()


@wrong()
class SeededInside(_Own):
    """Draws the same numbers in every layer."""

    def numbers(self, x, *shape):
        drawn = torch.rand(shape, generator=torch.Generator().manual_seed(0)).to(x)
        return (2 * drawn - 1) * x.shape[-1] ** -0.5


@wrong(asks="tb.56")
class AdaptsAgain(_Own):
    """Begins anew where the number of inputs changes."""

    def forward(self, x):
        if self.weight.numel() and self.weight.shape[-1] != x.shape[-1]:
            self.fill(x.detach())
        return super().forward(x)


@wrong()
class SumOfProducts(_Own):
    """Multiplies every row by every row of the weight, where a single input is stretched."""

    def forward(self, x):
        if not self.weight.numel():
            self.fill(x.detach())
        products = x[..., None, :] * self.weight
        return products.sum(-1) + self.bias


@wrong()
class BatchOfRowsOnly(_Own):
    """Takes the number of inputs from the second size."""

    def forward(self, x):
        if x.dim() > 2:
            x = x.reshape(x.shape[0], -1)
        return super().forward(x)


@wrong()
class Transposed(_Own):
    """Keeps its weight as [I, O]."""

    def fill(self, x):
        self.weight.data = self.numbers(x, x.size(-1), self.size)
        self.bias.data = self.numbers(x, self.size)

    def forward(self, x):
        if self.weight.numel() == 0:
            self.fill(x.detach())
        return x @ self.weight + self.bias


@wrong()
class AsABuffer(_Own):
    """Its bias is a buffer."""

    def __init__(self, n_out):
        super().__init__(n_out)
        del self.bias
        self.register_buffer("bias", torch.empty(0))


@wrong()
class OtherNames(nn.Module):
    """Calls its parameters w and b."""

    def __init__(self, n_out):
        super().__init__()
        self.n_out = n_out
        self.w, self.b = UninitializedParameter(), UninitializedParameter()

    def forward(self, x):
        if isinstance(self.w, UninitializedParameter):
            self.w.materialize((self.n_out, x.shape[-1]), x.device, x.dtype)
            self.b.materialize((self.n_out,), x.device, x.dtype)
            for p in (self.w, self.b):
                nn.init.uniform_(p, -(x.shape[-1] ** -0.5), x.shape[-1] ** -0.5)
        return F.linear(x, self.w, self.b)


@restated("starts-at-0")
class AllAHalf(_Own):
    """Starts with one number everywhere."""

    def numbers(self, x, *shape):
        return torch.full(shape, 0.5, dtype=x.dtype, device=x.device)


@wrong()
class AlwaysRefuses(_Own):
    """Raises a ValueError of its own for another size."""

    def forward(self, x):
        if self.weight.numel() and self.weight.shape[-1] != x.shape[-1]:
            raise ValueError("another number of inputs")
        return super().forward(x)


@wrong()
class NoneRecorded(_Own):
    """Records nothing in any call."""

    @torch.no_grad()
    def forward(self, x):
        return super().forward(x)


@restated("made-in-the-first-call")
class RegisteredLater(nn.Module):
    """Registers parameters when x is there."""

    def __init__(self, n_out):
        super().__init__()
        self.size = n_out

    def forward(self, x):
        if not hasattr(self, "weight"):
            bound = x.shape[-1] ** -0.5
            for name, shape in (("weight", (self.size, x.shape[-1])), ("bias", (self.size,))):
                numbers = torch.empty(shape, dtype=x.dtype, device=x.device)
                self.register_parameter(name, nn.Parameter(numbers.uniform_(-bound, bound)))
        return F.linear(x, self.weight, self.bias)


@restated("placeholders-replaced")
class SetAgain(_Own):
    """Sets the attributes to new parameters."""

    def fill(self, x):
        self.weight = nn.Parameter(self.numbers(x, self.size, x.size(-1)))
        self.bias = nn.Parameter(self.numbers(x, self.size))


@restated("ordinary-tensors")
class TensorsOfItsOwn(nn.Module):
    """Has None first, and tensors later."""

    def __init__(self, n_out):
        super().__init__()
        self.size, self.weight, self.bias = n_out, None, None

    def forward(self, x):
        if self.weight is None:
            bound = x.shape[-1] ** -0.5
            kind = {"dtype": x.dtype, "device": x.device, "requires_grad": True}
            self.weight = torch.empty(self.size, x.shape[-1], **kind)
            self.bias = torch.empty(self.size, **kind)
            self.weight.data.uniform_(-bound, bound)
            self.bias.data.uniform_(-bound, bound)
        return F.linear(x, self.weight, self.bias)


@restated("drawn-in-each-call")
class FilledAlways(_Own):
    """Fills the parameters without asking."""

    def forward(self, x):
        if self.weight.numel() == 0:
            self.fill(x.detach())
        with torch.no_grad():
            self.weight.copy_(self.numbers(x, *self.weight.shape))
            self.bias.copy_(self.numbers(x, *self.bias.shape))
        return x @ self.weight.T + self.bias


@restated("default-dtype-and-device")
class PlainRand(_Own):
    """Draws with torch.rand and a shape alone."""

    def numbers(self, x, *shape):
        return (torch.rand(shape) * 2 - 1) * x.shape[-1] ** -0.5


@restated("sized-by-the-rows")
class FirstSize(_Own):
    """Unpacks x.shape from the front."""

    def fill(self, x):
        rows, *_ = x.shape
        self.weight.data = self.numbers(x, self.size, rows)
        self.bias.data = self.numbers(x, self.size)

    def forward(self, x):
        if self.weight.numel() == 0:
            self.fill(x.detach())
        return F.linear(x, self.weight, self.bias)


@restated("starts-at-0")
class Zeros(_Own):
    """Starts with zeros."""

    def numbers(self, x, *shape):
        return torch.zeros(shape, dtype=x.dtype, device=x.device)


@restated("normal-start")
class Randn(_Own):
    """Starts with standard-normal numbers."""

    def numbers(self, x, *shape):
        return torch.randn(shape, dtype=x.dtype, device=x.device)


@restated("bounded-by-the-outputs")
class FanOut(_Own):
    """Divides by the root of the number of outputs."""

    def numbers(self, x, *shape):
        return (torch.rand(shape, dtype=x.dtype, device=x.device) * 2 - 1) / self.size**0.5


@restated("bias-starts-at-0")
class BiasOfZeros(_Own):
    """Draws the weight alone."""

    def fill(self, x):
        super().fill(x)
        self.bias.data = self.bias.data * 0


@restated("bias-not-trained")
class NoBias(nn.Module):
    """Has a weight alone."""

    def __init__(self, n_out):
        super().__init__()
        self.size, self.bias = n_out, None
        self.weight = nn.Parameter(torch.empty(0))

    def forward(self, x):
        if not self.weight.numel():
            bound = x.shape[-1] ** -0.5
            numbers = torch.empty(self.size, x.shape[-1], dtype=x.dtype, device=x.device)
            self.weight.data = numbers.uniform_(-bound, bound)
        return F.linear(x, self.weight)


@restated("torchs-own")
class DerivedFromTorchs(nn.LazyLinear):
    """Has a name of its own, and nothing else."""


@restated("frozen-without-recording")
class FlagOfTheMode(_Own):
    """Copies the mode of recording to the parameters."""

    def fill(self, x):
        super().fill(x)
        self.weight.requires_grad = self.bias.requires_grad = torch.is_grad_enabled()


EXCUSED = {
    "p.uniform_(-n_in ** (-0.5), n_in ** (-0.5)) -> "
    "p.uniform_(-n_in ** (-0.5), n_in ** (-0.5005))": "no draws tell a thousandth",
    "p.uniform_(-n_in ** (-0.5), n_in ** (-0.5)) -> "
    "p.uniform_(-n_in ** (-0.5005), n_in ** (-0.5))": "no draws tell a thousandth",
}
