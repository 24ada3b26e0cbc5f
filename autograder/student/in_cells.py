"""In cells: the definitions that the cells of a notebook give, and what these use."""

from __future__ import annotations

import ast
import builtins
import re
import symtable
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autograder.inside.errors import UserError
from autograder.inside.syntax import UNPARSED, bound_by, is_definition, is_stub, parse

IMPORTS = (ast.Import, ast.ImportFrom)


@dataclass(frozen=True)
class Statement:
    """A statement at the top of a cell, and the number of that cell."""

    node: ast.stmt
    source: str
    cell: int

    @property
    def text(self) -> str:
        """The statement as it is written, its decorators among it."""
        if not is_definition(self.node):
            return ast.get_source_segment(self.source, self.node) or ""
        first = min([self.node.lineno, *(d.lineno for d in self.node.decorator_list)])
        return "\n".join(self.source.split("\n")[first - 1 : self.node.end_lineno])


def needed(
    names: Sequence[str], cells: Sequence[str]
) -> tuple[dict[str, Statement], dict[str, Statement]]:
    """Return, by name, the last definitions of these names with all that they use, and apart from
    it the assignments of other cells that they use. UserError where a definition is missing.

    Functions and classes are found in every cell, and so are imports; a stub is nothing to use.
    """
    statements = [s for number, cell in enumerate(cells) for s in _statements(cell, number)]
    found = {name: _own(name, cells, statements) for name in names}
    left: dict[str, Statement] = {}
    users = list(found.values())
    while users:
        user = users.pop()
        for name in _globals_of(user) - {*found, *dir(builtins)}:
            one = _last(name, statements)
            if one is None or is_stub(one.node):
                continue
            if isinstance(one.node, ast.Assign | ast.AnnAssign) and one.cell != user.cell:
                left[name] = one
                continue
            found[name] = one
            users.append(one)
    return found, {name: one for name, one in left.items() if name not in found}


def _own(name: str, cells: Sequence[str], statements: Sequence[Statement]) -> Statement:
    """Return the last definition of a name; UserError without one, or where a later one is none."""
    found = [s for s in statements if is_definition(s.node) and s.node.name == name]
    last = found[-1].cell if found else -1
    for number in range(len(cells) - 1, last, -1):
        if re.search(rf"^(def|class)\s+{name}\b", cells[number], re.MULTILINE):
            try:
                parse(cells[number])
            except SyntaxError as error:
                told = f"line {error.lineno} of the cell with {name} is no Python: {error.msg}"
                raise UserError(f"{told}; fix it, and run the cell again") from error
    if not found:
        again = _last(name, statements)
        if again and isinstance(again.node, ast.Assign | ast.AnnAssign):
            raise UserError(f"{name} is set by an assignment: write it as a def or a class")
        raise UserError(f"run the cell that defines {name} first")
    return found[-1]


def _statements(cell: str, number: int) -> Iterator[Statement]:
    """Yield the statements of a cell; none where it is no Python."""
    try:
        body = parse(cell).body
    except UNPARSED:
        return
    yield from (Statement(node, cell, number) for node in body)


def _last(name: str, statements: Sequence[Statement]) -> Statement | None:
    kinds = (*IMPORTS, ast.FunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign)
    found = (s for s in reversed(statements) if isinstance(s.node, kinds))
    return next((s for s in found if name in bound_by([s.node])), None)


def _globals_of(statement: Statement) -> set[str]:
    """Return the names that a statement takes from around it, at once or when it is called."""
    if isinstance(statement.node, IMPORTS):
        return set()
    try:
        tables = [symtable.symtable(statement.text, "<cell>", "exec")]
    except SyntaxError as error:  # a return outside of a function, and such
        raise UserError(f"{error.msg} in `{statement.text.splitlines()[0]}`") from error
    found = set[str]()
    for table in tables:
        tables += table.get_children()
        top = table.get_type() == "module"
        found |= {s.get_name() for s in table.get_symbols() if s.is_global() or top}
    return found
