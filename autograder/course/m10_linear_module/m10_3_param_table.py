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
