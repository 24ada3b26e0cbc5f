"""Other ways to do SGD."""

from __future__ import annotations

import torch

from autograder.course.marks import restated, right, wrong


@right()
class InGroupsWithForeach:
    """Keeps parameter groups and steps with one operation over all tensors."""

    def __init__(self, params, lr):
        self.param_groups = [{"params": [*params], "lr": lr}]
        if len(self.param_groups[0]["params"]) == 0:
            raise ValueError("empty")

    def step(self):
        for group in self.param_groups:
            live = [p for p in group["params"] if p.grad is not None]
            with torch.no_grad():
                if live:
                    torch._foreach_add_(live, [p.grad for p in live], alpha=-group["lr"])

    def zero_grad(self, set_to_none=False):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    p.grad.zero_()


@right()
class ThroughData:
    """Works on .data, and zeroes detached gradients."""

    def __init__(self, params, lr):
        self.params, self.lr = (tuple(params), lr)
        if not self.params:
            raise ValueError("no parameters")

    def step(self):
        for p in self.params:
            if p.grad is not None:
                p.data -= self.lr * p.grad.data

    def zero_grad(self):
        for p in self.params:
            if p.grad is not None:
                p.grad.detach_().zero_()


@right()
class CopiedBack:
    """Computes the new value apart and copies it into the parameter."""

    def __init__(self, params, lr):
        self.params = list(params)
        if len(self.params) == 0:
            raise ValueError("optimizer got an empty parameter list")
        self.lr = lr

    def step(self):
        with torch.no_grad():
            for p in self.params:
                if p.grad is not None:
                    p.copy_(p - self.lr * p.grad)

    def zero_grad(self):
        for p in self.params:
            if p.grad is not None:
                p.grad = torch.zeros_like(p)


@right()
class DataReplaced:
    """Puts a new tensor into .data."""

    def __init__(self, params, lr):
        self.params = list(params)
        self.lr = lr
        if not self.params:
            raise ValueError("empty")

    def step(self):
        for p in self.params:
            if p.grad is not None:
                p.data = p.data - self.lr * p.grad

    def zero_grad(self):
        for p in self.params:
            p.grad = None


@right()
class FilteredGradients:
    """Filters the parameters that have a gradient, and puts new zeros."""

    def __init__(self, params, lr):
        self.params = list(params)
        self.lr = lr
        if not self.params:
            raise ValueError("empty")

    def step(self):
        for p in filter(lambda q: q.grad is not None, self.params):
            with torch.no_grad():
                p -= self.lr * p.grad

    def zero_grad(self):
        for p in self.params:
            if p.grad is not None:
                p.grad = torch.zeros_like(p.grad)


@right()
class ThroughDetach:
    """Adds to a detached view of the parameter."""

    def __init__(self, params, lr):
        self.params = list(params)
        self.lr = lr
        if not self.params:
            raise ValueError("empty")

    def step(self):
        for p in self.params:
            if p.grad is not None:
                p.detach().add_(p.grad, alpha=-self.lr)

    def zero_grad(self):
        for p in self.params:
            if p.grad is not None:
                p.grad.detach_()
                p.grad.zero_()


@wrong()
class RateOfTheClass:
    """Keeps the rate on the class, so that the last optimizer made decides it."""

    def __init__(self, params, lr):
        self.params = list(params)
        type(self).lr = lr
        if not self.params:
            raise ValueError

    def step(self):
        with torch.no_grad():
            for p in self.params:
                if p.grad is not None:
                    p -= self.lr * p.grad

    def zero_grad(self):
        for p in self.params:
            p.grad = None


@wrong()
class EmptyGeneratorAccepted:
    """Tests the argument instead of the list made of it."""

    def __init__(self, params, lr):
        if not params:
            raise ValueError
        self.params, self.lr = (list(params), lr)

    def step(self):
        with torch.no_grad():
            for p in self.params:
                if p.grad is not None:
                    p -= self.lr * p.grad

    def zero_grad(self):
        for p in self.params:
            p.grad = None


@wrong()
class RateDecaysLater:
    """Lowers the rate after five steps."""

    def __init__(self, params, lr):
        self.params, self.lr, self.t = (list(params), lr, 0)
        if not self.params:
            raise ValueError

    def step(self):
        self.t += 1
        lr = self.lr if self.t <= 5 else 0.9 * self.lr
        with torch.no_grad():
            for p in self.params:
                if p.grad is not None:
                    p -= lr * p.grad

    def zero_grad(self):
        for p in self.params:
            p.grad = None


@restated("gradients-scaled")
class GradientScaledInPlace:
    """Multiplies the stored gradients by the rate."""

    def __init__(self, params, lr):
        self.params, self.lr = (list(params), lr)
        if not self.params:
            raise ValueError

    def step(self):
        with torch.no_grad():
            for p in self.params:
                if p.grad is not None:
                    p.sub_(p.grad.mul_(self.lr))

    def zero_grad(self):
        for p in self.params:
            p.grad = None


@restated("step-clears", asks="wf.9")
class ClearsInStep:
    """Clears the gradients in step already."""

    def __init__(self, params, lr):
        self.params, self.lr = (list(params), lr)
        if not self.params:
            raise ValueError

    def step(self):
        with torch.no_grad():
            for p in self.params:
                if p.grad is not None:
                    p -= self.lr * p.grad
                    p.grad = None

    def zero_grad(self):
        for p in self.params:
            p.grad = None


@wrong()
class RateInFloat32:
    """Keeps the rate as a tensor in float32."""

    def __init__(self, params, lr):
        self.params, self.lr = (list(params), torch.tensor(lr))
        if not self.params:
            raise ValueError

    def step(self):
        with torch.no_grad():
            for p in self.params:
                if p.grad is not None:
                    p -= self.lr * p.grad

    def zero_grad(self):
        for p in self.params:
            p.grad = None


@wrong()
class FrozenWithoutAGradient:
    """A parameter without a gradient requires none after the step."""

    def __init__(self, params, lr):
        """Keep both."""
        self.params, self.lr = list(params), lr
        if not self.params:
            raise ValueError("no parameters")

    def step(self):
        """Freeze, move, thaw."""
        for p in self.params:
            p.requires_grad_(False)
            if p.grad is not None:
                p -= self.lr * p.grad
                p.requires_grad_()

    def zero_grad(self):
        """Clear."""
        for p in self.params:
            p.grad = None


@wrong()
class GradientsOfTheFirstStep:
    """Keeps the gradients' tensors, and misses those that autograd makes anew."""

    def __init__(self, params, lr):
        """Keep both."""
        self.params, self.lr, self.pairs = list(params), lr, []
        if not self.params:
            raise ValueError("no parameters")

    def step(self):
        """Move by the gradients known."""
        self.pairs = self.pairs or [(p, p.grad) for p in self.params if p.grad is not None]
        with torch.no_grad():
            for p, gradient in self.pairs:
                p -= self.lr * gradient

    def zero_grad(self):
        """Clear in place."""
        for p in self.params:
            if p.grad is not None:
                p.grad.zero_()


class PlainDescent:
    """A right optimizer; what several of these have in common."""

    def __init__(self, params, lr):
        """Keep the parameters."""
        self.parameters = [*params]
        self.lr = lr
        if len(self.parameters) == 0:
            raise ValueError("no parameters")

    @torch.no_grad()
    def step(self):
        """Move."""
        for p in self.parameters:
            if p.grad is not None:
                p.sub_(p.grad, alpha=self.lr)

    def zero_grad(self):
        """Clear."""
        for p in self.parameters:
            if p.grad is not None:
                p.grad.zero_()


@wrong()
class GradientSubtractedFromItself(PlainDescent):
    """Its zero_grad subtracts every gradient from itself, which leaves nan where there was inf."""

    def zero_grad(self):
        """Clear finite ones."""
        for p in self.parameters:
            if p.grad is not None:
                p.grad -= p.grad


@wrong()
class InheritsEverything(torch.optim.SGD):
    """Is torch's own optimizer under another name."""


@wrong()
class InheritsFromOptimizer(torch.optim.Optimizer):
    """Inherits from Optimizer, and writes only the step itself."""

    def __init__(self, params, lr):
        """Leave the list to Optimizer."""
        super().__init__(params, {"lr": lr})

    @torch.no_grad()
    def step(self):
        """Move."""
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    p -= group["lr"] * p.grad


@wrong()
class DelegatesToTorch:
    """Keeps one of torch's optimizers inside, and passes every call on."""

    def __init__(self, params, lr):
        """Make the optimizer that does the work."""
        self.inner = torch.optim.SGD(params, lr=lr)

    def step(self):
        """Pass on."""
        self.inner.step()

    def zero_grad(self):
        """Pass on."""
        self.inner.zero_grad()


@wrong()
class GradModeLeftOff(PlainDescent):
    """Its step switches grad mode off, and never on again."""

    def step(self):
        """Move."""
        torch.set_grad_enabled(False)
        for p in self.parameters:
            if p.grad is not None:
                p -= self.lr * p.grad


@restated("generator-kept")
class LengthAsked(PlainDescent):
    """It asks for the length where there is one, and keeps what it was given."""

    def __init__(self, params, lr):
        """Keep what comes."""
        if hasattr(params, "__len__") and len(params) == 0:
            raise ValueError("no parameters")
        self.parameters, self.lr = params, lr


@restated("none-gradient-in-step")
class StepByData(PlainDescent):
    """Its step writes to .data, and takes every gradient for a tensor."""

    def step(self):
        """Move all."""
        for p in self.parameters:
            p.data.add_(p.grad, alpha=-self.lr)


@restated("none-gradient-in-zero-grad")
class GradientsFilled(PlainDescent):
    """Its zero_grad fills every gradient with zeros, None too."""

    def zero_grad(self):
        """Fill all."""
        for p in self.parameters:
            p.grad.fill_(0)


@restated("none-gradient-everywhere")
class GradientsTakenForGranted(PlainDescent):
    """It multiplies and zeroes every gradient."""

    def step(self):
        """Move all."""
        with torch.no_grad():
            for p in self.parameters:
                p -= p.grad * self.lr

    def zero_grad(self):
        """Clear all."""
        for p in self.parameters:
            p.grad.zero_()


@restated("zero-grad-wipes-weights")
class DataZeroed(PlainDescent):
    """Its zero_grad writes zeros to .data."""

    def zero_grad(self):
        """Write zeros."""
        for p in self.parameters:
            p.data = torch.zeros_like(p.data)


@restated("empty-accepted")
class NoneRefusedOnly(PlainDescent):
    """It refuses None, but not an empty list."""

    def __init__(self, params, lr):
        """Look for None."""
        if params is None:
            raise ValueError("no parameters")
        self.parameters, self.lr = list(params), lr


@restated("step-calls-backward")
class StepOfALoss(PlainDescent):
    """Its step is handed the loss."""

    def step(self, loss):
        """Go back, then move."""
        loss.backward()
        PlainDescent.step(self)


@restated("rebinds-the-name")
class NewTensorsInTheList(PlainDescent):
    """Its step puts new tensors into its own list."""

    def step(self):
        """Make new ones."""
        moved = []
        for p in self.parameters:
            new = p if p.grad is None else (p.detach() - self.lr * p.grad).requires_grad_()
            moved.append(new)
        self.moved = moved


@restated("tracked-update")
class SubtractedInView(PlainDescent):
    """Its step calls sub_ on the parameters, with tracking on."""

    def step(self):
        """Move with tracking."""
        for p in self.parameters:
            if p.grad is not None:
                p.sub_(self.lr * p.grad)


@restated("uphill")
class GradientAdded(PlainDescent):
    """Its step adds the gradient."""

    def step(self):
        """Add."""
        for p in self.parameters:
            if p.grad is not None:
                p.data += p.grad * self.lr


@restated("own-tensors")
class EntriesReplaced:
    """Its step puts new tensors into its list."""

    def __init__(self, params, lr):
        self.params, self.lr = list(params), lr
        if not self.params:
            raise ValueError("empty")

    def step(self):
        for i, p in enumerate(self.params):
            if p.grad is not None:
                self.params[i] = p - self.lr * p.grad

    def zero_grad(self):
        for p in self.params:
            p.grad = None


@wrong()
class ListOfTheClass:
    """Keeps the parameters in a list of the class, which all optimizers share."""

    params = []  # noqa: RUF012 - this is the fault

    def __init__(self, params, lr):
        own = list(params)
        if not own:
            raise ValueError("no parameters")
        self.params.extend(own)
        self.lr = lr

    @torch.no_grad()
    def step(self):
        for p in self.params:
            if p.grad is not None:
                p -= self.lr * p.grad

    def zero_grad(self):
        for p in self.params:
            p.grad = None
