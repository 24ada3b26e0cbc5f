"""Mistakes of param_table."""

from __future__ import annotations

from torch import nn

from autograder.course.marks import mistake

Table = dict[str, tuple[tuple[int, ...], bool, int]]


@mistake("state-dict", asks="lr.49")
def state_dict(model: nn.Module) -> Table:
    """You went through state_dict. It is made for saving: it lists buffers too, and a shared
    parameter once per name, so that sums count it twice; and its tensors are detached, so none
    looks trainable. Look for the method that names parameters."""
    return {k: (tuple(t.shape), t.requires_grad, t.numel()) for k, t in model.state_dict().items()}


@mistake("children-only", asks="gd.37")
def children_only(model: nn.Module) -> Table:
    """You looked at the model's direct children only. What lies deeper, in a stack within a stack,
    and what the model holds itself is missing. Look for a method that walks the whole tree."""
    return {
        f"{name}.{own}": (tuple(p.shape), p.requires_grad, p.numel())
        for name, child in model.named_children()
        for own, p in child.named_parameters(recurse=False)
    }


@mistake("frozen-left-out")
def frozen_left_out(model: nn.Module) -> Table:
    """You left out the parameters that do not require a gradient. Frozen ones belong to the model
    and to the table; the second entry of their row says that they are not trained. Look at the
    condition in your loop."""
    return {
        name: (tuple(p.shape), p.requires_grad, p.numel())
        for name, p in model.named_parameters()
        if p.requires_grad
    }


@mistake("shared-twice")
def shared_twice(model: nn.Module) -> Table:
    """You list a shared parameter under each of its names, so the elements of tied layers are
    counted twice. An optimizer updates it once, and one row should stand for it. Look at how you
    go through the parameters."""
    return {
        name: (tuple(p.shape), p.requires_grad, p.numel())
        for name, p in model.named_parameters(remove_duplicate=False)
    }


@mistake("rows-as-lists")
def rows_as_lists(model: nn.Module) -> dict[str, list[object]]:
    """The rows of your table are lists. Each has three places with fixed meanings, which a tuple
    says and keeps. Look at the brackets around a row."""
    return {
        name: [tuple(p.shape), p.requires_grad, p.numel()] for name, p in model.named_parameters()
    }


@mistake("shapes-as-lists")
def shapes_as_lists(model: nn.Module) -> dict[str, tuple[list[int], bool, int]]:
    """The shapes in your table are lists. The task asks for tuples, which torch.Size is already: it
    can be compared with a shape as you write one. Look at what you make of p.shape."""
    return {
        name: (list(p.shape), p.requires_grad, p.numel()) for name, p in model.named_parameters()
    }


@mistake("flag-and-count-exchanged")
def flag_and_count_exchanged(model: nn.Module) -> dict[str, tuple[tuple[int, ...], int, bool]]:
    """The second and the third place in your rows are exchanged. The task asks for the shape, then
    whether the parameter is trainable, then the number of its elements. Look at the order."""
    return {
        name: (tuple(p.shape), p.numel(), p.requires_grad) for name, p in model.named_parameters()
    }


@mistake("has-a-gradient")
def has_a_gradient(model: nn.Module) -> Table:
    """You take a parameter for trainable when its .grad holds something. That says what happened
    before: a new model has no gradients yet, and a frozen parameter may keep an old one. Look at
    the attribute that autograd itself asks."""
    return {
        name: (tuple(p.shape), p.grad is not None, p.numel())
        for name, p in model.named_parameters()
    }


@mistake("buffers-listed")
def buffers_listed(model: nn.Module) -> Table:
    """You list the buffers too, such as the running means of a normalisation. They belong to the
    state of a model, but no optimizer trains them: they are no parameters."""
    named = [*model.named_parameters(), *model.named_buffers()]
    return {name: (tuple(p.shape), p.requires_grad, p.numel()) for name, p in named}


@mistake("every-module-again")
def every_module_again(model: nn.Module) -> Table:
    """You ask every module of the tree for its parameters, and each answers with those of its parts
    as well. So what lies deep is listed once for each module around it, and those of the model
    itself under names that begin with a dot. One call for the model walks the whole tree."""
    return {
        f"{prefix}.{name}": (tuple(p.shape), p.requires_grad, p.numel())
        for prefix, module in model.named_modules()
        for name, p in module.named_parameters()
    }


@mistake("list-of-rows")
def list_of_rows(model: nn.Module) -> list[object]:
    """Your table is a list. The task asks for a dict, in which a row is found by the name of its
    parameter. Look at what you collect the rows in."""
    return [(n, tuple(p.shape), p.requires_grad, p.numel()) for n, p in model.named_parameters()]


@mistake("always-trainable")
def always_trainable(model: nn.Module) -> Table:
    """Your table says True for every parameter, also for a frozen one. Whether a parameter is
    trainable is a flag of its own: look at how a layer is frozen."""
    return {name: (tuple(p.shape), True, p.numel()) for name, p in model.named_parameters()}
