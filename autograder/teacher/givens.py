"""Which entries of its givens a probe reads, told from the texts of the probes.

An entry that nothing reads is mostly a slip of the pen: the case is then another one than its
author believes. Read are `given.KEY`, `given.spec["KEY"]`, `given.spec.get("KEY")` and
`"KEY" in given.spec`, in the probe and in all that it calls in the files of probes.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from autograder.answers.ways import PROBES
from autograder.batch.depends import files_of
from autograder.course import Exercise, file_of, givens
from autograder.inside import PACKAGE
from autograder.inside.syntax import Definition, definitions, names_in, parse

EVERYWHERE = {"dtype", "device", "seed", "cpu_only"}  # what every given may say
KINDS = ("public", "hidden")


@dataclass
class Reads:
    """The entries that a probe reads; `asked` are those that it may find missing."""

    read: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)


def given_faults(exercise: Exercise) -> Iterator[str]:
    """Yield the entries of givens that no probe of theirs reads, and those that a probe misses."""
    reads = {name: reads_of(exercise, name) for name in probes_of(exercise)}
    by_any = EVERYWHERE.union(*(one.read for one in reads.values()))
    for name, rows in givens(exercise).items():
        present = {key for kind in KINDS for row in rows.get(kind, []) for key in row}
        for key in sorted(present - by_any):
            yield (
                f"{shown(file_of(exercise))}: [givens.{name}] has {key}, which the probe {name} "
                "does not read: mend the name, or take it out"
            )
        needed = reads[name].read - reads[name].asked if name in reads else set[str]()
        for key in sorted(needed - present - EVERYWHERE):
            yield (
                f"{shown(probe_file(exercise))}: the probe {name} reads given.{key}, which no row "
                f"of [givens.{name}] has: add it to the TOML file, or mend the name"
            )


def probe_file(exercise: Exercise) -> Path:
    """Return the file of an exercise's probes."""
    return PROBES / exercise.module / f"{exercise.stem}.py"


def probes_of(exercise: Exercise) -> dict[str, Definition]:
    """Return the probes in an exercise's file by name, as they stand there."""
    path = probe_file(exercise)
    found = {}
    for node in definitions(_tree(path)).values() if path.exists() else []:
        for mark in node.decorator_list:
            if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "probe":
                found[str(ast.literal_eval(mark.args[0]))] = node
    return found


def reads_of(exercise: Exercise, probe: str) -> Reads:
    """Return the entries that a probe reads, itself or by what it calls."""
    functions = list(_reached(exercise, probe))
    own, reads = _methods_of_given(), Reads()
    for node in functions:
        attributes = _attributes(node, "given")
        reads.read |= attributes - own.keys()
        reads.asked |= _keys_of_spec(node, "given") | _guarded(node)
        reads.asked |= set(_handed_over(node, functions))
        for method in attributes & own.keys():
            # what it needs depends on the rest of the row: observing tells where that is missing
            reads.asked |= _attributes(own[method], "self") - own.keys()
    reads.read |= reads.asked
    return reads


def _reached(exercise: Exercise, probe: str) -> Iterator[Definition]:
    """Yield a probe, and each function and class in files of probes that it may call."""
    known: dict[str, Definition] = {}
    for path in files_of(exercise):
        if path.is_relative_to(PROBES):
            known |= definitions(_tree(path))
    todo, seen = [probes_of(exercise)[probe]], list[Definition]()
    while todo:
        node = todo.pop()
        if node not in seen:
            seen.append(node)
            yield node
            todo += [known[name] for name in sorted(names_in([node]) & known.keys())]


def _attributes(node: ast.AST, given: str) -> set[str]:
    """Return the attributes that are read of a given."""
    parts = (part for part in ast.walk(node) if isinstance(part, ast.Attribute))
    return {part.attr for part in parts if _is_given(part.value, given)}


def _guarded(node: ast.AST) -> set[str]:
    """Return the attributes that are read only where the given's spec is as a test wants it."""
    found = set[str]()
    for part in ast.walk(node):
        if isinstance(part, ast.If | ast.IfExp) and "given.spec" in ast.unparse(part.test):
            found |= _attributes(part, "given") - _attributes(part.test, "given")
    return found - _methods_of_given().keys()


def _keys_of_spec(node: ast.AST, given: str) -> set[str]:
    """Return the texts by which a given's spec is asked."""
    return {str(key.value) for key in _asked(node, given) if isinstance(key, ast.Constant)}


def _asked(node: ast.AST, given: str) -> Iterator[ast.expr]:
    """Yield what stands for a key where a given's spec is asked."""
    for part in ast.walk(node):
        if isinstance(part, ast.Subscript) and _is_spec(part.value, given):
            yield part.slice
        elif isinstance(part, ast.Compare) and _is_spec(part.comparators[0], given):
            yield part.left
        elif (
            isinstance(part, ast.Call)
            and isinstance(part.func, ast.Attribute)
            and _is_spec(part.func.value, given)
        ):
            yield from part.args[:1]


def _handed_over(node: Definition, callers: list[Definition]) -> Iterator[str]:
    """Yield the texts that a function which asks for a variable key is called with."""
    if all(isinstance(key, ast.Constant) for key in _asked(node, "given")):
        return
    calls = [part for caller in callers for part in ast.walk(caller) if isinstance(part, ast.Call)]
    own = [call for call in calls if ast.unparse(call.func) == node.name]
    values = [value for call in own for value in (*call.args, *(k.value for k in call.keywords))]
    defaults = node.args.defaults + node.args.kw_defaults if hasattr(node, "args") else []
    for value in (*values, *defaults):
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield value.value


def _is_given(node: ast.expr, given: str) -> bool:
    """Say whether an expression is the given: `given`, or `self.given` in a class."""
    return ast.unparse(node) in (given, f"self.{given}")


def _is_spec(node: ast.expr, given: str) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "spec" and _is_given(node.value, given)


@cache
def _methods_of_given() -> dict[str, ast.FunctionDef]:
    """Return what every given can do, and the attributes that it has of its own."""
    body = definitions(_tree(PACKAGE / "inside" / "given.py"))["Given"].body
    methods = {node.name: node for node in body if isinstance(node, ast.FunctionDef)}
    return methods | {"spec": methods["__init__"]}


@cache
def _tree(path: Path) -> ast.Module:
    return parse(path.read_text(encoding="utf-8"))


def shown(path: Path) -> str:
    """Write a file of the kit as its author finds it."""
    return str(path.relative_to(PACKAGE.parent))
