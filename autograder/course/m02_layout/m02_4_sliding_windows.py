"""Mistakes of sliding_windows."""

from __future__ import annotations

from typing import Any

from m02_layout import sliding_windows
from torch import Tensor

from autograder.course.marks import mistake


@mistake("own-stride-of-x-ignored", asks="tb.39")
def own_stride_of_x_ignored(x: Tensor, k: int, step: int = 1) -> Tensor:
    """You take it that neighbours of x are neighbours in memory. x may be a slice such as
    y[::2]: its own stride is then 2, and your windows show elements of y that x leaves out. Ask x
    for its stride."""
    rows = len(sliding_windows(x, k, step))
    return x.as_strided((rows, k), (step, 1))


@mistake("own-stride-forgotten-in-rows", asks="tb.39")
def own_stride_forgotten_in_rows(x: Tensor, k: int, step: int = 1) -> Tensor:
    """From row to row you move by step places of the storage. step counts elements of x, and where
    x is a slice such as y[::2] each of them is two places. Look at the first of the two
    strides."""
    rows = len(sliding_windows(x, k, step))
    return x.as_strided((rows, k), (step, x.stride(0)))


@mistake("one-window-too-many", asks="tb.39")
def one_window_too_many(x: Tensor, k: int, step: int = 1) -> Tensor:
    """You ask for one window more than fits. Where x is part of a larger tensor, the last row then
    shows numbers that do not belong to x, without any error; at the end of the storage torch
    refuses. Look at how many rows you ask for."""
    rows = len(sliding_windows(x, k, step)) + 1
    return x.as_strided((rows, k), (step * x.stride(0), x.stride(0)))


@mistake("begun-window-counted")
def begun_window_counted(x: Tensor, k: int, step: int = 1) -> Tensor:
    """Where the steps do not end at the last element, you round the number of windows up. The last
    of them then leaves x and shows whatever follows in the storage. Only whole windows count: look
    at how you divide."""
    _refuse_too_long(x, k)
    rows = -(-(len(x) - k) // step) + 1
    return x.as_strided((rows, k), (step * x.stride(0), x.stride(0)))


@mistake("last-window-lost")
def last_window_lost(x: Tensor, k: int, step: int = 1) -> Tensor:
    """Your last window is missing. The first window needs no step at all, so there is one window
    more than there are steps that fit. Look at the number of rows."""
    return sliding_windows(x, k, step)[:-1]


@mistake("rows-divided-down")
def rows_divided_down(x: Tensor, k: int, step: int = 1) -> Tensor:
    """You count all places where a window could begin and divide them by step. Rounded down, that
    loses the last window where the division leaves a rest. Divide the way from the first start to
    the last one, and count the first one apart."""
    _refuse_too_long(x, k)
    rows = (len(x) - k + 1) // step
    return x.as_strided((rows, k), (step * x.stride(0), x.stride(0)))


@mistake("begins-at-the-storage", asks="tb.39")
def begins_at_the_storage(x: Tensor, k: int, step: int = 1) -> Tensor:
    """You begin at the first place of the storage. x may begin later, as y[3:] does, and your
    windows then show the elements of y before it. Look at the storage_offset of as_strided."""
    windows = sliding_windows(x, k, step)
    return x.as_strided(windows.shape, windows.stride(), 0)


@mistake("windows-copied", asks="tb.39")
def windows_copied(x: Tensor, k: int, step: int = 1) -> Tensor:
    """Your windows hold copies: what is written to x later does not show in them, and every element
    takes memory once for each of its windows. The numbers lie in the storage already; look for the
    call that makes new ones."""
    return sliding_windows(x, k, step).clone()


@mistake("step-ignored")
def step_ignored(x: Tensor, k: int, step: int = 1) -> Tensor:
    """You ignore step: your windows begin at every single element. Row i should begin at
    x[i * step], and fewer rows fit then. Look at what you do with the third argument."""
    return sliding_windows(x, k)


@mistake("windows-in-columns")
def windows_in_columns(x: Tensor, k: int, step: int = 1) -> Tensor:
    """Your windows stand in the columns, [k, n]. The task asks for one window per row, [n, k], as
    one row per sample is usual. Look at the order of the two sizes, and of the two strides."""
    return sliding_windows(x, k, step).T


@mistake("too-long-not-refused")
def too_long_not_refused(x: Tensor, k: int, step: int = 1) -> Tensor:
    """You leave a window longer than x to the arithmetic. It may give no rows at all, and the
    caller never learns that nothing was computed, or an error of torch about a negative size. A
    ValueError has to be raised before that."""
    rows = (len(x) - k) // step + 1
    return x.as_strided((rows, k), (step * x.stride(0), x.stride(0)))


@mistake("left-to-unfold")
def left_to_unfold(x: Tensor, k: int, step: int = 1) -> Tensor:
    """You leave a window longer than x to unfold, which raises RuntimeError. The task asks for a
    ValueError, so that a caller can tell a wrong size from a fault within torch. Compare k with the
    length yourself."""
    return x.unfold(0, k, step)


@mistake("whole-length-refused")
def whole_length_refused(x: Tensor, k: int, step: int = 1) -> Tensor:
    """You refuse a window that is exactly as long as x. It fits once: the result has one row, x
    itself. Look at how you compare k with the length."""
    if k >= len(x):
        raise ValueError("the window is too long")
    return sliding_windows(x, k, step)


@mistake("error-returned")
def error_returned(x: Tensor, k: int, step: int = 1) -> Any:
    """You make a ValueError and return it: for Python that is a value like any other, and the
    caller goes on with it. An exception stops the caller only when it is raised."""
    return ValueError("too long") if k > len(x) else sliding_windows(x, k, step)


@mistake("cut-off")
def cut_off(x: Tensor, k: int, step: int = 1) -> Tensor:
    """Your windows share the memory of x, but not its graph: nothing that is computed from them has
    a gradient for x. Look for detach, .data or no_grad; as_strided alone is recorded like any other
    operation."""
    return sliding_windows(x.detach(), k, step)


@mistake("windows-in-a-list")
def windows_in_a_list(x: Tensor, k: int, step: int = 1) -> Any:
    """You return a list of windows. Each is a view, but the task asks for one tensor [n, k] over
    the same memory, and stacking them would copy. Look for a call that takes a shape and strides
    for all windows at once."""
    return [*sliding_windows(x, k, step)]


def _refuse_too_long(x: Tensor, k: int) -> None:
    sliding_windows(x, k)  # refuses it
