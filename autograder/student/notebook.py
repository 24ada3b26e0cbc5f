"""Notebooks: a module's exercises as cells, and `%check mse`, which judges what stands in them.

`%load_ext autograder.student.notebook` brings the magic. Magics are comments to whoever reads the
notebook as Python, so a notebook with checks in it can be handed in as it is.
"""

from __future__ import annotations

import ast
import atexit
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from autograder.cells.host import GraderFault
from autograder.course import exercises
from autograder.inside.errors import UserError
from autograder.inside.files import read_file, write_file
from autograder.inside.submission import decode_text
from autograder.inside.syntax import bound_by, names_in, parse
from autograder.inside.syntax import definitions as definitions_of
from autograder.inside.words import printable
from autograder.student.desk import Desk
from autograder.student.names import exercise_called, module_called
from autograder.student.progress import exercises_folder, note_passed
from autograder.student.reset import told_of
from autograder.student.screen import exercise_lines

LOAD = "%load_ext autograder.student.notebook"
_KEPT = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
_UNPARSED = (SyntaxError, ValueError, RecursionError, MemoryError)
_desks: dict[Path, Desk] = {}  # a warm process for the whole session of a kernel


def write_notebook(folder: Path, module: str, out: Path | None = None) -> Path:
    """Write a module's file as a notebook with a check behind each exercise; return its path.

    `module` is m06 or its whole name, `out` MODULE.ipynb here by default. Raises UserError where
    jupytext is missing, the module is unknown, or the notebook is there already.
    """
    try:
        import jupytext
        import nbformat
    except ImportError as error:
        raise UserError(f"a notebook needs {error.name}: pip install jupytext") from error
    name = module_called(module)
    target = out or Path(f"{name}.ipynb")
    if os.path.lexists(target):
        raise UserError(f"{target} is there already: move it, or give --out another name")
    path = folder / f"{name}.py"
    with told_of(path, "read"):
        text = decode_text(read_file(path, folder.parent))
    notebook = jupytext.reads(text, fmt="py:percent")
    notebook.cells = list(_with_checks(notebook.cells, nbformat.v4.new_code_cell))
    with told_of(target, "written"):
        write_file(target, f"{nbformat.writes(notebook)}\n".encode(), target.parent)
    return target


def _with_checks(cells: Iterable[Any], new_code_cell: Any) -> Iterator[Any]:
    """Yield cells, the magic before the first code, a check behind each exercise."""
    of_name = {name: one.name for one in exercises().values() for name in one.names}
    last = {own: exercise for own, exercise in of_name.items() if _is_last(own)}
    loaded = False
    for cell in cells:
        if cell.cell_type == "code" and not loaded:
            loaded = True
            yield new_code_cell(LOAD)
        yield cell
        if cell.cell_type == "code":
            for name in _defined(cell.source):
                if name in last:
                    yield new_code_cell(f"%check {last[name]}")


def _is_last(name: str) -> bool:
    return any(one.names[-1] == name for one in exercises().values())


def _defined(source: str) -> list[str]:
    """Return the names that a cell defines; none where it is no Python."""
    try:
        return list(definitions_of(parse(source)))
    except _UNPARSED:
        return []


def check(name: str, history: Sequence[str], folder: Path) -> list[str]:
    """Judge an exercise as the cells that ran define it; return the lines to read.

    `history` are the sources of those cells. Other modules are read from the files in `folder`.
    Raises UserError for the name of no exercise.
    """
    exercise = exercise_called(name)
    text = definitions(history)
    own = (n for n in parse(text).body if not isinstance(n, ast.Import | ast.ImportFrom))
    if missing := set(exercise.names) - bound_by(own):
        return [f"run the cell that defines {', '.join(sorted(missing))} first"]
    desk = _desk(folder)
    desk.texts = {exercise.module: text}
    desk.forget()
    try:
        related = [name, *(n for n in exercise.builds_on if n in desk.exercises)]
        verdicts = {n: desk.verdict(n) for n in related}
    except GraderFault as error:
        return [printable(str(error))]
    if verdicts[name].status == "pass":
        note_passed(folder, [name])
    return list(exercise_lines(name, verdicts, desk))


def definitions(history: Iterable[str]) -> str:
    """Return the imports and definitions of cells as one module, and what these make use of.

    Cells that are no Python are left out: they did not run.
    """
    nodes: list[ast.stmt] = []
    for source in history:
        lines = [line for line in source.splitlines() if not line.lstrip().startswith(("%", "!"))]
        try:
            nodes += parse("\n".join(lines)).body
        except _UNPARSED:
            continue
    kept: list[ast.stmt] = [n for n in nodes if isinstance(n, _KEPT) and not _is_future(n)]
    wanted = names_in(kept) | {name for one in exercises().values() for name in one.names}
    constants: list[ast.stmt] = [n for n in nodes if isinstance(n, ast.Assign | ast.AnnAssign)]
    while True:
        more = [n for n in constants if n not in kept and bound_by([n]) & wanted]
        if not more:
            break
        kept += more
        wanted |= names_in(more)
    ordered = [node for node in nodes if node in kept]
    return "\n\n".join(["from __future__ import annotations", *map(ast.unparse, ordered), ""])


def _is_future(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def _desk(folder: Path) -> Desk:
    if folder not in _desks:
        _desks[folder] = Desk(folder, warm=True)
        atexit.register(_desks[folder].close)
    return _desks[folder]


def load_ipython_extension(ipython: Any) -> None:
    """Add the magic `%check NAME` to a notebook."""

    def magic(line: str) -> None:
        """Judge an exercise as it is defined in this notebook."""
        try:
            lines = check(line.strip(), ipython.user_ns["In"][1:], exercises_folder())
        except UserError as error:
            lines = [printable(str(error))]
        print("\n".join(lines))

    ipython.register_magic_function(magic, "line", "check")
