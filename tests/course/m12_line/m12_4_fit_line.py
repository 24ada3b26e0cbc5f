"""Other ways to do fit_line."""

from __future__ import annotations

from functools import reduce

import torch
from m06_model import mse
from m12_line import Line
from torch import nn
from torch.nn import functional as F

from autograder.course.marks import restated, right, wrong


@right()
def by_normal_matrix(x, y, lr, epochs, start=(0.0, 0.0)):
    """Steps with the matrix of the quadratic cost and writes into a path made beforehand."""
    x, y = x.detach().flatten(), y.detach().flatten()
    a = torch.stack([x, torch.ones_like(x)], 1)
    h, c = 2 * a.T @ a / len(x), 2 * a.T @ y / len(x)
    path = torch.empty(epochs + 1, 2, dtype=x.dtype, device=x.device)
    path[0] = torch.as_tensor(start, dtype=x.dtype)
    for t in range(epochs):
        path[t + 1] = path[t] - lr * (h @ path[t] - c)
    return path


@right()
def with_plain_floats(x, y, lr, epochs, start=(0.0, 0.0)):
    """Keeps w and b as floats and makes one tensor of all pairs at the end."""
    w, b = start
    path = [(w, b)]
    for _ in range(epochs):
        r = w * x + b - y
        w, b = w - lr * 2 * (r * x).mean().item(), b - lr * 2 * r.mean().item()
        path.append((w, b))
    return torch.tensor(path, dtype=x.dtype, device=x.device)


@right()
def rounded_once_at_the_end(x, y, lr, epochs, start=(0.0, 0.0)):
    """Computes in float64 whatever x is, and returns the dtype of x."""
    x64, y64 = x.double().flatten(), y.double().flatten()
    t = torch.tensor(start, dtype=torch.float64, device=x.device)
    a = torch.stack((x64, torch.ones_like(x64)), dim=1)
    path = [t]
    for _ in range(epochs):
        t = t - lr * 2 / len(x64) * a.T @ (a @ t - y64)
        path.append(t)
    return torch.stack(path).to(x.dtype)


@right()
def noted_before_each_step(x, y, lr, epochs, start=(0.0, 0.0)):
    """Trains a Line with SGD, notes each row before the step, and takes one round more."""
    m = Line().to(x)
    with torch.no_grad():
        m.slope.fill_(start[0])
        m.bias.fill_(start[1])
    opt = torch.optim.SGD(m.parameters(), lr=lr)
    path = torch.zeros(epochs + 1, 2).to(x)
    for t in range(epochs + 1):
        path[t, 0], path[t, 1] = m.slope.item(), m.bias.item()
        if t < epochs:
            opt.zero_grad()
            F.mse_loss(m(x), y).backward()
            opt.step()
    return path


@right()
def folded_by_reduce(x, y, lr, epochs, start=(0.0, 0.0)):
    """Grows the path by reduce, with torch.func.grad for the derivatives."""
    slope_of = torch.func.grad(lambda p: mse(p[0] * x + p[1], y))
    first = torch.tensor([start], dtype=x.dtype, device=x.device)
    return reduce(
        lambda path, _: torch.cat([path, (path[-1] - lr * slope_of(path[-1]))[None]]),
        range(epochs),
        first,
    )


@wrong()
def path_through_float32(x, y, lr, epochs, start=(0.0, 0.0)):
    """The numbers pass through a float32 tensor, though the dtype is right in the end."""
    w, b = (torch.tensor(s, dtype=x.dtype, device=x.device) for s in start)
    path = [(w, b)]
    for _ in range(epochs):
        e = w * x + b - y
        w, b = w - lr * 2 * (e * x).mean(), b - lr * 2 * e.mean()
        path.append((w, b))
    return torch.tensor([[float(w), float(b)] for w, b in path]).to(x.dtype)


@wrong()
def first_row_through_float32(x, y, lr, epochs, start=(0.0, 0.0)):
    """The start is rounded to float32 before it is written into the path."""
    path = torch.empty(epochs + 1, 2, dtype=x.dtype, device=x.device)
    path[0] = torch.as_tensor(start)
    for t in range(epochs):
        w, b = path[t]
        e = w * x + b - y
        path[t + 1] = path[t] - lr * 2 * torch.stack([(e * x).mean(), e.mean()])
    return path


@wrong()
def slower_after_twenty(x, y, lr, epochs, start=(0.0, 0.0)):
    """The rate falls after 20 epochs."""
    p = torch.tensor(start, dtype=x.dtype, device=x.device)
    path = [p]
    for t in range(epochs):
        e = p[0] * x + p[1] - y
        p = p - (lr if t < 20 else 0.95 * lr) * 2 * torch.stack([(e * x).mean(), e.mean()])
        path.append(p)
    return torch.stack(path)


@wrong(asks="m2.2e")
def stays_where_it_is_flat(x, y, lr, epochs, start=(0.0, 0.0)):
    """It stops moving as soon as the gradient is small."""
    p = torch.tensor(start, dtype=x.dtype, device=x.device)
    path = [p]
    for _ in range(epochs):
        e = p[0] * x + p[1] - y
        g = 2 * torch.stack([(e * x).mean(), e.mean()])
        p = p - lr * g if g.abs().sum() > 1e-4 else p
        path.append(p)
    return torch.stack(path)


@wrong()
def at_most_256_rows(x, y, lr, epochs, start=(0.0, 0.0)):
    """Rows beyond a hard-coded size are left out."""
    x, y = x[:256], y[:256]
    p = torch.tensor(start, dtype=x.dtype, device=x.device)
    path = [p]
    for _ in range(epochs):
        e = p[0] * x + p[1] - y
        p = p - lr * 2 * torch.stack([(e * x).mean(), e.mean()])
        path.append(p)
    return torch.stack(path)


@wrong()
def goes_on_from_the_last_call(x, y, lr, epochs, start=(0.0, 0.0), _last=[]):  # noqa: B006
    """Without a start, a second call goes on where the first one ended."""
    if start == (0.0, 0.0) and _last and _last[0] is x:
        start = _last[1]
    p = torch.tensor(start, dtype=x.dtype, device=x.device)
    path = [p]
    for _ in range(epochs):
        e = p[0] * x + p[1] - y
        p = p - lr * 2 * torch.stack([(e * x).mean(), e.mean()])
        path.append(p)
    _last[:] = [x, tuple(p.tolist())]
    return torch.stack(path)


@wrong()
def momentum_from_the_fifth_step(x, y, lr, epochs, start=(0.0, 0.0)):
    """From the fifth step on, a little of the last move is added."""
    p = torch.tensor(start, dtype=x.dtype, device=x.device)
    path = [p]
    for t in range(epochs):
        e = p[0] * x + p[1] - y
        p = p - lr * 2 * torch.stack([(e * x).mean(), e.mean()])
        if t > 3:
            p = p + 0.01 * (path[-1] - path[-2])
        path.append(p)
    return torch.stack(path)


@wrong()
def gradient_clipped_to_100(x, y, lr, epochs, start=(0.0, 0.0)):
    """The gradient is clipped to a length of 100."""
    params = torch.tensor(start, dtype=x.dtype, device=x.device, requires_grad=True)
    path = [params.detach().clone()]
    for _ in range(epochs):
        mse(params[0] * x + params[1], y).backward()
        nn.utils.clip_grad_norm_([params], 100.0)
        with torch.no_grad():
            params -= lr * params.grad
        params.grad = None
        path.append(params.detach().clone())
    return torch.stack(path)


@wrong()
def bias_without_factor_two(x, y, lr, epochs, start=(0.0, 0.0)):
    """The factor 2 is there for the slope and missing for the bias."""
    p = torch.tensor(start, dtype=x.dtype, device=x.device)
    path = [p]
    for _ in range(epochs):
        e = p[0] * x + p[1] - y
        p = p - lr * torch.stack([2 * (e * x).mean(), e.mean()])
        path.append(p)
    return torch.stack(path)


def points_on_the_way(x, y, lr, epochs, start):
    """Return the points of a descent as tensors; what several of these have in common."""
    p = torch.tensor(start, dtype=x.dtype, device=x.device)
    path = [p]
    for _ in range(epochs):
        e = p[0] * x + p[1] - y
        p = p - 2 * lr * torch.stack([(e * x).mean(), e.mean()])
        path.append(p)
    return path


@wrong(asks="m2.2c")
def absolute_errors_lowered(x, y, lr, epochs, start=(0.0, 0.0)):
    """Goes by the mean absolute error, for which another line is the best."""
    params = torch.tensor(start, dtype=x.dtype, device=x.device, requires_grad=True)
    path = [params.detach().clone()]
    for _ in range(epochs):
        (gradient,) = torch.autograd.grad(F.l1_loss(params[0] * x + params[1], y), params)
        with torch.no_grad():
            params -= lr * gradient
        path.append(params.detach().clone())
    return torch.stack(path)


@restated("one-after-the-other")
def bias_with_new_errors(x, y, lr, epochs, start=(0.0, 0.0)):
    """The errors are computed again between the two updates, with floats."""
    w, b = start
    path = [(w, b)]
    for _ in range(epochs):
        w += 2 * lr * ((y - w * x - b) * x).mean().item()
        b += 2 * lr * (y - w * x - b).mean().item()
        path.append((w, b))
    return torch.tensor(path, dtype=x.dtype, device=x.device)


@restated("rows-alias")
def detached_views_of_one_tensor(x, y, lr, epochs, start=(0.0, 0.0)):
    """Each row is a detached view of the tensor that moves."""
    p = torch.tensor(start, dtype=x.dtype, device=x.device, requires_grad=True)
    path = [p.detach()]
    for _ in range(epochs):
        ((p[0] * x + p[1] - y) ** 2).mean().backward()
        p.data -= lr * p.grad
        p.grad = None
        path.append(p.detach())
    return torch.stack(path)


@restated("path-requires-grad")
def rows_cloned_with_history(x, y, lr, epochs, start=(0.0, 0.0)):
    """Each row is a clone that was not detached."""
    p = torch.tensor(start, dtype=x.dtype, device=x.device, requires_grad=True)
    path = [p.clone()]
    for _ in range(epochs):
        F.mse_loss(p[0] * x + p[1], y).backward()
        with torch.no_grad():
            p -= lr * p.grad
        p.grad = None
        path.append(p.clone())
    return torch.stack(path)


@restated("start-missing")
def noted_after_each_step(x, y, lr, epochs, start=(0.0, 0.0)):
    """The path has a row for each epoch, filled after its step."""
    path = torch.zeros(epochs, 2, dtype=x.dtype, device=x.device)
    for t, point in enumerate(points_on_the_way(x, y, lr, epochs, start)[1:]):
        path[t] = point
    return path


@restated("end-missing")
def noted_before_each_step_restated(x, y, lr, epochs, start=(0.0, 0.0)):
    """The path has a row for each epoch, filled before its step."""
    path = torch.zeros(epochs, 2, dtype=x.dtype, device=x.device)
    for t, point in zip(range(epochs), points_on_the_way(x, y, lr, epochs, start), strict=False):
        path[t] = point
    return path


@restated("bias-first")
def constant_column_first(x, y, lr, epochs, start=(0.0, 0.0)):
    """The design matrix has its ones on the left, so the bias comes first."""
    a = torch.cat([torch.ones_like(x), x], dim=1)
    p = torch.tensor(start[::-1], dtype=x.dtype, device=x.device)[:, None]
    path = [p]
    for _ in range(epochs):
        p = p - 2 * lr / len(x) * a.T @ (a @ p - y)
        path.append(p)
    return torch.cat(path, dim=1).T


@restated("never-zeroed")
def gradients_added_up(x, y, lr, epochs, start=(0.0, 0.0)):
    """SGD without zero_grad."""
    p = nn.Parameter(torch.tensor(start, dtype=x.dtype, device=x.device))
    optimizer = torch.optim.SGD([p], lr=lr)
    path = [p.detach().clone()]
    for _ in range(epochs):
        F.mse_loss(p[0] * x + p[1], y).backward()
        optimizer.step()
        path.append(p.detach().clone())
    return torch.stack(path)


@restated("default-dtype")
def list_of_pairs_to_tensor(x, y, lr, epochs, start=(0.0, 0.0)):
    """A list of pairs of floats becomes a tensor without a dtype."""
    pairs = [start] + [p.tolist() for p in points_on_the_way(x, y, lr, epochs, start)[1:]]
    return torch.tensor(pairs, device=x.device)


@wrong(named="rows-alias, path-requires-grad")
def the_parameters_themselves(x, y, lr, epochs, start=(0.0, 0.0)):
    """Appends the trained tensor itself."""
    p = torch.tensor(start, dtype=x.dtype, device=x.device, requires_grad=True)
    path = [p]
    for _ in range(epochs):
        ((p[0] * x + p[1] - y) ** 2).mean().backward()
        with torch.no_grad():
            p -= lr * p.grad
            p.grad.zero_()
        path.append(p)
    return torch.stack(path)


# Mutants of the reference that nothing can catch, and why.
EXCUSED = {
    "mse(w * x + b, y).backward() -> mse(y, w * x + b).backward()": "mse is symmetric",
    "params.grad.zero_() -> it twice": "zero stays zero",
}
