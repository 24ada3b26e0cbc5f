"""Other ways to do noisy_line."""

from __future__ import annotations

from collections import namedtuple

import torch

from autograder.course.marks import restated, right, wrong

Data = namedtuple("Data", "x y")


@right()
def evenly_spaced_in_named_tuple(n, slope, bias, sigma, generator):
    """Takes evenly spaced x, draws y about the line with torch.normal, returns a named tuple."""
    x = torch.linspace(-1, 1, n, device=generator.device).unsqueeze(1)
    y = torch.normal(slope * x + bias, sigma, generator=generator)
    return Data(x, y)


@right()
def noise_drawn_before_x(n, slope, bias, sigma, generator):
    """Fills an empty tensor with the noise first, and counts x up from 0."""
    noise = torch.empty(n, 1, device=generator.device).normal_(0, 1, generator=generator) * sigma
    x = torch.arange(n, device=generator.device, dtype=torch.float32).view(-1, 1) / n * 10
    return x, slope * x + bias + noise


@right()
def in_float64(n, slope, bias, sigma, generator):
    """Draws everything in float64, with x far from [0, 1]."""
    kind = {"generator": generator, "dtype": torch.float64, "device": generator.device}
    x = torch.rand(n, 1, **kind) * 20 - 10
    return x, bias + slope * x + torch.randn(x.shape, **kind).mul(sigma)


@right()
def one_draw_for_both(n, slope, bias, sigma, generator):
    """Draws x and the noise at once, as two slices of one tensor."""
    z = torch.randn(2, n, 1, generator=generator, device=generator.device)
    return z[0], slope * z[0] + bias + sigma * z[1]


@right()
def whole_numbers_for_x(n, slope, bias, sigma, generator):
    """Draws whole numbers for x, and one standard deviation for each row."""
    x = torch.randint(0, 100, (n, 1), generator=generator, device=generator.device).float()
    return x, torch.normal(slope * x + bias, torch.full_like(x, sigma), generator=generator)


@right()
def sorted_exponential_x(n, slope, bias, sigma, generator):
    """Draws a skewed x, sorts it, and adds the noise in place where there is any."""
    x = torch.empty(n, 1, device=generator.device).exponential_(generator=generator)
    x = x.sort(dim=0).values
    y = slope * x + bias
    if sigma:
        y += torch.empty_like(y).normal_(0, sigma, generator=generator)
    return x, y


@wrong()
def noise_in_opposite_pairs(n, slope, bias, sigma, generator):
    """The second half of the noise is the first with the other sign: rows are not independent."""
    x = torch.rand(n, 1, generator=generator) * 2 - 1
    h = torch.randn((n + 1) // 2, 1, generator=generator)
    return x, slope * x + bias + sigma * torch.cat([h, -h])[:n]


@wrong()
def uniform_noise_of_right_spread(n, slope, bias, sigma, generator):
    """The noise is uniform, though its mean and standard deviation are right."""
    x = torch.rand(n, 1, generator=generator) * 2 - 1
    noise = (torch.rand(n, 1, generator=generator) - 0.5) * 12**0.5
    return x, slope * x + bias + sigma * noise


@wrong()
def noise_centred(n, slope, bias, sigma, generator):
    """The mean of the noise is taken away, so that a single row has none."""
    x = torch.rand(n, 1, generator=generator) * 2 - 1
    noise = torch.randn(n, 1, generator=generator)
    return x, slope * x + bias + sigma * (noise - noise.mean())


@wrong()
def noise_stronger_outside(n, slope, bias, sigma, generator):
    """The noise grows with the distance from 0."""
    x = torch.rand(n, 1, generator=generator) * 2 - 1
    noise = torch.randn(n, 1, generator=generator) * x.abs() * 3**0.5
    return x, slope * x + bias + sigma * noise


@wrong()
def noise_in_long_waves(n, slope, bias, sigma, generator):
    """Each draw of noise comes again 100 rows later."""
    x = torch.rand(n, 1, generator=generator) * 2 - 1
    noise = torch.randn(min(n, 100), 1, generator=generator).repeat(n // 100 + 1, 1)[:n]
    return x, slope * x + bias + sigma * noise


@wrong()
def noise_cut_at_two(n, slope, bias, sigma, generator):
    """Draws beyond two sigmas are cut off."""
    x = torch.rand(n, 1, generator=generator) * 2 - 1
    noise = torch.randn(n, 1, generator=generator).clamp(-2, 2)
    return x, slope * x + bias + sigma * noise


@wrong()
def x_from_the_global_generator(n, slope, bias, sigma, generator):
    """Only the noise comes from the generator, x from the global one."""
    x = torch.randn(n, 1)
    return x, slope * x + bias + sigma * torch.randn(n, 1, generator=generator)


@restated("generator-reseeded")
def generator_rewound(n, slope, bias, sigma, generator):
    """The generator is set back to its seed, so each call gives the same noise."""
    generator.manual_seed(generator.initial_seed())
    x = torch.rand(n, 1, generator=generator)
    return x, slope * x + bias + sigma * torch.randn(n, 1, generator=generator)


@wrong(asks="m2.2a")
def x_sorted_after_y(n, slope, bias, sigma, generator):
    """x is sorted when y has been computed, so the pairs are torn apart."""
    x = torch.rand(n, 1, generator=generator)
    y = slope * x + bias + sigma * torch.randn(n, 1, generator=generator)
    return x.sort(dim=0).values, y


@restated("flat")
def linspace_without_a_column(n, slope, bias, sigma, generator):
    """Evenly spaced x and normal y, both without a second axis."""
    x = torch.linspace(0, 1, n)
    return x, torch.normal(slope * x + bias, sigma, generator=generator)


@restated("flat-noise")
def column_plus_row_of_noise(n, slope, bias, sigma, generator):
    """x gets its second axis by view, the noise none."""
    x = torch.rand(n, generator=generator).view(-1, 1)
    noise = sigma * torch.randn(n, generator=generator)
    return x, x * slope + bias + noise


@restated("uniform-noise")
def rand_like_for_noise(n, slope, bias, sigma, generator):
    """The noise is filled in with uniform_."""
    x = torch.linspace(-1, 1, n)[:, None]
    return x, slope * x + bias + torch.empty(n, 1).uniform_(generator=generator) * sigma


@restated("sigma-squared")
def normal_with_variance(n, slope, bias, sigma, generator):
    """torch.normal is given the variance for the standard deviation."""
    x = torch.linspace(-1, 1, n)[:, None]
    return x, torch.normal(slope * x + bias, sigma * sigma, generator=generator)


@restated("noise-before-slope")
def disturbed_copy_of_x(n, slope, bias, sigma, generator):
    """y is computed from a disturbed copy of x."""
    x = torch.rand(n, 1, generator=generator) * 10
    disturbed = torch.normal(x, sigma, generator=generator)
    return x, disturbed * slope + bias


@restated("noise-on-x")
def noise_added_to_x_in_place(n, slope, bias, sigma, generator):
    """x gets its noise in place, after y has been computed."""
    x = torch.rand(n, 1, generator=generator)
    y = bias + slope * x
    x += torch.empty_like(x).normal_(0, 1, generator=generator) * sigma
    return x, y


@restated("generator-ignored")
def like_functions_without_generator(n, slope, bias, sigma, generator):
    """torch.normal and uniform_ are called without a generator."""
    x = torch.empty(n, 1).uniform_(-1, 1)
    return x, torch.normal(slope * x + bias, sigma)


@restated("one-noise-for-all")
def noise_as_a_number(n, slope, bias, sigma, generator):
    """The noise is drawn as one number, by item."""
    x = torch.rand(n, 1, generator=generator)
    noise = torch.normal(0.0, 1.0, (1,), generator=generator).item()
    return x, x * slope + (bias + sigma * noise)


@wrong(named="generator-ignored, noise-of-a-fixed-size")
def noise_as_in_the_tutorial(n, slope, bias, sigma, generator):
    """Draws noise of 0.1 from the global generator."""
    x = torch.rand(n, 1)
    y = slope * x + bias + 0.1 * torch.randn(n, 1)
    return x, y


# Mutants of the reference that nothing can catch, and why.
EXCUSED = {
    "x = torch.rand(n, 1, generator=generator, device=generator.device) * 2 - 1 -> x = torch.rand(n, 1, generator=generator, device=generator.device) * 2 + 1": "how x is spread is free",  # noqa: E501
    "x = torch.rand(n, 1, generator=generator, device=generator.device) * 2 - 1 -> x = 1 - torch.rand(n, 1, generator=generator, device=generator.device) * 2": "how x is spread is free",  # noqa: E501
    "x = torch.rand(n, 1, generator=generator, device=generator.device) * 2 - 1 -> x = torch.rand(n, 1, generator=generator, device=generator.device) / 2 - 1": "how x is spread is free",  # noqa: E501
    "x = torch.rand(n, 1, generator=generator, device=generator.device) * 2 - 1 -> x = torch.rand(n, 1, generator=generator, device=generator.device) * 2 - 2": "how x is spread is free",  # noqa: E501
    "x = torch.rand(n, 1, generator=generator, device=generator.device) * 2 - 1 -> x = torch.rand(n, 1, generator=generator, device=generator.device) * 2 - 0": "how x is spread is free",  # noqa: E501
    "x = torch.rand(n, 1, generator=generator, device=generator.device) * 2 - 1 -> x = torch.rand(n, 1, generator=generator, device=generator.device) * 3 - 1": "how x is spread is free",  # noqa: E501
    "x = torch.rand(n, 1, generator=generator, device=generator.device) * 2 - 1 -> x = torch.rand(n, 1, generator=generator, device=generator.device) * 1 - 1": "how x is spread is free",  # noqa: E501
    "return (x, slope * x + bias + sigma * noise) -> return (x, slope * x + bias - sigma * noise)": "the normal distribution is symmetric",  # noqa: E501
}


KEPT_PROBES = {
    "generator": "tells what became of the numbers; the look at calls says only whose they are",
}
