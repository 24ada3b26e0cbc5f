"""Other ways to do Linear."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from m10_linear_module import Linear
from torch import nn

from autograder.course.marks import restated, right, wrong


@right()
class ByEinsum(nn.Module):
    """Registers the bias by name, also the missing one, and predicts by einsum."""

    def __init__(self, n_in, n_out, bias=True):
        """Draw the weight by Xavier."""
        super().__init__()
        self.weight = nn.Parameter(torch.empty(n_out, n_in))
        self.register_parameter("bias", nn.Parameter(torch.empty(n_out)) if bias else None)
        nn.init.xavier_uniform_(self.weight)
        if bias:
            nn.init.uniform_(self.bias, -0.1, 0.1)

    def forward(self, x):
        """Predict."""
        y = torch.einsum("...i,oi->...o", x, self.weight)
        return y if self.bias is None else y + self.bias


@right()
class StartsWithZeros(nn.Module):
    """Starts with zeros and knows its sizes as nn.Linear does."""

    def __init__(self, n_in, n_out, bias=True):
        """Make the parameters."""
        super().__init__()
        self.in_features, self.out_features = (n_in, n_out)
        self.weight = nn.Parameter(torch.zeros(n_out, n_in))
        self.bias = nn.Parameter(torch.zeros(n_out)) if bias else None

    def forward(self, x):
        """Predict."""
        return F.linear(x, self.weight, self.bias)


@right()
class ByTensordot(nn.Module):
    """Keeps a missing bias as an empty buffer and adds the number 0 in its place."""

    def __init__(self, n_in, n_out, bias=True):
        """Draw the parameters from rand."""
        super().__init__()
        k = 1 / math.sqrt(n_in)
        self.weight = nn.Parameter((torch.rand(n_out, n_in) * 2 - 1) * k)
        if bias:
            self.bias = nn.Parameter((torch.rand(n_out) * 2 - 1) * k)
        else:
            self.register_buffer("bias", None)

    def forward(self, x):
        """Predict."""
        return torch.tensordot(x, self.weight, dims=([-1], [1])) + (
            self.bias if self.bias is not None else 0
        )


@right()
class OverFlatRows(nn.Module):
    """Flattens the leading dimensions and adds the bias in place to a product of its own."""

    def __init__(self, n_in, n_out, bias=True):
        """Make empty parameters and fill them."""
        super().__init__()
        self.n_in, self.n_out = (n_in, n_out)
        self.weight = nn.Parameter(torch.empty((n_out, n_in)))
        self.bias = nn.Parameter(torch.empty(n_out)) if bias else None
        self.reset_parameters()

    def reset_parameters(self):
        """Draw as nn.Linear does."""
        nn.init.kaiming_uniform_(self.weight, a=5**0.5)
        if self.bias is not None:
            bound = self.n_in ** (-0.5)
            nn.init.uniform_(self.bias, -bound, bound)

    def forward(self, x):
        """Predict."""
        flat = x.reshape(-1, self.n_in)
        out = flat.mm(self.weight.t())
        if self.bias is not None:
            out += self.bias
        return out.reshape(*x.shape[:-1], self.n_out)


@right()
class BySumOfProducts(nn.Module):
    """Declares its parameters in a loop over names and sums products elementwise."""

    def __init__(self, n_in, n_out, bias=True):
        """Register both names."""
        super().__init__()
        for name, shape in {"weight": (n_out, n_in), "bias": (n_out,)}.items():
            made = nn.Parameter(torch.randn(shape)) if bias or name == "weight" else None
            self.register_parameter(name, made)

    def forward(self, x):
        """Predict."""
        out = (x.unsqueeze(-2) * self.weight).sum(-1)
        return out + self.bias if self.bias is not None else out


@restated("always-float32")
class AlwaysFloat32(nn.Module):
    """Makes float32 parameters whatever torch's default dtype is."""

    def __init__(self, n_in, n_out, bias=True):
        """Make the parameters."""
        super().__init__()
        self.weight = nn.Parameter(torch.randn(n_out, n_in, dtype=torch.float32))
        self.bias = nn.Parameter(torch.zeros(n_out, dtype=torch.float32)) if bias else None

    def forward(self, x):
        """Predict."""
        return F.linear(x, self.weight, self.bias)


@wrong()
class WritesOverX(Linear):
    """Writes the output into x where shapes and autograd allow it, to save memory."""

    def forward(self, x):
        """Reuse the memory of x."""
        out = super().forward(x)
        if x.shape == out.shape and not x.requires_grad:
            with torch.no_grad():
                x.copy_(out)
        return out


@wrong()
class AddsAPlainZero(nn.Module):
    """Computes with a plain tensor that .to(device) does not reach."""

    def __init__(self, n_in, n_out, bias=True):
        """Make the parameters and a zero."""
        super().__init__()
        self.weight = nn.Parameter(torch.randn(n_out, n_in))
        self.zero = torch.zeros(n_out)
        self.bias = nn.Parameter(torch.zeros(n_out)) if bias else None

    def forward(self, x):
        """Predict."""
        return x @ self.weight.T + (self.zero if self.bias is None else self.bias)


@wrong(named="wraps-nn-linear")
class InheritsFromNnLinear(nn.Linear):
    """Inherits everything from nn.Linear."""

    def __init__(self, n_in, n_out, bias=True):
        """Let nn.Linear make the parameters."""
        super().__init__(n_in, n_out, bias)

    def forward(self, x):
        """Predict."""
        return F.linear(x, self.weight, self.bias)


@wrong()
class DetachedForOneRow(Linear):
    """Cuts the weight off from the graph when x is 1-D."""

    def forward(self, x):
        """Predict."""
        w = self.weight.detach() if x.dim() == 1 else self.weight
        return F.linear(x, w, self.bias)


@wrong()
class FrozenCopyInEvalMode(Linear):
    """Keeps the weight of its first call in eval mode for the later ones."""

    cache = None

    def forward(self, x):
        """Predict."""
        if self.training:
            return F.linear(x, self.weight, self.bias)
        if self.cache is None:
            self.cache = self.weight.detach().clone()
        return F.linear(x, self.cache, self.bias)


@wrong()
class OldBiasInEvalMode(Linear):
    """Keeps the bias of its first call in eval mode for the later ones."""

    kept = None

    def forward(self, x):
        """Predict."""
        if self.training or self.bias is None:
            return F.linear(x, self.weight, self.bias)
        if self.kept is None:
            self.kept = self.bias.detach().clone()
        return F.linear(x, self.weight, self.kept)


@wrong(named="wraps-nn-linear")
class HidesAnNnLinear(nn.Module):
    """Hides an nn.Linear from nn.Module and lets it predict."""

    def __init__(self, n_in, n_out, bias=True):
        """Take over the parameters of the hidden layer."""
        super().__init__()
        inner = nn.Linear(n_in, n_out, bias)
        self.weight = inner.weight
        self.bias = inner.bias
        self.__dict__["inner"] = inner

    def forward(self, x):
        """Predict."""
        return self.__dict__["inner"](x)


@wrong()
class WithAScale(Linear):
    """Holds a buffer more, which its state_dict shows."""

    def __init__(self, n_in, n_out, bias=True):
        """Make the parameters and a buffer."""
        super().__init__(n_in, n_out, bias)
        self.register_buffer("scale", torch.ones(1))

    def forward(self, x):
        """Predict."""
        return super().forward(x) * self.scale


@wrong()
class GuessesTheLastSize(Linear):
    """Leaves the last size of the result to reshape, which an empty batch does not tell."""

    def forward(self, x):
        """Predict."""
        out = x.reshape(-1, x.shape[-1]) @ self.weight.T
        out = out if self.bias is None else out + self.bias
        return out.reshape(*x.shape[:-1], -1)


@wrong()
class CutsItsInputOff(Linear):
    """Cuts x off from the graph, so that no layer before it would learn."""

    def forward(self, x):
        """Predict."""
        return super().forward(x.detach())


@wrong()
class NoGradientsInEvalMode(Linear):
    """Cannot be differentiated in eval mode."""

    def forward(self, x):
        """Predict."""
        out = super().forward(x)
        return out if self.training else out.detach()


@wrong(named="wraps-nn-linear")
class MakesAnNnLinearForEveryCall(Linear):
    """Lends its parameters to a new nn.Linear whenever it is called."""

    def forward(self, x):
        """Predict."""
        lent = nn.Linear(*reversed(self.weight.shape), device="meta")
        lent.weight, lent.bias = self.weight, self.bias
        return lent(x)


@wrong(asks="lr.10")
class ViewsItsInput(Linear):
    """Flattens x by view, which a tensor that is not contiguous refuses."""

    def forward(self, x):
        """Predict."""
        out = F.linear(x.view(-1, self.weight.shape[1]), self.weight, self.bias)
        return out.view(*x.shape[:-1], self.weight.shape[0])


@wrong()
class KeepsATransposedWeight(Linear):
    """Transposes the weight once, when it is made."""

    def __init__(self, n_in, n_out, bias=True):
        """Make the parameters and a transposed view."""
        super().__init__(n_in, n_out, bias)
        self.turned = self.weight.t()

    def forward(self, x):
        """Predict."""
        out = x @ self.turned
        return out if self.bias is None else out + self.bias


@restated("bias-as-a-row", asks="lr.3")
class BiasAsARow(nn.Module):
    """Makes a bias of shape [1, n_out]."""

    def __init__(self, n_in, n_out, bias=True):
        """Make the parameters."""
        super().__init__()
        self.weight = nn.Parameter(torch.randn(n_out, n_in))
        self.bias = nn.Parameter(torch.zeros(1, n_out)) if bias else None

    def forward(self, x):
        """Predict."""
        return x @ self.weight.T + (0 if self.bias is None else self.bias)


@wrong()
class ZeroBiasThatIsFrozen(Linear):
    """Keeps a frozen bias of zeros where there should be none."""

    def __init__(self, n_in, n_out, bias=True):
        """Make the parameters."""
        super().__init__(n_in, n_out)
        if not bias:
            self.bias = nn.Parameter(torch.zeros(n_out), requires_grad=False)


@restated("plain-tensors")
class TensorsOfZeros(nn.Module):
    """Assigns plain tensors, switched to require gradients, and calls F.linear."""

    def __init__(self, n_in, n_out, bias=True):
        """Make the tensors."""
        super().__init__()
        self.weight = torch.zeros(n_out, n_in).requires_grad_()
        self.bias = None
        if bias:
            self.bias = torch.zeros(n_out).requires_grad_()

    def forward(self, x):
        """Predict."""
        return F.linear(x, self.weight, self.bias)


@restated("weight-in-out")
class ColumnsAreOutputs(nn.Module):
    """Makes a weight of one column per output and multiplies without a transpose."""

    def __init__(self, n_in, n_out, bias=True):
        """Make the parameters."""
        super().__init__()
        self.weight = nn.Parameter(torch.empty(n_in, n_out))
        nn.init.uniform_(self.weight, -1, 1)
        self.register_parameter("bias", nn.Parameter(torch.ones(n_out)) if bias else None)

    def forward(self, x):
        """Predict."""
        product = torch.matmul(x, self.weight)
        if self.bias is not None:
            product = product + self.bias
        return product


@restated("no-super-init")
class SetUpTooLate(nn.Module):
    """Sets nn.Module up after the parameters have been assigned."""

    def __init__(self, n_in, n_out, bias=True):
        """Make the parameters."""
        self.weight = nn.Parameter(torch.zeros(n_out, n_in))
        if bias:
            self.bias = nn.Parameter(torch.zeros(n_out))
        super().__init__()

    def forward(self, x):
        """Predict."""
        return F.linear(x, self.weight, self.bias)


@restated("no-bias-attribute")
class BiasOnlyWhereWanted(nn.Module):
    """Sets the bias inside an if that has no else."""

    def __init__(self, n_in, n_out, bias=True):
        """Make the parameters."""
        super().__init__()
        self.weight = nn.Parameter(torch.rand(n_out, n_in))
        if bias:
            self.bias = nn.Parameter(torch.rand(n_out))

    def forward(self, x):
        """Predict."""
        return F.linear(x, self.weight, self.bias)


@restated("bias-flag-ignored")
class BiasInAnyCase(nn.Module):
    """Takes the argument bias and never looks at it."""

    def __init__(self, n_in, n_out, bias=True):
        """Make the parameters."""
        super().__init__()
        self.weight = nn.Parameter(torch.rand(n_out, n_in))
        self.bias = nn.Parameter(torch.zeros(n_out))

    def forward(self, x):
        """Predict."""
        return x @ self.weight.T + self.bias


@restated("wraps-nn-linear")
class StackOfOne(nn.Module):
    """Holds an nn.Linear in an nn.Sequential."""

    def __init__(self, n_in, n_out, bias=True):
        """Make the stack."""
        super().__init__()
        self.net = nn.Sequential(nn.Linear(n_in, n_out, bias=bias))

    def forward(self, x):
        """Predict."""
        return self.net(x)


@wrong(named="weight-in-out, no-bias-attribute")
class FirstDraft(nn.Module):
    """Turns the weight round, and has a bias only on request."""

    def __init__(self, n_in, n_out, bias=True):
        """Make it."""
        super().__init__()
        self.weight = nn.Parameter(torch.randn(n_in, n_out))
        if bias:
            self.bias = nn.Parameter(torch.zeros(n_out))

    def forward(self, x):
        """Predict."""
        return x @ self.weight + self.bias


# Mutants of the reference that nothing can catch, and why.
EXCUSED = {
    "bound = n_in ** (-0.5) -> bound = n_in ** 0.5": "which numbers a layer starts with is free",
    "bound = n_in ** (-0.5) -> bound = n_in ** (-0.5005)": "which numbers a layer starts with is free",  # noqa: E501
    "bound = n_in ** (-0.5) -> bound = n_in ** (-1.5)": "which numbers a layer starts with is free",
    "self.weight = nn.Parameter(torch.empty(n_out, n_in).uniform_(-bound, bound)) -> self.weight = nn.Parameter(torch.empty(n_out, n_in).uniform_(bound, bound))": "which numbers a layer starts with is free",  # noqa: E501
    "self.bias = nn.Parameter(torch.empty(n_out).uniform_(-bound, bound)) if bias else None -> self.bias = nn.Parameter(torch.empty(n_out).uniform_(bound, bound)) if bias else None": "which numbers a layer starts with is free",  # noqa: E501
}
