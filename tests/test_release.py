"""A student's copy: complete, and without an answer."""

from __future__ import annotations

import io
import json
import re
import stat
import zipfile
from functools import partial
from pathlib import Path, PurePosixPath

import pytest

from autograder.answers.keys import cases
from autograder.cells.observer import LocalObserver
from autograder.course import FOLDER, assignment, exercises
from autograder.inside import ROOT
from autograder.teacher.release import release, with_foundations

from .samples import files_of, python_in, released, unpacked


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    """The files of a student's copy of everything."""
    return files_of(released("course"))


# Lines that any PyTorch code has, and calls that a task names.
IDIOMS = {
    *("for p in model.parameters():", "with warnings.catch_warnings():"),
    *("with torch.no_grad():", "for p in params:", "super().__init__()", "return layer"),
    *("return result", "return None", "return", "else:", "try:", "finally:", "return {"),
    "except ValueError:",
    *(
        "loss.backward()",
        "return loss",
        "return x",
        "return x, y",
        "return product",
        "return shape",
    ),
    *("return made", "return numbers", "return function", "return error", "return 0.0", "return ["),
    *("return True", "return False", "return tuple(", "return call", "while True:", "count += 1"),
    *("def call(*args: Any, **kwargs: Any) -> Any:", "return function(*args, **kwargs)", "yield"),
    *("for step in steps:", "for node in nodes:", "for size in sizes:", "seen = set(nodes)"),
    *("except RuntimeError:", "except ValueError as error:", "if loss.requires_grad:"),
    *("torch.set_grad_enabled(True)", "x.requires_grad_()", "loss.backward(retain_graph=True)"),
    *("@contextmanager", "self.__enter__()", "self.__exit__(None, None, None)"),
    *('"values": values,', 'Array: TypeAlias = "np.ndarray[Any, Any]"'),
    *('"""Do nothing."""', 'recorded."""'),
    *("if p.grad is None:", "if p.grad is not None:", "p.grad = None", "error = pred - target"),
    *("if isinstance(batch, Tensor):", "if isinstance(batch, dict):"),
    *("if isinstance(batch, list | tuple | dict):", "if isinstance(batch, list):"),
    *("return 0", "continue", "state,"),
    *("params = list(model.parameters())", "return torch.Generator().manual_seed(seed)"),
    *(") -> dict[str, Any]:", 'matter."""'),
    *("opt.step()", "opt.zero_grad()", "losses = []", ") -> Any:", "return nn.Sequential(*layers)"),
}


def test_no_line_of_a_solution_or_a_mistake_travels(files: dict[str, str]) -> None:
    """No line of code of a solution or a mistake stands in a student's copy, but for idioms."""
    stubs = {
        line for name in files if name.startswith("exercises/m") for line in lines(files[name])
    }
    released = {
        line for name, text in files.items() if name.endswith(".py") for line in lines(text)
    }
    answers = [*(ROOT / "solutions").glob("m*.py"), *FOLDER.glob("m*/m*.py")]
    assert len(answers) > len(exercises())
    leaked = {
        f"{path.name}: {line}"
        for path in answers
        for line in lines(path.read_text("utf-8")) & released - stubs - IDIOMS
    }
    assert leaked == set()


def lines(text: str) -> set[str]:
    """Return the lines of code, stripped, without imports, comments and brackets alone."""
    stripped = {line.strip() for line in text.splitlines()}
    return {
        line
        for line in stripped
        if len(line) > 4 and not line.startswith(("#", "from ", "import "))
    }


def test_no_hidden_given_travels(files: dict[str, str]) -> None:
    """A copy has the cases of a desk, with other seeds than the hidden ones, and no givens."""
    entries = {name: text for name, text in files.items() if name.endswith(".toml")}
    keys = re.compile(r"^(\[givens\b|hidden\b)", re.MULTILINE)
    assert not [name for name, text in entries.items() if keys.search(text)]
    for module in assignment("course").modules:
        released = json.loads(files[f"exercises/cases/{module}.json"])["exercises"]
        for name, body in released.items():
            public = [case.given for case in cases(exercises()[name])]
            assert repr([case["given"] for case in body["cases"]]) == repr(public)  # nan, too
            drawn = cases(exercises()[name], b"the secret of a run")
            hidden = [case.given["seed"] for case in drawn if case.hidden]
            assert not {given["seed"] for given in public} & {*hidden}


def test_what_an_assignment_builds_on_comes_along() -> None:
    """A release of m08 has the parts of m06 that it uses."""
    names = [
        exercise.name for exercise in with_foundations(assignment("m08_manual_training").exercises)
    ]
    assert {"mse", "model", "train_step"} <= set(names)
    assert names == [name for name in exercises() if name in names]


def test_the_readme_of_a_copy_counts_what_is_graded(files: dict[str, str]) -> None:
    """Where a copy has more than its assignment, it says which exercises earn points."""
    told = " ".join(files_of(released("m07_gradients"))["README.md"].split())
    names = [exercise.name for exercise in assignment("m07_gradients").exercises]
    of = f"{len(names)} of them are graded: {', '.join(f'`{name}`' for name in names)}. The others"
    assert of in told
    assert "are graded" not in files["README.md"]


def test_the_readme_of_a_copy_names_only_what_it_has(files: dict[str, str]) -> None:
    """Its commands work in it: they name the first exercise, the first module, a picture if any."""
    told = files_of(released("m05_graph_control"))["README.md"]
    assert "python -m pytest exercises/m05_graph_control.py::role\n" in told
    assert "notebook m05`" in told and "plot" not in told
    assert "plot m25`" in files["README.md"]


def test_the_same_release_is_the_same_zip(tmp_path: Path, observer: LocalObserver) -> None:
    """A release can be compared byte by byte."""
    release(assignment("m10_linear_module"), tmp_path / "again.zip", observer)
    assert (tmp_path / "again.zip").read_bytes() == released("m10_linear_module")


def test_a_copy_for_self_study_has_the_references() -> None:
    """It has what the other one has, and the solutions of its modules."""
    plain, full = (files_of(released("m07_gradients", study)) for study in (False, True))
    references = {"solutions/m06_model.py", "solutions/m07_gradients.py"}
    assert full.keys() - plain.keys() == references
    assert {name: text for name, text in full.items() if name not in references} == plain


def test_the_zip_is_one_folder_that_everybody_may_read() -> None:
    """It unpacks into a folder of its own, with modes as an editor writes them."""
    with zipfile.ZipFile(io.BytesIO(released("m07_gradients"))) as archive:
        entries = archive.infolist()
    assert {PurePosixPath(entry.filename).parts[0] for entry in entries} == {
        "graded-descent-m07_gradients"
    }
    modes = {(entry.is_dir(), stat.filemode(entry.external_attr >> 16)) for entry in entries}
    assert modes == {(True, "drwxr-xr-x"), (False, "-rw-r--r--")}
    folders = {entry.filename for entry in entries if entry.is_dir()}
    assert {f"{PurePosixPath(entry.filename).parent}/" for entry in entries} - {"./"} == folders


def test_a_copy_runs_where_only_torch_numpy_and_pytest_are(tmp_path: Path) -> None:
    """`pytest exercises/` works in a copy that imports nothing of this clone or of its extras."""
    copy = unpacked("core", tmp_path)
    python = partial(python_in, copy, lacking=("rich", "jupytext", "otter"))
    assert python("-c", "import autograder.teacher").returncode == 1
    done = python("-m", "pytest", "exercises/")
    assert done.returncode == 1
    count = len(assignment("core").exercises)
    assert f"DONE  0 of {count}, {count} to do" in done.stdout
    assert "NEXT  make_params   exercises/m06_model.py:" in done.stdout
    assert len(done.stdout.splitlines()) <= 30
    assert "1 of 3: " in python("-m", "autograder", "hint", "mse").stdout
    assert "invalid choice: 'grade'" in python("-m", "autograder", "grade").stderr
