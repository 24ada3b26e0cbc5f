"""Notebooks: made of a module's file, run in a real kernel, written back into it, handed in."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autograder.batch.intake import submissions
from autograder.course import exercises, modules
from autograder.inside import ROOT
from autograder.inside.errors import UserError
from autograder.inside.syntax import definitions, parse
from autograder.student.make_notebook import LOAD, write_notebook
from autograder.student.notebook import WIDTH
from autograder.student.reset import definition, with_stub
from autograder.student.write_back import ChangedInFile, write_back

from .kernels import Ran, code_cells, kernel
from .test_student_door import run_pytest

STUBS = (ROOT / "exercises" / "m06_model.py").read_text("utf-8")
RIGHT = (ROOT / "solutions" / "m06_model.py").read_text("utf-8")
MSE = str(definition(RIGHT, "mse"))
OTHER = "def mse(pred, target):\n    return 0"
EXERCISE = exercises()["mse"]
IS_WHOLE = os.environ.get("DESCENT_CORPUS") == "whole"
# as %reset -f, which collects all of torch's garbage each time
AFRESH = """get_ipython().history_manager.reset(new_session=False)
for name in {*globals()} - {"In", "Out", "get_ipython", "exit", "quit", "open"}:
    if not name.startswith("_"):
        del globals()[name]"""


def copy_in(folder: Path) -> Path:
    """Make a copy of the course in a folder; return its exercises."""
    passed_over = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "exercises", folder / "exercises", ignore=passed_over)
    shutil.copy(ROOT / "pyproject.toml", folder)
    for part in ("autograder", "data"):
        (folder / part).symlink_to(ROOT / part)
    return folder / "exercises"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The stubs of m06 and its cases, in a copy that a notebook of m06 was made of."""
    (tmp_path / "exercises" / "cases").mkdir(parents=True)
    (tmp_path / "exercises" / "m06_model.py").write_text(STUBS, "utf-8")
    write_notebook(tmp_path / "exercises", "m06", tmp_path / "m06_model.ipynb")
    return tmp_path / "exercises"


def m06(folder: Path) -> Path:
    """Return the file that the notebook is made of."""
    return folder / "m06_model.py"


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Callable[[str], Ran]]]:
    """The exercises of a copy, and a kernel that was started in their folder."""
    folder = copy_in(tmp_path_factory.mktemp("begun"))
    with kernel(folder) as run:
        yield folder, run


def fresh(folder: Path, module: str) -> Path:
    """Put the stubs of a module back, and write its notebook anew; return that."""
    shutil.copy(ROOT / "exercises" / f"{module}.py", folder)
    target = folder / f"{module}.ipynb"
    target.unlink(missing_ok=True)
    return write_notebook(folder, module, target)


def filled(cells: list[str], module: str) -> list[str]:
    """Write the references in place of the stubs of a notebook, and their helpers at its top."""
    text = (ROOT / "solutions" / f"{module}.py").read_text("utf-8")
    here = [name for cell in cells[1:] for name in definitions(parse(cell_as_python(cell)))]
    helpers = [str(definition(text, name)) for name in definitions(parse(text)) if name not in here]
    result = []
    for cell in cells:
        for name in definitions(parse(cell_as_python(cell))):
            cell = with_stub(cell, name, str(definition(text, name)))
        result.append(cell)
    return [*result[:2], *helpers, *result[2:]]


def cell_as_python(cell: str) -> str:
    """Return a cell without its magics."""
    return "\n".join(line for line in cell.split("\n") if not line.startswith("%"))


def test_every_notebook_runs_from_top_to_bottom(begun: tuple[Path, Callable[[str], Ran]]) -> None:
    """With stubs each check says what to do; with the references each passes, and so does pytest.

    No cell raises. The last modules come first with stubs, so that what a notebook imports is not
    there by chance. `make test` takes one module in six with stubs, `make attacks` all.
    """
    folder, run = begun
    notebooks = {module: fresh(folder, module) for module in modules()}
    checks = 0
    begun_with_stubs = [*reversed(modules())][:: 1 if IS_WHOLE else 6]
    for module in begun_with_stubs:
        for cell in (AFRESH, *code_cells(notebooks[module])):
            ran = run(cell)
            assert ran.error is None, (module, cell, ran.printed)
            if cell.startswith("%check"):
                assert ran.printed.startswith(("NEXT  ", "LATER ")), (module, cell, ran.printed)
                checks += 1
    assert checks == sum(one.module in begun_with_stubs for one in exercises().values())
    for module in modules():
        for cell in (AFRESH, *filled(code_cells(notebooks[module]), module)):
            ran = run(cell)
            assert ran.error is None, (module, cell, ran.printed)
            if cell.startswith("%check"):
                told = " ".join(ran.printed.split())  # a long place stands in a line of its own
                assert f"PASS {cell.split()[1]} {module}.py:" in told, ran.printed
    done = run_pytest(folder.parent, "exercises/m08_manual_training.py")
    assert done.returncode == 0, done.stdout


def test_a_session_in_the_folder_of_the_exercises(begun: tuple[Path, Callable[[str], Ran]]) -> None:
    """A fault is told as pytest tells it; what passed in one notebook is what the next one imports,
    at once; the file wins where it was changed."""
    folder, run = begun
    m06 = code_cells(fresh(folder, "m06_model"))
    m07 = code_cells(fresh(folder, "m07_gradients"))
    for cell in (AFRESH, *m06[:2], *m07[:2]):
        assert run(cell).error is None
    run("from m06_model import model as imported")
    assert run("imported(torch.ones(1, 2), torch.ones(1, 2), 3)").error == "NotImplementedError"
    run("%%time\ndef mse(pred, target):\n    return ((pred - target) ** 2).mean() / 2")
    told = run("%check mse").printed
    assert told.startswith("FAIL  mse   m06_model.py:")
    assert "      your loss 595.94, expected 1191.88" in told
    assert "WHY   You halved the mean" in told
    assert max(map(len, told.splitlines())) <= WIDTH
    assert "TRY   %hint mse   (1 of 3)" in told
    assert run("%hint mse").printed.startswith("1 of 3: ")
    assert run("%hint mse 4").printed == "mse has hints 1 to 3\n"
    assert run("%hint").printed.startswith("no exercise is called ''")
    assert "def mse(pred, target):\n    return ((pred" in (folder / "m06_model.py").read_text()
    run(str(definition(RIGHT, "model")))
    assert run("%check model").printed.startswith("PASS  model   m06_model.py:")
    ran = run("print(imported(torch.ones(1, 2), torch.ones(1, 2), 3))")
    assert ran.printed == "tensor([[5.]])\n"
    path = folder / "m06_model.py"
    path.write_text(with_stub(path.read_text("utf-8"), "mse", MSE), "utf-8")
    assert run("%check mse").printed.startswith("m06_model.py has another mse than this notebook")
    ran = run("%check mse --file")
    assert ran.next_cell == MSE and "run it" in ran.printed
    run(str(ran.next_cell))
    told = run("%check mse").printed
    assert told.startswith("PASS  mse   ") and "MORE  %why mse   (" in told
    assert "\nASKED lr.26: " in run("%why mse").printed
    path.write_text(with_stub(path.read_text("utf-8"), "mse", OTHER), "utf-8")
    told = " ".join(run("%check mse --notebook").printed.split())
    assert "NOTE m06_model.py as it was is kept: " in told and "PASS mse " in told
    assert definition(path.read_text("utf-8"), "mse") == MSE
    assert "is printed?" in run("%predict m06").printed
    assert "image/png" in run("%plot m06").printed


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_definition_takes_its_place_in_the_file(folder: Path, line_end: str) -> None:
    """All else stays byte by byte: comments, encoding, line ends."""
    head = "# -*- coding: latin-1 -*-\n# d\u00e9j\u00e0 vu\n"
    m06(folder).write_bytes((head + STUBS).replace("\n", line_end).encode("latin-1"))
    assert write_back(folder, EXERCISE, [STUBS, MSE]) == []
    expected = (head + with_stub(STUBS, "mse", MSE)).replace("\n", line_end).encode("latin-1")
    assert m06(folder).read_bytes() == expected
    assert write_back(folder, EXERCISE, [STUBS, MSE]) == []
    assert m06(folder).read_bytes() == expected


USES = [
    "import math\nfrom torch import nn, Tensor\nimport torch.nn.functional as F\nloss = 1 / 0",
    "def half(x):\n    return third(x) / FACTOR\n",
    "FACTOR = 3\ndef third(x):\n    return x",
    "def mse(pred:",
    "ROOT = math.sqrt(4)\nunused = print(1)\n\n@torch.no_grad()\n"
    "def mse(pred, target: nn.Module):\n    loss = half(pred)\n    # and so\n"
    "    return sum([loss, ROOT])\n\nmse(1, 2)",
    "mse = torch.compile(mse)\ndef broken(",
]
WRITTEN = """
# %%
import math
from torch import nn


def half(x):
    return third(x) / FACTOR


def third(x):
    return x


ROOT = math.sqrt(4)


@torch.no_grad()
def mse(pred, target: nn.Module):
    loss = half(pred)
    # and so
    return sum([loss, ROOT])


# %%
"""


def test_what_a_definition_uses_goes_with_it(folder: Path) -> None:
    """Imports, helpers, constants of its cell, each once; plots, prints and failed cells do not."""
    told = (
        "mse uses `import math`, `from torch import nn`, half, third, `ROOT = math.sqrt(4)`: "
        "written to m06_model.py, too"
    )
    asked = (
        "mse uses FACTOR, which another cell sets, and m06_model.py does not: make it an argument, "
        "or set it in the cell of mse"
    )
    assert write_back(folder, EXERCISE, USES) == [told, asked]
    text = m06(folder).read_text("utf-8")
    assert WRITTEN in text
    assert write_back(folder, EXERCISE, USES) == [asked]
    assert m06(folder).read_text("utf-8") == text
    again = [*USES, "def half(x):\n    return third(x) / 4"]
    assert write_back(folder, EXERCISE, again) == ["mse uses half: written to m06_model.py, too"]
    assert m06(folder).read_text("utf-8") == text.replace("third(x) / FACTOR", "third(x) / 4")


def test_what_was_changed_in_the_file_is_not_replaced_unasked(folder: Path) -> None:
    """The line says how to take one or the other; the file as it was is kept."""
    changed = with_stub(STUBS, "mse", MSE)
    m06(folder).write_text(changed, "utf-8")
    with pytest.raises(ChangedInFile, match="`%check mse --file` shows that one here") as refused:
        write_back(folder, EXERCISE, [STUBS, OTHER])
    assert refused.value.texts == [MSE]
    assert m06(folder).read_text("utf-8") == changed
    (told,) = write_back(folder, EXERCISE, [STUBS, OTHER], replace=True)
    (aside,) = (folder.parent / ".progress" / "aside").iterdir()
    assert told == f"m06_model.py as it was is kept: {aside}"
    assert aside.read_text("utf-8") == changed
    assert definition(m06(folder).read_text("utf-8"), "mse") == OTHER
    assert write_back(folder, EXERCISE, [STUBS, OTHER, MSE]) == []
    assert m06(folder).read_text("utf-8") == changed


def test_an_old_notebook_loses_no_newer_work(folder: Path) -> None:
    """What another notebook has written is kept when this one writes over it, and not again."""
    assert write_back(folder, EXERCISE, [STUBS, OTHER]) == []
    assert write_back(folder, EXERCISE, [STUBS, OTHER, MSE]) == []
    newer = m06(folder).read_text("utf-8")
    (told,) = write_back(folder, EXERCISE, [STUBS, OTHER])
    (aside,) = (folder.parent / ".progress" / "aside").iterdir()
    assert told == f"m06_model.py as it was is kept: {aside}"
    assert aside.read_text("utf-8") == newer
    assert write_back(folder, EXERCISE, [STUBS, OTHER, MSE]) == []


@pytest.mark.parametrize("record", ["", "[]", "{", None])
def test_without_a_record_only_stubs_are_replaced(folder: Path, record: str | None) -> None:
    """`.progress` is the student's own, and may be deleted or damaged."""
    known = folder.parent / ".progress" / "notebook.json"
    known.unlink()
    if record is not None:
        known.write_text(record)
    assert write_back(folder, EXERCISE, [MSE]) == []
    known.unlink()
    with pytest.raises(ChangedInFile):
        write_back(folder, EXERCISE, [OTHER])
    blanks = MSE.replace("\n", "  \n")
    assert write_back(folder, EXERCISE, [blanks]) == []
    assert write_back(folder, EXERCISE, [blanks, OTHER]) == []


def test_a_stub_in_the_notebook_replaces_no_work(folder: Path) -> None:
    """Neither where it is checked, nor where what is checked uses it."""
    write_back(folder, EXERCISE, [MSE])
    with pytest.raises(ChangedInFile):
        write_back(folder, EXERCISE, [STUBS])
    m06(folder).write_text(RIGHT, "utf-8")
    uses = "def mse(pred, target):\n    return model(pred, target, 0)"
    write_back(folder, EXERCISE, [STUBS, uses], replace=True)
    text = m06(folder).read_text("utf-8")
    assert definition(text, "model") == definition(RIGHT, "model")


def test_a_fault_elsewhere_in_the_file_stays_there(folder: Path) -> None:
    """The definition is replaced; what else is no Python is told when the file is judged."""
    broken = STUBS.replace("def model(", "def model((")
    m06(folder).write_text(broken, "utf-8")
    assert write_back(folder, EXERCISE, ["import math", f"{MSE}\n    math"]) == []
    expected = with_stub(broken, "mse", f"{MSE}\n    math")
    assert m06(folder).read_text("utf-8") == expected


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ([], "run the cell that defines mse first"),
        (["if True:\n    def mse(): pass"], "run the cell that defines mse first"),
        (["mse = len"], "mse is set by an assignment: write it as a def or a class"),
        ([OTHER, "x = 1\ndef mse(:"], "line 2 of the cell with mse is no Python: invalid syntax;"),
        (["def mse():\n    nonlocal x"], "no binding for nonlocal 'x' found in `def mse():`"),
        (["def mse():\n    return '\u2260'"], "ascii, has no '\u2260': save it as UTF-8 first"),
    ],
)
def test_what_cannot_be_written_is_told_in_a_line(
    folder: Path, cells: list[str], told: str
) -> None:
    """The file stays as it is."""
    before = b"# -*- coding: ascii -*-\n" + STUBS.encode("ascii", "replace")
    m06(folder).write_bytes(before)
    with pytest.raises(UserError, match=re.escape(told)) as raised:
        write_back(folder, EXERCISE, cells)
    assert "\n" not in str(raised.value)
    assert m06(folder).read_bytes() == before


def test_a_file_that_is_gone_is_told(folder: Path) -> None:
    """It is not made anew of one definition."""
    m06(folder).unlink()
    with pytest.raises(UserError, match=r"m06_model\.py cannot be written: No such"):
        write_back(folder, EXERCISE, [MSE])
    assert not m06(folder).exists()


def test_a_notebook_of_stubs_says_what_to_do(folder: Path) -> None:
    """Every exercise has its check, behind its cell; the magics come first; a kernel is named."""
    path = folder.parent / "m06_model.ipynb"
    notebook = json.loads(path.read_text("utf-8"))
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    assert "Wait until the kernel is Idle" in "".join(notebook["cells"][0]["source"])
    assert "\n# %pip install torch numpy pytest" in LOAD
    cells = code_cells(path)
    assert cells[0] == LOAD
    assert cells[cells.index("%check mse") - 1].startswith("def mse(")
    assert sum(text == "%check mse" for text in cells) == 1


@pytest.mark.parametrize("below", [".", "exercises", "my/notebooks"])
def test_the_kit_is_found_from_each_folder_of_a_copy(tmp_path: Path, below: str) -> None:
    """Its first cell finds what is not installed, wherever in the copy the notebook lies."""
    (tmp_path / "autograder").mkdir()
    (tmp_path / "autograder" / "here.py").touch()
    (tmp_path / below).mkdir(parents=True, exist_ok=True)
    code = LOAD.replace("%load_ext autograder.student.notebook", "import autograder.here")
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], cwd=tmp_path / below)
    assert done.returncode == 0


def test_a_notebook_is_written_where_its_exercises_are_found(folder: Path) -> None:
    """It is never overwritten, and never lies outside of the copy."""
    target = folder.parent / "m06_model.ipynb"
    target.write_text("mine")
    with pytest.raises(UserError, match="is there already"):
        write_notebook(folder, "m06", target)
    assert target.read_text() == "mine"
    with pytest.raises(UserError, match="a notebook stays where exercises/ is"):
        write_notebook(folder, "m06", folder.parent.parent / "m06_model.ipynb")


def test_a_notebook_can_be_handed_in(folder: Path) -> None:
    """Its checks are comments to the grader; its definitions are read."""
    path = folder.parent / "class" / "student-01.ipynb"
    path.parent.mkdir()
    shutil.move(folder.parent / "m06_model.ipynb", path)
    (one,) = submissions(path.parent, ("m06_model",))
    (source,) = one.sources.values()
    assert "# %check mse" in source.text
    assert "\ndef mse(pred: Tensor, target: Tensor) -> Tensor:" in source.text
