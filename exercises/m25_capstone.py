# %% [markdown]
# # m25 Capstone
#
# Five tasks put the course together. A tutorial is replayed from what it printed, a model learns
# from a stream that is read once, a black box is judged by its answers alone, a shot is aimed by
# the gradient of a simulation, and a plain array gets the gradient that it lacks. N is the number
# of rows, F of features.

# %%
"""The course put together: replay, stream, judge a black box, aim, differentiate for arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

# %%
X = torch.tensor(  # temperature, rainfall and humidity of 15 rows; the first five trained a model
    [
        *([73, 67, 43], [91, 88, 64], [87, 134, 58], [102, 43, 37], [69, 96, 70]),
        *([74, 66, 43], [91, 87, 65], [88, 134, 59], [101, 44, 37], [68, 96, 71]),
        *([73, 66, 44], [92, 87, 64], [87, 135, 57], [103, 43, 36], [68, 97, 70]),
    ],
    dtype=torch.float64,
)
Y = torch.tensor(  # apples and oranges of the first five rows
    [[56, 70], [81, 101], [119, 133], [22, 37], [103, 119]], dtype=torch.float64
)
FIRST = torch.tensor(  # what a model with random weights predicted for them
    [
        *([-43.9569, -21.1025], [-55.7975, -28.1628], [-70.6863, 11.5154]),
        *([-44.2982, -54.6685], [-51.9732, -10.9839]),
    ],
    dtype=torch.float64,
)
LAST = torch.tensor(  # what another model predicted for all 15 rows, after its training
    [
        *([58.4229, 72.0145], [82.1525, 95.1376], [115.8955, 142.6296]),
        *([28.6805, 46.0115], [97.5243, 104.3522], [57.3792, 70.9543]),
        *([81.9342, 94.1737], [116.2036, 142.6871], [29.7242, 47.0717]),
        *([98.3498, 104.4486], [58.2047, 71.0507], [81.1088, 94.0774]),
        *([116.1137, 143.5935], [27.8550, 45.9152], [98.5680, 105.4124]),
    ],
    dtype=torch.float64,
)
NEW = torch.tensor([75, 63, 44], dtype=torch.float64)  # the row that it was asked to forecast


# %%
def replay_tutorial(
    x: Tensor = X,
    y: Tensor = Y,
    first: Tensor = FIRST,
    last: Tensor = LAST,
    new: Tensor = NEW,
    lr: float = 1e-5,
    updates: int = 102,
) -> dict[str, float]:
    """Run a tutorial again whose random start was never seeded, from the predictions it printed.

    x is [M, F], y [N, 2] (apples, oranges), first [N, 2], last [M, 2] and new [F], all float64 and
    on one device; none of them is changed. N is at least F + 1 and at most M. The defaults are the
    tutorial's own numbers. Two linear models, each with a weight for every feature and target and a
    bias for every target, are known only by their predictions, rounded to four decimals: `first` is
    what one of them predicted for the first N rows of x before its training, `last` what the other
    one predicted for all M rows after its own. Recover the parameters of each by least squares over
    all rows that it predicted; the weights and biases that fit best are unique.

    Then train the first model, from its recovered start, on the first N rows of x and y: `updates`
    steps, at least 2, of gradient descent with learning rate lr on the loss, the mean of all N * 2
    squared errors. Each step moves weights and biases together.

    The result has these keys; all values are floats of Python:

    - "loss at start", "loss after 1 update", "loss after 2 updates", "loss at end": the loss of the
      first model with the parameters that it has then; the end is after all updates;
    - "bias change of apples", "bias change of oranges": its bias at the end, minus the bias that it
      started with;
    - "forecast of apples", "forecast of oranges": what the other model predicts for the row new.
    """
    raise NotImplementedError


# %%
class StreamingRegressor:
    """Write a linear regression that learns from a stream of batches, none of which it keeps.

    `StreamingRegressor(n_in, n_out, lr, device)` has a weight for every feature and target and a
    bias for every target, all 0 at first, of torch's default dtype and on `device`, a torch.device
    or its name. lr is the learning rate. What else an object has, and whether the class inherits
    from nn.Module, is free; several objects learn apart from each other.
    """

    def __init__(self, n_in: int, n_out: int, lr: float, device: torch.device | str) -> None:
        """Make the parameters."""
        raise NotImplementedError

    def partial_fit(self, batches: Iterable[tuple[Tensor, Tensor]]) -> None:
        """Take one step of gradient descent for each batch, in their order.

        batches is any iterable of pairs (x [N, n_in], y [N, n_out]), of the dtype of the
        parameters and without gradients; it may be a generator, which can be read only once, and
        it may be empty. N is at least 1 and may differ from batch to batch. The loss of a batch is
        the mean of its squared errors, over all N * n_out elements. A further call goes on from
        where the last one ended.

        The stream may be far larger than the memory: whenever the next batch is read, no more than
        one of those before it may still be kept. Batches may lie on the CPU or on the device; a
        batch that lies elsewhere is moved when its turn comes. They are not changed.

        Gradients that backward passes of the caller, through predict, have left in the parameters
        do not count.
        """
        raise NotImplementedError

    def predict(self, x: Tensor) -> Tensor:
        """Return the predictions [N, n_out] for x [N, n_in], which lies on the device.

        x may be what another module has computed, such as features, and require its gradient: the
        gradient of whatever is made of the predictions then reaches it. x is not changed, and no
        parameter is.
        """
        raise NotImplementedError


# %%
def is_linear_regression(
    f: Callable[[Tensor], Tensor], dim: int, device: torch.device | str
) -> bool:
    """Say whether a black box can be a linear regression: one weight for each feature, and a bias.

    f takes x [N, dim], float64 and on `device`, a torch.device or its name, and returns one number
    for each row, [N], also float64 and there. N is what you like from 1 to 100,000, and f may be
    asked any number of times. It treats each row by itself, gives the same answer every time,
    leaves x as it is, and is defined for all finite numbers. It may be cut off from autograd. dim
    is from 1 to 10. Return True if f(x) is x @ w + b for some w [dim] and b, both maybe 0, else
    False: a bool of Python.

    What f returns has rounding errors: a linear regression is exact only to 1e-9 times the largest
    of the numbers that it has returned, or to 1e-9 where all are smaller than 1. Where f is no
    linear regression, you can see it: for at least nine in ten pairs of rows p and q, all of whose
    numbers are drawn from the standard normal distribution, f at the point halfway between p and q
    differs by more than 1e-3 from the mean of f(p) and f(q). Numbers that f returns for such rows
    are between -10,000 and 10,000.

    How you choose the points is free; you may draw them at random.
    """
    raise NotImplementedError


# %%
def landing(angle: Tensor, speed: float, g: float = 9.81) -> Tensor:
    """Simulate a shot over flat ground and return where it lands; aim is written beside it.

    angle, 0-dim ([]), float32 or float64, is that of the start above the ground in radians, from
    0.01 to 1.56; it may require its gradient, and is not changed. speed, above 0, is in metres per
    second, and g, above 0, in metres per second squared.

    The shot starts at distance 0 and height 0 with the velocity (speed * cos(angle),
    speed * sin(angle)). Time goes on in steps of 0.05 seconds. In each step the position moves by
    0.05 times the velocity as it is before the step; then the velocity changes by 0.05 times the
    acceleration. That is -0.2 times this same velocity, for the air slows the shot, and in the
    vertical direction also -g. The first step that ends below height 0 is the last one. The shot
    lands where the straight line from the start of this step to its end crosses height 0.

    Return the distance there, 0-dim, of the dtype and device of angle. It can be differentiated:
    its gradient over angle is that of this whole computation, with the number of steps as it is.
    """
    raise NotImplementedError


def aim(target: float, speed: float, g: float = 9.81) -> float:
    """Return an angle at which the shot lands on a target: to within 0.01 metres, see landing.

    target is a distance in metres, at least 0.1 times speed; speed is from 2 to 10 and g from 5 to
    20. The angle is a float of Python, in radians, from 0.01 to 1.56. Mostly a low and a high one
    lead there; either is right.

    Raises ValueError if the target is out of reach at every angle. No target is within 5 % of the
    farthest distance that the shot can reach: it is clearly nearer or clearly farther.
    """
    raise NotImplementedError


# %%
def array_grad(
    f: Callable[[Tensor], Tensor], a: NDArray[np.floating], device: torch.device | str
) -> NDArray[np.floating]:
    """Return the gradient of a function of tensors at a NumPy array, as an array.

    f takes one tensor, on `device`, a torch.device or its name, and returns a number made of it, a
    0-dim tensor that can be differentiated. a is an array of any shape, () included, float32 or
    float64. It may be a view of another array, such as a transposed or a reversed one. Give f a
    tensor of a's shape, dtype and numbers; f may be called once or several times.

    The result is an array (np.ndarray) of a's shape and dtype, with the derivative of f by each
    number of a, as exact as autograd's. It has memory of its own.

    f may write to the tensor that it gets, under torch.no_grad(), say to mend bad numbers before it
    goes on; the gradient is then that at the mended numbers. In a itself nothing may change.

    Raises TypeError if a has whole numbers or booleans: these have no gradient.
    """
    raise NotImplementedError
