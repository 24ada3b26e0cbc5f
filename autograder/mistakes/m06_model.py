"""Mistakes of m06: parameters, model and loss."""

from __future__ import annotations

from typing import Any

import torch
from m06_model import make_params, model, mse, recover_params
from torch import Generator, Tensor

from autograder.mistakes import mistake

Params = tuple[Tensor, Tensor]
Device = torch.device | str | None
Dtype = torch.dtype | None


@mistake("make_params", "scaled-after-marking")
def scaled_after_marking(
    n_in: int,
    n_out: int,
    *,
    generator: Generator | None = None,
    device: Device = None,
    dtype: Dtype = None,
) -> Params:
    """You asked for gradients first and multiplied by 0.1 afterwards. The product is a new tensor,
    computed from the leaf: backward() never fills its .grad, so it cannot be trained. Nor is 0.1
    asked for. Look at what happens after requires_grad is set."""

    def drawn(*size: int) -> Tensor:
        start = torch.randn(
            *size, generator=generator, device=device, dtype=dtype, requires_grad=True
        )
        return start * 0.1

    return drawn(n_out, n_in), drawn(n_out)


@mistake("make_params", "converted-after-marking")
def converted_after_marking(
    n_in: int,
    n_out: int,
    *,
    generator: Generator | None = None,
    device: Device = None,
    dtype: Dtype = None,
) -> Params:
    """You asked for gradients first and called .to(...) afterwards. Wherever that has something to
    convert, its result is a new tensor computed from the leaf, and training never reaches it. Look
    at the order of drawing, converting and marking."""
    w = torch.randn(n_out, n_in, generator=generator, requires_grad=True)
    b = torch.randn(n_out, generator=generator, requires_grad=True)
    return w.to(device=device, dtype=dtype), b.to(device=device, dtype=dtype)


@mistake("make_params", "weights-transposed")
def weights_transposed(n_in: int, n_out: int, **options: Any) -> Params:
    """Your w has one row per feature, [n_in, n_out]. It should have one row per target, [n_out,
    n_in], as nn.Linear stores it: each row then holds all the weights of one prediction. Look at
    the order of the two sizes."""
    w, b = make_params(n_in, n_out, **options)
    return w.detach().T.contiguous().requires_grad_(), b


@mistake("make_params", "uniform")
def uniform(
    n_in: int,
    n_out: int,
    *,
    generator: Generator | None = None,
    device: Device = None,
    dtype: Dtype = None,
) -> Params:
    """Your numbers are spread evenly between 0 and 1: none is negative, so every weight starts by
    pulling the same way. The task asks for the standard normal distribution, whose mean is 0. Look
    at the last letter of the function that draws."""
    w = torch.rand(n_out, n_in, generator=generator, device=device, dtype=dtype)
    b = torch.rand(n_out, generator=generator, device=device, dtype=dtype)
    return w.requires_grad_(), b.requires_grad_()


@mistake("make_params", "generator-ignored")
def generator_ignored(
    n_in: int,
    n_out: int,
    *,
    generator: Generator | None = None,
    device: Device = None,
    dtype: Dtype = None,
) -> Params:
    """You take a generator and never use it: the numbers come from torch's global one, so the
    caller's seed repeats nothing and the global state moves. Look at whether each of your draws is
    told which generator to use."""
    return make_params(n_in, n_out, device=device, dtype=dtype)


@mistake("make_params", "bias-as-column")
def bias_as_column(n_in: int, n_out: int, **options: Any) -> Params:
    """Your b is a column, [n_out, 1]. Added to predictions [N, n_out] it lines up with the rows and
    not with the targets. One bias per target needs a vector, [n_out]: look at the sizes of b."""
    w, b = make_params(n_in, n_out, **options)
    return w, b.detach()[:, None].requires_grad_()


@mistake("make_params", "never-marked")
def never_marked(n_in: int, n_out: int, **options: Any) -> Params:
    """Your w and b do not require their gradients, so autograd records nothing about them and
    backward() fails. Data can do without; parameters are what you differentiate for, and have to
    be marked."""
    w, b = make_params(n_in, n_out, **options)
    return w.detach(), b.detach()


@mistake("make_params", "zero-bias")
def zero_bias(n_in: int, n_out: int, **options: Any) -> Params:
    """Your biases all start at 0. A line can be trained from there just as well, but this task asks
    for standard-normal numbers in b too. Look at how b is made."""
    w, b = make_params(n_in, n_out, **options)
    return w, torch.zeros_like(b, requires_grad=True)


@mistake("make_params", "seeded-inside")
def seeded_inside(n_in: int, n_out: int, **options: Any) -> Params:
    """You set torch's seed inside the function. Every call now gives the same parameters, whichever
    generator or seed the caller chose, and the caller's own random numbers start over. Leave
    seeding to the caller."""
    torch.manual_seed(42)
    return make_params(n_in, n_out, **{**options, "generator": None})


@mistake("model", "not-transposed")
def not_transposed(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """You multiplied x [N, I] by w [O, I] as it stands. The inner sizes meet only where I equals O,
    and there each prediction silently mixes weights of different targets. Look at what lies along
    the rows of w."""
    return x @ w + b


@mistake("model", "elementwise")
def elementwise(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """You multiplied x and w element by element. That pairs numbers by position, fails where the
    shapes cannot be broadcast, and sums nothing. A prediction adds up all features of its row: look
    at the sign between x and w."""
    return x * w + b


@mistake("model", "no-bias")
def no_bias(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """You left out the bias: every prediction is off by exactly b, and where all features are 0
    your model can only say 0. Look at which of the three arguments you never use."""
    return x @ w.T


@mistake("model", "bias-down-the-rows")
def bias_down_the_rows(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """You turned b into a column. It is now added per row instead of per target: an error where N
    differs from O, and silently the wrong bias where they are equal. Broadcasting lines up shapes
    from the right; look at b's."""
    return x @ w.T + b[:, None]


@mistake("model", "targets-as-rows")
def targets_as_rows(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """You computed w times x, the other way round, so that each column of your result is a row of
    the data: [O, N]. The task asks for one row per row of x, [N, O]. Look at the order of the
    factors."""
    return w @ x.T + b[:, None]


@mistake("model", "cut-off")
def cut_off(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """Your numbers are right, but they are cut off from the graph, so nothing can be differentiated
    and w and b would never learn. Look for no_grad, detach, .data or a new tensor made from the
    result."""
    return model(x, w, b).detach()


@mistake("mse", "sum-for-mean")
def sum_for_mean(pred: Tensor, target: Tensor) -> Tensor:
    """You summed the squared errors and did not divide: the loss now grows with the number of rows,
    so a learning rate that works on 5 rows explodes on 5,000. Look at the last operation."""
    return mse(pred, target) * pred.numel()


@mistake("mse", "divided-by-rows")
def divided_by_rows(pred: Tensor, target: Tensor) -> Tensor:
    """You divided the sum of squares by the number of rows. With several targets that is too large
    by their number: the mean runs over all elements, N times O of them. Look at what you divide
    by."""
    return mse(pred, target) * pred.shape[1]


@mistake("mse", "not-squared")
def not_squared(pred: Tensor, target: Tensor) -> Tensor:
    """You averaged the errors themselves. Positive and negative ones cancel, so a bad prediction
    can have loss 0, and the loss can fall below 0 for ever. Look at what you do with each
    difference before averaging."""
    _same_shape(pred, target)
    return (pred - target).mean()


@mistake("mse", "absolute")
def absolute(pred: Tensor, target: Tensor) -> Tensor:
    """You averaged absolute errors. That is another loss, the mean absolute error: its gradient
    knows only the sign of an error, not its size. Look at how you get rid of the sign."""
    _same_shape(pred, target)
    return (pred - target).abs().mean()


@mistake("mse", "root")
def root(pred: Tensor, target: Tensor) -> Tensor:
    """You took the square root at the end: the square of your value is right. The root mean squared
    error is good to report in the target's unit, but its gradient is another one. Look at the last
    operation."""
    return mse(pred, target).sqrt()


@mistake("mse", "mean-then-square")
def mean_then_square(pred: Tensor, target: Tensor) -> Tensor:
    """You averaged first and squared the average. Errors of opposite sign have cancelled by then,
    so a bad prediction with balanced errors has loss 0. Look at the order of squaring and
    averaging."""
    _same_shape(pred, target)
    return (pred - target).mean() ** 2


@mistake("mse", "item")
def item(pred: Tensor, target: Tensor) -> Any:
    """You returned a Python number. The value is right, but a number has no graph behind it, so
    backward() cannot be called and nothing is learned. Keep the tensor; take the number out only
    to print it."""
    return mse(pred, target).item()


@mistake("mse", "broadcast")
def broadcast(pred: Tensor, target: Tensor) -> Tensor:
    """You do not compare the shapes. Predictions [N, 1] and targets [N] then broadcast to N x N
    differences, and you average all of them without a word of warning. Unequal shapes should raise
    ValueError before anything is subtracted."""
    error = pred - target
    return (error * error).mean()


@mistake("mse", "half")
def half(pred: Tensor, target: Tensor) -> Tensor:
    """You halved the mean. That is another convention, 1/2m, whose gradient has no factor 2; this
    task asks for the plain mean. Look at the factor before the sum."""
    return mse(pred, target) / 2


@mistake("expected_random_loss", "variance-of-targets")
def variance_of_targets(x: Tensor, y: Tensor) -> float:
    """You took the variance of y where the mean of its squares belongs. Random predictions are
    centred at 0, not at the mean of y, so what counts is each target's distance from 0: your value
    is too small."""
    return (y.var() + x.square().sum(1).mean() + 1).item()


@mistake("expected_random_loss", "bias-forgotten")
def bias_forgotten(x: Tensor, y: Tensor) -> float:
    """Your value is too low by exactly 1: the variance of the random bias. It adds to every
    prediction, whatever the features are. Look at which random numbers make up one prediction."""
    return (y.square().mean() + x.square().sum(1).mean()).item()


@mistake("expected_random_loss", "features-averaged")
def features_averaged(x: Tensor, y: Tensor) -> float:
    """You averaged the squares of the features over the columns too. A prediction adds up all
    features, and variances of independent terms add: each row contributes the sum of its squares.
    Look at the axis over which you average x."""
    return (y.square().mean() + x.square().mean() + 1).item()


@mistake("expected_random_loss", "targets-summed")
def targets_summed(x: Tensor, y: Tensor) -> float:
    """You added up the losses of the targets. The mean squared error averages over all elements,
    targets as well as rows, so more targets do not make it larger. Look at the axes over which you
    average."""
    return (y.square().sum(1).mean() + y.shape[1] * (x.square().sum(1).mean() + 1)).item()


@mistake("expected_random_loss", "tensor-returned")
def tensor_returned(x: Tensor, y: Tensor) -> Tensor:
    """You returned a tensor of one element; the task asks for a plain float. It looks alike when
    printed, yet it carries a dtype, a device and perhaps a graph. Take the number out at the
    end."""
    return y.square().mean() + x.square().sum(1).mean() + 1


@mistake("recover_params", "no-ones-column")
def no_ones_column(x: Tensor, preds: Tensor) -> Params:
    """You fitted weights only and gave 0 as the bias. The weights then bend to do the bias's work
    and come out wrong too, and the rows are not met: on the tutorial's table w[0, 0] becomes
    -0.2980. How can a bias be fitted like a weight?"""
    w = torch.linalg.lstsq(x, preds).solution.T
    return w, torch.zeros_like(w[:, 0])


@mistake("recover_params", "bias-fitted-afterwards")
def bias_fitted_afterwards(x: Tensor, preds: Tensor) -> Params:
    """You fitted the weights without a bias and took the mean of what was left as the bias. By then
    the weights have already bent to do its work; on the tutorial's table w[0, 0] becomes -0.2980.
    Weights and bias have to be fitted together."""
    w = torch.linalg.lstsq(x, preds).solution.T
    return w, (preds - x @ w.T).mean(dim=0)


@mistake("recover_params", "weights-as-solved")
def weights_as_solved(x: Tensor, preds: Tensor) -> Params:
    """Your w is [I, O], as the solver gives it. The model stores one row per target, [O, I]. Where
    I equals O nothing looks wrong, and every prediction is. Look at the shape of the part that you
    return as w."""
    w, b = recover_params(x, preds)
    return w.T, b


@mistake("recover_params", "normal-equations")
def normal_equations(x: Tensor, preds: Tensor) -> Params:
    """You solved the normal equations in the dtype of the data. Multiplying the matrix by its own
    transpose squares its condition number, and float32 has no digits left for the answer. Solve
    the least-squares problem itself, or compute in float64."""
    a = torch.cat([x, torch.ones_like(x[:, :1])], dim=1)
    solution = torch.linalg.solve(a.T @ a, a.T @ preds)
    return solution[:-1].T, solution[-1]


@mistake("recover_params", "first-rows-only")
def first_rows_only(x: Tensor, preds: Tensor) -> Params:
    """You solved for the first I + 1 rows and left the others unused. Printed predictions are
    rounded, so those rows pass their rounding errors on to your weights undamped. Fit all rows
    together, by least squares."""
    return recover_params(x[: x.shape[1] + 1], preds[: x.shape[1] + 1])


def _same_shape(pred: Tensor, target: Tensor) -> None:
    mse(pred, target)  # refuses unequal shapes
