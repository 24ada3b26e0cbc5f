"""Mistakes of timed and worth_gpu."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

import torch
from m19_device import timed, worth_gpu

from autograder.course.marks import mistake

Fn = Callable[[], object]


def _wait_for(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def _all(fn: Fn, device: torch.device, calls: int) -> Iterator[float]:
    """Yield the right times of some calls."""
    return (timed(fn, device, 0, 1) for _ in range(calls))


@mistake("not-waited", replaces="timed", asks="lr.35")
def not_waited(fn: Fn, device: torch.device, warmup: int, repeats: int) -> float:
    """You read the clock when fn returns. On a GPU its work is only queued by then, so you measure
    how long it takes to queue it, nearly nothing. Wait until the device is done before you read the
    clock."""
    return timed(fn, torch.device("cpu"), warmup, repeats)


@mistake("earlier-work-counted", replaces="timed")
def earlier_work_counted(fn: Fn, device: torch.device, warmup: int, repeats: int) -> float:
    """You wait for the GPU after a call, but not before you start the clock. What the calls before
    it have left in the queue, such as the warm-up, is then counted as well. Wait before both
    readings."""
    for _ in range(warmup):
        fn()
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        fn()
        _wait_for(device)
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


@mistake("waited-on-the-cpu", replaces="timed")
def waited_on_the_cpu(fn: Fn, device: torch.device, warmup: int, repeats: int) -> float:
    """You call synchronize for every device. On a machine without a GPU that raises. Nothing is
    queued on the CPU, so there is nothing to wait for: ask for the type of the device first."""
    return timed(fn, torch.device("cuda"), warmup, repeats)


@mistake("warm-up-counted", replaces="timed")
def warm_up_counted(fn: Fn, device: torch.device, warmup: int, repeats: int) -> float:
    """You time the calls of the warm-up, too. They take longer than the others: something is
    compiled, loaded or allocated, and the median moves up. Only the calls after them count."""
    return statistics.median(_all(fn, device, warmup + repeats))


@mistake("no-warm-up", replaces="timed")
def no_warm_up(fn: Fn, device: torch.device, warmup: int, repeats: int) -> float:
    """You leave out the warm-up: the first calls are already timed, although they have more to do
    than all later ones. Call fn as often as warmup says before you look at the clock."""
    return timed(fn, device, 0, repeats)


@mistake("warm-up-of-one", replaces="timed")
def warm_up_of_one(fn: Fn, device: torch.device, warmup: int, repeats: int) -> float:
    """You always warm up with one call, whatever warmup says. It may be none, or several. Repeat
    the call as often as asked."""
    return timed(fn, device, 1, repeats)


@mistake("one-call-more", replaces="timed")
def one_call_more(fn: Fn, device: torch.device, warmup: int, repeats: int) -> float:
    """You call fn once more than asked. A call may change something or cost a lot, so the number of
    calls is a promise: warmup plus repeats. Count your loops."""
    middle = timed(fn, device, warmup, repeats)
    fn()
    return middle


@mistake("mean", replaces="timed")
def mean(fn: Fn, device: torch.device, warmup: int, repeats: int) -> float:
    """You return the mean of the times. A single slow call, while the machine did something else,
    moves it as far as it likes. The median stays where most calls are."""
    for _ in range(warmup):
        fn()
    return statistics.fmean(_all(fn, device, repeats))


@mistake("fastest", replaces="timed")
def fastest(fn: Fn, device: torch.device, warmup: int, repeats: int) -> float:
    """You return the shortest time. It says how fast a call can be, not how long it mostly takes.
    The task asks for the one in the middle."""
    for _ in range(warmup):
        fn()
    return min(_all(fn, device, repeats))


@mistake("sum-of-all", replaces="timed")
def sum_of_all(fn: Fn, device: torch.device, warmup: int, repeats: int) -> float:
    """You return the time of all calls together. It grows with the number of repeats, and no longer
    says how long a call takes. Time each call by itself."""
    for _ in range(warmup):
        fn()
    return sum(_all(fn, device, repeats))


@mistake("lower-of-the-middle-two", replaces="timed")
def lower_of_the_middle_two(fn: Fn, device: torch.device, warmup: int, repeats: int) -> float:
    """Of an even number of times you return the lower of the two in the middle, as torch.median
    does, or the upper one. The task takes the mean of both."""
    for _ in range(warmup):
        fn()
    return statistics.median_low(_all(fn, device, repeats))


@mistake("another-clock", replaces="timed")
def another_clock(fn: Fn, device: torch.device, warmup: int, repeats: int) -> float:
    """You read another clock than time.perf_counter. time.time may jump when the system sets its
    clock, and process_time stands still while Python waits for a GPU. Look at the task for the
    clock."""
    for _ in range(warmup + repeats):
        start = time.time()
        fn()
        _wait_for(device)
    return time.time() - start


@mistake("milliseconds", replaces="timed")
def milliseconds(fn: Fn, device: torch.device, warmup: int, repeats: int) -> float:
    """You return milliseconds. The task asks for seconds, the unit of the clock. Look at the factor
    at the end."""
    return 1000 * timed(fn, device, warmup, repeats)


@mistake("list-of-times", replaces="timed")
def list_of_times(fn: Fn, device: torch.device, warmup: int, repeats: int) -> Any:
    """You return all the times. The task asks for one number, the median of them."""
    for _ in range(warmup):
        fn()
    return list(_all(fn, device, repeats))


@mistake("transfer-ignored", replaces="worth_gpu", asks="lr.35")
def transfer_ignored(
    cpu_s: float, gpu_s: float, n_bytes: int, bandwidth: float, launches: int, launch_s: float
) -> bool:
    """Your worth_gpu leaves out what moving the data costs. For 15 rows the way there and back
    takes longer than the whole computation. Bytes divided by bytes per second are seconds."""
    return worth_gpu(cpu_s, gpu_s, 0, bandwidth, launches, launch_s)


@mistake("launches-ignored", replaces="worth_gpu", asks="tb.32 lr.35")
def launches_ignored(
    cpu_s: float, gpu_s: float, n_bytes: int, bandwidth: float, launches: int, launch_s: float
) -> bool:
    """Your worth_gpu leaves out what it costs to start operations. Each is started by Python, one
    after the other, so a loop over elements starts as many as there are elements. Every launch has
    its price."""
    return worth_gpu(cpu_s, gpu_s, n_bytes, bandwidth, 0, launch_s)


@mistake("one-launch", replaces="worth_gpu", asks="tb.32")
def one_launch(
    cpu_s: float, gpu_s: float, n_bytes: int, bandwidth: float, launches: int, launch_s: float
) -> bool:
    """Your worth_gpu counts the start of a single operation. A training run starts several in each
    step, and each of them costs the same again. Look at launches."""
    return worth_gpu(cpu_s, gpu_s, n_bytes, bandwidth, min(launches, 1), launch_s)


@mistake("computing-ignored", replaces="worth_gpu")
def computing_ignored(
    cpu_s: float, gpu_s: float, n_bytes: int, bandwidth: float, launches: int, launch_s: float
) -> bool:
    """Your worth_gpu compares only what moving and starting cost, as if the GPU computed in no
    time. The computing there takes gpu_s seconds, which have to be added."""
    return worth_gpu(cpu_s, 0.0, n_bytes, bandwidth, launches, launch_s)


@mistake("times-the-bandwidth", replaces="worth_gpu")
def times_the_bandwidth(
    cpu_s: float, gpu_s: float, n_bytes: int, bandwidth: float, launches: int, launch_s: float
) -> bool:
    """Your worth_gpu multiplies the bytes by the bandwidth. A wider way would then take longer, and
    the unit is no second. Look at the units: bytes, and bytes per second."""
    return worth_gpu(cpu_s, gpu_s, n_bytes, 1 / bandwidth, launches, launch_s)


@mistake("there-and-back-twice", replaces="worth_gpu")
def there_and_back_twice(
    cpu_s: float, gpu_s: float, n_bytes: int, bandwidth: float, launches: int, launch_s: float
) -> bool:
    """Your worth_gpu counts the transfer twice, once for each direction. n_bytes is already the sum
    of both ways. Look at the factor."""
    return worth_gpu(cpu_s, gpu_s, 2 * n_bytes, bandwidth, launches, launch_s)


@mistake("the-other-way-round", replaces="worth_gpu")
def the_other_way_round(
    cpu_s: float, gpu_s: float, n_bytes: int, bandwidth: float, launches: int, launch_s: float
) -> bool:
    """Your worth_gpu says True where the CPU is done sooner. Look at the comparison at the end, and
    at which side is the GPU's."""
    return gpu_s + n_bytes / bandwidth + launches * launch_s > cpu_s


@mistake("equal-is-worth-it", replaces="worth_gpu")
def equal_is_worth_it(
    cpu_s: float, gpu_s: float, n_bytes: int, bandwidth: float, launches: int, launch_s: float
) -> bool:
    """Your worth_gpu says True also where both take the same time. Then the data need not be moved:
    the task asks for less time. Look at the comparison."""
    return gpu_s + n_bytes / bandwidth + launches * launch_s <= cpu_s


@mistake("seconds-returned", replaces="worth_gpu")
def seconds_returned(
    cpu_s: float, gpu_s: float, n_bytes: int, bandwidth: float, launches: int, launch_s: float
) -> Any:
    """Your worth_gpu returns a number of seconds. The question is whether the GPU is worth it: True
    or False. Compare what you have worked out."""
    return cpu_s - (gpu_s + n_bytes / bandwidth + launches * launch_s)
