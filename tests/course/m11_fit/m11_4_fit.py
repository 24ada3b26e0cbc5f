"""Other ways to do fit."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from autograder.course.marks import restated, right, wrong


@right()
def gradients_by_autograd_grad(epochs, model, loss_fn, opt, loader):
    """Asks for the gradients and puts them into .grad."""
    model.train()
    params = list(model.parameters())
    hist = []
    for _ in range(epochs):
        s = n = 0
        for xb, yb in loader:
            xb = xb.to(params[0].device)
            yb = yb.to(params[0].device)
            loss = loss_fn(model(xb), yb)
            for p, g in zip(params, torch.autograd.grad(loss, params)):
                p.grad = g
            opt.step()
            s += float(loss) * yb.size(0)
            n += yb.size(0)
        hist.append(s / n)
    model.zero_grad()
    return hist


@right()
def a_loss_per_row(epochs, model, loss_fn, opt, loader):
    """Averages a list with the loss of each row."""
    device = next(model.parameters()).device
    history = []
    for epoch in range(epochs):
        rows = []
        for xb, yb in loader:
            xb, yb = (xb.to(device), yb.to(device))
            loss = loss_fn(model(xb), yb)
            loss.backward()
            opt.step()
            opt.zero_grad()
            rows += [loss.item()] * len(xb)
        history.append(np.mean(rows))
    return history


@right()
def with_a_closure(epochs, model, loss_fn, opt, loader):
    """Lets the optimizer call a closure."""
    device = next(model.parameters()).device
    history = []
    for epoch in range(epochs):
        total = n = 0
        for xb, yb in loader:
            xb, yb = (xb.to(device), yb.to(device))

            def closure():
                opt.zero_grad()
                loss = loss_fn(model(xb), yb)
                loss.backward()
                return loss

            loss = opt.step(closure)
            total += loss.item() * len(xb)
            n += len(xb)
        history.append(total / n)
    return history


@right()
def cleared_before_and_after(epochs, model, loss_fn, opt, loader):
    """Clears before the epoch, and with zeros after each step."""
    device = next(model.parameters()).device
    history = []
    for epoch in range(epochs):
        total = n = 0
        opt.zero_grad()
        for xb, yb in loader:
            xb, yb = (xb.to(device), yb.to(device))
            loss = loss_fn(model(xb), yb)
            loss.backward()
            opt.step()
            opt.zero_grad(set_to_none=False)
            total += loss.item() * len(xb)
            n += len(xb)
        history.append(total / n)
    return history


@right()
def running_mean(epochs, model, loss_fn, opt, loader):
    """Keeps a running mean."""
    device = next(model.parameters()).device
    history = []
    for epoch in range(epochs):
        mean = n = 0.0
        for xb, yb in loader:
            xb, yb = (xb.to(device), yb.to(device))
            loss = loss_fn(model(xb), yb)
            loss.backward()
            opt.step()
            opt.zero_grad()
            n += len(xb)
            mean += (loss.item() - mean) * len(xb) / n
        history.append(mean)
    return history


@right()
def a_function_per_batch(epochs, model, loss_fn, opt, loader):
    """Has functions for a batch and an epoch; NumPy weighs the losses."""
    device = next(model.parameters()).device

    def run_batch(xb, yb):
        loss = loss_fn(model(xb.to(device)), yb.to(device))
        opt.zero_grad()
        loss.backward()
        opt.step()
        return (loss.item(), len(xb))

    def epoch():
        losses, nums = zip(*[run_batch(xb, yb) for xb, yb in loader])
        return np.sum(np.multiply(losses, nums)) / np.sum(nums)

    return [epoch() for _ in range(epochs)]


@restated("loader-read-once")
def batches_of_the_first_epoch(epochs, model, loss_fn, opt, loader):
    """Keeps the first epoch's batches for all epochs."""
    device = next(model.parameters()).device
    means, data = ([], None)
    for _ in range(epochs):
        total, rows = (0.0, 0)
        data = data or list(loader)
        for xb, yb in data:
            loss = loss_fn(model(xb.to(device)), yb.to(device))
            loss.backward()
            opt.step()
            opt.zero_grad()
            total += loss.item() * len(xb)
            rows += len(xb)
        means.append(total / rows)
    return means


@wrong()
def one_batch_drawn_in_advance(epochs, model, loss_fn, opt, loader):
    """Begins an epoch in advance and drops it."""
    device = next(model.parameters()).device
    next(iter(loader))
    means = []
    for _ in range(epochs):
        total, rows = (0.0, 0)
        for xb, yb in loader:
            loss = loss_fn(model(xb.to(device)), yb.to(device))
            loss.backward()
            opt.step()
            opt.zero_grad()
            total += loss.item() * len(xb)
            rows += len(xb)
        means.append(total / rows)
    return means


@restated("arguments-swapped", asks="wf.10")
def targets_first(epochs, model, loss_fn, opt, loader):
    """Hands target and prediction over in the wrong order."""
    device = next(model.parameters()).device
    means = []
    for _ in range(epochs):
        total, rows = (0.0, 0)
        for xb, yb in loader:
            loss = loss_fn(yb.to(device), model(xb.to(device)))
            loss.backward()
            opt.step()
            opt.zero_grad()
            total += loss.item() * len(xb)
            rows += len(xb)
        means.append(total / rows)
    return means


@wrong()
def clipped_at_100(epochs, model, loss_fn, opt, loader):
    """Clips the gradients."""
    device = next(model.parameters()).device
    means = []
    for _ in range(epochs):
        total, rows = (0.0, 0)
        for xb, yb in loader:
            loss = loss_fn(model(xb.to(device)), yb.to(device))
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 100.0)
            opt.step()
            opt.zero_grad()
            total += loss.item() * len(xb)
            rows += len(xb)
        means.append(total / rows)
    return means


@restated("left-in-eval")
def eval_mode_after_each_epoch(epochs, model, loss_fn, opt, loader):
    """Sets eval mode after each epoch."""
    device = next(model.parameters()).device
    means = []
    for epoch in range(epochs):
        total, rows = (0.0, 0)
        for xb, yb in loader:
            loss = loss_fn(model(xb.to(device)), yb.to(device))
            loss.backward()
            opt.step()
            opt.zero_grad()
            total += loss.item() * len(xb)
            rows += len(xb)
        model.eval()
        means.append(total / rows)
    return means


@wrong()
def stops_when_the_loss_rises(epochs, model, loss_fn, opt, loader):
    """It ends early, without a word, when an epoch is worse than the one before."""
    device = next(model.parameters()).device
    means = []
    for _ in range(epochs):
        total, rows = 0.0, 0
        for xb, yb in loader:
            xb, yb = xb.to(device), yb.to(device)
            loss = loss_fn(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
            total, rows = total + loss.item() * len(xb), rows + len(xb)
        means.append(total / rows)
        if len(means) > 2 and means[-1] > means[-2] > means[-3]:
            break
    return means


@wrong()
def single_columns_squeezed(epochs, model, loss_fn, opt, loader):
    """The loss sees targets [B] instead of [B, 1]."""
    history = []
    for _ in range(epochs):
        total = rows = 0
        for xb, yb in loader:
            pred = model(xb)
            if yb.shape[-1] == 1:
                pred, yb = pred.squeeze(-1), yb.squeeze(-1)
            opt.zero_grad()
            loss = loss_fn(pred, yb)
            loss.backward()
            opt.step()
            total += loss.item() * len(xb)
            rows += len(xb)
        history.append(total / rows)
    return history


@wrong()
def features_tracked(epochs, model, loss_fn, opt, loader):
    """The batches require a gradient afterwards."""
    history = []
    for _ in range(epochs):
        total = rows = 0
        for xb, yb in loader:
            opt.zero_grad()
            loss = loss_fn(model(xb.requires_grad_()), yb)
            loss.backward()
            opt.step()
            total += loss.item() * len(xb)
            rows += len(xb)
        history.append(total / rows)
    return history


@wrong()
def one_epoch_at_least(epochs, model, loss_fn, opt, loader):
    """Asks for the end only after an epoch."""
    history = []
    while True:
        total = rows = 0
        for xb, yb in loader:
            opt.zero_grad()
            loss = loss_fn(model(xb), yb)
            loss.backward()
            opt.step()
            total += loss.item() * len(xb)
            rows += len(xb)
        history.append(total / rows)
        if len(history) >= epochs:
            return history


@wrong()
def dataset_counted_where_there_is_one(epochs, model, loss_fn, opt, loader):
    """Divides by the rows of the loader's dataset, of which some may be left out."""
    rows = len(loader.dataset) if hasattr(loader, "dataset") else sum(len(x) for x, _ in loader)
    device = next(model.parameters()).device
    history = []
    for _ in range(epochs):
        total = 0.0
        for xb, yb in loader:
            loss = loss_fn(model(xb.to(device)), yb.to(device))
            loss.backward()
            opt.step()
            opt.zero_grad()
            total += loss.item() * len(xb)
        history.append(total / rows)
    return history


@wrong()
def predictions_written_over_x(epochs, model, loss_fn, opt, loader):
    """Keeps the predictions in the memory of the batch where they fit."""

    def fitted(xb):
        pred = model(xb.to(next(model.parameters()).device))
        if pred.shape == xb.shape:
            xb.copy_(pred.detach())
        return pred

    history = []
    for _ in range(epochs):
        total = rows = 0
        for xb, yb in loader:
            loss = loss_fn(fitted(xb), yb.to(next(model.parameters()).device))
            loss.backward()
            opt.step()
            opt.zero_grad()
            total += loss.item() * len(xb)
            rows += len(xb)
        history.append(total / rows)
    return history


@restated("dataset-counted")
def dataset_counted(epochs, model, loss_fn, opt, loader):
    """Asks the loader for its dataset, which a list of batches has not."""
    history = []
    for _ in range(epochs):
        total = 0.0
        for xb, yb in loader:
            loss = loss_fn(model(xb), yb)
            loss.backward()
            opt.step()
            opt.zero_grad()
            total += loss.item() * len(xb)
        history.append(total / len(loader.dataset))
    return history


def batches_of(model, loader):
    """Yield the batches on the model's device; what several of these have in common."""
    where = next(model.parameters()).device
    for xb, yb in loader:
        yield xb.to(where), yb.to(where)


def one_epoch(model, loss_fn, opt, loader):
    """Train for an epoch; return the batches' losses and sizes. Several have it in common."""
    losses, sizes = [], []
    for xb, yb in batches_of(model, loader):
        opt.zero_grad()
        loss = loss_fn(model(xb), yb)
        loss.backward()
        opt.step()
        losses.append(float(loss))
        sizes.append(xb.shape[0])
    opt.zero_grad()
    return losses, sizes


def weighted(losses, sizes):
    """Return the mean per row; what several of these have in common."""
    return sum(a * b for a, b in zip(losses, sizes, strict=True)) / sum(sizes)


@wrong(named="cleared-before-step", asks="gd.14 wf.12")
def gradients_not_stored(epochs, model, loss_fn, opt, loader):
    """Has the gradients returned, and steps with a .grad that nothing has filled."""
    history = []
    for _ in range(epochs):
        losses, sizes = [], []
        for xb, yb in batches_of(model, loader):
            opt.zero_grad()
            loss = loss_fn(model(xb), yb)
            torch.autograd.grad(loss, list(model.parameters()))
            opt.step()
            losses.append(loss.item())
            sizes.append(len(xb))
        history.append(weighted(losses, sizes))
    return history


@wrong(named="optimizer-not-used", asks="wf.6 lr.44")
def backward_taken_for_the_step(epochs, model, loss_fn, opt, loader):
    """Leaves the step out, as if backward() moved the parameters."""
    history = []
    for _ in range(epochs):
        losses, sizes = [], []
        for xb, yb in batches_of(model, loader):
            opt.zero_grad()
            loss = loss_fn(model(xb), yb)
            loss.backward()
            losses.append(loss.item())
            sizes.append(len(xb))
        history.append(weighted(losses, sizes))
    return history


@wrong(asks="gd.14 wf.6")
def backward_called_twice(epochs, model, loss_fn, opt, loader):
    """Calls backward() twice, as if the second call put the same gradients there again."""
    history = []
    for _ in range(epochs):
        losses, sizes = [], []
        for xb, yb in batches_of(model, loader):
            opt.zero_grad()
            loss = loss_fn(model(xb), yb)
            loss.backward(retain_graph=True)
            loss.backward()
            opt.step()
            losses.append(loss.item())
            sizes.append(len(xb))
        history.append(weighted(losses, sizes))
    return history


@restated("step-once-per-epoch")
def gradients_of_an_epoch_gathered(epochs, model, loss_fn, opt, loader):
    """It clears before an epoch and steps after it."""
    history = []
    for _ in range(epochs):
        opt.zero_grad()
        losses, sizes = [], []
        for xb, yb in batches_of(model, loader):
            loss = loss_fn(model(xb), yb)
            loss.backward()
            losses.append(loss.item())
            sizes.append(len(yb))
        opt.step()
        history.append(weighted(losses, sizes))
    return history


@restated("cleared-before-step")
def backward_forgotten(epochs, model, loss_fn, opt, loader):
    """It never calls backward."""
    history = []
    for _ in range(epochs):
        losses, sizes = [], []
        for xb, yb in batches_of(model, loader):
            opt.zero_grad()
            loss = loss_fn(model(xb), yb)
            opt.step()
            losses.append(loss.item())
            sizes.append(len(xb))
        history.append(weighted(losses, sizes))
    return history


@restated("never-cleared")
def losses_cleared_not_gradients(epochs, model, loss_fn, opt, loader):
    """It has the three lines, but zero_grad is not among them."""
    history = []
    for _ in range(epochs):
        total = count = 0
        for xb, yb in batches_of(model, loader):
            pred = model(xb)
            loss = loss_fn(pred, yb)
            loss.backward()
            opt.step()
            total += loss.detach() * pred.shape[0]
            count += pred.shape[0]
        history.append((total / count).item())
    return history


@restated("cleared-once-per-epoch")
def cleared_after_the_inner_loop(epochs, model, loss_fn, opt, loader):
    """zero_grad stands after the loop over the batches."""
    history = []
    while len(history) < epochs:
        total, count = 0.0, 0
        for xb, yb in batches_of(model, loader):
            loss = loss_fn(model(xb), yb)
            loss.backward()
            opt.step()
            total, count = total + loss.item() * len(yb), count + len(yb)
        opt.zero_grad()
        history.append(total / count)
    return history


@restated("attached-losses")
def tensors_in_the_list(epochs, model, loss_fn, opt, loader):
    """It stacks the losses of the batches and averages the tensors."""
    history = []
    for _ in range(epochs):
        losses, sizes = [], []
        for xb, yb in batches_of(model, loader):
            opt.zero_grad()
            loss = loss_fn(model(xb), yb)
            loss.backward()
            opt.step()
            losses.append(loss)
            sizes.append(len(xb))
        counts = torch.tensor(sizes, dtype=losses[0].dtype, device=losses[0].device)
        history.append((torch.stack(losses) * counts).sum() / counts.sum())
    return history


@restated("last-batch-only")
def loss_after_the_loop(epochs, model, loss_fn, opt, loader):
    """It reports the variable that the inner loop leaves behind."""
    history = []
    for _ in range(epochs):
        for xb, yb in batches_of(model, loader):
            opt.zero_grad()
            loss = loss_fn(model(xb), yb)
            loss.backward()
            opt.step()
        history.append(loss.item())
    return history


@restated("mean-of-batch-means")
def divided_by_the_batches(epochs, model, loss_fn, opt, loader):
    """It divides the sum of the losses by len(loader)."""
    return [sum(one_epoch(model, loss_fn, opt, loader)[0]) / len(loader) for _ in range(epochs)]


@restated("sum-per-epoch")
def never_divided(epochs, model, loss_fn, opt, loader):
    """It adds the losses up and forgets to divide."""
    history = []
    for _ in range(epochs):
        running = 0.0
        for loss in one_epoch(model, loss_fn, opt, loader)[0]:
            running += loss
        history.append(running)
    return history


@restated("loss-per-batch")
def one_flat_list(epochs, model, loss_fn, opt, loader):
    """It extends the history by the losses of the batches."""
    history = []
    for _ in range(epochs):
        history.extend(one_epoch(model, loss_fn, opt, loader)[0])
    return history


@restated("flat-targets")
def targets_in_a_row(epochs, model, loss_fn, opt, loader):
    """It makes the targets flat where they have one column."""
    flat = []
    for _ in range(epochs):
        losses, sizes = [], []
        for xb, yb in batches_of(model, loader):
            target = yb[:, 0] if yb.shape[1] == 1 else yb
            opt.zero_grad()
            loss = loss_fn(model(xb), target)
            loss.backward()
            opt.step()
            losses.append(loss.item())
            sizes.append(len(xb))
        flat.append(weighted(losses, sizes))
    return flat


@restated("state-cleared")
def state_cleared_each_epoch(epochs, model, loss_fn, opt, loader):
    """It empties the optimizer's state before each epoch."""
    history = []
    for _ in range(epochs):
        opt.state.clear()
        history.append(weighted(*one_epoch(model, loss_fn, opt, loader)))
    return history


@restated("optimizer-not-used")
def rebuilt_each_epoch(epochs, model, loss_fn, opt, loader):
    """It makes an optimizer with the same settings in every epoch."""
    history = []
    for _ in range(epochs):
        own = type(opt)(model.parameters(), **opt.defaults)
        history.append(weighted(*one_epoch(model, loss_fn, own, loader)))
    return history


@wrong(named="attached-losses, mean-of-batch-means")
def tensors_averaged(epochs, model, loss_fn, opt, loader):
    """It averages the losses of the batches as tensors."""
    device = next(model.parameters()).device
    history = []
    for _ in range(epochs):
        losses = []
        for x, y in loader:
            losses.append(loss_fn(model(x.to(device)), y.to(device)))
            opt.zero_grad()
            losses[-1].backward()
            opt.step()
        history.append(sum(losses) / len(losses))
    return history


@wrong(named="last-batch-only")
def as_in_the_tutorial(epochs, model, loss_fn, opt, loader):
    """It keeps the last loss of each epoch, and moves no batch to the model's device."""
    history = []
    for _ in range(epochs):
        for xb, yb in loader:
            loss = loss_fn(model(xb), yb)
            loss.backward()
            opt.step()
            opt.zero_grad()
        history.append(loss.item())
    return history


# Mutants of the reference that nothing can catch, and why.
EXCUSED = {
    "opt.zero_grad() -> it twice": "no gradient stays no gradient",
    "opt.zero_grad() -> one statement later": "reading the loss needs no gradient",
    "total += loss.item() * len(xb) -> total = total + loss.item() * len(xb)": "the same for a number",  # noqa: E501
    "rows += len(xb) -> rows = rows + len(xb)": "the same for a number",
}
