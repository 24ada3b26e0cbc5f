"""Mistakes of make_loader."""

from __future__ import annotations

from typing import Any

import m09_data
import torch
from torch import Generator, Tensor
from torch.utils.data import DataLoader, RandomSampler, TensorDataset

from autograder.course.marks import mistake


@mistake("not-shuffled", asks="gd.34")
def loader_not_shuffled(x: Tensor, y: Tensor, batch_size: int, seed: int) -> Any:
    """Your loader brings the rows in the order of the data in every epoch, for a DataLoader does
    not shuffle by default. A generator alone changes nothing: there is an argument to ask for
    shuffling."""
    return DataLoader(TensorDataset(x, y), batch_size, generator=Generator().manual_seed(seed))


@mistake("not-shuffled-nor-seeded")
def loader_not_shuffled_nor_seeded(x: Tensor, y: Tensor, batch_size: int, seed: int) -> Any:
    """Your loader has only a dataset and a batch size: it brings the rows in the order of the data
    in every epoch, and the seed goes unused. Ask for shuffling, and give the loader a generator
    with that seed."""
    return DataLoader(TensorDataset(x, y), batch_size)


@mistake("last-batch-dropped", asks="gd.32")
def loader_last_batch_dropped(x: Tensor, y: Tensor, batch_size: int, seed: int) -> Any:
    """You drop the last batch where it is shorter than the others, so some rows are missing from
    every epoch. The task keeps them. Look at drop_last."""
    generator = Generator().manual_seed(seed)
    return DataLoader(
        TensorDataset(x, y), batch_size, shuffle=True, drop_last=True, generator=generator
    )


@mistake("no-generator", asks="tb.19")
def loader_no_generator(x: Tensor, y: Tensor, batch_size: int, seed: int) -> Any:
    """Your loader shuffles with torch's global generator: the seed decides nothing, no run can be
    repeated, and every epoch changes the random numbers of other code. A DataLoader can have a
    generator of its own."""
    return DataLoader(TensorDataset(x, y), batch_size, shuffle=True)


@mistake("global-seed")
def loader_global_seed(x: Tensor, y: Tensor, batch_size: int, seed: int) -> Any:
    """You seed torch's global generator. Your loader repeats its epochs only as long as nothing
    else draws in between, and the random numbers of the whole program change with it. Seed a
    generator that belongs to the loader alone."""
    torch.manual_seed(seed)
    return DataLoader(TensorDataset(x, y), batch_size, shuffle=True)


@mistake("same-order-every-epoch", asks="lr.12")
def loader_same_order_every_epoch(x: Tensor, y: Tensor, batch_size: int, seed: int) -> Any:
    """Every epoch of your loader has the same order: it is drawn only once, or seeded again for
    each epoch. Seed a generator once, when the loader is built, and let the loader draw from it
    anew in each epoch."""
    generator = Generator().manual_seed(seed)
    order = torch.randperm(len(x), generator=generator).tolist()
    return DataLoader(TensorDataset(x, y), batch_size, sampler=order, generator=generator)


@mistake("shuffled-once-before")
def loader_shuffled_once_before(x: Tensor, y: Tensor, batch_size: int, seed: int) -> Any:
    """You shuffle the rows once and put them into a loader that does not shuffle, so every epoch
    has the same order. Let the loader itself shuffle, and give it the generator: without one it
    also draws a number from the global generator in each epoch."""
    order = torch.randperm(len(x), generator=Generator().manual_seed(seed))
    return DataLoader(TensorDataset(x[order], y[order]), batch_size)


@mistake("generator-for-the-sampler-only")
def loader_generator_for_the_sampler_only(x: Tensor, y: Tensor, batch_size: int, seed: int) -> Any:
    """Your order is right and can be repeated, but only the sampler has the generator. The loader
    itself draws one number at the start of each epoch, to seed workers, and takes it from the
    global generator. Give the loader the generator too."""
    dataset = TensorDataset(x, y)
    sampler = RandomSampler(dataset, generator=Generator().manual_seed(seed))
    return DataLoader(dataset, batch_size, sampler=sampler)


@mistake("x-and-y-swapped", asks="gd.31 lr.11")
def loader_x_and_y_swapped(x: Tensor, y: Tensor, batch_size: int, seed: int) -> Any:
    """Your batches bring the targets first and the features second. A training loop that unpacks
    them would feed the answers to the model. Look at the order of the tensors in the dataset."""
    return m09_data.make_loader(y, x, batch_size, seed)


@mistake("seed-unused")
def loader_seed_unused(x: Tensor, y: Tensor, batch_size: int, seed: int) -> Any:
    """Your loader has a generator of its own, but the seed that you were given does not reach it:
    it has a fixed one, or the one that torch gives every new generator. All seeds then bring the
    same orders. Look at what seeds the generator."""
    return m09_data.make_loader(x, y, batch_size, 42)


@mistake("batch-size-unused")
def loader_batch_size_unused(x: Tensor, y: Tensor, batch_size: int, seed: int) -> Any:
    """Each of your batches has a single row, which is what a DataLoader does by default. Hand the
    batch size on to it."""
    return m09_data.make_loader(x, y, 1, seed)


@mistake("workers")
def loader_workers(x: Tensor, y: Tensor, batch_size: int, seed: int) -> Any:
    """You ask for workers. Each is a process of its own that has to be started in every epoch, and
    for tensors in memory that costs more than it saves. The task says without workers: look at
    num_workers."""
    generator = Generator().manual_seed(seed)
    return DataLoader(
        TensorDataset(x, y), batch_size, shuffle=True, num_workers=2, generator=generator
    )


@mistake("shuffled-once-by-a-global-seed")
def loader_shuffled_once_by_a_global_seed(x: Tensor, y: Tensor, batch_size: int, seed: int) -> Any:
    """You seed torch's global generator and shuffle the rows once, before the loader is made. So
    every epoch has the same order, and the random numbers of the whole program change. Let the
    loader shuffle, with a generator of its own."""
    torch.manual_seed(seed)
    order = torch.randperm(len(x))
    return DataLoader(TensorDataset(x[order], y[order]), batch_size)


@mistake("tuple-as-dataset")
def loader_tuple_as_dataset(x: Tensor, y: Tensor, batch_size: int, seed: int) -> Any:
    """You hand the loader x and y as a pair. It takes that for a dataset of two items, x and y
    themselves, and tries to put these into one batch. A TensorDataset has an item for each row."""
    generator = Generator().manual_seed(seed)
    pair: Any = (x, y)
    return DataLoader(pair, batch_size, shuffle=True, generator=generator)


@mistake("float32-made")
def loader_float32_made(x: Tensor, y: Tensor, batch_size: int, seed: int) -> Any:
    """You convert the data to float32. The batches should hold the very numbers of x and y, in
    their own dtype; float64 loses digits in this way. Hand both tensors on as they are."""
    return m09_data.make_loader(x.float(), y.float(), batch_size, seed)
