"""Probes of gumbel_softmax.

What is random never decides: the noise of a seed shows where all logits are 0, and is taken out of
what the same seed gives for other logits.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation, describe
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.draws import near, related, repeats
from autograder.inside.probes.tools import equal, gradients

MEAN, STD = 0.5772156649, math.pi / math.sqrt(6)  # of the standard Gumbel distribution


@probe("logits")
def gumbel_softmax_logits(impl: Implementation, given: Given) -> Facts:
    """The logits, and the gradient, as they can be read from soft results of one seed."""
    logits, v = _logits(given), given.randn(given.n, given.n_class)
    soft = impl.gumbel_softmax(logits, given.tau, False, given.generator())
    if not isinstance(soft, Tensor) or soft.shape != logits.shape:
        return {"soft result": describe(soft)}
    each_1 = bool(((soft.sum(1) - 1).abs() < 1e-5).all())
    facts: Facts = {"soft result": describe(soft), "sums of its rows": "1" if each_1 else "not 1"}
    noise, again = (_noise(impl, given) for _ in range(2))
    if not each_1 or not bool(soft.all()):
        return facts | {"logits behind it": "not to be told"}
    if not equal(noise, again):
        return facts | {"logits behind it": "not to be told: the noise of a seed changes"}
    facts["logits behind it, less the first of their row"] = _relative(
        given, given.tau * soft.log() - noise
    )
    facts["gradient that reached it, less the first of its row"] = _arrived(
        given, logits, soft, soft, v
    )
    return facts


@probe("noise")
def gumbel_softmax_noise(impl: Implementation, given: Given) -> Facts:
    """How the noises of very many classes in one row are distributed.

    n = 40,000. Their mean is within 7 standard errors, 0.045, but for 6e-11 (Chernoff), which moves
    the distribution function by 0.017, and n draws leave it by 0.018 with 2 exp(-2 n 0.018^2) =
    1e-11 (Dvoretzky, Kiefer, Wolfowitz): together less than 0.04. The standard deviation is within
    8 standard errors, 0.042 of it; mean and median differ by 0.21, and a difference below 0.1 is
    more than 10 standard errors away.
    """
    noise = _noise(impl, given).double().flatten()
    spread = noise.std(correction=0)
    if not bool(noise.isfinite().all()) or not spread > 1e-6:
        return {"noise": "all equal" if spread < 1e-6 else "not finite"}
    noise = noise - noise.mean()
    return {
        "noise": "drawn",
        "standard deviation of the noise": near(spread, STD, 0.042),
        "longer tail of the noise": _longer_tail(noise),
        "distribution of the noise": _distribution(noise + MEAN),
        "noises of neighbours": "related" if related(noise[1:], noise[:-1]) else "not related",
    }


@probe("hard")
def gumbel_softmax_hard(impl: Implementation, given: Given) -> Facts:
    """The hard result beside the soft one of the same seed, and the gradient that it hands on."""
    logits, v = _logits(given), given.randn(given.n, given.n_class)
    soft = impl.gumbel_softmax(logits.detach(), given.tau, False, given.generator())
    hard = impl.gumbel_softmax(logits, given.tau, True, given.generator())
    if not isinstance(hard, Tensor) or hard.shape != soft.shape:
        return {"hard result": describe(hard)}
    chosen = soft == soft.amax(1, keepdim=True)
    return {
        "hard result": describe(hard),
        "hard result where the soft one is the largest of its row": hard[chosen],
        "hard result elsewhere": hard[~chosen],
        "gradient that reached it, less the first of its row": _arrived(
            given, logits, soft, hard, v
        ),
    }


@probe("generator")
def gumbel_softmax_generator(impl: Implementation, given: Given) -> Facts:
    """Whether a generator decides the noise, and it alone, for every row apart."""

    def draw(generator: torch.Generator) -> dict[str, Tensor]:
        zeros = given.tensor([[0.0] * given.n_class] * given.n)
        return {"soft results": impl.gumbel_softmax(zeros, given.tau, False, generator)}

    soft = draw(given.generator())["soft results"]
    rows = "equal" if equal(soft[0], soft[1]) else "different"
    return {"rows of equal logits": rows, **repeats(draw, given.generator)}


def _logits(given: Given) -> Tensor:
    logits = given.leaf(given.n, given.n_class).detach() + given.spec.get("offset", 0.0)
    return given.plain(logits).requires_grad_()


def _noise(impl: Implementation, given: Given) -> Tensor:
    """Return the noise of the given's seed; a number of its own is missing in each row."""
    zeros = given.tensor([[0.0] * given.n_class] * given.spec.get("n", 1))
    noise: Tensor = impl.gumbel_softmax(zeros, 1.0, False, given.generator()).log()
    return noise


def _relative(given: Given, numbers: Tensor) -> Tensor:
    """Return numbers less the first of their row; in float32 to an eighth, as they were drawn."""
    less = numbers - numbers[:, :1]
    return (less * 8).round() / 8 if given.dtype == torch.float32 else less


def _arrived(given: Given, logits: Tensor, soft: Tensor, result: Tensor, v: Tensor) -> Any:
    """Return v, up to a number for each row, as the derivative of the softmax has changed it."""
    (found,) = gradients(result * v, [logits])
    if isinstance(found, str):
        return found
    return _relative(given, given.tau * found / soft.detach())


def _longer_tail(noise: Tensor) -> str:
    skew = -noise.median().item()  # the mean is 0
    if abs(skew) < 0.1:
        return "neither"
    return "that of large numbers" if skew > 0 else "that of small numbers"


def _distribution(noise: Tensor) -> str:
    at = torch.arange(-1.5, 4.0, 0.25, dtype=noise.dtype, device=noise.device)
    shares = (noise <= at[:, None]).count_nonzero(1) / len(noise)
    near_enough = (shares - torch.exp(-torch.exp(-at))).abs().max() < 0.04
    return "Gumbel's" if near_enough else "not Gumbel's"
