"""Mistakes of make_params."""

from __future__ import annotations

from typing import Any

import torch
from m06_model import make_params
from torch import Generator, Tensor

from autograder.course.marks import mistake

Params = tuple[Tensor, Tensor]


Device = torch.device | str | None


Dtype = torch.dtype | None


@mistake("scaled-after-marking", asks="tb.10")
def scaled_after_marking(
    n_in: int,
    n_out: int,
    *,
    generator: Generator | None = None,
    device: Device = None,
    dtype: Dtype = None,
) -> Params:
    """You asked for gradients first and multiplied by 0.1 afterwards. The product is a new tensor,
    computed from the leaf: backward() does not fill its .grad, so it cannot be trained. The task
    does not ask for the 0.1 either. Look at what happens after requires_grad is set."""

    def drawn(*size: int) -> Tensor:
        start = torch.randn(
            *size, generator=generator, device=device, dtype=dtype, requires_grad=True
        )
        return start * 0.1

    return drawn(n_out, n_in), drawn(n_out)


@mistake("converted-after-marking")
def converted_after_marking(
    n_in: int,
    n_out: int,
    *,
    generator: Generator | None = None,
    device: Device = None,
    dtype: Dtype = None,
) -> Params:
    """You asked for gradients first and called .to(...) afterwards. Wherever that has something to
    convert, its result is a new tensor computed from the leaf, and training never reaches it. Look
    at the order of drawing, converting and marking."""
    w = torch.randn(n_out, n_in, generator=generator, requires_grad=True)
    b = torch.randn(n_out, generator=generator, requires_grad=True)
    return w.to(device=device, dtype=dtype), b.to(device=device, dtype=dtype)


@mistake("weights-transposed", asks="gd.6")
def weights_transposed(n_in: int, n_out: int, **options: Any) -> Params:
    """Your w has one row per feature, [n_in, n_out]. It should have one row per target, [n_out,
    n_in], as nn.Linear stores it: each row then holds all the weights of one prediction. Look at
    the order of the two sizes."""
    w, b = make_params(n_in, n_out, **options)
    return w.detach().T.contiguous().requires_grad_(), b


@mistake("uniform", asks="tb.34")
def uniform(
    n_in: int,
    n_out: int,
    *,
    generator: Generator | None = None,
    device: Device = None,
    dtype: Dtype = None,
) -> Params:
    """Your numbers are spread evenly between 0 and 1: none is negative, so every weight starts by
    pulling the same way. The task asks for the standard normal distribution, whose mean is 0. Look
    at what the function that draws promises: rand and randn differ in one letter only."""
    w = torch.rand(n_out, n_in, generator=generator, device=device, dtype=dtype)
    b = torch.rand(n_out, generator=generator, device=device, dtype=dtype)
    return w.requires_grad_(), b.requires_grad_()


@mistake("generator-ignored")
def generator_ignored(
    n_in: int,
    n_out: int,
    *,
    generator: Generator | None = None,
    device: Device = None,
    dtype: Dtype = None,
) -> Params:
    """You take a generator and never use it: the numbers come from a global one, so the caller's
    seed repeats nothing and the global state moves. Look at whether each of your draws is told
    which generator to use."""
    return make_params(n_in, n_out, device=device, dtype=dtype)


@mistake("bias-as-column", asks="lr.3")
def bias_as_column(n_in: int, n_out: int, **options: Any) -> Params:
    """Your b is a column, [n_out, 1]. Added to predictions [N, n_out] it lines up with the rows and
    not with the targets. One bias per target needs a vector, [n_out]: look at the sizes of b."""
    w, b = make_params(n_in, n_out, **options)
    return w, b.detach()[:, None].requires_grad_()


@mistake("never-marked", asks="lr.9")
def never_marked(n_in: int, n_out: int, **options: Any) -> Params:
    """Your w and b do not require their gradients, so autograd records nothing about them and
    backward() fails. Data needs no gradients, but parameters are trained by theirs and have to be
    marked."""
    w, b = make_params(n_in, n_out, **options)
    return w.detach(), b.detach()


@mistake("zero-bias", asks="gd.7")
def zero_bias(n_in: int, n_out: int, **options: Any) -> Params:
    """Your biases all start at 0. A line can be trained from there just as well, but this task asks
    for standard-normal numbers in b too. Look at how b is made."""
    w, b = make_params(n_in, n_out, **options)
    return w, torch.zeros_like(b, requires_grad=True)


@mistake("seeded-inside")
def seeded_inside(n_in: int, n_out: int, **options: Any) -> Params:
    """You set torch's seed inside the function. Every call now gives the same parameters, whichever
    generator or seed the caller chose, and the caller's own random numbers begin again. Leave
    seeding to the caller."""
    torch.manual_seed(42)
    return make_params(n_in, n_out, **{**options, "generator": None})


@mistake("options-ignored")
def options_ignored(n_in: int, n_out: int, **options: Any) -> Params:
    """You use none of the three options. The numbers come from a global generator, so the caller's
    seed repeats nothing, and the tensors have the default dtype and device, whatever the caller
    asked for. Pass all three on wherever you make a tensor."""
    return make_params(n_in, n_out)


@mistake("dtype-ignored")
def dtype_ignored(n_in: int, n_out: int, **options: Any) -> Params:
    """You take a dtype and never use it: your tensors have torch's default one, float32 mostly,
    and meet data of the wanted dtype with an error. Pass it on where the tensors are made."""
    return make_params(n_in, n_out, **{**options, "dtype": None})


@mistake("dtype-fixed")
def dtype_fixed(n_in: int, n_out: int, **options: Any) -> Params:
    """Your tensors are float64, whatever the caller asks for. The dtype is an option of this
    function, and without one torch's default is wanted: pass it on where the tensors are made."""
    return make_params(n_in, n_out, **{**options, "dtype": torch.float64})


@mistake("scaled-down")
def scaled_down(n_in: int, n_out: int, **options: Any) -> Params:
    """Your numbers of w and b lie nearer to 0 than those of N(0, 1): you multiply or divide what
    you draw, or ask for a smaller spread. Small starts are common elsewhere; here the standard
    normal distribution is wanted."""
    w, b = make_params(n_in, n_out, **options)
    return (w.detach() * 0.01).requires_grad_(), (b.detach() * 0.01).requires_grad_()


@mistake("weights-scaled-down")
def weights_scaled_down(n_in: int, n_out: int, **options: Any) -> Params:
    """The numbers in w lie nearer to 0 than those of N(0, 1): you multiply or divide what you
    draw, or ask for a smaller spread. Small weights are common elsewhere; here the standard normal
    distribution is wanted."""
    w, b = make_params(n_in, n_out, **options)
    return (w.detach() * 0.01).requires_grad_(), b


@mistake("single-bias")
def single_bias(n_in: int, n_out: int, **options: Any) -> Params:
    """Your b holds one number, which all targets would share. Every target has a level of its own
    and needs a bias of its own: look at the size that you give b."""
    w, b = make_params(n_in, n_out, **options)
    return w, b.detach()[:1].clone().requires_grad_()


@mistake("bias-as-row")
def bias_as_row(n_in: int, n_out: int, **options: Any) -> Params:
    """Your b is a row, [1, n_out], with two dimensions. Predictions come out the same, but a
    vector, [n_out], is wanted, as nn.Linear has it: look at the sizes of b."""
    w, b = make_params(n_in, n_out, **options)
    return w, b.detach()[None].requires_grad_()


@mistake("bias-not-marked", asks="lr.9")
def bias_not_marked(n_in: int, n_out: int, **options: Any) -> Params:
    """Your w requires its gradient, and your b does not: backward() computes nothing for it, so it
    cannot be trained. The bias is a parameter like w and has to be marked, too."""
    w, b = make_params(n_in, n_out, **options)
    return w, b.detach()


@mistake("generator-for-weights-only")
def generator_for_weights_only(
    n_in: int,
    n_out: int,
    *,
    generator: Generator | None = None,
    device: Device = None,
    dtype: Dtype = None,
) -> Params:
    """Your w is drawn with the caller's generator, and your b without: its numbers come from the
    global one, so the caller's seed does not repeat them. Every draw has to be told which generator
    to use."""
    w, _ = make_params(n_in, n_out, generator=generator, device=device, dtype=dtype)
    return w, make_params(n_in, n_out, device=device, dtype=dtype)[1]


@mistake("seeded-beside-the-generator")
def seeded_beside_the_generator(n_in: int, n_out: int, **options: Any) -> Params:
    """You set torch's seed inside the function. A call without a generator now gives the same
    parameters every time, whatever seed the caller set, and the caller's own random numbers begin
    again. Leave seeding to the caller."""
    torch.manual_seed(42)
    return make_params(n_in, n_out, **options)
