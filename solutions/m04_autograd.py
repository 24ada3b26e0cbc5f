# %% [markdown]
# # m04 Autograd, from inside
#
# While a function runs, autograd records its operations as a graph of backward nodes. From one
# number, the loss, backward() follows this graph back to the leaves and gives each its gradient:
# how much the loss grows where a number of the leaf grows a little. Shapes stand in square
# brackets; [] is a tensor without dimensions, one number.

# %%
"""Gradients by autograd, its graph, and an autograd of your own."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor


# %%
def grad_of(f: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """Return the gradient of f at x, which has the shape of x.

    f takes a tensor of x's shape and device and returns a tensor [] computed from it by operations
    of torch, with x as the only tensor that requires a gradient. Where x holds floats, f gets them
    in x's dtype, and the gradient has that dtype. Where x holds integers, f gets the same numbers
    as float32, in which the gradient is, too.

    x may have any shape, may require its gradient or not, may have something in its .grad, and may
    be the result of other operations. Its numbers, its flag and its .grad stay as they are, as does
    the .grad of all that x was computed from. The returned gradient does not require one itself.
    """
    own = x.detach() if x.is_floating_point() else x.float()
    own.requires_grad_()
    (gradient,) = torch.autograd.grad(f(own), own)
    return gradient


# %%
def vjp(f: Callable[[Tensor], Tensor], x: Tensor, v: Tensor) -> Tensor:
    """Return the vector-Jacobian product v J, [N], of f at x.

    f takes a tensor [N] and returns one [M], N and M at least 1, computed from it by operations of
    torch; x is [N], v is [M], all of one float dtype and on one device, which the result shares. J
    is the Jacobian [M, N]: row i, column j is the derivative of output i with respect to input j.
    So number j of v J is the sum over the outputs i of v[i] J[i, j].

    This holds for `vjp`, `jvp` and `jacobian` alike: x may require its gradient, and v and t do
    not; their numbers, flags and .grad stay as they are, and the result requires no gradient.
    """
    own = x.detach().requires_grad_()
    (product,) = torch.autograd.grad(f(own), own, v)
    return product


def jvp(f: Callable[[Tensor], Tensor], x: Tensor, t: Tensor) -> Tensor:
    """Return the Jacobian-vector product J t, [M], of f at x.

    f, x and J are as in `vjp`, and t is [N]. Number i of J t is the sum over the inputs j of
    J[i, j] t[j]: how fast output i changes where x moves with the velocity t.
    """
    own = x.detach().requires_grad_()
    y = f(own)
    v = torch.zeros_like(y, requires_grad=True)
    (product,) = torch.autograd.grad(y, own, v, create_graph=True)  # v J, which is linear in v
    return torch.autograd.grad(product, v, t)[0]


def jacobian(f: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """Return the Jacobian J, [M, N], of f at x; f and x are as in `vjp`."""
    outputs = len(f(x.detach()))
    return torch.stack([vjp(f, x, unit) for unit in torch.eye(outputs).to(x)])


# %%
class Value:
    """A number that remembers how it was computed, so that it can be differentiated.

    Value(data) is a leaf of a Python int or float. `.data` is the number, `.grad` starts at 0.0.
    `+` and `*` join two Values, or a Value and an int or float on either side; `**` raises a Value
    to an int or float n, where data ** n and n * data ** (n - 1) exist. Each makes a new Value and
    leaves its operands as they are. Write all of it in plain Python, without torch.

    backward() adds to the `.grad` of this Value, and of each Value that it was computed from, the
    derivative of this one with respect to that one (1 for itself). It has all ways between the two
    in it: where x is used twice, both count. A second call, on this Value or on another one that
    shares some of them, adds its own derivatives, whatever `.grad` holds by then.

    An expression may be thousands of operations deep, deeper than Python lets functions call each
    other, so that a recursive backward() does not do. Its time may grow only with the number of
    operations, not with the number of ways through them, which can double at every step.
    """

    def __init__(self, data: float) -> None:
        """Make a leaf."""
        self.data = data
        self.grad = 0.0
        self._operands: tuple[tuple[Value, float], ...] = ()  # each with the derivative for it

    def __add__(self, other: Value | float) -> Value:
        """Return self + other."""
        other = _as_value(other)
        return _result(self.data + other.data, (self, 1.0), (other, 1.0))

    def __radd__(self, other: float) -> Value:
        """Return other + self, where other is a number."""
        return self + other

    def __mul__(self, other: Value | float) -> Value:
        """Return self * other."""
        other = _as_value(other)
        return _result(self.data * other.data, (self, other.data), (other, self.data))

    def __rmul__(self, other: float) -> Value:
        """Return other * self, where other is a number."""
        return self * other

    def __pow__(self, n: float) -> Value:
        """Return self to the power of a number."""
        return _result(self.data**n, (self, n * self.data ** (n - 1)))

    def backward(self) -> None:
        """Add the derivatives of self to the .grad of all that it was computed from."""
        order = _results_first(self)
        arrived = dict.fromkeys(order, 0.0)
        arrived[self] = 1.0
        for value in order:
            value.grad += arrived[value]
            for operand, slope in value._operands:
                arrived[operand] += slope * arrived[value]


def _as_value(number: Value | float) -> Value:
    return number if isinstance(number, Value) else Value(number)


def _result(data: float, *operands: tuple[Value, float]) -> Value:
    made = Value(data)
    made._operands = operands
    return made


def _results_first(last: Value) -> list[Value]:
    """Return all that a Value was computed from, each before its operands."""
    order: list[Value] = []
    seen: set[Value] = set()
    stack = [(last, False)]
    while stack:
        value, operands_done = stack.pop()
        if operands_done:
            order.append(value)
        elif value not in seen:
            seen.add(value)
            stack.append((value, True))
            stack += [(operand, False) for operand, _ in value._operands]
    return order[::-1]


# %%
def graph_ops(loss: Tensor) -> list[str]:
    """Return the names of all backward nodes in the graph behind a loss, nearest first.

    loss is a tensor []. Its own node is loss.grad_fn, and node.next_functions leads from a node to
    the nodes that it passes gradients on to; None stands where a tensor is not tracked. The list
    has one name for each node, however many ways lead to it, such as "MulBackward0": that of
    node.name(), without the "torch::autograd::" that stands before AccumulateGrad.

    The distance of a node is the smallest number of steps from the loss's own. Nearer nodes come
    first (breadth-first), and nodes of one distance in any order. Where the loss has no grad_fn the
    list is empty. The graph may be thousands of nodes deep. It stays as it is: backward() can be
    called on the loss afterwards, and no gradient has been stored.
    """
    nodes = [] if loss.grad_fn is None else [loss.grad_fn]
    seen = set(nodes)
    for node in nodes:  # the list grows while it is read
        for after, _ in node.next_functions:
            if after is not None and after not in seen:
                seen.add(after)
                nodes.append(after)
    return [node.name().rpartition("::")[2] for node in nodes]


# %%
def newton_sqrt(a: Tensor, tol: float) -> Tensor:
    """Return the square root of a, by Newton's iteration, so that it can be differentiated.

    a is a tensor [] of floats above 0, and tol a number above 0, large enough to be reached. Start
    at x = a, and replace x by (x + a / x) / 2 until |x * x - a| is at most tol * a. Test it after
    each replacement, so that there is at least one, also where a = 1. The number of iterations thus
    depends on the data. Return the last x, [], of a's dtype and on its device.

    Where a is tracked, so is the result, and its derivative is the exact one of the iterations
    that were made (close to 1 / (2 sqrt a), and closer with each). a stays as it is.
    """
    x = a
    while True:
        x = (x + a / x) / 2
        if abs(x * x - a) <= tol * a:
            return x


# %%
def affine_exp(x: Tensor, a: float, b: float) -> Tensor:
    """Return exp(a * x + b) of each number of x, and make no more than one tensor of x's size.

    x holds floats, in any shape. The result has its shape, dtype and device; it is the only tensor
    as large as x that is made on the way, so all but one of the operations work in place. x is not
    changed. Where x is tracked, so is the result, and gradients with respect to x are right. a and
    b are numbers of Python.
    """
    return x.mul(a).add_(b).exp_()


# %%
def what_backward_does(x: Tensor, steps: Sequence[Callable[[Tensor], Tensor]]) -> dict[str, Any]:
    """Call backward() on one loss after another, and report what each call does to a leaf.

    x holds floats, in any shape. Work on one leaf of your own that has its numbers and requires a
    gradient: x itself keeps its numbers, its flag (it may require a gradient) and its .grad. Each
    step takes the leaf and computes from it a new tensor h, of any shape. For each step in order,
    compute its h once, take the mean of the squares of all numbers in h as the loss, and call
    backward() on it, once. Clear nothing in between, move nothing, and change no setting of h.

    The dict has these keys; a list has one entry for each step, and is empty if there is none:

    - "before": the leaf's .grad before the first call, None;
    - "grads": a list, the leaf's .grad as it is right after each call, whatever calls follow;
    - "added": a list, the tensor that this call alone has added to the leaf's .grad;
    - "intermediates": a list, the .grad of h right after the call, which is None (torch warns
      where it is read);
    - "values": a tensor, the leaf's numbers after the last call.
    """
    leaf = x.detach().clone().requires_grad_()
    before, grads, intermediates = leaf.grad, [], []
    for step in steps:
        h = step(leaf)
        h.square().mean().backward()
        assert leaf.grad is not None
        grads.append(leaf.grad.clone())
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # h is no leaf
            intermediates.append(h.grad)
    values = leaf.detach()
    return {
        "before": before,
        "grads": grads,
        "added": [after - old for old, after in pairwise([torch.zeros_like(x), *grads])],
        "intermediates": intermediates,
        "values": values,
    }
