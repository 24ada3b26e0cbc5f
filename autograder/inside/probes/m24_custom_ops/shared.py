"""What several probes of m24 need to look."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor

from autograder.inside.probes import Facts
from autograder.inside.probes.tools import gradients


def gradients_for(value: Any, g: Tensor, inputs: Mapping[str, Tensor]) -> Facts:
    """Return what each input gets where a value receives the gradient g; nothing flows back from a
    value of another shape."""
    fits = isinstance(value, Tensor) and value.shape == g.shape
    found = gradients(value * g if fits else None, list(inputs.values()))
    return {f"gradient of {name}": each for name, each in zip(inputs, found, strict=True)}
