"""Drafts: the reference of an exercise, or listed mistakes, written into a learner's file.

A mistake mostly calls the reference. In the file of a learner the reference then stands above it,
under another name; of two mistakes one calls the other.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from autograder.answers.ways import Way, solution
from autograder.course import Exercise, exercises
from autograder.inside.syntax import bound_by, is_definition, is_docstring, names_in, only, parse
from autograder.student.reset import with_stub

IMPORTS = (ast.Import, ast.ImportFrom)


def with_answer(text: str, exercise: Exercise, ways: Sequence[Way] = ()) -> str:
    """Return a file's text with the stubs of an exercise replaced: by the reference, or by the last
    of some mistakes, which calls the one before it; the first one calls the reference."""
    for name in exercise.names:
        taken = _bound(parse(text).body)
        own = [way for way in ways if way.replaces == name]
        body = []
        if not own or uses_reference(own[0]):
            layer = _reference(exercise.module, name, taken)
            new = {name: f"right_{name}" if own else name}
            body += _renamed(layer, exercise.module, new, taken)
        for number, way in enumerate(own):
            below = f"wrong_{name}" if number else f"right_{name}"
            new = {name: below, way.name: name if way is own[-1] else f"wrong_{name}"}
            body += _renamed(_statements(way), exercise.module, new, taken | _bound(body))
        text = with_stub(text, name, "\n\n\n".join(ast.unparse(node) for node in body))
    return text


def uses_reference(way: Way) -> bool:
    """Say whether a mistake calls the reference, so that it can call another mistake."""
    module, body = way.exercise.module, parse(way.text).body
    attributes = {ast.unparse(n) for one in body for n in ast.walk(one) if _is_attribute(n)}
    known_as = {way.replaces} | {n for n, own in _aliases(body, module) if own == way.replaces}
    return bool(known_as & names_in(body)) or f"{module}.{way.replaces}" in attributes


def _aliases(body: Sequence[ast.stmt], module: str) -> Iterator[tuple[str, str]]:
    """Yield the names by which statements import some from a module, and what these are there."""
    for node in body:
        if isinstance(node, ast.ImportFrom) and node.module == module:
            yield from ((one.asname, one.name) for one in node.names if one.asname)


def as_written(way: Way) -> str:
    """Return the definition of a mistake, without its feedback."""
    own = (node for node in _statements(way) if is_definition(node) and node.name == way.name)
    return "\n".join(map(ast.unparse, own))


def _is_attribute(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)


def _bound(statements: Sequence[ast.stmt]) -> set[str]:
    """Return the names that some statements bind, but for imports."""
    return bound_by(node for node in statements if not isinstance(node, IMPORTS))


def _reference(module: str, name: str, taken: set[str]) -> list[ast.stmt]:
    """Return the definition of a reference, and the helpers that it uses and a file lacks."""
    asked = {one for exercise in exercises().values() for one in exercise.names}
    used = [n for n in parse(only(solution(module), name)).body if not isinstance(n, IMPORTS)]
    return [n for n in used if name in bound_by([n]) or not bound_by([n]) & (asked | taken)]


def _statements(way: Way) -> list[ast.stmt]:
    """Return a mistake's statements, its feedback not among them."""
    body = [node for node in parse(way.text).body if not _is_of_the_future(node)]
    for node in body:
        if is_definition(node) and node.name == way.name:
            node.body = [one for one in node.body if not is_docstring(one)] or [ast.Pass()]
    return body


def _is_of_the_future(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def _renamed(
    body: Sequence[ast.stmt], module: str, new: Mapping[str, str], taken: set[str]
) -> list[ast.stmt]:
    """Return statements with names as they are in the module's own file, from which nothing is to
    be imported; helpers whose names are taken there get others."""
    names = {name: f"own_{name}" for name in _bound(body) & taken} | {**new}
    names |= {alias: names.get(name, name) for alias, name in _aliases(body, module)}
    changed = (_Renaming(module, names).visit(node) for node in body)
    return [node for node in changed if isinstance(node, ast.stmt)]


class _Renaming(ast.NodeTransformer):
    def __init__(self, module: str, names: Mapping[str, str]) -> None:
        self._module, self._names = module, names

    def visit(self, node: ast.AST) -> ast.AST | None:
        """Rename what a node names, after all that is in it; None for an import of the module."""
        self.generic_visit(node)
        if isinstance(node, ast.ImportFrom) and node.module == self._module:
            return None
        if isinstance(node, ast.Import) and node.names[0].name == self._module:
            return None
        if isinstance(node, ast.Name):
            node.id = self._names.get(node.id, node.id)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            node.name = self._names.get(node.name, node.name)
        elif isinstance(node, ast.Attribute) and ast.unparse(node.value) == self._module:
            return ast.Name(self._names.get(node.attr, node.attr), node.ctx)
        return node
