"""Calls: what a probe calls, written as a student could type it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import torch
from torch import Tensor

from autograder.inside.device import lies_there, outside_modes

MOST_CALLS = 8  # of one probe; a probe that makes more of them is in a loop
MOST_NUMBERS = 6  # of a tensor or list that is written out
MOST_CHARACTERS = 160

Parameters: TypeAlias = "Sequence[str] | None"
_TENSORS = (Tensor, torch.nn.Parameter)


class Calls:
    """Notes the calls of one observation, each as text, or as None where it cannot be typed.

    `last` is the latest one; `told`, after `tell`, the call behind each fact that has one.
    """

    def __init__(self) -> None:
        self._noted: list[tuple[str | None, Any]] = []
        self._count = 0
        self.last: str | None = None
        self.told: dict[str, str] = {}

    def begin(
        self, name: str, parameters: Parameters, args: Any, kwargs: Mapping[str, Any]
    ) -> str | None:
        """Write a call before it is made, since it may change what it gets."""
        self._count += 1
        self.last = None
        if self._count <= MOST_CALLS:
            with outside_modes():
                self.last = written_call(name, parameters, args, kwargs)
        return self.last

    def end(self, text: str | None, result: Any) -> None:
        """Note what the call with this text has returned."""
        if self._count <= MOST_CALLS:
            self._noted.append((text, result))

    def tell(self, facts: Mapping[str, Any]) -> None:
        """Find the call behind each fact: the only one that was made, or the one that returned the
        fact's tensor."""
        made = {id(tensor): text for text, result in self._noted for tensor in _tensors(result)}
        texts = {text for text, _ in self._noted}
        if len(texts) == 1:
            found = dict.fromkeys(facts, *texts)
        else:
            found = {name: made.get(id(fact)) for name, fact in facts.items()}
        if self._count <= MOST_CALLS:
            self.told = {name: text for name, text in found.items() if text is not None}
        self._noted.clear()


def parameters_of(function: Callable[..., Any]) -> Parameters:
    """Return the names of a function's parameters, None where Python does not know them."""
    try:
        return [*inspect.signature(function).parameters]
    except (TypeError, ValueError):
        return None


def written_call(
    name: str, parameters: Parameters, args: Any, kwargs: Mapping[str, Any]
) -> str | None:
    """Write a call with small inputs written out, and larger tensors as their names with their
    shapes behind: `mse(pred, target) with pred of shape (4, 3), target of shape (4, 3)`.

    None where an argument cannot be written so, or the text would be long.
    """
    if parameters is None:
        return None
    shapes: list[str] = []
    written = []
    for place, (keyword, value) in enumerate([*((None, a) for a in args), *kwargs.items()]):
        own = keyword or (parameters[place] if place < len(parameters) else "")
        text = _written(value)
        if text is None and own and _is_plain(value):
            text = own
            shapes.append(f"{own} of shape {tuple(value.shape)}")
        if text is None:
            return None
        if text != "cpu":
            written.append(text if keyword is None else f"{keyword}={text}")
    call = f"{name}({', '.join(written)})" + (f" with {', '.join(shapes)}" if shapes else "")
    return call if len(call) <= MOST_CHARACTERS else None


def _written(value: Any) -> str | None:
    """Write a small value as Python code; `cpu` is the device that need not be named."""
    if value is None or type(value) in (bool, int, float, str, torch.dtype):
        return _number(value) if type(value) is float else repr(value) if value != "cpu" else None
    if isinstance(value, torch.device):
        return "cpu" if value.type == "cpu" else None
    if isinstance(value, torch.Generator):  # of any seed: no right answer hangs on it
        return "torch.Generator()" if value.device.type == "cpu" else None
    if type(value) in (list, tuple) and len(value) <= MOST_NUMBERS:
        return _written_items(value)
    return _written_tensor(value) if type(value) in _TENSORS else None


def _written_items(value: Any) -> str | None:
    items = [_written(item) for item in value]
    if any(item is None for item in items):
        return None
    text = ", ".join(str(item) for item in items)
    if isinstance(value, list):
        return f"[{text}]"
    return f"({text},)" if len(items) == 1 else f"({text})"


def _written_tensor(tensor: Tensor) -> str | None:
    if not 0 < tensor.numel() <= MOST_NUMBERS or not _is_plain(tensor):
        return None
    numbers = _nested(tensor.detach().tolist())
    special = "" if tensor.dtype in (torch.float32, torch.int64, torch.bool) else tensor.dtype
    dtype = f", dtype={special}" if special else ""
    tracked = ", requires_grad=True" if tensor.requires_grad else ""
    return f"torch.tensor({numbers}{dtype}{tracked})"


def _nested(numbers: Any) -> str:
    if isinstance(numbers, list):
        return f"[{', '.join(map(_nested, numbers))}]"
    return _number(numbers) if isinstance(numbers, float) else repr(numbers)


def _number(number: float) -> str:
    """Write a float with four digits, as is enough to try it."""
    if number != number or abs(number) == float("inf"):
        return f'float("{number}")'
    text = f"{number:.4g}"
    return text if set(text) & set(".en") else f"{text}.0"


def _is_plain(value: Any) -> bool:
    """Say whether a value is a tensor of the CPU in a memory of its own, in the usual layout, and
    not the result of a graph: no other can be typed."""
    return (
        type(value) in _TENSORS
        and value.device.type == "cpu"
        and not lies_there(value)
        and value.layout == torch.strided
        and value.is_contiguous()
        and value.is_leaf
        and value.untyped_storage().nbytes() == value.numel() * value.element_size()
        and not torch._C._functorch.is_functorch_wrapped_tensor(value)
    )


def _tensors(result: Any) -> Iterator[Tensor]:
    if isinstance(result, Tensor):
        yield result
    elif isinstance(result, tuple | list):
        yield from (item for item in result if isinstance(item, Tensor))
