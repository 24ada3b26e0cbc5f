"""The listed mistakes of m12, one line through noisy points, written in another way."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from tests.variants import wrong


def steps(x, y, w, lr, epochs):
    """Fit a slope by plain steps; what several of these have in common."""
    losses = []
    for _ in range(epochs):
        e = w * x - y
        losses.append(e.square().mean().item())
        w = w - 2 * lr * (e * x).mean().item()
    return float(w), losses


def points_on_the_way(x, y, lr, epochs, start):
    """Return the points of a descent as tensors; what several of these have in common."""
    p = torch.tensor(start, dtype=x.dtype, device=x.device)
    path = [p]
    for _ in range(epochs):
        e = p[0] * x + p[1] - y
        p = p - 2 * lr * torch.stack([(e * x).mean(), e.mean()])
        path.append(p)
    return path


def textbook_line(x, y):
    """Return slope and bias of the best line by the sums of a textbook."""
    n = len(x)
    w = (n * (x * y).sum() - x.sum() * y.sum()) / (n * (x * x).sum() - x.sum() ** 2)
    return w, (y.sum() - w * x.sum()) / n


def downhill(x, y, w, b):
    """Return the negative gradient [2]; what several of these have in common."""
    r = y - w * x - b
    return 2 * torch.cat([(r * x).mean(0), r.mean(0)])


@wrong("noisy_line", named="flat")
def linspace_without_a_column(n, slope, bias, sigma, generator):
    """Evenly spaced x and normal y, both without a second axis."""
    x = torch.linspace(0, 1, n)
    return x, torch.normal(slope * x + bias, sigma, generator=generator)


@wrong("noisy_line", named="flat-noise")
def column_plus_row_of_noise(n, slope, bias, sigma, generator):
    """x gets its second axis by view, the noise none."""
    x = torch.rand(n, generator=generator).view(-1, 1)
    noise = sigma * torch.randn(n, generator=generator)
    return x, x * slope + bias + noise


@wrong("noisy_line", named="uniform-noise")
def rand_like_for_noise(n, slope, bias, sigma, generator):
    """The noise is filled in with uniform_."""
    x = torch.linspace(-1, 1, n)[:, None]
    return x, slope * x + bias + torch.empty(n, 1).uniform_(generator=generator) * sigma


@wrong("noisy_line", named="sigma-squared")
def normal_with_variance(n, slope, bias, sigma, generator):
    """torch.normal is given the variance for the standard deviation."""
    x = torch.linspace(-1, 1, n)[:, None]
    return x, torch.normal(slope * x + bias, sigma * sigma, generator=generator)


@wrong("noisy_line", named="noise-before-slope")
def disturbed_copy_of_x(n, slope, bias, sigma, generator):
    """y is computed from a disturbed copy of x."""
    x = torch.rand(n, 1, generator=generator) * 10
    disturbed = torch.normal(x, sigma, generator=generator)
    return x, disturbed * slope + bias


@wrong("noisy_line", named="noise-on-x")
def noise_added_to_x_in_place(n, slope, bias, sigma, generator):
    """x gets its noise in place, after y has been computed."""
    x = torch.rand(n, 1, generator=generator)
    y = bias + slope * x
    x += torch.empty_like(x).normal_(0, 1, generator=generator) * sigma
    return x, y


@wrong("noisy_line", named="generator-ignored")
def like_functions_without_generator(n, slope, bias, sigma, generator):
    """torch.normal and uniform_ are called without a generator."""
    x = torch.empty(n, 1).uniform_(-1, 1)
    return x, torch.normal(slope * x + bias, sigma)


@wrong("noisy_line", named="one-noise-for-all")
def noise_as_a_number(n, slope, bias, sigma, generator):
    """The noise is drawn as one number, by item."""
    x = torch.rand(n, 1, generator=generator)
    noise = torch.normal(0.0, 1.0, (1,), generator=generator).item()
    return x, x * slope + (bias + sigma * noise)


@wrong("SlopeOnly", named="plain-tensor")
class NumberForSlope(nn.Module):
    """The slope is a Python number."""

    def __init__(self):
        """Keep a number."""
        super().__init__()
        self.slope = 1.0

    def forward(self, x):
        """Predict."""
        return x * self.slope


@wrong("SlopeOnly", named="plain-tensors-in-line", replaces="Line")
class TrainableTensorsInLine(nn.Module):
    """Both are tensors that require their gradient, yet no parameters."""

    def __init__(self):
        """Keep two tensors."""
        super().__init__()
        self.slope = torch.randn(1, requires_grad=True)
        self.bias = torch.randn(1, requires_grad=True)

    def forward(self, x):
        """Predict."""
        return torch.addcmul(self.bias, x, self.slope)


@wrong("SlopeOnly", named="plain-bias-in-line", replaces="Line")
class TensorForBias(nn.Module):
    """The bias is a tensor of zeros beside a parameter."""

    def __init__(self):
        """Register the slope alone."""
        super().__init__()
        self.slope = nn.Parameter(torch.randn(()))
        self.bias = torch.zeros(())

    def forward(self, x):
        """Predict."""
        return x * self.slope + self.bias


@wrong("SlopeOnly", named="bias-in-slope-only")
class SlopeWithOffset(nn.Module):
    """The line through 0 has a bias, handed to functional.linear."""

    def __init__(self):
        """Register weight and bias."""
        super().__init__()
        self.slope = nn.Parameter(torch.ones(1, 1))
        self.bias = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        """Predict."""
        return F.linear(x, self.slope, self.bias)


@wrong("SlopeOnly", named="no-super-init")
class SuperInitTooLate(nn.Module):
    """The parent's __init__ runs after the parameter is assigned."""

    def __init__(self):
        """Assign before there is a table of parameters."""
        self.slope = nn.Parameter(torch.ones([]))
        super().__init__()

    def forward(self, x):
        """Predict."""
        return x * self.slope


@wrong("SlopeOnly", named="inner-linear")
class LayerCalledSlope(nn.Module):
    """The slope is a layer of that name."""

    def __init__(self):
        """Make a layer without bias."""
        super().__init__()
        self.slope = nn.Linear(in_features=1, out_features=1, bias=False)

    def forward(self, x):
        """Predict."""
        return self.slope(x)


@wrong("SlopeOnly", named="inner-linear-in-line", replaces="Line")
class LineOfSequential(nn.Module):
    """The line is a sequence of one layer."""

    def __init__(self):
        """Make a sequence."""
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(1, 1))

    def forward(self, x):
        """Predict."""
        return self.layers(x)


@wrong("fit_slope", named="never-zeroed")
def derivatives_added_up(x, y, w0, lr, epochs):
    """A running sum of derivatives takes the place of the last one."""
    w, total, losses = float(w0), 0.0, []
    for _ in range(epochs):
        e = w * x - y
        losses.append(e.square().mean().item())
        total += 2 * (e * x).mean().item()
        w -= lr * total
    return w, losses


@wrong("fit_slope", named="centred")
def around_the_means(x, y, w0, lr, epochs):
    """Means are taken away in each error."""
    w, losses = float(w0), []
    dx, dy = x - torch.mean(x), y - torch.mean(y)
    for _ in range(epochs):
        e = dy - w * dx
        losses.append(e.pow(2).mean().item())
        w += lr * 2 * (e * dx).mean().item()
    return w, losses


@wrong("fit_slope", named="losses-after-the-step")
def loss_at_the_new_slope(x, y, w0, lr, epochs):
    """The loss is computed at the end of the loop's body."""
    w, losses = float(w0), []
    for _ in range(epochs):
        w -= 2 * lr * ((w * x - y) * x).mean().item()
        losses.append(F.mse_loss(w * x, y).item())
    return w, losses


@wrong("fit_slope", named="one-loss-too-many")
def losses_of_all_slopes(x, y, w0, lr, epochs):
    """One loss for each slope on the way, the last one included."""
    ws = [steps(x, y, w0, lr, t)[0] for t in range(epochs + 1)]
    return ws[-1], [(w * x - y).square().mean().item() for w in ws]


@wrong("fit_slope", named="losses-as-tensors")
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


@wrong("fit_slope", named="factor-two-lost")
def derivative_without_two(x, y, w0, lr, epochs):
    """The derivative is the mean of error times x."""
    w, losses = float(w0), []
    for _ in range(epochs):
        e = w * x - y
        losses.append((e**2).mean().item())
        w -= lr * (e * x).mean().item()
    return w, losses


@wrong("fit_slope", named="float32-slope")
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


@wrong("fit_line", named="one-after-the-other")
def bias_with_new_errors(x, y, lr, epochs, start=(0.0, 0.0)):
    """The errors are computed again between the two updates, with floats."""
    w, b = start
    path = [(w, b)]
    for _ in range(epochs):
        w += 2 * lr * ((y - w * x - b) * x).mean().item()
        b += 2 * lr * (y - w * x - b).mean().item()
        path.append((w, b))
    return torch.tensor(path, dtype=x.dtype, device=x.device)


@wrong("fit_line", named="rows-alias")
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


@wrong("fit_line", named="path-requires-grad")
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


@wrong("fit_line", named="start-missing")
def noted_after_each_step(x, y, lr, epochs, start=(0.0, 0.0)):
    """The path has a row for each epoch, filled after its step."""
    path = torch.zeros(epochs, 2, dtype=x.dtype, device=x.device)
    for t, point in enumerate(points_on_the_way(x, y, lr, epochs, start)[1:]):
        path[t] = point
    return path


@wrong("fit_line", named="end-missing")
def noted_before_each_step(x, y, lr, epochs, start=(0.0, 0.0)):
    """The path has a row for each epoch, filled before its step."""
    path = torch.zeros(epochs, 2, dtype=x.dtype, device=x.device)
    for t, point in zip(range(epochs), points_on_the_way(x, y, lr, epochs, start), strict=False):
        path[t] = point
    return path


@wrong("fit_line", named="bias-first")
def constant_column_first(x, y, lr, epochs, start=(0.0, 0.0)):
    """The design matrix has its ones on the left, so the bias comes first."""
    a = torch.cat([torch.ones_like(x), x], dim=1)
    p = torch.tensor(start[::-1], dtype=x.dtype, device=x.device)[:, None]
    path = [p]
    for _ in range(epochs):
        p = p - 2 * lr / len(x) * a.T @ (a @ p - y)
        path.append(p)
    return torch.cat(path, dim=1).T


@wrong("fit_line", named="never-zeroed")
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


@wrong("fit_line", named="default-dtype")
def list_of_pairs_to_tensor(x, y, lr, epochs, start=(0.0, 0.0)):
    """A list of pairs of floats becomes a tensor without a dtype."""
    pairs = [start] + [p.tolist() for p in points_on_the_way(x, y, lr, epochs, start)[1:]]
    return torch.tensor(pairs, device=x.device)


@wrong("cost_surface", named="slopes-along-columns")
def meshgrid_as_in_plots(x, y, ws, bs):
    """meshgrid with xy indexing puts the slopes along the columns."""
    w, b = torch.meshgrid(ws, bs, indexing="xy")
    return (w[..., None] * x.flatten() + b[..., None] - y.flatten()).square().mean(-1)


@wrong("cost_surface", named="loops")
def filled_cell_by_cell(x, y, ws, bs):
    """Two loops fill the table cell by cell."""
    costs = torch.zeros(len(ws), len(bs), dtype=x.dtype, device=x.device)
    for k in range(len(ws)):
        for m in range(len(bs)):
            costs[k, m] = torch.mean((ws[k] * x + bs[m] - y) ** 2)
    return costs


@wrong("cost_surface", named="sum-for-mean")
def summed_by_einsum(x, y, ws, bs):
    """einsum adds up the squares and nothing divides."""
    r = ws[:, None, None] * x.flatten() + bs[:, None] - y.flatten()
    return torch.einsum("kmn,kmn->km", r, r)


@wrong("cost_surface", named="every-target")
def column_of_targets_kept(x, y, ws, bs):
    """Predictions with the points last meet the column y."""
    pred = ws.view(-1, 1, 1, 1) * x.view(1, 1, 1, -1) + bs.view(1, -1, 1, 1)
    return (pred - y).pow(2).mean((-1, -2))


@wrong("cost_surface", named="flat-grid")
def costs_of_all_pairs(x, y, ws, bs):
    """All pairs in one list give one long row of costs."""
    pairs = torch.cartesian_prod(ws, bs)
    return (x * pairs[:, 0] + pairs[:, 1] - y).square().mean(0)


@wrong("slice_minimum", named="global-optimum")
def part_of_the_textbook_fit(x, y, *, slope=None, bias=None):
    """Both numbers are fitted and the missing one is returned."""
    w, b = textbook_line(x, y)
    return (w if slope is None else b).item()


@wrong("slice_minimum", named="covariance-over-variance")
def slope_by_numpy_cov(x, y, *, slope=None, bias=None):
    """The slope is what a textbook gives for a free bias."""
    if slope is not None:
        return float(y.mean() - slope * x.mean())
    xc, yc = x - x.mean(), y - y.mean()
    return float((xc * yc).mean() / (xc * xc).mean())


@wrong("slice_minimum", named="mean-x-ignored")
def bias_is_mean_of_y(x, y, *, slope=None, bias=None):
    """The bias is the mean of y, whatever the slope is."""
    if bias is None:
        return float(np.mean(y.cpu().numpy()))
    return float(((y - bias) * x).mean() / (x * x).mean())


@wrong("slice_minimum", named="sign")
def fixed_part_added(x, y, *, slope=None, bias=None):
    """The fixed part has a plus in both formulas."""
    if bias is None:
        return (y.mean() + slope * x.mean()).item()
    return (((x * y).mean() + bias * x.mean()) / (x * x).mean()).item()


@wrong("slice_minimum", named="errors-turned-round")
def fixed_part_minus_y(x, y, *, slope=None, bias=None):
    """What is left over is taken as fixed part minus y."""
    if bias is None:
        return torch.mean(slope * x - y).item()
    return (torch.sum((bias - y) * x) / torch.sum(x**2)).item()


@wrong("slice_minimum", named="fixed-bias-ignored")
def slope_through_the_origin(x, y, *, slope=None, bias=None):
    """The slope is that of a line through 0."""
    if bias is None:
        return (y.mean() - slope * x.mean()).item()
    return (torch.sum(x * y) / torch.sum(x * x)).item()


@wrong("slice_minimum", named="mean-of-ratios")
def average_slope_of_points(x, y, *, slope=None, bias=None):
    """Each point gives a slope, and these are averaged."""
    if bias is None:
        return torch.mean(y - slope * x).item()
    return (torch.sum((y - bias) / x) / len(x)).item()


@wrong("slice_minimum", named="zero-taken-for-none")
def chosen_by_truth(x, y, *, slope=None, bias=None):
    """`not slope` takes 0 for a missing slope."""
    if not slope:
        return (((y - bias) * x).sum() / (x * x).sum()).item()
    return (y.mean() - slope * x.mean()).item()


@wrong("slice_minimum", named="tensor-returned")
def mean_without_item(x, y, *, slope=None, bias=None):
    """The means are returned as they are."""
    if bias is None:
        return torch.mean(y - slope * x)
    return torch.mean((y - bias) * x) / torch.mean(x * x)


@wrong("descent_direction", named="uphill")
def gradient_of_length_one(x, y, w, b):
    """The minus is lost before normalize."""
    return F.normalize(-downhill(x, y, w, b), dim=0)


@wrong("descent_direction", named="towards-the-minimum")
def way_to_the_fitted_line(x, y, w, b):
    """The direction leads to the line of the textbook."""
    best = torch.stack(textbook_line(x, y))
    here = torch.tensor([float(w), float(b)], dtype=x.dtype, device=x.device)
    return F.normalize(best - here, dim=0)


@wrong("descent_direction", named="not-normalised")
def negative_gradient_by_autograd(x, y, w, b):
    """autograd's gradient is negated and returned."""
    p = torch.tensor([float(w), float(b)], dtype=x.dtype, device=x.device, requires_grad=True)
    (g,) = torch.autograd.grad(F.mse_loss(p[0] * x + p[1], y), p)
    return g.neg()


@wrong("descent_direction", named="absolute-sum")
def normalized_with_p_of_one(x, y, w, b):
    """normalize is given the norm of absolute values."""
    return F.normalize(downhill(x, y, w, b), p=1, dim=0)


@wrong("descent_direction", named="bias-first")
def ones_before_x(x, y, w, b):
    """The ones of the design matrix stand on the left."""
    a = torch.cat([torch.ones_like(x), x], dim=1)
    down = (a.T @ (y - w * x - b)).flatten()
    return down / down.norm()


@wrong("descent_direction", named="column")
def matrix_product_kept(x, y, w, b):
    """The result of a matrix product keeps its second axis."""
    a = torch.cat([x, torch.ones_like(x)], dim=1)
    down = a.T @ (y - w * x - b)
    return down / down.norm()


@wrong("descent_direction", named="default-dtype")
def floats_to_tensor(x, y, w, b):
    """Two floats become a tensor without a dtype."""
    down = downhill(x, y, w, b)
    length = down.norm().item()
    return torch.tensor([part / length for part in down.tolist()], device=x.device)
