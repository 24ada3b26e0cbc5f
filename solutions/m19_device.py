# %% [markdown]
# # m19 The machine: devices, seeds, workers, clocks
#
# The same training can run on the CPU or on a GPU, fast or slowly, and twice with the same numbers
# or not. A GPU has a memory of its own and works while Python goes on: data must be moved there,
# and whoever measures time must wait for it. Random numbers come from several generators, and a
# loader can have helpers. None of the exercises needs a GPU.

# %%
"""Moving data, seeding, the options of a loader, measuring time, and trying out algorithms."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor


# %%
def to_device(batch: Any, device: torch.device, non_blocking: bool = False) -> Any:
    """Return a batch with all its tensors on a device.

    batch is a tensor, or a tuple, a named tuple, a list or a dict. The items of a tuple or list,
    and the values of a dict, are such batches themselves, at most 20 deep, or anything else: a
    text, a number, None, a set, an object, also one that has a method `to`. Such other things are
    handed on themselves. No other container and no subclass of these is in it.

    The result has the structure of batch: a container of the same type in the place of each, a
    named tuple of the same class, the same keys, everything in its order. Tensors keep their
    numbers, dtype and shape; one that lies on the device already may be returned itself. No
    container of batch is changed, and no tensor.

    non_blocking is what each transfer of a tensor is asked for: with True, Python may go on while
    the numbers are still being copied from pinned memory to a GPU.
    """
    if isinstance(batch, Tensor):
        return batch.to(device, non_blocking=non_blocking)
    if isinstance(batch, dict):
        return {key: to_device(value, device, non_blocking) for key, value in batch.items()}
    if isinstance(batch, list | tuple):
        moved = [to_device(item, device, non_blocking) for item in batch]
        return type(batch)(*moved) if hasattr(batch, "_fields") else type(batch)(moved)
    return batch


# %%
def seed_everything(seed: int) -> torch.Generator:
    """Seed every global random generator of a run, and return a generator for its DataLoader.

    seed is an int from 0 to 2**32 - 1. Afterwards the global generators stand where
    `random.seed(seed)`, `numpy.random.seed(seed)` and `torch.manual_seed(seed)` put them: that of
    Python's module random, that of numpy.random, and those of torch, on the CPU and on every GPU.

    The result is a new generator of torch on the CPU, another one for each call, that stands where
    its own `manual_seed(seed)` puts it. To draw from it moves none of the global generators.
    Nothing else is changed: settings of torch, such as deterministic algorithms or those of cuDNN,
    and the environment of the process stay as they are.
    """
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    return torch.Generator().manual_seed(seed)


# %%
def loader_options(device: torch.device, n_cpu: int, in_memory: bool) -> dict[str, Any]:
    """Return the options of a DataLoader that suit the machine, as a dict of keyword arguments.

    device, the CPU or a CUDA device, is where the batches will be moved to. n_cpu is the number of
    CPU cores, at least 1. in_memory says whether the dataset is made of tensors in memory; if not,
    each row has to be read from a file.

    - num_workers: where rows are read from files, a worker for each core but one, which is left to
      the training; where they are in memory 0, for there is nothing that a worker could do.
    - pin_memory: True where the device is a CUDA device, False where it is the CPU. The device
      alone decides, whatever this machine has.
    - persistent_workers: True where there are workers, so that they need not be started again for
      each epoch; False where there are none: a DataLoader refuses True there.

    An option that is left out of the dict counts as DataLoader's default: 0, False and False. The
    dict has no other options.
    """
    num_workers = 0 if in_memory else n_cpu - 1
    return {
        "num_workers": num_workers,
        "pin_memory": device.type == "cuda",
        "persistent_workers": num_workers > 0,
    }


# %%
def timed(fn: Callable[[], object], device: torch.device, warmup: int, repeats: int) -> float:
    """Return how many seconds a call of fn takes: the median over some calls, as a float.

    worth_gpu is written beside it. fn takes no arguments, and what it returns does not matter. Call
    it warmup times (at least 0) without timing it, for first calls have more to do. Then call it
    repeats times (at least 1), and time each of these calls by itself, with the clock
    `time.perf_counter`. Call it no more often. The median of an even number of times is the mean
    of the two in the middle.

    device, the CPU or a CUDA device, is where fn computes. On CUDA a call returns before its work
    is done: it is only queued. `torch.cuda.synchronize(device)`, or
    `torch.accelerator.synchronize(device)`, waits until nothing is queued there any longer; without
    the device it would wait for the current GPU, which may be another one. A call begins when all
    earlier work is done, and ends when its own work is done, too. Where device is the CPU there may
    be no GPU, and these functions raise.
    """
    for _ in range(warmup):
        fn()
    seconds = []
    for _ in range(repeats):
        _wait_for(device)
        start = time.perf_counter()
        fn()
        _wait_for(device)
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def _wait_for(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def worth_gpu(
    cpu_s: float, gpu_s: float, n_bytes: int, bandwidth: float, launches: int, launch_s: float
) -> bool:
    """Say whether a computation is done sooner on the GPU than on the CPU, all costs counted.

    On the CPU it takes cpu_s seconds. On the GPU the computing alone takes gpu_s seconds. Before
    and after, n_bytes in all are moved between the two memories, with bandwidth in bytes per
    second, above 0. Besides, each of the launches, the operations that Python starts there, costs
    launch_s seconds. Nothing happens at the same time as anything else. Return True where the GPU
    takes less time in all, and False where it takes as long or longer.
    """
    return gpu_s + n_bytes / bandwidth + launches * launch_s < cpu_s


# %%
class autotune:  # noqa: N801 - it is used like torch.no_grad
    """Let cuDNN try out its algorithms in a block of code, where that pays.

    `with autotune(shapes):` sets `torch.backends.cudnn.benchmark` for its block: True where all
    shapes are equal, for cuDNN then tries its algorithms once and keeps the fastest; False where
    they differ, for it would try them again for each new shape. shapes is a list of at least one
    shape of an input, each a tuple of ints; it is not changed. No other setting is, either.

    Making the object changes nothing. It serves one block at a time; other objects may have blocks
    within its block. When the block ends, also by an exception, the setting is again what it was
    when the block began. The exception goes on to the caller.
    """

    def __init__(self, shapes: Sequence[tuple[int, ...]]) -> None:
        """Look at the shapes."""
        self._on = len(set(shapes)) == 1

    def __enter__(self) -> None:
        """Note the setting, and change it for the block."""
        self._before = torch.backends.cudnn.benchmark
        torch.backends.cudnn.benchmark = self._on

    def __exit__(self, *error: object) -> None:
        """Put back what was there before the block."""
        torch.backends.cudnn.benchmark = self._before
