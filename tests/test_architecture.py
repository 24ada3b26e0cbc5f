"""Imports point one way; the trusted side and the submission's side do not mix."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from autograder.inside import PACKAGE, ROOT

# The folders of the package, floor by floor: each imports what stands on the floors below it.
FLOORS = (
    {"inside"},
    {"course", "disk"},
    {"cells", "judging"},
    {"answers"},
    {"batch"},
    {"student", "teacher"},
)
ABOVE_ALL = {"cli", "__main__"}  # the command, which names whatever there is
# A student's copy has neither; so what it has imports neither.
NOT_FOR_STUDENTS = {"answers", "batch", "teacher"}


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


def parts_imported(part: str) -> dict[str, set[str]]:
    """Return, by file, the folders of the package that a folder's files import."""
    found = {}
    for path in sorted((PACKAGE / part).rglob("*.py")):
        own = (name.split(".") for name in imported(path) if name.startswith("autograder."))
        found[str(path.relative_to(ROOT))] = {parts[1] for parts in own} - {part}
    return found


def test_every_folder_has_a_floor() -> None:
    """No folder of the package is left out of the rules."""
    folders = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").is_file()}
    assert folders == set().union(*FLOORS)


@pytest.mark.parametrize("floor", range(len(FLOORS)))
def test_imports_point_one_way(floor: int) -> None:
    """No file imports what stands beside or above its own folder."""
    below = set().union(*FLOORS[:floor])
    for part in FLOORS[floor]:
        for file, names in parts_imported(part).items():
            allowed = below - NOT_FOR_STUDENTS if part == "student" else below
            assert names - allowed - ABOVE_ALL == set(), file


def test_what_runs_beside_a_submission_imports_only_itself() -> None:
    """inside/ needs torch, numpy and Python, and nothing else of the kit."""
    for path in sorted((PACKAGE / "inside").rglob("*.py")):
        names = set(imported(path))
        outside = _packages(names) - sys.stdlib_module_names
        assert outside <= {"autograder", "torch", "numpy"}, path
        own = {name for name in names if name.startswith("autograder")}
        assert {name for name in own if not name.startswith("autograder.inside")} == set(), path


def test_all_of_inside_runs_beside_a_submission() -> None:
    """Each file of inside/ is a probe, a process that is or becomes the cell, or imported there."""
    folder = PACKAGE / "inside"
    reached = set[Path]()
    todo = [folder / name for name in ("zygote.py", "spare.py", "serve.py")]
    todo += (folder / "probes").rglob("*.py")
    while todo:
        path = todo.pop()
        reached.add(path)
        names = (name for name in imported(path) if name.startswith("autograder."))
        files = (ROOT / f"{name.replace('.', '/')}.py" for name in names)
        found = {file if file.is_file() else file.parent.with_suffix(".py") for file in files}
        todo += {file for file in found if file.is_file()} - reached
    modules = {path for path in folder.rglob("*.py") if path.name != "__init__.py"}
    assert modules - reached == set()


def test_the_coordinator_needs_no_torch() -> None:
    """Grading, otter's plugin, pytest and watch start without it; cells have it."""
    modules = (
        *("autograder.teacher.grading", "autograder.student.plugin", "autograder.student.watch"),
        *("autograder.teacher.selfcheck", "autograder.teacher.release", "autograder.cli"),
    )
    asking = f"import sys, {', '.join(modules)}; sys.exit('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", asking], cwd=ROOT, check=False)
    assert done.returncode == 0


def test_nothing_of_the_kit_imports_a_reference() -> None:
    """References and mistakes are read as text; only mistakes name references themselves."""
    modules = tuple(path.stem for path in (ROOT / "solutions").glob("m*.py"))
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if not path.is_relative_to(PACKAGE / "course")
        for name in imported(path)
        if name.startswith(modules)
    ]
    assert wrong == []


def test_students_need_only_torch_numpy_and_pytest() -> None:
    """What travels in a release imports nothing else from outside at the top of a file, and inside
    a function only what the desk says it needs when it is asked for it."""
    at_the_top, inside = set(), set()
    for part in ("inside", "disk", "cells", "judging", "student"):
        for path in (PACKAGE / part).rglob("*.py"):
            at_the_top |= _packages(imported_at_the_top(path))
            inside |= _packages(imported(path))
    assert at_the_top - sys.stdlib_module_names == {"autograder", "torch", "numpy", "pytest"}
    asked_for = {"rich", "watchfiles", "matplotlib", "jupytext", "nbformat", "IPython"}
    assert inside - at_the_top - sys.stdlib_module_names == asked_for
