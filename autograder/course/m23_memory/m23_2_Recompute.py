"""Mistakes of Recompute."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.utils.checkpoint import checkpoint

from autograder.course.marks import mistake

Fn = Callable[[Tensor], Tensor]


class _Right(torch.autograd.Function):
    """A right one, whose parts the mistakes replace."""

    @staticmethod
    def forward(ctx: Any, fn: Fn, x: Tensor) -> Tensor:
        """Keep the function, its input and the random state."""
        keep(ctx, fn, x)
        return fn(x)

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> Any:
        """Run the function again, and go back through it."""
        y, x = again(ctx, ctx.state)
        torch.autograd.backward(y, g)
        return None, x.grad


def keep(ctx: Any, fn: Fn, x: Tensor) -> None:
    """Keep what backward needs."""
    ctx.fn, ctx.state = fn, torch.get_rng_state()
    ctx.save_for_backward(x)


def again(ctx: Any, state: Tensor | None) -> tuple[Tensor, Tensor]:
    """Return the result of a second run and its input; without a state, draw on."""
    x = ctx.saved_tensors[0].detach().requires_grad_()
    if state is None:
        with torch.enable_grad():
            return ctx.fn(x), x
    now = torch.get_rng_state()
    torch.set_rng_state(state)
    with torch.enable_grad():
        y = ctx.fn(x)
    torch.set_rng_state(now)
    return y, x


@mistake("random-state-not-kept", asks="tb.59")
class RandomStateNotKept(_Right):
    """Your second run draws other random numbers than the first, so dropout zeroes other values and
    the gradients belong to another function. The state of the generator before the first run has to
    come back for the second."""

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> Any:
        """Draw on."""
        y, x = again(ctx, None)
        torch.autograd.backward(y, g)
        return None, x.grad


@mistake("state-of-after-the-run", asks="tb.59")
class StateOfAfterTheRun(_Right):
    """You keep the random state when fn has already drawn. The second run then begins where the
    first one ended, and dropout zeroes other values. Look at the order of the lines in forward."""

    @staticmethod
    def forward(ctx: Any, fn: Fn, x: Tensor) -> Tensor:
        """Run first, and keep then."""
        first = fn(x)
        keep(ctx, fn, x)
        return first


@mistake("generator-left-rewound", asks="tb.59")
class GeneratorLeftRewound(_Right):
    """You set the random generator back for the second run and leave it there. All that is drawn
    later in the program repeats numbers that were drawn before. What the generator was before the
    second run has to come back after it."""

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> Any:
        """Leave the generator where it is."""
        torch.set_rng_state(ctx.state)
        y, x = again(ctx, None)
        torch.autograd.backward(y, g)
        return None, x.grad


@mistake("seeded-anew", asks="tb.59")
class SeededAnew(_Right):
    """You seed the generator in both runs. They draw the same, but apply no longer returns what
    fn(x) does, every dropout of the program gets the same mask, and later numbers repeat. Keep and
    restore the state that you find."""

    @staticmethod
    def forward(ctx: Any, fn: Fn, x: Tensor) -> Tensor:
        """Seed."""
        keep(ctx, fn, x)
        torch.manual_seed(0)
        return fn(x)

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> Any:
        """Seed once more."""
        torch.manual_seed(0)
        y, x = again(ctx, None)
        torch.autograd.backward(y, g)
        return None, x.grad


@mistake("state-on-the-class")
class StateOnTheClass(_Right):
    """You keep what belongs to one call where all calls share it, such as on the class. The next
    apply writes over it, and backward runs with the function or the random state of another call.
    Each call has a ctx of its own."""

    shared: Tensor

    @staticmethod
    def forward(ctx: Any, fn: Fn, x: Tensor) -> Tensor:
        """Keep the state on the class."""
        keep(ctx, fn, x)
        StateOnTheClass.shared = torch.get_rng_state()
        return fn(x)

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> Any:
        """Take the state of the last call."""
        y, x = again(ctx, StateOnTheClass.shared)
        torch.autograd.backward(y, g)
        return None, x.grad


@mistake("second-run-not-recorded", asks="tb.35")
class SecondRunNotRecorded(_Right):
    """Your second run is not recorded, so torch refuses to go backward from its result. Inside a
    backward of a Function gradients are off. Say that they are wanted where fn runs again."""

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> Any:
        """Run as forward does."""
        x = ctx.saved_tensors[0].detach().requires_grad_()
        torch.autograd.backward(ctx.fn(x), g)
        return None, x.grad


@mistake("parameters-forgotten", asks="tb.35")
class ParametersForgotten(_Right):
    """Your backward asks for the gradient of x alone. fn uses parameters that are no input of
    apply, and they get nothing: no layer inside would ever learn. Go backward from the result,
    which also fills .grad of what fn uses."""

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> Any:
        """Ask for one gradient."""
        y, x = again(ctx, ctx.state)
        return None, torch.autograd.grad(y, x, g)[0]


@mistake("graph-kept", asks="tb.35")
class GraphKept(_Right):
    """You record the first run and keep its graph in ctx. Gradients come out right, but all that fn
    computes is kept, which is what a checkpoint saves. Keep x only, and run fn again in
    backward."""

    @staticmethod
    def forward(ctx: Any, fn: Fn, x: Tensor) -> Tensor:
        """Record."""
        with torch.enable_grad():
            ctx.x = x.detach().requires_grad_()
            ctx.y = fn(ctx.x)
        result: Tensor = ctx.y.detach()
        return result

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> Any:
        """Go back through what was kept."""
        torch.autograd.backward(ctx.y, g)
        return None, ctx.x.grad


@mistake("g-ignored")
class GIgnored(_Right):
    """Your backward starts from the sum of the result and does not use g. By the chain rule it has
    to start with what arrives, or all that was computed after apply is forgotten. Look at how you
    go backward."""

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> Any:
        """Start with ones."""
        y, x = again(ctx, ctx.state)
        torch.autograd.backward(y, torch.ones_like(y))
        return None, x.grad


@mistake("x-gets-nothing")
class XGetsNothing(_Right):
    """The parameters of fn get their gradients, but x gets none: what came before it never learns.
    The detached copy of x has to require its gradient before fn runs again, and backward has to
    return it."""

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> Any:
        """Return nothing."""
        y, _ = again(ctx, ctx.state)
        torch.autograd.backward(y, g)
        return None, None


@mistake("x-not-detached")
class XNotDetached(_Right):
    """Your second run goes on from x with its own graph, so your backward runs on into what came
    before x. torch goes there itself when you return, finds it freed already and refuses. Cut x off
    before fn runs again."""

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> Any:
        """Run from x itself."""
        (x,) = ctx.saved_tensors
        now = torch.get_rng_state()
        torch.set_rng_state(ctx.state)
        with torch.enable_grad():
            y = ctx.fn(x)
        torch.set_rng_state(now)
        torch.autograd.backward(y, g)
        return None, None


@mistake("entries-of-backward")
class EntriesOfBackward(_Right):
    """torch refuses what your backward returns. It wants one entry for each input of forward, in
    their order, and None for fn, which is no tensor. Look at how many entries you return."""

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> Any:
        """Return one entry for two inputs."""
        return _Right.backward(ctx, g)[1]


@mistake("torchs-checkpoint")
class TorchsCheckpoint:
    """You call torch.utils.checkpoint, whose work you are asked to do yourself here. Write both
    methods: what forward keeps, and how backward runs fn again."""

    @staticmethod
    def apply(fn: Fn, x: Tensor) -> Tensor:
        """Hand it on."""
        result: Tensor = checkpoint(fn, x, use_reentrant=False)
        return result
