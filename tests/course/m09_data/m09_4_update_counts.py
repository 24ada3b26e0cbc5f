"""Other ways to do update_counts."""

from __future__ import annotations

import math
from collections import namedtuple

import numpy as np
from torch.utils.data import DataLoader

from autograder.course.marks import restated, right, wrong

Counts = namedtuple("Counts", "per_epoch total")


@right()
def by_divmod(n, batch, epochs, drop_last=False):
    """Returns a named tuple, from a quotient and a rest."""
    full, rest = divmod(n, batch)
    k = full + (1 if rest and (not drop_last) else 0)
    return Counts(k, k * epochs)


@right()
def length_of_a_loader(n, batch, epochs, drop_last=False):
    """Asks a DataLoader how many batches it has."""
    per = len(DataLoader(range(n), batch_size=batch, drop_last=drop_last))
    return (per, per * epochs)


@right()
def list_of_two(n, batch, epochs, drop_last=False):
    """Returns a list, from the length of a range."""
    k = len(range(0, n, batch)) if not drop_last else n // batch
    return [k, k * epochs]


@right()
def numpy_ints(n, batch, epochs, drop_last=False):
    """Returns ints of NumPy."""
    k = np.int64(n // batch if drop_last else np.ceil(n / batch))
    return (k, k * epochs)


@right()
def summed_over_epochs(n, batch, epochs, drop_last=False):
    """Adds the updates of the epochs up."""
    k = n - batch + 1 if drop_last else n
    k = len(range(0, max(k, 0), batch))
    return (k, sum(k for _ in range(epochs)))


@wrong()
def single_row_not_counted(n, batch, epochs, drop_last=False):
    """Leaves out a last batch of one row."""
    per = n // batch if drop_last else n // batch + (n % batch > 1)
    return per, per * epochs


@wrong()
def at_least_one_full_batch(n, batch, epochs, drop_last=False):
    """Counts a batch where drop_last leaves none."""
    per = max(1, n // batch) if drop_last else math.ceil(n / batch)
    return per, per * epochs


@wrong()
def a_batch_of_nothing(n, batch, epochs, drop_last=False):
    """Counts a batch where there are no rows."""
    per = n // batch if drop_last else max(1, math.ceil(n / batch))
    return per, per * epochs


@wrong()
def short_batches_collected(n, batch, epochs, drop_last=False):
    """Joins the rows that drop_last leaves out across epochs."""
    per = n // batch if drop_last else math.ceil(n / batch)
    return per, n * epochs // batch if drop_last else per * epochs


@wrong()
def almost_ceil(n, batch, epochs, drop_last=False):
    """Rounds up by adding 0.999."""
    per = n // batch if drop_last else int(n / batch + 0.999)
    return per, per * epochs


@wrong()
def at_least_one_epoch(n, batch, epochs, drop_last=False):
    """Makes one epoch where none is asked for."""
    per = n // batch if drop_last else math.ceil(n / batch)
    return per, per * max(epochs, 1)


@restated("full-batch-dropped")
def drop_last_drops_full_ones(n, batch, epochs, drop_last=False):
    """Leaves out the last batch with drop_last even where it is full."""
    per = math.ceil(n / batch) - drop_last
    return per, per * epochs


@restated("rounded-to-nearest")
def rounded(n, batch, epochs, drop_last=False):
    """Rounds to the nearest number of batches."""
    per = n // batch if drop_last else round(n / batch)
    return per, per * epochs


@wrong(asks="gd.35")
def larger_batches_more_updates(n, batch, epochs, drop_last=False):
    """Takes the rows of a batch for the number of updates, so that larger batches make more."""
    per = min(batch, n)
    return per, epochs * per


@restated("short-batch-missing")
def floor_always(n, batch, epochs, drop_last=False):
    """Counts only full batches."""
    per = math.floor(n / batch)
    return per, epochs * per


@restated("fraction-of-an-update")
def true_division(n, batch, epochs, drop_last=False):
    """Divides with / unless drop_last is set."""
    per = n / batch
    if drop_last:
        per = int(per)
    return per, epochs * per


@restated("epochs-as-total")
def one_update_per_epoch(n, batch, epochs, drop_last=False):
    """Takes an epoch for one update in the total."""
    full, rest = divmod(n, batch)
    return full + (rest > 0 and not drop_last), epochs


@restated("one-too-many")
def plus_one(n, batch, epochs, drop_last=False):
    """Adds one batch, whether or not rows are left."""
    per = n // batch
    if not drop_last:
        per += 1
    return per, epochs * per


@restated("epochs-run-together")
def all_rows_at_once(n, batch, epochs, drop_last=False):
    """Cuts the rows of all epochs into batches together."""
    whole = (lambda q: int(q)) if drop_last else math.ceil
    return whole(n / batch), whole(n * epochs / batch)


@restated("drop-last-ignored")
def always_ceil(n, batch, epochs, drop_last=False):
    """Rounds up in either case."""
    per = -(-n // batch)
    return per, epochs * per


@restated("drop-last-reversed")
def drop_last_the_other_way_round(n, batch, epochs, drop_last=False):
    """Leaves the short batch out where it counts, and counts it where it is left out."""
    per = -(-n // batch) if drop_last else n // batch
    return per, epochs * per
