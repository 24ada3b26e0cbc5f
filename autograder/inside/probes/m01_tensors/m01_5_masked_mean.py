"""Probes of masked_mean."""

from __future__ import annotations

import math
import warnings

import torch
from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import gradients, refusal_of


@probe("value")
def masked_mean_value(impl: Implementation, given: Given) -> Facts:
    """The mean of the kept entries, its gradient, and whether torch warns of the mask."""
    x, keep = given.leaf(*given.shape), _mask(given)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        mean = impl.masked_mean(x, keep)
    deprecated = any("uint8" in str(warning.message) for warning in caught)
    result = {"mean": mean, "mean's gradient": gradients(mean, [x])[0]}
    impl.masked_mean(given.plain(x), keep)  # what is no parameter can be changed by mistake
    return result | {"torch's warning of the mask": "uint8 is deprecated" if deprecated else "none"}


@probe("dropped entries")
def masked_mean_dropped_entries(impl: Implementation, given: Given) -> Facts:
    """The mean and its gradient where every dropped entry is no finite number."""
    keep = _mask(given)
    x = given.leaf(*given.shape).detach().masked_fill(~keep, float(given.dropped))
    x.requires_grad_()
    mean = impl.masked_mean(x, keep)
    name = "nan" if given.dropped == "nan" else "infinite"
    return {
        f"mean where dropped entries are {name}": mean,
        f"mean's gradient where dropped entries are {name}": gradients(mean, [x])[0],
    }


@probe("kept nan")
def masked_mean_kept_nan(impl: Implementation, given: Given) -> Facts:
    """The mean where one of the kept entries is nan."""
    keep = _mask(given)
    x = given.leaf(*given.shape).detach()
    x.view(-1)[-1] = math.nan
    mean = impl.masked_mean(given.plain(x), keep)
    return {"mean where a kept entry is nan": mean}


@probe("nothing kept")
def masked_mean_nothing_kept(impl: Implementation, given: Given) -> Facts:
    """What happens where no entry is kept."""
    x = given.randn(*given.shape)
    keep = torch.zeros(x.shape, dtype=torch.bool, device=x.device)
    return {
        "answer where nothing is kept": refusal_of(lambda: impl.masked_mean(x, keep), ValueError)
    }


def _mask(given: Given) -> Tensor:
    """Draw a bool tensor of the given's shape: the last entry is kept, the first one is dropped
    where there are two or more."""
    keep = given.integers(0, 2, *given.shape).bool()
    keep.view(-1)[0], keep.view(-1)[-1] = False, True
    return given.plain(keep)
