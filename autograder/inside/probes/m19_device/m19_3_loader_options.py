"""Probes of loader_options."""

from __future__ import annotations

import warnings
from typing import Any

import torch
from torch.utils.data import DataLoader, TensorDataset

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation, describe
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.m19_device.machine import Machine
from autograder.inside.probes.tools import more_sizes, outcome_of

_DEFAULTS = {"num_workers": 0, "pin_memory": False, "persistent_workers": False}


@probe("options")
def loader_options_options(impl: Implementation, given: Given) -> Facts:
    """The options for a device and numbers of cores, on a machine with a GPU or without."""
    facts = _facts(_options(impl, given, given.cores))
    if others := more_sizes(given, 3, 300):
        more = [_read(_options(impl, given, n)) for n in others]
        facts["workers for more numbers of cores"] = [read["num_workers"] for read in more]
    return facts


@probe("batch")
def loader_options_batch(impl: Implementation, given: Given) -> Facts:
    """Where a batch of tensors in memory lies, loaded with the options."""
    options = impl.loader_options(given.device, 4, True)
    if not isinstance(options, dict) or options.get("num_workers"):
        return {"batch": "not loaded"}  # workers are processes, which a cell does not have
    rows = given.randn(given.n).cpu()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # where there is no GPU, torch warns of pinning
        batches = [*DataLoader(TensorDataset(rows), batch_size=given.n, **options)]
    pinned = all(batch.is_pinned() for (batch,) in batches) and given.device.type == "cuda"
    return {"batch": "in pinned memory" if pinned else "in plain memory"}


def _options(impl: Implementation, given: Given, n_cpu: int) -> Any:
    with Machine(given.gpu):
        return impl.loader_options(torch.device(given.moved_to), n_cpu, given.data == "in memory")


def _facts(options: Any) -> Facts:
    """Tell each option, left out or not, and what a DataLoader says to them."""
    if not isinstance(options, dict):
        return {"result": describe(options)}
    return {
        "result": "a dict",
        **_read(options),
        "other options": ", ".join(sorted(map(str, options.keys() - _DEFAULTS.keys()))) or "none",
        "DataLoader(dataset, **options)": _accepted(options),
    }


def _read(options: Any) -> Facts:
    if not isinstance(options, dict):
        return _DEFAULTS
    read = _DEFAULTS | {name: options[name] for name in _DEFAULTS if name in options}
    return {
        name: bool(value) if name != "num_workers" and value in (0, 1) else value
        for name, value in read.items()
    }


def _accepted(options: dict[str, Any]) -> str:
    dataset = TensorDataset(torch.zeros(3))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # more workers than this machine has cores
        outcome = outcome_of(lambda: DataLoader(dataset, **options), ValueError)
    return "accepted" if outcome == "no exception" else f"raises {outcome}"
