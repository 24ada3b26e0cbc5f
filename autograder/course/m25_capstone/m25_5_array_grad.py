"""Mistakes of array_grad."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import torch
from m25_capstone import array_grad
from torch import Tensor

from autograder.course.marks import mistake

Array: TypeAlias = "np.ndarray[Any, Any]"
Function: TypeAlias = Callable[[Tensor], Tensor]


@mistake("memory-shared", asks="tb.6")
def memory_shared(f: Function, a: Array, device: Any) -> Array:
    """Your tensor shares the memory of the array, so what f writes to its tensor is written into
    the caller's array. from_numpy and as_tensor share wherever they can. Copy the array before you
    hand it on."""
    _refuse(a)
    plain = np.ascontiguousarray(a) if any(stride < 0 for stride in a.strides) else a
    return _back(_gradient(f, torch.as_tensor(plain, device=device).requires_grad_()))


@mistake("tensor-returned")
def tensor_returned(f: Function, a: Array, device: Any) -> Tensor:
    """You return the gradient as a tensor; an array was asked. Who works in NumPy cannot be
    expected to know tensors. Bring the gradient to the CPU and turn it into an array."""
    return torch.from_numpy(array_grad(f, a, device))


@mistake("tracked-to-numpy", asks="tb.1")
def tracked_to_numpy(f: Function, a: Array, device: Any) -> Array:
    """You call .numpy() on a tensor that requires its gradient, and torch refuses. An array cannot
    remember how it was computed, as this tensor does. Detach a tensor before it becomes an
    array."""
    _refuse(a)
    x = torch.tensor(a.copy(), device=device, requires_grad=True)
    return x.cpu().numpy()


@mistake("finite-differences", asks="wf.0")
def finite_differences(f: Function, a: Array, device: Any) -> Array:
    """You estimate the gradient by small differences, which is far less exact than the task asks,
    and calls f once for each number. Autograd is what tensors add: it follows the recorded
    operations back. Let f record its graph, and differentiate that."""
    _refuse(a)
    result, step = np.empty_like(a), 1e-4
    for index in np.ndindex(a.shape):
        ends = []
        for side in (step, -step):
            moved = a.copy()
            moved[index] += side
            ends.append(f(torch.tensor(moved, device=device)).item())
        result[index] = (ends[0] - ends[1]) / (2 * step)
    return result


@mistake("single-precision")
def single_precision(f: Function, a: Array, device: Any) -> Array:
    """Your gradient is float32 where the array is float64: torch.Tensor and .float() change the
    dtype, and half of the digits are lost. Keep the dtype of the array, as torch.tensor does."""
    _refuse(a)
    x = torch.tensor(a.copy(), device=device).float().requires_grad_()
    return _back(torch.autograd.grad(f(x), x)[0].float())


@mistake("device-ignored")
def device_ignored(f: Function, a: Array, device: Any) -> Array:
    """You give f a tensor on the CPU, whatever the device. What f brings along lies on the device,
    and torch refuses to mix the two. An array always lies on the CPU, so its tensor has to be made
    on the device, or moved there."""
    return array_grad(f, a, "cpu")


@mistake("left-on-the-device")
def left_on_the_device(f: Function, a: Array, device: Any) -> Array:
    """You call .numpy() on a tensor that lies on another device. NumPy can read the memory of the
    CPU only, so torch refuses. Bring the gradient to the CPU first."""
    _refuse(a)
    return _gradient(f, torch.tensor(a.copy(), device=device, requires_grad=True)).numpy()


@mistake("values-in-place-of-slopes")
def values_in_place_of_slopes(f: Function, a: Array, device: Any) -> Array:
    """You return the numbers of the array, as f has left them, and not the gradient there. After
    backward() the slopes stand in .grad of the tensor, beside its numbers. Look at which of the
    two you turn into an array."""
    _refuse(a)
    x = torch.tensor(a.copy(), device=device, requires_grad=True)
    f(x).backward()
    return _back(x.detach())


@mistake("integers-converted")
def integers_converted(f: Function, a: Array, device: Any) -> Array:
    """You turn whole numbers into floats and differentiate there. The caller may not know that this
    happens, and the result has another dtype than the array. The task asks for a TypeError. Look at
    the dtype first."""
    return array_grad(f, a if a.dtype.kind == "f" else a.astype(np.float64), device)


@mistake("left-to-torch")
def left_to_torch(f: Function, a: Array, device: Any) -> Array:
    """You leave the refusal of whole numbers to torch, which raises a RuntimeError when they are to
    require a gradient. The caller was promised a TypeError. Look at the dtype before you make the
    tensor."""
    if a.dtype.kind != "f":
        raise RuntimeError("only floating point tensors can require gradients")
    return array_grad(f, a, device)


@mistake("reversed-not-copied")
def reversed_not_copied(f: Function, a: Array, device: Any) -> Array:
    """You hand a reversed array to torch as it is. Its strides are negative, which no tensor can
    have, so torch raises. A copy of the array has its numbers in plain order."""
    _refuse(a)
    torch.tensor(a)
    return array_grad(f, a, device)


@mistake("written-into-the-array")
def written_into_the_array(f: Function, a: Array, device: Any) -> Array:
    """You write the gradient into the caller's array and return that. The numbers at which you
    differentiated are lost, and the result changes whenever the array does. Return an array with
    memory of its own."""
    a[...] = array_grad(f, a, device)
    return a


def _refuse(a: Array) -> None:
    if a.dtype.kind != "f":
        raise TypeError(str(a.dtype))


def _gradient(f: Function, x: Tensor) -> Tensor:
    f(x).backward()
    assert x.grad is not None
    return x.grad


def _back(tensor: Tensor) -> Array:
    return np.array(tensor.cpu().numpy())
