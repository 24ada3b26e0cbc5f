"""Other ways to do receptive_field."""

from __future__ import annotations

import math
from functools import reduce

import numpy as np
import torch

from autograder.course.marks import restated, right, wrong


@right()
def from_the_end(layers):
    """Goes back from one output to the inputs it needs."""
    field = 1
    for kernel, stride, dilation in reversed(layers):
        field = (field - 1) * stride + (kernel - 1) * dilation + 1
    return field


@right()
def products_of_strides(layers):
    """Adds up all layers, each with the product of the strides before it."""
    return 1 + sum(
        (kernel - 1) * dilation * math.prod(stride for _, stride, _ in layers[:place])
        for place, (kernel, _, dilation) in enumerate(layers)
    )


@right()
def recursive(layers):
    """The first layer reads what the others need."""
    if not layers:
        return 1
    (kernel, stride, dilation), *others = layers
    return (recursive(others) - 1) * stride + (kernel - 1) * dilation + 1


@right()
def by_positions(layers):
    """Follows the positions that one output needs, layer by layer."""
    first, last = 0, 0
    for kernel, stride, dilation in layers[::-1]:
        first, last = first * stride, last * stride + (kernel - 1) * dilation
    return last - first + 1


@right()
def by_numpy(layers):
    """Multiplies the strides up in an array."""
    table = np.array(layers, dtype=np.int64).reshape(-1, 3)
    steps = np.concatenate([[1], np.cumprod(table[:, 1])])[: len(table)]
    return int(1 + ((table[:, 0] - 1) * table[:, 2] * steps).sum())


@right()
def folded(layers):
    """Folds the list into a pair."""
    grow = lambda pair, layer: (  # noqa: E731
        pair[0] + (layer[0] - 1) * layer[2] * pair[1],
        pair[1] * layer[1],
    )
    return reduce(grow, layers, (1, 1))[0]


@wrong()
def only_first_kernel(layers):
    """Looks at the first layer alone."""
    return (layers[0][0] - 1) * layers[0][2] + 1 if layers else 1


@wrong()
def largest_layer(layers):
    """Takes the widest layer for the field."""
    return max(((kernel - 1) * dilation + 1 for kernel, _, dilation in layers), default=1)


@wrong()
def positions_counted(layers):
    """Counts the places that are read, without the gaps between them."""
    places = {0}
    for kernel, stride, dilation in reversed(layers):
        places = {p * stride + k * dilation for p in places for k in range(kernel)}
    return len(places)


@wrong()
def strides_added(layers):
    """Adds up the strides in place of multiplying them."""
    field, step = 1, 0
    for kernel, stride, dilation in layers:
        field += (kernel - 1) * dilation * max(step, 1)
        step += stride
    return field


@wrong()
def kernel_times_dilation(layers):
    """Takes the kernel times the dilation for the width of a layer."""
    field, step = 1, 1
    for kernel, stride, dilation in layers:
        field += (kernel * dilation - 1) * step
        step *= stride
    return field


@wrong()
def last_stride_too(layers):
    """Multiplies the whole field by the strides."""
    field = 1
    for kernel, stride, dilation in reversed(layers):
        field = field * stride + (kernel - 1) * dilation
    return field


@wrong()
def gaps_only(layers):
    """Leaves out the last kernel."""
    return from_the_end(layers[:-1])


@wrong()
def empty_sees_nothing(layers):
    """Says 0 for a stack without layers."""
    return from_the_end(layers) if layers else 0


@wrong()
def arguments_exchanged(layers):
    """Takes the dilation for the stride."""
    return from_the_end([(kernel, dilation, stride) for kernel, stride, dilation in layers])


@wrong()
def tells_in_words(layers):
    """Returns text in place of a number."""
    return f"{from_the_end(layers)} places"


@restated("kernels-added")
def effective_kernels(layers):
    """The kernels with all their places are added up."""
    return (
        sum(
            kernel * dilation * math.prod(stride for _, stride, _ in layers[:place])
            for place, (kernel, _, dilation) in enumerate(layers)
        )
        or 1
    )


@restated("kernels-multiplied")
def widths_multiplied(layers):
    """The widths of the layers are multiplied."""
    field = 1
    for kernel, _, dilation in layers:
        field *= 1 + dilation * (kernel - 1)
    return field


@restated("dilation-ignored")
def without_dilation(layers):
    """The gaps have length 1."""
    field = 1
    for kernel, stride, _ in reversed(layers):
        field = (field - 1) * stride + kernel
    return field


@restated("stride-ignored")
def without_stride(layers):
    """All gaps are added up as they are."""
    return 1 + sum((kernel - 1) * dilation for kernel, _, dilation in layers)


@restated("own-stride-counted")
def stride_first(layers):
    """The product of strides has the own one in it."""
    return 1 + sum(
        (kernel - 1) * dilation * math.prod(stride for _, stride, _ in layers[: place + 1])
        for place, (kernel, _, dilation) in enumerate(layers)
    )


@restated("last-stride-only")
def neighbour_only(layers):
    """Each layer looks at its neighbour."""
    strides = [1, *(stride for _, stride, _ in layers)]
    return 1 + sum((k - 1) * d * s for (k, _, d), s in zip(layers, strides, strict=False))


@restated("dilations-multiplied")
def dilations_like_strides(layers):
    """Both factors go on to the later layers."""
    field, factor = 1, 1
    for kernel, stride, dilation in layers:
        field += (kernel - 1) * dilation * factor
        factor *= stride * dilation
    return field


@restated("backwards")
def strides_after(layers):
    """The strides of the layers behind are multiplied."""
    field, step = 1, 1
    for kernel, stride, dilation in reversed(layers):
        field += (kernel - 1) * dilation * step
        step *= stride
    return field


@restated("start-missing")
def from_nothing(layers):
    """The sum begins with 0."""
    field, step = 0, 1
    for kernel, stride, dilation in layers:
        field += (kernel - 1) * dilation * step
        step *= stride
    return field


@restated("list-emptied")
def popped(layers):
    """The layers are popped from the end."""
    field = 1
    while layers:
        kernel, stride, dilation = layers.pop()
        field = (field - 1) * stride + (kernel - 1) * dilation + 1
    return field


@restated("result-is-a-tensor")
def torch_int(layers):
    """A tensor is added to."""
    field = torch.ones((), dtype=torch.int64)
    step = 1
    for kernel, stride, dilation in layers:
        field = field + (kernel - 1) * dilation * step
        step *= stride
    return field


# Mutants of the reference that nothing can catch, and why.
EXCUSED = {
    "field += (kernel - 1) * dilation * step -> field = field + (kernel - 1) * dilation * step": (
        "ints are never changed in place"
    ),
    "step *= stride -> step = step * stride": "ints are never changed in place",
}
