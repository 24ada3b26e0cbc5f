"""Other ways to do stage_grads."""

from __future__ import annotations

import itertools

import torch
from m05_graph_control import stage_grads

from autograder.course.marks import restated, right, wrong


def _mine(x):
    """Return a leaf of our own with the numbers of x."""
    return x.clone().detach().requires_grad_(True)


def _run(stages, x):
    """Return x and what every stage returns."""
    return list(itertools.accumulate(stages, lambda h, stage: stage(h), initial=x))


@right()
def backward_for_chosen_tensors(stages, x):
    """Tells backward() which tensors may store a gradient."""
    _, *inner, final = _run(stages, _mine(x))
    for h in inner:
        h.retain_grad()
    if inner:
        final.backward(inputs=inner)
    return [h.grad for h in inner]


@right()
def caught_by_hooks(stages, x):
    """Lets hooks put each gradient in front of those that are there."""
    start, caught = _mine(x), []
    _, *inner, final = _run(stages, start)
    for h in inner:
        h.register_hook(lambda g: caught.insert(0, g))
    torch.autograd.grad(final, start)
    return caught


@right()
def chain_rule_by_hand(stages, x):
    """Cuts the chain at every stage and carries the gradient back from piece to piece."""
    starts, ends = [], []
    h = x
    for stage in stages:
        starts.append(_mine(h))
        h = stage(starts[-1])
        ends.append(h)
    grads, g = [], torch.ones_like(h)
    for start, end in zip(reversed(starts[1:]), reversed(ends[1:]), strict=True):
        (g,) = torch.autograd.grad(end, start, g)
        grads.append(g)
    return grads[::-1]


@right()
def zeros_added(stages, x):
    """Adds a zero that requires its gradient to every intermediate."""
    h, zeros = x, []
    for stage in stages[:-1]:
        h = stage(h)
        zeros.append(torch.zeros_like(h).requires_grad_())
        h = h + zeros[-1]
    return [*torch.autograd.grad(stages[-1](h), zeros)] if zeros else []


@right()
def from_the_second_stage_on(stages, x):
    """Starts the graph at the first intermediate, a leaf of its own."""
    if len(stages) < 2:
        return []
    first = _mine(stages[0](x))
    *inner, final = _run(stages[1:], first)
    return list(torch.autograd.grad(final, inner))


@right()
def under_enable_grad(stages, x):
    """Makes a view of its own, switches recording on, and unpacks a loop."""
    with torch.enable_grad():
        h = x.detach().view_as(x)
        h.requires_grad = True
        seen = []
        for i in range(len(stages)):
            h = stages[i](h)
            if i < len(stages) - 1:
                seen += [h]
        return [g.detach() for g in torch.autograd.grad(h, seen)] if seen else []


def _gradients(stages, x):
    """Return all gradients as they should be."""
    return stage_grads(stages, x)


@wrong()
def intermediates_themselves(stages, x):
    """Returns what the stages return."""
    return [h.detach() for h in _run(stages, x)[1:-1]]


@wrong(asks="tb.25")
def clipped_by_a_hook(stages, x):
    """The hooks return clipped gradients, which replace those that flow on."""
    start, caught = _mine(x), []
    _, *inner, final = _run(stages, start)

    def hook(g):
        caught.insert(0, g.clamp(-0.1, 0.1))
        return caught[0]

    for h in inner:
        h.register_hook(hook)
    torch.autograd.grad(final, start)
    return caught


@wrong()
def first_one_only(stages, x):
    """Leaves out all but the first intermediate."""
    return _gradients(stages, x)[:1]


@wrong()
def last_one_only(stages, x):
    """Leaves out all but the last intermediate."""
    return _gradients(stages, x)[-1:]


@wrong()
def rows_averaged(stages, x):
    """Averages each gradient over the rows, as a summary."""
    return [g.mean(0, keepdim=True) if g.dim() else g for g in _gradients(stages, x)]


@wrong()
def norms(stages, x):
    """Returns the norm of each gradient."""
    return [g.norm() for g in _gradients(stages, x)]


@wrong()
def unit_length(stages, x):
    """Scales each gradient to length 1."""
    return [g / g.norm() for g in _gradients(stages, x)]


@wrong()
def x_cleared(stages, x):
    """Clears the gradient that x had before."""
    result = _gradients(stages, x)
    x.grad = None
    return result


@wrong(asks="tb.10")
def x_filled_only(stages, x):
    """Keeps the weights clean, but stores a gradient in x where x is a leaf that requires one."""
    result = _gradients(stages, x)
    if x.requires_grad and x.is_leaf:
        own = _mine(x)
        (g,) = torch.autograd.grad(_run(stages, own)[-1], own)
        x.grad = g if x.grad is None else x.grad + g
    return result


@wrong()
def through_the_history_of_x(stages, x):
    """Calls backward() for the intermediates and for the leaf behind x."""
    result = _gradients(stages, x)
    if x.grad_fn is not None:
        x.sum().backward()
    return result


@wrong()
def weights_frozen(stages, x):
    """Switches recording off while the stages run and records the last one only."""
    with torch.no_grad():
        inner = _run(stages[:-1], x)[1:]
    last = _mine(inner[-1] if inner else x)
    (g,) = torch.autograd.grad(stages[-1](last), last)
    return [*(torch.zeros_like(h) for h in inner[:-1]), g] if inner else []


@wrong(named="tuple")
def a_generator(stages, x):
    """Returns an iterator."""
    return iter(_gradients(stages, x))


@wrong()
def in_double(stages, x):
    """Returns float64 whatever came in."""
    return [g.double() for g in _gradients(stages, x)]


@restated("not-retained")
def read_after_backward(stages, x):
    """Keeps every h in a list and reads .grad after backward()."""
    import warnings

    h, kept = _mine(x), []
    for stage in stages:
        h = stage(h)
        kept.append(h)
    kept.pop().backward()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [h.grad for h in kept]


@restated("from-the-loss-back")
def appended_by_hooks(stages, x):
    """The hooks append to a list."""
    start, caught = _mine(x), []
    _, *inner, final = _run(stages, start)
    for h in inner:
        h.register_hook(caught.append)
    torch.autograd.grad(final, start)
    return caught


@restated("only-x")
def through_the_whole(stages, x):
    """Runs the chain and asks for the gradient of its input."""
    start = h = _mine(x)
    for stage in stages:
        h = stage(h)
    return list(torch.autograd.grad(h, [start]))


@restated("x-too")
def everything_but_the_end(stages, x):
    """Keeps the input in the list of values."""
    *values, final = _run(stages, _mine(x))
    return list(torch.autograd.grad(final, values))


@restated("final-too")
def every_result(stages, x):
    """Asks for the gradients of all results."""
    results = _run(stages, _mine(x))[1:]
    return [torch.autograd.grad(results[-1], h, retain_graph=True)[0] for h in results]


@restated("all-results-and-x")
def nothing_left_out(stages, x):
    """Asks for the gradients of everything from x on."""
    values = _run(stages, _mine(x))
    return [torch.autograd.grad(values[-1], h, retain_graph=True)[0] for h in values]


@restated("leaves-filled")
def retained_and_backward(stages, x):
    """Retains the gradients while it runs, then calls backward()."""
    h, inner = _mine(x), []
    for stage in stages[:-1]:
        h = stage(h)
        h.retain_grad()
        inner.append(h)
    stages[-1](h).backward()
    return [h.grad for h in inner]


@restated("x-marked")
def flag_set(stages, x):
    """Sets the flag of x."""
    if not x.requires_grad:
        x.requires_grad = True
    _, *inner, final = _run(stages, x)
    return list(torch.autograd.grad(final, inner)) if inner else []


@restated("x-marked-and-leaves-filled")
def hooks_on_x_itself(stages, x):
    """Marks x and calls backward(); hooks take the gradients."""
    caught = []
    _, *inner, final = _run(stages, x.requires_grad_(True))
    for h in inner:
        h.register_hook(lambda g: caught.insert(0, g))
    final.backward()
    return caught


@restated("cut-between-stages")
def leaf_at_every_stage(stages, x):
    """Makes a leaf of every intermediate, and asks the final scalar for all of them."""
    h, leaves = x, []
    for stage in stages[:-1]:
        h = stage(h).detach().requires_grad_()
        leaves.append(h)
    final = stages[-1](h)
    return [torch.autograd.grad(final, h, retain_graph=True, allow_unused=True)[0] for h in leaves]


@restated("each-stage-alone")
def own_derivative_of_each_stage(stages, x):
    """Sums what each stage returns and differentiates that by what it got."""
    h, grads = stages[0](x), []
    for stage in stages[1:]:
        start = _mine(h)
        h = stage(start)
        grads.append(torch.autograd.grad(h, start, torch.ones_like(h))[0])
    return grads


@restated("gradients-recorded")
def with_create_graph(stages, x):
    """Passes create_graph for each intermediate."""
    _, *inner, final = _run(stages, _mine(x))
    return [torch.autograd.grad(final, h, create_graph=True)[0] for h in inner]


@restated("tuple")
def as_torch_gives_them(stages, x):
    """Returns what torch.autograd.grad returns."""
    _, *inner, final = _run(stages, _mine(x))
    return torch.autograd.grad(final, inner) if inner else ()


@restated("x-untracked")
def as_x_came(stages, x):
    """Starts from x and asks for each intermediate."""
    _, *inner, final = _run(stages, x)
    return [torch.autograd.grad(final, h, retain_graph=True)[0] for h in inner]


@restated("one-stage-refused")
def no_look_at_the_length(stages, x):
    """Never asks how many stages there are."""
    _, *inner, final = _run(stages, _mine(x))
    return [*torch.autograd.grad(final, inner)]


@restated("x-untracked-and-one-stage-refused")
def as_x_came_and_no_look(stages, x):
    """Starts from x and never asks how many stages there are."""
    _, *inner, final = _run(stages, x)
    return [*torch.autograd.grad(final, inner)]


@restated("stages-run-again")
def chain_run_for_each(stages, x):
    """Runs the first stages, then the others, for each intermediate."""
    grads = []
    for k in range(1, len(stages)):
        h = _mine(_run(stages[:k], x)[-1])
        grads += torch.autograd.grad(_run(stages[k:], h)[-1], h)
    return grads
