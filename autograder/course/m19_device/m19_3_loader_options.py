"""Mistakes of loader_options."""

from __future__ import annotations

from typing import Any

import torch
from m19_device import loader_options

from autograder.course.marks import mistake


@mistake("pinned-for-the-cpu", asks="tb.42")
def pinned_for_the_cpu(device: torch.device, n_cpu: int, in_memory: bool) -> dict[str, Any]:
    """You pin memory whatever the device is. Pinning is for copies to a GPU; for training on the
    CPU it only costs an extra copy, and without a GPU torch warns. Look at what decides it."""
    return {**loader_options(device, n_cpu, in_memory), "pin_memory": True}


@mistake("machine-asked", asks="tb.42")
def machine_asked(device: torch.device, n_cpu: int, in_memory: bool) -> dict[str, Any]:
    """You ask whether this machine has a GPU, not where the batches go. Somebody may train on the
    CPU of a machine with a GPU, and then nothing is copied from pinned memory. Look at device."""
    options = loader_options(device, n_cpu, in_memory)
    return {**options, "pin_memory": torch.cuda.is_available()}


@mistake("never-pinned", asks="tb.42")
def never_pinned(device: torch.device, n_cpu: int, in_memory: bool) -> dict[str, Any]:
    """You never ask for pinned memory. A GPU cannot fetch from ordinary memory by itself, so each
    batch is copied once more, and Python waits for it. Ask for it where the device is a GPU."""
    return {**loader_options(device, n_cpu, in_memory), "pin_memory": False}


@mistake("pinned-the-wrong-way-round")
def pinned_the_wrong_way_round(device: torch.device, n_cpu: int, in_memory: bool) -> dict[str, Any]:
    """You pin memory for the CPU and not for a GPU. Pinned memory is where a GPU can fetch from by
    itself; for the CPU it is of no use. Look at the comparison."""
    return {**loader_options(device, n_cpu, in_memory), "pin_memory": device.type == "cpu"}


@mistake("persistent-without-workers")
def persistent_without_workers(device: torch.device, n_cpu: int, in_memory: bool) -> dict[str, Any]:
    """You ask for persistent workers also where there are none, and a DataLoader refuses that with
    ValueError. Only workers that exist can be kept."""
    return {**loader_options(device, n_cpu, in_memory), "persistent_workers": True}


@mistake("workers-not-kept")
def workers_not_kept(device: torch.device, n_cpu: int, in_memory: bool) -> dict[str, Any]:
    """You do not ask for persistent workers. All processes are then ended and started again for
    each epoch, and each has to import torch anew. Ask for it where there are workers."""
    return {**loader_options(device, n_cpu, in_memory), "persistent_workers": False}


@mistake("workers-for-tensors-in-memory", asks="tb.45")
def workers_in_memory(device: torch.device, n_cpu: int, in_memory: bool) -> dict[str, Any]:
    """You start workers for rows that lie in memory. A worker is a process: each batch would have
    to be sent over from it, which takes longer than cutting it out here. Look at in_memory."""
    return loader_options(device, n_cpu, False)


@mistake("never-workers", asks="tb.45")
def never_workers(device: torch.device, n_cpu: int, in_memory: bool) -> dict[str, Any]:
    """You have no workers where rows are read from files. Training then stands still while it
    reads, since Python does one thing at a time in one process. The other cores could read."""
    return loader_options(device, n_cpu, True)


@mistake("in-memory-the-wrong-way-round")
def in_memory_the_wrong_way_round(
    device: torch.device, n_cpu: int, in_memory: bool
) -> dict[str, Any]:
    """You start workers where the rows lie in memory, and none where they are read from files. It
    is the reading that workers are for. Look at your question about in_memory."""
    return loader_options(device, n_cpu, not in_memory)


@mistake("no-core-left", asks="tb.45")
def no_core_left(device: torch.device, n_cpu: int, in_memory: bool) -> dict[str, Any]:
    """You start a worker on every core, and leave none to the training itself: the processes then
    take turns. With a single core that is a process more for the same work. Take one core away."""
    workers = 0 if in_memory else n_cpu
    options = loader_options(device, n_cpu, in_memory)
    return {**options, "num_workers": workers, "persistent_workers": workers > 0}


@mistake("always-one-worker")
def always_one_worker(device: torch.device, n_cpu: int, in_memory: bool) -> dict[str, Any]:
    """With a single core you still start a worker. Nothing is left for it: it takes turns with the
    training on that core, and sends its batches over besides. One core less than one is none."""
    workers = 0 if in_memory else max(1, n_cpu - 1)
    options = loader_options(device, n_cpu, in_memory)
    return {**options, "num_workers": workers, "persistent_workers": workers > 0}


@mistake("fixed-number-of-workers")
def fixed_number_of_workers(device: torch.device, n_cpu: int, in_memory: bool) -> dict[str, Any]:
    """You start a fixed number of workers, whatever the machine has. On a small one they take turns
    with the training, and on a large one most cores idle. Work the number out from n_cpu."""
    workers = 0 if in_memory else 4
    options = loader_options(device, n_cpu, in_memory)
    return {**options, "num_workers": workers, "persistent_workers": workers > 0}


@mistake("batch-size-added")
def batch_size_added(device: torch.device, n_cpu: int, in_memory: bool) -> dict[str, Any]:
    """You add other options, which have nothing to do with the machine. Who makes the loader says
    these himself, and Python refuses an argument that comes twice. Return only the three."""
    return {**loader_options(device, n_cpu, in_memory), "batch_size": 32, "shuffle": True}
