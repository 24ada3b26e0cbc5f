"""Other ways to do MomentumSGD."""

from __future__ import annotations

import torch

from autograder.course.marks import restated, right, wrong


class _Own:
    """A right optimizer; what several of these have in common."""

    def __init__(self, params, lr, momentum=0.0, weight_decay=0.0):
        self.all = tuple(params)
        self.lr, self.mu, self.wd = lr, momentum, weight_decay
        self.memory = {}

    def slope(self, p):
        """Return gradient and decay."""
        return p.grad + self.wd * p.detach()

    def renewed(self, p, slope):
        """Store the new velocity, and return it."""
        self.memory[p] = slope if p not in self.memory else self.mu * self.memory[p] + slope
        return self.memory[p]

    def step(self):
        for p in self.all:
            if p.grad is not None:
                p.data.sub_(self.lr * self.renewed(p, self.slope(p)))


@right()
class FirstSlopeCloned:
    """Has no velocity before the first gradient, and then a clone of the slope, as torch has."""

    def __init__(self, params, lr, momentum=0.0, weight_decay=0.0):
        self.params = [*params]
        self.lr = lr
        self.momentum, self.weight_decay = momentum, weight_decay
        self.buffers = [None] * len(self.params)

    @torch.no_grad()
    def step(self):
        for i, p in enumerate(self.params):
            if p.grad is None:
                continue
            d = p.grad
            if self.weight_decay != 0:
                d = d.add(p, alpha=self.weight_decay)
            if self.momentum != 0:
                if self.buffers[i] is None:
                    self.buffers[i] = d.clone()
                else:
                    self.buffers[i].mul_(self.momentum).add_(d)
                d = self.buffers[i]
            p.add_(d, alpha=-self.lr)


@right()
class AllSlopesKept:
    """Keeps every slope, and adds up their fading shares anew in each step."""

    def __init__(self, params, lr, momentum=0.0, weight_decay=0.0):
        self.history = [(p, []) for p in params]
        self.lr, self.momentum, self.weight_decay = lr, momentum, weight_decay

    def step(self):
        for p, slopes in self.history:
            if p.grad is None:
                continue
            slopes.append((p.grad + self.weight_decay * p).detach().clone())
            age = reversed(range(len(slopes)))
            with torch.no_grad():
                p -= self.lr * sum(self.momentum**a * s for a, s in zip(age, slopes, strict=True))


@right()
class RateOfAGroup:
    """Keeps the rate in a dict, and shows it as a property."""

    def __init__(self, params, lr, momentum=0.0, weight_decay=0.0):
        self.group = {"lr": lr, "mu": momentum, "wd": weight_decay}
        self.state = {id(p): (p, torch.zeros_like(p)) for p in params}

    @property
    def lr(self):
        return self.group["lr"]

    @lr.setter
    def lr(self, value):
        self.group["lr"] = value

    @torch.inference_mode()
    def step(self):
        for p, v in self.state.values():
            if p.grad is not None:
                v.copy_(self.group["mu"] * v + p.grad + self.group["wd"] * p)
                p.sub_(v * self.group["lr"])


@right()
class Foreach:
    """Renews all velocities by one operation, and moves all parameters by another."""

    def __init__(self, params, lr, momentum=0.0, weight_decay=0.0):
        self.pairs = [(p, torch.zeros_like(p, requires_grad=False)) for p in params]
        self.lr, self.momentum, self.weight_decay = lr, momentum, weight_decay

    def step(self):
        live = [(p, v) for p, v in self.pairs if p.grad is not None]
        if not live:
            return
        params, speeds = map(list, zip(*live, strict=True))
        with torch.no_grad():
            slopes = torch._foreach_add([p.grad for p in params], params, alpha=self.weight_decay)
            torch._foreach_mul_(speeds, self.momentum)
            torch._foreach_add_(speeds, slopes)
            torch._foreach_add_(params, speeds, alpha=-self.lr)


@right()
class ByMinusTheVelocity(_Own):
    """Its velocity has the direction of the step, and the step adds it."""

    def renewed(self, p, slope):
        self.memory[p] = self.mu * self.memory.get(p, 0) - slope
        return -self.memory[p]


@wrong()
class FadesWithoutAGradient(_Own):
    """A velocity fades in the steps without a gradient, though the parameter stays."""

    def step(self):
        for p in self.all:
            if p.grad is None and p in self.memory:
                self.memory[p] = self.mu * self.memory[p]
        super().step()


@wrong()
class ForgetsWithoutAGradient(_Own):
    """A velocity is forgotten in a step without a gradient."""

    def step(self):
        self.memory = {p: v for p, v in self.memory.items() if p.grad is not None}
        super().step()


@wrong()
class CoastsWithoutAGradient(_Own):
    """A parameter without a gradient moves on by its old velocity."""

    def step(self):
        for p in self.all:
            if p.grad is None and p in self.memory:
                p.data.sub_(self.lr * self.memory[p])
        super().step()


@wrong()
class ZerosSkipped(_Own):
    """Takes a gradient of zeros for a missing one."""

    def step(self):
        for p in self.all:
            if p.grad is not None and p.grad.any():
                p.data.sub_(self.lr * self.renewed(p, self.slope(p)))


@wrong()
class PlacesShifted:
    """Pairs the velocities with the parameters that have a gradient now."""

    def __init__(self, params, lr, momentum=0.0, weight_decay=0.0):
        self.params = list(params)
        self.lr, self.momentum, self.weight_decay = lr, momentum, weight_decay
        self.velocities = [torch.zeros_like(p) for p in self.params]

    @torch.no_grad()
    def step(self):
        live = [p for p in self.params if p.grad is not None]
        for p, v in zip(live, self.velocities, strict=False):
            v.mul_(self.momentum).add_(p.grad + self.weight_decay * p)
            p -= self.lr * v


@wrong(asks="lr.36")
class DecayWithoutTheRate(_Own):
    """Shrinks the weights by weight_decay itself, without the learning rate."""

    def slope(self, p):
        return p.grad

    def step(self):
        for p in self.all:
            if p.grad is not None:
                p.data.mul_(1 - self.wd)
        super().step()


@wrong()
class DecayOfTheMoved(_Own):
    """Decays the parameter after it has moved."""

    def slope(self, p):
        return p.grad

    def step(self):
        super().step()
        for p in self.all:
            if p.grad is not None:
                p.data.mul_(1 - self.lr * self.wd)


@wrong()
class FirstSlopeSpared(_Own):
    """Damps every slope but the first, as torch's dampening does."""

    def renewed(self, p, slope):
        known = p in self.memory
        return super().renewed(p, (1 - self.mu) * slope if known else slope)


@wrong()
class VelocityInHalves(_Own):
    """Keeps its velocities in half precision."""

    def renewed(self, p, slope):
        self.memory[p] = super().renewed(p, slope).half().to(p.dtype)
        return self.memory[p]


@wrong()
class OneFlagForAll(_Own):
    """Sets velocities up in the very first step, and only for what has a gradient then."""

    def step(self):
        if not self.memory:
            self.memory = {p: torch.zeros_like(p) for p in self.all if p.grad is not None}
        for p in self.memory:
            if p.grad is not None:
                p.data.sub_(self.lr * self.renewed(p, self.slope(p)))


@wrong()
class TorchInside:
    """Leaves the work to torch's own optimizer."""

    def __init__(self, params, lr, momentum=0.0, weight_decay=0.0):
        self.inner = torch.optim.SGD(params, lr, momentum, weight_decay=weight_decay)
        self.lr = lr

    def step(self):
        self.inner.param_groups[0]["lr"] = self.lr
        self.inner.step()


@wrong()
class LeavesNoLeaves(_Own):
    """Puts the parameters out of training."""

    def step(self):
        super().step()
        for p in self.all:
            p.requires_grad_(False)
            p.add_(torch.zeros_like(p).requires_grad_())


@restated("rate-in-the-velocity")
class ScaledSteps(_Own):
    """The documents' rule."""

    def step(self):
        for p in self.all:
            if p.grad is not None:
                p.data.sub_(self.renewed(p, self.lr * self.slope(p)))


@restated("gradient-kept-as-velocity")
class FirstGradientItself(_Own):
    """Stores .grad in the first step."""

    def slope(self, p):
        return p.grad if self.wd == 0 else super().slope(p)

    def renewed(self, p, slope):
        if p in self.memory:
            self.memory[p].mul_(self.mu)
            self.memory[p].add_(slope)
        else:
            self.memory[p] = slope
        return self.memory[p]


@restated("one-velocity-for-all")
class OneVelocity(_Own):
    """The velocity is an attribute."""

    def renewed(self, p, slope):
        self.v = self.mu * getattr(self, "v", 0.0) + slope
        return self.v


@restated("decay-past-the-velocity")
class Decoupled(_Own):
    """Shrinks first, then steps."""

    def slope(self, p):
        return p.grad.clone()

    def step(self):
        with torch.no_grad():
            for p in self.all:
                if p.grad is not None:
                    p.mul_(1 - self.lr * self.wd)
        super().step()


@restated("decay-forgotten")
class NoDecay(_Own):
    """The slope is the gradient."""

    def slope(self, p):
        return p.grad.detach().clone()


@restated("decay-grows")
class MinusDecay(_Own):
    """Subtracts the decay from the gradient."""

    def slope(self, p):
        return p.grad - p.detach() * self.wd


@restated("decay-in-the-gradient")
class GradientRaised(_Own):
    """Adds in place."""

    def slope(self, p):
        p.grad += self.wd * p.detach()
        return p.grad.clone()


@restated("none-as-zeros")
class ZerosForNone(_Own):
    """Calculates with zeros where there is no gradient."""

    def step(self):
        for p in self.all:
            g = torch.zeros_like(p) if p.grad is None else p.grad
            p.data.sub_(self.lr * self.renewed(p, g.detach() + self.wd * p.detach()))


@restated("none-not-skipped")
class EveryGradient(_Own):
    """Asks for no gradient whether it is there."""

    def step(self):
        for p in self.all:
            p.data.sub_(self.lr * self.renewed(p, self.slope(p)))


@restated("nesterov")
class LooksAhead(_Own):
    """Adds one more share of the velocity."""

    def renewed(self, p, slope):
        return slope + self.mu * super().renewed(p, slope)


@restated("running-average")
class Lerp(_Own):
    """Goes a part of the way from the old velocity to the slope."""

    def renewed(self, p, slope):
        old = self.memory.get(p, torch.zeros_like(slope))
        self.memory[p] = slope.lerp(old, self.mu)
        return self.memory[p]


@restated("velocity-forgotten")
class LocalVelocity(_Own):
    """Makes zeros in each step."""

    def renewed(self, p, slope):
        velocity = torch.zeros_like(slope)
        return velocity.mul_(self.mu).add_(slope)


@restated("first-rate-kept")
class PrivateRate(_Own):
    """Reads its own copy of the rate."""

    def __init__(self, params, lr, momentum=0.0, weight_decay=0.0):
        super().__init__(params, lr, momentum, weight_decay)
        self._lr = lr

    def step(self):
        self.lr, given = self._lr, self.lr
        super().step()
        self.lr = given


@restated("generator-kept")
class ReadTwice(_Own):
    """Reads its argument for the velocities first."""

    def __init__(self, params, lr, momentum=0.0, weight_decay=0.0):
        zeros = [torch.zeros_like(p) for p in params]
        super().__init__(params, lr, momentum, weight_decay)
        self.memory = dict(zip(self.all, zeros, strict=False))


@restated("rebinds-the-name")
class NewTensors(_Own):
    """Stores the moved parameters in a list of its own."""

    def step(self):
        live = [p for p in self.all if p.grad is not None]
        self.moved = [p - self.lr * self.renewed(p, self.slope(p)) for p in live]


@restated("tracked-update")
class WithTracking(_Own):
    """Subtracts from the leaf itself."""

    def step(self):
        for p in self.all:
            if p.grad is not None:
                p.sub_(self.lr * self.renewed(p, self.slope(p)))


@restated("uphill")
class Added(_Own):
    """Adds the velocity."""

    def step(self):
        for p in self.all:
            if p.grad is not None:
                p.data.add_(self.renewed(p, self.slope(p)), alpha=self.lr)


@restated("velocities-of-the-class")
class ListOfTheClass:
    """Its list of velocities stands in the class."""

    velocities = []  # noqa: RUF012 - this is the fault

    def __init__(self, params, lr, momentum=0.0, weight_decay=0.0):
        self.params = list(params)
        self.lr, self.momentum, self.weight_decay = lr, momentum, weight_decay
        type(self).velocities = [torch.zeros_like(p) for p in self.params] + self.velocities[1:]

    @torch.no_grad()
    def step(self):
        for p, v in zip(self.params, self.velocities, strict=False):
            if p.grad is not None:
                v.mul_(self.momentum).add_(p.grad + self.weight_decay * p)
                p -= self.lr * v


@wrong()
class VelocityOnTheTensor(_Own):
    """The velocity is kept as an attribute of the parameter, where a second optimizer finds it."""

    def renewed(self, p, slope):
        p.velocity = self.mu * getattr(p, "velocity", 0) + slope
        return p.velocity


@wrong()
class NewTensorInData(_Own):
    """A new tensor takes the place of the numbers, so whoever shared them sees no step."""

    def step(self):
        for p in self.all:
            if p.grad is not None:
                p.data = p.detach() - self.lr * self.renewed(p, self.slope(p))


@wrong()
class FrozenForTheStep(_Own):
    """Turns requires_grad off for the step, and never on again."""

    def step(self):
        for p in self.all:
            p.requires_grad_(False)
        super().step()
