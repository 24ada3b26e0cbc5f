"""Notebooks: written from a module's file, checked cell by cell in a real kernel, handed in."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import nbclient
import nbformat
import pytest

from autograder.batch.intake import submissions
from autograder.inside import ROOT
from autograder.inside.errors import UserError
from autograder.student.notebook import LOAD, check, definitions, write_notebook
from data.example_class import changed, solutions

from .test_student_door import copy_of
from .test_watch import HALF


def outputs(path: Path, folder: Path) -> dict[str, str]:
    """Execute a notebook in a kernel; return what each check printed."""
    notebook = nbformat.read(path, as_version=4)
    where: Any = {"metadata": {"path": str(folder)}}
    nbclient.NotebookClient(notebook, timeout=120, resources=where, allow_errors=True).execute()
    return {
        cell.source.removeprefix("%check "): "".join(o.get("text", "") for o in cell.outputs)
        for cell in notebook.cells
        if cell.cell_type == "code" and cell.source.startswith("%check")
    }


def test_a_notebook_is_checked_and_can_be_handed_in(tmp_path: Path) -> None:
    """The same messages as pytest gives, in a real kernel; the file is a legal submission."""
    files = {"m06_model.py": changed(solutions(), HALF)["m06_model.py"]}
    folder = copy_of(tmp_path, files)
    path = write_notebook(folder / "exercises", "m06", tmp_path / "m06_model.ipynb")
    printed = outputs(path, folder)
    assert list(printed) == [
        "make_params",
        "model",
        "mse",
        "expected_random_loss",
        "recover_params",
    ]
    assert printed["model"].startswith("PASS  model   this notebook\n")
    assert printed["mse"].startswith("FAIL  mse   this notebook\n")
    assert "your loss 595.94, expected 1191.88" in printed["mse"]
    assert "WHY   You halved the mean" in printed["mse"]
    handed_in = tmp_path / "class"
    handed_in.mkdir()
    shutil.copy(path, handed_in / "student-01.ipynb")
    (one,) = submissions(handed_in, ("m06_model",))
    (source,) = one.sources.values()
    assert "# %check mse" in source.text
    assert "\ndef mse(pred, target):" in source.text


def test_stubs_make_a_notebook_that_says_what_to_do(tmp_path: Path) -> None:
    """Every exercise of the module has its check, behind its cell, and the magic comes first."""
    path = write_notebook(ROOT / "exercises", "m08_manual_training", tmp_path / "m08.ipynb")
    cells = [c["source"] for c in json.loads(path.read_text())["cells"] if c["cell_type"] == "code"]
    texts = ["".join(cell) for cell in cells]
    assert texts[0] == LOAD
    assert texts[texts.index("%check train_step") - 1].startswith("def train_step(")
    assert sum(text == "%check forgotten_zero" for text in texts) == 1


def test_a_notebook_is_never_overwritten(tmp_path: Path) -> None:
    """What a student wrote in it stays."""
    target = tmp_path / "m06_model.ipynb"
    target.write_text("mine")
    with pytest.raises(UserError, match="is there already"):
        write_notebook(ROOT / "exercises", "m06", target)
    assert target.read_text() == "mine"


def test_only_definitions_and_what_they_use_are_judged() -> None:
    """Plots, prints and failed cells of a notebook do not stand in the way."""
    cells = [
        "from __future__ import annotations\nimport torch",
        "%matplotlib inline\nFACTOR = 2\nDOUBLE = FACTOR * 2\nunused = 1 / 0",
        "def mse(pred:",
        "def mse(pred, target):\n    return DOUBLE",
        "print(mse(1, 2))\nmodel = lambda x, w, b: x",
        "def mse(pred, target):\n    return FACTOR",
    ]
    text = definitions(cells)
    assert text.startswith("from __future__ import annotations\n\nimport torch\n\nFACTOR = 2")
    assert "DOUBLE = FACTOR * 2" in text
    assert "model = lambda" in text
    assert text.count("def mse") == 2
    assert text.rindex("return FACTOR") > text.rindex("return DOUBLE")
    for left_out in ("unused", "print", "matplotlib"):
        assert left_out not in text


def test_a_name_set_again_in_a_cell_is_told_without_a_line(tmp_path: Path) -> None:
    """The text that is judged is put together of cells, so that its lines mean nothing."""
    text = solutions()["m06_model.py"]
    history = [text, "from torch import nn", "model = nn.Linear(3, 2)"]
    lines = " ".join(" ".join(check("model", history, copy_of(tmp_path, {}) / "exercises")).split())
    assert lines.startswith("PASS model this notebook NOTE")
    assert (
        "NOTE `model` is set again: `model = nn.Linear(3, 2)`; the definition above is judged WHY"
        in lines
    )
