"""Other ways to do evaluate."""

from __future__ import annotations

import copy
from contextlib import contextmanager

import numpy as np
import torch

from autograder.course.marks import restated, right, wrong


@contextmanager
def _evaluating(model):
    mode = model.training
    model.eval()
    try:
        with torch.inference_mode():
            yield next(model.parameters())
    finally:
        model.train(mode)


@right()
def averaged_by_numpy(model, loader, loss_fn):
    """Weighs the losses of the batches with NumPy."""
    with _evaluating(model) as p:
        rows = [
            (loss_fn(model(xb.to(p.device)), yb.to(p.device)).item(), len(yb)) for xb, yb in loader
        ]
    losses, sizes = zip(*rows)
    return np.average(losses, weights=sizes)


@right()
@torch.inference_mode()
def modes_kept_per_module(model, loader, loss_fn):
    """Keeps and restores the mode of every module."""
    modes = {m: m.training for m in model.modules()}
    try:
        model.eval()
        pairs = [(loss_fn(model(x), y), len(x)) for x, y in loader]
        return sum((float(l) * k for l, k in pairs)) / sum((k for _, k in pairs))
    finally:
        for m, t in modes.items():
            m.training = t


@right()
def one_loss_of_all_predictions(model, loader, loss_fn):
    """Collects the predictions and asks for one loss."""
    mode = model.training
    model.eval()
    try:
        with torch.no_grad():
            preds, ys = zip(*[(model(x), y) for x, y in loader])
            return loss_fn(torch.cat(preds), torch.cat(ys)).item()
    finally:
        model.train(mode)


@right()
def a_copy_is_evaluated(model, loader, loss_fn):
    """Evaluates a copy and leaves the model alone."""
    m = copy.deepcopy(model).eval()
    s = n = 0
    with torch.inference_mode():
        for x, y in loader:
            s += loss_fn(m(x), y).item() * len(x)
            n += len(x)
    return s / n


@right()
def each_row_alone(model, loader, loss_fn):
    """Asks for the loss of each row."""
    mode = model.training
    model.eval()
    try:
        with torch.no_grad():
            s = n = 0
            for x, y in loader:
                for i in range(len(x)):
                    s += loss_fn(model(x[i : i + 1]), y[i : i + 1]).item()
                    n += 1
            return s / n
    finally:
        model.train(mode)


@restated("dataset-counted")
def dataset_counted(model, loader, loss_fn):
    """Divides by the rows of the loader's dataset, of which some may be left out."""
    total = 0.0
    with _evaluating(model):
        batches = list(loader)
        for xb, yb in batches:
            total += loss_fn(model(xb), yb).item() * len(xb)
    known = hasattr(loader, "dataset")
    return total / (len(loader.dataset) if known else sum(len(xb) for xb, _ in batches))


@wrong()
def loader_outside_of_the_try(model, loader, loss_fn):
    """Reads the loader before the mode is safe from its errors."""
    was = model.training
    model.eval()
    data = list(loader)
    total, rows = (0.0, 0)
    try:
        with torch.no_grad():
            for xb, yb in data:
                total += loss_fn(model(xb), yb).item() * len(xb)
                rows += len(xb)
    finally:
        model.train(was)
    return total / rows


@wrong()
def grad_mode_switched_on_after_evaluating(model, loader, loss_fn):
    """Switches autograd on afterwards, whatever it was."""
    was = model.training
    model.eval()
    total, rows = (0.0, 0)
    torch.set_grad_enabled(False)
    try:
        for xb, yb in loader:
            total += loss_fn(model(xb), yb).item() * len(xb)
            rows += len(xb)
    finally:
        torch.set_grad_enabled(True)
        model.train(was)
    return total / rows


@wrong()
def errors_made_runtime_errors(model, loader, loss_fn):
    """Turns every error into a RuntimeError."""
    was = model.training
    model.eval()
    total, rows = (0.0, 0)
    try:
        with torch.no_grad():
            for xb, yb in loader:
                total += loss_fn(model(xb), yb).item() * len(xb)
                rows += len(xb)
    except Exception as e:
        raise RuntimeError(str(e)) from e
    finally:
        model.train(was)
    return total / rows


@restated("arguments-swapped")
def targets_first_in_the_loss(model, loader, loss_fn):
    """Hands target and prediction over in the wrong order."""
    was = model.training
    model.eval()
    total, rows = (0.0, 0)
    try:
        with torch.no_grad():
            for xb, yb in loader:
                total += loss_fn(yb, model(xb)).item() * len(xb)
                rows += len(xb)
    finally:
        model.train(was)
    return total / rows


@wrong()
def gradients_cleared(model, loader, loss_fn):
    """Clears the model's gradients."""
    was = model.training
    model.eval()
    model.zero_grad()
    total, rows = (0.0, 0)
    try:
        with torch.no_grad():
            for xb, yb in loader:
                total += loss_fn(model(xb), yb).item() * len(xb)
                rows += len(xb)
    finally:
        model.train(was)
    return total / rows


@wrong()
def rows_counted_first(model, loader, loss_fn):
    """It goes through the loader once to count the rows, and again for the losses."""
    rows = sum(len(xb) for xb, _ in loader)
    mode = model.training
    model.eval()
    try:
        with torch.no_grad():
            return sum(loss_fn(model(xb), yb).item() * len(xb) for xb, yb in loader) / rows
    finally:
        model.train(mode)


def weighted(losses, sizes):
    """Return the mean per row; what several of these have in common."""
    return sum(a * b for a, b in zip(losses, sizes, strict=True)) / sum(sizes)


def mean_loss(model, loader, loss_fn):
    """Return the mean loss per row in the mode at hand; what several of these have in common."""
    losses, sizes = [], []
    for xb, yb in loader:
        losses.append(loss_fn(model(xb), yb).item())
        sizes.append(len(yb))
    return weighted(losses, sizes)


@restated("no-finally")
def switched_by_hand(model, loader, loss_fn):
    """It switches grad mode and mode off and on in plain lines."""
    grad, mode = torch.is_grad_enabled(), model.training
    model.train(False)
    torch.set_grad_enabled(False)
    loss = mean_loss(model, loader, loss_fn)
    torch.set_grad_enabled(grad)
    model.train(mode)
    return loss


@restated("mode-lost-on-exception")
@torch.no_grad()
def mode_restored_last(model, loader, loss_fn):
    """It is decorated with no_grad, and restores the mode in its last line but one."""
    mode = model.training
    loss = mean_loss(model.eval(), loader, loss_fn)
    model.train(mode)
    return loss


@restated("mean-of-batch-means")
def average_over_the_loader(model, loader, loss_fn):
    """It divides the sum of the losses by len(loader)."""
    mode = model.training
    model.eval()
    try:
        with torch.no_grad():
            return sum(loss_fn(model(xb), yb).item() for xb, yb in loader) / len(loader)
    finally:
        model.train(mode)


@restated("train-mode")
@torch.no_grad()
def mode_never_switched(model, loader, loss_fn):
    """It only switches recording off."""
    return mean_loss(model, loader, loss_fn)


@restated("always-train-afterwards")
@torch.no_grad()
def train_in_finally(model, loader, loss_fn):
    """It ends in train(), also after an exception."""
    model.eval()
    try:
        return mean_loss(model, loader, loss_fn)
    finally:
        model.train()


@restated("left-in-eval")
@torch.no_grad()
def never_back_to_train(model, loader, loss_fn):
    """It calls eval() and leaves it at that."""
    model.eval()
    return mean_loss(model, loader, loss_fn)


@restated("graph-recorded")
def eval_without_no_grad(model, loader, loss_fn):
    """It restores the mode in a finally, but it never switches recording off."""
    mode = model.training
    try:
        return mean_loss(model.eval(), loader, loss_fn)
    finally:
        model.train(mode)


@wrong(named="mean-of-batch-means, left-in-eval")
def average_and_left_in_eval(model, loader, loss_fn):
    """It averages the batches' means and never goes back to train mode."""
    model.eval()
    with torch.no_grad():
        return sum(loss_fn(model(xb), yb).item() for xb, yb in loader) / len(loader)


@wrong(named="train-mode, graph-recorded")
def neither_mode_nor_no_grad(model, loader, loss_fn):
    """It switches nothing at all."""
    return mean_loss(model, loader, loss_fn)


@wrong(named="last-batch-only, left-in-eval")
@torch.no_grad()
def last_loss(model, loader, loss_fn):
    """It returns the last loss, in eval mode for ever."""
    model.eval()
    for xb, yb in loader:
        loss = loss_fn(model(xb), yb)
    return loss.item()


# Mutants of the reference that nothing can catch, and why.
EXCUSED = {
    "model.eval() -> it twice": "a mode set twice is set",
    "model.eval() -> one statement later": "two numbers do not depend on the mode",
    "total += loss_fn(model(xb), yb).item() * len(xb) -> total = total + loss_fn(model(xb), yb).item() * len(xb)": "the same for a number",  # noqa: E501
    "rows += len(xb) -> rows = rows + len(xb)": "the same for a number",
}
