"""Observations: what is encoded comes back; anything else is refused."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
import torch

from autograder.judging.observe import encode
from autograder.observation import (
    Array,
    Items,
    Logged,
    Malformed,
    Other,
    decode,
    decode_observation,
)


def through_json(value: Any) -> Any:
    """Send a value the way the wire does."""
    return decode(json.loads(json.dumps(encode(value))))


@pytest.mark.parametrize("value", [None, True, 3, -2.5, "text", float("inf")])
def test_scalars_come_back_as_they_were(value: object) -> None:
    """Scalars keep their value and their type."""
    assert through_json(value) == value
    assert type(through_json(value)) is type(value)


def test_logged_floats_stay_logged() -> None:
    """A float that is kept for reading is told from any other."""
    assert through_json(Logged(0.5)) == 0.5
    assert type(through_json(Logged(0.5))) is Logged


def test_numpy_floats_are_floats() -> None:
    """np.float64 counts as a Python float, np.float32 as one of fewer digits."""
    assert type(through_json(np.float32(0.5))) is Logged
    assert type(through_json(np.float64(0.5))) is float


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.int64, torch.bool])
def test_tensors_keep_values_shape_and_dtype(dtype: torch.dtype) -> None:
    """A tensor arrives with its dtype, device, shape and exact values."""
    tensor = torch.tensor([[0, 1, 3], [5, 7, 0]]).to(dtype)
    array = through_json(tensor)
    assert isinstance(array, Array)
    assert (array.dtype, array.device, array.shape) == (str(dtype)[6:], "cpu", (2, 3))
    assert array.values is not None
    assert array.values.tolist() == tensor.tolist()


def test_a_tensor_on_meta_has_a_shape_and_no_values() -> None:
    """The meta device has no numbers to send."""
    array = through_json(torch.empty(2, 3, device="meta"))
    assert isinstance(array, Array)
    assert (array.device, array.shape, array.values) == ("meta", (2, 3), None)


def test_containers_keep_their_kind() -> None:
    """A named tuple is a tuple, a list is not; a dict is a list of pairs."""
    assert through_json((1, [2])) == Items("tuple", (1, Items("list", (2,))))
    assert through_json({"a": 1}) == Items("dict", (Items("tuple", ("a", 1)),))


def test_other_objects_are_their_type() -> None:
    """What is no plain data is told by its type's name."""
    assert through_json(torch.nn.ReLU()) == Other("torch.nn.modules.activation.ReLU")


def array_frame(**changes: object) -> dict[str, Any]:
    """Return the frame of a [2] tensor with some fields changed."""
    frame = {"dtype": "float64", "device": "cpu", "shape": [2], "values": [1.0, 2.0]}
    return {"tensor": {**frame, **changes}}


@pytest.mark.parametrize(
    "data",
    [
        array_frame(values=[1.0]),
        array_frame(values=[1.0, "2"]),
        array_frame(values=[1.0, 10**400]),
        array_frame(values=[True, False]),
        array_frame(shape=[-2]),
        array_frame(shape=[True]),
        array_frame(shape=[2**50, 2**50]),
        array_frame(shape=[0, 2**39, 2**39], values=[]),
        array_frame(dtype=7),
        array_frame(dtype="int64", values=[1, 2**70]),
        {"tensor": {"dtype": "float64"}},
        {"tuple": 3},
        {"list": [0] * 5_000},
        {"pickle": "x"},
        {"logged": 1},
        {"a": 1, "b": 2},
        [1, 2],
        2**64,
        "x" * 3_000,
    ],
)
def test_nonsense_is_refused(data: object) -> None:
    """Whatever is no value raises Malformed, and nothing else."""
    with pytest.raises(Malformed):
        decode(data)


def test_nesting_has_a_limit() -> None:
    """A value nested a thousand times deep is refused."""
    data: object = 1
    for _ in range(1_000):
        data = {"list": [data]}
    with pytest.raises(Malformed):
        decode(data)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"facts": {}, "raised": None},
        {"facts": [], "raised": None, "line": None},
        {"facts": {}, "raised": 3, "line": None},
        {"facts": {}, "raised": None, "line": -1},
        {"facts": {str(i): 1 for i in range(100)}, "raised": None, "line": None},
        "pass",
    ],
)
def test_observations_have_their_three_keys(data: object) -> None:
    """A frame that is no observation raises Malformed."""
    with pytest.raises(Malformed):
        decode_observation(data)
