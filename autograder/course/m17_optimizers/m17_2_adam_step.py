"""Mistakes of adam_step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from m17_optimizers import adam_step
from torch import Tensor

from autograder.course.marks import mistake

State = dict[str, Any]


@mistake("not-corrected")
def not_corrected(p: Tensor, g: Tensor | None, state: State, **settings: Any) -> None:
    """You use the averages as they are. They begin at 0, so in the first steps both are too small,
    each by another factor, and your first step has the wrong length. Look for what divides them,
    and depends on the number of the step."""
    _adam(p, g, state, settings, lambda t, m, s, by: m / (s.sqrt() + by["eps"]))


@mistake("eps-in-the-root")
def eps_in_the_root(p: Tensor, g: Tensor | None, state: State, **settings: Any) -> None:
    """You add eps under the square root. There it counts as its own root, much more than here,
    where it only keeps a division by 0 away. Add it to the root."""
    _adam(
        p,
        g,
        state,
        settings,
        lambda t, m, s, by: _up(t, m, by) / (_raw(t, s, by) + by["eps"]) ** 0.5,
    )


@mistake("counted-from-0")
def counted_from_0(p: Tensor, g: Tensor | None, state: State, **settings: Any) -> None:
    """Your parameter is nan after the first step. Most often the steps are counted from 0: a beta
    to the power 0 is 1, and the correction divides by 1 - 1. Count this step before you correct."""
    _adam(p, g, state, settings, lambda t, m, s, by: _update(t - 1, m, s, by))


@mistake("decays-exchanged", asks="tb.53")
def decays_exchanged(p: Tensor, g: Tensor | None, state: State, **settings: Any) -> None:
    """You have the two kinds of decay the wrong way round: decoupled=True adds the decay to the
    gradient, and False moves the parameter itself. Decoupled means that Adam's averages do not see
    it."""
    adam_step(p, g, state, **{**settings, "decoupled": not settings["decoupled"]})


@mistake("always-l2", asks="tb.53")
def always_l2(p: Tensor, g: Tensor | None, state: State, **settings: Any) -> None:
    """You add the decay to the gradient also with decoupled=True. The averages then contain it, and
    Adam divides it by the usual size of the gradient: weights with large gradients hardly decay.
    Look at where decoupled is asked for."""
    adam_step(p, g, state, **{**settings, "decoupled": False})


@mistake("always-decoupled", asks="tb.53")
def always_decoupled(p: Tensor, g: Tensor | None, state: State, **settings: Any) -> None:
    """You move the parameter directly also with decoupled=False. The L2 penalty of torch's Adam is
    a part of the gradient, so the averages have to see it. Look at where decoupled is asked
    for."""
    adam_step(p, g, state, **{**settings, "decoupled": True})


@mistake("decay-twice", asks="tb.53")
def decay_twice(p: Tensor, g: Tensor | None, state: State, **settings: Any) -> None:
    """With decoupled=True you decay twice: the parameter moves, and the gradient has the decay in
    it besides. Decoupled means that the gradient stays as it is. Look at what both cases share."""
    if g is not None and settings["decoupled"]:
        g = (g + settings["weight_decay"] * p).detach()
    adam_step(p, g, state, **settings)


@mistake("decay-without-the-rate", asks="tb.53")
def decay_without_the_rate(p: Tensor, g: Tensor | None, state: State, **settings: Any) -> None:
    """Your decoupled decay takes weight_decay times p away, whatever lr is. AdamW multiplies it by
    the learning rate as well, so that smaller steps also decay less. Look at the factor of p."""
    if settings["decoupled"]:
        settings["weight_decay"] /= settings["lr"]
    adam_step(p, g, state, **settings)


@mistake("decay-forgotten")
def decay_forgotten(p: Tensor, g: Tensor | None, state: State, **settings: Any) -> None:
    """Your steps are those of weight_decay = 0, whatever it is, and whatever decoupled says. It has
    a place in the gradient or beside the step: look for both."""
    adam_step(p, g, state, **{**settings, "weight_decay": 0.0})


@mistake("betas-exchanged")
def betas_exchanged(p: Tensor, g: Tensor | None, state: State, **settings: Any) -> None:
    """You have exchanged the betas: betas[0] belongs to the average of the gradient, betas[1] to
    that of its square, which is to remember for longer. Look at the two lines that renew the
    averages, and at their corrections."""
    adam_step(p, g, state, **{**settings, "betas": settings["betas"][::-1]})


@mistake("root-forgotten")
def root_forgotten(p: Tensor, g: Tensor | None, state: State, **settings: Any) -> None:
    """You divide by the average of the squares itself, without its root. The step then has the
    wrong unit: gradients ten times as large make steps a tenth as long. Look at the
    denominator."""
    _adam(p, g, state, settings, lambda t, m, s, by: _up(t, m, by) / (_raw(t, s, by) + by["eps"]))


@mistake("corrected-stored")
def corrected_stored(p: Tensor, g: Tensor | None, state: State, **settings: Any) -> None:
    """You store the corrected averages, and the next step goes on from them: it corrects again what
    is corrected already. The correction is for this step only. Look at what you write into
    state."""

    def update(t: int, m: Tensor, s: Tensor, by: Any) -> Tensor:
        state["m"], state["s"] = _up(t, m, by), _raw(t, s, by)
        return _update(t, m, s, by)

    _adam(p, g, state, settings, update)


@mistake("sums-not-averages")
def sums_not_averages(p: Tensor, g: Tensor | None, state: State, **settings: Any) -> None:
    """Your averages are fading sums: the new gradient and its square enter them whole, as in
    momentum. Adam weighs them by 1 - beta, so that old and new share add up to one. Look at the
    factor of what is new."""

    def update(t: int, m: Tensor, s: Tensor, by: Any) -> Tensor:
        first, second = by["betas"]
        return _update(t, m / (1 - first), s / (1 - second), by)

    _adam(p, g, state, settings, update)


@mistake("none-not-skipped")
def none_not_skipped(p: Tensor, g: Any, state: State, **settings: Any) -> None:
    """Your function calculates with g, but a parameter that took no part in the loss has None
    there, and the step crashes. Ask for None first, and leave everything as it is."""
    adam_step(p, g + settings["weight_decay"] * 0, state, **settings)


@mistake("none-counted")
def none_counted(p: Tensor, g: Tensor | None, state: State, **settings: Any) -> None:
    """You count a step also where g is None. The averages have not moved then, so the later
    corrections are too weak for them. Look for None before you count."""
    if g is None:
        state["step"] = state.get("step", 0) + 1
    adam_step(p, g, state, **settings)


@mistake("none-as-zeros")
def none_as_zeros(p: Tensor, g: Tensor | None, state: State, **settings: Any) -> None:
    """You treat a missing gradient as one of zeros: the averages fade, and the parameter moves on
    by them. None says that the parameter took no part in the loss, and nothing of it may change."""
    adam_step(p, torch.zeros_like(p) if g is None else g, state, **settings)


_KEPT: dict[tuple[int, ...], State] = {}


@mistake("kept-outside")
def kept_outside(p: Tensor, g: Tensor | None, state: State, **settings: Any) -> None:
    """You keep what later steps need outside state: in a global name, with the function or on the
    parameter. Others then share it, or it is lost where p and state are copied. The caller hands
    you state for it."""
    if not state:
        _KEPT[tuple(p.shape)] = {}
        state["seen"] = True
    adam_step(p, g, _KEPT[tuple(p.shape)], **settings)


@mistake("state-rebound")
def state_rebound(p: Tensor, g: Tensor | None, state: State, **settings: Any) -> None:
    """Every step of yours is a first step: nothing of the earlier ones is found in state. Mostly
    the name state is given to a new dict inside the function, and the caller's stays empty. Write
    into the dict that you are given."""
    adam_step(p, g, {}, **settings)


@mistake("rebinds-the-name")
def rebinds_the_name(p: Tensor, g: Tensor | None, state: State, **settings: Any) -> None:
    """Your parameter does not move. Most often the new numbers get the name p inside the function:
    the caller's tensor never hears of that. The update has to happen inside the very tensor that
    you were given."""
    adam_step(p.detach().clone(), g, state, **settings)


@mistake("tracked-update")
def tracked_update(p: Tensor, g: Tensor | None, state: State, **settings: Any) -> None:
    """You update the parameter while autograd is recording, and it refuses to have a leaf that
    requires its gradient changed in place. The update is no part of the model's computation: switch
    recording off around it."""
    if g is not None:
        p -= settings["lr"] * g


@mistake("uphill")
def uphill(p: Tensor, g: Tensor | None, state: State, **settings: Any) -> None:
    """You add Adam's step instead of subtracting it. Gradients point to where the loss grows, so
    the model gets worse. Look at the sign of the update."""
    _adam(p, g, state, settings, lambda t, m, s, by: -_update(t, m, s, by))


@mistake("gradient-changed")
def gradient_changed(p: Tensor, g: Tensor | None, state: State, **settings: Any) -> None:
    """You write into g: mostly the decay is added to it in place. The gradient belongs to the
    caller, who may still read it. Compute the sum as a new tensor."""
    if g is not None and not settings["decoupled"]:
        g += settings["weight_decay"] * p.detach()
        settings["weight_decay"] = 0.0
    adam_step(p, g, state, **settings)


Update = Callable[[int, Tensor, Tensor, Any], Tensor]


def _adam(p: Tensor, g: Tensor | None, state: State, by: Any, update: Update) -> None:
    """Renew count and averages as the reference does; move p by what `update` makes of them."""
    if g is None:
        return
    with torch.no_grad():
        slope = g if by["decoupled"] else g + by["weight_decay"] * p
        first, second = by["betas"]
        t = state["t"] = state.get("t", 0) + 1
        m = state["m"] = first * state.get("m", 0) + (1 - first) * slope
        s = state["s"] = second * state.get("s", 0) + (1 - second) * slope**2
        if by["decoupled"]:
            p *= 1 - by["lr"] * by["weight_decay"]
        p -= by["lr"] * update(t, m, s, by)


def _up(t: int, m: Tensor, by: Any) -> Tensor:
    beta: float = by["betas"][0]
    return m / (1 - beta**t)


def _raw(t: int, s: Tensor, by: Any) -> Tensor:
    beta: float = by["betas"][1]
    return s / (1 - beta**t)


def _update(t: int, m: Tensor, s: Tensor, by: Any) -> Tensor:
    """Return Adam's own step."""
    root = _raw(t, s, by).sqrt()
    root += by["eps"]
    return _up(t, m, by) / root
