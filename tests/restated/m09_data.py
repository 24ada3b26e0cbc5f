"""The listed mistakes of m09, written differently: dataset, batches, split, loader."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch.utils.data import (
    DataLoader,
    Dataset,
    IterableDataset,
    RandomSampler,
    SequentialSampler,
    TensorDataset,
    get_worker_info,
    random_split,
)

from tests.variants import wrong


class _Pairs(Dataset):
    """A right dataset of pairs, to be spoilt."""

    def __init__(self, x, y):
        """Keep both after a check."""
        if x.shape[0] != y.shape[0]:
            raise ValueError("different numbers of rows")
        self.tensors = x, y

    def __len__(self):
        """Count the rows."""
        return self.tensors[0].shape[0]

    def __getitem__(self, index):
        """Index both tensors."""
        return tuple(t[index] for t in self.tensors)


@wrong("PairDataset", named="no-length-check")
class LengthOfTheShorter(_Pairs):
    """Takes unequal lengths silently."""

    def __init__(self, x, y):
        """Keep both without a check."""
        self.tensors = x, y

    def __len__(self):
        """Count the rows of the shorter."""
        return min(map(len, self.tensors))


@wrong("PairDataset", named="list-returned")
class ListComprehension(_Pairs):
    """Returns a list from a comprehension."""

    def __getitem__(self, index):
        """Index both tensors into a list."""
        return [t[index] for t in self.tensors]


@wrong("PairDataset", named="slices-rejected")
class IndexByRange(_Pairs):
    """Looks the index up as a number, so slices and tensors are refused."""

    def __getitem__(self, index):
        """Insist on a number."""
        if isinstance(index, (slice, torch.Tensor)):
            raise TypeError(type(index))
        x, y = self.tensors
        return x[index], y[index]


@wrong("PairDataset", named="clones-kept")
class CopiesBySum(_Pairs):
    """Copies both tensors by adding zero."""

    def __init__(self, x, y):
        """Copy by adding nothing."""
        super().__init__(x + 0, y + 0)


@wrong("PairDataset", named="list-of-pairs")
class PairsInAList(Dataset):
    """Makes a list of pairs of rows by a loop."""

    def __init__(self, x, y):
        """Collect the pairs."""
        if len(x) != len(y):
            raise ValueError("lengths differ")
        self.samples = []
        for i in range(len(x)):
            self.samples.append((x[i], y[i]))

    def __len__(self):
        """Count the pairs."""
        return len(self.samples)

    def __getitem__(self, index):
        """Look the pair up."""
        return self.samples[index]


@wrong("PairDataset", named="length-of-a-row")
class LengthByLastSize(_Pairs):
    """Takes the last dimension of x for the length."""

    def __len__(self):
        """Count the features."""
        return self.tensors[0].size(-1)


def _order(n, shuffle, generator):
    """Return row numbers, shuffled on request."""
    return torch.randperm(n, generator=generator) if shuffle else torch.arange(n)


def _cut(x, y, order, size):
    """Yield batches of rows in an order."""
    for start in range(0, len(order), size):
        rows = order[start : start + size]
        yield x[rows], y[rows]


@wrong("batches", named="last-batch-lost")
def whole_rounds_only(x, y, size, shuffle, generator=None):
    """Makes as many rounds as there are full batches."""
    order = _order(len(x), shuffle, generator)
    for k in range(len(x) // size):
        rows = order[k * size : (k + 1) * size]
        yield x[rows], y[rows]


@wrong("batches", named="empty-last-batch")
def one_round_more(x, y, size, shuffle, generator=None):
    """Makes one round more than there are full batches."""
    order = _order(len(x), shuffle, generator)
    for k in range(len(x) // size + 1):
        rows = order[k * size : (k + 1) * size]
        yield x[rows], y[rows]


@wrong("batches", named="shuffled-separately")
def two_orders(x, y, size, shuffle, generator=None):
    """Draws one order for x and another for y."""
    orders = [_order(len(x), shuffle, generator) for _ in "xy"]
    for i, j in zip(*(order.split(size) for order in orders), strict=True):
        yield x[i], y[j]


@wrong("batches", named="seeded-in-every-call")
def own_fixed_seed(x, y, size, shuffle, generator=None):
    """Seeds a generator of its own, whatever is passed."""
    generator = torch.Generator()
    generator.manual_seed(42)
    yield from _cut(x, y, _order(len(x), shuffle, generator), size)


@wrong("batches", named="generator-reseeded")
def generator_set_back(x, y, size, shuffle, generator=None):
    """Sets the caller's generator to seed 42 before each epoch."""
    if generator:
        generator.manual_seed(42)
    yield from _cut(x, y, _order(len(x), shuffle, generator), size)


@wrong("batches", named="global-seed-in-every-call")
def seeds_all_of_torch(x, y, size, shuffle, generator=None):
    """Seeds torch at the start of each epoch and forgets the generator."""
    torch.manual_seed(42)
    order = torch.randperm(len(x)) if shuffle else torch.arange(len(x))
    yield from _cut(x, y, order, size)


@wrong("batches", named="batches-shuffled")
def starts_shuffled(x, y, size, shuffle, generator=None):
    """Shuffles where the batches start."""
    starts = torch.arange(0, len(x), size)
    if shuffle:
        starts = starts[torch.randperm(len(starts), generator=generator)]
    for start in starts.tolist():
        yield x[start : start + size], y[start : start + size]


@wrong("batches", named="drawn-with-replacement")
def random_row_numbers(x, y, size, shuffle, generator=None):
    """Draws row numbers with multinomial, each as often as it comes."""
    order = torch.arange(len(x))
    if shuffle:
        weights = torch.ones(len(x))
        order = torch.multinomial(weights, len(x), replacement=True, generator=generator)
    yield from _cut(x, y, order, size)


@wrong("batches", named="generator-ignored")
def loader_without_generator(x, y, size, shuffle, generator=None):
    """Leaves the order to a DataLoader that does not get the generator."""
    yield from DataLoader(TensorDataset(x, y), batch_size=size, shuffle=shuffle)


@wrong("batches", named="never-shuffled")
def shuffle_forgotten(x, y, size, shuffle, generator=None):
    """Splits both tensors and never looks at shuffle."""
    yield from zip(x.split(size), y.split(size), strict=True)


def _seeded_order(n, seed):
    """Return a random order decided by the seed."""
    return torch.randperm(n, generator=torch.Generator().manual_seed(seed))


def _sizes(n, fractions):
    """Return the right sizes of the parts."""
    return [len(part) for part in random_split(range(n), fractions, torch.Generator())]


@wrong("split", named="sizes-rounded-down")
def ends_from_ints(n, fractions, seed):
    """Cuts off int(n * fraction) rows each time; what is left is lost."""
    order, parts = _seeded_order(n, seed), []
    for fraction in fractions:
        k = int(n * fraction)
        parts.append(order[:k])
        order = order[k:]
    return parts


@wrong("split", named="rest-to-the-last")
def last_takes_what_is_left(n, fractions, seed):
    """Cuts off all parts but the last, which is what is left."""
    order, parts = _seeded_order(n, seed), []
    for fraction in fractions[:-1]:
        k = int(n * fraction)
        parts.append(order[:k])
        order = order[k:]
    return [*parts, order]


@wrong("split", named="rounded-to-nearest")
def sizes_by_round(n, fractions, seed):
    """Rounds to the nearest size with NumPy; the last part takes what is left."""
    sizes = np.rint(n * np.array(fractions)).astype(int).tolist()
    sizes[-1] = n - sum(sizes[:-1])
    return list(_seeded_order(n, seed).split(sizes))


@wrong("split", named="not-shuffled")
def slices_of_a_range(n, fractions, seed):
    """Cuts the row numbers as they are."""
    rows, parts = list(range(n)), []
    for size in _sizes(n, fractions):
        parts.append(torch.tensor(rows[:size]))
        rows = rows[size:]
    return parts


@wrong("split", named="global-seed")
def numpy_seeded_globally(n, fractions, seed):
    """Seeds NumPy's global generator for the order."""
    np.random.seed(seed)
    order = torch.from_numpy(np.random.permutation(n))
    return list(order.split(_sizes(n, fractions)))


@wrong("split", named="drawn-independently")
def one_shuffle_per_part(n, fractions, seed):
    """Draws the rows of each part from all rows."""
    generator = torch.Generator().manual_seed(seed)
    return [torch.rand(n, generator=generator).argsort()[:size] for size in _sizes(n, fractions)]


@wrong("split", named="seed-unused")
def random_split_without_generator(n, fractions, seed):
    """Calls random_split without a generator."""
    return [torch.tensor(part.indices) for part in random_split(range(n), fractions)]


@wrong("update_counts", named="short-batch-missing")
def floor_always(n, batch, epochs, drop_last=False):
    """Counts only full batches."""
    per = math.floor(n / batch)
    return per, epochs * per


@wrong("update_counts", named="fraction-of-an-update")
def true_division(n, batch, epochs, drop_last=False):
    """Divides with / unless drop_last is set."""
    per = n / batch
    if drop_last:
        per = int(per)
    return per, epochs * per


@wrong("update_counts", named="epochs-as-total")
def one_update_per_epoch(n, batch, epochs, drop_last=False):
    """Takes an epoch for one update in the total."""
    full, rest = divmod(n, batch)
    return full + (rest > 0 and not drop_last), epochs


@wrong("update_counts", named="one-too-many")
def plus_one(n, batch, epochs, drop_last=False):
    """Adds one batch, whether or not rows are left."""
    per = n // batch
    if not drop_last:
        per += 1
    return per, epochs * per


@wrong("update_counts", named="epochs-run-together")
def all_rows_at_once(n, batch, epochs, drop_last=False):
    """Cuts the rows of all epochs into batches together."""
    whole = (lambda q: int(q)) if drop_last else math.ceil
    return whole(n / batch), whole(n * epochs / batch)


@wrong("update_counts", named="drop-last-ignored")
def always_ceil(n, batch, epochs, drop_last=False):
    """Rounds up in either case."""
    per = -(-n // batch)
    return per, epochs * per


@wrong("batch_grad_variance", named="with-replacement")
def mean_square_over_batch(g, batch):
    """Divides the mean squared distance by the batch size and stops there."""
    return (g - g.mean(0)).square().mean(0) / batch


@wrong("batch_grad_variance", named="batch-size-squared")
def divided_twice(g, batch):
    """Divides by the batch size twice."""
    return g.var(0) * (len(g) - batch) / (len(g) * batch**2)


@wrong("batch_grad_variance", named="unbiased-and-corrected")
def sample_variance_corrected(g, batch):
    """Takes the sample variance, and N - 1 in the factor again."""
    n = len(g)
    s2 = (g - g.mean(0)).pow(2).sum(0) / (n - 1)
    return s2 * (n - batch) / (batch * (n - 1))


@wrong("batch_grad_variance", named="textbook-estimate")
def squared_standard_error(g, batch):
    """Takes the squared standard error of a mean."""
    return (g.std(0) / batch**0.5) ** 2


@wrong("batch_grad_variance", named="share-left-out")
def one_minus_share(g, batch):
    """Multiplies the mean squared distance by one minus the share of the rows."""
    return (g - g.mean(0)).square().mean(0) * (1 - batch / len(g)) / batch


@wrong("batch_grad_variance", named="standard-deviation")
def root_of_it(g, batch):
    """Takes the root at the end."""
    return (g.var(0) * (1 / batch - 1 / len(g))) ** 0.5


@wrong("one_pass", named="plain-mean")
def running_mean(y, lr):
    """Keeps a running mean of the rows."""
    c = 0.0
    for k, value in enumerate(y.tolist(), 1):
        c += (value - c) / k
    return c


@wrong("one_pass", named="exponents-reversed")
def from_the_last_row(y, lr):
    """Goes through the rows from the last to the first."""
    c = 0.0
    for value in reversed(y.tolist()):
        c -= lr * 2 * (c - value)
    return c


@wrong("one_pass", named="factor-two-lost")
def half_the_gradient(y, lr):
    """Steps by lr times the distance, without the 2."""
    c = 0.0
    for value in y.tolist():
        c += lr * (value - c)
    return c


@wrong("one_pass", named="one-step-too-many")
def powers_from_one(y, lr):
    """Lets the exponents run from N to 1."""
    n = len(y)
    return sum(2 * lr * (1 - 2 * lr) ** (n - i) * v for i, v in enumerate(y.tolist())) + 0.0


@wrong("one_pass", named="one-step-on-all-rows")
def one_full_step(y, lr):
    """Takes the mean of the gradients at c = 0."""
    gradients = [-2 * value for value in y.tolist()]
    return -lr * sum(gradients) / max(len(gradients), 1)


@wrong("one_pass", named="tensor-returned")
def loop_of_tensors(y, lr):
    """Returns c as the tensor that the loop has made."""
    c = y.new_zeros(())
    for value in y:
        c = c - 2 * lr * (c - value)
    return c


@wrong("Stream", named="not-sharded")
class AsksInInit(IterableDataset):
    """Asks for the worker when it is made, where there is none."""

    def __init__(self, n):
        """Ask too early."""
        self.n, self.info = n, get_worker_info()

    def __iter__(self):
        """Share by an answer that is always None."""
        if self.info is None:
            yield from range(self.n)
        else:
            yield from range(self.info.id, self.n, self.info.num_workers)


@wrong("Stream", named="tail-lost")
class BlocksByInt(IterableDataset):
    """Gives each worker int(n / workers) items."""

    def __init__(self, n):
        """Keep n."""
        self.n = n

    def __iter__(self):
        """Yield a block that is rounded down."""
        info = get_worker_info()
        number, count = (info.id, info.num_workers) if info else (0, 1)
        size = int(self.n / count)
        for k in range(size):
            yield number * size + k


@wrong("Stream", named="no-worker-forgotten")
class AlwaysAWorker(IterableDataset):
    """Uses the worker's number without asking whether there is a worker."""

    def __init__(self, n):
        """Keep n."""
        self.n = n

    def __iter__(self):
        """Share by the remainder."""
        info = get_worker_info()
        number, count = info.id, info.num_workers
        return (i for i in range(self.n) if i % count == number)


@wrong("Stream", named="used-up")
class PopsItsItems(IterableDataset):
    """Takes its items out of a list that is empty the second time."""

    def __init__(self, n):
        """Make the list once."""
        self.items = list(range(n))

    def __iter__(self):
        """Empty the list."""
        info = get_worker_info()
        number, count = (info.id, info.num_workers) if info else (0, 1)
        while self.items:
            item = self.items.pop(0)
            if item % count == number:
                yield item


@wrong("Stream", named="one-worker-for-all")
class FirstWorkerOnly(IterableDataset):
    """Leaves everything to worker 0."""

    def __init__(self, n):
        """Keep n."""
        self.n = n

    def __iter__(self):
        """Yield all, or nothing."""
        info = get_worker_info()
        if info is None or info.id == 0:
            yield from range(self.n)


@wrong("make_loader", named="not-shuffled")
def sequential_sampler(x, y, batch_size, seed):
    """Takes a sequential sampler."""
    dataset = TensorDataset(x, y)
    generator = torch.Generator().manual_seed(seed)
    sampler = SequentialSampler(dataset)
    return DataLoader(dataset, batch_size, sampler=sampler, generator=generator)


@wrong("make_loader", named="not-shuffled-nor-seeded")
def shuffle_false(x, y, batch_size, seed):
    """Asks for no shuffling and uses no seed."""
    return DataLoader(list(zip(x, y, strict=True)), batch_size=batch_size, shuffle=False)


@wrong("make_loader", named="last-batch-dropped")
def drops_the_short_batch(x, y, batch_size, seed):
    """Keeps only full batches."""
    generator = torch.Generator()
    generator.manual_seed(seed)
    options = {"shuffle": True, "drop_last": True, "generator": generator}
    return DataLoader(TensorDataset(x, y), batch_size=batch_size, **options)


@wrong("make_loader", named="no-generator")
def random_sampler_alone(x, y, batch_size, seed):
    """Shuffles with a sampler that has no generator."""
    dataset = TensorDataset(x, y)
    return DataLoader(dataset, batch_size, sampler=RandomSampler(dataset))


@wrong("make_loader", named="global-seed")
def default_generator_seeded(x, y, batch_size, seed):
    """Seeds torch's default generator and hands it to the loader."""
    generator = torch.default_generator.manual_seed(seed)
    return DataLoader(TensorDataset(x, y), batch_size, shuffle=True, generator=generator)


def _reseeding(seed):
    """Return a class of loaders that seed again for each epoch."""

    class Reseeding(DataLoader):
        """A loader that starts over."""

        def __iter__(self):
            """Seed, then iterate."""
            self.generator.manual_seed(seed)
            return super().__iter__()

    return Reseeding


@wrong("make_loader", named="same-order-every-epoch")
def seeded_in_every_epoch(x, y, batch_size, seed):
    """Seeds the generator again at the start of each epoch."""
    loader = _reseeding(seed)
    return loader(TensorDataset(x, y), batch_size, shuffle=True, generator=torch.Generator())


@wrong("make_loader", named="shuffled-once-before")
def permuted_tensors(x, y, batch_size, seed):
    """Puts rows that are shuffled once into a loader without shuffling."""
    order = torch.rand(len(x), generator=torch.Generator().manual_seed(seed)).argsort()
    return DataLoader(list(zip(x[order], y[order], strict=True)), batch_size)


@wrong("make_loader", named="generator-for-the-sampler-only")
def batch_sampler_seeded(x, y, batch_size, seed):
    """Gives the generator to the sampler and leaves the loader without."""
    generator = torch.Generator()
    generator.manual_seed(seed)
    dataset = list(zip(x, y, strict=True))
    return DataLoader(dataset, batch_size, sampler=RandomSampler(dataset, generator=generator))


@wrong("make_loader", named="x-and-y-swapped")
def targets_first(x, y, batch_size, seed):
    """Lists the targets before the features."""
    generator = torch.Generator().manual_seed(seed)
    return DataLoader(TensorDataset(y, x), batch_size, shuffle=True, generator=generator)
