"""Mistakes of partial_effect."""

from __future__ import annotations

from typing import Any

import torch
from m14_conditioning import partial_effect
from torch import Tensor

from autograder.course.marks import mistake


@mistake("marginal-slope", asks="lr.15")
def marginal_slope(x: Tensor, y: Tensor, j: int) -> float:
    """You fitted y by feature j alone. The other features then move along with it, and their
    effects are counted as its own: even the sign can turn. Take out first what the others explain
    of feature j."""
    return partial_effect(x[:, j : j + 1], y, 0)


@mistake("only-y-residualised")
def only_y_residualised(x: Tensor, y: Tensor, j: int) -> float:
    """Your effect is measured against the whole feature, as where only y is freed from the other
    features. It is too small: the part of feature j that the others explain belongs to them. Free
    feature j, and use what is left of it above and below."""
    left = _left(x, y, j)
    own = x[:, j] - x[:, j].mean()
    return float(own @ left / (own @ own))


@mistake("no-bias")
def no_bias(x: Tensor, y: Tensor, j: int) -> float:
    """You left out the bias, so features and y are measured from 0. Shifting a feature, say from
    Kelvin to Celsius, then changes its effect. The other columns need one of ones beside them."""
    return float((torch.linalg.pinv(x) @ y)[j])


@mistake("residual-with-no-bias")
def residual_with_no_bias(x: Tensor, y: Tensor, j: int) -> float:
    """You took from feature j what the others explain, and forgot the bias in that fit, but not the
    mean of y. What is left of it then still has a share of the constant. Put a column of ones
    beside the others."""
    others = torch.cat([x[:, :j], x[:, j + 1 :]], 1)
    left = x[:, j] - others @ (torch.linalg.pinv(others) @ x[:, j])
    return float(left @ (y - y.mean()) / (left @ left))


@mistake("correlation")
def correlation(x: Tensor, y: Tensor, j: int) -> float:
    """You divided by two lengths: that is a partial correlation, between -1 and 1 and without a
    unit. The effect has y's unit per unit of the feature. Look at what you divide by."""
    left, rest = _left(x, x[:, j], j), _left(x, y, j)
    return float(left @ rest / (left.norm() * rest.norm()))


@mistake("upside-down")
def upside_down(x: Tensor, y: Tensor, j: int) -> float:
    """You fitted the feature by y. That tells by how much the feature differs where y differs by 1,
    and is no reciprocal of the effect either. Look at which of the two is explained."""
    rest = _left(x, y, j)
    return float(rest @ _left(x, x[:, j], j) / (rest @ rest))


@mistake("next-feature")
def next_feature(x: Tensor, y: Tensor, j: int) -> float:
    """Your effect belongs to another place. j counts the columns of x from 0, and a column of ones
    put before them shifts every one by one. Look at the place from which you read."""
    design = torch.cat([torch.ones_like(x[:, :1]), x], 1)
    return float((torch.linalg.pinv(design) @ y)[j])


@mistake("standardised", asks="lr.15")
def standardised(x: Tensor, y: Tensor, j: int) -> float:
    """You scaled the features first, so your effect is per standard deviation of the feature. The
    task asks for it per unit. Scale back, or do not scale."""
    return partial_effect(x, y, j) * x[:, j].std(correction=0).item()


@mistake("tensor-returned")
def tensor_returned(x: Tensor, y: Tensor, j: int) -> Any:
    """You return a tensor. The number in it is right, but the task wants a Python float. Look at
    how a number comes out of a tensor."""
    return torch.tensor(partial_effect(x, y, j)).to(x)


@mistake("feature-overwritten")
def feature_overwritten(x: Tensor, y: Tensor, j: int) -> float:
    """You changed x or y in place. They belong to the caller, who still needs the feature and the
    targets as they were. Work on a copy."""
    effect = partial_effect(x, y, j)
    x[:, j] = 1
    return effect


def _left(x: Tensor, target: Tensor, j: int) -> Tensor:
    """Return what the features other than j and a bias do not explain of a target."""
    others = x.clone()
    others[:, j] = 1
    remainder: Tensor = target - others @ (torch.linalg.pinv(others) @ target)
    return remainder
