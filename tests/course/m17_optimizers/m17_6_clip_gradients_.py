"""Other ways to do clip_gradients_."""

from __future__ import annotations

import math

import torch

from autograder.course.marks import restated, right, wrong


def _clip(params, max_norm, *, measure=None, scale=None, finite=math.isfinite):
    """Clip rightly, in which parts can be exchanged."""
    grads = [p.grad for p in params if p.grad is not None]
    norm = sum(float((g * g).sum()) for g in grads) ** 0.5
    if not finite(norm):
        raise ValueError("not finite")
    norm = norm if measure is None else measure(grads)
    if scale is not None:
        scale(grads, norm)
    elif norm > max_norm:
        torch._foreach_mul_(grads, max_norm / norm)
    return norm


@right()
def torchs_own(params, max_norm):
    """Lets torch do it, and turns its RuntimeError into a ValueError."""
    try:
        norm = torch.nn.utils.clip_grad_norm_(params, max_norm, error_if_nonfinite=True)
    except RuntimeError as error:
        raise ValueError("not finite") from error
    return norm.item()


@right()
def torchs_factor(params, max_norm):
    """Multiplies always, by a factor of at most 1 with torch's millionth in it."""
    grads = [p.grad.detach() for p in params if p.grad is not None]
    if not grads:
        return 0.0
    total = torch.linalg.vector_norm(torch.stack([torch.linalg.vector_norm(g) for g in grads]))
    if torch.isnan(total) or torch.isinf(total):
        raise ValueError(f"norm {total}")
    factor = min(max_norm / (total.item() + 1e-6), 1.0)
    for g in grads:
        g.mul_(factor)
    return total.item()


@right()
def one_vector(params, max_norm):
    """Joins all gradients, and divides."""
    params = tuple(params)
    flat = [p.grad.flatten().double() for p in params if p.grad is not None]
    norm = torch.cat(flat).norm().item() if flat else 0.0
    if not (norm < float("inf")):
        raise ValueError("the gradients have exploded")
    for p in params:
        if p.grad is not None and norm > max_norm:
            p.grad.copy_(p.grad / norm * max_norm)
    return norm


@right()
def by_hypot(params, max_norm):
    """Adds the norms up in Python."""
    live = list(filter(lambda p: p.grad is not None, params))
    norm = math.hypot(*(p.grad.norm().item() for p in live))
    if norm - norm != 0:
        raise ValueError(norm)
    if norm > max_norm:
        with torch.no_grad():
            for p in live:
                p.grad.div_(norm / max_norm)
    return norm


@right()
def through_data(params, max_norm):
    """Writes to .data, and asks every number whether it is finite."""
    grads = [p.grad for p in params if p.grad is not None]
    if not all(bool(g.isfinite().all()) for g in grads):
        raise ValueError("inf or nan")
    norm = math.fsum(v * v for g in grads for v in g.flatten().tolist()) ** 0.5
    if norm > max_norm:
        for g in grads:
            g.data *= max_norm
            g.data /= norm
    return norm


@wrong()
def first_gradient_decides(params, max_norm):
    """Measures the first gradient only."""
    return _clip(params, max_norm, measure=lambda grads: float(grads[0].norm()) if grads else 0.0)


@wrong()
def mean_square(params, max_norm):
    """Divides the sum of squares by the count of numbers."""

    def measure(grads):
        count = sum(g.numel() for g in grads)
        return math.sqrt(sum(float((g * g).sum()) for g in grads) / max(count, 1))

    return _clip(params, max_norm, measure=measure)


@wrong()
def absolute_values(params, max_norm):
    """Adds absolute values up."""
    return _clip(params, max_norm, measure=lambda gs: sum(float(g.abs().sum()) for g in gs))


@wrong()
def matrices_only(params, max_norm):
    """Leaves vectors as they are, but measures them."""

    def scale(grads, norm):
        for g in grads:
            if g.ndim > 1 and norm > max_norm:
                g.mul_(max_norm / norm)

    return _clip(params, max_norm, scale=scale)


@wrong()
def a_tenth_too_much(params, max_norm):
    """Shortens to nine tenths of the limit."""

    def scale(grads, norm):
        if norm > max_norm:
            torch._foreach_mul_(grads, 0.9 * max_norm / norm)

    return _clip(params, max_norm, scale=scale)


@wrong()
def twice(params, max_norm):
    """Scales each gradient twice."""

    def scale(grads, norm):
        if norm > max_norm:
            torch._foreach_mul_(grads, (max_norm / norm) ** 2)

    return _clip(params, max_norm, scale=scale)


@wrong()
def zeros_for_bad_numbers(params, max_norm):
    """Puts zeros in the place of what is not finite."""
    params = list(params)
    for p in params:
        if p.grad is not None:
            p.grad.nan_to_num_(0.0, 0.0, 0.0)
    return _clip(params, max_norm)


@wrong()
def zeros_for_none(params, max_norm):
    """Makes a gradient of zeros where there is none."""
    params = list(params)
    for p in params:
        if p.grad is None:
            p.grad = torch.zeros_like(p)
    return _clip(params, max_norm)


@wrong()
def another_exception(params, max_norm):
    """Raises what torch raises."""
    try:
        return _clip(params, max_norm)
    except ValueError as error:
        raise RuntimeError("not finite") from error


@wrong()
def nothing_refused(params, max_norm):
    """Refuses a training without gradients."""
    params = [p for p in params if p.grad is not None]
    if not params:
        raise ValueError("no gradients")
    return _clip(params, max_norm)


@wrong()
def by_the_average_factor(params, max_norm):
    """Divides by a norm that has one more number in it."""

    def scale(grads, norm):
        if norm > max_norm:
            torch._foreach_mul_(grads, max_norm / math.hypot(norm, 1.0))

    return _clip(params, max_norm, scale=scale)


@restated("each-for-itself")
def one_by_one(params, max_norm):
    """Clips by the norm of each tensor."""

    def scale(grads, norm):
        for g in grads:
            own = float(g.norm())
            g.mul_(max_norm / max(own, max_norm))

    return _clip(params, max_norm, scale=scale)


@restated("short-ones-grow")
def always_scaled(params, max_norm):
    """Never asks for the norm."""

    def scale(grads, norm):
        if grads and norm != 0:
            torch._foreach_mul_(grads, max_norm / norm)

    return _clip(params, max_norm, scale=scale)


@restated("norm-afterwards")
def measured_last(params, max_norm):
    """Measures once more."""
    params = list(params)
    _clip(params, max_norm)
    return math.sqrt(sum(float((p.grad**2).sum()) for p in params if p.grad is not None))


@restated("infinite-ones-scaled")
def as_torch_does(params, max_norm):
    """Refuses nothing, as torch."""

    def scale(grads, norm):
        if norm > max_norm or norm != norm:
            torch._foreach_mul_(grads, max_norm / norm)

    return _clip(params, max_norm, scale=scale, finite=lambda norm: True)


@restated("refused-too-late")
def looks_afterwards(params, max_norm):
    """Scales, then asks."""
    norm = as_torch_does(params, max_norm)
    if norm != norm or norm == math.inf:
        raise ValueError("not finite")
    return norm


@restated("nan-let-through")
def inf_only(params, max_norm):
    """Asks for inf."""
    return _clip(params, max_norm, finite=lambda norm: norm != math.inf)


@restated("numbers-cut-off")
def by_value(params, max_norm):
    """Clips single values."""

    def scale(grads, norm):
        for g in grads:
            g.copy_(g.clip(min=-max_norm, max=max_norm))

    return _clip(params, max_norm, scale=scale)


@restated("generator-read-twice")
def two_loops(params, max_norm):
    """Measures in one loop, scales in the next."""
    total = 0.0
    for p in params:
        if p.grad is not None:
            total += float((p.grad**2).sum())
    norm = math.sqrt(total)
    if not math.isfinite(norm):
        raise ValueError("not finite")
    if norm > max_norm:
        for p in params:
            if p.grad is not None:
                p.grad.mul_(max_norm / norm)
    return norm


@restated("none-not-skipped")
def every_gradient(params, max_norm):
    """Takes all gradients."""
    return math.sqrt(sum(float(p.grad.square().sum()) for p in params))


@restated("root-forgotten")
def sum_of_squares(params, max_norm):
    """Takes no root."""
    return _clip(params, max_norm, measure=lambda gs: sum(float((g**2).sum()) for g in gs))


@restated("norms-added-up")
def sum_of_norms(params, max_norm):
    """Adds the norms up."""
    return _clip(params, max_norm, measure=lambda gs: float(sum(float(g.norm()) for g in gs)))


@restated("largest-number")
def maximum_norm(params, max_norm):
    """Takes the largest."""
    measure = lambda gs: max([0.0, *(float(g.abs().max()) for g in gs)])  # noqa: E731
    return _clip(params, max_norm, measure=measure)


@restated("scaled-to-one")
def unit_length(params, max_norm):
    """Divides by the norm."""

    def scale(grads, norm):
        if norm > max_norm:
            torch._foreach_div_(grads, norm)

    return _clip(params, max_norm, scale=scale)


@restated("gradients-replaced")
def new_gradients(params, max_norm):
    """Stores the products anew."""
    params = [p for p in params if p.grad is not None]
    norm = _clip(params, math.inf)
    for p in params:
        p.grad = (p.grad * max_norm / norm) if norm > max_norm else p.grad.clone()
    return norm


@restated("nothing-scaled")
def loop_name(params, max_norm):
    """Gives the loop's name another tensor."""

    def scale(grads, norm):
        for g in grads:
            g = g * max_norm

    return _clip(params, max_norm, scale=scale)


@restated("parameters-scaled")
def weights_shortened(params, max_norm):
    """Multiplies .data of the parameters."""
    params = list(params)
    norm = _clip(params, math.inf)
    for p in params:
        if norm > max_norm:
            p.data.mul_(max_norm / norm)
    return norm


@restated("a-tensor")
def norm_as_tensor(params, max_norm):
    """Keeps the tensor."""
    params = list(params)
    return torch.tensor(_clip(params, max_norm)).to(params[0].dtype)


# Mutants of the reference that nothing can catch, and why.
EXCUSED = {
    "norm = math.sqrt(sum((g.square().sum().item() for g in gradients))) -> "
    "norm = math.sqrt(sum((g.square().sum() for g in gradients)))": (
        "math.sqrt takes the number out of a tensor, too"
    ),
    "if norm > max_norm: -> if norm >= max_norm:": "a factor of 1 changes nothing",
}
