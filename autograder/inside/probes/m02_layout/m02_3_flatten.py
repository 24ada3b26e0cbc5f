"""Probes of flatten."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation, describe
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.m02_layout.shared import (
    REACH,
    Dice,
    drawn_layout,
    laid_out,
    told,
    written,
)
from autograder.inside.probes.tools import gradients, seen_after_writing


@probe("matrix")
def flatten_matrix(impl: Implementation, given: Given) -> Facts:
    """A part of a matrix in one dimension, what it holds later, and its gradient."""
    base, numbers = given.randn(*given.shape), given.randn(*given.shape)
    result = impl.flatten(_part(base, given.part))
    if not isinstance(result, tuple | list) or len(result) != 2:
        return {"what is returned": describe(result)}
    own, weights = given.leaf(*given.shape), given.randn(*given.shape)
    graded = impl.flatten(_part(own, given.part))[0]
    source = given.leaf(*given.shape).detach()
    flat = impl.flatten(_part(source, given.part))[0]
    return {
        "what is returned": f"{describe(result)} of 2",
        "flattened numbers": result[0],
        "second value": written(result[1]),
        "flattened numbers after t was written to": seen_after_writing(source, numbers, flat),
        "gradient of the numbers' weighted sum": gradients(
            _weighted(graded, _part(weights, given.part)), [own]
        )[0],
    }


def _weighted(flat: Any, weights: Tensor) -> Any:
    """Return numbers times weights where they can be multiplied one by one."""
    fits = isinstance(flat, Tensor) and flat.numel() == weights.numel()
    return flat * weights.reshape(flat.shape) if fits else flat


def _part(matrix: Tensor, name: str) -> Tensor:
    """Return the part of a matrix that a given names."""
    return {
        "whole": lambda: matrix,
        "transposed": lambda: matrix.transpose(0, 1),
        "every second column": lambda: matrix[:, ::2],
        "every second row": lambda: matrix[::2],
        "one column": lambda: matrix[:, 1:2],
        "one row, every second": lambda: matrix[1, ::2],
        "one number": lambda: matrix[1, 1],
        "nothing": lambda: matrix[:, 3:],
    }[name]()


@probe("drawn")
def flatten_drawn(impl: Implementation, given: Given) -> Facts:
    """Drawn layouts of one storage: what is said of each, and what all hold when other numbers have
    been written to the storage."""
    dice = Dice(given, 16 * given.layouts)
    storage, numbers = given.leaf(REACH).detach(), given.randn(REACH)
    layouts = [drawn_layout(dice, "1234" if i % 5 else "0234") for i in range(given.layouts)]
    views = [laid_out(storage, layout) for layout in layouts]
    results = [impl.flatten(view) for view in views]
    flags = [written(copied) for _, copied in results]
    right = [str(view.reshape(-1).data_ptr() != view.data_ptr()) for view in views]
    about = [f"sizes {tuple(view.shape)} and strides {view.stride()}" for view in views]
    before = _joined(results)
    with torch.no_grad():
        storage.copy_(numbers)
    return {
        "numbers of all": before,
        **told("second value", "second values", flags, right, about),
        "numbers of all after the storage was written to": _joined(results),
    }


def _joined(results: list[tuple[Tensor, Any]]) -> Tensor:
    """Return the numbers of all results, one after the other, as they are now."""
    return torch.cat([flat.detach().reshape(-1) for flat, _ in results])
