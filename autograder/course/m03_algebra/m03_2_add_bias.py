"""Mistakes of add_bias."""

from __future__ import annotations

from typing import Any

import torch
from m03_algebra import add_bias
from torch import Tensor

from autograder.course.marks import mistake

Pair = tuple[Tensor, Tensor]


@mistake("copied", asks="tb.37")
def copied(batch: Tensor, bias: Tensor) -> Pair:
    """Your expanded has numbers of its own. They are right now, but do not follow when bias
    changes, and repeated rows take N times the memory. Broadcasting copies nothing: look for a
    method that only lets an axis seem longer, and for copies made before or after it."""
    out, expanded = add_bias(batch, bias)
    return out, expanded.clone()


@mistake("bias-as-a-column", asks="tb.37")
def bias_as_a_column(batch: Tensor, bias: Tensor) -> Pair:
    """You turned bias into a column, so its numbers belong to rows instead of columns. That is an
    error where N differs from O, and silently the wrong bias where they are equal. Shapes are lined
    up from the right, so bias meets the columns by itself."""
    column = bias[:, None]
    return batch + column, column.expand(-1, batch.shape[1])


@mistake("added-in-place")
def added_in_place(batch: Tensor, bias: Tensor) -> Pair:
    """You add into the caller's batch. Your out is right, but the batch is not what it was, and who
    uses it again adds the bias twice. Look for += or a method whose name ends in an underscore."""
    expanded = bias.expand_as(batch)
    batch += expanded
    return batch, expanded


@mistake("one-row", asks="tb.37")
def one_row(batch: Tensor, bias: Tensor) -> Pair:
    """Your expanded has one row only. A size of 1 is what broadcasting starts from, and what it
    makes of it here has as many rows as the batch. Look at what comes after the new axis."""
    return batch + bias, bias[None]


@mistake("not-expanded")
def not_expanded(batch: Tensor, bias: Tensor) -> Pair:
    """Your expanded is a vector [O], as bias came in. The sum stretches it for a moment, without
    telling you; the task asks for the stretched one as a tensor, [N, O]."""
    return batch + bias, bias.view(-1)


@mistake("sum-alone")
def sum_alone(batch: Tensor, bias: Tensor) -> Any:
    """You return one tensor. The task asks for two in a tuple: the sum, and the bias expanded to
    its shape."""
    return batch + bias


@mistake("exchanged")
def exchanged(batch: Tensor, bias: Tensor) -> Pair:
    """Your two results are exchanged: the sum comes first, and the expanded bias second. Both are
    [N, O], so no shape tells it. Look at the order after return."""
    out, expanded = add_bias(batch, bias)
    return expanded, out


@mistake("list")
def as_a_list(batch: Tensor, bias: Tensor) -> Any:
    """You return a list. The task asks for a tuple, whose two places have fixed meanings: the sum,
    then the expanded bias. Look at the brackets after return."""
    return list(add_bias(batch, bias))


@mistake("expanded-cut-off")
def expanded_cut_off(batch: Tensor, bias: Tensor) -> Pair:
    """Your expanded lies in the memory of bias, but autograd does not know it: no gradient finds
    its way from it to bias. A view can be differentiated like any other result. Look for detach,
    .data or no_grad."""
    out, expanded = add_bias(batch, bias)
    return out, expanded.detach()


@mistake("out-cut-off")
def out_cut_off(batch: Tensor, bias: Tensor) -> Pair:
    """Your out is cut off from batch and bias, so nothing could be learned through it. Look for
    detach, .data, no_grad, or a new tensor into which you write the numbers."""
    out, expanded = add_bias(batch, bias)
    return out.detach(), expanded


@mistake("both-cut-off")
def both_cut_off(batch: Tensor, bias: Tensor) -> Pair:
    """Both results are cut off from what came in, so no gradient reaches batch or bias. Look for
    detach, .data or no_grad around your lines."""
    out, expanded = add_bias(batch, bias)
    return out.detach(), expanded.detach()


@mistake("each-number-repeated")
def each_number_repeated(batch: Tensor, bias: Tensor) -> Pair:
    """You repeat each number of bias before the next one comes, and fold the long row into a table.
    Its rows are then not bias, and it is a copy. Let the whole vector be the row, again and
    again."""
    expanded = bias.repeat_interleave(len(batch)).reshape(batch.shape)
    return batch + expanded, expanded


@mistake("bias-subtracted")
def bias_subtracted(batch: Tensor, bias: Tensor) -> Pair:
    """You subtract the bias from each row. A bias is added. Look at the sign in front of it."""
    out, expanded = add_bias(batch, bias)
    return out - 2 * bias, expanded


@mistake("expanded-written-over")
def expanded_written_over(batch: Tensor, bias: Tensor) -> Pair:
    """Your expanded is the sum itself. The second result is the bias alone, stretched to the shape
    of the batch, before anything is added to it."""
    out = batch + bias
    return out, torch.as_tensor(out)
