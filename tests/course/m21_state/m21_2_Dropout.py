"""Other ways to do Dropout."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as F

from autograder.course.marks import restated, right, wrong


class _Own(nn.Module):
    """A right layer, whose parts are exchanged below."""

    def __init__(self, p, generator=None):
        super().__init__()
        if p < 0 or p > 1:
            raise ValueError("p must lie between 0 and 1")
        self.rate, self.source = p, generator

    def mask(self, x):
        """Return True where a number is kept."""
        share = torch.full_like(x, 1 - self.rate, requires_grad=False)
        return torch.bernoulli(share, generator=self.source).bool()

    def factor(self):
        """Return what kept numbers are multiplied by."""
        return 1 / (1 - self.rate) if self.rate < 1 else 0.0

    def forward(self, x):
        if self.training:
            return torch.where(self.mask(x), x * self.factor(), torch.zeros_like(x))
        return x


@right()
class ByBernoulli(_Own):
    """Draws with torch.bernoulli and picks with torch.where."""


@right()
class ByMaskedFill(_Own):
    """Fills what is dropped with zeros, and returns a copy in eval mode."""

    def forward(self, x):
        if not self.training:
            return x.clone()
        dropped = torch.rand(x.shape, generator=self.source, device=x.device) < self.rate
        return (x * self.factor()).masked_fill(dropped, 0)


@right()
class InPlaceUniform(_Own):
    """Fills an empty tensor with draws in x's dtype."""

    def mask(self, x):
        return torch.empty_like(x, requires_grad=False).uniform_(generator=self.source) > self.rate


@right()
class TorchsOwnWithoutAGenerator(_Own):
    """Leaves the work to torch where no generator was given."""

    def forward(self, x):
        if self.source is None:
            return F.dropout(x, self.rate, self.training)
        return super().forward(x)


@right()
class AllAtOnce(_Own):
    """Has its mask and factor in one tensor; a p of 1 is answered apart."""

    def forward(self, x):
        if self.rate == 0 or not self.training:
            return x + 0
        if self.rate == 1:
            return torch.zeros_like(x) * x
        scale = self.mask(x).to(x.dtype).div_(1 - self.rate)
        return x.mul(scale)


@wrong()
class HalfAlways(_Own):
    """Drops one in two, whatever p is."""

    def __init__(self, p, generator=None):
        super().__init__(p, generator)
        self.rate = 0.5 if 0 < p < 1 else p


@wrong()
class CountsExactly(_Own):
    """Drops the exact share of numbers in each row."""

    def mask(self, x):
        n = x.shape[-1] if x.dim() else 1
        order = torch.rand(x.shape, generator=self.source, device=x.device)
        if not x.dim():
            return order >= self.rate
        return order.argsort(-1).argsort(-1) >= round(n * self.rate)


@wrong()
class GradientUnmasked(_Own):
    """Lets the gradient pass everywhere."""

    def forward(self, x):
        return x + (super().forward(x) - x).detach()


@wrong()
class GradientUnscaled(_Own):
    """Scales the values, and not the gradient."""

    def forward(self, x):
        out = super().forward(x)
        mask = (out != 0).to(x.dtype)
        return x * mask + (out - x * mask).detach()


@wrong()
class MaskInDefaultDtype(_Own):
    """Multiplies by a mask of torch's default dtype, which half precision gives way to."""

    def forward(self, x):
        if not self.training:
            return x
        ones = torch.ones(x.shape, device=x.device)
        return x * ones.masked_fill(~self.mask(x), 0) * self.factor()


@wrong()
class NoiseAdded(_Own):
    """Multiplies by normal noise of the same mean in place of a mask."""

    def forward(self, x):
        if not self.training or self.rate in (0, 1):
            return super().forward(x)
        noise = torch.empty_like(x, requires_grad=False).normal_(generator=self.source)
        return x * (1 + noise * (self.rate / (1 - self.rate)) ** 0.5)


@wrong()
class SeedsItself(_Own):
    """Seeds the global generator in each call."""

    def forward(self, x):
        if self.source is None:
            torch.manual_seed(0)
        return super().forward(x)


@wrong()
class OwnGenerator(_Own):
    """Makes a generator of its own where none is given."""

    def __init__(self, p, generator=None):
        super().__init__(p, generator or torch.Generator())

    def mask(self, x):
        return torch.rand(x.shape, generator=self.source).to(x.device) >= self.rate


@wrong()
class RescaledByTheShareKept(_Own):
    """Divides by the share that happens to be kept."""

    def forward(self, x):
        if not self.training or self.rate in (0, 1):
            return super().forward(x)
        mask = self.mask(x).to(x.dtype)
        return x * mask / mask.mean().clamp_min(1e-3)


@wrong()
class PIsABuffer(_Own):
    """Saves p with the state."""

    def __init__(self, p, generator=None):
        super().__init__(p, generator)
        self.register_buffer("p", torch.tensor(float(p)))


@wrong()
class OneRefused(_Own):
    """Refuses a p of 1."""

    def __init__(self, p, generator=None):
        super().__init__(p, generator)
        if p >= 1:
            raise ValueError("p must be below 1")


@wrong()
class AlphaDropout(_Own):
    """Puts a negative number where something is dropped."""

    def forward(self, x):
        out = super().forward(x)
        return out if not self.training or self.rate in (0, 1) else out - (out == 0) * 0.5


@wrong()
class OnTheCpu(_Own):
    """Draws on the CPU, wherever x lies."""

    def mask(self, x):
        return torch.rand(x.shape, generator=self.source) >= self.rate


@restated("keeps-with-p")
class BernoulliOfP(_Own):
    """Draws the documents' mask."""

    def mask(self, x):
        return torch.rand(x.shape, generator=self.source, device=x.device) < self.rate


@restated("not-rescaled")
class FactorOne(_Own):
    """Has a factor of 1."""

    def factor(self):
        return 1.0


@restated("rescaled-by-p")
class OneOverP(_Own):
    """Has the factor 1 / p."""

    def factor(self):
        return 1 / self.rate if 0 < self.rate < 1 else 1 - self.rate


@restated("multiplied-by-the-share")
class TimesShare(_Own):
    """Has the factor 1 - p."""

    def factor(self):
        return 1 - self.rate


@restated("scaled-in-eval")
class OldDropout(_Own):
    """Is the dropout of the first paper."""

    def factor(self):
        return 1.0

    def forward(self, x):
        return super().forward(x) if self.training else (1 - self.rate) * x


@restated("drops-in-eval")
class NeverEval(_Own):
    """Does not ask for the mode."""

    def forward(self, x):
        return torch.where(self.mask(x), x * self.factor(), torch.zeros_like(x))


@restated("nan-where-p-is-1")
class TensorDivision(_Own):
    """Divides tensors, which makes nan of 0 / 0."""

    def forward(self, x):
        if not self.training:
            return x
        return x * self.mask(x) / torch.full_like(x, 1 - self.rate, requires_grad=False)


@restated("one-draw-for-each-row")
class RowMask(_Own):
    """Draws [N, 1] in place of [N, I]."""

    def mask(self, x):
        shape = (*x.shape[:-1], 1) if x.dim() else ()
        return torch.rand(shape, generator=self.source, device=x.device) >= self.rate


@restated("one-draw-for-each-feature")
class FeatureMask(_Own):
    """Draws [I] in place of [N, I]."""

    def mask(self, x):
        return torch.rand(x.shape[-1:], generator=self.source, device=x.device) >= self.rate


@restated("one-mask-for-ever")
class CachedMask(_Own):
    """Keeps masks in a dict by their shape."""

    def mask(self, x):
        self.__dict__.setdefault("masks", {})
        if x.shape not in self.masks:
            self.masks[x.shape] = super().mask(x)
        return self.masks[x.shape]


@restated("generator-ignored")
class GlobalDraws(_Own):
    """Draws like x, from the global generator."""

    def mask(self, x):
        return torch.rand_like(x) >= self.rate


@restated("drawn-in-eval")
class MaskFirst(_Own):
    """Draws before it asks."""

    def forward(self, x):
        mask = self.mask(x)
        return torch.where(mask, x * self.factor(), torch.zeros_like(x)) if self.training else x


@restated("x-overwritten")
class InPlace(_Own):
    """Writes the result into x's memory."""

    def forward(self, x):
        out = super().forward(x)
        if self.training and 0 < self.rate < 1:
            x.data.copy_(out.data)
        return out


@restated("any-p-taken")
class Clamped(_Own):
    """Brings p between 0 and 1."""

    def __init__(self, p, generator=None):
        super().__init__(max(0.0, min(1.0, p)), generator)


EXCUSED = {
    "return x * (draws >= self.p) / (1 - self.p) -> return x * (draws > self.p) / (1 - self.p)": (
        "a draw is equal to p once in 16 million"
    ),
}
