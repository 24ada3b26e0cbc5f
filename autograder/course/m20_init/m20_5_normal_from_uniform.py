"""Mistakes of normal_from_uniform."""

from __future__ import annotations

import math

import torch
from m20_init import normal_from_uniform
from torch import Tensor

from autograder.course.marks import mistake


@mistake("log-of-u1")
def log_of_u1(u1: Tensor, u2: Tensor) -> Tensor:
    """You took the logarithm of u1 itself. u1 may be 0, whose logarithm is minus infinity, and the
    task wants distance 0 there: solve its equation for r. Look at what stands inside the
    logarithm."""
    return torch.sqrt(-2 * torch.log(u1)) * torch.cos(2 * math.pi * u2)


@mistake("without-2", asks="lr.51")
def without_2(u1: Tensor, u2: Tensor) -> Tensor:
    """Your distances are 0.7 times the right ones: a 2 is missing under the root. The numbers would
    have a variance of one half, and a signal would shrink with every layer. Solve the equation for
    r once more."""
    return normal_from_uniform(u1, u2) / math.sqrt(2)


@mistake("centred-uniform", asks="tb.34 gd.7")
def centred_uniform(u1: Tensor, u2: Tensor) -> Tensor:
    """You moved uniform numbers so that their mean is 0. They are still even between two bounds,
    with a standard deviation of 0.29 and no tails at all. A normal number needs distance and angle
    of a point."""
    return u1 - 0.5


@mistake("sine")
def sine(u1: Tensor, u2: Tensor) -> Tensor:
    """You returned the second coordinates of the points. They are normal, too, but at angle 0 they
    are 0, where the first ones are the whole distance. Look at which function of the angle belongs
    to the first axis."""
    return normal_from_uniform(u1, u2 - 0.25)


@mistake("half-a-turn")
def half_a_turn(u1: Tensor, u2: Tensor) -> Tensor:
    """Your angles reach only half a turn. u2 is the share of a full turn, so 0.5 points in the
    opposite direction of the first axis, and 1 would be back on it. Look at how many times pi a
    turn has."""
    return normal_from_uniform(u1, u2 / 2)


@mistake("angle-as-share")
def angle_as_share(u1: Tensor, u2: Tensor) -> Tensor:
    """You took u2 as the angle itself. It goes from 0 to 1 and counts full turns, while the cosine
    wants radians: so all your points lie in one small sector. Look at what a full turn is in
    radians."""
    return normal_from_uniform(u1, u2 / (2 * math.pi))


@mistake("swapped")
def swapped(u1: Tensor, u2: Tensor) -> Tensor:
    """You exchanged the two: u2 gives the distances, u1 the angles. The numbers would be normal as
    well, but not those that the task asks for. Look at which of the two is a probability of a
    distance."""
    return normal_from_uniform(u2, u1)


@mistake("without-root")
def without_root(u1: Tensor, u2: Tensor) -> Tensor:
    """You used the square of the distance. The equation holds r * r, and solved for it the distance
    is still to be found. Squares far away stretch the tails. Look at the last step before the
    angle."""
    return -2 * torch.log(1 - u1) * torch.cos(2 * math.pi * u2)


@mistake("draws-itself", asks="gd.7")
def draws_itself(u1: Tensor, u2: Tensor) -> Tensor:
    """You drew new normal numbers and used only the sizes of u1. The task asks what those uniform
    numbers become: with the same u1 and u2 the result is always the same. Look at whether u1 and u2
    matter."""
    return torch.randn(u1.shape, dtype=u1.dtype, device=u1.device)
