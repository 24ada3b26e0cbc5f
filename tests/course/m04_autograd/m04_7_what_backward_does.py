"""Other ways to do what_backward_does."""

from __future__ import annotations

from collections import defaultdict

import torch
from m04_autograd import what_backward_does

from autograder.course.marks import restated, right, wrong


def _leaf(x):
    return x.detach().clone().requires_grad_()


def _loss(h):
    return (h * h).mean()


@right()
def sums_of_single_gradients(x, steps):
    """Asks for each gradient alone and adds them up."""
    leaf = _leaf(x)
    added = [torch.autograd.grad(_loss(step(leaf)), leaf)[0] for step in steps]
    grads = [sum(added[: k + 1]) for k in range(len(added))]
    return {
        "values": leaf,
        "intermediates": [None for _ in added],
        "added": added,
        "grads": grads,
        "before": None,
    }


@right()
def notes_in_a_defaultdict(x, steps):
    """Reads the attributes as it goes, into a dict of another class."""
    leaf = torch.empty_like(x, requires_grad=True)
    with torch.no_grad():
        leaf.copy_(x)
    report = defaultdict(list, before=leaf.grad, grads=[], added=[], intermediates=[])
    for step in steps:
        old = 0 if leaf.grad is None else leaf.grad.detach().clone()
        h = step(leaf)
        h.pow(2).mean().backward()
        report["grads"] += [leaf.grad.detach().clone()]
        report["added"] += [leaf.grad - old]
        report["intermediates"] += [h.grad]
    report["values"] = leaf.detach().clone()
    return report


@right()
def leaf_is_a_parameter(x, steps):
    """An nn.Parameter is a leaf; what was added is asked of torch.autograd.grad."""
    leaf, added, grads, none = torch.nn.Parameter(x.detach().clone()), [], [], []
    for step in steps:
        h = step(leaf)
        loss = torch.nn.functional.mse_loss(h, torch.zeros_like(h))
        added.extend(torch.autograd.grad(loss, leaf, retain_graph=True))
        loss.backward()
        grads.append(leaf.grad.clone())
        none.append(h.grad)
    return dict(before=None, grads=grads, added=added, intermediates=none, values=leaf.data)


@wrong()
def leaf_tied_to_x(x, steps):
    """A clone of a flagged x is no leaf, and x gets the gradients."""
    leaf = x.clone().requires_grad_()
    leaf.retain_grad()
    grads = []
    for step in steps:
        _loss(step(leaf)).backward(retain_graph=True)
        grads.append(leaf.grad.clone())
    return what_backward_does(x, steps) | {"grads": grads}


@wrong()
def one_call_for_all(x, steps):
    """Adds all losses and calls backward() once."""
    report = what_backward_does(x, steps)
    return report | {"grads": report["grads"][-1:], "added": report["grads"][-1:]}


@wrong()
def tuples_for_lists(x, steps):
    """Gives tuples of the same numbers."""
    report = what_backward_does(x, steps)
    return report | {"grads": tuple(report["grads"])}


@wrong()
def other_keys(x, steps):
    """Calls the gradients by another name."""
    report = what_backward_does(x, steps)
    report["gradients"] = report.pop("grads")
    return report


@wrong()
def first_call_added_nothing(x, steps):
    """Takes differences of neighbours only, with zeros for the first call."""
    report = what_backward_does(x, steps)
    return report | {
        "added": [torch.zeros_like(a) for a in report["added"][:1]] + report["added"][1:]
    }


@wrong()
def stops_after_two(x, steps):
    """Looks at two calls, however many there are."""
    return what_backward_does(x, steps[:2])


@wrong()
def backwards_in_time(x, steps):
    """Takes the steps in reverse order."""
    return what_backward_does(x, steps[::-1])


@wrong()
def in_float32(x, steps):
    """Makes the leaf of float32."""
    return what_backward_does(x.float(), steps)


@wrong()
def values_are_the_gradient(x, steps):
    """Reports the last gradient as the leaf's values."""
    report = what_backward_does(x, steps)
    return report | {"values": (report["grads"] or [x])[-1]}


@wrong()
def negative_steps(x, steps):
    """Reports the way down in place of what was added."""
    report = what_backward_does(x, steps)
    return report | {"added": [-a for a in report["added"]]}


@wrong()
def report_as_a_list(x, steps):
    """Gives the entries without their names."""
    return list(what_backward_does(x, steps).values())


@restated("one-gradient-for-all")
def appends_the_attribute(x, steps):
    """Appends leaf.grad itself, but takes what was added from copies."""
    leaf = _leaf(x)
    grads, added, none = [], [], []
    for step in steps:
        old = torch.zeros_like(leaf) if leaf.grad is None else leaf.grad.clone()
        _loss(step(leaf)).backward()
        grads.append(leaf.grad)
        added.append(leaf.grad - old)
        none.append(None)
    return dict(before=None, grads=grads, added=added, intermediates=none, values=leaf)


@restated("one-gradient-for-all-and-nothing-added")
def appends_the_attribute_and_subtracts(x, steps):
    """Appends leaf.grad itself and subtracts neighbours at the end."""
    leaf = _leaf(x)
    grads = []
    for step in steps:
        _loss(step(leaf)).backward()
        grads.append(leaf.grad)
    added = [grad - (grads[k - 1] if k else 0) for k, grad in enumerate(grads)]
    none = [None] * len(grads)
    return dict(before=None, grads=grads, added=added, intermediates=none, values=leaf)


@restated("gradient-cleared")
def sets_none_in_between(x, steps):
    """Sets the gradient to None before each call."""
    leaf = _leaf(x)
    grads, none = [], []
    for step in steps:
        leaf.grad = None
        _loss(step(leaf)).backward()
        grads.append(leaf.grad.clone())
        none.append(None)
    return dict(before=None, grads=grads, added=grads, intermediates=none, values=leaf)


@restated("sum-for-what-was-added")
def same_list_twice(x, steps):
    """Fills both lists with the gradient after the call."""
    leaf = _leaf(x)
    grads, added, none = [], [], []
    for step in steps:
        _loss(step(leaf)).backward()
        grads.append(leaf.grad.clone())
        added.append(leaf.grad.clone())
        none.append(None)
    return dict(before=None, grads=grads, added=added, intermediates=none, values=leaf)


@restated("leaf-moved")
def step_after_each_call(x, steps):
    """Lets an optimizer step after each call."""
    leaf = _leaf(x)
    optimizer = torch.optim.SGD([leaf], lr=0.1)
    grads, added, none = [], [], []
    for step in steps:
        old = 0 if leaf.grad is None else leaf.grad.clone()
        _loss(step(leaf)).backward()
        optimizer.step()
        grads.append(leaf.grad.clone())
        added.append(leaf.grad - old)
        none.append(None)
    return dict(before=None, grads=grads, added=added, intermediates=none, values=leaf)


@restated("intermediates-filled")
def retains(x, steps):
    """Asks each h to keep its gradient."""
    leaf = _leaf(x)
    filled = []
    for step in steps:
        h = step(leaf)
        h.retain_grad()
        _loss(h).backward()
        filled.append(h.grad)
    return what_backward_does(x, steps) | {"intermediates": filled}


@restated("callers-tensor-flagged")
def x_is_the_leaf(x, steps):
    """Takes x itself as the leaf."""
    x.requires_grad_(True)
    before = x.grad.clone() if x.grad is not None else None
    grads, none = [], []
    for step in steps:
        _loss(step(x)).backward()
        grads.append(x.grad.clone())
        none.append(None)
    added = [g - (grads[k - 1] if k else 0) for k, g in enumerate(grads)]
    return dict(before=before, grads=grads, added=added, intermediates=none, values=x.detach())


@restated("sum-of-squares")
def adds_the_squares(x, steps):
    """Calls backward() on the sum of squares."""
    leaf = _leaf(x)
    grads, added, none = [], [], []
    for step in steps:
        old = 0 if leaf.grad is None else leaf.grad.clone()
        step(leaf).square().sum().backward()
        grads.append(leaf.grad.clone())
        added.append(leaf.grad - old)
        none.append(None)
    return dict(before=None, grads=grads, added=added, intermediates=none, values=leaf)


@restated("zeros-before")
def starts_from_zeros(x, steps):
    """Gives the leaf a gradient of zeros."""
    leaf = _leaf(x)
    leaf.grad = torch.zeros_like(leaf)
    before, grads, added = leaf.grad.clone(), [], []
    for step in steps:
        old = leaf.grad.clone()
        _loss(step(leaf)).backward()
        grads.append(leaf.grad.clone())
        added.append(leaf.grad - old)
    none = [None] * len(grads)
    return dict(before=before, grads=grads, added=added, intermediates=none, values=leaf)


@restated("zeros-for-intermediates")
def zero_where_there_is_none(x, steps):
    """Replaces None by zeros."""
    zeros = []
    for step in steps:
        h = step(_leaf(x))
        zeros.append(h.detach() * 0)
    return what_backward_does(x, steps) | {"intermediates": zeros}


@restated("results-for-intermediates")
def collects_h(x, steps):
    """Appends h to the list."""
    leaf, results = _leaf(x), []
    for step in steps:
        results.append(step(leaf).detach())
    return what_backward_does(x, steps) | {"intermediates": results}


@restated("last-gradient-only")
def reads_it_after_the_loop(x, steps):
    """Reads the gradient once, when all is over."""
    leaf = _leaf(x)
    for step in steps:
        _loss(step(leaf)).backward()
    return what_backward_does(x, steps) | {"grads": leaf.grad}


# Mutants of the reference that nothing can catch, and why.
EXCUSED = {
    "leaf = x.detach().clone().requires_grad_() -> leaf = x.detach().requires_grad_()": (
        "nothing is moved, so memory may be shared"
    ),
    "with warnings.catch_warnings(): -> its body alone": "only torch's warning is shown",
    "warnings.simplefilter('ignore') -> nothing": "only torch's warning is shown",
    "values = leaf.detach() -> values = leaf": "the numbers are the same, flagged or not",
}

# Probes that catch nothing alone, and why they stay.
KEPT_PROBES = {
    "one_call": "a single call, with which a first draft begins",
}
