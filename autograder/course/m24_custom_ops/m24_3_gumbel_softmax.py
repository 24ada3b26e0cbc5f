"""Mistakes of gumbel_softmax."""

from __future__ import annotations

import torch
from m24_custom_ops import gumbel_softmax
from torch import Generator, Tensor, nn

from autograder.course.marks import mistake


def _uniform(logits: Tensor, generator: Generator | None) -> Tensor:
    shape, dtype, device = logits.shape, logits.dtype, logits.device
    return torch.rand(shape, generator=generator, dtype=dtype, device=device)


def _noise(logits: Tensor, generator: Generator | None) -> Tensor:
    return -(-_uniform(logits, generator).log()).log()


def _one_hot(soft: Tensor) -> Tensor:
    return nn.functional.one_hot(soft.argmax(1), soft.shape[1]).to(soft.dtype)


def _finished(noisy: Tensor, tau: float, hard: bool) -> Tensor:
    soft = torch.softmax(noisy / tau, 1)
    return soft + (_one_hot(soft) - soft).detach() if hard else soft


@mistake("no-noise")
def no_noise(logits: Tensor, tau: float, hard: bool, generator: Generator) -> Tensor:
    """You add no noise: the same logits give the same result each time, and with hard the likeliest
    class always wins. A draw has to give every class its share. Look at what the generator is
    for."""
    return _finished(logits, tau, hard)


@mistake("gaussian-noise")
def gaussian_noise(logits: Tensor, tau: float, hard: bool, generator: Generator) -> Tensor:
    """Your noise is Gaussian. With it the likeliest class wins too often: only Gumbel's noise makes
    each class the largest with just the probability of the softmax. Look at the distribution that
    the task names."""
    shape, dtype, device = logits.shape, logits.dtype, logits.device
    noise = torch.randn(shape, generator=generator, dtype=dtype, device=device)
    return _finished(logits + noise, tau, hard)


@mistake("noise-subtracted")
def noise_subtracted(logits: Tensor, tau: float, hard: bool, generator: Generator) -> Tensor:
    """Your noise has its long tail among the small numbers: it comes in with the wrong sign.
    Gumbel's distribution is not symmetric, so unlikely classes win too seldom. Count the minus
    signs of noise and sum."""
    return _finished(logits - _noise(logits, generator), tau, hard)


@mistake("one-logarithm")
def one_logarithm(logits: Tensor, tau: float, hard: bool, generator: Generator) -> Tensor:
    """You took one logarithm of the uniform numbers, and so your noise is exponential. Gumbel's
    needs two of them, one around the other, each with its minus. Look at the formula of the
    noise."""
    return _finished(logits - _uniform(logits, generator).log(), tau, hard)


@mistake("tau-multiplied")
def tau_multiplied(logits: Tensor, tau: float, hard: bool, generator: Generator) -> Tensor:
    """You multiply by tau. A low temperature has to sharpen the choice, so differences grow as tau
    becomes smaller. Look at what you do with the noisy logits before the softmax."""
    return _finished((logits + _noise(logits, generator)) * tau, 1.0, hard)


@mistake("tau-left-out")
def tau_left_out(logits: Tensor, tau: float, hard: bool, generator: Generator) -> Tensor:
    """Your result is the same for every tau. The temperature decides how near the soft result is to
    one-hot, and how large its gradients are. Look at what goes into the softmax."""
    return _finished(logits + _noise(logits, generator), 1.0, hard)


@mistake("noise-after-tau")
def noise_after_tau(logits: Tensor, tau: float, hard: bool, generator: Generator) -> Tensor:
    """You divide the logits by tau before the noise comes to them. That changes how likely each
    class is, not only how sharp the result looks. Logits and noise have to be scaled together: look
    at your brackets."""
    return _finished(logits / tau + _noise(logits, generator), 1.0, hard)


@mistake("softmax-over-rows")
def softmax_over_rows(logits: Tensor, tau: float, hard: bool, generator: Generator) -> Tensor:
    """Your softmax runs down the columns, so the rows compete and not the classes. Each row is a
    choice of its own, and its numbers sum to 1. Look at the dimension."""
    soft = torch.softmax((logits + _noise(logits, generator)) / tau, 0)
    return soft + (_one_hot(soft) - soft).detach() if hard else soft


@mistake("probabilities-for-logits")
def probabilities_for_logits(
    logits: Tensor, tau: float, hard: bool, generator: Generator
) -> Tensor:
    """You add the noise to probabilities. It belongs to logits, or to logarithms of probabilities:
    after a softmax all numbers lie between 0 and 1, and the noise drowns them. Look at what you do
    first."""
    noisy = torch.softmax(logits, 1) + _noise(logits, generator)
    return _finished(noisy, tau, hard)


@mistake("hard-without-gradient", asks="tb.9 tb.43")
def hard_without_gradient(logits: Tensor, tau: float, hard: bool, generator: Generator) -> Tensor:
    """Your hard result has no gradient. It is made of the index of a class, a whole number, and an
    index has no slope, so nothing flows back to the logits. Let forward see the hard one and
    backward the soft one."""
    soft = gumbel_softmax(logits, tau, False, generator)
    return _one_hot(soft) if hard else soft


@mistake("all-cut-off")
def all_cut_off(logits: Tensor, tau: float, hard: bool, generator: Generator) -> Tensor:
    """Your results, soft and hard, are cut off from the logits, so nothing can be trained through
    them. The noise needs no gradient, but the logits do: detach nothing on their way, and let it be
    recorded."""
    return gumbel_softmax(logits, tau, hard, generator).detach()


@mistake("index-returned", asks="tb.9")
def index_returned(logits: Tensor, tau: float, hard: bool, generator: Generator) -> Tensor:
    """With hard you return indices of classes. They are integers, [N], and can have no gradient.
    The task asks for one-hot rows, [N, C], of floats. Look at what follows after the argmax."""
    soft = gumbel_softmax(logits, tau, False, generator)
    return soft.argmax(dim=1) if hard else soft


@mistake("soft-not-detached", asks="tb.43")
def soft_not_detached(logits: Tensor, tau: float, hard: bool, generator: Generator) -> Tensor:
    """Your hard result has a gradient of 0: you add the soft result and subtract it again, and the
    two gradients cancel as the numbers do. Only one of them may be seen by autograd. Look at what
    has to be detached."""
    soft = gumbel_softmax(logits, tau, False, generator)
    return _one_hot(soft) - soft + soft if hard else soft


@mistake("hard-ignored", asks="tb.43")
def hard_ignored(logits: Tensor, tau: float, hard: bool, generator: Generator) -> Tensor:
    """You return the soft result also with hard. The caller wants a real choice going forward, one
    class for each row, and the soft result for the gradient alone. Look at what hard changes."""
    return gumbel_softmax(logits, tau, False, generator)


@mistake("rounded-for-hard")
def rounded_for_hard(logits: Tensor, tau: float, hard: bool, generator: Generator) -> Tensor:
    """With hard you round the soft result. Where no class has more than a half, the whole row
    becomes 0 and nothing is chosen. The largest one wins, however large it is: look at how you
    find it."""
    soft = gumbel_softmax(logits, tau, False, generator)
    return soft + (soft.round() - soft).detach() if hard else soft


@mistake("generator-ignored")
def generator_ignored(logits: Tensor, tau: float, hard: bool, generator: Generator) -> Tensor:
    """You take a generator and do not draw from it: the noise comes from torch's global one, so the
    caller's seed repeats nothing. Tell the draw which generator to use."""
    return _finished(logits + _noise(logits, None), tau, hard)


@mistake("noise-shared")
def noise_shared(logits: Tensor, tau: float, hard: bool, generator: Generator) -> Tensor:
    """You draw one noise for each class and use it in every row. So equal rows always choose the
    same class, and a batch is no sample. Look at the shape of what you draw."""
    return _finished(logits + _noise(logits[0], generator), tau, hard)
