"""Mistakes of role."""

from __future__ import annotations

from typing import Any

from m05_graph_control import role
from torch import Tensor, nn

from autograder.course.marks import mistake


@mistake("leaf-alone", asks="tb.10")
def leaf_alone(t: Tensor) -> str:
    """You call every leaf a parameter. Tensors that require no gradient are leaves, too, so your
    inputs and targets count as parameters. Before you ask for leaves, ask whether the tensor
    requires its gradient at all."""
    return "parameter" if t.is_leaf else "intermediate"


@mistake("requires-grad-alone", asks="tb.10")
def requires_grad_alone(t: Tensor) -> str:
    """You call everything that requires its gradient a parameter. What is computed from a weight
    requires one, too, but it is no leaf: by default backward() stores nothing in it. Look at
    what tells w from w * 2."""
    return "parameter" if t.requires_grad else "data"


@mistake("by-the-stored-gradient", asks="tb.10")
def by_the_stored_gradient(t: Tensor) -> str:
    """You look at the gradient that is stored. A weight has none before the first backward(), so it
    is misjudged until then. The role is settled when the tensor is made: look at the flags that it
    has from the beginning."""
    if not t.requires_grad:
        return "data"
    if t.is_leaf or t.retains_grad:
        return "parameter" if t.grad is not None else "intermediate"
    return "intermediate"


@mistake("kept-gradient-counts")
def kept_gradient_counts(t: Tensor) -> str:
    """You call whatever holds, or keeps, a gradient a parameter. An intermediate result holds one,
    too, after retain_grad(), yet it stays the result of an operation. Ask whether it is a leaf,
    not what is stored in it."""
    return "parameter" if t.requires_grad and t.retains_grad else role(t)


@mistake("by-the-class", asks="tb.10")
def by_the_class(t: Tensor) -> str:
    """You ask whether the tensor is an nn.Parameter. A plain tensor that was marked with
    requires_grad_() is trained all the same, and here it counts. Look at the tensor's flags and
    not at its class."""
    kind = role(t)
    return "data" if kind == "parameter" and not isinstance(t, nn.Parameter) else kind


@mistake("class-before-flags")
def class_before_flags(t: Tensor) -> str:
    """You call every nn.Parameter a parameter. One that is frozen, with requires_grad=False, gets
    no gradient and is plain data to autograd. Ask the flag first; the class says nothing about what
    is tracked."""
    return "parameter" if isinstance(t, nn.Parameter) else role(t)


@mistake("leaves-are-data", asks="tb.10")
def leaves_are_data(t: Tensor) -> str:
    """You call every leaf data. Weights are leaves as well: no operation has computed them, but
    they require their gradient, and backward() stores it there. Look at what tells a weight from
    an input."""
    return "data" if t.is_leaf else "intermediate"


@mistake("tracked-is-intermediate", asks="tb.10")
def tracked_is_intermediate(t: Tensor) -> str:
    """You exchanged two roles: leaves that require their gradient are the parameters, and what
    recorded operations compute from them is intermediate. Look at which of the two your test of
    is_leaf selects."""
    swapped = {"data": "data", "parameter": "intermediate", "intermediate": "parameter"}
    return swapped[role(t)]


@mistake("asks-a-new-result")
def asks_a_new_result(t: Tensor) -> str:
    """You compute something from the tensor and look at the result. Where recording is off, as
    under no_grad(), nothing that you compute is tracked, so that all tensors seem to be data. Ask
    the tensor itself."""
    return role(t) if (t * 1).requires_grad else "data"


@mistake("float-is-parameter")
def float_is_parameter(t: Tensor) -> str:
    """You go by the dtype. Only floating-point tensors can require a gradient, but most of them do
    not: inputs and targets hold such numbers as well. Look at the flag that says whether a
    gradient is required."""
    if not t.is_leaf:
        return "intermediate"
    return "parameter" if t.is_floating_point() else "data"


@mistake("base-of-a-view")
def base_of_a_view(t: Tensor) -> str:
    """You call a part of a weight a parameter. Indexing is an operation that autograd records: the
    part is a view without a place of its own for a gradient, which goes to the whole weight. Ask
    the tensor, not its base."""
    return role(t._base) if t._base is not None and t.requires_grad else role(t)


@mistake("flags-returned")
def flags_returned(t: Tensor) -> Any:
    """You return a truth value. The task has three roles, and asks for the name of one in text:
    parameter, intermediate or data. Turn what the flags say into that word."""
    return t.requires_grad and t.is_leaf


@mistake("printed-only")
def printed_only(t: Tensor) -> None:
    """You return nothing for any tensor. Text that is printed is gone, and a function without a
    return statement gives None to its caller. Return the word in every branch."""
    print(role(t))


@mistake("capitals")
def capitals(t: Tensor) -> str:
    """Your words begin with a capital letter. The roles are small words, and text that differs in
    one letter is another text for whoever compares it. Look at how the docstring writes them."""
    return role(t).capitalize()
