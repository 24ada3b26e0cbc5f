"""`pytest exercises/`: what a student sees."""

from __future__ import annotations

import inspect
import re
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

import pytest

from autograder.cli import main
from autograder.course import assignment
from autograder.inside import ROOT
from autograder.inside.limits import CPU_S
from autograder.student import plugin
from autograder.student.desk import Desk
from autograder.student.watch import LIMIT_S
from data.example_class import changed, solutions

from .at_desk import pytest_here
from .samples import ACTIVATED, module_files

pytestmark = pytest.mark.usefixtures("shared_cells")
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
    """Run pytest as a student does, in a process that starts cold."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", *arguments],
        cwd=folder,
        env=ACTIVATED,
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
    assert f"DONE  0 of {COUNT}, {COUNT} to do\n" in done.stdout
    assert f"{COUNT} to do" in done.stdout


def test_solutions_pass(tmp_path: Path) -> None:
    """The references pass every public case: exit 0."""
    done = run_pytest(copy_of(tmp_path, solutions()), "exercises/")
    assert done.returncode == 0, done.stdout
    assert f"DONE  {COUNT} of {COUNT}\n" in done.stdout


WRONG = {"mse": "def mse(pred, target):\n    print('seen')\n    return (pred - target).mean()"}
ONE = "exercises/m06_model.py::"


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The copy of a student who has done m06 and m08, with one fault, and nothing else."""
    done = {name: solutions()[name] for name in ("m06_model.py", "m08_manual_training.py")}
    done = changed(done, WRONG)
    done["m06_model.py"] = "\f\n" + done["m06_model.py"]  # a page break ends no line
    return copy_of(tmp_path_factory.mktemp("begun"), done)


@pytest.mark.parametrize(
    ("options", "status", "told"),
    [
        (["exercises/", "-k", "mse and not dmse"], 1, ["1 failed", "DONE  0 of 1, 1 to fix"]),
        (["exercises/m06_model.py", "-v"], 1, [ONE + "mse FAIL", ONE + "model PASS"]),
        ([ONE + "model", "-q"], 0, ["1 passed"]),
        (["exercises/m08_manual_training.py::train_step"], 1, ["blocked: fix mse first, which"]),
        (["exercises/m07_gradients.py", "-x"], 1, ["5 to do"]),
        (["exercises/m06_model.py", "-x"], 1, ["1 failed, 2 passed", "DONE  2 of 3, 1 to fix"]),
        (["exercises/m06_model.py", "--maxfail=1"], 1, ["1 failed, 2 passed"]),
        (["exercises/m06_model.py", "-s"], 1, ["seen"]),
        (["exercises/", "--collect-only", "-q"], 0, [ONE + "mse", f"{COUNT} tests collected"]),
        (["exercises/", "-n", "2"], 1, ["FAIL  mse", "NEXT  dmse_dpred", "of 42, 1 to fix, "]),
        (
            ["exercises/m06_model.py", "exercises/m08_manual_training.py", "-rA"],
            1,
            ["FAIL " + ONE + "mse", "PASS " + ONE + "model", "BLOCKED exercises/m08_manual_tr"],
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_each_option_does_what_a_pytest_user_expects(
    options: list[str], status: int, told: list[str], begun: Path
) -> None:
    """Whatever is selected, the exit status is 1 until it passes, and the screen tells of it."""
    run = run_pytest if {"-s", "-n"} & {*options} else pytest_here
    done = run(begun, "-p", "no:cacheprovider", *options)
    assert done.returncode == status, done.stdout
    for text in told:
        assert text in done.stdout, done.stdout


def test_labels_have_colours_where_pytest_has(begun: Path) -> None:
    """--color=yes paints them; in a pipe, and with NO_COLOR, there are none."""
    plain = pytest_here(begun, ONE + "mse").stdout
    assert "\nFAIL  mse " in plain
    assert "\x1b" not in plain
    coloured = pytest_here(begun, ONE + "mse", "--color=yes").stdout
    assert "\x1b[31mFAIL  \x1b[0mmse " in coloured


def test_the_last_failures_are_those_that_failed(tmp_path: Path) -> None:
    """--lf repeats what is wrong, and not what nobody has begun."""
    done = changed({"m06_model.py": solutions()["m06_model.py"]}, WRONG)
    folder = copy_of(tmp_path, done)
    pytest_here(folder, "exercises/")
    assert "DONE  0 of 1, 1 to fix" in pytest_here(folder, "exercises/", "--lf").stdout


def test_editors_find_the_line_of_each_exercise(begun: Path) -> None:
    """pytest's own report of a test, which editors and JUnit files take it from, has its line."""
    pytest_here(
        begun, "exercises/m06_model.py", "--junitxml=report.xml", "-o", "junit_family=xunit1"
    )
    (suite,) = ElementTree.parse(begun / "report.xml").getroot()
    cases = {case.attrib["name"]: case for case in suite}
    lines = (begun / "exercises/m06_model.py").read_text("utf-8").split("\n")
    assert lines[int(cases["mse"].attrib["line"])].startswith("def mse(")
    assert [child.tag for child in cases["mse"]] == ["failure"]
    assert [child.tag for child in cases["model"]] == []


def test_one_exercise_is_run_by_its_name(
    begun: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`descent run` tells of it what the screen tells; 0 once it passes."""
    monkeypatch.chdir(begun)
    assert [main(["run", name]) for name in ("mse", "train_step", "dmse_dpred", "model")] == [
        *(1, 1, 1, 0),
    ]
    printed = capsys.readouterr().out
    for told in ("FAIL  mse ", "LATER train_step ", "NEXT  dmse_dpred ", "PASS  model "):
        assert f"{told}  exercises/" in printed


@pytest.fixture(scope="module")
def troubled(tmp_path_factory: pytest.TempPathFactory, shared_cells: None) -> str:
    """The screen of a student who is in trouble everywhere, wrapped lines joined.

    The desk has the patience of `descent watch`: a loop without end costs every exercise that uses
    it as much.
    """
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
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plugin, "Desk", partial(Desk, limit=LIMIT_S))
        screen = pytest_here(folder, "exercises/").stdout
    return re.sub(r"\n {6}(?=\S)", " ", screen)


def test_every_trouble_is_told(troubled: str) -> None:
    """A hang, a SyntaxError, an exception at import, a missing file or function, and None."""
    for told in (
        r"FAIL  model   exercises/m06_model.py:\d+ model returned None, on a case with",
        # on a busy machine the clock ends a loop before its processor time does
        r"FAIL  dmse_dpred   exercises/m07_gradients.py:\d+ dmse_dpred \w+ longer than \d s",
        r"exercises/m08_manual_training.py:\d+ \w+ is not defined, since this does not run: Syntax",
        r"FAIL  split   exercises/m09_data.py split is not defined in this file",
        r"NOTE  exercises/m10_linear_module.py, line 2 does not run and is passed over: ZeroDiv",
    ):
        assert re.search(told, troubled), told
    for name in ("predict", "cost_surface"):
        assert re.search(rf"^MORE .*\b{name}\b", troubled, re.MULTILINE), name


def test_a_desk_has_the_patience_of_a_grader() -> None:
    """Unless it is told otherwise an exercise has as long as when it is graded."""
    assert inspect.signature(Desk).parameters["limit"].default == CPU_S


def test_the_rest_is_still_judged(troubled: str) -> None:
    """What is right passes beside all that."""
    passed = re.search(r"DONE  (\d+) of", troubled)
    assert passed
    assert int(passed[1]) >= 15


def test_the_screen_shows_cause_hint_and_what_is_blocked(tmp_path: Path) -> None:
    """A listed mistake is named; what builds on it is blocked; nothing of the grader is shown."""
    half = {
        "mse": """
            def mse(pred, target):
                print("half of", pred.shape)
                if pred.shape != target.shape:
                    raise ValueError
                return ((pred - target) ** 2).mean() / 2
        """
    }
    done = pytest_here(copy_of(tmp_path, changed(solutions(), half)), "exercises/")
    screen = done.stdout
    assert (
        "      your loss 595.94, expected 1191.88, on the 5 rows of data/crop_yield.csv" in screen
    )
    assert re.search(r"^WHY   You halved the mean", screen, re.MULTILINE)
    assert re.search(r"^SAID  half of torch.Size\(\[5, 2\]\)", screen, re.MULTILINE)
    assert re.search(r"^TRY   .* hint mse   \(1 of 3\)$", screen, re.MULTILINE)
    assert re.search(r"^LATER train_step", screen, re.MULTILINE)
    assert "Traceback" not in screen
    assert "autograder/" not in screen


def test_a_name_set_again_is_told(tmp_path: Path) -> None:
    """The function is judged, in files that import it, too; one line says so, every time."""
    files = solutions()
    files["m06_model.py"] += "\nmodel = torch.nn.Linear(3, 2)\n"
    folder = copy_of(tmp_path, files)
    number = len(files["m06_model.py"].splitlines())
    for _ in range(2):
        done = pytest_here(folder, "exercises/", "-k", "model or train_step")
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
    done = pytest_here(copy_of(tmp_path, changed(solutions(), wrong)), "exercises/")
    assert "WHY   `pred` is computed where recording is switched off" in done.stdout
