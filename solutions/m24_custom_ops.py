# %% [markdown]
# # m24 Custom operations
#
# Autograd knows the derivative of each operation of torch. An operation of your own may answer with
# another one, on purpose: a choice between classes, or a rounding, has no slope to follow, but it
# can be trained through. N is the number of rows, I of inputs, O of outputs, C of classes or
# columns. Two small tools end the module: a matrix of which only a few places are stored, and how
# far a stack of convolutions can see.

# %%
"""Operations with a backward of your own, choices with gradients, sparse products, and fields."""

from __future__ import annotations

from typing import Any

import torch
from torch import Generator, Tensor
from torch.nn import functional as F


# %%
class RoundSTE(torch.autograd.Function):
    """Rounding through which gradients pass straight, as if it had not been there.

    RoundSTE.apply(x) returns each number of x rounded to the nearest whole number; a half goes to
    the even one, as with torch.round. x holds floats in any shape and is not changed. The result is
    a new tensor of its shape, dtype and device. backward() receives g, the gradient of the loss
    with respect to this result, and answers with the gradient with respect to x as if nothing had
    been rounded: it is g itself, whatever x is. Gradients of gradients pass through in the same
    way.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        """Return the rounded numbers."""
        return x.round()

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> Tensor:
        """Return what x gets of the gradient g."""
        return g


# %%
class LinearFn(torch.autograd.Function):
    """A linear layer that works out its own gradients.

    LinearFn.apply(x, w, b) takes x [N, I], w [O, I] and b [O], or None in place of b, with N, I and
    O at least 1, all of one float dtype and device. It returns x @ w.T + b, [N, O], and without b
    the product alone. Nothing is changed. With a bias, forward uses one operation of torch that
    makes product and sum together, so that the bare product is never in memory.

    backward(ctx, g) receives g [N, O], the gradient of the loss with respect to the result. It
    returns a tuple of three entries, for x, w and b in this order: the gradient of the loss with
    respect to each, of exactly its shape, or None for what needs no gradient (see
    ctx.needs_input_grad) or is None itself. A gradient that is not needed is not computed either.

    The gradients can be differentiated again, by autograd: create_graph=True gives right gradients
    of gradients, also with respect to g.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, w: Tensor, b: Tensor | None) -> Tensor:
        """Return the layer's outputs, and keep in ctx what backward() needs."""
        ctx.save_for_backward(x, w)
        return F.linear(x, w, b)

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> tuple[Tensor | None, Tensor | None, Tensor | None]:
        """Return what forward's inputs get of the gradient g: one entry for each of them."""
        x, w = ctx.saved_tensors
        x_needed, w_needed, b_needed = ctx.needs_input_grad
        gx = g @ w if x_needed else None
        gw = g.t() @ x if w_needed else None
        return gx, gw, g.sum(0) if b_needed else None


# %%
def gumbel_softmax(logits: Tensor, tau: float, hard: bool, generator: Generator) -> Tensor:
    """Choose a class at random in each row, softly, so that gradients reach the logits.

    logits is [N, C], finite floats, with N at least 1 and C at least 2; it is not changed. tau, the
    temperature, is a float from 0.1 to 10. Add to each logit a noise of its own, drawn in their
    dtype from the standard Gumbel distribution: the probability of a noise of at most z is
    exp(-exp(-z)). A number u, uniform between 0 and 1, becomes such a noise as -log(-log(u)). The
    largest noisy logit of a row is then that of each class with the probability that the softmax of
    the row gives it. Divide the noisy logits by tau; the softmax of each row of them is the soft
    result, [N, C], of the dtype and device of logits. Logits may be large: the result is finite as
    long as they are.

    With hard, the result is one-hot: 1 for the class whose soft result is the largest of its row, 0
    for the others, up to rounding errors, in the same dtype. Its gradient is that of the soft
    result, passed straight through.

    All noises are independent and come from the generator, which lies on the device of logits:
    torch's global generator stays untouched. The noises depend on the generator's state and on the
    shape and dtype of logits alone: a generator with the same seed gives the same ones again,
    whatever the logits, tau and hard are, and a second call with one generator gives other ones.
    Do not call torch.nn.functional.gumbel_softmax, which takes no generator.
    """
    uniform = torch.rand(
        logits.shape, generator=generator, dtype=logits.dtype, device=logits.device
    )
    noise = -torch.log(-torch.log(uniform))
    soft = torch.softmax((logits + noise) / tau, dim=1)
    if not hard:
        return soft
    one_hot = F.one_hot(soft.argmax(dim=1), logits.shape[1])
    return one_hot - soft.detach() + soft


# %%
def sparse_linear(idx: Tensor, vals: Tensor, n_rows: int, dense: Tensor) -> Tensor:
    """Return the product of a sparse matrix, of which only some places are given, and a dense one.

    The sparse matrix has n_rows rows, at least 1, and C columns. idx is [2, K], int64: idx[0] has
    the row and idx[1] the column of each place, all valid, counted from 0. vals is [K] and has the
    numbers that stand there; a place that comes several times has the sum of its numbers, and all
    other places have 0. K may be 0. dense is [C, D], of the dtype and device of vals, with C and D
    at least 1. The result is [n_rows, D], of the same dtype and device. Nothing is changed.

    Gradients reach vals and dense. With 100,000 rows and columns the full matrix would need 80 GB:
    neither the call nor a backward pass through it, to vals and to dense, may make a dense tensor
    with n_rows * C elements or more, unless it has the shape of an input or of the result.
    """
    rows, columns = idx
    terms = vals[:, None] * dense[columns]
    return dense.new_zeros(n_rows, dense.shape[1]).index_add(0, rows, terms)


# %%
def receptive_field(layers: list[tuple[int, int, int]]) -> int:
    """Return how far a stack of convolutions over a sequence can see.

    layers has (kernel, stride, dilation) of each layer, from the first, which reads the sequence,
    to the last; it is not changed. All three are ints, at least 1. The dilation is the distance
    between the neighbouring inputs of a layer that one of its outputs reads (1: no gap), and the
    stride the distance between the first ones that two neighbouring outputs read.

    The result is an int of Python, the receptive field of one output of the last layer: the length
    of the shortest stretch of the sequence that has all places which can change this output. Places
    within it that are skipped count. A stack without layers hands the sequence on: the result is 1.
    Compute it by a formula: no tensor is needed.
    """
    field, step = 1, 1
    for kernel, stride, dilation in layers:
        field += (kernel - 1) * dilation * step
        step *= stride
    return field
