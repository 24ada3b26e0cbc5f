"""What probes need that look at products of matrices on the way to a result."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from autograder.inside.probes.tools import Operations

SUMS = {"add", "sub", "rsub", "mul"}  # operations that show a product and a sum made apart


class Products(Operations):
    """Records also whether a bare product, in any layout, was a result on the way."""

    def __init__(self, product: Tensor) -> None:
        super().__init__()
        self.known = product.numel() > 1  # its sum tells it; a single number may be met by chance
        self.count, self.total = product.numel(), product.sum().item() if self.known else 0.0
        self.met = False

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> object:
        """Run an operation and look at its result."""
        result = super().__torch_dispatch__(func, types, args, kwargs)
        if not self.known or not isinstance(result, Tensor) or result.is_meta:
            return result
        if result.numel() == self.count:
            self.met |= abs(result.sum().item() - self.total) < 1e-9
        return result


def way_to_add(operations: Products) -> str:
    """Say whether the bias was added by an operation of its own."""
    names = {name.rstrip("_") for name in operations.names}
    apart = operations.met or bool(names & SUMS)
    return "separate product and sum" if apart else "one fused operation"
