"""Other ways to do to_nchw."""

from __future__ import annotations

import torch
from m02_layout import to_nchw

from autograder.course.marks import restated, right, wrong


@right()
def axis_moved(img):
    """Moves the last axis to the second place."""
    return img.movedim(-1, 1)


@right()
def two_swaps(img):
    """Swaps neighbours twice."""
    return img.swapaxes(2, 3).swapaxes(1, 2)


@right()
def by_letters(img):
    """Lets einsum name the axes."""
    return torch.einsum("nhwc->nchw", img)


@right()
def strides_by_hand(img):
    """Permutes shape and strides itself."""
    n, height, width, channels = img.shape
    across, down, right, deep = img.stride()
    return img.as_strided((n, channels, height, width), (across, deep, down, right))


@right()
def named_by_negative_numbers(img):
    """Counts the axes from the end."""
    order = (-4, -1, -3, -2)
    return torch.permute(img, order)


@right()
def one_by_one_moved(img):
    """Moves height and width behind the channels with rollaxis's rule."""
    return torch.moveaxis(img, (1, 2), (2, 3))


@wrong()
def batch_moved(img):
    """Puts the channels before the batch."""
    return img.permute(3, 0, 1, 2)


@wrong()
def upside_down(img):
    """Flips the rows."""
    return to_nchw(img).flip(2)


@wrong()
def scaled(img):
    """Divides by 255."""
    return to_nchw(img) / 255


@wrong()
def gray(img):
    """Averages the channels and repeats the mean."""
    return to_nchw(img).mean(1, keepdim=True).expand(-1, img.shape[3], -1, -1)


@wrong()
def a_list(img):
    """Returns the images one by one."""
    return [one.permute(2, 0, 1) for one in img]


@wrong(named="contiguous")
def stacked_channels(img):
    """Stacks the channels."""
    return torch.stack(list(img.unbind(-1)), dim=1)


@restated("reshaped")
def viewed(img):
    """Flattens and unflattens."""
    n, height, width, channels = img.shape
    return img.flatten().reshape(n, channels, height, width)


@restated("height-and-width-swapped")
def reversed_tail(img):
    """Reverses all but the batch."""
    return img.permute(0, 3, 2, 1)


@restated("width-and-channels-swapped")
def last_two_swapped(img):
    """Uses mT."""
    return img.mT


@restated("inverse-permutation")
def from_the_front_to_the_end(img):
    """Moves the second axis to the end."""
    return img.movedim(1, -1)


@restated("contiguous")
def laid_out_anew(img):
    """Clones into the contiguous format."""
    return img.permute(0, 3, 1, 2).clone(memory_format=torch.contiguous_format)


@restated("cloned")
def clone_that_keeps_strides(img):
    """Copies the stored images first."""
    whole = torch.empty_strided(img.shape, img.stride(), dtype=img.dtype).to(img)
    return whole.copy_(img).permute(0, 3, 1, 2)


@restated("format-alone")
def to_the_format(img):
    """Calls to with the format."""
    return img.to(memory_format=torch.channels_last)


@restated("unchanged")
def result_thrown_away(img):
    """Permutes for nothing."""
    img.permute(0, 3, 1, 2)
    return img


@restated("cut-off")
def data_alone(img):
    """Permutes the data."""
    return img.data.permute(0, 3, 1, 2)


@restated("squeezed")
def squeezed_before(img):
    """Squeezes the view, axis by axis."""
    images = img.permute(0, 3, 1, 2)
    for axis in (3, 2, 1, 0):
        images = images.squeeze(axis)
    return images


@restated("channels-reversed")
def index_of_channels(img):
    """Indexes the channels backwards."""
    order = list(range(img.shape[3]))[::-1]
    return img.permute(0, 3, 1, 2)[:, order]


@restated("float32")
def converted_first(img):
    """Converts before it permutes."""
    return img.to(torch.float32).permute(0, 3, 1, 2)


@restated("turned-in-place")
def swapped_in_place(img):
    """Calls swapaxes_ twice."""
    if img.requires_grad:
        return img.permute(0, 3, 1, 2)
    return img.swapaxes_(3, 2).swapaxes_(2, 1)
