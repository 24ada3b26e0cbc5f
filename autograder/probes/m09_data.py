"""Probes of m09: dataset, batches, split, counts, gradient noise, stream, loader."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import chain, islice, pairwise
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset
from torch.utils.data._utils import worker

from autograder.given import Given
from autograder.judging.implementation import Implementation
from autograder.probes import Facts, probe
from autograder.probes.tools import logged, outcome_of

Epoch = list[tuple[Tensor, Tensor]]


@probe("PairDataset", "pairs")
def pairs_pairs(it: Implementation, given: Given) -> Facts:
    """Every pair by its number, counted from the front and from the end, and in a DataLoader."""
    x, y = given.regression()
    n, ds = len(x), it.PairDataset(x, y)
    return {
        "length": len(ds),
        "pairs": [ds[i] for i in range(n)],
        "pairs counted from the end": [ds[-i] for i in range(1, n + 1)],
        "answer to ds[N]": outcome_of(lambda: ds[n], IndexError),
        "answer to ds[-N - 1]": outcome_of(lambda: ds[-n - 1], IndexError),
        "batches in a DataLoader": [tuple(b) for b in DataLoader(ds, batch_size=given.batch)],
    }


@probe("PairDataset", "selections")
def pairs_selections(it: Implementation, given: Given) -> Facts:
    """Several rows at once: by slices, and by an index tensor."""
    draw_x, draw_y = (
        given.randn if each not in given.whole else partial(given.integers, 0, 9) for each in "xy"
    )
    x, y = draw_x(given.n, given.n_in), draw_y(given.n, given.n_out)
    rows = given.integers(0, given.n, given.rows_asked)
    if given.device.type == "meta":  # where an index has no numbers
        rows = torch.zeros(given.rows_asked, dtype=torch.int64)
    ds = it.PairDataset(x, y)
    return {
        "ds[1:3]": _or_refusal(lambda: ds[1:3]),
        "ds[::2]": _or_refusal(lambda: ds[::2]),
        "ds[-2:]": _or_refusal(lambda: ds[-2:]),
        "ds[:0]": _or_refusal(lambda: ds[:0]),
        "ds[index tensor]": _or_refusal(lambda: ds[rows]),
    }


@probe("PairDataset", "sharing")
def pairs_sharing(it: Implementation, given: Given) -> Facts:
    """Whether the pairs show what is done to x and y in place after the dataset was made."""
    # Columns of a table that is stored by columns, as x and y often are: they are not contiguous.
    table = given.leaf(given.n_in + given.n_out, given.n).detach().T
    x, y = table[:, : given.n_in], table[:, given.n_in :]
    ds = it.PairDataset(x, y)
    _ = [ds[i] for i in range(0, given.n, 2)]  # nothing that was looked at may be kept
    x += 1
    y *= -2
    return {"pairs after an in-place change of x and y": [ds[i] for i in range(given.n)]}


@probe("PairDataset", "refusal")
def pairs_refusal(it: Implementation, given: Given) -> Facts:
    """What happens when x and y have different numbers of rows."""
    x, y = given.randn(*given.x), given.randn(*given.y)
    return {"answer to unequal lengths": outcome_of(lambda: it.PairDataset(x, y), ValueError)}


@probe("batches", "in order")
def batches_in_order(it: Implementation, given: Given) -> Facts:
    """The batches of an epoch without shuffling, also where there is a generator."""
    x, y = given.regression()
    epoch = _epoch(it.batches(x, y, given.size, False), len(x))
    return {
        "sizes of batches": _listed(len(xb) for xb, _ in epoch),
        "batches": epoch,
        "batches with a generator at hand": _epoch(
            it.batches(x, y, given.size, False, _seeded(given.seed)), len(x)
        ),
    }


@probe("batches", "shuffled")
def batches_shuffled(it: Implementation, given: Given) -> Facts:
    """The rows of shuffled epochs, in whatever order, and what the generator decides."""
    x, y = _table(given)
    generators = [_seeded(seed) for seed in (given.seed, given.seed, given.seed ^ 1)]
    first, again, other, second = (
        _epoch(it.batches(x, y, given.size, True, g), len(x)) for g in (*generators, generators[0])
    )
    return {
        **_seen(first, x, y),
        "order of a second epoch with the same generator": _alike(second, first),
        "order for the same seed": _alike(again, first),
        "order for another seed": _alike(other, first),
        "global random state": given.global_random_state(),
    }


@probe("batches", "global generator")
def batches_global_generator(it: Implementation, given: Given) -> Facts:
    """Shuffled epochs without a generator."""
    x, y = _table(given)
    given.seed_global_generators()
    first, second = (_epoch(it.batches(x, y, given.size, True), len(x)) for _ in range(2))
    torch.manual_seed(given.seed)  # and not NumPy's or Python's generator
    again = _epoch(it.batches(x, y, given.size, True), len(x))
    return {
        **_seen(first, x, y),
        "order of a second epoch": _alike(second, first),
        "order for the same torch.manual_seed": _alike(again, first),
    }


@probe("batches", "all orders")
def batches_all_orders(it: Implementation, given: Given) -> Facts:
    """Whether one long epoch is mixed evenly, and whether either of two rows can come first.

    One of two rows is always first in all of 36 epochs with a probability of 2^-35 = 3e-11.
    """
    n, generator = given.n, _seeded(given.seed)
    x = given.tensor(torch.arange(n)[:, None])
    y = given.tensor(torch.arange(n)[:, None] + 0.5)
    long = _epoch(it.batches(x, y, given.size, True, generator), 3)
    pairs = (list(it.batches(x[:2], y[:2], 2, True, generator)) for _ in range(36))
    first = {float(xb.flatten()[0]) for (xb, _), *_ in pairs}
    return {
        "mixing of a long epoch": _mixing(_joined([xb for xb, _ in long]), n),
        "first of two rows, in 36 epochs": "now one, now the other" if len(first) > 1 else "fixed",
    }


@probe("split", "parts")
def split_parts(it: Implementation, given: Given) -> Facts:
    """The sizes of the parts, and whether every row number is in one of them."""
    parts = list(it.split(given.n, list(given.fractions), given.seed))
    rows = [row for part in parts for row in part.tolist()]
    return {
        "sizes of the parts": _listed(map(len, parts)),
        "row numbers in the parts": _counted(rows, list(range(given.n))),
        "parts without their numbers": [torch.zeros_like(part) for part in parts],
    }


@probe("split", "chance")
def split_chance(it: Implementation, given: Given) -> Facts:
    """How the parts depend on the seed, and whether rows from everywhere come into the first."""
    seed, another = _two_seeds(given)

    def parts(of: int) -> list[list[int]]:
        made = it.split(given.n, list(given.fractions), of)
        rows = [sorted(part.tolist()) for part in made]
        for part in made:
            part.numpy().fill(0)  # what a caller does with the parts must not show in later ones
        return rows

    first, again, other, zero, zero_again = map(parts, (seed, seed, another, 0, 0))
    many = [it.split(given.n, list(given.fractions), seed + k)[0].tolist() for k in range(40)]
    # That any of 69 rows stays on one side for 40 seeds has a probability of 69 * 2^-39 = 1.3e-10.
    fixed = given.n - len(set().union(*many)) + len(set(many[0]).intersection(*many))
    # Two right parts of half of at least 64 rows are equal by chance once in C(64, 32) = 2e18.
    return {
        "rows of the first part": _origin(first[0], given.n),
        "rows of the later parts": _later_parts(first[1:]),
        "second parts for the same seed": "equal" if again == first else "different",
        "second parts for the seed 0": "equal" if zero_again == zero else "different",
        "parts for another seed": "equal" if other == first else "different",
        "first parts for 40 seeds in a row": (
            "all different" if len({frozenset(part) for part in many}) == 40 else "some are equal"
        ),
        "rows on the same side for all 40 seeds": fixed,
        "global random state": given.global_random_state(),
    }


@probe("update_counts", "counts")
def update_counts_counts(it: Implementation, given: Given) -> Facts:
    """The numbers of updates with the short batch, and without it."""
    per_epoch, total = it.update_counts(given.n, given.batch, given.epochs)
    dropped = it.update_counts(given.n, given.batch, given.epochs, drop_last=True)
    dropped_per_epoch, dropped_total = dropped
    return {
        "number of updates per epoch": _count(per_epoch),
        "number of updates in total": _count(total),
        "number of updates per epoch with drop_last": _count(dropped_per_epoch),
        "number of updates in total with drop_last": _count(dropped_total),
    }


@probe("batch_grad_variance", "variance")
def batch_grad_variance_variance(it: Implementation, given: Given) -> Facts:
    """The variance of a batch's gradient; a second call must leave the first result alone."""
    g = given.randn(given.n, given.n_params)
    variance = it.batch_grad_variance(g, given.batch)
    other = given.n - given.batch or 1
    return {
        "variance": variance,
        "variance for another size of batch": it.batch_grad_variance(2 * g, other),
    }


@probe("one_pass", "estimate")
def one_pass_estimate(it: Implementation, given: Given) -> Facts:
    """Where the constant model ends; as a float it may have been computed in float32."""
    y = given.tensor(given.values) if "values" in given.spec else given.randn(given.n)
    c = it.one_pass(y, given.lr)
    return {"c after the last row": logged(float(c) if type(c) is int else c)}


@probe("Stream", "items")
def stream_items(it: Implementation, given: Given) -> Facts:
    """All items without workers, and those of several workers together, each time twice."""
    n, stream = given.n, it.Stream(given.n)

    def loaded() -> list[Any]:
        batches = islice(DataLoader(stream, batch_size=3), n + 1)
        return [item for batch in batches for item in batch.tolist()]

    def after_a_break() -> list[Any]:
        next(iter(stream), None)  # an epoch that is broken off
        return _items(stream, n)

    facts: Facts = {
        "items without workers": _listed_or_raised(lambda: _items(stream, n)),
        "items without workers, the second time": _listed_or_raised(lambda: _items(stream, n)),
        "items without workers, after a broken-off epoch": _listed_or_raised(after_a_break),
        "items of a DataLoader without workers": _listed_or_raised(loaded),
    }
    for count in given.workers:
        # In workers' place: a copy of the dataset each, made outside of them as a DataLoader does.
        copies = [it.Stream(n) for _ in range(count)]
        first, second = (
            [_worker_items(c, i, count, n) for i, c in enumerate(copies)] for _ in "12"
        )
        facts[f"items of {count} workers together"] = _listed(sorted(chain(*first)))
        facts[f"items of {count} workers, the second time"] = _listed(sorted(chain(*second)))
        if n >= count * count:
            busy = sum(bool(items) for items in first)
            facts[f"workers with items, of {count}"] = f"{busy} of {count}"
    return facts


@probe("make_loader", "batches")
def make_loader_batches(it: Implementation, given: Given) -> Facts:
    """The batches of an epoch, their rows in whatever order."""
    x, y = given.regression()
    loader = it.make_loader(x, y, given.batch_size, given.seed)
    epoch = _epoch(loader, len(x))
    return {
        "sizes of batches": _listed(len(xb) for xb, _ in epoch),
        "batches without their numbers": [tuple(map(torch.zeros_like, batch)) for batch in epoch],
        "pairs of the epoch": _pairs(epoch, x, y),
        "loader": "a DataLoader" if isinstance(loader, DataLoader) else type(loader).__name__,
    }


@probe("make_loader", "epochs")
def make_loader_epochs(it: Implementation, given: Given) -> Facts:
    """The orders of two epochs, and how they depend on the seed."""
    x, y = _table(given)
    seed, another = _two_seeds(given)
    before = torch.get_rng_state()
    loader, twin = (it.make_loader(x, y, given.batch_size, seed) for _ in range(2))
    built = "untouched" if torch.equal(torch.get_rng_state(), before) else "moved"
    first, of_twin, second, second_of_twin = (
        _epoch(each, len(x)) for each in (loader, twin, loader, twin)
    )
    again, other, neighbour = (
        _epoch(it.make_loader(x, y, given.batch_size, each), len(x))
        for each in (seed, another, seed ^ 1)
    )
    facts = _seen(second, x, y)
    if len(x) >= 64:  # with fewer rows, chance may bring the same batches again
        facts["batches of a second epoch"] = "as before" if _sets(second) == _sets(first) else "new"
        facts["rows that follow one another in both epochs"] = _followers(first, second)
    else:  # more epochs where they are short
        later = [_epoch(loader, len(x)) for _ in range(2)]
        zero, zero_again = (
            _epoch(it.make_loader(x, y, given.batch_size, 0), len(x)) for _ in range(2)
        )
        facts["orders of the third and fourth epoch"] = [_alike(each, first) for each in later]
        facts["order of a later loader with the seed 0"] = _alike(zero_again, zero)
    return {
        **facts,
        "order of a second epoch": _alike(second, first),
        "torch's global generator, after building": built,
        "order of a later loader with the same seed": _alike(again, first),
        "order of a loader with the same seed, used in turn": _alike(of_twin, first),
        "second order of a loader with the same seed": (
            "the same" if _alike(second_of_twin, second) == "equal to the first" else "another"
        ),
        "order of a loader with another seed": _alike(other, first),
        "order of a loader with the next seed": _alike(neighbour, first),
        "global random state": given.global_random_state(),
    }


def _two_seeds(given: Given) -> tuple[int, int]:
    """Return two seeds that are not the global generators', and share their last digits."""
    seed = (given.seed ^ 2) % 2**31
    return seed, seed + 1000


def _or_refusal(call: Callable[[], Any]) -> Any:
    got: list[Any] = []
    outcome = outcome_of(lambda: got.append(call()))
    return got[0] if outcome == "no exception" else "refused with an exception"


def _listed_or_raised(call: Callable[[], list[Any]]) -> str:
    got: list[Any] = []
    outcome = outcome_of(lambda: got.extend(call()))
    return _listed(sorted(got)) if outcome == "no exception" else f"an exception ({outcome})"


def _count(number: Any) -> str:
    """Write a number out, so that 4 and 4.0 can be told apart."""
    return repr(int(number) if isinstance(number, np.integer) else number)


def _table(given: Given) -> tuple[Tensor, Tensor]:
    """Return features and targets whose rows can be told apart, also where float32 is rounded."""
    x, y = given.randn(given.n, given.n_in), given.randn(given.n, given.n_out)
    if given.dtype == torch.float32:
        x = given.tensor(
            x.cpu() + 16 * torch.randperm(given.n, generator=_seeded(given.seed))[:, None]
        )
    return x, y


def _seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def _epoch(batches: Iterable[Any], n: int) -> Epoch:
    """Take the batches of an epoch; one that never ends is cut off."""
    return [(xb, yb) for xb, yb in islice(batches, 2 * n + 2)]


def _listed(items: Iterable[Any]) -> str:
    """Write items out, so that a student sees which are missing or too many."""
    return ", ".join(map(repr, items))[:300] or "none"


def _seen(epoch: Epoch, x: Tensor, y: Tensor) -> Facts:
    """Tell of a shuffled epoch what all right ones have in common."""
    sizes = sorted((len(xb) for xb, _ in epoch), reverse=True)
    return {
        "sizes of batches, largest first": _listed(sizes),
        "pairs of the epoch": _pairs(epoch, x, y),
        "order of the rows": _order(epoch, x),
    }


def _pairs(epoch: Epoch, x: Tensor, y: Tensor) -> str:
    features = [tuple(row) for xb, _ in epoch for row in xb.tolist()]
    targets = [tuple(row) for _, yb in epoch for row in yb.tolist()]
    own_features, own_targets = (list(map(tuple, table.tolist())) for table in (x, y))
    told = _counted(features, own_features)
    own_pairs = Counter(zip(own_features, own_targets, strict=True))
    if told == "each exactly once" and Counter(zip(features, targets, strict=False)) != own_pairs:
        return "rows of x with targets of other rows"
    return told


def _counted(rows: list[Any], expected: list[Any]) -> str:
    """Compare rows in any order with those that should be there."""
    found, wanted = Counter(rows), Counter(expected)
    if found == wanted:
        return "each exactly once"
    if found - wanted:
        return "some twice, or from elsewhere"
    return "some missing"


def _order(epoch: Epoch, x: Tensor) -> str:
    """Say how the rows of an epoch are ordered.

    With n >= 64 rows in a random order, half of them stand beside a neighbour with a probability of
    at most C(63, 32) 2^32 32! / 64! = 1e-25. `_mixed` errs once in 3e10. With n >= 16 rows, the
    order of the data comes up once in 16! = 2e13; no more is asked of so few.
    """
    n, places = len(x), {tuple(row): place for place, row in enumerate(x.tolist())}
    rows = [places.get(tuple(row), -1) for xb, _ in epoch for row in xb.tolist()]
    if rows == list(range(len(rows))):
        return "as in the data"
    if n >= 64:
        if sum(abs(a - b) == 1 for a, b in pairwise(rows)) >= n // 2:
            return "neighbours stay together"
        if not _mixed(rows[: n // 2], n):
            return "rows stay near their place"
    return "random"


def _mixing(rows: Tensor, n: int) -> str:
    """Say how the row numbers 0 to n - 1 of a long shuffled epoch are mixed.

    In a random order of n = 10000 rows, the first half has 2500 +- 25 rows of the first half, and
    5000 +- 29 rows come earlier than in the data; both are beyond the bounds with a probability of
    less than 1e-10. Swapping each row with any other one, a known trap, misses by 10 deviations.
    """
    rows = rows.flatten().cpu()
    half, deviation = n // 2, n**0.5 / 4
    if abs((rows[:half] < half).sum().item() - half / 2) > 7 * deviation:
        return "rows stay near their place, or near their neighbours"
    earlier = (rows > torch.arange(len(rows))).sum().item()
    if abs(earlier - n / 2) > 7.7 * deviation:
        return "some places are likelier than others"
    return "even"


def _later_parts(parts: Sequence[Sequence[int]]) -> str:
    """Say whether parts of sorted row numbers, of at least 17 rows each, follow one another.

    Two such right parts do with a probability of 1 / C(34, 17) = 4e-10.
    """
    follow = any(a and b and a[-1] < b[0] for a, b in pairwise(parts))
    return "in order, one part after the other" if follow else "from everywhere"


def _mixed(rows: Sequence[int], n: int) -> bool:
    """Say whether half of the rows come neither from one half of the data only, nor nearly so.

    For n >= 64 and h = n / 2 rows drawn at random, at most 3 are from one of the halves with a
    probability of 2 (C(h, 3)^2 + C(h, 2)^2 + h^2 + 1) / C(n, h) <= 3e-11.
    """
    early = sum(row < n // 2 for row in rows)
    return 3 < early < len(rows) - 3


def _origin(rows: Sequence[int], n: int) -> str:
    """Say whether sorted row numbers, about half of n >= 64, come from all over the data.

    Of all choices of 32 rows from 64, 3e6 of 2e18 lie in at most 3 pieces without a gap.
    """
    pieces = 1 + sum(b - a > 1 for a, b in pairwise(rows))
    return "from everywhere" if pieces > 3 and _mixed(rows, n) else "close together in the data"


def _alike(epoch: Epoch, other: Epoch) -> str:
    """Compare two orders; right ones of n >= 16 rows are equal by chance once in 16! = 2e13."""
    rows, others = (_joined([xb for xb, _ in each]) for each in (epoch, other))
    return "equal to the first" if torch.equal(rows, others) else "different from the first"


def _sets(epoch: Epoch) -> set[frozenset[tuple[float, ...]]]:
    return {frozenset(map(tuple, xb.tolist())) for xb, _ in epoch}


def _followers(epoch: Epoch, other: Epoch) -> str:
    """Say whether most rows keep the row behind them, as where an order is only turned round.

    Of n >= 64 rows half do by chance with a probability of at most 1e-25, as in `_order`.
    """
    pairs, others = (
        set(pairwise(tuple(row) for xb, _ in each for row in xb.tolist()))
        for each in (epoch, other)
    )
    return "most" if 2 * len(pairs & others) >= len(pairs) else "few"


def _joined(parts: list[Tensor]) -> Tensor:
    return torch.cat(parts) if parts else torch.empty(0)


def _items(stream: Iterable[Any], n: int) -> list[Any]:
    return list(islice(iter(stream), 2 * n + 2))


def _worker_items(copy: Iterable[Any], number: int, count: int, n: int) -> list[Any]:
    with _as_worker(number, count, copy):
        return _items(copy, n)


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
