"""Other ways to do first_nonfinite."""

from __future__ import annotations

import contextlib

import torch
from torch.nn.modules.module import register_module_forward_hook

from autograder.course.marks import restated, right, wrong


def finite(t):
    """Say whether all numbers are finite."""
    return bool(torch.isfinite(t).all())


def noted(model, x):
    """Return the name, input's and output's state of each call, in the order in which they end."""
    calls, handles = [], []
    for name, part in model.named_modules():

        def hook(module, inputs, output, name=name):
            calls.append((name, finite(inputs[0]), finite(output)))

        handles.append(part.register_forward_hook(hook))
    try:
        model(x)
    finally:
        for handle in handles:
            handle.remove()
    return calls


class _Found(Exception):
    pass


@right()
def by_a_hook_for_all_modules(model, x):
    """One global hook, which looks names up."""
    if not finite(x):
        return ""
    names = {id(part): name for name, part in model.named_modules()}
    found = []

    def hook(module, inputs, output):
        if id(module) in names and finite(inputs[0]) and not finite(output):
            found.append(names[id(module)])

    handle = register_module_forward_hook(hook)
    try:
        with torch.no_grad():
            model(x)
    finally:
        handle.remove()
    return next(iter(found), None)


@right()
def stops_at_the_first(model, x):
    """A hook raises when it has found one, which ends the run."""
    if not finite(x):
        return ""

    def hook_of(name):
        def hook(module, inputs, output):
            if finite(inputs[0]) and not finite(output):
                raise _Found(name)

        return hook

    with contextlib.ExitStack() as stack:
        for name, part in model.named_modules():
            stack.callback(part.register_forward_hook(hook_of(name)).remove)
        try:
            model(x)
        except _Found as found:
            return str(found)
    return None


@right()
def all_calls_noted(model, x):
    """Notes all calls and looks for the first afterwards; sums tell what is finite."""
    if bool((x - x).ne(0).any()):
        return ""
    return next((name for name, into, out in noted(model, x) if into and not out), None)


@right()
def input_noted_before_the_call(model, x):
    """A pre-hook looks at the input, a hook at the output."""
    if not finite(x):
        return ""
    open_calls, found, handles = [], [], []
    for name, part in model.named_modules():

        def after(module, inputs, output, name=name):
            if open_calls.pop() and not finite(output) and not found:
                found.append(name)

        handles += [
            part.register_forward_pre_hook(lambda m, inputs: open_calls.append(finite(inputs[0]))),
            part.register_forward_hook(after),
        ]
    try:
        model(x)
    finally:
        [handle.remove() for handle in handles]
    return found[0] if found else None


@wrong(named="input-not-looked-at")
def any_input_goes(model, x):
    """The first output that is not finite, among calls in the order of their ends."""
    calls = noted(model, x)
    return next((n for n, _, out in calls if not out), None if finite(x) else "")


@wrong()
def runs_the_model_twice(model, x):
    """Looks whether there is anything to find first."""
    if not finite(x):
        return ""
    model(x)
    return next((n for n, into, out in noted(model, x) if into and not out), None)


@wrong()
def type_of_the_module(model, x):
    """The class of the module, not its name."""
    if not finite(x):
        return ""
    name = next((n for n, into, out in noted(model, x) if into and not out), None)
    return None if name is None else type(dict(model.named_modules())[name]).__name__


@wrong()
def last_part_of_the_name(model, x):
    """The name inside of its container."""
    if not finite(x):
        return ""
    name = next((n for n, into, out in noted(model, x) if into and not out), None)
    return name and name.rpartition(".")[2]


@wrong(named="container-before-its-part")
def children_alone(model, x):
    """The first floor of the model alone."""
    if not finite(x):
        return ""
    own = dict(model.named_children())
    return next((n for n, into, out in noted(model, x) if into and not out and n in own), None)


@wrong()
def first_row_alone(model, x):
    """Only the first row of each tensor is tested."""
    if not finite(x):
        return ""
    found, handles = [], []
    for name, part in model.named_modules():

        def hook(module, inputs, output, name=name):
            if finite(inputs[0][:1]) and not finite(output[:1]):
                found.append(name)

        handles.append(part.register_forward_hook(hook))
    try:
        model(x)
    finally:
        [handle.remove() for handle in handles]
    return found[0] if found else None


@wrong()
def minus_infinity_overlooked(model, x):
    """Tests for nan and for plus infinity."""
    bad = lambda t: bool((t.isnan() | (t == float("inf"))).any())  # noqa: E731
    if bad(x):
        return ""
    found, handles = [], []
    for name, part in model.named_modules():

        def hook(module, inputs, output, name=name):
            if not bad(inputs[0]) and bad(output):
                found.append(name)

        handles.append(part.register_forward_hook(hook))
    try:
        model(x)
    finally:
        [handle.remove() for handle in handles]
    return found[0] if found else None


@wrong()
def sum_of_the_output(model, x):
    """Parameters are looked at instead of outputs."""
    if not finite(x):
        return ""
    for name, part in model.named_modules():
        if not all(map(finite, part.parameters(recurse=False))):
            return name
    return None


@wrong()
def last_call_of_each_name(model, x):
    """Keeps one answer for each name: where a module is called again, that of its last call."""
    if not finite(x):
        return ""
    answers = {name: into and not out for name, into, out in noted(model, x)}
    return next((name for name, source in answers.items() if source), None)


@restated("the-last-one")
def overwritten(model, x):
    """The name is overwritten in the loop."""
    if not finite(x):
        return ""
    name = None
    for n, into, out in noted(model, x):
        if into and not out:
            name = n
    return name


@restated("container-before-its-part")
def shortest_name(model, x):
    """Goes through the modules from the outside, but for the model itself."""
    if not finite(x):
        return ""
    found = {n for n, into, out in noted(model, x) if into and not out}
    calls = [n for n, _, _ in noted_from_the_start(model, x)]
    return next((n for n in calls if n in found and n), next(iter(found), None))


def noted_from_the_start(model, x):
    """Return the calls in the order in which they begin."""
    calls = []
    handles = [
        part.register_forward_pre_hook(lambda m, i, n=n: calls.append((n, finite(i[0]), None)))
        for n, part in model.named_modules()
    ]
    try:
        model(x)
    finally:
        for handle in handles:
            handle.remove()
    return calls


@restated("only-nan")
def tests_isnan(model, x):
    """Asks isnan() everywhere."""
    if x.isnan().any():
        return ""
    found, handles = [], []
    for name, part in model.named_modules():

        def hook(module, inputs, output, name=name):
            if not inputs[0].isnan().any() and output.isnan().any():
                found.append(name)

        handles.append(part.register_forward_hook(hook))
    try:
        model(x)
    finally:
        [handle.remove() for handle in handles]
    return found[0] if found else None


@restated("only-inf")
def tests_isinf(model, x):
    """abs() compared with inf."""
    bad = lambda t: bool((t.abs() == float("inf")).any())  # noqa: E731
    if bad(x):
        return ""
    found, handles = [], []
    for name, part in model.named_modules():

        def hook(module, inputs, output, name=name):
            if not bad(inputs[0]) and bad(output):
                found.append(name)

        handles.append(part.register_forward_hook(hook))
    try:
        model(x)
    finally:
        [handle.remove() for handle in handles]
    return found[0] if found else None


@restated("input-not-looked-at")
def outputs_alone(model, x):
    """Only outputs are tested, x is not."""
    return next((n for n, _, out in noted(model, x) if not out), None)


@restated("in-the-order-of-definition")
def names_in_the_order_of_named_modules(model, x):
    """Goes through named_modules() and takes the first layer with a bad output."""
    if not finite(x):
        return ""
    states = {n: (into, out) for n, into, out in noted(model, x)}
    for n, part in model.named_modules():
        if not list(part.children()) and not states[n][1]:
            return n
    return next((n for n, (into, out) in states.items() if into and not out), None)


@restated("layers-alone")
def leaves(model, x):
    """Hooks on modules without children."""
    if not finite(x):
        return ""
    leaf = {n for n, part in model.named_modules() if len(list(part.children())) == 0}
    return next((n for n, into, out in noted(model, x) if n in leaf and into and not out), None)


@restated("result-alone")
def looks_at_the_end_first(model, x):
    """The last call, that of the model, decides whether there is anything."""
    if not finite(x):
        return ""
    calls = noted(model, x)
    if calls[-1][2]:
        return None
    return next((n for n, into, out in calls if into and not out), None)


@restated("hooks-kept")
def handles_thrown_away(model, x):
    """The handles are not kept."""
    if not finite(x):
        return ""
    found = []
    for name, part in model.named_modules():

        def hook(module, inputs, output, name=name):
            if finite(inputs[0]) and not finite(output):
                found.append(name)

        part.register_forward_hook(hook)
    model(x)
    return found[0] if found else None


@restated("hooks-kept-after-an-exception")
def no_finally(model, x):
    """The hooks are removed in a plain line after the call."""
    if not finite(x):
        return ""
    found, handles = [], []
    for name, part in model.named_modules():

        def hook(module, inputs, output, name=name):
            if finite(inputs[0]) and not finite(output):
                found.append(name)

        handles.append(part.register_forward_hook(hook))
    model(x)
    for handle in handles:
        handle.remove()
    return found[0] if found else None


@restated("exception-swallowed")
def suppressed(model, x):
    """The exception of the model is suppressed."""
    if not finite(x):
        return ""
    calls = []
    with contextlib.suppress(Exception):
        calls = noted(model, x)
    return next((n for n, into, out in calls if into and not out), None)


@restated("empty-name-for-none")
def empty_at_the_start(model, x):
    """The name is "" until one is found."""
    name = ""
    if finite(x):
        for n, into, out in reversed(noted(model, x)):
            name = n if into and not out else name
    return name


KEPT_PROBES = {"drawn": "whoever guesses one of a few names is right by chance in none of these"}
