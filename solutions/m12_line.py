# %% [markdown]
# # m12 One line through noisy points
#
# The smallest linear regression there is: points that lie around y = 3x, and a model with one slope
# and one bias. Two numbers are few enough to look at everything: the path that training takes, the
# surface that the cost forms over all slopes and biases, and the way downhill from any point of it.

# %%
"""y = 3x + noise: slope only, slope and bias, and the surface of their cost."""

from __future__ import annotations

import torch
from m06_model import mse
from torch import Tensor, nn


# %%
def noisy_line(
    n: int, slope: float, bias: float, sigma: float, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Draw n points (x, y) around a line: y is slope times x, plus bias, plus Gaussian noise.

    x and y are columns, [n, 1] (n at least 1), of the same floating-point dtype, on the generator's
    device; row i of both is one measured pair. x may be spread as you like, from the generator or
    fixed, as long as its numbers are not all equal (where n is above 1). The noise is added to y
    alone: one independent normal draw per row, with mean 0 and standard deviation sigma, which is 0
    or more. With sigma 0 all points lie on the line.

    All draws come from the generator: the same seed gives the same points again, a second call with
    the same generator gives other noise. The global random generators stay untouched.
    """
    x = torch.rand(n, 1, generator=generator, device=generator.device) * 2 - 1
    noise = torch.randn(n, 1, generator=generator, device=generator.device)
    return x, slope * x + bias + sigma * noise


# %%
class SlopeOnly(nn.Module):
    """Write the two modules of a line: SlopeOnly predicts slope * x, Line slope * x + bias.

    SlopeOnly() and Line() are made without arguments. SlopeOnly has a single parameter, named
    `slope`; Line has two, named `slope` and `bias`. Each is trainable, has one element, in a shape
    of your choice, and starts from any number. Called with x [N, 1] (N may be 0) of the parameters'
    dtype and device, a module returns predictions [N, 1] that can be differentiated with respect to
    its parameters. x stays as it is.
    """

    def __init__(self) -> None:
        """Register the parameter `slope`."""
        super().__init__()
        self.slope = nn.Parameter(torch.zeros(1))

    def forward(self, x: Tensor) -> Tensor:
        """Return the predictions [N, 1] for x [N, 1]."""
        return self.slope * x


class Line(nn.Module):
    """A line with a slope and a bias; see SlopeOnly for the task."""

    def __init__(self) -> None:
        """Register the parameters `slope` and `bias`."""
        super().__init__()
        self.slope = nn.Parameter(torch.zeros(1))
        self.bias = nn.Parameter(torch.zeros(1))

    def forward(self, x: Tensor) -> Tensor:
        """Return the predictions [N, 1] for x [N, 1]."""
        return self.slope * x + self.bias


# %%
def fit_slope(x: Tensor, y: Tensor, w0: float, lr: float, epochs: int) -> tuple[float, list[float]]:
    """Fit the slope w of y = w x by gradient descent; return it with the losses on the way.

    x and y are [N, 1] (N at least 1), of the same dtype and device; neither is changed. There is no
    bias. w starts at w0; each epoch is one step on all rows, which moves w by -lr times the
    derivative of the mean squared error. w has the dtype of x throughout, float64 included.

    The result is a pair: w after the last step, a float, and a list with one float per epoch, the
    loss that the epoch starts from, before its step. Plotted, the list is the learning curve. With
    0 epochs the pair is (w0, []).
    """
    w = torch.tensor(w0, dtype=x.dtype, device=x.device, requires_grad=True)
    losses = []
    for _ in range(epochs):
        loss = mse(w * x, y)
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
            w.grad.zero_()
        losses.append(loss.item())
    return w.item(), losses


# %%
def fit_line(
    x: Tensor, y: Tensor, lr: float, epochs: int, start: tuple[float, float] = (0.0, 0.0)
) -> Tensor:
    """Fit y = w x + b by gradient descent and return the whole path of (w, b), [epochs + 1, 2].

    x and y are [N, 1] (N at least 1), of the same dtype and device; neither is changed. Row 0 of
    the path is `start`, row t is (w, b) after t steps; with 0 epochs there is only row 0. Each step
    uses all rows and moves w and b at once: both by -lr times their derivatives of the mean squared
    error at the point where the step begins.

    The path has the dtype and device of x and does not require a gradient.
    """
    params = torch.tensor(start, dtype=x.dtype, device=x.device, requires_grad=True)
    path = [params.detach().clone()]
    for _ in range(epochs):
        w, b = params
        mse(w * x + b, y).backward()
        with torch.no_grad():
            params -= lr * params.grad
            params.grad.zero_()
        path.append(params.detach().clone())
    return torch.stack(path)


# %%
def cost_surface(x: Tensor, y: Tensor, ws: Tensor, bs: Tensor) -> Tensor:
    """Return the mean squared error of the line w x + b for every pair of a slope and a bias.

    x and y are [N, 1], ws is [K] and bs is [M], with N, K and M at least 1, all of the same dtype
    and device, which the result [K, M] shares: its row k, column m belongs to slope ws[k] and bias
    bs[m]. No input is changed.

    Do it without loops over the slopes or the biases: a larger grid must not take more torch
    operations, only larger ones.
    """
    pred = ws[:, None, None] * x.flatten() + bs[:, None]
    return (pred - y.flatten()).square().mean(dim=2)


# %%
def slice_minimum(
    x: Tensor, y: Tensor, *, slope: float | None = None, bias: float | None = None
) -> float:
    """Return the best bias for a fixed slope, or the best slope for a fixed bias, as a float.

    x and y are [N, 1] (N at least 1), of the same dtype and device; neither is changed. Exactly one
    of slope and bias is given, a float that may be 0: it stays as it is, wherever the best line
    lies. Find the value of the other one for which the mean squared error of the line slope * x +
    bias is smallest, exactly: not by steps or a grid. Some number of x is not 0.
    """
    if slope is not None:
        return (y - slope * x).mean().item()
    return ((x * (y - bias)).sum() / x.square().sum()).item()


# %%
def descent_direction(x: Tensor, y: Tensor, w: float | Tensor, b: float | Tensor) -> Tensor:
    """Return the direction in which the cost of the line w x + b falls most steeply.

    The cost is the mean squared error over the rows of x and y, which are [N, 1] (N at least 1), of
    the same dtype and device. w and b are floats, or tensors of that dtype and device with one
    element in any shape ([], [1], [1, 1]). No input is changed. The result is [2], first the part
    along w, then the part along b; it has length 1 and the dtype and device of x. (w, b) is never
    the minimum itself, where no direction leads down.
    """
    error = w * x + b - y
    downhill = -torch.stack([(error * x).mean(), error.mean()])
    return downhill / downhill.square().sum().sqrt()
