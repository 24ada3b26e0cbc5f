"""Other ways to do huber and smooth_l1."""

from __future__ import annotations

import torch
from m15_losses import huber, smooth_l1
from torch import nn
from torch.nn import functional as F

from autograder.course.marks import restated, right, wrong


def size_of(pred, target):
    """Return the sizes of the errors of equal shapes."""
    if pred.shape != target.shape:
        raise ValueError("shapes differ")
    return (pred - target).abs()


@right(replaces="huber")
def clamped(pred, target, delta):
    """The part of each error up to delta, times the error without half of that part."""
    size = size_of(pred, target)
    part = size.clamp(max=delta)
    return (part * (size - part / 2)).sum() / pred.numel()


@right(replaces="huber")
def masks_multiplied(pred, target, delta):
    """Both pieces are multiplied by zeros and ones."""
    size = size_of(pred, target)
    small = (size < delta).to(size.dtype)
    pieces = small * 0.5 * size.square() + (1 - small) * delta * (size - 0.5 * delta)
    return torch.mean(pieces)


@right(replaces="huber")
def scaled_smooth_l1(pred, target, delta):
    """Delta times the other loss."""
    return delta * smooth_l1(pred, target, delta)


@right(replaces="huber")
def loop(pred, target, delta):
    """One error after the other."""
    if pred.size() != target.size():
        raise ValueError("shapes differ")
    total = 0.0
    for e in (pred - target).flatten():
        total = total + (e * e / 2 if abs(e) <= delta else delta * (abs(e) - delta / 2))
    return total / pred.numel()


@right(replaces="smooth_l1")
def scaled_huber(pred, target, beta):
    """The other loss divided by beta."""
    return huber(pred, target, beta) / beta


@right(replaces="smooth_l1")
def in_units_of_beta(pred, target, beta):
    """Errors are measured in betas, and the cost is scaled back."""
    z = size_of(pred, target) / beta
    return beta * torch.where(z < 1, z * z / 2, z - 0.5).mean()


@right(replaces="smooth_l1")
def chosen_by_index(pred, target, beta):
    """Small and large errors are taken out and added up apart."""
    size = size_of(pred, target)
    large = size > beta
    return (
        size[~large].square().sum() / (2 * beta) + (size[large] - beta / 2).sum()
    ) / size.numel()


@wrong(replaces="huber")
def root_of_the_square(pred, target, delta):
    """The size is the root of the square, whose gradient at 0 is nan."""
    huber(pred, target, delta)
    size = (pred - target).square().sqrt()
    return torch.where(size <= delta, size**2 / 2, delta * (size - delta / 2)).mean()


@wrong(replaces="huber")
def pseudo_huber(pred, target, delta):
    """A smooth curve that only comes near."""
    size = size_of(pred, target)
    return (delta**2 * ((1 + (size / delta) ** 2).sqrt() - 1)).mean()


@wrong(replaces="huber")
def in_place(pred, target, delta):
    """The errors are written over the predictions."""
    loss = huber(pred, target, delta)
    pred.data.sub_(target)
    return loss


@wrong(replaces="huber")
def asserted(pred, target, delta):
    """Unequal shapes raise AssertionError."""
    assert pred.shape == target.shape, "shapes differ"
    return huber(pred, target, delta)


@wrong(replaces="huber")
def as_a_number(pred, target, delta):
    """Gives a number of Python."""
    return huber(pred, target, delta).item()


@wrong(replaces="smooth_l1")
def beta_of_1(pred, target, beta):
    """Leaves beta at torch's 1."""
    return smooth_l1(pred, target, 1.0)


@wrong(replaces="smooth_l1")
def half_subtracted(pred, target, beta):
    """The line is moved down by one half, whatever beta is."""
    size = size_of(pred, target)
    return torch.where(size <= beta, size**2 / (2 * beta), size - 0.5).mean()


@wrong(replaces="huber")
def threshold_on_the_cpu(pred, target, delta):
    """Makes its own tensor on the CPU."""
    size = size_of(pred, target)
    part = torch.minimum(size, torch.full(size.shape, delta, dtype=size.dtype))
    return (part * (size - part / 2)).mean()


@restated("absolute-beyond-delta", replaces="huber")
def size_itself(pred, target, delta):
    """The line is the size."""
    e = size_of(pred, target)
    return torch.where(e > delta, e, 0.5 * e * e).mean()


@wrong(named="square-not-halved, absolute-beyond-delta", replaces="huber")
def squares_and_absolutes(pred, target, delta):
    """The square of a small error, the absolute value of a large one."""
    size = size_of(pred, target)
    return torch.where(size < delta, size**2, size).mean()


@wrong(named="square-not-halved, line-through-0, huber-broadcasts, huber-summed", replaces="huber")
def first_draft(pred, target, delta):
    """Four at once: no half, nothing subtracted, no check, and a sum."""
    size = (pred - target).abs()
    return torch.where(size < delta, size**2, delta * size).sum()


@restated("square-not-halved", replaces="huber")
def square_in_full(pred, target, delta):
    """The half is missing in one piece only."""
    size = size_of(pred, target)
    return torch.where(size > delta, delta * size - 0.5 * delta**2, size * size).mean()


@restated("line-through-0", replaces="huber")
def nothing_subtracted(pred, target, delta):
    """Delta times the size."""
    e = size_of(pred, target)
    return torch.where(e > delta, e * delta, 0.5 * e.square()).mean()


@restated("line-of-slope-1", replaces="huber")
def slope_of_l1(pred, target, delta):
    """The line is |e|, moved to the right height."""
    e = size_of(pred, target)
    return torch.where(e > delta, e + delta * (delta / 2 - 1), e.square() / 2).mean()


@restated("flat-beyond-delta", replaces="huber")
def error_clipped(pred, target, delta):
    """Clips the error on both sides."""
    size_of(pred, target)
    return 0.5 * (pred - target).clamp(-delta, delta).square().mean()


@restated("sign-forgotten", replaces="huber")
def no_absolute_in_the_mask(pred, target, delta):
    """Compares before the sign is gone."""
    size = size_of(pred, target)
    large = (pred - target) > delta
    return torch.where(large, delta * (size - delta / 2), size**2 / 2).mean()


@restated("one-branch-for-all", replaces="huber")
def if_statement(pred, target, delta):
    """Asks for the mean in an if."""
    size = size_of(pred, target)
    if size.mean() > delta:
        return delta * (size.mean() - delta / 2)
    return 0.5 * size.square().mean()


@restated("pieces-exchanged", replaces="huber")
def where_the_wrong_way_round(pred, target, delta):
    """The pieces stand in the wrong places."""
    size = size_of(pred, target)
    return torch.where(size < delta, delta * (size - delta / 2), 0.5 * size * size).mean()


@restated("huber-is-smooth-l1", replaces="huber")
def divided_by_delta(pred, target, delta):
    """All is divided by delta."""
    return huber(pred, target, delta) / delta


@restated("huber-summed", replaces="huber")
def sum_of_all(pred, target, delta):
    """Ends in a sum."""
    part = size_of(pred, target).clamp(max=delta)
    return (part * (size_of(pred, target) - part / 2)).sum()


@restated("huber-unreduced", replaces="huber")
def costs_returned(pred, target, delta):
    """Forgets the mean."""
    part = size_of(pred, target).clamp(max=delta)
    return part * (size_of(pred, target) - part / 2)


@restated("huber-broadcasts", replaces="huber")
def no_check(pred, target, delta):
    """Subtracts without a look at the shapes."""
    size = (target - pred).abs()
    part = size.clamp(max=delta)
    return (part * (size - part / 2)).mean()


@restated("torchs-huber", replaces="huber")
def object_of_torch(pred, target, delta):
    """An object of torch's class."""
    size_of(pred, target)
    return nn.HuberLoss(delta=delta)(pred, target)


@restated("cut-off", replaces="huber")
def under_no_grad(pred, target, delta):
    """Switches recording off."""
    with torch.no_grad():
        return huber(pred, target, delta)


@restated("smooth-l1-is-huber", replaces="smooth_l1")
def same_function(pred, target, beta):
    """One formula for both."""
    size = size_of(pred, target)
    return torch.where(size < beta, 0.5 * size**2, beta * (size - 0.5 * beta)).mean()


@restated("parabola-without-beta", replaces="smooth_l1")
def only_the_line_is_right(pred, target, beta):
    """The parabola is that of beta 1."""
    size = size_of(pred, target)
    return torch.where(size > beta, size - 0.5 * beta, 0.5 * size.square()).mean()


@restated("smooth-l1-line-through-0", replaces="smooth_l1")
def line_is_the_size(pred, target, beta):
    """The line is not moved."""
    size = size_of(pred, target)
    return torch.where(size > beta, size, 0.5 * size.square() / beta).mean()


@restated("smooth-l1-broadcasts", replaces="smooth_l1")
def smooth_l1_without_a_check(pred, target, beta):
    """Subtracts without a look at the shapes."""
    z = (target - pred).abs() / beta
    return beta * torch.where(z < 1, z * z / 2, z - 0.5).mean()


@restated("torchs-smooth-l1", replaces="smooth_l1")
def torchs_object(pred, target, beta):
    """Checks, and leaves the rest to torch."""
    size_of(pred, target)
    return F.smooth_l1_loss(pred, target, reduction="none", beta=beta).mean()


# Mutants of the reference that nothing can catch, and why.
EXCUSED = {
    "size = _errors(pred, target).abs() -> size = _errors(target, pred).abs()": "sizes are equal",
    "return torch.where(size <= delta, size ** 2 / 2, delta * (size - delta / 2)).mean() -> "
    "return torch.where(size < delta, size ** 2 / 2, delta * (size - delta / 2)).mean()": (
        "at delta both pieces have one height and one slope"
    ),
    "return torch.where(size <= beta, size ** 2 / (2 * beta), size - beta / 2).mean() -> "
    "return torch.where(size < beta, size ** 2 / (2 * beta), size - beta / 2).mean()": (
        "at beta both pieces have one height and one slope"
    ),
}
