"""Other ways to do predicted_change."""

from __future__ import annotations

from functools import partial

import numpy as np
import torch
from m07_gradients import predicted_change

from autograder.course.marks import restated, right, wrong


@right()
def dot_product(grad, delta):
    """Both are flattened and multiplied as vectors."""
    return float(torch.dot(grad.reshape(-1), delta.reshape(-1)))


@right()
def numpy_float(grad, delta):
    """NumPy flattens and multiplies, and its own kind of float is returned."""
    return np.vdot(grad.detach().cpu().numpy(), delta.detach().cpu().numpy())


@right()
def sum_in_python(grad, delta):
    """Plain Python adds up the products of two lists."""
    return sum(
        a * b for a, b in zip(grad.flatten().tolist(), delta.flatten().tolist(), strict=True)
    )


@right()
def contracted_over_all_axes(grad, delta):
    """A tensor product is contracted over every axis."""
    return torch.tensordot(grad, delta, dims=grad.dim()).item()


@right()
def difference_of_two_losses(grad, delta):
    """A linear loss with this gradient is evaluated at 0 and at delta."""
    loss = partial(torch.inner, grad.ravel().double())
    return (loss(delta.ravel().double()) - loss(torch.zeros_like(delta.ravel()).double())).item()


@wrong(named="mean-for-sum, tensor-returned")
def mean_as_a_tensor(grad, delta):
    """Two at once."""
    return (grad * delta).mean()


SEEN: dict[object, object] = {}


@wrong()
def never_a_rise(grad, delta):
    """The change is taken for a fall whatever the direction of the step."""
    return -abs((grad * delta).sum().item())


@wrong()
def second_order_added(grad, delta):
    """A curvature is made up, though the change is wanted to first order."""
    return ((grad * delta).sum() + 0.5 * (delta * delta).sum() * grad.abs().mean()).item()


@wrong()
def large_steps_cut_off(grad, delta):
    """Steps beyond 1000 are cut off."""
    return (grad * delta.clamp(-1e3, 1e3)).sum().item()


@wrong()
def steep_slopes_cut_off(grad, delta):
    """Slopes beyond 5 are cut off, as against exploding gradients."""
    return (grad.clamp(-5, 5) * delta).sum().item()


@wrong()
def tensor_for_a_single_number(grad, delta):
    """A 0-dim parameter gets a tensor back."""
    return (grad * delta).sum().item() if grad.dim() else grad * delta


@wrong()
def rounded(grad, delta):
    """Seven digits behind the point are kept, and smaller changes vanish."""
    return round((grad * delta).sum().item(), 7)


@wrong()
def changed_in_float32(grad, delta):
    """The digits of float64 are lost."""
    return (grad.float() * delta.float()).sum().item()


@wrong()
def first_matrix_only(grad, delta):
    """A trace stands for the sum; of more than two axes only the first matrix counts."""
    if grad.dim() < 2:
        return (grad * delta).sum().item()
    grad, delta = (t.reshape(-1, *t.shape[-2:])[0] for t in (grad, delta))
    return torch.trace(grad @ delta.T).item()


@wrong()
def written_over_the_gradient(grad, delta):
    """The products are written over the gradient."""
    return grad.mul_(delta).sum().item()


@wrong()
def small_steps_ignored(grad, delta):
    """A step shorter than a millionth counts as none."""
    return (grad * delta).sum().item() if delta.norm() > 1e-6 else 0.0


@wrong()
def along_the_step(grad, delta):
    """The slope along the step is returned: the change is divided by the step's length."""
    return ((grad * delta).sum() / delta.norm()).item()


@wrong()
def right_on_the_first_call_only(grad, delta):
    """From the second call on a factor 0.999 creeps in."""
    SEEN["n"] = SEEN.get("n", 0) + 1
    return predicted_change(grad, delta) * (1 if SEEN["n"] < 2 else 0.999)


@restated("product-of-lengths")
def roots_of_both_squares(grad, delta):
    """Both lengths are written out as roots of sums of squares."""
    return (grad.pow(2).sum().sqrt() * delta.pow(2).sum().sqrt()).item()


@restated("always-falls")
def downhill_by_both_lengths(grad, delta):
    """The step is taken to lead straight downhill."""
    return -torch.sqrt((grad * grad).sum() * (delta * delta).sum()).item()


@restated("mean-for-sum")
def products_averaged(grad, delta):
    """A dot product is divided by the number of elements."""
    return torch.dot(grad.flatten(), delta.flatten()).item() / grad.numel()


@restated("delta-ignored")
def step_of_gradient_descent(grad, delta):
    """A step of gradient descent is assumed, whatever delta is."""
    step = -1e-5 * grad
    return (grad * step).sum().item()


@restated("sign-flipped")
def step_subtracted(grad, delta):
    """The step is subtracted, as if it were one along the gradient."""
    return torch.sum(grad * (0 - delta)).item()


@restated("not-summed")
def share_of_every_element(grad, delta):
    """Every element's own change is returned."""
    return torch.mul(delta, grad)


@restated("tensor-returned")
def dot_product_left_a_tensor(grad, delta):
    """The dot product is right, and stays a tensor."""
    return torch.dot(grad.reshape(-1), delta.reshape(-1))
