"""Mistakes of MomentumSGD."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import m17_optimizers
import torch
from torch import Tensor

from autograder.course.marks import mistake


class _Own(m17_optimizers.MomentumSGD):
    """The reference, whose parts can be exchanged."""

    def live(self) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
        """Yield each parameter that has a gradient, with its gradient and its velocity."""
        for p, v in self.velocities.items():
            if p.grad is not None:
                yield p, p.grad, v


@mistake("rate-in-the-velocity", asks="lr.24")
class RateInTheVelocity(_Own):
    """You multiply the gradient by the learning rate before it enters the velocity. Old gradients
    then keep the old rate: after a change of lr the steps stay as long as before for many steps.
    torch multiplies the whole velocity by the present lr. Look at where the rate comes in."""

    @torch.no_grad()
    def step(self) -> None:
        """Store scaled gradients."""
        for p, g, v in self.live():
            v.mul_(self.momentum).add_(self.lr * (g + self.weight_decay * p))
            p -= v


@mistake("gradient-kept-as-velocity")
class GradientKeptAsVelocity(_Own):
    """Your first velocity is the tensor in .grad itself, not a copy. When the caller clears or
    rewrites the gradient in place, the velocity changes with it, and your update writes into the
    gradient. A velocity needs memory of its own."""

    def __init__(self, params: Iterable[Tensor], *settings: float, **named: float) -> None:
        super().__init__(params, *settings, **named)
        self.kept: dict[int, Tensor] = {}

    @torch.no_grad()
    def step(self) -> None:
        """Keep the gradient's own tensor."""
        for i, p in enumerate(self.velocities):
            if p.grad is None:
                continue
            slope = p.grad.add(p, alpha=self.weight_decay) if self.weight_decay else p.grad
            if i in self.kept:
                self.kept[i].mul_(self.momentum).add_(slope)
            else:
                self.kept[i] = slope
            p -= self.lr * self.kept[i]


@mistake("one-velocity-for-all", asks="lr.24")
class OneVelocityForAll(_Own):
    """You have one velocity for all parameters. What the first of them was pushed by then pushes
    the next one as well, and parameters of different shapes do not even fit. Each parameter needs
    its own."""

    velocity: Any = 0.0

    @torch.no_grad()
    def step(self) -> None:
        """Mix all slopes."""
        for p, g, _ in self.live():
            self.velocity = self.momentum * self.velocity + g + self.weight_decay * p
            p -= self.lr * self.velocity


@mistake("decay-past-the-velocity", asks="lr.36")
class DecayPastTheVelocity(_Own):
    """Your weight decay moves the parameter directly and never enters the velocity. That is
    decoupled decay. In torch's SGD the decay is a part of the slope, and so goes on in later steps
    as the gradient does. Look at what you add up first."""

    @torch.no_grad()
    def step(self) -> None:
        """Decay beside the velocity."""
        for p, g, v in self.live():
            v.mul_(self.momentum).add_(g)
            p -= self.lr * (v + self.weight_decay * p)


@mistake("decay-forgotten", asks="lr.36")
class DecayForgotten(_Own):
    """Your steps are those of weight_decay = 0, whatever it is. Weights that the data do not need
    then stay as large as they began. Look for the place where weight_decay times the parameter is
    added to the gradient."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.weight_decay = 0.0


@mistake("decay-grows", asks="lr.36")
class DecayGrows(_Own):
    """Your weight decay pushes weights away from 0: it enters the slope with a minus, and the step
    then subtracts that. Decay has to have the sign of the weight in the slope, so that the step
    makes the weight smaller."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.weight_decay = -self.weight_decay


@mistake("decay-in-the-gradient")
class DecayInTheGradient(_Own):
    """You add the weight decay into .grad itself. The gradient belongs to the caller, who may print
    it, clip it, or let the next backward add to it. Compute the slope as a new tensor."""

    @torch.no_grad()
    def step(self) -> None:
        """Write into the gradients."""
        for p, g, v in self.live():
            g.add_(p, alpha=self.weight_decay)
            v.mul_(self.momentum).add_(g)
            p -= self.lr * v


@mistake("none-as-zeros", asks="lr.17 lr.36")
class NoneAsZeros(_Own):
    """You treat a missing gradient as one of zeros. But None says that the parameter took no part:
    torch passes over it, without decay and without the push of its velocity. Skip such a parameter
    before anything of it changes."""

    def step(self) -> None:
        """Fill the gaps."""
        absent = [p for p in self.velocities if p.grad is None]
        for p in absent:
            p.grad = torch.zeros_like(p)
        super().step()
        for p in absent:
            p.grad = None


@mistake("none-not-skipped", asks="lr.17")
class NoneNotSkipped(_Own):
    """Your step calculates with every gradient, but a parameter that took no part in the loss has
    None there, and the step crashes. Ask for None before you use a gradient."""

    @torch.no_grad()
    def step(self) -> None:
        """Ask nothing."""
        for p, v in self.velocities.items():
            slope: Any = p.grad + self.weight_decay * p
            v.mul_(self.momentum).add_(slope)
            p -= self.lr * v


@mistake("nesterov", asks="lr.24")
class Nesterov(_Own):
    """Your step moves by the slope plus momentum times the new velocity. That is Nesterov's rule,
    which torch's SGD follows only with nesterov=True. The plain rule moves by the new velocity
    alone. Look at what lr is multiplied by."""

    @torch.no_grad()
    def step(self) -> None:
        """Look ahead."""
        for p, g, v in self.live():
            slope = g + self.weight_decay * p
            v.mul_(self.momentum).add_(slope)
            p -= self.lr * (slope + self.momentum * v)


@mistake("running-average", asks="lr.24")
class RunningAverage(_Own):
    """Your velocity is a running average: the slope enters it times (1 - momentum). torch's SGD
    adds the slope as it is, so with momentum 0.9 a steady slope makes steps ten times as long. Look
    at the factor of the gradient."""

    @torch.no_grad()
    def step(self) -> None:
        """Average."""
        for p, g, v in self.live():
            slope = g + self.weight_decay * p
            v.mul_(self.momentum).add_((1 - self.momentum) * slope)
            p -= self.lr * v


@mistake("velocity-forgotten", asks="lr.24")
class VelocityForgotten(_Own):
    """Your steps are those of momentum = 0: nothing of an earlier step comes back. Mostly the
    velocity is made anew in every step, or is a name inside it. Keep it with the optimizer, from
    one call of step to the next."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.momentum = 0.0


@mistake("first-rate-kept")
class FirstRateKept(_Own):
    """Your steps go on with the learning rate of the beginning after the caller has set lr to
    another number. Schedules change it while training runs. Read the attribute lr in each step, and
    keep no copy of it under another name."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.rate = self.lr

    @torch.no_grad()
    def step(self) -> None:
        """Use the copy."""
        for p, g, v in self.live():
            v.mul_(self.momentum).add_(g + self.weight_decay * p)
            p -= self.rate * v


@mistake("generator-kept")
class GeneratorKept(_Own):
    """You keep the generator that you are given, or read it a second time. It can be read once:
    afterwards your loops go over nothing, without any error, and the parameters stand still. Make a
    list of it first."""

    def __init__(self, params: Iterable[Tensor], *settings: float, **named: float) -> None:
        super().__init__(params if isinstance(params, list) else [], *settings, **named)


@mistake("rebinds-the-name")
class RebindsTheName(_Own):
    """Your step moves no parameter. Most often it computes a new tensor and gives it the loop's
    name: the model's own tensor never hears of that. The update has to happen inside the very
    tensor that you were given."""

    def step(self) -> None:
        """Move nothing."""
        for p, _, _ in self.live():
            p = p - self.lr


@mistake("tracked-update")
class TrackedUpdate(_Own):
    """You update parameters while autograd is recording, and it refuses to have a leaf that
    requires its gradient changed in place. The update is no part of the model's computation: switch
    recording off around it."""

    def step(self) -> None:
        """Forget no_grad."""
        for p, g, v in self.live():
            v.mul_(self.momentum).add_((g + self.weight_decay * p).detach())
            p -= self.lr * v


@mistake("uphill", asks="lr.17")
class Uphill(_Own):
    """You add the velocity instead of subtracting it. Gradients point to where the loss grows, so
    every step of yours makes the model worse. Look at the sign of the update."""

    def step(self) -> None:
        """Climb."""
        self.lr = -self.lr
        super().step()
        self.lr = -self.lr


@mistake("velocities-of-the-class")
class VelocitiesOfTheClass(_Own):
    """You keep velocities with the class, or in a name of the module, so two optimizers share them:
    one is pushed by the gradients of the other. Set them in __init__, as attributes of self."""

    shared: Any = None

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        VelocitiesOfTheClass.shared = {}

    @torch.no_grad()
    def step(self) -> None:
        """Use what is shared, by the place of the parameter."""
        for i, (p, g, v) in enumerate(self.live()):
            old = self.shared.get((i, p.shape), torch.zeros_like(v))
            new = self.shared[i, p.shape] = self.momentum * old + g + self.weight_decay * p
            p -= self.lr * new
