"""Mistakes of gradient_report."""

from __future__ import annotations

from typing import Any

import torch
from m22_hooks import gradient_report
from torch import Tensor, nn

from autograder.course.marks import mistake


def _layers(model: nn.Module) -> dict[str, nn.Module]:
    return {name: part for name, part in model.named_modules() if not [*part.children()]}


@mistake("hooks-kept", asks="lr.52")
def hooks_kept(model: nn.Module, *given: Any) -> dict[str, float]:
    """Your hooks stay on the model. Each call adds more of them, they run in every later training
    step, and whatever they keep is never freed. Look at what registering a hook returns, and when
    it is used."""
    for layer in _layers(model).values():
        layer.register_forward_hook(lambda layer, inputs, output: None)
    return gradient_report(model, *given)


@mistake("containers-included")
def containers_included(model: nn.Module, *given: Any) -> dict[str, float]:
    """You report containers as well. The gradient at the output of a container is that of its last
    layer, told twice, and the model itself counts as a layer. Look at which modules get a hook."""
    kept: dict[str, Tensor] = {}
    handles = [
        part.register_forward_hook(
            lambda layer, inputs, output, name=name: kept.update({name: output})
        )
        for name, part in model.named_modules()
    ]
    loss_fn, x, y = given
    grads = torch.autograd.grad(loss_fn(model(x), y), [*kept.values()])
    for handle in handles:
        handle.remove()
    return {name: grad.norm().item() for name, grad in zip(kept, grads, strict=True)}


@mistake("gradients-of-the-inputs", asks="lr.52")
def gradients_of_the_inputs(model: nn.Module, *given: Any) -> dict[str, float]:
    """You report the gradients at the inputs of the layers. Asked for are those at their outputs: a
    backward hook gets both, the gradients of the inputs first. Look at which of its arguments you
    take."""
    noted = _noted(
        model, given, lambda into, out: 0.0 if into[0] is None else into[0].norm().item()
    )
    return {name: noted[name] for name in _layers(model)}


@mistake("gradients-of-the-weights", asks="tb.25")
def gradients_of_the_weights(model: nn.Module, *given: Any) -> dict[str, float]:
    """You report the gradients of the weights. They need no hook, and a layer without parameters
    has none. Asked for is the gradient that arrives at what a layer returns, a tensor inside of the
    graph."""
    loss_fn, x, y = given
    own = [p for p in model.parameters() if p.requires_grad]
    grads = dict(
        zip(own, torch.autograd.grad(loss_fn(model(x), y), own, allow_unused=True), strict=True)
    )
    norms = {}
    for name, layer in _layers(model).items():
        found = [grads[p] for p in layer.parameters() if p.dim() > 1]
        norms[name] = found[0].norm().item() if found else 0.0
    return norms


@mistake("outputs-not-gradients")
def outputs_not_gradients(model: nn.Module, *given: Any) -> dict[str, float]:
    """You report how large the outputs of the layers are. A forward hook sees numbers on their way
    to the loss; the gradients come back later, when the loss is differentiated."""
    norms: dict[str, float] = {}
    handles = [
        layer.register_forward_hook(
            lambda layer, inputs, output, name=name: norms.update({name: output.norm().item()})
        )
        for name, layer in _layers(model).items()
    ]
    model(given[1])
    for handle in handles:
        handle.remove()
    return {name: norms[name] for name in _layers(model)}


@mistake("gradients-stored")
def gradients_stored(model: nn.Module, *given: Any) -> dict[str, float]:
    """Your call leaves numbers in the .grad of the parameters. A report only looks: the next
    backward() of the training adds to what you left there. Look at which call differentiates the
    loss, and where it puts the gradients."""
    loss_fn, x, y = given
    loss_fn(model(x), y).backward()
    return gradient_report(model, *given)


@mistake("gradients-cleared")
def gradients_cleared(model: nn.Module, *given: Any) -> dict[str, float]:
    """You clear the gradients of the model. Those that were there before your call were not yours:
    the caller may still need them for a step. Leave .grad out of it altogether."""
    norms = gradient_report(model, *given)
    model.zero_grad(set_to_none=True)
    return norms


@mistake("mean-for-norm")
def mean_for_norm(model: nn.Module, *given: Any) -> dict[str, float]:
    """You report the mean of the absolute entries. Asked for is the norm, the root of the sum of
    the squares; a mean makes a large layer look as if it got less."""
    noted = _noted(model, given, lambda into, out: out[0].abs().mean().item())
    return {name: noted[name] for name in _layers(model)}


@mistake("squares-without-root")
def squares_without_root(model: nn.Module, *given: Any) -> dict[str, float]:
    """You report the sum of the squares, without its root. Such numbers are in squared units, and a
    gradient ten times as small looks a hundred times as small."""
    return {name: norm**2 for name, norm in gradient_report(model, *given).items()}


@mistake("norms-are-tensors")
def norms_are_tensors(model: nn.Module, *given: Any) -> dict[str, Tensor]:
    """Your norms are tensors. The task asks for floats of Python, which can be printed, compared
    and kept without a graph or a device behind them. Take the number out of each tensor."""
    return {name: torch.tensor(norm) for name, norm in gradient_report(model, *given).items()}


@mistake("in-the-order-they-come-back")
def in_the_order_they_come_back(model: nn.Module, *given: Any) -> dict[str, float]:
    """Your layers stand in the order in which their gradients come back, the last one first. The
    task asks for the order of named_modules(), in which a reader knows them. Look at when the names
    enter your dict."""
    return _noted(model, given, lambda into, out: out[0].norm().item())


def _noted(model: nn.Module, given: Any, look: Any) -> dict[str, float]:
    """Note something at each layer in a backward pass, and put .grad back."""
    loss_fn, x, y = given
    noted: dict[str, float] = {}
    stored = [p.grad for p in model.parameters()]
    for p in model.parameters():
        p.grad = None

    def note(name: str) -> Any:
        return lambda layer, into, out: noted.update({name: look(into, out)})

    handles = [
        layer.register_full_backward_hook(note(name)) for name, layer in _layers(model).items()
    ]
    loss_fn(model(x), y).backward()
    for handle in handles:
        handle.remove()
    for p, grad in zip(model.parameters(), stored, strict=True):
        p.grad = grad
    return noted
