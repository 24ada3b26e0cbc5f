"""Mistakes of LossScaler."""

from __future__ import annotations

from typing import Any

import m18_precision
import torch
from torch import Tensor
from torch.optim import Optimizer

from autograder.course.marks import mistake


@mistake("steps-anyway", asks="tb.49")
class StepsAnyway(m18_precision.LossScaler):
    """Your step lets the optimizer go on with gradients that are inf or nan. One such step makes
    the weights inf or nan, and nothing brings them back. It has to be skipped, and the next one is
    taken with a smaller scale."""

    def step(self, opt: Optimizer) -> None:
        """Take every step."""
        if not self._unscaled:
            self.unscale_(opt)
        opt.step()


@mistake("never-unscaled", asks="tb.49")
class NeverUnscaled(m18_precision.LossScaler):
    """Your step uses the gradients of the scaled loss as they are. They are too large by the scale,
    and so is the step. Divide by the scale before the optimizer sees them, also if the caller has
    not called unscale_."""

    def step(self, opt: Optimizer) -> None:
        """Leave unscaling to the caller."""
        if not any(_bad(p) for p in _params(opt)):
            opt.step()
        self._found_bad = any(_bad(p) for p in _params(opt))


@mistake("halves-always", asks="tb.49")
class HalvesAlways(m18_precision.LossScaler):
    """Your update halves the scale after every step. After a few dozen of them nothing is scaled
    any more, and the small gradients are lost again. Only a step that was skipped is a reason to
    halve."""

    def update(self) -> None:
        """Halve always."""
        self._found_bad = True
        super().update()


@mistake("never-halves", asks="tb.49")
class NeverHalves(m18_precision.LossScaler):
    """Your update leaves the scale as it is after a step that was skipped. The next gradients
    overflow as well, and no step is ever taken again. The scale has to go down until they fit."""

    def update(self) -> None:
        """Forget to halve."""
        self._unscaled = self._found_bad = False


@mistake("unscaled-in-step-only", asks="tb.49")
class UnscaledInStepOnly(m18_precision.LossScaler):
    """Your unscale_ leaves the gradients as they are, and step divides them. Whoever clips in
    between clips scaled gradients: next to nothing is left of them after the division. They must
    have their true size when unscale_ returns."""

    _asked = False

    def unscale_(self, opt: Optimizer) -> None:
        """Note the call."""
        if self._asked:
            raise RuntimeError("called twice")
        self._asked = True

    def step(self, opt: Optimizer) -> None:
        """Divide here."""
        super().unscale_(opt)
        super().step(opt)

    def update(self) -> None:
        """Forget the call."""
        super().update()
        self._asked = False


@mistake("divided-in-step-again")
class DividedInStepAgain(m18_precision.LossScaler):
    """Your step divides the gradients by the scale although unscale_ has done it before. Twice
    divided they are so small that nothing moves. Remember, until update(), that they are unscaled
    already."""

    def step(self, opt: Optimizer) -> None:
        """Divide in any case."""
        self._unscaled = False
        super().step(opt)


@mistake("second-unscale-accepted")
class SecondUnscaleAccepted(m18_precision.LossScaler):
    """No RuntimeError leaves your unscale_ when it is called a second time before update(). The
    caller has made a mistake then, and should hear of it before gradients are divided twice, or
    clipped at another place than he thinks."""

    def unscale_(self, opt: Optimizer) -> None:
        """Pass over a second call."""
        if not self._unscaled:
            super().unscale_(opt)


@mistake("divided-at-each-call")
class DividedAtEachCall(m18_precision.LossScaler):
    """Your unscale_ divides by the scale at every call: after a second one the gradients are too
    small by the scale, and no RuntimeError tells the caller so. Remember, until update(), that they
    are unscaled already, and raise one."""

    def unscale_(self, opt: Optimizer) -> None:
        """Divide again."""
        self._unscaled = False
        super().unscale_(opt)


@mistake("nan-overlooked")
class NanOverlooked(m18_precision.LossScaler):
    """Your scaler looks for inf and overlooks nan. Where two infinite numbers meet in a backward
    pass, as inf minus inf, the gradient is nan, and the step ruins the weights as well. Ask what is
    finite."""

    def unscale_(self, opt: Optimizer) -> None:
        """Ask for inf."""
        super().unscale_(opt)
        grads = [p.grad for p in _params(opt) if p.grad is not None]
        self._found_bad = any(bool(g.isinf().any()) for g in grads)


@mistake("inf-overlooked", asks="tb.49")
class InfOverlooked(m18_precision.LossScaler):
    """Your scaler looks for nan and overlooks inf, which is what a float becomes when it overflows.
    nan comes later, if at all, and by then the weights are infinite. Ask what is finite."""

    def unscale_(self, opt: Optimizer) -> None:
        """Ask for nan."""
        super().unscale_(opt)
        grads = [p.grad for p in _params(opt) if p.grad is not None]
        self._found_bad = any(bool(g.isnan().any()) for g in grads)


@mistake("last-parameter-decides")
class LastParameterDecides(m18_precision.LossScaler):
    """Your scaler keeps only what it has found in the last parameter: each turn of the loop writes
    over the answer of the one before. One bad gradient anywhere is enough to skip the step. Look at
    how the answers are joined."""

    def unscale_(self, opt: Optimizer) -> None:
        """Overwrite the answer."""
        super().unscale_(opt)
        self._found_bad = [_bad(p) for p in _params(opt) if p.grad is not None][-1]


@mistake("first-parameter-decides")
class FirstParameterDecides(m18_precision.LossScaler):
    """Your scaler looks at the first gradient and at no other. One bad gradient anywhere is enough
    to skip the step. Look at where your loop ends."""

    def unscale_(self, opt: Optimizer) -> None:
        """Look at one gradient."""
        super().unscale_(opt)
        self._found_bad = next(_bad(p) for p in _params(opt) if p.grad is not None)


@mistake("large-gradients-skipped")
class LargeGradientsSkipped(m18_precision.LossScaler):
    """Your scaler skips a step whose gradients are large, but finite. Perhaps it asks whether their
    norm or sum is finite, which overflows by itself where squares are added up. Ask each number by
    itself."""

    def unscale_(self, opt: Optimizer) -> None:
        """Ask for the norm."""
        super().unscale_(opt)
        norms = [p.grad.norm() for p in _params(opt) if p.grad is not None]
        self._found_bad = not torch.stack(norms).isfinite().all()


@mistake("overflow-remembered", asks="tb.49")
class OverflowRemembered(m18_precision.LossScaler):
    """Your scaler does not forget an overflow: after the first one it skips every later step and
    halves the scale each time. Each step has to be judged by its own gradients. Look at what
    update() leaves behind."""

    def update(self) -> None:
        """Forget all but the overflow."""
        found = self._found_bad
        super().update()
        self._found_bad = found


@mistake("zeros-for-bad-numbers")
class ZerosForBadNumbers(m18_precision.LossScaler):
    """Your scaler puts other numbers in the place of inf and nan and takes the step. What the
    gradient was is unknown then, the other gradients of this step are mostly spoilt, too, and
    momentum goes on all the same. The whole step is to be skipped."""

    def step(self, opt: Optimizer) -> None:
        """Put zeros in."""
        if not self._unscaled:
            self.unscale_(opt)
        for p in _params(opt):
            if p.grad is not None:
                p.grad.nan_to_num_(0, 0, 0)
        opt.step()


@mistake("grows-each-time")
class GrowsEachTime(m18_precision.LossScaler):
    """Your update doubles the scale after a step that was taken. This scaler never grows, and
    torch's does so only after 2000 good steps in a row: otherwise every few steps one would be
    lost."""

    def update(self) -> None:
        """Double after a good step."""
        factor = 1 if self._found_bad else 2
        super().update()
        self._scale *= factor


@mistake("loss-not-scaled", asks="lr.33")
class LossNotScaled(m18_precision.LossScaler):
    """Your scale returns the loss as it came. Its gradients are then divided by a scale that they
    never had, and the small ones are lost in the backward pass. Multiply the loss."""

    def scale(self, loss: Tensor) -> Tensor:
        """Return the loss."""
        return loss


@mistake("cut-off")
class CutOff(m18_precision.LossScaler):
    """Your scale returns a loss without its graph, so backward() reaches no weight or raises.
    Multiply the tensor itself. Look for item, detach, or a new tensor that is made of the
    number."""

    def scale(self, loss: Tensor) -> Tensor:
        """Detach the loss."""
        return super().scale(loss.detach())


@mistake("none-gradient")
class NoneGradient(m18_precision.LossScaler):
    """Your unscale_ treats every parameter as if it had a gradient. One that took no part in the
    loss has None there, and the division crashes. Pass over it."""

    def unscale_(self, opt: Optimizer) -> None:
        """Divide None, too."""
        for p in _params(opt):
            p.grad.mul_(1)
        super().unscale_(opt)


@mistake("scale-of-the-class")
class ScaleOfTheClass(m18_precision.LossScaler):
    """Your scale belongs to the class: a scaler that is made later changes that of all others.
    Each scaler has its own, which is kept in self."""

    _kept: Any = None

    def __init__(self, init: float = 65536.0) -> None:
        super().__init__(init)
        type(self)._kept = self

    def get_scale(self) -> float:
        """Ask the latest."""
        return float(self._kept._scale)


@mistake("torchs-scaler")
class TorchsScaler(m18_precision.LossScaler):
    """Your scaler lets torch's own do the work. The task is to write it yourself: one number, two
    flags, and a loop over the gradients. Look at what you import from torch.amp."""

    def __init__(self, init: float = 65536.0) -> None:
        torch.amp.GradScaler("cpu")
        super().__init__(init)


def _params(opt: Optimizer) -> list[Any]:
    return [p for group in opt.param_groups for p in group["params"]]


def _bad(p: Tensor) -> bool:
    return p.grad is not None and not bool(p.grad.isfinite().all())
