"""Other ways to do gumbel_softmax."""

from __future__ import annotations

import torch
from m24_custom_ops import gumbel_softmax
from torch import nn
from torch.nn import functional as F

from autograder.course.marks import restated, right, wrong


def uniform(logits, generator):
    """Draw one uniform number for each logit."""
    return torch.rand(logits.shape, generator=generator, dtype=logits.dtype, device=logits.device)


def gumbel(logits, generator):
    """Draw one noise for each logit."""
    return -torch.log(-torch.log(uniform(logits, generator)))


def straight(soft):
    """Let forward see the hard result, and backward the soft one."""
    hot = torch.zeros_like(soft).scatter(1, soft.argmax(1, keepdim=True), 1.0)
    return hot.detach() + soft - soft.detach()


def finished(noisy, tau, hard):
    """Finish with noisy logits."""
    soft = F.softmax(noisy / tau, dim=-1)
    return straight(soft) if hard else soft


@right()
def exponential(logits, tau, hard, generator):
    """Takes the logarithm of exponential draws."""
    draws = torch.empty_like(logits.detach()).exponential_(generator=generator)
    return finished(logits - draws.log(), tau, hard)


@right()
def clamped(logits, tau, hard, generator):
    """Keeps the uniform numbers away from 0."""
    u = uniform(logits, generator).clamp(min=1e-20)
    return finished(logits - (-u.log()).log(), tau, hard)


@right()
def small_numbers_added(logits, tau, hard, generator):
    """Adds a tiny number within each logarithm."""
    noise = -torch.log(-torch.log(uniform(logits, generator) + 1e-12) + 1e-12)
    return finished(logits + noise, tau, hard)


@right()
def log_probabilities(logits, tau, hard, generator):
    """Adds the noise to logarithms of probabilities."""
    return finished(F.log_softmax(logits, 1) + gumbel(logits, generator), tau, hard)


@right()
def by_hand(logits, tau, hard, generator):
    """Writes the softmax out, after the largest is subtracted."""
    z = (logits + gumbel(logits, generator)) / tau
    e = torch.exp(z - z.max(1, keepdim=True).values.detach())
    soft = e / e.sum(1, keepdim=True)
    return straight(soft) if hard else soft


@right()
def largest_by_max(logits, tau, hard, generator):
    """Compares with the largest of the row, in a Function of its own."""

    class Hard(torch.autograd.Function):
        @staticmethod
        def forward(ctx, soft):
            return (soft == soft.max(dim=1, keepdim=True).values).to(soft.dtype)

        @staticmethod
        def backward(ctx, g):
            return g

    soft = nn.Softmax(dim=1)((logits + gumbel(logits, generator)) / tau)
    return Hard.apply(soft) if hard else soft


@wrong()
def uniform_noise(logits, tau, hard, generator):
    """Adds uniform numbers."""
    return finished(logits + uniform(logits, generator), tau, hard)


@wrong()
def scaled_gaussian(logits, tau, hard, generator):
    """Adds Gaussian noise of the same standard deviation."""
    z = torch.empty_like(logits.detach()).normal_(generator=generator)
    return finished(logits + 1.2825 * z, tau, hard)


@wrong()
def doubled_noise(logits, tau, hard, generator):
    """Doubles the noise."""
    return finished(logits + 2 * gumbel(logits, generator), tau, hard)


@wrong()
def overflowing(logits, tau, hard, generator):
    """Writes the softmax out, and subtracts nothing before."""
    e = torch.exp((logits + gumbel(logits, generator)) / tau)
    soft = e / e.sum(1, keepdim=True)
    return straight(soft) if hard else soft


@wrong()
def noise_by_logits(logits, tau, hard, generator):
    """Skips a draw where the first logit is above 0."""
    torch.rand(int(logits[0, 0] > 0), generator=generator, device=logits.device)
    return gumbel_softmax(logits, tau, hard, generator)


@wrong()
def log_returned(logits, tau, hard, generator):
    """Returns the logarithms alone."""
    return gumbel_softmax(logits, tau, hard, generator).log()


@wrong()
def hard_by_logits(logits, tau, hard, generator):
    """Chooses the class of the largest logit, without noise."""
    soft = gumbel_softmax(logits, tau, False, generator)
    hot = F.one_hot(logits.argmax(1), logits.shape[1])
    return hot - soft.detach() + soft if hard else soft


@wrong()
def one_hot_of_all(logits, tau, hard, generator):
    """Chooses one class for the whole batch."""
    soft = gumbel_softmax(logits, tau, False, generator)
    hot = F.one_hot(soft.sum(0).argmax(), logits.shape[1])
    return hot - soft.detach() + soft if hard else soft


@wrong()
def hard_after_a_second_draw(logits, tau, hard, generator):
    """Draws anew for the hard result."""
    soft = gumbel_softmax(logits, tau, False, generator)
    other = gumbel_softmax(logits, tau, False, generator)
    hot = F.one_hot(other.argmax(1), logits.shape[1])
    return hot - soft.detach() + soft if hard else soft


@wrong()
def seeded_anew(logits, tau, hard, generator):
    """Seeds the generator again before each draw."""
    generator.manual_seed(0)
    return gumbel_softmax(logits, tau, hard, generator)


@wrong()
def gradient_without_tau(logits, tau, hard, generator):
    """Hands on a gradient of tau 1 through the hard result."""
    state = generator.get_state()
    hot = gumbel_softmax(logits.detach(), tau, hard, generator)
    generator.set_state(state)
    soft = gumbel_softmax(logits, 1.0 if hard else tau, False, generator)
    return hot + soft - soft.detach() if hard else soft


@restated("no-noise")
def softmax_only(logits, tau, hard, generator):
    """Nothing is drawn."""
    return finished(logits, tau, hard)


@restated("gaussian-noise")
def normal_noise(logits, tau, hard, generator):
    """Standard-normal noise is drawn."""
    noise = torch.randn(logits.shape, generator=generator, dtype=logits.dtype, device=logits.device)
    return finished(logits + noise, tau, hard)


@restated("noise-subtracted")
def minus_lost(logits, tau, hard, generator):
    """The outer minus is forgotten."""
    return finished(logits + torch.log(-torch.log(uniform(logits, generator))), tau, hard)


@restated("one-logarithm")
def exponential_noise(logits, tau, hard, generator):
    """Minus one logarithm is added."""
    noise = -torch.log(uniform(logits, generator))
    return finished(logits + noise, tau, hard)


@restated("tau-multiplied")
def times_tau(logits, tau, hard, generator):
    """The reciprocal of tau divides."""
    return finished(logits + gumbel(logits, generator), 1 / tau, hard)


@restated("tau-left-out")
def no_tau(logits, tau, hard, generator):
    """Nothing is scaled."""
    return finished(logits + gumbel(logits, generator), 1, hard)


@restated("noise-after-tau")
def brackets_missing(logits, tau, hard, generator):
    """Only the logits are divided."""
    soft = F.softmax(gumbel(logits, generator) + logits / tau, dim=1)
    return straight(soft) if hard else soft


@restated("softmax-over-rows")
def wrong_dimension(logits, tau, hard, generator):
    """The softmax gets dim=0."""
    soft = F.softmax((logits + gumbel(logits, generator)) / tau, dim=0)
    return straight(soft) if hard else soft


@restated("probabilities-for-logits")
def softmax_twice(logits, tau, hard, generator):
    """A softmax comes first."""
    return finished(logits.softmax(dim=1) + gumbel(logits, generator), tau, hard)


@restated("hard-without-gradient", asks="tb.9")
def scattered(logits, tau, hard, generator):
    """Ones are written into zeros."""
    soft = finished(logits + gumbel(logits, generator), tau, False)
    if not hard:
        return soft
    out = torch.zeros_like(logits.detach())
    out[torch.arange(len(out), device=out.device), soft.argmax(1)] = 1
    return out


@restated("all-cut-off")
def without_graph(logits, tau, hard, generator):
    """Nothing is recorded."""
    with torch.no_grad():
        return finished(logits + gumbel(logits, generator), tau, hard)


@restated("index-returned")
def arguments(logits, tau, hard, generator):
    """The argmax is returned."""
    soft = finished(logits + gumbel(logits, generator), tau, False)
    return torch.argmax(soft, dim=-1) if hard else soft


@restated("soft-not-detached")
def cancelled(logits, tau, hard, generator):
    """Both have their graphs."""
    soft = finished(logits + gumbel(logits, generator), tau, False)
    hot = F.one_hot(soft.argmax(1), soft.shape[1]).to(soft.dtype)
    return hot + (soft - soft) if hard else soft


@restated("hard-ignored")
def always_soft(logits, tau, hard, generator):
    """The flag is not looked at."""
    return finished(logits + gumbel(logits, generator), tau, False)


@restated("rounded-for-hard")
def above_a_half(logits, tau, hard, generator):
    """Classes above a half get 1."""
    soft = finished(logits + gumbel(logits, generator), tau, False)
    hot = (soft.detach() > 0.5).to(soft.dtype)
    return hot + soft - soft.detach() if hard else soft


@restated("generator-ignored")
def global_noise(logits, tau, hard, generator):
    """rand_like draws from the global generator."""
    u = torch.rand_like(logits.detach())
    return finished(logits - torch.log(-torch.log(u)), tau, hard)


@restated("noise-shared")
def noise_of_one_row(logits, tau, hard, generator):
    """A row of noise is broadcast."""
    noise = gumbel(logits[:1], generator)
    return finished(logits + noise, tau, hard)


# Mutants of the reference that nothing can catch, and why.
EXCUSED = {
    "uniform = torch.rand(logits.shape, generator=generator, dtype=logits.dtype, "
    "device=logits.device) -> uniform = torch.rand(logits.shape, generator=generator, "
    "device=logits.device)": "float32 noise for float64 logits differs in its last digits alone",
}
