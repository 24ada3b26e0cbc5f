"""Mistakes of model."""

from __future__ import annotations

from m06_model import model
from torch import Tensor

from autograder.course.marks import mistake


@mistake("not-transposed", asks="lr.45")
def not_transposed(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """You multiplied x [N, I] by w [O, I] as it stands. The inner sizes meet only where I equals O,
    and there each prediction silently mixes weights of different targets. Look at what lies along
    the rows of w."""
    return x @ w + b


@mistake("elementwise", asks="m2.1d tb.13")
def elementwise(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """You multiplied x and w element by element. That pairs numbers by position, fails where the
    shapes cannot be broadcast, and adds nothing up. A prediction adds up all features of its row:
    look at the operator between x and w."""
    return x * w + b


@mistake("no-bias", asks="lr.22")
def no_bias(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """You left out the bias: every prediction is off by exactly b, and where all features are 0
    your model can only predict 0. Look at which of the three arguments you never use."""
    return x @ w.T


@mistake("bias-down-the-rows", asks="tb.37")
def bias_down_the_rows(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """You turned b into a column, so it is added per row instead of per target. With several rows
    and targets that is an error where N differs from O, and silently the wrong bias where they are
    equal. Broadcasting lines up shapes from the right; look at b's."""
    return x @ w.T + b[:, None]


@mistake("targets-as-rows", asks="lr.28")
def targets_as_rows(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """You computed w times x, the other way round, so that each column of your result is a row of
    the data: [O, N]. The task asks for one row per row of x, [N, O]. Look at the order of the
    factors."""
    return w @ x.T + b[:, None]


@mistake("cut-off", asks="wf.4")
def cut_off(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """Your numbers are right, but they are cut off from the graph, so nothing can be differentiated
    and w and b would never learn. Look for no_grad, detach, .data or a new tensor made from the
    result."""
    return model(x, w, b).detach()
