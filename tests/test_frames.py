"""What a student sees of an exception: their own lines, a caret, and what Python guesses."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from autograder.student.lines import frame_lines
from autograder.student.start import start
from data.example_class import changed, solutions

from .at_desk import pytest_here

pytestmark = pytest.mark.usefixtures("shared_cells")
CARETS = sys.version_info >= (3, 11)
MSE = '''
def mse(pred, target):
    """The mean square."""
    if pred.shape != target.shape:
        raise ValueError("shapes")
    return {}
'''
SCALED = "def scaled(values, factor):\n    return deeper(values) * factr\n"
DEEPER = "def deeper(values):\n    return values\n"


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy as `descent start` writes it."""
    folder = tmp_path_factory.mktemp("frames") / "copy"
    start(folder, "core")
    return folder


def told(copy: Path, expression: str, below: str = "") -> tuple[list[str], int]:
    """Run the exercise that returns this; return the screen, and the line of that return."""
    text = changed(solutions(), {"mse": MSE.format(expression)})["m06_model.py"] + below
    (copy / "exercises" / "m06_model.py").write_text(text, encoding="utf-8")
    lines = text.split("\n")
    line = next(n for n, code in enumerate(lines, 1) if code.strip() == f"return {expression}")
    return pytest_here(copy, "exercises/m06_model.py::mse").stdout.splitlines(), line


def shown(screen: list[str]) -> list[str]:
    """Return the lines from AT up to the next label."""
    first = next(number for number, line in enumerate(screen) if line.startswith("AT "))
    rest = screen[first + 1 :]
    return [screen[first], *rest[: next(n for n, line in enumerate(rest) if line[:1] != " ")]]


def test_the_failing_line_has_a_caret_and_a_guess(copy: Path) -> None:
    """Python's "Did you mean" stands below the line, whichever version runs."""
    screen, line = told(copy, "((pred - targt) ** 2).mean()")
    caret = ["                        ^^^^^"]
    assert shown(screen) == [
        f"AT    exercises/m06_model.py:{line}, in mse",
        "        return ((pred - targt) ** 2).mean()",
        *(caret if CARETS else []),
        "      Did you mean: 'target'?",
    ]


def test_two_frames_are_shown_and_lines_counted_as_python_does(copy: Path) -> None:
    """The caller's line stands above; a form feed ends no line."""
    screen, line = told(copy, "scaled(pred - target, 2)", f"\f\n{SCALED}{DEEPER}")
    lines = shown(screen)
    assert lines[:2] == [
        f"AT    exercises/m06_model.py:{line}, in mse",
        "        return scaled(pred - target, 2)",
    ]
    assert [at for at in lines if ".py:" in at][1].endswith(", in scaled")
    assert sum(".py:" in at for at in lines) == 2
    assert "        return deeper(values) * factr" in lines
    assert lines[-1] == "      Did you mean: 'factor'?"


def test_an_exception_of_torch_shows_the_students_line_alone(copy: Path) -> None:
    """No frame of torch or of the kit is shown."""
    screen, line = told(copy, "torch.stack([pred, target[1:]]).mean()")
    assert [at for at in shown(screen) if ".py:" in at] == [
        f"AT    exercises/m06_model.py:{line}, in mse"
    ]


def test_wide_lines_and_escapes_stay_on_the_page(copy: Path) -> None:
    """A line that is too wide is moved, so that its caret is seen; escapes are written out."""
    wide = f'(pred - target).sum() + len("\x1b[2J{"x" * 60}") + targt'
    screen, _ = told(copy, wide)
    lines = shown(screen)
    assert max(map(len, lines)) <= 80
    assert "\x1b" not in "".join(screen)
    if CARETS:
        at = lines[2].index("^")
        assert lines[1][at : at + 5] == "targt"


def test_an_endless_recursion_shows_two_frames(copy: Path) -> None:
    """However deep it goes, the screen stays short."""
    again = "def again(values):\n    return again(values)\n"
    screen, _ = told(copy, "again(pred)", again)
    assert sum(line.endswith(", in again") for line in shown(screen)) == 2


def test_on_a_narrow_page_code_is_cut_and_a_place_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """What names the function goes on in the next line."""
    monkeypatch.setenv("COLUMNS", "50")
    place = "exercises/m07_gradients.py:37, in linreg_grads"
    code = "  loss = ((x @ w + b - target_values) ** 2).mean()"
    assert [*frame_lines([place, code])] == [
        "AT    exercises/m07_gradients.py:37, in",
        "      linreg_grads",
        f"      {code}"[:50],
    ]
