"""Right but unusual ways to do m12: one line through noisy points."""

from __future__ import annotations

import math
from collections import namedtuple
from functools import reduce

import numpy as np
import torch
from m06_model import mse
from m12_line import Line, SlopeOnly
from torch import nn
from torch.nn import functional as F

from tests.variants import right

Data = namedtuple("Data", "x y")
Fit = namedtuple("Fit", "slope losses")


@right("noisy_line")
def evenly_spaced_in_named_tuple(n, slope, bias, sigma, generator):
    """Takes evenly spaced x, draws y about the line with torch.normal, returns a named tuple."""
    x = torch.linspace(-1, 1, n, device=generator.device).unsqueeze(1)
    y = torch.normal(slope * x + bias, sigma, generator=generator)
    return Data(x, y)


@right("noisy_line")
def noise_drawn_before_x(n, slope, bias, sigma, generator):
    """Fills an empty tensor with the noise first, and counts x up from 0."""
    noise = torch.empty(n, 1, device=generator.device).normal_(0, 1, generator=generator) * sigma
    x = torch.arange(n, device=generator.device, dtype=torch.float32).view(-1, 1) / n * 10
    return x, slope * x + bias + noise


@right("noisy_line")
def in_float64(n, slope, bias, sigma, generator):
    """Draws everything in float64, with x far from [0, 1]."""
    kind = {"generator": generator, "dtype": torch.float64, "device": generator.device}
    x = torch.rand(n, 1, **kind) * 20 - 10
    return x, bias + slope * x + torch.randn(x.shape, **kind).mul(sigma)


@right("noisy_line")
def one_draw_for_both(n, slope, bias, sigma, generator):
    """Draws x and the noise at once, as two slices of one tensor."""
    z = torch.randn(2, n, 1, generator=generator, device=generator.device)
    return z[0], slope * z[0] + bias + sigma * z[1]


@right("noisy_line")
def whole_numbers_for_x(n, slope, bias, sigma, generator):
    """Draws whole numbers for x, and one standard deviation for each row."""
    x = torch.randint(0, 100, (n, 1), generator=generator, device=generator.device).float()
    return x, torch.normal(slope * x + bias, torch.full_like(x, sigma), generator=generator)


@right("noisy_line")
def sorted_exponential_x(n, slope, bias, sigma, generator):
    """Draws a skewed x, sorts it, and adds the noise in place where there is any."""
    x = torch.empty(n, 1, device=generator.device).exponential_(generator=generator)
    x = x.sort(dim=0).values
    y = slope * x + bias
    if sigma:
        y += torch.empty_like(y).normal_(0, sigma, generator=generator)
    return x, y


@right("SlopeOnly", replaces="Line")
class LineFromSlopeOnly(SlopeOnly):
    """Inherits the slope and adds a bias of shape [1, 1]."""

    def __init__(self):
        """Register the bias beside the inherited slope."""
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(1, 1))

    def forward(self, x):
        """Predict with the parent's forward."""
        return super().forward(x) + self.bias


@right("SlopeOnly", replaces="Line")
class LineByLinear(nn.Module):
    """Has a random [1, 1] slope and hands it to functional.linear."""

    def __init__(self):
        """Register a weight matrix under the name slope."""
        super().__init__()
        self.slope = nn.Parameter(torch.rand(1, 1))
        self.bias = nn.Parameter(torch.rand(1))

    def forward(self, x):
        """Predict."""
        return F.linear(x, self.slope, self.bias)


@right("SlopeOnly", replaces="Line")
class LineByAddcmul(nn.Module):
    """Has parameters without axes and adds and multiplies in one operation."""

    def __init__(self):
        """Register two numbers."""
        super().__init__()
        self.slope = nn.Parameter(torch.ones([]))
        self.bias = nn.Parameter(torch.zeros([]))

    def forward(self, x):
        """Predict."""
        return torch.addcmul(self.bias, x, self.slope)


@right("SlopeOnly")
class SlopeByMatrixProduct(nn.Module):
    """Has a [1, 1] slope and multiplies matrices."""

    def __init__(self):
        """Register a matrix."""
        super().__init__()
        self.slope = nn.Parameter(torch.rand(1, 1))

    def forward(self, x):
        """Predict."""
        return x @ self.slope


@right("SlopeOnly")
class SlopeRegisteredByName(nn.Module):
    """Registers its number with register_parameter and keeps a note in a buffer."""

    def __init__(self):
        """Register one number, and a buffer that is no parameter."""
        super().__init__()
        self.register_parameter("slope", nn.Parameter(torch.ones([])))
        self.register_buffer("seen", torch.zeros(()), persistent=False)

    def forward(self, x):
        """Predict."""
        self.seen = torch.tensor(len(x))
        return torch.mul(x, self.slope)


@right("SlopeOnly")
class SlopeByEinsum(nn.Module):
    """Sums over the single feature by einsum."""

    def __init__(self):
        """Register a number drawn at random."""
        super().__init__()
        self.slope = nn.Parameter(torch.randn(1))

    def forward(self, x):
        """Predict."""
        return torch.einsum("nf,f->n", x, self.slope).unsqueeze(-1)


@right("fit_slope")
def by_moments_of_the_data(x, y, w0, lr, epochs):
    """Sums the data up once, steps with plain floats, and returns a named tuple with np.float64."""
    sxx, sxy, syy = (float((a * b).mean()) for a, b in ((x, x), (x, y), (y, y)))
    w, losses = float(w0), []
    for _ in range(epochs):
        losses.append(w * w * sxx - 2 * w * sxy + syy)
        w -= lr * 2 * (w * sxx - sxy)
    return Fit(np.float64(w), losses)


@right("fit_slope")
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


@right("fit_slope")
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


@right("fit_slope")
def by_closed_form_of_the_path(x, y, w0, lr, epochs):
    """Knows that the distance to the minimum shrinks by the same factor in each epoch."""
    xx = (x * x).mean().item()
    star = (x * y).sum().item() / (x * x).sum().item()
    ws = [star + (1 - 2 * lr * xx) ** t * (w0 - star) for t in range(epochs + 1)]
    losses = [((w * x - y) ** 2).mean().item() for w in ws[:-1]]
    return ws[-1], losses


@right("fit_slope")
def row_by_row_in_python(x, y, w0, lr, epochs):
    """Adds up errors and derivatives row by row with plain floats."""
    w, losses = float(w0), []
    rows = list(zip(x.flatten().tolist(), y.flatten().tolist(), strict=True))
    for _ in range(epochs):
        losses.append(sum((w * a - b) ** 2 for a, b in rows) / len(rows))
        w -= lr * sum(2 * (w * a - b) * a for a, b in rows) / len(rows)
    return w, losses


@right("fit_slope")
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


@right("fit_line")
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


@right("fit_line")
def with_plain_floats(x, y, lr, epochs, start=(0.0, 0.0)):
    """Keeps w and b as floats and makes one tensor of all pairs at the end."""
    w, b = start
    path = [(w, b)]
    for _ in range(epochs):
        r = w * x + b - y
        w, b = w - lr * 2 * (r * x).mean().item(), b - lr * 2 * r.mean().item()
        path.append((w, b))
    return torch.tensor(path, dtype=x.dtype, device=x.device)


@right("fit_line")
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


@right("fit_line")
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


@right("fit_line")
def folded_by_reduce(x, y, lr, epochs, start=(0.0, 0.0)):
    """Grows the path by reduce, with torch.func.grad for the derivatives."""
    slope_of = torch.func.grad(lambda p: mse(p[0] * x + p[1], y))
    first = torch.tensor([start], dtype=x.dtype, device=x.device)
    return reduce(
        lambda path, _: torch.cat([path, (path[-1] - lr * slope_of(path[-1]))[None]]),
        range(epochs),
        first,
    )


@right("cost_surface")
def by_nested_vmap(x, y, ws, bs):
    """Maps the cost of one line over biases and slopes with torch.vmap."""

    def cost(w, b):
        return ((w * x + b - y) ** 2).mean()

    return torch.vmap(lambda w: torch.vmap(lambda b: cost(w, b))(bs))(ws)


@right("cost_surface")
def multiplied_out(x, y, ws, bs):
    """Writes the cost as a polynomial in w and b, whose coefficients are means."""
    w, b = ws[:, None], bs[None, :]
    return (
        w**2 * (x * x).mean()
        + 2 * w * b * x.mean()
        + b**2
        - 2 * w * (x * y).mean()
        - 2 * b * y.mean()
        + (y * y).mean()
    )


@right("cost_surface")
def by_all_pairs_and_a_matrix(x, y, ws, bs):
    """Lists all pairs, multiplies once, and folds the long row into a table."""
    g = torch.cartesian_prod(ws, bs)
    a = torch.cat([x, torch.ones_like(x)], 1)
    return (a @ g.T - y).square().mean(0).reshape(len(ws), len(bs))


@right("cost_surface")
def points_on_the_first_axis(x, y, ws, bs):
    """Keeps the points on the first axis and averages over it."""
    r = y - ws * x
    return (r[:, :, None] - bs).square().mean(0)


@right("cost_surface")
def broadcast_in_numpy(x, y, ws, bs):
    """Broadcasts in NumPy and comes back to torch."""
    xn, yn, wn, bn = (t.detach().cpu().numpy().ravel() for t in (x, y, ws, bs))
    costs = ((wn[:, None, None] * xn + bn[None, :, None] - yn) ** 2).mean(-1)
    return torch.from_numpy(costs).to(ws)


@right("cost_surface")
def loop_over_the_points(x, y, ws, bs):
    """Loops over the points, which is allowed, and adds up one table for each."""
    total = torch.zeros(len(ws), len(bs), dtype=x.dtype, device=x.device)
    for p, q in zip(x.flatten(), y.flatten(), strict=True):
        total += (ws[:, None] * p + bs - q) ** 2
    return total / len(x)


@right("slice_minimum")
def by_least_squares_solver(x, y, *, slope=None, bias=None):
    """Leaves the slope to lstsq and returns np.float64."""
    if bias is None:
        return float(y.mean() - slope * x.mean())
    return np.float64(torch.linalg.lstsq(x, y - bias).solution.item())


@right("slice_minimum")
def in_numpy_arrays(x, y, *, slope=None, bias=None):
    """Computes in NumPy and returns its number."""
    x, y = x.cpu().numpy(), y.cpu().numpy()
    if bias is None:
        return np.mean(y - slope * x)
    return np.sum(x * (y - bias)) / np.sum(x**2)


@right("slice_minimum")
def vertex_of_a_parabola(x, y, *, slope=None, bias=None):
    """Takes the cost at three places and computes the vertex of the parabola through them."""
    x, y = x.double(), y.double()

    def cost(t):
        w, b = (slope, t) if bias is None else (t, bias)
        return (w * x + b - y).square().mean().item()

    a, b, c = cost(-1.0), cost(0.0), cost(1.0)
    return 0.5 * (a - c) / (a - 2 * b + c)


@right("slice_minimum")
def refuses_two_or_none(x, y, *, slope=None, bias=None):
    """Refuses other calls than those with exactly one number, and divides dot products."""
    if (slope is None) == (bias is None):
        raise ValueError("give exactly one of slope and bias")
    if slope is None:
        return torch.dot(x.flatten(), (y - bias).flatten()).item() / x.square().sum().item()
    return np.float64(y.mean().item() - slope * x.mean().item())


@right("slice_minimum")
def one_newton_step(x, y, *, slope=None, bias=None):
    """Takes a single Newton step, which is exact for a parabola."""

    def cost(t):
        return mse(slope * x + t, y) if bias is None else mse(t * x + bias, y)

    t = torch.zeros((), dtype=x.dtype, device=x.device)
    slope_of = torch.func.grad(cost)
    return (-slope_of(t) / torch.func.grad(slope_of)(t)).item()


@right("descent_direction")
def by_autograd_and_normalize(x, y, w, b):
    """Differentiates with autograd and leaves the length to functional.normalize."""
    t = torch.tensor([float(w), float(b)], dtype=x.dtype, device=x.device, requires_grad=True)
    (g,) = torch.autograd.grad((t[0] * x + t[1] - y).square().mean(), t)
    return F.normalize(g.neg(), dim=0)


@right("descent_direction")
def by_angle(x, y, w, b):
    """Computes the angle of the direction, then its cosine and sine."""
    r = y - w * x - b
    a = torch.atan2(r.mean(), (r * x).mean())
    return torch.stack([a.cos(), a.sin()])


@right("descent_direction")
def by_backward_and_hypot(x, y, w, b):
    """Copies w and b into leaves, calls backward, and divides plain floats by their hypot."""
    w, b = (
        torch.as_tensor(t, dtype=x.dtype, device=x.device).detach().reshape(()).clone()
        for t in (w, b)
    )
    F.mse_loss(w.requires_grad_() * x + b.requires_grad_(), y).backward()
    n = math.hypot(w.grad.item(), b.grad.item())
    return torch.tensor([-w.grad.item() / n, -b.grad.item() / n], dtype=x.dtype, device=x.device)


@right("descent_direction")
def by_sums_without_mean(x, y, w, b):
    """Sums where others average: the factor goes away with the length."""
    r = y - (w * x + b)
    v = torch.cat([(r * x).sum(0), r.sum(0)])
    return v / v.norm(p=2)


@right("descent_direction")
def by_transposed_matrix(x, y, w, b):
    """Multiplies the residuals by the transposed matrix of x and ones."""
    a = torch.cat([x, torch.ones_like(x)], dim=1)
    down = (a.T @ (y - w * x - b)).flatten()
    return down / torch.linalg.vector_norm(down)
