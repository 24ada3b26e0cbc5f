"""Mistakes of poly_features."""

from __future__ import annotations

from typing import Any

import torch
from m14_conditioning import poly_features
from torch import Tensor

from autograder.course.marks import mistake


@mistake("constant-included", asks="lr.20")
def constant_included(x: Tensor, degree: int) -> Tensor:
    """You begin with the power 0, a column of ones or several. A layer has a bias, which already
    does this: two parameters then do the same, and no data can tell them apart. Begin with the
    first power."""
    return torch.cat([torch.ones_like(x), poly_features(x, degree)], 1)


@mistake("one-constant")
def one_constant(x: Tensor, degree: int) -> Tensor:
    """You put one column of ones in front, as a design matrix for a closed form has it. These
    features go into a layer that has a bias of its own. Leave the column out."""
    return torch.cat([torch.ones_like(x[:, :1]), poly_features(x, degree)], 1)


@mistake("powers-added-up")
def powers_added_up(x: Tensor, degree: int) -> Tensor:
    """You add the powers of a feature up. One number is then left of them, and a model can give
    them only one weight together. Put the powers beside each other as columns."""
    return torch.stack(poly_features(x, degree).split(x.shape[1], 1)).sum(0)


@mistake("feature-by-feature")
def feature_by_feature(x: Tensor, degree: int) -> Tensor:
    """You list all powers of the first feature, then all of the second. The task goes the other
    way: all features, then all their squares, and so on. Look at the order of your two loops, or
    at the axis that you flatten."""
    return torch.stack(poly_features(x, degree).split(x.shape[1], 1), 2).flatten(1)


@mistake("last-power-missing")
def last_power_missing(x: Tensor, degree: int) -> Tensor:
    """Your highest power is one below degree. Python's range ends before its last number. Look at
    where your powers end."""
    powers = poly_features(x, degree + 1)
    return powers[:, : x.shape[1] * (degree - 1)]


@mistake("only-the-highest", asks="lr.20")
def only_the_highest(x: Tensor, degree: int) -> Tensor:
    """You return the highest power alone. A polynomial also has the lower ones, each with a weight
    of its own; without them even a straight line cannot be fitted. Join all powers from the first
    on."""
    return poly_features(x, degree)[:, -x.shape[1] :]


@mistake("multiples")
def multiples(x: Tensor, degree: int) -> Tensor:
    """You multiply by the degree instead of raising to it, or write * for **. Multiples of a
    feature are the same feature again: a model with them is still a line. Look at your operator."""
    poly_features(x, degree)
    return torch.cat([x * power for power in range(1, degree + 1)], 1)


@mistake("rows-joined")
def rows_joined(x: Tensor, degree: int) -> Tensor:
    """You joined the powers below each other, so there are more rows than examples. Each example
    keeps one row, and its powers stand beside each other. Look at the dimension along which you
    join."""
    return torch.cat(poly_features(x, degree).split(x.shape[1], 1), 0)


@mistake("cut-off")
def cut_off(x: Tensor, degree: int) -> Tensor:
    """Your features are cut off from x, so nothing before them can be trained. Look for detach,
    NumPy, no_grad, or a new tensor that is made of numbers."""
    return poly_features(x, degree).detach()


@mistake("degree-unchecked")
def degree_unchecked(x: Tensor, degree: int) -> Tensor:
    """You return features, or none, where degree is below 1. Nobody notices then that the model has
    no features at all. A ValueError has to be raised."""
    return poly_features(x, degree) if degree > 0 else x[:, :0]


@mistake("error-returned")
def error_returned(x: Tensor, degree: int) -> Any:
    """You make a ValueError and return it: for Python that is a value like any other, and the
    caller goes on with it. An exception stops the caller only when it is raised."""
    try:
        return poly_features(x, degree)
    except ValueError as error:
        return error


@mistake("products-included")
def products_included(x: Tensor, degree: int) -> Tensor:
    """You also multiply different features with each other. Such columns can be useful, but this
    task wants each feature's own powers only, F times degree of them. Look at what you multiply by
    what."""
    products = x[:, :1] * x[:, 1:]
    return torch.cat([poly_features(x, degree), products], 1)
