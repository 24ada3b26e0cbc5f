"""Other ways to do survives and min_scale."""

from __future__ import annotations

import math

import torch
from m18_precision import min_scale, survives

from autograder.course.marks import restated, right, wrong


def low(g, dtype, scale):
    """Return g as it is stored."""
    return torch.mul(g, scale).to(dtype)


def smallest(dtype):
    """Return the smallest number above 0."""
    return {torch.float16: 2.0**-24, torch.bfloat16: 2.0**-133, torch.float32: 2.0**-149}[dtype]


def powers(g, dtype):
    """Yield powers of two until something is infinite."""
    power = 0
    while low(g, dtype, 2.0**power).isfinite().all():
        yield 2**power
        power += 1


@right(replaces="survives")
def by_limits(g, dtype, scale=1.0):
    """Compares sizes with the two ends of what is rounded to a number."""
    info = torch.finfo(dtype)
    size = g.double().abs() * scale
    half = info.tiny * info.eps / 2
    return (size == 0) | ((size > half) & (size < info.max * (1 + info.eps / 4)))


@right(replaces="survives")
def lost_ones_taken_out(g, dtype, scale=1.0):
    """Starts with all, and takes out what is lost."""
    mask = torch.ones_like(g, dtype=torch.bool)
    stored = low(g, dtype, scale)
    mask[stored.isinf()] = False
    mask[(stored == 0) & (g != 0)] = False
    return mask


@right(replaces="survives")
def there_and_back(g, dtype, scale=1.0):
    """Divides what was stored by itself, where there was something."""
    back = low(g, dtype, scale).to(torch.float64)
    ratio = torch.where(g == 0, 1.0, back / back)
    return ratio == 1


@right(replaces="survives")
def number_by_number(g, dtype, scale=1.0):
    """One number after the other."""
    found = []
    for v in g.flatten():
        stored = (v.double() * scale).to(dtype).item()
        found.append(v.item() == 0 or (stored != 0 and math.isfinite(stored)))
    return torch.tensor(found, device=g.device).reshape(g.shape)


@right(replaces="min_scale")
def list_of_powers(g, dtype):
    """The first power of two that fits, of 300."""
    for power in range(300):
        if bool(survives(g.double(), dtype, 2.0**power).all()):
            return 2**power
    raise ValueError("none fits")


@right(replaces="min_scale")
def by_logarithm(g, dtype):
    """Works the power out from the smallest number, and then looks at the largest."""
    size = g.abs().double()
    scale = 1
    if size.any():
        _, exponent = math.frexp(smallest(dtype) / 2 / size[size > 0].min().item())
        scale = 2 ** max(0, exponent)  # above the ratio, for its mantissa is below 1
    if not survives(g, dtype, float(scale)).all():
        raise ValueError(f"{scale} makes the largest infinite")
    return scale


@right(replaces="min_scale")
def recursive(g, dtype, scale=1):
    """Doubles by calling itself."""
    stored = low(g, dtype, float(scale))
    if stored.isinf().any():
        raise ValueError
    if ((stored == 0) & (g != 0)).any():
        return recursive(g, dtype, scale + scale)
    return scale


@right(replaces="min_scale")
def one_number_at_a_time(g, dtype):
    """The largest of the scales that single numbers need."""
    needed = 1
    for v in g.flatten():
        while v != 0 and low(v, dtype, float(needed)) == 0:
            needed *= 2
    if low(g, dtype, float(needed)).isinf().any():
        raise ValueError("too far apart")
    return needed


@wrong(replaces="survives")
def up_to_65504(g, dtype, scale=1.0):
    """Takes float16's largest number for that of all."""
    return survives(g, dtype, scale) & ((g * scale).abs() < 65520)


@wrong(replaces="survives")
def exactly_the_same(g, dtype, scale=1.0):
    """Counts as lost whatever has changed at all."""
    return (g * scale).to(dtype).to(g.dtype) == g * scale


@wrong(replaces="survives")
def nearly_the_same(g, dtype, scale=1.0):
    """Counts as lost what has changed by more than a percent."""
    back = (g * scale).to(dtype).double()
    return torch.isclose(back, g.double() * scale, rtol=0.01, atol=0) | (g == 0)


@wrong(replaces="survives")
def one_answer(g, dtype, scale=1.0):
    """Gives one answer for all of g."""
    return survives(g, dtype, scale).all()


@wrong(replaces="survives")
def flattened(g, dtype, scale=1.0):
    """Loses the shape."""
    return survives(g, dtype, scale).flatten()


@wrong(replaces="survives")
def scaled_in_place(g, dtype, scale=1.0):
    """Scales the numbers of the caller."""
    mask = survives(g, dtype, scale)
    g.mul_(2.0)
    return mask


@wrong(replaces="survives")
def list_of_bools(g, dtype, scale=1.0):
    """Gives a list."""
    return survives(g, dtype, scale).tolist()


@wrong(replaces="survives")
def above_1e_minus_8(g, dtype, scale=1.0):
    """Knows one limit by heart."""
    return ((g * scale).abs() > 3e-8) & (g * scale).to(dtype).isfinite() | (g == 0)


@wrong(replaces="survives")
def row_by_row(g, dtype, scale=1.0):
    """Goes over the rows, of which a single number has none."""
    return torch.stack([survives(row, dtype, scale) for row in g])


@wrong(replaces="min_scale")
def gives_up(g, dtype):
    """Tries a few powers only."""
    for power in range(22):
        if survives(g, dtype, 2.0**power).all():
            return 2**power
    raise ValueError


@wrong(replaces="min_scale")
def smallest_may_be_0(g, dtype):
    """Lifts the smallest size, which may be a 0 beside others."""
    size = g.abs().flatten().sort().values
    return min_scale(size[[0, -1]], dtype)


@wrong(replaces="min_scale")
def by_the_mean(g, dtype):
    """Lifts the mean size."""
    mean = g.abs().mean().reshape(1)
    min_scale(g, dtype)
    return min_scale(mean, dtype)


@wrong(replaces="min_scale")
def powers_of_ten(g, dtype):
    """Goes on in powers of ten."""
    min_scale(g, dtype)
    scale = 1
    while not survives(g, dtype, float(scale)).all():
        scale *= 10
    return scale


@wrong(replaces="min_scale")
def powers_of_four(g, dtype):
    """Goes on in powers of four."""
    scale = 1
    while low(g, dtype, float(scale)).isfinite().all():
        if survives(g, dtype, float(scale)).all():
            return scale
        scale *= 4
    raise ValueError


@wrong(replaces="min_scale")
def largest_that_fits(g, dtype):
    """Gives the largest scale that nothing overflows with."""
    min_scale(g, dtype)
    return list(powers(g[:2], dtype))[-1] if g.any() else 1


@wrong(replaces="min_scale")
def overflow_error(g, dtype):
    """Raises another exception."""
    try:
        return min_scale(g, dtype)
    except ValueError:
        raise OverflowError from None


@wrong(replaces="min_scale")
def zeros_are_lifted(g, dtype):
    """Divides by the smallest size, which may be 0."""
    scale = min_scale(g, dtype)
    return scale if 1 / g.abs().min().item() > 0 else 1


@wrong(replaces="min_scale")
def exponent_alone(g, dtype):
    """Gives the exponent of the power."""
    return int(math.log2(min_scale(g, dtype)))


@wrong(replaces="min_scale")
def signs_counted(g, dtype):
    """Looks for the smallest number, not the smallest size."""
    scale = min_scale(g, dtype)
    return scale if (g > 0).any() else 1


@restated("tiny-is-the-end", replaces="survives")
def above_tiny(g, dtype, scale=1.0):
    """Two limits of finfo."""
    size = (g * scale).abs()
    return ((size >= torch.finfo(dtype).tiny) & size.to(dtype).isfinite()) | (size == 0)


@restated("not-rounded-up", replaces="survives")
def above_the_smallest(g, dtype, scale=1.0):
    """Knows the smallest number."""
    small = ((g * scale).abs().double() < smallest(dtype)) & (g != 0)
    return low(g, dtype, scale).isfinite() & ~small


@restated("overflow-overlooked", replaces="survives")
def only_zeros(g, dtype, scale=1.0):
    """Looks for new zeros."""
    return ~((low(g, dtype, scale) == 0) & (g != 0))


@restated("underflow-overlooked", replaces="survives")
def only_infinities(g, dtype, scale=1.0):
    """Looks for infinities."""
    return ~torch.isinf(low(g, dtype, scale))


@restated("max-is-the-end", replaces="survives")
def up_to_max(g, dtype, scale=1.0):
    """Compares with max."""
    beyond = (g.double() * scale).abs() > torch.finfo(dtype).max
    return ((low(g, dtype, scale) != 0) | (g == 0)) & ~beyond


@restated("zeros-lost", replaces="survives")
def finite_and_not_zero(g, dtype, scale=1.0):
    """Forgets what was 0 before."""
    kept = low(g, dtype, scale)
    return kept.isfinite() & (kept != 0)


@restated("negatives-lost", replaces="survives")
def above_zero(g, dtype, scale=1.0):
    """Forgets the sign."""
    kept = low(g, dtype, scale)
    return ((kept > 0) & kept.isfinite()) | (g == 0)


@restated("scale-forgotten", replaces="survives")
def cast_alone(g, dtype, scale=1.0):
    """Casts g as it is."""
    kept = g.to(dtype)
    return kept.isfinite() & ((kept != 0) | (g == 0))


@restated("scaled-too-late", replaces="survives")
def cast_and_scaled(g, dtype, scale=1.0):
    """Casts before it scales."""
    kept = torch.mul(g.to(dtype), scale)
    return ~(kept.isinf() | ((kept == 0) & (g != 0)))


@restated("scale-divides", replaces="survives")
def divided(g, dtype, scale=1.0):
    """Divides by the scale."""
    kept = (g / scale).to(dtype)
    return ~(kept.isinf() | ((kept == 0) & (g != 0)))


@restated("always-float16", replaces="survives")
def half(g, dtype, scale=1.0):
    """Calls half in any case."""
    kept = (g * scale).half()
    return kept.isfinite() & ((kept != 0) | (g == 0))


@restated("the-lost-ones", replaces="survives")
def zero_or_infinite(g, dtype, scale=1.0):
    """Says what is lost."""
    kept = low(g, dtype, scale)
    return kept.isinf() | ((kept == 0) & (g != 0))


@restated("numbers-for-a-mask", replaces="survives")
def ones_and_zeros(g, dtype, scale=1.0):
    """Chooses between 1 and 0."""
    return torch.where(survives(g, dtype, scale), torch.ones_like(g), torch.zeros_like(g))


@restated("one-survivor-is-enough", replaces="min_scale")
def until_one_survives(g, dtype):
    """Stops at the first survivor."""
    for scale in powers(g, dtype):
        if survives(g, dtype, float(scale)).sum() > 0:
            return scale
    raise ValueError


@restated("always-65536", replaces="min_scale")
def default_scale(g, dtype):
    """The start of torch's scaler."""
    min_scale(g, dtype)
    return 1 if survives(g, dtype).all() else 2**16


@restated("no-power-of-two", replaces="min_scale")
def plain_ratio(g, dtype):
    """The ratio, rounded up."""
    min_scale(g, dtype)
    sizes = [abs(v) for v in g.flatten().tolist() if v]
    return max([1, *(-int(-smallest(dtype) / v // 1) for v in sizes)])


@restated("up-to-the-smallest", replaces="min_scale")
def until_all_reach_it(g, dtype):
    """Doubles until no number lies below the smallest."""
    min_scale(g, dtype)
    scale = 1
    while ((g.double().abs() * scale < smallest(dtype)) & (g != 0)).any():
        scale *= 2
    return scale


@restated("tie-taken-for-enough", replaces="min_scale")
def at_least_half(g, dtype):
    """Doubles until no number lies below half of the smallest."""
    min_scale(g, dtype)
    scale = 1
    while ((g.double().abs() * scale < smallest(dtype) / 2) & (g != 0)).any():
        scale *= 2
    return scale


@restated("one-power-too-many", replaces="min_scale")
def doubled_before_the_look(g, dtype):
    """Doubles once more."""
    for scale in powers(g, dtype):
        if survives(g, dtype, float(scale)).all():
            return scale * 2
    raise ValueError


@restated("up-to-tiny", replaces="min_scale")
def until_normal(g, dtype):
    """Doubles until no number lies below tiny."""
    min_scale(g, dtype)
    scale = 1
    while ((g.double().abs() * scale < torch.finfo(dtype).tiny) & (g != 0)).any():
        scale *= 2
    return scale


@restated("scale-of-float", replaces="min_scale")
def power_of_a_float(g, dtype):
    """Doubles a float."""
    for scale in powers(g, dtype):
        if survives(g, dtype, float(scale)).all():
            return scale * 1.0
    raise ValueError


@restated("overflow-not-refused", replaces="min_scale")
def until_nothing_is_zero(g, dtype):
    """Looks at the small ones only."""
    scale = 1.0
    while ((low(g, dtype, scale) == 0) & (g != 0)).any():
        scale *= 2
    return int(scale)


# Mutants of the reference that nothing can catch, and why.
EXCUSED = {"scale *= 2 -> scale = scale * 2": "a float cannot be changed in place"}
