"""Probes of seed_everything."""

from __future__ import annotations

import os
import random
from typing import Any

import numpy as np
import torch
from torch.backends import cudnn

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation, describe
from autograder.inside.probes import Facts, probe


@probe("numbers")
def seed_everything_numbers(impl: Implementation, given: Given) -> Facts:
    """The next numbers of each generator, first of the one that is returned: if that is a global
    one, then the global numbers are no longer the next ones."""
    before, environment = (cudnn.deterministic, cudnn.benchmark), dict(os.environ)
    try:
        generator = impl.seed_everything(given.number)
        kept = before == (cudnn.deterministic, cudnn.benchmark)
        same = environment == dict(os.environ)
    finally:
        cudnn.deterministic, cudnn.benchmark = before
        os.environ.clear()
        os.environ.update(environment)
    facts: Facts = {"result": describe(generator)}
    if isinstance(generator, torch.Generator):
        device = generator.device
        facts = {"result": f"a generator on {device}"}
        facts["next number of the returned generator"] = _drawn(generator, device)
    facts |= {
        "next number of random": random.random(),
        "next number of numpy.random": float(np.random.random_sample()),
        "next number of torch": torch.rand((), dtype=torch.float64).item(),
        "next number of torch on the device": _drawn(None, given.device),
        "settings of cuDNN": "as before" if kept else "changed",
        "environment of the process": "as before" if same else "changed",
    }
    again = impl.seed_everything(given.number)
    return facts | {"generator of a second call": "the same" if again is generator else "a new one"}


def _drawn(generator: Any, device: torch.device) -> float:
    number = torch.rand((), generator=generator, device=device, dtype=torch.float64)
    return number.item()
