"""Other ways to do param_table."""

from __future__ import annotations

import functools
import math
from collections import OrderedDict, namedtuple

import numpy as np
import torch
from m10_linear_module import param_table

from autograder.course.marks import restated, right, wrong

_Row = namedtuple("_Row", "shape trainable numel")


@right()
def walks_the_modules(model):
    """Walks all modules with a set of seen ids, and gives rows that are named tuples."""
    table = OrderedDict()
    seen = set()
    for prefix, mod in model.named_modules():
        for name, p in mod._parameters.items():
            if p is None or id(p) in seen:
                continue
            seen.add(id(p))
            table[f"{prefix}.{name}" if prefix else name] = _Row(
                p.shape, p.requires_grad, p.numel()
            )
    return table


@right()
def with_numpys_numbers(model):
    """Gives NumPy's integers and booleans."""
    return {
        n: (tuple(p.shape), np.bool_(p.requires_grad), np.prod(p.shape, dtype=int))
        for n, p in model.named_parameters()
    }


@right()
def with_torchs_sizes(model):
    """Gives torch.Size for a shape and asks it for the number of elements."""
    return dict(
        (n, (p.size(), p.requires_grad, p.shape.numel())) for n, p in model.named_parameters()
    )


@right()
def from_the_last_name_to_the_first(model):
    """Lists every name in reverse order and lets the first name of a parameter win."""
    first = {id(p): n for n, p in reversed([*model.named_parameters(remove_duplicate=False)])}
    own = {id(p): p for p in model.parameters()}
    return {
        n: (tuple(own[i].shape), own[i].requires_grad, math.prod(own[i].shape))
        for i, n in first.items()
    }


@right()
def by_recursion(model):
    """Calls itself on the children, with the names and what was seen handed down."""

    def rows(module, prefix, seen):
        found = {}
        for name, p in module.named_parameters(recurse=False):
            if not any(p is other for other in seen):
                seen.append(p)
                found[prefix + name] = (tuple(p.shape), p.requires_grad, p.nelement())
        for name, child in module.named_children():
            found |= rows(child, f"{prefix}{name}.", seen)
        return found

    return rows(model, "", [])


@wrong()
def once_per_value(model):
    """Takes parameters with equal numbers for the same parameter."""
    out, seen = {}, []
    for name, p in model.named_parameters(remove_duplicate=False):
        if any(q.shape == p.shape and torch.equal(q, p) for q in seen):
            continue
        seen.append(p)
        out[name] = (tuple(p.shape), p.requires_grad, p.numel())
    return out


@wrong()
def scalars_have_a_size(model):
    """Gives a 0-dim parameter the shape (1,)."""
    return {
        n: (tuple(p.shape) or (1,), p.requires_grad, p.numel()) for n, p in model.named_parameters()
    }


@wrong()
def not_too_deep(model):
    """Leaves out what lies deeper than two levels."""
    return {name: row for name, row in param_table(model).items() if name.count(".") <= 2}


@wrong()
def leaves_only(model):
    """Looks only at modules that have no children."""
    out, seen = {}, set()
    for prefix, m in model.named_modules():
        if next(m.children(), None) is None:
            for n, p in m.named_parameters(recurse=False):
                if id(p) not in seen:
                    seen.add(id(p))
                    name = f"{prefix}.{n}" if prefix else n
                    out[name] = (tuple(p.shape), p.requires_grad, p.numel())
    return out


@wrong()
def leaves_and_the_root(model):
    """Looks at the model itself and at modules without children, but not between them."""
    out, seen = {}, set()
    for prefix, m in model.named_modules():
        if m is model or not list(m.children()):
            for n, p in m.named_parameters(recurse=False):
                if id(p) not in seen:
                    seen.add(id(p))
                    name = f"{prefix}.{n}" if prefix else n
                    out[name] = (tuple(p.shape), p.requires_grad, p.numel())
    return out


@wrong()
@functools.lru_cache
def remembers_the_table(model):
    """Returns the table of the first call when the model has been frozen since."""
    return param_table(model)


@wrong()
def once_per_address(model):
    """Takes parameters at the same address for the same one; those without elements have none."""
    out, seen = {}, set()
    for name, p in model.named_parameters(remove_duplicate=False):
        if p.data_ptr() in seen:
            continue
        seen.add(p.data_ptr())
        out[name] = (tuple(p.shape), p.requires_grad, p.numel())
    return out


@wrong()
def trainable_with_a_gradient(model):
    """Takes a frozen parameter that has a gradient for a trainable one."""
    return {
        n: (tuple(p.shape), p.requires_grad or p.grad is not None, p.numel())
        for n, p in model.named_parameters()
    }


@wrong()
def clears_gradients_first(model):
    """Sets all gradients to None before it looks."""
    model.zero_grad()
    return param_table(model)


@wrong()
def leaves_the_model_in_eval_mode(model):
    """Leaves the model in eval mode."""
    return param_table(model.eval())


@wrong()
def trainable_in_train_mode(model):
    """Takes a model in eval mode for a frozen one."""
    return {
        n: (tuple(p.shape), p.requires_grad and model.training, p.numel())
        for n, p in model.named_parameters()
    }


@wrong(asks="wf.11")
def under_the_last_name(model):
    """Lists a shared parameter under the last of its names."""
    last = {id(p): (n, p) for n, p in model.named_parameters(remove_duplicate=False)}
    return {n: (tuple(p.shape), p.requires_grad, p.numel()) for n, p in last.values()}


@wrong()
def grows_with_every_call(model, table={}):  # noqa: B006
    """Keeps the rows of earlier models in a default argument."""
    table.update(param_table(model))
    return table


@wrong()
def at_least_one_element(model):
    """Counts an element where a parameter has none."""
    table = {}
    for name, p in model.named_parameters():
        count = 1
        for size in p.shape:
            count *= max(size, 1)
        table[name] = (tuple(p.shape), p.requires_grad, count)
    return table


@wrong()
def rows_times_columns(model):
    """Counts as if no parameter had more than two dimensions."""
    return {
        name: (tuple(p.shape), p.requires_grad, int(torch.Size(p.shape[:2]).numel()))
        for name, p in model.named_parameters()
    }


@restated("state-dict")
def rows_of_what_is_saved(model):
    """Goes through the items of state_dict in a loop."""
    table = {}
    for name, value in model.state_dict().items():
        table[name] = (tuple(value.size()), value.requires_grad, value.nelement())
    return table


@restated("children-only")
def one_level_down(model):
    """Lists each child's own parameters and goes no deeper."""
    table = {}
    for child_name, child in model.named_children():
        for name, p in child._parameters.items():
            if p is not None:
                table[child_name + "." + name] = (tuple(p.shape), p.requires_grad, p.numel())
    return table


@restated("frozen-left-out")
def trained_ones(model):
    """Skips a parameter that is not trained."""
    table = {}
    for name, p in model.named_parameters():
        if not p.requires_grad:
            continue
        table[name] = (p.shape, True, p.numel())
    return table


@restated("shared-twice")
def every_module_and_its_own(model):
    """Walks over all modules, also the repeated ones, and lists what each holds."""
    table = {}
    for prefix, module in model.named_modules(remove_duplicate=False):
        for name, p in module.named_parameters(recurse=False):
            full = f"{prefix}.{name}" if prefix else name
            table[full] = (tuple(p.shape), p.requires_grad, p.numel())
    return table
