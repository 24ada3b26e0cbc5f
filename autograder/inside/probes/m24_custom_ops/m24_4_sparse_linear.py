"""Probes of sparse_linear."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.m24_custom_ops.shared import gradients_for
from autograder.inside.probes.tools import Operations


@probe("product")
def sparse_linear_product(impl: Implementation, given: Given) -> Facts:
    """The product and its gradients, for places some of which come twice; the last row is empty."""
    idx, vals, dense = _inputs(given)
    result = impl.sparse_linear(idx, vals, given.n_rows, dense)
    if not given.places:
        return {"product": result}  # nothing of the inputs is in it
    g = given.randn(given.n_rows, given.width)
    return {"product": result, **gradients_for(result, g, {"vals": vals, "dense": dense})}


@probe("size")
def sparse_linear_size(impl: Implementation, given: Given) -> Facts:
    """Whether a tensor as large as the full matrix is made on the way, there or back."""
    idx, vals, dense = _inputs(given)
    g = given.randn(given.n_rows, given.width)
    with _Largest() as there:
        result = impl.sparse_linear(idx, vals, given.n_rows, dense)
    with _Largest() as back:
        gradients_for(result, g, {"vals": vals, "dense": dense})
    full = given.n_rows * given.n_columns
    return {
        f"tensor as large as the full matrix, {name}": "made" if seen.count >= full else "not made"
        for name, seen in {"in the call": there, "in the backward pass": back}.items()
    }


class _Largest(Operations):
    """Keeps how many elements the memory of the largest dense result of an operation has."""

    count = 0

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> object:
        """Run an operation and look at its results."""
        results = super().__torch_dispatch__(func, types, args, kwargs)
        for each in results if isinstance(results, tuple | list) else (results,):
            if isinstance(each, Tensor) and each.layout == torch.strided:
                elements = each.untyped_storage().nbytes() // each.element_size()
                self.count = max(self.count, elements)
        return results


def _inputs(given: Given) -> tuple[Tensor, Tensor, Tensor]:
    """Draw places, none of them in the last row, their numbers, and a dense matrix."""
    columns = given.n_columns
    places = given.integers(0, (given.n_rows - 1) * columns, given.places)
    places = torch.cat([places, places[: given.again]])
    rows = torch.div(places, columns, rounding_mode="floor")
    idx = given.plain(torch.stack([rows, places % columns]))
    vals = given.randn(len(places)).requires_grad_()
    return idx, vals, given.randn(columns, given.width).requires_grad_()
