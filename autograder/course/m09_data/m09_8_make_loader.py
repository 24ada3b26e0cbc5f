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
