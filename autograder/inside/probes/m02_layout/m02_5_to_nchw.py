"""Probes of to_nchw."""

from __future__ import annotations

import torch
from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import gradients, seen_after_writing


@probe("images")
def to_nchw_images(impl: Implementation, given: Given) -> Facts:
    """Images with the channels first, what they show later, and their gradient.

    The pixels are all of a tensor, a part that is cut out of larger images, or bytes.
    """
    if given.pixels == "bytes":
        img = given.plain(given.integers(0, 256, *given.shape).to(torch.uint8))
        return {"images": impl.to_nchw(img)}
    n, height, width, channels = given.shape
    shape = (n, height + 2, 2 * width, channels + 1) if given.pixels == "cut out" else given.shape
    base, numbers, own = given.randn(*shape), given.randn(*shape), given.leaf(*shape)
    written = given.leaf(*shape).detach()
    graded, later = impl.to_nchw(_cut(own, given)), impl.to_nchw(_cut(written, given))
    weighted = graded.square() if isinstance(graded, Tensor) else graded
    return {
        "images": impl.to_nchw(_cut(base, given)),
        "gradient of the sum of squares": gradients(weighted, [own])[0],
        "images after img was written to": seen_after_writing(written, numbers, later),
    }


def _cut(larger: Tensor, given: Given) -> Tensor:
    """Return img: a part of larger images, or all of them."""
    _, height, _, channels = given.shape
    return larger[:, :height, ::2, :channels] if given.pixels == "cut out" else larger
