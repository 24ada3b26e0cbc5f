"""Mistakes of receptive_field."""

from __future__ import annotations

import math
from typing import Any

import torch
from m24_custom_ops import receptive_field

from autograder.course.marks import mistake

Layers = list[tuple[int, int, int]]


@mistake("kernels-added", asks="tb.51")
def kernels_added(layers: Layers) -> int:
    """You added up the kernels. Two kernels of 3 see 5 places, not 6, since neighbouring outputs
    share most of their inputs: each layer adds its gaps, one fewer than the kernel has places."""
    field, step = 0, 1
    for kernel, stride, dilation in layers:
        field += kernel * dilation * step
        step *= stride
    return field if layers else 1


@mistake("kernels-multiplied", asks="tb.51")
def kernels_multiplied(layers: Layers) -> int:
    """You multiplied the sizes of the kernels. That would hold if neighbouring outputs shared no
    input; here they overlap. Each layer widens the field by a sum, not by a factor."""
    return math.prod((kernel - 1) * dilation + 1 for kernel, _, dilation in layers)


@mistake("dilation-ignored", asks="tb.51")
def dilation_ignored(layers: Layers) -> int:
    """You never use the dilation. It pulls the inputs of a kernel apart, so a layer with dilation 2
    reaches twice as far with the same weights. Look at how long one gap is."""
    return receptive_field([(kernel, stride, 1) for kernel, stride, _ in layers])


@mistake("stride-ignored", asks="tb.51")
def stride_ignored(layers: Layers) -> int:
    """You never use the stride. After a layer with stride 2, neighbouring inputs of the next one
    are two places of the sequence apart, so all later layers reach farther. Look at what a step
    means there."""
    return receptive_field([(kernel, 1, dilation) for kernel, _, dilation in layers])


@mistake("own-stride-counted", asks="tb.51")
def own_stride_counted(layers: Layers) -> int:
    """You multiply a layer's gaps by its own stride, too. The stride moves the kernel between two
    outputs; within one output it changes nothing. It counts for the layers after it only: look at
    the order in your loop."""
    field, step = 1, 1
    for kernel, stride, dilation in layers:
        step *= stride
        field += (kernel - 1) * dilation * step
    return field


@mistake("last-stride-only", asks="tb.51")
def last_stride_only(layers: Layers) -> int:
    """You multiply by the stride of the layer before, and by no other. Each stride makes all later
    steps longer, so those of all layers before are multiplied with each other. Look at what your
    loop keeps."""
    field, before = 1, 1
    for kernel, stride, dilation in layers:
        field += (kernel - 1) * dilation * before
        before = stride
    return field


@mistake("dilations-multiplied", asks="tb.51")
def dilations_multiplied(layers: Layers) -> int:
    """You multiply the dilations of all layers with each other, as if they were strides. A dilation
    spreads the kernel of its own layer only: with one dilation the field grows by equal amounts,
    not exponentially."""
    field, step = 1, 1
    for kernel, stride, dilation in layers:
        step *= dilation
        field += (kernel - 1) * step
        step *= stride
    return field


@mistake("backwards")
def backwards(layers: Layers) -> int:
    """You go through the layers from the wrong end. A stride lengthens the steps of the layers that
    come after it, nearer to the output; the list begins with the layer that reads the sequence.
    Look at the order."""
    return receptive_field(layers[::-1])


@mistake("start-missing")
def start_missing(layers: Layers) -> int:
    """Your result is 1 too small. Before any layer, an output sees one place, itself; the layers
    widen this field. Look at the number that you begin with."""
    return receptive_field(layers) - 1


@mistake("list-emptied")
def list_emptied(layers: Layers) -> int:
    """You take the layers out of the caller's list, which is empty afterwards. The caller may need
    them again. Go through the list without changing it."""
    kept = layers.copy()
    layers.clear()
    return receptive_field(kept)


@mistake("result-is-a-tensor")
def result_is_a_tensor(layers: Layers) -> Any:
    """You returned a tensor. The task asks for an int of Python: only ints go in, and one comes
    out. Take the number out of it, or use none."""
    return torch.tensor(receptive_field(layers))
