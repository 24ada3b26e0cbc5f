"""Probes of landing and aim."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.answers import number, refusal, with_dtype
from autograder.inside.probes.tools import gradients


@probe("landing")
def landing_and_slope(impl: Implementation, given: Given) -> Facts:
    """Where shots at drawn angles land, and the gradient over the angle."""
    facts: Facts = {}
    for which in ("first", "second"):
        angle = given.plain(0.3 + 0.9 * given.leaf().detach().sigmoid()).requires_grad_()
        distance = impl.landing(angle, given.speed, *_gravity(given))
        facts[f"distance of the {which} shot"] = distance
        facts[f"gradient of the {which} shot"] = gradients(distance, [angle])[0]
    single = given.plain(torch.full_like(angle, 0.75, dtype=torch.float32))
    told = with_dtype(impl.landing(single, given.speed, *_gravity(given)))
    return facts | {"distance for an angle of float32": told}


@probe("aim")
def aim_and_miss(impl: Implementation, given: Given) -> Facts:
    """By how much the shot misses targets that are near, and some that are far."""
    farthest = _farthest(given)
    facts: Facts = {}
    for percent in given.percents:
        target = farthest * percent / 100
        kind, angle = number(impl.aim(target, given.speed, *_gravity(given)))
        facts[f"kind of the angle for {percent} % of the farthest distance"] = kind
        facts[f"miss there, beyond 0.01 m, for {percent} %"] = _miss(angle, target, given)
    return facts


@probe("unreachable")
def aim_too_far(impl: Implementation, given: Given) -> Facts:
    """What happens at targets that no angle reaches."""
    farthest = _farthest(given)

    def answer(percent: int) -> str:
        target = farthest * percent / 100
        return refusal(lambda: impl.aim(target, given.speed, *_gravity(given)))

    return {f"answer to {p} % of the farthest distance": answer(p) for p in given.percents}


def _miss(angle: Any, target: float, given: Given) -> Any:
    """Return 0 for a hit."""
    if not isinstance(angle, float):
        return angle
    if not 0.01 <= angle <= 1.56:
        return "an angle below 0.01 or beyond 1.56"
    away = _lands(angle, given.speed, *_gravity(given)) - target
    return 0.0 if abs(away) <= 0.01 else round(away, 3)


def _farthest(given: Given) -> float:
    """Return the farthest distance that a shot reaches, to 0.1 %."""
    angles = np.linspace(0.3, 0.9, 61).tolist()
    return max(_lands(angle, given.speed, *_gravity(given)) for angle in angles)


def _gravity(given: Given) -> tuple[float, ...]:
    """Return g where the given has one; else the default counts."""
    return (given.g,) if "g" in given.spec else ()


def _lands(angle: float, speed: float, g: float = 9.81) -> float:
    """Sum the steps of the simulation up in closed form; no gradient comes of it."""
    across, up = speed * math.cos(angle), speed * math.sin(angle)
    n = np.arange(0, 4 + int(up / g / 0.02))
    faded = (1 - 0.99**n) / 0.2
    x, y = across * faded, (up + 5 * g) * faded - 0.25 * g * n
    last = int(np.argmax(y < 0))
    part = y[last - 1] / (y[last - 1] - y[last])
    return float(x[last - 1] + part * (x[last] - x[last - 1]))
