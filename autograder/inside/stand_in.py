"""The stand-in device at work: what CUDA refuses is refused, while all is computed on the CPU.

`device.py` says where a tensor lies. While `StandIn` is active, every call that Python makes of
torch passes through it: it answers for the device, refuses to mix the tensors of two devices or to
draw with a generator of the other one, with the exceptions that CUDA makes, and marks what was
made. Within a call, and in a backward pass, nothing is checked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode
from torch.utils._device import _device_constructors

from autograder.inside.device import (
    DEVICE,
    NAME,
    generators_in,
    is_stand_in,
    lies_there,
    mark,
    tensors_in,
)

Call: TypeAlias = Callable[..., Any]
Options: TypeAlias = dict[str, Any]


class StandIn(TorchFunctionMode):
    """While this is active, tensors can be made on the stand-in and moved to it.

    What CUDA refuses raises as it does there: RuntimeError where devices are mixed, also that of a
    generator, and TypeError where NumPy would read a tensor.
    """

    def __torch_function__(
        self, func: Call, types: Any, args: Any = (), kwargs: Options | None = None
    ) -> Any:
        """Make one call of torch, by the rules for its name."""
        name, arguments, options = _name(func), list(args), dict(kwargs or {})
        if rule := _RULES.get(name):
            return rule(func, arguments, options)
        if options.get("device") is not None or func in _device_constructors():
            return _make(func, arguments, options)
        return _compute(func, name, arguments, options)


def _name(func: Call) -> str:
    """Return a function's name: `add_`; `.grad` where that is read, and `.grad=` where set."""
    name: str = getattr(func, "__name__", "")
    if name not in ("__get__", "__set__"):
        return name
    attribute = getattr(getattr(func, "__self__", None), "__name__", "")
    return f".{attribute}" if name == "__get__" else f".{attribute}="


def _compute(func: Call, name: str, args: list[Any], options: Options) -> Any:
    """Compute where the tensors lie."""
    given = tensors_in(args) + tensors_in(options)
    here = [tensor for tensor in given if not lies_there(tensor)]
    there = len(here) < len(given)
    if there and here and name not in _ANYWHERE:
        _refuse_mixed(func, name, args, options, here)
    _check_generator((*args, *options.values()), there)
    result = func(*args, **options)
    return mark(result, here) if there else result


def _refuse_mixed(
    func: Call, name: str, args: list[Any], options: Options, here: Iterable[Tensor]
) -> None:
    """Raise RuntimeError, unless all that lies on the CPU are operands without dimensions.

    They must not be written to, nor stand in a list to be joined. The functions of
    torch.nn.functional make full tensors of them, which are refused.
    """
    written = name.endswith("_") and not name.endswith("__")
    operands = [*args[written:], *(value for key, value in options.items() if key != "out")]
    single = {id(value) for value in operands if isinstance(value, Tensor) and not value.dim()}
    widened = getattr(func, "__module__", "") == "torch.nn.functional"
    if widened or any(id(tensor) not in single for tensor in here):
        raise _mixed()


def _mixed() -> RuntimeError:
    return RuntimeError(
        "Expected all tensors to be on the same device, "
        f"but found at least two devices, {NAME} and cpu!"
    )


def _check_generator(values: Iterable[Any], there: bool) -> None:
    """Raise RuntimeError for a generator that does not belong to the device of the call."""
    for generator in generators_in(values):
        if is_stand_in(generator.device) != there:
            wanted, found = (NAME, "cpu") if there else ("cpu", NAME)
            raise RuntimeError(
                f"Expected a '{wanted}' device type for generator but found '{found}'"
            )


def _make(func: Call, args: list[Any], options: Options) -> Any:
    """Make a tensor on the device that is named, or else that of its data, or the default one."""
    place = _DATA.get(func, len(args))
    data = args[place] if place < len(args) else options.get("values")
    before = there = isinstance(data, Tensor) and lies_there(data)
    if options.get("device") is not None:
        there = is_stand_in(options["device"])
    elif not isinstance(data, Tensor):
        there = is_stand_in(torch.get_default_device())
    _check_generator(options.values(), there)
    result = func(*args, **(options | {"device": "cpu"} if there else options))
    if data is not None and there != before and func is not torch.tensor:
        result = result.clone()  # it may share the memory of its data
    return mark(result) if there else result


# Where the data stand among the arguments of what makes tensors of tensors.
_DATA: dict[Call, int] = {
    **dict.fromkeys((torch.tensor, torch.as_tensor, torch.asarray), 0),
    torch.sparse_coo_tensor: 1,
    **dict.fromkeys((torch.sparse_csr_tensor, torch.sparse_csc_tensor), 2),
}


def _move(func: Call, args: list[Any], options: Options) -> Any:
    """Call `to`, `type_as` or `cpu`: a tensor that changes its place is copied."""
    before = lies_there(args[0])
    there = before and _name(func) != "cpu"
    for asked in (*args[1:2], options.get("device"), options.get("other")):
        if isinstance(asked, Tensor):
            there = lies_there(asked)
        elif isinstance(asked, str | torch.device):
            there = is_stand_in(asked)
    own = {key: _of_torch(value) for key, value in options.items()}
    result = func(*map(_of_torch, args), **own)
    if there != before and result is args[0]:
        result = result.clone()
    return mark(result) if there else result


def _of_torch(value: Any) -> Any:
    """Return a value that torch knows: for the stand-in, the CPU."""
    return "cpu" if isinstance(value, str | torch.device) and is_stand_in(value) else value


def _type(func: Call, args: list[Any], options: Options) -> Any:
    """Read or change device and dtype as one text: `x.type()`, `x.type("torch.DoubleTensor")`."""
    before = there = lies_there(args[0])
    prefix, wanted = f"torch.{DEVICE.type}.", args[1] if args[1:] else None
    if wanted is None and not options:
        return func(*args).replace("torch.", prefix if there else "torch.")
    if isinstance(wanted, str | type):  # or torch.DoubleTensor itself
        there = str(wanted).startswith(prefix)
        args[1] = wanted.replace(prefix, "torch.") if isinstance(wanted, str) else wanted
    result = func(*args, **options)
    if there != before and result is args[0]:
        result = result.clone()
    return mark(result) if there else result


def _parse_to(func: Call, args: list[Any], options: Options) -> Any:
    """Read what `module.to` is asked for, be it by the example of a tensor."""
    device, *more = func(*args, **options)
    there = any(map(lies_there, tensors_in((args, options))))
    return (DEVICE if there else device, *more)


def _index(func: Call, args: list[Any], options: Options) -> Any:
    """Read or write elements: an index may lie on the CPU, or else where its tensor does.

    What is written to a part may lie elsewhere, and is copied; where a tensor or a list is the
    index, a number only.
    """
    there, picked = lies_there(args[0]), tensors_in(args[1])
    if not there and any(lies_there(each) and each.dim() for each in picked):
        raise RuntimeError(
            "indices should be either on cpu or on the same device as the indexed tensor (cpu)"
        )
    parts = args[1] if isinstance(args[1], tuple) else (args[1],)
    listed = any(each.dim() for each in picked) or any(isinstance(part, list) for part in parts)
    for value in tensors_in(args[2:]):
        if lies_there(value) != there and listed and value.dim():
            raise _mixed()
    result = func(*args, **options)
    return mark(result) if there else result


def _gradients(func: Call, args: list[Any], options: Options) -> Any:
    """Read `.grad`, or call `torch.autograd.grad`: a gradient lies where its tensor does."""
    found = func(*args, **options)
    pairs = zip(args[1], found, strict=True) if _name(func) == "grad" else ((args[0], found),)
    for tensor, gradient in pairs:
        if lies_there(tensor):
            mark(gradient)
    return found


def _hook(func: Call, args: list[Any], options: Options) -> Any:
    """Register a hook of a tensor: the gradient that it gets, and may replace, lies there, too."""
    hook, there = args[1], lies_there(args[0])
    if not there:
        return func(*args, **options)

    def marked(gradient: Tensor) -> Any:
        with StandIn():  # a backward pass runs outside of it
            return hook(mark(gradient))

    return func(args[0], marked, *args[2:], **options)


def _set_gradient(func: Call, args: list[Any], options: Options) -> Any:
    """Set `.grad`; RuntimeError where it lies elsewhere than its tensor."""
    if isinstance(args[1], Tensor) and lies_there(args[1]) != lies_there(args[0]):
        raise RuntimeError("assigned grad has data located on a different device")
    return func(*args, **options)


def _near_only(func: Call, args: list[Any], options: Options) -> Any:
    """Let NumPy, or a function of Python, at the numbers; TypeError where they lie elsewhere."""
    if lies_there(args[0]) and not options.get("force"):
        if func in (Tensor.apply_, Tensor.map_):
            raise TypeError(f"{_name(func)} is only implemented on CPU tensors")
        raise TypeError(
            f"can't convert {NAME} device type tensor to numpy. Use Tensor.cpu() to copy the "
            "tensor to host memory first."
        )
    return func(*args, **options)


def _place(func: Call, args: list[Any], options: Options) -> Any:
    """Read `.device`, `.is_cpu` or `get_device()`."""
    if not lies_there(args[0]):
        return func(*args, **options)
    return {".device": DEVICE, ".is_cpu": False, "get_device": DEVICE.index}[_name(func)]


_RULES: dict[str, Call] = {
    **dict.fromkeys((".device", ".is_cpu", "get_device"), _place),
    **dict.fromkeys(("to", "type_as", "cpu"), _move),
    "type": _type,
    "_parse_to": _parse_to,
    **dict.fromkeys(("__getitem__", "__setitem__"), _index),
    **dict.fromkeys((".grad", "grad"), _gradients),
    ".grad=": _set_gradient,
    "register_hook": _hook,
    **dict.fromkeys(("numpy", "__array__", "apply_", "map_"), _near_only),
}
# Calls that may take tensors of both places: they copy, or look only at a shape or a dtype.
_ANYWHERE = {
    *("copy_", "fill_", "new_tensor", ".data=", "backward", "_has_compatible_shallow_copy_type"),
    *("broadcast_tensors", "expand_as", "view_as", "reshape_as", "is_same_size", "result_type"),
}
