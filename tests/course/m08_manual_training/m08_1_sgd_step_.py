"""Other ways to do sgd_step_."""

from __future__ import annotations

import torch

from autograder.course.marks import restated, right, wrong


@right()
@torch.no_grad()
def step_by_add_with_alpha(params, lr):
    """Decorates the function with no_grad and adds with a negative alpha."""
    for p in params:
        if p.grad is None:
            continue
        p.add_(p.grad, alpha=-lr)


@right()
def step_of_an_optimizer(params, lr):
    """Leaves the step to a new torch.optim.SGD."""
    torch.optim.SGD(params, lr=lr).step()


@right()
def step_on_a_detached_view(params, lr):
    """Changes a detached view, whose version counter is the parameter's own."""
    for p in params:
        if p.grad is not None:
            p.detach().sub_(lr * p.grad)


@right()
def step_copied_in(params, lr):
    """Works out the new numbers and copies them into the parameter."""
    with torch.no_grad():
        for p in params:
            if p.grad is None:
                continue
            p.copy_(p - lr * p.grad)


@right()
def step_by_foreach(params, lr):
    """Takes the steps of all parameters in one call of a foreach function."""
    pairs = [(p, p.grad) for p in params if p.grad is not None]
    if pairs:
        leaves, grads = zip(*pairs, strict=True)
        with torch.no_grad():
            torch._foreach_add_(list(leaves), list(grads), alpha=-lr)


@wrong()
def rate_in_single_precision(params, lr):
    """Turns the learning rate into a float32 tensor."""
    rate = torch.tensor(lr)
    with torch.no_grad():
        for p in params:
            if p.grad is not None:
                p -= rate * p.grad


@wrong(named="name-rebound, missing-gradient-crashes")
def rebound_without_a_guard(params, lr):
    """Two at once: the first draft of many."""
    for p in params:
        p = p - lr * p.grad


@wrong(named="gradients-cleared, through-data, missing-gradient-crashes")
def through_data_and_cleared(params, lr):
    """Three at once, as old scripts have it."""
    for p in params:
        p.data -= lr * p.grad
        p.grad.zero_()


@restated("gradients-scaled")
def gradients_scaled(params, lr):
    """Multiplies the stored gradients by the learning rate in place."""
    with torch.no_grad():
        for p in params:
            if p.grad is not None:
                p -= p.grad.mul_(lr)


@restated("ends-at-missing")
def stops_at_a_missing_gradient(params, lr):
    """Ends the loop at the first parameter without a gradient."""
    with torch.no_grad():
        for p in params:
            if p.grad is None:
                break
            p -= lr * p.grad


@wrong()
def skips_infinite_gradients(params, lr):
    """Takes no step where a gradient is not finite."""
    with torch.no_grad():
        for p in params:
            if p.grad is not None and torch.isfinite(p.grad).all():
                p -= lr * p.grad


@wrong(asks="gd.23")
def grad_mode_switched_on(params, lr):
    """Switches the recording on at the end, whatever it was before."""
    torch.set_grad_enabled(False)
    for p in params:
        if p.grad is not None:
            p -= lr * p.grad
    torch.set_grad_enabled(True)


@wrong()
def gradients_clamped(params, lr):
    """Cuts every entry of a gradient off at 1000."""
    with torch.no_grad():
        for p in params:
            if p.grad is not None:
                p -= lr * p.grad.clamp(-1000, 1000)


@wrong()
def generator_used_up(params, lr):
    """Goes through the parameters once to look and once to step."""
    if not any(p.grad is not None for p in params):
        return
    with torch.no_grad():
        for p in params:
            if p.grad is not None:
                p -= lr * p.grad


@wrong(asks="wf.8")
def missing_gradients_filled(params, lr):
    """Stores zeros where a gradient is missing, so that the step works."""
    with torch.no_grad():
        for p in params:
            if p.grad is None:
                p.grad = torch.zeros_like(p)
            p -= lr * p.grad


@restated("gradients-set-to-none")
def gradients_dropped(params, lr):
    """Sets every gradient to None after its step."""
    with torch.no_grad():
        for p in params:
            if p.grad is not None:
                p.sub_(p.grad, alpha=lr)
                p.grad = None


@wrong()
def update_in_a_buffer_of_the_cpu(params, lr):
    """It gathers the update in zeros that lie on the CPU, wherever the parameter lies."""
    with torch.no_grad():
        for p in params:
            if p.grad is not None:
                update = torch.zeros(p.shape, dtype=p.dtype)
                update = update + lr * p.grad
                p -= update


@wrong()
def frozen_without_a_gradient(params, lr):
    """Freezes all for the step, and thaws only what has moved."""
    for p in params:
        p.requires_grad_(False)
        if p.grad is not None:
            p -= lr * p.grad
            p.requires_grad_()


@restated("name-rebound")
def list_of_new_tensors(params, lr):
    """Puts new tensors into a list of its own."""
    params = list(params)
    for i, p in enumerate(params):
        if p.grad is not None:
            params[i] = p.detach() - lr * p.grad


@restated("step-recorded")
def sub_while_recording(params, lr):
    """Calls sub_ on a leaf without no_grad."""
    for p in params:
        if p.grad is None:
            continue
        p.sub_(p.grad, alpha=lr)


@restated("through-data")
def data_assigned(params, lr):
    """Assigns new numbers to .data."""
    for p in params:
        if p.grad is not None:
            p.data = p.data.add(p.grad, alpha=-lr)


@restated("uphill")
@torch.no_grad()
def added_with_alpha(params, lr):
    """Adds the gradient with a positive alpha."""
    for p in params:
        if p.grad is not None:
            p.add_(p.grad, alpha=lr)


@restated("new-tensors-returned")
def detached_ones_returned(params, lr):
    """Collects detached new tensors and returns them."""
    moved = []
    for p in params:
        step = 0 if p.grad is None else lr * p.grad
        moved.append(p.detach() - step)
    return moved


@restated("missing-gradient-crashes")
@torch.no_grad()
def every_gradient_multiplied(params, lr):
    """Multiplies every gradient, also one that is None."""
    for p in params:
        p.sub_(p.grad * lr)


@restated("gradients-cleared")
def cleared_in_a_second_loop(params, lr):
    """Fills the gradients with zeros in a second loop."""
    params = [p for p in params if p.grad is not None]
    with torch.no_grad():
        for p in params:
            p.add_(-lr * p.grad)
        for p in params:
            p.grad.fill_(0)


@wrong(named="uphill, missing-gradient-crashes")
def climbs_without_a_guard(params, lr):
    """It adds the gradient, and never looks whether there is one."""
    with torch.no_grad():
        for p in params:
            p += lr * p.grad


@wrong(named="name-rebound, missing-gradient-crashes")
def rebinds_without_a_guard(params, lr):
    """It gives the loop's name to a new tensor, and never looks whether there is a gradient."""
    for p in params:
        p = p - lr * p.grad
