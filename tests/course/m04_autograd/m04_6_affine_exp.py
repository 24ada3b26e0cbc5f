"""Other ways to do affine_exp."""

from __future__ import annotations

import numpy as np
import torch
from m04_autograd import affine_exp

from autograder.course.marks import restated, right, wrong


@right()
def copy_first(x, a, b):
    """Copies x, and then works in place only."""
    out = x.clone()
    out *= a
    out += b
    return torch.exp_(out)


@right()
def factor_in_place_of_a_sum(x, a, b):
    """Adds b last, by way of x + b / a where a is not 0."""
    if a == 0:
        return affine_exp(x, a, b)
    return (x + b / a).mul_(a).exp_()


@right()
def scaled_addition(x, a, b):
    """One addition with a factor, onto a tensor without dimensions."""
    return torch.add(torch.tensor(b, dtype=x.dtype, device=x.device), x, alpha=a).exp_()


class _Exp(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, a, b):
        out = (x * a).add_(b).exp_()
        ctx.save_for_backward(out)
        ctx.a = a
        return out

    @staticmethod
    def backward(ctx, g):
        (out,) = ctx.saved_tensors
        return g * out * ctx.a, None, None


@right()
def function_of_its_own(x, a, b):
    """A function with a backward of its own."""
    return _Exp.apply(x, a, b)


@wrong()
def base_two(x, a, b):
    """Takes powers of 2."""
    return x.mul(a).add_(b).exp2_()


@wrong()
def minus_one(x, a, b):
    """Takes exp minus 1."""
    return x.mul(a).add_(b).expm1_()


@wrong(named="cut-off")
def through_numpy(x, a, b):
    """Lets NumPy compute."""
    return torch.from_numpy(np.exp(x.detach().cpu().numpy() * a + b))


@wrong()
def in_float64(x, a, b):
    """Computes in float64."""
    return x.double().mul_(a).add_(b).exp_()


@wrong(named="two-tensors")
def sum_of_copies(x, a, b):
    """Makes a full tensor of b."""
    return torch.full_like(x, b).add_(x, alpha=a).exp_().clone()


@wrong()
def b_not_differentiated(x, a, b):
    """Forgets the factor a in the backward pass."""
    out = affine_exp(x, a, b)
    return out.detach() + (out - out.detach()) / (a or 1)


@wrong()
def at_least_one_axis(x, a, b):
    """Gives [1] for a number without dimensions."""
    return torch.atleast_1d(affine_exp(x, a, b))


@restated("x-written-to")
def augmented_assignment(x, a, b):
    """Uses *= and += on the argument."""
    x *= a
    x += b
    return x.exp_()


@restated("three-tensors")
def with_operators(x, a, b):
    """One new tensor after the other."""
    y = a * x
    y = b + y
    return y.exp()


@restated("two-tensors")
def sum_by_a_new_tensor(x, a, b):
    """Only exp works in place."""
    return (a * x + b).exp_()


@restated("written-after-exp")
def exp_times_constant(x, a, b):
    """Multiplies the exponential by a constant."""
    out = x.mul(a).exp_()
    out *= float(torch.tensor(b, dtype=torch.float64).exp())
    return out


@restated("data-written")
def under_no_grad(x, a, b):
    """Writes with recording off."""
    out = x.mul(a)
    with torch.no_grad():
        out.add_(b).exp_()
    return out


@restated("cut-off")
def all_under_no_grad(x, a, b):
    """Switches recording off for all of it."""
    with torch.no_grad():
        return x.mul(a).add_(b).exp_()


@restated("a-times-the-sum")
def sum_first(x, a, b):
    """Adds before it multiplies."""
    out = x + b
    out *= a
    return out.exp_()


@restated("a-and-b-exchanged")
def letters_mixed_up(x, a, b):
    """Takes b as the factor."""
    return (b * x).add_(a).exp_()


@restated("no-exp")
def exp_thrown_away(x, a, b):
    """Calls exp and forgets its result."""
    out = a * x
    out += b
    return out


@restated("b-lost")
def sum_thrown_away(x, a, b):
    """Calls add and forgets its result."""
    out = x.mul(a)
    return out.exp_()
