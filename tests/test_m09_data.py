"""The references of m09, proved by torch's counterparts, plain loops and enumeration."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from itertools import combinations, permutations

import pytest
import torch
from m09_data import (
    PairDataset,
    Stream,
    batch_grad_variance,
    batches,
    make_loader,
    one_pass,
    split,
    update_counts,
)
from torch import Tensor
from torch.utils.data import DataLoader, IterableDataset, TensorDataset, dataloader, random_split

from autograder.answers.keys import cases
from autograder.course import exercises
from autograder.course.m09_data.m09_8_make_loader import loader_workers
from autograder.inside import probes
from autograder.inside.implementation import Implementation
from autograder.inside.observe import observe
from autograder.inside.tables import crop_yield


def crop(rows: int = 5) -> tuple[Tensor, Tensor]:
    """Return a crop table as float64 tensors."""
    x, y = crop_yield(rows)
    return torch.from_numpy(x), torch.from_numpy(y)


def numbered(n: int) -> tuple[Tensor, Tensor]:
    """Return x [n, 1], the row numbers, and y [n, 2], ten and a hundred times them."""
    x = torch.arange(n, dtype=torch.float64)[:, None]
    return x, torch.cat([10 * x, 100 * x], dim=1)


def seeded(seed: int) -> torch.Generator:
    """Return a generator with that seed."""
    return torch.Generator().manual_seed(seed)


def row_numbers(epoch: Iterator[tuple[Tensor, Tensor]]) -> list[int]:
    """Return the rows of an epoch of `numbered` data, after a look at each pair."""
    rows = []
    for xb, yb in epoch:
        assert torch.equal(yb, torch.cat([10 * xb, 100 * xb], dim=1))
        rows += [int(row) for row in xb[:, 0]]
    return rows


@pytest.fixture
def untouched_generator() -> Iterator[None]:
    """Fail the test if torch's global generator has moved in it."""
    before = torch.random.get_rng_state()
    yield
    assert torch.equal(torch.random.get_rng_state(), before)


@pytest.mark.parametrize("index", [0, 4, -1, slice(1, 4), slice(None, None, 2), slice(0, 0)])
def test_pair_dataset_is_a_tensor_dataset(index: int | slice) -> None:
    """Every kind of index gives what TensorDataset gives."""
    mine, torchs = PairDataset(*crop())[index], TensorDataset(*crop())[index]
    assert type(mine) is tuple and all(map(torch.equal, mine, torchs))


def test_pair_dataset_takes_row_numbers() -> None:
    """An index tensor asks for rows in its order, a row perhaps twice."""
    xb, yb = PairDataset(*numbered(5))[torch.tensor([3, 0, 3])]
    assert xb.tolist() == [[3], [0], [3]] and yb[:, 0].tolist() == [30, 0, 30]


def test_pair_dataset_has_an_end() -> None:
    """Its length is the number of rows, and a plain loop stops there."""
    ds = PairDataset(*numbered(3))
    assert len(ds) == 3
    assert [int(x) for x, _ in ds] == [0, 1, 2]  # type: ignore[attr-defined]
    with pytest.raises(IndexError):
        ds[-4]


def test_pair_dataset_shares_memory() -> None:
    """An in-place change of x is seen in the pairs."""
    x, y = numbered(3)
    ds = PairDataset(x, y)
    x[1] = 7
    assert ds[1][0].item() == 7


@pytest.mark.parametrize("rows", [(5, 4), (4, 5), (0, 1)])
def test_pair_dataset_refuses_unequal_lengths(rows: tuple[int, int]) -> None:
    """Another number of targets than of features is an error at once."""
    with pytest.raises(ValueError):
        PairDataset(torch.zeros(rows[0], 3), torch.zeros(rows[1], 2))


def test_pair_dataset_works_in_a_data_loader() -> None:
    """A DataLoader cuts it into the same batches as a TensorDataset."""
    mine, torchs = (DataLoader(kind(*crop()), 2) for kind in (PairDataset, TensorDataset))
    for ours, theirs in zip(mine, torchs, strict=True):
        assert all(map(torch.equal, ours, theirs))


@pytest.mark.parametrize(("n", "size"), [(5, 2), (6, 3), (3, 7), (1, 1)])
@pytest.mark.usefixtures("untouched_generator")
def test_batches_in_order_are_those_of_a_plain_loader(n: int, size: int) -> None:
    """Without shuffling they are slices of the tables, the last one perhaps shorter."""
    x, y = numbered(n)
    epoch = list(batches(x, y, size, shuffle=False))
    assert len(epoch) == len(range(0, n, size))
    for start, (xb, yb) in zip(range(0, n, size), epoch, strict=True):
        assert torch.equal(xb, x[start : start + size])
        assert torch.equal(yb, y[start : start + size])


@pytest.mark.usefixtures("untouched_generator")
def test_shuffled_batches_hold_every_pair_once() -> None:
    """Sizes and rows are those of the data; the order is a new one in every epoch."""
    x, y = numbered(64)
    generator = seeded(1)
    assert [len(xb) for xb, _ in batches(x, y, 10, True, generator)] == [10] * 6 + [4]
    first, second = (row_numbers(batches(x, y, 10, True, generator)) for _ in range(2))
    assert sorted(first) == sorted(second) == list(range(64))
    assert first != second and list(range(64)) not in (first, second)


def test_shuffled_batches_repeat_with_the_seed() -> None:
    """The same seed gives the same order, of a generator as of the global one."""
    x, y = numbered(64)
    one, again, other = (row_numbers(batches(x, y, 9, True, seeded(s))) for s in (1, 1, 2))
    assert one == again != other
    torch.manual_seed(1)
    assert row_numbers(batches(x, y, 9, True)) == one
    assert row_numbers(batches(x, y, 9, True)) != one


def test_all_orders_are_equally_likely() -> None:
    """In 6,000 epochs of 3 rows each of the six orders comes about 1,000 times."""
    x, y = numbered(3)
    generator = seeded(3)
    counts = Counter(tuple(row_numbers(batches(x, y, 2, True, generator))) for _ in range(6_000))
    assert set(counts) == set(permutations(range(3)))
    assert all(abs(count - 1_000) < 200 for count in counts.values())  # 6.9 standard deviations


@pytest.mark.parametrize("n", [10, 11, 25, 64])
@pytest.mark.parametrize("fractions", [[0.75, 0.25], [0.5, 0.25, 0.25], [1.0], [0.8, 0.1, 0.1]])
@pytest.mark.usefixtures("untouched_generator")
def test_split_is_random_split(n: int, fractions: list[float]) -> None:
    """The parts have the sizes of random_split, and hold every row number once."""
    parts = split(n, fractions, seed=5)
    theirs = random_split(TensorDataset(torch.zeros(n)), fractions, seeded(0))
    assert [len(part) for part in parts] == [len(part) for part in theirs]
    assert all(part.dtype == torch.int64 for part in parts)
    assert sorted(torch.cat(parts).tolist()) == list(range(n))


def test_split_hands_out_what_is_left_over() -> None:
    """Three quarters of 10 rows are 8, not 7."""
    assert [len(part) for part in split(10, [0.75, 0.25], 0)] == [8, 2]


def test_split_depends_on_the_seed_alone() -> None:
    """A seed repeats the parts whatever was drawn before; another one gives others."""
    first = split(64, [0.5, 0.5], 1)
    torch.rand(3)
    again, other = split(64, [0.5, 0.5], 1), split(64, [0.5, 0.5], 2)
    assert all(map(torch.equal, first, again))
    assert set(first[0].tolist()) != set(other[0].tolist())


def test_split_takes_every_row_equally_often() -> None:
    """Over 2,000 seeds each of 8 rows is in the first half about 1,000 times."""
    counts = Counter(row for seed in range(2_000) for row in split(8, [0.5, 0.5], seed)[0].tolist())
    assert all(abs(counts[row] - 1_000) < 150 for row in range(8))  # 6.7 standard deviations


@pytest.mark.parametrize("n", [0, 1, 3, 4, 12, 15])
@pytest.mark.parametrize("size", [1, 4, 20])
@pytest.mark.parametrize("drop_last", [False, True])
def test_update_counts_are_those_of_a_real_loop(n: int, size: int, drop_last: bool) -> None:
    """Count the batches of a DataLoader over three epochs."""
    updates = 0
    loader = DataLoader(TensorDataset(torch.zeros(n, 1)), size, drop_last=drop_last)
    for _ in range(3):
        updates += sum(1 for _ in loader)
    assert update_counts(n, size, 3, drop_last) == (len(loader), updates)
    assert all(type(count) is int for count in update_counts(n, size, 3, drop_last))


@pytest.mark.parametrize("batch", [1, 2, 3, 5, 6])
def test_batch_grad_variance_is_that_of_all_batches(batch: int) -> None:
    """Go through every choice of rows: the mean of their means is the full gradient."""
    g = torch.randn(6, 3, generator=seeded(4), dtype=torch.float64)
    means = torch.stack([g[list(rows)].mean(dim=0) for rows in combinations(range(6), batch)])
    torch.testing.assert_close(means.mean(dim=0), g.mean(dim=0))
    expected = (means - g.mean(dim=0)).square().mean(dim=0)
    torch.testing.assert_close(batch_grad_variance(g, batch), expected, rtol=1e-12, atol=1e-15)


def test_batch_grad_variance_of_the_whole_table_is_zero() -> None:
    """A batch of all rows does not vary; the dtype is kept."""
    assert batch_grad_variance(torch.randn(4, 2), 4).tolist() == [0, 0]
    assert batch_grad_variance(torch.randn(4, 2, dtype=torch.float64), 1).dtype == torch.float64


@pytest.mark.parametrize("lr", [0.01, 0.2, 0.5, 0.9])
@pytest.mark.parametrize("n", [0, 1, 7])
def test_one_pass_is_a_loop_of_sgd(n: int, lr: float) -> None:
    """Train a constant with autograd, a row at a time."""
    y = torch.randn(n, generator=seeded(5), dtype=torch.float64)
    c = torch.zeros((), dtype=torch.float64, requires_grad=True)
    for target in y:
        (slope,) = torch.autograd.grad((c - target).square(), c)
        c = (c - lr * slope).detach().requires_grad_()
    result = one_pass(y, lr)
    assert type(result) is float and result == pytest.approx(c.item(), rel=1e-12, abs=1e-15)


def test_one_pass_depends_on_the_order() -> None:
    """Sorted rows end at 0.784; over all orders the mean is the same for every row."""
    y = torch.tensor([0, 0, 0, 1, 1, 1], dtype=torch.float64)
    assert one_pass(y, 0.2) == pytest.approx(0.784)
    orders = [one_pass(y[list(order)], 0.2) for order in permutations(range(6))]
    assert sum(orders) / len(orders) == pytest.approx(0.5 * (1 - 0.6**6))


@pytest.mark.parametrize("n", [0, 1, 10])
def test_stream_yields_a_range(n: int) -> None:
    """Without workers it is range(n), as often as asked."""
    stream = Stream(n)
    assert isinstance(stream, IterableDataset)
    assert list(stream) == list(stream) == list(range(n))


class Witness(Stream):
    """A stream that tells which process yields."""

    def __iter__(self) -> Iterator[tuple[int, int]]:  # type: ignore[override]
        """Yield the items with the number of the process."""
        return ((item, os.getpid()) for item in super().__iter__())


def test_stream_is_shared_by_real_workers() -> None:
    """Two processes, neither of them this one, yield each item once."""
    seen = list(DataLoader(Witness(11), batch_size=None, num_workers=2))
    assert sorted(item for item, _ in seen) == list(range(11))
    assert len({process for _, process in seen} - {os.getpid()}) == 2


@pytest.mark.usefixtures("untouched_generator")
def test_make_loader_brings_every_pair_once_in_two_different_epochs() -> None:
    """The last batch is short, the order new; the global generator stays as it was."""
    loader = make_loader(*numbered(64), batch_size=10, seed=1)
    assert [len(xb) for xb, _ in loader] == [10] * 6 + [4]
    first, second = (row_numbers(iter(loader)) for _ in range(2))
    assert sorted(first) == sorted(second) == list(range(64))
    assert first != second and list(range(64)) not in (first, second)


def test_no_probe_starts_the_workers_of_a_loader(monkeypatch: pytest.MonkeyPatch) -> None:
    """That there are some is told; a cell may not have them, or takes too long for them."""
    monkeypatch.setattr(dataloader, "_MultiProcessingDataLoaderIter", None)
    way = Implementation({"make_loader": loader_workers}, frozenset())
    exercise = exercises()["make_loader"]
    for case in cases(exercise):
        seen = observe(way, probes.find(exercise.place, case.probe), case.given)
        assert seen.raised is None
        assert case.probe == "epochs" or seen.facts["loader"] == "a DataLoader with workers"


def test_make_loader_replays_from_its_seed() -> None:
    """Two loaders with one seed agree in each epoch, even in turn and with draws in between."""
    one, twin, other = (make_loader(*numbered(32), 5, seed) for seed in (1, 1, 2))
    for _ in range(3):
        epoch = row_numbers(iter(one))
        torch.rand(1)
        assert epoch == row_numbers(iter(twin)) != row_numbers(iter(other))
