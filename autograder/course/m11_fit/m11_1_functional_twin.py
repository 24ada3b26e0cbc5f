"""Mistakes of functional_twin."""

from __future__ import annotations

import copy
from collections.abc import Callable

import m11_fit
import torch.nn.functional as F
from torch import Tensor, nn

from autograder.course.marks import mistake


@mistake("returns-the-module", asks="gd.38")
def returns_the_module(m: nn.Module) -> Callable[..., Tensor]:
    """You return the module itself. It computes the right thing, but it is still an object with its
    own state. The task asks for a plain function that passes the module's settings to its
    counterpart in nn.functional."""
    m11_fit.functional_twin(m)  # for the TypeError
    return m


@mistake("calls-the-module")
def calls_the_module(m: nn.Module) -> Callable[..., Tensor]:
    """Your function only wraps the module: every call goes through the object again. Look for the
    function of nn.functional that needs nothing but the inputs, the settings and the weights."""
    m11_fit.functional_twin(m)  # for the TypeError
    return lambda *inputs: m(*inputs)


@mistake("reduction-ignored", asks="wf.5")
def reduction_ignored(m: nn.Module) -> Callable[..., Tensor]:
    """Your losses always take the mean. A loss module that was made with reduction='sum' gives a
    value larger by a factor, the number of elements, and 'none' gives one loss per element. The
    module knows which of them it is; your twin does not ask."""
    twin = m11_fit.functional_twin(m)
    if not hasattr(m, "reduction"):
        return twin
    mean = copy.copy(m)
    mean.__dict__["reduction"] = "mean"
    return m11_fit.functional_twin(mean)


@mistake("delta-ignored")
def delta_ignored(m: nn.Module) -> Callable[..., Tensor]:
    """Your Huber loss always bends at 1, the default. The module may have been made with another
    delta, the size of error beyond which the loss is linear. Pass it on."""
    if isinstance(m, nn.HuberLoss):
        return lambda pred, target: F.huber_loss(pred, target, reduction=m.reduction)
    return m11_fit.functional_twin(m)


@mistake("settings-ignored")
def settings_ignored(m: nn.Module) -> Callable[..., Tensor]:
    """Your losses forget the settings of their module: they take the mean, and Huber bends at 1,
    whatever the module was made with. A bare function of nn.functional has only its own defaults.
    Hand over the reduction and Huber's delta."""
    if isinstance(m, nn.HuberLoss):
        return F.huber_loss
    return reduction_ignored(m)


@mistake("bare-linear")
def bare_linear(m: nn.Module) -> Callable[..., Tensor]:
    """For a Linear you return the bare function of nn.functional. It wants weights in each call,
    but your twin is called as the module is, with x alone. Return a function of x that reads the
    weights from the module."""
    return F.linear if isinstance(m, nn.Linear) else m11_fit.functional_twin(m)


@mistake("weights-cloned", asks="tb.46")
def weights_cloned(m: nn.Module) -> Callable[..., Tensor]:
    """You clone the weights when the twin is made. They are right at that moment; after the first
    update of the layer your twin still computes with the old numbers. When should it read them?"""
    if isinstance(m, nn.Linear):
        w, b = m.weight.clone(), None if m.bias is None else m.bias.clone()
        return lambda x: F.linear(x, w, b)
    return m11_fit.functional_twin(m)


@mistake("weights-copied-without-graph")
def weights_copied_without_graph(m: nn.Module) -> Callable[..., Tensor]:
    """You copy the layer's weights and detach them. The copies miss every later update, and no
    gradient ever reaches the layer through your twin. Let the function use the layer's own
    tensors each time it is called."""
    if isinstance(m, nn.Linear):
        w, b = m.weight.detach().clone(), None if m.bias is None else m.bias.detach().clone()
        return lambda x: F.linear(x, w, b)
    return m11_fit.functional_twin(m)


@mistake("no-type-error")
def no_type_error(m: nn.Module) -> Callable[..., Tensor] | None:
    """Your function accepts a module of an unknown type: no exception is raised at once, so the
    caller finds out much later. Raise TypeError where none of your five types fits."""
    try:
        return m11_fit.functional_twin(m)
    except TypeError:
        return None
