"""Right but unusual ways to do m09: dataset, batches, split, counts, stream, loader."""

from __future__ import annotations

import itertools
import math
import random
from collections import namedtuple

import numpy as np
import torch
from torch.utils import data
from torch.utils.data import (
    BatchSampler,
    DataLoader,
    Dataset,
    IterableDataset,
    RandomSampler,
    SequentialSampler,
    StackDataset,
    TensorDataset,
    get_worker_info,
    random_split,
)

from tests.variants import right

Pair = namedtuple("Pair", "x y")
Counts = namedtuple("Counts", "per_epoch total")


@right("PairDataset")
class NamedPairs(data.TensorDataset):
    """Is a TensorDataset that gives named tuples."""

    def __init__(self, x, y):
        """Refuse different sizes."""
        if x.size(0) != y.size(0):
            raise ValueError("Size mismatch")
        super().__init__(x, y)

    def __getitem__(self, i):
        """Name the two tensors."""
        return Pair(*super().__getitem__(i))


@right("PairDataset")
class AroundTensorDataset:
    """Holds a TensorDataset and is no Dataset itself."""

    def __init__(self, x, y):
        """Translate the exception."""
        try:
            self.ds = TensorDataset(x, y)
        except AssertionError as e:
            raise ValueError(str(e)) from e

    def __len__(self):
        """Ask the inner dataset."""
        return len(self.ds)

    def __getitem__(self, i):
        """Ask the inner dataset."""
        return self.ds[i]


@right("PairDataset")
class TupleOfTensors(Dataset):
    """Checks the range of ints itself."""

    def __init__(self, x, y):
        """Compare the first sizes."""
        if x.shape[:1] != y.shape[:1]:
            raise ValueError
        self.tensors = (x, y)

    def __len__(self):
        """Count the rows."""
        return self.tensors[0].shape[0]

    def __getitem__(self, index):
        """Index by a generator expression."""
        if isinstance(index, int) and not -len(self) <= index < len(self):
            raise IndexError(index)
        return tuple(t[index] for t in self.tensors)


@right("PairDataset")
class FetchesMany(Dataset):
    """Also has the method by which a DataLoader fetches many pairs."""

    def __init__(self, x, y):
        """Keep both."""
        if len(x) != len(y):
            raise ValueError("n")
        self.x, self.y = (x, y)

    def __len__(self):
        """Count the rows."""
        return len(self.x)

    def __getitem__(self, i):
        """Make the list of two a tuple."""
        return tuple([self.x[i], self.y[i]])

    def __getitems__(self, idx):
        """Fetch many pairs."""
        return [self[i] for i in idx]


@right("PairDataset")
class Stacked(StackDataset):
    """Is a StackDataset, which raises ValueError itself."""

    def __getitem__(self, i):
        """Index both tensors."""
        return (self.datasets[0][i], self.datasets[1][i])


@right("PairDataset")
class CopiesWhenAsked(Dataset):
    """Gives copies of the rows, made anew for each look."""

    def __init__(self, x, y):
        """Keep both."""
        if len(x) - len(y):
            raise ValueError(len(x), len(y))
        self.x, self.y = x, y

    def __len__(self):
        """Count the rows."""
        return len(self.y)

    def __getitem__(self, i):
        """Copy the rows."""
        return self.x[i].clone(), self.y[i].contiguous().clone()


@right("batches")
def zipped_splits(x, y, size, shuffle, generator=None):
    """Returns a zip of two splits, views where nothing is shuffled."""
    if shuffle:
        order = torch.randperm(x.size(0), generator=generator)
        x, y = x[order], y[order]
    return zip(x.split(size), y.split(size))


@right("batches")
def by_loader(x, y, size, shuffle, generator=None):
    """Returns the iterator of a DataLoader, whose batches are lists."""
    return iter(
        DataLoader(TensorDataset(x, y), batch_size=size, shuffle=shuffle, generator=generator)
    )


@right("batches")
def by_samplers(x, y, size, shuffle, generator=None):
    """Takes row numbers from a batch sampler."""
    sampler = RandomSampler(x, generator=generator) if shuffle else SequentialSampler(x)
    for rows in BatchSampler(sampler, size, drop_last=False):
        yield x[rows], y[rows]


@right("batches")
def sorted_by_chance(x, y, size, shuffle, generator=None):
    """Sorts the rows by random numbers."""
    if shuffle:
        p = torch.rand(len(x), generator=generator, dtype=torch.float64).argsort()
        x, y = (x[p], y[p])
    for i in range(math.ceil(len(x) / size)):
        yield (x[i * size : (i + 1) * size], y[i * size : (i + 1) * size])


@right("batches")
def swapped_backwards(x, y, size, shuffle, generator=None):
    """Shuffles by hand, as Fisher and Yates did."""
    order = list(range(len(x)))
    if shuffle:
        for i in range(len(x) - 1, 0, -1):
            j = int(torch.randint(i + 1, (1,), generator=generator))
            order[i], order[j] = order[j], order[i]
    for i in range(0, len(x), size):
        yield x[order[i : i + size]], y[order[i : i + size]]


@right("batches")
def drawn_without_replacement(x, y, size, shuffle, generator=None):
    """Draws all rows with multinomial, without replacement."""
    p = torch.arange(len(x))
    if shuffle:
        p = torch.ones(len(x)).multinomial(len(x), generator=generator)
    return ((x[i], y[i]) for i in p.to(x.device).split(size))


@right("split")
def by_random_split(n, fractions, seed):
    """Leaves it all to random_split."""
    g = torch.Generator().manual_seed(seed)
    parts = random_split(range(n), fractions, generator=g)
    return [torch.tensor(p.indices, dtype=torch.int64) for p in parts]


@right("split")
def by_numpy(n, fractions, seed):
    """Permutes with a generator of NumPy."""
    sizes = [int(n * f) for f in fractions]
    for i in range(n - sum(sizes)):
        sizes[i % len(sizes)] += 1
    perm = torch.from_numpy(np.random.default_rng(seed).permutation(n)).long()
    return list(torch.split(perm, sizes))


@right("split")
def sorted_parts(n, fractions, seed):
    """Shuffles with a generator of Python and sorts each part."""
    idx = list(range(n))
    random.Random(seed).shuffle(idx)
    sizes = [math.floor(n * f) for f in fractions]
    for i in range(n - sum(sizes)):
        sizes[i] += 1
    rest = iter(idx)
    return [torch.tensor(sorted(itertools.islice(rest, s))) for s in sizes]


@right("split")
def labels_shuffled(n, fractions, seed):
    """Shuffles which part each row belongs to."""
    sizes = [len(s) for s in random_split(range(n), fractions, generator=torch.Generator())]
    labels = torch.repeat_interleave(torch.arange(len(sizes)), torch.tensor(sizes))
    labels = labels[torch.randperm(n, generator=torch.Generator().manual_seed(seed))]
    return [(labels == k).nonzero().flatten() for k in range(len(sizes))]


@right("split")
def from_a_pool(n, fractions, seed):
    """Draws one part after the other from the rows that are left."""
    draw = np.random.RandomState(seed)
    sizes = [len(s) for s in random_split(range(n), fractions, generator=torch.Generator())]
    pool, parts = np.arange(n), []
    for size in sizes:
        part = draw.choice(pool, size, replace=False)
        pool = np.setdiff1d(pool, part)
        parts.append(torch.as_tensor(part, dtype=torch.int64))
    return parts


@right("update_counts")
def by_divmod(n, batch, epochs, drop_last=False):
    """Returns a named tuple, from a quotient and a rest."""
    full, rest = divmod(n, batch)
    k = full + (1 if rest and (not drop_last) else 0)
    return Counts(k, k * epochs)


@right("update_counts")
def length_of_a_loader(n, batch, epochs, drop_last=False):
    """Asks a DataLoader how many batches it has."""
    per = len(DataLoader(range(n), batch_size=batch, drop_last=drop_last))
    return (per, per * epochs)


@right("update_counts")
def list_of_two(n, batch, epochs, drop_last=False):
    """Returns a list, from the length of a range."""
    k = len(range(0, n, batch)) if not drop_last else n // batch
    return [k, k * epochs]


@right("update_counts")
def numpy_ints(n, batch, epochs, drop_last=False):
    """Returns ints of NumPy."""
    k = np.int64(n // batch if drop_last else np.ceil(n / batch))
    return (k, k * epochs)


@right("update_counts")
def summed_over_epochs(n, batch, epochs, drop_last=False):
    """Adds the updates of the epochs up."""
    k = n - batch + 1 if drop_last else n
    k = len(range(0, max(k, 0), batch))
    return (k, sum(k for _ in range(epochs)))


@right("batch_grad_variance")
def difference_of_inverses(g, batch):
    """Takes the sample variance times 1/B - 1/N."""
    n = len(g)
    if n == batch:
        return torch.zeros_like(g[0])
    return torch.var(g, 0) * (1 / batch - 1 / n)


@right("batch_grad_variance")
def mean_of_squares(g, batch):
    """Subtracts the squared mean from the mean of squares."""
    n = g.size(0)
    s2 = (g**2).mean(0) - g.mean(0) ** 2
    return s2 / batch * (n - batch) / (n - 1)


@right("batch_grad_variance")
def diagonal_of_covariance(g, batch):
    """Takes the diagonal of the covariance matrix."""
    n, p = g.shape
    s2 = torch.cov(g.T, correction=0).reshape(p, p).diagonal()
    return s2 / batch * (n - batch) / (n - 1)


@right("batch_grad_variance")
def squared_deviation(g, batch):
    """Squares the standard deviation."""
    n = len(g)
    return g.std(0, correction=0) ** 2 * ((n - batch) / (batch * (n - 1)))


@right("batch_grad_variance")
def all_batches(g, batch):
    """Makes every batch that could be drawn."""
    chosen = itertools.combinations(range(len(g)), batch)
    return torch.stack([g[list(c)].mean(0) for c in chosen]).var(0, correction=0)


@right("batch_grad_variance")
def pairwise_distances(g, batch):
    """Adds the squared distances of all pairs of rows up."""
    n = len(g)
    d = g[:, None] - g[None]
    return (d**2).sum((0, 1)) / (2 * n * n) / batch * (n - batch) / (n - 1)


@right("one_pass")
def numpy_float(y, lr):
    """Returns a float64 of NumPy."""
    c = 0.0
    for t in y.tolist():
        c += 2 * lr * (t - c)
    return np.float64(c)


@right("one_pass")
def by_sgd(y, lr):
    """Lets autograd and an optimizer take the steps."""
    c = torch.zeros((), dtype=y.dtype, device=y.device, requires_grad=True)
    opt = torch.optim.SGD([c], lr=lr)
    for t in y:
        opt.zero_grad()
        ((c - t) ** 2).backward()
        opt.step()
    return c.item()


@right("one_pass")
def dot_with_powers(y, lr):
    """Multiplies y by a vector of powers."""
    k = torch.arange(y.shape[0]).flip(0).to(y)
    return torch.dot(2 * lr * (1 - 2 * lr) ** k, y).item()


@right("one_pass")
def summed_from_the_end(y, lr):
    """Adds the shares of the rows up, the last row first."""
    return float(sum((2 * lr * t * (1 - 2 * lr) ** i for i, t in enumerate(reversed(y.tolist())))))


@right("one_pass")
def steps_in_single_precision(y, lr):
    """Takes every step with autograd, on a parameter in float32."""
    c = torch.tensor(0.0, requires_grad=True)
    for value in y:
        (c - value).square().backward()
        with torch.no_grad():
            c -= lr * c.grad
        c.grad.zero_()
    return c.item()


@right("one_pass")
def by_accumulate(y, lr):
    """Accumulates a weighted mean of the row and what was there before."""
    keep = 1 - 2 * lr
    steps = itertools.accumulate(y.tolist(), lambda c, t: keep * c + (1 - keep) * t, initial=0.0)
    return list(steps)[-1]


@right("Stream")
class EvenBlocks(data.IterableDataset):
    """Gives each worker a block, and keeps no name but n."""

    def __init__(self, n):
        """Keep n."""
        super().__init__()
        self.n = n

    def __iter__(self):
        """Yield from a block between two rounded bounds."""
        w = data.get_worker_info()
        k, m = (w.id, w.num_workers) if w is not None else (0, 1)
        yield from range(self.n * k // m, self.n * (k + 1) // m)


@right("Stream")
class BlocksRoundedUp(IterableDataset):
    """Rounds blocks up and cuts the last ones off, as PyTorch's manual does."""

    def __init__(self, n):
        """Keep the bounds."""
        super().__init__()
        self.start, self.end = (0, n)

    def __iter__(self):
        """Iterate over a block."""
        info = get_worker_info()
        if info is None:
            return iter(range(self.start, self.end))
        size = math.ceil((self.end - self.start) / float(info.num_workers))
        start = self.start + info.id * size
        return iter(range(start, min(start + size, self.end)))


@right("Stream")
class FiltersAList(IterableDataset):
    """Keeps a list and yields every item whose place is the worker's."""

    def __init__(self, n):
        """Make the list."""
        self.items = list(range(n))

    def __iter__(self):
        """Yield items by the remainder of their places."""
        w = get_worker_info()
        for k, i in enumerate(self.items):
            if w is None or k % w.num_workers == w.id:
                yield i


@right("Stream")
class SlicedWithLength(IterableDataset):
    """Slices an iterator, and has a length."""

    def __init__(self, n):
        """Keep n."""
        super().__init__()
        self.n = n

    def __iter__(self):
        """Slice all items."""
        info = get_worker_info()
        it = iter(range(self.n))
        return it if info is None else itertools.islice(it, info.id, None, info.num_workers)

    def __len__(self):
        """Count the items of all workers."""
        return self.n


@right("make_loader")
def two_generators(x, y, batch_size, seed):
    """Gives the sampler one generator and the loader another."""
    ds = data.TensorDataset(x, y)
    sampler = data.RandomSampler(ds, generator=torch.Generator().manual_seed(seed))
    own = torch.Generator().manual_seed(seed + 1)
    return data.DataLoader(ds, batch_size=batch_size, sampler=sampler, generator=own)


@right("make_loader")
def list_of_rows(x, y, batch_size, seed):
    """Takes a plain list of pairs for the dataset."""
    pairs = list(zip(x, y, strict=True))
    generator = torch.Generator().manual_seed(seed)
    return DataLoader(pairs, batch_size, shuffle=True, generator=generator, drop_last=False)


@right("make_loader")
def by_batch_sampler(x, y, batch_size, seed):
    """Hands in a batch sampler."""
    g = torch.Generator().manual_seed(seed)
    ds = TensorDataset(x, y)
    bs = BatchSampler(RandomSampler(ds, generator=g), batch_size, False)
    return DataLoader(ds, batch_sampler=bs, generator=g)


class _SeededByEpoch(torch.utils.data.Sampler):
    """Draws the order of an epoch from the seed and the number of the epoch."""

    def __init__(self, n, seed):
        """Start with epoch 0."""
        self.n, self.seed, self.epoch = (n, seed, 0)

    def __len__(self):
        """Count the rows."""
        return self.n

    def __iter__(self):
        """Draw the next order."""
        g = torch.Generator().manual_seed(self.seed + self.epoch)
        self.epoch += 1
        return iter(torch.randperm(self.n, generator=g).tolist())


@right("make_loader")
def seeded_by_epoch(x, y, batch_size, seed):
    """Has a sampler that adds the number of the epoch to the seed."""
    sampler = _SeededByEpoch(len(x), seed)
    own = torch.Generator()
    return DataLoader(TensorDataset(x, y), batch_size=batch_size, sampler=sampler, generator=own)


@right("make_loader")
def own_collate(x, y, batch_size, seed):
    """Collates rows itself, to tuples."""
    return DataLoader(
        TensorDataset(x, y),
        batch_size=batch_size,
        shuffle=True,
        generator=torch.Generator().manual_seed(seed),
        collate_fn=lambda r: (torch.stack([a for a, _ in r]), torch.stack([b for _, b in r])),
    )


@right("make_loader")
def batches_by_index(x, y, batch_size, seed):
    """Indexes the dataset with the row numbers of a whole batch."""
    ds = TensorDataset(x, y)
    g = torch.Generator().manual_seed(seed)
    sampler = BatchSampler(RandomSampler(ds, generator=g), batch_size, drop_last=False)
    return DataLoader(ds, sampler=sampler, batch_size=None, generator=g)


@right("PairDataset")
class RowsInAList(Dataset):
    """Keeps a list of views of the rows, and stacks those asked for."""

    def __init__(self, x, y):
        """Split both into rows."""
        if len(x) != len(y):
            raise ValueError("lengths differ")
        self.rows = list(zip(x.unbind(), y.unbind(), strict=True))
        self.no_rows = x[:0], y[:0]

    def __len__(self):
        """Count."""
        return len(self.rows)

    def __getitem__(self, index):
        """Select."""
        if isinstance(index, torch.Tensor):
            chosen = [self.rows[i] for i in index.tolist()]
        elif isinstance(index, slice):
            chosen = self.rows[index]
        else:
            return self.rows[index]
        return tuple(map(torch.stack, zip(*chosen, strict=True))) if chosen else self.no_rows
