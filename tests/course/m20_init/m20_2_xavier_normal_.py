"""Other ways to do xavier_normal_ and kaiming_normal_."""

from __future__ import annotations

import math

import torch
from torch import nn

from autograder.course.marks import restated, right, wrong


@right()
def scaled_randn(w, generator):
    """randn times the standard deviation, copied in."""
    std = math.sqrt(2.0 / (w.size(0) + w.size(1)))
    draws = torch.randn(w.shape, generator=generator, device=w.device, dtype=w.dtype)
    with torch.no_grad():
        w.copy_(std * draws)


@right()
def from_torch_init(w, generator):
    """torch's own does it."""
    nn.init.xavier_normal_(w, generator=generator)


@right(replaces="kaiming_normal_")
def kaiming_from_torch_init(w, generator):
    """torch's own does it."""
    nn.init.kaiming_normal_(w, generator=generator)


@right(replaces="kaiming_normal_")
def through_data(w, generator):
    """Writes to .data, and divides afterwards."""
    w.data.normal_(generator=generator).mul_(2**0.5).div_(math.sqrt(w.shape[1]))


@right()
@torch.no_grad()
def row_by_row(w, generator):
    """Fills one row after another."""
    for row in w:
        row.normal_(0.0, (sum(w.shape) / 2) ** -0.5, generator=generator)


@right(replaces="kaiming_normal_")
def transposed_draw(w, generator):
    """Draws the transpose and assigns it with an index."""
    n_out, n_in = w.shape
    draws = torch.randn(n_in, n_out, generator=generator, device=w.device, dtype=w.dtype)
    with torch.no_grad():
        w[...] = draws.T * (2 / n_in) ** 0.5


@wrong()
def geometric_mean(w, generator):
    """Divides by the geometric mean of the sizes."""
    with torch.no_grad():
        w.normal_(0, (w.shape[0] * w.shape[1]) ** -0.25, generator=generator)


@wrong()
def fan_out_only(w, generator):
    """Looks at the outputs alone."""
    with torch.no_grad():
        w.normal_(0, math.sqrt(2 / w.shape[0]), generator=generator)


@wrong()
def truncated(w, generator):
    """The numbers are cut off at two standard deviations."""
    std = math.sqrt(2 / sum(w.shape))
    with torch.no_grad():
        w.normal_(0, std, generator=generator).clamp_(-2 * std, 2 * std)


@wrong()
def repeated_column(w, generator):
    """One column is drawn for all inputs."""
    std = math.sqrt(2 / sum(w.shape))
    with torch.no_grad():
        w.copy_(torch.empty_like(w[:, :1]).normal_(0, std, generator=generator).expand_as(w))


@wrong()
def seeded_inside(w, generator):
    """The generator is seeded anew in each call."""
    generator.manual_seed(1)
    with torch.no_grad():
        w.normal_(0, math.sqrt(2 / sum(w.shape)), generator=generator)


@wrong()
def gradient_cleared(w, generator):
    """The stored gradient is dropped."""
    w.data.normal_(0, math.sqrt(2 / sum(w.shape)), generator=generator)
    w.grad = None


@wrong()
def added_to_what_was_there(w, generator):
    """The draws are added to the old weights."""
    with torch.no_grad():
        w.add_(torch.empty_like(w).normal_(0, math.sqrt(2 / sum(w.shape)), generator=generator))


@wrong()
def standard_normal(w, generator):
    """Nothing is scaled."""
    with torch.no_grad():
        w.normal_(generator=generator)


@wrong(replaces="kaiming_normal_")
def gain_twice(w, generator):
    """The factor for the ReLU is used twice."""
    with torch.no_grad():
        w.normal_(0, math.sqrt(4 / w.shape[1]), generator=generator)


@wrong(replaces="kaiming_normal_")
def kaimings_uniform(w, generator):
    """The uniform scheme of the same variance."""
    nn.init.kaiming_uniform_(w, generator=generator)


@wrong(replaces="kaiming_normal_")
def repeated_row(w, generator):
    """One row is drawn for all outputs."""
    with torch.no_grad():
        draws = torch.empty_like(w[0]).normal_(generator=generator)
        w.copy_((draws * math.sqrt(2 / w.shape[1])).expand_as(w))


@wrong(replaces="kaiming_normal_")
def flag_taken_off(w, generator):
    """The flag is taken off to be allowed to write."""
    w.requires_grad_(False)
    w.normal_(0, math.sqrt(2 / w.shape[1]), generator=generator)


@wrong(replaces="kaiming_normal_")
def recorded(w, generator):
    """Writes to a leaf while operations are recorded, which torch refuses."""
    w.normal_(0, math.sqrt(2 / w.shape[1]), generator=generator)


@restated("xavier-without-2")
def as_the_text_says(w, generator):
    """One over the root of both sizes, on randn."""
    draws = torch.randn(*w.shape, generator=generator, device=w.device, dtype=w.dtype)
    w.data.copy_(draws / (w.shape[0] + w.shape[1]) ** 0.5)


@restated("xavier-variance-as-std")
def variance_for_std(w, generator):
    """nn.init.normal_ wants the standard deviation."""
    nn.init.normal_(w, std=2 / (w.shape[0] + w.shape[1]), generator=generator)


@restated("xavier-fan-in-only")
def kaimings_scheme(w, generator):
    """Kaiming's scheme under Xavier's name."""
    nn.init.kaiming_normal_(w, generator=generator)


@restated("xavier-uniform")
def xaviers_uniform(w, generator):
    """torch's own xavier_uniform_."""
    nn.init.xavier_uniform_(w, generator=generator)


@restated("xavier-not-in-place")
def product_forgotten(w, generator):
    """Computes the product and returns it."""
    draws = torch.randn(*w.shape, generator=generator, device=w.device, dtype=w.dtype)
    return (2 / sum(w.shape)) ** 0.5 * draws


@restated("xavier-generator-ignored")
def global_draws(w, generator):
    """torch's own, without the generator."""
    nn.init.xavier_normal_(w)


@restated("kaiming-without-2", replaces="kaiming_normal_")
def for_linear_layers(w, generator):
    """The gain of a layer without activation."""
    nn.init.kaiming_normal_(w, nonlinearity="linear", generator=generator)


@restated("kaiming-fan-out", replaces="kaiming_normal_")
def mode_fan_out(w, generator):
    """torch's own in its other mode."""
    nn.init.kaiming_normal_(w, mode="fan_out", generator=generator)


@restated("kaiming-variance-as-std", replaces="kaiming_normal_")
def kaiming_variance_for_std(w, generator):
    """randn times the variance."""
    draws = torch.randn(*w.shape, generator=generator, device=w.device, dtype=w.dtype)
    w.data.copy_(draws * 2 / w.shape[1])


@restated("kaiming-like-xavier", replaces="kaiming_normal_")
def xaviers_scheme(w, generator):
    """Xavier's scheme under Kaiming's name."""
    nn.init.xavier_normal_(w, generator=generator)


@restated("kaiming-generator-ignored", replaces="kaiming_normal_")
def kaiming_global_draws(w, generator):
    """torch's own, without the generator."""
    nn.init.kaiming_normal_(w)


@wrong(replaces="xavier_normal_")
def brought_to_its_spread(w, generator):
    """Scales the sample to exactly the wanted spread, which a single number has not got."""
    with torch.no_grad():
        w.normal_(generator=generator)
        w.mul_(math.sqrt(2 / sum(w.shape)) / w.std())
