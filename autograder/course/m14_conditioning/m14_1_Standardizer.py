"""Mistakes of Standardizer."""

from __future__ import annotations

from typing import Any

import torch
from m14_conditioning import Standardizer
from torch import Tensor, nn

from autograder.course.marks import mistake


@mistake("forward-refits", asks="lr.37")
class ForwardRefits(Standardizer):
    """Your forward measures the rows that it gets and scales by that. Test rows then come out with
    mean 0 wherever they lie, and a single row always as 0. Only fit may measure; forward uses what
    fit has found."""

    def forward(self, x: Tensor) -> Tensor:
        """Fit first."""
        self.fit(x)
        return super().forward(x)


@mistake("own-rows-measured", asks="lr.37")
class OwnRowsMeasured(Standardizer):
    """Your forward scales rows by their own mean and deviation and leaves mean and std alone. So
    what fit has found is never used, and test rows always come out with mean 0. Look at the numbers
    that forward subtracts and divides by."""

    def forward(self, x: Tensor) -> Tensor:
        """Scale by the rows' own statistics."""
        std = x.std(0, correction=0)
        return (x - x.mean(0)) / torch.where(std == 0, torch.ones_like(std), std)


@mistake("fits-pooled", asks="lr.37")
class FitsPooled(Standardizer):
    """Your fit keeps the rows of earlier calls and measures them together with the new ones. Then
    whatever was once shown to the scaler decides about every later row. Each call of fit starts
    anew; look at what it takes over."""

    def fit(self, train: Tensor) -> None:
        """Add the rows to the earlier ones."""
        earlier = getattr(self, "rows", train[:0])
        self.rows = torch.cat([earlier, train]).detach()
        super().fit(self.rows)


@mistake("constant-feature-nan")
class ConstantFeatureNan(Standardizer):
    """You divide by the std also where it is 0: a feature that never changed in training then gives
    nan or inf, which spread through every loss and weight. Look at what std is for such a
    feature."""

    def fit(self, train: Tensor) -> None:
        """Keep a std of 0."""
        self.mean, self.std = train.detach().mean(0), train.detach().std(0, correction=0)


@mistake("one-std-for-all", asks="lr.14")
class OneStdForAll(Standardizer):
    """You measure one std over all numbers together, or one for each row. A feature in thousands
    then still outweighs one in tenths. Each feature needs its own; look at the dimension over which
    you reduce."""

    def fit(self, train: Tensor) -> None:
        """Measure all numbers together."""
        super().fit(train)
        std = train.detach().std(correction=0)
        self.std = (std if std > 0 else torch.ones_like(std)).expand(len(self.mean)).clone()


@mistake("one-less")
class OneLess(Standardizer):
    """Your std divides by one less than the number of rows, torch's default. This task asks for the
    population's, which divides by the number of rows and also works for a single one. Look for the
    argument correction."""

    def fit(self, train: Tensor) -> None:
        """Use torch's default."""
        super().fit(train)
        std = train.detach().std(0)
        self.std = torch.where(std == 0, torch.ones_like(std), std)


@mistake("plain-attributes", asks="tb.47")
class PlainAttributes(nn.Module):
    """You keep mean and std as plain attributes. state_dict does not save them, and .to() or
    .float() leave them behind, so a loaded scaler has forgotten what fit found. Look for the method
    by which a module registers a tensor that is not trained."""

    def __init__(self, n_features: int) -> None:
        super().__init__()
        self.mean, self.std = torch.zeros(n_features), torch.ones(n_features)

    def fit(self, train: Tensor) -> None:
        """Measure rightly."""
        _measure(self, train)

    def forward(self, x: Tensor) -> Tensor:
        """Scale."""
        return (x - self.mean) / self.std

    def inverse(self, z: Tensor) -> Tensor:
        """Scale back."""
        return z * self.std + self.mean


@mistake("parameters", asks="tb.47")
class Parameters(nn.Module):
    """You made mean and std parameters. An optimizer that gets the model's parameters would change
    them, and what the data say about scale is not to be trained. They are to be saved and moved,
    no more: register them as buffers."""

    def __init__(self, n_features: int) -> None:
        super().__init__()
        self.mean = nn.Parameter(torch.zeros(n_features))
        self.std = nn.Parameter(torch.ones(n_features))

    def fit(self, train: Tensor) -> None:
        """Write into the parameters."""
        found = Standardizer(len(self.mean))
        found.fit(train)
        self.mean.data, self.std.data = found.mean, found.std

    def forward(self, x: Tensor) -> Tensor:
        """Scale."""
        return (x - self.mean) / self.std

    def inverse(self, z: Tensor) -> Tensor:
        """Scale back."""
        return z * self.std + self.mean


@mistake("variance")
class Variance(Standardizer):
    """You divide by the variance instead of its root. The result then has the reciprocal of the
    feature's unit, and its spread is not 1. Look at what std holds."""

    def fit(self, train: Tensor) -> None:
        """Keep the variance."""
        super().fit(train)
        self.std = self.std**2


@mistake("only-centred", asks="lr.14")
class OnlyCentred(Standardizer):
    """You subtract the mean and do not divide by the spread: features in large units still make the
    loss steep and those in small ones flat. Look at what is missing after the subtraction."""

    def forward(self, x: Tensor) -> Tensor:
        """Subtract the mean."""
        return x - self.mean

    def inverse(self, z: Tensor) -> Tensor:
        """Add the mean."""
        return z + self.mean


@mistake("inverse-in-forwards-order")
class InverseInForwardsOrder(Standardizer):
    """Your inverse undoes the steps in the order in which forward took them. What forward did last
    has to be undone first. Try it on the rows that forward has just scaled."""

    def inverse(self, z: Tensor) -> Tensor:
        """Add, then multiply."""
        return (z + self.mean) * self.std


@mistake("a-little-added")
class ALittleAdded(Standardizer):
    """You add a small number to the std before you divide, or to the variance. It saves a constant
    feature, but every other feature then comes out a little too small. Replace the std only where
    it is 0."""

    def forward(self, x: Tensor) -> Tensor:
        """Add to the std."""
        return (x - self.mean) / (self.std + 1e-5)


@mistake("graph-kept")
class GraphKept(Standardizer):
    """Your mean and std carry the graph of the training rows. Every later loss would then reach
    back into them, keep them in memory, and fail at its second backward. Cut the rows off before
    you measure."""

    def fit(self, train: Tensor) -> None:
        """Measure with the graph."""
        std = train.std(0, correction=0)
        self.mean, self.std = train.mean(0), torch.where(std == 0, torch.ones_like(std), std)


@mistake("training-rows-changed")
class TrainingRowsChanged(Standardizer):
    """You changed the training rows in place while you measured them. They belong to the caller,
    who still wants to train on them and to call forward with them. Look for operations that write
    into what was passed."""

    def fit(self, train: Tensor) -> None:
        """Centre the rows themselves."""
        super().fit(train)
        train.data.sub_(self.mean)


def _measure(scaler: Any, train: Tensor) -> None:
    """Give a scaler the right mean and std."""
    found = Standardizer(train.shape[1])
    found.fit(train)
    scaler.mean, scaler.std = found.mean, found.std
