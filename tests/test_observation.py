"""Observations: what is encoded comes back; anything else is refused."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
import torch

from autograder.inside.codec import (
    Malformed,
    decode,
    decode_observation,
    encode,
    encode_observation,
)
from autograder.inside.observation import Array, Items, Logged, Observation, Other, Returned, Trace
from autograder.inside.observe import plain


def through_json(value: Any) -> Any:
    """Send a value the way the wire does."""
    return decode(json.loads(json.dumps(encode(plain(value)))))


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
    ("data", "why"),
    [
        (array_frame(values=[1.0]), "as many values as its shape says"),
        (array_frame(values="12"), "as many values as its shape says"),
        (array_frame(values=[1.0, "2"]), "a value of a float64 tensor is not a float"),
        (array_frame(values=[1.0, 10**400]), "a value of a float64 tensor is not a float"),
        (array_frame(values=[True, False]), "a value of a float64 tensor is not a float"),
        (array_frame(dtype="bool"), "a value of a bool tensor is not a bool"),
        (array_frame(dtype="uint8"), "a value of a uint8 tensor is not an int"),
        (
            array_frame(dtype="f" * 99, values=[1, 2]),
            "a value of a ffffffffffffffffffff tensor is not a float",
        ),
        (array_frame(dtype="int64", values=[1, 2**70]), "an integer beyond 64 bits"),
        (array_frame(shape=[-2]), "expected a count"),
        (array_frame(shape=[True]), "expected a count"),
        (array_frame(shape=[2**40]), "expected a count"),
        (array_frame(shape=[1] * 9, values=[1.0]), "a shape is a list of at most 8 sizes"),
        (array_frame(shape=2), "a shape is a list of at most 8 sizes"),
        (array_frame(shape=[2**39, 2**39]), "as many values as its shape says"),
        (array_frame(shape=[0, 2**39, 2**39], values=[]), "a tensor has no shape [0, 549755813888"),
        (array_frame(shape=[65_537], values=[0.0] * 65_537), "a tensor has at most 65536 values"),
        (array_frame(dtype=7), "expected text of at most 2000 characters"),
        (array_frame(device=None), "expected text of at most 2000 characters"),
        ({"tensor": {"dtype": "float64"}}, "expected the keys device, dtype, shape, values"),
        ({"tensor": 3}, "expected the keys device, dtype, shape, values"),
        ({"tuple": 3}, "a tuple has at most 4096 items"),
        ({"list": [0] * 4_097}, "a list has at most 4096 items"),
        ({"pickle": "x"}, "unknown kind of value 'pickle'"),
        ({"k" * 99: "x"}, f"unknown kind of value '{'k' * 40}'"),
        ({"logged": 1}, "unknown kind of value 'logged'"),
        ({"object": 1}, "expected text of at most 2000 characters"),
        ({"a": 1, "b": 2}, "a value is a scalar or a mapping with one key"),
        ([1, 2], "a value is a scalar or a mapping with one key"),
        (2**63, "an integer beyond 64 bits"),
        (-(2**63), "an integer beyond 64 bits"),
        ("x" * 2_001, "expected text of at most 2000 characters"),
    ],
)
def test_nonsense_is_refused(data: object, why: str) -> None:
    """Whatever is no value raises Malformed, which says what is wrong with it."""
    with pytest.raises(Malformed) as error:
        decode(data)
    assert why in str(error.value)


@pytest.mark.parametrize(
    "data",
    [
        "x" * 2_000,
        2**63 - 1,
        1 - 2**63,
        {"list": [0] * 4_096},
        array_frame(shape=[65_536], values=[0.0] * 65_536),
        array_frame(shape=[1] * 8, values=[1.0]),
        array_frame(shape=[0], values=[]),
        array_frame(shape=[2**40 - 1], values=None),
        {"list": [{"list": [{"list": [{"list": [{"list": [{"list": [1]}]}]}]}]}]},
    ],
)
def test_the_largest_values_are_accepted(data: object) -> None:
    """Each limit itself is still a value."""
    assert decode(data) is not None


@pytest.mark.parametrize(
    ("dtype", "values", "kind"),
    [
        ("uint8", [1, 255], np.int64),
        ("int32", [-1, 2], np.int64),
        ("bool", [True, False], np.bool_),
        ("bfloat16", [1.0, 2.0], np.float64),
    ],
)
def test_numbers_keep_their_kind(dtype: str, values: list[object], kind: type) -> None:
    """Integers stay integers, truth values truth values, everything else is a float."""
    array = decode(array_frame(dtype=dtype, values=values))
    assert isinstance(array, Array)
    assert array.values is not None
    assert array.values.dtype.type is kind
    assert array.values.tolist() == values


def test_nesting_has_a_limit() -> None:
    """A value nested seven times deep is refused, and so is one a thousand times deep."""
    for depth in (7, 1_000):
        data: object = 1
        for _ in range(depth):
            data = {"list": [data]}
        with pytest.raises(Malformed, match="nested too deeply"):
            decode(data)


KEYS = "expected the keys facts, line, raised, returned"


def frame(**changes: object) -> dict[str, object]:
    """Return the frame of an empty observation with some fields changed."""
    return {"facts": {}, "raised": None, "returned": None, "line": None, **changes}


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ({}, KEYS),
        ({"facts": {}, "raised": None, "line": None}, KEYS),
        ("pass", KEYS),
        (frame(facts=[]), "facts are a mapping of at most 64 entries"),
        (frame(facts={str(i): 1 for i in range(65)}), "facts are a mapping of at most 64 entries"),
        (frame(raised=3), "expected text of at most 2000 characters"),
        (frame(facts={"x" * 2_001: 1}), "expected text"),
        (frame(returned=["mse"]), "what was returned is a function and a value"),
        (frame(returned=["mse", None]), "expected text"),
        (frame(line=-1), "expected a count"),
        (frame(line=1.0), "expected a count"),
        (frame(trace=["E: x", "def f(): 0", 1]), "a trace is"),
        (frame(trace=["E: x", None, 1, []]), "expected text"),
        (frame(trace=["E: x", "", -1, []]), "expected a count"),
        (frame(trace=["E: x", "", 1, ["line"] * 21]), "the frames of a trace"),
        (frame(trace=["E: x", "", 1, [2]]), "expected text"),
        (frame(calls=["mse(1)"]), "calls are a mapping"),
        (frame(calls={"loss": 1}), "expected text"),
    ],
)
def test_observations_have_their_four_keys(data: object, why: str) -> None:
    """A frame that is no observation raises Malformed."""
    with pytest.raises(Malformed) as error:
        decode_observation(data)
    assert str(error.value).startswith(why)


def test_an_observation_comes_back_whole() -> None:
    """Its facts in their order, what it raised, what was returned, the line, the first of which is
    0, the trace, and the calls."""
    facts: dict[str, Any] = {str(i): i for i in range(64)}
    trace = Trace("E: x", "def f(): 0", 1, ("m.py:1",))
    whole = Observation(facts, "E: x", Returned("mse", "None"), 0, trace, {"raised": "mse(1)"})
    seen = decode_observation(json.loads(json.dumps(encode_observation(whole))))
    assert seen == whole
    assert list(seen.facts) == list(facts)
