"""Probes of Stream."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import chain, islice
from typing import Any

from torch import Tensor
from torch.utils.data import DataLoader, Dataset
from torch.utils.data._utils import worker

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation, describe
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.m09_data.shared import listed
from autograder.inside.probes.tools import more_sizes, outcome_of


@probe("items")
def stream_items(impl: Implementation, given: Given) -> Facts:
    """All items without workers, and those of several workers together, each time twice; and, to
    be sure of more than one size, those of longer streams."""
    n, stream = given.n, impl.Stream(given.n)
    kinds: set[str] = set()

    def loaded() -> list[Any]:
        batches = islice(DataLoader(stream, batch_size=3), n + 1)
        return [item for batch in batches for item in batch.tolist()]

    def after_a_break() -> list[Any]:
        next(iter(stream), None)  # an epoch that is broken off
        return _items(stream, n, kinds)

    facts: Facts = {
        "kind of the items": "an int",
        "items without workers": _listed_or_raised(lambda: _items(stream, n, kinds)),
        "items without workers, the second time": _listed_or_raised(
            lambda: _items(stream, n, kinds)
        ),
        "items without workers, after a broken-off epoch": _listed_or_raised(after_a_break),
        "items of a DataLoader without workers": _listed_or_raised(loaded),
    }
    for count in given.workers:
        # In workers' place: a copy of the dataset each, made outside of them as a DataLoader does.
        copies = [impl.Stream(n) for _ in range(count)]
        first, second = (
            [_worker_items(c, i, count, n, kinds) for i, c in enumerate(copies)] for _ in "12"
        )
        facts[f"items of {count} workers together"] = listed(sorted(chain(*first)))
        facts[f"items of {count} workers, the second time"] = listed(sorted(chain(*second)))
        if n >= count * count:
            busy = sum(bool(items) for items in first)
            facts[f"workers with items, of {count}"] = f"{busy} of {count}"
    if others := more_sizes(given, 49, 300):
        facts["items of longer streams without workers"] = "; ".join(
            _listed_or_raised(partial(_items, impl.Stream(m), m, kinds), _in_brief) for m in others
        )
    return facts | {"kind of the items": ", ".join(sorted(kinds)) or "an int"}


def _listed_or_raised(
    call: Callable[[], list[Any]], tell: Callable[[list[Any]], str] = listed
) -> str:
    got: list[Any] = []
    outcome = outcome_of(lambda: got.extend(call()))
    return tell(sorted(got)) if outcome == "no exception" else outcome


def _in_brief(items: list[Any]) -> str:
    """Write out only what is not all of 0, 1, 2, ..., up to the last."""
    whole = items == list(range(len(items))) and len(items) > 1
    return f"0 to {items[-1]}" if whole else listed(items)


def _items(stream: Iterable[Any], n: int, kinds: set[str]) -> list[Any]:
    """Return the items, those that are tensors as numbers, and note in `kinds` that they were."""
    items = list(islice(iter(stream), 2 * n + 2))
    kinds |= {describe(item) for item in items if isinstance(item, Tensor)}
    return [item.tolist() if isinstance(item, Tensor) else item for item in items]


def _worker_items(
    copy: Iterable[Any], number: int, count: int, n: int, kinds: set[str]
) -> list[Any]:
    with _as_worker(number, count, copy):
        return _items(copy, n, kinds)


@contextmanager
def _as_worker(number: int, count: int, dataset: Any) -> Iterator[None]:
    """Have get_worker_info() answer as in a DataLoader's worker."""
    before = worker._worker_info
    held: Dataset[Any] = dataset
    worker._worker_info = worker.WorkerInfo(id=number, num_workers=count, seed=number, dataset=held)
    try:
        yield
    finally:
        worker._worker_info = before
