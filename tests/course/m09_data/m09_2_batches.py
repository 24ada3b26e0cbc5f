"""Other ways to do batches."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch.utils.data import (
    BatchSampler,
    DataLoader,
    RandomSampler,
    SequentialSampler,
    TensorDataset,
)

from autograder.course.marks import restated, right, wrong


@right()
def zipped_splits(x, y, size, shuffle, generator=None):
    """Returns a zip of two splits, views where nothing is shuffled."""
    if shuffle:
        order = torch.randperm(x.size(0), generator=generator)
        x, y = x[order], y[order]
    return zip(x.split(size), y.split(size))


@right()
def by_loader(x, y, size, shuffle, generator=None):
    """Returns the iterator of a DataLoader, whose batches are lists."""
    return iter(
        DataLoader(TensorDataset(x, y), batch_size=size, shuffle=shuffle, generator=generator)
    )


@right()
def by_samplers(x, y, size, shuffle, generator=None):
    """Takes row numbers from a batch sampler."""
    sampler = RandomSampler(x, generator=generator) if shuffle else SequentialSampler(x)
    for rows in BatchSampler(sampler, size, drop_last=False):
        yield x[rows], y[rows]


@right()
def sorted_by_chance(x, y, size, shuffle, generator=None):
    """Sorts the rows by random numbers."""
    if shuffle:
        p = torch.rand(len(x), generator=generator, dtype=torch.float64).argsort()
        x, y = (x[p], y[p])
    for i in range(math.ceil(len(x) / size)):
        yield (x[i * size : (i + 1) * size], y[i * size : (i + 1) * size])


@right()
def swapped_backwards(x, y, size, shuffle, generator=None):
    """Shuffles by hand, as Fisher and Yates did."""
    order = list(range(len(x)))
    if shuffle:
        for i in range(len(x) - 1, 0, -1):
            j = int(torch.randint(i + 1, (1,), generator=generator))
            order[i], order[j] = order[j], order[i]
    for i in range(0, len(x), size):
        yield x[order[i : i + size]], y[order[i : i + size]]


@right()
def drawn_without_replacement(x, y, size, shuffle, generator=None):
    """Draws all rows with multinomial, without replacement."""
    p = torch.arange(len(x))
    if shuffle:
        p = torch.ones(len(x)).multinomial(len(x), generator=generator)
    return ((x[i], y[i]) for i in p.to(x.device).split(size))


def _order(n, shuffle, generator):
    """Return row numbers, shuffled on request."""
    return torch.randperm(n, generator=generator) if shuffle else torch.arange(n)


def _cut(x, y, order, size):
    """Yield batches of rows in an order."""
    for rows in order.split(size):
        yield x[rows], y[rows]


@wrong()
def cut_into_even_chunks(x, y, size, shuffle, generator=None):
    """Counts the batches and cuts the rows into that many parts of nearly equal size."""
    for rows in _order(len(x), shuffle, generator).chunk(math.ceil(len(x) / size)):
        yield x[rows], y[rows]


@wrong()
def single_row_left_out(x, y, size, shuffle, generator=None):
    """Leaves out a last batch of one row."""
    for rows in _order(len(x), shuffle, generator).split(size):
        if len(rows) > 1 or size == 1 or len(x) == 1:
            yield x[rows], y[rows]


@wrong()
def swapped_with_any_row(x, y, size, shuffle, generator=None):
    """Swaps each row with any other one, which makes some orders likelier."""
    n = len(x)
    order = list(range(n))
    if shuffle:
        for i, j in enumerate(torch.randint(n, (n,), generator=generator).tolist()):
            order[i], order[j] = order[j], order[i]
    yield from _cut(x, y, torch.tensor(order), size)


@wrong()
def every_row_must_move(x, y, size, shuffle, generator=None):
    """Swaps each row with an earlier one but never with itself."""
    order = list(range(len(x)))
    if shuffle:
        draws = torch.rand(len(x), generator=generator).tolist()
        for i in range(len(x) - 1, 0, -1):
            j = int(draws[i] * i)
            order[i], order[j] = order[j], order[i]
    yield from _cut(x, y, torch.tensor(order), size)


@wrong()
def never_the_order_of_the_data(x, y, size, shuffle, generator=None):
    """Shuffles again until the order is another than that of the data."""
    same = torch.arange(len(x))
    order = same
    while shuffle and len(x) > 1 and torch.equal(order, same):
        order = torch.randperm(len(x), generator=generator)
    yield from _cut(x, y, order, size)


@wrong()
def random_start(x, y, size, shuffle, generator=None):
    """Begins at a random row and goes round."""
    order = torch.arange(len(x))
    if shuffle:
        order = order.roll(torch.randint(len(x), (), generator=generator).item())
    yield from _cut(x, y, order, size)


@wrong()
def shuffled_by_the_hundred(x, y, size, shuffle, generator=None):
    """Shuffles within blocks of 100 rows."""
    order = torch.arange(len(x))
    if shuffle:
        order = torch.cat([c[_order(len(c), True, generator)] for c in order.split(100)])
    yield from _cut(x, y, order, size)


@wrong()
def first_row_stays(x, y, size, shuffle, generator=None):
    """Shuffles all rows but the first."""
    order = torch.arange(len(x))
    if shuffle:
        order[1:] = 1 + torch.randperm(len(x) - 1, generator=generator)
    yield from _cut(x, y, order, size)


@wrong(named="default-seed")
def back_to_the_first_seed(x, y, size, shuffle, generator=None):
    """Starts again from the seed that the generator had at first."""
    seed = (generator or torch.default_generator).initial_seed()
    own = torch.Generator().manual_seed(seed)
    yield from _cut(x, y, _order(len(x), shuffle, own), size)


@wrong()
def fresh_seed_without_generator(x, y, size, shuffle, generator=None):
    """Takes a seed from the system where no generator is passed."""
    if generator is None:
        generator = torch.Generator()
        generator.seed()
    yield from _cut(x, y, _order(len(x), shuffle, generator), size)


@wrong()
def numpy_without_generator(x, y, size, shuffle, generator=None):
    """Takes NumPy's global generator where none is passed."""
    order = _order(len(x), shuffle, generator)
    if shuffle and generator is None:
        order = torch.from_numpy(np.random.permutation(len(x)))
    yield from _cut(x, y, order, size)


@wrong()
def filled_up(x, y, size, shuffle, generator=None):
    """Fills the last batch up with rows from the start."""
    order = _order(len(x), shuffle, generator)
    missing = -len(x) % size
    yield from _cut(x, y, torch.cat([order, order[:missing]]), size)


@wrong(asks="gd.33")
def one_buffer(x, y, size, shuffle, generator=None):
    """Writes every batch into the same memory."""
    xb, yb = x.new_empty(size, x.shape[1]), y.new_empty(size, y.shape[1])
    for rows in _order(len(x), shuffle, generator).split(size):
        k = len(rows)
        xb[:k], yb[:k] = x[rows], y[rows]
        yield xb[:k], yb[:k]


@wrong()
def shuffled_where_there_is_a_generator(x, y, size, shuffle, generator=None):
    """Takes a generator for the wish to shuffle."""
    order = torch.arange(len(x))
    if shuffle or generator is not None:
        order = torch.randperm(len(x), generator=generator)
    for rows in order.split(size):
        yield x[rows], y[rows]


@wrong()
def first_seed_given_back(x, y, size, shuffle, generator=None):
    """Seeds the global generator, and gives it its first seed back instead of its state."""
    order, before = torch.arange(len(x)), torch.initial_seed()
    if shuffle:
        if generator is not None:
            torch.manual_seed(int(torch.randint(2**31, (), generator=generator)))
        order = torch.randperm(len(x))
        if generator is not None:
            torch.manual_seed(before)
    for rows in order.split(size):
        yield x[rows], y[rows]


def _cut_restated(x, y, order, size):
    """Yield batches of rows in an order."""
    for start in range(0, len(order), size):
        rows = order[start : start + size]
        yield x[rows], y[rows]


@restated("last-batch-lost")
def whole_rounds_only(x, y, size, shuffle, generator=None):
    """Makes as many rounds as there are full batches."""
    order = _order(len(x), shuffle, generator)
    for k in range(len(x) // size):
        rows = order[k * size : (k + 1) * size]
        yield x[rows], y[rows]


@restated("empty-last-batch")
def one_round_more(x, y, size, shuffle, generator=None):
    """Makes one round more than there are full batches."""
    order = _order(len(x), shuffle, generator)
    for k in range(len(x) // size + 1):
        rows = order[k * size : (k + 1) * size]
        yield x[rows], y[rows]


@restated("shuffled-separately")
def two_orders(x, y, size, shuffle, generator=None):
    """Draws one order for x and another for y."""
    orders = [_order(len(x), shuffle, generator) for _ in "xy"]
    for i, j in zip(*(order.split(size) for order in orders), strict=True):
        yield x[i], y[j]


@restated("seeded-in-every-call")
def own_fixed_seed(x, y, size, shuffle, generator=None):
    """Seeds a generator of its own, whatever is passed."""
    generator = torch.Generator()
    generator.manual_seed(42)
    yield from _cut_restated(x, y, _order(len(x), shuffle, generator), size)


@restated("generator-reseeded")
def generator_set_back(x, y, size, shuffle, generator=None):
    """Sets the caller's generator to seed 42 before each epoch."""
    if generator:
        generator.manual_seed(42)
    yield from _cut_restated(x, y, _order(len(x), shuffle, generator), size)


@restated("global-seed-in-every-call")
def seeds_all_of_torch(x, y, size, shuffle, generator=None):
    """Seeds torch at the start of each epoch and forgets the generator."""
    torch.manual_seed(42)
    order = torch.randperm(len(x)) if shuffle else torch.arange(len(x))
    yield from _cut_restated(x, y, order, size)


@restated("batches-shuffled")
def starts_shuffled(x, y, size, shuffle, generator=None):
    """Shuffles where the batches start."""
    starts = torch.arange(0, len(x), size)
    if shuffle:
        starts = starts[torch.randperm(len(starts), generator=generator)]
    for start in starts.tolist():
        yield x[start : start + size], y[start : start + size]


@restated("drawn-with-replacement")
def random_row_numbers(x, y, size, shuffle, generator=None):
    """Draws row numbers with multinomial, each as often as it comes."""
    order = torch.arange(len(x))
    if shuffle:
        weights = torch.ones(len(x))
        order = torch.multinomial(weights, len(x), replacement=True, generator=generator)
    yield from _cut_restated(x, y, order, size)


@restated("generator-ignored")
def loader_without_generator(x, y, size, shuffle, generator=None):
    """Leaves the order to a DataLoader that does not get the generator."""
    yield from DataLoader(TensorDataset(x, y), batch_size=size, shuffle=shuffle)


@restated("never-shuffled")
def shuffle_forgotten(x, y, size, shuffle, generator=None):
    """Splits both tensors and never looks at shuffle."""
    yield from zip(x.split(size), y.split(size), strict=True)


@restated("generator-of-another-library")
def order_by_numpy(x, y, size, shuffle, generator=None):
    """Shuffles row numbers with NumPy."""
    n = len(x)
    idx = np.arange(n)
    if shuffle:
        np.random.shuffle(idx)
    for i in range(0, n, size):
        j = torch.tensor(idx[i : i + size])
        yield x[j], y[j]


@wrong(named="shuffled-separately, generator-ignored")
def two_orders_without_generator(x, y, size, shuffle, generator=None):
    """Draws two orders, both from the global generator."""
    if shuffle:
        x = x[torch.randperm(len(x))]
        y = y[torch.randperm(len(y))]
    for i in range(0, len(x), size):
        yield x[i : i + size], y[i : i + size]
