"""Mistakes of to_device."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import torch
from m19_device import to_device
from torch import Tensor

from autograder.course.marks import mistake


@mistake("copy-dropped", asks="tb.15")
def copy_dropped(batch: Any, device: torch.device, non_blocking: bool = False) -> Any:
    """You call to() and drop what it returns. A tensor never moves: to() makes a copy on the other
    device, and the one that it is called on stays where it is. Look at what you return for a
    tensor."""
    to_device(batch, device, non_blocking)
    return batch


@mistake("tuple-becomes-list")
def tuple_becomes_list(batch: Any, device: torch.device, non_blocking: bool = False) -> Any:
    """Your tuples come back as lists. Code that knows batches as tuples may ask for their type, and
    a named tuple loses its names. Look at how you build the container again."""
    if isinstance(batch, list | tuple):
        return [tuple_becomes_list(item, device, non_blocking) for item in batch]
    if isinstance(batch, dict):
        moved = (tuple_becomes_list(item, device, non_blocking) for item in batch.values())
        return dict(zip(batch, moved, strict=True))
    return to_device(batch, device, non_blocking)


@mistake("names-lost")
def names_lost(batch: Any, device: torch.device, non_blocking: bool = False) -> Any:
    """Your named tuples come back as plain tuples, so batch.x no longer works. Build them by the
    class that they have. It wants its items one by one, not as one argument."""
    if isinstance(batch, tuple):
        return tuple(names_lost(item, device, non_blocking) for item in batch)
    return _each(batch, device, non_blocking, names_lost)


@mistake("items-as-one-argument")
def items_as_one_argument(batch: Any, device: torch.device, non_blocking: bool = False) -> Any:
    """You build a named tuple as other tuples are built, from one argument that has all the items.
    Its class takes the items one by one, so this raises TypeError. Look for the way to tell a named
    tuple, and for the star."""
    if isinstance(batch, list | tuple):
        moved = [items_as_one_argument(item, device, non_blocking) for item in batch]
        return type(batch)(moved)
    return _each(batch, device, non_blocking, items_as_one_argument)


@mistake("others-not-let-through")
def others_not_let_through(batch: Any, device: torch.device, non_blocking: bool = False) -> Any:
    """You call to() on whatever is no container. A text, a number or None has no such method, and
    batches have them: names, row numbers, missing things. Ask whether it is a tensor first, and
    hand on all the rest."""
    if isinstance(batch, list | tuple | dict):
        return _each(batch, device, non_blocking, others_not_let_through)
    return batch.to(device, non_blocking=non_blocking)


@mistake("others-dropped")
def others_dropped(batch: Any, device: torch.device, non_blocking: bool = False) -> Any:
    """You leave out what is no tensor and no container, or put None there. The names and numbers in
    a batch belong to its rows. Hand them on as they are."""
    if isinstance(batch, list | tuple | dict):
        return _each(batch, device, non_blocking, others_dropped)
    return to_device(batch, device, non_blocking) if isinstance(batch, Tensor) else None


@mistake("texts-taken-apart")
def texts_taken_apart(batch: Any, device: torch.device, non_blocking: bool = False) -> Any:
    """You take everything for a container that has items. A text has some, too: its letters, each
    of which is a text again, so this never ends and raises RecursionError. Ask for the very types
    that the task names."""
    if isinstance(batch, Sequence):
        moved = [texts_taken_apart(item, device, non_blocking) for item in batch]
        return type(batch)(*moved) if hasattr(batch, "_fields") else type(batch)(moved)  # type: ignore[call-arg]
    return _each(batch, device, non_blocking, texts_taken_apart)


@mistake("only-the-first-level")
def only_the_first_level(batch: Any, device: torch.device, non_blocking: bool = False) -> Any:
    """You move the tensors in the outermost container only; those in a container inside it stay
    where they are. Let the function call itself for each item."""

    def move(item: Any, *_: Any) -> Any:
        return to_device(item, device, non_blocking) if isinstance(item, Tensor) else item

    return _each(batch, device, non_blocking, move)


@mistake("dicts-passed-over")
def dicts_passed_over(batch: Any, device: torch.device, non_blocking: bool = False) -> Any:
    """You hand a dict on as it is, as if it were no container, and its tensors stay behind. Loaders
    often bring batches as dicts. Move each of its values, and keep its keys."""
    if isinstance(batch, dict):
        return batch
    return _each(batch, device, non_blocking, dicts_passed_over)


@mistake("dict-changed")
def dict_changed(batch: Any, device: torch.device, non_blocking: bool = False) -> Any:
    """You write the moved tensors into the dict that was handed in. Whoever keeps it, such as the
    dataset, finds its tensors on another device then. Build a new dict."""
    if isinstance(batch, dict):
        for key in batch:
            batch[key] = dict_changed(batch[key], device, non_blocking)
        return batch
    return _each(batch, device, non_blocking, dict_changed)


@mistake("list-changed")
def list_changed(batch: Any, device: torch.device, non_blocking: bool = False) -> Any:
    """You write the moved tensors into the list that was handed in. Whoever keeps it, such as the
    dataset, finds its tensors on another device then. Build a new list."""
    if isinstance(batch, list):
        batch[:] = [list_changed(item, device, non_blocking) for item in batch]
        return batch
    return _each(batch, device, non_blocking, list_changed)


@mistake("targets-left-behind", asks="tb.15 lr.35")
def targets_left_behind(batch: Any, device: torch.device, non_blocking: bool = False) -> Any:
    """You move only the first item of a tuple. The model then computes on one device, while the
    targets lie on another, and the loss raises RuntimeError. Everything that meets in one operation
    has to be moved."""
    if isinstance(batch, tuple) and batch:
        moved = (targets_left_behind(batch[0], device, non_blocking), *batch[1:])
        return type(batch)(*moved) if hasattr(batch, "_fields") else moved
    return _each(batch, device, non_blocking, targets_left_behind)


@mistake("float32-made")
def float32_made(batch: Any, device: torch.device, non_blocking: bool = False) -> Any:
    """You change the dtype of the tensors to float32 on the way. Moving is not converting: float64
    loses digits, and row numbers can no longer index. Look at what else you hand to to()."""
    if isinstance(batch, Tensor):
        return batch.to(device, torch.float32, non_blocking=non_blocking)
    return _each(batch, device, non_blocking, float32_made)


@mistake("non-blocking-unused")
def non_blocking_unused(batch: Any, device: torch.device, non_blocking: bool = False) -> Any:
    """You do not hand non_blocking on: every transfer makes Python wait, whatever was asked for.
    Look at the arguments of to()."""
    return to_device(batch, device)


@mistake("non-blocking-lost-on-the-way")
def non_blocking_lost(batch: Any, device: torch.device, non_blocking: bool = False) -> Any:
    """You hand non_blocking on for a batch that is a tensor, but not for tensors in containers:
    where the function calls itself, it is left out, and the default takes its place. Look at these
    calls."""
    if isinstance(batch, Tensor):
        return to_device(batch, device, non_blocking)
    return to_device(batch, device)


@mistake("never-waits")
def never_waits(batch: Any, device: torch.device, non_blocking: bool = False) -> Any:
    """You ask transfers not to wait also where non_blocking is False. Whoever reads such a copy on
    the CPU may find numbers that have not arrived yet. What the caller asked for has to reach
    to()."""
    return to_device(batch, device, True)


def _each(batch: Any, device: torch.device, non_blocking: bool, move: Any) -> Any:
    """Move the items of a container by a function, and all else by the reference."""
    if isinstance(batch, dict):
        return {key: move(item, device, non_blocking) for key, item in batch.items()}
    if isinstance(batch, list | tuple):
        moved: Iterable[Any] = [move(item, device, non_blocking) for item in batch]
        return type(batch)(*moved) if hasattr(batch, "_fields") else type(batch)(moved)
    return to_device(batch, device, non_blocking)
