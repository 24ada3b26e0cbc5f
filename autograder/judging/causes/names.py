"""Names and loops: what a name holds, and how often it can be gone through."""

from __future__ import annotations

import ast

from autograder.inside.words import counted
from autograder.judging.causes.stop import Entry, Stop, called_name, quoted

_WELL_KNOWN = {"torch", "nn", "np", "F", "math", "random", "Tensor", "DataLoader", "optim"}
_READ_ONCE = {"iter", "map", "zip", "filter", "enumerate"}


def unknown_name(stop: Stop) -> str | None:
    """A name that nothing is bound to."""
    if found := stop.says("UnboundLocalError", r"local variable '(\w+)'"):
        return _unbound(stop, found[1])
    if not (found := stop.says("NameError", r"name '(\w+)' is not defined")):
        return None
    if found[1] in _WELL_KNOWN:
        return f"`{found[1]}` is not imported in this file. Look at the imports at its top."
    return (
        f"Nothing is called `{found[1]}` when this line runs. Look at its spelling, and at whether "
        "it is made in this function or handed over in its brackets."
    )


def _unbound(stop: Stop, name: str) -> str:
    values = stop.values_of(name)
    if isinstance(stop.statement, ast.AugAssign) and stop.statement in values and len(values) == 1:
        return (
            f"`{name}` has no value yet that this line could change: a name that a function "
            "assigns is its own, whatever has that name outside. Give it a first value above."
        )
    loops = [
        one for v in values for one in (*stop.holders(v, ast.For), *stop.holders(v, ast.While))
    ]
    everywhere = all(stop.holders(v, ast.For) + stop.holders(v, ast.While) for v in values)
    if values and everywhere and not any(stop.is_within(loop) for loop in loops):
        return (
            f"`{name}` gets its value only inside a loop, and the loop has not run once (as with 0 "
            "rounds). Give it a value before the loop."
        )
    return f"`{name}` is used here before any line has given it a value. Follow the lines above."


def no_file(stop: Stop) -> str | None:
    """A file that is not where the code runs, at the desk as in the grader."""
    if not stop.says("FileNotFoundError", r"No such file|not found"):
        return None
    return (
        "Your code runs in a folder of its own, in which at first only `data` lies, with the kit's "
        "tables: `data/crop_yield.csv` opens from everywhere, `../data` and your own files do not. "
        "Look at the path that this line opens."
    )


def unequal_unpacking(stop: Stop) -> str | None:
    """Another number of values than names."""
    if not stop.says("ValueError", r"(too many|not enough) values to unpack"):
        return None
    values = [node.value for node in stop.found(ast.Assign)]
    values += [node.iter for node in stop.found(ast.For)] if not values else []
    if isinstance(stop.statement, ast.Assign) and isinstance(stop.statement.targets[0], ast.Tuple):
        count = counted(len(stop.statement.targets[0].elts), "name")
        return (
            f"This line takes {quoted(values[0])} apart into {count}, and here it holds another "
            "number of values. Where the task allows any number, go through them in a loop."
        )
    return (
        "A value is taken apart into more or fewer names than it holds. Look at what one item of "
        "it is."
    )


def used_up(stop: Stop) -> str | None:
    """An iterator has come to its end."""
    if stop.says("StopIteration RuntimeError", r"^$|generator raised StopIteration"):
        if not any(called_name(call) == "next" for call in stop.found(ast.Call)):
            return None
        return (
            "next() is asked for one more item, and there is none left. An iterator is gone "
            "through only once: make a new one for each pass."
        )
    if not stop.says("ZeroDivisionError", r"division by zero"):
        return None
    divided_by = [n.right for n in _divisions(stop) if not isinstance(n.right, ast.Constant)]
    divisors = {by.id for by in divided_by if isinstance(by, ast.Name)}
    for loop in (n for outer in stop.around(ast.For)[:1] for n in ast.walk(outer)):
        if not isinstance(loop, ast.For) or not isinstance(loop.iter, ast.Name):
            continue
        if stop.is_within(loop):
            continue
        made = stop.values_of(loop.iter.id)
        counted_in = {
            n.target.id
            for n in ast.walk(loop)
            if isinstance(n, ast.AugAssign) and isinstance(n.target, ast.Name)
        }
        outside = len(made) == 1 and not stop.holders(made[0], ast.For)
        if outside and _is_read_once(made[0].value) and divisors & counted_in:
            return (
                f"{quoted(loop.iter)} can be gone through only once, and is made before the loop "
                "around: in the second round nothing is left of it, and the count stays 0. Make "
                "it anew in each round."
            )
    if len(divisors) == 1 and all(isinstance(by, ast.Name) for by in divided_by):
        return (
            f"`{divisors.pop()}` is 0 here. Look at where it is counted up, and at whether that "
            "code runs at all."
        )
    return None


def _divisions(stop: Stop) -> list[ast.BinOp]:
    return [node for node in stop.found(ast.BinOp) if isinstance(node.op, ast.Div)]


def _is_read_once(value: ast.expr) -> bool:
    return isinstance(value, ast.GeneratorExp) or (
        isinstance(value, ast.Call) and called_name(value) in _READ_ONCE
    )


def generator_indexed(stop: Stop) -> str | None:
    """A generator is used as a list."""
    if not stop.says(
        "TypeError", r"'(generator|iterator)' object|object of type 'generator' has no"
    ):
        return None
    return (
        "A generator has no length and no places: it can only be gone through, once. Loop over it, "
        "or make a list of it first."
    )


def not_iterable(stop: Stop) -> str | None:
    """A loop, or taking apart, of what has no items."""
    if not (found := stop.says("TypeError", r"'(\w+)' object is not iterable")):
        return None
    if found[1] == "NoneType":
        return None
    return (
        f"A loop, or whatever takes items here, gets an object of type {found[1]}, which has none. "
        "Look at what stands there, and at the order of the values that were handed over."
    )


def refused(stop: Stop) -> str | None:
    """An assert or a raise of the student's own."""
    if isinstance(stop.statement, ast.Assert) and stop.kind == "AssertionError":
        return (
            "Your own `assert` stops here, with an AssertionError. It is for what can never "
            "happen; an input that is to be refused gets the exception that the task names."
        )
    if isinstance(stop.statement, ast.Raise) and not stop.around(ast.ExceptHandler):
        if stop.kind == "NotImplementedError" and not stop.text:  # a stub
            return None
        return (
            "Your own `raise` stops here. Look at the condition under which this line is reached, "
            "and at which exception, if any, the task names for such an input."
        )
    return None


def out_of_range(stop: Stop) -> str | None:
    """A place beyond the end."""
    if not stop.says("IndexError", r"index .*out of (range|bounds)"):
        return None
    return (
        "An index is beyond the end here. Places count from 0, so the last one is the length less "
        "1; look at how long it is in this case."
    )


CAUSES: tuple[Entry, ...] = (
    unknown_name,
    no_file,
    unequal_unpacking,
    used_up,
    generator_indexed,
    not_iterable,
    refused,
    out_of_range,
)
