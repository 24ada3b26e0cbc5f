"""Probes of can_view."""

from __future__ import annotations

import math
from typing import TypeAlias

import torch
from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.m02_layout.shared import (
    REACH,
    Dice,
    Layout,
    drawn_layout,
    laid_out,
    told,
    written,
)
from autograder.inside.probes.tools import Operations

Question: TypeAlias = tuple[Tensor, tuple[int, ...]]

# What reshapes, or shows by a copy whether that would be a view.
_TRIALS = {
    *("view", "_unsafe_view", "reshape", "_reshape_alias", "_reshape_copy", "view_copy"),
    *("as_strided", "clone", "flatten", "unflatten"),
}


@probe("answers")
def can_view_answers(impl: Implementation, given: Given) -> Facts:
    """The answers for drawn layouts and shapes: of as many elements, of none, and of others."""
    dice = Dice(given, 20 * given.layouts)
    storage = torch.empty(REACH, dtype=given.dtype, device=given.device)
    kinds: dict[str, list[Question]] = {
        "sizes above 1": [],
        "a size of 1": [],
        "no elements": [],
        "another number of elements": [],
    }
    for place in range(given.layouts):
        layout = drawn_layout(dice, "12234")
        if place % 5 == 4:  # the strides to the right stay as they are
            layout = ((0, *layout[0][1:]), *layout[1:])
        shape = _drawn_shape(dice, layout[0])
        if place % 10 == 3:
            layout, shape = _block_around_a_one(dice)
        kind = "a size of 1" if 1 in layout[0] else "sizes above 1"
        if 0 in layout[0]:
            kind = "no elements"
        elif place % 10 == 8:
            shape[-1:] = [shape[-1] + 1] if shape else [2]
            kind = "another number of elements"
        kinds[kind].append((laid_out(storage, layout), tuple(shape)))
    facts: Facts = {}
    for name, questions in kinds.items():
        facts |= _answers(impl, name, questions)
    return facts


def _drawn_shape(dice: Dice, sizes: tuple[int, ...]) -> list[int]:
    """Draw a shape with as many elements: the factors of the sizes in new groups, mostly in their
    order."""
    factors: list[int] = []
    for size in sizes:
        factors += [2, 2] if size == 4 else [size]
    if not dice.roll(4):
        factors = [factors[place] for place in dice.order(len(factors))]
    shape = [1] * (not dice.roll(3))
    for factor in factors:
        if shape and dice.roll(2):
            shape[-1] *= factor
        else:
            shape.append(factor)
    return shape


def _block_around_a_one(dice: Dice) -> tuple[Layout, list[int]]:
    """Draw a dense block in whose middle stands a size of 1 with an odd stride, and ask for it as
    one row: it is drawn too rarely otherwise."""
    left, right = 2 + dice.roll(3), 2 + dice.roll(3)
    return ((left, 1, right), (right, right + 1 + dice.roll(9), 1), 0), [left * right]


def _answers(impl: Implementation, name: str, questions: list[Question]) -> Facts:
    """Return the first answer that torch does not give, and all answers."""
    if not questions:
        return {}
    can_view = impl.can_view
    answers = [written(can_view(*question)) for question in questions]
    right = [_true(*question) for question in questions]
    about = [
        f"sizes {tuple(t.shape)}, strides {t.stride()} and the shape {shape}"
        for t, shape in questions
    ]
    return told(f"answer for {name}", f"answers for {name}", answers, right, about)


def _true(t: Tensor, shape: tuple[int, ...]) -> str:
    """Return torch's own answer: a reshape that is no view is a copy elsewhere."""
    if math.prod(shape) != t.numel():
        return "False"
    return str(t.reshape(shape).data_ptr() == t.data_ptr())


@probe("without trying")
def can_view_without_trying(impl: Implementation, given: Given) -> Facts:
    """Whether a view is made where one is possible, and where none is; and what t is afterwards."""
    t = given.randn(*given.shape)
    n = t.numel()
    with Operations() as operations:
        answers = [impl.can_view(t, (n,)), impl.can_view(t.transpose(0, 1), (n,))]
    tried = sorted(_TRIALS.intersection(operations.names))
    return {
        "answers": ", ".join(map(written, answers)),
        "view or reshape": f"called ({', '.join(tried)})" if tried else "not called",
    }
