"""Mistakes of update_counts."""

from __future__ import annotations

import m09_data

from autograder.course.marks import mistake


@mistake("short-batch-missing")
def short_batch_missing(
    n: int, batch: int, epochs: int, drop_last: bool = False
) -> tuple[int, int]:
    """Without drop_last you round down, so the last, shorter batch of an epoch is not counted. It
    makes an update like any other, unless drop_last leaves it out."""
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
    """You count the short batch even with drop_last, which says that it is left out. An epoch then
    has only full batches."""
    return m09_data.update_counts(n, batch, epochs)
