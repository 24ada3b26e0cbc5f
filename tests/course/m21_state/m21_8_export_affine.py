"""Other ways to do export_affine."""

from __future__ import annotations

import copy
import inspect
import io
from pathlib import Path

import torch
from m21_state import export_affine
from torch import nn
from torch.export import Dim, export

from autograder.course.marks import restated, right, wrong


@right()
def a_copy(model, example, path):
    """Exports a copy, whose mode nobody needs again."""
    program = export(copy.deepcopy(model).eval(), (example,), dynamic_shapes=[{0: Dim.DYNAMIC}])
    torch.export.save(program, path)


@right()
def by_name(model, example, path):
    """Names the argument of forward, and leaves it to torch whether its rows may differ."""
    modes = [(part, part.training) for part in model.modules()]
    model.eval()
    (name,) = inspect.signature(model.forward).parameters
    with torch.no_grad():
        program = export(model, (example,), dynamic_shapes={name: (Dim.AUTO, None)})
    for part, mode in modes:
        part.train(mode)
    torch.export.save(program, path)


@right()
def rows_of_its_own(model, example, path):
    """Exports on more rows than the example has, and writes the bytes itself."""
    x = torch.zeros(9, example.shape[1])
    rows = Dim("batch", min=1, max=10**6)
    program = export(copy.deepcopy(model).train(False), (x,), dynamic_shapes=({0: rows},))
    file = io.BytesIO()
    torch.export.save(program, file)
    Path(path).write_bytes(file.getvalue())


@right()
def linear_layers_only(model, example, path):
    """Leaves the Dropout layers out of what is exported."""
    kept = nn.Sequential(*(part for part in model if not isinstance(part, nn.Dropout)))
    program = export(kept, (example,), dynamic_shapes=({0: Dim("n")},))
    torch.export.save(program, Path(path))


class _Affine(nn.Module):
    def __init__(self, weight, bias):
        super().__init__()
        self.weight, self.bias = nn.Parameter(weight), nn.Parameter(bias)

    def forward(self, x):
        return x @ self.weight + self.bias


@right()
def one_product(model, example, path):
    """Multiplies the layers out, and exports a single one."""
    weight, bias = torch.eye(example.shape[1]), torch.zeros(example.shape[1])
    for layer in model:
        if isinstance(layer, nn.Linear):
            weight, bias = weight @ layer.weight.mT, bias @ layer.weight.mT + layer.bias
    one = _Affine(weight.detach(), bias.detach())
    torch.export.save(export(one, (example,), dynamic_shapes={"x": {0: Dim("n")}}), path)


@wrong(asks="lr.58")
def at_most_five_rows(model, example, path):
    """Declares a largest number of rows."""
    rows = Dim("rows", min=1, max=5)
    program = export(copy.deepcopy(model).eval(), (example,), dynamic_shapes=({0: rows},))
    torch.export.save(program, path)


@wrong()
def without_biases(model, example, path):
    """Exports a copy whose biases are 0."""
    bare = copy.deepcopy(model)
    for layer in bare:
        if isinstance(layer, nn.Linear):
            nn.init.zeros_(layer.bias)
    export_affine(bare, example, path)


@wrong()
def columns_open(model, example, path):
    """Declares the number of columns as dynamic, which the layers fix."""
    program = export(copy.deepcopy(model).eval(), (example,), dynamic_shapes=({1: Dim("n")},))
    torch.export.save(program, path)


@wrong()
def no_dropout_from_now_on(model, example, path):
    """Sets the p of the Dropout layers to 0."""
    for layer in model:
        if isinstance(layer, nn.Dropout):
            layer.p = 0.0
    export_affine(model, example, path)


@wrong()
def frozen(model, example, path):
    """Switches the gradients of the parameters off."""
    export_affine(model.requires_grad_(False), example, path)


@wrong()
def example_used_up(model, example, path):
    """Writes zeros into the example."""
    export_affine(model, example.zero_(), path)


@wrong()
def rounded(model, example, path):
    """Exports numbers that are rounded to halves."""
    coarse = copy.deepcopy(model)
    for p in coarse.parameters():
        p.data = (2 * p.data).round() / 2
    export_affine(coarse, example, path)


@wrong()
def state_dict_in_bytes(model, example, path):
    """Writes the numbers of the parameters, without any format."""
    numbers = [p.detach().numpy().tobytes() for p in model.parameters()]
    Path(path).write_bytes(b"".join(numbers))


@wrong(named="dropout-inside")
def asks_the_model_alone(model, example, path):
    """Takes a model in eval mode for one whose parts are so, too."""
    work = copy.deepcopy(model)
    if work.training:
        work.eval()
    program = export(work, (example,), dynamic_shapes=({0: Dim("n")},))
    torch.export.save(program, path)


@restated("rows-of-the-example")
def all_sizes_fixed(model, example, path):
    """Gives the example alone."""
    torch.export.save(export(copy.deepcopy(model).eval(), args=(example,)), path)


@restated("dropout-inside")
def in_training_mode(model, example, path):
    """Exports a copy in training mode."""
    program = export(copy.deepcopy(model).train(), (example,), dynamic_shapes=({0: Dim.AUTO},))
    torch.export.save(program, path)


@restated("left-in-eval-mode")
def train_false(model, example, path):
    """Switches the training mode off."""
    model.train(False)
    program = export(model, (example,), dynamic_shapes=({0: Dim("rows")},))
    torch.export.save(program, path)


@restated("one-mode-for-all")
def outer_mode_put_back(model, example, path):
    """Notes one flag, and puts it back by train."""
    mode = model.training
    program = export(model.eval(), (example,), dynamic_shapes=({0: Dim("rows")},))
    model.train(mode)
    torch.export.save(program, path)


@restated("traced")
def scripted(model, example, path):
    """Compiles the model instead of tracing it."""
    torch.jit.script(copy.deepcopy(model).eval()).save(path)


@restated("written-by-torch-save")
def program_pickled(model, example, path):
    """Pickles the state of the model, not its code."""
    torch.save(model.state_dict(), path)


@restated("another-path")
def without_suffix(model, example, path):
    """Takes the suffix away."""
    export_affine(model, example, path.removesuffix("2"))


@restated("something-returned")
def program_given_back(model, example, path):
    """Returns what it has saved."""
    program = export(copy.deepcopy(model).eval(), (example,), dynamic_shapes=({0: Dim("rows")},))
    torch.export.save(program, path)
    return program
