"""Other ways to do as_nchw."""

from __future__ import annotations

import torch
from m01_tensors import as_nchw

from autograder.course.marks import restated, right, wrong


@right()
def by_nones(img):
    """Indexes with None."""
    if img.dim() == 2:
        return img[None, None]
    if img.dim() == 3:
        return img[None, :, :, :]
    if img.dim() == 4:
        return img
    raise ValueError(f"rank {img.dim()}")


@right()
def by_view(img):
    """Views the numbers in a shape that begins with ones."""
    rank = len(img.shape)
    if rank < 2 or rank > 4:
        raise ValueError("not an image")
    return img.view((1,) * (4 - rank) + tuple(img.shape))


@right()
def by_expand(img):
    """Expands to a shape that has the missing sizes in front."""
    if img.ndim < 2 or img.ndim > 4:
        raise ValueError("not an image")
    return img.expand(*[1] * (4 - img.ndim), *img.size())


@right()
def by_reshape(img):
    """Takes the shape apart and reshapes, which copies nothing here."""
    match [*img.shape]:
        case [h, w]:
            return img.reshape(1, 1, h, w)
        case [c, h, w]:
            return img.reshape(1, c, h, w)
        case [_, _, _, _]:
            return img.view_as(img)
        case _:
            raise ValueError("rank")


@right()
def by_recursion(img):
    """Adds a dimension and calls itself."""
    if img.ndim == 4:
        return img[:]
    if img.ndim in {2, 3}:
        return by_recursion(torch.unsqueeze(img, dim=0))
    raise ValueError(img.shape)


@right()
def at_least_three_dimensions(img):
    """Adds the channel behind and moves it to the front."""
    if not 1 < img.ndim < 5:
        raise ValueError("ndim")
    if img.ndim == 2:
        img = torch.atleast_3d(img).movedim(-1, 0)
    return img if img.ndim == 4 else img.unflatten(0, (1, -1)) if len(img) else img[None]


@wrong(named="images-for-channels")
def channel_in_the_middle(img):
    """Puts every missing dimension at place 1."""
    as_nchw(img)
    while img.ndim < 4:
        img = img.unsqueeze(1 if img.ndim == 3 else 0)
    return img


@wrong()
def three_channels(img):
    """Gives a single channel three times, as a colour image has it."""
    batch = as_nchw(img)
    return batch.expand(-1, 3, -1, -1) if img.ndim == 2 else batch


@wrong()
def batch_joined(img):
    """Takes the channels of a batch for those of one image."""
    batch = as_nchw(img)
    return batch.flatten(0, 1).unsqueeze(0)


@wrong()
def scaled_to_one(img):
    """Divides by 255."""
    return as_nchw(img) / 255


@wrong()
def ranks_two_and_three_only(img):
    """Refuses a batch."""
    if img.ndim == 4:
        raise ValueError("a batch already")
    return as_nchw(img)


@wrong()
def asserted(img):
    """Raises AssertionError by an assert."""
    assert 2 <= img.ndim <= 4
    return as_nchw(img)


@wrong()
def turned(img):
    """Exchanges height and width."""
    return as_nchw(img).mT


@wrong()
def empty_is_refused(img):
    """Refuses an image without channels."""
    if img.numel() == 0:
        raise ValueError("empty")
    return as_nchw(img)


@wrong()
def copied_when_it_grows(img):
    """Returns a batch as it is and copies anything else."""
    return img if img.ndim == 4 else as_nchw(img) + 0


@wrong(named="too-few-accepted, too-many-accepted")
def first_draft(img):
    """Adds dimensions until there are four, and refuses nothing."""
    while img.ndim < 4:
        img = img[None]
    return img


@restated("rank-of-linear-algebra")
def matrix_rank_of_each(img):
    """Computes the matrix rank and adds what is missing to 4."""
    ranks = torch.linalg.matrix_rank(img.to(torch.float64)).flatten().tolist()
    rank = max(ranks)
    if rank < 2 or rank > 4:
        raise ValueError(f"rank {rank}")
    for _ in range(4 - rank):
        img = img.unsqueeze(0)
    return img


@restated("dimensions-behind")
def unsqueezed_at_the_end(img):
    """Calls unsqueeze(-1) for the batch."""
    if img.ndim not in range(2, 5):
        raise ValueError
    while img.ndim != 4:
        img = img.unsqueeze(-1)
    return img


@restated("images-for-channels")
def three_are_a_batch(img):
    """Views [N, H, W] as [N, 1, H, W]."""
    if img.ndim == 3:
        return img[:, None]
    if img.ndim == 2:
        return img[None, None]
    if img.ndim == 4:
        return img
    raise ValueError


@restated("channels-last")
def moved_to_the_front(img):
    """Moves the last of three dimensions."""
    if img.ndim == 3:
        return img.movedim(-1, 0)[None]
    if img.ndim == 2:
        return img[None, None]
    if img.ndim == 4:
        return img
    raise ValueError


@restated("guessed-from-the-size")
def looks_like_colours(img):
    """Asks whether the first of three sizes looks like channels."""
    if img.ndim not in (2, 3, 4):
        raise ValueError
    if img.ndim == 4:
        return img
    if img.ndim == 3:
        return img.unsqueeze(0) if len(img) == 1 or len(img) == 3 else img.unsqueeze(1)
    return img.unsqueeze(0).unsqueeze(0)


@restated("copied")
def stacked(img):
    """Stacks a list of one until there are four dimensions."""
    if img.ndim not in (2, 3, 4):
        raise ValueError
    if img.ndim == 4:
        return img.clone()
    while img.ndim < 4:
        img = torch.stack([img])
    return img


@restated("made-contiguous")
def contiguous_view(img):
    """Views a contiguous image."""
    if img.ndim not in (2, 3, 4):
        raise ValueError
    return img.contiguous().view(*[1] * (4 - img.ndim), *img.shape)


@restated("too-few-accepted")
def only_five_are_refused(img):
    """Looks at the upper bound only."""
    if img.ndim > 4:
        raise ValueError
    while img.ndim < 4:
        img = img.unsqueeze(0)
    return img


@restated("too-many-accepted")
def only_one_is_refused(img):
    """Looks at the lower bound only."""
    if img.ndim < 2:
        raise ValueError
    while img.ndim < 4:
        img = img.unsqueeze(0)
    return img


@restated("error-returned")
def exception_as_a_value(img):
    """Returns the exception in the last branch."""
    if img.ndim == 2:
        return img[None, None]
    if img.ndim == 3:
        return img[None]
    return img if img.ndim == 4 else ValueError("2 to 4 dimensions")


@restated("squeezed-first")
def without_ones(img):
    """Drops ones and views what is left."""
    if not 2 <= img.ndim <= 4:
        raise ValueError
    sizes = [size for size in img.shape if size != 1]
    return img.reshape([1] * (4 - len(sizes)) + sizes)


@restated("made-float")
def converted_at_first(img):
    """Converts to float32 first."""
    if not 2 <= img.ndim <= 4:
        raise ValueError
    img = img.to(torch.float32)
    while img.dim() < 4:
        img = img[None]
    return img


@restated("shape-changed-in-place")
def resized_in_place(img):
    """Inserts dimensions in place."""
    if img.ndim not in (2, 3, 4):
        raise ValueError
    for _ in range(4 - img.ndim):
        img.unsqueeze_(0)
    return img


@restated("cut-off")
def of_its_data(img):
    """Works on .data."""
    if img.ndim not in (2, 3, 4):
        raise ValueError
    return img.data[(None,) * (4 - img.ndim)]
