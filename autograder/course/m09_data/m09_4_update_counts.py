"""Mistakes of update_counts."""

from __future__ import annotations

import math
from typing import Any

import m09_data

from autograder.course.marks import mistake


@mistake("short-batch-missing")
def short_batch_missing(
    n: int, batch: int, epochs: int, drop_last: bool = False
) -> tuple[int, int]:
    """Without drop_last you round down, so the last, shorter batch of an epoch is not counted. It
    makes an update like any other; only drop_last leaves it out."""
    return n // batch, n // batch * epochs


@mistake("fraction-of-an-update")
def fraction_of_an_update(
    n: int, batch: int, epochs: int, drop_last: bool = False
) -> tuple[float, float]:
    """You divide with /, which gives a float and can count parts of an update. An update happens
    or it does not: the number of batches is whole, whether or not the last one is full."""
    per_epoch = n // batch if drop_last else n / batch
    return per_epoch, per_epoch * epochs


@mistake("epochs-as-total", asks="gd.26 lr.7")
def epochs_as_total(n: int, batch: int, epochs: int, drop_last: bool = False) -> tuple[int, int]:
    """Your total is the number of epochs. An epoch is one pass through the data and makes one
    update for each batch; the two are the same only where one batch holds all rows."""
    return m09_data.update_counts(n, batch, epochs, drop_last)[0], epochs


@mistake("one-too-many")
def one_too_many(n: int, batch: int, epochs: int, drop_last: bool = False) -> tuple[int, int]:
    """You round down and always add one. That is right while some rows are left over; where the
    batch size divides the number of rows, you count a batch without any rows."""
    per_epoch = n // batch if drop_last else n // batch + 1
    return per_epoch, per_epoch * epochs


@mistake("epochs-run-together", asks="lr.48")
def epochs_run_together(
    n: int, batch: int, epochs: int, drop_last: bool = False
) -> tuple[int, int]:
    """You count the batches of all rows of all epochs together, as if a batch could begin in one
    epoch and end in the next. Each epoch ends with its own short batch: count one epoch, then
    multiply."""
    counts = m09_data.update_counts
    return counts(n, batch, 1, drop_last)[0], counts(n * epochs, batch, 1, drop_last)[0]


@mistake("drop-last-ignored")
def drop_last_ignored(n: int, batch: int, epochs: int, drop_last: bool = False) -> tuple[int, int]:
    """With drop_last you count the short batch, although drop_last says that it is left out. An
    epoch then has only full batches."""
    return m09_data.update_counts(n, batch, epochs)


@mistake("total-first")
def total_first(n: int, batch: int, epochs: int, drop_last: bool = False) -> tuple[int, int]:
    """You return the two numbers in the wrong order: the one of all epochs stands first. The task
    asks for the updates of one epoch, then for the total. Look at your return statement."""
    per_epoch, total = m09_data.update_counts(n, batch, epochs, drop_last)
    return total, per_epoch


@mistake("total-alone")
def total_alone(n: int, batch: int, epochs: int, drop_last: bool = False) -> Any:
    """You return one number. The task asks for two, the updates of one epoch and the total, as a
    tuple. Look at your return statement."""
    return m09_data.update_counts(n, batch, epochs, drop_last)[1]


@mistake("one-too-many-always")
def one_too_many_always(
    n: int, batch: int, epochs: int, drop_last: bool = False
) -> tuple[int, int]:
    """You always round down and add one. That is right only while some rows are left over and none
    are dropped: with drop_last the short batch does not count, and where the division comes out
    even there is none."""
    return n // batch + 1, (n // batch + 1) * epochs


@mistake("full-batch-dropped")
def full_batch_dropped(n: int, batch: int, epochs: int, drop_last: bool = False) -> tuple[int, int]:
    """With drop_last you always take one batch away. Only a batch with too few rows is left out;
    where the batch size divides the number of rows, the last one is full and stays."""
    per_epoch = math.ceil(n / batch) - drop_last
    return per_epoch, per_epoch * epochs


@mistake("drop-last-reversed")
def drop_last_reversed(n: int, batch: int, epochs: int, drop_last: bool = False) -> tuple[int, int]:
    """You have the two cases the wrong way round: with drop_last you count the short batch, and
    without it you leave it out. Look at your condition."""
    return m09_data.update_counts(n, batch, epochs, not drop_last)


@mistake("rows-as-updates")
def rows_as_updates(n: int, batch: int, epochs: int, drop_last: bool = False) -> tuple[int, int]:
    """You count an update for each row. All rows of a batch together make one update: their losses
    are averaged first. Look at where the batch size enters."""
    return n, n * epochs


@mistake("rounded-to-nearest")
def rounded_to_nearest(n: int, batch: int, epochs: int, drop_last: bool = False) -> tuple[int, int]:
    """You round to the nearest number of batches. A last batch with few rows then does not count,
    though it makes an update like any other. However few rows are left over, they are one more
    batch."""
    per_epoch = n // batch if drop_last else round(n / batch)
    return per_epoch, per_epoch * epochs


@mistake("fractions-everywhere")
def fractions_everywhere(
    n: int, batch: int, epochs: int, drop_last: bool = False
) -> tuple[float, float]:
    """You divide with / and never round, whatever drop_last says. Updates are whole: rows left over
    are one more batch, or with drop_last none."""
    return n / batch, n / batch * epochs
