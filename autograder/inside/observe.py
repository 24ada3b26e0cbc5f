"""Observe: run one probe on one implementation, and make plain data of what it saw."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from typing import Any, TypeAlias

import numpy as np
import torch
from torch import Tensor

from autograder.inside.call import Calls
from autograder.inside.device import is_stand_in, name_of
from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.left import NOTHING, Left
from autograder.inside.observation import (
    MAX_ELEMENTS,
    Array,
    Items,
    Logged,
    Observation,
    Other,
    Value,
)
from autograder.inside.stand_in import StandIn
from autograder.inside.trace import CAUGHT, trace_of, two_shapes_noted

Facts: TypeAlias = dict[str, Any]
Probe: TypeAlias = Callable[[Implementation, Given], Facts]
RAISED = "raised"  # under this the call stands that raised
LEFT = "what the call leaves changed"  # the fact that every observation begins with


def observe(implementation: Implementation, probe: Probe, spec: Mapping[str, Any]) -> Observation:
    """Return what `probe` sees on the given `spec`.

    Whatever the implementation raises, SystemExit included, is part of the observation.
    """
    CAUGHT.set(None)
    try:
        with two_shapes_noted():
            facts = look(implementation, probe, spec)
    except BaseException as error:
        return _stopped(error, implementation)
    if (caught := CAUGHT.get()) is None:
        return Observation(facts, calls=implementation.calls.told)
    trace = trace_of(caught, implementation.files, implementation.called)[0]
    return Observation(facts, trace=trace, calls=implementation.calls.told)


def look(implementation: Implementation, probe: Probe, spec: Mapping[str, Any]) -> dict[str, Value]:
    """Return the facts that `probe` sees; raise whatever stops it."""
    # A student's code may have left anything changed; every probe starts from the same state.
    implementation.returned, implementation.left = None, Left()
    implementation.calls = Calls()
    given = Given(spec)
    given.stir_global_generators()
    with StandIn() if is_stand_in(given.device) else nullcontext():
        try:
            with implementation.forwards_noted():
                facts = dict(probe(implementation, given))
                implementation.calls.tell(facts)
        finally:
            implementation.left.close()
    # first what was left: it may be the cause of the others
    facts = {LEFT: str(implementation.left)} | facts | given.inputs_afterwards()
    return {name: plain(value) for name, value in facts.items()}


def plain(value: Any) -> Value:
    """Make plain data of a value; what cannot be that becomes its type's name."""
    if isinstance(value, Tensor):
        return _array(value)
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, Logged | np.float32):
        return Logged(value)
    if isinstance(value, float | np.floating):
        return float(value)
    if isinstance(value, int) and abs(value) < 2**63:
        return int(value)
    if isinstance(value, tuple | list):
        items = tuple(plain(item) for item in value)
        return Items("tuple" if isinstance(value, tuple) else "list", items)
    if isinstance(value, dict):
        pairs = (Items("tuple", (plain(k), plain(v))) for k, v in value.items())
        return Items("dict", tuple(pairs))
    return Other(f"{type(value).__module__}.{type(value).__qualname__}")


def _array(tensor: Tensor) -> Array:
    if tensor.numel() > MAX_ELEMENTS:
        raise ValueError(f"a tensor of shape {list(tensor.shape)} is too large to compare")
    shape = tuple(tensor.shape)
    values = None
    if not tensor.is_meta:  # by way of a list, since NumPy has no bfloat16
        values = np.array(tensor.detach().tolist(), _number(tensor)).reshape(shape)
    return Array(str(tensor.dtype).removeprefix("torch."), name_of(tensor), shape, values)


def _number(tensor: Tensor) -> type[np.generic]:
    """Return the type in which a tensor's numbers are kept exactly."""
    if tensor.dtype == torch.bool:
        return np.bool_
    return np.float64 if tensor.is_floating_point() else np.int64


def _stopped(error: BaseException, implementation: Implementation) -> Observation:
    """Return the observation of an exception."""
    trace, line = trace_of(error, implementation.files, implementation.called)
    if not line and (left := str(implementation.left)) != NOTHING:
        return Observation({LEFT: left})  # what stopped the probe may have come of it
    return Observation(
        raised=trace.raised,
        returned=None if line else implementation.returned,
        line=line or None,
        trace=trace,
        calls={} if (last := implementation.calls.last) is None else {RAISED: last},
    )
