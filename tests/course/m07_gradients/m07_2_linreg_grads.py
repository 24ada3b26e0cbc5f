"""Other ways to do linreg_grads."""

from __future__ import annotations

from collections import namedtuple

import torch
from m06_model import model, mse
from m07_gradients import dmse_dpred, linreg_grads
from torch.func import jacfwd, jvp
from torch.nn.functional import linear, mse_loss

from autograder.course.marks import restated, right, wrong


@right()
def with_a_column_of_ones(x, y, w, b):
    """The bias is one more weight, of a feature that is always 1; a named tuple is returned."""
    x, y, w, b = (t.detach() for t in (x, y, w, b))
    a = torch.hstack([x, x.new_ones(len(x), 1)])
    theta = torch.hstack([w, b[:, None]])
    g = (a.T @ (a @ theta.T - y)).T * (2 / y.numel())
    return namedtuple("Gradients", "w b")(g[:, :-1], g[:, -1])


@right()
def by_einsum_and_mean(x, y, w, b):
    """The rows are contracted by name; the bias takes the mean error, divided by the targets."""
    e = model(x, w, b) - y
    n, o = y.shape
    gw = torch.einsum("no,ni->oi", e, x) * 2 / (n * o)
    return gw, e.mean(0) * 2 / o


@right()
def transposed_at_the_end(x, y, w, b):
    """The product is [I, O] and transposed last; a row of ones adds up the bias."""
    d = dmse_dpred(x @ w.T + b, y)
    return (x.T @ d).T, torch.ones(len(x), dtype=d.dtype, device=d.device) @ d


@right()
def mean_of_outer_products(x, y, w, b):
    """Every row gets its own gradient [O, I], and their mean is taken."""
    e = x.matmul(w.mT).add(b).sub(y)
    gw = (e[:, :, None] * x[:, None, :]).mean(0) * 2 / y.shape[1]
    return gw, 2 * e.mean(0) / y.size(1)


@right()
def row_by_row(x, y, w, b):
    """A loop adds up what the rows contribute, in place on tensors of its own."""
    gw, gb = torch.zeros_like(w, requires_grad=False), torch.zeros_like(b, requires_grad=False)
    with torch.no_grad():
        for features, targets in zip(x, y, strict=True):
            d = 2 * (w @ features + b - targets) / y.numel()
            gw.addr_(d, features)
            gb += d
    return gw, gb


@right()
def from_the_moments_of_the_data(x, y, w, b):
    """The normal equations' matrices come first; no row's error is ever computed."""
    factor, ones = 2 / y.numel(), x.new_ones(len(x))
    gw = factor * (w @ (x.T @ x) + torch.outer(b, ones @ x) - y.T @ x)
    gb = factor * (w @ (ones @ x) + b * len(x) - ones @ y)
    return gw, gb


SEEN: dict[object, object] = {}


@wrong(named="autograd")
def functional_gradient(x, y, w, b):
    """Inference mode is left, and torch.func differentiates a function of w and b."""
    with torch.inference_mode(False):
        x, y, w, b = (t.detach().clone() for t in (x, y, w, b))
        return torch.func.grad(lambda w, b: (x @ w.T + b - y).square().mean(), argnums=(0, 1))(w, b)


@wrong()
def by_hand_where_nothing_is_recorded(x, y, w, b):
    """Autograd does it wherever it is switched on."""
    if torch.is_grad_enabled():
        return torch.autograd.grad(mse(model(x, w, b), y), (w, b))
    return linreg_grads(x, y, w, b)


@wrong()
def transposed_unless_square(x, y, w, b):
    """Whether to transpose is guessed from the shape, which says nothing where I equals O."""
    d = 2 * (x @ w.T + b - y) / y.numel()
    gw = x.T @ d
    return (gw if gw.shape[0] == gw.shape[1] else gw.T, d.sum(0))


@wrong()
def summed_in_float32(x, y, w, b):
    """The digits of float64 are lost in the products."""
    d = 2 * (x @ w.T + b - y).float() / y.numel()
    return ((d.T @ x.float()).to(w.dtype), d.sum(0).to(w.dtype))


@wrong()
def bias_squeezed(x, y, w, b):
    """With one target the gradient of b is 0-dim."""
    d = 2 * (x @ w.T + b - y) / y.numel()
    return (d.T @ x, d.sum(0).squeeze())


@wrong(named="autograd")
def both_jacobians_in_forward_mode(x, y, w, b):
    """Autograd in its forward mode, which records nothing and so works in inference mode."""
    with torch.inference_mode(False):
        x, y, w, b = (t.detach().clone() for t in (x, y, w, b))
        return jacfwd(lambda w, b: (x @ w.T + b - y).square().mean(), argnums=(0, 1))(w, b)


@wrong(named="autograd")
def directional_derivatives(x, y, w, b):
    """jvp asks autograd's forward mode for one element at a time."""

    def slopes(loss, at):
        unit = torch.eye(at.numel(), dtype=at.dtype, device=at.device).view(-1, *at.shape)
        at = at.detach()
        return torch.stack([jvp(loss, (at,), (t,))[1] for t in unit]).view(at.shape)

    return slopes(lambda p: mse(model(x, p, b), y), w), slopes(lambda p: mse(model(x, w, p), y), b)


@wrong()
def gradients_left_in_the_parameters(x, y, w, b):
    """The gradients are right, and also put into .grad of parameters that have none."""
    d = 2 * (x @ w.detach().T + b.detach() - y) / y.numel()
    gw, gb = (d.T @ x, d.sum(0))
    if w.is_leaf and w.requires_grad and (w.grad is None):
        w.grad, b.grad = (gw.clone(), gb.clone())
    return (gw, gb)


@wrong()
def stored_gradients_cleared(x, y, w, b):
    """Out of habit .grad is cleared first, and what the caller kept there is lost."""
    w.grad = b.grad = None
    return linreg_grads(x, y, w, b)


@wrong()
def targets_overwritten_for_many_rows(x, y, w, b):
    """From nine rows on, memory is saved by writing the error over the targets."""
    with torch.no_grad():
        d = torch.sub(x @ w.T + b, y, out=y if len(y) > 8 else None) * (2 / y.numel())
        return (d.T @ x, d.sum(0))


@wrong()
def slopes_measured(x, y, w, b):
    """The loss is measured a step to both sides of every parameter, which costs digits."""
    dtype = w.dtype
    x, y, w, b = (t.detach().double() for t in (x, y, w, b))

    def slopes(loss, at):
        found = torch.zeros_like(at, requires_grad=False)
        for index in range(at.numel()):
            move = torch.zeros_like(found)
            move.view(-1)[index] = 1
            found.view(-1)[index] = (loss(at + move) - loss(at - move)) / 2
        return found.to(dtype)

    with torch.no_grad():
        return slopes(lambda p: mse(model(x, p, b), y), w), slopes(
            lambda p: mse(model(x, w, p), y), b
        )


@wrong()
def added_up_between_calls(x, y, w, b):
    """The gradients of the last call with these sizes are still in a buffer, and are added."""
    key = (w.shape, w.dtype, w.device)
    gw, gb = (g.detach() for g in linreg_grads(x, y, w, b))
    with torch.inference_mode(False):
        old = SEEN.setdefault(key, (torch.zeros_like(w), torch.zeros_like(b)))
        SEEN[key] = (old[0].detach() + gw, old[1].detach() + gb)
        return SEEN[key]


@wrong()
def weights_averaged_over_rows(x, y, w, b):
    """The gradient of w is divided by the number of rows a second time."""
    gw, gb = linreg_grads(x, y, w, b)
    return gw / len(x), gb


@wrong()
def flags_on_afterwards(x, y, w, b):
    """Switches requires_grad off, and then on, also where it was off."""
    w.requires_grad_(False)
    b.requires_grad_(False)
    slope = 2 * (x @ w.T + b - y) / y.numel()
    grads = slope.T @ x, slope.sum(0)
    w.requires_grad_()
    b.requires_grad_()
    return grads


@restated("weights-transposed")
def features_first(x, y, w, b):
    """The product starts with the features, so its rows are features too."""
    d = 2 * (linear(x, w, b) - y) / y.numel()
    return x.T @ d, d.sum(0)


@restated("factor-two-lost")
def errors_averaged(x, y, w, b):
    """The derivative of a square is taken to be the error itself."""
    e = (x @ w.T + b - y) / y.numel()
    return torch.einsum("no,ni->oi", e, x), e.sum(0)


@restated("divided-by-rows")
def divided_by_the_rows_at_the_end(x, y, w, b):
    """Both sums over the rows are turned into means over the rows."""
    e = 2 * (x @ w.T + b - y)
    return e.T @ x / x.shape[0], e.mean(dim=0)


@restated("one-over-rows")
def gradients_with_two_m(x, y, w, b):
    """Both sums of errors are divided by m, as the textbook has it."""
    e = linear(x, w, b) - y
    return (x.T @ e).T / len(y), e.mean(0)


@restated("not-divided")
def nothing_divided(x, y, w, b):
    """Twice the errors, contracted with the features and with ones."""
    e = linear(x, w, b) - y
    return 2 * e.T @ x, 2 * torch.ones_like(e[:, 0]) @ e


@restated("bias-averaged")
def bias_mean_of_derivatives(x, y, w, b):
    """The bias gets the mean of a derivative that is averaged already."""
    e = x @ w.T + b - y
    return 2 / e.numel() * e.T @ x, 2 / e.numel() * e.sum(0) / len(e)


@restated("bias-per-row")
def bias_without_a_sum(x, y, w, b):
    """The derivative per prediction is handed out as that of the bias."""
    gb = (linear(x, w, b) - y) * 2 / y.numel()
    return gb.T.matmul(x), gb


@restated("bias-summed-to-one")
def bias_total(x, y, w, b):
    """The sum for the bias runs over all axes."""
    e = linear(x, w, b) - y
    return 2 * (e.T @ x) / e.numel(), e.sum() * 2 / e.numel()


@restated("uphill")
def residuals_turned_round(x, y, w, b):
    """The residuals are targets minus predictions, and no minus makes up for it."""
    r = y - linear(x, w, b)
    return 2 * r.T @ x / r.numel(), 2 * r.sum(0) / r.numel()


@restated("no-bias")
def predictions_without_bias(x, y, w, b):
    """The predictions are the product of features and weights alone."""
    e = x @ w.mT - y
    return 2 * e.T @ x / e.numel(), 2 * e.sum(0) / e.numel()


@restated("backward")
def backward_on_the_parameters(x, y, w, b):
    """torch's loss is called, and what backward left in .grad is returned."""
    loss = mse_loss(linear(x, w, b), y)
    loss.backward()
    return tuple(p.grad for p in (w, b))


@restated("autograd")
def backward_on_copies(x, y, w, b):
    """Copies of the parameters are filled by backward, so that the caller's stay clean."""
    w, b = (p.detach().clone().requires_grad_() for p in (w, b))
    mse(x @ w.T + b, y).backward()
    return w.grad, b.grad


KEPT_PROBES = {
    "inference": "a use that the task names; what fails there fails in other probes, too",
}
