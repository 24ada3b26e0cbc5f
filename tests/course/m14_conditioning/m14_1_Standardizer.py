"""Other ways to do Standardizer."""

from __future__ import annotations

import torch
from m14_conditioning import Standardizer
from torch import nn

from autograder.course.marks import restated, right, wrong


class Base(nn.Module):
    """Has two buffers, and scales by them."""

    def __init__(self, n_features):
        super().__init__()
        self.register_buffer("mean", torch.zeros(n_features))
        self.register_buffer("std", torch.ones(n_features))

    def forward(self, x):
        return torch.div(torch.sub(x, self.mean), self.std)

    def inverse(self, z):
        return torch.add(torch.mul(z, self.std), self.mean)


@right()
class CopiesIntoItsBuffers(nn.Module):
    """Writes into the buffers in place, and measures under no_grad."""

    def __init__(self, n_features):
        super().__init__()
        for name, value in (("mean", 0.0), ("std", 1.0)):
            self.register_buffer(name, torch.full((n_features,), value))

    @torch.no_grad()
    def fit(self, train):
        n = len(train)
        mean = train.sum(dim=0) / n
        var = ((train - mean) ** 2).sum(dim=0) / n
        self.mean.copy_(mean)
        self.std.copy_(var.sqrt())
        self.std[self.std == 0] = 1
        return self

    def forward(self, x):
        return (x - self.mean) * self.std.reciprocal()

    def inverse(self, z):
        return torch.addcmul(self.mean, z, self.std)


@right()
class ColumnByColumn(Base):
    """Measures each feature in plain Python."""

    def fit(self, train):
        for i, column in enumerate(train.detach().t().tolist()):
            mean = sum(column) / len(column)
            var = sum((v - mean) ** 2 for v in column) / len(column)
            constant = min(column) == max(column)
            self.mean[i], self.std[i] = mean, 1.0 if constant else var**0.5


@right()
class RegistersAnew(Base):
    """Registers the buffers again in every fit, and measures by var_mean."""

    def fit(self, train):
        var, mean = torch.var_mean(train.detach(), dim=0, correction=0)
        std = var.sqrt()
        self.register_buffer("mean", mean)
        self.register_buffer("std", std.masked_fill(std == 0, 1.0))


@wrong(asks="lr.14")
class ScaledByTheRange(Standardizer):
    """Divides by the range, so all features lie between 0 and 1."""

    def fit(self, train):
        train = train.detach()
        span = train.amax(0) - train.amin(0)
        self.mean = train.amin(0)
        self.std = torch.where(span == 0, torch.ones_like(span), span)


@wrong(named="forward-refits", asks="lr.37")
class TrainingModeRefits(Standardizer):
    """Fits in forward as long as it is in training mode, as batch normalisation does."""

    def forward(self, x):
        if self.training:
            self.fit(x)
        return super().forward(x)


@wrong()
class ConstantFeatureDropsToZero(Standardizer):
    """Gives 0 for every number of a feature that was constant in training."""

    def fit(self, train):
        super().fit(train)
        constant = train.detach().std(0, correction=0) == 0
        self.std = self.std.masked_fill(constant, float("inf"))


@wrong(asks="tb.47")
class NotPersistent(Standardizer):
    """Registers buffers that are not saved."""

    def __init__(self, n_features):
        super().__init__(n_features)
        self.register_buffer("mean", torch.zeros(n_features), persistent=False)
        self.register_buffer("std", torch.ones(n_features), persistent=False)


@wrong()
class BuffersInFloat32(Standardizer):
    """Makes its buffers in float32, whatever torch's default is."""

    def __init__(self, n_features):
        nn.Module.__init__(self)
        self.register_buffer("mean", torch.zeros(n_features, dtype=torch.float32))
        self.register_buffer("std", torch.ones(n_features, dtype=torch.float32))


@wrong()
class FirstFitCounts(Standardizer):
    """Refuses to learn anything after its first fit."""

    def fit(self, train):
        if not hasattr(self, "done"):
            super().fit(train)
            self.done = True


@wrong()
class SinglePrecision(Standardizer):
    """Measures in float32."""

    def fit(self, train):
        super().fit(train.float())
        self.mean, self.std = self.mean.to(train), self.std.to(train)


@wrong()
class OnlyWithoutGraph(Standardizer):
    """Scales under no_grad, so nothing before it can be trained."""

    @torch.no_grad()
    def forward(self, x):
        return super().forward(x)


@wrong()
class BuffersInFit(Base):
    """Registers its buffers only in fit, so a new one cannot load."""

    def __init__(self, n_features):
        super().__init__(n_features)
        del self.mean, self.std

    def fit(self, train):
        std = train.detach().std(0, correction=0)
        self.register_buffer("mean", train.detach().mean(0))
        self.register_buffer("std", torch.where(std == 0, torch.ones_like(std), std))


@restated("forward-refits")
class MeasuresInForward(Standardizer):
    """Sets mean and std anew in forward."""

    def forward(self, x):
        std = x.detach().std(0, correction=0)
        self.mean = x.detach().mean(0)
        self.std = std.where(std != 0, torch.ones_like(std))
        return (x - self.mean) / self.std


@restated("own-rows-measured")
class ScalesEachBatchByItself(Standardizer):
    """Never reads what fit has found."""

    def forward(self, x):
        var, mean = torch.var_mean(x, 0, correction=0)
        std = var.sqrt().clone()
        return (x - mean) / std.masked_fill(std == 0, 1)


@restated("fits-pooled")
class RemembersAllRows(Standardizer):
    """Keeps a list of all rows it was fitted on."""

    def __init__(self, n_features):
        super().__init__(n_features)
        self.seen = []

    def fit(self, train):
        self.seen.append(train.detach().clone())
        super().fit(torch.cat(self.seen))


@restated("constant-feature-nan")
class RootOfTheVariance(Standardizer):
    """Takes the root of the variance as it is."""

    def fit(self, train):
        var, mean = torch.var_mean(train.detach(), 0, correction=0)
        self.mean, self.std = mean, var.sqrt()


@restated("one-std-for-all")
class StdOfAllNumbers(Standardizer):
    """Forgets the dimension."""

    def fit(self, train):
        std = train.detach().var(correction=0).sqrt()
        self.mean = train.detach().mean(0)
        self.std = torch.full_like(self.mean, std.item() or 1.0)


@restated("one-less")
class TorchsDefault(Standardizer):
    """Leaves the correction at its default."""

    def fit(self, train):
        std = torch.std(train.detach(), dim=0)
        self.mean, self.std = train.detach().mean(0), std.masked_fill(std == 0, 1)


@restated("plain-attributes")
class JustAttributes(Base):
    """Assigns tensors to attributes."""

    def __init__(self, n):
        nn.Module.__init__(self)
        self.mean, self.std = torch.zeros(n), torch.ones(n)

    def fit(self, rows):
        rows = rows.detach()
        std = rows.std(0, unbiased=False)
        self.mean, self.std = rows.mean(0), torch.where(std > 0, std, torch.ones_like(std))


@restated("parameters")
class NewParametersInFit(Base):
    """Makes parameters and assigns new ones in fit."""

    def __init__(self, n):
        nn.Module.__init__(self)
        self.mean, self.std = nn.Parameter(torch.zeros(n)), nn.Parameter(torch.ones(n))

    def fit(self, rows):
        rows = rows.detach()
        std = rows.std(0, correction=0)
        std = torch.where(std > 0, std, torch.ones_like(std))
        self.mean, self.std = nn.Parameter(rows.mean(0)), nn.Parameter(std)


@restated("variance")
class DividesByVariance(Standardizer):
    """Measures the variance and calls it std."""

    def fit(self, train):
        var, mean = torch.var_mean(train.detach(), 0, correction=0)
        self.mean, self.std = mean, var.masked_fill(var == 0, 1)


@restated("only-centred")
class MeanOnly(Standardizer):
    """Subtracts the mean, and adds it back."""

    def forward(self, x):
        return torch.sub(x, self.mean)

    def inverse(self, z):
        return self.mean + z


@restated("inverse-in-forwards-order")
class AddsFirst(Standardizer):
    """Adds the mean, then multiplies."""

    def inverse(self, z):
        return self.std * (self.mean + z)


@restated("a-little-added")
class Epsilon(Standardizer):
    """Adds 1e-5 where it divides."""

    def forward(self, x):
        return torch.div(x - self.mean, self.std.add(1e-5))


@restated("graph-kept")
class NotDetached(Standardizer):
    """Measures the rows as they come."""

    def fit(self, train):
        var, mean = torch.var_mean(train, 0, correction=0)
        self.mean, self.std = mean, torch.where(var == 0, torch.ones_like(var), var).sqrt()


@restated("training-rows-changed")
class SubtractsInPlace(Standardizer):
    """Subtracts the mean from the rows themselves."""

    def fit(self, train):
        super().fit(train)
        with torch.no_grad():
            train -= self.mean
