"""Other ways to do select_lr."""

from __future__ import annotations

import math

import numpy as np
import torch

from autograder.course.marks import restated, right, wrong


@right()
def smallest_of_the_finite(lrs, fit, train, val):
    """The finite losses are kept in pairs; min raises ValueError itself if there are none."""
    losses = [(val(fit(lr)), lr) for lr in lrs]
    return min((pair for pair in losses if math.isfinite(pair[0])), key=lambda pair: pair[0])[1]


@right()
def argmin_of_replaced(lrs, fit, train, val):
    """What is not finite is replaced by infinity before argmin looks."""
    losses = np.array([val(model) for model in map(fit, lrs)], dtype=float)
    losses[~np.isfinite(losses)] = np.inf
    if not len(losses) or losses.min() == np.inf:
        raise ValueError("nothing has converged")
    return lrs[int(losses.argmin())]


@right()
def sorted_stably(lrs, fit, train, val):
    """A stable sort leaves equals in their order."""
    models = {lr: fit(lr) for lr in lrs}
    finite = [lr for lr in models if abs(val(models[lr])) < float("inf")]
    if not finite:
        raise ValueError
    return sorted(finite, key=lambda lr: val(models[lr]))[0]


@right()
def looks_at_training_too(lrs, fit, train, val):
    """The training losses are read, but decide nothing."""
    table = []
    for lr in lrs:
        model = fit(lr)
        table.append((lr, train(model), val(model)))
    best = None
    for row in table:
        if math.isfinite(row[2]) and (best is None or row[2] < best[2]):
            best = row
    if best is None:
        raise ValueError("no finite loss")
    return best[0]


@wrong()
def infinity_may_win(lrs, fit, train, val):
    """Only nan is left out."""
    losses = {lr: val(fit(lr)) for lr in lrs}
    return min((lr for lr in lrs if not math.isnan(losses[lr])), key=losses.__getitem__)


@wrong()
def asserted(lrs, fit, train, val):
    """Where nothing wins, AssertionError is raised."""
    finite = [(loss, i) for i, lr in enumerate(lrs) if math.isfinite(loss := val(fit(lr)))]
    assert finite, "nothing has converged"
    return lrs[min(finite)[1]]


@wrong()
def empty_unchecked(lrs, fit, train, val):
    """No learning rates raise IndexError."""
    losses = [loss if math.isfinite(loss := val(fit(lr))) else math.inf for lr in lrs]
    best = sorted(range(len(lrs)), key=losses.__getitem__)[0]
    if losses[best] == math.inf:
        raise ValueError("nothing has converged")
    return lrs[best]


@wrong()
def ends_at_nan(lrs, fit, train, val):
    """The search ends at the first loss that is nan."""
    best = None
    for lr in lrs:
        loss = val(fit(lr))
        if math.isnan(loss):
            break
        if loss < math.inf and (best is None or loss < best[0]):
            best = loss, lr
    if best is None:
        raise ValueError("nothing has converged")
    return best[1]


@wrong()
def a_tensor(lrs, fit, train, val):
    """The learning rate comes back as a tensor."""
    losses = torch.tensor([val(fit(lr)) for lr in lrs], dtype=torch.float64)
    losses[~losses.isfinite()] = math.inf
    if not lrs or losses.min() == math.inf:
        raise ValueError("nothing has converged")
    return torch.tensor(lrs, dtype=torch.float64)[losses.argmin()]


@restated("picks-by-training")
def lowest_training_loss(lrs, fit, train, val):
    """The rows of the fit decide."""
    losses = [(train(fit(lr)), lr) for lr in lrs]
    return min([pair for pair in losses if math.isfinite(pair[0])], key=lambda pair: pair[0])[1]


@restated("sum-of-both")
def average_of_both(lrs, fit, train, val):
    """The mean of the two losses decides."""
    models = [fit(lr) for lr in lrs]
    losses = [0.5 * train(m) + 0.5 * val(m) for m in models]
    good = [i for i, loss in enumerate(losses) if math.isfinite(loss)]
    return lrs[min(good, key=losses.__getitem__)]


@restated("smallest-gap")
def least_difference(lrs, fit, train, val):
    """The two losses are to be as near as can be."""
    models = [fit(lr) for lr in lrs]
    gaps = [math.fabs(val(m) - train(m)) for m in models]
    good = [i for i, gap in enumerate(gaps) if math.isfinite(gap)]
    return lrs[min(good, key=gaps.__getitem__)]


@restated("fitted-once")
def one_model_for_all(lrs, fit, train, val):
    """The model is made before the loop."""
    model, best, lowest = None, None, math.inf
    for lr in lrs:
        model = model or fit(lr)
        if val(model) < lowest:
            best, lowest = lr, val(model)
    if best is None:
        raise ValueError("nothing has converged")
    return best


@restated("fitted-twice")
def a_training_for_each_loss(lrs, fit, train, val):
    """One fit for the training loss and one for the validation loss."""
    best, lowest = None, math.inf
    for lr in lrs:
        train(fit(lr))
        loss = val(fit(lr))
        if math.isfinite(loss) and loss < lowest:
            best, lowest = lr, loss
    if best is None:
        raise ValueError("nothing has converged")
    return best


@restated("nan-first-wins")
def begins_with_the_first(lrs, fit, train, val):
    """The first loss is the one to beat."""
    if not lrs:
        raise ValueError("no learning rates")
    losses = list(map(val, map(fit, lrs)))
    best = 0
    for i in range(1, len(lrs)):
        if losses[i] < losses[best]:
            best = i
    return lrs[best]


@restated("nan-wins")
def argmin(lrs, fit, train, val):
    """NumPy's argmin over the losses."""
    losses = np.array([val(fit(lr)) for lr in lrs], dtype=float)
    if not len(losses) or (not np.isfinite(losses).any() and not np.isnan(losses).any()):
        raise ValueError("nothing has converged")
    return lrs[int(np.argmin(losses))]


@restated("minus-infinity-wins")
def nan_left_out(lrs, fit, train, val):
    """Sorts out nan alone, and what is above every number."""
    losses = {lr: val(fit(lr)) for lr in lrs}
    kept = [lr for lr in lrs if losses[lr] < math.inf]
    if not kept:
        raise ValueError("no learning rate is any good")
    return min(kept, key=losses.__getitem__)


@wrong(named="nan-wins")
def torchs_argmin(lrs, fit, train, val):
    """torch's argmin over the losses, nothing refused."""
    return lrs[torch.tensor([val(fit(lr)) for lr in lrs]).argmin()]


@restated("first-by-default")
def best_is_first_at_the_start(lrs, fit, train, val):
    """The search begins with the first rate and infinity."""
    if not lrs:
        raise ValueError("no learning rates")
    best, lowest = lrs[0], math.inf
    for lr in lrs:
        if (loss := val(fit(lr))) < lowest:
            best, lowest = lr, loss
    return best


@restated("none-for-none")
def nothing_found(lrs, fit, train, val):
    """What was found is returned, also if that is nothing."""
    best, lowest = None, math.inf
    for lr in lrs:
        if (loss := val(fit(lr))) < lowest:
            best, lowest = lr, loss
    return best


@restated("last-of-equals")
def no_worse_replaces(lrs, fit, train, val):
    """A loss that is no worse replaces the best."""
    best, lowest = None, math.inf
    for lr in lrs:
        loss = val(fit(lr))
        if math.isfinite(loss) and loss <= lowest:
            best, lowest = lr, loss
    if best is None:
        raise ValueError("nothing has converged")
    return best


@restated("stops-at-a-rise")
def while_it_falls(lrs, fit, train, val):
    """The losses are followed as long as they fall."""
    best, lowest, last = None, math.inf, math.inf
    for i, lr in enumerate(lrs):
        loss = val(fit(lr))
        if loss < lowest:
            best, lowest = lr, loss
        if i and not last > loss:
            break
        last = loss
    if best is None:
        raise ValueError("nothing has converged")
    return best


@restated("loss-returned")
def lowest_loss(lrs, fit, train, val):
    """The smallest finite loss."""
    return min(loss for lr in lrs if math.isfinite(loss := val(fit(lr))))


@restated("place-returned")
def its_index(lrs, fit, train, val):
    """The index of the smallest finite loss."""
    losses = [val(fit(lr)) for lr in lrs]
    return min((i for i, s in enumerate(losses) if math.isfinite(s)), key=losses.__getitem__)


@restated("highest-loss")
def largest_finite(lrs, fit, train, val):
    """The largest finite loss wins."""
    losses = [val(fit(lr)) for lr in lrs]
    good = [i for i, loss in enumerate(losses) if math.isfinite(loss)]
    return lrs[max(good, key=losses.__getitem__)]
