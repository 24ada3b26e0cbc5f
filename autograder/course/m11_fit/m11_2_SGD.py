"""Mistakes of SGD."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import m11_fit
import torch
from torch import Tensor

from autograder.course.marks import mistake


@mistake("generator-kept")
class GeneratorKept(m11_fit.SGD):
    """You keep the generator that model.parameters() returns. It can be read once: the first loop
    over it uses it up, and every later step and zero_grad goes over nothing at all, without any
    error. Keep what it yields instead."""

    def __init__(self, params: Iterable[Tensor], lr: float) -> None:
        if not params:
            raise ValueError("no parameters")
        self.params: Any = params
        self.lr = lr


@mistake("none-gradient-in-step", asks="lr.17")
class NoneGradientInStep(m11_fit.SGD):
    """Your step multiplies every gradient by the learning rate, but a parameter that took no part
    in the loss has None there, and the step crashes. An optimizer skips such a parameter."""

    def step(self) -> None:
        """Forget that a gradient may be None."""
        with torch.no_grad():
            for p in self.params:
                p -= self.lr * p.grad


@mistake("none-gradient-in-zero-grad")
class NoneGradientInZeroGrad(m11_fit.SGD):
    """Your zero_grad calls zero_ on every gradient, but a parameter that took no part in the loss
    has None there, and the call crashes. There is nothing to clear in that case."""

    def zero_grad(self) -> None:
        """Forget that a gradient may be None."""
        for p in self.params:
            p.grad.zero_()


@mistake("none-gradient-everywhere")
class NoneGradientEverywhere(NoneGradientInStep, NoneGradientInZeroGrad):
    """You treat every parameter as if it had a gradient. One that took no part in the loss
    has None there, so both your step and your zero_grad crash on it. Skip it in both."""


@mistake("zero-grad-wipes-weights")
class ZeroGradWipesWeights(m11_fit.SGD):
    """Your zero_grad sets the parameters to zero instead of their gradients: everything learned is
    lost, and the gradients still add up. Look at which tensor you call zero_ on."""

    def zero_grad(self) -> None:
        """Wipe the wrong tensors."""
        with torch.no_grad():
            for p in self.params:
                p.zero_()


@mistake("empty-accepted")
class EmptyAccepted(m11_fit.SGD):
    """You accept an optimizer with nothing to optimise. It mostly comes from a generator that was
    already used up, and training then silently does nothing. The task asks for a ValueError."""

    def __init__(self, params: Iterable[Tensor], lr: float) -> None:
        self.params = list(params)
        self.lr = lr


@mistake("step-calls-backward", asks="wf.8")
class StepCallsBackward(m11_fit.SGD):
    """Your step demands an argument, but training calls it as step(). The learning rate was given
    to __init__, and computing gradients is not an optimizer's task: step reads what the caller's
    backward has left in .grad."""

    def step(self, loss: Tensor) -> None:  # type: ignore[override]
        """Do the caller's work too."""
        loss.backward()
        super().step()


@mistake("rebinds-the-name", asks="gd.40")
class RebindsTheName(m11_fit.SGD):
    """Your step moves no parameter. Most often it computes a new tensor and gives it the loop's
    name: the model's own tensor never hears of that, and stays what it was. The update has to
    happen inside the very tensor that you were given."""

    def step(self) -> None:
        """Compute the new tensors, and lose them."""
        for p in self.params:
            if p.grad is not None:
                p = p - self.lr * p.grad


@mistake("tracked-update")
class TrackedUpdate(m11_fit.SGD):
    """You update parameters while autograd is recording, and it refuses to have a leaf that
    requires its gradient changed in place. The update is no part of the model's computation: switch
    recording off around it."""

    def step(self) -> None:
        """Forget no_grad."""
        for p in self.params:
            if p.grad is not None:
                p -= self.lr * p.grad


@mistake("uphill", asks="gd.41")
class Uphill(m11_fit.SGD):
    """You add the gradient instead of subtracting it. The gradient points to where the loss grows
    fastest, so every step of yours makes the model worse. Look at the sign of the update."""

    def step(self) -> None:
        """Climb."""
        self.lr = -self.lr
        super().step()
        self.lr = -self.lr


@mistake("step-clears")
class StepClears(m11_fit.SGD):
    """Your step clears the gradients as well. Training may still read them after a step, to print
    or to check them, and clearing is what zero_grad is for. Leave in step what it found there."""

    def step(self) -> None:
        """Do zero_grad's work too."""
        super().step()
        self.zero_grad()


@mistake("gradients-scaled")
class GradientsScaled(m11_fit.SGD):
    """Your step writes into the gradients: afterwards they hold other numbers than backward has
    stored. Mostly the learning rate is multiplied into them in place. Compute the product as a new
    tensor."""

    def step(self) -> None:
        """Multiply the gradients themselves."""
        with torch.no_grad():
            for p in self.params:
                if p.grad is not None:
                    p.grad *= self.lr
                    p -= p.grad


@mistake("own-tensors")
class OwnTensors(m11_fit.SGD):
    """Your optimizer works on tensors of its own: on copies, or on new ones that step puts into its
    list. The model's parameters never move, and their gradients are never cleared. Keep the tensors
    that you were given and change those, in place."""

    def __init__(self, params: Iterable[Tensor], lr: float) -> None:
        super().__init__([p.detach().clone().requires_grad_() for p in params], lr)

    def step(self) -> None:
        """Move the copies; without a gradient there is nothing to do."""


@mistake("generator-counted-first")
class GeneratorCountedFirst(m11_fit.SGD):
    """Your __init__ goes through the generator before it stores what is in it. A generator can be
    read once: what you keep is empty, and every step goes over nothing. Keep what it yields first,
    then look whether there is anything."""

    def __init__(self, params: Iterable[Tensor], lr: float) -> None:
        if not list(params):
            raise ValueError("no parameters")
        self.params: Any = params
        self.lr = lr
