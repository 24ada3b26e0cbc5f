# %% [markdown]
# # m23 Memory
#
# A backward pass needs what the forward pass has computed, so deep models and long sequences fill
# the memory. Some of it can be computed again, and some of the past can be cut off. Both have rules
# about random numbers, gradients and states. B is the number of samples or sequences, L of time
# steps, F of features, O of outputs, H of hidden units.

# %%
"""Values kept or computed again, random states, truncated histories, and the layout of an LSTM."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.utils.checkpoint import checkpoint


# %%
def checkpointed(blocks: list[nn.Module], x: Tensor, segments: int) -> Tensor:
    """Run blocks one after the other, and keep little of it; best_segments is written beside it.

    blocks is a list of at least one module, each of which takes one tensor of floats and returns
    one: x goes into the first block, its result into the next, and that of the last is returned.
    Every block has a parameter that requires its gradient; x may require its gradient or not. When
    the caller goes backward from the result, by one `backward()`, the parameters and x get the
    gradients that they get without checkpoints.

    The blocks are divided into consecutive segments, whose number is given, from 1 to the number of
    blocks; their lengths differ by at most one, and which of them are longer is free. Of every
    segment, the last one included, only the tensor that goes into it is kept for the backward pass.
    That pass runs the blocks of the segment a second time when it comes to it. So each block runs
    once in the forward pass and once more in the backward pass, there the last segment first.

    A block may draw from torch's global random generator, as a Dropout does: its second run has to
    draw the same numbers. torch.utils.checkpoint may be used; no warning may come of it. x is not
    changed, and each block is called by itself, `block(x)`.
    """
    borders = [len(blocks) * i // segments for i in range(segments + 1)]
    for start, end in pairwise(borders):
        x = checkpoint(nn.Sequential(*blocks[start:end]), x, use_reentrant=False)
    return x


def best_segments(n: int) -> int:
    """Return how many segments make the memory of n blocks smallest, as an int.

    n is at least 1. With s segments s inputs are kept, and while one segment runs again, the values
    of its n / s blocks exist as well. The result is the s from 1 to n for which n / s + s is
    smallest; n / s is not rounded. Where two numbers do equally well, either is right.
    """
    return min(range(1, n + 1), key=lambda s: n / s + s)


# %%
class Recompute(torch.autograd.Function):
    """Write a checkpoint of your own, which keeps only the input of a function.

    Recompute.apply(fn, x) returns fn(x). x holds floats, requires its gradient or was computed from
    what does, and is not changed. fn is any function or module of one tensor; it returns one, of
    floats and maybe of another shape, which depends on x, and may use parameters besides x.

    When the caller goes backward, by one `backward()`, gradients are added to x (or to what it was
    computed from) and to all parameters that fn uses, as they are for fn(x) itself. Of the forward
    pass only x is kept: backward() runs fn a second time. So fn is called twice for each apply, and
    nothing it computes in between is kept. There may be several: the result of one can be the x of
    the next.

    fn may draw from torch's global generator of the device of x, as a Dropout does. The second run
    draws the same numbers as the first, whatever has been drawn in between. Afterwards that
    generator is where it was just before the second run, as if nothing had been drawn there.

    Write it without torch.utils.checkpoint.
    """

    @staticmethod
    def forward(ctx: Any, fn: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
        """Return fn(x), and keep in ctx what backward() needs."""
        ctx.fn = fn
        ctx.state = torch.get_rng_state()
        ctx.gpu_state = torch.cuda.get_rng_state(x.device) if x.is_cuda else None
        ctx.save_for_backward(x)
        return fn(x)

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> tuple[None, Tensor | None]:
        """Return what forward's inputs get of the gradient g: one entry for each of them.

        Gradients of parameters are no entries: they go to where `backward()` stores them.
        """
        (x,) = ctx.saved_tensors
        again = x.detach().requires_grad_()
        with torch.random.fork_rng([x.device] if x.is_cuda else []), torch.enable_grad():
            torch.set_rng_state(ctx.state)
            if x.is_cuda:
                torch.cuda.set_rng_state(ctx.gpu_state, x.device)
            y = ctx.fn(again)
        y.backward(g)
        return None, again.grad


# %%
def tbptt(
    cell: nn.Module,
    xs: Tensor,
    ys: Tensor,
    chunk: int,
    opt: Optimizer,
    loss_fn: Callable[[Tensor, Tensor], Tensor],
) -> list[float]:
    """Train a recurrent cell on long sequences, chunk by chunk; return the loss of each chunk.

    This is truncated backpropagation through time. xs is [L, B, F] and ys [L, B, O], both of the
    dtype and on the device of the cell, with L and B at least 1; they are not changed.
    `cell(x, h)` takes the inputs of one time step, [B, F], and the state h, [B, H], and returns a
    pair: the predictions of this time step, [B, O], and the next state. At the first time step of
    all, h is None. `loss_fn(pred, target)` takes two tensors of one shape, of any number of
    dimensions, and is the mean over all their elements, 0-dim ([]).

    The time steps go through the cell in their order, each once. `chunk` of them in a row, at least
    1, make a chunk; the last one may have fewer. The loss of a chunk is the mean over all elements
    of its predictions. After each chunk, and before the next begins, opt takes one step with the
    gradient of this chunk's loss alone. The next chunk goes on from the state in which the last one
    ended, as numbers: it is not computed anew, and no gradient flows back across the border. So
    what is kept for a backward pass never belongs to more than one chunk.

    opt is any optimizer of torch but LBFGS, with all parameters of the cell, and keeps its state.
    All gradients are None or zero on entry; what they are on return is free. The result has one
    float for each chunk, its loss before the step.
    """
    losses, h = [], None
    for x_chunk, y_chunk in zip(xs.split(chunk), ys.split(chunk), strict=True):
        preds = []
        for x in x_chunk:
            pred, h = cell(x, h)
            preds.append(pred)
        loss = loss_fn(torch.stack(preds), y_chunk)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
        h = h.detach()
    return losses


# %%
def run_lstm(lstm: nn.LSTM, x: Tensor) -> tuple[Tensor, Tensor]:
    """Run an LSTM on a batch of sequences, whichever layout it wants, and return (out, last).

    x is [B, L, F]: B sequences of L time steps, each at least 1, in the dtype and on the device of
    lstm. It is an nn.LSTM with F inputs, H hidden units, one or more layers, and D directions, 1 or
    2, where 2 means bidirectional; batch_first may be True or False. It has no projection and no
    dropout. It starts from zeros, and is left as it is, and so is x.

    out is [B, L, D * H]: the outputs of the last layer at each time step, in the layout of x.

    last is [B, D * H]: the hidden state, not the cell state, in which the last layer ends. Its
    forward direction ends at the last time step. With two directions, the numbers of the backward
    one follow, which goes from the last time step to the first and ends there.

    Both can be differentiated.
    """
    out, (h, _) = lstm(x if lstm.batch_first else x.transpose(0, 1))
    directions = 2 if lstm.bidirectional else 1
    last = torch.cat(list(h[-directions:]), dim=1)
    return out if lstm.batch_first else out.transpose(0, 1), last
