"""Other ways to do normal_from_uniform."""

from __future__ import annotations

import cmath
import math

import numpy as np
import torch

from autograder.course.marks import restated, right, wrong


@right()
def as_textbooks_write(u1, u2):
    """The logarithm of the other share."""
    return (-2 * (1 - u1).log()).sqrt() * (2 * torch.pi * u2).cos()


@right()
def by_numpy(u1, u2):
    """NumPy computes, in float64."""
    a, b = (u.detach().cpu().numpy().astype(np.float64) for u in (u1, u2))
    z = np.sqrt(-2 * np.log1p(-a)) * np.cos(2 * np.pi * b)
    return torch.from_numpy(z).to(u1)


@right()
def polar(u1, u2):
    """Complex numbers, from distance and angle."""
    return torch.polar(torch.sqrt(2 * torch.log(1 / (1 - u1))), 2 * math.pi * u2).real


@right()
def one_by_one(u1, u2):
    """Python's complex exponential for each pair."""
    z = []
    for a, b in zip(u1.tolist(), u2.tolist(), strict=True):
        z.append(math.sqrt(-2 * math.log1p(-a)) * cmath.exp(2j * math.pi * b).real)
    return torch.tensor(z, dtype=u1.dtype, device=u1.device)


@right()
def sine_of_a_quarter_more(u1, u2):
    """The cosine is the sine of a quarter turn more."""
    radius = torch.pow(-2 * torch.log1p(torch.neg(u1)), 0.5)
    return radius * torch.sin(2 * math.pi * (u2 + 0.25))


@wrong()
def clamped_log_of_u1(u1, u2):
    """u1 is kept away from 0, which gives a large distance there."""
    return torch.sqrt(-2 * torch.log(u1.clamp_min(1e-12))) * torch.cos(2 * math.pi * u2)


@wrong()
def inverse_of_the_normal_function(u1, u2):
    """The quantiles of the normal distribution, from u1 alone."""
    return math.sqrt(2) * torch.erfinv(2 * u1 - 1)


@wrong()
def sum_of_both(u1, u2):
    """A centred sum of two, scaled to a variance of 1."""
    return (u1 + u2 - 1) * math.sqrt(6)


@wrong()
def both_coordinates(u1, u2):
    """Both coordinates, one after the other."""
    r = torch.sqrt(-2 * torch.log1p(-u1))
    return torch.cat([r * torch.cos(2 * math.pi * u2), r * torch.sin(2 * math.pi * u2)])


@wrong()
def degrees(u1, u2):
    """The angle in degrees."""
    return torch.sqrt(-2 * torch.log1p(-u1)) * torch.cos(360 * u2)


@wrong()
def minus_the_first(u1, u2):
    """The angle begins on the other side."""
    return torch.sqrt(-2 * torch.log1p(-u1)) * torch.cos(2 * math.pi * u2 + math.pi)


@wrong()
def in_place(u1, u2):
    """The caller's u1 is changed on the way."""
    r = u1.neg_().log1p_().mul_(-2).sqrt_()
    return r * torch.cos(2 * math.pi * u2)


@wrong()
def float32_on_the_way(u1, u2):
    """Computes in float32, whatever comes."""
    a, b = u1.float(), u2.float()
    return (torch.sqrt(-2 * torch.log1p(-a)) * torch.cos(2 * math.pi * b)).to(u1.dtype)


@wrong()
def logarithm_to_base_10(u1, u2):
    """The logarithm to base 10."""
    return torch.sqrt(-2 * torch.log10(1 - u1)) * torch.cos(2 * math.pi * u2)


@restated("log-of-u1")
def as_found_elsewhere(u1, u2):
    """The formula as it stands in many places."""
    return (-2 * u1.log()).sqrt() * (2 * torch.pi * u2).cos()


@restated("without-2")
def root_of_the_logarithm(u1, u2):
    """The root of minus the logarithm."""
    return (-torch.log1p(-u1)).sqrt() * torch.cos(2 * math.pi * u2)


@restated("centred-uniform")
def less_a_half(u1, u2):
    """u1 less its mean."""
    return torch.sub(u1, 0.5)


@restated("sine")
def second_coordinate(u1, u2):
    """The sine of the angle."""
    return torch.sqrt(-2 * torch.log1p(-u1)) * torch.sin(2 * math.pi * u2)


@restated("half-a-turn")
def times_pi(u1, u2):
    """Pi in place of two pi."""
    return torch.sqrt(-2 * torch.log1p(-u1)) * torch.cos(math.pi * u2)


@restated("angle-as-share")
def cosine_of_u2(u1, u2):
    """The cosine of u2 itself."""
    return torch.sqrt(-2 * torch.log1p(-u1)) * u2.cos()


@restated("swapped")
def the_other_way_round(u1, u2):
    """u2 decides the distance."""
    return torch.sqrt(-2 * torch.log1p(-u2)) * torch.cos(2 * math.pi * u1)


@restated("without-root")
def square_of_the_distance(u1, u2):
    """No root is taken."""
    return (-2 * torch.log1p(-u1)) * torch.cos(2 * math.pi * u2)


@restated("draws-itself")
def randn_of_the_size(u1, u2):
    """Standard-normal numbers of the same size."""
    return torch.randn(len(u1), dtype=u1.dtype, device=u1.device)


@wrong()
def never_far_out(u1, u2):
    """Cuts distances off at 4."""
    return (-2 * torch.log1p(-u1)).sqrt().clamp(max=4) * torch.cos(2 * math.pi * u2)
