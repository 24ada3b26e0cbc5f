"""Calls: methods, heads and brackets."""

from __future__ import annotations

import ast
import re

from autograder.judging.causes.stop import Entry, Stop, called_name, quoted


def debugger(stop: Stop) -> str | None:
    """A debugger was started where nobody can type."""
    if stop.kind != "BdbQuit":
        return None
    return "breakpoint() and pdb work in `descent try NAME`, with the name of the exercise."


def method_not_called(stop: Stop) -> str | None:
    """A method itself stands where its result is wanted."""
    if not stop.says("TypeError AttributeError", r"builtin_function_or_method|\bmethod\b"):
        return None
    if re.search(r"takes|missing|argument", stop.text) and "must be Tensor" not in stop.text:
        return None
    called = {id(call.func) for call in stop.found(ast.Call)}
    inner = {id(node.value) for node in stop.found(ast.Attribute)}
    bare = [
        node
        for node in stop.found(ast.Attribute)
        if id(node) not in called | inner and _reads(node)
    ]
    where = quoted(bare[0]) if len(bare) == 1 else "A method"
    return (
        f"{where} stands here without brackets: that is the method itself, not what it computes. "
        "Look for the missing () in this line, or where the value was made."
    )


def wrong_call(stop: Stop) -> str | None:
    """A function gets more or fewer values than its head takes."""
    pattern = (
        r"positional arguments?\b.*\b(?:was|were) given|missing \d+ required|unexpected keyword"
    )
    if not stop.says("TypeError", rf"{pattern}|takes no arguments"):
        return None
    node = stop.definition
    if stop.inside:
        function = re.match(r"[\w.]+\(\)", stop.text)
        called = f"`{function[0]}`" if function else "what it calls"
        return (
            f"This line calls {called} with other values than its head takes. Compare the two, "
            "value by value (for a method, self is counted, too)."
        )
    if isinstance(node, ast.ClassDef):
        return _wrong_class(node)
    if node is None or not stop.text.startswith(f"{node.name}("):
        return None  # the grader may have called what the function returned
    return (
        f"The grader calls `{node.name}` as the task writes it, and the head of yours does not "
        "take these values. Put the names in its brackets back as they were."
    )


def _wrong_class(node: ast.ClassDef) -> str | None:
    methods = [one for one in node.body if isinstance(one, ast.FunctionDef)]
    names = {one.name for one in methods}
    strange = [one for one in sorted(names) if one.strip("_") in ("init", "int", "inti")]
    if "__init__" not in names and strange:
        return (
            f"`{node.name}` has no `__init__`: yours is called `{strange[0]}`, which Python never "
            "calls by itself. The name has two underscores on each side."
        )
    if "__init__" not in names:
        return f"`{node.name}` has no `__init__`, so it can be given no values."
    for one in methods:
        arguments = [*one.args.posonlyargs, *one.args.args]
        if not one.decorator_list and not one.args.vararg and _first(arguments) != "self":
            return (
                f"The method `{one.name}` of `{node.name}` does not take `self` first, and Python "
                "always hands over the object itself there."
            )
    return (
        f"The grader uses `{node.name}` as the task writes it, and a method of yours does not take "
        "these values. Compare the heads of its methods with the stub's."
    )


def no_forward(stop: Stop) -> str | None:
    """A module whose forward has another name."""
    if not stop.says("NotImplementedError", r"missing the required \"forward\" function"):
        return None
    node = stop.definition
    methods = [one.name for one in ast.walk(stop.code) if isinstance(one, ast.FunctionDef)]
    strange = [one for one in methods if "forward" in one.lower() or one == "__call__"]
    yours = f" Yours is called `{strange[0]}`." if strange and not stop.inside else ""
    whose = f"`{node.name}`" if isinstance(node, ast.ClassDef) else "This module"
    return (
        f"{whose} has no method `forward`, which nn.Module calls for a prediction.{yours} Look at "
        "its name, and at whether it stands inside the class."
    )


def no_method(stop: Stop) -> str | None:
    """A class lacks a method by which Python, or torch, uses its objects."""
    node = stop.definition
    if stop.inside or not isinstance(node, ast.ClassDef):
        return None
    if found := stop.says("TypeError", r"object of type '(\w+)' has no len\(\)"):
        missing = "__len__" if found[1] == node.name else ""
    elif found := stop.says("TypeError", r"abstract class (\w+) .*abstract methods? '?(\w+)"):
        missing = found[2] if found[1] == node.name else ""
    else:
        return None
    if not missing:
        return None
    return (
        f"`{node.name}` has no method `{missing}`, and is used as if it had one. Look at the list "
        "of methods that the task asks for, and at the spelling of yours."
    )


def no_iterator(stop: Stop) -> str | None:
    """`__iter__` hands over something that cannot be gone through with next()."""
    found = stop.says("TypeError", r"iter\(\) returned non-iterator of type '(\w+)'")
    if not found or found[1] == "NoneType":
        return None
    return (
        f"Your `__iter__` returns an object of type {found[1]}, which holds items but is no "
        "iterator: next() cannot be called on it. iter() makes an iterator of it, and a `yield` in "
        "the method makes one, too."
    )


def init_not_called(stop: Stop) -> str | None:
    """A module gets its parts before nn.Module is set up."""
    if not stop.says("AttributeError", r"cannot assign (\w+) before Module.__init__\(\) call"):
        tables = r"object has no attribute '_(modules|parameters|buffers|\w*_hooks)'"
        if not stop.says("AttributeError", tables):
            return None
        return (
            "This module has none of the tables that nn.Module keeps of its parts: nn.Module's own "
            "__init__ makes them, and was not called. Make that call (super) the first line of "
            "your __init__."
        )
    return (
        "A module's parts can be stored only when nn.Module is set up, by the call of its own "
        "__init__ (super). Make that call the first line of your __init__."
    )


def not_callable(stop: Stop) -> str | None:
    """What stands before the brackets is no function."""
    if not (found := stop.says("TypeError", r"^'(\w+)' object is not callable")):
        return None
    funcs = [call.func for call in stop.found(ast.Call)]
    what = quoted(funcs[0]) if len(funcs) == 1 else "What stands before one of the brackets"
    return (
        f"{what} is called like a function here, and is an object of type {found[1]}. Look at "
        "whether its name was given to something else, or an operator is missing."
    )


def no_context(stop: Stop) -> str | None:
    """`with` and something that was not made."""
    if not stop.says("TypeError AttributeError", r"context manager protocol|__enter__"):
        return None
    heads = [item.context_expr for item in stop.found(ast.withitem)]
    bare = [head for head in heads if not isinstance(head, ast.Call)]
    if len(bare) != 1:
        return None
    return f"{quoted(bare[0])} stands after `with` without brackets: add the () that make it."


def endless(stop: Stop) -> str | None:
    """A function that calls itself."""
    node = stop.definition
    if stop.kind != "RecursionError" or node is None or not stop.inside:
        return None
    if not any(called_name(c) == node.name for c in stop.found(ast.Call)):
        return None
    return f"`{node.name}` calls itself in this line, again and again, and comes to no end."


def _first(arguments: list[ast.arg]) -> str:
    return arguments[0].arg if arguments else ""


def _reads(node: ast.Attribute) -> bool:
    """Say whether an attribute is read, and not one of the values that tensors have."""
    return isinstance(node.ctx, ast.Load) and node.attr not in (
        "T",
        "shape",
        "grad",
        "dtype",
        "data",
    )


CAUSES: tuple[Entry, ...] = (
    debugger,
    init_not_called,
    method_not_called,
    wrong_call,
    no_forward,
    not_callable,
    no_context,
    endless,
)
