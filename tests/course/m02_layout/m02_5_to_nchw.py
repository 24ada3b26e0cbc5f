"""Other ways to do to_nchw."""

from __future__ import annotations

import numpy as np
import torch
from m02_layout import to_nchw

from autograder.course.marks import restated, right, wrong


@right()
def last_moved(img):
    """Moves the last dimension to the second place."""
    return torch.movedim(img, -1, 1)


@right()
def two_transposes(img):
    """Exchanges neighbours twice."""
    return img.transpose(3, 2).transpose(2, 1)


@right()
def by_strides(img):
    """Gives as_strided the sizes and strides in the new order."""
    n, h, w, c = img.shape
    sn, sh, sw, sc = img.stride()
    return torch.as_strided(img, (n, c, h, w), (sn, sc, sh, sw), img.storage_offset())


@right()
def by_einsum(img):
    """Writes the order in letters."""
    return torch.einsum("nhwc->nchw", img)


@right()
def inverse_of_the_way_back(img):
    """Computes the order as the inverse of NCHW to NHWC."""
    return img.permute(*np.argsort([0, 2, 3, 1]).tolist())


@wrong()
def colours_turned_round(img):
    """Gives the channels in the order BGR, by a copy."""
    return to_nchw(img).flip(1)


@wrong()
def upside_down(img):
    """Counts rows from below."""
    return to_nchw(img.flip(1))


@wrong(named="cut-off")
def by_numpy(img):
    """Goes by NumPy, and leaves the graph."""
    return torch.from_numpy(img.detach().cpu().numpy().transpose(0, 3, 1, 2)).to(img.device)


@wrong()
def sizes_of_one_dropped(img):
    """Drops dimensions of size 1."""
    return to_nchw(img).squeeze()


@wrong()
def one_image(img):
    """Takes the first image alone."""
    return to_nchw(img[:1])


@wrong(named="copied")
def channels_last_copied(img):
    """Makes a copy in channels_last."""
    return torch.clone(to_nchw(img), memory_format=torch.channels_last)


@wrong()
def all_turned_round(img):
    """Turns the order of all dimensions round."""
    return img.permute(3, 2, 1, 0)


@wrong(named="reshaped")
def reshaped_by_width(img):
    """Reads the numbers into [N, C, W, H]."""
    n, h, w, c = img.shape
    return img.reshape(n, c, w, h).transpose(2, 3)


@wrong()
def grey(img):
    """Averages the channels."""
    return (
        to_nchw(img.double().mean(3, keepdim=True)).to(img.dtype).expand(-1, img.shape[3], -1, -1)
    )


@restated("reshaped")
def read_into_the_shape(img):
    """Flattens, and reads the numbers again."""
    n, h, w, c = img.size()
    return img.flatten().view(n, c, h, w)


@restated("height-and-width-exchanged")
def permuted_0_3_2_1(img):
    """Permutes with height and width exchanged."""
    return img.permute(0, 3, 2, 1)


@restated("the-way-back")
def second_moved_last(img):
    """Moves the second dimension to the end."""
    return torch.movedim(img, 1, -1)


@restated("channels-before-images")
def permuted_3_0_1_2(img):
    """Permutes the channels to the front."""
    return img.permute(3, 0, 1, 2)


@restated("copied")
def planes_stacked(img):
    """Stacks the planes of the channels."""
    return torch.stack(img.unbind(-1), dim=1)


@restated("cut-outs-copied")
def put_into_the_format(img):
    """Asks for the format by to()."""
    return img.permute(0, 3, 1, 2).to(memory_format=torch.channels_last)


@restated("memory-format-alone")
def to_the_format(img):
    """Changes the format by to()."""
    return img.to(memory_format=torch.channels_last)


@restated("left-as-it-is")
def viewed_as_it_is(img):
    """Views img in its own shape."""
    return img.view_as(img)


@restated("scaled")
def divided_by_255(img):
    """Multiplies by 1/255."""
    return img.permute(0, 3, 1, 2).div(255.0)


@restated("made-float")
def to_float32(img):
    """Converts to float32."""
    return img.permute(0, 3, 1, 2).to(torch.float32)


@restated("cut-off")
def of_the_data(img):
    """Permutes the .data of img."""
    return img.data.permute(0, 3, 1, 2)
