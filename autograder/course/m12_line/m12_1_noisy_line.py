"""Mistakes of noisy_line."""

from __future__ import annotations

import torch
from torch import Tensor

from autograder.course.marks import mistake

Points = tuple[Tensor, Tensor]


@mistake("flat")
def flat(n: int, slope: float, bias: float, sigma: float, generator: torch.Generator) -> Points:
    """Your x and y are vectors, [n], and not columns, [n, 1]. Take a model's predictions [n, 1]
    minus such a y: the result is a table of n by n differences, without any warning. Look at the
    sizes that you draw."""
    x = torch.rand(n, generator=generator, device=generator.device)
    noise = torch.randn(n, generator=generator, device=generator.device)
    return x, slope * x + bias + sigma * noise


@mistake("flat-noise")
def flat_noise(
    n: int, slope: float, bias: float, sigma: float, generator: torch.Generator
) -> Points:
    """Your x is a column, [n, 1], but your noise a vector, [n]. Their sum broadcasts to a table of
    n by n numbers, in which every x meets every noise. One draw belongs to one row: look at the
    size of the noise."""
    x = torch.rand(n, 1, generator=generator, device=generator.device)
    noise = torch.randn(n, generator=generator, device=generator.device)
    return x, slope * x + bias + sigma * noise


@mistake("uniform-noise", asks="m2.2b")
def uniform_noise(
    n: int, slope: float, bias: float, sigma: float, generator: torch.Generator
) -> Points:
    """Your noise is uniform between 0 and sigma: its mean is half of sigma, so all your points are
    shifted upwards, and its spread is too small. Gaussian noise has mean 0. Look at the function
    that draws it: rand and randn differ in one letter only."""
    x = torch.rand(n, 1, generator=generator, device=generator.device)
    noise = torch.rand(n, 1, generator=generator, device=generator.device)
    return x, slope * x + bias + sigma * noise


@mistake("sigma-squared")
def sigma_squared(
    n: int, slope: float, bias: float, sigma: float, generator: torch.Generator
) -> Points:
    """You scaled the noise by the variance, sigma squared. A draw of standard deviation 1 becomes
    one of standard deviation sigma by a factor of sigma itself; with yours the noise is too strong
    above 1 and too weak below. Look at the factor of the noise."""
    x = torch.rand(n, 1, generator=generator, device=generator.device)
    noise = torch.randn(n, 1, generator=generator, device=generator.device)
    return x, slope * x + bias + sigma**2 * noise


@mistake("noise-before-slope", asks="wf.1")
def noise_before_slope(
    n: int, slope: float, bias: float, sigma: float, generator: torch.Generator
) -> Points:
    """You disturbed x before you computed y from it, so your noise is multiplied by the slope: y is
    off by slope times sigma. Only the measured y is noisy. Look at what stands in the brackets with
    the noise."""
    x = torch.rand(n, 1, generator=generator, device=generator.device)
    noise = torch.randn(n, 1, generator=generator, device=generator.device)
    return x, slope * (x + sigma * noise) + bias


@mistake("noise-on-x")
def noise_on_x(
    n: int, slope: float, bias: float, sigma: float, generator: torch.Generator
) -> Points:
    """You returned an x with noise and a y without. Seen from the line, y is then off by slope
    times sigma, and the errors go along with x, which makes any fitted slope too flat. Look at
    which of the two gets the noise."""
    x = torch.rand(n, 1, generator=generator, device=generator.device)
    noise = torch.randn(n, 1, generator=generator, device=generator.device)
    return x + sigma * noise, slope * x + bias


@mistake("generator-ignored")
def generator_ignored(
    n: int, slope: float, bias: float, sigma: float, generator: torch.Generator
) -> Points:
    """Your noise does not come from the generator that you are given but from a global one, torch's
    or NumPy's: the caller's seed does not repeat it, and the global state moves. Look at whether
    each of your draws is told which generator to use."""
    x = torch.rand(n, 1, device=generator.device)
    return x, slope * x + bias + sigma * torch.randn(n, 1, device=generator.device)


@mistake("one-noise-for-all")
def one_noise_for_all(
    n: int, slope: float, bias: float, sigma: float, generator: torch.Generator
) -> Points:
    """You drew a single number of noise and added it to every row: the points still lie on a line,
    only shifted. Each measurement has an error of its own. Look at how many numbers you draw."""
    x = torch.rand(n, 1, generator=generator, device=generator.device)
    noise = torch.randn(1, generator=generator, device=generator.device)
    return x, slope * x + bias + sigma * noise


@mistake("noise-of-a-fixed-size")
def noise_of_a_fixed_size(
    n: int, slope: float, bias: float, sigma: float, generator: torch.Generator
) -> Points:
    """Your noise has a standard deviation of about 0.1, whatever sigma is. With sigma 0 the points
    should lie on the line, and yours do not. Look at the factor of the noise."""
    x = torch.rand(n, 1, generator=generator, device=generator.device)
    noise = torch.randn(n, 1, generator=generator, device=generator.device)
    return x, slope * x + bias + 0.1 * noise


@mistake("sigma-unused")
def sigma_unused(
    n: int, slope: float, bias: float, sigma: float, generator: torch.Generator
) -> Points:
    """Your noise has the standard deviation 1, whatever sigma is. With sigma 0 the points should
    lie on the line, and yours do not. Look at what scales the noise."""
    x = torch.rand(n, 1, generator=generator, device=generator.device)
    noise = torch.randn(n, 1, generator=generator, device=generator.device)
    return x, slope * x + bias + noise


@mistake("bias-scaled")
def bias_scaled(
    n: int, slope: float, bias: float, sigma: float, generator: torch.Generator
) -> Points:
    """You multiply the bias by sigma together with the noise, so the line itself moves with sigma;
    with sigma 0 it passes through 0. Look at what stands in the brackets with the noise."""
    x = torch.rand(n, 1, generator=generator, device=generator.device)
    noise = torch.randn(n, 1, generator=generator, device=generator.device)
    return x, slope * x + (bias + noise) * sigma


@mistake("bias-forgotten")
def bias_forgotten(
    n: int, slope: float, bias: float, sigma: float, generator: torch.Generator
) -> Points:
    """The bias takes no part in your y: your points lie around a line through 0. Look at what you
    add to slope times x."""
    x = torch.rand(n, 1, generator=generator, device=generator.device)
    noise = torch.randn(n, 1, generator=generator, device=generator.device)
    return x, slope * x + sigma * noise


@mistake("no-noise")
def no_noise(n: int, slope: float, bias: float, sigma: float, generator: torch.Generator) -> Points:
    """Your y has no noise: all points lie on the line, whatever sigma is. Each measured y is off by
    a random number of its own. Look at what you add to the line."""
    x = torch.rand(n, 1, generator=generator, device=generator.device)
    return x, slope * x + bias


@mistake("uniform-around-0")
def uniform_around_0(
    n: int, slope: float, bias: float, sigma: float, generator: torch.Generator
) -> Points:
    """Your noise has mean 0 and a spread of only about 0.3 sigma, as uniform draws from -sigma/2 to
    sigma/2 have. Gaussian noise has another form, and its standard deviation is the factor itself:
    rand and randn differ in one letter only."""
    x = torch.rand(n, 1, generator=generator, device=generator.device)
    noise = torch.rand(n, 1, generator=generator, device=generator.device)
    return x, slope * x + bias + sigma * (noise - 0.5)


@mistake("global-seed")
def global_seed(
    n: int, slope: float, bias: float, sigma: float, generator: torch.Generator
) -> Points:
    """You set a global seed inside the function and draw the noise from the global generator. Every
    call then has the same noise, the caller's generator decides nothing, and all other random
    numbers of the program are set back."""
    torch.manual_seed(0)
    x = torch.rand(n, 1, device=generator.device)
    return x, slope * x + bias + sigma * torch.randn(n, 1, device=generator.device)


@mistake("generator-reseeded")
def generator_reseeded(
    n: int, slope: float, bias: float, sigma: float, generator: torch.Generator
) -> Points:
    """You set the generator to a fixed seed in every call, so a second call has the same noise. The
    caller has seeded it and goes on with it. Draw from it in the state in which you find it."""
    generator.manual_seed(42)
    x = torch.rand(n, 1, generator=generator, device=generator.device)
    noise = torch.randn(n, 1, generator=generator, device=generator.device)
    return x, slope * x + bias + sigma * noise


@mistake("whole-numbers")
def whole_numbers(
    n: int, slope: float, bias: float, sigma: float, generator: torch.Generator
) -> Points:
    """Your x holds integers, as torch.arange makes them, while y has fractions. Two dtypes then
    meet in every product with the weights. x is to have the floating-point dtype of y. Look at how
    you make x."""
    x = torch.arange(n, device=generator.device)[:, None]
    noise = torch.randn(n, 1, generator=generator, device=generator.device)
    return x, slope * x + bias + sigma * noise
