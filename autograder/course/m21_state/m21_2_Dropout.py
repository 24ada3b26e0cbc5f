"""Mistakes of Dropout."""

from __future__ import annotations

from typing import Any

import m21_state
import torch
from torch import Generator, Tensor

from autograder.course.marks import mistake


class _Own(m21_state.Dropout):
    """The reference, whose parts can be exchanged."""

    def keep(self, x: Tensor) -> Tensor:
        """Return a mask of what is kept."""
        draws = torch.rand(x.shape, generator=self.generator, device=x.device)
        return (draws >= self.p).to(x.dtype)

    def masked(self, x: Tensor) -> Tensor:
        """Return x in training mode, with a p below 1."""
        return x * self.keep(x) / (1 - self.p)

    def forward(self, x: Tensor) -> Tensor:
        """Obey the mode."""
        if not self.training:
            return x
        return x * 0 if self.p == 1 else self.masked(x)


@mistake("keeps-with-p", asks="tb.52")
class KeepsWithP(_Own):
    """Your mask keeps numbers with probability p. But p is the probability to drop: with 0.2 yours
    drops four fifths, and the mean becomes p / (1 - p) times what it was. Look at what a 1 in your
    mask stands for."""

    def keep(self, x: Tensor) -> Tensor:
        """Take p for the share that stays."""
        return 1 - super().keep(x)


@mistake("not-rescaled", asks="tb.52")
class NotRescaled(_Own):
    """You leave the kept numbers as they are. Then the mean in training is only 1 - p times that in
    eval mode, and the next layer sees another scale in each. Inverted dropout makes up for it while
    training."""

    def masked(self, x: Tensor) -> Tensor:
        """Only drop."""
        return x * self.keep(x)


@mistake("rescaled-by-p", asks="tb.52")
class RescaledByP(_Own):
    """You divide the kept numbers by p. The share that is kept is 1 - p, and the mean is restored
    by dividing by that share; your factor fits only where p is a half."""

    def masked(self, x: Tensor) -> Tensor:
        """Divide by the wrong share."""
        return x * self.keep(x) / self.p if self.p else x


@mistake("multiplied-by-the-share", asks="tb.52")
class MultipliedByTheShare(_Own):
    """You multiply the kept numbers by 1 - p, which makes the mean smaller a second time. Numbers
    have been dropped, so those that stay have to grow. Look at the direction of the factor."""

    def masked(self, x: Tensor) -> Tensor:
        """Shrink twice."""
        return x * self.keep(x) * (1 - self.p)


@mistake("scaled-in-eval", asks="tb.52 lr.21")
class ScaledInEval(_Own):
    """You scale in eval mode, by 1 - p, and not in training. That is the older form of dropout; the
    inverted one scales while training, so that eval mode returns x as it is. Move the factor to the
    other mode."""

    def forward(self, x: Tensor) -> Tensor:
        """Scale later."""
        return super().forward(x) if self.training else x * (1 - self.p)

    def masked(self, x: Tensor) -> Tensor:
        """Only drop."""
        return x * self.keep(x)


@mistake("drops-in-eval", asks="lr.21")
class DropsInEval(_Own):
    """You drop numbers in eval mode, too. Predictions then change from call to call and lose a part
    of the input. A module knows its mode from the attribute training, which train() and eval()
    set: ask it."""

    def forward(self, x: Tensor) -> Tensor:
        """Ask for no mode."""
        return x * 0 if self.p == 1 else self.masked(x)


@mistake("nan-where-p-is-1")
class NanWherePIs1(_Own):
    """Where p is 1, you divide 0 by 0 and return nan. The share that is kept is 0 then, and no
    factor can restore the mean: all is dropped, so the result is zeros. Treat this p apart."""

    def forward(self, x: Tensor) -> Tensor:
        """Divide always."""
        share = torch.full_like(x, 1 - self.p, requires_grad=False)
        return x * self.keep(x) / share if self.training else x


@mistake("one-draw-for-each-row")
class OneDrawForEachRow(_Own):
    """You draw one number for each row, so whole rows are dropped or kept. Each number of x is to
    be dropped by a draw of its own: the mask needs the shape of x."""

    def keep(self, x: Tensor) -> Tensor:
        """Drop rows."""
        return super().keep(x[..., :1]) if x.dim() else super().keep(x)


@mistake("one-draw-for-each-feature")
class OneDrawForEachFeature(_Own):
    """You draw one number for each feature, so a feature is dropped in all rows at once. Each
    number of x is to be dropped by a draw of its own: the mask needs the shape of x."""

    def keep(self, x: Tensor) -> Tensor:
        """Drop columns."""
        return super().keep(x[0]).expand(x.shape) if x.dim() > 1 else super().keep(x)


@mistake("one-mask-for-ever")
class OneMaskForEver(_Own):
    """You draw the mask once and use it again in later calls. Then the same numbers are always
    dropped, and the network learns to do without them. Draw anew in each call."""

    mask: Any = None

    def keep(self, x: Tensor) -> Tensor:
        """Keep the mask."""
        if self.mask is None or self.mask.shape != x.shape:
            self.mask = super().keep(x)
        return self.mask  # type: ignore[no-any-return]


@mistake("generator-ignored")
class GeneratorIgnored(_Own):
    """You take a generator and do not draw from it. The mask comes from torch's global generator,
    so the caller's seed repeats nothing. Hand the generator on to the draw."""

    def __init__(self, p: float, generator: Generator | None = None) -> None:
        super().__init__(p)


@mistake("drawn-in-eval", asks="lr.21")
class DrawnInEval(_Own):
    """You draw a mask in eval mode, and do not use it. The generator has moved on all the same, so
    a validation in between changes every later draw of the training. Ask for the mode first."""

    def forward(self, x: Tensor) -> Tensor:
        """Draw first."""
        mask = self.keep(x)
        if not self.training:
            return x
        return x * 0 if self.p == 1 else x * mask / (1 - self.p)


@mistake("x-overwritten")
class XOverwritten(_Own):
    """You write the zeros into the caller's own tensor. Whoever needs x again, such as a second
    branch of the network, then gets the dropped one. Compute a new tensor."""

    def masked(self, x: Tensor) -> Tensor:
        """Drop in place."""
        out = super().masked(x)
        x.detach().copy_(out)
        return out


@mistake("any-p-taken")
class AnyPTaken(_Own):
    """You take any p, also one below 0 or above 1. That is no probability; the mask would be all
    ones or zeros, and the factor negative or too small. Refuse it with a ValueError when the layer
    is made."""

    def __init__(self, p: float, generator: Generator | None = None) -> None:
        super().__init__(min(max(p, 0.0), 1.0), generator)
