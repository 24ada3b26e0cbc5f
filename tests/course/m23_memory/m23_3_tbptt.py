"""Other ways to do tbptt."""

from __future__ import annotations

import torch

from autograder.course.marks import restated, right, wrong


def _train(
    cell,
    xs,
    ys,
    chunk,
    opt,
    loss_fn,
    *,
    starts=None,
    cut=lambda h: h.detach(),
    each=lambda h: h,
    loss_of=lambda losses: sum(losses) / len(losses),
    backward=lambda loss: loss.backward(),
    told=lambda loss: loss.item(),
    clear=True,
):
    """Train rightly, by places and by the losses of the time steps; return the losses."""
    told_losses, h = [], None
    for start in range(0, len(xs), chunk) if starts is None else starts:
        losses = []
        for t in range(start, min(start + chunk, len(xs))):
            pred, h = cell(xs[t], h)
            h = each(h)
            losses.append(loss_fn(pred, ys[t]))
        loss = loss_of(losses)
        backward(loss)
        opt.step()
        if clear:
            opt.zero_grad()
        told_losses.append(told(loss))
        h = cut(h)
    return told_losses


@right()
def by_places(cell, xs, ys, chunk, opt, loss_fn):
    """Places, the mean of the losses of the time steps, and gradients cleared afterwards."""
    return _train(cell, xs, ys, chunk, opt, loss_fn)


@right()
def cut_in_place(cell, xs, ys, chunk, opt, loss_fn):
    """Cuts the state in place, and clears to zeros."""
    losses, h, preds, begin = [], None, [], 0
    for t, x in enumerate(xs, start=1):
        pred, h = cell(x, h)
        preds.append(pred)
        if t % chunk == 0 or t == len(xs):
            opt.zero_grad(set_to_none=False)
            loss = loss_fn(torch.stack(preds), ys[begin:t])
            loss.backward()
            opt.step()
            losses.append(float(loss))
            h.detach_()
            preds, begin = [], t
    return losses


@right()
def state_that_is_a_leaf(cell, xs, ys, chunk, opt, loss_fn):
    """The state is a leaf that requires a gradient of its own, which nobody reads."""
    return _train(
        cell, xs, ys, chunk, opt, loss_fn, cut=lambda h: h.detach().clone().requires_grad_()
    )


@right()
def in_the_closure(cell, xs, ys, chunk, opt, loss_fn):
    """The step itself runs the passes of its chunk, in a closure."""
    losses, h = [], None
    for x_chunk, y_chunk in zip(xs.split(chunk), ys.split(chunk), strict=True):

        def closure(x_chunk=x_chunk, y_chunk=y_chunk):
            nonlocal h
            cell.zero_grad()
            preds = []
            for x in x_chunk:
                pred, h = cell(x, h)
                preds.append(pred)
            loss = loss_fn(torch.cat(preds), y_chunk.flatten(0, 1))
            loss.backward()
            h = h.data
            return loss

        losses.append(opt.step(closure).item())
    return losses


@right()
def gradients_asked_for(cell, xs, ys, chunk, opt, loss_fn):
    """autograd.grad, and gradients set by hand."""

    def backward(loss):
        params = list(cell.parameters())
        for p, g in zip(params, torch.autograd.grad(loss, params), strict=True):
            p.grad = g

    return _train(cell, xs, ys, chunk, opt, loss_fn, backward=backward)


@wrong()
def along_the_batch(cell, xs, ys, chunk, opt, loss_fn):
    """Cuts the batch in place of the time."""
    losses = []
    for x_part, y_part in zip(xs.split(chunk, dim=1), ys.split(chunk, dim=1), strict=True):
        losses += _train(cell, x_part, y_part, len(xs), opt, loss_fn)
    return losses


@wrong()
def backwards_in_time(cell, xs, ys, chunk, opt, loss_fn):
    """Begins with the last time step."""
    return _train(cell, xs.flip(0), ys.flip(0), chunk, opt, loss_fn)


@wrong()
def zeros_as_state(cell, xs, ys, chunk, opt, loss_fn):
    """Each new chunk begins with zeros."""
    return _train(cell, xs, ys, chunk, opt, loss_fn, cut=torch.zeros_like)


@wrong()
def state_halved(cell, xs, ys, chunk, opt, loss_fn):
    """Half of the state goes on."""
    return _train(cell, xs, ys, chunk, opt, loss_fn, cut=lambda h: h.detach() / 2)


@wrong()
def step_before_backward(cell, xs, ys, chunk, opt, loss_fn):
    """The step comes before its gradient."""

    def backward(loss):
        opt.step()
        loss.backward()

    return _train(cell, xs, ys, chunk, opt, loss_fn, backward=backward)


@wrong()
def first_chunk_only(cell, xs, ys, chunk, opt, loss_fn):
    """Only the first chunk is trained on."""
    return _train(cell, xs, ys, chunk, opt, loss_fn, starts=[0])


@wrong()
def overlapping(cell, xs, ys, chunk, opt, loss_fn):
    """Chunks begin at every time step."""
    return _train(cell, xs, ys, chunk, opt, loss_fn, starts=range(len(xs)))


@wrong()
def target_of_the_chunks_end(cell, xs, ys, chunk, opt, loss_fn):
    """The targets are one time step late."""
    return _train(cell, xs, ys.roll(1, 0), chunk, opt, loss_fn)


@wrong()
def mean_of_all(cell, xs, ys, chunk, opt, loss_fn):
    """Returns one loss for the whole sequence."""
    losses = _train(cell, xs, ys, chunk, opt, loss_fn)
    return [sum(losses) / len(losses)]


@wrong()
def last_loss_alone(cell, xs, ys, chunk, opt, loss_fn):
    """Returns a float in place of a list."""
    return _train(cell, xs, ys, chunk, opt, loss_fn)[-1]


@wrong()
def two_chunks_kept(cell, xs, ys, chunk, opt, loss_fn):
    """The graph of the last chunk is retained until the next one is done."""
    return _train(
        cell, xs, ys, chunk, opt, loss_fn, backward=lambda loss: loss.backward(retain_graph=True)
    )


@wrong()
def all_predicted_first(cell, xs, ys, chunk, opt, loss_fn):
    """All chunks go through the cell before the first step."""
    losses, h = [], None
    for x_chunk, y_chunk in zip(xs.split(chunk), ys.split(chunk), strict=True):
        preds = []
        for x in x_chunk:
            pred, h = cell(x, h)
            preds.append(pred)
        losses.append(loss_fn(torch.stack(preds), y_chunk))
        h = h.detach()
    for loss, wanted in zip(losses, torch.eye(len(losses)), strict=True):
        opt.zero_grad()
        if wanted.any():
            torch.autograd.backward(loss, inputs=list(cell.parameters()))
    opt.step()
    return [loss.item() for loss in losses]


@wrong()
def two_steps_each(cell, xs, ys, chunk, opt, loss_fn):
    """Steps twice with each gradient."""

    def backward(loss):
        loss.backward()
        opt.step()

    return _train(cell, xs, ys, chunk, opt, loss_fn, backward=backward)


@restated("history-not-cut")
def state_as_it_is(cell, xs, ys, chunk, opt, loss_fn):
    """The state goes on as it is."""
    return _train(cell, xs, ys, chunk, opt, loss_fn, cut=lambda h: h)


@restated("graph-retained")
def retain_as_torch_says(cell, xs, ys, chunk, opt, loss_fn):
    """retain_graph, as the error message says."""
    losses, h = [], None
    for x_chunk, y_chunk in zip(xs.split(chunk), ys.split(chunk), strict=True):
        preds = []
        for x in x_chunk:
            pred, h = cell(x, h)
            preds.append(pred)
        loss = loss_fn(torch.stack(preds), y_chunk)
        opt.zero_grad()
        loss.backward(retain_graph=True)
        opt.step()
        losses.append(loss.item())
    return losses


@restated("state-forgotten")
def none_each_time(cell, xs, ys, chunk, opt, loss_fn):
    """None for each chunk."""
    losses = []
    for start in range(0, len(xs), chunk):
        part = slice(start, start + chunk)
        losses += _train(cell, xs[part], ys[part], chunk, opt, loss_fn)
    return losses


@restated("cut-at-each-step")
def detached_inside(cell, xs, ys, chunk, opt, loss_fn):
    """The state is detached in the inner loop."""
    return _train(cell, xs, ys, chunk, opt, loss_fn, each=lambda h: h.detach())


@restated("rest-dropped")
def whole_chunks(cell, xs, ys, chunk, opt, loss_fn):
    """A number of chunks, rounded down."""
    starts = [i * chunk for i in range(len(xs) // chunk)]
    return _train(cell, xs, ys, chunk, opt, loss_fn, starts=starts)


@restated("whole-sequence")
def full_history(cell, xs, ys, chunk, opt, loss_fn):
    """One chunk of everything."""
    return _train(cell, xs, ys, xs.shape[0], opt, loss_fn)


@restated("chunk-ignored")
def step_by_step(cell, xs, ys, chunk, opt, loss_fn):
    """One step for each time step."""
    return _train(cell, xs, ys, 1, opt, loss_fn)


@restated("one-step-at-the-end")
def accumulated(cell, xs, ys, chunk, opt, loss_fn):
    """Accumulates over the chunks."""
    losses, h, preds, begin = [], None, [], 0
    for t, x in enumerate(xs, start=1):
        pred, h = cell(x, h)
        preds.append(pred)
        if t % chunk == 0 or t == len(xs):
            loss = loss_fn(torch.stack(preds), ys[begin:t])
            loss.backward()
            losses.append(float(loss))
            h, preds, begin = h.detach(), [], t
    opt.step()
    return losses


@restated("never-cleared")
def nothing_cleared(cell, xs, ys, chunk, opt, loss_fn):
    """Calls no zero_grad."""
    return _train(cell, xs, ys, chunk, opt, loss_fn, clear=False)


@restated("last-prediction-only")
def last_loss_of_each(cell, xs, ys, chunk, opt, loss_fn):
    """The loss of the last time step."""
    return _train(cell, xs, ys, chunk, opt, loss_fn, loss_of=lambda losses: losses[-1])


@restated("losses-added")
def sum_of_losses(cell, xs, ys, chunk, opt, loss_fn):
    """The sum of the losses."""
    return _train(cell, xs, ys, chunk, opt, loss_fn, loss_of=sum)


@restated("divided-by-chunk")
def sum_over_chunk(cell, xs, ys, chunk, opt, loss_fn):
    """The sum, divided by chunk."""
    return _train(cell, xs, ys, chunk, opt, loss_fn, loss_of=lambda losses: sum(losses) / chunk)


@restated("losses-are-tensors")
def detached_losses(cell, xs, ys, chunk, opt, loss_fn):
    """The losses are detached."""
    return _train(cell, xs, ys, chunk, opt, loss_fn, told=lambda loss: loss.detach())


@restated("loss-after-the-step")
def evaluated_again(cell, xs, ys, chunk, opt, loss_fn):
    """Each chunk is evaluated after its step."""
    losses, h = [], None
    for x_chunk, y_chunk in zip(xs.split(chunk), ys.split(chunk), strict=True):
        start, again = h, h
        preds, later = [], []
        for x in x_chunk:
            pred, h = cell(x, h)
            preds.append(pred)
        opt.zero_grad()
        loss_fn(torch.stack(preds), y_chunk).backward()
        opt.step()
        with torch.no_grad():
            again = start
            for x in x_chunk:
                pred, again = cell(x, again)
                later.append(pred)
            losses.append(loss_fn(torch.stack(later), y_chunk).item())
        h = h.detach()
    return losses


EXCUSED = {
    "for x_chunk, y_chunk in zip(xs.split(chunk), ys.split(chunk), strict=True): -> "
    "for x_chunk, y_chunk in zip(xs.split(chunk), ys.split(chunk)):": "both are equally long",
    "for x_chunk, y_chunk in zip(xs.split(chunk), ys.split(chunk), strict=True): -> "
    "for x_chunk, y_chunk in zip(xs.split(chunk), ys.split(chunk), strict=False):": (
        "both are equally long"
    ),
    "opt.zero_grad() -> it twice": "no gradient stays no gradient",
    "opt.zero_grad() -> one statement earlier": "the loss needs no gradient",
    "opt.step() -> one statement later": "the loss is known before the step",
}
