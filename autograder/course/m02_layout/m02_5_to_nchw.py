"""Mistakes of to_nchw."""

from __future__ import annotations

import torch
from m02_layout import to_nchw
from torch import Tensor

from autograder.course.marks import mistake


@mistake("reshaped", asks="tb.30")
def reshaped(img: Tensor) -> Tensor:
    """You read the numbers into the new shape as they come, by reshape or view. The shape is that
    of the task, but each plane now mixes channels and pixels: the images are scrambled. The
    dimensions have to change places, not the sizes alone."""
    n, height, width, channels = img.shape
    return img.reshape(n, channels, height, width)


@mistake("height-and-width-exchanged", asks="tb.30")
def height_and_width_exchanged(img: Tensor) -> Tensor:
    """You exchange the second and the last dimension: the result is [N, C, W, H], images on their
    side, and for square ones the shape does not show it. Height has to stay before width. Look at
    the order of the last two dimensions."""
    return img.transpose(1, 3)


@mistake("the-way-back", asks="tb.30")
def the_way_back(img: Tensor) -> Tensor:
    """You go the other way: this order makes NHWC of NCHW. permute lists, for each new place, which
    old dimension comes there; the channels were last. Look at the order of its numbers."""
    return img.permute(0, 2, 3, 1)


@mistake("channels-before-images", asks="tb.30")
def channels_before_images(img: Tensor) -> Tensor:
    """You put the channels before the images, [C, N, H, W]. The images of a batch stay the first
    dimension in both orders; the channels come second. Look at the place where you put them."""
    return img.movedim(-1, 0)


@mistake("copied", asks="tb.30")
def copied(img: Tensor) -> Tensor:
    """You copy all pixels, by contiguous, clone, stack or the like. The new order needs new strides
    only: the numbers can stay where they are, and what is written to img later is then seen in the
    result."""
    return to_nchw(img).clone()


@mistake("cut-outs-copied", asks="tb.30")
def cut_outs_copied(img: Tensor) -> Tensor:
    """You ask for channels_last memory in the end. Whole images have it already, but a part cut out
    of larger ones is copied by that. Strides may be anything here: look at the call that is not
    needed."""
    return to_nchw(img).contiguous(memory_format=torch.channels_last)


@mistake("memory-format-alone", asks="tb.30")
def memory_format_alone(img: Tensor) -> Tensor:
    """You change the memory format and leave the shape: the result is still [N, H, W, C] to every
    layer. channels_last is about where numbers lie, not about which index is which. Look for a call
    that moves dimensions."""
    return img.contiguous(memory_format=torch.channels_last)


@mistake("left-as-it-is", asks="tb.30")
def left_as_it_is(img: Tensor) -> Tensor:
    """You return the images in their old order. nn.Conv2d would take the height for the channels.
    The second dimension of the result has to be the channels, which stand last in img."""
    return img


@mistake("scaled")
def scaled(img: Tensor) -> Tensor:
    """You also make floats of the pixels or divide them by 255, as torchvision's ToTensor does. The
    task is about the order alone: dtype and numbers stay. Look for what you do besides moving
    dimensions."""
    return to_nchw(img) / 255


@mistake("made-float")
def made_float(img: Tensor) -> Tensor:
    """You make float32 of the pixels. That copies them wherever they have another dtype, and bytes
    take four times the memory. The result keeps the dtype of img; look for a conversion."""
    return to_nchw(img).float()


@mistake("cut-off")
def cut_off(img: Tensor) -> Tensor:
    """Your result is cut off from the graph of img, so that no gradient reaches the pixels. A new
    order is an operation that autograd records. Look for detach, .data or a detour over NumPy."""
    return to_nchw(img).detach()
