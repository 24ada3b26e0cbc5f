"""A stop: an exception, with the student's function and statement as syntax."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TypeAlias, TypeVar

from autograder.inside.observation import Trace
from autograder.inside.syntax import UNPARSED, Definition, is_definition, parse, statement_at

MAX_SHOWN = 40  # characters of the student's code in a sentence

Node = TypeVar("Node", bound=ast.AST)
Entry: TypeAlias = "Callable[[Stop], str | None]"


class Stop:
    """An exception by `kind` and `text`, and where it came from.

    `code` is the text's syntax tree: the function that was running, if `inside`, else what had been
    called. `parts` are the nodes of the statement that was running, without the blocks in it.
    """

    def __init__(self, trace: Trace) -> None:
        self.kind, _, self.text = trace.raised.partition(": ")
        self.inside = trace.line > 0
        self.code = _parsed(trace.code)
        self.statement = statement_at(self.code, trace.line) if self.inside else None
        self._parents = {part: n for n in ast.walk(self.code) for part in ast.iter_child_nodes(n)}

    @cached_property
    def parts(self) -> list[ast.AST]:
        """The nodes of the statement; of a loop, a condition or a `with` only those of its head."""
        return [] if self.statement is None else list(_own_parts(self.statement))

    @property
    def definition(self) -> Definition | None:
        """The function or class that `code` holds, if it is one."""
        return next(filter(is_definition, self.code.body), None)

    def says(self, kinds: str, pattern: str) -> re.Match[str] | None:
        """Match the exception by its kinds, separated by spaces, and its text."""
        return re.search(pattern, self.text) if self.kind in kinds.split() else None

    def found(self, kind: type[Node]) -> Iterator[Node]:
        """Yield the nodes of a kind in the statement."""
        return (node for node in self.parts if isinstance(node, kind))

    def around(self, kind: type[Node]) -> list[Node]:
        """Return the blocks of a kind in which the statement stands."""
        return self.holders(self.statement, kind)

    def is_within(self, block: ast.AST) -> bool:
        """Say whether the statement stands in a block."""
        return any(node is block for node in self.around(ast.AST))

    def holders(self, node: ast.AST | None, kind: type[Node]) -> list[Node]:
        """Return the nodes of a kind that hold another node, the outer ones first."""
        found: list[Node] = []
        while node is not None and (node := self._parents.get(node)):
            if isinstance(node, kind):
                found.insert(0, node)
        return found

    def values_of(self, name: str) -> list[ast.Assign | ast.AugAssign]:
        """Return the assignments to a name in the function."""
        return [
            node
            for node in ast.walk(self.code)
            if (isinstance(node, ast.AugAssign) and _binds(node.target, name))
            or (isinstance(node, ast.Assign) and any(_binds(t, name) for t in node.targets))
        ]


def quoted(node: ast.AST) -> str:
    """Write a piece of the student's code as it is shown in a sentence."""
    text = ast.unparse(node)
    return f"`{text}`" if len(text) <= MAX_SHOWN else f"`{text[: MAX_SHOWN - 3]}...`"


def called_name(call: ast.Call) -> str:
    """Return the last name of what is called: `backward` for `loss.backward()`."""
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def _binds(target: ast.AST, name: str) -> bool:
    if isinstance(target, ast.Tuple | ast.List):
        return any(_binds(part, name) for part in target.elts)
    return isinstance(target, ast.Name) and target.id == name


def _own_parts(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.stmt | ast.ExceptHandler):
            yield from _own_parts(child)


def _parsed(text: str) -> ast.Module:
    try:
        return parse(text)
    except UNPARSED:
        return ast.Module([], [])
