"""Mistakes of as_nchw."""

from __future__ import annotations

from typing import Any

import torch
from m01_tensors import as_nchw
from torch import Tensor

from autograder.course.marks import mistake


@mistake("rank-of-linear-algebra", asks="tb.2")
def rank_of_linear_algebra(img: Tensor) -> Tensor:
    """You asked for the rank of linear algebra, the number of independent rows. It depends on the
    numbers: an image of zeros has rank 0, and one of 3 x 5 mostly has rank 3. A tensor's rank is
    the number of its dimensions."""
    rank = int(torch.linalg.matrix_rank(img.double()).max())
    if rank not in (2, 3, 4):
        raise ValueError("not an image")
    return img[(None,) * (4 - rank)]


@mistake("dimensions-behind")
def dimensions_behind(img: Tensor) -> Tensor:
    """You added the missing dimensions behind the others, so height and width are read as a batch
    and its channels. Batch and channels stand in front, in N, C, H, W. Look at the place that you
    give to the new dimension."""
    as_nchw(img)
    return img.reshape(*img.shape, *(1,) * (4 - img.ndim))


@mistake("images-for-channels", asks="tb.2")
def images_for_channels(img: Tensor) -> Tensor:
    """You read three dimensions as a batch of images without channels, [N, H, W]. Here the batch is
    what is missing: [C, H, W] is one image, and C must not become N. Look at where you add the
    dimension."""
    return as_nchw(img) if img.ndim != 3 else img.unsqueeze(1)


@mistake("channels-last")
def channels_last(img: Tensor) -> Tensor:
    """You read three dimensions as [H, W, C] and moved the last one to the front. Image files
    are often stored so; the task says [C, H, W], where no dimension has to be moved. Only the batch
    is missing."""
    return as_nchw(img if img.ndim != 3 else img.permute(2, 0, 1))


@mistake("guessed-from-the-size")
def guessed_from_the_size(img: Tensor) -> Tensor:
    """You decide by a size what a dimension means: 1 or 3 are channels, anything else a batch. An
    image may have 4 channels, and a batch 3 images. The number of dimensions alone says what img
    is."""
    if img.ndim == 3 and img.shape[0] not in (1, 3):
        return img.unsqueeze(1)
    return as_nchw(img)


@mistake("copied")
def copied(img: Tensor) -> Tensor:
    """Your batch is a copy: what is written into the image later is not seen in it. A dimension of
    size 1 costs no memory when it is only described. Look for clone, stack, repeat, or a new tensor
    that is made of the old one."""
    return as_nchw(img).clone()


@mistake("made-contiguous")
def made_contiguous(img: Tensor) -> Tensor:
    """You make the image contiguous. Where it is not, after a transposition for instance, that
    copies all its numbers, and the batch no longer follows the image. A dimension of size 1 fits
    every layout."""
    return as_nchw(img.contiguous())


@mistake("too-few-accepted")
def too_few_accepted(img: Tensor) -> Tensor:
    """You accept fewer than two dimensions. A vector is no image: taken for one it would be a row
    of pixels, and what went wrong before stays hidden. Raise a ValueError."""
    return as_nchw(img) if img.ndim >= 2 else img.reshape(1, 1, 1, -1)


@mistake("too-many-accepted")
def too_many_accepted(img: Tensor) -> Tensor:
    """You accept more than four dimensions. Whoever gets the result counts on N, C, H, W, and fails
    later, far from the cause. Raise a ValueError."""
    return as_nchw(img) if img.ndim <= 4 else img


@mistake("error-returned")
def error_returned(img: Tensor) -> Any:
    """You make a ValueError and return it: for Python that is a value like any other, and the
    caller goes on with it. An exception stops the caller only when it is raised."""
    return as_nchw(img) if 2 <= img.ndim <= 4 else ValueError(f"{img.ndim} dimensions")


@mistake("squeezed-first", asks="tb.2")
def squeezed_first(img: Tensor) -> Tensor:
    """You squeezed the image first. That drops every dimension of size 1, also a batch of one image
    or a single column of pixels, and the dimensions that are left change their meaning. Only add
    what is missing."""
    if img.ndim not in (2, 3, 4):
        raise ValueError("not an image")
    img = img.squeeze()
    return img[(None,) * (4 - img.ndim)]


@mistake("made-float")
def made_float(img: Tensor) -> Tensor:
    """Your batch is float32 whatever the image is. A conversion copies, so the memory is no longer
    shared, and uint8 pixels need four times as much. Keep the dtype of the image."""
    return as_nchw(img).float()


@mistake("shape-changed-in-place")
def shape_changed_in_place(img: Tensor) -> Tensor:
    """You changed the caller's image: it has another shape afterwards. A name that ends in _ says
    that the tensor itself is changed. Make a view, and leave the image as it is."""
    as_nchw(img)
    while img.ndim < 4:
        img.unsqueeze_(0)
    return img


@mistake("cut-off")
def cut_off(img: Tensor) -> Tensor:
    """Your batch is cut off from the image, so no gradient gets back to it. The memory is still the
    same, but autograd does not know. Look for detach, .data or no_grad."""
    return as_nchw(img).detach()
