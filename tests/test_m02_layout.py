"""The references of m02, proved by other routes."""

from __future__ import annotations

import itertools
import math
import random

import numpy as np
import pytest
import torch
from m02_layout import is_contiguous, offset, sliding_windows, strides_of, to_nchw
from torch import Tensor, nn


def layouts(count: int, seed: int, low: int = 0) -> list[Tensor]:
    """Draw views of up to four dimensions: permuted, sliced with steps, expanded, selected."""
    draw, found = random.Random(seed), []
    for _ in range(count):
        t = torch.arange(2000)[draw.randrange(50) :]
        shape = [draw.randint(low, 4) for _ in range(draw.randint(0, 4))]
        t = t[: torch.Size(shape).numel()].view(shape)
        for _ in range(draw.randint(0, 3)):
            t = changed(t, draw)
        found.append(t)
    return found


def changed(t: Tensor, draw: random.Random) -> Tensor:
    """Return another view of the same numbers."""
    kind = draw.randrange(4)
    if kind == 0 or not t.dim():
        return t.permute(draw.sample(range(t.dim()), t.dim()))
    dim = draw.randrange(t.dim())
    if kind == 1:
        part = slice(draw.randrange(2), None, draw.randint(1, 3))
        return t[(slice(None),) * dim + (part,)]
    if kind == 2 and t.dim() < 5:
        t = t.unsqueeze(dim)
        return t.expand(*t.shape[:dim], draw.randint(1, 3), *t.shape[dim + 1 :])
    return t.select(dim, 0) if t.shape[dim] else t


def test_strides_of_are_torchs_own() -> None:
    """New tensors of 500 drawn shapes, some without elements, have these strides."""
    for t in layouts(500, 1):
        assert strides_of(tuple(t.shape)) == torch.empty(t.shape).stride()


def test_strides_of_needs_no_memory() -> None:
    """Sizes whose product no integer of 64 bits holds have strides nevertheless."""
    assert strides_of((10**12, 10**12, 7)) == (7 * 10**12, 7, 1)


def test_offset_finds_every_element() -> None:
    """The storage holds each element of 200 drawn views at its offset."""
    for t in layouts(200, 2):
        storage = torch.arange(2000)  # its number is its place
        for index in itertools.product(*map(range, t.shape)):
            assert storage[offset(index, t.stride(), int(t.storage_offset()))] == t[index]
    assert offset((), ()) == 0 and offset((), (), 7) == 7


def test_is_contiguous_agrees_with_torch() -> None:
    """2,000 drawn views, some with sizes of 0 and 1, get torch's answer, and many get either."""
    answers = []
    for t in layouts(2000, 3):
        answers.append(is_contiguous(tuple(t.shape), t.stride()))
        assert answers[-1] is t.is_contiguous()
    assert 200 < sum(answers) < 1800


@pytest.mark.parametrize("step", [1, 2, 3, 8])
@pytest.mark.parametrize("part", [slice(None), slice(3, None, 2), slice(2, 9), slice(4, 5)])
def test_sliding_windows_equals_unfold(part: slice, step: int) -> None:
    """Of slices of any start and stride, all windows are those of unfold, of the same memory."""
    base = torch.randn(12, dtype=torch.float64)
    x = base[part]
    for k in range(1, len(x) + 1):
        windows = sliding_windows(x, k, step)
        assert torch.equal(windows, x.unfold(0, k, step))
        base.mul_(2)
        assert torch.equal(windows, x.unfold(0, k, step))
    with pytest.raises(ValueError, match="does not fit"):
        sliding_windows(x, len(x) + 1, step)


def test_sliding_windows_passes_gradients_on() -> None:
    """Finite differences agree with the gradient through overlapping windows of a slice."""
    base = torch.randn(9, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda b: sliding_windows(b[1::2], 3).square(), (base,))


@pytest.mark.parametrize("shape", [(2, 4, 5, 3), (3, 3, 3, 3), (1, 2, 2, 1)])
def test_to_nchw_moves_every_number(shape: tuple[int, ...]) -> None:
    """NumPy's transpose agrees, and a loop over all places."""
    img = torch.arange(math.prod(shape)).reshape(shape)
    images = to_nchw(img)
    assert np.array_equal(images.numpy(), np.transpose(img.numpy(), (0, 3, 1, 2)))
    for n, c, h, w in np.ndindex(*images.shape):
        assert images[n, c, h, w] == img[n, h, w, c]


def test_to_nchw_is_a_view_in_the_format_channels_last() -> None:
    """Strides (HWC, 1, WC, C), torch's own check of the format, and the same memory."""
    img = torch.zeros(2, 4, 5, 3)
    images = to_nchw(img)
    assert images.stride() == (4 * 5 * 3, 1, 5 * 3, 3)
    assert images.is_contiguous(memory_format=torch.channels_last)
    assert images.data_ptr() == img.data_ptr()
    nn.Conv2d(3, 2, 3)(images)  # a layer takes it as it is
