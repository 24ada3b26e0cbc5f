"""Mistakes of broadcast_shape."""

from __future__ import annotations

from itertools import zip_longest
from typing import Any

import torch
from m03_algebra import broadcast_shape

from autograder.course.marks import mistake

Shape = tuple[int, ...]


@mistake("aligned-left", asks="tb.8")
def aligned_left(a: Shape, b: Shape) -> Shape:
    """You line the two shapes up from the left, at their first sizes. A row [3] would then not fit
    to a table [4, 3], one number for each of its columns. Broadcasting begins at the last sizes.
    Look at which ends of the tuples meet in your code."""
    return tuple(reversed(broadcast_shape(tuple(reversed(a)), tuple(reversed(b)))))


@mistake("larger-size", asks="tb.8")
def larger_size(a: Shape, b: Shape) -> Shape:
    """You take the larger of two sizes that fit. Next to an empty axis that is not what happens: a
    size of 1 is stretched to the other one, so 1 and 0 give 0, and nothing is added to nothing.
    Look at what you take where one size is 1."""
    return tuple(map(_larger, broadcast_shape(a, b), _padded(a, b), _padded(b, a)))


@mistake("larger-size-never-refused", asks="tb.8")
def larger_size_never_refused(a: Shape, b: Shape) -> Shape:
    """You take the larger of two sizes, whatever they are. Two sizes have to be equal, or one of
    them 1, or else a ValueError must be raised; and next to 0 a size of 1 becomes 0, which is not
    the larger one. Look at what you ask of two sizes."""
    return tuple(map(max, _padded(a, b), _padded(b, a)))


@mistake("no-sizes-refused", asks="tb.8")
def no_sizes_refused(a: Shape, b: Shape) -> Shape:
    """You refuse a shape without sizes, (). That is the shape of a single number, which broadcasts
    with everything, although some texts say otherwise: each size that is missing counts as 1. Look
    at what you ask first."""
    if not a or not b:
        raise ValueError("a tensor needs a dimension")
    return broadcast_shape(a, b)


@mistake("cut-to-the-shorter")
def cut_to_the_shorter(a: Shape, b: Shape) -> Shape:
    """Your result has as many sizes as the shorter shape: you stop where one of the two ends. What
    the longer one has besides belongs to the result as well. Look at how you walk through two
    tuples of different lengths."""
    shorter = min(len(a), len(b))
    return broadcast_shape(a[len(a) - shorter :], b[len(b) - shorter :])


@mistake("ones-not-stretched")
def ones_not_stretched(a: Shape, b: Shape) -> Shape:
    """You accept only sizes that are equal or missing. A size of 1 fits to every other one, which
    it is stretched to: that is how a column meets a row. Look at your condition for two sizes that
    differ."""
    for one, other in zip(reversed(a), reversed(b), strict=False):
        if one != other:
            raise ValueError("sizes differ")
    return broadcast_shape(a, b)


@mistake("missing-sizes-refused")
def missing_sizes_refused(a: Shape, b: Shape) -> Shape:
    """You refuse shapes that have different numbers of sizes. Where one of them has none left, its
    size counts as 1, so that a bias [3] fits to each row of a batch [4, 3]. Look at what you do
    with tuples of different lengths."""
    if len(a) != len(b):
        raise ValueError("different numbers of dimensions")
    return broadcast_shape(a, b)


@mistake("multiples-fit")
def multiples_fit(a: Shape, b: Shape) -> Shape:
    """You let a size fit to its multiples, as if 2 rows were repeated until there are 4. torch
    never repeats more than a single one: two different sizes fit only if one of them is 1. Look at
    your condition."""
    sizes = []
    for one, other in zip(_padded(a, b), _padded(b, a), strict=True):
        small, large = sorted((one, other))
        if small == 0 or large % small:
            broadcast_shape((one,), (other,))
        sizes.append(large if small else 0)
    return tuple(sizes)


@mistake("never-refused")
def never_refused(a: Shape, b: Shape) -> Shape:
    """No ValueError leaves your code where two sizes differ and neither is 1, such as 3 and 2.
    There is no common shape then, and it has to say so, or a caller goes on with a shape that no
    tensor has. Look at what follows when neither size is 1."""
    pairs = zip(_padded(a, b), _padded(b, a), strict=True)
    return tuple(other if one == 1 else one for one, other in pairs)


@mistake("error-returned")
def error_returned(a: Shape, b: Shape) -> Any:
    """You make a ValueError and return it: for Python that is a value like any other, and the
    caller goes on with it. An exception stops the caller only when it is raised."""
    try:
        return broadcast_shape(a, b)
    except ValueError as error:
        return error


@mistake("none-returned")
def none_returned(a: Shape, b: Shape) -> Any:
    """You return None, or nothing at all, where two sizes do not fit. The caller cannot know what
    that means and fails somewhere else, later. The task asks for a ValueError: look for the word
    that makes Python stop here."""
    try:
        return broadcast_shape(a, b)
    except ValueError:
        return None


@mistake("first-stretched-only")
def first_stretched_only(a: Shape, b: Shape) -> Shape:
    """You let only one of the two shapes be stretched. Both may have sizes of 1, even in the same
    pair of shapes: a column and a row stretch each other. Look at whether your condition treats a
    and b alike."""
    shape = broadcast_shape(a, b)
    if shape != b:
        raise ValueError("a cannot be stretched to b")
    return shape


@mistake("torch-asked")
def torch_asked(a: Shape, b: Shape) -> Shape:
    """You let torch or NumPy find the shape. The task is to work it out yourself from the sizes,
    pair by pair; and what is raised where they do not fit is torch's own RuntimeError, not the
    ValueError that is asked for."""
    return tuple(torch.broadcast_shapes(a, b))


@mistake("torch-asked-and-its-error-caught")
def torch_asked_and_its_error_caught(a: Shape, b: Shape) -> Shape:
    """Your shapes are right and what does not fit is refused, but torch or NumPy finds the answer.
    The task is to work it out yourself from the sizes, pair by pair. Look at the function that you
    call."""
    try:
        return tuple(torch.broadcast_shapes(a, b))
    except RuntimeError as error:
        raise ValueError(str(error)) from error


@mistake("left-to-right-reversed")
def left_to_right_reversed(a: Shape, b: Shape) -> Shape:
    """Your sizes come in the wrong order, the last one first: you walked from the right and kept
    them in this order. The result is a shape as torch writes it, from left to right. Look at what
    you do with the sizes at the end."""
    return tuple(reversed(broadcast_shape(a, b)))


@mistake("list")
def as_a_list(a: Shape, b: Shape) -> Any:
    """You return a list. The task asks for a tuple, which is what shapes are: it equals the shape
    of a tensor, and a list never does. Look at what you collect the sizes in."""
    return list(broadcast_shape(a, b))


def _padded(a: Shape, b: Shape) -> Shape:
    """Return a with as many sizes of 1 in front as b is longer."""
    pairs = zip_longest(reversed(a), reversed(b), fillvalue=1)
    return tuple(reversed([one for one, _ in pairs]))


def _larger(_: int, one: int, other: int) -> int:
    return max(one, other)
