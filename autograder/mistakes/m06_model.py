"""Mistakes of m06: parameters, model and loss."""

from __future__ import annotations

from m06_model import mse
from torch import Tensor

from autograder.mistakes import mistake


@mistake("mse", "sum-for-mean")
def sum_for_mean(pred: Tensor, target: Tensor) -> Tensor:
    """You summed the squared errors and did not divide: the loss now grows with the number of rows,
    so a learning rate that works on 5 rows explodes on 5,000. Look at the last operation."""
    return mse(pred, target) * pred.numel()


@mistake("mse", "half")
def half(pred: Tensor, target: Tensor) -> Tensor:
    """You halved the mean. That is another convention, 1/2m, whose gradient has no factor 2; this
    task asks for the plain mean. Look at the factor before the sum."""
    return mse(pred, target) / 2
