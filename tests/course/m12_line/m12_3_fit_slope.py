"""Other ways to do fit_slope."""

from __future__ import annotations

from collections import namedtuple

import numpy as np
import torch
from m06_model import mse
from m12_line import SlopeOnly
from torch import nn
from torch.nn import functional as F

from autograder.course.marks import restated, right, wrong

Fit = namedtuple("Fit", "slope losses")


@right()
def by_moments_of_the_data(x, y, w0, lr, epochs):
    """Sums the data up once, steps with plain floats, and returns a named tuple with np.float64."""
    sxx, sxy, syy = (float((a * b).mean()) for a, b in ((x, x), (x, y), (y, y)))
    w, losses = float(w0), []
    for _ in range(epochs):
        losses.append(w * w * sxx - 2 * w * sxy + syy)
        w -= lr * 2 * (w * sxx - sxy)
    return Fit(np.float64(w), losses)


@right()
def by_module_and_sgd(x, y, w0, lr, epochs):
    """Trains a SlopeOnly with torch.optim.SGD and clears gradients at the start of an epoch."""
    m = SlopeOnly().to(x)
    with torch.no_grad():
        m.slope.fill_(w0)
    opt = torch.optim.SGD(m.parameters(), lr)
    losses = []
    for _ in range(epochs):
        opt.zero_grad()
        loss = mse(m(x), y)
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return m.slope.item(), losses


@right()
def in_numpy(x, y, w0, lr, epochs):
    """Works on NumPy arrays and returns NumPy's numbers."""
    xn, yn = x.cpu().numpy().ravel(), y.cpu().numpy().ravel()
    w = xn.dtype.type(w0)
    losses = []
    for _ in range(epochs):
        r = w * xn - yn
        losses.append(np.mean(r**2))
        w = w - xn.dtype.type(lr) * 2 * np.mean(r * xn)
    return w, losses


@right()
def by_closed_form_of_the_path(x, y, w0, lr, epochs):
    """Knows that the distance to the minimum shrinks by the same factor in each epoch."""
    xx = (x * x).mean().item()
    star = (x * y).sum().item() / (x * x).sum().item()
    ws = [star + (1 - 2 * lr * xx) ** t * (w0 - star) for t in range(epochs + 1)]
    losses = [((w * x - y) ** 2).mean().item() for w in ws[:-1]]
    return ws[-1], losses


@right()
def row_by_row_in_python(x, y, w0, lr, epochs):
    """Adds up errors and derivatives row by row with plain floats."""
    w, losses = float(w0), []
    rows = list(zip(x.flatten().tolist(), y.flatten().tolist(), strict=True))
    for _ in range(epochs):
        losses.append(sum((w * a - b) ** 2 for a, b in rows) / len(rows))
        w -= lr * sum(2 * (w * a - b) * a for a, b in rows) / len(rows)
    return w, losses


@right()
def losses_noted_in_float32(x, y, w0, lr, epochs):
    """Keeps the losses, which are only for reading, in a float32 tensor until the end."""
    w = torch.tensor(float(w0), requires_grad=True, device=x.device, dtype=x.dtype)
    losses = torch.zeros(epochs)
    for e in range(epochs):
        loss = ((w * x - y) ** 2).mean()
        losses[e] = loss.item()
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
        w.grad = None
    return w.item(), losses.tolist()


KEPT: list[float] = []


def descend(x, y, w, lr, epochs):
    """Fit a slope by plain steps; what the wrong ways of fit_slope have in common."""
    losses = []
    for _ in range(epochs):
        e = w * x - y
        losses.append(e.square().mean().item())
        w = w - lr * 2 * (e * x).mean()
    return w, losses


@wrong()
def losses_in_a_module_level_list(x, y, w0, lr, epochs):
    """The list lives outside the function: the next call overwrites what this one returned."""
    w, losses = descend(x, y, torch.tensor(w0, dtype=x.dtype, device=x.device), lr, epochs)
    KEPT[:] = losses
    return w.item(), KEPT


@wrong()
def losses_of_all_calls(x, y, w0, lr, epochs, losses=[]):  # noqa: B006
    """The list is a mutable default, so a second call adds to it."""
    w, found = descend(x, y, torch.tensor(w0, dtype=x.dtype, device=x.device), lr, epochs)
    losses += found
    return w.item(), losses


@wrong(asks="m2.3e")
def stops_where_it_is_flat(x, y, w0, lr, epochs):
    """It stops moving as soon as the derivative is small."""
    w, losses = torch.tensor(w0, dtype=x.dtype, device=x.device), []
    for _ in range(epochs):
        e = w * x - y
        losses.append(e.square().mean().item())
        g = 2 * (e * x).mean()
        if abs(g) < 1e-4:
            break
        w = w - lr * g
    return w.item(), losses + losses[-1:] * (epochs - len(losses))


@wrong()
def derivative_clipped(x, y, w0, lr, epochs):
    """The derivative is clipped at 1000."""
    w, losses = torch.tensor(w0, dtype=x.dtype, device=x.device), []
    for _ in range(epochs):
        e = w * x - y
        losses.append(e.square().mean().item())
        w = w - lr * (2 * (e * x).mean()).clamp(-1000, 1000)
    return w.item(), losses


@wrong()
def start_rounded_to_float32(x, y, w0, lr, epochs):
    """w0 becomes a float32 tensor before it gets the dtype of x."""
    w, losses = descend(x, y, torch.tensor(w0).to(x), lr, epochs)
    return w.item(), losses


@wrong()
def start_lost_without_epochs(x, y, w0, lr, epochs):
    """With 0 epochs the slope is 0, not w0."""
    w, losses = descend(x, y, w0 if epochs else 0.0, lr, epochs)
    return float(w), losses


@wrong()
def best_slope_so_far(x, y, w0, lr, epochs):
    """It returns the slope with the lowest loss, not the last one."""
    ws = [descend(x, y, w0, lr, t)[0] for t in range(epochs + 1)]
    best = min(ws, key=lambda w: mse(w * x, y).item())
    return float(best), descend(x, y, w0, lr, epochs)[1]


@wrong()
def rate_falls_late(x, y, w0, lr, epochs):
    """The rate falls by a twentieth after 20 epochs."""
    w, losses = descend(x, y, w0, lr, min(epochs, 20))
    w, more = descend(x, y, w, 0.95 * lr, max(epochs - 20, 0))
    return float(w), losses + more


@wrong()
def a_thousandth_too_far(x, y, w0, lr, epochs):
    """Each step is longer by a thousandth."""
    w, losses = descend(x, y, w0, 1.001 * lr, epochs)
    return float(w), losses


@wrong()
def only_the_first_64_rows(x, y, w0, lr, epochs):
    """Rows beyond a hard-coded batch are left out."""
    w, losses = descend(x[:64], y[:64], w0, lr, epochs)
    return float(w), losses


def steps(x, y, w, lr, epochs):
    """Fit a slope by plain steps; what several of these have in common."""
    losses = []
    for _ in range(epochs):
        e = w * x - y
        losses.append(e.square().mean().item())
        w = w - 2 * lr * (e * x).mean().item()
    return float(w), losses


@wrong(asks="m2.3b")
def gradient_read_at_the_loss(x, y, w0, lr, epochs):
    """Reads .grad of the loss, which backward() leaves None."""
    w = torch.tensor(w0, dtype=x.dtype, device=x.device, requires_grad=True)
    losses = []
    for _ in range(epochs):
        loss = mse(w * x, y)
        loss.backward()
        with torch.no_grad():
            w -= lr * loss.grad
            w.grad.zero_()
        losses.append(loss.item())
    return w.item(), losses


@wrong(asks="m2.3d")
def losses_never_rise(x, y, w0, lr, epochs):
    """Lists the lowest loss so far, so that the curve falls whatever the learning rate."""
    w, losses = descend(x, y, torch.tensor(w0, dtype=x.dtype, device=x.device), lr, epochs)
    return w.item(), [min(losses[: t + 1]) for t in range(len(losses))]


@restated("never-zeroed")
def derivatives_added_up(x, y, w0, lr, epochs):
    """A running sum of derivatives takes the place of the last one."""
    w, total, losses = float(w0), 0.0, []
    for _ in range(epochs):
        e = w * x - y
        losses.append(e.square().mean().item())
        total += 2 * (e * x).mean().item()
        w -= lr * total
    return w, losses


@restated("centred")
def around_the_means(x, y, w0, lr, epochs):
    """Means are taken away in each error."""
    w, losses = float(w0), []
    dx, dy = x - torch.mean(x), y - torch.mean(y)
    for _ in range(epochs):
        e = dy - w * dx
        losses.append(e.pow(2).mean().item())
        w += lr * 2 * (e * dx).mean().item()
    return w, losses


@restated("losses-after-the-step")
def loss_at_the_new_slope(x, y, w0, lr, epochs):
    """The loss is computed at the end of the loop's body."""
    w, losses = float(w0), []
    for _ in range(epochs):
        w -= 2 * lr * ((w * x - y) * x).mean().item()
        losses.append(F.mse_loss(w * x, y).item())
    return w, losses


@restated("one-loss-too-many")
def losses_of_all_slopes(x, y, w0, lr, epochs):
    """One loss for each slope on the way, the last one included."""
    ws = [steps(x, y, w0, lr, t)[0] for t in range(epochs + 1)]
    return ws[-1], [(w * x - y).square().mean().item() for w in ws]


@restated("losses-as-tensors")
def losses_with_their_graphs(x, y, w0, lr, epochs):
    """The loss is appended as it comes from the criterion."""
    w = nn.Parameter(torch.tensor(w0, dtype=x.dtype, device=x.device))
    optimizer = torch.optim.SGD([w], lr=lr)
    losses = []
    for _ in range(epochs):
        optimizer.zero_grad()
        loss = F.mse_loss(w * x, y)
        loss.backward()
        optimizer.step()
        losses.append(loss)
    return w.item(), losses


@restated("factor-two-lost")
def derivative_without_two(x, y, w0, lr, epochs):
    """The derivative is the mean of error times x."""
    w, losses = float(w0), []
    for _ in range(epochs):
        e = w * x - y
        losses.append((e**2).mean().item())
        w -= lr * (e * x).mean().item()
    return w, losses


@restated("float32-slope")
def slope_as_default_parameter(x, y, w0, lr, epochs):
    """The slope is a float32 parameter."""
    w = torch.tensor(float(w0), requires_grad=True, device=x.device)
    losses = []
    for _ in range(epochs):
        loss = ((w * x - y) ** 2).mean()
        losses.append(loss.item())
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
        w.grad = None
    return w.item(), losses


@wrong(named="slope-as-tensor, losses-as-tensors")
def tensors_all_the_way(x, y, w0, lr, epochs):
    """Returns tensors in both places."""
    w = torch.tensor(w0, dtype=x.dtype, device=x.device)
    losses = []
    for _ in range(epochs):
        pred = w * x
        losses.append(((pred - y) ** 2).mean())
        g = (2 * x * (pred - y)).mean()
        w = w - lr * g
    return w, losses


@restated("loss-computed-once")
def graph_retained(x, y, w0, lr, epochs):
    """Goes backward through one graph again and again."""
    w = torch.tensor(w0, dtype=x.dtype, device=x.device, requires_grad=True)
    losses = []
    loss = ((w * x - y) ** 2).mean()
    for _ in range(epochs):
        loss.backward(retain_graph=True)
        with torch.no_grad():
            w -= lr * w.grad
            w.grad.zero_()
        losses.append(loss.item())
    return w.item(), losses


# Mutants of the reference that nothing can catch, and why.
EXCUSED = {
    "w = torch.tensor(w0, dtype=x.dtype, device=x.device, requires_grad=True) -> w = torch.tensor(w0, dtype=x.dtype, requires_grad=True)": "a scalar of the CPU may meet tensors of CUDA",  # noqa: E501
    "loss = mse(w * x, y) -> loss = mse(y, w * x)": "mse is symmetric",
    "w.grad.zero_() -> it twice": "zero stays zero",
}
