"""Mistakes of transfer and gradients_below."""

from __future__ import annotations

import copy
from typing import Any

import m21_state
import torch
from torch import Tensor, nn

from autograder.course.marks import mistake

Pair = tuple[nn.Module, list[nn.Parameter]]
Gradients = dict[str, Tensor | None]


def _head(backbone: nn.Module, n_features: int, n_out: int) -> nn.Linear:
    p = next(backbone.parameters())
    return nn.Linear(n_features, n_out, device=p.device, dtype=p.dtype)


class _Under(nn.Module):
    """The backbone in eval mode and a head, with recording switched off in a part."""

    def __init__(self, backbone: nn.Module, n_features: int, n_out: int, head_too: bool) -> None:
        super().__init__()
        self.body = backbone.requires_grad_(False).eval()
        self.head = _head(backbone, n_features, n_out)
        self.head_too = head_too

    def forward(self, x: Tensor) -> Any:
        """Predict without recording."""
        self.body.eval()
        with torch.no_grad():
            features = self.body(x)
            result = self.head(features)
        return result if self.head_too else self.head(features)


@mistake("flag-alone", asks="tb.27 tb.21")
def flag_alone(backbone: nn.Module, n_features: int, n_out: int) -> Pair:
    """You clear requires_grad, and leave the backbone in training mode. Its BatchNorm layers then
    go on to move their running statistics, which need no gradient for that, and its Dropout layers
    drop. Its mode has to be frozen, too."""
    head = _head(backbone, n_features, n_out)
    return nn.Sequential(backbone.requires_grad_(False), head), list(head.parameters())


@mistake("woken-by-train", asks="tb.27")
def woken_by_train(backbone: nn.Module, n_features: int, n_out: int) -> Pair:
    """You put the backbone into eval mode once. But every training loop calls train() on the whole
    model, which reaches all its parts and wakes the backbone up again. Your model has to see to it
    itself, each time."""
    head = _head(backbone, n_features, n_out)
    backbone.requires_grad_(False)
    model = nn.Sequential(backbone, head)
    backbone.eval()
    return model, list(head.parameters())


@mistake("body-not-recorded", asks="tb.21")
def body_not_recorded(backbone: nn.Module, n_features: int, n_out: int) -> Pair:
    """No gradient passes through your backbone to x, as if it computed within no_grad or with a
    detached input. Then whatever stands before it can never be trained. A cleared requires_grad
    stops gradients for the parameters alone, and that is all you need."""
    model = _Under(backbone, n_features, n_out, head_too=False)
    return model, list(model.head.parameters())


@mistake("head-not-recorded", asks="tb.21")
def head_not_recorded(backbone: nn.Module, n_features: int, n_out: int) -> Pair:
    """Your model computes its whole prediction within no_grad, the new layer included. Then the
    loss has no graph, and backward raises: nothing can be trained. Freeze the backbone, and not the
    recording."""
    model = _Under(backbone, n_features, n_out, head_too=True)
    return model, list(model.head.parameters())


@mistake("all-parameters-returned", asks="tb.27")
def all_parameters_returned(backbone: nn.Module, n_features: int, n_out: int) -> Pair:
    """Your list has the parameters of the whole model, frozen ones included. An optimizer would
    then keep and visit them for nothing. Only the new layer is to be trained: its weight and its
    bias."""
    model, _ = m21_state.transfer(backbone, n_features, n_out)
    return model, list(model.parameters())


@mistake("not-frozen", asks="tb.27 tb.21")
def not_frozen(backbone: nn.Module, n_features: int, n_out: int) -> Pair:
    """The parameters of your backbone still require their gradient. Your list leaves them out, so
    they do not move yet; but each backward computes gradients for all of them, which costs time and
    memory and adds up in .grad."""
    model, params = m21_state.transfer(backbone, n_features, n_out)
    backbone.requires_grad_(True)
    return model, params


@mistake("head-frozen-too", asks="tb.27")
def head_frozen_too(backbone: nn.Module, n_features: int, n_out: int) -> Pair:
    """You freeze the new layer as well. It is what has to learn; frozen, it keeps its random
    numbers for ever. Clear requires_grad of the backbone's parameters alone, before or after you
    put the two together."""
    model, params = m21_state.transfer(backbone, n_features, n_out)
    model.requires_grad_(requires_grad=False)
    return model, params


@mistake("backbone-copied")
def backbone_copied(backbone: nn.Module, n_features: int, n_out: int) -> Pair:
    """Your model holds a copy of the backbone. The task wants the backbone itself: a copy takes its
    memory a second time, and the caller's network is neither frozen nor a part of the model."""
    return m21_state.transfer(copy.deepcopy(backbone), n_features, n_out)


@mistake("default-dtype-and-device")
def default_dtype_and_device(backbone: nn.Module, n_features: int, n_out: int) -> Pair:
    """Your new layer has torch's default dtype and lies on the CPU. Features come in the dtype and
    on the device of the backbone, and the product of the two fails. Ask one of the backbone's
    parameters."""
    model, _ = m21_state.transfer(backbone, n_features, n_out)
    head: Any = nn.Linear(n_features, n_out)
    model.head = head
    return model, list(head.parameters())


@mistake("model-in-eval-mode")
def model_in_eval_mode(backbone: nn.Module, n_features: int, n_out: int) -> Pair:
    """You return the model in eval mode. Only the backbone is to be in it; the model itself comes
    back ready for training, as every new module does. Look at which of the two you call eval on."""
    model, params = m21_state.transfer(backbone, n_features, n_out)
    return model.eval(), params


@mistake("head-starts-at-zero")
def head_starts_at_zero(backbone: nn.Module, n_features: int, n_out: int) -> Pair:
    """Your new layer starts with zeros. The task asks for torch's default start, which nn.Linear
    draws by itself when it is made; leave its numbers alone."""
    model, params = m21_state.transfer(backbone, n_features, n_out)
    for p in params:
        nn.init.zeros_(p)
    return model, params


@mistake("flag-blocks", replaces="gradients_below", asks="tb.21")
def flag_blocks(below: nn.Linear, body: nn.Module, x: Tensor) -> Gradients:
    """Your gradients_below says that nothing passes through a body whose parameters require no
    gradient. But its input does require one, so its operations are recorded all the same; only the
    gradients for its own parameters are left out."""
    return m21_state.gradients_below(below, body, x) | {"flag": None}


@mistake("no-grad-passes", replaces="gradients_below", asks="tb.21")
def no_grad_passes(below: nn.Linear, body: nn.Module, x: Tensor) -> Gradients:
    """Your gradients_below has a gradient for the body under no_grad. Nothing is recorded there, so
    its result has no way back to what stands before it. Look at which part really computes within
    the block."""
    ways = m21_state.gradients_below(below, body, x)
    return {"flag": ways["flag"], "no_grad": ways["flag"]}


@mistake("zeros-for-none", replaces="gradients_below", asks="tb.21")
def zeros_for_none(below: nn.Linear, body: nn.Module, x: Tensor) -> Gradients:
    """Your gradients_below returns zeros where no gradient arrives. A zero would say that the
    prediction does not change with the weight; that none arrives says that autograd knows of no
    connection. That is None."""
    ways = m21_state.gradients_below(below, body, x)
    return {way: torch.zeros_like(below.weight) if g is None else g for way, g in ways.items()}


@mistake("body-left-frozen", replaces="gradients_below", asks="tb.21")
def body_left_frozen(below: nn.Linear, body: nn.Module, x: Tensor) -> Gradients:
    """Your gradients_below leaves parameters with another requires_grad than before. The flag is an
    attribute that stays until somebody sets it again, and the caller wants to go on training. Put
    it back when you have what you need."""
    ways = m21_state.gradients_below(below, body, x)
    body.requires_grad_(False)
    return ways


@mistake("stored-gradients-changed", replaces="gradients_below")
def stored_gradients_changed(below: nn.Linear, body: nn.Module, x: Tensor) -> Gradients:
    """Your gradients_below leaves other numbers in .grad. backward adds to what is stored there,
    and zeroing it loses what the caller had. There is a function that returns gradients and stores
    none."""
    ways = m21_state.gradients_below(below, body, x)
    below.weight.grad = ways["flag"]
    return ways
