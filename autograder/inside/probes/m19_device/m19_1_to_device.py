"""Probes of to_device."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.answers import answer_to


class Sample(NamedTuple):
    """A row, or a batch of rows, with names."""

    x: Tensor
    y: Tensor


class Other:
    """What is no tensor, and has no to()."""

    def __repr__(self) -> str:
        return "an object"


class Movable:
    """What is no tensor, and has to()."""

    def to(self, *_: object, **options: object) -> Other:
        """Return something else."""
        return Other()

    def __repr__(self) -> str:
        return "an object with to()"


@probe("pair")
def to_device_pair(impl: Implementation, given: Given) -> Facts:
    """A tensor, a pair of features and targets, and what was moved, moved back."""
    x, y, z = (_here(given) for _ in range(3))
    facts = {"a tensor, moved": impl.to_device(z, given.device)}
    facts |= _facts("pair", impl.to_device((x, y), given.device))
    back = impl.to_device((x.to(given.device), y.to(given.device)), torch.device("cpu"))
    return facts | {"tensors of a pair, moved to the CPU": _tensors(back)}


@probe("containers")
def to_device_containers(impl: Implementation, given: Given) -> Facts:
    """Containers of each type, nested ones, and things that are no tensors."""
    x, y = _here(given), _here(given)
    others = ("x", 3, 2.5, None, True, b"x", {y}, Other(), Movable())
    batches: dict[str, Any] = {
        "list": [x, (y,)],
        "dict": {"y": [y], "x": x, "none": None},
        "named tuple": Sample(x, y),
        "tuple with other things": (x, *others),
        "nested batch": {"rows": [(x, [y]), {"deep": Sample(y, x), "id": 7}], "none": [(), []]},
    }
    facts: Facts = {}
    for name, batch in batches.items():
        before = [*_parts(batch)]
        moved = answer_to(partial(impl.to_device, batch, given.device))
        same = [*map(id, before)] == [*map(id, _parts(batch))]
        facts |= _facts(name, moved)
        facts[f"{name} handed in, afterwards"] = "as before" if same else "changed"
        if name == "tuple with other things" and isinstance(moved, tuple):
            missing = [_written(one) for one in others if all(item is not one for item in moved)]
            facts["things of a tuple that are not handed on"] = ", ".join(missing) or "none"
    return facts


@probe("transfers")
def to_device_transfers(impl: Implementation, given: Given) -> Facts:
    """What each transfer is asked for. On the device meta every machine can see that."""
    x, y, meta = _here(given), _here(given), torch.device("meta")
    facts: Facts = {}
    for told, options in (
        ("with non_blocking=True", {"non_blocking": True}),
        ("with non_blocking=False", {"non_blocking": False}),
        ("without more", {}),
    ):
        batches: dict[str, Any] = {"tensor": x, "dict": {"x": x}, "nested list": [(x, [y])]}
        for name, batch in batches.items():
            with _Transfers() as transfers:
                impl.to_device(batch, meta, **options)
            facts[f"transfers of a {name}, {told}"] = str(transfers)
    return facts


def _here(given: Given) -> Tensor:
    """Draw a tensor on the CPU; where there is a GPU, in pinned memory."""
    tensor = given.randn(given.n).cpu()
    return tensor.pin_memory() if given.device.type == "cuda" else tensor


def _facts(name: str, moved: Any) -> Facts:
    return {f"{name}, moved": _written(moved), f"tensors of a moved {name}": _tensors(moved)}


def _tensors(batch: Any) -> list[Tensor]:
    return [part for part in _parts(batch) if isinstance(part, Tensor)]


def _parts(batch: Any) -> Iterator[Any]:
    """Yield a batch, and all that is in it."""
    yield batch
    if isinstance(batch, list | tuple | dict):
        for item in batch.values() if isinstance(batch, dict) else batch:
            yield from _parts(item)


def _written(batch: Any) -> str:
    """Write the structure of a batch as Python does, with `tensor` for each tensor."""
    if isinstance(batch, Tensor):
        return "tensor"
    if isinstance(batch, dict):
        return f"{{{', '.join(f'{key!r}: {_written(item)}' for key, item in batch.items())}}}"
    if isinstance(batch, set):
        return "a set"
    if not isinstance(batch, list | tuple):
        return batch if isinstance(batch, str) and batch.startswith("raises") else repr(batch)
    items = [_written(item) for item in batch]
    if isinstance(batch, list):
        return f"[{', '.join(items)}]"
    name = "" if type(batch) is tuple else type(batch).__name__
    return f"{name}({', '.join(items)})"


class _Transfers(TorchDispatchMode):
    """Notes for each transfer between devices whether Python need not wait for it."""

    def __init__(self) -> None:
        super().__init__()
        self._asked: list[bool] = []

    def __str__(self) -> str:
        told = {bool(asked) for asked in self._asked}
        words = {True: "need not wait", False: "wait"}
        return " or ".join(words[each] for each in sorted(told)) or "none"

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> object:
        options = kwargs or {}
        if func is torch.ops.aten._to_copy.default and options.get("device") is not None:
            self._asked.append(options.get("non_blocking", False))
        elif func is torch.ops.aten.copy_.default and args[0].device != args[1].device:
            self._asked.append(options.get("non_blocking", args[2] if args[2:] else False))
        return func(*args, **options)
