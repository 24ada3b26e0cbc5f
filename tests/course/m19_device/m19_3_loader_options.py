"""Other ways to do loader_options."""

from __future__ import annotations

import torch
from m19_device import loader_options

from autograder.course.marks import restated, right, wrong


@right()
def left_out(device, n_cpu, in_memory):
    """Says only what is not the default."""
    options = {}
    if device.type == "cuda":
        options["pin_memory"] = True
    if not in_memory and n_cpu > 1:
        options |= {"num_workers": n_cpu - 1, "persistent_workers": True}
    return options


@right()
def by_a_call_of_dict(device, n_cpu, in_memory):
    """Writes the dict as a call, and products for conditions."""
    workers = (n_cpu - 1) * (not in_memory)
    return dict(
        persistent_workers=bool(workers),
        pin_memory=str(device).startswith("cuda"),
        num_workers=workers,
    )


@right()
def by_cases(device, n_cpu, in_memory):
    """A branch for each case."""
    pinned = device.type != "cpu"
    if in_memory or n_cpu == 1:
        return {"num_workers": 0, "persistent_workers": False, "pin_memory": pinned}
    return {"num_workers": n_cpu - 1, "persistent_workers": True, "pin_memory": pinned}


@right()
def numbers_for_flags(device, n_cpu, in_memory):
    """Has 0 and 1 for False and True."""
    workers = 0 if in_memory else max(n_cpu - 1, 0)
    pinned = int(torch.device(device).type == "cuda")
    return {"num_workers": workers, "pin_memory": pinned, "persistent_workers": min(workers, 1)}


@wrong()
def asks_the_accelerator(device, n_cpu, in_memory):
    """Believes the machine only where the rows are read from files."""
    options = loader_options(device, n_cpu, in_memory)
    return options if in_memory else {**options, "pin_memory": torch.cuda.is_available()}


@wrong()
def pinned_for_workers_only(device, n_cpu, in_memory):
    """Pins only where rows are read from files."""
    options = loader_options(device, n_cpu, in_memory)
    return {**options, "pin_memory": options["pin_memory"] and not in_memory}


@wrong()
def pinned_for_memory_only(device, n_cpu, in_memory):
    """Pins only what is in memory."""
    options = loader_options(device, n_cpu, in_memory)
    return {**options, "pin_memory": options["pin_memory"] and in_memory}


@wrong()
def half_of_the_cores(device, n_cpu, in_memory):
    """Takes every second core."""
    options = loader_options(device, n_cpu, in_memory)
    return {**options, "num_workers": options["num_workers"] // 2}


@wrong()
def two_cores_left(device, n_cpu, in_memory):
    """Leaves two cores."""
    workers = 0 if in_memory else max(0, n_cpu - 2)
    options = loader_options(device, n_cpu, in_memory)
    return {**options, "num_workers": workers, "persistent_workers": workers > 0}


@wrong()
def at_most_eight(device, n_cpu, in_memory):
    """Never takes more than eight workers."""
    options = loader_options(device, n_cpu, in_memory)
    return {**options, "num_workers": min(options["num_workers"], 4)}


@wrong()
def workers_by_a_gpu(device, n_cpu, in_memory):
    """Starts workers for a GPU only."""
    return loader_options(device, n_cpu, in_memory or device.type == "cpu")


@wrong()
def in_a_tuple(device, n_cpu, in_memory):
    """Returns the values without names."""
    return tuple(loader_options(device, n_cpu, in_memory).values())


@wrong()
def misspelt(device, n_cpu, in_memory):
    """An option that DataLoader does not have."""
    options = loader_options(device, n_cpu, in_memory)
    return {
        "workers": options["num_workers"],
        **{k: v for k, v in options.items() if k != "num_workers"},
    }


@wrong()
def prefetching(device, n_cpu, in_memory):
    """Prefetches, also without workers."""
    return {**loader_options(device, n_cpu, in_memory), "prefetch_factor": 4}


@restated("pinned-for-the-cpu")
def always_pinned(device, n_cpu, in_memory):
    """Writes True for pin_memory."""
    n = 0 if in_memory else n_cpu - 1
    return {"pin_memory": True, "num_workers": n, "persistent_workers": n > 0}


@restated("machine-asked")
def gpu_there(device, n_cpu, in_memory):
    """Does not use device."""
    n = 0 if in_memory else n_cpu - 1
    pinned = torch.accelerator.is_available()
    return {"num_workers": n, "persistent_workers": n > 0, "pin_memory": pinned}


@restated("never-pinned")
def default_of_pinning(device, n_cpu, in_memory):
    """Leaves the option out."""
    n = 0 if in_memory else n_cpu - 1
    return {"num_workers": n, "persistent_workers": n > 0}


@restated("pinned-the-wrong-way-round")
def not_for_cuda(device, n_cpu, in_memory):
    """Asks for anything but CUDA."""
    n = 0 if in_memory else n_cpu - 1
    return {"num_workers": n, "persistent_workers": n > 0, "pin_memory": device.type != "cuda"}


@restated("persistent-without-workers")
def always_persistent(device, n_cpu, in_memory):
    """Writes True for persistent_workers."""
    n = 0 if in_memory else n_cpu - 1
    return {"num_workers": n, "persistent_workers": True, "pin_memory": device.type == "cuda"}


@restated("workers-not-kept")
def default_of_persistence(device, n_cpu, in_memory):
    """Leaves the option out."""
    return {"num_workers": 0 if in_memory else n_cpu - 1, "pin_memory": device.type == "cuda"}


@restated("workers-for-tensors-in-memory")
def memory_unused(device, n_cpu, in_memory):
    """Does not look at in_memory."""
    n = n_cpu - 1
    return {"num_workers": n, "persistent_workers": n > 0, "pin_memory": device.type == "cuda"}


@restated("never-workers")
def only_pinning(device, n_cpu, in_memory):
    """Has a single option."""
    return {"pin_memory": device.type == "cuda"}


@restated("in-memory-the-wrong-way-round")
def branches_exchanged(device, n_cpu, in_memory):
    """Workers if in memory."""
    n = n_cpu - 1 if in_memory else 0
    return {"num_workers": n, "persistent_workers": n > 0, "pin_memory": device.type == "cuda"}


@restated("no-core-left")
def as_many_as_cores(device, n_cpu, in_memory):
    """As many workers as cores."""
    n = 0 if in_memory else n_cpu
    return {"num_workers": n, "persistent_workers": bool(n), "pin_memory": device.type == "cuda"}


@restated("always-one-worker")
def one_at_least(device, n_cpu, in_memory):
    """A worker in any case."""
    n = 0 if in_memory else n_cpu - 1 or 1
    return {"num_workers": n, "persistent_workers": bool(n), "pin_memory": device.type == "cuda"}


@restated("fixed-number-of-workers")
def four_workers(device, n_cpu, in_memory):
    """Four in any case."""
    n = 4 * (not in_memory)
    return {"num_workers": n, "persistent_workers": n > 0, "pin_memory": device.type == "cuda"}


@restated("batch-size-added")
def options_of_the_training(device, n_cpu, in_memory):
    """Says how many rows, and that they are shuffled."""
    n = 0 if in_memory else n_cpu - 1
    options = {"batch_size": 64, "shuffle": True, "pin_memory": device.type == "cuda"}
    return {**options, "num_workers": n, "persistent_workers": n > 0}


# Probes that catch nothing alone, and why they stay.
KEPT_PROBES = {"batch": "on a GPU it sees whether a batch comes in pinned memory"}


@wrong()
def one_name_for_cuda(device, n_cpu, in_memory):
    """Compares devices, and cuda:0 is not equal to cuda."""
    options = loader_options(device, n_cpu, in_memory)
    return options | {"pin_memory": device == torch.device("cuda")}
