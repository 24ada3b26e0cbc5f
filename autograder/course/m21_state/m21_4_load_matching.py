"""Mistakes of load_matching."""

from __future__ import annotations

from typing import Any

from m21_state import load_matching
from torch import Tensor, nn

from autograder.course.marks import mistake

Report = dict[str, list[str]]


@mistake("not-strict-alone", asks="tb.26")
def not_strict_alone(model: nn.Module, sd: dict[str, Tensor]) -> Report:
    """You hand the whole of sd to load_state_dict with strict=False. That forgives names that are
    missing or unexpected, but a tensor of another shape still raises RuntimeError. Leave out what
    does not fit before you load."""
    model.load_state_dict(sd, strict=False)
    return load_matching(model, sd)


@mistake("nothing-loaded", asks="tb.26 tb.27")
def nothing_loaded(model: nn.Module, sd: dict[str, Tensor]) -> Report:
    """Your report is made, but the model keeps its old numbers. What fits has to be copied into the
    model's own tensors; to give another tensor the name of a variable does nothing to the model."""
    kept = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    lists = load_matching(model, sd)
    model.load_state_dict(kept)
    return lists


@mistake("as-many-numbers-fit")
def as_many_numbers_fit(model: nn.Module, sd: dict[str, Tensor]) -> Report:
    """You load a tensor of another shape because it has as many numbers. In a new shape they stand
    at other places: a transposed weight is not the weight. Compare shapes, not counts."""
    own = model.state_dict()
    fitting = {
        k: t.reshape(own[k].shape) if k in own and t.numel() == own[k].numel() else t
        for k, t in sd.items()
    }
    return load_matching(model, fitting)


@mistake("broadcast", asks="tb.27")
def broadcast(model: nn.Module, sd: dict[str, Tensor]) -> Report:
    """You load a tensor of another shape because it can be broadcast: copy_ stretches a single
    number over a whole bias without a word. It is no trained bias of this model. Compare the shapes
    yourself."""
    own = model.state_dict()
    fitting = {}
    for name, tensor in sd.items():
        fitting[name] = tensor
        if name in own and tensor.numel() == 1 and own[name].dim():
            fitting[name] = tensor.expand(own[name].shape)
    return load_matching(model, fitting)


@mistake("parameters-only", asks="tb.26")
def parameters_only(model: nn.Module, sd: dict[str, Tensor]) -> Report:
    """You go through the parameters and forget the buffers. The running statistics of a BatchNorm
    layer are part of what was learned, and stand in the state_dict, too. Go through the names of
    that."""
    buffers = {name for name, _ in model.named_buffers()}
    kept = {name: tensor.clone() for name, tensor in model.named_buffers()}
    lists = load_matching(model, sd)
    model.load_state_dict(kept, strict=False)
    lists = {key: [n for n in names if n not in buffers] for key, names in lists.items()}
    lists["unexpected"] += [name for name in sd if name in buffers]
    return lists


@mistake("memory-shared")
def memory_shared(model: nn.Module, sd: dict[str, Tensor]) -> Report:
    """You put the tensors of sd themselves into the model. Whatever happens to sd later then
    happens to the model, and their dtype comes along. Copy the numbers into the tensors that the
    model has."""
    lists = load_matching(model, sd)
    own = model.state_dict(keep_vars=True)
    for name in lists["loaded"]:
        own[name].data = sd[name].detach()
    return lists


@mistake("new-parameters")
def new_parameters(model: nn.Module, sd: dict[str, Tensor]) -> Report:
    """You put new parameters into the model. An optimizer that was made before still holds the old
    ones and trains those in vain, and a frozen parameter is trainable again. Write into the
    parameters that are there."""
    lists = load_matching(model, sd)
    for name, p in list(model.named_parameters()):
        if name in lists["loaded"]:
            place, _, last = name.rpartition(".")
            setattr(model.get_submodule(place), last, nn.Parameter(p.detach().clone()))
    return lists


@mistake("missing-and-unexpected-swapped", asks="tb.26")
def missing_and_unexpected_swapped(model: nn.Module, sd: dict[str, Tensor]) -> Report:
    """Your lists "missing" and "unexpected" are swapped. Both are seen from the model: missing is
    what it has and sd does not give, unexpected what sd gives and the model has no place for."""
    lists = load_matching(model, sd)
    lists["missing"], lists["unexpected"] = lists["unexpected"], lists["missing"]
    return lists


@mistake("wrong-shape-is-missing-too")
def wrong_shape_is_missing_too(model: nn.Module, sd: dict[str, Tensor]) -> Report:
    """You report a name with another shape as missing, too. Each name of the model belongs into
    exactly one list: sd has this one, though not in the right shape. Look at how you decide what is
    missing."""
    lists = load_matching(model, sd)
    lists["missing"] += lists["wrong_shape"]
    return lists


@mistake("empty-lists-left-out")
def empty_lists_left_out(model: nn.Module, sd: dict[str, Tensor]) -> Report:
    """Your report lacks the lists that are empty. Whoever reads it would have to ask for each key
    first; the task wants all four, always. Make them before you go through the names."""
    return {key: names for key, names in load_matching(model, sd).items() if names}


@mistake("sd-used-up")
def sd_used_up(model: nn.Module, sd: dict[str, Tensor]) -> Report:
    """You take entries out of sd as you go. It belongs to the caller, who may load it into a second
    model. Work on a new dict."""
    lists = load_matching(model, sd)
    for name in lists["loaded"]:
        del sd[name]
    return lists


@mistake("raises-for-shapes", asks="tb.27")
def raises_for_shapes(model: nn.Module, sd: dict[str, Tensor]) -> Any:
    """You raise an exception where a shape differs. In transfer learning that is the normal case:
    the new last layer has another size. The task wants it in the report, and the rest loaded."""
    lists = load_matching(model, sd)
    if lists["wrong_shape"]:
        raise ValueError(f"wrong shapes: {lists['wrong_shape']}")
    return lists


@mistake("trainable-again")
def trainable_again(model: nn.Module, sd: dict[str, Tensor]) -> Report:
    """Your code changes requires_grad of the model's parameters. Which of them are frozen is no
    matter of the numbers that they get: what was frozen before has to be so afterwards."""
    lists = load_matching(model, sd)
    for p in model.parameters():
        p.requires_grad_(True)
    return lists
