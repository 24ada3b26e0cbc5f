"""Other ways to do scale_grad."""

from __future__ import annotations

import torch

from autograder.course.marks import restated, right, wrong


class _Scaled(torch.autograd.Function):
    @staticmethod
    def forward(ctx, t, k):
        ctx.k = k
        return t.clone()

    @staticmethod
    def backward(ctx, grad):
        return grad * ctx.k, None


class _Identity(torch.autograd.Function):
    @staticmethod
    def forward(ctx, t, change):
        ctx.change = change
        return t.view_as(t)

    @staticmethod
    def backward(ctx, grad):
        return ctx.change(grad), None


@right()
def by_a_function(t, k):
    """A function of its own, with a copy of t."""
    return _Scaled.apply(t, k)


@right()
def by_an_exact_zero(t, k):
    """Adds k times a zero through which gradients pass to the numbers alone."""
    return t.detach() + k * (t - t.detach())


@right()
def by_a_clone_and_a_hook(t, k):
    """A copy with a hook that scales."""
    copy = t.clone()
    copy.register_hook(lambda grad: grad.mul(k))
    return copy


@right()
def gradient_built_anew(t, k):
    """The hook makes a copy and scales that in place."""
    result = t + 0
    result.register_hook(lambda grad: grad.clone().mul_(k))
    return result


@right()
def numbers_written_over(t, k):
    """Computes k * t for its graph, and writes the numbers of t into it."""
    result = k * t
    result.data.copy_(t.data)
    return result


@wrong()
def added_and_taken_away(t, k):
    """k * t + (t - k * t).detach(), rounded in between."""
    return k * t + (t - k * t).detach()


@wrong()
def squared_factor(t, k):
    """Scales on the way back twice."""
    return _Identity.apply(_Identity.apply(t, lambda g: k * g), lambda g: k * g)


@wrong()
def clipped_factor(t, k):
    """The factor is at most 1."""
    return _Identity.apply(t, lambda g: max(min(k, 1.0), -1.0) * g)


@wrong()
def whole_factor(t, k):
    """The factor is cut to a whole number."""
    return _Identity.apply(t, lambda g: int(k) * g)


@wrong()
def added_factor(t, k):
    """k is added to the gradient."""
    return _Identity.apply(t, lambda g: g + k)


@wrong()
def sign_alone(t, k):
    """Only the signs of the gradient are scaled."""
    return _Identity.apply(t, lambda g: k * g.sign())


@wrong()
def flat(t, k):
    """The result has one dimension."""
    return by_a_function(t, k).flatten()


@wrong()
def hook_on_t_and_on_the_result(t, k):
    """The result scales, and t once more."""
    t.register_hook(lambda g: k * g)
    return _Scaled.apply(t, k)


KS = {}


@wrong()
def last_factor_for_all(t, k):
    """One factor is kept for each tensor, the last one."""
    KS[id(t)] = k
    key = id(t)
    return _Identity.apply(t, lambda g: KS[key] * g)


@restated("numbers-scaled")
def multiplied(t, k):
    """Multiplies with t.mul(k)."""
    return t.mul(k)


@restated("hook-on-t")
def returns_t_itself(t, k):
    """A hook on t, and t returned."""

    def scale(grad):
        return grad * k

    t.register_hook(scale)
    return t


@restated("nothing-returned-by-the-hook")
def hook_without_return(t, k):
    """The scaled gradient stays in a name of the hook."""
    copy = t.clone()

    def scale(grad):
        scaled = grad * k
        scaled.sum()

    copy.register_hook(scale)
    return copy


@restated("scaled-in-place")
def multiplied_in_place(t, k):
    """g *= k in the hook."""
    copy = t.clone()

    def scale(grad):
        grad *= k
        return grad

    copy.register_hook(scale)
    return copy


@restated("zero-is-no-factor")
def one_where_none(t, k):
    """k or 1."""
    return _Scaled.apply(t, k or 1.0)


@restated("size-of-k-alone")
def absolute(t, k):
    """abs(k) times the gradient."""
    return _Identity.apply(t, lambda g: abs(k) * g)


@restated("cut-off")
def made_of_data(t, k):
    """A new leaf of t's numbers, with a hook."""
    leaf = t.detach().clone().requires_grad_()
    leaf.register_hook(lambda g: k * g)
    return leaf


@restated("difference-of-products")
def products_that_add_up(t, k):
    """(1 - k) of the numbers, and k of the tensor."""
    return (1 - k) * t.detach() + k * t


@restated("divided-by-k")
def division(t, k):
    """g / k."""
    return _Identity.apply(t, lambda g: g / k)


@restated("one-gradient-for-all")
def mean_gradient(t, k):
    """The mean of the gradient for all entries."""
    return _Identity.apply(t, lambda g: (k * g.mean()).expand_as(g))
