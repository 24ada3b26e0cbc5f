"""Other ways to do make_loader."""

from __future__ import annotations

import torch
from torch.utils import data
from torch.utils.data import (
    BatchSampler,
    DataLoader,
    RandomSampler,
    SequentialSampler,
    TensorDataset,
)

from autograder.course.marks import restated, right, wrong


@right()
def two_generators(x, y, batch_size, seed):
    """Gives the sampler one generator and the loader another."""
    ds = data.TensorDataset(x, y)
    sampler = data.RandomSampler(ds, generator=torch.Generator().manual_seed(seed))
    own = torch.Generator().manual_seed(seed + 1)
    return data.DataLoader(ds, batch_size=batch_size, sampler=sampler, generator=own)


@right()
def list_of_rows(x, y, batch_size, seed):
    """Takes a plain list of pairs for the dataset."""
    pairs = list(zip(x, y, strict=True))
    generator = torch.Generator().manual_seed(seed)
    return DataLoader(pairs, batch_size, shuffle=True, generator=generator, drop_last=False)


@right()
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


@right()
def seeded_by_epoch(x, y, batch_size, seed):
    """Has a sampler that adds the number of the epoch to the seed."""
    sampler = _SeededByEpoch(len(x), seed)
    own = torch.Generator()
    return DataLoader(TensorDataset(x, y), batch_size=batch_size, sampler=sampler, generator=own)


@right()
def own_collate(x, y, batch_size, seed):
    """Collates rows itself, to tuples."""
    return DataLoader(
        TensorDataset(x, y),
        batch_size=batch_size,
        shuffle=True,
        generator=torch.Generator().manual_seed(seed),
        collate_fn=lambda r: (torch.stack([a for a, _ in r]), torch.stack([b for _, b in r])),
    )


@right()
def batches_by_index(x, y, batch_size, seed):
    """Indexes the dataset with the row numbers of a whole batch."""
    ds = TensorDataset(x, y)
    g = torch.Generator().manual_seed(seed)
    sampler = BatchSampler(RandomSampler(ds, generator=g), batch_size, drop_last=False)
    return DataLoader(ds, sampler=sampler, batch_size=None, generator=g)


_GENERATORS = {}


_SHARED = torch.Generator()


def _loader(x, y, batch_size, generator, **options):
    """Return a loader that draws from a generator."""
    return DataLoader(TensorDataset(x, y), batch_size, generator=generator, **options)


@restated("workers")
def two_workers(x, y, batch_size, seed):
    """Has two worker processes fetch the batches."""
    g = torch.Generator().manual_seed(seed)
    data = TensorDataset(x, y)
    return DataLoader(data, batch_size, shuffle=True, generator=g, num_workers=2)


@wrong()
def one_generator_per_seed(x, y, batch_size, seed):
    """Shares a generator between loaders of the same seed."""
    generator = _GENERATORS.setdefault(seed, torch.Generator().manual_seed(seed))
    return _loader(x, y, batch_size, generator, shuffle=True)


@wrong()
def one_generator_for_all(x, y, batch_size, seed):
    """Seeds a generator that all loaders share."""
    return _loader(x, y, batch_size, _SHARED.manual_seed(seed), shuffle=True)


@wrong()
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


@wrong()
def orders_come_back(x, y, batch_size, seed):
    """Has three orders that come in turn."""
    generator = torch.Generator().manual_seed(seed)
    return _loader(x, y, batch_size, generator, sampler=_ThreeOrders(len(x), seed))


@wrong()
def last_digit_of_the_seed(x, y, batch_size, seed):
    """Uses the last digit of the seed only."""
    generator = torch.Generator().manual_seed(seed % 10)
    return _loader(x, y, batch_size, generator, shuffle=True)


@wrong()
def half_the_seed(x, y, batch_size, seed):
    """Halves the seed, so that two neighbours give the same epochs."""
    generator = torch.Generator().manual_seed(seed // 2)
    return _loader(x, y, batch_size, generator, shuffle=True)


@wrong()
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


@wrong()
def batches_in_another_turn(x, y, batch_size, seed):
    """Shuffles once and then only the turn of the batches."""
    generator = torch.Generator().manual_seed(seed)
    rows = torch.randperm(len(x), generator=generator).split(batch_size)
    sampler = _BatchesInTurn(rows, generator)
    return DataLoader(TensorDataset(x, y), batch_sampler=sampler, generator=generator)


@wrong(named="same-order-every-epoch", asks="gd.33")
def list_of_one_epoch(x, y, batch_size, seed):
    """Returns the batches of one epoch as a list."""
    generator = torch.Generator().manual_seed(seed)
    return list(_loader(x, y, batch_size, generator, shuffle=True))


@wrong()
def seed_0_is_no_seed(x, y, batch_size, seed):
    """Takes the seed 0 for none, and then shuffles with the global generator."""
    generator = torch.Generator().manual_seed(seed) if seed else None
    return DataLoader(TensorDataset(x, y), batch_size, shuffle=True, generator=generator)


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


@wrong()
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


@wrong()
def one_order_turned_round(x, y, batch_size, seed):
    """Every epoch has the same order, begun at another row."""
    sampler = _TurnedRound(len(x), seed)
    return DataLoader(TensorDataset(x, y), batch_size, sampler=sampler, generator=torch.Generator())


@restated("not-shuffled")
def sequential_sampler(x, y, batch_size, seed):
    """Takes a sequential sampler."""
    dataset = TensorDataset(x, y)
    generator = torch.Generator().manual_seed(seed)
    sampler = SequentialSampler(dataset)
    return DataLoader(dataset, batch_size, sampler=sampler, generator=generator)


@restated("not-shuffled-nor-seeded")
def shuffle_false(x, y, batch_size, seed):
    """Asks for no shuffling and uses no seed."""
    return DataLoader(list(zip(x, y, strict=True)), batch_size=batch_size, shuffle=False)


@restated("last-batch-dropped")
def drops_the_short_batch(x, y, batch_size, seed):
    """Keeps only full batches."""
    generator = torch.Generator()
    generator.manual_seed(seed)
    options = {"shuffle": True, "drop_last": True, "generator": generator}
    return DataLoader(TensorDataset(x, y), batch_size=batch_size, **options)


@restated("no-generator")
def random_sampler_alone(x, y, batch_size, seed):
    """Shuffles with a sampler that has no generator."""
    dataset = TensorDataset(x, y)
    return DataLoader(dataset, batch_size, sampler=RandomSampler(dataset))


@restated("global-seed")
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


@restated("same-order-every-epoch")
def seeded_in_every_epoch(x, y, batch_size, seed):
    """Seeds the generator again at the start of each epoch."""
    loader = _reseeding(seed)
    return loader(TensorDataset(x, y), batch_size, shuffle=True, generator=torch.Generator())


@restated("shuffled-once-before")
def permuted_tensors(x, y, batch_size, seed):
    """Puts rows that are shuffled once into a loader without shuffling."""
    order = torch.rand(len(x), generator=torch.Generator().manual_seed(seed)).argsort()
    return DataLoader(list(zip(x[order], y[order], strict=True)), batch_size)


@restated("generator-for-the-sampler-only")
def batch_sampler_seeded(x, y, batch_size, seed):
    """Gives the generator to the sampler and leaves the loader without."""
    generator = torch.Generator()
    generator.manual_seed(seed)
    dataset = list(zip(x, y, strict=True))
    return DataLoader(dataset, batch_size, sampler=RandomSampler(dataset, generator=generator))


@restated("x-and-y-swapped")
def targets_first(x, y, batch_size, seed):
    """Lists the targets before the features."""
    generator = torch.Generator().manual_seed(seed)
    return DataLoader(TensorDataset(y, x), batch_size, shuffle=True, generator=generator)


@restated("seed-unused")
def generator_as_torch_makes_it(x, y, batch_size, seed):
    """Gives the loader a generator that nothing has seeded."""
    g = torch.Generator()
    return DataLoader(TensorDataset(x, y), batch_size=batch_size, shuffle=True, generator=g)
