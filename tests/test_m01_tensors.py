"""The references of m01, proved by closed forms, finite differences and torch's counterparts."""

from __future__ import annotations

import csv
import math
from typing import Any

import numpy as np
import pytest
import torch
from m01_tensors import as_nchw, combine, footprint, from_array, masked_mean, table_to_tensors
from torch import Tensor, nn

from autograder.inside.tables import FEATURES, FOLDER, TARGETS, crop_yield


def drawn(seed: int, *shape: int) -> Tensor:
    """Draw a float64 tensor."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=generator, dtype=torch.float64)


def read_table(name: str) -> list[dict[str, Any]]:
    """Read a table of data/: ints, and text where there is some."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        table = csv.DictReader(file)
        return [{k: int(v) if v.isdigit() else v for k, v in row.items()} for row in table]


@pytest.mark.parametrize(("name", "n"), [("crop_yield.csv", 5), ("crop_yield_15.csv", 15)])
def test_table_to_tensors_reads_the_crop_tables(name: str, n: int) -> None:
    """The matrices are those that NumPy makes of the columns."""
    x, y = table_to_tensors(read_table(name), list(FEATURES), list(TARGETS))
    expected = [torch.from_numpy(part).float() for part in crop_yield(n)]
    assert torch.equal(x, expected[0]) and torch.equal(y, expected[1])


def test_table_to_tensors_feeds_a_layer() -> None:
    """A linear layer takes x, and its loss takes y, without any conversion."""
    x, y = table_to_tensors(read_table("crop_yield.csv"), list(FEATURES), ["apples_t"])
    assert y.shape == (5, 1)
    nn.functional.mse_loss(nn.Linear(3, 1)(x), y).backward()


def test_table_to_tensors_takes_the_columns_in_the_order_wanted() -> None:
    """Whatever the order of the keys, every cell stands where its row and its name say."""
    rows = [{"a": 1, "b": 2.5, "c": "text"}, {"c": "more", "b": -4, "a": 0.125}]
    x, y = table_to_tensors(rows, ["b", "a"], ["a"])
    assert x.tolist() == [[2.5, 1.0], [-4.0, 0.125]]
    assert y.tolist() == [[1.0], [0.125]]


def test_table_to_tensors_makes_float32_of_all_numbers() -> None:
    """Ints and floats become float32, rounded once."""
    x, y = table_to_tensors([{"a": 1, "b": 0.1}], ["a"], ["b"])
    assert x.dtype == y.dtype == torch.float32
    assert y.item() == torch.tensor(0.1, dtype=torch.float64).float().item()


@pytest.mark.parametrize(("features", "targets"), [(["a", "z"], ["b"]), (["a"], ["z"])])
def test_table_to_tensors_refuses_a_missing_column(features: list[str], targets: list[str]) -> None:
    """A row that lacks a column raises KeyError."""
    with pytest.raises(KeyError):
        table_to_tensors([{"a": 1, "b": 2, "z": 3}, {"a": 1, "b": 2}], features, targets)


def test_masked_mean_of_numbers_worked_out_by_hand() -> None:
    """The mean of 1, 2 and 6 is 3, whatever stands between them."""
    x = torch.tensor([[1.0, math.nan, 2.0], [math.inf, 6.0, -math.inf]])
    assert masked_mean(x, torch.tensor([[True, False, True], [False, True, False]])).item() == 3


@pytest.mark.parametrize("shape", [(5,), (3, 4), (2, 1, 3), (1,)])
def test_masked_mean_is_a_weighted_mean(shape: tuple[int, ...]) -> None:
    """It is the product with weights of 1/k and 0, as is its gradient."""
    x, keep = drawn(1, *shape).requires_grad_(), drawn(2, *shape) > 0
    keep.view(-1)[-1] = True
    weights = keep.double() / keep.sum()
    mean = masked_mean(x, keep)
    mean.backward()
    torch.testing.assert_close(mean, (x * weights).sum())
    torch.testing.assert_close(x.grad, weights)


def test_masked_mean_has_the_gradient_of_finite_differences() -> None:
    """Numerical and analytic derivatives agree."""
    keep = drawn(3, 3, 4) > 0
    assert torch.autograd.gradcheck(lambda x: masked_mean(x, keep), drawn(4, 3, 4).requires_grad_())


def test_masked_mean_does_not_see_what_is_dropped() -> None:
    """With nan in place of all that is dropped, value and gradient stay the same."""
    x, keep = drawn(5, 4, 5), drawn(6, 4, 5) > 0
    spoilt = x.masked_fill(~keep, math.nan).requires_grad_()
    clean = x.clone().requires_grad_()
    for tensor in (spoilt, clean):
        masked_mean(tensor, keep).backward()
    assert masked_mean(spoilt, keep) == masked_mean(clean, keep)
    assert torch.equal(spoilt.grad, clean.grad)  # type: ignore[arg-type]


def test_masked_mean_keeps_a_nan_that_is_kept() -> None:
    """A kept nan is not hidden."""
    x = torch.tensor([1.0, math.nan])
    assert masked_mean(x, torch.tensor([True, True])).isnan()


@pytest.mark.parametrize("shape", [(3,), (2, 2), (0,), (0, 4)])
def test_masked_mean_refuses_to_average_nothing(shape: tuple[int, ...]) -> None:
    """Without a kept entry it raises ValueError."""
    with pytest.raises(ValueError, match="kept"):
        masked_mean(torch.ones(shape), torch.zeros(shape, dtype=torch.bool))


def test_masked_mean_stays_on_the_device_and_in_the_dtype_of_its_input() -> None:
    """float32 and float64 come back as they came."""
    for dtype in (torch.float32, torch.float64):
        mean = masked_mean(torch.ones(2, 3, dtype=dtype), torch.ones(2, 3, dtype=torch.bool))
        assert mean.dtype == dtype and mean.shape == ()


@pytest.mark.parametrize("shape", [(2, 3), (4, 2, 3), (5, 4, 2, 3), (1, 1), (0, 2, 2)])
def test_as_nchw_is_what_a_convolution_takes(shape: tuple[int, ...]) -> None:
    """Sizes of 1 stand in front, and a sum of the pixels of each image gives the same sum."""
    img = drawn(7, *shape)
    batch = as_nchw(img)
    assert batch.shape == (1,) * (4 - len(shape)) + shape
    pixels = nn.functional.conv2d(batch, torch.ones(1, *batch.shape[1:], dtype=torch.float64))
    if img.numel():
        torch.testing.assert_close(pixels.sum(), img.sum())


@pytest.mark.parametrize("shape", [(3, 4), (2, 3, 4), (5, 2, 3, 4)])
def test_as_nchw_shares_the_memory(shape: tuple[int, ...]) -> None:
    """Also of a transposed image the batch begins at the same address, with the same strides."""
    for img in (drawn(8, *shape), drawn(8, *shape).mT):
        batch = as_nchw(img)
        assert batch.data_ptr() == img.data_ptr()
        assert batch.stride()[4 - img.ndim :] == img.stride()


def test_as_nchw_lets_gradients_through() -> None:
    """The gradient of the weighted sum is the weights."""
    img, weights = drawn(9, 2, 3).requires_grad_(), drawn(10, 2, 3)
    (as_nchw(img)[0, 0] * weights).sum().backward()
    assert torch.equal(img.grad, weights)  # type: ignore[arg-type]


@pytest.mark.parametrize("rank", [0, 1, 5, 6])
def test_as_nchw_refuses_other_ranks(rank: int) -> None:
    """Less than an image and more than a batch raise ValueError."""
    with pytest.raises(ValueError, match="dimensions"):
        as_nchw(torch.zeros((2,) * rank))


DTYPES = (torch.float16, torch.float32, torch.float64, torch.bool, torch.int64, torch.complex64)


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_footprint_of_a_whole_tensor_is_that_of_its_array(dtype: torch.dtype) -> None:
    """NumPy counts as many bytes, and the storage has no others."""
    t = torch.zeros(3, 5, dtype=dtype)
    assert footprint(t) == (t.numpy().nbytes,) * 2


def test_footprint_of_float64_is_twice_that_of_float32() -> None:
    """The default takes half of the memory."""
    t = torch.zeros(7, 2)
    assert footprint(t.double()) == tuple(2 * number for number in footprint(t))


def test_footprint_of_parts() -> None:
    """A part has fewer bytes than its storage, and an expanded tensor more."""
    t = torch.zeros(6, 4, dtype=torch.float64)
    assert footprint(t[2:4]) == (64, 192)
    assert footprint(t[:, ::2]) == (96, 192)
    assert footprint(t[:0]) == (0, 192)
    assert footprint(torch.zeros(3, 1).expand(3, 1000)) == (12_000, 12)


@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (2, 3, 4)])
def test_combine_gives_every_tensor_back_from_a_new_axis(shape: tuple[int, ...]) -> None:
    """Along any dim of the result, index i finds tensor i."""
    ts = [drawn(seed, *shape) for seed in (11, 12, 13)]
    for dim in range(-len(shape) - 1, len(shape) + 1):
        whole = combine(ts, dim, new_axis=True)
        assert whole.ndim == len(shape) + 1 and whole.shape[dim] == 3
        assert all(torch.equal(whole.select(dim, i), t) for i, t in enumerate(ts))


@pytest.mark.parametrize("dim", [0, 1, 2, -1, -2, -3])
def test_combine_can_be_split_again(dim: int) -> None:
    """Splitting at the old sizes gives the tensors back, also where these differ."""
    shapes = [[2, 3, 4] for _ in range(3)]
    for place, shape in enumerate(shapes):
        shape[dim] += place
    ts = [drawn(14 + place, *shape) for place, shape in enumerate(shapes)]
    whole = combine(ts, dim, new_axis=False)
    parts = whole.split([t.shape[dim] for t in ts], dim)
    assert all(map(torch.equal, parts, ts))


@pytest.mark.parametrize("new_axis", [True, False])
def test_combine_copies_and_can_be_differentiated(new_axis: bool) -> None:
    """A single tensor is copied, too, and each gradient is that of finite differences."""
    t = drawn(20, 2, 3)
    whole = combine([t], -1, new_axis)
    t.zero_()
    assert whole.all()
    pair = (drawn(21, 2, 3).requires_grad_(), drawn(22, 2, 3).requires_grad_())
    assert torch.autograd.gradcheck(lambda *ts: combine([*ts], 1, new_axis), pair)


LAYOUTS: dict[str, Any] = {
    "plain": lambda a: a,
    "turned": lambda a: a.T,
    "every second": lambda a: a[:, ::2],
    "reversed": lambda a: a[::-1],
}


@pytest.mark.parametrize("layout", ["plain", "turned", "every second"])
def test_from_array_shares_the_memory(layout: str) -> None:
    """NumPy itself says that the tensor lies in the array's memory, with the same numbers."""
    a = LAYOUTS[layout](np.arange(12.0).reshape(3, 4))
    tensor = from_array(a, share=True)
    assert np.shares_memory(tensor.numpy(), a)
    assert tensor.tolist() == a.tolist() and tensor.dtype == torch.float64


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64, np.uint8, np.bool_])
def test_from_array_copies(layout: str, dtype: type[np.generic]) -> None:
    """Any array can be copied, also a read-only one: same numbers and dtype, other memory."""
    a = LAYOUTS[layout](np.arange(12.0).reshape(3, 4).astype(dtype))
    a.flags.writeable = False
    tensor = from_array(a, share=False)
    assert not np.shares_memory(tensor.numpy(), a)
    assert tensor.tolist() == a.tolist() and tensor.numpy().dtype == dtype
    assert not a.flags.writeable


def test_from_array_refuses_to_share_what_it_cannot() -> None:
    """A read-only array and negative strides raise ValueError."""
    a = np.arange(3.0)
    with pytest.raises(ValueError, match="stride"):
        from_array(a[::-1], share=True)
    a.flags.writeable = False
    with pytest.raises(ValueError, match="read-only"):
        from_array(a, share=True)
