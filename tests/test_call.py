"""Calls: what a probe calls, as a student could type it."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

from autograder.inside.call import MOST_CALLS, Calls, parameters_of, written_call
from autograder.inside.device import mark
from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.observe import observe

X = torch.zeros(4, 3)


def f(x: Any, y: Any = None, *, option: Any = None) -> Any:
    """Stand for a student's function."""
    return x


@pytest.mark.parametrize(
    ("args", "kwargs", "text"),
    [
        ((3, 0.1), {}, "f(3, 0.1)"),
        ((3, None), {"option": torch.float64}, "f(3, None, option=torch.float64)"),
        (([1, 2], (3,)), {}, "f([1, 2], (3,))"),
        (("mse", 1e-9), {}, "f('mse', 1e-09)"),
        ((float("nan"), 2.0), {}, 'f(float("nan"), 2.0)'),
        ((torch.tensor([1.25, -2.0]),), {}, "f(torch.tensor([1.25, -2.0]))"),
        (
            (torch.tensor([[1.0]], dtype=torch.float64, requires_grad=True),),
            {},
            "f(torch.tensor([[1.0]], dtype=torch.float64, requires_grad=True))",
        ),
        (
            (torch.tensor([1, 2]), torch.tensor(True)),
            {},
            "f(torch.tensor([1, 2]), torch.tensor(True))",
        ),
        ((X, X), {}, "f(x, y) with x of shape (4, 3), y of shape (4, 3)"),
        ((X,), {"option": X}, "f(x, option=option) with x of shape (4, 3), option of shape (4, 3)"),
        ((2,), {"option": torch.device("cpu")}, "f(2)"),
        ((2,), {"option": torch.Generator()}, "f(2, option=torch.Generator())"),
        ((mark(torch.ones(1)),), {}, None),
        ((X.t(),), {}, None),
        ((X[1:],), {}, None),
        ((torch.ones(1, requires_grad=True) * 2,), {}, None),
        ((f,), {}, None),
        ((iter([1]),), {}, None),
        ((["a" * 100, "b" * 100],), {}, None),
    ],
)
def test_a_call_is_written_as_it_could_be_typed(
    args: tuple[Any, ...], kwargs: dict[str, Any], text: str | None
) -> None:
    """Small inputs stand in it, larger tensors by shape; what nobody can type leaves none."""
    assert written_call("f", parameters_of(f), args, kwargs) == text


def test_a_typed_call_gives_the_same() -> None:
    """What is written is Python, and means what was passed."""
    value = torch.tensor([[0.5, -2.0], [1.0, 3.0]], dtype=torch.float64)
    text = written_call("f", parameters_of(f), (value,), {})
    assert text is not None
    assert torch.equal(eval(text, {"f": f, "torch": torch}), value)


def two_calls(impl: Implementation, given: Given) -> dict[str, Any]:
    """Call twice, with different inputs."""
    one, other = impl.f(torch.ones(1)), impl.f(torch.zeros(1), 2)
    return {"one": one, "other": other, "sum": one + other}


def test_a_fact_belongs_to_the_call_that_returned_it() -> None:
    """What is computed of several calls has none."""

    def own(x: Tensor, y: int = 0) -> Tensor:
        return x + 1

    seen = observe(Implementation({"f": own}, frozenset()), two_calls, {})
    assert seen.calls == {
        "one": "f(torch.tensor([1.0]))",
        "other": "f(torch.tensor([0.0]), 2)",
    }


def test_all_facts_belong_to_the_only_call() -> None:
    """A probe that calls once, or always the same, looks at that call alone."""

    def probe(impl: Implementation, given: Given) -> dict[str, Any]:
        return {"kind": type(impl.f(2)).__name__}

    seen = observe(Implementation({"f": f}, frozenset()), probe, {})
    assert seen.calls == {"kind": "f(2)"}


def test_an_exception_belongs_to_the_last_call() -> None:
    """The call that raised is told as it was before it could change its inputs."""

    def raising(x: Tensor) -> None:
        x.zero_()
        raise ValueError("no")

    def probe(impl: Implementation, given: Given) -> dict[str, Any]:
        return {"answer": impl.f(torch.ones(2))}

    seen = observe(Implementation({"f": raising}, frozenset({__file__})), probe, {})
    assert seen.calls == {"raised": "f(torch.tensor([1.0, 1.0]))"}


def test_a_loop_has_no_call() -> None:
    """Where a probe calls many times, no one call is what it is about."""
    calls = Calls()
    for number in range(MOST_CALLS + 1):
        calls.end(calls.begin("f", ["x"], (1,), {}), number)
    calls.tell({"a": 1})
    assert calls.told == {}
    assert calls.last is None
