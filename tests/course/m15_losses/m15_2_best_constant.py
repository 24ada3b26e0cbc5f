"""Other ways to do best_constant and pull."""

from __future__ import annotations

import math
import statistics

import numpy as np
import torch
from m15_losses import best_constant, pull

from autograder.course.marks import restated, right, wrong


@right()
def by_numpy(y, loss):
    """NumPy averages the two in the middle."""
    averages = {"mse": np.mean, "l1": np.median}
    if loss not in averages:
        raise ValueError(loss)
    return averages[loss](y.detach().cpu().numpy().astype("float64"))


@right()
def by_statistics(y, loss):
    """The library of Python has both, here with the upper of the two in the middle."""
    if loss == "mse":
        return statistics.fmean(y.tolist())
    if loss == "l1":
        return float(statistics.median_high(y.tolist()))
    raise ValueError("unknown loss")


@right()
def by_sorting(y, loss):
    """Sorts, and takes a place between the two in the middle."""
    match loss:
        case "mse":
            return float(y.sum() / len(y))
        case "l1":
            sorted_y = sorted(y.tolist())
            low, high = sorted_y[(len(y) - 1) // 2], sorted_y[len(y) // 2]
            return low + 0.25 * (high - low)
    raise ValueError(f"no loss {loss}")


@right()
def best_of_its_own_numbers(y, loss):
    """One of the numbers of y has the smallest absolute error."""
    if loss == "l1":
        return y[(y[:, None] - y).abs().sum(dim=0).argmin()].item()
    return best_constant(y, loss)


@right(replaces="pull")
def by_autograd(e, loss):
    """Lets torch differentiate the loss."""
    if loss not in ("mse", "l1"):
        raise ValueError
    x = torch.tensor(e, dtype=torch.float64, requires_grad=True)
    (x * x if loss == "mse" else x.abs()).backward()
    return x.grad.item()


@right(replaces="pull")
def three_cases(e, loss):
    """The sign case by case."""
    if loss == "mse":
        return e + e
    if loss != "l1":
        raise ValueError(loss)
    if e == 0:
        return 0.0
    return math.copysign(1.0, e)


@right(replaces="pull")
def table_of_functions(e, loss):
    """Looks the derivative up, with NumPy's sign."""
    found = {"mse": lambda: 2.0 * e, "l1": lambda: float(np.sign(e))}.get(loss)
    if found is None:
        raise ValueError
    return found()


@right(replaces="pull")
def sign_as_an_int(e, loss):
    """Gives an int for l1."""
    return (e > 0) - (e < 0) if loss == "l1" else pull(e, loss)


@wrong()
def outliers_cut(y, loss):
    """Leaves the largest and the smallest number out of the mean."""
    kept = y.sort().values[1:-1] if len(y) > 2 and loss == "mse" else y
    return best_constant(kept, loss)


@wrong()
def over_a_grid(y, loss):
    """Tries a thousand numbers."""
    best_constant(y, loss)
    grid = torch.linspace(float(y.min()), float(y.max()), 1000, dtype=y.dtype, device=y.device)
    errors = y - grid[:, None]
    costs = errors.abs().mean(1) if loss == "l1" else errors.square().mean(1)
    return grid[costs.argmin()].item()


@wrong()
def one_place_too_far(y, loss):
    """Takes the number after the middle."""
    if loss != "l1":
        return best_constant(y, loss)
    return y.sort().values[min(len(y) // 2 + 1, len(y) - 1)].item()


@wrong()
def sorted_in_place(y, loss):
    """Sorts the numbers of the caller."""
    best = best_constant(y, loss)
    y.copy_(y.sort().values)
    return best


@wrong()
def value_error_of_a_key(y, loss):
    """Looks the loss up, which raises KeyError."""
    return {"mse": y.mean, "l1": y.median}[loss]().item()


@wrong(replaces="pull")
def pull_as_a_tensor(e, loss):
    """Gives a tensor."""
    return torch.tensor(pull(e, loss))


@wrong(replaces="pull")
def clipped_pull(e, loss):
    """Clips the pull of mse at 1."""
    return max(-1.0, min(1.0, pull(e, loss)))


@wrong(replaces="pull")
def pull_of_l1_in_both(e, loss):
    """Gives the sign for mse, too."""
    return pull(e, "l1" if loss == "mse" else loss)


@restated("mean-and-median-swapped")
def wrong_way_round(y, loss):
    """The averages stand in the wrong branches."""
    if loss == "l1":
        return y.mean().item()
    if loss == "mse":
        return y.median().item()
    raise ValueError


@restated("mean-for-both")
def one_average(y, loss):
    """Checks the name, and then forgets it."""
    if loss not in ("l1", "mse"):
        raise ValueError
    return float(y.sum()) / len(y)


@restated("median-for-both")
def quantile(y, loss):
    """The half of all numbers for both."""
    if loss not in ("l1", "mse"):
        raise ValueError
    return best_constant(y, "l1")


@restated("not-sorted")
def index_in_the_middle(y, loss):
    """Converts to a list and forgets to sort it."""
    numbers = y.tolist()
    return numbers[len(numbers) // 2] if loss == "l1" else best_constant(y, loss)


@restated("middle-of-the-range")
def half_way(y, loss):
    """Half way between the ends."""
    s = y.sort().values
    return float(s[0] + s[-1]) / 2 if loss == "l1" else best_constant(y, loss)


@restated("constant-is-a-tensor")
def item_forgotten(y, loss):
    """Makes a tensor of the number."""
    return torch.tensor(best_constant(y, loss), dtype=y.dtype, device=y.device)


@restated("other-losses-pass")
def else_branch(y, loss):
    """All that is not mse is l1."""
    if loss == "mse":
        return y.mean().item()
    else:
        return y.median().item()


@restated("pull-2e-for-l1", replaces="pull")
def twice_the_error(e, loss):
    """One derivative for both."""
    if loss not in ("l1", "mse"):
        raise ValueError
    return 2.0 * e


@restated("pull-without-the-2", replaces="pull")
def half_the_square(e, loss):
    """As if the square were halved."""
    return pull(e, loss) / (2 if loss == "mse" else 1)


@restated("loss-for-pull", replaces="pull")
def the_loss_itself(e, loss):
    """Squares, or takes the size."""
    if loss not in ("l1", "mse"):
        raise ValueError
    return abs(e) if loss == "l1" else e * e


@restated("pull-downhill", replaces="pull")
def minus_the_gradient(e, loss):
    """Both with a minus."""
    if loss not in ("l1", "mse"):
        raise ValueError
    return -2 * e if loss == "mse" else float((e < 0) - (e > 0))


@restated("pull-always-1", replaces="pull")
def size_of_the_sign(e, loss):
    """Takes the absolute value of the sign."""
    return abs(pull(e, loss)) if loss == "l1" else pull(e, loss)


@restated("nothing-at-0", replaces="pull")
def error_over_size(e, loss):
    """Divides by the root of the square."""
    return pull(e, "mse") if loss == "mse" else pull(e, loss) * e / (e**2) ** 0.5 * (e / abs(e))


@restated("one-side-at-0", replaces="pull")
def two_cases(e, loss):
    """Asks whether the error is below 0, and no more."""
    if loss == "l1":
        return -1.0 if e < 0 else 1.0
    return pull(e, loss)


@restated("other-side-at-0", replaces="pull")
def only_above(e, loss):
    """Asks whether the error is above 0, and no more."""
    if loss == "l1":
        return 1 if e > 0 else -1
    return pull(e, loss)


@restated("error-returned")
def exception_in_the_else_branch(y, loss):
    """Returns the exception."""
    if loss not in ("mse", "l1"):
        return ValueError(f"no loss {loss}")
    return best_constant(y, loss)


@restated("other-losses-pull", replaces="pull")
def pull_in_the_else_branch(e, loss):
    """All that is not mse is l1."""
    return 2 * e if loss == "mse" else pull(e, "l1")


# Mutants of the reference that nothing can catch, and why.
EXCUSED = {}
