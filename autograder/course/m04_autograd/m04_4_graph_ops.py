"""Mistakes of graph_ops."""

from __future__ import annotations

from typing import Any

from m04_autograd import graph_ops
from torch import Tensor

from autograder.course.marks import mistake


def _short(node: Any) -> str:
    return str(node.name()).rpartition("::")[2]


def _next(node: Any) -> list[Any]:
    return [after for after, _ in node.next_functions if after is not None]


def _nodes(loss: Tensor) -> list[Any]:
    """Return the nodes, each once, breadth-first."""
    nodes: list[Any] = [loss.grad_fn] if loss.grad_fn else []
    for node in nodes:
        nodes += [after for after in dict.fromkeys(_next(node)) if after not in nodes[-60:]]
    return nodes


@mistake("visited-again", asks="lr.25")
def visited_again(loss: Tensor) -> list[str]:
    """You list a node once for every way that leads to it: where an error is multiplied by itself,
    its SubBackward0 stands there twice, and so does all behind it. It is one node. Remember which
    nodes you have met."""
    nodes: list[Any] = [loss.grad_fn] if loss.grad_fn else []
    for node in nodes:
        nodes += _next(node)
    return [_short(node) for node in nodes]


@mistake("leaves-first", asks="gd.14")
def leaves_first(loss: Tensor) -> list[str]:
    """Your list begins at the leaves and ends at the loss, the order in which the forward pass
    computed. backward() begins at the loss, and so should the list: nearest first."""
    return graph_ops(loss)[::-1]


@mistake("none-not-skipped", asks="wf.4")
def none_not_skipped(loss: Tensor) -> list[str]:
    """You treat every entry of next_functions as a node. Where an operation had an input that is
    not tracked, such as the data, nothing was recorded, and None stands in place of a node. Look at
    what you do with it."""
    nodes: list[Any] = [loss.grad_fn] if loss.grad_fn else []
    for node in nodes:
        for after, _ in node.next_functions:
            if after not in nodes[-60:]:
                nodes.append(after)
    return [_short(node) for node in nodes]


@mistake("depth-first")
def depth_first(loss: Tensor) -> list[str]:
    """You follow one way to its end before you look at the next one. Far nodes then stand before
    near ones. Breadth-first takes all nodes of one distance before any that is farther: look at
    which end of your list of open nodes you take from."""
    names, seen = [], set()
    stack: list[Any] = [loss.grad_fn] if loss.grad_fn else []
    while stack:
        node = stack.pop()
        if node not in seen:
            seen.add(node)
            names.append(_short(node))
            stack += reversed(_next(node))
    return names


@mistake("namespace-kept")
def namespace_kept(loss: Tensor) -> list[str]:
    """You give the names as node.name() has them, and that of AccumulateGrad begins with its
    namespace in torch. The task asks for names without it. Look at what stands before the last
    double colon."""
    return [
        f"torch::autograd::{name}" if name == "AccumulateGrad" else name for name in graph_ops(loss)
    ]


@mistake("leaves-left-out")
def leaves_left_out(loss: Tensor) -> list[str]:
    """AccumulateGrad is missing from your list. It is the node at which a gradient arrives at a
    leaf and is added to its .grad, so it belongs to the graph as well. Look at where you stop."""
    return [name for name in graph_ops(loss) if name != "AccumulateGrad"]


@mistake("names-once")
def names_once(loss: Tensor) -> list[str]:
    """You list each name once. Two parameters have two AccumulateGrad nodes, and two products two
    MulBackward0: what should come once is a node, not a name. Look at what you put into the set of
    what was seen."""
    return list(dict.fromkeys(graph_ops(loss)))


@mistake("untracked-loss-followed")
def untracked_loss_followed(loss: Tensor) -> list[str]:
    """You start from loss.grad_fn without asking whether there is one. A loss computed from tensors
    none of which is tracked has None there, and so has a leaf: the list is empty then."""
    start: Any = loss.grad_fn
    _short(start)
    return graph_ops(loss)


@mistake("first-way-only")
def first_way_only(loss: Tensor) -> list[str]:
    """You follow only the first entry of next_functions. An operation with two tracked inputs
    passes gradients on to both, and behind the other one lies a part of the graph that you never
    see."""
    names = []
    node: Any = loss.grad_fn
    while node is not None:
        names.append(_short(node))
        node = node.next_functions[0][0] if node.next_functions else None
    return names


@mistake("loss-node-missing")
def loss_node_missing(loss: Tensor) -> list[str]:
    """Your list lacks the node of the loss itself, loss.grad_fn: it begins with the nodes behind
    it. Look at what is in your list before the first round."""
    return graph_ops(loss)[1:]


@mistake("names-shortened")
def names_shortened(loss: Tensor) -> list[str]:
    """You cut off the ending Backward0. The task asks for the names as torch has them, but for the
    namespace: MulBackward0 is the node of the backward pass, not the multiplication itself."""
    return [name.removesuffix("Backward0") for name in graph_ops(loss)]


@mistake("backward-called")
def backward_called(loss: Tensor) -> list[str]:
    """You call backward() in order to look at the graph. It is there since the forward pass. Your
    call stores gradients that nobody asked for, and frees what the graph had saved, so the caller
    cannot call backward() any more."""
    names = graph_ops(loss)
    if loss.requires_grad:
        loss.backward()
    return names


@mistake("nodes-returned")
def nodes_returned(loss: Tensor) -> list[Any]:
    """Your list holds the nodes themselves. The task asks for their names, as text. Look at the
    method that tells a node's name."""
    return _nodes(loss)


@mistake("recursive")
def recursive(loss: Tensor) -> list[str]:
    """You call a function again for every node behind a node. A graph may be thousands of nodes
    deep, and Python allows about a thousand calls within each other. Use a loop and a list of open
    nodes."""

    def depth(node: Any) -> int:
        return 1 + max((depth(after) for after in _next(node)), default=0)

    if loss.grad_fn:
        depth(loss.grad_fn)
    return graph_ops(loss)
