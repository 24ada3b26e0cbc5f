"""None where a value is wanted: a gradient that is not there, a return that is missing."""

from __future__ import annotations

import ast

from autograder.judging.causes.stop import Entry, Stop, called_name, quoted

# Methods that change something and return None.
_RETURN_NOTHING = {"append", "extend", "sort", "reverse", "shuffle", "backward", "zero_grad"}
_OPERATORS = {"+": ast.Add, "-": ast.Sub, "*": ast.Mult, "/": ast.Div, "@": ast.MatMult}


def missing_gradient(stop: Stop) -> str | None:
    """`.grad` is None."""
    gradient = _operand(stop)
    if not (isinstance(gradient, ast.Attribute) and gradient.attr == "grad"):
        return None
    owner = gradient.value
    text = f"{quoted(gradient)} is None here: no backward() has stored a gradient there."
    if isinstance(owner, ast.Name) and _is_rebound(stop, owner.id):
        return (
            f"{text} {quoted(owner)} is assigned anew in this function, and the new tensor is not "
            "the parameter that the gradient was computed for. Change the tensor itself."
        )
    return (
        f"{text} That is so before the first backward(), after gradients were set to None, for a "
        "parameter that takes no part in the loss, and for a tensor that is itself computed from "
        "another, as its part or its row is. Look at which it is, and ask for None first."
    )


def missing_return(stop: Stop) -> str | None:
    """A value is None: what made it returns nothing, or it was handed over so."""
    if "NoneType" not in stop.text or stop.kind not in ("TypeError", "AttributeError"):
        return None
    if not stop.inside:
        return _without_return(stop)
    value = _operand(stop)
    if isinstance(value, ast.Call):
        return _from_call(None, value)
    if isinstance(value, ast.Name) and len(made := stop.values_of(value.id)) == 1:
        return _from_call(value, made[0].value) if isinstance(made[0].value, ast.Call) else None
    if isinstance(value, ast.Attribute) or (isinstance(value, ast.Name) and _is_given(stop, value)):
        return (
            f"{quoted(value)} is None here, and this line needs a value there. Look at when it is "
            "None, and what is to be done then."
        )
    return None


def _without_return(stop: Stop) -> str | None:
    """Tell of a function, or a class's forward, that returns nothing whatever happens."""
    node = stop.definition
    if isinstance(node, ast.ClassDef):
        methods = (one for one in node.body if isinstance(one, ast.FunctionDef))
        node = next((one for one in methods if one.name == "forward"), None)
    if node is None or _returns(node):
        return None
    return (
        f"Your `{node.name}` has no `return` with a value, so Python returns None. Return what it "
        "has computed."
    )


def _returns(function: ast.FunctionDef) -> bool:
    return any(
        isinstance(node, ast.Yield | ast.YieldFrom)
        or (isinstance(node, ast.Return) and node.value is not None)
        for node in ast.walk(function)
    )


def _from_call(name: ast.Name | None, call: ast.Call) -> str:
    if called_name(call) in _RETURN_NOTHING:
        return (
            f"{quoted(call.func)} does its work and returns None, and your code goes on with that "
            "None. Call it on a line of its own."
        )
    what = f"{quoted(name)} is None here, for" if name else "This line goes on with a None:"
    return (
        f"{what} {quoted(call)} has returned None. Look at when it does so, and at whether a "
        "`return` is missing there."
    )


def _is_given(stop: Stop, name: ast.Name) -> bool:
    """Say whether a name is an argument that keeps its value."""
    node = stop.definition
    own = ast.walk(node.args) if isinstance(node, ast.FunctionDef) else ()
    return any(isinstance(arg, ast.arg) and arg.arg == name.id for arg in own)


def _operand(stop: Stop) -> ast.AST | None:
    """Return the node that must have been None, if only one comes into question."""
    if found := stop.says("AttributeError", r"'NoneType' object has no attribute '(\w+)'"):
        named = (n.value for n in stop.found(ast.Attribute) if n.attr == found[1])
        values = [n for n in named if not (isinstance(n, ast.Name) and n.id == "self")]
    elif stop.says("TypeError", r"'NoneType' object is not subscriptable"):
        values = [n.value for n in stop.found(ast.Subscript)]
    elif stop.says("TypeError", r"'NoneType' object is not iterable|unpack non-iterable NoneType"):
        values = [n.iter for n in stop.found(ast.For)]
        values += [n.value for n in stop.found(ast.Assign)]
    elif found := stop.says("TypeError", r"operand type\(s\) for ([^:]*): '([^']*)' and '([^']*)'"):
        values = _operands(stop, found[1], found[2] == "NoneType", found[3] == "NoneType")
    elif found := stop.says(
        "TypeError", r"^(\w+)\(\): .*position (\d+)\) must be Tensor, not None"
    ):
        calls, place = stop.found(ast.Call), int(found[2]) - 1
        values = [c.args[place] for c in calls if called_name(c) == found[1] and c.args[place:]]
    else:
        return None
    return values[0] if len(values) == 1 else _only_gradient(values)


def _operands(stop: Stop, sign: str, left: bool, right: bool) -> list[ast.expr]:
    """Return what stands on a side of an operator, or of both."""
    kind = _OPERATORS.get(sign.removesuffix("=").partition(" ")[0])
    values: list[ast.expr] = []
    for node in stop.parts:
        if isinstance(node, ast.BinOp) and isinstance(node.op, kind or ast.operator):
            values += [node.left] * left + [node.right] * right
        elif isinstance(node, ast.AugAssign) and isinstance(node.op, kind or ast.operator):
            values += [node.target] * left + [node.value] * right
    return [value for value in values if not isinstance(value, ast.Constant)]


def _only_gradient(values: list[ast.expr]) -> ast.AST | None:
    """Return the one of several values that is a `.grad`, which None is most at home in."""
    gradients = [v for v in values if isinstance(v, ast.Attribute) and v.attr == "grad"]
    others = [v for v in values if v not in gradients and not isinstance(v, ast.Name)]
    return gradients[0] if len(gradients) == 1 and not others else None


def _is_rebound(stop: Stop, name: str) -> bool:
    """Say whether the lines above give a name to a tensor that is computed from its old one."""
    line = stop.statement.lineno if stop.statement else 0
    return any(
        isinstance(value, ast.Assign)
        and value.lineno < line
        and isinstance(value.value, ast.BinOp | ast.Tuple)
        and any(isinstance(n, ast.Name) and n.id == name for n in ast.walk(value.value))
        for value in stop.values_of(name)
    )


CAUSES: tuple[Entry, ...] = (missing_gradient, missing_return)
