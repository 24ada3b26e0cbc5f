"""Other ways to do sliding_windows."""

from __future__ import annotations

import numpy as np
import torch
from m02_layout import sliding_windows

from autograder.course.marks import restated, right, wrong


@right()
def by_unfold(x, k, step=1):
    """Leaves it to unfold, but for the refusal."""
    if k > x.shape[0]:
        raise ValueError("too long")
    return x.unfold(0, k, step)


@right()
def starts_counted(x, k, step=1):
    """Counts the starts of windows as a range, and gives as_strided the offset."""
    starts = range(0, x.numel() - k + 1, step)
    if not starts:
        raise ValueError(f"no window of {k}")
    s = x.stride()[0]
    return torch.as_strided(
        x, size=(len(starts), k), stride=(s * step, s), storage_offset=x.storage_offset()
    )


@right()
def every_window_then_some(x, k, step=1):
    """Makes all windows at step 1 and slices the rows."""
    n = x.size(0) - k + 1
    if n < 1:
        raise ValueError
    return x.as_strided((n, k), x.stride() * 2)[::step]


@right()
def tested_by_a_slice(x, k, step=1):
    """Finds out that nothing fits by the length of a slice, and counts rows by a loop."""
    if len(x[:k]) < k:
        raise ValueError("window longer than the series")
    rows = 1
    while rows * step + k <= len(x):
        rows += 1
    return x.as_strided([rows, k], [step * x.stride(-1), x.stride(-1)])


@wrong(named="windows-copied")
def gathered(x, k, step=1):
    """Picks the elements by a table of indices, which copies them."""
    if k > len(x):
        raise ValueError
    starts = torch.arange(0, len(x) - k + 1, step)
    return x[(starts[:, None] + torch.arange(k)).to(x.device)]


@wrong(named="cut-off")
def by_numpys_windows(x, k, step=1):
    """Lets NumPy make the windows; they share memory, but have no graph and one device."""
    if k > len(x):
        raise ValueError
    view = np.lib.stride_tricks.sliding_window_view(x.detach().numpy(), k, writeable=True)
    return torch.from_numpy(view[::step])


@wrong()
def backwards(x, k, step=1):
    """Turns the order of the windows round, by a copy."""
    return sliding_windows(x, k, step).flip(0)


@wrong()
def side_by_side(x, k, step=1):
    """Cuts x into windows that do not overlap."""
    if k > len(x):
        raise ValueError
    return x[: len(x) // k * k].unflatten(0, (-1, k))


@wrong()
def gaps_within_the_window(x, k, step=1):
    """Takes step for the distance of the elements within a window."""
    if k > len(x):
        raise ValueError
    rows = len(sliding_windows(x, k, step))
    return x.as_strided((rows, k), (x.stride(0), x.stride(0)))


@wrong()
def counted_by_the_step_alone(x, k, step=1):
    """Makes as many windows as there are steps in x."""
    if k > len(x):
        raise ValueError
    s = x.stride(0)
    return x.as_strided((len(x) // step, k), (s * step, s))


@wrong()
def bytes_for_strides(x, k, step=1):
    """Counts strides in bytes."""
    rows = len(sliding_windows(x, k, step))
    size = x.element_size()
    return x.as_strided((rows, k), (size * step * x.stride(0), size * x.stride(0)))


@wrong()
def stepped_windows_copied(x, k, step=1):
    """Makes the rows dense where step leaves some out."""
    windows = sliding_windows(x, k, step)
    return windows if step == 1 else windows.contiguous()


@wrong()
def slices_copied(x, k, step=1):
    """Makes x dense first, which copies a slice with steps."""
    return sliding_windows(x.contiguous(), k, step)


@wrong()
def one_row_without_dimension(x, k, step=1):
    """Gives a single window without the dimension of rows."""
    return sliding_windows(x, k, step).squeeze(0)


@wrong()
def asserted(x, k, step=1):
    """Asserts that the window fits."""
    assert k <= len(x)
    return sliding_windows(x, k, step)


@wrong()
def x_returned_where_too_long(x, k, step=1):
    """Gives x as one short window where none fits."""
    return x[None] if k > len(x) else sliding_windows(x, k, step)


@wrong(named="begins-at-the-storage")
def begins_at_twice_the_offset(x, k, step=1):
    """Begins twice as late as x does in its storage."""
    windows = sliding_windows(x, k, step)
    return windows.as_strided(windows.shape, windows.stride(), 2 * x.storage_offset())


@restated("own-stride-of-x-ignored")
def dense_strides(x, k, step=1):
    """Gives the strides of a dense x."""
    if k > len(x):
        raise ValueError("k")
    return torch.as_strided(x, (1 + (len(x) - k) // step, k), (step, 1))


@restated("own-stride-forgotten-in-rows")
def rows_by_step(x, k, step=1):
    """Multiplies only the columns by the stride of x."""
    if k > len(x):
        raise ValueError("k")
    (s,) = x.stride()
    return x.as_strided(((len(x) - k + step) // step, k), (step, s))


@restated("one-window-too-many")
def plus_two(x, k, step=1):
    """Adds 1 twice."""
    if k > len(x):
        raise ValueError("k")
    s = x.stride(0)
    return x.as_strided(((len(x) - k) // step + 2, k), (step * s, s))


@restated("begun-window-counted")
def rounded_up(x, k, step=1):
    """Rounds the number of steps up."""
    if k > len(x):
        raise ValueError("k")
    s = x.stride(0)
    return x.as_strided((int(np.ceil((len(x) - k) / step)) + 1, k), (step * s, s))


@restated("last-window-lost")
def without_plus_one(x, k, step=1):
    """Counts the steps, not the windows."""
    if k > len(x):
        raise ValueError("k")
    s = x.stride(0)
    return x.as_strided(((len(x) - k) // step, k), (step * s, s))


@restated("rows-divided-down")
def every_start_divided(x, k, step=1):
    """Slices as many rows as the division gives."""
    if k > len(x):
        raise ValueError("k")
    starts = x.unfold(0, k, 1)
    return starts[::step][: len(starts) // step]


@restated("begins-at-the-storage")
def offset_zero(x, k, step=1):
    """Passes an offset of 0."""
    if k > len(x):
        raise ValueError("k")
    s = x.stride(0)
    return torch.as_strided(x, ((len(x) - k) // step + 1, k), (step * s, s), 0)


@restated("windows-copied")
def slices_stacked(x, k, step=1):
    """Stacks slices of x."""
    if k > len(x):
        raise ValueError("k")
    return torch.stack([x[i : i + k] for i in range(0, len(x) - k + 1, step)])


@restated("step-ignored")
def every_start(x, k, step=1):
    """Begins a window at every element."""
    if k > len(x):
        raise ValueError("k")
    return x.as_strided((len(x) - k + 1, k), (x.stride(0), x.stride(0)))


@restated("windows-in-columns")
def sizes_and_strides_exchanged(x, k, step=1):
    """Gives k first."""
    if k > len(x):
        raise ValueError("k")
    s = x.stride(0)
    return x.as_strided((k, (len(x) - k) // step + 1), (s, step * s))


@restated("too-long-not-refused")
def nothing_asked(x, k, step=1):
    """Counts the rows and asks nothing."""
    s = x.stride(0)
    return torch.as_strided(x, ((x.numel() - k) // step + 1, k), (s * step, s))


@restated("left-to-unfold")
def unfold_alone(x, k, step=1):
    """Calls unfold on the last dimension."""
    return x.unfold(-1, size=k, step=step)


@restated("whole-length-refused")
def no_row_but_one(x, k, step=1):
    """Refuses where no step fits."""
    if not k < x.numel():
        raise ValueError("k must be smaller")
    return x.unfold(0, k, step)


@restated("error-returned")
def exception_handed_back(x, k, step=1):
    """Returns the exception."""
    if k > len(x):
        return ValueError("k is larger than the length")
    return x.unfold(0, k, step)


@restated("cut-off")
def of_the_data(x, k, step=1):
    """Takes the .data of x."""
    if k > len(x):
        raise ValueError("k")
    return x.data.unfold(0, k, step)


@restated("windows-in-a-list")
def slices_in_a_list(x, k, step=1):
    """Collects slices in a list."""
    if k > len(x):
        raise ValueError("k")
    return [x[i : i + k] for i in range(0, len(x) - k + 1, step)]
