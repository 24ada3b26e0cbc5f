"""Make a notebook: a module's file as cells, with a check behind each exercise."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from autograder.course import exercises
from autograder.course.names import module_called
from autograder.disk.files import read_file, write_file
from autograder.inside.errors import UserError
from autograder.inside.submission import decode_text
from autograder.inside.syntax import UNPARSED, definitions, parse
from autograder.student.known import remember
from autograder.student.reset import definition, told_of

KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
_ABOUT = """\
This notebook is made of `exercises/{module}.py`. Keep it in the folder that holds `exercises/`, or
below. Wait until the kernel is Idle (at the top right), then run the cells from the top. Where a
package is missing, delete the `#` before `%pip` in the first cell, and run that.

- `%check NAME` writes what your cell defines into that file, with what it uses, and judges it;
- `%hint NAME` shows the next of three hints, and `%why NAME`, once it passes, what it has answered;
- `%predict {short}` asks what a few lines of code will do;
- `%plot {short}` draws with your own functions."""
LOAD = """\
import sys
from pathlib import Path

# %pip install torch numpy pytest matplotlib
# the folder that holds the kit, where the kit is not installed: this one, or one around it
sys.path += [str(f) for f in (Path.cwd(), *Path.cwd().parents) if (f / "autograder").is_dir()]
%load_ext autograder.student.notebook"""


def write_notebook(folder: Path, module: str, out: Path | None = None) -> Path:
    """Write a module's file as a notebook with a check behind each exercise; return its path.

    `module` is m06 or its whole name, `out` MODULE.ipynb here by default. Raises UserError where
    jupytext is missing, the module is unknown, `out` lies where the exercises are not found from
    it, or the notebook is there already.
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
    root = folder.parent.resolve()
    if not target.resolve().is_relative_to(root):
        raise UserError(f"{target} is outside of {root}: a notebook stays where exercises/ is")
    path = folder / f"{name}.py"
    with told_of(path, "read"):
        text = decode_text(read_file(path, folder.parent))
    notebook = jupytext.reads(text, fmt="py:percent")
    new_code, new_prose = nbformat.v4.new_code_cell, nbformat.v4.new_markdown_cell
    about = _ABOUT.format(module=name, short=name.partition("_")[0])
    checked = _with_checks(notebook.cells, new_code)
    notebook.cells = [new_prose(about), new_code(LOAD), *checked]
    notebook.metadata |= KERNEL
    with told_of(target, "written"):
        write_file(target, f"{nbformat.writes(notebook)}\n".encode(), target.parent)
    remember(folder, name, {own: str(definition(text, own)) for own in _defined(text)})
    return target


def _with_checks(cells: Iterable[Any], new_code_cell: Any) -> Iterator[Any]:
    """Yield cells, a check behind each exercise."""
    last = {one.names[-1]: one.name for one in exercises().values()}
    for cell in cells:
        yield cell
        if cell.cell_type == "code":
            for name in _defined(cell.source):
                if name in last:
                    yield new_code_cell(f"%check {last[name]}")


def _defined(source: str) -> list[str]:
    """Return the names that a cell defines; none where it is no Python."""
    try:
        return list(definitions(parse(source)))
    except UNPARSED:
        return []
