"""Mistakes of first_nonfinite."""

from __future__ import annotations

from typing import Any

from m22_hooks import first_nonfinite
from torch import Tensor, nn

from autograder.course.marks import mistake

ITSELF = ""  # what is said where x is not finite


def _bad(t: Tensor) -> bool:
    return not bool(t.isfinite().all())


def _calls(model: nn.Module, x: Tensor, bad: Any = _bad, first: bool = False) -> list[Any]:
    """Return name, input's and output's state of each call, as they end or as they begin."""
    calls: list[Any] = []

    def begin(name: str) -> Any:
        return lambda module, inputs: calls.append([name, bad(inputs[0]), None])

    def end(name: str) -> Any:
        def hook(module: nn.Module, inputs: Any, output: Tensor) -> None:
            if first:
                last = [call for call in calls if call[0] == name and call[2] is None][-1]
                last[2] = bad(output)
            else:
                calls.append([name, bad(inputs[0]), bad(output)])

        return hook

    handles = []
    for name, part in model.named_modules():
        if first:
            handles.append(part.register_forward_pre_hook(begin(name)))
        handles.append(part.register_forward_hook(end(name)))
    try:
        model(x)
    finally:
        for handle in handles:
            handle.remove()
    return calls


@mistake("the-last-one", asks="tb.24")
def the_last_one(model: nn.Module, x: Tensor) -> str | None:
    """You report the last module that makes a number nan or inf, not the first: each later one
    overwrites the name. Look at what happens to the name when a second module is found."""
    if _bad(x):
        return ITSELF
    found = [name for name, into, out in _calls(model, x) if out and not into]
    return found[-1] if found else None


@mistake("container-before-its-part", asks="tb.24")
def container_before_its_part(model: nn.Module, x: Tensor) -> str | None:
    """You report a container, though a module inside of it is the source. The call of a container
    begins before that of its parts and ends after it. Look at the order in which you go through
    modules or calls."""
    if _bad(x):
        return ITSELF
    found = [name for name, into, out in _calls(model, x, first=True) if out and not into]
    return next(filter(None, found), found[0] if found else None)


@mistake("only-nan", asks="lr.59")
def only_nan(model: nn.Module, x: Tensor) -> str | None:
    """You look for nan alone. inf is not finite either, and it is mostly where a nan comes from:
    inf - inf and 0 * inf are nan, one layer later. Look at the function that tests the numbers."""
    if bool(x.isnan().any()):
        return ITSELF
    calls = _calls(model, x, lambda t: bool(t.isnan().any()))
    return next((name for name, into, out in calls if out and not into), None)


@mistake("only-inf", asks="lr.59")
def only_inf(model: nn.Module, x: Tensor) -> str | None:
    """You look for inf alone. nan is not finite either, and not infinite: a comparison with it is
    always False. Look at the function that tests the numbers."""
    if bool(x.isinf().any()):
        return ITSELF
    calls = _calls(model, x, lambda t: bool(t.isinf().any()))
    return next((name for name, into, out in calls if out and not into), None)


@mistake("input-not-looked-at", asks="lr.59")
def input_not_looked_at(model: nn.Module, x: Tensor) -> str | None:
    """You do not look at x itself. When the data is nan or inf, the first module only passes it on,
    and is no more to blame than the others. Test x before the model is called."""
    return next((name for name, _, out in _calls(model, x) if out), None)


@mistake("in-the-order-of-definition")
def in_the_order_of_definition(model: nn.Module, x: Tensor) -> str | None:
    """You go through the modules in the order in which they were defined. forward may call them in
    any other, and then a module that comes later stands first in your list. The order of the calls
    is what counts."""
    if _bad(x):
        return ITSELF
    calls = _calls(model, x)
    found = {name for name, _, out in calls if out}
    parts = [n for n, part in model.named_modules() if not [*part.children()]]
    return next((name for name in parts if name in found), first_nonfinite(model, x))


@mistake("layers-alone")
def layers_alone(model: nn.Module, x: Tensor) -> str | None:
    """You look at layers without parts alone. The forward of a container computes as well, and can
    be the source: hang a hook on each module of the model."""
    if _bad(x):
        return ITSELF
    parts = {n for n, part in model.named_modules() if not [*part.children()]}
    found = [name for name, into, out in _calls(model, x) if out and not into and name in parts]
    return found[0] if found else None


@mistake("result-alone")
def result_alone(model: nn.Module, x: Tensor) -> str | None:
    """You stop when the result of the model is finite. A number that is not can disappear on the
    way, in a function such as tanh or nan_to_num, and the module that made it is still the one
    asked for."""
    if _bad(x):
        return ITSELF
    calls = _calls(model, x)
    if not calls[-1][2]:
        return None
    source: str = next(name for name, into, out in calls if out and not into)
    return source


@mistake("hooks-kept")
def hooks_kept(model: nn.Module, x: Tensor) -> str | None:
    """Your hooks stay on the model: they run in every later call, and each call of yours adds more.
    Look at what registering a hook returns."""
    for part in model.modules():
        part.register_forward_hook(lambda module, inputs, output: None)
    return first_nonfinite(model, x)


@mistake("hooks-kept-after-an-exception")
def hooks_kept_after_an_exception(model: nn.Module, x: Tensor) -> str | None:
    """Your hooks stay on the model when its forward raises: the lines that remove them are not
    reached. What has to happen in any case belongs into a finally."""
    handles = [part.register_forward_hook(lambda *_: None) for part in model.modules()]
    source = first_nonfinite(model, x)
    for handle in handles:
        handle.remove()
    return source


@mistake("exception-swallowed")
def exception_swallowed(model: nn.Module, x: Tensor) -> str | None:
    """You catch the exception of a model that raises. The caller learns nothing of it then. Remove
    the hooks, and let the exception go on."""
    try:
        return first_nonfinite(model, x)
    except Exception:
        return None


@mistake("empty-name-for-none")
def empty_name_for_none(model: nn.Module, x: Tensor) -> str:
    """You return "" where all is finite. That name says that x itself is not; where nothing is
    wrong, the answer is None. Look at what you return when no module was found."""
    return first_nonfinite(model, x) or ""
