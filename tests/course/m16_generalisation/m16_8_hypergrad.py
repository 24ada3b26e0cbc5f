"""Other ways to do hypergrad."""

from __future__ import annotations

import torch
from torch.nn import functional as F

from autograder.course.marks import restated, right, wrong


def _zeros(x, y, **kwargs):
    return torch.zeros(x.shape[1], y.shape[1], dtype=x.dtype, device=x.device, **kwargs)


def _mse(x, y, w):
    return ((x @ w - y) ** 2).mean()


def _slope(x, y, w):
    """Return the gradient of the mean squared error, by its formula."""
    return 2 * x.T @ (x @ w - y) / y.numel()


def _trained(x, y, xv, yv, lr, steps, slope=_slope, start=0.0):
    """Return the right pair for another gradient, another start or other validation rows."""
    rate = lr.detach().requires_grad_()
    w = _zeros(x, y) + start
    for _ in range(steps):
        w = w - rate * slope(x, y, w)
    val = _mse(xv, yv, w)
    derivative = torch.autograd.grad(val, rate)[0] if steps else torch.zeros_like(lr)
    return val.detach(), derivative.detach()


@right()
def formula_recorded(x, y, xv, yv, lr, steps):
    """The gradient is written down by hand, so that plain operations record it."""
    lr = lr.detach().clone().requires_grad_()
    w = _zeros(x, y)
    for _ in range(steps):
        w = w - lr * _slope(x, y, w)
    val = _mse(xv, yv, w)
    return val, torch.autograd.grad(val, lr)[0]


@right()
def in_place_on_a_computed_tensor(x, y, xv, yv, lr, steps):
    """The weights are no leaf, and may be changed in place."""
    lr = lr.detach().requires_grad_(True)
    w = _zeros(x, y) + 0 * lr
    for _ in range(steps):
        (g,) = torch.autograd.grad(F.mse_loss(x @ w, y), w, create_graph=True)
        w -= lr * g
    loss = F.mse_loss(xv @ w, yv)
    loss.backward(inputs=[lr])
    return loss.detach(), lr.grad


@right()
def carried_forward(x, y, xv, yv, lr, steps):
    """The derivative of the weights is carried along, step by step, without autograd."""
    with torch.no_grad():
        w, dw = _zeros(x, y), _zeros(x, y)
        for _ in range(steps):
            g = _slope(x, y, w)
            dw = dw - g - lr * (2 * x.T @ (x @ dw) / y.numel())
            w = w - lr * g
        val = _mse(xv, yv, w)
        return val, (_slope(xv, yv, w) * dw).sum()


@right()
def columns_as_a_layer(x, y, xv, yv, lr, steps):
    """The weights have the layout of a linear layer, and the caller's own lr is asked."""
    rate = lr if lr.requires_grad else lr.clone().requires_grad_()
    w = _zeros(x, y).T.requires_grad_()
    for _ in range(steps):
        g = torch.autograd.grad(F.mse_loss(F.linear(x, w), y), [w], create_graph=True)[0]
        w = w - g * rate
    val = F.mse_loss(F.linear(xv, w), yv)
    return val, torch.autograd.grad(val, [rate])[0]


@wrong()
def difference_quotient(x, y, xv, yv, lr, steps):
    """Two trainings with nearly the same learning rate are compared."""
    losses = []
    for rate in (lr.detach(), lr.detach() + 1e-4):
        w = _zeros(x, y)
        for _ in range(steps):
            w = w - rate * _slope(x, y, w)
        losses.append(_mse(xv, yv, w))
    return losses[0], (losses[1] - losses[0]) / 1e-4


@restated("leaf-in-place")
def leaf_changed_in_place(x, y, xv, yv, lr, steps):
    """A leaf that requires its gradient is changed in place, which raises."""
    rate = lr.detach().requires_grad_()
    w = _zeros(x, y, requires_grad=True)
    for _ in range(steps):
        (g,) = torch.autograd.grad(_mse(x, y, w), w, create_graph=True)
        w -= rate * g
    val = _mse(xv, yv, w)
    return val, torch.autograd.grad(val, rate)[0]


@wrong(asks="lr.31")
def rate_as_a_number(x, y, xv, yv, lr, steps):
    """The learning rate is read by item(), so nothing leads back to it."""
    rate = lr.detach().requires_grad_()
    w = _zeros(x, y, requires_grad=True)
    for _ in range(steps):
        (g,) = torch.autograd.grad(_mse(x, y, w), w, create_graph=True)
        w = w - rate.item() * g
    val = _mse(xv, yv, w)
    return val, torch.autograd.grad(val, rate)[0]


@wrong()
def flag_set_on_the_argument(x, y, xv, yv, lr, steps):
    """The caller's lr requires its gradient afterwards."""
    lr.requires_grad_()
    w = _zeros(x, y)
    for _ in range(steps):
        w = w - lr * _slope(x, y, w)
    val = _mse(xv, yv, w)
    return val, torch.autograd.grad(val, lr)[0]


@wrong()
def numbers_returned(x, y, xv, yv, lr, steps):
    """Python floats come back."""
    val, slope = _trained(x, y, xv, yv, lr, steps)
    return val.item(), slope.item()


@wrong()
def derivative_negated(x, y, xv, yv, lr, steps):
    """The direction of descent is returned in place of the derivative."""
    val, slope = _trained(x, y, xv, yv, lr, steps)
    return val, -slope


@wrong()
def validation_summed(x, y, xv, yv, lr, steps):
    """The validation loss is a sum."""
    val, slope = _trained(x, y, xv, yv, lr, steps)
    return val * yv.numel(), slope * yv.numel()


@restated("gradients-as-constants")
def create_graph_forgotten(x, y, xv, yv, lr, steps):
    """torch.autograd.grad is asked for no graph."""
    rate = lr.detach().requires_grad_()
    w = _zeros(x, y, requires_grad=True)
    for _ in range(steps):
        w = w - rate * torch.autograd.grad(_mse(x, y, w), w, retain_graph=True)[0]
    val = _mse(xv, yv, w)
    return val.detach(), torch.autograd.grad(val, rate)[0]


@restated("weights-cut-off")
def new_leaf_in_each_step(x, y, xv, yv, lr, steps):
    """Each step begins with a leaf."""
    rate = lr.detach().requires_grad_()
    w = _zeros(x, y)
    for _ in range(steps):
        leaf = w.detach().requires_grad_()
        w = leaf - rate * torch.autograd.grad(_mse(x, y, leaf), leaf, create_graph=True)[0]
    val = _mse(xv, yv, w)
    return val.detach(), torch.autograd.grad(val, rate)[0]


@restated("no-derivative")
def optimizer_steps(x, y, xv, yv, lr, steps):
    """torch's SGD makes the steps, and records nothing."""
    rate = lr.detach().requires_grad_()
    w = _zeros(x, y, requires_grad=True)
    opt = torch.optim.SGD([w], lr=lr.item())
    for _ in range(steps):
        opt.zero_grad()
        _mse(x, y, w).backward()
        opt.step()
    val = _mse(xv, yv, w)
    return val.detach(), torch.autograd.grad(val, rate, allow_unused=True)[0]


@restated("derivative-zero")
def nothing_found_is_zero(x, y, xv, yv, lr, steps):
    """The update is not recorded; zeros stand in for what is missing."""
    rate = lr.detach().requires_grad_()
    w = _zeros(x, y, requires_grad=True)
    for _ in range(steps):
        (g,) = torch.autograd.grad(_mse(x, y, w), w)
        with torch.no_grad():
            w -= rate * g
    val = _mse(xv, yv, w)
    (slope,) = torch.autograd.grad(val, rate, allow_unused=True, materialize_grads=True)
    return val.detach(), slope


@restated("training-loss")
def judged_on_its_own_rows(x, y, xv, yv, lr, steps):
    """The last loss of the training is differentiated."""
    return _trained(x, y, x, y, lr, steps)


@restated("one-step-too-few")
def from_one(x, y, xv, yv, lr, steps):
    """The loop begins at 1."""
    return _trained(x, y, xv, yv, lr, len(range(1, steps)))


@restated("one-step-too-many")
def up_to_steps(x, y, xv, yv, lr, steps):
    """The loop includes its end."""
    return _trained(x, y, xv, yv, lr, len(range(steps + 1)))


@restated("sum-for-mean")
def slope_of_the_sum(x, y, xv, yv, lr, steps):
    """The gradient is not divided."""
    return _trained(x, y, xv, yv, lr, steps, lambda x, y, w: 2 * x.T @ (x @ w - y))


@restated("halved-steps")
def factor_two_forgotten(x, y, xv, yv, lr, steps):
    """The gradient lacks its 2."""
    return _trained(x, y, xv, yv, lr, steps, lambda x, y, w: x.T @ (x @ w - y) / y.numel())


@restated("per-row")
def over_rows(x, y, xv, yv, lr, steps):
    """The gradient is divided by the rows."""
    return _trained(x, y, xv, yv, lr, steps, lambda x, y, w: 2 * x.T @ (x @ w - y) / len(x))


@restated("swapped")
def derivative_first(x, y, xv, yv, lr, steps):
    """The derivative comes first."""
    return _trained(x, y, xv, yv, lr, steps)[::-1]


@restated("start-at-ones")
def weights_of_one(x, y, xv, yv, lr, steps):
    """The weights are ones."""
    return _trained(x, y, xv, yv, lr, steps, start=1.0)


@restated("written-into-grad")
def backward_to_the_callers(x, y, xv, yv, lr, steps):
    """A given leaf is used as it is, and backward() stores its gradient."""
    result = _trained(x, y, xv, yv, lr, steps)
    if lr.requires_grad:
        w = _zeros(x, y)
        for _ in range(steps):
            w = w - lr * _slope(x, y, w)
        _mse(xv, yv, w).backward(inputs=[lr])
    return result


# Mutants of the reference that nothing can catch, and why.
EXCUSED = {
    "loss = (x @ w - y).square().mean() -> loss = (y - x @ w).square().mean()": (
        "a square has no sign"
    ),
    "val = (xv @ w - yv).square().mean() -> val = (yv - xv @ w).square().mean()": (
        "a square has no sign"
    ),
    "return (val.detach(), slope) -> return (val, slope)": "a graph behind the loss is allowed",
}
