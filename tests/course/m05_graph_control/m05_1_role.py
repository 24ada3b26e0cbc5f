"""Other ways to do role."""

from __future__ import annotations

import torch
from torch import nn

from autograder.course.marks import restated, right, wrong


@right()
def by_grad_fn(t):
    """An operation that is recorded leaves a grad_fn."""
    if t.grad_fn is not None:
        return "intermediate"
    return ("data", "parameter")[t.requires_grad]


@right()
def by_a_table(t):
    """Both flags are the key of a table."""
    roles = {(True, True): "parameter", (False, True): "intermediate"}
    return roles.get((t.is_leaf, t.requires_grad), "data")


@right()
def by_what_comes_next(t):
    """A leaf stands in the graph as an accumulator."""
    if t.requires_grad:
        with torch.enable_grad():
            node = t.view_as(t).grad_fn.next_functions[0][0]
        return "parameter" if "Accumulate" in type(node).__name__ else "intermediate"
    return "data"


@right()
def by_match(t):
    """The flags are matched one by one."""
    match t.requires_grad, t.is_leaf:
        case False, _:
            return "data"
        case True, True:
            return "parameter"
    return "intermediate"


@right()
def by_asking_for_the_flag(t):
    """Torch refuses to unmark what an operation computed."""
    if not t.requires_grad:
        return "data"
    try:
        t.requires_grad_(False)
    except RuntimeError:
        return "intermediate"
    t.requires_grad_(True)
    return "parameter"


@wrong()
def always_data(t):
    """Returns one word."""
    return "data"


@wrong()
def by_dimensions(t):
    """Takes what has two dimensions and is marked for a weight."""
    if t.requires_grad:
        return "parameter" if t.ndim == 2 and t.is_leaf else "intermediate"
    return "data"


@wrong(named="float-is-parameter")
def marks_what_it_asks(t):
    """Marks data, and then finds none."""
    if t.is_leaf and t.is_floating_point():
        t.requires_grad_()
        return "parameter"
    return "data" if t.is_leaf else "intermediate"


@wrong()
def goes_back_to_see(t):
    """Calls backward() to see where a gradient arrives."""
    if not t.requires_grad:
        return "data"
    if not t.is_leaf:
        return "intermediate"
    with torch.enable_grad():
        t.sum().backward()
    return "data" if t.grad is None else "parameter"


@wrong()
def longer_words(t):
    """Says leaf for parameter."""
    if not t.requires_grad:
        return "data"
    return "leaf" if t.is_leaf else "intermediate"


@wrong()
def untracked_is_intermediate(t):
    """Takes every computed number for intermediate, by a copy's address."""
    if t.requires_grad and t.is_leaf:
        return "parameter"
    return "intermediate" if t.grad_fn is not None or t.is_floating_point() else "data"


@wrong()
def integers_refused(t):
    """Knows floating point only."""
    if not t.is_floating_point():
        raise TypeError("floating point is needed")
    if not t.requires_grad:
        return "data"
    return "parameter" if t.is_leaf else "intermediate"


@restated("leaf-alone")
def method_taken_for_a_flag(t):
    """The method requires_grad_ is always true."""
    if t.is_leaf and t.requires_grad_:
        return "parameter"
    return "intermediate" if t.requires_grad_ else "data"


@restated("requires-grad-alone")
def tracked(t):
    """Two roles only."""
    if not t.requires_grad:
        return "data"
    return "parameter"


@restated("by-the-stored-gradient")
def gradient_filled(t):
    """A filled gradient makes a parameter."""
    if t.requires_grad is False:
        return "data"
    if t.is_leaf:
        return "intermediate" if t.grad is None else "parameter"
    return "parameter" if t.retains_grad and t.grad is not None else "intermediate"


@restated("kept-gradient-counts")
def any_gradient_counts(t):
    """A leaf, or what keeps its gradient."""
    if t.requires_grad and (t.is_leaf or t.retains_grad):
        return "parameter"
    return "intermediate" if t.requires_grad else "data"


@restated("by-the-class")
def class_asked(t):
    """The class, then the graph."""
    if t.grad_fn:
        return "intermediate"
    return "parameter" if isinstance(t, nn.Parameter) and t.requires_grad else "data"


@restated("class-before-flags")
def type_first(t):
    """The type, then the flags."""
    if type(t) is nn.Parameter:
        return "parameter"
    if t.requires_grad:
        return "parameter" if t.is_leaf else "intermediate"
    return "data"


@restated("leaves-are-data")
def grad_fn_only(t):
    """What has a grad_fn is intermediate, the rest data."""
    if t.grad_fn is None:
        return "data"
    return "intermediate"


@restated("tracked-is-intermediate")
def words_exchanged(t):
    """The two words stand in the wrong order."""
    if not t.requires_grad:
        return "data"
    return "intermediate" if t.is_leaf else "parameter"


@restated("asks-a-new-result")
def sum_asked(t):
    """A sum is asked for its graph."""
    if not t.sum().requires_grad:
        return "data"
    return "parameter" if t.is_leaf else "intermediate"


@restated("float-is-parameter")
def dtype_asked(t):
    """The dtype makes a leaf a parameter."""
    if t.grad_fn is not None:
        return "intermediate"
    return "parameter" if t.dtype.is_floating_point else "data"


@restated("base-of-a-view")
def whole_asked(t):
    """A part has the role of the whole."""
    whole = t if t._base is None or not t.requires_grad else t._base
    if not whole.requires_grad:
        return "data"
    return "parameter" if whole.is_leaf else "intermediate"


@restated("flags-returned")
def truth_returned(t):
    """Only says whether it is a parameter."""
    return t.is_leaf and t.requires_grad


@restated("printed-only")
def return_forgotten(t):
    """Sets a local name."""
    word = "data"
    if t.requires_grad:
        word = "parameter" if t.is_leaf else "intermediate"
    print(word)


@restated("capitals")
def titled(t):
    """Writes the words as a heading."""
    if not t.requires_grad:
        return "Data"
    return "Parameter" if t.is_leaf else "Intermediate"


KEPT_PROBES = {"model": "the plain use: the roles in the model that the course is about"}
