"""Other ways to do grads_only."""

from __future__ import annotations

import torch

from autograder.course.marks import restated, right, wrong


@right()
def zeros_for_none(loss, params):
    """Autograd may leave a parameter out, and zeros take its place."""
    params = list(params)
    grads = torch.autograd.grad(loss, params, allow_unused=True)
    return [torch.zeros_like(p) if g is None else g for p, g in zip(params, grads, strict=True)]


@right()
def stored_gradients_put_back(loss, params):
    """What .grad holds is taken away, backward fills only these leaves, and it is put back."""
    saved = [p.grad for p in params]
    for p in params:
        p.grad = None
    loss.backward(inputs=params)
    out = [torch.zeros_like(p) if p.grad is None else p.grad for p in params]
    for p, s in zip(params, saved, strict=True):
        p.grad = s
    return out


@right()
def detached_copies(loss, params):
    """A graph of the gradients is built, and copies without it are returned."""
    gs = torch.autograd.grad(loss, params, create_graph=True, allow_unused=True)
    return [
        (g if g is not None else p.new_zeros(p.shape)).detach().clone()
        for g, p in zip(gs, params, strict=True)
    ]


@right()
def one_parameter_at_a_time(loss, params):
    """Autograd is asked once for every parameter, and keeps the graph for the next."""
    out = []
    for p in params:
        (g,) = torch.autograd.grad(loss, p, retain_graph=True, allow_unused=True)
        out.append(torch.zeros_like(p, requires_grad=False) if g is None else g)
    return out


@right()
def every_parameter_made_used(loss, params):
    """Sums times 0 tie every parameter to the loss, so that none is unused."""
    tied = loss + sum(0 * p.sum() for p in params)
    return [*torch.autograd.grad(tied, params)]


@wrong(asks="gd.14")
def another_leaf_filled(loss, params):
    """What .grad held is put back for params only: backward also fills the loss's other leaves."""
    old = [p.grad for p in params]
    for p in params:
        p.grad = None
    loss.backward()
    out = [torch.zeros_like(p) if p.grad is None else p.grad for p in params]
    for p, g in zip(params, old, strict=True):
        p.grad = g
    return out


@wrong()
def difference_of_stored_gradients(loss, params):
    """What .grad held is subtracted again, which costs the digits that adding to it lost."""
    old = [None if p.grad is None else p.grad.clone() for p in params]
    loss.backward(inputs=list(params))
    out = []
    for p, o in zip(params, old, strict=True):
        g = torch.zeros_like(p) if p.grad is None else p.grad.clone()
        out.append((g if o is None else g - o).detach())
        if o is None:
            p.grad = None
        else:
            p.grad.copy_(o)
    return out


@wrong(named="tuple-returned, none-for-unused")
def passed_on(loss, params):
    """Two at once: torch's tuple, and its None."""
    return torch.autograd.grad(loss, params, allow_unused=True)


@restated("zeros-without-dtype")
def zeros_of_the_default_dtype(loss, params):
    """The zeros have torch's default dtype and device."""
    gs = torch.autograd.grad(loss, params, allow_unused=True)
    return [torch.zeros(p.shape) if g is None else g for p, g in zip(params, gs, strict=True)]


@wrong()
def parameter_times_zero(loss, params):
    """The zeros are 0 times the parameter: NaN where it is infinite."""
    gs = torch.autograd.grad(loss, params, allow_unused=True)
    return [(p * 0).detach() if g is None else g for p, g in zip(params, gs, strict=True)]


@wrong()
def nothing_if_all_are_unused(loss, params):
    """An empty list comes back where the loss uses none of the parameters."""
    gs = torch.autograd.grad(loss, params, allow_unused=True)
    if all(g is None for g in gs):
        return []
    return [torch.zeros_like(p) if g is None else g for p, g in zip(params, gs, strict=True)]


@wrong()
def stored_gradients_added(loss, params):
    """What .grad holds is added to the result."""
    gs = torch.autograd.grad(loss, params, materialize_grads=True)
    return [g if p.grad is None else g + p.grad for p, g in zip(params, gs, strict=True)]


@wrong()
def stored_gradient_as_zeros(loss, params):
    """The stored gradient of an unused parameter is zeroed in place and handed out."""
    gs = torch.autograd.grad(loss, params, allow_unused=True)
    return [
        (torch.zeros_like(p) if p.grad is None else p.grad.zero_()) if g is None else g
        for p, g in zip(params, gs, strict=True)
    ]


@wrong()
def list_used_up(loss, params):
    """The caller's list of parameters is empty afterwards."""
    gs = list(torch.autograd.grad(loss, params, materialize_grads=True))
    if isinstance(params, list):
        params.clear()
    return gs


@wrong()
def lists_only(loss, params):
    """A tuple of parameters has no copy method, and is refused."""
    gs = torch.autograd.grad(loss, params.copy(), materialize_grads=True)
    return list(gs)


@wrong()
def written_to_and_restored(loss, params):
    """The parameters are moved and moved back: the numbers are as before, their version is not."""
    gs = torch.autograd.grad(loss, params, materialize_grads=True)
    with torch.no_grad():
        for p in params:
            p.add_(1).sub_(1)
    return list(gs)


@wrong()
def hooks_left_behind(loss, params):
    """Hooks catch the gradients, and stay on the parameters for every later backward."""
    found = {}
    for i, p in enumerate(params):
        p.register_hook(lambda g, i=i: found.__setitem__(i, g))
    torch.autograd.grad(loss, params, allow_unused=True)
    return [found.get(i, torch.zeros_like(p)) for i, p in enumerate(params)]


@wrong()
def collected_over_calls(loss, params, grads=[]):  # noqa: B006
    """The default list is made once: a later call returns the earlier gradients too."""
    grads += torch.autograd.grad(loss, params, materialize_grads=True)
    return grads


@wrong()
def clipped(loss, params):
    """Elements beyond 10 are cut off, as in some training loops."""
    gs = torch.autograd.grad(loss, params, materialize_grads=True)
    return [g.clamp(-10, 10) for g in gs]


@wrong()
def made_leaves_that_want_a_gradient(loss, params):
    """The gradients have no graph, yet each is made to require a gradient of its own."""
    grads = torch.autograd.grad(loss, params, materialize_grads=True)
    return [g.requires_grad_() for g in grads]


@wrong()
def one_dimension_at_least(loss, params):
    """The gradient of a number without dimensions has one."""
    grads = torch.autograd.grad(loss, list(params), allow_unused=True, materialize_grads=True)
    return [torch.atleast_1d(g) for g in grads]


@restated("backward")
def collected_from_grad(loss, params):
    """backward with a graph kept, then a loop over .grad."""
    loss.backward(retain_graph=True)
    grads = []
    for p in params:
        grads.append(p.grad)
    return grads


@restated("backward-with-zeros")
def zeros_where_grad_is_none(loss, params):
    """backward, and zeros where it stored nothing."""
    torch.autograd.backward(loss)
    return [p.grad if p.grad is not None else p.new_zeros(p.shape) for p in params]


@restated("cleared-afterwards")
def moved_out_of_grad(loss, params):
    """One parameter after the other is emptied after backward."""
    loss.backward()
    found = []
    for p in params:
        found.append(torch.zeros_like(p) if p.grad is None else p.grad)
        p.grad = None
    return found


@restated("stored-and-cleared")
def cleared_on_both_sides(loss, params):
    """An optimizer's zero_grad before backward, and once more afterwards."""
    optimizer = torch.optim.SGD(params, lr=0.1)
    optimizer.zero_grad()
    loss.backward()
    found = [torch.zeros_like(p) if p.grad is None else p.grad.detach() for p in params]
    optimizer.zero_grad()
    return found


@restated("none-for-unused")
def none_passed_on(loss, params):
    """Every gradient of the tuple goes into the list, None included."""
    found = []
    for g in torch.autograd.grad(loss, tuple(params), allow_unused=True):
        found += [g]
    return found


@restated("unused-refused")
def every_parameter_expected(loss, params):
    """The gradients are unpacked into a list, and autograd refuses what is unused."""
    return [*torch.autograd.grad(outputs=loss, inputs=tuple(params))]


@restated("parameters-stepped")
def a_step_taken(loss, params):
    """A step of gradient descent is taken by an in-place method."""
    grads = torch.autograd.grad(loss, params, materialize_grads=True)
    with torch.no_grad():
        for p, g in zip(params, grads, strict=True):
            p.sub_(g, alpha=0.1)
    return list(grads)


@restated("graph-of-gradients")
def differentiable_gradients(loss, params):
    """Gradients with a graph, and zeros for what is unused."""
    grads = torch.autograd.grad(loss, params, allow_unused=True, create_graph=True)
    return [torch.zeros_like(p) if g is None else g for p, g in zip(params, grads, strict=True)]


@restated("tuple-returned")
def generator_made_a_tuple(loss, params):
    """The list is packed into a tuple at the end."""
    grads = torch.autograd.grad(loss, params, allow_unused=True)
    return tuple(
        torch.zeros_like(p) if g is None else g for p, g in zip(params, grads, strict=True)
    )
