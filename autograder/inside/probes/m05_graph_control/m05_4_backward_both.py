"""Probes of backward_both."""

from __future__ import annotations

from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import stored_gradient


@probe("gradients")
def backward_both_gradients(impl: Implementation, given: Given) -> Facts:
    """The gradients of leaves behind both losses or behind one of them, and what another backward()
    of each loss does then."""
    shared, first, second = (given.leaf(given.n) for _ in range(3))
    leaves = {"shared weight": shared, "first loss's own weight": first}
    leaves["second loss's own weight"] = second
    if given.spec.get("before"):
        for leaf in leaves.values():
            leaf.grad = given.leaf(given.n).detach()
    result = (shared * given.randn(given.n)).tanh()  # it is saved for the backward pass
    l1, l2 = (result * first).square().mean(), (result.square() * second).sum()
    values = l1.detach().clone(), l2.detach().clone()
    facts: Facts = {"result": impl.backward_both(l1, l2)}
    facts |= {f"{name}'s .grad": stored_gradient(leaf) for name, leaf in leaves.items()}
    grads = [leaf.grad for leaf in leaves.values()]
    tracked = any(grad is not None and grad.requires_grad for grad in grads)
    return facts | {
        "gradients": "with a graph behind them" if tracked else "plain numbers",
        "losses afterwards": [l1.detach(), l2.detach()] if _moved(l1, l2, values) else "as before",
        "another backward() of the first loss": _again(l1),
        "another backward() of the second loss": _again(l2),
    }


def _moved(l1: Tensor, l2: Tensor, values: tuple[Tensor, Tensor]) -> bool:
    return bool(l1.detach() != values[0]) or bool(l2.detach() != values[1])


def _again(loss: Tensor) -> str:
    """Say what one more backward() does; the graph is kept, so that it changes nothing."""
    try:
        loss.backward(retain_graph=True)
    except RuntimeError:
        return "RuntimeError"
    return "possible"
