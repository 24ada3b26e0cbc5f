"""`descent plot m12`: the picture, and what is said where there can be none."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import m12_line
import numpy as np
import pytest
import torch
from torch import Tensor

pytest.importorskip("matplotlib")
from matplotlib.figure import Figure

from autograder.course import assignment as course_assignment
from autograder.course import exercises, foundations
from autograder.inside import ROOT
from autograder.inside.errors import UserError
from autograder.judging.public import read_tasks
from autograder.judging.verdict import Status, Verdict
from autograder.student import plot as plots
from autograder.student.own_module import Judged, _imported, judged_module
from autograder.student.picture_m12 import Scene, draw
from autograder.student.plot import plot
from data.example_class import changed, solutions
from tests.test_student_door import copy_of

pytestmark = pytest.mark.usefixtures("shared_cells")
UNITS = {"slope (y per x)", "bias (y)", "cost, mean squared error (y²)", "epoch", "x", "y"}
NOT_YET = "fit_line does not pass yet: pytest exercises/m12_line.py::fit_line"
CLIMBS = """
    def fit_line(x, y, lr, epochs, start=(0.0, 0.0)):
        w, b = torch.tensor(start, dtype=x.dtype)
        path = [torch.stack([w, b])]
        for _ in range(epochs):
            error = w * x + b - y
            w, b = w + 2 * lr * (error * x).mean(), b + 2 * lr * error.mean()
            path.append(torch.stack([w, b]))
        return torch.stack(path)
"""


def exercises_with(folder: Path, **definitions: str) -> Path:
    """Return the exercises/ of a copy that holds the solutions, but for these definitions."""
    return copy_of(folder, changed(solutions(), definitions)) / "exercises"


def judged(failing: str = "", **functions: Any) -> Judged:
    """Return the solutions of m12 with some functions replaced, as if they had been judged."""
    own = SimpleNamespace(**{**vars(m12_line), **functions})
    tasks = read_tasks(ROOT / "exercises")
    verdicts = {}
    for name, one in exercises().items():
        if one.module == "m12_line":
            wrong = name == failing
            status: Status = "fail" if wrong else "pass"
            probes = (status,) * len(tasks[name].key.cases)
            verdicts[name] = Verdict(one, status, None, probes=probes)
    observed = {name: [e for e in tasks[name].key.expected if e] for name in verdicts}
    return Judged(own, tasks, verdicts, observed)


def drawn(given: Judged) -> tuple[Figure, list[str]]:
    """Return the figure of m12, and the lines that go with it."""
    figure = plots._new_figure(show=False)
    return figure, draw(figure, given)


def titles(figure: Figure) -> list[str]:
    """Return the titles of a figure's panels."""
    return [axes.get_title() for axes in figure.axes if axes.get_title()]


def texts(figure: Figure) -> list[str]:
    """Return the lines that stand in place of panels."""
    return [text.get_text().replace("\n", " ") for axes in figure.axes for text in axes.texts]


def test_every_panel_is_drawn_with_units() -> None:
    """With all functions right, six panels have a title, a legend, and axes with units."""
    figure, told = drawn(judged())
    assert told == texts(figure) == []
    panels = [axes for axes in figure.axes if axes.get_title()]
    assert len(panels) == 6
    for axes in panels:
        assert {axes.get_xlabel(), axes.get_ylabel()} <= UNITS, axes.get_title()
        assert axes.get_legend() is not None
    others = [axes for axes in figure.axes if axes not in panels]
    assert [axes.get_ylabel() for axes in others] == ["cost, mean squared error (y²)"]


def test_the_picture_is_a_png(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The file is a PNG of 12 x 8 inches at 150 dpi, and the run leaves no module behind."""
    before = {name: sys.modules.get(name) for name in ("m06_model", "m12_line")}
    path = list(sys.path)
    out = tmp_path / "line.png"
    assert plot(exercises_with(tmp_path), "m12", out) == 0
    content = out.read_bytes()
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", content[16:24]) == (1800, 1200)
    assert capsys.readouterr().out == f"{out} is written\n"
    assert {name: sys.modules.get(name) for name in before} == before
    assert sys.path == path


def test_a_command_leaves_nothing_in_the_temporary_directory(tmp_path: Path) -> None:
    """Nor where the student's own code steps an optimizer, with which torch loads its compiler."""
    files = solutions()
    step = "_w = torch.zeros(1, requires_grad=True)\n_w.sum().backward()\n"
    files["m12_line.py"] += f"\n{step}torch.optim.SGD([_w], lr=0.1).step()\n"
    folder = copy_of(tmp_path / "copy", files)
    (tmp_path / "temporary").mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "autograder", "plot", "m12"],
        cwd=folder,
        env={**os.environ, "TMPDIR": str(tmp_path / "temporary")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "m12.png is written\n", done.stderr
    assert list((tmp_path / "temporary").iterdir()) == []


def test_a_path_that_climbs_is_drawn_beside_the_expected_one(tmp_path: Path) -> None:
    """A wrong fit_line is shown on a public case; what needs it is told, the rest is drawn."""
    with judged_module(exercises_with(tmp_path, fit_line=CLIMBS), "m12_line") as given:
        figure, told = drawn(given)
    assert set(told) == {NOT_YET}
    assert texts(figure) == [NOT_YET, NOT_YET]
    first = figure.axes[0]
    assert first.get_title() == "fit_line does not pass yet: a public case"
    lines = {line.get_label(): np.array(line.get_data()).T for line in first.lines}
    assert list(lines) == ["expected path", "your path", "start"]
    assert lines["your path"][0] == pytest.approx(lines["expected path"][0])
    assert (lines["your path"][1] - lines["your path"][0]) == pytest.approx(
        lines["expected path"][0] - lines["expected path"][1]
    )
    assert {first.get_xlabel(), first.get_ylabel()} <= UNITS
    assert "Slice at the best bias" in titles(figure)


def raising(x: Tensor, *_: Any, **__: Any) -> Tensor:
    """Stand for a function that stops."""
    raise ValueError("no path")


@pytest.mark.parametrize(
    "fit_line",
    [
        raising,
        lambda x, *_, **__: [0.0],
        lambda x, *_, **__: torch.ones(5, 3),
        lambda x, *_, **__: torch.full((5, 2), torch.inf),
        lambda *args, **options: m12_line.fit_line(*args, **options).requires_grad_(),
    ],
    ids=["raises", "list", "three columns", "infinite", "looks right"],
)
def test_without_a_path_to_see_the_text_stands_alone(fit_line: Any) -> None:
    """Where fit_line returns no path, or one that looks right, three panels tell it."""
    given = judged("fit_line", fit_line=fit_line)
    figure, told = drawn(given)
    assert set(told) == {NOT_YET}
    assert texts(figure) == [NOT_YET] * 3
    assert given.stopped == []


def test_a_path_that_explodes_is_drawn_without_a_surface(tmp_path: Path) -> None:
    """Costs beyond all numbers do not stop the picture."""
    path = torch.logspace(0, 300, 5, dtype=torch.float64)[:, None].repeat(1, 2)
    figure, _ = drawn(judged("fit_line", fit_line=lambda *_, **__: path))
    figure.savefig(tmp_path / "far.png")
    assert not figure.axes[0].collections


def test_untouched_stubs_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With nothing done nothing is imported, and each panel names what it waits for."""
    folder = copy_of(tmp_path, {}) / "exercises"
    assert plot(folder, "m12", tmp_path / "m12.png") == 0
    told = capsys.readouterr().out.splitlines()
    assert "noisy_line does not pass yet: pytest exercises/m12_line.py::noisy_line" in told
    assert len(told) == len(set(told)) == 6


def test_a_function_that_raises_is_told_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What passes its cases and raises on the picture's gives a line and exit status 1."""
    lazy = """
        def slice_minimum(x, y, *, slope=None, bias=None):
            if len(x) == 40:
                raise ValueError("forty is too much")
            if slope is not None:
                return (y - slope * x).mean().item()
            return ((x * (y - bias)).sum() / x.square().sum()).item()
    """
    out = tmp_path / "m12.png"
    assert plot(exercises_with(tmp_path, slice_minimum=lazy), "m12", out) == 1
    told = "slice_minimum stopped with ValueError: forty is too much"
    assert capsys.readouterr().out == f"{out} is written\n{told}\n"


def test_an_import_that_stops_is_a_user_error(tmp_path: Path) -> None:
    """A file that raises is told in one line, and sys.path is as before."""
    (tmp_path / "m12_line.py").write_text("print(undefined)\n", "utf-8")
    path = list(sys.path)
    with (
        pytest.raises(UserError, match=r"import of m12_line\.py stops: NameError: .*undefined"),
        _imported(tmp_path, "m12_line"),
    ):
        pass
    assert sys.path == path


def test_other_modules_have_no_picture(tmp_path: Path) -> None:
    """The message names what there is."""
    with pytest.raises(UserError, match=r"^there are pictures of .*m12.*; m05 has none yet$"):
        plot(tmp_path, "m05")


def test_without_matplotlib_the_command_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An ImportError becomes one line."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "matplotlib"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(UserError, match="needs matplotlib: pip install matplotlib"):
        plot(tmp_path, "m12")


def test_the_other_commands_do_without_matplotlib() -> None:
    """Importing the module of pictures does not import matplotlib."""
    code = "import sys, autograder.student.plot; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_a_picture_is_written_through_no_link(tmp_path: Path) -> None:
    """A link in the picture's place that leads elsewhere is refused."""
    (tmp_path / "mine").write_text("mine")
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "m12.png").symlink_to(tmp_path / "mine")
    with pytest.raises(UserError, match=r"m12\.png cannot be written: it leads out of"):
        plots._write(Figure(), tmp_path / "here" / "m12.png")
    assert (tmp_path / "mine").read_text() == "mine"


def test_a_target_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """An unwritable place and another format are user errors."""
    with pytest.raises(UserError, match=r"m12\.png cannot be written: No such file"):
        plots._write(plots._new_figure(show=False), tmp_path / "absent/m12.png")
    with pytest.raises(UserError, match=r"m12\.pdf does not end in \.png"):
        plot(tmp_path, "m12", tmp_path / "m12.pdf")


def test_show_without_a_window_says_where_the_picture_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the backend Agg there is nothing to show it in."""
    monkeypatch.setattr("matplotlib.pyplot.get_backend", lambda: "agg")
    with pytest.raises(
        UserError, match=r"no window can be opened here; the picture is in m12\.png"
    ):
        plots._show(Path("m12.png"))


def test_a_folder_without_m12_is_told(tmp_path: Path) -> None:
    """A copy that lacks the cases of m12 gets a line, not a KeyError."""
    folder = copy_of(tmp_path, {}) / "exercises"
    (folder / "cases/m12_line.json").unlink()
    with pytest.raises(UserError, match="has no exercise of m12_line: get them"):
        plot(folder, "m12", tmp_path / "m12.png")


def test_another_picture_is_not_overwritten(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What lay there is kept under the next free name, and the screen says so."""
    monkeypatch.setattr(plots, "_picture", lambda module: (module, lambda *_: []))
    folder = copy_of(tmp_path, {}) / "exercises"
    out = tmp_path / "m12.png"
    for content in (b"mine", b"another"):
        out.write_bytes(content)
        plot(folder, "m12", out)
    told = capsys.readouterr().out.splitlines()
    assert told == [
        f"{out} is written; the one before is now {tmp_path / 'm12-1.png'}",
        f"{out} is written; the one before is now {tmp_path / 'm12-2.png'}",
    ]
    assert (tmp_path / "m12-1.png").read_bytes() == b"mine"
    assert (tmp_path / "m12-2.png").read_bytes() == b"another"
    assert out.read_bytes()[:4] == b"\x89PNG"


def test_the_same_picture_again_leaves_one_file(tmp_path: Path) -> None:
    """A picture that has not changed is not kept twice."""
    target = tmp_path / "m12.png"
    for _ in range(2):
        assert plots._write(plots._new_figure(show=False), target) is None
    assert [path.name for path in tmp_path.iterdir()] == ["m12.png"]


def test_the_minimum_is_marked_where_the_path_leads() -> None:
    """From above and in 3D a ring lies at the least-squares line, not at the end of the path."""
    path = torch.zeros(101, 2, dtype=torch.float64)
    figure, _ = drawn(judged(fit_line=lambda *_: path))
    best = Scene(judged()).best
    for axes in figure.axes[0], next(a for a in figure.axes if a.get_title() == "The same in 3D"):
        rings = [line for line in axes.lines if line.get_markersize() == 19]
        assert rings and "least squares" in {line.get_label() for line in axes.lines}
    (at, *_) = [line for line in figure.axes[0].lines if line.get_markersize() == 19]
    assert np.array(at.get_data()).ravel() == pytest.approx(best)


def test_the_copy_of_a_path_has_no_empty_panel() -> None:
    """A copy without slice_minimum is drawn without its panels, and nothing waits."""
    path = foundations(e.name for e in course_assignment("path").exercises)
    given = judged()
    kept = {name: one for name, one in given.verdicts.items() if name in path}
    assert len(kept) < len(given.verdicts)
    figure, told = drawn(replace(given, verdicts=kept))
    assert told == texts(figure) == []
    assert titles(figure) == [
        *("Descent over the cost surface", "The same in 3D", "The fitted line"),
        "Cost over the epochs",
    ]
    figure.canvas.draw()
    assert figure.axes[-1].get_position().width > 0.7


def test_a_copy_with_too_few_exercises_is_told() -> None:
    """Where no panel is left there is a line, not an empty picture."""
    given = judged()
    few = {name: given.verdicts[name] for name in ("slice_minimum",)}
    with pytest.raises(UserError, match="your copy are too few"):
        drawn(replace(given, verdicts=few))


@pytest.mark.parametrize("gives", [None, "text", torch.ones(3)])
def test_what_is_no_picture_is_told(gives: Any) -> None:
    """Where a function that passes gives what cannot be drawn, panels say so; no traceback."""
    given = judged(cost_surface=lambda *_: gives)
    figure, told = drawn(given)
    assert set(told) == {*given.stopped} and all("gave is no picture: " in one for one in told)
    assert len(titles(figure)) == 6
