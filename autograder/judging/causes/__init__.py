"""Causes: what an exception of PyTorch or Python means, told in words, for every exercise.

`explain` reads a trace: the kind of exception first, then the student's own line as syntax, the
text of the exception last. What it tells is true of all code that stops so; else it tells nothing.
The entries stand in `autograd.py` (graphs and gradients), `tensors.py` (sizes, dtypes, devices,
numbers), `nothing.py` (None), `calls.py` (methods, heads, brackets) and `names.py` (names, loops).
"""

from __future__ import annotations

from autograder.inside.observation import Trace
from autograder.inside.words import printable
from autograder.judging.causes import autograd, calls, names, nothing, tensors
from autograder.judging.causes.stop import Stop

EVERY = (
    *nothing.CAUSES,
    *autograd.CAUSES,
    *calls.CAUSES,
    *tensors.CAUSES,
    *names.CAUSES,
)
# What can be told of what a submission has handed over, where no line of it was running.
OUTSIDE = (
    nothing.missing_return,
    autograd.changed_before_backward,
    autograd.parts_not_used,
    calls.wrong_call,
    calls.no_forward,
    calls.init_not_called,
    calls.no_method,
    calls.no_iterator,
    tensors.two_shapes,
)


def explain(trace: Trace) -> str | None:
    """Return the cause of an exception and the next step in a few sentences, or None.

    The trace was written by the submission's own process: it is shown, and decides nothing.
    """
    stop = Stop(trace)
    causes = EVERY if stop.inside else OUTSIDE
    try:
        told = next((words for cause in causes if (words := cause(stop))), None)
    except RecursionError:  # a sum may be nested deeper than Python's calls
        return None
    return told and printable(told)
