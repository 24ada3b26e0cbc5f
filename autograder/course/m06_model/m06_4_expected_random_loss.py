"""Mistakes of expected_random_loss."""

from __future__ import annotations

import torch
from torch import Tensor

from autograder.course.marks import mistake


@mistake("variance-of-targets", asks="gd.10")
def variance_of_targets(x: Tensor, y: Tensor) -> float:
    """You took the variance of y where the mean of its squares belongs. Random predictions are
    centred at 0, not at the mean of y, so what counts is each target's distance from 0. Look at
    what you subtract from y before you square."""
    return (y.var() + x.square().sum(1).mean() + 1).item()


@mistake("bias-forgotten")
def bias_forgotten(x: Tensor, y: Tensor) -> float:
    """Your value is too low by exactly 1: the variance of the random bias. It is added to that of
    every prediction, whatever the features are. Look at which random numbers make up one
    prediction."""
    return (y.square().mean() + x.square().sum(1).mean()).item()


@mistake("features-averaged")
def features_averaged(x: Tensor, y: Tensor) -> float:
    """You averaged the squares of the features over the columns too. A prediction adds up all
    features, and variances of independent terms add: each row contributes the sum of its squares.
    Look at the axis over which you average x."""
    return (y.square().mean() + x.square().mean() + 1).item()


@mistake("targets-summed")
def targets_summed(x: Tensor, y: Tensor) -> float:
    """You added up the losses of the targets. The mean squared error averages over all elements,
    targets as well as rows, so more targets do not make it larger. Look at the axes over which you
    average."""
    return (y.square().sum(1).mean() + y.shape[1] * (x.square().sum(1).mean() + 1)).item()


@mistake("tensor-returned")
def tensor_returned(x: Tensor, y: Tensor) -> Tensor:
    """You returned a tensor of one element; the task asks for a plain float. A tensor carries a
    dtype, a device and perhaps a graph, which the caller did not ask for. Take the number out at
    the end."""
    return y.square().mean() + x.square().sum(1).mean() + 1


@mistake("sampled")
def sampled(x: Tensor, y: Tensor) -> float:
    """Every call gives another number, near the right one at best, since you draw random numbers.
    The average over all parameters can be worked out: take the expectation of one squared error by
    hand, and let nothing be drawn."""
    w = torch.randn(100, y.shape[1], x.shape[1], dtype=x.dtype, device=x.device)
    b = torch.randn(100, 1, y.shape[1], dtype=x.dtype, device=x.device)
    return (x @ w.mT + b - y).square().mean().item()


@mistake("features-summed-over-rows")
def features_summed_over_rows(x: Tensor, y: Tensor) -> float:
    """You add up the squares of all features of all rows. The loss is a mean over the rows, so what
    the features add to it is the mean of the rows' sums. Look at the axes of your sum."""
    return (y.square().mean() + x.square().sum() + 1).item()


@mistake("population-variance")
def population_variance(x: Tensor, y: Tensor) -> float:
    """You took the variance of y where the mean of its squares belongs. Random predictions are
    centred at 0, not at the mean of y, so what counts is each target's distance from 0. Look at
    what you subtract from y before you square."""
    return (y.var(correction=0) + x.square().sum(1).mean() + 1).item()
