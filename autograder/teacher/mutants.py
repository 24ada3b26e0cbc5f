"""Mutants: the references with one small fault each, such as people make in training code.

General tools swap operators and numbers; the operators below also delete, double and move the calls
that training consists of. Each yields the changed copy of a statement or expression.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from autograder.answers.ways import solution
from autograder.course import Exercise
from autograder.inside.syntax import is_definition, is_docstring, parse

# Calls whose place and number matter in training.
STEPS = ("zero_grad", "backward", "step", "train", "eval", "zero_", "requires_grad_", "manual_seed")
# Calls whose result is their receiver, or nearly.
DROPPED = ("detach", "clone", "contiguous", "item", "flatten", "T", "t", "square", "double", "sqrt")
REDUCTIONS = {"sum": "mean", "mean": "sum", "argmin": "argmax", "argmax": "argmin", "eval": "train"}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Pow: ast.Mult,
    ast.MatMult: ast.Mult,
}
COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}

Statements: TypeAlias = "list[ast.stmt]"
N = TypeVar("N", bound=ast.AST)


@dataclass(frozen=True)
class Mutant:
    """A reference with a fault: `text` is its module; `before` and `after` say what it is."""

    exercise: Exercise
    before: str
    after: str
    text: str

    @property
    def key(self) -> str:
        """What it is called where it is excused: its own statement before and after."""
        return f"{self.before} -> {self.after or 'nothing'}"

    def __str__(self) -> str:
        return f"{self.exercise.name}: {self.key}"


def mutants(exercise: Exercise) -> Iterator[Mutant]:
    """Yield the mutants of an exercise's reference, each different from it and from the others."""
    tree = parse(solution(exercise.module))
    own = [node for node in tree.body if is_definition(node) and node.name in exercise.names]
    seen = {ast.unparse(tree)}
    for definition in own:
        for change in changes(definition):
            _, before, after, undo = change()
            text = ast.unparse(tree)
            undo()
            if text not in seen:
                seen.add(text)
                yield Mutant(exercise, before, after, text)


# Makes a change; returns its line, the statement before and after, and what undoes it.
Change: TypeAlias = Callable[[], tuple[int, str, str, Callable[[], None]]]


def changes(definition: ast.stmt) -> list[Change]:
    """Return all that the operators can change in a definition, to be made one at a time."""
    return [*_expression_changes(definition), *_statement_changes(definition)]


def _expression_changes(definition: ast.stmt) -> Iterator[Change]:
    """Yield the changes that put another expression into the place of one."""
    for statement in (node for node in ast.walk(definition) if isinstance(node, ast.stmt)):
        for parent in _without_inner_statements(statement):
            for name, value in ast.iter_fields(parent):
                if name in ("annotation", "returns", "decorator_list"):
                    continue
                for index, node in enumerate(value if isinstance(value, list) else [value]):
                    if isinstance(node, ast.expr) and not isinstance(parent, ast.Subscript):
                        place = (parent, name, index if isinstance(value, list) else None)
                        yield from (_putting(statement, *place, o) for o in _others(node))


def _without_inner_statements(statement: ast.stmt) -> Iterator[ast.AST]:
    todo: list[ast.AST] = [statement]
    while todo:
        node = todo.pop(0)
        yield node
        todo += [inner for inner in ast.iter_child_nodes(node) if not isinstance(inner, ast.stmt)]


def _putting(
    statement: ast.stmt, parent: ast.AST, field: str, index: int | None, other: ast.expr
) -> Change:
    """Return the change that puts another expression into a field, or its place in a list."""
    if index is None:
        return _setting(parent, field, other, statement, None)
    values = getattr(parent, field)
    changed = [*values[:index], other, *values[index + 1 :]]
    return _setting(parent, field, changed, statement, None)


def _others(node: ast.expr) -> Iterator[ast.expr]:
    """Yield what could stand wrongly in the place of an expression."""
    match node:
        case ast.Call(func=ast.Attribute(value=receiver, attr=name)) if name in DROPPED:
            yield receiver
        case ast.Attribute(value=receiver, attr=name) if name in DROPPED[5:]:
            yield receiver
    match node:
        case ast.Attribute(attr=name) if name in REDUCTIONS:
            yield _like(node, attr=REDUCTIONS[name])
        case ast.Attribute(attr=name) if name.endswith("_") and not name.endswith("__"):
            yield _like(node, attr=name[:-1])
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int(value)):
            yield from (ast.Constant(value + 1), ast.Constant(value - 1))
        case ast.Constant(value=float(value)):
            yield from (ast.Constant(value * 1.001), ast.Constant(value + 1.0))
        case ast.BinOp(op=op) if type(op) in ARITHMETIC:
            yield _like(node, op=ARITHMETIC[type(op)]())
            if not isinstance(op, ast.Add | ast.Mult):  # whose order is free
                yield _like(node, left=node.right, right=node.left)
        case ast.Compare(ops=[op]) if type(op) in COMPARISONS:
            yield _like(node, ops=[COMPARISONS[type(op)]()])
        case ast.UnaryOp(op=ast.USub() | ast.Not()):
            yield node.operand
        case ast.BoolOp(op=op):
            yield _like(node, op=ast.Or() if isinstance(op, ast.And) else ast.And())
        case ast.IfExp():
            yield from (node.body, node.orelse)
    if isinstance(node, ast.Call):
        for index in range(len(node.keywords)):  # a dim, a generator, a device forgotten
            yield _like(node, keywords=node.keywords[:index] + node.keywords[index + 1 :])
        if len(node.args) >= 2:
            yield _like(node, args=[node.args[1], node.args[0], *node.args[2:]])


def _statement_changes(definition: ast.stmt) -> Iterator[Change]:
    """Yield the changes that delete, double, move or unwrap statements, and drop decorators."""
    for parent in ast.walk(definition):
        if isinstance(parent, ast.FunctionDef):
            for index, decorator in enumerate(parent.decorator_list):
                rest = parent.decorator_list[:index] + parent.decorator_list[index + 1 :]
                yield _setting(parent, "decorator_list", rest, decorator, "")
        for field in ("body", "orelse"):
            body = getattr(parent, field, None)
            if isinstance(body, list):
                yield from _body_changes(parent, field, body)


def _body_changes(parent: ast.AST, field: str, body: Statements) -> Iterator[Change]:
    for index, node in enumerate(body):
        before, rest = body[:index], body[index + 1 :]
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue  # a docstring
        if isinstance(node, ast.Expr | ast.Raise | ast.AugAssign):
            yield _setting(parent, field, [*before, ast.Pass(), *rest], node, "")
        if isinstance(node, ast.With):
            yield _setting(parent, field, [*before, *node.body, *rest], node, "its body alone")
        if isinstance(node, ast.AugAssign):
            value = ast.BinOp(_loaded(node.target), node.op, node.value)
            assign = ast.Assign([node.target], value, lineno=node.lineno)
            yield _setting(parent, field, [*before, assign, *rest], node, ast.unparse(assign))
            if type(node.op) in ARITHMETIC:
                other = _like(node, op=ARITHMETIC[type(node.op)]())
                yield _setting(parent, field, [*before, other, *rest], node, ast.unparse(other))
        if isinstance(node, ast.If):
            negated = _like(node, test=ast.UnaryOp(ast.Not(), node.test))
            yield _setting(parent, field, [*before, negated, *rest], node, "its opposite")
        if _is_step(node):
            yield _setting(parent, field, [*before, node, node, *rest], node, "it twice")
            if rest:
                moved = [*before, rest[0], node, *rest[1:]]
                yield _setting(parent, field, moved, node, "one statement later")
            if before and not is_docstring(before[-1]):
                moved = [*before[:-1], node, before[-1], *rest]
                yield _setting(parent, field, moved, node, "one statement earlier")


def _setting(
    parent: ast.AST, field: str, value: object, statement: ast.stmt | ast.expr, after: str | None
) -> Change:
    """Return the change that sets a field; `after` tells it, or else the statement afterwards."""

    def change() -> tuple[int, str, str, Callable[[], None]]:
        kept, before = getattr(parent, field), _first_line_of(statement)
        setattr(parent, field, value)
        description = _first_line_of(statement) if after is None else after
        return statement.lineno, before, description, lambda: setattr(parent, field, kept)

    return change


def _is_step(node: ast.stmt) -> bool:
    """Say whether a statement is a call whose place matters."""
    return isinstance(node, ast.Expr) and any(
        isinstance(part, ast.Attribute) and part.attr in STEPS for part in ast.walk(node)
    )


def _like(node: N, **fields: object) -> N:
    other = copy.copy(node)
    for name, value in fields.items():
        setattr(other, name, value)
    return other


def _loaded(target: ast.expr) -> ast.expr:
    other = copy.copy(target)
    other.ctx = ast.Load()  # type: ignore[attr-defined]
    return other


def _first_line_of(node: ast.AST) -> str:
    return ast.unparse(node).splitlines()[0]
