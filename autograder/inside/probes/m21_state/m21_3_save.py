"""Probes of save and load."""

from __future__ import annotations

import pickle
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from autograder.inside.device import DEVICE, is_stand_in
from autograder.inside.given import Given
from autograder.inside.implementation import Implementation, describe
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import outcome_of

_RUN: list[str] = []  # what a file's own code notes


@probe("round trip")
def save_round_trip(impl: Implementation, given: Given) -> Facts:
    """What a model's file holds, and what is made of it, on the CPU and on the model's device."""
    model = _drawn(given, given.sizes)
    model.train(given.mode == "train")
    with tempfile.TemporaryDirectory() as folder, _on_this_machine(given) as lack_the_device:
        path: Any = Path(folder, "model.pt" if given.path == "str" else "model")
        path.write_bytes(b"an older file")
        path = str(path) if given.path == "str" else path
        facts: Facts = {"what save returns": describe(impl.save(model, path))}
        facts |= _state(model, "the model after save")
        held: list[Any] = []
        read = outcome_of(
            lambda: held.append(torch.load(path, map_location="cpu", weights_only=True)),
            pickle.UnpicklingError,
        )
        facts["answer of torch.load to the file"] = read
        if not held:
            form = "torch.save" if zipfile.is_zipfile(path) else "something else"
            return facts | {"what has written the file": form}
        if not isinstance(held[0], dict):
            return facts | {"what the file holds": describe(held[0])}
        facts["names in the file"] = ", ".join(sorted(map(str, held[0])))
        if held[0].keys() != model.state_dict().keys():
            return facts
        facts |= {f"{n} in the file": t for n, t in sorted(held[0].items())}
        lack_the_device(True)
        facts |= _loaded(impl, given, path, "cpu", "the model loaded on the CPU")
        lack_the_device(False)
        there = "the model loaded on its device"
        return facts | _loaded(impl, given, path, given.device, there)


@probe("refusal")
def save_refusal(impl: Implementation, given: Given) -> Facts:
    """What is answered to a file with code in it, and to one of another network."""
    facts: Facts = {}
    _RUN.clear()
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder, "file.pt"))
        state = _drawn(given, given.sizes).state_dict()
        torch.save({**state, "2.bias": _Code()}, path)
        answer = outcome_of(
            lambda: impl.load(lambda: _net(given.sizes), path, "cpu"), pickle.UnpicklingError
        )
        facts["answer to a file with code in it"] = answer
        facts["code in the file"] = "has run" if _RUN else "has not run"
        for name, changed in {
            "of another size": _drawn(given, given.other).state_dict(),
            "without a name": {k: v for k, v in state.items() if k != "1.running_mean"},
            "with a name too many": {**state, "3.bias": state["2.bias"]},
        }.items():
            torch.save(dict(changed), path)
            facts[f"answer to a state_dict {name}"] = outcome_of(
                lambda: impl.load(lambda: _net(given.sizes), path, "cpu"), RuntimeError
            )
    return facts


class _Code:
    """Something that runs when it is unpickled, and becomes a tensor."""

    def __reduce__(self) -> Any:
        return _run, ()


def _run() -> Tensor:
    _RUN.append("run")
    return torch.zeros(1)


def _net(sizes: list[int]) -> nn.Module:
    n_in, width, n_out = sizes
    net = nn.Sequential(nn.Linear(n_in, width), nn.BatchNorm1d(width), nn.Linear(width, n_out))
    net.register_buffer("scratch", torch.zeros(1), persistent=False)  # no part of the state_dict
    return net


def _drawn(given: Given, sizes: list[int]) -> nn.Module:
    """Return a network on the given's device, all of whose numbers are drawn."""
    model = _net(sizes).to(given.device, given.dtype)
    with torch.no_grad():
        for tensor in model.state_dict().values():
            tensor.copy_(given.leaf(*tensor.shape).abs() * (1 if tensor.is_floating_point() else 9))
    return model


def _loaded(impl: Implementation, given: Given, path: Any, device: Any, name: str) -> Facts:
    """Say what load returns."""
    made: list[nn.Module] = []

    def factory() -> nn.Module:
        made.append(_net(given.sizes))
        return made[-1]

    model = impl.load(factory, path, device)
    facts: Facts = {f"calls of factory for {name}": len(made)}
    if not any(model is one for one in made):
        return facts | {f"{name}": f"{describe(model)} that factory has not made"}
    facts |= {f"{name}": "what factory made"} | _state(model, name)
    return facts | {f"{n} of {name}": t.detach() for n, t in model.state_dict().items()}


def _state(model: Any, name: str) -> Facts:
    modes = {part.training for part in model.modules()}
    trained = all(p.requires_grad for p in model.parameters())
    return {
        f"mode of {name}": "both" if len(modes) > 1 else "train" if True in modes else "eval",
        f"parameters of {name}": "trainable" if trained else "not all trainable",
        f"first weight of {name}": next(model.parameters()).detach(),
    }


@contextmanager
def _on_this_machine(given: Given) -> Iterator[Callable[[bool], None]]:
    """Let files name the stand-in as the place of its tensors, as they name a GPU.

    While the device is lacking, a tensor that is to be put there raises what torch raises for CUDA
    on a machine without it.
    """
    lacking = False

    def lack(on: bool) -> None:
        nonlocal lacking
        lacking = on

    def tag(storage: Any) -> str | None:
        return str(DEVICE) if getattr(storage, "on_stand_in", False) else None

    def put(storage: Any, location: str) -> Any:
        if location != str(DEVICE):
            return None
        if lacking:
            raise RuntimeError(
                f"Attempting to deserialize object on {DEVICE}, but this machine has none. Use "
                "torch.load with map_location=torch.device('cpu') to map your storages to the CPU."
            )
        storage.on_stand_in = True
        return storage

    registry = torch.serialization._package_registry
    before = list(registry)
    if is_stand_in(given.device):
        torch.serialization.register_package(0, tag, put)
    try:
        yield lack
    finally:
        registry[:] = before
