"""Other ways to do linear_default_."""

from __future__ import annotations

import math

import torch
from torch import nn

from autograder.course.marks import restated, right, wrong


@right()
def stretched_rand(w, b, generator):
    """Draws from 0 to 1, stretches and moves them, and copies them in; the bias first."""
    k = 1 / math.sqrt(w.size(1))
    for p in (b, w):
        u = torch.rand(p.shape, generator=generator, device=p.device, dtype=p.dtype)
        with torch.no_grad():
            p.copy_((2 * u - 1) * k)


@right()
def through_data(w, b, generator):
    """Writes to .data, which nothing records."""
    k = w.shape[-1] ** -0.5
    w.data.uniform_(-k, k, generator=generator)
    b.data.uniform_(-k, k, generator=generator)


@right()
def as_torch_does(w, b, generator):
    """torch's own scheme for nn.Linear, with its strange argument."""
    nn.init.kaiming_uniform_(w, a=math.sqrt(5), generator=generator)
    nn.init.uniform_(b, -(w.shape[1] ** -0.5), w.shape[1] ** -0.5, generator=generator)


@right()
@torch.no_grad()
def one_draw_for_both(w, b, generator):
    """One flat draw is cut into weights and biases."""
    n_out, n_in = w.shape
    both = torch.empty(n_out, n_in + 1, device=w.device, dtype=w.dtype)
    both.uniform_(-1, 1, generator=generator).div_(n_in**0.5)
    w[:], b[:] = both[:, :-1], both[:, -1]


@right()
def detached_row_by_row(w, b, generator):
    """Fills detached views, row by row."""
    bound = float(torch.tensor(w.shape[1], dtype=torch.float64).rsqrt())
    for row in [*w.detach(), b.detach()]:
        row.uniform_(-bound, bound, generator=generator)


@wrong()
def repeated_column(w, b, generator):
    """One weight is drawn for each row and repeated."""
    k = w.shape[1] ** -0.5
    with torch.no_grad():
        w.copy_(torch.empty_like(w[:, :1]).uniform_(-k, k, generator=generator).expand_as(w))
        b.uniform_(-k, k, generator=generator)


@wrong()
def repeated_row(w, b, generator):
    """One row is drawn for all outputs."""
    k = w.shape[1] ** -0.5
    with torch.no_grad():
        w.copy_(torch.empty_like(w[:1]).uniform_(-k, k, generator=generator).expand_as(w))
        b.uniform_(-k, k, generator=generator)


@wrong()
def bias_from_the_weights(w, b, generator):
    """The bias is a copy of the last column."""
    k = w.shape[1] ** -0.5
    with torch.no_grad():
        b.copy_(w.uniform_(-k, k, generator=generator)[:, -1])


@wrong()
def rewound_for_the_bias(w, b, generator):
    """The generator is rewound, so the bias repeats the first weights."""
    k, state = w.shape[1] ** -0.5, generator.get_state()
    with torch.no_grad():
        w.uniform_(-k, k, generator=generator)
        generator.set_state(state)
        b.uniform_(-k, k, generator=generator)


@wrong()
def only_the_ends(w, b, generator):
    """Every number is one of the two bounds."""
    k = w.shape[1] ** -0.5
    with torch.no_grad():
        for p in (w, b):
            p.copy_(p.uniform_(-1, 1, generator=generator).sign() * k)


@wrong()
def a_little_narrow(w, b, generator):
    """The bounds are 2 percent too narrow."""
    k = 0.98 * w.shape[1] ** -0.5
    with torch.no_grad():
        w.uniform_(-k, k, generator=generator)
        b.uniform_(-k, k, generator=generator)


@wrong()
def seeded_inside(w, b, generator):
    """The generator is seeded anew, so every layer gets the same numbers."""
    k = w.shape[1] ** -0.5
    generator.manual_seed(0)
    with torch.no_grad():
        w.uniform_(-k, k, generator=generator)
        b.uniform_(-k, k, generator=generator)


@wrong()
def bias_by_its_own_length(w, b, generator):
    """The bound of the bias comes from the length of the bias."""
    with torch.no_grad():
        for p in (w, b):
            k = p.shape[-1] ** -0.5
            p.uniform_(-k, k, generator=generator)


@wrong()
def gradients_cleared(w, b, generator):
    """The stored gradients are dropped on the way."""
    k = w.shape[1] ** -0.5
    for p in (w, b):
        p.data.uniform_(-k, k, generator=generator)
        p.grad = None


@wrong()
def bias_left_alone(w, b, generator):
    """Only the weights are drawn."""
    k = w.shape[1] ** -0.5
    with torch.no_grad():
        w.uniform_(-k, k, generator=generator)


@wrong()
def recorded(w, b, generator):
    """Writes to leaves while operations are recorded, which torch refuses."""
    k = w.shape[1] ** -0.5
    w.uniform_(-k, k, generator=generator)
    b.uniform_(-k, k, generator=generator)


@wrong(named="fan-out, zero-bias")
def rows_and_no_bias(w, b, generator):
    """Two at once."""
    k = w.shape[0] ** -0.5
    with torch.no_grad():
        w.uniform_(-k, k, generator=generator)
        b.zero_()


@restated("normal-weights")
def kaimings_normal(w, b, generator):
    """torch's kaiming_normal_ for the weights."""
    nn.init.kaiming_normal_(w, generator=generator)
    nn.init.uniform_(b, -(w.shape[1] ** -0.5), w.shape[1] ** -0.5, generator=generator)


@restated("normal-both")
def scaled_randn(w, b, generator):
    """randn over the root of the inputs."""
    with torch.no_grad():
        for p in (w, b):
            p.normal_(generator=generator).div_(w.shape[1] ** 0.5)


@restated("fan-out")
def by_length(w, b, generator):
    """len(w) counts rows."""
    k = 1 / math.sqrt(len(w))
    w.data.uniform_(-k, k, generator=generator)
    b.data.uniform_(-k, k, generator=generator)


@restated("zero-bias")
def weights_and_zeros(w, b, generator):
    """The biases are set to 0 by nn.init."""
    w.data.uniform_(-(w.shape[1] ** -0.5), w.shape[1] ** -0.5, generator=generator)
    nn.init.zeros_(b)


@restated("all-zero")
def zeros_from_init(w, b, generator):
    """nn.init sets both to 0."""
    nn.init.zeros_(w)
    nn.init.zeros_(b)


@restated("only-positive")
def not_moved(w, b, generator):
    """rand is scaled and not moved."""
    with torch.no_grad():
        for p in (w, b):
            u = torch.rand(p.shape, generator=generator, device=p.device, dtype=p.dtype)
            p.copy_(u / w.shape[1] ** 0.5)


@restated("without-root")
def divided_by_the_inputs(w, b, generator):
    """The numbers are divided by I."""
    with torch.no_grad():
        for p in (w, b):
            p.uniform_(-1, 1, generator=generator).div_(w.shape[1])


@restated("variance-kept")
def lecun(w, b, generator):
    """Bounds that keep the variance, after LeCun."""
    for p in (w, b):
        k = math.sqrt(3) / math.sqrt(w.shape[1])
        nn.init.uniform_(p, -k, k, generator=generator)


@restated("kaiming-uniform")
def kaimings_own_setting(w, b, generator):
    """torch's kaiming_uniform_ without the argument that nn.Linear passes."""
    nn.init.kaiming_uniform_(w, generator=generator)
    nn.init.uniform_(b, -(w.shape[1] ** -0.5), w.shape[1] ** -0.5, generator=generator)


@restated("bias-standard-normal")
def normal_bias(w, b, generator):
    """The biases are standard-normal."""
    k = w.shape[1] ** -0.5
    w.data.uniform_(-k, k, generator=generator)
    nn.init.normal_(b, generator=generator)


@restated("not-in-place")
def new_names(w, b, generator):
    """The names get new tensors."""
    k = w.shape[1] ** -0.5
    w = torch.empty_like(w).uniform_(-k, k, generator=generator)
    b = torch.empty_like(b).uniform_(-k, k, generator=generator)
    return w, b


@restated("generator-ignored")
def global_draws(w, b, generator):
    """nn.init draws from the global generator."""
    k = w.shape[1] ** -0.5
    nn.init.uniform_(w, -k, k)
    nn.init.uniform_(b, -k, k)


@restated("gradients-switched-off")
def switched_off_to_write(w, b, generator):
    """The flag is taken off to be allowed to write, and stays off."""
    k = w.shape[1] ** -0.5
    for p in (w, b):
        p.requires_grad = False
        p.uniform_(-k, k, generator=generator)
