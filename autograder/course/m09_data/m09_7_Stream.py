"""Mistakes of Stream."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import m09_data
import torch
from torch.utils.data import get_worker_info

from autograder.course.marks import mistake


# Equivalent: asking for the worker in __init__ looks the same as never asking: it is None there.
@mistake("not-sharded", asks="tb.45")
class NotSharded(m09_data.Stream):
    """Every worker yields all items, so with three workers you train on each item three times. A
    worker holds a full copy of the dataset: ask in __iter__, not in __init__, which worker it is,
    and yield only its share."""

    def __iter__(self) -> Iterator[int]:
        """Forget the workers."""
        return iter(range(self.n))


@mistake("tail-lost")
class TailLost(m09_data.Stream):
    """You give every worker a block of n // num_workers items. Where n is not a multiple of the
    number of workers, the last items belong to no worker. Where should the last block end?"""

    def __iter__(self) -> Iterator[int]:
        """Round the blocks down."""
        info = get_worker_info()
        if info is None:
            return iter(range(self.n))
        block = self.n // info.num_workers
        return iter(range(info.id * block, (info.id + 1) * block))


@mistake("no-worker-forgotten")
class NoWorkerForgotten(m09_data.Stream):
    """Without workers your dataset crashes: get_worker_info() returns None there, and None has no
    id. A DataLoader has no workers by default. Treat that case as a single worker that owns
    everything."""

    def __iter__(self) -> Iterator[int]:
        """Take for granted that there is a worker."""
        info: Any = get_worker_info()
        return iter(range(info.id, self.n, info.num_workers))


@mistake("used-up")
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


@mistake("one-worker-for-all")
class OneWorkerForAll(m09_data.Stream):
    """Your first worker yields everything and the others nothing. Each item comes once, but no
    work is shared: the other processes are idle. Give every worker its own part."""

    def __iter__(self) -> Iterator[int]:
        """Leave all items to the first worker."""
        info = get_worker_info()
        return iter(range(self.n if info is None or info.id == 0 else 0))


@mistake("worker-asked-for-each-item")
class WorkerAskedForEachItem(m09_data.Stream):
    """Without workers your dataset crashes at its first item: get_worker_info() returns None there,
    and None has no id. A DataLoader has no workers by default. Treat that case as a single worker
    that owns everything."""

    def __iter__(self) -> Iterator[int]:
        """Look at the worker in the loop only."""
        info: Any = get_worker_info()
        return (i for i in range(self.n) if i % info.num_workers == info.id)


@mistake("blocks-too-long")
class BlocksTooLong(m09_data.Stream):
    """You round the length of a block up, and the last blocks run beyond the end: items come that
    are not among the n. Where must the last block stop?"""

    def __iter__(self) -> Iterator[int]:
        """Round the blocks up."""
        info = get_worker_info()
        if info is None:
            return iter(range(self.n))
        block = -(-self.n // info.num_workers)
        return iter(range(info.id * block, (info.id + 1) * block))


@mistake("one-iterator-not-shared")
class OneIteratorNotShared(m09_data.Stream):
    """Your dataset counts on where the last epoch has stopped, so it can be gone through only once;
    and each worker yields all items. Let __iter__ begin anew each time, and yield only the share of
    the worker that asks."""

    def __init__(self, n: int) -> None:
        self.items = iter(range(n))

    def __iter__(self) -> Iterator[int]:
        """Go on with the iterator that was made at the start."""
        return self.items


@mistake("share-stored")
class ShareStored(m09_data.Stream):
    """You store a worker's share in the dataset itself. The next epoch then cuts a share out of
    that share, and items are missing. Keep the limits of a share in variables of __iter__."""

    def __init__(self, n: int) -> None:
        self.start, self.end = 0, n

    def __iter__(self) -> Iterator[int]:
        """Shrink the dataset to the share."""
        info = get_worker_info()
        if info is not None:
            block = -(-(self.end - self.start) // info.num_workers)
            self.start += info.id * block
            self.end = min(self.start + block, self.end)
        return iter(range(self.start, self.end))


@mistake("counted-from-1")
class CountedFrom1(m09_data.Stream):
    """Your items are the ints from 1 to n. The task counts from 0, as Python's range and the rows
    of a tensor do. Look at where you start and stop."""

    def __iter__(self) -> Iterator[int]:
        """Add one."""
        return (item + 1 for item in super().__iter__())


@mistake("tensors-yielded")
class TensorsYielded(m09_data.Stream):
    """Your items are tensors that hold one number each. The task asks for ints. Look at what you
    iterate over: a tensor gives tensors, range gives ints."""

    def __iter__(self) -> Any:
        """Iterate over a tensor."""
        return iter(torch.tensor(list(super().__iter__()), dtype=torch.int64))
