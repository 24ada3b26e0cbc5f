"""Mistakes of tbptt."""

from __future__ import annotations

from collections.abc import Callable

import torch
from m23_memory import tbptt
from torch import Tensor, nn
from torch.optim import Optimizer

from autograder.course.marks import mistake

Loss = Callable[[Tensor, Tensor], Tensor]
Step = Callable[[Tensor], Tensor]


def same(h: Tensor) -> Tensor:
    """Carry a state on with its graph."""
    return h


def train(
    cell: nn.Module,
    xs: Tensor,
    ys: Tensor,
    chunk: int,
    opt: Optimizer,
    loss_fn: Loss,
    *,
    between: Callable[[Tensor], Tensor | None] = Tensor.detach,
    inside: Step = same,
    loss_of: Callable[[Tensor, Tensor, Loss], Tensor] = lambda pred, y, loss_fn: loss_fn(pred, y),
    retain: bool = False,
    clear: bool = True,
    after: bool = False,
) -> list[Tensor]:
    """Train rightly, but for what the caller replaces; return the losses as tensors."""
    losses: list[Tensor] = []
    h: Tensor | None = None
    for x_chunk, y_chunk in zip(xs.split(chunk), ys.split(chunk), strict=True):
        preds, start = [], h
        for x in x_chunk:
            pred, h = cell(x, h)
            h = inside(h)
            preds.append(pred)
        loss = loss_of(torch.stack(preds), y_chunk, loss_fn)
        if clear:
            opt.zero_grad()
        loss.backward(retain_graph=retain)
        opt.step()
        losses.append(_again(cell, x_chunk, y_chunk, start, loss_fn) if after else loss.detach())
        assert h is not None
        h = between(h)
    return losses


def _again(cell: nn.Module, xs: Tensor, ys: Tensor, h: Tensor | None, loss_fn: Loss) -> Tensor:
    preds = []
    with torch.no_grad():
        for x in xs:
            pred, h = cell(x, h)
            preds.append(pred)
        return loss_fn(torch.stack(preds), ys)


def numbers(losses: list[Tensor]) -> list[float]:
    """Return losses as numbers of Python."""
    return [loss.item() for loss in losses]


@mistake("history-not-cut", asks="tb.16 tb.58")
def history_not_cut(
    cell: nn.Module, xs: Tensor, ys: Tensor, chunk: int, opt: Optimizer, loss_fn: Loss
) -> list[float]:
    """Your second backward runs back into the first chunk, whose graph is gone already, and torch
    refuses. The state that a chunk hands on still has its history. Cut it off between two
    chunks."""
    return numbers(train(cell, xs, ys, chunk, opt, loss_fn, between=same))


@mistake("graph-retained", asks="tb.16 tb.58")
def graph_retained(
    cell: nn.Module, xs: Tensor, ys: Tensor, chunk: int, opt: Optimizer, loss_fn: Loss
) -> list[float]:
    """You keep the old graphs by retain_graph=True. The next backward then runs through all earlier
    chunks, whose weights the optimizer has changed since, and torch refuses. The history has to be
    cut, not kept: look at the state."""
    return numbers(train(cell, xs, ys, chunk, opt, loss_fn, between=same, retain=True))


@mistake("state-forgotten", asks="tb.58")
def state_forgotten(
    cell: nn.Module, xs: Tensor, ys: Tensor, chunk: int, opt: Optimizer, loss_fn: Loss
) -> list[float]:
    """Each of your chunks begins without a state, as if it were a new sequence. Only the gradients
    are cut between two chunks: the numbers of the state go on, and with them all that the cell
    remembers."""
    return numbers(train(cell, xs, ys, chunk, opt, loss_fn, between=lambda h: None))


@mistake("cut-at-each-step", asks="tb.16 tb.58")
def cut_at_each_step(
    cell: nn.Module, xs: Tensor, ys: Tensor, chunk: int, opt: Optimizer, loss_fn: Loss
) -> list[float]:
    """You cut the history at every time step. No gradient then flows from one step to the one
    before, and the cell learns nothing about how its state should be used. Cut only where a chunk
    ends."""
    return numbers(train(cell, xs, ys, chunk, opt, loss_fn, inside=Tensor.detach))


@mistake("rest-dropped")
def rest_dropped(
    cell: nn.Module, xs: Tensor, ys: Tensor, chunk: int, opt: Optimizer, loss_fn: Loss
) -> list[float]:
    """You go through full chunks only. Where L is no multiple of chunk, the last time steps are
    never seen. The last chunk may be shorter: it has a loss and a step like the others."""
    full = len(xs) // chunk * chunk
    return tbptt(cell, xs[:full], ys[:full], chunk, opt, loss_fn) if full else []


@mistake("whole-sequence", asks="tb.58")
def whole_sequence(
    cell: nn.Module, xs: Tensor, ys: Tensor, chunk: int, opt: Optimizer, loss_fn: Loss
) -> list[float]:
    """You send the whole sequence through the cell and step once. That is backpropagation through
    time without truncation: everything is kept, however long the sequence. Step at the end of each
    chunk."""
    return tbptt(cell, xs, ys, len(xs), opt, loss_fn)


@mistake("chunk-ignored", asks="tb.58")
def chunk_ignored(
    cell: nn.Module, xs: Tensor, ys: Tensor, chunk: int, opt: Optimizer, loss_fn: Loss
) -> list[float]:
    """You step after every time step, as if chunk were 1. No gradient can then reach back to an
    earlier time step. Collect the predictions of a whole chunk first."""
    return tbptt(cell, xs, ys, 1, opt, loss_fn)


@mistake("one-step-at-the-end")
def one_step_at_the_end(
    cell: nn.Module, xs: Tensor, ys: Tensor, chunk: int, opt: Optimizer, loss_fn: Loss
) -> list[float]:
    """You go backward for each chunk but take only one step, when all are done. Every chunk has a
    step of its own, and the next one already runs with the new weights. Look at where step
    stands."""
    losses, h = [], None
    for x_chunk, y_chunk in zip(xs.split(chunk), ys.split(chunk), strict=True):
        preds = []
        for x in x_chunk:
            pred, h = cell(x, h)
            preds.append(pred)
        loss = loss_fn(torch.stack(preds), y_chunk)
        loss.backward()
        losses.append(loss.item())
        h = h.detach()
    opt.step()
    return losses


@mistake("never-cleared")
def never_cleared(
    cell: nn.Module, xs: Tensor, ys: Tensor, chunk: int, opt: Optimizer, loss_fn: Loss
) -> list[float]:
    """You never clear the gradients, so each step also has the gradients of all chunks before it.
    backward adds to what is there. One call is missing for each chunk."""
    return numbers(train(cell, xs, ys, chunk, opt, loss_fn, clear=False))


@mistake("last-prediction-only")
def last_prediction_only(
    cell: nn.Module, xs: Tensor, ys: Tensor, chunk: int, opt: Optimizer, loss_fn: Loss
) -> list[float]:
    """Your loss looks at the last prediction of a chunk only. Every time step has a target, and the
    loss of a chunk is the mean over all of them. Keep the predictions until the chunk ends."""
    return numbers(
        train(cell, xs, ys, chunk, opt, loss_fn, loss_of=lambda p, y, loss: loss(p[-1], y[-1]))
    )


@mistake("losses-added")
def losses_added(
    cell: nn.Module, xs: Tensor, ys: Tensor, chunk: int, opt: Optimizer, loss_fn: Loss
) -> list[float]:
    """You add the losses of the time steps up. The loss of a chunk is the mean over all its
    elements: a sum grows with the length of the chunk, and so does each step. Divide by the number
    of time steps."""
    return numbers(
        train(cell, xs, ys, chunk, opt, loss_fn, loss_of=lambda p, y, loss: loss(p, y) * len(p))
    )


@mistake("divided-by-chunk")
def divided_by_chunk(
    cell: nn.Module, xs: Tensor, ys: Tensor, chunk: int, opt: Optimizer, loss_fn: Loss
) -> list[float]:
    """You divide the sum of the losses by chunk, also in a last chunk that has fewer time steps.
    Its loss comes out too small. Divide by the number of time steps that it really has."""

    def of(pred: Tensor, y: Tensor, loss: Loss) -> Tensor:
        return loss(pred, y) * len(pred) / chunk

    return numbers(train(cell, xs, ys, chunk, opt, loss_fn, loss_of=of))


@mistake("losses-are-tensors")
def losses_are_tensors(
    cell: nn.Module, xs: Tensor, ys: Tensor, chunk: int, opt: Optimizer, loss_fn: Loss
) -> list[Tensor]:
    """Your list holds tensors. Asked for are plain floats, which can be printed and plotted and
    keep no graph alive. Convert each loss when you append it."""
    return train(cell, xs, ys, chunk, opt, loss_fn)


@mistake("loss-after-the-step")
def loss_after_the_step(
    cell: nn.Module, xs: Tensor, ys: Tensor, chunk: int, opt: Optimizer, loss_fn: Loss
) -> list[float]:
    """You run each chunk once more after its step and return that loss. The task asks for the loss
    before the step, which you have already, and lets each time step through the cell once."""
    return numbers(train(cell, xs, ys, chunk, opt, loss_fn, after=True))
