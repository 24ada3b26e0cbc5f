"""Mistakes of RunningNorm."""

from __future__ import annotations

from typing import Any

import m21_state
import torch
from torch import Tensor, nn

from autograder.course.marks import mistake


class _Own(m21_state.RunningNorm):
    """The reference, whose parts can be exchanged."""

    def used(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return mean and variance to normalise by."""
        if self.training:
            return x.mean(0), x.var(0, correction=0)
        return self.running_mean, self.running_var

    def met(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return mean and variance of a batch, to be remembered."""
        return x.detach().mean(0), x.detach().var(0)

    def remember(self, x: Tensor) -> None:
        """Move the running statistics."""
        mean, var = self.met(x)
        keep = 1 - self.momentum
        self.running_mean = keep * self.running_mean + self.momentum * mean
        self.running_var = keep * self.running_var + self.momentum * var

    def scale(self, var: Tensor) -> Tensor:
        """Return what is divided by."""
        return torch.sqrt(var + 1e-5)

    def forward(self, x: Tensor) -> Tensor:
        """Normalise, and remember in training mode."""
        mean, var = self.used(x)
        if self.training:
            self.remember(x)
        return (x - mean) / self.scale(var)


@mistake("biased-running-variance")
class BiasedRunningVariance(_Own):
    """Your running_var divides the squares of a batch by N. That is right for normalising the batch
    itself; but what is remembered estimates the variance of all data, and torch divides by N - 1
    there. Look at which variance you store."""

    def met(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Divide by N."""
        return x.detach().mean(0), x.detach().var(0, correction=0)


@mistake("unbiased-normalising")
class UnbiasedNormalising(_Own):
    """You normalise a batch by a variance that divides by N - 1, torch's default for var. The task
    divides by N here, so that the batch comes out with a variance of 1. Only the remembered
    variance has N - 1."""

    def used(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Divide by N - 1."""
        return (x.mean(0), x.var(0)) if self.training else super().used(x)


@mistake("momentum-inverted")
class MomentumInverted(_Own):
    """Your momentum is the share of the old statistics. In torch's batch normalisation it is that
    of the new batch: with 0.1 most of the old number stays. Yours forgets nearly all of it in each
    step. Look at which factor belongs to which."""

    def __init__(self, n: int, momentum: float = 0.1) -> None:
        super().__init__(n, 1 - momentum)


@mistake("momentum-fixed")
class MomentumFixed(_Own):
    """Your statistics move by a tenth of the batch's, whatever momentum is. That is the default
    only; the caller may choose how fast old batches are forgotten. Keep the number that __init__
    gets, and use it."""

    def __init__(self, n: int, momentum: float = 0.1) -> None:
        super().__init__(n, 0.1)


@mistake("moves-in-eval", asks="lr.21 tb.47")
class MovesInEval(_Own):
    """Your running statistics move in eval mode, too. Predictions would then depend on what was
    predicted before, and validation rows leak into the model. Ask for self.training before anything
    is remembered."""

    def remember(self, x: Tensor) -> None:
        """Remember whatever the mode."""
        if len(x) > 1:
            super().remember(x)

    def forward(self, x: Tensor) -> Tensor:
        """Normalise, and remember always."""
        mean, var = self.used(x)
        self.remember(x)
        return (x - mean) / self.scale(var)


@mistake("batch-in-eval", asks="lr.21")
class BatchInEval(_Own):
    """In eval mode you normalise by the batch that came in. A row's prediction then depends on its
    neighbours, and a single row becomes zeros. What was remembered during training is kept for just
    this mode."""

    def used(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Use the batch."""
        return x.mean(0), x.var(0, correction=0)


@mistake("remembered-while-training", asks="lr.21")
class RememberedWhileTraining(_Own):
    """In training mode you normalise by the running statistics. They lag behind, and no gradient
    passes through them; training normalises each batch by its own mean and variance, and remembers
    them for later only."""

    def used(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Use what is remembered."""
        return self.running_mean, self.running_var


@mistake("plain-attributes", asks="tb.47")
class PlainAttributes(_Own):
    """Your running statistics are plain attributes. The module does not know them: they are not
    saved with the state_dict, and .to() and .double() leave them behind. Register them as buffers
    in __init__."""

    def __init__(self, n: int, momentum: float = 0.1) -> None:
        super().__init__(n, momentum)
        del self.running_mean, self.running_var
        self.running_mean, self.running_var = torch.zeros(n), torch.ones(n)

    def met(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Stay where the plain attributes are."""
        return tuple(s.to(self.running_mean) for s in super().met(x))  # type: ignore[return-value]


@mistake("statistics-are-parameters", asks="tb.47")
class StatisticsAreParameters(_Own):
    """Your running statistics are nn.Parameters. Then parameters() hands them to the optimizer,
    which may decay or move them, and they count as weights. They are state that no gradient
    changes: buffers."""

    def __init__(self, n: int, momentum: float = 0.1) -> None:
        super().__init__(n, momentum)
        del self.running_mean, self.running_var
        self.running_mean: Any = nn.Parameter(torch.zeros(n), requires_grad=False)
        self.running_var: Any = nn.Parameter(torch.ones(n), requires_grad=False)

    def remember(self, x: Tensor) -> None:
        """Move them in place."""
        for p, new in zip((self.running_mean, self.running_var), self.met(x), strict=True):
            p.mul_(1 - self.momentum).add_(self.momentum * new)


@mistake("graph-kept")
class GraphKept(_Own):
    """Your running statistics keep the graphs of all batches. Memory then grows with every step,
    for numbers that nobody will differentiate. Detach the batch before you remember anything of
    it."""

    def met(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Keep the graph."""
        return x.mean(0), x.var(0)


@mistake("statistics-detached")
class StatisticsDetached(_Own):
    """Your outputs are right, but no gradient passes through the batch's mean and variance, as if
    they were constants. They depend on x, so they are a part of the derivative. Detach only what is
    remembered."""

    def used(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Detach."""
        mean, var = super().used(x)
        return mean.detach(), var.detach()


@mistake("eps-beside-the-root")
class EpsBesideTheRoot(_Own):
    """Your 1e-5 stands beside the root: you add it to the standard deviation. For a feature that
    hardly varies that makes a large difference. In the task it is added to the variance, before the
    root is taken."""

    def scale(self, var: Tensor) -> Tensor:
        """Add it outside."""
        return torch.sqrt(var) + 1e-5


@mistake("eps-forgotten")
class EpsForgotten(_Own):
    """You divide by the standard deviation alone. Where a feature does not vary, that is a division
    by 0, and where it hardly varies, tiny noise is blown up. Look for the 1e-5 under the root."""

    def scale(self, var: Tensor) -> Tensor:
        """Add nothing."""
        return torch.sqrt(var)


@mistake("divided-by-the-variance")
class DividedByTheVariance(_Own):
    """You divide by the variance. It is in squared units, so the result still depends on the scale
    of the feature: normalised numbers have a standard deviation of 1 only if you divide by its
    root."""

    def scale(self, var: Tensor) -> Tensor:
        """Forget the root."""
        return var + 1e-5


@mistake("one-statistic-for-all")
class OneStatisticForAll(_Own):
    """You take one mean and one variance over all numbers of the batch. Features on different
    scales stay so, and large ones drown the small. Each feature has statistics of its own: look at
    the dimension."""

    def used(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Mix all features."""
        return (x.mean(), x.var(correction=0)) if self.training else super().used(x)

    def met(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Mix them here, too."""
        return x.detach().mean(), x.detach().var()


@mistake("variance-starts-at-0")
class VarianceStartsAt0(_Own):
    """Your running_var starts at 0. The first batches then count for too little spread, and an
    untrained layer divides by nearly nothing. torch starts with ones: mean 0 and variance 1 leave
    numbers as they are."""

    def __init__(self, n: int, momentum: float = 0.1) -> None:
        super().__init__(n, momentum)
        self.running_var.zero_()
