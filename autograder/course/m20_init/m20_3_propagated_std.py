"""Mistakes of propagated_std."""

from __future__ import annotations

import math
from typing import Any

import torch
from m20_init import propagated_std

from autograder.course.marks import mistake


@mistake("variance-returned")
def variance_returned(fan_ins: list[int], weight_std: float) -> float:
    """You returned the variance after the layers. It is the right thing to multiply, but the task
    asks for the standard deviation, which has the unit of the signal itself. One step is missing at
    the end."""
    return propagated_std(fan_ins, weight_std) ** 2


@mistake("layers-added", asks="lr.51")
def layers_added(fan_ins: list[int], weight_std: float) -> float:
    """You added up what the layers do. Each layer multiplies whatever reaches it, so the factors of
    all layers are multiplied with each other: that is why signals explode or vanish so fast. Look
    at how you combine them."""
    return sum(math.sqrt(fan_in) * weight_std for fan_in in fan_ins) if fan_ins else 1.0


@mistake("halved-by-relu", asks="lr.34 lr.54")
def halved_by_relu(fan_ins: list[int], weight_std: float) -> float:
    """You halved the variance in every layer, as a ReLU does. Here no activation stands between the
    layers, so nothing of the signal is dropped. That half, and the 2 that makes up for it, belong
    to Kaiming's scheme."""
    return propagated_std(fan_ins, weight_std / math.sqrt(2))


@mistake("without-root", asks="lr.54")
def without_root(fan_ins: list[int], weight_std: float) -> float:
    """You multiplied by the fan-in itself. The terms of a sum have random signs and partly cancel:
    variances add up, so I terms are only the root of I times as spread as one. Look at each layer's
    factor."""
    return math.prod([1.0, *(fan_in * weight_std for fan_in in fan_ins)])


@mistake("weights-count-once")
def weights_count_once(fan_ins: list[int], weight_std: float) -> float:
    """You multiplied by weight_std only once for the whole stack. Every layer has weights of its
    own, each with this standard deviation. Look at what belongs inside the loop over the layers."""
    return propagated_std(fan_ins, 1.0) * weight_std if fan_ins else 1.0


@mistake("last-layer-only", asks="lr.51")
def last_layer_only(fan_ins: list[int], weight_std: float) -> float:
    """Your result is what a single layer does, the last one. What reaches it has been stretched or
    shrunk by all the layers before. Look at whether your loop keeps what it has so far."""
    return propagated_std(fan_ins[-1:], weight_std)


@mistake("weights-left-out", asks="lr.51")
def weights_left_out(fan_ins: list[int], weight_std: float) -> float:
    """Your result does not depend on weight_std. A weight with a small spread makes its product
    small, whatever the fan-in is: this is what schemes of initialisation choose. Look at the
    factors of one layer."""
    return propagated_std(fan_ins, 1.0)


@mistake("list-emptied")
def list_emptied(fan_ins: list[int], weight_std: float) -> float:
    """You take the numbers out of the caller's list, which is empty afterwards. The caller may need
    it again, for instance for another weight_std. Go through the list without changing it."""
    std = 1.0
    while fan_ins:
        std *= math.sqrt(fan_ins.pop(0)) * weight_std
    return std


@mistake("result-is-a-tensor")
def result_is_a_tensor(fan_ins: list[int], weight_std: float) -> Any:
    """You returned a tensor. The task asks for a float of Python: no tensor goes in, and what comes
    out is a single number to read and compare. Take the number out of it."""
    return torch.tensor(propagated_std(fan_ins, weight_std), dtype=torch.float64)
