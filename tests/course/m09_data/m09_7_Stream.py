"""Other ways to do Stream."""

from __future__ import annotations

import itertools
import math

import torch
from torch.utils import data
from torch.utils.data import IterableDataset, get_worker_info

from autograder.course.marks import restated, right, wrong


@right()
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


@right()
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


@right()
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


@right()
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


@restated("blocks-too-long")
class BlocksPastTheEnd(_Stream):
    """Rounds blocks up and lets the last ones go past the end."""

    def __iter__(self):
        """Yield a whole block."""
        number, count = self._shares()
        size = math.ceil(self.n / count)
        return iter(range(number * size, (number + 1) * size))


@wrong()
class TwoWorkersAtMost(_Stream):
    """Shares among two, however many there are."""

    def __iter__(self):
        """Yield every other item."""
        number, count = self._shares()
        return iter(range(number % 2, self.n, min(count, 2)))


@wrong()
class OnceInAWorker(_Stream):
    """Yields nothing in a worker's second epoch."""

    def __iter__(self):
        """Remember that it was iterated."""
        if get_worker_info() is not None:
            if getattr(self, "done", False):
                return iter(())
            self.done = True
        return super().__iter__()


@restated("tensors-yielded")
class YieldsTensors(_Stream):
    """Yields tensors in place of ints."""

    def __iter__(self):
        """Put the items into a tensor."""
        number, count = self._shares()
        return iter(torch.arange(self.n)[number::count])


@wrong()
class BlocksOfAtLeastOne(_Stream):
    """Gives every worker an item where there are fewer items than workers."""

    def __iter__(self):
        """Yield a block, the last worker also the rest."""
        number, count = self._shares()
        size = max(1, self.n // count)
        start = number * size
        return iter(range(start, self.n if number == count - 1 else start + size))


@wrong()
class NumbersFromOne(_Stream):
    """Takes worker numbers to begin at 1."""

    def __iter__(self):
        """Yield items of the worker before."""
        number, count = self._shares()
        return iter(range(number - 1 if count > 1 else 0, self.n, count))


@wrong()
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


@restated("counted-from-1")
class CountsFromOne(_Stream):
    """Yields 1 to n."""

    def __iter__(self):
        """Add one to each item."""
        return (item + 1 for item in super().__iter__())


@wrong()
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


@restated("not-sharded")
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


@restated("tail-lost")
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


@restated("no-worker-forgotten")
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


@restated("used-up")
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


@restated("one-worker-for-all")
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


@restated("one-iterator-not-shared")
class IsItsOwnIterator(IterableDataset):
    """Counts its items in itself."""

    def __init__(self, n):
        """Make it."""
        self.n = n
        self.i = -1

    def __iter__(self):
        """Give."""
        return self

    def __next__(self):
        """Go on."""
        self.i += 1
        if self.i >= self.n:
            raise StopIteration
        return self.i
