"""Mistakes of save and load."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import torch
from m21_state import load, save
from torch import nn

from autograder.course.marks import mistake

Path = str | os.PathLike[str]
Factory = Callable[[], nn.Module]


@mistake("whole-model-saved", asks="lr.42 tb.26")
def whole_model_saved(model: nn.Module, path: Path) -> None:
    """Your save pickles the model itself. Such a file names classes and can run code, so torch.load
    refuses it by default, and it breaks when the code of the class moves. Save only what the model
    has learned, by name."""
    torch.save(model, path)


@mistake("parameters-only", asks="tb.26")
def parameters_only(model: nn.Module, path: Path) -> None:
    """Your save writes the parameters and leaves the buffers out. Running statistics are not
    trained, yet predictions need them, and load_state_dict misses their names. A model has a method
    that gives both."""
    torch.save({name: p.detach() for name, p in model.named_parameters()}, path)


@mistake("wrapped-in-a-dict")
def wrapped_in_a_dict(model: nn.Module, path: Path) -> None:
    """Your file holds a dict in which the state_dict is one entry. That is common for checkpoints
    with more in them, but here the file is to hold the state_dict itself, so that anybody can load
    it."""
    torch.save({"model": model.state_dict()}, path)


@mistake("moved-for-saving", replaces="save")
def moved_for_saving(model: nn.Module, path: Path) -> None:
    """Your save moves the model to the CPU and leaves it there. A training on a GPU would go on
    with tensors in two places, and fail. Saving is to change nothing: move copies of the tensors,
    if any."""
    save(model.cpu(), path)


@mistake("eval-for-saving", replaces="save")
def eval_for_saving(model: nn.Module, path: Path) -> None:
    """Your save puts the model into eval mode and leaves it so. Whoever saves in the middle of a
    training then goes on without dropout and without moving statistics. The mode is not in the
    file: leave it alone."""
    save(model.eval(), path)


@mistake("keys-returned", replaces="load", asks="lr.42 tb.26")
def keys_returned(factory: Factory, path: Path, device: Any) -> Any:
    """Your load returns what load_state_dict returns. That is a report of missing and unexpected
    names; the model itself was changed in place. Keep the model under its own name, and return
    it."""
    model = factory().to(device)
    return model.load_state_dict(torch.load(path, map_location=device, weights_only=True))


@mistake("new-model-returned", replaces="load", asks="lr.42")
def new_model_returned(factory: Factory, path: Path, device: Any) -> nn.Module:
    """Your load returns a model with the random numbers that factory gives it. The file was read,
    but what you return is not the model that got its numbers. Make one model, and use it
    throughout."""
    load(factory, path, device)
    return factory().to(device).eval()


@mistake("place-of-the-file", replaces="load", asks="tb.26")
def place_of_the_file(factory: Factory, path: Path, device: Any) -> nn.Module:
    """Your load lets torch put the tensors where they were when they were saved. A file from a GPU
    then cannot be read on a machine without one. Tell torch.load where its tensors are to go."""
    model = factory()
    model.load_state_dict(torch.load(path, weights_only=True))
    return model.to(device).eval()


@mistake("any-code-run", replaces="load", asks="tb.26")
def any_code_run(factory: Factory, path: Path, device: Any) -> nn.Module:
    """Your load unpickles whatever the file holds, and so runs any code that somebody has put into
    it. For a state_dict nothing of that is needed: leave weights_only as it is, True, and let torch
    refuse such a file."""
    model = factory()
    model.load_state_dict(torch.load(path, map_location="cpu", weights_only=False))
    return model.to(device).eval()


@mistake("left-in-training-mode", replaces="load")
def left_in_training_mode(factory: Factory, path: Path, device: Any) -> nn.Module:
    """Your load returns the model in training mode, in which factory makes it. Its predictions
    would then depend on the batch, and change its statistics. The mode is not in the file, so you
    have to set it."""
    return load(factory, path, device).train()


@mistake("left-on-the-cpu", replaces="load")
def left_on_the_cpu(factory: Factory, path: Path, device: Any) -> nn.Module:
    """Your load leaves the model on the CPU. load_state_dict copies numbers into the tensors that
    are there, wherever the file's tensors were put; to move the model is a step of its own."""
    return load(factory, path, "cpu")


@mistake("misfits-ignored", replaces="load", asks="tb.26")
def misfits_ignored(factory: Factory, path: Path, device: Any) -> nn.Module:
    """Your load accepts a file with names that the model does not have, or without some that it
    has. These parts keep random numbers, and nobody is told. Without strict=False torch raises
    there, and here it should."""
    model = factory()
    model.load_state_dict(torch.load(path, map_location="cpu", weights_only=True), strict=False)
    return model.to(device).eval()
