"""The references of m19, proved by torch's own functions, scripted clocks and exact fractions."""

from __future__ import annotations

import random
import time
import timeit
import warnings
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any, NamedTuple
from unittest import mock

import numpy as np
import pytest
import torch
from m19_device import autotune, loader_options, seed_everything, timed, to_device, worth_gpu
from torch import Tensor, nn
from torch.backends import cudnn
from torch.utils._pytree import tree_flatten, tree_map
from torch.utils.data import DataLoader, TensorDataset

from autograder.inside.probes.m19_device.machine import Machine

CPU, META, CUDA = (torch.device(name) for name in ("cpu", "meta", "cuda"))
NEEDS_GPU = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")


class Sample(NamedTuple):
    """A row with names."""

    x: Tensor
    y: Tensor


def nested() -> dict[str, Any]:
    """Return a batch of containers in containers."""
    x, y = torch.ones(2, 3), torch.arange(2)
    return {"pair": (x, y), "list": [Sample(x, y), "text", None], "id": 7, "deep": {"empty": ()}}


def test_to_device_moves_what_torchs_tree_map_moves() -> None:
    """Structure, types and tensors are those that torch's own walk through containers gives."""
    batch = nested()
    expected = tree_map(lambda leaf: leaf.to(META) if isinstance(leaf, Tensor) else leaf, batch)
    moved = to_device(batch, META)
    (leaves, structure), (others, other) = tree_flatten(moved), tree_flatten(expected)
    assert structure == other
    for leaf, twin in zip(leaves, others, strict=True):
        if isinstance(leaf, Tensor):
            assert leaf.is_meta and (leaf.shape, leaf.dtype) == (twin.shape, twin.dtype)
        else:
            assert leaf is twin
    assert isinstance(moved["list"][0], Sample) and type(moved["pair"]) is tuple


def test_to_device_leaves_the_batch_alone() -> None:
    """Every container still has the very items that it had, all on the CPU."""
    batch = nested()
    before = tree_flatten(batch)[0]
    to_device(batch, META)
    assert all(one is other for one, other in zip(tree_flatten(batch)[0], before, strict=True))


def test_only_what_lies_on_one_device_can_meet() -> None:
    """tb.15: a moved layer raises on a batch that was left behind, and takes one that was moved."""
    layer, batch = nn.Linear(3, 1).to(META), (torch.ones(2, 3), torch.ones(2, 1))
    with pytest.raises(RuntimeError, match="device meta"):
        layer(batch[0])
    x, y = to_device(batch, META)
    assert nn.functional.mse_loss(layer(x), y).is_meta


@pytest.mark.parametrize("asked", [True, False])
def test_to_device_hands_non_blocking_on(asked: bool) -> None:
    """Each call of to() gets it, and False where nothing is asked."""
    with mock.patch.object(Tensor, "to") as to:
        to_device(nested(), META, asked)
        to_device(torch.ones(1), META)
    flags = [call.kwargs["non_blocking"] for call in to.call_args_list]
    assert flags == [asked] * 4 + [False]


@NEEDS_GPU
def test_a_pinned_batch_need_not_wait_for_the_gpu() -> None:
    """tb.42: with non_blocking=True the call returns while the GPU is still busy; else it waits.

    A machine that stands still in between makes the GPU look idle, so one of five tries is enough.
    """
    x = torch.ones(1000).pin_memory()

    def waited(non_blocking: bool) -> bool:
        torch.cuda.synchronize()
        torch.cuda._sleep(100_000_000)
        to_device(x, CUDA, non_blocking)
        return torch.cuda.current_stream().query()

    assert all(waited(False) for _ in range(3))
    assert not all(waited(True) for _ in range(5))


@pytest.mark.parametrize("seed", [0, 7, 2**32 - 1])
def test_seed_everything_starts_the_streams_of_the_seed(seed: int) -> None:
    """tb.19: the next numbers are those of new generators of each library with this seed."""
    generator = seed_everything(seed)
    assert random.random() == random.Random(seed).random()
    assert np.random.random_sample() == np.random.RandomState(seed).random_sample()
    expected = torch.rand(3, generator=torch.Generator().manual_seed(seed))
    assert torch.equal(torch.rand(3), expected)
    assert torch.equal(torch.rand(3, generator=generator), expected)


def test_a_seeded_run_can_be_repeated() -> None:
    """tb.19, lr.38: new layers and a loader's order come again with the seed, and not with another;
    drawing the order does not move the layers' numbers."""

    def run(seed: int, epochs: int) -> tuple[list[int], float]:
        generator = seed_everything(seed)
        rows = TensorDataset(torch.arange(64))
        loader = DataLoader(rows, batch_size=64, shuffle=True, generator=generator)
        orders = [batch.tolist() for _ in range(epochs) for (batch,) in loader]
        return orders[0], nn.Linear(1, 1).weight.item()

    first = run(5, 1)
    assert run(5, 1) == run(5, 2) == first
    assert run(6, 1)[0] != first[0] and run(6, 1)[1] != first[1]


@NEEDS_GPU
def test_seed_everything_seeds_the_gpu() -> None:
    """tb.19: a GPU has a stream of its own."""
    seed_everything(3)
    first = torch.rand(4, device=CUDA)
    seed_everything(3)
    assert torch.equal(torch.rand(4, device=CUDA), first)


@pytest.mark.parametrize("device", [CPU, CUDA])
@pytest.mark.parametrize("in_memory", [True, False])
@pytest.mark.parametrize("n_cpu", [1, 2, 5])
def test_a_loader_takes_the_options(device: torch.device, in_memory: bool, n_cpu: int) -> None:
    """tb.42, tb.45: pinned for a GPU only; workers for files only, kept, with a core left over."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # five workers may be more than this machine has cores
        loader = DataLoader(
            TensorDataset(torch.ones(2)), **loader_options(device, n_cpu, in_memory)
        )
    assert loader.pin_memory is (device == CUDA)
    assert loader.num_workers == (0 if in_memory else {1: 0, 2: 1, 5: 4}[n_cpu])
    assert loader.persistent_workers is (loader.num_workers > 0)


def test_options_for_the_cpu_bring_no_warning() -> None:
    """tb.42: without a GPU torch warns of pinned memory, for which these options do not ask."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        options = loader_options(CPU, 1, False)
        assert len(list(DataLoader(TensorDataset(torch.ones(4)), batch_size=2, **options))) == 2


@NEEDS_GPU
def test_options_for_a_gpu_bring_pinned_batches() -> None:
    """tb.42: a batch of plain tensors comes in page-locked memory."""
    rows = TensorDataset(torch.ones(4))
    ((batch,),) = DataLoader(rows, batch_size=4, **loader_options(CUDA, 4, True))
    assert batch.is_pinned()


def readings(*seconds: float) -> Iterator[float]:
    """Yield what a clock shows before and after calls that take these seconds."""
    now = 100.0
    for one in seconds:
        yield now
        now += one
        yield now
        now += 50.0  # between the calls


@pytest.mark.parametrize(
    ("seconds", "expected"), [((3.0,), 3.0), ((9.0, 1.0, 2.0), 2.0), ((8.0, 1.0, 2.0, 4.0), 3.0)]
)
def test_timed_is_the_median_of_a_scripted_clock(
    seconds: tuple[float, ...], expected: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock is read twice a call, around it; medians of one, three and four times by hand."""
    clock, fn = readings(*seconds), mock.Mock()
    monkeypatch.setattr(time, "perf_counter", lambda: next(clock))
    assert timed(fn, CPU, 2, len(seconds)) == expected
    assert fn.call_count == 2 + len(seconds)
    assert next(clock, None) is None


def test_timed_waits_before_both_readings(monkeypatch: pytest.MonkeyPatch) -> None:
    """lr.35: on CUDA the GPU is waited for before the clock starts and before it stops."""
    steps: list[str] = []

    def step(name: str) -> Callable[..., float]:
        def noted(*_: object) -> float:
            steps.append(name)
            return 0.0

        return noted

    monkeypatch.setattr(time, "perf_counter", step("clock"))
    monkeypatch.setattr(torch.cuda, "synchronize", step("wait"))
    timed(step("fn"), CUDA, 1, 2)
    assert steps == ["fn", *2 * ["wait", "clock", "fn", "wait", "clock"]]


def test_timed_needs_no_gpu_for_the_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """For the CPU nothing of CUDA is called, and the real clock shows no negative time."""
    monkeypatch.setattr(torch.cuda, "synchronize", mock.Mock(side_effect=AssertionError))
    assert timed(lambda: None, CPU, 0, 3) >= 0


@NEEDS_GPU
def test_timed_counts_the_work_of_a_gpu() -> None:
    """lr.35: a call that keeps the GPU busy takes at least as long as the GPU's own clock says."""
    start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
    start.record()
    torch.cuda._sleep(50_000_000)
    end.record()
    torch.cuda.synchronize()
    busy = start.elapsed_time(end) / 1000
    assert timed(lambda: torch.cuda._sleep(50_000_000), CUDA, 1, 3) > busy / 2


def test_worth_gpu_compares_exact_sums() -> None:
    """lr.35, tb.32: its answer is that of fractions, on 500 drawn costs without
    rounding, also where both take as long."""
    draw = random.Random(1)
    for _ in range(500):
        cpu, gpu, there, start = (draw.randint(0, 40) for _ in range(4))
        launches = draw.randint(0, 9)
        exact = Fraction(gpu, 8) + Fraction(there, 4) + Fraction(launches * start, 16)
        for cpu_s in (Fraction(cpu, 8), exact):
            answer = worth_gpu(float(cpu_s), gpu / 8, there, 4.0, launches, start / 16)
            assert answer is (exact < cpu_s)


def test_fifteen_rows_are_not_worth_it() -> None:
    """lr.35: 15 rows cost more to start than to compute; a million rows for 1000 steps pay."""
    assert not worth_gpu(2e-5, 1e-6, 15 * 5 * 4, 1e10, 6, 1e-5)
    assert worth_gpu(1000.0, 5.0, 4_000_000_000, 1e10, 6000, 1e-5)


@pytest.fixture
def benchmark() -> Iterator[None]:
    """Put the settings of cuDNN back."""
    before = cudnn.benchmark
    yield
    cudnn.benchmark = before


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize(
    ("shapes", "on"), [([(2, 3)], True), ([(2, 3)] * 3, True), ([(2, 3), (2, 3), (3, 2)], False)]
)
@pytest.mark.usefixtures("benchmark")
def test_autotune_is_on_in_its_block_alone(
    shapes: list[tuple[int, ...]], on: bool, before: bool
) -> None:
    """tb.41: on for one shape, off for several, and then as before, also after an exception, and
    inside torch's own block."""
    cudnn.benchmark = before
    block = autotune(shapes)
    assert cudnn.benchmark is before
    with block:
        assert cudnn.benchmark is on
    assert cudnn.benchmark is before
    with pytest.raises(KeyError), autotune(shapes):
        raise KeyError
    assert cudnn.benchmark is before
    with cudnn.flags(enabled=cudnn.enabled, benchmark=not before):
        with autotune(shapes):
            assert cudnn.benchmark is on
        assert cudnn.benchmark is not before


def test_a_machine_keeps_the_time_of_its_work() -> None:
    """What a CPU computes passes at once, what is queued when it is waited for; however the clock
    was imported, it shows that."""
    from time import perf_counter as imported_by_name

    with Machine(has_gpu=True) as machine:
        machine.compute(1.5)
        assert imported_by_name() == time.perf_counter() == timeit.default_timer() == 1.5
        machine.queue(2.0)
        machine.queue(1.0)
        assert time.perf_counter_ns() == 1_500_000_000
        torch.cuda.synchronize()
        assert time.perf_counter() == 4.5 and machine.reads == 5
        assert torch.cuda.is_available()


def test_a_machine_without_a_gpu_refuses_to_wait_for_it() -> None:
    """It raises as torch does; afterwards clock and torch are this machine's again."""
    there = torch.cuda.is_available()
    with Machine(has_gpu=False):
        assert not torch.cuda.is_available()
        with pytest.raises(AssertionError, match="CUDA"):
            torch.cuda.synchronize(CUDA)
    assert torch.cuda.is_available() is there
    assert timeit.timeit(lambda: None, number=1) >= 0
