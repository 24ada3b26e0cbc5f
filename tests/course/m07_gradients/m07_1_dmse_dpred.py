"""Other ways to do dmse_dpred."""

from __future__ import annotations

import torch
from m06_model import mse
from m07_gradients import dmse_dpred
from torch.autograd import forward_ad
from torch.func import jacfwd
from torch.nn.functional import mse_loss

from autograder.course.marks import restated, right, wrong


@right()
@torch.no_grad()
def in_place_on_the_difference(pred, target):
    """The difference is scaled in place, and a decorator switches recording off."""
    return torch.sub(pred, target).mul_(2.0 / target.numel())


@right()
def through_numpy(pred, target):
    """NumPy computes; its array becomes a tensor of the right dtype and device at the end."""
    p, t = (pred.detach().cpu().numpy(), target.detach().cpu().numpy())
    return torch.from_numpy(2 * (p - t) / p.size).to(pred)


@right()
def divided_by_half_the_sizes(pred, target):
    """The factor 2 is moved into the divisor, a product of both sizes."""
    n, o = pred.shape
    return (pred - target).div(n * o / 2)


@right()
def two_terms(pred, target):
    """The square is multiplied out first: predictions and targets are scaled apart."""
    factor = 2 / pred.numel()
    return torch.add(pred.mul(factor), target, alpha=-factor)


@right()
def column_by_column(pred, target):
    """A loop goes over the targets, and the columns are stacked again."""
    columns = zip(pred.unbind(1), target.unbind(1), strict=True)
    return torch.stack([(p - t) * 2 / pred.numel() for p, t in columns], dim=1)


SEEN: dict[object, object] = {}


@wrong()
def rows_taken_for_targets(pred, target):
    """The number of rows stands for the number of targets too: right only where they are equal."""
    return 2 * (pred - target) / len(pred) ** 2


@wrong()
def computed_in_float32(pred, target):
    """The digits of float64 are lost on the way, though the dtype is right again at the end."""
    return (2 * (pred.float() - target.float()) / pred.numel()).to(pred.dtype)


@wrong()
def prediction_overwritten(pred, target):
    """A detached tensor shares its numbers, so the caller's predictions are changed in place."""
    return pred.detach().sub_(target).mul_(2 / pred.numel())


@wrong()
def errors_clamped(pred, target):
    """Errors beyond 100 are cut off, as against exploding gradients."""
    return 2 * (pred - target).clamp(-100, 100) / pred.numel()


@wrong(named="autograd")
def recording_switched_on_again(pred, target):
    """Inference mode is left, and autograd differentiates a copy."""
    with torch.inference_mode(False), torch.enable_grad():
        p, t = (pred.clone().detach().requires_grad_(), target.clone())
        (g,) = torch.autograd.grad((p - t).square().mean(), p)
    return g


@wrong(named="autograd")
def forward_mode_jacobian(pred, target):
    """Autograd in its forward mode, which records nothing and so works in inference mode."""
    return jacfwd(lambda p: (p - target).square().mean())(pred.detach())


@wrong(named="autograd")
def dual_numbers(pred, target):
    """Forward mode by hand: one dual number after the other carries a derivative along."""
    found = torch.zeros_like(pred, requires_grad=False)
    for index in range(pred.numel()):
        tangent = torch.zeros_like(found)
        tangent.view(-1)[index] = 1
        with forward_ad.dual_level():
            dual = forward_ad.make_dual(pred.detach().clone(), tangent)
            loss = (dual - target).pow(2).mean()
            found.view(-1)[index] = forward_ad.unpack_dual(loss).tangent
    return found


@wrong()
def central_differences(pred, target):
    """The loss is measured on both sides of every prediction: a derivative, but of few digits."""
    found = torch.zeros_like(pred, requires_grad=False)
    with torch.no_grad():
        for index in range(pred.numel()):
            move = torch.zeros_like(found)
            move.view(-1)[index] = 1e-4
            rise = mse(pred + move, target) - mse(pred - move, target)
            found.view(-1)[index] = rise / 2e-4
    return found


@wrong()
def remembered_by_shape(pred, target):
    """What was computed for a shape is kept, and returned for other numbers of that shape."""
    key = (pred.shape, pred.dtype, pred.device)
    if key not in SEEN:
        SEEN[key] = dmse_dpred(pred, target)
    return SEEN[key]


@wrong()
def axes_of_one_dropped(pred, target):
    """Axes of size 1 are dropped: with one target the shape is no longer that of pred."""
    return (2 * (pred - target) / pred.numel()).squeeze()


@wrong()
def by_hand_where_autograd_fails(pred, target):
    """Autograd is tried first, and the formula is only for where it raises."""
    try:
        leaf = pred.detach().clone().requires_grad_()
        mse(leaf, target).backward()
        return leaf.grad
    except RuntimeError:
        return 2 * (pred - target) / pred.numel()


@wrong()
def kept_in_grad(pred, target):
    """The derivative is right, and also left in .grad of the caller's predictions."""
    pred.grad = (2 * (pred - target) / pred.numel()).detach()
    return pred.grad


BUFFERS = {}


@wrong()
def one_buffer_for_a_shape(pred, target):
    """The next call writes over the result of this one."""
    buffer = BUFFERS.setdefault((pred.shape, pred.dtype, pred.device), torch.empty_like(pred))
    with torch.no_grad():
        return buffer.copy_(pred).sub_(target).mul_(2 / pred.numel())


@restated("factor-two-lost")
def mean_error_per_element(pred, target):
    """The errors are divided by both sizes, and the exponent was forgotten."""
    n, o = pred.shape
    return (pred - target) / n / o


@restated("divided-by-rows")
def mean_over_the_rows(pred, target):
    """The length of the tensor is taken for the number of errors."""
    error = torch.sub(pred, target)
    return error.mul(2.0 / len(error))


@restated("one-over-rows")
def textbook_with_two_m(pred, target):
    """The textbook's m below, its 2 cancelled by a half."""
    m = target.size(0)
    return 2 * (pred - target) * (1 / (2 * m))


@restated("target-minus-prediction")
def inner_derivative_forgotten(pred, target):
    """The square of target minus prediction is differentiated without its inner derivative."""
    return torch.sub(target, pred).mul(2).div(target.numel())


@restated("sum-for-mean")
def twice_the_error(pred, target):
    """The error is added to itself, and nothing is divided."""
    error = pred - target
    return error + error


@restated("averaged")
def summed_and_divided(pred, target):
    """Twice the sum of all errors over their number: one value for all predictions."""
    return 2 * torch.sum(pred - target) / pred.numel()


@restated("absolute-error")
def direction_per_element(pred, target):
    """Whether a prediction is too high or too low is counted as 1 or -1."""
    high, low = (pred > target).to(pred.dtype), (pred < target).to(pred.dtype)
    return (high - low) / pred.numel()


@restated("autograd")
def asked_of_torch(pred, target):
    """torch's own loss is differentiated by torch."""
    leaf = pred.detach().requires_grad_(True)
    return torch.autograd.grad(mse_loss(leaf, target), leaf)[0]
