"""Other ways to do add_bias."""

from __future__ import annotations

from collections import namedtuple

import torch
from m03_algebra import add_bias

from autograder.course.marks import restated, right, wrong

Pair = namedtuple("Pair", "out expanded")


@right()
def as_a_named_tuple(batch, bias):
    """Gives the two places names."""
    rows = torch.broadcast_to(bias, batch.shape)
    return Pair(out=rows + batch, expanded=rows)


@right()
def broadcast_together(batch, bias):
    """broadcast_tensors gives views of both."""
    _, rows = torch.broadcast_tensors(batch, bias)
    return torch.add(batch, bias), rows


@right()
def new_axis_and_expand(batch, bias):
    """Adds an axis and expands it, with -1 for what stays."""
    rows = bias[None, :].expand(len(batch), -1)
    return rows + batch, rows


@right()
def by_strides(batch, bias):
    """as_strided with a stride of 0."""
    rows = bias.as_strided(batch.shape, (0, bias.stride(0)))
    return batch.clone().add_(bias), rows


@right()
def row_by_row(batch, bias):
    """Adds each row in a loop, and broadcasts to the batch's shape."""
    out = torch.zeros_like(batch)
    for i in range(len(batch)):
        out[i] = batch[i] + bias
    return out if len(batch) else batch + bias, bias.broadcast_to(batch.size())


@right()
def columns_stacked(batch, bias):
    """Adds one number to each column."""
    columns = [batch[:, j] + bias[j] for j in range(bias.numel())]
    return torch.stack(columns, 1), bias.unsqueeze(0).expand(batch.shape[0], bias.shape[0])


@wrong()
def view_of_a_copy(batch, bias):
    """Expands a clone of the bias where there is more than one row."""
    own = bias if len(batch) == 1 else bias.clone()
    expanded = own.expand_as(batch)
    return batch + expanded, expanded


@wrong()
def copied_in_float64_only(batch, bias):
    """Makes the rows contiguous in float64."""
    out, expanded = add_bias(batch, bias)
    return out, expanded.contiguous() if bias.dtype == torch.float64 else expanded


@wrong()
def single_row_unmoved(batch, bias):
    """Where there is a single row, out is left as it came in."""
    out, expanded = add_bias(batch, bias)
    return (batch + 0 * bias if len(batch) == 1 else out), expanded


@wrong()
def gradient_for_bias_only(batch, bias):
    """The batch is detached."""
    return add_bias(batch.detach(), bias)


@wrong()
def axes_of_one_dropped(batch, bias):
    """squeeze drops single rows and columns."""
    return tuple(t.squeeze() for t in add_bias(batch, bias))


@wrong()
def in_float32(batch, bias):
    """The sum passes through float32."""
    out, expanded = add_bias(batch, bias)
    return out.float().to(batch.dtype), expanded


@wrong()
def three_results(batch, bias):
    """Returns the bias as well."""
    return (*add_bias(batch, bias), bias)


@wrong()
def bias_doubled_in_place(batch, bias):
    """The expanded bias is scaled in place, and back."""
    out, expanded = add_bias(batch, bias)
    with torch.no_grad():
        bias.mul_(2).div_(2)
    return out, expanded


@wrong(named="copied, list")
def first_draft(batch, bias):
    """Two at once: repeated numbers, in a list."""
    expanded = bias.repeat(len(batch), 1)
    return [batch + expanded, expanded]


@restated("copied")
def repeated(batch, bias):
    """repeat writes the bias N times."""
    expanded = bias.repeat(len(batch), 1)
    return batch + expanded, expanded


@restated("bias-as-a-column")
def unsqueezed_at_the_end(batch, bias):
    """unsqueeze(1) makes the column."""
    column = bias.unsqueeze(1)
    return torch.add(batch, column), column.expand(bias.shape[0], batch.shape[1])


@restated("added-in-place")
def add_underscore(batch, bias):
    """add_ changes the batch."""
    return batch.add_(bias), bias.broadcast_to(batch.shape)


@restated("one-row")
def unsqueezed(batch, bias):
    """unsqueeze(0) is all that is done."""
    rows = bias.unsqueeze(0)
    return batch + rows, rows


@restated("not-expanded")
def bias_itself(batch, bias):
    """bias is returned as it is."""
    return batch + bias, bias


@restated("sum-alone")
def one_tensor(batch, bias):
    """Only the sum of the batch and the view comes back."""
    return bias.expand_as(batch) + batch


@restated("exchanged")
def bias_first(batch, bias):
    """The expanded bias stands first."""
    return bias.expand_as(batch), batch + bias


@restated("list")
def in_brackets(batch, bias):
    """Square brackets after return."""
    rows = bias.expand_as(batch)
    return [batch + rows, rows]


@restated("expanded-cut-off")
def data_of_the_bias(batch, bias):
    """Expands the data of bias."""
    return batch + bias, bias.data.expand_as(batch)


@restated("out-cut-off")
def sum_without_recording(batch, bias):
    """The sum is taken under no_grad."""
    rows = bias.expand_as(batch)
    with torch.no_grad():
        out = batch + rows
    return out, rows


@restated("both-cut-off")
def nothing_recorded(batch, bias):
    """All is done under no_grad."""
    with torch.no_grad():
        rows = bias.expand(len(batch), len(bias))
        return batch + rows, rows


@restated("each-number-repeated")
def column_flattened(batch, bias):
    """A wide column is folded into the shape of the batch."""
    rows = bias[:, None].repeat(1, len(batch)).view(batch.shape)
    return batch + rows, rows


@restated("bias-subtracted")
def minus(batch, bias):
    """A minus sign stands before the bias."""
    rows = bias.expand_as(batch)
    return batch - rows, rows


@restated("expanded-written-over")
def sum_twice(batch, bias):
    """The name of the view is used for the sum."""
    rows = bias.expand_as(batch)
    rows = rows + batch
    return rows, rows
