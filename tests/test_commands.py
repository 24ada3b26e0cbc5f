"""The student's commands: list, why, and names that were mistyped."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.cli import main
from autograder.course import assignment, exercises, questions_of
from autograder.inside import ROOT
from autograder.judging.verdict import Verdict
from autograder.student.desk import Desk
from autograder.student.screen import screen
from autograder.student.start import start
from data.example_class import changed, solutions

pytestmark = pytest.mark.usefixtures("shared_cells")
Captured = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy as `descent start` writes it: mse is wrong, train_step builds on it."""
    folder = tmp_path_factory.mktemp("commands") / "copy"
    start(folder, "m08")
    wrong = {
        "mse": "def mse(pred, target):\n    return (pred - target).mean()",
        "backoff_lr": "def backoff_lr(*inputs):\n    raise NotImplementedError",
    }
    files = changed(solutions(), wrong)
    for name in ("m06_model.py", "m08_manual_training.py"):
        (folder / "exercises" / name).write_text(files[name], encoding="utf-8")
    return folder


@pytest.fixture
def copy(begun: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Stand in this copy."""
    monkeypatch.chdir(begun)
    yield begun


def test_list_shows_every_exercise_with_its_state(copy: Path, capsys: Captured) -> None:
    """One line each, in the order of the course."""
    assert main(["list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    states = {line.split()[-2 - line.endswith("optional")]: line[:9].strip() for line in lines[:-2]}
    assert states.items() >= {
        ("make_params", "done"),
        ("mse", "fix"),
        ("backoff_lr", "to do"),
        ("train_step", "blocked"),
    }
    order = list(exercises())
    assert list(states) == sorted(states, key=order.index)
    assert lines[-1].startswith("DONE  ")
    assert max(map(len, lines)) <= 80


def test_why_shows_what_a_pass_has_answered(copy: Path, capsys: Captured) -> None:
    """All questions, and only once it has passed."""
    asked = questions_of(exercises()["make_params"])
    assert main(["why", "mse"]) == 2
    assert "mse has not passed here yet; " in capsys.readouterr().err
    assert main(["run", "make_params"]) == 0
    passed = capsys.readouterr().out
    assert passed.count("ASKED ") == 2
    assert f"why make_params   ({len(asked) - 2} more questions)\n" in passed
    assert main(["why", "make_params"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("PASS  make_params\nWHY   By default backward() stores")
    assert printed.count("ASKED ") == len(asked) > 2


@pytest.mark.parametrize(
    ("command", "name", "meant"),
    [
        *((c, "mze", "mse") for c in ("hint", "run", "try", "why", "reset")),
        ("run", "pairdataset", "PairDataset"),
        *((c, "m6_modle", "m06_model") for c in ("list", "plot", "predict")),
        ("predict", "m08_manual", "m08_manual_training"),
    ],
)
def test_a_mistyped_name_is_asked_about(
    copy: Path, capsys: Captured, command: str, name: str, meant: str
) -> None:
    """Every command names what is most like it, and ends with 2."""
    assert main([command, name]) == 2
    assert f" is called '{name}': did you mean {meant}?\n" in capsys.readouterr().err


def test_a_hint_breaks_between_words(copy: Path, capsys: Captured) -> None:
    """It is the whole hint, in lines of a page."""
    assert main(["hint", "make_params", "3"]) == 0
    printed = capsys.readouterr().out
    assert max(map(len, printed.splitlines())) <= 80
    assert " ".join(printed.split()) == f"3 of 3: {exercises()['make_params'].hints[2]}"


def test_an_exercise_in_place_of_a_module_is_told(copy: Path, capsys: Captured) -> None:
    """Who asks for the picture of mse reads which module that is."""
    assert main(["plot", "mse"]) == 2
    assert "'mse' is an exercise; its module is m06\n" in capsys.readouterr().err


def test_the_end_of_the_path_is_told() -> None:
    """Once all of the path passes, the rest is optional; not before."""
    core = assignment("core").exercises
    path = [e.name for e in core if e.path]
    for done in (path, path[1:]):
        verdicts = [
            Verdict(e, "pass" if e.name in done else "not_attempted", 0.0, "x.py") for e in core
        ]
        desk = Desk(ROOT / "exercises")
        desk.exercises = {e.name: e for e in core}
        text = "\n".join(screen(verdicts, desk))
        told = f"PATH  path done, {len(path)} of {len(path)}; the rest is optional\n"
        assert (told in text) == (done == path)
