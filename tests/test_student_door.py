"""`pytest exercises/`: what a student sees."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.course import assignment
from autograder.inside import ROOT
from data.example_class import changed, solutions

from .samples import module_files

COUNT = len(assignment("core").exercises)


def copy_of(folder: Path, files: dict[str, str]) -> Path:
    """Make a copy of the core, with these files in place of the stubs."""
    (folder / "exercises" / "cases").mkdir(parents=True)
    for name in ("conftest.py", *module_files("core")):
        shutil.copy(ROOT / "exercises" / name, folder / "exercises" / name)
    shutil.copy(ROOT / "pyproject.toml", folder)
    for part in ("autograder", "data"):
        (folder / part).symlink_to(ROOT / part)
    for name, text in files.items():
        (folder / "exercises" / name).write_text(text, "utf-8")
    return folder


def run_pytest(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run pytest as a student does."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_untouched_stubs_fit_a_page_and_name_the_first(tmp_path: Path) -> None:
    """Nothing is attempted: exit 1, one page, the next exercise with file and line."""
    done = run_pytest(copy_of(tmp_path, {}), "exercises/")
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) <= 30
    line = next(
        number
        for number, text in enumerate((ROOT / "exercises/m06_model.py").read_text().splitlines(), 1)
        if text.startswith("def make_params")
    )
    assert f"NEXT  make_params   exercises/m06_model.py:{line}\n" in done.stdout
    assert f"DONE  0 of {COUNT}, {COUNT} wait\n" in done.stdout
    assert f"{COUNT} not attempted" in done.stdout


def test_solutions_pass(tmp_path: Path) -> None:
    """The references pass every public case: exit 0."""
    done = run_pytest(copy_of(tmp_path, solutions()), "exercises/")
    assert done.returncode == 0, done.stdout
    assert f"DONE  {COUNT} of {COUNT}\n" in done.stdout


def test_pytest_selects_as_a_pytest_user_expects(tmp_path: Path) -> None:
    """-k selects by name, a path selects a module, -x stops at the first failure."""
    folder = copy_of(tmp_path, {"m06_model.py": solutions()["m06_model.py"]})
    by_name = run_pytest(folder, "exercises/", "-k", "mse and not dmse")
    assert by_name.returncode == 0
    assert "1 passed" in by_name.stdout
    by_path = run_pytest(folder, "exercises/m06_model.py", "-v")
    assert by_path.returncode == 0
    assert "exercises/m06_model.py::mse PASS" in by_path.stdout
    assert "m07" not in by_path.stdout
    by_id = run_pytest(folder, "exercises/m06_model.py::mse", "-q")
    assert "1 passed" in by_id.stdout
    stopped = run_pytest(folder, "exercises/m07_gradients.py", "-x")
    assert stopped.returncode == 1
    assert "1 not attempted" in stopped.stdout


@pytest.fixture(scope="module")
def troubled(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The screen of a student who is in trouble everywhere, wrapped lines joined."""
    wrong = {
        "model": "def model(x, w, b):\n    x @ w.t() + b",
        "dmse_dpred": "def dmse_dpred(pred, target):\n    while True:\n        pass",
        "zero_grads_": "def zero_grads_(params, to_none=False:\n    pass",
        "split": "",
        "predict": "def predict(model, x):\n    print('looking at', x.shape)\n    return model(x)",
    }
    files = changed(solutions(), wrong)
    files["m10_linear_module.py"] = f"import numpy as np\n1 / 0\n{files['m10_linear_module.py']}"
    folder = copy_of(tmp_path_factory.mktemp("troubled"), files)
    (folder / "exercises/m12_line.py").unlink()
    screen = run_pytest(folder, "exercises/").stdout
    return re.sub(r"\n {6}(?=\S)", " ", screen)


def test_every_trouble_is_told(troubled: str) -> None:
    """A hang, a SyntaxError, an exception at import, a missing file or function, and None."""
    for told in (
        r"FAIL  model   exercises/m06_model.py:\d+ model returned None, on a case with",
        r"FAIL  dmse_dpred   exercises/m07_gradients.py:\d+ dmse_dpred ran longer than 10 s",
        r"exercises/m08_manual_training.py:\d+ \w+ is not defined, since this does not run: Syntax",
        r"FAIL  split   exercises/m09_data.py split is not defined in this file",
        r"NOTE  exercises/m10_linear_module.py, line 2 does not run and is passed over: ZeroDiv",
    ):
        assert re.search(told, troubled), told
    for name in ("predict", "cost_surface"):
        assert re.search(rf"^MORE .*\b{name}\b", troubled, re.MULTILINE), name


def test_the_rest_is_still_judged(troubled: str) -> None:
    """What is right passes beside all that."""
    passed = re.search(r"DONE  (\d+) of", troubled)
    assert passed
    assert int(passed[1]) >= 15


def test_the_screen_shows_cause_hint_and_what_is_held(tmp_path: Path) -> None:
    """A listed mistake is named; what builds on it is held; nothing of the grader is shown."""
    half = {
        "mse": """
            def mse(pred, target):
                print("half of", pred.shape)
                if pred.shape != target.shape:
                    raise ValueError
                return ((pred - target) ** 2).mean() / 2
        """
    }
    done = run_pytest(copy_of(tmp_path, changed(solutions(), half)), "exercises/")
    screen = done.stdout
    assert (
        "      your loss 595.94, expected 1191.88, on the 5 rows of data/crop_yield.csv" in screen
    )
    assert re.search(r"^WHY   You halved the mean", screen, re.MULTILINE)
    assert re.search(r"^SAID  half of torch.Size\(\[5, 2\]\)", screen, re.MULTILINE)
    assert re.search(r"^TRY   .* hint mse   \(1 of 3\)$", screen, re.MULTILINE)
    assert re.search(r"^HELD  train_step", screen, re.MULTILINE)
    assert "Traceback" not in screen
    assert "autograder/" not in screen


def test_a_name_set_again_is_told(tmp_path: Path) -> None:
    """The function is judged, in files that import it, too; one line says so, every time."""
    files = solutions()
    files["m06_model.py"] += "\nmodel = torch.nn.Linear(3, 2)\n"
    folder = copy_of(tmp_path, files)
    number = len(files["m06_model.py"].splitlines())
    for _ in range(2):
        done = run_pytest(folder, "exercises/", "-k", "model or train_step")
        screen = " ".join(done.stdout.split())
        assert (
            f"`model` is set again in line {number}: `model = torch.nn.Linear(3, 2)`; the"
        ) in screen
        assert done.returncode == 0


def test_an_exception_is_told_with_its_cause(tmp_path: Path) -> None:
    """The words stand where those of a listed mistake stand."""
    wrong = {
        "train_step": """
            def train_step(x, y, w, b, lr):
                with torch.no_grad():
                    pred = model(x, w, b)
                loss = mse(pred, y)
                loss.backward()
                return loss.item()
        """
    }
    done = run_pytest(copy_of(tmp_path, changed(solutions(), wrong)), "exercises/")
    assert "WHY   `pred` is computed where recording is switched off" in done.stdout
