"""Mistakes of scale_grad."""

from __future__ import annotations

from typing import Any

import torch
from m22_hooks import scale_grad
from torch import Tensor

from autograder.course.marks import mistake


@mistake("numbers-scaled")
def numbers_scaled(t: Tensor, k: float) -> Tensor:
    """You multiply the numbers themselves. The gradient is scaled then, and the result is another
    tensor than t. Asked for are the numbers of t as they are; only what comes back is changed."""
    return k * t


@mistake("hook-on-t", asks="tb.25")
def hook_on_t(t: Tensor, k: float) -> Tensor:
    """Your hook hangs on t itself. It sees the gradients of all paths added up, and scales them
    all, also those of other calls. It has to hang on a tensor that is on this path alone."""
    t.register_hook(lambda grad: k * grad)
    return t


@mistake("nothing-returned-by-the-hook", asks="tb.25")
def nothing_returned_by_the_hook(t: Tensor, k: float) -> Tensor:
    """Your hook computes a scaled gradient and does not return it, or there is none. When a hook
    returns None, the gradient goes on as it came."""

    def hook(grad: Tensor) -> None:
        grad = k * grad

    result = t.view_as(t)
    result.register_hook(hook)
    return result


@mistake("scaled-in-place", asks="tb.25")
def scaled_in_place(t: Tensor, k: float) -> Tensor:
    """Your hook changes the gradient in place. It does not own it: the same numbers may be on their
    way elsewhere, or stand in one memory for all entries, which torch refuses. Return a new
    tensor."""
    result = t.view_as(t)
    result.register_hook(lambda grad: grad.mul_(k))
    return result


@mistake("zero-is-no-factor")
def zero_is_no_factor(t: Tensor, k: float) -> Tensor:
    """You treat a factor of 0 as if there were none. 0 is false in Python, and a fair factor: it
    stops the gradient on this path. Look at the condition before you scale."""
    return scale_grad(t, k) if k else t.view_as(t)


@mistake("size-of-k-alone")
def size_of_k_alone(t: Tensor, k: float) -> Tensor:
    """Your gradient has the wrong sign where k is negative. A negative factor turns the gradient
    round, which is what makes two parts of a network work against each other. Keep its sign."""
    return scale_grad(t, abs(k))


@mistake("cut-off")
def cut_off(t: Tensor, k: float) -> Tensor:
    """Your result is cut off from the graph: no gradient comes back to t at all. Something on the
    way keeps the numbers alone, such as detach(), .data, or a new tensor made of them."""
    return (t.detach() * 1).requires_grad_()


@mistake("difference-of-products")
def difference_of_products(t: Tensor, k: float) -> Tensor:
    """Your result differs from t in its last digits: what you add to t and take away again is
    rounded in between. Let what is added be exactly 0, or leave the numbers alone."""
    return k * t + (1 - k) * t.detach()


@mistake("divided-by-k")
def divided_by_k(t: Tensor, k: float) -> Tensor:
    """Your gradient is divided by k. Asked for is one that is k times as large. Look at the
    operation in your hook, or in your backward."""
    return scale_grad(t, 1 / k if k else float("inf"))


class _Once(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, t: Tensor, k: float) -> Tensor:
        ctx.k = k
        return t

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> Any:
        return ctx.k * grads[0].sum() * torch.ones_like(grads[0]) / grads[0].numel(), None


@mistake("one-gradient-for-all")
def one_gradient_for_all(t: Tensor, k: float) -> Tensor:
    """All entries of your gradient are equal. Each entry of t has a gradient of its own, which is
    scaled by itself: no sum and no mean is taken on the way back."""
    return _Once.apply(t, k)  # type: ignore[no-any-return]
