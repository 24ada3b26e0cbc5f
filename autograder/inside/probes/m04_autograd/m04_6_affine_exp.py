"""Probes of affine_exp."""

from __future__ import annotations

from typing import Any

from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

from autograder.inside.device import tensors_in
from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import gradients


@probe("value")
def affine_exp_value(impl: Implementation, given: Given) -> Facts:
    """The values for plain numbers, and for tracked ones and the result of others a gradient."""
    plain = given.randn(*given.shape)
    values = impl.affine_exp(plain, given.a, given.b)
    x = given.plain(plain).requires_grad_()
    leaf, later = impl.affine_exp(x, given.a, given.b), impl.affine_exp(x * 0.5, given.a, given.b)
    return {
        "values": values,
        "values for a tracked x": leaf,
        "gradient": gradients(leaf, [x])[0],
        "gradient through an x that was computed": gradients(later, [x])[0],
    }


@probe("memory")
def affine_exp_memory(impl: Implementation, given: Given) -> Facts:
    """How many tensors of x's size are made on the way."""
    x = given.randn(*given.shape).requires_grad_()
    with _Made(x) as made:
        values = impl.affine_exp(x, given.a, given.b)
    return {"values": values, "tensors of x's size that are made": len(made.kept)}


class _Made(TorchDispatchMode):
    """Keeps the tensors with memory of their own, as large as that of x, that are made."""

    def __init__(self, x: Tensor) -> None:
        super().__init__()
        self._known, self._size = {_place(x)}, x.untyped_storage().nbytes()
        self.kept: list[Tensor] = []  # so that no memory is given out twice

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> object:
        result = func(*args, **(kwargs or {}))
        for tensor in tensors_in(result):
            if (
                _place(tensor) not in self._known
                and tensor.untyped_storage().nbytes() >= self._size
            ):
                self._known.add(_place(tensor))
                self.kept.append(tensor)
        return result


def _place(tensor: Tensor) -> int:
    return tensor.untyped_storage().data_ptr()
