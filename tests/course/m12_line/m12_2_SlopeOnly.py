"""Other ways to do SlopeOnly."""

from __future__ import annotations

import torch
from m12_line import Line, SlopeOnly
from torch import nn
from torch.nn import functional as F

from autograder.course.marks import restated, right, wrong


@right(replaces="Line")
class LineFromSlopeOnly(SlopeOnly):
    """Inherits the slope and adds a bias of shape [1, 1]."""

    def __init__(self):
        """Register the bias beside the inherited slope."""
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(1, 1))

    def forward(self, x):
        """Predict with the parent's forward."""
        return super().forward(x) + self.bias


@right(replaces="Line")
class LineByLinear(nn.Module):
    """Has a random [1, 1] slope and hands it to functional.linear."""

    def __init__(self):
        """Register a weight matrix under the name slope."""
        super().__init__()
        self.slope = nn.Parameter(torch.rand(1, 1))
        self.bias = nn.Parameter(torch.rand(1))

    def forward(self, x):
        """Predict."""
        return F.linear(x, self.slope, self.bias)


@right(replaces="Line")
class LineByAddcmul(nn.Module):
    """Has parameters without axes and adds and multiplies in one operation."""

    def __init__(self):
        """Register two numbers."""
        super().__init__()
        self.slope = nn.Parameter(torch.ones([]))
        self.bias = nn.Parameter(torch.zeros([]))

    def forward(self, x):
        """Predict."""
        return torch.addcmul(self.bias, x, self.slope)


@right()
class SlopeByMatrixProduct(nn.Module):
    """Has a [1, 1] slope and multiplies matrices."""

    def __init__(self):
        """Register a matrix."""
        super().__init__()
        self.slope = nn.Parameter(torch.rand(1, 1))

    def forward(self, x):
        """Predict."""
        return x @ self.slope


@right()
class SlopeRegisteredByName(nn.Module):
    """Registers its number with register_parameter and keeps a note in a buffer."""

    def __init__(self):
        """Register one number, and a buffer that is no parameter."""
        super().__init__()
        self.register_parameter("slope", nn.Parameter(torch.ones([])))
        self.register_buffer("seen", torch.zeros(()), persistent=False)

    def forward(self, x):
        """Predict."""
        self.seen = torch.tensor(len(x))
        return torch.mul(x, self.slope)


@right()
class SlopeByEinsum(nn.Module):
    """Sums over the single feature by einsum."""

    def __init__(self):
        """Register a number drawn at random."""
        super().__init__()
        self.slope = nn.Parameter(torch.randn(1))

    def forward(self, x):
        """Predict."""
        return torch.einsum("nf,f->n", x, self.slope).unsqueeze(-1)


SHARED = nn.Parameter(torch.zeros(1))


@wrong(replaces="Line")
class LineCastsToFloat32(nn.Module):
    """x is rounded to float32 on its way in."""

    def __init__(self):
        """Register both parameters."""
        super().__init__()
        self.slope = nn.Parameter(torch.zeros(1))
        self.bias = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        """Predict."""
        return self.slope * x.float() + self.bias


@wrong(replaces="Line")
class LineFlatForOneRow(nn.Module):
    """squeeze loses the column where x has a single row."""

    def __init__(self):
        """Register both parameters."""
        super().__init__()
        self.slope = nn.Parameter(torch.zeros(1))
        self.bias = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        """Predict."""
        pred = self.slope * x.squeeze() + self.bias
        return pred if len(x) == 1 else pred.reshape(-1, 1)


@wrong(replaces="Line")
class LineStacksRows(nn.Module):
    """A loop over the rows cannot do without one."""

    def __init__(self):
        """Register both parameters."""
        super().__init__()
        self.slope = nn.Parameter(torch.zeros(1))
        self.bias = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        """Predict."""
        return torch.stack([self.slope * r + self.bias for r in x])


@wrong(replaces="Line")
class LineTakesItsBiasOut(nn.Module):
    """The bias enters as a number, so no gradient reaches it."""

    def __init__(self):
        """Register both parameters."""
        super().__init__()
        self.slope = nn.Parameter(torch.zeros(1))
        self.bias = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        """Predict."""
        return self.slope * x + self.bias.item()


@wrong(replaces="Line")
class LineSharesItsSlope(nn.Module):
    """All lines train the same module-level slope."""

    def __init__(self):
        """Register a parameter that exists only once."""
        super().__init__()
        self.slope = SHARED
        self.bias = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        """Predict."""
        return self.slope * x + self.bias


@wrong(replaces="Line")
class LineScalesItsInput(nn.Module):
    """x is multiplied in place."""

    def __init__(self):
        """Register both parameters."""
        super().__init__()
        self.slope = nn.Parameter(torch.zeros(1))
        self.bias = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        """Predict."""
        pred = self.slope * x + self.bias
        x *= self.slope.detach()
        return pred


@wrong()
class SlopeNeverNegative(nn.Module):
    """Only the size of the slope counts, not its sign."""

    def __init__(self):
        """Register the slope."""
        super().__init__()
        self.slope = nn.Parameter(torch.ones(1))

    def forward(self, x):
        """Predict."""
        return self.slope.abs() * x


@wrong()
class FrozenBias(nn.Module):
    """A second parameter is there, though it is frozen."""

    def __init__(self):
        """Register the slope, and a bias that stays."""
        super().__init__()
        self.slope = nn.Parameter(torch.ones(1))
        self.bias = nn.Parameter(torch.zeros(1), requires_grad=False)

    def forward(self, x):
        """Predict."""
        return self.slope * x + self.bias


@restated("flat-predictions")
class SlopeFlattened(nn.Module):
    """The predictions are a vector."""

    def __init__(self):
        """Register the slope."""
        super().__init__()
        self.slope = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        """Predict."""
        return x.flatten() * self.slope


@wrong()
class SlopeOfTheFirstCall(nn.Module):
    """Keeps the slope of its first call for the predictions."""

    def __init__(self):
        """Make the slope."""
        super().__init__()
        self.slope = nn.Parameter(torch.ones(1))
        self.first = None

    def forward(self, x):
        """Predict."""
        if self.first is None:
            self.first = self.slope.detach().clone()
        return x * (self.first + self.slope - self.slope.detach())


@wrong(replaces="Line", asks="m2.1a")
class LineAddsBeforeItScales(Line):
    """The bias is added to x, and multiplied by the slope with it."""

    def forward(self, x):
        """Predict."""
        return self.slope * (x + self.bias)


@wrong(replaces="Line", asks="m2.1b")
class LineWithItsPartsExchanged(Line):
    """The bias sets how steep the line is, and the slope where it crosses the axis."""

    def forward(self, x):
        """Predict."""
        return self.bias * x + self.slope


@restated("bias-unused-in-line", replaces="Line", asks="lr.22")
class LineWithoutItsBias(Line):
    """The bias is registered and left out, so that every line goes through the origin."""

    def forward(self, x):
        """Predict."""
        return self.slope * x


@restated("plain-tensor")
class NumberForSlope(nn.Module):
    """The slope is a Python number."""

    def __init__(self):
        """Keep a number."""
        super().__init__()
        self.slope = 1.0

    def forward(self, x):
        """Predict."""
        return x * self.slope


@restated("plain-tensors-in-line", replaces="Line")
class TrainableTensorsInLine(nn.Module):
    """Both are tensors that require their gradient, yet no parameters."""

    def __init__(self):
        """Keep two tensors."""
        super().__init__()
        self.slope = torch.randn(1, requires_grad=True)
        self.bias = torch.randn(1, requires_grad=True)

    def forward(self, x):
        """Predict."""
        return torch.addcmul(self.bias, x, self.slope)


@restated("plain-bias-in-line", replaces="Line")
class TensorForBias(nn.Module):
    """The bias is a tensor of zeros beside a parameter."""

    def __init__(self):
        """Register the slope alone."""
        super().__init__()
        self.slope = nn.Parameter(torch.randn(()))
        self.bias = torch.zeros(())

    def forward(self, x):
        """Predict."""
        return x * self.slope + self.bias


@restated("bias-in-slope-only")
class SlopeWithOffset(nn.Module):
    """The line through 0 has a bias, handed to functional.linear."""

    def __init__(self):
        """Register weight and bias."""
        super().__init__()
        self.slope = nn.Parameter(torch.ones(1, 1))
        self.bias = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        """Predict."""
        return F.linear(x, self.slope, self.bias)


@restated("no-super-init")
class SuperInitTooLate(nn.Module):
    """The parent's __init__ runs after the parameter is assigned."""

    def __init__(self):
        """Assign before there is a table of parameters."""
        self.slope = nn.Parameter(torch.ones([]))
        super().__init__()

    def forward(self, x):
        """Predict."""
        return x * self.slope


@restated("inner-linear")
class LayerCalledSlope(nn.Module):
    """The slope is a layer of that name."""

    def __init__(self):
        """Make a layer without bias."""
        super().__init__()
        self.slope = nn.Linear(in_features=1, out_features=1, bias=False)

    def forward(self, x):
        """Predict."""
        return self.slope(x)


@restated("inner-linear-in-line", replaces="Line")
class LineOfSequential(nn.Module):
    """The line is a sequence of one layer."""

    def __init__(self):
        """Make a sequence."""
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(1, 1))

    def forward(self, x):
        """Predict."""
        return self.layers(x)


@restated("slope-cut-off")
class NumberTakenOut(nn.Module):
    """Multiplies x by the bare number."""

    def __init__(self):
        """Make it."""
        super().__init__()
        self.slope = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        """Predict."""
        return self.slope.item() * x


@restated("slope-cut-off")
class FrozenSlope(nn.Module):
    """Has a slope that requires no gradient."""

    def __init__(self):
        """Make it."""
        super().__init__()
        self.slope = nn.Parameter(torch.zeros(1), requires_grad=False)

    def forward(self, x):
        """Predict."""
        return self.slope * x
