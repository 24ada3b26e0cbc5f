"""Other ways to do RunningNorm."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as F

from autograder.course.marks import restated, right, wrong


class _Own(nn.Module):
    """A right layer, whose parts are exchanged below."""

    def __init__(self, n, momentum=0.1):
        super().__init__()
        self.begin(n)
        self.rate = momentum

    def begin(self, n):
        """Make the buffers."""
        self.register_buffer("running_mean", torch.zeros(n))
        self.register_buffer("running_var", torch.ones(n))

    def met(self, x):
        """Return what is remembered of a batch."""
        return x.mean(0), x.var(0, unbiased=True)

    def forward(self, x):
        if not self.training:
            return (x - self.running_mean) * (self.running_var + 1e-5).rsqrt()
        with torch.no_grad():
            for buffer, new in zip((self.running_mean, self.running_var), self.met(x), strict=True):
                buffer += self.rate * (new - buffer)
        return self.scaled(x)

    def scaled(self, x):
        """Normalise a batch by itself."""
        centred = x - x.mean(dim=0, keepdim=True)
        return centred * (centred.square().mean(0) + 1e-5).rsqrt()


@right()
class Functional(_Own):
    """Leaves it all to torch's function."""

    def forward(self, x):
        return F.batch_norm(
            x, self.running_mean, self.running_var, None, None, self.training, self.rate
        )


@right()
class InPlace(_Own):
    """Moves the buffers in place, by differences."""


@right()
class ByLerp(_Own):
    """Puts new numbers into the buffers' data."""

    def forward(self, x):
        if self.training:
            var, mean = torch.var_mean(x.detach(), dim=0)
            self.running_mean.data.lerp_(mean, self.rate)
            self.running_var.data.lerp_(var, self.rate)
            return self.scaled(x)
        return x.sub(self.running_mean).div(self.running_var.add(1e-5).sqrt())


@right()
class BesselByHand(_Own):
    """Stores the biased variance times N over N - 1, in new tensors."""

    def forward(self, x):
        mean, var = self.running_mean, self.running_var
        if self.training:
            n = x.shape[0]
            mean = x.sum(0) / n
            var = ((x - mean) ** 2).sum(0) / n
            kept = 1 - self.rate
            self.running_mean = kept * self.running_mean + self.rate * mean.detach()
            self.running_var = kept * self.running_var + self.rate * var.detach() * n / (n - 1)
        return (x - mean) / (var + 1e-5) ** 0.5


@right()
class CopiesInto(_Own):
    """Computes under inference mode and copies into the buffers."""

    def met(self, x):
        rows = x.detach().unbind()
        mean = sum(rows) / len(rows)
        return mean, sum((row - mean) ** 2 for row in rows) / (len(rows) - 1)


@wrong()
class TorchInside(nn.Module):
    """Leaves the work to torch's own layer."""

    def __init__(self, n, momentum=0.1):
        super().__init__()
        self.inner = nn.BatchNorm1d(n, affine=False, momentum=momentum)

    def __getattr__(self, name):
        if name.startswith("running"):
            return getattr(self.inner, name)
        return super().__getattr__(name)

    def forward(self, x):
        return self.inner(x)


@wrong()
class CumulativeAverage(_Own):
    """Averages over all batches, whatever the momentum."""

    seen = 0

    def forward(self, x):
        if self.training:
            self.seen += 1
            self.rate = 1 / self.seen
        return super().forward(x)


@wrong()
class StdRemembered(_Own):
    """Remembers a standard deviation under the name of the variance."""

    def met(self, x):
        return x.mean(0), x.std(0)


@wrong()
class FirstBatchTaken(_Own):
    """Takes the first batch's statistics whole."""

    fresh = True

    def forward(self, x):
        rate = self.rate
        if self.training and self.fresh:
            self.rate, self.fresh = 1.0, False
        out = super().forward(x)
        self.rate = rate
        return out


@wrong()
class CountsBatches(_Own):
    """Has a third buffer."""

    def begin(self, n):
        super().begin(n)
        self.register_buffer("num_batches_tracked", torch.tensor(0))


@wrong()
class MeanNotMoved(_Own):
    """Remembers the variance alone."""

    def met(self, x):
        return self.running_mean, x.var(0)


@wrong()
class NormalisedBuffers(_Own):
    """Remembers the statistics of its output."""

    def met(self, x):
        return super().met(self.scaled(x))


@wrong(asks="tb.47")
class NotPersistent(_Own):
    """Its buffers move with the module, but are not saved."""

    def begin(self, n):
        self.register_buffer("running_mean", torch.zeros(n), persistent=False)
        self.register_buffer("running_var", torch.ones(n), persistent=False)


@wrong(asks="lr.21")
class ModeOfTheStart(_Own):
    """Keeps the mode in which it was made."""

    def forward(self, x):
        self.training = True
        return super().forward(x)


@wrong()
class CentredOnly(_Own):
    """Subtracts the mean, and divides by nothing."""

    def scaled(self, x):
        return x - x.mean(0)


@wrong()
class WritesIntoX(_Own):
    """Centres the rows of the caller."""

    def scaled(self, x):
        out = super().scaled(x)
        x.data.sub_(x.data.mean(0))
        return out


@wrong()
class FixedDtype(_Own):
    """Makes float32 buffers by name."""

    def begin(self, n):
        self.register_buffer("running_mean", torch.zeros(n, dtype=torch.float32))
        self.register_buffer("running_var", torch.ones(n, dtype=torch.float32))


@restated("biased-running-variance")
class OneVariance(_Own):
    """Stores the variance that it normalises by."""

    def met(self, x):
        return x.mean(0), (x - x.mean(0)).square().mean(0)


@restated("unbiased-normalising")
class DefaultVar(_Own):
    """Calls var without any option."""

    def scaled(self, x):
        return (x - x.mean(0)) / (x.var(0) + 1e-5).sqrt()


@restated("momentum-inverted")
class KeepsAShare(_Own):
    """Multiplies the old by the momentum."""

    def forward(self, x):
        if self.training:
            mean, var = (s.detach() for s in self.met(x))
            self.running_mean = self.rate * self.running_mean + (1 - self.rate) * mean
            self.running_var = self.rate * self.running_var + (1 - self.rate) * var
            return self.scaled(x)
        return super().forward(x)


@restated("momentum-fixed")
class ATenth(_Own):
    """Has the default in its code."""

    def __init__(self, n, momentum=0.1):
        super().__init__(n)


@restated("moves-in-eval")
class AsksForNothing(_Own):
    """Updates first, whatever the mode; a single row has no variance and is let through."""

    def forward(self, x):
        if self.training:
            return super().forward(x)
        out = super().forward(x)
        if x.shape[0] > 1:
            mean, var = self.met(x.detach())
            self.running_mean.mul_(1 - self.rate).add_(mean * self.rate)
            self.running_var.mul_(1 - self.rate).add_(var * self.rate)
        return out


@restated("batch-in-eval")
class AlwaysTheBatch(_Own):
    """Does not look at what it remembers."""

    def forward(self, x):
        return super().forward(x) if self.training else self.scaled(x)


@restated("remembered-while-training")
class AlwaysRemembered(_Own):
    """Normalises by the statistics as they are before the batch."""

    def forward(self, x):
        out = (x - self.running_mean) / (self.running_var + 1e-5).sqrt()
        if self.training:
            super().forward(x)
        return out


@restated("plain-attributes")
class Attributes(_Own):
    """Assigns tensors to self, and brings new ones to their dtype."""

    def begin(self, n):
        self.running_mean = torch.zeros(n)
        self.running_var = torch.ones(n)

    def met(self, x):
        x = x.to(self.running_mean.device, self.running_mean.dtype)
        return super().met(x)


@restated("statistics-are-parameters")
class Frozen(_Own):
    """Has frozen parameters in place of buffers."""

    def begin(self, n):
        self.running_mean = nn.Parameter(torch.zeros(n), requires_grad=False)
        self.running_var = nn.Parameter(torch.ones(n), requires_grad=False)


@restated("graph-kept")
class Tracked(_Own):
    """Forgets to switch recording off."""

    def forward(self, x):
        if self.training:
            mean, var = self.met(x)
            self.running_mean = self.running_mean + self.rate * (mean - self.running_mean)
            self.running_var = self.running_var + self.rate * (var - self.running_var)
            return self.scaled(x)
        return super().forward(x)


@restated("statistics-detached")
class Constants(_Own):
    """Computes the batch's statistics within no_grad."""

    def scaled(self, x):
        with torch.no_grad():
            mean, std = x.mean(0), (x.var(0, correction=0) + 1e-5).sqrt()
        return (x - mean) / std


@restated("eps-beside-the-root")
class EpsOnStd(_Own):
    """Adds to the standard deviation in both modes."""

    def forward(self, x):
        out = super().forward(x)
        return out if self.training else (x - self.running_mean) / (self.running_var**0.5 + 1e-5)

    def scaled(self, x):
        return (x - x.mean(0)) / (x.std(0, correction=0) + 1e-5)


@restated("eps-forgotten")
class NoEps(_Own):
    """Divides by the standard deviation."""

    def forward(self, x):
        out = super().forward(x)
        return out if self.training else (x - self.running_mean) / self.running_var**0.5

    def scaled(self, x):
        return (x - x.mean(0)) / x.std(0, correction=0)


@restated("divided-by-the-variance")
class NoRoot(_Own):
    """Has no root in either mode."""

    def forward(self, x):
        out = super().forward(x)
        return out if self.training else (x - self.running_mean) / (self.running_var + 1e-5)

    def scaled(self, x):
        return (x - x.mean(0)) / (x.var(0, correction=0) + 1e-5)


@restated("one-statistic-for-all")
class AllNumbers(_Own):
    """Takes statistics without a dimension."""

    def met(self, x):
        return x.mean(), x.var()

    def scaled(self, x):
        return (x - x.mean()) / (x.var(correction=0) + 1e-5).sqrt()


@restated("variance-starts-at-0")
class TwoZeros(_Own):
    """Starts both at zero."""

    def begin(self, n):
        super().begin(n)
        self.running_var = torch.zeros(n)
