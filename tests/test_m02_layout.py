"""The references of m02, proved by other routes."""

from __future__ import annotations

import itertools
import random

import pytest
import torch
from m02_layout import (
    can_view,
    flatten,
    is_contiguous,
    offset,
    sliding_windows,
    strides_of,
    to_nchw,
)
from torch import Tensor


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


def regrouped(t: Tensor, draw: random.Random) -> tuple[int, ...]:
    """Draw a shape: mostly of the factors of the sizes of t, in their order, in new groups."""
    factors = [f for size in t.shape for f in ([2, size // 2] if size in (4, 6, 8) else [size])]
    if draw.random() < 0.25:
        draw.shuffle(factors)
    shape = [1] * draw.randrange(2)
    for factor in factors:
        if shape and draw.random() < 0.5:
            shape[-1] *= factor
        else:
            shape.append(factor)
    if draw.random() < 0.1:
        shape.append(draw.randrange(3))
    return tuple(shape)


def viewed(t: Tensor, shape: tuple[int, ...]) -> bool:
    """Say whether torch makes the view."""
    try:
        t.view(shape)
    except RuntimeError:
        return False
    return True


def test_can_view_agrees_with_torch() -> None:
    """On 3,000 drawn layouts and shapes the answer is what t.view does; many are of either kind."""
    draw, answers = random.Random(4), []
    for t in layouts(3000, 4):
        shape = regrouped(t, draw)
        answers.append(can_view(t, shape))
        assert answers[-1] is viewed(t, shape), (t.shape, t.stride(), shape)
    assert 500 < sum(answers) < 2700


def test_can_view_of_half_the_columns() -> None:
    """Every second column can be one row where the last one is left out; rows can be split."""
    half = torch.arange(24).view(4, 6)[:, ::2]
    assert not half.is_contiguous() and can_view(half, (2, 2, 3)) and can_view(half, (12,))
    odd = torch.arange(20).view(4, 5)[:, ::2]
    assert can_view(odd, (2, 2, 3)) and not can_view(odd, (12,)) and not can_view(odd, (4, 4))


def test_flatten_copies_only_where_view_refuses() -> None:
    """2,000 drawn layouts are read in order; copied where no view is possible, and only there."""
    copies = []
    for t in layouts(2000, 6):
        flat, copied = flatten(t)
        assert flat.tolist() == [t[i].item() for i in itertools.product(*map(range, t.shape))]
        assert copied is not viewed(t, (t.numel(),))
        same = flat.untyped_storage().data_ptr() == t.untyped_storage().data_ptr()
        assert copied is not same
        copies.append(copied)
    assert 100 < sum(copies) < 1900


def test_flatten_passes_gradients_on() -> None:
    """Finite differences agree with the gradient, with a copy and without."""
    t = torch.randn(3, 4, dtype=torch.float64, requires_grad=True)
    for part in (slice(None), slice(None, None, 2)):
        assert torch.autograd.gradcheck(lambda t: flatten(t[part])[0].square(), (t,))  # noqa: B023
        assert torch.autograd.gradcheck(lambda t: flatten(t[:, part].T)[0].square(), (t,))  # noqa: B023


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


@pytest.mark.parametrize("shape", [(2, 3, 4, 5), (1, 1, 1, 1), (3, 3, 3, 3), (2, 4, 3, 1)])
def test_to_nchw_finds_every_pixel(shape: tuple[int, ...]) -> None:
    """Each channel of each pixel is at its new index, in the same memory, channels_last."""
    img = torch.rand(shape)
    images = to_nchw(img)
    for n, h, w, c in itertools.product(*map(range, shape)):
        assert images[n, c, h, w] == img[n, h, w, c]
    img.add_(1)
    assert torch.equal(images.permute(0, 2, 3, 1), img)
    assert images.is_contiguous(memory_format=torch.channels_last)
    _, height, width, channels = shape
    assert images.stride() == (height * width * channels, 1, width * channels, channels)


def test_no_function_changes_its_input() -> None:
    """Tensors have the same numbers, sizes and strides afterwards."""
    t = torch.randn(2, 3, 4, 4)[..., ::2]
    before, layout = t.clone(), (t.shape, t.stride())
    can_view(t, (48,))
    flatten(t)
    to_nchw(t)
    sliding_windows(t[0, 0, :, 0], 2)
    assert torch.equal(t, before) and (t.shape, t.stride()) == layout
