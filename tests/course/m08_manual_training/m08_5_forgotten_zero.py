"""Other ways to do forgotten_zero."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from autograder.course.marks import restated, right, wrong


@right()
def path_by_recurrence(grad_fn, w0, lr, steps):
    """Needs no sum: each point follows from the two before it."""
    path = w0.new_empty((steps + 1, *w0.shape))
    path[0] = w0
    before = path[0]
    for t in range(steps):
        path[t + 1] = 2 * path[t] - before - lr * grad_fn(path[t])
        before = path[t]
    return path


@right()
def path_by_momentum_of_one(grad_fn, w0, lr, steps):
    """Takes the steps of an optimizer whose momentum is 1."""
    w = w0.clone().requires_grad_()
    optimizer = torch.optim.SGD([w], lr=lr, momentum=1.0)
    path = [w0]
    for _ in range(steps):
        w.grad = grad_fn(w.detach())
        optimizer.step()
        path.append(w.detach().clone())
    return torch.stack(path)


@right()
def path_with_all_gradients_kept(grad_fn, w0, lr, steps):
    """Keeps a list of all gradients and adds them up anew in every step."""
    grads, path = [], [w0]
    for _ in range(steps):
        grads.append(grad_fn(path[-1]))
        path.append(path[-1] - lr * sum(grads))
    return torch.stack(path)


@right()
def path_of_a_parameter(grad_fn, w0, lr, steps):
    """Lets a real parameter collect the gradients in its .grad."""
    p = nn.Parameter(w0.clone())
    path = torch.zeros(steps + 1, *w0.shape, dtype=w0.dtype, device=w0.device)
    path[0] = w0
    for t in range(steps):
        gradient = grad_fn(p.data)
        p.grad = gradient.clone() if p.grad is None else p.grad + gradient
        with torch.no_grad():
            p -= lr * p.grad
        path[t + 1] = p.data
    return path


@right()
def path_by_recursion(grad_fn, w0, lr, steps):
    """Calls itself for the rest of the path."""

    def rest(w, total, left):
        if left == 0:
            return [w]
        total = total + grad_fn(w)
        return [w, *rest(w - lr * total, total, left - 1)]

    return torch.stack(rest(w0, 0, steps))


@right(replaces="forgotten_zero_limit")
def limit_of_numpy(lmax):
    """Returns a NumPy float."""
    return np.float64(4.0) / lmax


@right(replaces="forgotten_zero_limit")
def limit_by_power(lmax):
    """Multiplies by the power -1, twice two."""
    return 2 * (2 * lmax ** (-1))


@wrong(asks="lr.30")
def five_gradients_remembered(grad_fn, w0, lr, steps):
    """Adds up the last five gradients only."""
    path, grads = [w0], []
    for _ in range(steps):
        grads = [*grads, grad_fn(path[-1])][-5:]
        path.append(path[-1] - lr * sum(grads))
    return torch.stack(path)


@wrong()
def gradients_fade(grad_fn, w0, lr, steps):
    """Forgets a thousandth of the sum in every step."""
    path, total = [w0], torch.zeros_like(w0)
    for _ in range(steps):
        total = 0.999 * total + grad_fn(path[-1])
        path.append(path[-1] - lr * total)
    return torch.stack(path)


@wrong()
def path_kept_in_single_precision(grad_fn, w0, lr, steps):
    """Writes the path into a float32 tensor and converts that at the end."""
    path, total, w = torch.empty(steps + 1, *w0.shape), torch.zeros_like(w0), w0
    path[0] = w0
    for t in range(steps):
        total = total + grad_fn(w)
        w = w - lr * total
        path[t + 1] = w
    return path.to(w0.dtype)


@wrong(named="gradient-changed")
def sum_in_the_first_gradient(grad_fn, w0, lr, steps):
    """Adds the later gradients to the first one in place."""
    path, total = [w0.clone()], None
    for _ in range(steps):
        gradient = grad_fn(path[-1])
        if total is None:
            total = gradient
        else:
            total += gradient
        path.append(path[-1] - lr * total)
    return torch.stack(path)


@wrong()
def path_of_a_number_requires_its_gradient(grad_fn, w0, lr, steps):
    """Lets the path require a gradient where the start is a single number."""
    w, total, path = w0.clone(), torch.zeros_like(w0), [w0.clone()]
    for _ in range(steps):
        total = total + grad_fn(w)
        w -= lr * total
        path.append(w.clone())
    return torch.stack(path).requires_grad_(w0.dim() == 0)


@restated("start-moved")
def start_moved(grad_fn, w0, lr, steps):
    """Walks with the caller's own start instead of a copy."""
    total, path = torch.zeros_like(w0), [w0.clone()]
    for _ in range(steps):
        total = total + grad_fn(w0)
        w0 -= lr * total
        path.append(w0.clone())
    return torch.stack(path)


@wrong()
def newest_gradient_comes_late(grad_fn, w0, lr, steps):
    """Steps before it adds the gradient of the point where it stands."""
    path, total = [w0], torch.zeros_like(w0)
    for _ in range(steps):
        path.append(path[-1] - lr * total)
        total = total + grad_fn(path[-2])
    return torch.stack(path)


@wrong(replaces="forgotten_zero_limit")
def small_curvatures_taken_for_one(lmax):
    """Treats every curvature below 1 as 1."""
    return 4 / max(lmax, 1.0)


@wrong(replaces="forgotten_zero_limit")
def limit_rounded(lmax):
    """Rounds the limit to three decimals."""
    return round(4 / lmax, 3)


@wrong(replaces="forgotten_zero_limit")
def limit_a_thousandth_too_large(lmax):
    """Is a thousandth too large."""
    return 4.004 / lmax


@wrong()
def sum_in_a_buffer_of_the_cpu(grad_fn, w0, lr, steps):
    """It adds the gradients up in zeros that lie on the CPU, wherever the start lies."""
    w, total = w0.clone(), torch.zeros(w0.shape, dtype=w0.dtype)
    path = [w]
    for _ in range(steps):
        total += grad_fn(w)
        w = w - lr * total
        path.append(w)
    return torch.stack(path)


SUMS = {}


@wrong()
def forgotten_between_calls(grad_fn, w0, lr, steps):
    """A second path begins with the gradients of the first."""
    path = [w0.clone()]
    for _ in range(steps):
        so_far = SUMS.get(w0.shape, torch.zeros_like(w0))
        SUMS[w0.shape] = so_far.to(w0) + grad_fn(path[-1])
        path.append(path[-1] - lr * SUMS[w0.shape])
    return torch.stack(path)


@restated("only-two-gradients")
def last_two_of_a_list(grad_fn, w0, lr, steps):
    """Keeps all gradients, and adds up the last two."""
    path, grads = [w0], []
    for _ in range(steps):
        grads.append(grad_fn(path[-1]))
        path.append(path[-1] - lr * sum(grads[-2:]))
    return torch.stack(path)


@restated("longer-steps")
def newest_gradient_many_times(grad_fn, w0, lr, steps):
    """Subtracts the newest gradient as many times as steps were taken."""
    path = [w0]
    for t in range(steps):
        step = lr * grad_fn(path[t])
        path.append(path[t] - (t + 1) * step)
    return torch.stack(path)


@restated("plain-descent")
def path_of_a_right_loop(grad_fn, w0, lr, steps):
    """Walks by the newest gradient alone."""
    w, path = w0.clone(), [w0.clone()]
    for _ in range(steps):
        w -= lr * grad_fn(w)
        path.append(w.clone())
    return torch.stack(path)


@restated("rows-are-one-tensor")
def traveller_appended(grad_fn, w0, lr, steps):
    """Appends the tensor that moves on, steps + 1 times."""
    w, total, path = w0.clone(), 0, []
    for _ in range(steps):
        path.append(w)
        total = total + grad_fn(w)
        w.sub_(lr * total)
    return torch.stack([*path, w])


@restated("start-left-out")
def rows_of_the_steps_only(grad_fn, w0, lr, steps):
    """Fills one row per step, and none for the start."""
    path = w0.new_empty((steps, *w0.shape))
    w, total = w0, torch.zeros_like(w0)
    for t in range(steps):
        total = total + grad_fn(w)
        w = w - lr * total
        path[t] = w
    return path


@restated("gradient-changed")
def first_gradient_is_the_sum(grad_fn, w0, lr, steps):
    """Begins with the first gradient and adds the later ones to it with add_."""
    w, path, total = w0.clone(), [w0.clone()], None
    for _ in range(steps):
        gradient = grad_fn(w)
        total = gradient if total is None else total.add_(gradient)
        w = w - lr * total
        path.append(w)
    return torch.stack(path)


@restated("limit-of-plain-descent", replaces="forgotten_zero_limit")
def twice_the_inverse(lmax):
    """Doubles the inverse of the curvature."""
    return 2.0 * (1.0 / lmax)
