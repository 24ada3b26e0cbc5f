"""Other ways to do state_bytes and training_bytes."""

from __future__ import annotations

import io
import itertools

import numpy as np
import torch
from m17_optimizers import state_bytes, training_bytes

from autograder.course.marks import restated, right, wrong


def _nbytes(tensors):
    return sum(t.nbytes for t in tensors)


@right(replaces="state_bytes")
def through_the_state_dict(opt):
    """Reads the state_dict of the optimizer."""
    kept = opt.state_dict()["state"]
    entries = itertools.chain.from_iterable(one.values() for one in kept.values())
    return _nbytes(entry for entry in entries if torch.is_tensor(entry))


@right(replaces="state_bytes")
def by_groups(opt):
    """Goes through the groups, and asks the state of each parameter without making one."""
    total = 0
    for group in opt.param_groups:
        for p in group["params"]:
            if p in opt.state:
                for value in opt.state[p].values():
                    if isinstance(value, torch.Tensor):
                        total += value.nelement() * torch.empty(0, dtype=value.dtype).itemsize
    return total


@right(replaces="state_bytes")
def by_exceptions(opt):
    """Tries, and lets what is no tensor go."""
    total = 0
    for state in opt.state.values():
        for value in state.values():
            try:
                total += value.numel() * value.element_size()
            except AttributeError:
                continue
    return total


@right(replaces="training_bytes")
def in_one_loop(model, opt):
    """Adds weight and gradient in one loop over names."""
    total = state_bytes(opt)
    for _, p in model.named_parameters():
        total += p.nbytes + (0 if p.grad is None else p.grad.nbytes)
    return total


@right(replaces="training_bytes")
def over_modules(model, opt):
    """Goes through the modules, which it meets once each, and their own parameters."""
    seen = {}
    for module in model.modules():
        for p in module.parameters(recurse=False):
            seen[id(p)] = p
    held = [t for p in seen.values() for t in (p, p.grad) if t is not None]
    return int(np.sum([t.numel() * t.element_size() for t in held])) + state_bytes(opt)


@wrong(replaces="state_bytes")
def numbers_of_python_counted(opt):
    """Takes eight bytes for each number that is no tensor."""
    entries = [e for state in opt.state.values() for e in state.values()]
    return state_bytes(opt) + 8 * sum(isinstance(e, int) for e in entries)


@wrong(replaces="state_bytes")
def one_entry_each(opt):
    """Looks at the last entry of each parameter only."""
    last = [list(state.values())[-1:] for state in opt.state.values()]
    return _nbytes(e for entries in last for e in entries if torch.is_tensor(e))


@wrong(replaces="state_bytes")
def as_floats(opt):
    """Returns a float."""
    return float(state_bytes(opt))


@wrong(replaces="state_bytes")
def pickled(opt):
    """Counts the bytes of a saved file."""
    file = io.BytesIO()
    torch.save(opt.state_dict(), file)
    return file.tell()


@wrong(replaces="state_bytes")
def first_parameter(opt):
    """Multiplies what it finds for the first parameter."""
    states = list(opt.state.values())
    if not states:
        return 0
    return len(states) * _nbytes(e for e in states[0].values() if torch.is_tensor(e))


@wrong(replaces="training_bytes")
def the_optimizers_weights(model, opt):
    """Counts the weights that are trained with a gradient only."""
    params = [p for p in model.parameters() if p.grad is not None]
    return 2 * _nbytes(params) + state_bytes(opt)


@wrong(replaces="training_bytes")
def own_parameters_only(model, opt):
    """Does not look into the layers of the model."""
    params = [p for layer in model.children() for p in [getattr(layer, "weight", None)]]
    return _nbytes(p for p in {id(p): p for p in params}.values() if p is not None)


@wrong(replaces="training_bytes", asks="tb.54")
def three_times(model, opt):
    """Takes the documents' factor."""
    return 3 * _nbytes(model.parameters())


@wrong(replaces="training_bytes")
def state_twice(model, opt):
    """Counts the state twice."""
    return training_bytes(model, opt) + state_bytes(opt)


@restated("weights-counted-as-state", replaces="state_bytes")
def groups_and_state(opt):
    """Adds the parameters of all groups."""
    groups = [group["params"] for group in opt.param_groups]
    return sum(map(_nbytes, groups)) + state_bytes(opt)


@restated("four-bytes-each", replaces="state_bytes")
def float32_everywhere(opt):
    """Multiplies by the size of float32."""
    entries = [e for state in opt.state.values() for e in state.values() if torch.is_tensor(e)]
    return torch.float32.itemsize * sum(map(torch.numel, entries))


@restated("numbers-counted", replaces="state_bytes")
def elements(opt):
    """Adds up the elements."""
    total = 0
    for state in opt.state.values():
        total += sum(e.nelement() for e in state.values() if torch.is_tensor(e))
    return total


@restated("counter-forgotten", replaces="state_bytes")
def without_step(opt):
    """Leaves the entry called step out."""
    entries = [(k, e) for state in opt.state.values() for k, e in state.items()]
    return _nbytes(e for k, e in entries if k != "step" and torch.is_tensor(e))


@restated("adam-assumed", replaces="state_bytes")
def twice_the_parameters(opt):
    """Doubles the parameters."""
    return sum(2 * p.nbytes for group in opt.param_groups for p in group["params"])


@restated("first-group-only", replaces="state_bytes")
def group_zero(opt):
    """Reads one group."""
    total = 0
    for p in opt.param_groups[0]["params"]:
        if p in opt.state:
            total += _nbytes(e for e in opt.state[p].values() if torch.is_tensor(e))
    return total


@restated("every-entry-a-tensor", replaces="state_bytes")
def all_entries(opt):
    """Asks no entry what it is."""
    total = 0
    for state in opt.state.values():
        for entry in state.values():
            total += entry.numel() * entry.element_size()
    return total


@restated("gradients-forgotten", replaces="training_bytes")
def weights_and_state(model, opt):
    """Adds two of the three."""
    return state_bytes(opt) + _nbytes(p.detach() for p in model.parameters())


@restated("gradients-assumed", replaces="training_bytes")
def every_weight_twice(model, opt):
    """Counts each weight twice."""
    total = state_bytes(opt)
    for p in model.parameters():
        total += p.nbytes + p.nbytes
    return total


@restated("gradients-of-all-trained", replaces="training_bytes")
def trained_twice(model, opt):
    """Counts the trained ones twice."""
    return state_bytes(opt) + sum(p.nbytes * (1 + p.requires_grad) for p in model.parameters())


@restated("none-not-skipped", replaces="training_bytes")
def every_gradient(model, opt):
    """Asks no gradient whether it is there."""
    params = list(model.parameters())
    return _nbytes(params) + sum(p.grad.nbytes for p in params) + state_bytes(opt)


@restated("frozen-left-out", replaces="training_bytes")
def trained_only(model, opt):
    """Goes through what is trained."""
    params = [p for p in model.parameters() if p.requires_grad]
    gradients = [p.grad for p in params if p.grad is not None]
    return _nbytes(params) + _nbytes(gradients) + state_bytes(opt)


@restated("shared-counted-twice", replaces="training_bytes")
def layer_by_layer(model, opt):
    """Adds up what each layer of the sequence has."""
    params = [p for layer in model for p in layer.parameters()]
    return _nbytes(t for p in params for t in (p, p.grad) if t is not None) + state_bytes(opt)


@restated("buffers-counted", replaces="training_bytes")
def with_buffers(model, opt):
    """Counts buffers and parameters."""
    params = list(model.parameters())
    tensors = [*params, *model.buffers(), *(p.grad for p in params if p.grad is not None)]
    return _nbytes(tensors) + state_bytes(opt)


@restated("state-forgotten", replaces="training_bytes")
def weights_and_gradients(model, opt):
    """Has no use for the optimizer."""
    return sum(p.nbytes + (p.grad.nbytes if p.grad is not None else 0) for p in model.parameters())


@wrong(replaces="state_bytes")
def entries_made(opt):
    """Asks opt.state for every parameter, which makes an entry where there was none."""
    params = [p for group in opt.param_groups for p in group["params"]]
    return _nbytes(v for p in params for v in opt.state[p].values() if torch.is_tensor(v))


@wrong(replaces="training_bytes")
def gradients_of_the_optimizer(model, opt):
    """Counts the gradients of the parameters that the optimizer has."""
    held = [p.grad for group in opt.param_groups for p in group["params"] if p.grad is not None]
    return _nbytes(model.parameters()) + _nbytes(held) + state_bytes(opt)


@wrong(replaces="training_bytes")
def zeros_left_out(model, opt):
    """Takes a gradient of zeros for one that is not there."""
    held = [p.grad for p in model.parameters() if p.grad is not None and p.grad.any()]
    return _nbytes(model.parameters()) + _nbytes(held) + state_bytes(opt)


@wrong(replaces="state_bytes")
def floats_alone(opt):
    """Leaves tensors of whole numbers and of bools out."""
    values = [v for entry in opt.state.values() for v in entry.values() if torch.is_tensor(v)]
    return _nbytes(v for v in values if v.is_floating_point())
