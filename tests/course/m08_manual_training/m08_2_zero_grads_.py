"""Other ways to do zero_grads_."""

from __future__ import annotations

import torch

from autograder.course.marks import restated, right, wrong


@right()
def zeros_filled_into_detached_gradients(params, to_none=False):
    """Detaches the gradient in place and fills it with a number."""
    for p in params:
        if to_none:
            p.grad = None
        elif p.grad is not None:
            p.grad.detach_()
            p.grad.fill_(0)


@right()
def zeros_of_an_optimizer(params, to_none=False):
    """Leaves the clearing to a new torch.optim.SGD."""
    torch.optim.SGD(params, lr=0.1).zero_grad(set_to_none=to_none)


@right()
def deleted_or_assigned_by_index(params, to_none=False):
    """Deletes the attribute, or assigns zero to all elements."""
    for p in params:
        if p.grad is not None:
            if to_none:
                del p.grad
            else:
                p.grad[...] = 0


@right()
def zeros_through_data(params, to_none=False):
    """Clears the memory of the gradient through .data, which nobody forbids here."""
    for p in params:
        if p.grad is not None:
            if to_none:
                p.grad = None
            else:
                p.grad.data.zero_()


@right()
def zeros_put_back(params, to_none=False):
    """Assigns the cleared gradient to .grad again, which is the same tensor."""
    for p in list(params):
        p.grad = None if to_none or p.grad is None else p.grad.zero_()


@restated("zeroed-before-dropped", asks="tb.12")
def zeroed_before_none(params, to_none=False):
    """Fills the old gradients with zeros even where they are to be dropped."""
    for p in params:
        if p.grad is not None:
            p.grad.zero_()
            if to_none:
                p.grad = None


@wrong()
def missing_gradients_made(params, to_none=False):
    """Stores zeros where there was no gradient."""
    for p in params:
        if to_none:
            p.grad = None
        elif p.grad is None:
            p.grad = torch.zeros_like(p)
        else:
            p.grad.zero_()


@wrong()
def looked_through_first(params, to_none=False):
    """Goes through the parameters twice, and finds a generator empty."""
    if all(p.grad is None for p in params):
        return
    for p in params:
        if to_none:
            p.grad = None
        elif p.grad is not None:
            p.grad.zero_()


@wrong()
def frozen_ones_left_out(params, to_none=False):
    """Passes over leaves that require no gradient but still hold one."""
    for p in params:
        if not p.requires_grad:
            continue
        if to_none:
            p.grad = None
        elif p.grad is not None:
            p.grad.zero_()


@restated("ends-at-missing")
def stops_at_the_first_missing(params, to_none=False):
    """Returns where a gradient is missing instead of going on."""
    for p in params:
        if p.grad is None:
            return
        if to_none:
            p.grad = None
        else:
            p.grad.zero_()


@wrong()
def everything_required_again(params, to_none=False):
    """Makes every leaf require its gradient on the way."""
    for p in params:
        p.requires_grad_(True)
        if to_none:
            p.grad = None
        elif p.grad is not None:
            p.grad.zero_()


@wrong()
def flat_copies_cleared(params, to_none=False):
    """reshape copies a gradient that is not contiguous, and only the copy is cleared."""
    for p in params:
        if to_none:
            p.grad = None
        elif p.grad is not None:
            p.grad.reshape(-1).zero_()


@wrong()
def nearly_zero(params, to_none=False):
    """Fills with a tiny number, against divisions by zero."""
    for p in params:
        if to_none:
            p.grad = None
        elif p.grad is not None:
            p.grad.fill_(1e-12)


@restated("computed-zero")
def multiplied_by_zero(params, to_none=False):
    """Multiplies every gradient by zero, in place, which leaves nan where there was inf."""
    for p in params:
        if to_none:
            p.grad = None
        elif p.grad is not None:
            p.grad.mul_(0)


@restated("computed-zero")
def subtracted_from_itself(params, to_none=False):
    """Subtracts every gradient from itself, in place."""
    for p in params:
        if to_none:
            p.grad = None
        elif p.grad is not None:
            p.grad -= p.grad


@restated("weights-wiped")
def parameters_filled(params, to_none=False):
    """Fills the data of the parameters with zeros."""
    for p in params:
        if to_none:
            p.grad = None
            continue
        p.data.fill_(0)


@restated("number-assigned")
def zero_or_none_assigned(params, to_none=False):
    """Chooses between None and 0, and assigns that to every .grad."""
    empty = None if to_none else 0
    for p in params:
        p.grad = empty


@restated("new-zeros")
def zeros_made_from_the_shape(params, to_none=False):
    """Makes zeros of the gradient's shape and stores them in its place."""
    for p in params:
        if p.grad is None:
            continue
        p.grad = None if to_none else p.grad.new_zeros(p.grad.shape)


@restated("missing-gradient-crashes")
def every_gradient_zeroed(params, to_none=False):
    """Asks every gradient to zero itself."""
    if to_none:
        for p in params:
            p.grad = None
        return
    for p in params:
        p.grad.zero_()


@restated("always-none")
def option_overlooked(params, to_none=True):
    """Drops every gradient, whatever was asked for."""
    for p in params:
        p.grad = None


@restated("never-none")
def option_unused(params, to_none=False):
    """Fills what is there with zeros, whatever was asked for."""
    for p in params:
        if p.grad is not None:
            p.grad.fill_(0.0)


# Mutants of the reference that nothing can catch, and why.
EXCUSED = {
    "p.grad.zero_() -> it twice": "zero stays zero",
}
