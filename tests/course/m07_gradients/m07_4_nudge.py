"""Other ways to do nudge."""

from __future__ import annotations

import torch

from autograder.course.marks import restated, right, wrong


@right()
def two_cases_of_where(g):
    """The three cases are spelled out with two nested where."""
    one = torch.ones_like(g)
    return torch.where(g > 0, -one, torch.where(g < 0, one, torch.zeros_like(g)))


@right()
def difference_of_comparisons(g):
    """What is negative minus what is positive, in the dtype of g."""
    return (g < 0).to(g.dtype) - (g > 0).to(g.dtype)


@right()
def nan_taken_for_zero(g):
    """Every element is divided by its size, and 0 / 0 is mended afterwards."""
    return torch.nan_to_num(-g / g.abs())


@right()
def filled_by_masks(g):
    """Zeros are filled in place where a comparison holds."""
    out = torch.zeros_like(g)
    out[g > 0] = -1
    out[g < 0] = 1
    return out


@right()
def sign_copied_to_ones(g):
    """Ones take the opposite sign and are multiplied by whether g is no 0."""
    return torch.copysign(torch.ones_like(g), -g) * g.ne(0)


@wrong()
def small_slopes_ignored(g):
    """Elements below 1e-12 count as 0."""
    return torch.where(g.abs() < 1e-12, torch.zeros_like(g), -g.sign())


@wrong()
def guarded_division(g):
    """A small number guards against 0 / 0, and outweighs smaller elements."""
    return (-g / (g.abs() + 1e-38)).round()


@wrong()
def sign_of_the_cube(g):
    """The cube of a small element underflows to 0."""
    return -(g * g * g).sign()


@wrong()
def root_of_the_square(g):
    """The square of a small element underflows to 0, that of a large one overflows."""
    return torch.nan_to_num(-g / (g * g).sqrt(), posinf=1, neginf=-1)


@wrong()
def gradient_overwritten(g):
    """The sign is taken in place."""
    return g.sign_().neg_()


@wrong()
def sign_in_float32(g):
    """In float32 small elements become 0."""
    return -g.float().sign().to(g.dtype)


@wrong()
def half_precision_widened(g):
    """Half precision comes back as float32."""
    return -g.sign() if g.dtype in (torch.float32, torch.float64) else -g.float().sign()


@wrong()
def short_axes_dropped(g):
    """Axes of size 1 are dropped."""
    return -g.sign().squeeze()


@wrong()
def steepest_only(g):
    """Only the weight with the steepest slope moves."""
    if g.numel() == 0:
        return g.clone()
    return torch.where(g.abs() == g.abs().max(), -g.sign(), torch.zeros_like(g))


@wrong()
def coin_at_zero(g):
    """Where the slope is 0 the global generator decides the way."""
    coin = torch.randint(0, 2, g.shape, device=g.device).to(g.dtype) * 2 - 1
    return torch.where(g == 0, coin, -g.sign())


@restated("overwritten")
def two_masks(g):
    """The second mask finds what the first one wrote."""
    out = g.clone()
    out[out > 0] = -1
    out[out < 0] = 1
    return out


@restated("uphill")
def compared_the_wrong_way_round(g):
    """What is positive counts 1 and what is negative -1."""
    return (g > 0).to(g.dtype) - (g < 0).to(g.dtype)


@restated("not-a-sign")
def zero_minus_gradient(g):
    """The gradient is subtracted from 0, and that is all."""
    return torch.zeros_like(g).sub(g)


@restated("normalised")
def unit_vector(g):
    """The whole gradient is brought to length 1."""
    return -g / g.square().sum().sqrt()


@restated("zero-moves-up")
def up_unless_positive(g):
    """Everything starts at 1, and only positive elements are turned."""
    way = torch.ones_like(g)
    way[g > 0] = -1
    return way


@restated("zero-moves-down")
def up_if_negative(g):
    """A truth value is stretched to -1 and 1: whatever is not negative goes down."""
    return 2 * (g < 0).to(g.dtype) - 1


@restated("nan-at-zero")
def divided_by_the_distance_from_zero(g):
    """The size of an element is its distance from 0, by which it is divided."""
    return -(g / torch.maximum(g, -g))


@restated("whole-numbers")
def signs_as_integers(g):
    """The signs are cast to integers at the end."""
    return torch.sign(-g).to(torch.int64)
