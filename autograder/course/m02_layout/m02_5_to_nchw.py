"""Mistakes of to_nchw."""

from __future__ import annotations

import torch
from m02_layout import to_nchw
from torch import Tensor

from autograder.course.marks import mistake


@mistake("reshaped", asks="tb.30")
def reshaped(img: Tensor) -> Tensor:
    """You gave the numbers another shape, by reshape or view. They keep their order in memory,
    where the channels of one pixel stand side by side, so each of your channels mixes all colours
    of a few rows. The dimensions have to change places."""
    n, height, width, channels = img.shape
    return img.reshape(n, channels, height, width)


@mistake("height-and-width-swapped", asks="tb.30")
def height_and_width_swapped(img: Tensor) -> Tensor:
    """You changed places of the height and the channels, as transpose(1, 3) does. The width now
    comes before the height, and every image lies on its side. Three dimensions have to move, not
    two."""
    return img.transpose(1, 3)


@mistake("width-and-channels-swapped")
def width_and_channels_swapped(img: Tensor) -> Tensor:
    """You changed places of the width and the channels, so the channels come after the height:
    [N, H, C, W]. Height and width each have to move one place to the right."""
    return img.transpose(2, 3)


@mistake("inverse-permutation", asks="tb.30")
def inverse_permutation(img: Tensor) -> Tensor:
    """You permuted in the other direction, as from [N, C, H, W] to [N, H, W, C]. Each number that
    permute takes says which dimension of img comes there, not where a dimension of img goes to."""
    return img.permute(0, 2, 3, 1)


@mistake("contiguous", asks="tb.30")
def contiguous(img: Tensor) -> Tensor:
    """You copied the images into the order of NCHW, by contiguous() or its like. Every number was
    moved, and what is written to img is not seen any more. The task asks for a view, whose
    channels stay next to each other in memory."""
    return to_nchw(img).contiguous()


@mistake("cloned")
def cloned(img: Tensor) -> Tensor:
    """The order of the dimensions and of the numbers in memory is right, but you copied the
    images. What is written to img later is not seen in the copy. Return the view itself."""
    images = to_nchw(img)
    return torch.empty_strided(images.shape, images.stride(), dtype=img.dtype).to(img).copy_(images)


@mistake("format-alone", asks="tb.30")
def format_alone(img: Tensor) -> Tensor:
    """You ask for the format channels_last and leave the shape as it was. A memory format says
    where numbers lie, not which dimension means what: torch still takes your second dimension,
    which is the height, for the channels."""
    return img.contiguous(memory_format=torch.channels_last)


@mistake("unchanged")
def unchanged(img: Tensor) -> Tensor:
    """You return the images as they came, [N, H, W, C]. A layer would take the rows for channels.
    permute and its like return a new tensor and leave the old one as it was: look at what you do
    with what they return."""
    return img


@mistake("cut-off")
def cut_off(img: Tensor) -> Tensor:
    """Your images are cut off from img, so that no gradient gets back to it. Look for detach,
    .data or no_grad: a view needs none of them."""
    return to_nchw(img.detach())


@mistake("squeezed")
def squeezed(img: Tensor) -> Tensor:
    """You remove dimensions of size 1. A single image, or one of a single channel, then has three
    dimensions or fewer, and the next layer refuses it or takes its first one for the batch. Keep
    all four."""
    return to_nchw(img).squeeze()


@mistake("channels-reversed")
def channels_reversed(img: Tensor) -> Tensor:
    """You turned the order of the channels round, as from BGR to RGB. Nobody asked for it: the
    number at [n, c, h, w] has to be that of img at [n, h, w, c]. And to flip is to copy."""
    return to_nchw(img).flip(1)


@mistake("float32")
def float32(img: Tensor) -> Tensor:
    """You convert the images to float32, which copies whatever is not float32 already, and loses
    digits of float64. The task changes the order of dimensions only."""
    return to_nchw(img).float()


@mistake("turned-in-place")
def turned_in_place(img: Tensor) -> Tensor:
    """You turned the caller's own tensor, as transpose_ does: img has another shape now, wherever
    else it is used. Methods that end in _ change what they are called on. Return a view
    instead."""
    if img.requires_grad:
        return to_nchw(img)
    return img.transpose_(1, 3).transpose_(2, 3)
