"""Mistakes of state_bytes and training_bytes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from m17_optimizers import state_bytes, training_bytes
from torch import Tensor, nn
from torch.optim import Optimizer

from autograder.course.marks import mistake


@mistake("weights-counted-as-state", replaces="state_bytes", asks="tb.54")
def weights_counted_as_state(opt: Optimizer) -> int:
    """Your state_bytes counts the parameters as well. They belong to the model: the optimizer only
    holds references to them, in its groups. Before the first step it has mostly stored nothing.
    Count what is in opt.state."""
    return state_bytes(opt) + _bytes(_held(opt))


@mistake("four-bytes-each", replaces="state_bytes")
def four_bytes_each(opt: Optimizer) -> int:
    """Your state_bytes takes four bytes for every number. That is float32; a number of float64 has
    eight and one of float16 two. Ask each tensor for the bytes of its elements."""
    return sum(4 * entry.numel() for entry in _entries(opt))


@mistake("numbers-counted", replaces="state_bytes")
def numbers_counted(opt: Optimizer) -> int:
    """Your state_bytes counts numbers, not bytes. How many bytes a number has depends on the dtype
    of its tensor. Multiply before you add up."""
    return sum(entry.numel() for entry in _entries(opt))


@mistake("counter-forgotten", replaces="state_bytes")
def counter_forgotten(opt: Optimizer) -> int:
    """Your state_bytes leaves out the tensors without dimensions: Adam's counter of steps, one for
    each parameter. It is small, but it is stored like the others. Look at which entries you leave
    out."""
    return _bytes(entry for entry in _entries(opt) if entry.ndim)


@mistake("adam-assumed", replaces="state_bytes", asks="tb.54")
def adam_assumed(opt: Optimizer) -> int:
    """Your state_bytes is twice the size of the parameters, whatever opt has really stored. That
    is Adam's rule of thumb; before the first step nothing is there, plain SGD never stores
    anything, and momentum half of it. Look into opt.state."""
    return 2 * _bytes(_held(opt))


@mistake("first-group-only", replaces="state_bytes")
def first_group_only(opt: Optimizer) -> int:
    """Your state_bytes looks at the parameters of the first group alone. An optimizer may have
    several groups, and stores something for the parameters of each. Go through all of them, or
    through opt.state itself."""
    params = opt.param_groups[0]["params"]
    entries = [entry for p in params for entry in opt.state.get(p, {}).values()]
    return _bytes(entry for entry in entries if isinstance(entry, Tensor))


@mistake("every-entry-a-tensor", replaces="state_bytes")
def every_entry_a_tensor(opt: Optimizer) -> int:
    """Your state_bytes asks every entry of the state for its elements, but some optimizers also
    keep a plain number or None there, and the call crashes. Such an entry counts for nothing. Ask
    what an entry is."""
    entries: list[Any] = [entry for state in opt.state.values() for entry in state.values()]
    return _bytes(entries)


@mistake("gradients-forgotten", replaces="training_bytes", asks="tb.54")
def gradients_forgotten(model: nn.Module, opt: Optimizer) -> int:
    """Your training_bytes leaves out the gradients. Each one is a tensor as large as its parameter
    and is there from backward until it is cleared, so Adam comes to four times the weights, not
    three. Look at .grad."""
    return _bytes(model.parameters()) + state_bytes(opt)


@mistake("gradients-assumed", replaces="training_bytes")
def gradients_assumed(model: nn.Module, opt: Optimizer) -> int:
    """Your training_bytes counts a gradient for every parameter, also where there is none: before
    the first backward, after zero_grad, for a frozen parameter. Asked for is what is stored now.
    Look at each .grad."""
    return 2 * _bytes(model.parameters()) + state_bytes(opt)


@mistake("gradients-of-all-trained", replaces="training_bytes")
def gradients_of_all_trained(model: nn.Module, opt: Optimizer) -> int:
    """Your training_bytes counts a gradient for every parameter that requires one. Requiring is not
    having: before backward, after zero_grad, or for a parameter that took no part in the loss, it
    is None. Look at each .grad."""
    trained = [p for p in model.parameters() if p.requires_grad]
    return _bytes(model.parameters()) + _bytes(trained) + state_bytes(opt)


@mistake("none-not-skipped", replaces="training_bytes")
def none_not_skipped(model: nn.Module, opt: Optimizer) -> int:
    """Your training_bytes asks every gradient for its elements, but a gradient may be None: before
    the first backward all of them are, and the call crashes. None counts for nothing."""
    gradients: list[Any] = [p.grad for p in model.parameters()]
    return _bytes(model.parameters()) + _bytes(gradients) + state_bytes(opt)


@mistake("frozen-left-out", replaces="training_bytes")
def frozen_left_out(model: nn.Module, opt: Optimizer) -> int:
    """Your training_bytes leaves out the weights that are frozen. They are not trained, but the
    forward pass needs them, so they are in memory like all others. Only their gradients are
    missing."""
    frozen = [p for p in model.parameters() if not p.requires_grad]
    return training_bytes(model, opt) - _bytes(frozen)


@mistake("shared-counted-twice", replaces="training_bytes")
def shared_counted_twice(model: nn.Module, opt: Optimizer) -> int:
    """Your training_bytes counts a shared layer once for each place where the model uses it. Its
    parameters are the same tensors there, stored once. Look at what you go through: layers, names,
    or parameters."""
    named = model.named_parameters(remove_duplicate=False)
    params = [p for _, p in named]
    gradients = [p.grad for p in params if p.grad is not None]
    return _bytes(params) + _bytes(gradients) + state_bytes(opt)


@mistake("buffers-counted", replaces="training_bytes")
def buffers_counted(model: nn.Module, opt: Optimizer) -> int:
    """Your training_bytes counts buffers too, such as the running means of a normalisation. They
    are stored, but the task asks for weights, gradients and state only. A state_dict has more than
    the parameters."""
    return training_bytes(model, opt) + _bytes(model.buffers())


@mistake("state-forgotten", replaces="training_bytes", asks="tb.54")
def state_forgotten(model: nn.Module, opt: Optimizer) -> int:
    """Your training_bytes leaves out what the optimizer has stored. For Adam that is twice the size
    of the weights, more than anything else here. There is a function for it beside this one."""
    return training_bytes(model, opt) - state_bytes(opt)


def _entries(opt: Optimizer) -> list[Tensor]:
    entries = [entry for state in opt.state.values() for entry in state.values()]
    return [entry for entry in entries if isinstance(entry, Tensor)]


def _held(opt: Optimizer) -> list[Tensor]:
    return [p for group in opt.param_groups for p in group["params"]]


def _bytes(tensors: Iterable[Tensor]) -> int:
    return sum(tensor.numel() * tensor.element_size() for tensor in tensors)
