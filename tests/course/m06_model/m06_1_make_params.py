"""Other ways to do make_params."""

from __future__ import annotations

from collections import namedtuple

import numpy as np
import torch
from torch import nn

from autograder.course.marks import restated, right, wrong

Params = namedtuple("Params", "weight bias")


@right()
def one_draw_cut_in_a_named_tuple(n_in, n_out, *, generator=None, device=None, dtype=None):
    """Weights and bias are columns of one draw, copied into a named tuple of nn.Parameter."""
    options = {"device": device, "dtype": dtype}
    both = torch.empty(n_out, n_in + 1, **options).normal_(generator=generator)
    return Params(nn.Parameter(both[:, :n_in].clone()), nn.Parameter(both[:, n_in].clone()))


@right()
def from_torch_normal(n_in, n_out, *, generator=None, device=None, dtype=None):
    """torch.normal draws, with the mean and the standard deviation written out."""
    options = {"generator": generator, "device": device, "dtype": dtype}
    w, b = (torch.normal(0.0, 1.0, shape, **options) for shape in ((n_out, n_in), (n_out,)))
    return w.requires_grad_(), b.requires_grad_()


@right()
def initialised_bias_first(n_in, n_out, *, generator=None, device=None, dtype=None):
    """Empty parameters are filled by nn.init, the bias before the weights."""
    w = nn.Parameter(torch.empty(n_out, n_in, device=device, dtype=dtype))
    b = nn.Parameter(torch.empty(n_out, device=device, dtype=dtype))
    nn.init.normal_(b, generator=generator)
    nn.init.normal_(w, generator=generator)
    return w, b


@right()
def views_of_one_vector(n_in, n_out, *, generator=None, device=None, dtype=None):
    """Both parameters are detached views of one flat draw."""
    r = torch.randn(n_out * (n_in + 1), generator=generator, device=device, dtype=dtype)
    w, b = r[: n_out * n_in].view(n_out, n_in), r[n_out * n_in :]
    return w.detach().requires_grad_(True), b.detach().requires_grad_(True)


@right()
def drawn_transposed(n_in, n_out, *, generator=None, device=None, dtype=None):
    """The weights are drawn [n_in, n_out] and returned as a transposed view."""
    w = torch.randn(n_in, n_out, generator=generator, device=device, dtype=dtype).T
    b = torch.randn(1, n_out, generator=generator, device=device, dtype=dtype)[0]
    w.requires_grad = b.requires_grad = True
    return w, b


@right()
def through_a_linear_layer(n_in, n_out, *, generator=None, device=None, dtype=None):
    """A layer that skips its own initialisation is filled and gives its parameters away."""
    layer = nn.utils.skip_init(nn.Linear, n_in, n_out, device=device or "cpu", dtype=dtype)
    with torch.no_grad():
        for p in layer.parameters():
            p.normal_(generator=generator)
    return layer.weight, layer.bias


@wrong()
def float32_by_default(n_in, n_out, *, generator=None, device=None, dtype=None):
    """Without a dtype it is always float32, whatever torch's default is."""
    dtype = dtype or torch.float32
    w = torch.randn(n_out, n_in, generator=generator, device=device, dtype=dtype)
    b = torch.randn(n_out, generator=generator, device=device, dtype=dtype)
    return w.requires_grad_(), b.requires_grad_()


@wrong()
def state_put_back_between_draws(n_in, n_out, *, generator=None, device=None, dtype=None):
    """The generator is rewound between the draws, so the bias repeats the first weights."""
    g = generator if generator is not None else torch.default_generator
    state = g.get_state()
    b = torch.randn(n_out, generator=g, device=device, dtype=dtype)
    g.set_state(state)
    w = torch.randn(n_out, n_in, generator=g, device=device, dtype=dtype)
    return w.requires_grad_(), b.requires_grad_()


@wrong()
def uniform_of_variance_one(n_in, n_out, *, generator=None, device=None, dtype=None):
    """The numbers have mean 0 and variance 1, but are uniform."""
    w = (torch.rand(n_out, n_in, generator=generator, device=device, dtype=dtype) - 0.5) * 12**0.5
    b = (torch.rand(n_out, generator=generator, device=device, dtype=dtype) - 0.5) * 12**0.5
    return w.requires_grad_(), b.requires_grad_()


@wrong()
def own_generator_by_initial_seed(n_in, n_out, *, generator=None, device=None, dtype=None):
    """Without a generator each call starts a new one from the initial seed."""
    if generator is None:
        generator = torch.Generator().manual_seed(torch.initial_seed())
    w = torch.randn(n_out, n_in, generator=generator, device=device, dtype=dtype)
    b = torch.randn(n_out, generator=generator, device=device, dtype=dtype)
    return w.requires_grad_(), b.requires_grad_()


@wrong()
def clamped(n_in, n_out, *, generator=None, device=None, dtype=None):
    """The numbers are cut off at 2.5."""
    w = torch.randn(n_out, n_in, generator=generator, device=device, dtype=dtype).clamp_(-2.5, 2.5)
    b = torch.randn(n_out, generator=generator, device=device, dtype=dtype).clamp_(-2.5, 2.5)
    return w.requires_grad_(), b.requires_grad_()


@wrong()
def wider_bias(n_in, n_out, *, generator=None, device=None, dtype=None):
    """The bias has a standard deviation of 1.1."""
    w = torch.randn(n_out, n_in, generator=generator, device=device, dtype=dtype)
    b = torch.randn(n_out, generator=generator, device=device, dtype=dtype) * 1.1
    return w.requires_grad_(), b.requires_grad_()


@wrong()
def same_bias_in_every_call(n_in, n_out, *, generator=None, device=None, dtype=None):
    """The bias comes from a generator of its own with a fixed seed."""
    w = torch.randn(n_out, n_in, generator=generator, device=device, dtype=dtype)
    own = torch.Generator(w.device if not w.is_meta else "cpu").manual_seed(7)
    b = torch.randn(n_out, generator=None if w.is_meta else own, device=device, dtype=dtype)
    return w.requires_grad_(), b.requires_grad_()


@wrong()
def one_column_repeated(n_in, n_out, *, generator=None, device=None, dtype=None):
    """One weight per target is drawn and repeated for every feature."""
    w = torch.randn(n_out, 1, generator=generator, device=device, dtype=dtype)
    b = torch.randn(n_out, generator=generator, device=device, dtype=dtype)
    return w.repeat(1, n_in).requires_grad_(), b.requires_grad_()


@wrong()
def bias_copied_from_the_weights(n_in, n_out, *, generator=None, device=None, dtype=None):
    """The bias is a copy of the last column of the weights."""
    w = torch.randn(n_out, n_in, generator=generator, device=device, dtype=dtype)
    return w.requires_grad_(), w[:, -1].detach().clone().requires_grad_()


@wrong()
def gradients_filled(n_in, n_out, *, generator=None, device=None, dtype=None):
    """A trial backward leaves gradients behind that training would add to."""
    options = {"generator": generator, "device": device, "dtype": dtype, "requires_grad": True}
    w, b = torch.randn(n_out, n_in, **options), torch.randn(n_out, **options)
    (w.sum() + b.sum()).backward()
    return w, b


@wrong()
def from_numpys_global_state(n_in, n_out, *, generator=None, device=None, dtype=None):
    """Without a generator the numbers come from NumPy's global state."""
    if generator is None and torch.device(device or "cpu").type == "cpu":
        dtype = dtype or torch.get_default_dtype()
        w = torch.tensor(np.random.randn(n_out, n_in), dtype=dtype)
        b = torch.tensor(np.random.randn(n_out), dtype=dtype)
    else:
        w = torch.randn(n_out, n_in, generator=generator, device=device, dtype=dtype)
        b = torch.randn(n_out, generator=generator, device=device, dtype=dtype)
    return w.requires_grad_(), b.requires_grad_()


@wrong()
def a_little_narrow(n_in, n_out, *, generator=None, device=None, dtype=None):
    """Draws with a standard deviation of 0.97."""
    options = {"generator": generator, "device": device, "dtype": dtype}
    w, b = torch.randn(n_out, n_in, **options), torch.randn(n_out, **options)
    return (0.97 * w).requires_grad_(), (0.97 * b).requires_grad_()


@restated("options-ignored")
def drawn_without_options(n_in, n_out, *, generator=None, device=None, dtype=None):
    """Only the sizes are used."""
    w = torch.randn(n_out, n_in, requires_grad=True)
    b = torch.randn(n_out, requires_grad=True)
    return w, b


@restated("weights-scaled-down")
def divided_by_the_root(n_in, n_out, *, generator=None, device=None, dtype=None):
    """Another factor than the listed one, which only n_in gives."""
    w = torch.randn(n_out, n_in, generator=generator, device=device, dtype=dtype) / n_in**0.5
    b = torch.randn(n_out, generator=generator, device=device, dtype=dtype)
    return w.requires_grad_(), b.requires_grad_()


@wrong(named="weights-scaled-down, zero-bias")
def small_weights_and_zeros(n_in, n_out, *, generator=None, device=None, dtype=None):
    """Two at once: how many textbooks begin."""
    w = torch.randn(n_out, n_in, generator=generator, device=device, dtype=dtype) * 0.01
    b = torch.zeros(n_out, device=device, dtype=dtype)
    return w.requires_grad_(), b.requires_grad_()


@restated("scaled-after-marking")
def tenth_of_a_parameter(n_in, n_out, *, generator=None, device=None, dtype=None):
    """Parameters are made first and divided by 10."""
    options = {"generator": generator, "device": device, "dtype": dtype}
    w, b = nn.Parameter(torch.randn(n_out, n_in, **options)), torch.randn(n_out, **options)
    b.requires_grad = True
    return w / 10, b / 10


@restated("converted-after-marking")
def moved_after_marking(n_in, n_out, *, generator=None, device=None, dtype=None):
    """The leaves are marked, then moved and converted one by one."""
    dtype = dtype or torch.get_default_dtype()
    params = [torch.randn(*s, generator=generator) for s in ((n_out, n_in), (n_out,))]
    for p in params:
        p.requires_grad_()
    w, b = (p.to(dtype).to(device or "cpu") for p in params)
    return w, b


@restated("weights-transposed")
def sizes_swapped(n_in, n_out, *, generator=None, device=None, dtype=None):
    """The sizes of w are given in the order of the arguments."""
    options = {"generator": generator, "device": device, "dtype": dtype}
    w = torch.randn((n_in, n_out), requires_grad=True, **options)
    b = torch.randn((n_out,), requires_grad=True, **options)
    return w, b


@restated("uniform")
def filled_uniformly(n_in, n_out, *, generator=None, device=None, dtype=None):
    """Empty tensors are filled with uniform_."""
    w, b = (torch.empty(s, device=device, dtype=dtype) for s in ((n_out, n_in), (n_out,)))
    w.uniform_(generator=generator)
    b.uniform_(generator=generator)
    return nn.Parameter(w), nn.Parameter(b)


@restated("generator-ignored")
def normal_without_generator(n_in, n_out, *, generator=None, device=None, dtype=None):
    """normal_ is called without the generator."""
    w = torch.empty(n_out, n_in, device=device, dtype=dtype).normal_()
    b = torch.empty(n_out, device=device, dtype=dtype).normal_()
    return nn.Parameter(w), nn.Parameter(b)


@restated("bias-as-column")
def bias_with_two_sizes(n_in, n_out, *, generator=None, device=None, dtype=None):
    """The bias is drawn with a second size of 1."""
    options = {"generator": generator, "device": device, "dtype": dtype, "requires_grad": True}
    return torch.randn(n_out, n_in, **options), torch.randn(n_out, 1, **options)


@restated("never-marked")
def plain_tensors(n_in, n_out, *, generator=None, device=None, dtype=None):
    """The draws are returned as they are."""
    options = {"generator": generator, "device": device, "dtype": dtype}
    return torch.randn(n_out, n_in, **options), torch.randn(n_out, **options)


@restated("zero-bias")
def bias_of_zeros(n_in, n_out, *, generator=None, device=None, dtype=None):
    """Only the weights are drawn."""
    w = torch.randn(n_out, n_in, generator=generator, device=device, dtype=dtype)
    b = torch.zeros(n_out, device=device, dtype=dtype)
    return w.requires_grad_(), b.requires_grad_()


@restated("seeded-inside")
def seeded_with_zero(n_in, n_out, *, generator=None, device=None, dtype=None):
    """The global seed is set to 0 before the draws."""
    torch.manual_seed(0)
    w = torch.randn(n_out, n_in, device=device, dtype=dtype, requires_grad=True)
    b = torch.randn(n_out, device=device, dtype=dtype, requires_grad=True)
    return w, b


KEPT_PROBES = {
    "generator": "tells what became of the numbers; the look at calls says only whose they are",
}
