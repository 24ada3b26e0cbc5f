"""What the probes of m23 share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from weakref import WeakSet

import torch
from torch import Tensor


class Kept:
    """A tensor that is kept for a backward pass, and how far the forward pass had come then."""

    def __init__(self, tensor: Tensor, step: int) -> None:
        self.tensor = tensor.detach()
        self.step = step


class Keeping:
    """Notes what is kept for a backward pass, and knows what of it is still there.

    Whoever goes forward counts `step` up.
    """

    def __init__(self) -> None:
        self.step = 0
        self.there: WeakSet[Kept] = WeakSet()
        self._own: set[int] = set()

    @contextmanager
    def noted(self, own: Sequence[Tensor]) -> Iterator[None]:
        """Note it meanwhile, but for `own` tensors, which are there in any case."""
        self._own = {_place(tensor) for tensor in own}
        with torch.autograd.graph.saved_tensors_hooks(self._pack, _unpack):
            yield

    def bytes(self) -> int:
        """Return how many bytes are there."""
        return sum(kept.tensor.nbytes for kept in self.there)

    def _pack(self, tensor: Tensor) -> Any:
        kept = Kept(tensor, self.step)
        counts = (
            tensor.is_floating_point() and tensor.numel() > 1
        )  # no random state, no mere number
        if counts and _place(tensor) not in self._own:
            self.there.add(kept)
        return kept


def _unpack(kept: Kept) -> Tensor:
    return kept.tensor


def _place(tensor: Tensor) -> int:
    return tensor.untyped_storage().data_ptr()


def went_back(y: Any, g: Tensor) -> str:
    """Go backward from a result with a gradient of it, if that can be; say whether it was done."""
    if not isinstance(y, Tensor) or y.shape != g.shape:
        return "not tried"
    if not y.requires_grad:
        return "impossible: the result is cut off from the graph"
    try:
        y.backward(gradient=g)
    except RuntimeError as error:  # whose text has the name of the student's class
        if "incorrect number of gradients" not in str(error):
            raise
        return "refused: one of the gradients is missing, or one too many"
    return "done"
