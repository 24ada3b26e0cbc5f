"""The references of m01, proved by closed forms, finite differences and torch's counterparts."""

from __future__ import annotations

import csv
import math
import warnings
from typing import Any

import numpy as np
import pytest
import torch
from m01_tensors import from_array, masked_mean, table_to_tensors
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


@pytest.mark.parametrize("dtype", ["bool", "uint8", "int32", "int64", "float16", "float64"])
@pytest.mark.parametrize("share", [True, False])
def test_from_array_keeps_shape_numbers_and_dtype(dtype: str, share: bool) -> None:
    """NumPy reads back what it gave, also of a part of a larger array."""
    whole = np.arange(24).reshape(4, 6).astype(dtype)
    for a in (whole, whole.T, whole[1::2, ::3], whole[2, 3:4], np.array(3).astype(dtype)):
        back = from_array(a, share).numpy()
        assert back.dtype == a.dtype and np.array_equal(back, a) and back.shape == a.shape


def test_from_array_shares_what_numpy_says_is_shared() -> None:
    """np.shares_memory agrees with share."""
    a = np.arange(12.0).reshape(3, 4)
    for part in (a, a[::2], a.T, a[:, 1]):
        assert np.shares_memory(from_array(part, True).numpy(), a)
        assert not np.shares_memory(from_array(part, False).numpy(), a)


def protected() -> np.ndarray[Any, Any]:
    """Return an array that is read-only."""
    a = np.arange(3.0)
    a.flags.writeable = False
    return a


@pytest.mark.parametrize("a", [protected(), np.arange(3)[::-1], np.ones((2, 3))[:, ::-1]])
def test_from_array_copies_what_it_refuses_to_share(a: np.ndarray[Any, Any]) -> None:
    """A read-only array, or a reversed one, can only be copied; torch warns of nothing."""
    writeable = a.flags.writeable
    with pytest.raises(ValueError, match="array"):
        from_array(a, True)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        copied = from_array(a, False)
    copied += 1
    assert np.array_equal(copied.numpy(), a + 1) and a.flags.writeable == writeable
