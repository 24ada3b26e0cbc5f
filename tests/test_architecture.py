"""Imports point one way; the trusted side and the submission's side do not mix."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder import ROOT

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
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


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
    """What travels in a release imports nothing else from outside."""
    third_party = set()
    for part in ("catalogue", "judging", "probes", "cell", "student"):
        for path in (PACKAGE / part).glob("*.py"):
            third_party |= {name.partition(".")[0] for name in imported(path)}
    assert not third_party & {"jupytext", "nbformat", "otter", "safetensors", "pandas"}


def test_what_the_desk_may_do_without_is_imported_where_it_is_used() -> None:
    """rich, watchfiles and matplotlib are never imported at the top of a student's file."""
    for path in (PACKAGE / "student").glob("*.py"):
        top = ast.parse(path.read_text(encoding="utf-8")).body
        plain = [node for node in top if isinstance(node, ast.Import | ast.ImportFrom)]
        names = {name for node in plain for name in _names(node)}
        assert not names & {"rich", "watchfiles", "matplotlib"}, path


def _names(node: ast.Import | ast.ImportFrom) -> set[str]:
    """Return the packages that an import names."""
    if isinstance(node, ast.ImportFrom):
        return {str(node.module).partition(".")[0]}
    return {alias.name.partition(".")[0] for alias in node.names}
