"""Other ways to do accurate_sum."""

from __future__ import annotations

import math

import numpy as np
import torch
from m18_precision import accurate_sum

from autograder.course.marks import restated, right, wrong


@right()
def by_fsum(x):
    """Python's own exact sum."""
    return torch.tensor(math.fsum(x.tolist()), dtype=torch.float32, device=x.device)


@right()
def accumulated_in_float64(x):
    """torch adds in the dtype that it is asked for."""
    return torch.sum(x, dtype=torch.float64).to(x.dtype)


@right()
def losses_in_float64(x):
    """Adds in float32, and what is lost of the smaller of the two in float64."""
    total = torch.zeros((), device=x.device)
    lost = torch.zeros((), dtype=torch.float64, device=x.device)
    for v in x:
        new = total + v
        lost += (total - new) + v if abs(total) >= abs(v) else (v - new) + total
        total = new
    return (total.double() + lost).float()


@right()
def halves_in_float64(x):
    """Adds the two halves to each other in float64 until one number is left."""
    x = x.double()
    while len(x) > 1:
        half = (len(x) + 1) // 2
        x = x[:half] + torch.cat([x[half:], x.new_zeros(2 * half - len(x))])
    return x.sum().float()


@right()
def numpy_in_float64(x):
    """NumPy adds, and the total of Python's floats goes back."""
    total = np.asarray(x.cpu(), dtype=np.float64).sum()
    return x.new_tensor(float(total))


@right()
def product_with_ones(x):
    """A product with ones in float64."""
    ones = torch.ones(x.numel(), dtype=torch.float64, device=x.device)
    return torch.dot(x.to(torch.float64), ones).to(torch.float32)


@wrong(named="torchs-sum")
def mean_times_n(x):
    """The mean times the number of rows."""
    return x.mean() * len(x) if len(x) else x.sum()


@wrong()
def blocks(x):
    """Adds blocks in float64, and their sums in float32."""
    parts = [part.double().sum().float() for part in x.split(500)]
    return torch.stack(parts).cumsum(0)[-1]


@wrong()
def share_of_the_largest(x):
    """Adds shares of the largest number, which may be 0."""
    if len(x) == 0:
        return x.sum()
    shares = x.double() / x.abs().max()
    return (shares.sum() * x.abs().max()).float()


@wrong()
def in_millionths(x):
    """Rounds each number to millionths, whatever the unit is."""
    return (x.double() * 1e6).round().sum().div(1e6).float()


@wrong()
def below_2_to_63(x):
    """Adds in whole steps of 2^-24, which do not reach far."""
    low, high = -(2**62), 2**62
    steps = [min(max(int(v * 2**24), low), high) for v in x.tolist()]
    return x.new_tensor(sum(steps) / 2**24)


@wrong()
def on_the_cpu(x):
    """The new tensor lies on the CPU, wherever x does."""
    return torch.tensor(math.fsum(x.tolist()))


@wrong()
def sum_of_sizes(x):
    """Leaves the signs out."""
    return x.abs().double().sum().float()


@wrong()
def after_the_sum(x):
    """Converts what was added in float32, and drops small totals."""
    total = x.sum().double()
    return torch.where(total.abs() < 64, 0 * total, total).float()


@wrong()
def rounded_total(x):
    """Rounds to whole numbers."""
    return accurate_sum(x).round()


@wrong()
def large_ones_first(x):
    """Sorts downwards and adds in float32: right only while the large ones cancel in pairs."""
    total = torch.zeros((), device=x.device)
    for v in x.sort(descending=True).values:
        total = total + v
    return total


@wrong()
def without_the_largest(x):
    """Takes what is large for noise."""
    return x[x.abs() < x.abs().max()].double().sum().float() if len(x) else x.sum()


@wrong()
def in_bfloat16(x):
    """Adds in fewer digits still."""
    return x.bfloat16().sum().float()


@wrong()
def fails_without_numbers(x):
    """Starts from the first number."""
    total = x[0].double()
    for v in x[1:]:
        total = total + v.double()
    return total.float()


@wrong()
def sorted_in_place(x):
    """Sorts the numbers of the caller."""
    total = accurate_sum(x)
    x.copy_(x.sort().values)
    return total


@restated("torchs-sum")
def sum_along_0(x):
    """Converts too late."""
    return torch.sum(x, dim=0).double().float()


@restated("sorted-first")
def from_small_to_large(x):
    """Sorts a list of tensors."""
    total = x.new_zeros(())
    for v in sorted(x, key=abs):
        total += v
    return total


@restated("halves-added")
def two_parts(x):
    """Splits in the middle."""
    if x.numel() == 0:
        return x.new_zeros(())
    if x.numel() == 1:
        return x[0].clone()
    left, right_ = x[: x.numel() // 2], x[x.numel() // 2 :]
    return torch.add(two_parts(left), two_parts(right_))


@restated("loss-of-the-total-forgotten")
def kahan(x):
    """The compensation with the other sign."""
    s = x.new_zeros(())
    c = x.new_zeros(())
    for v in x.unbind():
        y = v + c
        t = s + y
        c = y - (t - s)
        s = t
    return s


@restated("carried-in-float32")
def losses_at_the_end(x):
    """Collects what was lost, and adds it up at the end, one after the other."""
    total, lost = x.new_zeros(()), x.new_zeros(())
    for v in x:
        new = total + v
        part = new - total
        lost += (total - (new - part)) + (v - part)
        total = new
    return torch.add(lost, total)


@restated("stays-float64")
def fsum_in_float64(x):
    """Forgets the dtype."""
    return torch.tensor(math.fsum(x.tolist()), dtype=torch.float64, device=x.device)


@restated("number-of-python")
def fsum_itself(x):
    """Forgets the tensor."""
    return math.fsum(x.tolist())


@restated("one-dimension-kept")
def keepdim(x):
    """Keeps the dimension."""
    return x.double().sum(0, keepdim=True).float()


# Mutants of the reference that nothing can catch, and why.
EXCUSED = {}
