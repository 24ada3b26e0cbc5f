"""Other ways to do save and load."""

from __future__ import annotations

import io
import pickle
import shutil
from collections import OrderedDict
from pathlib import Path

import torch
from m21_state import load
from torch import nn

from autograder.course.marks import restated, right, wrong


@right()
def copies_on_the_cpu(model, path):
    """Writes copies of the tensors, brought to the CPU."""
    torch.save({name: t.detach().cpu().clone() for name, t in model.state_dict().items()}, path)


@right()
def by_an_open_file(model, path):
    """Hands torch an open file."""
    with open(path, "wb") as file:
        torch.save(model.state_dict(), file)


@right()
def by_a_buffer(model, path):
    """Writes to memory first, and then all bytes to the file."""
    buffer = io.BytesIO()
    torch.save(OrderedDict(model.state_dict()), buffer)
    Path(path).write_bytes(buffer.getvalue())


@right()
def beside_and_moved(model, path):
    """Writes a second file and moves it to its place."""
    beside = f"{path}.new"
    torch.save(model.state_dict(), beside)
    shutil.move(beside, path)


@right(replaces="load")
def moved_first(factory, path, device):
    """Moves the new model first, and reads the file to its device."""
    model = factory().to(device)
    state = torch.load(path, map_location=device)
    model.load_state_dict(state)
    model.eval()
    return model


@right(replaces="load")
def from_an_open_file(factory, path, device):
    """Reads from an open file; the mode is set part by part."""
    model = factory()
    with open(path, "rb") as file:
        state = torch.load(file, map_location=torch.device("cpu"))
    model.load_state_dict(state, strict=True)
    for part in model.modules():
        part.training = False
    return model.to(device)


@right(replaces="load")
def by_a_function_for_the_place(factory, path, device):
    """Answers torch where each tensor goes: where it is."""
    model = factory().eval()
    model.load_state_dict(torch.load(path, map_location=lambda storage, _: storage))
    return model.to(torch.device(device))


@wrong()
def in_half_precision(model, path):
    """Writes rounded numbers, to save space."""
    torch.save(
        {k: t.half() if t.is_floating_point() else t for k, t in model.state_dict().items()}, path
    )


@wrong(asks="lr.42 tb.26")
def pickled(model, path):
    """Pickles the dict without torch."""
    with open(path, "wb") as file:
        pickle.dump(model.state_dict(), file)


@wrong()
def every_tensor(model, path):
    """Collects the tensors itself, and so takes buffers that are not to be kept."""
    found = dict(model.named_parameters())
    found.update(model.named_buffers())
    torch.save({name: tensor.data for name, tensor in found.items()}, path)


@wrong()
def with_a_suffix(model, path):
    """Makes the name of the file end in .pt."""
    torch.save(model.state_dict(), Path(path).with_suffix(".pt"))


@wrong()
def with_the_sizes(model, path):
    """Adds an entry of its own to the state_dict."""
    torch.save({**model.state_dict(), "saved": True}, path)


@wrong()
def old_file_kept(model, path):
    """Does not replace a file that is there."""
    if not Path(path).exists():
        torch.save(model.state_dict(), path)


@wrong()
def values_only(model, path):
    """Writes a list of tensors, without their names."""
    torch.save(list(model.state_dict().values()), path)


@wrong(replaces="load")
def parameters_by_place(factory, path, device):
    """Copies what is in the file in the order of the parameters."""
    model = factory()
    state = torch.load(path, map_location="cpu")
    with torch.no_grad():
        for p, value in zip(model.parameters(), state.values(), strict=False):
            if p.shape == value.shape:
                p.copy_(value)
    return model.to(device).eval()


@wrong(replaces="load")
def assigned(factory, path, device):
    """Takes over the file's own tensors, with their dtype."""
    model = factory()
    model.load_state_dict(torch.load(path, map_location="cpu"), assign=True)
    return model.to(device).eval()


@wrong(replaces="load")
def frozen(factory, path, device):
    """Switches the gradients of the parameters off."""
    return load(factory, path, device).requires_grad_(False)


@wrong(replaces="load")
def refuses_in_its_own_words(factory, path, device):
    """Raises a ValueError for whatever torch raises."""
    try:
        return load(factory, path, device)
    except Exception as error:
        raise ValueError("the file does not fit") from error


@restated("any-code-run", replaces="load")
def tries_unsafely_next(factory, path, device):
    """Reads a file that torch refuses in the other way."""
    model = factory()
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError:
        state = torch.load(path, map_location="cpu", weights_only=False)
    model.load_state_dict(state)
    return model.to(device).eval()


@wrong(replaces="load")
def wrapped(factory, path, device):
    """Returns the model within another one."""
    return nn.Sequential(load(factory, path, device)).eval()


@wrong(replaces="load")
def only_the_outer_mode(factory, path, device):
    """Sets the mode of the outermost part alone."""
    model = load(factory, path, device).train()
    model.training = False
    return model


@wrong(replaces="load")
def fitting_only(factory, path, device):
    """Leaves out what has another shape or name."""
    model = factory()
    own = model.state_dict()
    for name, value in torch.load(path, map_location="cpu").items():
        if name in own and own[name].shape == value.shape:
            own[name].copy_(value)
    return model.to(device).eval()


@restated("whole-model-saved")
def model_in_a_file(model, path):
    """Opens a file for the model."""
    with open(path, "wb") as file:
        torch.save(model, file)


@restated("parameters-only")
def named_parameters(model, path):
    """Goes through the state_dict for what is trained."""
    trained = {name for name, _ in model.named_parameters()}
    torch.save({k: v for k, v in model.state_dict().items() if k in trained}, path)


@restated("wrapped-in-a-dict")
def checkpoint(model, path):
    """Writes a checkpoint with one entry."""
    torch.save(dict(state_dict=model.state_dict()), path)


@restated("moved-for-saving", replaces="save")
def to_cpu(model, path):
    """Calls to with the name of the CPU."""
    model.to("cpu")
    torch.save(model.state_dict(), path)


@restated("eval-for-saving", replaces="save")
def train_false(model, path):
    """Switches the training mode off."""
    model.train(False)
    torch.save(model.state_dict(), path)


@restated("keys-returned", replaces="load")
def assigned_back(factory, path, device):
    """Gives the result the model's name."""
    model = factory().to(device).eval()
    model = model.load_state_dict(torch.load(path, map_location=device))
    return model


@restated("new-model-returned", replaces="load")
def loaded_elsewhere(factory, path, device):
    """Loads into one model, and moves another."""
    factory().load_state_dict(torch.load(path, map_location="cpu"))
    return factory().eval().to(device)


@restated("place-of-the-file", replaces="load")
def default_place(factory, path, device):
    """Reads with all defaults."""
    model = factory().to(device)
    model.load_state_dict(torch.load(path))
    return model.eval()


@restated("any-code-run", replaces="load")
def old_default(factory, path, device):
    """Reads in the way of older versions."""
    state = torch.load(path, map_location=device, weights_only=False)
    model = factory().to(device)
    model.load_state_dict(state)
    return model.eval()


@restated("left-in-training-mode", replaces="load")
def no_mode(factory, path, device):
    """Sets no mode."""
    model = factory()
    model.load_state_dict(torch.load(path, map_location="cpu"))
    return model.to(device)


@restated("left-on-the-cpu", replaces="load")
def file_moved_only(factory, path, device):
    """Reads to the device, into a model on the CPU."""
    model = factory()
    model.load_state_dict(torch.load(path, map_location=device))
    return model.eval()


@restated("misfits-ignored", replaces="load")
def not_strict(factory, path, device):
    """Loads without being strict."""
    model = factory().to(device).eval()
    model.load_state_dict(torch.load(path, map_location=device), strict=False)
    return model


EXCUSED = {
    "model.load_state_dict(torch.load(path, map_location='cpu', weights_only=True)) -> "
    "model.load_state_dict(torch.load(path, map_location='cpu'))": "True is torch's default",
}
