"""Mistakes of m09: dataset, batches, split, counts, gradient noise, stream, loader."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import m09_data
import torch
from torch import Generator, Tensor
from torch.utils.data import DataLoader, RandomSampler, TensorDataset, get_worker_info

from autograder.mistakes import mistake

Batches = Iterator[tuple[Tensor, Tensor]]


@mistake("PairDataset", "no-length-check")
class NoLengthCheck(m09_data.PairDataset):
    """Your dataset takes an x and a y of different lengths without a word. Rows beyond the shorter
    one then have no partner, and the mix-up shows late or never. Compare the two numbers of rows
    when the dataset is made."""

    def __init__(self, x: Tensor, y: Tensor) -> None:
        self.x = x
        self.y = y


@mistake("PairDataset", "list-returned")
class ListReturned(m09_data.PairDataset):
    """You return the two tensors in a list. A pair has exactly two places with fixed meanings, and
    whoever uses a dataset of PyTorch expects a tuple, as TensorDataset gives it. Look at the
    brackets in your return statement."""

    def __getitem__(self, index: Any) -> Any:
        """Return a list."""
        return [self.x[index], self.y[index]]


@mistake("PairDataset", "slices-rejected")
class SlicesRejected(m09_data.PairDataset):
    """Your dataset only knows single ints: a slice such as ds[1:3], or a tensor of row numbers, is
    refused. A tensor itself understands all three kinds of index. Why convert or check the index
    before you hand it on?"""

    def __getitem__(self, index: Any) -> tuple[Tensor, Tensor]:
        """Refuse whatever is no int."""
        if not isinstance(index, int):
            raise TypeError("the index must be an int")
        return super().__getitem__(index)


@mistake("PairDataset", "clones-kept")
class ClonesKept(m09_data.PairDataset):
    """You copy x and y when the dataset is made. It needs twice the memory, and what is changed in
    x or y afterwards never reaches the pairs. Keep the tensors that you were given."""

    def __init__(self, x: Tensor, y: Tensor) -> None:
        super().__init__(x.clone(), y.clone())


@mistake("PairDataset", "list-of-pairs")
class ListOfPairs(m09_data.PairDataset):
    """You keep a Python list of pairs. An int gives the right pair, but a slice gives a list of
    pairs where two tensors are wanted, and a tensor of several row numbers is refused. Keep two
    tensors; each takes every kind of index."""

    def __init__(self, x: Tensor, y: Tensor) -> None:
        super().__init__(x, y)
        self.pairs: Any = list(zip(x, y, strict=True))

    def __getitem__(self, index: Any) -> Any:
        """Index the list."""
        return self.pairs[index]


@mistake("PairDataset", "length-of-a-row")
class LengthOfARow(m09_data.PairDataset):
    """Your length is the number of features, not of rows. A DataLoader takes it for the number of
    pairs, so it leaves rows out or asks for rows that do not exist. Which dimension of x counts
    the rows?"""

    def __len__(self) -> int:
        """Count the columns."""
        return self.x.shape[1]


@mistake("batches", "last-batch-lost")
def last_batch_lost(
    x: Tensor, y: Tensor, size: int, shuffle: bool, generator: Generator | None = None
) -> Batches:
    """Your epoch ends before the last, shorter batch, so some rows are never seen in it. When the
    size does not divide the number of rows, what is left over makes a batch too. Look at where
    your loop stops."""
    epoch = m09_data.batches(x, y, size, shuffle, generator)
    return ((xb, yb) for xb, yb in epoch if len(xb) == size)


@mistake("batches", "empty-last-batch")
def empty_last_batch(
    x: Tensor, y: Tensor, size: int, shuffle: bool, generator: Generator | None = None
) -> Batches:
    """You always make one more batch than there are full ones. Where the size divides the number of
    rows, nothing is left for it: it is empty, and the mean loss of an empty batch is NaN. Look at
    how many rounds your loop makes."""
    yield from m09_data.batches(x, y, size, shuffle, generator)
    if len(x) % size == 0:
        yield x[:0], y[:0]


@mistake("batches", "shuffled-separately")
def shuffled_separately(
    x: Tensor, y: Tensor, size: int, shuffle: bool, generator: Generator | None = None
) -> Batches:
    """Your x and y come in two different orders. A feature row then meets the target of some other
    row, and there is nothing left to learn. Draw one random order and use it for both tensors."""
    if shuffle:
        x = x[torch.randperm(len(x), generator=generator)]
        y = y[torch.randperm(len(y), generator=generator)]
    return m09_data.batches(x, y, size, False)


@mistake("batches", "seeded-in-every-call")
def seeded_in_every_call(
    x: Tensor, y: Tensor, size: int, shuffle: bool, generator: Generator | None = None
) -> Batches:
    """You seed a generator inside the function, so every epoch has the very same order. Shuffling
    anew means: go on with the generator that the caller passes, and leave its seed to the
    caller."""
    return m09_data.batches(x, y, size, shuffle, Generator().manual_seed(0))


@mistake("batches", "generator-reseeded")
def generator_reseeded(
    x: Tensor, y: Tensor, size: int, shuffle: bool, generator: Generator | None = None
) -> Batches:
    """You put the caller's generator back to one fixed seed in every call, so all epochs have the
    same order. Draw from the generator in the state in which you find it: the caller decides when
    to start over."""
    if generator is not None:
        generator.manual_seed(0)
    return m09_data.batches(x, y, size, shuffle, generator)


@mistake("batches", "global-seed-in-every-call")
def global_seed_in_every_call(
    x: Tensor, y: Tensor, size: int, shuffle: bool, generator: Generator | None = None
) -> Batches:
    """You call torch.manual_seed inside the function: every epoch has the same order, and all other
    code that draws random numbers is set back as well. Leave seeds to the caller, and draw from
    the generator that is passed."""
    if shuffle:
        torch.manual_seed(0)
    return m09_data.batches(x, y, size, shuffle)


@mistake("batches", "batches-shuffled")
def batches_shuffled(
    x: Tensor, y: Tensor, size: int, shuffle: bool, generator: Generator | None = None
) -> Batches:
    """You cut the rows into batches first and shuffle the batches. The same neighbours then meet
    in every epoch; only their turn changes. Shuffle the rows and cut afterwards, so that any rows
    can share a batch."""
    cut = list(m09_data.batches(x, y, size, False))
    if shuffle:
        cut = [cut[i] for i in torch.randperm(len(cut), generator=generator).tolist()]
    return iter(cut)


@mistake("batches", "drawn-with-replacement")
def drawn_with_replacement(
    x: Tensor, y: Tensor, size: int, shuffle: bool, generator: Generator | None = None
) -> Batches:
    """In your shuffled epoch some rows come twice or more often and others never, as when row
    numbers are drawn with replacement. An epoch shows every row exactly once. You need a random
    order of the row numbers, not random row numbers."""
    if shuffle:
        rows = torch.randint(len(x), (len(x),), generator=generator)
        x, y = x[rows], y[rows]
    return m09_data.batches(x, y, size, False)


@mistake("batches", "generator-ignored")
def generator_ignored(
    x: Tensor, y: Tensor, size: int, shuffle: bool, generator: Generator | None = None
) -> Batches:
    """You shuffle, but the generator that was passed is never used: the order comes from torch's
    global one. The same seed does not give the same order again, and other code sees its random
    numbers changed. Where does your order come from?"""
    return m09_data.batches(x, y, size, shuffle)


@mistake("batches", "never-shuffled")
def never_shuffled(
    x: Tensor, y: Tensor, size: int, shuffle: bool, generator: Generator | None = None
) -> Batches:
    """The rows come in their order even where shuffling is asked for, epoch after epoch. Look at
    what your code does with the argument shuffle."""
    return m09_data.batches(x, y, size, False)


@mistake("split", "sizes-rounded-down")
def sizes_rounded_down(n: int, fractions: list[float], seed: int) -> list[Tensor]:
    """You round every size down and stop there, so rows can be left over that are in no part at
    all. Hand them out, one to each part from the first on, before you cut."""
    return _cut(n, [math.floor(n * fraction) for fraction in fractions], seed)


@mistake("split", "rest-to-the-last")
def rest_to_the_last(n: int, fractions: list[float], seed: int) -> list[Tensor]:
    """You give all rows that are left over by rounding to the last part. The task, like
    random_split, hands them out one by one, beginning with the first part."""
    sizes = [math.floor(n * fraction) for fraction in fractions[:-1]]
    return _cut(n, [*sizes, n - sum(sizes)], seed)


@mistake("split", "rounded-to-nearest")
def rounded_to_nearest(n: int, fractions: list[float], seed: int) -> list[Tensor]:
    """You round sizes to the nearest number, and the last part takes what remains. The task, like
    random_split, rounds all of them down and then hands out what is left over, one row to each
    part, from the first on."""
    sizes = [round(n * fraction) for fraction in fractions[:-1]]
    return _cut(n, [*sizes, n - sum(sizes)], seed)


@mistake("split", "not-shuffled")
def not_shuffled(n: int, fractions: list[float], seed: int) -> list[Tensor]:
    """You cut the rows in their order, and the seed decides nothing. Tables are often sorted, and
    then the parts hold different kinds of rows: a model is validated on what it has never seen the
    like of. Shuffle before you cut."""
    sizes = [len(part) for part in m09_data.split(n, fractions, seed)]
    return list(torch.arange(n).split(sizes))


@mistake("split", "global-seed")
def global_seed(n: int, fractions: list[float], seed: int) -> list[Tensor]:
    """Your parts are right, but you seed and use a global generator, as torch.manual_seed does.
    From there on the random numbers of the whole program are different ones because of a split.
    Make a generator of your own for it."""
    torch.manual_seed(seed)
    sizes = [len(part) for part in m09_data.split(n, fractions, seed)]
    return list(torch.randperm(n).split(sizes))


@mistake("split", "drawn-independently")
def drawn_independently(n: int, fractions: list[float], seed: int) -> list[Tensor]:
    """You shuffle all rows anew for every part. A row can then be in two parts, in training and in
    validation, and another one in none. One shuffle is enough: cut its result into parts."""
    sizes = [len(part) for part in m09_data.split(n, fractions, seed)]
    generator = Generator().manual_seed(seed)
    return [torch.randperm(n, generator=generator)[:size] for size in sizes]


@mistake("split", "seed-unused")
def seed_unused(n: int, fractions: list[float], seed: int) -> list[Tensor]:
    """You shuffle with torch's global generator and never use the seed. The same call gives other
    parts every time, so no result can be repeated. Pass randperm a generator with that seed."""
    sizes = [len(part) for part in m09_data.split(n, fractions, seed)]
    return list(torch.randperm(n).split(sizes))


def _cut(n: int, sizes: list[int], seed: int) -> list[Tensor]:
    order = torch.randperm(n, generator=Generator().manual_seed(seed))
    return list(order[: sum(sizes)].split(sizes))


@mistake("update_counts", "short-batch-missing")
def short_batch_missing(
    n: int, batch: int, epochs: int, drop_last: bool = False
) -> tuple[int, int]:
    """You always round down, so the last, shorter batch of an epoch is not counted. It makes an
    update like any other, unless drop_last leaves it out."""
    return n // batch, n // batch * epochs


@mistake("update_counts", "fraction-of-an-update")
def fraction_of_an_update(
    n: int, batch: int, epochs: int, drop_last: bool = False
) -> tuple[float, float]:
    """You divide with /, which gives a float and can count parts of an update. An update happens
    or it does not: the number of batches is whole, whether or not the last one is full."""
    per_epoch = n // batch if drop_last else n / batch
    return per_epoch, per_epoch * epochs


@mistake("update_counts", "epochs-as-total")
def epochs_as_total(n: int, batch: int, epochs: int, drop_last: bool = False) -> tuple[int, int]:
    """Your total is the number of epochs. An epoch is one pass through the data and makes one
    update for each batch; the two are the same only where one batch holds all rows."""
    return m09_data.update_counts(n, batch, epochs, drop_last)[0], epochs


@mistake("update_counts", "one-too-many")
def one_too_many(n: int, batch: int, epochs: int, drop_last: bool = False) -> tuple[int, int]:
    """You round down and always add one. That is right while some rows are left over; where the
    batch size divides the number of rows, you count a batch without any rows."""
    per_epoch = n // batch if drop_last else n // batch + 1
    return per_epoch, per_epoch * epochs


@mistake("update_counts", "epochs-run-together")
def epochs_run_together(
    n: int, batch: int, epochs: int, drop_last: bool = False
) -> tuple[int, int]:
    """You count the batches of all rows of all epochs in one go, as if a batch could begin in one
    epoch and end in the next. Each epoch ends with its own short batch: count one epoch, then
    multiply."""
    counts = m09_data.update_counts
    return counts(n, batch, 1, drop_last)[0], counts(n * epochs, batch, 1, drop_last)[0]


@mistake("update_counts", "drop-last-ignored")
def drop_last_ignored(n: int, batch: int, epochs: int, drop_last: bool = False) -> tuple[int, int]:
    """You count the short batch even with drop_last, which says that it is left out. An epoch then
    has only full batches."""
    return m09_data.update_counts(n, batch, epochs)


@mistake("batch_grad_variance", "with-replacement")
def with_replacement(g: Tensor, batch: int) -> Tensor:
    """Variance over batch size: that holds for rows drawn with replacement. Without it a batch
    knows more, and one that holds all rows does not vary at all. A factor that depends on N and
    the batch size is missing."""
    return g.var(dim=0, correction=0) / batch


@mistake("batch_grad_variance", "batch-size-squared")
def batch_size_squared(g: Tensor, batch: int) -> Tensor:
    """You divide by the square of the batch size. A mean divides the sum by it, which makes the
    variance smaller by the square, but the sum of that many rows also varies more. What is left of
    the two?"""
    return m09_data.batch_grad_variance(g, batch) / batch


@mistake("batch_grad_variance", "unbiased-and-corrected")
def unbiased_and_corrected(g: Tensor, batch: int) -> Tensor:
    """Too large by N/(N-1): torch's var divides by N - 1 by default, and your factor divides by
    N - 1 again. The N rows are all there are, no sample from more. Look at the argument correction
    of var."""
    return g.var(dim=0) / batch * (len(g) - batch) / (len(g) - 1)


@mistake("batch_grad_variance", "textbook-estimate")
def textbook_estimate(g: Tensor, batch: int) -> Tensor:
    """You take the sample variance, which divides by N - 1, over the batch size. That estimates
    how a mean varies when its rows come from endlessly many. Here N rows are all there are, drawn
    without replacement: nothing varies when the batch holds them all."""
    return g.var(dim=0) / batch


@mistake("batch_grad_variance", "share-left-out")
def share_left_out(g: Tensor, batch: int) -> Tensor:
    """Too small by (N-1)/N: you divide by N in the variance of the rows, and by N again in the
    factor for drawing without replacement. One of the two has to be N - 1: check it with N = 2 and
    a batch of one row."""
    return g.var(dim=0, correction=0) / batch * (len(g) - batch) / len(g)


@mistake("batch_grad_variance", "standard-deviation")
def standard_deviation(g: Tensor, batch: int) -> Tensor:
    """You return the standard deviation, the root of what is asked for. The variance is the mean
    squared distance from the mean gradient, before any root."""
    return m09_data.batch_grad_variance(g, batch).sqrt()


@mistake("one_pass", "plain-mean")
def plain_mean(y: Tensor, lr: float) -> float:
    """You return the mean of y, the constant that fits best. A single pass with a fixed learning
    rate does not end there: the rows that come last pull last, so their order counts. Follow c
    through two steps by hand."""
    return y.mean().item() if len(y) else 0.0


@mistake("one_pass", "exponents-reversed")
def exponents_reversed(y: Tensor, lr: float) -> float:
    """Your first row weighs most. It is the other way round: every later step takes away a share
    of what came before, so the last row weighs most. You have the result for the data in reversed
    order."""
    return m09_data.one_pass(y.flip(0), lr)


@mistake("one_pass", "factor-two-lost")
def factor_two_lost(y: Tensor, lr: float) -> float:
    """Your steps are half as long as they should be. The loss of a row is the square of c minus y;
    which factor does its derivative have?"""
    return m09_data.one_pass(y, lr / 2)


@mistake("one_pass", "one-step-too-many")
def one_step_too_many(y: Tensor, lr: float) -> float:
    """You let the weights shrink once too often: even the last row is already diminished. Nothing
    comes after the last row, so its share is still whole. Check the exponent of a single row."""
    return (1 - 2 * lr) * m09_data.one_pass(y, lr)


@mistake("one_pass", "one-step-on-all-rows")
def one_step_on_all_rows(y: Tensor, lr: float) -> float:
    """You take one step on the mean loss of all rows: full-batch descent. Here every row makes a
    step of its own, starting from where the row before has left c."""
    return 2 * lr * (y.mean().item() if len(y) else 0.0)


@mistake("one_pass", "tensor-returned")
def tensor_returned(y: Tensor, lr: float) -> Tensor:
    """Your number is right, but it is still a tensor. The task asks for a plain float, which needs
    no device and carries no graph."""
    return y.new_tensor(m09_data.one_pass(y, lr))


# Equivalent: asking for the worker in __init__ looks the same as never asking: it is None there.
@mistake("Stream", "not-sharded")
class NotSharded(m09_data.Stream):
    """Every worker yields all items, so with three workers you train on each item three times. A
    worker holds a full copy of the dataset: ask in __iter__, not in __init__, which worker it is,
    and yield only its share."""

    def __iter__(self) -> Iterator[int]:
        """Forget the workers."""
        return iter(range(self.n))


@mistake("Stream", "tail-lost")
class TailLost(m09_data.Stream):
    """You give every worker a block of n // num_workers items. When that does not come out even,
    the items of the tail belong to nobody. Where should the last block end?"""

    def __iter__(self) -> Iterator[int]:
        """Round the blocks down."""
        info = get_worker_info()
        if info is None:
            return iter(range(self.n))
        block = self.n // info.num_workers
        return iter(range(info.id * block, (info.id + 1) * block))


@mistake("Stream", "no-worker-forgotten")
class NoWorkerForgotten(m09_data.Stream):
    """Without workers your dataset crashes: get_worker_info() returns None there, and None has no
    id. A DataLoader has no workers by default. Treat that case as a single worker that owns
    everything."""

    def __iter__(self) -> Iterator[int]:
        """Take for granted that there is a worker."""
        info: Any = get_worker_info()
        return iter(range(info.id, self.n, info.num_workers))


@mistake("Stream", "used-up")
class UsedUp(m09_data.Stream):
    """Your dataset can be iterated only once: it makes its iterator when it is built, and a second
    epoch finds it used up. Make a new iterator each time __iter__ is called."""

    def __init__(self, n: int) -> None:
        self.items = iter(range(n))

    def __iter__(self) -> Iterator[int]:
        """Go on with the iterator that was made at the start."""
        info = get_worker_info()
        number, count = (info.id, info.num_workers) if info else (0, 1)
        return (item for item in self.items if item % count == number)


@mistake("Stream", "one-worker-for-all")
class OneWorkerForAll(m09_data.Stream):
    """Your first worker yields everything and the others nothing. Each item comes once, but no
    work is shared: the other processes are idle. Give every worker its own part."""

    def __iter__(self) -> Iterator[int]:
        """Leave all items to the first worker."""
        info = get_worker_info()
        return iter(range(self.n if info is None or info.id == 0 else 0))


@mistake("make_loader", "not-shuffled")
def loader_not_shuffled(x: Tensor, y: Tensor, batch_size: int, seed: int) -> Any:
    """Your loader brings the rows in the order of the data in every epoch, for a DataLoader does
    not shuffle by default. A generator alone changes nothing: there is an argument to ask for
    shuffling."""
    return DataLoader(TensorDataset(x, y), batch_size, generator=Generator().manual_seed(seed))


@mistake("make_loader", "not-shuffled-nor-seeded")
def loader_not_shuffled_nor_seeded(x: Tensor, y: Tensor, batch_size: int, seed: int) -> Any:
    """Your loader has only a dataset and a batch size: it brings the rows in the order of the data
    in every epoch, and the seed goes unused. Ask for shuffling, and give the loader a generator
    with that seed."""
    return DataLoader(TensorDataset(x, y), batch_size)


@mistake("make_loader", "last-batch-dropped")
def loader_last_batch_dropped(x: Tensor, y: Tensor, batch_size: int, seed: int) -> Any:
    """You drop the last batch where it is shorter than the others, so some rows are missing from
    every epoch. The task keeps them. Look at drop_last."""
    generator = Generator().manual_seed(seed)
    return DataLoader(
        TensorDataset(x, y), batch_size, shuffle=True, drop_last=True, generator=generator
    )


@mistake("make_loader", "no-generator")
def loader_no_generator(x: Tensor, y: Tensor, batch_size: int, seed: int) -> Any:
    """Your loader shuffles with torch's global generator: the seed decides nothing, no run can be
    repeated, and every epoch changes the random numbers of other code. A DataLoader can have a
    generator of its own."""
    return DataLoader(TensorDataset(x, y), batch_size, shuffle=True)


@mistake("make_loader", "global-seed")
def loader_global_seed(x: Tensor, y: Tensor, batch_size: int, seed: int) -> Any:
    """You seed torch's global generator. Your loader repeats its epochs only as long as nothing
    else draws in between, and the whole program's random numbers change with it. Seed a generator
    that belongs to the loader alone."""
    torch.manual_seed(seed)
    return DataLoader(TensorDataset(x, y), batch_size, shuffle=True)


@mistake("make_loader", "same-order-every-epoch")
def loader_same_order_every_epoch(x: Tensor, y: Tensor, batch_size: int, seed: int) -> Any:
    """Every epoch of your loader has the same order: it is drawn only once, or seeded again for
    each epoch. Seed a generator once, when the loader is built, and let the loader draw from it
    anew in each epoch."""
    generator = Generator().manual_seed(seed)
    order = torch.randperm(len(x), generator=generator).tolist()
    return DataLoader(TensorDataset(x, y), batch_size, sampler=order, generator=generator)


@mistake("make_loader", "shuffled-once-before")
def loader_shuffled_once_before(x: Tensor, y: Tensor, batch_size: int, seed: int) -> Any:
    """You shuffle the rows once and put them into a loader that does not shuffle, so every epoch
    has the same order. Let the loader itself shuffle, and give it the generator: without one it
    also draws a number from the global generator in each epoch."""
    order = torch.randperm(len(x), generator=Generator().manual_seed(seed))
    return DataLoader(TensorDataset(x[order], y[order]), batch_size)


@mistake("make_loader", "generator-for-the-sampler-only")
def loader_generator_for_the_sampler_only(x: Tensor, y: Tensor, batch_size: int, seed: int) -> Any:
    """Your order is right and can be repeated, but only the sampler has the generator. The loader
    itself draws one number at the start of each epoch, to seed workers, and takes it from the
    global generator. Give the loader the generator too."""
    dataset = TensorDataset(x, y)
    sampler = RandomSampler(dataset, generator=Generator().manual_seed(seed))
    return DataLoader(dataset, batch_size, sampler=sampler)


@mistake("make_loader", "x-and-y-swapped")
def loader_x_and_y_swapped(x: Tensor, y: Tensor, batch_size: int, seed: int) -> Any:
    """Your batches bring the targets first and the features second. A training loop that unpacks
    them would feed the answers to the model. Look at the order of the tensors in the dataset."""
    return m09_data.make_loader(y, x, batch_size, seed)
