"""Observe: run one probe on one implementation and encode what it saw."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import numpy as np
import torch
from torch import Tensor

from autograder.given import Given
from autograder.judging.implementation import Implementation
from autograder.observation import MAX_ELEMENTS, MAX_TEXT, Logged

Facts: TypeAlias = dict[str, Any]
Probe: TypeAlias = Callable[[Implementation, Given], Facts]


def observe(
    implementation: Implementation, probe: Probe, spec: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what `probe` sees on the given `spec`, as JSON-ready data (see observation.py).

    Whatever the implementation raises, SystemExit included, is part of the observation.
    """
    try:
        return {"facts": look(implementation, probe, spec), "raised": None, "line": None}
    except BaseException as error:
        raised, line = _told(error, implementation)
        return {"facts": {}, "raised": raised[:MAX_TEXT], "line": line}


def look(implementation: Implementation, probe: Probe, spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts that `probe` sees, as JSON-ready data; raise whatever stops it."""
    # A student's code may have left any of these changed; every probe starts from the same state.
    torch.set_grad_enabled(True)
    torch.set_default_dtype(torch.float32)
    given = Given(spec)
    given.stir_global_generators()
    implementation.returned, implementation.flags_switched = None, False
    facts = dict(probe(implementation, given))
    if (inputs := given.inputs_afterwards()) is not None:
        facts["inputs afterwards"] = inputs
    if implementation.flags_switched:
        facts["inputs afterwards"] = "requires_grad switched"
    return {name: encode(value) for name, value in facts.items()}


def encode(value: Any) -> Any:
    """Turn a value into JSON-ready data; what is no plain data becomes its type's name."""
    if isinstance(value, Tensor):
        return {"tensor": _encode_tensor(value.detach())}
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, Logged | np.float32):
        return {"logged": float(value)}
    if isinstance(value, float | np.floating):
        return float(value)
    if isinstance(value, int) and abs(value) < 2**63:
        return int(value)
    if isinstance(value, tuple | list):
        kind = "tuple" if isinstance(value, tuple) else "list"
        return {kind: [encode(item) for item in value]}
    if isinstance(value, dict):
        return {"dict": [{"tuple": [encode(k), encode(v)]} for k, v in value.items()]}
    return {"object": f"{type(value).__module__}.{type(value).__qualname__}"}


def _encode_tensor(tensor: Tensor) -> dict[str, Any]:
    if tensor.numel() > MAX_ELEMENTS:
        raise ValueError(f"a tensor of shape {list(tensor.shape)} is too large to compare")
    return {
        "dtype": str(tensor.dtype).removeprefix("torch."),
        "device": tensor.device.type,
        "shape": list(tensor.shape),
        "values": None if tensor.is_meta else tensor.reshape(-1).tolist(),
    }


def _told(error: BaseException, implementation: Implementation) -> tuple[str, int | None]:
    text = str(error).strip().splitlines()
    told = f"{type(error).__name__}: {text[0]}" if text else type(error).__name__
    told = re.sub(r"0x[0-9a-f]+", "0x...", told)
    trace = traceback.walk_tb(error.__traceback__)  # without the text of lines, read from files
    lines = [line for frame, line in trace if frame.f_code.co_filename in implementation.files]
    if not lines and implementation.returned is not None:
        told = f"{implementation.returned}; using it raised {told}"
    return told, lines[-1] if lines else None
