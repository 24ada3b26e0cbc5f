"""Probes of as_nchw."""

from __future__ import annotations

import torch
from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import gradients, refusal_of, seen_after_writing


@probe("batch")
def as_nchw_batch(impl: Implementation, given: Given) -> Facts:
    """The batch made of an image, and its gradient for it where its numbers have one."""
    img = _image(given)
    facts: Facts = {"batch": impl.as_nchw(img)}
    if img.is_floating_point():
        leaf = img.detach().clone().requires_grad_()
        facts["batch's gradient"] = gradients(impl.as_nchw(leaf), [leaf])[0]
    return facts


@probe("memory")
def as_nchw_memory(impl: Implementation, given: Given) -> Facts:
    """What is seen in the batch of what is written into the image, and the other way round.

    A turned image is not contiguous.
    """
    img, first, second = (_turned(given) for _ in range(3))
    batch = impl.as_nchw(img)
    facts: Facts = {"batch after the image was written to": seen_after_writing(img, first, batch)}
    if isinstance(batch, Tensor) and batch.numel() == img.numel():
        numbers = second.reshape(batch.shape)
        facts["image after the batch was written to"] = seen_after_writing(batch, numbers, img)
    return facts


@probe("refusal")
def as_nchw_refusal(impl: Implementation, given: Given) -> Facts:
    """What happens with too few and with too many dimensions."""
    few, many = given.randn(*given.few), given.randn(*given.many)
    return {
        "answer to too few dimensions": refusal_of(lambda: impl.as_nchw(few), ValueError),
        "answer to too many dimensions": refusal_of(lambda: impl.as_nchw(many), ValueError),
    }


def _image(given: Given) -> Tensor:
    """Draw an image of floats or bytes, or one of zeros."""
    if given.pixels == "uint8":
        return given.plain(given.integers(0, 256, *given.shape).to(torch.uint8))
    if given.pixels == "zero":
        return given.plain(torch.zeros(given.shape, dtype=given.dtype))
    return given.randn(*given.shape)


def _turned(given: Given) -> Tensor:
    """Draw numbers in an image's shape, on request with the last two dimensions exchanged."""
    drawn = given.leaf(*given.shape).detach()
    return drawn.mT if given.turned else drawn
