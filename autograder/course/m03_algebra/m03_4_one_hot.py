"""Mistakes of one_hot and embed."""

from __future__ import annotations

from typing import Any

import torch
from m03_algebra import embed, one_hot
from torch import Tensor
from torch.nn import functional

from autograder.course.marks import mistake


@mistake("width-from-the-labels", asks="tb.38")
def width_from_the_labels(y: Tensor, k: int) -> Tensor:
    """Your codes are as wide as the largest label asks, not k. In a batch without the last class
    they are narrower, and weights that fit yesterday's batch do not fit today's. How many classes
    there are is the caller's to say. Where do you use k?"""
    one_hot(y, k)
    return functional.one_hot(y, int(y.max()) + 1).float() if y.numel() else y.new_zeros(0, 0)


@mistake("width-by-torch", asks="tb.38")
def width_by_torch(y: Tensor, k: int) -> Tensor:
    """You let torch find out how many classes there are: one more than the largest label of this
    batch. Codes of another batch are then wider or narrower, and a label that is no class makes
    room for itself instead of raising ValueError. Where do you use k?"""
    return functional.one_hot(y).float()


@mistake("as-torch-makes-them", asks="tb.38")
def as_torch_makes_them(y: Tensor, k: int) -> Tensor:
    """You return what torch makes of the labels alone: integers, and only as many classes as the
    largest label needs. The task asks for k classes, for float32, and for a ValueError where a
    label is none of them. Where do you use k?"""
    return functional.one_hot(y)


@mistake("integers", asks="tb.38")
def integers(y: Tensor, k: int) -> Tensor:
    """Your codes are integers. A product of them with weights, which are floating-point numbers,
    raises. The task asks for float32. Look at what dtype the last operation gives."""
    return one_hot(y, k).long()


@mistake("booleans")
def booleans(y: Tensor, k: int) -> Tensor:
    """Your codes are truth values, as a comparison gives them. Weights cannot be multiplied by
    those; the task asks for the numbers 0 and 1 in float32."""
    return one_hot(y, k).bool()


@mistake("classes-first")
def classes_first(y: Tensor, k: int) -> Tensor:
    """Your axis of classes comes first, [k, ...]. A code is then spread over k rows, and with as
    many labels as classes no shape tells it. The new axis belongs at the end, so that the code of a
    label is a row."""
    return one_hot(y, k).movedim(-1, 0)


@mistake("one-for-the-label")
def one_for_the_label(y: Tensor, k: int) -> Tensor:
    """At a label's place your code has the label itself instead of 1, so class 0 has no mark at all
    and class 2 counts twice as much as class 1. A code says which class, not how much."""
    return one_hot(y, k) * y.unsqueeze(-1)


@mistake("counted-from-one")
def counted_from_one(y: Tensor, k: int) -> Tensor:
    """You number the classes from 1 to k. Labels are from 0 to k - 1, so each 1 of yours stands one
    place too far to the left, and class 0 has none. Look at where your row of classes begins."""
    codes = one_hot(y, k)
    return torch.cat([codes[..., 1:], torch.zeros_like(codes[..., :1])], dim=-1)


@mistake("labels-flattened")
def labels_flattened(y: Tensor, k: int) -> Tensor:
    """Your codes stand in one list, [n, k]. y may have any shape, which the codes keep: a table of
    labels becomes a table of codes, and one label without axes a single code [k]. Look for flatten
    or reshape, and for axes counted from the left."""
    return one_hot(y, k).reshape(-1, k)


@mistake("codes-not-checked", asks="tb.38")
def codes_not_checked(y: Tensor, k: int) -> Tensor:
    """A label that is no class gets a code of zeros from you, without an error, and trains a model
    to say nothing. A comparison finds no class for it and does not complain: ask first whether all
    labels are from 0 to k - 1."""
    return (y.unsqueeze(-1) == torch.arange(k, device=y.device)).float()


@mistake("codes-from-the-end")
def codes_from_the_end(y: Tensor, k: int) -> Tensor:
    """Your codes are the rows of a table, picked by index. An index of -1 counts from the end and
    is silently the last class, and too large a one raises IndexError. The task asks for a
    ValueError in both cases: check the labels first."""
    return torch.eye(k, device=y.device)[y]


@mistake("codes-by-torch", asks="tb.38")
def codes_by_torch(y: Tensor, k: int) -> Tensor:
    """You leave labels that are no class to torch: what is raised is its own RuntimeError. The task
    asks for a ValueError, by which a caller knows that the labels are at fault. Check them before
    you make the codes."""
    return functional.one_hot(y, k).float()


@mistake("error-returned")
def error_returned(y: Tensor, k: int) -> Any:
    """Your one_hot makes a ValueError and returns it: for Python that is a value like any other,
    and the caller goes on with it. An exception stops the caller only when it is raised."""
    try:
        return one_hot(y, k)
    except ValueError as error:
        return error


@mistake("product-for-lookup", replaces="embed", asks="tb.38")
def product_for_lookup(y: Tensor, table: Tensor) -> Tensor:
    """You multiply codes by the table. Each result then adds up all rows, most of them times 0; but
    0 times inf is nan, so one bad row spoils all embeddings, and the work grows with k. Take the
    rows out by their numbers instead."""
    return one_hot(y, len(table)).to(table.dtype) @ table


@mistake("embed-not-checked", replaces="embed")
def embed_not_checked(y: Tensor, table: Tensor) -> Tensor:
    """Your embed does not check the labels. As an index, -1 counts from the end and is silently the
    last row, and too large a label raises IndexError. The task asks for a ValueError in both
    cases."""
    return table[y]


@mistake("embed-by-torch", replaces="embed")
def embed_by_torch(y: Tensor, table: Tensor) -> Tensor:
    """Your embed leaves labels that are no class to torch, which raises IndexError. The task asks
    for a ValueError, by which a caller knows that the labels are at fault. Check them before you
    look anything up."""
    return functional.embedding(y, table)


@mistake("columns-looked-up", replaces="embed")
def columns_looked_up(y: Tensor, table: Tensor) -> Tensor:
    """Your labels pick columns of the table. A class has a row, [k, D]; where k equals D no shape
    tells the difference. Look at which place in the brackets the labels stand."""
    embed(y, table)
    width = table.shape[1]
    return table[:, y] if bool((y < width).all()) else table[:, y.clamp(max=width)]


@mistake("embed-cut-off", replaces="embed")
def embed_cut_off(y: Tensor, table: Tensor) -> Tensor:
    """Your embeddings are cut off from the table, so it would never learn. Look for detach, .data,
    no_grad, or a layer made of the table, which has parameters of its own."""
    return embed(y, table).detach()
