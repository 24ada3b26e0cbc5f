"""Probes of to_nchw."""

from __future__ import annotations

from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import gradients, seen_after_writing


@probe("images")
def to_nchw_images(impl: Implementation, given: Given) -> Facts:
    """Images that lie in memory as they were loaded: their numbers, strides and gradient, and what
    they show after img was written to."""
    return _seen(impl, given, every=1)


@probe("part")
def to_nchw_part(impl: Implementation, given: Given) -> Facts:
    """The same of a part of larger images, whose rows have gaps between them."""
    return _seen(impl, given, every=2)


def _seen(impl: Implementation, given: Given, every: int) -> Facts:
    n, height, width, channels = given.shape
    stored = (n, height, every * width, channels)

    def part(stored: Tensor) -> Tensor:
        return stored[:, :, ::every]

    img, own = part(given.randn(*stored)), given.leaf(*stored)
    numbers, weights = given.randn(*stored), given.randn(n, channels, height, width)
    images = impl.to_nchw(img)
    facts: Facts = {
        "images": images,
        "strides of the images": tuple(images.stride()),
    }
    graded = impl.to_nchw(part(own))
    if graded.shape == weights.shape:  # else nothing can be weighed
        facts["gradient of a weighted sum of the images"] = gradients(graded * weights, [own])[0]
    written = own.detach().clone()
    facts["images after img was written to"] = seen_after_writing(
        written, numbers, impl.to_nchw(part(written))
    )
    return facts
