"""Imports point one way; the trusted side and the submission's side do not mix."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from autograder.inside import ROOT

PACKAGE = ROOT / "autograder"
# part -> what it must not import, as the first parts of a module's name
RULES = {
    "catalogue": (
        "judging",
        "cell",
        "probes",
        "mistakes",
        "answers",
        "batch",
        "student",
        "teacher",
    ),
    "judging": ("probes", "cell", "mistakes", "answers", "batch", "student", "teacher"),
    "probes": ("cell", "mistakes", "answers", "batch", "student", "teacher"),
    "cell": ("mistakes", "answers", "batch", "student", "teacher"),
    "mistakes": ("cell", "batch", "student", "teacher"),
    "batch": ("student", "teacher"),
    "student": ("mistakes", "answers", "batch", "teacher"),
    "teacher": ("student.plugin", "student.desk", "student.screen"),
}


def imported(path: Path) -> Iterator[str]:
    """Yield the names of all modules that a file imports, also inside functions."""
    return _imported(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def imported_at_the_top(path: Path) -> Iterator[str]:
    """Yield the names of the modules that a file imports as soon as it is imported itself."""
    return _imported(ast.parse(path.read_text(encoding="utf-8")).body)


def _imported(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _packages(names: Iterable[str]) -> set[str]:
    return {name.partition(".")[0] for name in names}


@pytest.mark.parametrize("part", RULES)
def test_imports_point_one_way(part: str) -> None:
    """No part imports what stands above it."""
    forbidden = tuple(f"autograder.{name}" for name in RULES[part])
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in sorted((PACKAGE / part).glob("*.py"))
        for name in imported(path)
        if name.startswith(forbidden)
    ]
    assert wrong == []


def test_the_submissions_side_never_names_a_solution() -> None:
    """Only the mistakes import the references by name."""
    modules = tuple(path.stem for path in (ROOT / "solutions").glob("m*.py"))
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.parent.name != "mistakes"
        for name in imported(path)
        if name.startswith(modules)
    ]
    assert wrong == []


def test_students_need_only_torch_numpy_and_pytest() -> None:
    """What travels in a release imports nothing else from outside at the top of a file, and inside
    a function only what the desk says it needs when it is asked for it."""
    at_the_top, inside = set(), set()
    for part in ("catalogue", "judging", "probes", "cell", "student"):
        for path in (PACKAGE / part).glob("*.py"):
            at_the_top |= _packages(imported_at_the_top(path))
            inside |= _packages(imported(path))
    own = {"autograder", "data"}
    assert at_the_top - sys.stdlib_module_names == own | {"torch", "numpy", "pytest"}
    asked_for = {"rich", "watchfiles", "matplotlib", "jupytext", "nbformat"}
    asked_for |= {"tomli"}  # before Python 3.11, where pytest brings it
    assert inside - at_the_top - sys.stdlib_module_names == asked_for
