"""Other ways to do timed and worth_gpu."""

from __future__ import annotations

import statistics
import time
import timeit
from contextlib import contextmanager
from time import perf_counter, perf_counter_ns

import numpy as np
import torch
from m19_device import timed, worth_gpu

from autograder.course.marks import restated, right, wrong


def wait(device):
    """Wait for a GPU."""
    if device.type != "cpu":
        torch.cuda.synchronize(device)


@right(replaces="timed")
def by_name(fn, device, warmup, repeats):
    """Imports the clock by its name, and sorts."""
    for _ in range(warmup):
        fn()
    wait(device)
    times = []
    for _ in range(repeats):
        begin = perf_counter()
        fn()
        wait(device)
        times.append(perf_counter() - begin)
    times.sort()
    return (times[(repeats - 1) // 2] + times[repeats // 2]) / 2


@right(replaces="timed")
def all_calls_timed(fn, device, warmup, repeats):
    """Times the warm-up as well, and leaves it out in the end; waits by torch.accelerator."""

    def once():
        if device.type == "cuda":
            torch.accelerator.synchronize(device)
        start = time.perf_counter_ns()
        fn()
        if device.type == "cuda":
            torch.accelerator.synchronize(device)
        return (time.perf_counter_ns() - start) / 1e9

    return float(np.median([once() for _ in range(warmup + repeats)][warmup:]))


class Watch:
    """A clock in an attribute of a class."""

    clock = perf_counter

    def __init__(self, device):
        """Keep the device."""
        self.device, self.seconds = device, []

    @contextmanager
    def running(self):
        """Time a block."""
        self.wait()
        start = Watch.clock()
        yield
        self.wait()
        self.seconds.append(self.clock() - start)

    def wait(self):
        """Wait, if there is a GPU for the device."""
        if self.device.type == "cuda" and torch.cuda.is_available():
            torch.cuda.synchronize(device=self.device)


@right(replaces="timed")
def by_a_watch(fn, device, warmup, repeats):
    """An object that keeps the times."""
    watch = Watch(device)
    for number in range(warmup + repeats):
        if number < warmup:
            fn()
            continue
        with watch.running():
            fn()
    return torch.tensor(watch.seconds, dtype=torch.float64).quantile(0.5).item()


@right(replaces="timed")
def by_timeit(fn, device, warmup, repeats):
    """Leaves the clock to timeit."""

    def waited():
        fn()
        if device.type == "cuda":
            torch.cuda.synchronize(device)

    for _ in range(warmup):
        waited()
    return statistics.median(timeit.repeat(waited, number=1, repeat=repeats))


@right(replaces="timed")
def clock_as_a_default(fn, device, warmup, repeats, clock=time.perf_counter):
    """Has the clock as a default argument, and subtracts two lists."""
    sync = torch.cuda.synchronize if device.type == "cuda" else lambda device: None
    starts, ends = [], []
    for number in range(-warmup, repeats):
        sync(device)
        starts.append(clock())
        fn()
        sync(device)
        ends.append(clock())
        if number < 0:
            starts.clear(), ends.clear()
    return np.median(np.subtract(ends, starts))


@right(replaces="worth_gpu")
def in_bytes(cpu_s, gpu_s, n_bytes, bandwidth, launches, launch_s):
    """Asks how many bytes could be moved in the time that is left."""
    left = cpu_s - gpu_s - launches * launch_s
    return n_bytes < left * bandwidth


@right(replaces="worth_gpu")
def sum_of_a_list(cpu_s, gpu_s, n_bytes, bandwidth, launches, launch_s):
    """Adds a list up."""
    return bool(sum([gpu_s, n_bytes / bandwidth, launch_s * launches]) < cpu_s)


@right(replaces="worth_gpu")
def not_as_long(cpu_s, gpu_s, n_bytes, bandwidth, launches, launch_s):
    """Says no to the opposite."""
    saved = cpu_s - gpu_s
    costs = n_bytes / bandwidth + launches * launch_s
    return not costs >= saved


@right(replaces="worth_gpu")
def branches(cpu_s, gpu_s, n_bytes, bandwidth, launches, launch_s):
    """Gives up as soon as the time is used."""
    left = np.float64(cpu_s)
    for cost in (gpu_s, n_bytes / bandwidth, launches * launch_s):
        left -= cost
        if left <= 0:
            return False
    return True


@wrong(replaces="timed")
def last_call(fn, device, warmup, repeats):
    """Returns the last time."""
    for _ in range(warmup + repeats - 1):
        fn()
    return timed(fn, device, 0, 1)


@wrong(replaces="timed")
def slowest(fn, device, warmup, repeats):
    """Returns the longest time."""
    for _ in range(warmup):
        fn()
    return max(timed(fn, device, 0, 1) for _ in range(repeats))


@wrong(replaces="timed")
def divided_by_all(fn, device, warmup, repeats):
    """Times all calls together, and divides by the repeats."""
    for _ in range(warmup):
        fn()
    wait(device)
    start = time.perf_counter()
    for _ in range(repeats):
        fn()
    wait(device)
    return (time.perf_counter() - start) / repeats


@wrong(named="not-waited", replaces="timed")
def waited_before_only(fn, device, warmup, repeats):
    """Waits before it starts the clock, and not before it stops it."""
    for _ in range(warmup):
        fn()
    seconds = []
    for _ in range(repeats):
        wait(device)
        start = time.perf_counter()
        fn()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


@wrong(replaces="timed")
def whole_seconds(fn, device, warmup, repeats):
    """Rounds to a hundredth."""
    return round(timed(fn, device, warmup, repeats), 2)


@wrong(named="another-clock", replaces="timed")
def processor_time(fn, device, warmup, repeats):
    """Reads the time of the process."""
    for _ in range(warmup):
        fn()
    seconds = []
    for _ in range(repeats):
        start = time.process_time()
        fn()
        wait(device)
        seconds.append(time.process_time() - start)
    return statistics.median(seconds)


@wrong(replaces="timed")
def in_nanoseconds(fn, device, warmup, repeats):
    """Forgets to divide."""
    seconds = []
    for number in range(warmup + repeats):
        wait(device)
        start = perf_counter_ns()
        fn()
        wait(device)
        if number >= warmup:
            seconds.append(perf_counter_ns() - start)
    return statistics.median(seconds)


@wrong(replaces="timed")
def in_a_tensor(fn, device, warmup, repeats):
    """Returns a tensor."""
    return torch.tensor(timed(fn, device, warmup, repeats), dtype=torch.float64)


@wrong(replaces="timed")
def fewer_repeats(fn, device, warmup, repeats):
    """Counts the warm-up among the repeats."""
    return timed(fn, device, warmup, max(1, repeats - warmup))


@wrong(replaces="timed")
def upper_of_the_middle_two(fn, device, warmup, repeats):
    """Takes the element at half of the length."""
    for _ in range(warmup):
        fn()
    return sorted(timed(fn, device, 0, 1) for _ in range(repeats))[repeats // 2]


@wrong(replaces="timed")
def unsorted_middle(fn, device, warmup, repeats):
    """Takes the middle of the times as they came."""
    for _ in range(warmup):
        fn()
    seconds = [timed(fn, device, 0, 1) for _ in range(repeats)]
    return (seconds[(repeats - 1) // 2] + seconds[repeats // 2]) / 2


@wrong(replaces="timed")
def printed(fn, device, warmup, repeats):
    """Prints, and returns nothing."""
    timed(fn, device, warmup, repeats)


@wrong(replaces="worth_gpu")
def counts_half_of_the_bytes(cpu_s, gpu_s, n_bytes, bandwidth, launches, launch_s):
    """Takes the bytes of one direction only."""
    return worth_gpu(cpu_s, gpu_s, n_bytes / 2, bandwidth, launches, launch_s)


@wrong(replaces="worth_gpu")
def overlapping(cpu_s, gpu_s, n_bytes, bandwidth, launches, launch_s):
    """Takes the longest of the three costs, as if they ran side by side."""
    return max(gpu_s, n_bytes / bandwidth, launches * launch_s) < cpu_s


@wrong(replaces="worth_gpu")
def twice_as_fast(cpu_s, gpu_s, n_bytes, bandwidth, launches, launch_s):
    """Wants the GPU to be twice as fast."""
    return 2 * (gpu_s + n_bytes / bandwidth + launches * launch_s) < cpu_s


@wrong(replaces="worth_gpu")
def always(cpu_s, gpu_s, n_bytes, bandwidth, launches, launch_s):
    """A GPU is always worth it."""
    return True


@wrong(replaces="worth_gpu")
def bits(cpu_s, gpu_s, n_bytes, bandwidth, launches, launch_s):
    """Takes the bandwidth for bits."""
    return worth_gpu(cpu_s, gpu_s, 8 * n_bytes, bandwidth, launches, launch_s)


@wrong(replaces="worth_gpu")
def by_the_number_of_bytes(cpu_s, gpu_s, n_bytes, bandwidth, launches, launch_s):
    """Decides by the size alone."""
    return n_bytes > 1_000_000


@restated("not-waited", replaces="timed")
def plain_clock(fn, device, warmup, repeats):
    """Never waits for the GPU."""
    for _ in range(warmup):
        fn()
    seconds = []
    for _ in range(repeats):
        start = perf_counter()
        fn()
        seconds.append(perf_counter() - start)
    return statistics.median(seconds)


@restated("earlier-work-counted", replaces="timed")
def waits_at_the_end(fn, device, warmup, repeats):
    """Waits within the time only."""
    [fn() for _ in range(warmup)]
    seconds = []
    while len(seconds) < repeats:
        start = time.perf_counter()
        fn()
        wait(device)
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


@restated("waited-on-the-cpu", replaces="timed")
def waits_always(fn, device, warmup, repeats):
    """Does not ask for the device."""
    for _ in range(warmup):
        fn()
    seconds = []
    for _ in range(repeats):
        torch.cuda.synchronize(device)
        start = time.perf_counter()
        fn()
        torch.cuda.synchronize(device)
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


@restated("warm-up-counted", replaces="timed")
def all_in_one_list(fn, device, warmup, repeats):
    """Forgets to leave the first ones out."""
    seconds = []
    for _ in range(warmup + repeats):
        wait(device)
        start = perf_counter()
        fn()
        wait(device)
        seconds.append(perf_counter() - start)
    return statistics.median(seconds)


@restated("no-warm-up", replaces="timed")
def begins_at_once(fn, device, warmup, repeats):
    """Does not use warmup."""
    seconds = []
    for _ in range(repeats):
        wait(device)
        start = perf_counter()
        fn()
        wait(device)
        seconds.append(perf_counter() - start)
    return statistics.median(seconds)


@restated("warm-up-of-one", replaces="timed")
def called_once_before(fn, device, warmup, repeats):
    """One call before."""
    fn()
    return begins_at_once(fn, device, warmup, repeats)


@restated("one-call-more", replaces="timed")
def result_looked_at(fn, device, warmup, repeats):
    """Calls once more, to return what fn does."""
    middle = by_name(fn, device, warmup, repeats)
    print(fn())
    return middle


@restated("mean", replaces="timed")
def sum_over_number(fn, device, warmup, repeats):
    """Divides the sum."""
    for _ in range(warmup):
        fn()
    return sum(begins_at_once(fn, device, 0, 1) for _ in range(repeats)) / repeats


@restated("fastest", replaces="timed")
def sorted_first(fn, device, warmup, repeats):
    """Takes the first of the sorted times."""
    for _ in range(warmup):
        fn()
    return sorted(begins_at_once(fn, device, 0, 1) for _ in range(repeats))[0]


@restated("sum-of-all", replaces="timed")
def one_pair_of_readings(fn, device, warmup, repeats):
    """Adds up in a loop."""
    for _ in range(warmup):
        fn()
    total = 0.0
    for _ in range(repeats):
        total += begins_at_once(fn, device, 0, 1)
    return total


@restated("lower-of-the-middle-two", replaces="timed")
def torchs_median(fn, device, warmup, repeats):
    """Takes the median of torch."""
    for _ in range(warmup):
        fn()
    seconds = [begins_at_once(fn, device, 0, 1) for _ in range(repeats)]
    return torch.tensor(seconds, dtype=torch.float64).median().item()


@restated("another-clock", replaces="timed")
def time_time(fn, device, warmup, repeats):
    """Reads the clock time.time."""
    for _ in range(warmup):
        fn()
    seconds = []
    for _ in range(repeats):
        wait(device)
        start = time.time()
        fn()
        wait(device)
        seconds.append(time.time() - start)
    return statistics.median(seconds)


@restated("milliseconds", replaces="timed")
def thousand(fn, device, warmup, repeats):
    """Multiplies by a thousand."""
    return by_name(fn, device, warmup, repeats) * 1e3


@restated("list-of-times", replaces="timed")
def every_time(fn, device, warmup, repeats):
    """Returns what it has collected."""
    for _ in range(warmup):
        fn()
    return [begins_at_once(fn, device, 0, 1) for _ in range(repeats)]


@restated("transfer-ignored", replaces="worth_gpu")
def computing_and_starting(cpu_s, gpu_s, n_bytes, bandwidth, launches, launch_s):
    """Two of three costs."""
    return gpu_s + launches * launch_s < cpu_s


@restated("launches-ignored", replaces="worth_gpu")
def computing_and_moving(cpu_s, gpu_s, n_bytes, bandwidth, launches, launch_s):
    """Two of three costs."""
    return cpu_s > gpu_s + n_bytes / bandwidth


@restated("one-launch", replaces="worth_gpu")
def launch_added_once(cpu_s, gpu_s, n_bytes, bandwidth, launches, launch_s):
    """Adds launch_s as it is."""
    return gpu_s + n_bytes / bandwidth + launch_s < cpu_s


@restated("computing-ignored", replaces="worth_gpu")
def costs_alone(cpu_s, gpu_s, n_bytes, bandwidth, launches, launch_s):
    """Only what comes on top."""
    return n_bytes / bandwidth + launches * launch_s < cpu_s


@restated("times-the-bandwidth", replaces="worth_gpu")
def product_of_both(cpu_s, gpu_s, n_bytes, bandwidth, launches, launch_s):
    """Multiplies by the bandwidth."""
    return gpu_s + n_bytes * bandwidth + launches * launch_s < cpu_s


@restated("there-and-back-twice", replaces="worth_gpu")
def two_ways(cpu_s, gpu_s, n_bytes, bandwidth, launches, launch_s):
    """There and back."""
    return gpu_s + 2 * n_bytes / bandwidth + launches * launch_s < cpu_s


@restated("the-other-way-round", replaces="worth_gpu")
def greater(cpu_s, gpu_s, n_bytes, bandwidth, launches, launch_s):
    """The CPU's time is on the left."""
    return cpu_s < gpu_s + n_bytes / bandwidth + launches * launch_s


@restated("equal-is-worth-it", replaces="worth_gpu")
def at_least(cpu_s, gpu_s, n_bytes, bandwidth, launches, launch_s):
    """At least as long."""
    return cpu_s >= gpu_s + n_bytes / bandwidth + launches * launch_s


@restated("seconds-returned", replaces="worth_gpu")
def seconds_saved(cpu_s, gpu_s, n_bytes, bandwidth, launches, launch_s):
    """How much is saved."""
    return cpu_s - gpu_s - n_bytes / bandwidth - launches * launch_s


# Probes that catch nothing alone, and why they stay.
KEPT_PROBES = {"here": "on a GPU it sees whether the real one is waited for"}


@wrong(replaces="timed")
def waits_for_the_current_gpu(fn, device, warmup, repeats):
    """Waits without saying for which GPU."""
    wait = torch.cuda.synchronize if device.type == "cuda" else lambda: None
    for _ in range(warmup):
        fn()
    wait()
    times = []
    for _ in range(repeats):
        start = perf_counter()
        fn()
        wait()
        times.append(perf_counter() - start)
    return statistics.median(times)
