"""Other ways to do LossScaler."""

from __future__ import annotations

import math

import m18_precision
import torch

from autograder.course.marks import restated, right, wrong


def params_of(opt):
    """Return the parameters that have a gradient."""
    return [p for group in opt.param_groups for p in group["params"] if p.grad is not None]


def finite(opt):
    """Say whether every gradient is finite."""
    return all(bool(torch.isfinite(p.grad).all()) for p in params_of(opt))


class Base:
    """What many of the ways share: two flags, and gradients multiplied by the inverse."""

    def __init__(self, init=65536.0):
        self.s = float(init)
        self.done = False
        self.bad = False

    def get_scale(self):
        return self.s

    def scale(self, loss):
        return self.s * loss

    def divide(self, opt):
        for p in params_of(opt):
            with torch.no_grad():
                p.grad.mul_(1 / self.s) if 1 / self.s > 1e-37 else p.grad.div_(self.s)

    def unscale_(self, opt):
        if self.done:
            raise RuntimeError("unscaled twice")
        self.divide(opt)
        self.done = True
        self.bad = not finite(opt)

    def step(self, opt):
        if not self.done:
            self.unscale_(opt)
        if not self.bad:
            opt.step()

    def update(self):
        if self.bad:
            self.s *= 0.5
        self.bad = self.done = False


@right()
class WithFlags(Base):
    """Multiplies by the inverse, and asks all gradients at the end."""


@right()
class NewGradients(Base):
    """Gives each parameter a new gradient."""

    def divide(self, opt):
        for p in params_of(opt):
            p.grad = p.grad.detach() / self.s


@right()
class StateInAWord(Base):
    """Keeps one state in place of two flags, and the scale as a tensor."""

    def __init__(self, init=65536.0):
        self.tensor = torch.tensor(init, dtype=torch.float64)
        self.state = "scaled"

    def get_scale(self):
        return self.tensor.item()

    def scale(self, loss):
        return loss * self.tensor.item()

    def unscale_(self, opt):
        if self.state != "scaled":
            raise RuntimeError(f"the gradients are {self.state}")
        self.state = "good"
        for group in opt.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                p.grad.div_(self.tensor.item())
                if not all(map(math.isfinite, p.grad.flatten().tolist())):
                    self.state = "bad"

    def step(self, opt):
        if self.state == "scaled":
            self.unscale_(opt)
        if self.state == "good":
            opt.step()

    def update(self):
        self.tensor /= 2 if self.state == "bad" else 1
        self.state = "scaled"


@right()
class LooksInStep(Base):
    """Asks the gradients when the step is due."""

    def unscale_(self, opt):
        if self.done:
            raise RuntimeError
        self.divide(opt)
        self.done = True

    def step(self, opt):
        if not self.done:
            self.unscale_(opt)
        self.bad = not finite(opt)
        if not self.bad:
            opt.step()


@right()
class PowerKept(Base):
    """Keeps how often it has halved."""

    def __init__(self, init=65536.0):
        self.init, self.halved = init, 0
        self.done = self.bad = False

    @property
    def s(self):
        return self.init * 2.0**-self.halved

    def update(self):
        self.halved += self.bad
        self.bad = self.done = False


@right()
class ByForeach(Base):
    """Divides all gradients in one operation."""

    def divide(self, opt):
        if grads := [p.grad for p in params_of(opt)]:
            torch._foreach_div_(grads, self.s)


@wrong()
class StopsAtTheFirstBad(Base):
    """Leaves the other gradients scaled and does not notice a bad one that comes later."""

    def divide(self, opt):
        for p in params_of(opt):
            p.grad /= self.s
            if p.grad.abs().max() > 1:
                break


@wrong()
class LooksBeforeItDivides(Base):
    """Asks the scaled gradients: divided by a scale below 1 they may overflow."""

    def unscale_(self, opt):
        bad = not finite(opt)
        super().unscale_(opt)
        self.bad = bad


@wrong()
class NotBelowOne(Base):
    """Has 1 for the smallest scale."""

    def update(self):
        super().update()
        self.s = max(self.s, 1)


@wrong()
class WholeScales(Base):
    """Halves in whole numbers."""

    def update(self):
        self.s = float(self.s // 2) if self.bad else self.s
        self.bad = self.done = False


@wrong()
class HalvesInStep(Base):
    """Halves at once, when the step is skipped."""

    def step(self, opt):
        super().step(opt)
        if self.bad:
            self.s /= 2

    def update(self):
        self.bad = self.done = False


@wrong()
class ScaleAsItCame(Base):
    """Keeps an int where it was given one."""

    def get_scale(self):
        return int(self.s) if self.s < 2000 and self.s == int(self.s) else self.s


@wrong()
class FirstGroupOnly(Base):
    """Knows one group of parameters."""

    def divide(self, opt):
        for p in opt.param_groups[0]["params"]:
            if p.grad is not None:
                p.grad /= self.s


@wrong(named="large-gradients-skipped")
class SumOfGradients(Base):
    """Asks whether the sum is finite."""

    def unscale_(self, opt):
        super().unscale_(opt)
        self.bad = not all(p.grad.sum().isfinite() for p in params_of(opt))


@wrong()
class SkippedStaysScaled(Base):
    """Divides only for a step that is taken."""

    def step(self, opt):
        if not self.done and not finite(opt):
            self.bad = True
            return
        super().step(opt)


@wrong()
class StepForgetsThatItDivided(Base):
    """Divides in step, and unscale_ after it divides again."""

    def step(self, opt):
        done = self.done
        super().step(opt)
        self.done = done


@wrong()
class QuartersTheScale(Base):
    """Divides by four."""

    def update(self):
        self.s *= 0.25 if self.bad else 1
        self.bad = self.done = False


@wrong()
class HalvesNotBelow128(Base):
    """Has a smallest scale."""

    def update(self):
        super().update()
        self.s = max(self.s, 128.0)


@wrong()
class ZeroGradAndStep(Base):
    """Takes the step with gradients of 0, so that momentum moves the weights."""

    def step(self, opt):
        if not self.done:
            self.unscale_(opt)
        if self.bad:
            for p in params_of(opt):
                p.grad.zero_()
        opt.step()


@wrong()
class StepsTwice(Base):
    """Takes a good step twice."""

    def step(self, opt):
        super().step(opt)
        if not self.bad:
            opt.step()


@wrong(named="large-gradients-skipped")
class MeanOfGradients(Base):
    """Skips where the mean of the gradients is large."""

    def unscale_(self, opt):
        super().unscale_(opt)
        self.bad = self.bad or any(p.grad.abs().mean() > 1e20 for p in params_of(opt))


@wrong()
class WholeFlag(Base):
    """Asks any for all: one finite number is enough."""

    def unscale_(self, opt):
        super().unscale_(opt)
        self.bad = not all(bool(torch.isfinite(p.grad).any()) for p in params_of(opt))


@wrong()
class ScalesInPlace(Base):
    """Multiplies the loss in place."""

    def scale(self, loss):
        return loss.mul_(self.s)


@wrong()
class ValueErrorRaised(Base):
    """Raises another exception."""

    def unscale_(self, opt):
        if self.done:
            raise ValueError("unscaled twice")
        super().unscale_(opt)


@wrong()
class ScaleIsAnAttribute(Base):
    """Gives the scale as a tensor."""

    def get_scale(self):
        return torch.tensor(self.s)


@wrong()
class PlusInfinityOnly(Base):
    """Looks for the largest number."""

    def unscale_(self, opt):
        super().unscale_(opt)
        self.bad = any(
            bool((p.grad == math.inf).any() | p.grad.isnan().any()) for p in params_of(opt)
        )


@restated("steps-anyway")
class NoIf(Base):
    """Forgets the if."""

    def step(self, opt):
        if not self.done:
            self.unscale_(opt)
        opt.step()


@restated("never-unscaled")
class DividesNever(Base):
    """Steps with what is there."""

    def step(self, opt):
        self.bad = not finite(opt)
        if not self.bad:
            opt.step()


@restated("halves-always")
class NoIfInUpdate(Base):
    """Halves whatever was found."""

    def update(self):
        self.s /= 2
        self.done = self.bad = False


@restated("never-halves")
class UpdateForgetsOnly(Base):
    """Resets the flags."""

    def update(self):
        self.done = self.bad = False


@restated("unscaled-in-step-only")
class NotesTheCall(Base):
    """Divides in step."""

    noted = False

    def unscale_(self, opt):
        if self.noted:
            raise RuntimeError("twice")
        self.noted = True

    def step(self, opt):
        self.divide(opt)
        if finite(opt):
            opt.step()
        else:
            self.bad = True

    def update(self):
        super().update()
        self.noted = False


@restated("divided-in-step-again")
class StepDivides(Base):
    """Divides whatever was called before."""

    def step(self, opt):
        self.divide(opt)
        if finite(opt):
            opt.step()
        else:
            self.bad = True


@restated("second-unscale-accepted")
class ReturnsAtOnce(Base):
    """Returns where it should raise."""

    def unscale_(self, opt):
        if self.done:
            return
        super().unscale_(opt)


@restated("divided-at-each-call")
class NoCheck(Base):
    """Does not ask."""

    def unscale_(self, opt):
        self.divide(opt)
        self.bad = not finite(opt)
        self.done = True


@restated("nan-overlooked")
class IsInf(Base):
    """Asks isinf of each gradient."""

    def unscale_(self, opt):
        super().unscale_(opt)
        self.bad = any(torch.isinf(p.grad).sum() > 0 for p in params_of(opt))


@restated("inf-overlooked")
class IsNan(Base):
    """Compares each number with itself."""

    def unscale_(self, opt):
        super().unscale_(opt)
        self.bad = any((p.grad != p.grad).any() for p in params_of(opt))


@restated("last-parameter-decides")
class Overwritten(Base):
    """Writes over the flag."""

    def unscale_(self, opt):
        super().unscale_(opt)
        for p in params_of(opt):
            self.bad = not p.grad.isfinite().all()


@restated("first-parameter-decides")
class BreakTooEarly(Base):
    """Leaves the loop."""

    def unscale_(self, opt):
        super().unscale_(opt)
        for p in params_of(opt):
            self.bad = not p.grad.isfinite().all()
            break


@restated("large-gradients-skipped")
class SumOfSquares(Base):
    """Asks the sum of all squares."""

    def unscale_(self, opt):
        super().unscale_(opt)
        self.bad = not math.isfinite(sum(float(p.grad.square().sum()) for p in params_of(opt)))


@restated("overflow-remembered")
class BadForEver(Base):
    """Resets one flag of two."""

    def update(self):
        if self.bad:
            self.s /= 2
        self.done = False

    def unscale_(self, opt):
        before = self.bad
        super().unscale_(opt)
        self.bad |= before


@restated("zeros-for-bad-numbers")
class NanToNum(Base):
    """Replaces, and steps."""

    def step(self, opt):
        if not self.done:
            self.unscale_(opt)
        for p in params_of(opt):
            p.grad = torch.where(p.grad.isfinite(), p.grad, torch.zeros_like(p.grad))
        opt.step()


@restated("grows-each-time")
class DoublesOrHalves(Base):
    """Doubles or halves."""

    def update(self):
        self.s = self.s / 2 if self.bad else self.s * 2
        self.done = self.bad = False


@restated("loss-not-scaled")
class Unscaled(Base):
    """Multiplies by 1."""

    def scale(self, loss):
        return loss * 1


@restated("cut-off")
class ByItem(Base):
    """Takes the number out."""

    def scale(self, loss):
        return torch.tensor(loss.item() * self.s, dtype=loss.dtype, device=loss.device)


@restated("none-gradient")
class AllParameters(Base):
    """Goes over all parameters."""

    def divide(self, opt):
        for group in opt.param_groups:
            for p in group["params"]:
                p.grad /= self.s


@restated("scale-of-the-class")
class SharedState(m18_precision.LossScaler):
    """Keeps the scale in a variable of the class."""

    shared = [1.0]  # noqa: RUF012 - this is the fault

    def __init__(self, init=65536.0):
        super().__init__(init)
        self.shared[0] = self

    def get_scale(self):
        return self.shared[0]._scale


@restated("torchs-scaler")
class Inherits(m18_precision.LossScaler):
    """Makes a scaler of torch."""

    def __init__(self, init=65536.0):
        self.inner = torch.amp.GradScaler("cpu", init_scale=init, growth_interval=10**9)
        super().__init__(init)


# Mutants of the reference that nothing can catch, and why.
EXCUSED = {
    "p.grad /= self._scale -> p.grad = p.grad / self._scale": "p.grad may be a new tensor",
    "self._found_bad |= not p.grad.isfinite().all() -> "
    "self._found_bad = self._found_bad | (not p.grad.isfinite().all())": (
        "a bool cannot be changed in place"
    ),
    "self._scale /= 2 -> self._scale = self._scale / 2": "a float cannot be changed in place",
}
