# %% [markdown]
# # m09 Data: pairs, batches, epochs
#
# Training sees the data in small portions. A dataset keeps every row of x with its row of y; a
# loader shuffles the rows anew for each epoch and cuts them into batches, one update each. What
# does that order decide, how noisy is the gradient of a batch, and which rows are kept back?

# %%
"""Dataset, batches, DataLoader, splits, epochs, gradient noise."""

from __future__ import annotations

import math
from collections.abc import Iterator

import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, IterableDataset, TensorDataset, get_worker_info


# %%
class PairDataset(Dataset[tuple[Tensor, Tensor]]):
    """Write a dataset that keeps each row of x together with the same row of y.

    `PairDataset(x, y)` takes x [N, F] and y [N, O], of any dtype, on any device; N may be 0. The
    names of its attributes are free. It changes neither tensor and copies neither when it is made:
    if x or y is changed in place later, the pairs taken from then on show it.

    Raises ValueError, when it is made, unless x and y have the same number of rows.
    """

    def __init__(self, x: Tensor, y: Tensor) -> None:
        """Keep x and y; raise ValueError unless they have the same number of rows."""
        raise NotImplementedError

    def __len__(self) -> int:
        """Return the number of rows, N."""
        raise NotImplementedError

    def __getitem__(self, index: int | slice | Tensor) -> tuple[Tensor, Tensor]:
        """Return the rows of x and of y that the index asks for, as a tuple of two tensors.

        - An int asks for one row: [F] and [O]. Negative ones count from the end; one outside -N to
          N - 1 raises IndexError.
        - A slice such as `ds[1:4]`, or an int64 tensor of K row numbers, asks for several rows:
          [K, F] and [K, O], in the order asked for. K may be 0, and a row may be asked for twice.
        """
        raise NotImplementedError


# %%
def batches(
    x: Tensor, y: Tensor, size: int, shuffle: bool, generator: torch.Generator | None = None
) -> Iterator[tuple[Tensor, Tensor]]:
    """Go once through all rows of x and y, one epoch, and yield them in batches (xb, yb).

    x is [N, F] and y [N, O], N at least 1, on the same device; neither is changed. A batch holds
    `size` rows, xb [size, F] and yb [size, O], each row of xb with its own row of yb. The last
    batch has what is left, perhaps fewer rows. Every row appears exactly once.

    Without `shuffle` the rows come in their order. With it, the order is a new random one in every
    call: all orders of the rows are equally likely, so that any rows can meet in a batch. It is
    drawn from the generator, which lies on the CPU even where the data does not; without one, it is
    drawn from torch's global generator. The same seed gives the same order again; a second call
    with the same generator, in its new state, gives another. With a generator the global one stays
    untouched.
    """
    raise NotImplementedError


# %%
def split(n: int, fractions: list[float], seed: int) -> list[Tensor]:
    """Divide the row numbers 0 to n - 1 at random into parts, such as training and validation.

    n is at least 1; fractions are positive and sum to 1. There is one part for each, an int64
    tensor [K] on the CPU, and every row number is in exactly one part. n is large enough for no
    part to be empty.

    The sizes are those of `torch.utils.data.random_split`: each part gets its fraction of n,
    rounded down. Rows then left over go one by one to the first part, the second, and so on.

    Which rows go where is random, and decided by the seed alone: the same seed repeats the parts,
    another one gives others. The order inside a part is free. No global random generator, of torch,
    NumPy or Python, is used or seeded.
    """
    raise NotImplementedError


# %%
def update_counts(n: int, batch: int, epochs: int, drop_last: bool = False) -> tuple[int, int]:
    """Return how many updates training makes in one epoch, and in all epochs, as two ints.

    An epoch goes once through n rows in batches of `batch` rows, with one update for each batch.
    The last batch of an epoch may have fewer rows; with `drop_last` such a short batch is left out.
    No batch has rows of two epochs. n and epochs are at least 0, batch at least 1.
    """
    raise NotImplementedError


# %%
def batch_grad_variance(g: Tensor, batch: int) -> Tensor:
    """Return how much a batch's gradient varies by chance: its variance for each parameter, [P].

    g is [N, P], N at least 2: row n is the gradient that data row n alone would give. The gradient
    of a batch is the mean over its rows. A batch is `batch` different rows (1 to N of them), drawn
    at random without replacement, every choice equally likely. Return the variance of this mean,
    for each parameter, over all batches that could have been drawn.

    Compute it exactly: an estimate from sampled batches is not exact enough. It is 0 where the
    batch holds all rows. The result has the dtype and device of g, which is not changed.
    """
    raise NotImplementedError


# %%
def one_pass(y: Tensor, lr: float) -> float:
    """Return where a constant model ends after one epoch with a single row per update.

    The model has one parameter, its prediction c for every row, and starts at c = 0. The rows of
    y [N] come in the order given; each makes one step of gradient descent with the learning rate lr
    on its own squared error, the square of c minus that row's y. The result is c after the last
    row, as a float, not a tensor; it is 0.0 where N is 0. lr is positive; y is not changed.

    Best written as one formula, a weighted sum of y; a loop is right too.
    """
    raise NotImplementedError


# %%
class Stream(IterableDataset[int]):
    """Write a dataset that streams the ints 0 to n - 1, each once, over any number of workers.

    A DataLoader with workers puts a copy of the dataset into each worker's process and iterates
    every copy. Together the copies yield each int exactly once, in any order; without workers the
    dataset itself yields them all. The workers share the items: if n is at least the square of the
    number of workers, each worker gets an item. There may also be fewer items than workers, or
    none. The dataset can be iterated again, with the same items.

    In a worker, `torch.utils.data.get_worker_info()` tells which worker it is and how many there
    are (`id` counts from 0, `num_workers`); outside of workers it returns None.
    """

    def __init__(self, n: int) -> None:
        """Keep n, which is at least 0; there are no workers yet."""
        raise NotImplementedError

    def __iter__(self) -> Iterator[int]:
        """Iterate over the ints that belong to the worker in which this is called."""
        raise NotImplementedError


# %%
def make_loader(x: Tensor, y: Tensor, batch_size: int, seed: int) -> DataLoader[tuple[Tensor, ...]]:
    """Build a DataLoader that shuffles x and y anew in each epoch, in orders that a seed decides.

    x is [N, F] and y [N, O], N at least 1; neither is changed. Each iteration over the loader is an
    epoch. It brings every row once, in batches (xb [B, F], yb [B, O]) of batch_size rows, the last
    one perhaps shorter, and each row of xb with its own row of yb. Use the built-ins, TensorDataset
    and DataLoader, without workers.

    Every epoch has a new random order. The seed decides them all: a second loader with the same
    seed brings the same batches, epoch by epoch, whatever else draws random numbers meanwhile;
    another seed brings others. Neither building the loader nor iterating it touches torch's global
    random generator.
    """
    raise NotImplementedError
