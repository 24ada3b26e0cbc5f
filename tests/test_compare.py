"""Comparing: tolerances, and never a broadcast."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np
import pytest

from autograder.inside.observation import Array, Items, Logged, Observation, Other, Value
from autograder.judging.compare import Gap, compare


def seen(value: Value) -> Observation:
    """Return an observation of one fact."""
    return Observation({"fact": value})


def array(values: Any, dtype: str = "float64", device: str = "cpu") -> Array:
    """Return an array of these values."""
    data = np.asarray(values, dtype=np.float64)
    return Array(dtype, device, data.shape, data)


def near(size: float) -> Any:
    """Return what equals a size but for rounding."""
    return pytest.approx(size)


@pytest.mark.parametrize(
    ("yours", "expected", "dtype", "equal"),
    [
        (1 + 0.9e-9, 1.0, "float64", True),
        (1 + 1.1e-9, 1.0, "float64", False),
        (0.9e-12, 0.0, "float64", True),
        (1.1e-12, 0.0, "float64", False),
        (1e-12, 0.0, "float64", True),
        (1 + 0.9e-5, 1.0, "float32", True),
        (1 + 1.3e-5, 1.0, "float32", False),
        (math.nan, math.nan, "float64", True),
        (math.nan, 1.0, "float64", False),
        (math.inf, math.inf, "float64", True),
        (math.inf, -math.inf, "float64", False),
        (1.0, math.inf, "float64", False),
        (1.0, math.nan, "float32", False),
        (1e308, -1e308, "float64", False),
    ],
)
def test_tolerances(yours: float, expected: float, dtype: str, equal: bool) -> None:
    """Floats and tensors are equal within rtol and atol of the dtype, and not beyond."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # no warning of NumPy's reaches a student
        assert (compare(seen(yours), seen(expected), dtype) is None) is equal
        gap = compare(seen(array([yours], dtype)), seen(array([expected], dtype)), "float64")
    assert (gap is None) is equal
    in_list = compare(
        seen(Items("list", (True, yours))), seen(Items("list", (True, expected))), dtype
    )
    assert (in_list is None) is equal


def test_float32_is_measured_by_the_largest_element() -> None:
    """In float32 an element may be off by what rounding does to the largest one."""
    expected = array([1000.0, 0.0], "float32")
    assert compare(seen(array([1000.0, 0.009], "float32")), seen(expected), "float32") is None
    assert compare(seen(array([1000.0, 0.02], "float32")), seen(expected), "float32") is not None


@pytest.mark.parametrize(
    ("yours", "expected", "aspect"),
    [
        (array([[1.0], [1.0]]), array([1.0, 1.0]), "shape"),
        (array(1.0), array([1.0]), "shape"),
        (array([1.0], "float32"), array([1.0]), "dtype"),
        (array([1.0]), array([1.0], device="cuda"), "device"),
        (1.0, array(1.0), "kind"),
        (1, 1.0, "kind"),
        (True, 1, "kind"),
        (None, 1.0, "kind"),
        ("a", "b", "value"),
        (Items("list", (1,)), Items("tuple", (1,)), "kind"),
        (Items("tuple", (1,)), Items("tuple", (1, 2)), "length"),
        (Items("tuple", (1, 3)), Items("tuple", (1, 2)), "value"),
        (Other("a.B"), Other("a.C"), "kind"),
    ],
)
def test_differences_other_than_values(yours: Value, expected: Value, aspect: str) -> None:
    """Kind, dtype, device, shape and length differ before values do."""
    gap = compare(seen(yours), seen(expected), "float64")
    if isinstance(yours, Items) and aspect == "value":
        assert gap == Gap("fact[1]", "value", 3, 2)
    else:
        assert gap == Gap("fact", aspect, yours, expected)
    assert compare(seen(expected), seen(expected), "float64") is None


def test_a_tensor_without_numbers_is_another_device() -> None:
    """Where one side is on meta, and says that it is not, there is nothing to compare."""
    empty = Array("float64", "cpu", (1,), None)
    full = array([1.0])
    assert compare(seen(empty), seen(full), "float64") == Gap("fact", "device", empty, full)
    assert compare(seen(full), seen(empty), "float64") == Gap("fact", "device", full, empty)
    assert compare(seen(empty), seen(Array("float64", "cpu", (1,), None)), "float64") is None


def test_integers_are_exact() -> None:
    """Every wrong element of a tensor of integers is as wrong as can be, the others are right."""
    yours, expected = array([10**9, 3], "int64"), array([10**9, 2], "int64")
    gap = compare(seen(yours), seen(expected), "float64")
    assert gap == Gap("fact", "value", 3, 2, (1,), math.inf)


def test_a_single_float_is_measured() -> None:
    """The gap of a float says how many tolerances it is off; a tensor of shape [] has no place."""
    gap = compare(seen(1.5), seen(1.0), "float64")
    assert gap == Gap("fact", "value", 1.5, 1.0, (), near(0.5 / (1e-12 + 1e-9)))
    single = compare(seen(array(1.5)), seen(array(1.0)), "float64")
    assert single == Gap("fact", "value", 1.5, 1.0, (), near(0.5 / (1e-12 + 1e-9)))


def test_the_gap_names_the_first_wrong_element() -> None:
    """A gap of values says where, what and how far in tolerances."""
    gap = compare(seen(array([[1, 2], [3, 5]])), seen(array([[1, 2], [3, 4]])), "float64")
    assert gap == Gap("fact", "value", 5, 4, (1, 1), near(1 / (1e-12 + 4e-9)))


def test_missing_and_unknown_facts_are_gaps() -> None:
    """Facts left out or invented are told, too."""
    left_out = compare(Observation({}), seen(1), "float64")
    invented = compare(Observation({"fact": 1, "pass": True}), seen(1), "float64")
    assert left_out == Gap("fact", "missing", None, 1)
    assert invented == Gap("pass", "unknown", True, None)


def test_exceptions_are_compared_before_facts() -> None:
    """Another exception, or one too many, is a gap; the line it came from is not."""
    failed = Observation(raised="ValueError: no", line=3)
    assert compare(failed, Observation(raised="ValueError: no", line=9), "float64") is None
    assert compare(failed, seen(1), "float64") == Gap("raised", "exception", failed.raised, None)
    assert compare(seen(1), failed, "float64") == Gap("raised", "exception", None, failed.raised)


def test_logged_losses_have_the_tolerance_of_float32() -> None:
    """A loss that is kept for reading, or a np.float32, may be rounded to float32."""
    expected = seen(Logged(1.0))
    assert compare(seen(Logged(1 + 0.9e-5)), expected, "float64") is None
    assert compare(seen(Logged(1 + 1.3e-5)), expected, "float64") is not None
    assert compare(seen(Logged(1 + 0.9e-5)), seen(1.0), "float64") is None
    assert compare(seen(1 + 0.9e-5), expected, "float64") is None
    assert compare(seen(1), expected, "float64") is not None
