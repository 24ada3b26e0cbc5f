"""Mistakes of param_groups."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from m17_optimizers import param_groups
from torch import Tensor, nn

from autograder.course.marks import mistake

Groups = list[dict[str, Any]]


@mistake("module-as-params", asks="lr.39")
def module_as_params(model: nn.Module, lr: float, bias_lr: float, wd: float) -> Groups:
    """A group of yours has something in "params" that is no list of tensors, such as a layer, and
    torch raises TypeError. An optimizer knows tensors only. Ask the module for its
    parameters."""
    return [{"params": model, "lr": lr, "weight_decay": wd}]


@mistake("in-two-groups", asks="lr.39")
def in_two_groups(model: nn.Module, lr: float, bias_lr: float, wd: float) -> Groups:
    """You have a parameter in more than one group, and torch raises ValueError: it would get two
    steps, with different settings. The groups have to share the parameters out. Look at what is in
    the first one."""
    flat = _flat(model)
    return [_group(_trained(model), lr, wd), _group(flat, bias_lr, 0.0)]


@mistake("generator-reused", asks="lr.39")
def generator_reused(model: nn.Module, lr: float, bias_lr: float, wd: float) -> Groups:
    """Your parameters of one dimension are in no group, and so are never trained. Mostly
    model.parameters() is kept under a name and read twice: the second loop finds nothing left. Make
    a list of it first."""
    params = iter(_trained(model))
    other = [p for p in params if p.ndim > 1]
    return [_group(other, lr, wd), _group([p for p in params if p.ndim == 1], bias_lr, 0.0)]


@mistake("biases-decay", asks="lr.39")
def biases_decay(model: nn.Module, lr: float, bias_lr: float, wd: float) -> Groups:
    """Your parameters of one dimension decay as the others do. A bias that is pulled to 0 cannot
    rest at the mean of the data. Their group needs a weight decay of its own."""
    groups = param_groups(model, lr, bias_lr, wd)
    return [{**group, "weight_decay": wd} for group in groups]


@mistake("decay-left-open")
def decay_left_open(model: nn.Module, lr: float, bias_lr: float, wd: float) -> Groups:
    """The group of your biases does not say what their weight decay is, so they get the
    optimizer's own, which need not be 0. Say it in the group."""
    weights, biases = param_groups(model, lr, bias_lr, wd)
    return [weights, {name: value for name, value in biases.items() if name != "weight_decay"}]


@mistake("rates-exchanged")
def rates_exchanged(model: nn.Module, lr: float, bias_lr: float, wd: float) -> Groups:
    """You have the two learning rates the wrong way round: bias_lr belongs to the parameters of one
    dimension. Look at which list stands beside which rate."""
    return param_groups(model, bias_lr, lr, wd)


@mistake("one-rate-for-all", asks="lr.39")
def one_rate_for_all(model: nn.Module, lr: float, bias_lr: float, wd: float) -> Groups:
    """All your parameters get the learning rate lr, and bias_lr is not used. A group may have a
    learning rate of its own, which wins over the optimizer's. Look at the group of the
    biases."""
    return param_groups(model, lr, lr, wd)


@mistake("decays-exchanged")
def decays_exchanged(model: nn.Module, lr: float, bias_lr: float, wd: float) -> Groups:
    """Your parameters of one dimension decay, and the others do not. It should be the other way
    round: decay holds the large tables of weights back, and leaves biases free."""
    weights, biases = param_groups(model, lr, bias_lr, wd)
    return [{**weights, "weight_decay": 0.0}, {**biases, "weight_decay": wd}]


@mistake("by-name", asks="lr.39")
def by_name(model: nn.Module, lr: float, bias_lr: float, wd: float) -> Groups:
    """You sort by name: what is not called bias counts as a weight. The scale of a normalisation is
    called weight, or anything, and yet has one dimension. Ask the parameter for its dimensions."""
    named = [(n, p) for n, p in model.named_parameters() if p.requires_grad]
    biases = [p for n, p in named if n.endswith("bias")]
    weights = [p for n, p in named if not n.endswith("bias")]
    return [_group(weights, lr, wd), _group(biases, bias_lr, 0.0)]


@mistake("frozen-taken-in")
def frozen_taken_in(model: nn.Module, lr: float, bias_lr: float, wd: float) -> Groups:
    """You take frozen parameters into the groups. They have no gradient now, but a later backward
    of somebody who thaws them would move them with your settings. Ask each parameter whether it
    requires its gradient."""
    params = list(model.parameters())
    flat = [p for p in params if p.ndim == 1]
    return [_group([p for p in params if p.ndim > 1], lr, wd), _group(flat, bias_lr, 0.0)]


@mistake("outermost-only")
def outermost_only(model: nn.Module, lr: float, bias_lr: float, wd: float) -> Groups:
    """You only find the parameters that the model holds itself, and none of its layers'. Those
    are in no group and never trained. Look for what lists parameters at every depth."""
    own = [p for p in model.parameters(recurse=False) if p.requires_grad]
    flat = [p for p in own if p.ndim == 1]
    return [_group([p for p in own if p.ndim > 1], lr, wd), _group(flat, bias_lr, 0.0)]


@mistake("matrices-only")
def matrices_only(model: nn.Module, lr: float, bias_lr: float, wd: float) -> Groups:
    """Your weights are the parameters with exactly two dimensions. One with three, as a convolution
    has, is in no group and never trained. Look at how you compare the number of dimensions."""
    matrices = [p for p in _trained(model) if p.ndim == 2]
    return [_group(matrices, lr, wd), _group(_flat(model), bias_lr, 0.0)]


@mistake("shared-taken-twice")
def shared_taken_twice(model: nn.Module, lr: float, bias_lr: float, wd: float) -> Groups:
    """You have the parameters of a shared layer twice, once for each of its names. The optimizer
    then takes two steps with them where one is due. Look at what you go through: parameters()
    has each once."""
    named = model.named_parameters(remove_duplicate=False)
    params = [p for _, p in named if p.requires_grad]
    flat = [p for p in params if p.ndim == 1]
    return [_group([p for p in params if p.ndim > 1], lr, wd), _group(flat, bias_lr, 0.0)]


@mistake("copies")
def copies(model: nn.Module, lr: float, bias_lr: float, wd: float) -> Groups:
    """Your groups hold other tensors than the model's parameters: copies, or what detach() and
    .data give. Their gradients stay None, and nothing is trained. Put the parameters themselves
    into the lists."""
    groups = param_groups(model, lr, bias_lr, wd)
    return [{**g, "params": [p.detach().clone() for p in g["params"]]} for g in groups]


def _trained(model: nn.Module) -> list[Tensor]:
    return [p for p in model.parameters() if p.requires_grad]


def _flat(model: nn.Module) -> list[Tensor]:
    return [p for p in _trained(model) if p.ndim == 1]


def _group(params: Iterable[Tensor], lr: float, wd: float) -> dict[str, Any]:
    return {"params": list(params), "lr": lr, "weight_decay": wd}
