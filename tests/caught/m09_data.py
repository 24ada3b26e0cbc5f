"""Wrong ways to do m09 that are no listed mistakes: dataset, batches, split, loader."""

from __future__ import annotations

import itertools
import math
import random

import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset, IterableDataset, TensorDataset, get_worker_info

from tests.variants import wrong


class _Pairs(Dataset):
    """A right dataset of pairs, to be spoilt."""

    def __init__(self, x, y):
        """Keep both after a check."""
        if len(x) != len(y):
            raise ValueError("different numbers of rows")
        self.x, self.y = x, y

    def __len__(self):
        """Count the rows."""
        return len(self.x)

    def __getitem__(self, index):
        """Index both tensors."""
        return self.x[index], self.y[index]


@wrong("PairDataset")
class WrapsAround(_Pairs):
    """Takes a negative int modulo N, so that none is out of range."""

    def __getitem__(self, index):
        """Wrap negative ints."""
        if isinstance(index, int) and index < 0:
            index %= len(self.x)
        return self.x[index], self.y[index]


@wrong("PairDataset")
class ChecksOneDirection(_Pairs):
    """Refuses too many rows of x only."""

    def __init__(self, x, y):
        """Check half of it."""
        if len(x) > len(y):
            raise ValueError("too many rows of x")
        self.x, self.y = x, y


@wrong("PairDataset")
class StacksRows(_Pairs):
    """Stacks the rows of an index tensor, which fails for none."""

    def __getitem__(self, index):
        """Collect the rows one by one."""
        if isinstance(index, torch.Tensor):
            return torch.stack([self.x[i] for i in index]), torch.stack([self.y[i] for i in index])
        return self.x[index], self.y[index]


@wrong("PairDataset")
class SqueezesRows(_Pairs):
    """Squeezes single rows, so that one of a single number has no dimension."""

    def __getitem__(self, index):
        """Squeeze where the index is an int."""
        if isinstance(index, int):
            return self.x[index].squeeze(), self.y[index].squeeze()
        return self.x[index], self.y[index]


@wrong("PairDataset")
class RemembersRows(_Pairs):
    """Keeps a copy of every row once it was looked at."""

    def __init__(self, x, y):
        """Start with no rows."""
        super().__init__(x, y)
        self.rows = {}

    def __getitem__(self, index):
        """Look a row up in the copies."""
        if isinstance(index, int):
            if index not in self.rows:
                self.rows[index] = self.x[index].clone(), self.y[index].clone()
            return self.rows[index]
        return self.x[index], self.y[index]


@wrong("PairDataset")
class FloatFeatures(_Pairs):
    """Makes integer features floating."""

    def __init__(self, x, y):
        """Convert x."""
        super().__init__(x if x.is_floating_point() else x.float(), y)


@wrong("PairDataset")
class TargetsLikeFeatures(_Pairs):
    """Converts y to the dtype of x."""

    def __init__(self, x, y):
        """Convert y."""
        super().__init__(x, y.to(x.dtype))


@wrong("PairDataset")
class MadeContiguous(_Pairs):
    """Copies tensors that are not contiguous."""

    def __init__(self, x, y):
        """Make both contiguous."""
        super().__init__(x.contiguous(), y.contiguous())


@wrong("PairDataset")
class OneRowNumberIsAnInt(_Pairs):
    """Takes an index tensor with a single row number for an int."""

    def __getitem__(self, index):
        """Unpack a single row number."""
        if isinstance(index, torch.Tensor) and index.numel() == 1:
            index = index.item()
        return self.x[index], self.y[index]


@wrong("PairDataset")
class SortedSelection(_Pairs):
    """Gives the rows of an index tensor in their own order."""

    def __getitem__(self, index):
        """Sort the row numbers."""
        if isinstance(index, torch.Tensor):
            index = index.sort().values
        return self.x[index], self.y[index]


def _order(n, shuffle, generator):
    """Return row numbers, shuffled on request."""
    return torch.randperm(n, generator=generator) if shuffle else torch.arange(n)


def _cut(x, y, order, size):
    """Yield batches of rows in an order."""
    for rows in order.split(size):
        yield x[rows], y[rows]


@wrong("batches")
def single_row_left_out(x, y, size, shuffle, generator=None):
    """Leaves out a last batch of one row."""
    for rows in _order(len(x), shuffle, generator).split(size):
        if len(rows) > 1 or size == 1 or len(x) == 1:
            yield x[rows], y[rows]


@wrong("batches")
def swapped_with_any_row(x, y, size, shuffle, generator=None):
    """Swaps each row with any other one, which makes some orders likelier."""
    n = len(x)
    order = list(range(n))
    if shuffle:
        for i, j in enumerate(torch.randint(n, (n,), generator=generator).tolist()):
            order[i], order[j] = order[j], order[i]
    yield from _cut(x, y, torch.tensor(order), size)


@wrong("batches")
def every_row_must_move(x, y, size, shuffle, generator=None):
    """Swaps each row with an earlier one but never with itself."""
    order = list(range(len(x)))
    if shuffle:
        draws = torch.rand(len(x), generator=generator).tolist()
        for i in range(len(x) - 1, 0, -1):
            j = int(draws[i] * i)
            order[i], order[j] = order[j], order[i]
    yield from _cut(x, y, torch.tensor(order), size)


@wrong("batches")
def never_the_order_of_the_data(x, y, size, shuffle, generator=None):
    """Shuffles again until the order is another than that of the data."""
    same = torch.arange(len(x))
    order = same
    while shuffle and len(x) > 1 and torch.equal(order, same):
        order = torch.randperm(len(x), generator=generator)
    yield from _cut(x, y, order, size)


@wrong("batches")
def random_start(x, y, size, shuffle, generator=None):
    """Begins at a random row and goes round."""
    order = torch.arange(len(x))
    if shuffle:
        order = order.roll(torch.randint(len(x), (), generator=generator).item())
    yield from _cut(x, y, order, size)


@wrong("batches")
def shuffled_by_the_hundred(x, y, size, shuffle, generator=None):
    """Shuffles within blocks of 100 rows."""
    order = torch.arange(len(x))
    if shuffle:
        order = torch.cat([c[_order(len(c), True, generator)] for c in order.split(100)])
    yield from _cut(x, y, order, size)


@wrong("batches")
def first_row_stays(x, y, size, shuffle, generator=None):
    """Shuffles all rows but the first."""
    order = torch.arange(len(x))
    if shuffle:
        order[1:] = 1 + torch.randperm(len(x) - 1, generator=generator)
    yield from _cut(x, y, order, size)


@wrong("batches")
def back_to_the_first_seed(x, y, size, shuffle, generator=None):
    """Starts again from the seed that the generator had at first."""
    seed = (generator or torch.default_generator).initial_seed()
    own = torch.Generator().manual_seed(seed)
    yield from _cut(x, y, _order(len(x), shuffle, own), size)


@wrong("batches")
def fresh_seed_without_generator(x, y, size, shuffle, generator=None):
    """Takes a seed from the system where no generator is passed."""
    if generator is None:
        generator = torch.Generator()
        generator.seed()
    yield from _cut(x, y, _order(len(x), shuffle, generator), size)


@wrong("batches")
def numpy_without_generator(x, y, size, shuffle, generator=None):
    """Takes NumPy's global generator where none is passed."""
    order = _order(len(x), shuffle, generator)
    if shuffle and generator is None:
        order = torch.from_numpy(np.random.permutation(len(x)))
    yield from _cut(x, y, order, size)


@wrong("batches")
def filled_up(x, y, size, shuffle, generator=None):
    """Fills the last batch up with rows from the start."""
    order = _order(len(x), shuffle, generator)
    missing = -len(x) % size
    yield from _cut(x, y, torch.cat([order, order[:missing]]), size)


@wrong("batches")
def one_buffer(x, y, size, shuffle, generator=None):
    """Writes every batch into the same memory."""
    xb, yb = x.new_empty(size, x.shape[1]), y.new_empty(size, y.shape[1])
    for rows in _order(len(x), shuffle, generator).split(size):
        k = len(rows)
        xb[:k], yb[:k] = x[rows], y[rows]
        yield xb[:k], yb[:k]


def _sizes(n, fractions):
    """Return the right sizes of the parts."""
    sizes = [math.floor(n * fraction) for fraction in fractions]
    for k in range(n - sum(sizes)):
        sizes[k % len(sizes)] += 1
    return sizes


def _seeded(seed):
    """Return a generator with a seed."""
    return torch.Generator().manual_seed(seed)


@wrong("split")
def rest_to_the_first(n, fractions, seed):
    """Gives all rows left over to the first part."""
    sizes = [math.floor(n * fraction) for fraction in fractions]
    sizes[0] += n - sum(sizes)
    return list(torch.randperm(n, generator=_seeded(seed)).split(sizes))


@wrong("split")
def rolled(n, fractions, seed):
    """Begins at a random row and goes round."""
    start = torch.randint(n, (), generator=_seeded(seed)).item()
    return list(torch.arange(n).roll(start).split(_sizes(n, fractions)))


@wrong("split")
def row_0_always_first(n, fractions, seed):
    """Leaves row 0 in the first part whatever the seed."""
    order = torch.arange(n)
    order[1:] = 1 + torch.randperm(n - 1, generator=_seeded(seed))
    return list(order.split(_sizes(n, fractions)))


@wrong("split")
def last_row_always_last(n, fractions, seed):
    """Shuffles all rows but the last, off by one."""
    order = list(range(n - 1))
    random.Random(seed).shuffle(order)
    return list(torch.tensor([*order, n - 1]).split(_sizes(n, fractions)))


@wrong("split")
def seeds_in_twos(n, fractions, seed):
    """Halves the seed, so that two neighbours give the same parts."""
    return list(torch.randperm(n, generator=_seeded(seed // 2)).split(_sizes(n, fractions)))


@wrong("split")
def seeds_by_the_thousand(n, fractions, seed):
    """Uses the last three digits of the seed only."""
    return list(torch.randperm(n, generator=_seeded(seed % 1000)).split(_sizes(n, fractions)))


@wrong("split")
def bounds_from_running_sums(n, fractions, seed):
    """Rounds the bounds of the parts, not their sizes."""
    bounds = [0, *(math.floor(n * total + 1e-9) for total in np.cumsum(fractions))]
    order = torch.randperm(n, generator=_seeded(seed))
    return [order[a:b] for a, b in itertools.pairwise(bounds)]


@wrong("split")
def rest_in_order(n, fractions, seed):
    """Draws the first part and cuts the other rows in their order."""
    sizes = _sizes(n, fractions)
    first = torch.randperm(n, generator=_seeded(seed))[: sizes[0]]
    chosen = set(first.tolist())
    rest = torch.tensor([row for row in range(n) if row not in chosen], dtype=torch.int64)
    return [first, *rest.split(sizes[1:])]


@wrong("split")
def largest_remainder_first(n, fractions, seed):
    """Hands rows left over to the parts with the largest remainders."""
    sizes = [math.floor(n * fraction) for fraction in fractions]
    by_remainder = sorted(range(len(sizes)), key=lambda k: sizes[k] - n * fractions[k])
    for k in by_remainder[: n - sum(sizes)]:
        sizes[k] += 1
    return list(torch.randperm(n, generator=_seeded(seed)).split(sizes))


@wrong("split")
def int32_row_numbers(n, fractions, seed):
    """Gives row numbers as int32."""
    order = np.random.default_rng(seed).permutation(n).astype("int32")
    return list(torch.from_numpy(order).split(_sizes(n, fractions)))


@wrong("split", named="global-seed")
def seeds_torch_as_well(n, fractions, seed):
    """Has a generator of its own and seeds torch all the same."""
    torch.manual_seed(seed)
    return list(torch.randperm(n, generator=_seeded(seed)).split(_sizes(n, fractions)))


@wrong("update_counts")
def single_row_not_counted(n, batch, epochs, drop_last=False):
    """Leaves out a last batch of one row."""
    per = n // batch if drop_last else n // batch + (n % batch > 1)
    return per, per * epochs


@wrong("update_counts")
def at_least_one_full_batch(n, batch, epochs, drop_last=False):
    """Counts a batch where drop_last leaves none."""
    per = max(1, n // batch) if drop_last else math.ceil(n / batch)
    return per, per * epochs


@wrong("update_counts")
def a_batch_of_nothing(n, batch, epochs, drop_last=False):
    """Counts a batch where there are no rows."""
    per = n // batch if drop_last else max(1, math.ceil(n / batch))
    return per, per * epochs


@wrong("update_counts")
def short_batches_collected(n, batch, epochs, drop_last=False):
    """Joins the rows that drop_last leaves out across epochs."""
    per = n // batch if drop_last else math.ceil(n / batch)
    return per, n * epochs // batch if drop_last else per * epochs


@wrong("update_counts")
def almost_ceil(n, batch, epochs, drop_last=False):
    """Rounds up by adding 0.999."""
    per = n // batch if drop_last else int(n / batch + 0.999)
    return per, per * epochs


@wrong("update_counts")
def at_least_one_epoch(n, batch, epochs, drop_last=False):
    """Makes one epoch where none is asked for."""
    per = n // batch if drop_last else math.ceil(n / batch)
    return per, per * max(epochs, 1)


@wrong("update_counts")
def drop_last_drops_full_ones(n, batch, epochs, drop_last=False):
    """Leaves out the last batch with drop_last even where it is full."""
    per = math.ceil(n / batch) - drop_last
    return per, per * epochs


@wrong("update_counts")
def rounded(n, batch, epochs, drop_last=False):
    """Rounds to the nearest number of batches."""
    per = n // batch if drop_last else round(n / batch)
    return per, per * epochs


@wrong("batch_grad_variance")
def squeezed(g, batch):
    """Loses the dimension where there is one parameter."""
    n = len(g)
    return (g.var(dim=0, correction=0) / batch * (n - batch) / (n - 1)).squeeze()


@wrong("batch_grad_variance")
def one_row_is_a_sample(g, batch):
    """Takes the sample variance for batches of one row."""
    n = len(g)
    if batch == 1:
        return g.var(dim=0)
    return g.var(dim=0, correction=0) / batch * (n - batch) / (n - 1)


@wrong("batch_grad_variance")
def by_float32(g, batch):
    """Computes in float32."""
    n = len(g)
    return (g.float().var(dim=0, correction=0) / batch * (n - batch) / (n - 1)).to(g.dtype)


@wrong("batch_grad_variance")
def small_share_ignored(g, batch):
    """Takes small batches as drawn with replacement."""
    n = len(g)
    factor = 1.0 if batch < n / 20 else (n - batch) / (n - 1)
    return g.var(dim=0, correction=0) / batch * factor


@wrong("batch_grad_variance")
def around_zero(g, batch):
    """Takes the mean square, without the mean subtracted."""
    n = len(g)
    return g.square().mean(0) / batch * (n - batch) / (n - 1)


@wrong("batch_grad_variance")
def around_one_mean(g, batch):
    """Subtracts the mean of all entries from each parameter."""
    n = len(g)
    return (g - g.mean()).square().mean(0) / batch * (n - batch) / (n - 1)


@wrong("batch_grad_variance")
def a_thousandth_more(g, batch):
    """Is too large by a thousandth."""
    return g.var(0) * (1 / batch - 1 / len(g)) * 1.001


@wrong("batch_grad_variance")
def by_sampling(g, batch):
    """Estimates the variance from sampled batches."""
    means = [g[torch.randperm(len(g))[:batch]].mean(0) for _ in range(100)]
    return torch.stack(means).var(0)


@wrong("batch_grad_variance")
def over_consecutive_batches(g, batch):
    """Looks at batches of consecutive rows only."""
    return g.unfold(0, batch, 1).mean(-1).var(0, correction=0)


@wrong("one_pass")
def distance_of_keep(y, lr):
    """Takes |1 - 2 lr|, which is wrong for steps that overshoot."""
    later = torch.arange(len(y) - 1, -1, -1, dtype=y.dtype, device=y.device)
    return (2 * lr * abs(1 - 2 * lr) ** later * y).sum().item()


@wrong("one_pass")
def by_logarithm(y, lr):
    """Takes a logarithm, and the last row where there is none."""
    if lr >= 0.5:
        return y[-1].item() if len(y) else 0.0
    later = torch.arange(len(y) - 1, -1, -1, dtype=y.dtype, device=y.device)
    return (2 * lr * torch.exp(later * math.log(1 - 2 * lr)) * y).sum().item()


@wrong("one_pass")
def last_hundred_rows(y, lr):
    """Forgets all rows but the last hundred."""
    c = 0.0
    for value in y[-100:].tolist():
        c -= 2 * lr * (c - value)
    return c


@wrong("one_pass")
def nan_for_no_rows(y, lr):
    """Returns NaN where there are no rows."""
    c = 0.0 if len(y) else float("nan")
    for value in y.tolist():
        c -= 2 * lr * (c - value)
    return c


@wrong("one_pass")
def step_at_most_one(y, lr):
    """Cuts large learning rates off at 1."""
    lr = min(lr, 1.0)
    c = 0.0
    for value in y.tolist():
        c -= 2 * lr * (c - value)
    return c


@wrong("one_pass")
def gradients_add_up(y, lr):
    """Never sets the gradient back to zero."""
    c = torch.zeros((), dtype=y.dtype, requires_grad=True)
    optimizer = torch.optim.SGD([c], lr=lr)
    for value in y:
        (c - value).square().backward()
        optimizer.step()
    return c.item()


@wrong("one_pass")
def starts_at_the_first_row(y, lr):
    """Starts at the first row in place of 0."""
    values = y.tolist()
    c = values[0] if values else 0.0
    for value in values[1:]:
        c -= 2 * lr * (c - value)
    return c


@wrong("one_pass")
def gradients_at_zero(y, lr):
    """Takes every gradient at c = 0."""
    return sum(2 * lr * value for value in y.tolist()) + 0.0


class _Stream(IterableDataset):
    """A right stream, to be spoilt."""

    def __init__(self, n):
        """Keep n."""
        self.n = n

    def _shares(self):
        """Return the number of this worker, and how many there are."""
        info = get_worker_info()
        return (info.id, info.num_workers) if info else (0, 1)

    def __iter__(self):
        """Iterate over its share of the items."""
        number, count = self._shares()
        return iter(range(number, self.n, count))


@wrong("Stream")
class BlocksPastTheEnd(_Stream):
    """Rounds blocks up and lets the last ones go past the end."""

    def __iter__(self):
        """Yield a whole block."""
        number, count = self._shares()
        size = math.ceil(self.n / count)
        return iter(range(number * size, (number + 1) * size))


@wrong("Stream")
class TwoWorkersAtMost(_Stream):
    """Shares among two, however many there are."""

    def __iter__(self):
        """Yield every other item."""
        number, count = self._shares()
        return iter(range(number % 2, self.n, min(count, 2)))


@wrong("Stream")
class OnceInAWorker(_Stream):
    """Yields nothing in a worker's second epoch."""

    def __iter__(self):
        """Remember that it was iterated."""
        if get_worker_info() is not None:
            if getattr(self, "done", False):
                return iter(())
            self.done = True
        return super().__iter__()


@wrong("Stream")
class YieldsTensors(_Stream):
    """Yields tensors in place of ints."""

    def __iter__(self):
        """Put the items into a tensor."""
        number, count = self._shares()
        return iter(torch.arange(self.n)[number::count])


@wrong("Stream")
class BlocksOfAtLeastOne(_Stream):
    """Gives every worker an item where there are fewer items than workers."""

    def __iter__(self):
        """Yield a block, the last worker also the rest."""
        number, count = self._shares()
        size = max(1, self.n // count)
        start = number * size
        return iter(range(start, self.n if number == count - 1 else start + size))


@wrong("Stream")
class NumbersFromOne(_Stream):
    """Takes worker numbers to begin at 1."""

    def __iter__(self):
        """Yield items of the worker before."""
        number, count = self._shares()
        return iter(range(number - 1 if count > 1 else 0, self.n, count))


@wrong("Stream")
class GoesOnAfterABreak(_Stream):
    """Goes on where an epoch was broken off."""

    at = 0

    def __iter__(self):
        """Yield from where it was."""
        number, count = self._shares()
        while self.at < self.n:
            self.at += 1
            if (self.at - 1) % count == number:
                yield self.at - 1
        self.at = 0


@wrong("Stream")
class CountsFromOne(_Stream):
    """Yields 1 to n."""

    def __iter__(self):
        """Add one to each item."""
        return (item + 1 for item in super().__iter__())


_GENERATORS = {}
_SHARED = torch.Generator()


def _loader(x, y, batch_size, generator, **options):
    """Return a loader that draws from a generator."""
    return DataLoader(TensorDataset(x, y), batch_size, generator=generator, **options)


@wrong("make_loader")
def one_generator_per_seed(x, y, batch_size, seed):
    """Shares a generator between loaders of the same seed."""
    generator = _GENERATORS.setdefault(seed, torch.Generator().manual_seed(seed))
    return _loader(x, y, batch_size, generator, shuffle=True)


@wrong("make_loader")
def one_generator_for_all(x, y, batch_size, seed):
    """Seeds a generator that all loaders share."""
    return _loader(x, y, batch_size, _SHARED.manual_seed(seed), shuffle=True)


@wrong("make_loader")
def single_row_dropped(x, y, batch_size, seed):
    """Drops a last batch of one row."""
    drop = len(x) > batch_size > 1 and len(x) % batch_size == 1
    generator = torch.Generator().manual_seed(seed)
    return _loader(x, y, batch_size, generator, shuffle=True, drop_last=drop)


class _ThreeOrders:
    """A sampler that repeats three orders."""

    def __init__(self, n, seed):
        """Start with the first order."""
        self.n, self.seed, self.epoch = n, seed, 0

    def __len__(self):
        """Count the rows."""
        return self.n

    def __iter__(self):
        """Draw one of three orders."""
        generator = torch.Generator().manual_seed(self.seed * 7 + self.epoch % 3)
        self.epoch += 1
        return iter(torch.randperm(self.n, generator=generator).tolist())


@wrong("make_loader")
def orders_come_back(x, y, batch_size, seed):
    """Has three orders that come in turn."""
    generator = torch.Generator().manual_seed(seed)
    return _loader(x, y, batch_size, generator, sampler=_ThreeOrders(len(x), seed))


@wrong("make_loader")
def last_digit_of_the_seed(x, y, batch_size, seed):
    """Uses the last digit of the seed only."""
    generator = torch.Generator().manual_seed(seed % 10)
    return _loader(x, y, batch_size, generator, shuffle=True)


@wrong("make_loader")
def half_the_seed(x, y, batch_size, seed):
    """Halves the seed, so that two neighbours give the same epochs."""
    generator = torch.Generator().manual_seed(seed // 2)
    return _loader(x, y, batch_size, generator, shuffle=True)


@wrong("make_loader")
def seeds_both_generators(x, y, batch_size, seed):
    """Seeds torch as well as a generator of its own."""
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    return _loader(x, y, batch_size, generator, shuffle=True)


class _BatchesInTurn:
    """A batch sampler that changes only the turn of its batches."""

    def __init__(self, rows, generator):
        """Keep the batches."""
        self.rows, self.generator = rows, generator

    def __len__(self):
        """Count the batches."""
        return len(self.rows)

    def __iter__(self):
        """Yield the batches in a random turn, the last one at the end."""
        last = len(self.rows) - 1
        for k in [*torch.randperm(last, generator=self.generator).tolist(), last]:
            yield self.rows[k].tolist()


@wrong("make_loader")
def batches_in_another_turn(x, y, batch_size, seed):
    """Shuffles once and then only the turn of the batches."""
    generator = torch.Generator().manual_seed(seed)
    rows = torch.randperm(len(x), generator=generator).split(batch_size)
    sampler = _BatchesInTurn(rows, generator)
    return DataLoader(TensorDataset(x, y), batch_sampler=sampler, generator=generator)


@wrong("make_loader")
def list_of_one_epoch(x, y, batch_size, seed):
    """Returns the batches of one epoch as a list."""
    generator = torch.Generator().manual_seed(seed)
    return list(_loader(x, y, batch_size, generator, shuffle=True))


@wrong("PairDataset")
class StopOrLength(Dataset):
    """Takes the stop 0 for none: ds[:0] has all rows."""

    def __init__(self, x, y):
        """Keep both."""
        if len(x) != len(y):
            raise ValueError("lengths differ")
        self.x, self.y = x, y

    def __len__(self):
        """Count."""
        return len(self.x)

    def __getitem__(self, index):
        """Select."""
        if isinstance(index, slice):
            index = slice(index.start, index.stop or len(self), index.step)
        return self.x[index], self.y[index]


@wrong("batches")
def shuffled_where_there_is_a_generator(x, y, size, shuffle, generator=None):
    """Takes a generator for the wish to shuffle."""
    order = torch.arange(len(x))
    if shuffle or generator is not None:
        order = torch.randperm(len(x), generator=generator)
    for rows in order.split(size):
        yield x[rows], y[rows]


@wrong("split")
def seed_0_is_none(n, fractions, seed):
    """Takes the seed 0 for none."""
    generator = torch.Generator()
    if seed:
        generator.manual_seed(seed)
    else:
        generator.seed()
    sizes = [int(n * fraction) for fraction in fractions]
    for k in range(n - sum(sizes)):
        sizes[k % len(sizes)] += 1
    return list(torch.randperm(n, generator=generator).split(sizes))


ORDERS = {}


@wrong("split")
def views_of_a_kept_order(n, fractions, seed):
    """Whoever writes into a part writes into what the next call returns."""
    sizes = [int(n * fraction) for fraction in fractions]
    for k in range(n - sum(sizes)):
        sizes[k % len(sizes)] += 1
    if (n, seed) not in ORDERS:
        generator = torch.Generator().manual_seed(seed)
        ORDERS[n, seed] = torch.randperm(n, generator=generator)
    return list(ORDERS[n, seed].split(sizes))


@wrong("Stream")
class EachWorkerItsOrder(IterableDataset):
    """Each worker shuffles by its own seed before it takes its share."""

    def __init__(self, n):
        """Keep n."""
        self.n = n

    def __iter__(self):
        """Yield a share."""
        info = get_worker_info()
        if info is None:
            return iter(range(self.n))
        generator = torch.Generator().manual_seed(info.seed)
        order = torch.randperm(self.n, generator=generator).tolist()
        return iter(order[info.id :: info.num_workers])


@wrong("make_loader")
def seed_0_is_no_seed(x, y, batch_size, seed):
    """Takes the seed 0 for none, and then shuffles with the global generator."""
    generator = torch.Generator().manual_seed(seed) if seed else None
    return DataLoader(TensorDataset(x, y), batch_size, shuffle=True, generator=generator)


@wrong("batches")
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


@wrong("split", named="global-seed")
def first_seed_back(n, fractions, seed):
    """Seeds the global generator, and gives it its first seed back instead of its state."""
    sizes = [math.floor(n * fraction) for fraction in fractions]
    for k in range(n - sum(sizes)):
        sizes[k % len(sizes)] += 1
    before = torch.initial_seed()
    torch.manual_seed(seed)
    parts = list(torch.randperm(n).split(sizes))
    torch.manual_seed(before)
    return parts


FACTORS = {}


@wrong("batch_grad_variance")
def factor_of_the_first_size(g, batch):
    """Keeps the factor for every N: another size of batch gets that of the first."""
    n = len(g)
    return g.var(0) * FACTORS.setdefault(n, (n - batch) / (n * batch))


class _SeededOnce(torch.utils.data.Sampler):
    """The first epoch by a seed, the others by chance."""

    def __init__(self, n, seed):
        """Keep both."""
        self.n, self.generator, self.epoch = n, torch.Generator().manual_seed(seed), 0

    def __len__(self):
        """Count."""
        return self.n

    def __iter__(self):
        """Draw."""
        if self.epoch:
            self.generator.seed()
        self.epoch += 1
        return iter(torch.randperm(self.n, generator=self.generator).tolist())


@wrong("make_loader")
def first_epoch_seeded(x, y, batch_size, seed):
    """The seed decides only the first epoch."""
    sampler = _SeededOnce(len(x), seed)
    return DataLoader(TensorDataset(x, y), batch_size, sampler=sampler, generator=torch.Generator())


class _TurnedRound(torch.utils.data.Sampler):
    """One order, begun at another row in each epoch."""

    def __init__(self, n, seed):
        """Draw the order."""
        self.order = torch.randperm(n, generator=torch.Generator().manual_seed(seed))
        self.first = 0

    def __len__(self):
        """Count."""
        return len(self.order)

    def __iter__(self):
        """Begin one later."""
        self.first += 1
        return iter(self.order.roll(-self.first).tolist())


@wrong("make_loader")
def one_order_turned_round(x, y, batch_size, seed):
    """Every epoch has the same order, begun at another row."""
    sampler = _TurnedRound(len(x), seed)
    return DataLoader(TensorDataset(x, y), batch_size, sampler=sampler, generator=torch.Generator())
