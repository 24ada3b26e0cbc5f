"""What a text of Python defines, binds, names and says, read from its syntax tree."""

from __future__ import annotations

import ast
import threading
from collections.abc import Iterable, Iterator
from typing import TypeAlias, TypeGuard

Definition: TypeAlias = ast.FunctionDef | ast.ClassDef

_PARTS = (ast.stmt, ast.ExceptHandler, ast.match_case, ast.withitem)


# What parsing raises: the last two where a text is nested too deeply for Python.
UNPARSED = (SyntaxError, ValueError, RecursionError, MemoryError)

# CPython before 3.12 must not make two trees at once (github.com/python/cpython/issues/106905).
_one_at_a_time = threading.Lock()


def parse(text: str, file: str = "<unknown>") -> ast.Module:
    """Return the syntax tree of a text; raise one of UNPARSED."""
    with _one_at_a_time:
        return ast.parse(text, file)


def is_definition(node: ast.AST) -> TypeGuard[Definition]:
    """Say whether a node defines a function or a class."""
    return isinstance(node, ast.FunctionDef | ast.ClassDef)


def definitions(tree: ast.Module) -> dict[str, Definition]:
    """Return the functions and classes at the top of a file by name, the last of each name."""
    return {node.name: node for node in tree.body if is_definition(node)}


def function_at(tree: ast.Module, line: int) -> ast.FunctionDef | None:
    """Return the innermost function around a line."""
    return next((n for n in _around(tree, line) if isinstance(n, ast.FunctionDef)), None)


def statement_at(tree: ast.Module, line: int) -> ast.stmt | None:
    """Return the innermost statement around a line."""
    return next(_around(tree, line), None)


def _around(tree: ast.Module, line: int) -> Iterator[ast.stmt]:
    """Yield the statements around a line, the innermost first."""
    found = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or 0)
    ]
    return reversed(found)  # ast.walk goes from the outer to the inner


def is_docstring(node: ast.AST) -> bool:
    """Say whether a statement is nothing but a text."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def sentence(node: Definition | ast.Module) -> str:
    """Return a docstring as one line; empty where there is none."""
    return " ".join((ast.get_docstring(node) or "").split())


def written(node: ast.AST) -> str:
    """Return the first line of a node as code; `...` for one nested too deeply to be written."""
    try:
        return ast.unparse(node).partition("\n")[0]
    except RecursionError:
        return "..."


def names_in(nodes: Iterable[ast.AST]) -> set[str]:
    """Return all names that stand in some nodes, whether they are read or bound."""
    return {n.id for node in nodes for n in ast.walk(node) if isinstance(n, ast.Name)}


def bound_by(statements: Iterable[ast.stmt]) -> set[str]:
    """Return the names that statements bind where they stand."""
    return {name for statement in statements for name, _ in bindings(statement)}


def is_stub(statement: ast.stmt) -> bool:
    """Say whether a function, or every method of a class, only raises NotImplementedError."""
    if isinstance(statement, ast.ClassDef):
        methods = [node for node in statement.body if isinstance(node, ast.FunctionDef)]
        return bool(methods) and all(map(is_stub, methods))
    if not isinstance(statement, ast.FunctionDef):
        return False
    body = [node for node in statement.body if not is_docstring(node)]
    return len(body) == 1 and _raises_not_implemented(body[0])


def without_late_stubs(tree: ast.Module) -> ast.Module:
    """Leave out each top-level stub whose name is bound above it to anything but a stub."""
    bound = set[str]()
    kept: list[ast.stmt] = []
    for statement in tree.body:
        if not is_stub(statement):
            bound.update(name for name, _ in bindings(statement))
        elif bound.intersection(name for name, _ in bindings(statement)):
            continue
        kept.append(statement)
    tree.body = kept
    return tree


def set_again(tree: ast.Module) -> dict[str, tuple[Definition, ast.stmt]]:
    """Return, by name, the last definition at the top whose name a statement below it binds to
    something else, and the last such statement; none whose name is deleted."""
    found: dict[str, tuple[Definition, ast.stmt]] = {}
    for name, definition in definitions(tree).items():
        below = tree.body[tree.body.index(definition) + 1 :]
        deleted = names_in(one for one in below if isinstance(one, ast.Delete))
        others = [one for one in below if name in bound_by([one])]
        if others and name not in deleted:
            found[name] = definition, others[-1]
    return found


def answered(tree: ast.Module) -> set[str]:
    """Return the names that a file binds itself to anything but a stub; an import is no answer."""
    return {
        name
        for statement in tree.body
        if not is_stub(statement)
        for name, node in bindings(statement)
        if not isinstance(node, ast.Import | ast.ImportFrom)
    }


def only(text: str, name: str) -> str:
    """Return what a module needs to define one name: its imports, and the statements used."""
    body = [node for node in parse(text).body if not is_docstring(node)]
    imports = [node for node in body if isinstance(node, ast.Import | ast.ImportFrom)]
    kept, wanted = list[ast.stmt](), {name}
    while more := [n for n in body if n not in (*imports, *kept) and bound_by([n]) & wanted]:
        kept += more
        wanted |= names_in(more)
    return "\n".join(ast.unparse(node) for node in body if node in imports or node in kept)


def bindings(statement: ast.stmt) -> Iterator[tuple[str, ast.AST]]:
    """Yield every name that a statement binds where it stands, and what binds it."""
    left: list[ast.AST] = [statement]
    while left:  # no recursion: a student's sum may be nested deeper than Python's calls
        node = left.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name, node
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield from ((a.asname or a.name.partition(".")[0], node) for a in node.names)
        elif isinstance(node, ast.Name):
            yield node.id, node
        else:
            left += filter(_may_bind, ast.iter_child_nodes(node))


def _may_bind(node: ast.AST) -> bool:
    """Say whether a part of a statement is a target or may hold one; values are passed over."""
    return isinstance(node, _PARTS) or isinstance(getattr(node, "ctx", None), ast.Store)


def _raises_not_implemented(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.Raise):
        return False
    raised = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
    return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"
