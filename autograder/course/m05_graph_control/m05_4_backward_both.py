"""Mistakes of backward_both."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from autograder.course.marks import mistake


@mistake("nothing-retained", asks="tb.33")
def nothing_retained(l1: Tensor, l2: Tensor) -> None:
    """Your second pass comes to a part of the graph that the first one has freed, and torch raises
    RuntimeError. What is saved for both has to stay until the second pass, or both have to go in
    one pass."""
    l1.backward()
    l2.backward()


@mistake("retained-to-the-end", asks="tb.33")
def retained_to_the_end(l1: Tensor, l2: Tensor) -> None:
    """The gradients are right, but your last pass keeps what the graph has saved, too: its memory
    is not given back, and in a loop over batches it piles up. Only a pass after which another one
    comes has to keep anything."""
    (l1 + l2).backward(retain_graph=True)


@mistake("only-the-first")
def only_the_first(l1: Tensor, l2: Tensor) -> None:
    """Nothing of the second loss gets to the leaves. Its own weight has no new gradient, and that
    of the shared weight is half of the story. Look for what stops the second loss, such as an error
    that you catch, or detach."""
    l1.backward()


@mistake("only-the-second")
def only_the_second(l1: Tensor, l2: Tensor) -> None:
    """Nothing of the first loss gets to the leaves: its own weight has no new gradient. A loss does
    nothing by itself; each has to take part in a backward pass."""
    l2.backward()


@mistake("averaged")
def averaged(l1: Tensor, l2: Tensor) -> None:
    """You averaged the two losses, so each gradient is half of the sum of both. The task asks for
    the sum: look for a factor or a mean."""
    ((l1 + l2) / 2).backward()


@mistake("multiplied")
def multiplied(l1: Tensor, l2: Tensor) -> None:
    """You went back from the product of the losses. Its derivatives mix both: those of each loss
    are weighed by the other loss. The sum of derivatives belongs to a sum."""
    (l1 * l2).backward()


@mistake("subtracted")
def subtracted(l1: Tensor, l2: Tensor) -> None:
    """You subtracted the second loss, so its gradients come with the wrong sign: a step against
    them would make it grow. Look at how you join the two."""
    (l1 - l2).backward()


@mistake("first-counted-twice")
def first_counted_twice(l1: Tensor, l2: Tensor) -> None:
    """The first loss counts twice. A pass of its own and a pass of the sum add up, since .grad only
    collects. Let each loss take part once."""
    l1.backward(retain_graph=True)
    (l1 + l2).backward()


@mistake("graph-of-the-gradients")
def graph_of_the_gradients(l1: Tensor, l2: Tensor) -> None:
    """You asked for create_graph. It records the backward pass as well: the gradients carry graphs,
    and everything saved stays in memory. That is for second derivatives, which nobody wants
    here."""
    (l1 + l2).backward(create_graph=True)


@mistake("loss-returned")
def loss_returned(l1: Tensor, l2: Tensor) -> Any:
    """You return something, though the gradients in .grad are all that is asked for. A returned
    sum also keeps its graph alive as long as the caller holds it. Return nothing."""
    total = l1 + l2
    total.backward()
    return total


@mistake("detached", asks="tb.33")
def detached(l1: Tensor, l2: Tensor) -> None:
    """You cut the losses off from their graphs, so that torch has nothing to go back through and
    raises RuntimeError. Look for detach, item, float, or a new tensor that is made of both."""
    (l1.detach() + l2.detach()).backward()
