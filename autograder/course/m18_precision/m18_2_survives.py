"""Mistakes of survives and min_scale."""

from __future__ import annotations

import math
from typing import Any

import torch
from m18_precision import min_scale, survives
from torch import Tensor

from autograder.course.marks import mistake


@mistake("tiny-is-the-end", asks="lr.33")
def tiny_is_the_end(g: Tensor, dtype: torch.dtype, scale: float = 1.0) -> Tensor:
    """Your survives takes finfo's tiny for the smallest number. Below tiny a dtype goes on with
    fewer digits: float16 has numbers down to 6e-8, a thousand times smaller. These gradients are
    less exact there, but not lost."""
    return survives(g, dtype, scale) & (((g * scale).abs() >= torch.finfo(dtype).tiny) | (g == 0))


@mistake("not-rounded-up", asks="lr.33")
def not_rounded_up(g: Tensor, dtype: torch.dtype, scale: float = 1.0) -> Tensor:
    """Your survives loses every number below the smallest one of the dtype. Rounding goes to the
    nearest number, and that is 0 only for less than half of the smallest. Let torch do the rounding
    and look at what comes out."""
    smallest = torch.finfo(dtype).tiny * torch.finfo(dtype).eps
    return survives(g, dtype, scale) & (((g * scale).abs() >= smallest) | (g == 0))


@mistake("overflow-overlooked", asks="tb.49")
def overflow_overlooked(g: Tensor, dtype: torch.dtype, scale: float = 1.0) -> Tensor:
    """Your survives asks only whether a number has become 0. At the other end of the range it
    becomes infinite, and an infinite gradient is worse than a lost one. Ask for both ends."""
    return ((g * scale).to(dtype) != 0) | (g == 0)


@mistake("underflow-overlooked", asks="lr.33")
def underflow_overlooked(g: Tensor, dtype: torch.dtype, scale: float = 1.0) -> Tensor:
    """Your survives asks only whether a number is still finite. The small ones end, too: they are
    rounded to 0, which is finite, and their gradient is gone. Ask for both ends."""
    return (g * scale).to(dtype).isfinite()


@mistake("max-is-the-end")
def max_is_the_end(g: Tensor, dtype: torch.dtype, scale: float = 1.0) -> Tensor:
    """Your survives loses every number above finfo's max. Rounding goes to the nearest number, so
    what is a little larger than max becomes max. Let torch do the rounding and look at what comes
    out."""
    return survives(g, dtype, scale) & ((g * scale).abs().double() <= torch.finfo(dtype).max)


@mistake("zeros-lost")
def zeros_lost(g: Tensor, dtype: torch.dtype, scale: float = 1.0) -> Tensor:
    """Your survives counts a gradient that was 0 from the start as lost. Nothing has happened to
    it, and no scale could lift it: min_scale would look in vain. Only what has become 0 is lost."""
    return survives(g, dtype, scale) & (g != 0)


@mistake("negatives-lost")
def negatives_lost(g: Tensor, dtype: torch.dtype, scale: float = 1.0) -> Tensor:
    """Your survives loses every negative number. Small or large is a matter of the size, whichever
    sign it has, and half of all gradients are negative. Look at what stands before the comparison
    sign."""
    return survives(g, dtype, scale) & (g >= 0)


@mistake("scale-forgotten", asks="tb.49")
def scale_forgotten(g: Tensor, dtype: torch.dtype, scale: float = 1.0) -> Tensor:
    """Your survives leaves the scale out. The gradients are multiplied by it before they are
    stored, which moves all of them up in the range: the small ones away from 0, the large ones
    towards infinity."""
    return survives(g, dtype)


@mistake("scaled-too-late", asks="tb.49")
def scaled_too_late(g: Tensor, dtype: torch.dtype, scale: float = 1.0) -> Tensor:
    """Your survives stores the number first and scales what is left of it. A gradient that is 0 by
    then stays 0, whatever it is multiplied by. The scale has to act while the digits are still
    there."""
    kept = g.to(dtype) * scale
    return kept.isfinite() & ((kept != 0) | (g == 0))


@mistake("scale-divides")
def scale_divides(g: Tensor, dtype: torch.dtype, scale: float = 1.0) -> Tensor:
    """Your survives divides by the scale. That is what happens later, when the gradients are back
    in float32; to be stored they are multiplied by it. Look at the operation between g and the
    scale."""
    return survives(g, dtype, 1 / scale)


@mistake("always-float16", asks="lr.33")
def always_float16(g: Tensor, dtype: torch.dtype, scale: float = 1.0) -> Tensor:
    """Your survives rounds to float16 whatever the dtype is. bfloat16 also has 16 bits, but as many
    of them for the exponent as float32, so its range is as wide. Use the dtype that you are
    given."""
    return survives(g, torch.float16, scale)


@mistake("the-lost-ones")
def the_lost_ones(g: Tensor, dtype: torch.dtype, scale: float = 1.0) -> Tensor:
    """Your survives marks the gradients that are lost and leaves out those that survive. Its name
    says what True means. Look for the place where the mask has to be turned round."""
    return ~survives(g, dtype, scale)


@mistake("numbers-for-a-mask")
def numbers_for_a_mask(g: Tensor, dtype: torch.dtype, scale: float = 1.0) -> Tensor:
    """Your survives does not return bools. What is asked is a question with yes or no for each
    number, and a mask of bools is what other code can index with. Look at the dtype of what you
    return."""
    return survives(g, dtype, scale).to(g.dtype)


@mistake("one-survivor-is-enough", replaces="min_scale", asks="tb.49")
def one_survivor_is_enough(g: Tensor, dtype: torch.dtype) -> int:
    """Your min_scale is content when one of the gradients survives. The others may still be lost,
    and the smallest of them decides how large the scale must be. Look at how you join the answers
    for all numbers."""
    power = 0
    while (g * 2.0**power).to(dtype).isfinite().all():
        if survives(g, dtype, 2.0**power).any():
            return 1 << power
        power += 1
    raise ValueError("no scale fits")


@mistake("always-65536", replaces="min_scale", asks="tb.49")
def always_65536(g: Tensor, dtype: torch.dtype) -> int:
    """Your min_scale is 65536 wherever a scale is needed. That is where torch's scaler begins; it
    finds out by trying whether that is too much. Asked for is the smallest power of two that is
    enough for these gradients."""
    return 65536 if min_scale(g, dtype) > 1 else 1


@mistake("no-power-of-two", replaces="min_scale")
def no_power_of_two(g: Tensor, dtype: torch.dtype) -> int:
    """Your min_scale is no power of two. Such a scale changes the digits of the gradients, where a
    power of two moves only their exponent and can be divided out again exactly. Go to the next
    power of two."""
    return max(1, math.ceil(_needed(g, dtype, torch.finfo(dtype).tiny * torch.finfo(dtype).eps)))


@mistake("up-to-the-smallest", replaces="min_scale", asks="lr.33")
def up_to_the_smallest(g: Tensor, dtype: torch.dtype) -> int:
    """Your min_scale lifts the smallest gradient up to the smallest number of the dtype. Rounding
    does the rest of the way: from a little more than half of that number on, it goes up. Mostly
    half of your scale is enough."""
    needed = _needed(g, dtype, torch.finfo(dtype).tiny * torch.finfo(dtype).eps)
    return 1 << max(0, math.ceil(math.log2(needed)))


@mistake("tie-taken-for-enough", replaces="min_scale")
def tie_taken_for_enough(g: Tensor, dtype: torch.dtype) -> int:
    """Your min_scale is too small where it lifts a gradient to exactly half of the smallest number.
    Half way between 0 and that number, torch rounds to 0. It has to lie above the half, so the next
    power of two is the right one."""
    scale, half = min_scale(g, dtype), torch.finfo(dtype).tiny * torch.finfo(dtype).eps / 2
    tie = bool((g.abs().double() * (scale // 2) == half).any())
    return scale // 2 if tie else scale


@mistake("one-power-too-many", replaces="min_scale")
def one_power_too_many(g: Tensor, dtype: torch.dtype) -> int:
    """Your min_scale is twice as large as it need be. Perhaps you double before you look, or you
    double once more after the scale was found. 1 is a scale as well, and the first one to try."""
    return 2 * min_scale(g, dtype)


@mistake("up-to-tiny", replaces="min_scale", asks="lr.33")
def up_to_tiny(g: Tensor, dtype: torch.dtype) -> int:
    """Your min_scale lifts the smallest gradient up to finfo's tiny. Below tiny there are still
    numbers, with fewer digits, and a gradient survives there. The scale comes out too large by some
    powers of two."""
    needed = _needed(g, dtype, torch.finfo(dtype).tiny)
    return 1 << max(0, math.ceil(math.log2(needed)))


@mistake("scale-of-float", replaces="min_scale")
def scale_of_float(g: Tensor, dtype: torch.dtype) -> Any:
    """Your min_scale does not return an int. A power of two from 1 on is a whole number, and the
    task asks for an int of Python. Look at what you return, a float or a tensor, and convert
    it."""
    return float(min_scale(g, dtype))


@mistake("overflow-not-refused", replaces="min_scale", asks="tb.49")
def overflow_not_refused(g: Tensor, dtype: torch.dtype) -> int:
    """No ValueError leaves your min_scale where no scale is right: the one that lifts the smallest
    gradient makes the largest infinite. Look at the other end of the range before you return
    anything."""
    scale = 1
    while ((g * float(scale)).to(dtype) == 0)[g != 0].any():
        scale *= 2
    return scale


def _needed(g: Tensor, dtype: torch.dtype, size: float) -> float:
    """Return by what the smallest number of g has to be multiplied to have a size."""
    min_scale(g, dtype)  # refuses what no scale keeps
    return size / g[g != 0].abs().min().item() if g.any() else 1.0
