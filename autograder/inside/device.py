"""Where tensors and generators lie: on a device of torch's own, or on the stand-in.

The stand-in is a device that every machine has. Its tensors are plain tensors of the CPU to torch,
with a mark on their storage. All that shares a storage (a view, `.data`, a parameter after
`param.data = other` or `module.to`) thus lies in the same place, autograd, optimizers and loaders
work as ever, and nothing can tear a tensor and its device apart. `stand_in.py` has the rules.

To Python the device is `privateuseone:0`, torch's name for a device that is not its own. Every way
to hand a device on takes it (`device=x.device`, `str(x.device)`, `x.device.type`), and code that
names a device as text cannot have meant it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import ModuleType
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

NAME = "stand-in"  # in givens, observations and messages
DEVICE = torch.device("privateuseone", 0)

outside_modes = torch._C.DisableTorchFunction  # within it torch asks no mode, so not the stand-in
_NESTED = (tuple, list, dict)


def device_called(name: str) -> torch.device:
    """Return the device that a given names; RuntimeError for a name that torch does not know."""
    return DEVICE if name == NAME else torch.device(name)


def name_of(tensor: Tensor) -> str:
    """Return the type of a tensor's device as observations tell it."""
    return NAME if lies_there(tensor) else tensor.device.type


def is_stand_in(device: Any) -> bool:
    """Say whether a device, or the text or number for one, is the stand-in; None is not."""
    return device is not None and torch.device(device).type == DEVICE.type


def lies_there(tensor: Tensor) -> bool:
    """Say whether a tensor lies on the stand-in."""
    return getattr(_keeper(tensor), "on_stand_in", False)


def mark(result: Any, others: Iterable[Tensor] = ()) -> Any:
    """Let the tensors of a result lie there, but for those that share a storage with `others`."""
    kept = [_keeper(tensor) for tensor in others]
    for keeper in map(_keeper, tensors_in(result)):
        if not any(keeper is other for other in kept):
            keeper.on_stand_in = True
    return result


def generators_in(values: Iterable[Any]) -> Iterator[torch.Generator]:
    """Yield the generators among some values."""
    return (value for value in values if type(value) in (Generator, _TorchGenerator))


def tensors_in(value: Any) -> list[Tensor]:
    """Return the tensors in a value, also those in its tuples, lists and dicts."""
    if isinstance(value, Tensor):
        return [value]
    found: list[Tensor] = []
    if isinstance(value, _NESTED):
        for item in value.values() if isinstance(value, dict) else value:
            if isinstance(item, _NESTED):
                found += tensors_in(item)
            elif isinstance(item, Tensor):
                found.append(item)
    return found


def _keeper(tensor: Tensor) -> Any:
    """Return what bears the mark: the storage, or the tensor where it has none.

    A sparse one has none, nor has a parameter of a lazy layer before its first call.
    """
    while torch._C._functorch.is_functorch_wrapped_tensor(tensor):  # within torch.func and vmap
        tensor = torch._C._functorch.get_unwrapped(tensor)
    try:
        return tensor.untyped_storage()
    except (NotImplementedError, ValueError):
        return tensor


if TYPE_CHECKING:
    from torch import Generator as _TorchGenerator
else:
    _TorchGenerator = torch.Generator


class _Kind(type(_TorchGenerator)):  # type: ignore[misc]
    """Lets torch's own generators count as instances, such as `torch.default_generator`."""

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, _TorchGenerator)


class Generator(_TorchGenerator, metaclass=_Kind):
    """torch.Generator, which can also be one of the stand-in."""

    on_stand_in: bool

    def __new__(cls, device: Any = "cpu") -> Generator:
        """Make a generator of a device, which may be given as text."""
        there = is_stand_in(device)
        made: Generator = super().__new__(cls, "cpu" if there else device)  # type: ignore[call-arg]
        made.on_stand_in = there
        return made

    @property
    def device(self) -> torch.device:  # type: ignore[override]
        """The device whose numbers it draws."""
        return DEVICE if self.on_stand_in else super().device


# torch makes a generator without asking a mode. A submission may import the name, so it is replaced
# here, once, before any submission is loaded.
torch.Generator = Generator  # type: ignore[misc]

# torch.utils.checkpoint asks the module of a device for its random states, and whether it computes
# in lower precision; once there is one, a seed is handed to it, too. This one has nothing of it.
_module: Any = ModuleType(f"torch.{DEVICE.type}")
_module.get_amp_supported_dtype = list
_module._is_in_bad_fork = bool
_module.manual_seed_all = float
torch._register_device_module(DEVICE.type, _module)  # type: ignore[no-untyped-call]
