"""Other ways to do Recompute."""

from __future__ import annotations

import torch
from torch.autograd.function import once_differentiable
from torch.utils.checkpoint import CheckpointFunction

from autograder.course.marks import restated, right, wrong


class _Own(torch.autograd.Function):
    """A right one in two parts: what is kept, and the second run."""

    @staticmethod
    def forward(ctx, fn, x):
        """Keep x as an attribute."""
        ctx.x, ctx.fn = x.detach(), fn
        ctx.before = torch.random.get_rng_state()
        return fn(x)

    @staticmethod
    def second(ctx):
        """Return the result of the second run, and its input."""
        x = ctx.x.clone().requires_grad_(True)
        with torch.random.fork_rng(devices=[]):
            torch.random.set_rng_state(ctx.before)
            with torch.enable_grad():
                return ctx.fn(x), x

    @staticmethod
    def backward(ctx, g):
        """Go back through the second run."""
        y, x = _Own.second(ctx)
        torch.autograd.backward([y], [g])
        return None, x.grad


@right()
class XAsAnAttribute(_Own):
    """x is an attribute of ctx, and a copy of it is run again."""


@right()
class ProductWithG(_Own):
    """Goes back from the sum of the products with g."""

    @staticmethod
    def backward(ctx, g):
        """Multiply first."""
        y, x = _Own.second(ctx)
        with torch.enable_grad():
            (y * g).sum().backward()
        return None, x.grad


@right()
class OnceDifferentiable(_Own):
    """backward is decorated, and puts the generator back in a finally."""

    @staticmethod
    @once_differentiable
    def backward(ctx, g):
        """Restore by hand."""
        now = torch.get_rng_state()
        x = ctx.x.requires_grad_()
        try:
            torch.set_rng_state(ctx.before)
            with torch.set_grad_enabled(True):
                y = ctx.fn(x)
        finally:
            torch.set_rng_state(now)
        y.backward(gradient=g)
        return None, x.grad


@right()
class GraphOfLeaves(torch.autograd.Function):
    """Asks for x and for all leaves that the second graph reaches, and adds these by hand."""

    @staticmethod
    def forward(ctx, fn, x):
        """Keep a state, which the generator itself holds."""
        ctx.fn, ctx.state = fn, torch.default_generator.get_state()
        ctx.save_for_backward(x)
        with torch.no_grad():
            return fn(x.detach())

    @staticmethod
    def backward(ctx, g):
        """Collect the leaves."""
        now = torch.default_generator.get_state()
        torch.default_generator.set_state(ctx.state)
        x = ctx.saved_tensors[0].detach().requires_grad_()
        with torch.enable_grad():
            y = ctx.fn(x)
        torch.default_generator.set_state(now)
        todo, seen, leaves = [y.grad_fn], set(), []
        while todo:
            node = todo.pop()
            if node is None or node in seen:
                continue
            seen.add(node)
            if hasattr(node, "variable"):
                leaves.append(node.variable)
            todo += [child for child, _ in node.next_functions]
        for leaf, found in zip(leaves, torch.autograd.grad(y, leaves, g), strict=True):
            leaf.grad = found if leaf.grad is None else leaf.grad + found
        return None, x.grad


@right()
class StateAmongTheTensors(torch.autograd.Function):
    """The random state is saved like a tensor, and the rest of the fork is done by hand."""

    @staticmethod
    def forward(ctx, fn, x):
        """Save both tensors."""
        ctx.save_for_backward(x, torch.get_rng_state())
        ctx.call = lambda again: fn(again)
        return ctx.call(x)

    @staticmethod
    def backward(ctx, g):
        """Swap the states for the second run."""
        x, state = ctx.saved_tensors
        x = torch.nn.Parameter(x.detach().clone())
        outside = torch.get_rng_state()
        torch.set_rng_state(state)
        torch.set_grad_enabled(True)
        y = ctx.call(x)
        torch.set_grad_enabled(False)
        torch.set_rng_state(outside)
        y.backward(g)
        return (None, x.grad)


@wrong()
class GReturned(_Own):
    """Returns g as it came, as if fn were the identity, in x's shape."""

    @staticmethod
    def backward(ctx, g):
        """Fill the parameters, and return ones."""
        y, x = _Own.second(ctx)
        torch.autograd.backward([y], [g])
        return None, torch.ones_like(x)


@wrong()
class GoesBackTwice(_Own):
    """The gradients of the parameters are added twice."""

    @staticmethod
    def backward(ctx, g):
        """Ask for x and go backward besides."""
        y, x = _Own.second(ctx)
        (found,) = torch.autograd.grad(y, x, g, retain_graph=True)
        torch.autograd.backward([y], [g], retain_graph=True)
        torch.autograd.backward([y], [g])
        return None, found


@wrong()
class GradientsCleared(_Own):
    """What was in .grad before is lost."""

    @staticmethod
    def backward(ctx, g):
        """Clear what the second graph reaches."""
        y, x = _Own.second(ctx)
        todo = [y.grad_fn]
        while todo:
            node = todo.pop()
            if hasattr(node, "variable"):
                node.variable.grad = None
            todo += [child for child, _ in node.next_functions if child is not None]
        torch.autograd.backward([y], [g])
        return None, x.grad


@wrong()
class RunThreeTimes(_Own):
    """fn runs twice in forward."""

    @staticmethod
    def forward(ctx, fn, x):
        """Try fn first, and put the generator back."""
        state = torch.get_rng_state()
        fn(x)
        torch.set_rng_state(state)
        return _Own.forward(ctx, fn, x)


@wrong()
class AnotherSeed(_Own):
    """Only the first seed of the program is restored."""

    @staticmethod
    def backward(ctx, g):
        """Begin as the program began."""
        with torch.random.fork_rng(devices=[]), torch.enable_grad():
            torch.manual_seed(torch.initial_seed())
            x = ctx.x.clone().requires_grad_()
            y = ctx.fn(x)
        torch.autograd.backward([y], [g])
        return None, x.grad


@wrong(named="generator-left-rewound")
class GeneratorOfForward(_Own):
    """The generator is left as it was after the first run."""

    @staticmethod
    def forward(ctx, fn, x):
        """Keep that state, too."""
        y = _Own.forward(ctx, fn, x)
        ctx.after = torch.get_rng_state()
        return y

    @staticmethod
    def backward(ctx, g):
        """Set it at the end."""
        result = _Own.backward(ctx, g)
        torch.set_rng_state(ctx.after)
        return result


@wrong()
class ResultKept(_Own):
    """The result is kept as well, as if backward needed it."""

    @staticmethod
    def forward(ctx, fn, x):
        """Keep both."""
        y = _Own.forward(ctx, fn, x)
        ctx.save_for_backward(x, y)
        return y


@wrong()
class XChanged(_Own):
    """fn runs on a larger x the second time."""

    @staticmethod
    def backward(ctx, g):
        """Add a little."""
        ctx.x = ctx.x + 0.01
        return _Own.backward(ctx, g)


@wrong()
class Doubled(_Own):
    """The gradient of x is twice too large."""

    @staticmethod
    def backward(ctx, g):
        """Add it to itself."""
        _, found = _Own.backward(ctx, g)
        return None, found + found


@wrong(named="torchs-checkpoint")
class TorchsFunction:
    """Calls the Function that stands behind the reentrant checkpoint."""

    @staticmethod
    def apply(fn, x):
        """Hand it on."""
        return CheckpointFunction.apply(fn, True, x)


@restated("random-state-not-kept")
class FreshMask(_Own):
    """The second run draws what comes next."""

    @staticmethod
    def backward(ctx, g):
        """Restore nothing."""
        x = ctx.x.clone().requires_grad_()
        with torch.enable_grad():
            y = ctx.fn(x)
        y.backward(g)
        return None, x.grad


@restated("state-of-after-the-run")
class StateTooLate(_Own):
    """The state is taken as the last thing."""

    @staticmethod
    def forward(ctx, fn, x):
        """Take it again."""
        y = _Own.forward(ctx, fn, x)
        ctx.before = torch.get_rng_state()
        return y


@restated("generator-left-rewound")
class NotForked(_Own):
    """The state is set without a fork."""

    @staticmethod
    def backward(ctx, g):
        """Set it only."""
        x = ctx.x.clone().requires_grad_()
        with torch.enable_grad():
            torch.default_generator.set_state(ctx.before)
            y = ctx.fn(x)
        y.backward(g)
        return None, x.grad


@restated("seeded-anew")
class ZeroInBoth(_Own):
    """Both runs begin at seed 0."""

    @staticmethod
    def forward(ctx, fn, x):
        """Seed and run."""
        ctx.x, ctx.fn = x.detach(), fn
        torch.default_generator.manual_seed(0)
        return fn(x)

    @staticmethod
    def backward(ctx, g):
        """Seed and run."""
        torch.default_generator.manual_seed(0)
        x = ctx.x.requires_grad_()
        with torch.enable_grad():
            y = ctx.fn(x)
        y.backward(g)
        return None, x.grad


STATES = []


@restated("state-on-the-class")
class StateInAList(_Own):
    """A list that all calls share has the state of the last one."""

    @staticmethod
    def forward(ctx, fn, x):
        """Append."""
        STATES.append(torch.get_rng_state())
        return _Own.forward(ctx, fn, x)

    @staticmethod
    def backward(ctx, g):
        """Look at the end."""
        ctx.before = STATES[-1]
        return _Own.backward(ctx, g)


@restated("second-run-not-recorded")
class NoGradStays(_Own):
    """enable_grad is missing."""

    @staticmethod
    def backward(ctx, g):
        """Run, and go backward."""
        x = ctx.x.requires_grad_()
        with torch.random.fork_rng(devices=[]):
            torch.set_rng_state(ctx.before)
            y = ctx.fn(x)
        torch.autograd.backward([y], [g])
        return None, x.grad


@restated("parameters-forgotten")
class GradOfX(_Own):
    """autograd.grad for x."""

    @staticmethod
    def backward(ctx, g):
        """Ask for x."""
        y, x = _Own.second(ctx)
        return (None, *torch.autograd.grad([y], [x], [g]))


@restated("graph-kept")
class ResultWithItsGraph(_Own):
    """The recorded result is an attribute."""

    @staticmethod
    def forward(ctx, fn, x):
        """Record at once."""
        ctx.again = x.detach().clone().requires_grad_()
        with torch.set_grad_enabled(True):
            ctx.result = fn(ctx.again)
        return ctx.result.clone().detach()

    @staticmethod
    def backward(ctx, g):
        """Go back through it."""
        ctx.result.backward(g)
        return None, ctx.again.grad


@restated("g-ignored")
class Ones(_Own):
    """Goes back from the sum."""

    @staticmethod
    def backward(ctx, g):
        """Sum."""
        y, x = _Own.second(ctx)
        with torch.enable_grad():
            y.sum().backward()
        return None, x.grad


@restated("x-gets-nothing")
class XNotTracked(_Own):
    """The copy of x does not require its gradient."""

    @staticmethod
    def backward(ctx, g):
        """Detach only."""
        with torch.random.fork_rng(devices=[]), torch.enable_grad():
            torch.set_rng_state(ctx.before)
            y = ctx.fn(ctx.x)
        y.backward(g)
        return None, ctx.x.grad


@restated("x-not-detached")
class WithItsHistory(_Own):
    """x comes from ctx as it was."""

    @staticmethod
    def forward(ctx, fn, x):
        """Save x itself."""
        ctx.save_for_backward(x)
        return _Own.forward(ctx, fn, x)

    @staticmethod
    def backward(ctx, g):
        """Run on it."""
        with torch.random.fork_rng(devices=[]), torch.enable_grad():
            torch.set_rng_state(ctx.before)
            y = ctx.fn(ctx.saved_tensors[0])
        y.backward(g)
        return None, ctx.saved_tensors[0].grad


@restated("entries-of-backward")
class GradientAlone(_Own):
    """Only the gradient is returned."""

    @staticmethod
    def backward(ctx, g):
        """Return one thing."""
        _, found = _Own.backward(ctx, g)
        return (found,)


@restated("torchs-checkpoint")
class Borrowed:
    """A class with an apply that calls torch's."""

    @classmethod
    def apply(cls, fn, x):
        """Hand it on."""
        return torch.utils.checkpoint.checkpoint(fn, x, use_reentrant=False)


EXCUSED = {
    "staticmethod -> nothing": "torch calls both methods on the class",
    "ctx.gpu_state = torch.cuda.get_rng_state(x.device) if x.is_cuda else None -> "
    "ctx.gpu_state = None": "only a GPU has another state",
    "with torch.random.fork_rng([x.device] if x.is_cuda else []), torch.enable_grad(): -> "
    "with torch.random.fork_rng([]), torch.enable_grad():": "only a GPU has another state",
    "torch.cuda.set_rng_state(ctx.gpu_state, x.device) -> "
    "torch.cuda.set_rng_state(x.device, ctx.gpu_state)": "only a GPU has another state",
    "torch.cuda.set_rng_state(ctx.gpu_state, x.device) -> nothing": "only a GPU has another state",
}
