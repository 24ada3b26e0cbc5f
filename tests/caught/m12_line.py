"""Wrong ways to do m12, one line through noisy points, beyond the listed mistakes."""

from __future__ import annotations

import torch
from m06_model import mse
from torch import Tensor, nn

from tests.variants import wrong

KEPT: list[float] = []
SURFACES: dict[tuple[int, int], Tensor] = {}
SHARED = nn.Parameter(torch.zeros(1))


def descend(x, y, w, lr, epochs):
    """Fit a slope by plain steps; what the wrong ways of fit_slope have in common."""
    losses = []
    for _ in range(epochs):
        e = w * x - y
        losses.append(e.square().mean().item())
        w = w - lr * 2 * (e * x).mean()
    return w, losses


def grid_costs(x, y, ws, bs):
    """Return the cost of every pair; what the wrong ways of cost_surface have in common."""
    return (ws[:, None, None] * x.flatten() + bs[:, None] - y.flatten()).square().mean(2)


@wrong("noisy_line")
def noise_in_opposite_pairs(n, slope, bias, sigma, generator):
    """The second half of the noise is the first with the other sign: rows are not independent."""
    x = torch.rand(n, 1, generator=generator) * 2 - 1
    h = torch.randn((n + 1) // 2, 1, generator=generator)
    return x, slope * x + bias + sigma * torch.cat([h, -h])[:n]


@wrong("noisy_line")
def uniform_noise_of_right_spread(n, slope, bias, sigma, generator):
    """The noise is uniform, though its mean and standard deviation are right."""
    x = torch.rand(n, 1, generator=generator) * 2 - 1
    noise = (torch.rand(n, 1, generator=generator) - 0.5) * 12**0.5
    return x, slope * x + bias + sigma * noise


@wrong("noisy_line")
def noise_centred(n, slope, bias, sigma, generator):
    """The mean of the noise is taken away, so that a single row has none."""
    x = torch.rand(n, 1, generator=generator) * 2 - 1
    noise = torch.randn(n, 1, generator=generator)
    return x, slope * x + bias + sigma * (noise - noise.mean())


@wrong("noisy_line")
def noise_stronger_outside(n, slope, bias, sigma, generator):
    """The noise grows with the distance from 0."""
    x = torch.rand(n, 1, generator=generator) * 2 - 1
    noise = torch.randn(n, 1, generator=generator) * x.abs() * 3**0.5
    return x, slope * x + bias + sigma * noise


@wrong("noisy_line")
def noise_in_long_waves(n, slope, bias, sigma, generator):
    """Each draw of noise comes again 100 rows later."""
    x = torch.rand(n, 1, generator=generator) * 2 - 1
    noise = torch.randn(min(n, 100), 1, generator=generator).repeat(n // 100 + 1, 1)[:n]
    return x, slope * x + bias + sigma * noise


@wrong("noisy_line")
def noise_cut_at_two(n, slope, bias, sigma, generator):
    """Draws beyond two sigmas are cut off."""
    x = torch.rand(n, 1, generator=generator) * 2 - 1
    noise = torch.randn(n, 1, generator=generator).clamp(-2, 2)
    return x, slope * x + bias + sigma * noise


@wrong("noisy_line")
def x_from_the_global_generator(n, slope, bias, sigma, generator):
    """Only the noise comes from the generator, x from the global one."""
    x = torch.randn(n, 1)
    return x, slope * x + bias + sigma * torch.randn(n, 1, generator=generator)


@wrong("noisy_line")
def generator_rewound(n, slope, bias, sigma, generator):
    """The generator is set back to its seed, so each call gives the same noise."""
    generator.manual_seed(generator.initial_seed())
    x = torch.rand(n, 1, generator=generator)
    return x, slope * x + bias + sigma * torch.randn(n, 1, generator=generator)


@wrong("noisy_line")
def x_sorted_after_y(n, slope, bias, sigma, generator):
    """x is sorted when y has been computed, so the pairs are torn apart."""
    x = torch.rand(n, 1, generator=generator)
    y = slope * x + bias + sigma * torch.randn(n, 1, generator=generator)
    return x.sort(dim=0).values, y


@wrong("SlopeOnly", replaces="Line")
class LineCastsToFloat32(nn.Module):
    """x is rounded to float32 on its way in."""

    def __init__(self):
        """Register both parameters."""
        super().__init__()
        self.slope = nn.Parameter(torch.zeros(1))
        self.bias = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        """Predict."""
        return self.slope * x.float() + self.bias


@wrong("SlopeOnly", replaces="Line")
class LineFlatForOneRow(nn.Module):
    """squeeze loses the column where x has a single row."""

    def __init__(self):
        """Register both parameters."""
        super().__init__()
        self.slope = nn.Parameter(torch.zeros(1))
        self.bias = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        """Predict."""
        pred = self.slope * x.squeeze() + self.bias
        return pred if len(x) == 1 else pred.reshape(-1, 1)


@wrong("SlopeOnly", replaces="Line")
class LineStacksRows(nn.Module):
    """A loop over the rows cannot do without one."""

    def __init__(self):
        """Register both parameters."""
        super().__init__()
        self.slope = nn.Parameter(torch.zeros(1))
        self.bias = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        """Predict."""
        return torch.stack([self.slope * r + self.bias for r in x])


@wrong("SlopeOnly", replaces="Line")
class LineTakesItsBiasOut(nn.Module):
    """The bias enters as a number, so no gradient reaches it."""

    def __init__(self):
        """Register both parameters."""
        super().__init__()
        self.slope = nn.Parameter(torch.zeros(1))
        self.bias = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        """Predict."""
        return self.slope * x + self.bias.item()


@wrong("SlopeOnly", replaces="Line")
class LineSharesItsSlope(nn.Module):
    """All lines train the same module-level slope."""

    def __init__(self):
        """Register a parameter that exists only once."""
        super().__init__()
        self.slope = SHARED
        self.bias = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        """Predict."""
        return self.slope * x + self.bias


@wrong("SlopeOnly", replaces="Line")
class LineScalesItsInput(nn.Module):
    """x is multiplied in place."""

    def __init__(self):
        """Register both parameters."""
        super().__init__()
        self.slope = nn.Parameter(torch.zeros(1))
        self.bias = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        """Predict."""
        pred = self.slope * x + self.bias
        x *= self.slope.detach()
        return pred


@wrong("SlopeOnly")
class SlopeNeverNegative(nn.Module):
    """Only the size of the slope counts, not its sign."""

    def __init__(self):
        """Register the slope."""
        super().__init__()
        self.slope = nn.Parameter(torch.ones(1))

    def forward(self, x):
        """Predict."""
        return self.slope.abs() * x


@wrong("SlopeOnly")
class FrozenBias(nn.Module):
    """A second parameter is there, though it is frozen."""

    def __init__(self):
        """Register the slope, and a bias that stays."""
        super().__init__()
        self.slope = nn.Parameter(torch.ones(1))
        self.bias = nn.Parameter(torch.zeros(1), requires_grad=False)

    def forward(self, x):
        """Predict."""
        return self.slope * x + self.bias


@wrong("SlopeOnly")
class SlopeFlattened(nn.Module):
    """The predictions are a vector."""

    def __init__(self):
        """Register the slope."""
        super().__init__()
        self.slope = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        """Predict."""
        return x.flatten() * self.slope


@wrong("fit_slope")
def losses_in_a_module_level_list(x, y, w0, lr, epochs):
    """The list lives outside the function: the next call overwrites what this one returned."""
    w, losses = descend(x, y, torch.tensor(w0, dtype=x.dtype, device=x.device), lr, epochs)
    KEPT[:] = losses
    return w.item(), KEPT


@wrong("fit_slope")
def losses_of_all_calls(x, y, w0, lr, epochs, losses=[]):  # noqa: B006
    """The list is a mutable default, so a second call adds to it."""
    w, found = descend(x, y, torch.tensor(w0, dtype=x.dtype, device=x.device), lr, epochs)
    losses += found
    return w.item(), losses


@wrong("fit_slope")
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


@wrong("fit_slope")
def derivative_clipped(x, y, w0, lr, epochs):
    """The derivative is clipped at 1000."""
    w, losses = torch.tensor(w0, dtype=x.dtype, device=x.device), []
    for _ in range(epochs):
        e = w * x - y
        losses.append(e.square().mean().item())
        w = w - lr * (2 * (e * x).mean()).clamp(-1000, 1000)
    return w.item(), losses


@wrong("fit_slope")
def start_rounded_to_float32(x, y, w0, lr, epochs):
    """w0 becomes a float32 tensor before it gets the dtype of x."""
    w, losses = descend(x, y, torch.tensor(w0).to(x), lr, epochs)
    return w.item(), losses


@wrong("fit_slope")
def start_lost_without_epochs(x, y, w0, lr, epochs):
    """With 0 epochs the slope is 0, not w0."""
    w, losses = descend(x, y, w0 if epochs else 0.0, lr, epochs)
    return float(w), losses


@wrong("fit_slope")
def best_slope_so_far(x, y, w0, lr, epochs):
    """It returns the slope with the lowest loss, not the last one."""
    ws = [descend(x, y, w0, lr, t)[0] for t in range(epochs + 1)]
    best = min(ws, key=lambda w: mse(w * x, y).item())
    return float(best), descend(x, y, w0, lr, epochs)[1]


@wrong("fit_slope")
def rate_falls_late(x, y, w0, lr, epochs):
    """The rate falls by a twentieth after 20 epochs."""
    w, losses = descend(x, y, w0, lr, min(epochs, 20))
    w, more = descend(x, y, w, 0.95 * lr, max(epochs - 20, 0))
    return float(w), losses + more


@wrong("fit_slope")
def a_thousandth_too_far(x, y, w0, lr, epochs):
    """Each step is longer by a thousandth."""
    w, losses = descend(x, y, w0, 1.001 * lr, epochs)
    return float(w), losses


@wrong("fit_slope")
def only_the_first_64_rows(x, y, w0, lr, epochs):
    """Rows beyond a hard-coded batch are left out."""
    w, losses = descend(x[:64], y[:64], w0, lr, epochs)
    return float(w), losses


@wrong("fit_line")
def path_through_float32(x, y, lr, epochs, start=(0.0, 0.0)):
    """The numbers pass through a float32 tensor, though the dtype is right in the end."""
    w, b = (torch.tensor(s, dtype=x.dtype, device=x.device) for s in start)
    path = [(w, b)]
    for _ in range(epochs):
        e = w * x + b - y
        w, b = w - lr * 2 * (e * x).mean(), b - lr * 2 * e.mean()
        path.append((w, b))
    return torch.tensor([[float(w), float(b)] for w, b in path]).to(x.dtype)


@wrong("fit_line")
def first_row_through_float32(x, y, lr, epochs, start=(0.0, 0.0)):
    """The start is rounded to float32 before it is written into the path."""
    path = torch.empty(epochs + 1, 2, dtype=x.dtype, device=x.device)
    path[0] = torch.as_tensor(start)
    for t in range(epochs):
        w, b = path[t]
        e = w * x + b - y
        path[t + 1] = path[t] - lr * 2 * torch.stack([(e * x).mean(), e.mean()])
    return path


@wrong("fit_line")
def slower_after_twenty(x, y, lr, epochs, start=(0.0, 0.0)):
    """The rate falls after 20 epochs."""
    p = torch.tensor(start, dtype=x.dtype, device=x.device)
    path = [p]
    for t in range(epochs):
        e = p[0] * x + p[1] - y
        p = p - (lr if t < 20 else 0.95 * lr) * 2 * torch.stack([(e * x).mean(), e.mean()])
        path.append(p)
    return torch.stack(path)


@wrong("fit_line")
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


@wrong("fit_line")
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


@wrong("fit_line")
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


@wrong("fit_line")
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


@wrong("fit_line")
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


@wrong("fit_line")
def bias_without_factor_two(x, y, lr, epochs, start=(0.0, 0.0)):
    """The factor 2 is there for the slope and missing for the bias."""
    p = torch.tensor(start, dtype=x.dtype, device=x.device)
    path = [p]
    for _ in range(epochs):
        e = p[0] * x + p[1] - y
        p = p - lr * torch.stack([2 * (e * x).mean(), e.mean()])
        path.append(p)
    return torch.stack(path)


@wrong("cost_surface")
def turned_where_square(x, y, ws, bs):
    """The axes are exchanged where there are as many slopes as biases."""
    costs = grid_costs(x, y, ws, bs)
    return costs.T if len(ws) == len(bs) else costs


@wrong("cost_surface", named="loops")
def in_pieces_of_64_slopes(x, y, ws, bs):
    """A larger grid takes one operation more for every 64 slopes."""
    return torch.cat([grid_costs(x, y, w, bs) for w in ws.split(64)])


@wrong("cost_surface")
def axes_of_one_dropped(x, y, ws, bs):
    """squeeze drops the axis of a single slope or bias."""
    return grid_costs(x, y, ws, bs).squeeze()


@wrong("cost_surface")
def loops_over_lists(x, y, ws, bs):
    """Plain Python loops over the slopes and the biases."""
    rows = list(zip(x.flatten().tolist(), y.flatten().tolist(), strict=True))
    grid = [
        [sum((w * p + b - q) ** 2 for p, q in rows) / len(rows) for b in bs.tolist()]
        for w in ws.tolist()
    ]
    return torch.tensor(grid, dtype=x.dtype, device=x.device)


@wrong("cost_surface")
def loop_over_slopes_in_numpy(x, y, ws, bs):
    """One pass of a loop for each slope, in NumPy."""
    xn, yn, wn, bn = (t.numpy().ravel() for t in (x, y, ws, bs))
    return torch.tensor([((w * xn + bn[:, None] - yn) ** 2).mean(1).tolist() for w in wn]).to(x)


@wrong("cost_surface")
def costs_in_float32(x, y, ws, bs):
    """Everything is computed in float32."""
    return grid_costs(x.float(), y.float(), ws.float(), bs.float()).to(x.dtype)


@wrong("cost_surface", named="loops")
def loops_over_numpy_numbers(x, y, ws, bs):
    """Loops over the numbers of NumPy arrays, and asks torch for the biases again for each."""
    xn, yn = x.numpy()[:, 0], y.numpy()[:, 0]
    costs = [[(((w * xn + b - yn) ** 2).mean()).item() for b in bs.numpy()] for w in ws.numpy()]
    return torch.tensor(costs, dtype=x.dtype)


@wrong("cost_surface", named="loops")
def loop_over_biases_alone(x, y, ws, bs):
    """Broadcasts over the slopes but loops over the biases."""
    columns = [(ws[:, None] * x.flatten() + b - y.flatten()).square().mean(1) for b in bs]
    return torch.stack(columns, dim=1)


@wrong("cost_surface")
def kept_by_size_of_grid(x, y, ws, bs):
    """A grid of a size that was seen before gets the old costs."""
    return SURFACES.setdefault((len(ws), len(bs)), grid_costs(x, y, ws, bs))


@wrong("cost_surface")
def mixed_term_once(x, y, ws, bs):
    """The square is multiplied out, with the mixed term of slope and bias only once."""
    w, b = ws[:, None], bs[None]
    xy, xx, yy = (x * y).mean(), x.square().mean(), y.square().mean()
    return w * w * xx + w * b * x.mean() + b * b - 2 * w * xy - 2 * b * y.mean() + yy


@wrong("slice_minimum")
def a_little_ridge(x, y, *, slope=None, bias=None):
    """A small number in the denominator makes the slope too flat."""
    if slope is not None:
        return (y - slope * x).mean().item()
    return ((x * (y - bias)).sum() / (x.square().sum() + 1e-6)).item()


@wrong("slice_minimum")
def number_in_float32(x, y, *, slope=None, bias=None):
    """Everything is computed in float32."""
    x, y = x.float(), y.float()
    if slope is not None:
        return (y - slope * x).mean().item()
    return ((x * (y - bias)).sum() / x.square().sum()).item()


@wrong("slice_minimum")
def rounded_to_six_places(x, y, *, slope=None, bias=None):
    """The result is rounded."""
    if slope is not None:
        return round((y - slope * x).mean().item(), 6)
    return round(((x * (y - bias)).sum() / x.square().sum()).item(), 6)


@wrong("slice_minimum")
def bias_of_zero_taken_for_none(x, y, *, slope=None, bias=None):
    """A fixed bias of 0 is taken for a missing one."""
    if bias:
        return ((x * (y - bias)).sum() / x.square().sum()).item()
    return (y - (slope or 0.0) * x).mean().item()


@wrong("slice_minimum")
def rows_at_zero_left_out(x, y, *, slope=None, bias=None):
    """Rows with x = 0 are left out for the bias too."""
    keep = x != 0
    x, y = x[keep], y[keep]
    if slope is not None:
        return (y - slope * x).mean().item()
    return ((x * (y - bias)).sum() / x.square().sum()).item()


@wrong("slice_minimum", named="mean-of-ratios")
def mean_of_ratios_without_nan(x, y, *, slope=None, bias=None):
    """The slope is the mean of the ratios that are numbers."""
    if slope is not None:
        return (y - slope * x).mean().item()
    return ((y - bias) / x).nanmean().item()


@wrong("slice_minimum")
def median_of_the_rest(x, y, *, slope=None, bias=None):
    """The bias is a median, which is best for absolute errors."""
    if slope is not None:
        return (y - slope * x).median().item()
    return ((x * (y - bias)).sum() / x.square().sum()).item()


@wrong("slice_minimum")
def nearest_on_a_grid(x, y, *, slope=None, bias=None):
    """It searches a grid."""
    grid = torch.linspace(-10, 10, 2001, dtype=x.dtype, device=x.device)
    pred = slope * x + grid if bias is None else x * grid + bias
    return grid[(pred - y).square().mean(0).argmin()].item()


@wrong("slice_minimum")
def sum_of_ratios(x, y, *, slope=None, bias=None):
    """The slope divides the sums of y and x, as if they had one sign."""
    if slope is not None:
        return (y - slope * x).mean().item()
    return ((y - bias).sum() / x.sum()).item()


@wrong("descent_direction")
def length_a_millionth_short(x, y, w, b):
    """A small number is added to the length."""
    e = w * x + b - y
    d = -torch.stack([(e * x).mean(), e.mean()])
    return d / (d.norm() + 1e-6)


@wrong("descent_direction")
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


@wrong("descent_direction")
def floats_through_float32(x, y, w, b):
    """Floats become float32 tensors, which round them."""
    w, b = torch.as_tensor(w).reshape(()), torch.as_tensor(b).reshape(())
    e = w * x + b - y
    d = -torch.stack([(e * x).mean(), e.mean()])
    return d / d.norm()


@wrong("descent_direction")
def direction_in_float32(x, y, w, b):
    """The direction is computed in float32, though returned in the dtype of x."""
    e = w * x + b - y
    d = -torch.stack([(e * x).mean(), e.mean()]).float()
    return (d / d.norm()).to(x.dtype)


@wrong("descent_direction")
def angle_of_half_a_turn(x, y, w, b):
    """atan knows no more than half of the directions."""
    e = w * x + b - y
    angle = torch.atan(e.mean() / (e * x).mean())
    return -torch.stack([angle.cos(), angle.sin()])


@wrong("descent_direction")
def angle_wrong_for_one_row(x, y, w, b):
    """The half of the turn is put right, but not for a single row."""
    e = w * x + b - y
    gw, gb = (e * x).mean(), e.mean()
    t = torch.atan(gb / gw)
    return -torch.stack([t.cos(), t.sin()]) * (1 if gw >= 0 or len(x) == 1 else -1)


@wrong("descent_direction")
def signs_alone(x, y, w, b):
    """Each part is plus or minus the same number."""
    e = w * x + b - y
    return -torch.stack([(e * x).mean(), e.mean()]).sign() / 2**0.5


@wrong("descent_direction")
def largest_part_one(x, y, w, b):
    """The larger part is 1, and not the length."""
    e = w * x + b - y
    d = -torch.stack([(e * x).mean(), e.mean()])
    return d / d.abs().max()


@wrong("descent_direction")
def sum_beside_a_mean(x, y, w, b):
    """The part of the slope is summed, that of the bias averaged."""
    e = w * x + b - y
    d = -torch.stack([(e * x).sum(), e.mean()])
    return d / d.norm()


@wrong("SlopeOnly")
class SlopeOfTheFirstCall(nn.Module):
    """Keeps the slope of its first call for the predictions."""

    def __init__(self):
        """Make the slope."""
        super().__init__()
        self.slope = nn.Parameter(torch.ones(1))
        self.first = None

    def forward(self, x):
        """Predict."""
        if self.first is None:
            self.first = self.slope.detach().clone()
        return x * (self.first + self.slope - self.slope.detach())


@wrong("descent_direction")
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
