"""Other ways to do param_groups."""

from __future__ import annotations

import copy

import torch
from torch import nn

from autograder.course.marks import restated, right, wrong


def _sorted(model, lr, bias_lr, wd, *, take=lambda p: p.requires_grad, flat=lambda p: p.ndim == 1):
    """Sort rightly, in two groups, unless something is exchanged."""
    groups = [
        {"params": [], "lr": lr, "weight_decay": wd},
        {"params": [], "lr": bias_lr, "weight_decay": 0},
    ]
    for p in model.parameters():
        if take(p):
            groups[flat(p)]["params"].append(p)
    return groups


@right()
def one_group_each(model, lr, bias_lr, wd):
    """Makes a group for each parameter."""
    return [
        dict(params=[p], lr=bias_lr, weight_decay=0.0)
        if p.dim() == 1
        else dict(params=[p], lr=lr, weight_decay=wd)
        for p in model.parameters()
        if p.requires_grad
    ]


@right()
def by_shape_and_name(model, lr, bias_lr, wd):
    """Sorts names by the length of the shape, biases first, and leaves no empty group."""
    table = {name: p for name, p in model.named_parameters() if p.requires_grad}
    short = [name for name in table if len(table[name].shape) < 2]
    long = [name for name in table if name not in short]
    groups = []
    if short:
        params = [table[n] for n in short]
        groups.append({"params": params, "lr": bias_lr, "weight_decay": 0.0})
    if long:
        groups.append({"weight_decay": wd, "lr": lr, "params": [table[n] for n in long]})
    return groups


@right()
def over_modules(model, lr, bias_lr, wd):
    """Goes through the modules, and remembers what it has seen."""
    seen, weights, biases = set(), [], []
    for module in model.modules():
        for p in module._parameters.values():
            if p is None or p in seen or not p.requires_grad:
                continue
            seen.add(p)
            (biases if len(p.size()) == 1 else weights).append(p)
    return [
        {"params": weights, "lr": lr, "weight_decay": wd},
        {"params": biases, "lr": bias_lr, "weight_decay": 0.0},
    ]


@right()
def through_an_optimizer(model, lr, bias_lr, wd):
    """Lets torch complete the groups."""
    own = _sorted(model, lr, bias_lr, wd)
    opt = torch.optim.SGD(own[:1], lr=1.0)
    opt.add_param_group(own[1])
    return opt.param_groups


@wrong()
def names_of_keys(model, lr, bias_lr, wd):
    """Calls the decay wd, which no optimizer reads."""
    return [{"wd": g.pop("weight_decay"), **g} for g in _sorted(model, lr, bias_lr, wd)]


@wrong()
def rate_left_open(model, lr, bias_lr, wd):
    """Leaves the learning rate of the weights to the optimizer."""
    weights, biases = _sorted(model, lr, bias_lr, wd)
    del weights["lr"]
    return [weights, biases]


@wrong()
def single_numbers_are_flat(model, lr, bias_lr, wd):
    """Counts the dimensions of more than one number."""
    return _sorted(model, lr, bias_lr, wd, flat=lambda p: p.squeeze().ndim < 2)


@wrong()
def momentum_too(model, lr, bias_lr, wd):
    """Sets what nobody asked for."""
    return [{**g, "maximize": True} for g in _sorted(model, lr, bias_lr, wd)]


@wrong()
def layers_only(model, lr, bias_lr, wd):
    """Knows linear layers only."""
    layers = {id(m): m for m in model.modules() if isinstance(m, nn.Linear)}
    known = {id(p) for m in layers.values() for p in m.parameters()}
    return _sorted(model, lr, bias_lr, wd, take=lambda p: p.requires_grad and id(p) in known)


@wrong()
def thaws(model, lr, bias_lr, wd):
    """Makes every parameter one that is trained."""
    model.requires_grad_(True)
    return _sorted(model, lr, bias_lr, wd)


@wrong()
def first_of_each(model, lr, bias_lr, wd):
    """Leaves out what has the shape of another parameter."""
    seen = set()

    def new(p):
        known = tuple(p.shape) in seen
        seen.add(tuple(p.shape))
        return p.requires_grad and not known

    return _sorted(model, lr, bias_lr, wd, take=new)


@wrong()
def decay_scaled(model, lr, bias_lr, wd):
    """Multiplies the decay by the learning rate, which the optimizer does."""
    return _sorted(model, lr, bias_lr, wd * lr)


@restated("module-as-params")
def layers_as_params(model, lr, bias_lr, wd):
    """Puts layers into the groups."""
    return [{"params": layer, "lr": lr, "weight_decay": wd} for layer in model.children()]


@restated("in-two-groups")
def all_and_biases(model, lr, bias_lr, wd):
    """Puts all into the first group."""
    everything = [p for p in model.parameters() if p.requires_grad]
    _, biases = _sorted(model, lr, bias_lr, wd)
    return [{"params": everything, "lr": lr, "weight_decay": wd}, biases]


@restated("generator-reused")
def reads_twice(model, lr, bias_lr, wd):
    """Reads one generator for both lists."""
    params = (p for p in model.parameters() if p.requires_grad)
    weights = {"params": [p for p in params if p.ndim != 1], "lr": lr, "weight_decay": wd}
    biases = {"params": [p for p in params if p.ndim == 1], "lr": bias_lr, "weight_decay": 0.0}
    return [weights, biases]


@restated("biases-decay")
def one_decay(model, lr, bias_lr, wd):
    """Sets wd everywhere."""
    groups = _sorted(model, lr, bias_lr, wd)
    for group in groups:
        group["weight_decay"] = wd
    return groups


@restated("decay-left-open")
def says_the_rate_only(model, lr, bias_lr, wd):
    """Has no decay in the second group."""
    weights, biases = _sorted(model, lr, bias_lr, wd)
    biases.pop("weight_decay")
    return [weights, biases]


@restated("rates-exchanged")
def other_way_round(model, lr, bias_lr, wd):
    """Sets bias_lr first."""
    weights, biases = _sorted(model, lr, bias_lr, wd)
    weights["lr"], biases["lr"] = bias_lr, lr
    return [weights, biases]


@restated("one-rate-for-all")
def lr_everywhere(model, lr, bias_lr, wd):
    """Sets lr in both groups."""
    return [{**g, "lr": lr} for g in _sorted(model, lr, bias_lr, wd)]


@restated("decays-exchanged")
def decays_the_biases(model, lr, bias_lr, wd):
    """Sets the decays the wrong way round."""
    weights, biases = _sorted(model, lr, bias_lr, wd)
    weights["weight_decay"], biases["weight_decay"] = 0.0, wd
    return [weights, biases]


@restated("by-name")
def bias_in_the_name(model, lr, bias_lr, wd):
    """Looks for the word bias."""
    biases = {p for name, p in model.named_parameters() if "bias" in name}
    return _sorted(model, lr, bias_lr, wd, flat=lambda p: p in biases)


@restated("frozen-taken-in")
def takes_all(model, lr, bias_lr, wd):
    """Asks for nothing but the dimensions."""
    return _sorted(model, lr, bias_lr, wd, take=lambda p: True)


@restated("outermost-only")
def own_only(model, lr, bias_lr, wd):
    """Knows what stands in the model itself."""
    own = [p for p in model._parameters.values() if p is not None]
    return _sorted(model, lr, bias_lr, wd, take=lambda p: any(p is q for q in own))


@restated("matrices-only")
def two_dimensions(model, lr, bias_lr, wd):
    """Takes what has one or two dimensions."""
    return _sorted(model, lr, bias_lr, wd, take=lambda p: p.requires_grad and p.ndim in (1, 2))


@restated("shared-taken-twice")
def by_paths(model, lr, bias_lr, wd):
    """Takes what stands under each name in the state_dict."""
    groups = _sorted(model, lr, bias_lr, wd, take=lambda p: False)
    for name in model.state_dict():
        p = model.get_parameter(name)
        if p.requires_grad:
            groups[p.ndim == 1]["params"].append(p)
    return groups


@restated("copies")
def of_a_copy(model, lr, bias_lr, wd):
    """Sorts the parameters of a copy."""
    return _sorted(copy.deepcopy(model), lr, bias_lr, wd)


@wrong()
def filters(model, lr, bias_lr, wd):
    """Hands out filters, which can be read only once, in the place of lists."""
    flat = filter(lambda p: p.requires_grad and p.ndim == 1, model.parameters())
    other = filter(lambda p: p.requires_grad and p.ndim > 1, model.parameters())
    return [
        {"params": flat, "lr": bias_lr, "weight_decay": 0.0},
        {"params": other, "lr": lr, "weight_decay": wd},
    ]
