"""Mistakes of m12: a line through noisy points."""

from __future__ import annotations

from typing import Any

import torch
from m06_model import mse
from m12_line import cost_surface, descent_direction, fit_line, fit_slope, slice_minimum
from torch import Tensor, nn

from autograder.mistakes import mistake

Points = tuple[Tensor, Tensor]
Pair = tuple[float, float]


@mistake("noisy_line", "flat")
def flat(n: int, slope: float, bias: float, sigma: float, generator: torch.Generator) -> Points:
    """Your x and y are vectors, [n], and not columns, [n, 1]. Take a model's predictions [n, 1]
    minus such a y: the result is a table of n by n differences, without any warning. Look at the
    sizes that you draw."""
    x = torch.rand(n, generator=generator, device=generator.device)
    noise = torch.randn(n, generator=generator, device=generator.device)
    return x, slope * x + bias + sigma * noise


@mistake("noisy_line", "flat-noise")
def flat_noise(
    n: int, slope: float, bias: float, sigma: float, generator: torch.Generator
) -> Points:
    """Your x is a column, [n, 1], but your noise a vector, [n]. Their sum broadcasts to a table of
    n by n numbers, in which every x meets every noise. One draw belongs to one row: look at the
    size of the noise."""
    x = torch.rand(n, 1, generator=generator, device=generator.device)
    noise = torch.randn(n, generator=generator, device=generator.device)
    return x, slope * x + bias + sigma * noise


@mistake("noisy_line", "uniform-noise")
def uniform_noise(
    n: int, slope: float, bias: float, sigma: float, generator: torch.Generator
) -> Points:
    """Your noise is uniform between 0 and sigma: its mean is half of sigma, so all your points are
    shifted upwards, and its spread is too small. Gaussian noise has mean 0. Look at the last letter
    of the function that draws it."""
    x = torch.rand(n, 1, generator=generator, device=generator.device)
    noise = torch.rand(n, 1, generator=generator, device=generator.device)
    return x, slope * x + bias + sigma * noise


@mistake("noisy_line", "sigma-squared")
def sigma_squared(
    n: int, slope: float, bias: float, sigma: float, generator: torch.Generator
) -> Points:
    """You scaled the noise by the variance, sigma squared. A draw of standard deviation 1 becomes
    one of standard deviation sigma by a factor of sigma itself; with yours the noise is too strong
    above 1 and too weak below. Look at the factor of the noise."""
    x = torch.rand(n, 1, generator=generator, device=generator.device)
    noise = torch.randn(n, 1, generator=generator, device=generator.device)
    return x, slope * x + bias + sigma**2 * noise


@mistake("noisy_line", "noise-before-slope")
def noise_before_slope(
    n: int, slope: float, bias: float, sigma: float, generator: torch.Generator
) -> Points:
    """You disturbed x before you computed y from it, so your noise is multiplied by the slope: y is
    off by slope times sigma. Only the measured y is noisy. Look at what stands in the brackets with
    the noise."""
    x = torch.rand(n, 1, generator=generator, device=generator.device)
    noise = torch.randn(n, 1, generator=generator, device=generator.device)
    return x, slope * (x + sigma * noise) + bias


@mistake("noisy_line", "noise-on-x")
def noise_on_x(
    n: int, slope: float, bias: float, sigma: float, generator: torch.Generator
) -> Points:
    """You returned an x with noise and a y without. Seen from the line, y is then off by slope
    times sigma, and the errors go along with x, which makes any fitted slope too flat. Look at
    which of the two gets the noise."""
    x = torch.rand(n, 1, generator=generator, device=generator.device)
    noise = torch.randn(n, 1, generator=generator, device=generator.device)
    return x + sigma * noise, slope * x + bias


@mistake("noisy_line", "generator-ignored")
def generator_ignored(
    n: int, slope: float, bias: float, sigma: float, generator: torch.Generator
) -> Points:
    """You take a generator and never use it: the numbers come from torch's global one, so the
    caller's seed repeats nothing and the global state moves. Look at whether each of your draws is
    told which generator to use."""
    x = torch.rand(n, 1, device=generator.device)
    return x, slope * x + bias + sigma * torch.randn(n, 1, device=generator.device)


@mistake("noisy_line", "one-noise-for-all")
def one_noise_for_all(
    n: int, slope: float, bias: float, sigma: float, generator: torch.Generator
) -> Points:
    """You drew a single number of noise and added it to every row: the points still lie on a line,
    only shifted. Each measurement has an error of its own. Look at how many numbers you draw."""
    x = torch.rand(n, 1, generator=generator, device=generator.device)
    noise = torch.randn(1, generator=generator, device=generator.device)
    return x, slope * x + bias + sigma * noise


@mistake("SlopeOnly", "plain-tensor")
class PlainTensor(nn.Module):
    """Your SlopeOnly has no parameters: its slope is a plain tensor or number. A module registers
    only nn.Parameter objects, so an optimizer finds nothing to train here, even where the tensor
    requires a gradient. Look at what you assign to self.slope."""

    def __init__(self) -> None:
        super().__init__()
        self.slope = torch.zeros(1, requires_grad=True)

    def forward(self, x: Tensor) -> Tensor:
        """Predict."""
        return self.slope * x


@mistake("SlopeOnly", "plain-tensors-in-line", replaces="Line")
class PlainTensorsInLine(nn.Module):
    """Your SlopeOnly registers its parameter, your Line registers none: its slope and bias are
    plain tensors or numbers, which no optimizer finds and state_dict leaves out. Look at what you
    assign in Line's __init__."""

    def __init__(self) -> None:
        super().__init__()
        self.slope, self.bias = torch.zeros(1), torch.zeros(1)

    def forward(self, x: Tensor) -> Tensor:
        """Predict."""
        return self.slope * x + self.bias


@mistake("SlopeOnly", "plain-bias-in-line", replaces="Line")
class PlainBiasInLine(nn.Module):
    """Only the slope of your Line is a parameter; its bias is a plain tensor or number and will
    never be trained, so all your lines pass through the same point on the y axis. Look at what you
    assign to self.bias."""

    def __init__(self) -> None:
        super().__init__()
        self.slope, self.bias = nn.Parameter(torch.zeros(1)), 0.0

    def forward(self, x: Tensor) -> Tensor:
        """Predict."""
        return self.slope * x + self.bias


@mistake("SlopeOnly", "bias-in-slope-only")
class BiasInSlopeOnly(nn.Module):
    """Your SlopeOnly has a bias too, so it is a Line under another name. What it is to show is the
    line that must pass through 0 at x = 0, and how badly that fits data lying elsewhere. Look at
    the parameters you register."""

    def __init__(self) -> None:
        super().__init__()
        self.slope, self.bias = nn.Parameter(torch.zeros(1)), nn.Parameter(torch.zeros(1))

    def forward(self, x: Tensor) -> Tensor:
        """Predict."""
        return self.slope * x + self.bias


@mistake("SlopeOnly", "no-super-init")
class NoSuperInit(nn.Module):
    """You assign a parameter before nn.Module has been set up: the parent's __init__ makes the
    tables in which parameters are registered, and one of your two classes never runs it, or too
    late. Look at the first line of each __init__."""

    def __init__(self) -> None:
        self.slope = nn.Parameter(torch.zeros(1))

    def forward(self, x: Tensor) -> Tensor:
        """Predict."""
        return self.slope * x


@mistake("SlopeOnly", "inner-linear")
class InnerLinear(nn.Module):
    """Your SlopeOnly keeps its number in another module, such as nn.Linear: it predicts well, but
    the parameter carries that module's name. The task is to register one parameter of your own,
    called slope. Look at what your __init__ makes."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(1, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """Predict."""
        return torch.as_tensor(self.linear(x))


@mistake("SlopeOnly", "inner-linear-in-line", replaces="Line")
class InnerLinearInLine(nn.Module):
    """Your Line keeps its numbers in another module, such as nn.Linear or SlopeOnly, so they are
    named after that one. The task is to register two parameters of your own, called slope and bias.
    Look at what Line's __init__ makes."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(1, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Predict."""
        return torch.as_tensor(self.linear(x))


@mistake("fit_slope", "never-zeroed")
def never_zeroed(
    x: Tensor, y: Tensor, w0: float, lr: float, epochs: int
) -> tuple[float, list[float]]:
    """You never clear the gradient. backward() adds to what w.grad holds, so each step goes by the
    sum of all derivatives so far: w shoots past the minimum and swings to and fro. Look at what is
    left in w.grad after a step."""
    w = torch.tensor(w0, dtype=x.dtype, device=x.device, requires_grad=True)
    losses = []
    for _ in range(epochs):
        loss = mse(w * x, y)
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
        losses.append(loss.item())
    return w.item(), losses


@mistake("fit_slope", "centred")
def centred(x: Tensor, y: Tensor, w0: float, lr: float, epochs: int) -> tuple[float, list[float]]:
    """You fitted deviations from the means, so your slope goes for covariance over variance. That
    is the best slope beside a free bias; this line has none and must pass through 0, and where the
    mean of x is not 0 its best slope is another one. Use x and y as they are."""
    return fit_slope(x - x.mean(), y - y.mean(), w0, lr, epochs)


@mistake("fit_slope", "losses-after-the-step")
def losses_after_the_step(
    x: Tensor, y: Tensor, w0: float, lr: float, epochs: int
) -> tuple[float, list[float]]:
    """You noted each loss after the step of its epoch: your list is right but shifted by one, and
    the loss of the start, from which the curve should fall, is missing. Look at when the loss is
    taken."""
    w, losses = fit_slope(x, y, w0, lr, epochs)
    return w, [*losses[1:], mse(w * x, y).item()] if losses else []


@mistake("fit_slope", "one-loss-too-many")
def one_loss_too_many(
    x: Tensor, y: Tensor, w0: float, lr: float, epochs: int
) -> tuple[float, list[float]]:
    """You added the loss after the last step, so your list has epochs + 1 entries. That is the
    right habit elsewhere; here each epoch gives one loss, taken before its step. Look at what is
    appended outside the loop."""
    w, losses = fit_slope(x, y, w0, lr, epochs)
    return w, [*losses, mse(w * x, y).item()]


@mistake("fit_slope", "losses-as-tensors")
def losses_as_tensors(x: Tensor, y: Tensor, w0: float, lr: float, epochs: int) -> tuple[float, Any]:
    """You collected tensors instead of floats. Each loss still holds its graph, so memory grows
    with every epoch, and a plot cannot use them as they are. Take the number out before you append
    it."""
    w, losses = fit_slope(x, y, w0, lr, epochs)
    return w, list(torch.tensor(losses, dtype=x.dtype, device=x.device))


@mistake("fit_slope", "factor-two-lost")
def factor_two_lost(
    x: Tensor, y: Tensor, w0: float, lr: float, epochs: int
) -> tuple[float, list[float]]:
    """Your steps are half as long as they should be: the derivative of a squared error has a factor
    2, which is lost in yours. The minimum stays where it is, but the path to it is another one.
    Look at the derivative."""
    return fit_slope(x, y, w0, lr / 2, epochs)


@mistake("fit_slope", "float32-slope")
def float32_slope(
    x: Tensor, y: Tensor, w0: float, lr: float, epochs: int
) -> tuple[float, list[float]]:
    """Your w is a float32 tensor although x is float64: every step rounds it to about seven digits,
    and nothing warns you, because a single number does not change the dtype of a product. Look at
    how you make w."""
    w = torch.tensor(w0, device=x.device, requires_grad=True)
    losses = []
    for _ in range(epochs):
        loss = mse(w * x, y)
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
            w.grad.zero_()
        losses.append(loss.item())
    return w.item(), losses


@mistake("fit_line", "one-after-the-other")
def one_after_the_other(
    x: Tensor, y: Tensor, lr: float, epochs: int, start: Pair = (0.0, 0.0)
) -> Tensor:
    """You moved w first and took the derivative for b at the new w. A step of gradient descent
    moves along one gradient, whose two parts belong to one point. Look at where the errors are
    computed that b's part uses."""
    w, b = torch.tensor(start, dtype=x.dtype, device=x.device)
    path = [torch.stack([w, b])]
    for _ in range(epochs):
        w = w - lr * 2 * ((w * x + b - y) * x).mean()
        b = b - lr * 2 * (w * x + b - y).mean()
        path.append(torch.stack([w, b]))
    return torch.stack(path)


@mistake("fit_line", "rows-alias")
def rows_alias(x: Tensor, y: Tensor, lr: float, epochs: int, start: Pair = (0.0, 0.0)) -> Tensor:
    """All rows of your path show the last point. You noted the same tensor each time, and a step in
    place changes it in every row at once; detach and data share its memory too. Look at what you
    append, and whether it is a copy."""
    path = fit_line(x, y, lr, epochs, start)
    return path[-1:].expand_as(path).clone()


@mistake("fit_line", "path-requires-grad")
def path_requires_grad(
    x: Tensor, y: Tensor, lr: float, epochs: int, start: Pair = (0.0, 0.0)
) -> Tensor:
    """Your numbers are right, but the path still hangs on the graph and requires a gradient: it
    cannot be turned into a NumPy array to be plotted, and keeps memory alive. A record of numbers
    needs no history. Look at what you copy."""
    return fit_line(x, y, lr, epochs, start).requires_grad_()


@mistake("fit_line", "start-missing")
def start_missing(x: Tensor, y: Tensor, lr: float, epochs: int, start: Pair = (0.0, 0.0)) -> Tensor:
    """Your path begins after the first step: the start is missing, and there are epochs rows
    instead of epochs + 1. Note where you are before you walk. Look at what happens before the
    loop."""
    return fit_line(x, y, lr, epochs, start)[1:]


@mistake("fit_line", "end-missing")
def end_missing(x: Tensor, y: Tensor, lr: float, epochs: int, start: Pair = (0.0, 0.0)) -> Tensor:
    """You noted the point at the beginning of each epoch, so the place where the last step arrives
    is missing: epochs rows instead of epochs + 1. Look at what happens after the loop."""
    return fit_line(x, y, lr, epochs, start)[:-1]


@mistake("fit_line", "bias-first")
def bias_first(x: Tensor, y: Tensor, lr: float, epochs: int, start: Pair = (0.0, 0.0)) -> Tensor:
    """The columns of your path are exchanged: each row should hold the slope first and the bias
    second, like start. Look at the order in which you put the two numbers together."""
    return fit_line(x, y, lr, epochs, start).flip(1)


@mistake("fit_line", "never-zeroed")
def line_never_zeroed(
    x: Tensor, y: Tensor, lr: float, epochs: int, start: Pair = (0.0, 0.0)
) -> Tensor:
    """You never clear the gradients. The first step is right; from the second on, each goes by the
    sum of all gradients so far, since backward() adds to them, and the path overshoots. Look at
    what is left in .grad after a step."""
    params = torch.tensor(start, dtype=x.dtype, device=x.device, requires_grad=True)
    path = [params.detach().clone()]
    for _ in range(epochs):
        mse(params[0] * x + params[1], y).backward()
        with torch.no_grad():
            params -= lr * params.grad
        path.append(params.detach().clone())
    return torch.stack(path)


@mistake("fit_line", "default-dtype")
def default_dtype(x: Tensor, y: Tensor, lr: float, epochs: int, start: Pair = (0.0, 0.0)) -> Tensor:
    """Your path is float32 although x is float64: a tensor made from Python numbers has torch's
    default dtype, and your digits beyond the seventh are lost. Look at how the tensors are made
    that hold w and b."""
    return fit_line(x, y, lr, epochs, start).float()


@mistake("cost_surface", "slopes-along-columns")
def slopes_along_columns(x: Tensor, y: Tensor, ws: Tensor, bs: Tensor) -> Tensor:
    """Your surface lies on its side, [M, K]. Row k should belong to slope ws[k] and column m to
    bias bs[m]. Where both have the same length nothing looks wrong, and the plot's axes are
    exchanged. Look at which of the two comes first."""
    return cost_surface(x, y, ws, bs).T


@mistake("cost_surface", "loops")
def loops(x: Tensor, y: Tensor, ws: Tensor, bs: Tensor) -> Tensor:
    """Your numbers are right, but you loop over the slopes or the biases: every further one costs
    more calls of torch, thousands for a surface worth plotting. Let broadcasting do it: give slopes
    and biases axes of their own."""
    return torch.stack([torch.stack([mse(w * x + b, y) for b in bs]) for w in ws])


@mistake("cost_surface", "sum-for-mean")
def sum_for_mean(x: Tensor, y: Tensor, ws: Tensor, bs: Tensor) -> Tensor:
    """You summed the squared errors over the points and did not divide. Your surface is N times too
    high; the minimum stays where it is, but with twice the data all costs would double. Look at the
    last operation."""
    return cost_surface(x, y, ws, bs) * len(x)


@mistake("cost_surface", "every-target")
def every_target(x: Tensor, y: Tensor, ws: Tensor, bs: Tensor) -> Tensor:
    """You compared every prediction with every target. Predictions whose last axis counts the
    points, minus y as a column [N, 1], broadcast to N by N differences, and the mean hides it. Look
    at the shapes that meet in the subtraction."""
    pred = ws[:, None, None] * x.flatten() + bs[:, None]
    return (pred[:, :, None] - y).square().mean(dim=(2, 3))


@mistake("cost_surface", "flat-grid")
def flat_grid(x: Tensor, y: Tensor, ws: Tensor, bs: Tensor) -> Tensor:
    """Your costs stand in one long row, [K * M]. The numbers are right, but a surface has an axis
    for the slopes and one for the biases. Look at the shape of what you return."""
    return cost_surface(x, y, ws, bs).flatten()


@mistake("slice_minimum", "global-optimum")
def global_optimum(
    x: Tensor, y: Tensor, *, slope: float | None = None, bias: float | None = None
) -> float:
    """You returned the number of the best line overall. The other parameter is fixed somewhere
    else, and on that cut through the surface the lowest point lies elsewhere too: a wrong slope has
    a best bias of its own. Look at where you use the fixed number."""
    dx, dy = x - x.mean(), y - y.mean()
    best = (dx * dy).sum() / (dx * dx).sum()
    return (best if slope is None else y.mean() - best * x.mean()).item()


@mistake("slice_minimum", "covariance-over-variance")
def covariance_over_variance(
    x: Tensor, y: Tensor, *, slope: float | None = None, bias: float | None = None
) -> float:
    """Your bias for a fixed slope is right, but for a fixed bias you returned covariance over
    variance. That is the slope of the best line overall, whose bias is another one: the fixed bias
    never enters. Set the derivative for the slope alone to zero."""
    if slope is None:
        return global_optimum(x, y, bias=bias)
    return slice_minimum(x, y, slope=slope)


@mistake("slice_minimum", "mean-x-ignored")
def mean_x_ignored(
    x: Tensor, y: Tensor, *, slope: float | None = None, bias: float | None = None
) -> float:
    """For a fixed slope you returned the mean of y. That is the best height of a flat line only, or
    where x has mean 0: a slope lifts the predictions by itself, by slope times the mean of x. Look
    at what is left of y for the bias."""
    return slice_minimum(x, y, bias=bias) if slope is None else y.mean().item()


@mistake("slice_minimum", "sign")
def sign(x: Tensor, y: Tensor, *, slope: float | None = None, bias: float | None = None) -> float:
    """You added the fixed part to y where it has to be taken away: the other parameter explains
    what the fixed one leaves over. Look at the sign before slope times x, and before the bias."""
    if slope is not None:
        return (y + slope * x).mean().item()
    return ((x * (y + bias)).sum() / x.square().sum()).item()


@mistake("slice_minimum", "errors-turned-round")
def errors_turned_round(
    x: Tensor, y: Tensor, *, slope: float | None = None, bias: float | None = None
) -> float:
    """Your number has the wrong sign. You took the fixed part minus y; what the other parameter has
    to add is y minus the fixed part. Look at the order of your subtraction."""
    return -slice_minimum(x, y, slope=slope, bias=bias)


@mistake("slice_minimum", "fixed-bias-ignored")
def fixed_bias_ignored(
    x: Tensor, y: Tensor, *, slope: float | None = None, bias: float | None = None
) -> float:
    """For a fixed bias you returned the best slope of a line through 0, whatever the bias is. A
    line that starts higher has to rise less. Look at where the bias enters your formula for the
    slope."""
    if slope is None:
        bias = 0.0
    return slice_minimum(x, y, slope=slope, bias=bias)


@mistake("slice_minimum", "mean-of-ratios")
def mean_of_ratios(
    x: Tensor, y: Tensor, *, slope: float | None = None, bias: float | None = None
) -> float:
    """For a fixed bias you averaged the slopes that each point would want by itself. Points near
    x = 0 then decide nearly everything, though they say least about the slope. Set the derivative
    of the cost to zero instead."""
    if slope is not None:
        return slice_minimum(x, y, slope=slope)
    return ((y - bias) / x).mean().item()


@mistake("slice_minimum", "zero-taken-for-none")
def zero_taken_for_none(
    x: Tensor, y: Tensor, *, slope: float | None = None, bias: float | None = None
) -> float:
    """You asked `if slope`, and a slope of 0 counts as false like None: a flat line is a fixed
    slope too, but your code goes on as if the bias were given. Compare with None itself. Look at
    your condition."""
    if slope:
        return (y - slope * x).mean().item()
    return ((x * (y - bias)).sum() / x.square().sum()).item()


@mistake("slice_minimum", "tensor-returned")
def tensor_returned(
    x: Tensor, y: Tensor, *, slope: float | None = None, bias: float | None = None
) -> Tensor:
    """You returned a tensor; the task asks for a plain float. It looks alike when printed, yet it
    carries a dtype, a device and perhaps a graph. Take the number out at the end."""
    return x.new_tensor(slice_minimum(x, y, slope=slope, bias=bias))


@mistake("descent_direction", "uphill")
def uphill(x: Tensor, y: Tensor, w: float | Tensor, b: float | Tensor) -> Tensor:
    """You returned the direction of the gradient itself. It points uphill, where the cost rises
    most steeply: of all directions the worst one to step in. Look at what the minus in every update
    rule is for."""
    return -descent_direction(x, y, w, b)


@mistake("descent_direction", "towards-the-minimum")
def towards_the_minimum(x: Tensor, y: Tensor, w: float | Tensor, b: float | Tensor) -> Tensor:
    """You point straight at the best line. Steepest descent knows only the slope of the surface
    where it stands, at a right angle to the contour; in a long valley that is not the way to the
    minimum. Look at the gradient at (w, b)."""
    dx, dy = x - x.mean(), y - y.mean()
    best = (dx * dy).sum() / (dx * dx).sum()
    way = torch.stack([best - w, y.mean() - best * x.mean() - b], dim=-1).flatten()
    return way / way.square().sum().sqrt()


@mistake("descent_direction", "not-normalised")
def not_normalised(x: Tensor, y: Tensor, w: float | Tensor, b: float | Tensor) -> Tensor:
    """Your vector points the right way, but its length is that of the gradient. A direction has
    length 1: how steep it is there is another question. Look at what is left to do with the
    negative gradient."""
    error = w * x + b - y
    return -2 * torch.stack([(error * x).mean(), error.mean()])


@mistake("descent_direction", "absolute-sum")
def absolute_sum(x: Tensor, y: Tensor, w: float | Tensor, b: float | Tensor) -> Tensor:
    """You divided by the sum of the absolute parts. The length of a vector is the root of its
    summed squares; with yours the result is shorter than 1 unless it runs along an axis. Look at
    the number you divide by."""
    down = descent_direction(x, y, w, b)
    return down / down.abs().sum()


@mistake("descent_direction", "bias-first")
def direction_bias_first(x: Tensor, y: Tensor, w: float | Tensor, b: float | Tensor) -> Tensor:
    """The two parts of your direction are exchanged: the part along w comes first, the part along b
    second. Look at the order in which you put the derivatives together, and which of them has the
    factor x."""
    return descent_direction(x, y, w, b).flip(0)


@mistake("descent_direction", "column")
def column(x: Tensor, y: Tensor, w: float | Tensor, b: float | Tensor) -> Tensor:
    """Your direction is right, but it is a column, [2, 1]. The task asks for a vector, [2]. A part
    of it has kept the shape of a one-element tensor or of a matrix product: look at the shapes that
    you put together."""
    return descent_direction(x, y, w, b)[:, None]


@mistake("descent_direction", "default-dtype")
def direction_default_dtype(x: Tensor, y: Tensor, w: float | Tensor, b: float | Tensor) -> Tensor:
    """Your result is float32 although x is float64: a tensor made from Python numbers has torch's
    default dtype. Look at how you put the two numbers into a tensor."""
    return descent_direction(x, y, w, b).float()
