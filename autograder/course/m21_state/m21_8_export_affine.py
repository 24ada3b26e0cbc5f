"""Mistakes of export_affine."""

from __future__ import annotations

import copy
from typing import Any

import torch
from m21_state import export_affine
from torch import Tensor, nn

from autograder.course.marks import mistake


def _exported(model: nn.Module, example: Tensor) -> Any:
    """Export in the modes that the parts have now."""
    return torch.export.export(model, (example,), dynamic_shapes=({0: torch.export.Dim("n")},))


@mistake("rows-of-the-example", asks="lr.58")
def rows_of_the_example(model: nn.Module, example: Tensor, path: str) -> None:
    """Your program takes as many rows as the example has, and refuses any other number. An export
    holds every size of the example for a fixed one, unless it is told which may differ: declare the
    number of rows as dynamic."""
    torch.export.save(torch.export.export(copy.deepcopy(model).eval(), (example,)), path)


@mistake("dropout-inside", asks="lr.58")
def dropout_inside(model: nn.Module, example: Tensor, path: str) -> None:
    """Your program still drops numbers at random: two calls with the same rows differ. What a
    layer does in its mode is recorded once and for all, and nobody can switch the mode of a program
    later. Choose the mode before you export."""
    torch.export.save(_exported(model, example), path)


@mistake("left-in-eval-mode")
def left_in_eval_mode(model: nn.Module, example: Tensor, path: str) -> None:
    """You leave the model in eval mode. Whoever exports in the middle of a training then goes on
    without dropout, and nothing warns of it. Note the modes first, and put them back."""
    export_affine(model.eval(), example, path)


@mistake("one-mode-for-all")
def one_mode_for_all(model: nn.Module, example: Tensor, path: str) -> None:
    """Afterwards all parts have the mode of the model as a whole. A layer that was in another mode,
    such as a frozen one, has lost it. Every part has a flag of its own: note all of them, not only
    the outermost."""
    export_affine(model, example, path)
    model.train(model.training)


@mistake("traced", asks="lr.58")
def traced(model: nn.Module, example: Tensor, path: str) -> None:
    """Your file holds TorchScript, as torch.jit.trace makes it. Tracing is deprecated, and
    torch.export.load does not read what it writes. Make a program with torch.export, and let the
    function beside it write the file."""
    torch.jit.save(torch.jit.trace(copy.deepcopy(model).eval(), example), path)


@mistake("written-by-torch-save")
def written_by_torch_save(model: nn.Module, example: Tensor, path: str) -> None:
    """Your file is one that torch.save writes: pickled objects. These need their Python code to be
    read again, and torch.export.load refuses them. Exported programs have a format of their own,
    and a function that writes it."""
    torch.save(copy.deepcopy(model).eval(), path)


@mistake("another-path")
def another_path(model: nn.Module, example: Tensor, path: str) -> None:
    """No file stands at the path that was asked for. Whoever called you looks exactly there, and
    nowhere else. Write to the path as it is, with nothing added to its name or taken away."""
    export_affine(model, example, path + ".pt2")


@mistake("something-returned")
def something_returned(model: nn.Module, example: Tensor, path: str) -> Any:
    """You return the exported program. The file is what was asked for; a second thing that stands
    for the same model invites callers to depend on both. Write the file, and return nothing."""
    export_affine(model, example, path)
    return _exported(copy.deepcopy(model).eval(), example)
