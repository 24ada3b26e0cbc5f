"""Other ways to do hyper_forward."""

from __future__ import annotations

import copy

import torch
from m21_state import hyper_forward
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.stateless import _reparametrize_module

from autograder.course.marks import restated, right, wrong


def _checked(layer, params):
    own = dict(layer.named_parameters())
    for name in params:
        if name not in own:
            raise KeyError(name)
    return own


def _put(layer, params):
    for name, p in params.items():
        place, _, last = name.rpartition(".")
        layer.get_submodule(place)._parameters[last] = p


@right()
def all_names_by_functional_call(layer, params, x):
    """Hands all names over, with the layer's own tensors for the rest."""
    own = _checked(layer, params)
    return torch.func.functional_call(layer, {**own, **params}, x)


@right()
def swapped_by_hand(layer, params, x):
    """Exchanges entries of the dicts of parameters, and puts them back in any case."""
    own = _checked(layer, params)
    _put(layer, params)
    try:
        return layer(x)
    finally:
        _put(layer, own)


@right()
def within_a_context(layer, params, x):
    """Uses what torch itself uses inside."""
    _checked(layer, params)
    with _reparametrize_module(layer, params):
        return layer(x)


@right()
def linear_and_tanh_by_hand(layer, params, x):
    """Goes through the parts, and knows linear layers; all others have no parameters."""
    own = {**_checked(layer, params), **params}
    parts = layer.named_children() if len(list(layer.children())) else [("", layer)]
    for name, part in parts:
        if isinstance(part, nn.Linear):
            prefix = f"{name}." if name else ""
            x = F.linear(x, own[f"{prefix}weight"], own[f"{prefix}bias"])
        else:
            x = part(x)
    return x


@right()
def on_a_shallow_copy(layer, params, x):
    """Copies the modules without their tensors, and changes the copy."""
    own = _checked(layer, params)
    memo = {id(p): p for p in own.values()}
    twin = copy.deepcopy(layer, memo)
    _put(twin, params)
    return twin(x)


@wrong()
def only_the_first_name(layer, params, x):
    """Replaces one parameter alone."""
    _checked(layer, params)
    first = next(iter(params))
    return hyper_forward(layer, {first: params[first]}, x)


@wrong()
def weights_only(layer, params, x):
    """Replaces no bias."""
    _checked(layer, params)
    return hyper_forward(layer, {k: p for k, p in params.items() if k.endswith("weight")}, x)


@wrong()
def copies_put_back(layer, params, x):
    """Puts back new parameters with the old numbers, in any case."""
    unknown = params.keys() - dict(layer.named_parameters()).keys()
    if unknown:
        raise KeyError(*unknown)
    old = {name: p.detach().clone() for name, p in layer.named_parameters()}
    holders = {name: layer.get_submodule(name.rpartition(".")[0]) for name in params}
    try:
        for name, new in params.items():
            holders[name]._parameters[name.rpartition(".")[2]] = new
        return layer(x)
    finally:
        for name, holder in holders.items():
            holder._parameters[name.rpartition(".")[2]] = nn.Parameter(old[name])


@restated("numbers-of-a-copy")
def parameters_of_the_numbers(layer, params, x):
    """Makes new parameters of the numbers."""
    _checked(layer, params)
    return hyper_forward(layer, {k: nn.Parameter(p.detach().clone()) for k, p in params.items()}, x)


@wrong()
def value_error(layer, params, x):
    """Raises a ValueError for a wrong name."""
    if params.keys() - dict(layer.named_parameters()).keys():
        raise ValueError("no such parameter")
    return hyper_forward(layer, params, x)


@restated("unknown-names-ignored")
def by_the_last_part(layer, params, x):
    """Compares the names behind the last dot."""
    own = dict(layer.named_parameters())
    known = {name.rpartition(".")[2] for name in own}
    if any(name.rpartition(".")[2] not in known for name in params):
        raise KeyError("no such parameter")
    return hyper_forward(layer, {k: p for k, p in params.items() if k in own}, x)


@wrong()
def params_used_up(layer, params, x):
    """Empties the caller's dict."""
    out = hyper_forward(layer, params, x)
    params.clear()
    return out


@wrong()
def frozen_afterwards(layer, params, x):
    """Switches the gradients of the layer off."""
    out = hyper_forward(layer, params, x)
    layer.requires_grad_(False)
    return out


@wrong()
def as_new_parameters(layer, params, x):
    """Puts back copies of the layer's parameters."""
    own = {k: nn.Parameter(p.detach().clone()) for k, p in _checked(layer, params).items()}
    out = hyper_forward(layer, params, x)
    _put(layer, own)
    return out


@wrong()
def activation_forgotten(layer, params, x):
    """Calls only the parts with parameters."""
    own = {**_checked(layer, params), **params}
    names = list(own)
    for weight, bias in zip(names[::2], names[1::2], strict=True):
        x = F.linear(x, own[weight], own[bias])
    return x


@wrong()
def without_recording(layer, params, x):
    """Records nothing for autograd."""
    with torch.no_grad():
        return hyper_forward(layer, params, x)


@restated("loaded-into-the-layer")
def copied_into(layer, params, x):
    """Copies number by number."""
    own = dict(layer.named_parameters())
    with torch.no_grad():
        for name, p in params.items():
            if name in own:
                own[name].copy_(p)
    return layer(x)


@restated("numbers-of-a-copy")
def data_swapped(layer, params, x):
    """Swaps .data, and swaps it back."""
    own = _checked(layer, params)
    kept = {name: own[name].data for name in params}
    replaced = {name: p.data for name, p in params.items()}
    return torch.func.functional_call(layer, {**own, **kept, **replaced}, x)


@restated("unknown-names-ignored")
def functional_call_alone(layer, params, x):
    """Leaves the names to torch, after sorting out the unknown ones."""
    known = [name for name, _ in layer.named_parameters()]
    return torch.func.functional_call(layer, {k: params[k] for k in known if k in params}, (x,))


@restated("linear-layers-only")
def weight_and_bias(layer, params, x):
    """Writes the product out."""
    return params.get("bias", layer.bias) + x @ params["weight"].T


@restated("all-names-wanted")
def equal_names(layer, params, x):
    """Raises where the names are not the same."""
    if params.keys() != dict(layer.named_parameters()).keys():
        raise RuntimeError("the names differ")
    return torch.func.functional_call(layer, params, (x,))


@restated("never-put-back")
def deleted_and_set(layer, params, x):
    """Deletes parameters, and sets plain tensors."""
    _checked(layer, params)
    _put(layer, params)
    return layer(x)


@restated("not-put-back-after-an-error")
def put_back_in_the_end(layer, params, x):
    """Restores in the last lines."""
    own = _checked(layer, params)
    kept = {name: own[name] for name in params}
    _put(layer, params)
    out = layer(x)
    _put(layer, kept)
    return out


@restated("x-cut-off")
def x_cloned(layer, params, x):
    """Makes a new tensor of x."""
    return hyper_forward(layer, params, x.data.clone())


@restated("added-to-the-own")
def differences(layer, params, x):
    """Takes params for changes of the weights."""
    own = _checked(layer, params)
    return torch.func.functional_call(layer, {k: p + own[k] for k, p in params.items()}, x)


@restated("own-gradients-cleared")
def grads_set_to_none(layer, params, x):
    """Sets every gradient to None."""
    for p in layer.parameters():
        p.grad = None
    return hyper_forward(layer, params, x)


@restated("own-frozen")
def own_detached(layer, params, x):
    """Hands the rest over detached."""
    own = {k: p.detach() for k, p in _checked(layer, params).items()}
    return torch.func.functional_call(layer, {**own, **params}, x)


@wrong()
def every_name_twice(layer, params, x):
    """Lets the foreign tensors take part, and the sum of their squares as well."""
    return hyper_forward(layer, params, x) + sum(p.square().sum() for p in params.values())


@wrong()
def by_place(layer, params, x):
    """Puts the tensors in by their places, whatever their names."""
    own = list(_checked(layer, params))
    return hyper_forward(layer, dict(zip(own, params.values(), strict=False)), x)
