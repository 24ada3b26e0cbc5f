"""Observing: what a probe saw, whatever the implementation does."""

from __future__ import annotations

import linecache
import sys
import warnings
from collections.abc import Callable
from dataclasses import replace
from types import ModuleType
from typing import Any

import pytest
import torch
from m14_conditioning import flat_directions
from torch import Tensor

from autograder.answers.keys import cases
from autograder.course import exercises
from autograder.inside import probes
from autograder.inside.given import Given
from autograder.inside.implementation import Implementation, describe
from autograder.inside.observation import Observation, Other, Returned, Trace
from autograder.inside.observe import observe
from autograder.inside.probes import Facts
from autograder.inside.probes.tools import outcome_of
from autograder.judging.compare import gaps


def returned(impl: Implementation, given: Given) -> Facts:
    """Look at what f returns for three numbers."""
    return {"value": impl.f(given.randn(3))}


def doubled(impl: Implementation, given: Given) -> Facts:
    """Use what f returns as a tensor."""
    return {"value": impl.f(given.randn(3)).sum() * 2}


def seen(
    function: Callable[..., Any],
    probe: Callable[[Implementation, Given], Facts] = returned,
    file: str = __file__,
) -> Observation:
    """Observe an implementation whose code lies in `file`."""
    impl = Implementation({"f": function}, frozenset({file}))
    return observe(impl, probe, {"seed": 3})


def test_an_exception_is_told_with_its_line() -> None:
    """Type, first line of the text, and the line of the implementation's own file."""

    def f(x: torch.Tensor) -> None:
        raise ValueError("first\nsecond")

    code = 'def f(x: torch.Tensor) -> None:\n    raise ValueError("first\\nsecond")'
    line = f.__code__.co_firstlineno + 1
    trace = Trace("ValueError: first", code, 2)
    found = seen(f)
    assert found.trace and any(at.endswith(f"{line}, in f") for at in found.trace.frames)
    found = replace(found, trace=replace(found.trace, frames=()), calls={})
    assert found == Observation({}, "ValueError: first", line=line, trace=trace)


def test_a_trace_shows_what_was_called_where_no_line_of_it_was_running() -> None:
    """The probe stopped at what it got; the text of the function is there to be read."""

    def f() -> None:
        pass

    trace = seen(f, file="elsewhere.py").trace
    assert trace is not None
    assert trace.raised.endswith("f() takes 0 positional arguments but 1 was given")
    assert (trace.code, trace.line) == ("def f() -> None:\n    pass\n", 0)


@pytest.mark.parametrize("below", ["x = = 3\n", "x = 1" + " + 1" * 10_000])
@pytest.mark.parametrize(
    "code", ["def f(x):\n    raise AttributeError('nope')\n", "class f:\n    pass\n"]
)
def test_a_trace_needs_no_whole_file(
    code: str, below: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What Python cannot read below a function or class is no matter of theirs."""
    work = ModuleType("work")
    work.__file__ = "work.py"
    monkeypatch.setitem(sys.modules, "work", work)
    lines = (code + below).splitlines(keepends=True)
    monkeypatch.setitem(linecache.cache, "work.py", (0, None, lines, "work.py"))
    exec(compile(code, "work.py", "exec"), vars(work))
    trace = seen(work.f, file="work.py").trace
    assert trace is not None
    assert trace.raised in ("TypeError: f() takes no arguments", "AttributeError: nope")
    assert trace.code == ("" if code.startswith("class") else code.rstrip())


def test_a_trace_of_a_long_function_shows_its_statement_alone() -> None:
    """What crosses to the judge has at most 2,000 characters."""
    lines = ["def f(x):", *["    x = x + 1"] * 200, "    return x / (", "        0 * 'a')"]
    linecache.cache["long.py"] = (0, None, [f"{line}\n" for line in lines], "long.py")
    defined: dict[str, Any] = {}
    exec(compile("\n".join(lines), "long.py", "exec"), defined)
    trace = seen(defined["f"], file="long.py").trace
    assert trace is not None
    assert trace.code == "return x / (\n    0 * 'a')"
    assert trace.line in (1, 2)


def test_an_exception_that_a_probe_has_caught_leaves_its_trace() -> None:
    """The fact names its type only; the first one that should not have come is kept."""

    def f(x: int) -> float:
        return 1 / x

    def caught(impl: Implementation, given: Given) -> Facts:
        return {
            "refused": outcome_of(lambda: impl.f(0), ZeroDivisionError),
            "first": outcome_of(lambda: impl.f("a")),
            "second": outcome_of(lambda: impl.f(0)),
        }

    found = seen(f, caught)
    assert found.raised is None
    assert found.facts["first"] == "TypeError"
    assert found.trace
    assert replace(found.trace, frames=()) == Trace(
        "TypeError: unsupported operand type(s) for /: 'int' and 'str'",
        "def f(x: int) -> float:\n    return 1 / x",
        2,
    )
    assert seen(lambda x: 1).trace is None


def test_the_innermost_line_of_the_submission_is_told() -> None:
    """Of several calls in its file the one that raised counts, and lines of torch do not."""

    def inner(x: torch.Tensor) -> torch.Tensor:
        return x.reshape(7)

    raised = seen(lambda x: inner(x))
    assert raised.line == inner.__code__.co_firstlineno + 1
    assert str(raised.raised).startswith("RuntimeError: shape '[7]' is invalid")
    assert seen(lambda x: inner(x), file="elsewhere.py").line is None


def test_what_was_returned_before_an_exception_of_its_own_is_not_told() -> None:
    """An exception from the submission's own line speaks for itself, also in a second call."""

    def twice(impl: Implementation, given: Given) -> Facts:
        impl.f(1)
        return {"value": impl.f(0)}

    assert str(seen(lambda x: 1 / x, twice).raised) == "ZeroDivisionError: division by zero"
    assert seen(lambda x: 1 / x, twice, file="elsewhere.py").raised == (
        "ZeroDivisionError: division by zero"
    )


def test_a_long_text_is_cut_and_an_empty_one_left_out() -> None:
    """What crosses to the judge has at most 2,000 characters."""

    def long(x: torch.Tensor) -> None:
        raise ValueError("y" * 5_000)

    def escapes(x: torch.Tensor) -> None:
        raise ValueError("\x1b" * 1_000)

    def blank(x: torch.Tensor) -> None:
        raise ValueError("  ")

    assert seen(long).raised == "ValueError: " + "y" * 1_988
    assert seen(escapes).raised == "ValueError: " + r"\x1b" * 497
    assert seen(blank).raised == "ValueError"


def test_a_tensor_too_large_to_compare_is_told() -> None:
    """65,536 elements are compared, one more is not."""
    assert seen(lambda x: torch.zeros(65_536)).raised is None
    assert str(seen(lambda x: torch.zeros(65_537)).raised).endswith(
        "ValueError: a tensor of shape [65537] is too large to compare"
    )


def test_integers_beyond_64_bits_are_objects() -> None:
    """The judge takes none, so that a fact of that size is told by its type."""
    assert seen(lambda x: 2**63).facts["value"] == Other("builtins.int")
    assert seen(lambda x: 2**63 - 1).facts["value"] == 2**63 - 1


@pytest.mark.parametrize("error", [SystemExit, KeyboardInterrupt, RecursionError])
def test_no_exception_escapes(error: type[BaseException]) -> None:
    """SystemExit and KeyboardInterrupt are observations, too."""

    def f(x: torch.Tensor) -> None:
        raise error

    assert seen(f).raised == error.__name__


def test_addresses_are_left_out_of_exceptions() -> None:
    """The same mistake is told in the same words in every process."""

    def f(x: torch.Tensor) -> None:
        raise TypeError(f"{object()}")

    assert seen(f).raised == "TypeError: <object object at 0x...>"


@pytest.mark.parametrize(
    ("result", "told"), [(None, "None"), (1.5, "a float"), ((1, 2), "a tuple")]
)
def test_a_result_that_cannot_be_used_is_told(result: object, told: str) -> None:
    """When the probe fails on what was returned, the student reads what it was."""
    stopped = seen(lambda x: result, doubled, file="elsewhere.py")
    assert stopped.returned == Returned("f", told)
    assert str(stopped.raised).startswith("AttributeError")


def test_a_forward_that_returns_none_is_told() -> None:
    """Where a probe uses what a module of the submission gives, it has called forward itself."""

    class Line(torch.nn.Module):
        def forward(self, x: torch.Tensor) -> None:
            self.seen = x

    impl = Implementation({"Line": Line}, frozenset({__file__}))
    with impl.forwards_noted():
        Line()(torch.ones(1))
        torch.nn.Identity()(None)
    assert impl.returned == Returned("Line.forward", "None")
    impl.returned = None
    Line()(torch.ones(1))
    assert impl.returned is None


def test_a_loss_of_two_shapes_leaves_a_trace() -> None:
    """torch's warning is noted where numbers of other places meet, and shown once an observation;
    other warnings are let be."""

    def f(x: torch.Tensor) -> int:
        for _ in range(2):
            torch.nn.functional.mse_loss(x[:, None], x)
        warnings.warn("another", stacklevel=1)
        return 1

    def harmless(x: torch.Tensor) -> float:
        return torch.nn.functional.mse_loss(x[None], x).item()

    with warnings.catch_warnings(record=True) as shown:
        warnings.simplefilter("always")
        assert seen(harmless).trace is None
        for _ in range(2):
            found = seen(f)
            assert found.trace is not None
            assert found.trace.raised.startswith("UserWarning: Using a target size (torch.Size([3]")
    assert [str(one.message)[:7] for one in shown] == ["Using a", *["Using a", "another"] * 2]


def test_values_are_described_in_words() -> None:
    """Tensors by their shape, other things by their type."""
    assert describe(torch.ones(2, 3)) == "a tensor of shape [2, 3]"
    assert describe(3) == "an int"


def test_state_that_an_implementation_leaves_behind_does_not_reach_the_next() -> None:
    """Grad mode, default dtype and random generators start afresh for every observation."""

    def leave(x: torch.Tensor) -> torch.Tensor:
        torch.set_grad_enabled(False)
        torch.set_default_dtype(torch.float64)
        return torch.rand(())

    def state(x: torch.Tensor) -> tuple[bool, torch.Tensor]:
        return torch.is_grad_enabled(), torch.rand(())

    try:
        fresh = seen(state)
        seen(leave)
        again = seen(state)
    finally:
        torch.set_grad_enabled(True)
        torch.set_default_dtype(torch.float32)
    assert repr(fresh) == repr(again)


def test_an_input_changed_in_place_is_a_fact() -> None:
    """Every probe with inputs says what became of them."""
    assert seen(lambda x: 1).facts["inputs afterwards"] == "unchanged"
    assert seen(lambda x: float(x.mul_(2)[0])).facts["inputs afterwards"] == "changed in place"
    assert seen(lambda x: float(x.data.mul_(2)[0])).facts["inputs afterwards"] == "changed in place"


def test_the_numbers_of_the_inputs_decide_and_not_the_words() -> None:
    """A process that puts its own words there has another checksum; NaN is no change."""
    kept, scaled = seen(lambda x: 1), seen(lambda x: float(x.mul_(2)[0]))
    checksum = "checksum of the inputs afterwards"
    assert scaled.facts[checksum] == pytest.approx(2 * float(str(kept.facts[checksum])))
    assert Given({"seed": 1}).inputs_afterwards() == {}
    given = Given({"seed": 1})
    spoilt = given.tensor([torch.nan, 1.0])
    before = given.inputs_afterwards()
    assert before["inputs afterwards"] == "unchanged"
    spoilt[1] = 2.0
    assert before[checksum] != given.inputs_afterwards()[checksum]


def test_hidden_givens_depend_on_the_secret_and_public_ones_do_not() -> None:
    """Another secret draws other hidden givens; the same secret the same ones."""
    first, again, other = (cases(exercises()["mse"], s) for s in (b"one", b"one", b"two"))
    assert first == again
    for case, changed in zip(first, other, strict=True):
        assert (case.given["seed"] == changed.given["seed"]) is not case.hidden
    assert len({case.given["seed"] for case in first}) == len(first)


def test_directions_with_turned_signs_are_not_the_flat_ones() -> None:
    """They have the same products and squares, but a step along them changes predictions."""
    exercise = exercises()["flat_directions"]
    case = cases(exercise)[0]
    probe = probes.find(exercise.place, case.probe)

    def turned(x: Tensor, **options: Any) -> Tensor:
        directions = flat_directions(x, **options)
        return directions * torch.tensor([1, -1, 1])

    right, wrong = (
        observe(Implementation({"flat_directions": it}, frozenset()), probe, case.given)
        for it in (flat_directions, turned)
    )
    assert case.given["n_in"] == 3
    assert [gap.what for gap in gaps(wrong, right, case.dtype)][:1] == [
        "predictions along the directions"
    ]
