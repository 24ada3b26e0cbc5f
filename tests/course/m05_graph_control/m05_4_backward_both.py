"""Other ways to do backward_both."""

from __future__ import annotations

import contextlib

import torch

from autograder.course.marks import restated, right, wrong


@right()
def two_passes(l1, l2):
    """Keeps the graph for the second pass only."""
    l1.backward(retain_graph=True)
    l2.backward()


@right()
def the_second_first(l1, l2):
    """Goes back from the second loss first."""
    l2.backward(retain_graph=True)
    l1.backward(retain_graph=False)


@right()
def several_roots(l1, l2):
    """Hands both losses to one pass."""
    torch.autograd.backward([l1, l2])


@right()
def stacked(l1, l2):
    """Stacks the losses and weighs each by 1."""
    both = torch.stack([l1, l2])
    both.backward(torch.ones_like(both))


@right()
def summed_in_a_list(l1, l2):
    """Sums by Python's sum."""
    return sum([l1, l2]).backward()


@wrong(named="only-the-first")
def error_caught(l1, l2):
    """Passes over the error of the second pass."""
    l1.backward()
    with contextlib.suppress(RuntimeError):
        (l2 * 1).detach().backward()


@wrong()
def scaled_up(l1, l2):
    """Doubles the sum."""
    (2 * (l1 + l2)).backward()


@wrong()
def loss_overwritten(l1, l2):
    """Adds into the first loss."""
    (l1 + l2).backward()
    with torch.no_grad():
        l1 += l2


@wrong()
def roots_squared(l1, l2):
    """Goes back from the sum of squares."""
    (l1**2 + l2**2).backward()


@wrong()
def larger_only(l1, l2):
    """Goes back from the larger loss."""
    torch.maximum(l1, l2).backward()


@wrong()
def gradients_only_looked_at(l1, l2):
    """Does nothing at all."""
    assert l1.requires_grad and l2.requires_grad


@restated("nothing-retained")
def retained_in_the_last(l1, l2):
    """Keeps the graph in the pass after which none comes."""
    l1.backward()
    l2.backward(retain_graph=True)


@restated("retained-to-the-end")
def retained_twice(l1, l2):
    """Keeps the graph in both passes."""
    l1.backward(retain_graph=True)
    l2.backward(retain_graph=True)


@restated("only-the-first")
def second_detached(l1, l2):
    """Detaches the second loss."""
    (l1 + l2.detach()).backward()


@restated("only-the-second")
def first_as_a_number(l1, l2):
    """Adds the first loss as a number."""
    (l1.item() + l2).backward()


@restated("averaged")
def mean_of_the_stack(l1, l2):
    """Averages the stack."""
    torch.stack([l1, l2]).mean().backward()


@restated("multiplied")
def product_of_the_stack(l1, l2):
    """Multiplies the stack."""
    torch.stack([l1, l2]).prod().backward()


@restated("subtracted")
def second_negative(l1, l2):
    """Goes back with a weight of -1."""
    l1.backward(retain_graph=True)
    l2.backward(-torch.ones_like(l2))


@restated("first-counted-twice")
def weighed_by_two(l1, l2):
    """Adds the first loss twice."""
    (l1 + l2 + l1).backward()


@restated("graph-of-the-gradients")
def graph_in_both_passes(l1, l2):
    """Asks for the graph in each pass."""
    l1.backward(create_graph=True)
    l2.backward(create_graph=True)


@restated("loss-returned")
def value_returned(l1, l2):
    """Returns the sum."""
    both = torch.add(l1, l2)
    both.backward()
    return both


@restated("detached")
def numbers_alone(l1, l2):
    """Makes a tensor of the numbers."""
    torch.tensor(l1.item() + l2.item()).backward()
