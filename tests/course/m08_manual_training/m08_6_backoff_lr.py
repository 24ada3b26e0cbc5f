"""Other ways to do backoff_lr."""

from __future__ import annotations

import itertools
import math

import numpy as np

from autograder.course.marks import restated, right, wrong


@right()
def first_of_endless_rates(loss_after, start, base_loss):
    """Takes the first fitting one of an endless generator, and asks twice for each loss."""
    rates = (start * 0.5**k for k in itertools.count())
    return next(r for r in rates if loss_after(r) < base_loss and not math.isinf(loss_after(r)))


@right()
def halvings_counted(loss_after, start, base_loss):
    """Counts the halvings and divides by a power of two."""
    k = 0
    while not loss_after(start / 2**k) < base_loss:
        k += 1
    return start / 2**k


@right()
def search_by_recursion(loss_after, start, base_loss):
    """Calls itself with half the rate, and rules out NaN and infinity by name."""
    loss = float(loss_after(start))
    if not math.isnan(loss) and not math.isinf(loss) and loss < base_loss:
        return start
    return search_by_recursion(loss_after, start / 2, base_loss)


@right()
def nan_unequal_to_itself(loss_after, start, base_loss):
    """Knows NaN by its being unequal to itself."""
    lr = start
    loss = loss_after(lr)
    while loss != loss or loss >= base_loss:
        lr *= 0.5
        loss = loss_after(lr)
    return lr


@right()
def rate_in_single_precision(loss_after, start, base_loss):
    """Keeps the rate as a NumPy float32, which lies a little beside it."""
    lr = np.float32(start)
    while not loss_after(float(lr)) < base_loss:
        lr = lr / np.float32(2)
    return lr


@wrong()
def twenty_halvings_at_most(loss_after, start, base_loss):
    """Gives up after 20 halvings."""
    lr = start
    for _ in range(20):
        if loss_after(lr) < base_loss:
            break
        lr /= 2
    return lr


@wrong()
def no_rate_below_a_billionth(loss_after, start, base_loss):
    """Gives up where the rate falls below 1e-9."""
    lr = start
    while lr > 1e-9 and not loss_after(lr) < base_loss:
        lr /= 2
    return lr


@wrong()
def clearly_lower_wanted(loss_after, start, base_loss):
    """Wants the loss to be lower by a millionth of itself."""
    lr = start
    while not loss_after(lr) < base_loss * (1 - 1e-6):
        lr /= 2
    return lr


@wrong()
def lower_by_a_margin(loss_after, start, base_loss):
    """Wants the loss to be lower by 1e-8 at least."""
    lr = start
    while not loss_after(lr) < base_loss - 1e-08:
        lr /= 2
    return lr


@wrong()
def absolute_values_compared(loss_after, start, base_loss):
    """Compares the absolute values of the losses."""
    lr = start
    while not abs(loss_after(lr)) < abs(base_loss):
        lr /= 2
    return lr


@wrong()
def long_starts_cut_unseen(loss_after, start, base_loss):
    """Halves a start above 1 without trying it."""
    lr = start
    while lr > 1:
        lr /= 2
    while not loss_after(lr) < base_loss:
        lr /= 2
    return lr


@wrong()
def nan_expected_at_the_start_only(loss_after, start, base_loss):
    """Takes NaN for a lower loss after the first halving."""
    lr = start
    if not loss_after(lr) < base_loss:
        lr /= 2
        while loss_after(lr) >= base_loss:
            lr /= 2
    return lr


@wrong(named="equal-accepted")
def a_little_higher_accepted(loss_after, start, base_loss):
    """Accepts a loss that is equal or a billionth higher."""
    lr = start
    while not loss_after(lr) < base_loss + 1e-09:
        lr /= 2
    return lr


@wrong()
def halves_on_while_it_helps(loss_after, start, base_loss):
    """Goes on halving as long as the loss falls further."""
    lr = start
    while not loss_after(lr) < base_loss or loss_after(lr / 2) < loss_after(lr):
        lr /= 2
    return lr


@wrong()
def down_by_quarters(loss_after, start, base_loss):
    """Goes down by quarters and once up again: misses a rate that lowers the loss alone."""
    lr = float(start)
    while not loss_after(lr) < base_loss:
        lr /= 4
        if lr < 1e-300:
            return start / 2
    return 2 * lr if lr < start and loss_after(2 * lr) < base_loss else lr


@restated("nan-accepted")
def halved_while_not_lower(loss_after, start, base_loss):
    """Returns as soon as the loss is not higher, which is said of NaN too."""
    lr = start
    while True:
        if not loss_after(lr) > base_loss:
            return lr
        lr = lr * 0.5


@restated("any-finite-loss")
def first_number_taken(loss_after, start, base_loss):
    """Looks for NaN and infinity only."""
    lr = start
    loss = loss_after(lr)
    while math.isnan(loss) or math.isinf(loss):
        lr *= 0.5
        loss = loss_after(lr)
    return lr


@restated("raised-instead")
def divided_by_a_half(loss_after, start, base_loss):
    """Divides by 0.5 where it should multiply."""
    lr = start
    while True:
        if loss_after(lr) < base_loss:
            return lr
        lr = lr / 0.5


@restated("equal-accepted")
def at_most_as_high(loss_after, start, base_loss):
    """Accepts every loss up to the old one, but not NaN."""
    k = 0
    while True:
        loss = loss_after(start / 2**k)
        if math.isfinite(loss) and base_loss >= loss:
            return start / 2**k
        k += 1


@restated("start-never-tried")
def halved_before_each_look(loss_after, start, base_loss):
    """Halves first in every round, and then looks."""
    lr = start
    while True:
        lr *= 0.5
        if loss_after(lr) < base_loss:
            return lr


@restated("divided-by-ten")
def a_tenth_each_time(loss_after, start, base_loss):
    """Goes down by powers of ten."""
    lr = start
    while not loss_after(lr) < base_loss:
        lr *= 0.1
    return lr


# Mutants of the reference that nothing can catch, and why.
EXCUSED = {
    "lr /= 2 -> lr = lr / 2": "the same for a number",
}


# Probes that catch nothing alone, and why they stay.
KEPT_PROBES = {
    "step": "a real first step, on which the student reads what the listed losses mean",
}
