"""What calls leave changed is seen after every call of every exercise, and put back."""

from __future__ import annotations

import contextlib
import functools
import importlib
import inspect
import io
import random
import signal
import sys
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.autograd import forward_ad
from torch.nn.modules.module import register_module_forward_hook

from autograder.answers.keys import cases
from autograder.course import Exercise, exercises
from autograder.inside import probes
from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.left import MOST_READ, Left, call_apart
from autograder.inside.observe import LEFT, observe
from autograder.inside.probes import Facts

ENTERED = contextlib.ExitStack()  # whoever enters a mode by hand keeps it

MORE = torch.get_num_threads() + 1  # than a new process has

HABITS = {
    "grad mode (off)": lambda: torch.set_grad_enabled(False),
    "default dtype (torch.float64)": lambda: torch.set_default_dtype(torch.float64),
    "default device (meta)": lambda: torch.set_default_device("meta"),
    "deterministic algorithms (on)": lambda: torch.use_deterministic_algorithms(True),
    "anomaly detection (on)": lambda: torch.autograd.set_detect_anomaly(True),
    f"number of threads ({MORE})": lambda: torch.set_num_threads(MORE),
    "inference mode (on), grad mode (off)": lambda: ENTERED.enter_context(torch.inference_mode()),
    "autocast (on)": lambda: torch.set_autocast_enabled("cpu", True),
    "autocast on cuda (on)": lambda: torch.set_autocast_enabled("cuda", True),
    "dual level (0)": forward_ad.enter_dual_level,
    "hooks of all modules and optimizers (changed)": (
        lambda: register_module_forward_hook(lambda module, inputs, output: None)
    ),
    "new parameters at a conversion (on)": (
        lambda: torch.__future__.set_overwrite_module_params_on_conversion(True)
    ),
}


@pytest.fixture(autouse=True)
def _put_back() -> Iterator[None]:
    """Leave torch's settings to the next test as they are in a new process."""
    yield
    Left().close()


def called(impl: Implementation, given: Given) -> Facts:
    """Call f with what the given's test wants."""
    return {"value": impl.f(*given.arguments, **given.options)}


def left_by(function: Callable[..., Any], *arguments: Any, **options: Any) -> object:
    """Return what a call leaves changed."""
    impl = Implementation({"f": function}, frozenset())
    return observe(impl, called, {"arguments": arguments, "options": options}).facts[LEFT]


@pytest.mark.parametrize(("told", "habit"), HABITS.items())
def test_each_setting_is_told_and_put_back(told: str, habit: Callable[[], object]) -> None:
    """One case's leak does not reach the next one."""
    assert left_by(habit) == told
    assert left_by(lambda: None) == "nothing"


def test_hooks_that_were_there_before_the_call_are_put_back() -> None:
    """The observer has one of its own, which a call takes away to add another."""
    hooks = torch.nn.modules.module._global_forward_hooks

    def replace() -> None:
        hooks.clear()
        register_module_forward_hook(lambda module, inputs, output: None)

    def hooks_around(impl: Implementation, given: Given) -> Facts:
        before = dict(hooks)
        impl.f()
        return {"before": len(before), "the same after": dict(hooks) == before}

    seen = observe(Implementation({"f": replace}, frozenset()), hooks_around, {}).facts
    assert (seen["before"], seen["the same after"]) == (1, True)


def test_the_default_device_set_to_what_it_is_is_no_leak() -> None:
    """torch keeps None until somebody sets it, and then the CPU: to a caller both are the same."""
    assert left_by(torch.set_default_device, "cpu") == "nothing"


@pytest.mark.parametrize(("told", "habit"), HABITS.items())
def test_a_method_that_stops_the_probe_by_it_is_told_so(
    told: str, habit: Callable[[], object]
) -> None:
    """Not the exception is told, for the probe's own line may have raised it because of the leak;
    one from the submission's line is."""

    def method_of_a_class(impl: Implementation, given: Given) -> Facts:
        impl.C()
        raise RuntimeError("does not require grad")

    made = type("C", (), {"__init__": lambda self: (habit(), None)[1]})
    assert observe(Implementation({"C": made}, frozenset()), method_of_a_class, {}).facts == {
        LEFT: told
    }
    own = observe(Implementation({"C": made}, frozenset({__file__})), method_of_a_class, {})
    assert own.raised == "RuntimeError: does not require grad"


def test_several_are_told_together() -> None:
    """In the order in which they were met."""

    def both() -> None:
        torch.set_grad_enabled(False)
        torch.set_num_threads(MORE)

    assert left_by(both) == f"grad mode (off), number of threads ({MORE})"


def test_what_a_call_puts_back_itself_is_no_leak() -> None:
    """no_grad, another dtype for a while, and a mode that is restored are free."""

    def tidy(model: nn.Module, x: torch.Tensor) -> torch.Tensor:
        model.eval()
        torch.set_default_dtype(torch.float64)
        with torch.no_grad():
            result: torch.Tensor = model(x)
        torch.set_default_dtype(torch.float32)
        model.train()
        return result

    assert left_by(tidy, nn.Linear(2, 1), torch.ones(3, 2)) == "nothing"


def test_modes_and_flags_of_what_came_in_are_told() -> None:
    """Of modules and tensors, also in a list, and of a part of a module alone."""
    stack = nn.Sequential(nn.Linear(1, 1), nn.Dropout())
    assert left_by(lambda m: m.eval() and None, stack) == "the module's mode, train or eval"
    assert left_by(lambda m: m[1].train() and None, stack) == "the module's mode, train or eval"
    assert left_by(lambda ms: ms[0].requires_grad_(False) and None, [stack]) == (
        "requires_grad of the module's parameters"
    )
    assert left_by(lambda x: x.requires_grad_() and None, x=torch.ones(1)) == (
        "requires_grad of an argument"
    )


@pytest.mark.parametrize("draw", [lambda: torch.rand(1), np.random.rand, random.random])
def test_global_numbers_are_told_where_a_generator_was_passed(draw: Callable[[], object]) -> None:
    """And only there: without one they are where random numbers come from."""

    def function(generator: torch.Generator | None) -> None:
        draw()

    told = "the global random generators (one was passed)"
    assert left_by(function, torch.Generator()) == told
    assert left_by(function, generator=torch.Generator()) == told
    assert left_by(function, None) == "nothing"


@pytest.mark.parametrize(
    ("moved_in", "seen"), [(1, True), (MOST_READ, True), (MOST_READ + 1, False)]
)
def test_global_numbers_are_read_at_the_first_calls_only(moved_in: int, seen: bool) -> None:
    """A probe that calls in a loop asks the same each time, and to read them takes long."""

    def function(number: int, generator: torch.Generator) -> None:
        if number == moved_in:
            random.random()

    def loop(impl: Implementation, given: Given) -> Facts:
        for number in range(1, MOST_READ + 2):
            impl.f(number, torch.Generator())
        return {}

    told = observe(Implementation({"f": function}, frozenset()), loop, {}).facts[LEFT]
    assert (told != "nothing") == seen


def test_a_call_that_raises_is_looked_at_too() -> None:
    """Where a refusal is expected, it must tidy up as well."""

    def refusing(impl: Implementation, given: Given) -> Facts:
        with pytest.raises(ValueError, match="no"):
            impl.f()
        return {}

    def f() -> None:
        torch.set_grad_enabled(False)
        raise ValueError("no")

    seen = observe(Implementation({"f": f}, frozenset()), refusing, {})
    assert seen.facts == {LEFT: "grad mode (off)"}


MODES: dict[str, Callable[[], Any]] = {
    "device": lambda: torch.device("meta"),
    "hooks": lambda: torch.autograd.graph.saved_tensors_hooks(torch.zeros_like, torch.neg),
    "inference mode": torch.inference_mode,
}


@pytest.mark.parametrize("mode", MODES.values(), ids=list(MODES))
def test_a_mode_that_an_import_enters_by_hand_ends_with_it(mode: Callable[[], Any]) -> None:
    """What is computed afterwards is computed as ever."""
    call_apart(lambda: ENTERED.enter_context(mode()))
    Left()
    x = torch.ones(2, requires_grad=True)
    (x * x).sum().backward()
    assert x.grad is not None
    assert (x.device.type, x.grad.tolist()) == ("cpu", [2.0, 2.0])


def test_filters_and_timers_of_an_import_end_with_it() -> None:
    """No later warning is an error, and no alarm rings in an exercise."""

    def top_of_a_file() -> int:
        warnings.simplefilter("error")
        signal.setitimer(signal.ITIMER_REAL, 1_000)
        signal.setitimer(signal.ITIMER_PROF, 1_000)
        return 3

    filters = [*warnings.filters]
    assert call_apart(top_of_a_file) == 3
    assert warnings.filters == filters
    assert signal.getitimer(signal.ITIMER_REAL) == signal.getitimer(signal.ITIMER_PROF) == (0, 0)


def test_what_python_keeps_for_all_files_is_as_before_the_import() -> None:
    """How deep calls may go, where print writes, and who is told of an exception."""

    def top_of_a_file() -> None:
        sys.stdout = sys.stderr = io.StringIO()
        sys.stdout.close()
        sys.excepthook = ENTERED.callback
        sys.setrecursionlimit(25)

    before = (sys.getrecursionlimit(), sys.stdout, sys.stderr, sys.excepthook)
    call_apart(top_of_a_file)
    assert (sys.getrecursionlimit(), sys.stdout, sys.stderr, sys.excepthook) == before


def test_a_call_may_let_others_go_deeper_and_compute_less_exactly() -> None:
    """It is told nothing, and the next observation begins as ever."""

    def call() -> None:
        sys.setrecursionlimit(10_000)
        torch.backends.cuda.matmul.allow_tf32 = True

    limit = sys.getrecursionlimit()
    assert left_by(call) == "nothing"
    Left()
    assert sys.getrecursionlimit() == limit
    assert torch.get_float32_matmul_precision() == "highest"


def test_what_an_import_raises_is_raised() -> None:
    """Also what is no Exception."""
    with pytest.raises(SystemExit):
        call_apart(exit)


SWITCHES = "no_tracking"  # whose work it is to switch grad mode, so its probes look at nothing else


@pytest.mark.parametrize(
    "exercise",
    [e for e in exercises().values() if e.name != SWITCHES],
    ids=lambda exercise: exercise.id,
)
def test_grad_mode_left_off_is_told_in_every_exercise(exercise: Exercise) -> None:
    """The reference, with this one habit added, is told so on its first case; transfer freezes the
    module that it gets besides."""
    module = vars(importlib.import_module(exercise.module))
    names = dict(module) | {name: leaving(module[name]) for name in exercise.names}
    case = cases(exercise)[0]
    probe = probes.find(exercise.place, case.probe)
    facts = observe(Implementation(names, frozenset()), probe, case.given).facts
    assert str(facts[LEFT]).partition(", ")[0] == "grad mode (off)"


def leaving(way: Any) -> Any:
    """Return a function or class that leaves grad mode off at the end of a call or __init__."""
    if inspect.isclass(way) and issubclass(way, torch.autograd.Function):  # no object is made
        return type(way.__name__, (way,), {"apply": staticmethod(leaving(way.apply))})
    if inspect.isclass(way):
        return type(way.__name__, (way,), {"__init__": leaving(way.__init__)})

    @functools.wraps(way)
    def call(*args: Any, **kwargs: Any) -> Any:
        result = way(*args, **kwargs)
        torch.set_grad_enabled(False)
        return result

    return call
