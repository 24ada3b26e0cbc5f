"""Graphs and gradients."""

from __future__ import annotations

import ast

from autograder.judging.causes.stop import Entry, Stop, called_name, quoted

_FORGETTING = ("no_grad", "inference_mode")


def leaf_in_place(stop: Stop) -> str | None:
    """A parameter is changed in place while autograd records."""
    if not stop.says("RuntimeError", r"leaf Variable that requires grad .*in-place"):
        return None
    name = _changed_in_place(stop) or "What this line changes"
    kind = "a view of a leaf" if "view of a leaf" in stop.text else "a leaf"
    text = (
        f"{name} is {kind} that requires its gradient, and autograd, which is recording, refuses "
        "to have it changed in place."
    )
    if _is_training(stop):
        return (
            f"{text} The update is no part of the loss: look for the way to switch recording off "
            "for it."
        )
    return (
        f"{text} Either do this before the tensor is marked as requiring its gradient, or where "
        "recording is switched off."
    )


def no_graph(stop: Stop) -> str | None:
    """backward() starts at a tensor without a graph."""
    if not stop.says("RuntimeError", r"does not require grad and does not have a grad_fn"):
        return None
    loss = _differentiated(stop)
    name = quoted(loss) if loss is not None else "what is differentiated here"
    if (value := _unrecorded_value(stop, loss)) is not None:
        target = quoted(value.targets[0] if isinstance(value, ast.Assign) else value.target)
        if isinstance(value, ast.Assign) and _target_names(value) & _read(value):
            return (
                f"{target} is assigned anew where recording is switched off: the new tensor "
                "requires no gradient, so the next loss has no graph. Change the tensor itself "
                "instead of giving its name to another one."
            )
        return (
            f"{target} is computed where recording is switched off, so there is no graph to go "
            "back through. Let autograd record the predictions and the loss; only the update "
            "stays off the record."
        )
    return (
        f"Autograd has recorded nothing for {name}. Either no tensor behind it requires a gradient "
        "(a parameter that was replaced by a new tensor does not), or it was cut off on the way, "
        "by detach(), .data, .item() or where recording is switched off. Follow it back from here."
    )


def backward_twice(stop: Stop) -> str | None:
    """A graph is gone through a second time."""
    if not stop.says("RuntimeError", r"backward through the graph a second time"):
        return None
    if any(_asks_for_grads_of_a_given(stop, call) for call in stop.found(ast.Call)):
        return (
            "The first call frees the graph that it goes through, and this is a second one. Ask "
            "for all the gradients in one call, which takes a list."
        )
    text = "backward() frees the graph that it goes through, and this is a second time. "
    early = _computed_before_the_loop(stop)
    if early:
        text = f"{early} is computed once, before the loop, and backward() frees its graph. "
    return (
        f"{text}Compute predictions and loss anew before each backward(). retain_graph=True would "
        "only hide it: the predictions would still be those of the old parameters."
    )


def changed_before_backward(stop: Stop) -> str | None:
    """The version counter of a saved tensor has moved."""
    if not stop.says("RuntimeError", r"modified by an inplace operation"):
        return None
    return (
        "backward() needs a tensor as it was in the forward computation, and it has been changed "
        "in place since then. Look for +=, -=, *= or a method that ends in _ between the two."
    )


def no_scalar(stop: Stop) -> str | None:
    """backward() of a tensor with several numbers."""
    if not stop.says("RuntimeError", r"grad can be implicitly created only for scalar outputs"):
        return None
    loss = _differentiated(stop)
    name = quoted(loss) if loss is not None else "What is differentiated here"
    return (
        f"{name} holds more than one number, and backward() starts from a single one. Look at how "
        "the errors of all rows become one loss."
    )


def parts_not_used(stop: Stop) -> str | None:
    """torch.autograd.grad is asked for a tensor that took no part, or that needs no gradient."""
    if stop.says("RuntimeError", r"not have been used in the graph"):
        return (
            "You ask for the gradient by a tensor that took no part in the loss. autograd.grad "
            "refuses that unless it is told to allow it; it can then give None or zeros."
        )
    if stop.says("RuntimeError", r"One of the differentiated Tensors does not require grad"):
        return (
            "A gradient is asked for a tensor that does not require one. Look at where it was "
            "made, and at whether requires_grad was switched off."
        )
    return None


def to_numpy(stop: Stop) -> str | None:
    """A tensor that requires a gradient is given to NumPy."""
    if not stop.says("RuntimeError", r"call numpy\(\) on Tensor that requires grad"):
        return None
    return (
        "A tensor that requires a gradient is handed to NumPy here, which cannot record. Stay with "
        "torch's functions; where only the numbers are wanted, detach the tensor first."
    )


def wrong_grad(stop: Stop) -> str | None:
    """Something that cannot be a gradient is assigned to .grad."""
    if found := stop.says("TypeError", r"assigned grad expected to be a Tensor or None .* (\w+)$"):
        return (
            f"You store an object of type {found[1]} in .grad, which holds a tensor or None. "
            "Zeros in the shape of the parameter are such a tensor."
        )
    if stop.says("RuntimeError", r"assigned grad has data|assign(ing)? a gradient (of|with)"):
        return "What you store in .grad must have the shape, dtype and device of its parameter."
    return None


def no_parameters(stop: Stop) -> str | None:
    """An optimizer gets what it cannot move, or a module something that is no parameter."""
    if stop.says("ValueError", r"can't optimize a non-leaf Tensor"):
        return (
            "An optimizer moves leaves only. A tensor that was computed, even by .t() or `* 1`, is "
            "none: hand over the parameters themselves."
        )
    if stop.says("ValueError", r"optimizer got an empty parameter list"):
        return (
            "The optimizer gets no parameters. Either the module has none (a tensor must be an "
            "nn.Parameter to count), or the generator that gives them was already gone through."
        )
    if found := stop.says("TypeError", r"cannot assign .* as parameter '(\w+)'"):
        return (
            f"`{found[1]}` is a parameter of the module, and a plain tensor cannot take its place. "
            "Either copy the numbers into the parameter while autograd does not record, or assign "
            "a parameter."
        )
    return None


def _asks_for_grads_of_a_given(stop: Stop, call: ast.Call) -> bool:
    """Say whether a call is autograd.grad of a loss that the function has not computed itself."""
    if called_name(call) != "grad" or not call.args or not isinstance(call.args[0], ast.Name):
        return False
    return not stop.values_of(call.args[0].id)


def _changed_in_place(stop: Stop) -> str:
    """Return what a statement changes in place, if it is plain to see."""
    if isinstance(stop.statement, ast.AugAssign):
        return quoted(stop.statement.target)
    calls = [c for c in stop.found(ast.Call) if called_name(c).endswith("_")]
    if len(calls) == 1 and isinstance(calls[0].func, ast.Attribute):
        return quoted(calls[0].func.value)
    return ""


def _differentiated(stop: Stop) -> ast.expr | None:
    """Return the tensor whose gradient the statement asks for."""
    for call in stop.found(ast.Call):
        if called_name(call) == "backward" and isinstance(call.func, ast.Attribute):
            return call.func.value
        if called_name(call) == "grad" and call.args:
            return call.args[0]
    return None


def _is_training(stop: Stop) -> bool:
    """Say whether the statement is the update of a step: it reads gradients, or follows some."""
    if any(node.attr == "grad" for node in stop.found(ast.Attribute)):
        return True
    calls = (node for node in ast.walk(stop.code) if isinstance(node, ast.Call))
    return any(called_name(call) in ("backward", "grad") for call in calls)


def _unrecorded_value(stop: Stop, loss: ast.expr | None) -> ast.Assign | ast.AugAssign | None:
    """Return the only assignment to a name behind the loss, if it stands where nothing is
    recorded."""
    names = _names(loss) if loss is not None else set()
    seen = set[str]()
    while names:
        values = {name: stop.values_of(name) for name in sorted(names)}
        for own in values.values():
            if len(own) == 1 and _unrecorded(stop, own[0]):
                return own[0]
        seen |= names
        names = {n for own in values.values() for value in own for n in _read(value)} - seen
    return None


def _unrecorded(stop: Stop, statement: ast.stmt) -> bool:
    heads = [item.context_expr for w in stop.holders(statement, ast.With) for item in w.items]
    functions = stop.holders(statement, ast.FunctionDef)
    heads += [decorator for function in functions for decorator in function.decorator_list]
    return any(isinstance(h, ast.Call) and called_name(h) in _FORGETTING for h in heads)


def _computed_before_the_loop(stop: Stop) -> str:
    """Return the name of what a loop differentiates and only code before the loop computes."""
    loops = stop.around(ast.For) + stop.around(ast.While)
    loss = _differentiated(stop)
    if len(loops) != 1 or not isinstance(loss, ast.Name):
        return ""
    name, seen = loss.id, set[str]()
    while name not in seen:
        seen.add(name)
        values = stop.values_of(name)
        if len(values) != 1:
            return ""
        if loops[0] not in stop.holders(values[0], ast.stmt):
            return f"`{name}`"
        assigned = [n for n in sorted(_read(values[0])) if stop.values_of(n)]
        if len(assigned) != 1:
            return ""
        name = assigned[0]
    return ""


def _read(statement: ast.Assign | ast.AugAssign) -> set[str]:
    return _names(statement.value)


def _target_names(statement: ast.Assign) -> set[str]:
    return {name for target in statement.targets for name in _names(target)}


def _names(node: ast.AST) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


CAUSES: tuple[Entry, ...] = (
    leaf_in_place,
    no_graph,
    backward_twice,
    changed_before_backward,
    no_scalar,
    parts_not_used,
    to_numpy,
    wrong_grad,
    no_parameters,
)
