"""Other ways to do descent_direction."""

from __future__ import annotations

import math

import torch
from m06_model import mse
from torch import Tensor
from torch.nn import functional as F

from autograder.course.marks import restated, right, wrong


@right()
def by_autograd_and_normalize(x, y, w, b):
    """Differentiates with autograd and leaves the length to functional.normalize."""
    t = torch.tensor([float(w), float(b)], dtype=x.dtype, device=x.device, requires_grad=True)
    (g,) = torch.autograd.grad((t[0] * x + t[1] - y).square().mean(), t)
    return F.normalize(g.neg(), dim=0)


@right()
def by_angle(x, y, w, b):
    """Computes the angle of the direction, then its cosine and sine."""
    r = y - w * x - b
    a = torch.atan2(r.mean(), (r * x).mean())
    return torch.stack([a.cos(), a.sin()])


@right()
def by_backward_and_hypot(x, y, w, b):
    """Copies w and b into leaves, calls backward, and divides plain floats by their hypot."""
    w, b = (
        torch.as_tensor(t, dtype=x.dtype, device=x.device).detach().reshape(()).clone()
        for t in (w, b)
    )
    F.mse_loss(w.requires_grad_() * x + b.requires_grad_(), y).backward()
    n = math.hypot(w.grad.item(), b.grad.item())
    return torch.tensor([-w.grad.item() / n, -b.grad.item() / n], dtype=x.dtype, device=x.device)


@right()
def by_sums_without_mean(x, y, w, b):
    """Sums where others average: the factor goes away with the length."""
    r = y - (w * x + b)
    v = torch.cat([(r * x).sum(0), r.sum(0)])
    return v / v.norm(p=2)


@right()
def by_transposed_matrix(x, y, w, b):
    """Multiplies the residuals by the transposed matrix of x and ones."""
    a = torch.cat([x, torch.ones_like(x)], dim=1)
    down = (a.T @ (y - w * x - b)).flatten()
    return down / torch.linalg.vector_norm(down)


@wrong()
def length_a_millionth_short(x, y, w, b):
    """A small number is added to the length."""
    e = w * x + b - y
    d = -torch.stack([(e * x).mean(), e.mean()])
    return d / (d.norm() + 1e-6)


@wrong()
def inputs_switched_to_require_gradients(x, y, w, b):
    """Tensors that are handed in require their gradient afterwards."""
    p = [
        t.requires_grad_()
        if isinstance(t, Tensor)
        else torch.tensor(t, dtype=x.dtype, device=x.device, requires_grad=True)
        for t in (w, b)
    ]
    g = torch.autograd.grad(mse(p[0] * x + p[1], y), p)
    d = -torch.cat([t.reshape(1) for t in g])
    return d / d.norm()


@wrong()
def floats_through_float32(x, y, w, b):
    """Floats become float32 tensors, which round them."""
    w, b = torch.as_tensor(w).reshape(()), torch.as_tensor(b).reshape(())
    e = w * x + b - y
    d = -torch.stack([(e * x).mean(), e.mean()])
    return d / d.norm()


@wrong()
def direction_in_float32(x, y, w, b):
    """The direction is computed in float32, though returned in the dtype of x."""
    e = w * x + b - y
    d = -torch.stack([(e * x).mean(), e.mean()]).float()
    return (d / d.norm()).to(x.dtype)


@wrong()
def angle_of_half_a_turn(x, y, w, b):
    """atan knows no more than half of the directions."""
    e = w * x + b - y
    angle = torch.atan(e.mean() / (e * x).mean())
    return -torch.stack([angle.cos(), angle.sin()])


@wrong()
def angle_wrong_for_one_row(x, y, w, b):
    """The half of the turn is put right, but not for a single row."""
    e = w * x + b - y
    gw, gb = (e * x).mean(), e.mean()
    t = torch.atan(gb / gw)
    return -torch.stack([t.cos(), t.sin()]) * (1 if gw >= 0 or len(x) == 1 else -1)


@wrong()
def signs_alone(x, y, w, b):
    """Each part is plus or minus the same number."""
    e = w * x + b - y
    return -torch.stack([(e * x).mean(), e.mean()]).sign() / 2**0.5


@restated("largest-part-1")
def largest_part_one(x, y, w, b):
    """The larger part is 1, and not the length."""
    e = w * x + b - y
    d = -torch.stack([(e * x).mean(), e.mean()])
    return d / d.abs().max()


@wrong()
def sum_beside_a_mean(x, y, w, b):
    """The part of the slope is summed, that of the bias averaged."""
    e = w * x + b - y
    d = -torch.stack([(e * x).sum(), e.mean()])
    return d / d.norm()


@wrong()
def gradients_left_behind(x, y, w, b):
    """Calls backward() on w and b themselves where they are trained."""
    w, b = (
        v
        if isinstance(v, torch.Tensor) and v.requires_grad
        else torch.as_tensor(v, dtype=x.dtype, device=x.device).clone().requires_grad_()
        for v in (w, b)
    )
    ((w * x + b - y) ** 2).mean().backward()
    gradient = torch.stack([p.grad.reshape(()) for p in (w, b)])
    return -gradient / gradient.norm()


def textbook_line(x, y):
    """Return slope and bias of the best line by the sums of a textbook."""
    n = len(x)
    w = (n * (x * y).sum() - x.sum() * y.sum()) / (n * (x * x).sum() - x.sum() ** 2)
    return w, (y.sum() - w * x.sum()) / n


def downhill(x, y, w, b):
    """Return the negative gradient [2]; what several of these have in common."""
    r = y - w * x - b
    return 2 * torch.cat([(r * x).mean(0), r.mean(0)])


@restated("uphill")
def gradient_of_length_one(x, y, w, b):
    """The minus is lost before normalize."""
    return F.normalize(-downhill(x, y, w, b), dim=0)


@restated("towards-the-minimum")
def way_to_the_fitted_line(x, y, w, b):
    """The direction leads to the line of the textbook."""
    best = torch.stack(textbook_line(x, y))
    here = torch.tensor([float(w), float(b)], dtype=x.dtype, device=x.device)
    return F.normalize(best - here, dim=0)


@restated("not-normalised")
def negative_gradient_by_autograd(x, y, w, b):
    """autograd's gradient is negated and returned."""
    p = torch.tensor([float(w), float(b)], dtype=x.dtype, device=x.device, requires_grad=True)
    (g,) = torch.autograd.grad(F.mse_loss(p[0] * x + p[1], y), p)
    return g.neg()


@restated("absolute-sum")
def normalized_with_p_of_one(x, y, w, b):
    """normalize is given the norm of absolute values."""
    return F.normalize(downhill(x, y, w, b), p=1, dim=0)


@restated("bias-first")
def ones_before_x(x, y, w, b):
    """The ones of the design matrix stand on the left."""
    a = torch.cat([torch.ones_like(x), x], dim=1)
    down = (a.T @ (y - w * x - b)).flatten()
    return down / down.norm()


@restated("column")
def matrix_product_kept(x, y, w, b):
    """The result of a matrix product keeps its second axis."""
    a = torch.cat([x, torch.ones_like(x)], dim=1)
    down = a.T @ (y - w * x - b)
    return down / down.norm()


@restated("default-dtype")
def floats_to_tensor(x, y, w, b):
    """Two floats become a tensor without a dtype."""
    down = downhill(x, y, w, b)
    length = down.norm().item()
    return torch.tensor([part / length for part in down.tolist()], device=x.device)


@wrong(named="uphill, not-normalised")
def bare_gradient(x, y, w, b):
    """Returns the gradient as it is."""
    e = w * x + b - y
    return torch.stack([2 * (e * x).mean(), 2 * e.mean()])
