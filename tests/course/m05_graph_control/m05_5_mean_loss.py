"""Other ways to do mean_loss."""

from __future__ import annotations

import functools
import itertools
import math
import statistics

import numpy as np
import torch
from m05_graph_control import mean_loss

from autograder.course.marks import restated, right, wrong


@right()
def by_numpy(losses):
    """Lets NumPy average a list of numbers; a NumPy float is a float."""
    numbers = [float(loss) for loss in losses]
    if not numbers:
        raise ValueError("no losses")
    return np.mean(numbers)


@right()
def running_mean(losses):
    """Moves the mean by a part of each new error."""
    mean = None
    for k, loss in enumerate(losses, 1):
        mean = loss.item() if mean is None else mean + (loss.item() - mean) / k
    if mean is None:
        raise ValueError("no losses")
    return mean


@right()
def of_the_library(losses):
    """Maps float over the losses; StatisticsError is a ValueError."""
    return statistics.fmean([*map(float, losses)])


@right()
def detached_sum(losses):
    """Adds detached tensors in the losses' own precision."""
    total, n = 0, 0
    for loss in losses:
        total = total + loss.detach().reshape(())
        n += 1
    if n == 0:
        raise ValueError("no losses")
    return float(total / n)


@right()
def addition_unrecorded(losses):
    """Switches recording off for each addition, and on again for the next draw."""
    total, n = torch.tensor(0.0), 0
    for loss in losses:
        with torch.no_grad():
            total = total + loss.sum().cpu()
        n += 1
    if n < 1:
        raise ValueError("no losses")
    return total.item() / n


@right()
def first_drawn_by_hand(losses):
    """Draws the first loss with next and folds the others into a pair."""
    draws = iter(losses)
    try:
        first = next(draws).item()
    except StopIteration:
        raise ValueError("no losses") from None
    total, n = functools.reduce(lambda a, l: (a[0] + l.item(), a[1] + 1), draws, (first, 1))
    return total / n


@right()
def joined_in_the_end(losses):
    """Detaches and flattens each loss, and concatenates what has no graph."""
    parts = [loss.detach().flatten() for loss in losses]
    if not parts:
        raise ValueError("no losses")
    return torch.cat(parts).mean().item()


@right()
def two_at_a_time(losses):
    """Draws losses in pairs, and lets a pair go before it draws the next one."""
    draws, numbers = iter(losses), []
    while pair := list(itertools.islice(draws, 2)):
        numbers += [loss.item() for loss in pair]
        del pair
    if not numbers:
        raise ValueError("no losses")
    return sum(numbers) / len(numbers)


def _numbers(losses):
    """Return the numbers of all losses, of which there is one at least."""
    numbers = [loss.item() for loss in losses]
    if not numbers:
        raise ValueError("no losses")
    return numbers


@wrong()
def one_less(losses):
    """Divides by one less than the count."""
    numbers = _numbers(losses)
    return sum(numbers) / max(len(numbers) - 1, 1)


@wrong()
def one_more(losses):
    """Begins to count at 1."""
    numbers = _numbers(losses)
    return sum(numbers) / (len(numbers) + 1)


@wrong()
def first_left_out(losses):
    """Begins with the second loss where there are several."""
    numbers = _numbers(losses)
    return statistics.fmean(numbers[1:] or numbers)


@wrong()
def median(losses):
    """Returns the middle loss."""
    return statistics.median(_numbers(losses))


@wrong()
def nan_left_out(losses):
    """Averages the losses that are numbers."""
    numbers = _numbers(losses)
    kept = [number for number in numbers if not math.isnan(number)]
    return sum(kept) / len(kept)


@wrong()
def rounded(losses):
    """Rounds to three digits, as in a log."""
    return round(statistics.fmean(_numbers(losses)), 3)


@wrong()
def truncated(losses):
    """Takes whole numbers."""
    return sum(map(int, _numbers(losses))) / 1.0


@wrong()
def written_into_the_first(losses):
    """Adds to a detached first loss, which shares its memory with the caller's."""
    total, n = None, 0
    for loss in losses:
        n += 1
        if total is None:
            total = loss.detach()
        else:
            total += loss.detach().reshape(total.shape)
    if not n:
        raise ValueError("no losses")
    return total.item() / n


@wrong()
def backward_called(losses):
    """Calls backward() for every loss on the way."""
    numbers = []
    for loss in losses:
        loss.sum().backward(retain_graph=True)
        numbers.append(loss.item())
    if not numbers:
        raise ValueError("no losses")
    return sum(numbers) / len(numbers)


@wrong(asks="tb.18")
def pairs_kept(losses):
    """Draws losses in pairs, and holds a pair until the next one is there."""
    draws, numbers = iter(losses), []
    while pair := list(itertools.islice(draws, 2)):
        numbers += [loss.item() for loss in pair]
    if not numbers:
        raise ValueError("no losses")
    return sum(numbers) / len(numbers)


@wrong(asks="tb.18")
def latest_three(losses):
    """Holds the latest three losses for later."""
    latest, numbers = [], []
    for loss in losses:
        latest = [*latest[-2:], loss]
        numbers.append(loss.item())
    if not numbers:
        raise ValueError("no losses")
    return sum(numbers) / len(numbers)


@wrong(asks="tb.18")
def flat_ones_only(losses):
    """Passes over losses that have dimensions."""
    numbers = [loss.item() for loss in losses if loss.dim() == 0]
    if not numbers:
        raise ValueError("no losses")
    return sum(numbers) / len(numbers)


@wrong()
def asserted(losses):
    """Raises AssertionError where there is no loss."""
    numbers = [loss.item() for loss in losses]
    assert numbers, "no losses"
    return sum(numbers) / len(numbers)


@wrong()
def empty_list_only(losses):
    """Asks whether the losses equal an empty list."""
    if losses == []:
        raise ValueError("no losses")
    numbers = [loss.item() for loss in losses]
    return sum(numbers) / len(numbers)


@wrong()
def in_a_text(losses):
    """Returns the mean written down."""
    return f"{mean_loss(losses):.4f}"


@wrong(named="len-asked, empty-divided")
def one_line(losses):
    """Divides by len and never asks whether there is any loss."""
    return sum(loss.item() for loss in losses) / len(losses)


@wrong(named="attached-sum, empty-divided")
def attached_without_a_check(losses):
    """Adds the losses themselves, and divides by zero where there is none."""
    total, n = 0, 0
    for loss in losses:
        total = total + loss
        n += 1
    return float(total / n)


@wrong(named="tensor-returned, empty-divided")
def attached_and_returned(losses):
    """Adds the losses themselves, returns a tensor, and divides by zero."""
    total, n = 0, 0
    for loss in losses:
        total = total + loss
        n += 1
    return total / n


@restated("attached-sum")
def float_at_the_end(losses):
    """Divides while it adds, and takes the number at the end."""
    mean = 0.0
    n = 0
    for n, loss in enumerate(losses, 1):
        mean = mean + (loss - mean) / n
    if n == 0:
        raise ValueError("no losses")
    return float(mean)


@restated("listed-first")
def appended(losses):
    """Appends each loss to a list and reads the list afterwards."""
    every = []
    for loss in losses:
        every.append(loss)
    if len(every) == 0:
        raise ValueError("no losses")
    return sum(loss.item() for loss in every) / len(every)


@restated("stacked")
def stacked_from_a_list(losses):
    """Collects the losses and stacks them."""
    every = [loss for loss in losses]
    if not every:
        raise ValueError("no losses")
    return float(torch.stack(every).sum() / len(every))


@restated("tensor-returned")
def sum_of_tensors(losses):
    """Returns the sum of tensors over the count."""
    total, n = 0, 0
    for loss in losses:
        total = total + loss
        n += 1
    if n == 0:
        raise ValueError("no losses")
    return total.reshape([]) / n


@restated("wrapped")
def of_a_list_of_numbers(losses):
    """Makes a tensor of the numbers and averages it."""
    return torch.tensor(_numbers(losses)).mean()


@restated("shape-1-1-refused")
def no_dimensions_wanted(losses):
    """Raises where a shape is not []."""
    numbers = []
    for loss in losses:
        if loss.shape != torch.Size([]):
            raise ValueError("a loss has dimensions")
        numbers.append(loss.item())
    if not numbers:
        raise ValueError("no losses")
    return sum(numbers) / len(numbers)


@restated("len-asked")
def len_at_first(losses):
    """Looks at len before the loop."""
    if len(losses) == 0:
        raise ValueError("no losses")
    total = 0.0
    for loss in losses:
        total += loss.item()
    return total / len(losses)


@restated("gone-through-twice")
def counted_first(losses):
    """Counts in a loop of its own."""
    n = 0
    for _ in losses:
        n += 1
    if n == 0:
        raise ValueError("no losses")
    total = 0.0
    for loss in losses:
        total += float(loss)
    return total / n


@restated("empty-divided")
def no_check(losses):
    """Divides by the count, whatever it is."""
    total, n = 0.0, 0
    for loss in losses:
        total += loss.item()
        n += 1
    return total / n


@restated("empty-by-truth")
def checked_at_the_top(losses):
    """Looks at the iterable at the top, as one does with lists."""
    if not losses:
        raise ValueError("no losses")
    total, n = 0.0, 0
    for loss in losses:
        total, n = total + float(loss), n + 1
    return total / n


@restated("empty-zero")
def at_least_one(losses):
    """Divides by one where there is none."""
    numbers = [loss.item() for loss in losses]
    return sum(numbers, 0.0) / max(len(numbers), 1)


@restated("empty-nan")
def nan_where_there_is_none(losses):
    """Returns nan unless there are numbers."""
    numbers = [loss.item() for loss in losses]
    return sum(numbers) / len(numbers) if numbers else math.nan


@restated("error-returned")
def value_error_as_a_value(losses):
    """Returns the exception."""
    numbers = [loss.item() for loss in losses]
    if not numbers:
        return ValueError("no losses")
    return sum(numbers) / len(numbers)


@restated("sum")
def never_divided(losses):
    """Adds numbers with fsum and stops there."""
    return math.fsum(_numbers(losses))


@restated("halved-each-time")
def moved_halfway(losses):
    """Moves halfway to each new loss."""
    numbers = _numbers(losses)
    mean = numbers[0]
    for number in numbers[1:]:
        mean += 0.5 * (number - mean)
    return mean


@restated("last-only")
def overwritten(losses):
    """Keeps the latest number."""
    latest = None
    for loss in losses:
        latest = loss.item()
    if latest is None:
        raise ValueError("no losses")
    return latest


@restated("detached-in-place")
def cut_off_first(losses):
    """Detaches each loss in place before it is added."""
    total, n = 0.0, 0
    for loss in losses:
        loss.detach_()
        total += loss.item()
        n += 1
    if not n:
        raise ValueError("no losses")
    return total / n


@restated("no-grad-around-the-loop")
def decorated(losses):
    """Runs as a whole where recording is off, as a decorator would make it."""
    run = torch.no_grad()(mean_loss)
    return run(losses)


# Mutants of the reference that nothing can catch, and why.
EXCUSED = {
    "total += loss.item() -> total = total + loss.item()": "a float cannot be changed in place",
    "count += 1 -> count = count + 1": "an int cannot be changed in place",
}
