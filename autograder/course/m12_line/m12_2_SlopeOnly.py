"""Mistakes of SlopeOnly."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from autograder.course.marks import mistake


@mistake("plain-tensor")
class PlainTensor(nn.Module):
    """Your SlopeOnly has no parameters. A module registers only an nn.Parameter that is itself
    assigned to an attribute: no plain tensor or number, and nothing inside a list. So an optimizer
    finds nothing to train. Look at what you assign to self.slope."""

    def __init__(self) -> None:
        super().__init__()
        self.slope = torch.zeros(1, requires_grad=True)

    def forward(self, x: Tensor) -> Tensor:
        """Predict."""
        return self.slope * x


@mistake("plain-tensors-in-line", replaces="Line")
class PlainTensorsInLine(nn.Module):
    """Your SlopeOnly registers its parameter, your Line registers none, so no optimizer finds its
    slope and bias and state_dict leaves them out. A module registers only an nn.Parameter that is
    itself assigned to an attribute. Look at Line's __init__."""

    def __init__(self) -> None:
        super().__init__()
        self.slope, self.bias = torch.zeros(1), torch.zeros(1)

    def forward(self, x: Tensor) -> Tensor:
        """Predict."""
        return self.slope * x + self.bias


@mistake("plain-bias-in-line", replaces="Line")
class PlainBiasInLine(nn.Module):
    """Only the slope of your Line is registered as a parameter. Its bias is not, so it will never
    be trained, and all your lines pass through the same point on the y axis. Look at what you
    assign to self.bias."""

    def __init__(self) -> None:
        super().__init__()
        self.slope, self.bias = nn.Parameter(torch.zeros(1)), 0.0

    def forward(self, x: Tensor) -> Tensor:
        """Predict."""
        return self.slope * x + self.bias


@mistake("bias-in-slope-only")
class BiasInSlopeOnly(nn.Module):
    """Your SlopeOnly has a bias too, so it is a Line under another name. It is there to show a line
    that must pass through 0 at x = 0, and how badly that fits data that lies elsewhere. Look at the
    parameters you register."""

    def __init__(self) -> None:
        super().__init__()
        self.slope, self.bias = nn.Parameter(torch.zeros(1)), nn.Parameter(torch.zeros(1))

    def forward(self, x: Tensor) -> Tensor:
        """Predict."""
        return self.slope * x + self.bias


@mistake("no-super-init", asks="m2.1e")
class NoSuperInit(nn.Module):
    """You assign a parameter before nn.Module has been set up: the parent's __init__ makes the
    tables in which parameters are registered, and one of your two classes never runs it, or too
    late. Look at the first line of each __init__."""

    def __init__(self) -> None:
        self.slope = nn.Parameter(torch.zeros(1))

    def forward(self, x: Tensor) -> Tensor:
        """Predict."""
        return self.slope * x


@mistake("inner-linear", asks="m2.5b")
class InnerLinear(nn.Module):
    """Your SlopeOnly keeps its number in another module, such as nn.Linear: it predicts well, but
    the parameter carries that module's name. The task is to register one parameter of your own,
    called slope. Look at what your __init__ makes."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(1, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """Predict."""
        return torch.as_tensor(self.linear(x))


@mistake("inner-linear-in-line", replaces="Line")
class InnerLinearInLine(nn.Module):
    """Your Line keeps its numbers in another module, such as nn.Linear or SlopeOnly, so they are
    named after that one. The task is to register two parameters of your own, called slope and bias.
    Look at what Line's __init__ makes."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(1, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Predict."""
        return torch.as_tensor(self.linear(x))


@mistake("other-name")
class OtherName(nn.Module):
    """Your SlopeOnly has a parameter under another name than slope. The task names it, and a
    state_dict finds the number by that name. Look at what you call the attribute."""

    def __init__(self) -> None:
        super().__init__()
        self.w = nn.Parameter(torch.zeros(1))

    def forward(self, x: Tensor) -> Tensor:
        """Predict."""
        return self.w * x


@mistake("other-names-in-line", replaces="Line")
class OtherNamesInLine(nn.Module):
    """Not all parameters of your Line are called slope and bias. The task names them, and a
    state_dict finds the numbers by these names. Look at what you call the attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.w, self.b = nn.Parameter(torch.zeros(1)), nn.Parameter(torch.zeros(1))

    def forward(self, x: Tensor) -> Tensor:
        """Predict."""
        return self.w * x + self.b


@mistake("flat-predictions")
class FlatPredictions(nn.Module):
    """Your SlopeOnly's predictions are a vector, [N]. x is a column, [N, 1], and so is y: a vector
    minus a column gives N by N differences without any warning. Look at where the second axis is
    lost."""

    def __init__(self) -> None:
        super().__init__()
        self.slope = nn.Parameter(torch.zeros(1))

    def forward(self, x: Tensor) -> Tensor:
        """Predict."""
        return self.slope * x.flatten()


@mistake("flat-predictions-in-line", replaces="Line")
class FlatPredictionsInLine(nn.Module):
    """Your Line's predictions are a vector, [N]. x is a column, [N, 1], and so is y: a vector minus
    a column gives N by N differences without any warning. Look at where the second axis is lost."""

    def __init__(self) -> None:
        super().__init__()
        self.slope, self.bias = nn.Parameter(torch.zeros(1)), nn.Parameter(torch.zeros(1))

    def forward(self, x: Tensor) -> Tensor:
        """Predict."""
        return self.slope * x.flatten() + self.bias


@mistake("slope-cut-off")
class SlopeCutOff(nn.Module):
    """No gradient comes from your SlopeOnly's predictions to its slope: either the slope does not
    require one, or forward cuts it off, as .item(), .data, detach, torch.tensor and no_grad do. So
    it cannot be trained. Look at how it is made and used."""

    def __init__(self) -> None:
        super().__init__()
        self.slope = nn.Parameter(torch.zeros(1))

    def forward(self, x: Tensor) -> Tensor:
        """Predict."""
        return self.slope.detach() * x


@mistake("bias-unused-in-line", replaces="Line")
class BiasUnusedInLine(nn.Module):
    """Your Line has a bias and never adds it: its predictions pass through 0 at x = 0, and no
    gradient reaches the bias. Look at what its forward returns."""

    def __init__(self) -> None:
        super().__init__()
        self.slope, self.bias = nn.Parameter(torch.zeros(1)), nn.Parameter(torch.zeros(1))

    def forward(self, x: Tensor) -> Tensor:
        """Predict."""
        return self.slope * x
