"""Givens: the input of a probe, drawn anew from a seed wherever it is needed."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import torch
from torch import Tensor

from autograder.inside.device import device_called, is_stand_in, mark, outside_modes
from autograder.inside.left import global_states
from autograder.inside.tables import crop_yield

Numbers: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]
_WEIGHTS = np.cos(np.arange(2**17))  # to make them for each case takes as long as to draw a number


class Given:
    """One input: sizes and a seed (`spec`), from which the tensors of a probe are drawn.

    Every entry of the spec is an attribute (`given.n`). Tensors have the given's dtype and lie on
    its device. Those made by `randn`, `integers`, `tensor`, `plain` and `regression` are inputs: a
    probe's observation says whether the implementation changed them. `leaf` draws parameters,
    which it may.
    """

    def __init__(self, spec: Mapping[str, Any]) -> None:
        self.spec = dict(spec)
        self.dtype: torch.dtype = getattr(torch, self.spec.get("dtype", "float64"))
        self.device = device_called(self.spec.get("device", "cpu"))
        self._there = is_stand_in(self.device)
        self.seed: int = self.spec.get("seed", 0)
        self._inputs: list[tuple[Tensor, Numbers, int]] = []

    @cached_property
    def _draw(self) -> np.random.RandomState:
        # RandomState's streams never change between NumPy versions.
        return np.random.RandomState(np.random.PCG64(self.seed))

    def __getattr__(self, name: str) -> Any:
        try:
            return self.spec[name]
        except KeyError:
            raise AttributeError(f"this given has no {name!r}") from None

    def randn(self, *shape: int) -> Tensor:
        """Draw a standard-normal input.

        In float32 it is rounded to eighths, so that sums of products are exact whatever their
        order: two right answers then differ by less than the tolerance.
        """
        return self._input(self._normal(shape))

    def leaf(self, *shape: int) -> Tensor:
        """Draw a standard-normal parameter: a leaf that requires its gradient."""
        tensor = self._placed(self._normal(shape), self.dtype)
        with outside_modes():
            return tensor.requires_grad_()

    def integers(self, low: int, high: int, *shape: int) -> Tensor:
        """Draw an int64 input from low (included) to high (excluded)."""
        draws = np.asarray(self._draw.randint(low, high, size=shape))
        return self._watch(self._placed(draws, torch.int64))

    def tensor(self, values: Any) -> Tensor:
        """Make an input from numbers."""
        return self._input(np.asarray(values, dtype=np.float64))

    def plain(self, tensor: Tensor) -> Tensor:
        """Make an input of a tensor's numbers, which requires no gradient.

        A parameter cannot be written to by mistake, for torch refuses; what is plain can.
        """
        return self._watch(tensor.detach().clone())

    def regression(self) -> tuple[Tensor, Tensor]:
        """Return x [n, n_in] and y [n, n_out]: `rows` of the crop table, or normal draws."""
        if "rows" in self.spec:
            x, y = crop_yield(self.rows)
            return self.tensor(x), self.tensor(y)
        return self.randn(self.n, self.n_in), self.randn(self.n, self.n_out)

    def generator(self) -> torch.Generator:
        """Return a generator on the given's device, seeded by the given."""
        return torch.Generator(self.device).manual_seed(self.seed)

    def inputs_afterwards(self) -> dict[str, str | float]:
        """Say what has become of the inputs, if there are any.

        The words are for the student. A submission's process can put any words there, but the
        checksum only if it still knows the numbers.
        """
        if not self._inputs:
            return {}
        now = [_numbers(tensor) for tensor, *_ in self._inputs]
        pairs = zip(now, self._inputs, strict=True)
        changed = any(tensor._version != v or not _same(n, old) for n, (tensor, old, v) in pairs)
        return {
            "inputs afterwards": "changed in place" if changed else "unchanged",
            "checksum of the inputs afterwards": _checksum(now),
        }

    def seed_global_generators(self) -> None:
        """Put the global generators of torch, NumPy and Python into a known state."""
        torch.default_generator.manual_seed(self.seed)
        if self.device.type == "cuda":
            torch.cuda.manual_seed_all(self.seed)
        np.random.seed(self.seed)
        random.seed(self.seed)

    def stir_global_generators(self) -> None:
        """Put them into a known state that no seed gives back: one number has been drawn."""
        self.seed_global_generators()
        torch.rand(())
        np.random.random_sample()
        random.random()

    def global_random_state(self) -> str:
        """Say whether a global generator has moved since `stir_global_generators`."""
        now = global_states()
        self.stir_global_generators()
        return "untouched" if now == global_states() else "moved"

    def _normal(self, shape: tuple[int, ...]) -> Numbers:
        draws = np.asarray(self._draw.standard_normal(shape))
        if self.dtype == torch.float32:
            draws = np.round(draws * 8) / 8
            draws = np.where(draws == 0, 0.125, draws)
        return draws

    def _input(self, values: Any) -> Tensor:
        return self._watch(self._placed(values, self.dtype))

    def _placed(self, values: Any, dtype: torch.dtype) -> Tensor:
        with outside_modes():
            device = "cpu" if self._there else self.device
            tensor = torch.from_numpy(values).to(device, dtype)
            return mark(tensor) if self._there else tensor

    def _watch(self, tensor: Tensor) -> Tensor:
        with outside_modes():
            self._inputs.append((tensor, _numbers(tensor), tensor._version))
        return tensor


def _numbers(tensor: Tensor) -> Numbers:
    """Return a copy of a tensor's numbers."""
    return np.array(tensor.detach().cpu().double().numpy())


def _same(one: Numbers, other: Numbers) -> bool:
    return one.shape == other.shape and one.tobytes() == other.tobytes()


def _checksum(every: Iterable[Numbers]) -> float:
    """Return a sum in which each number of some tensors has another weight.

    It is a number whatever they hold, for nan would hide every change.
    """
    joined = np.concatenate([numbers.ravel() for numbers in every])
    if not np.isfinite(joined).all():
        joined = np.nan_to_num(joined, nan=1.0, posinf=2.0, neginf=3.0)
    size = len(joined)
    weights = _WEIGHTS[:size] if size <= len(_WEIGHTS) else np.cos(np.arange(size))
    return float(joined @ weights)
