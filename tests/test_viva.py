"""`descent viva`: each question has one true option, and a second route finds the same one."""

from __future__ import annotations

import ast
import math
import random
import re
import sys
import textwrap
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import cast

import pytest
import torch
from torch import Tensor

from autograder.cells.observer import LocalObserver, Observer
from autograder.course import exercises
from autograder.inside import probes
from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.loader import SubmissionImporter
from autograder.inside.observation import Observation, Outcome
from autograder.inside.observe import observe
from autograder.inside.probes.m08_manual_training.shared import training
from autograder.inside.submission import Submission
from autograder.judging.compare import differing
from autograder.judging.key import Case
from autograder.teacher.viva.arguments import rate, twice
from autograder.teacher.viva.asking import ask
from autograder.teacher.viva.choose import questions
from autograder.teacher.viva.code import Code
from autograder.teacher.viva.edges import edge
from autograder.teacher.viva.lab import MOST_LOOKS, Lab, OutOfLooks, Scene
from autograder.teacher.viva.lines import _taken_away, changed_line
from autograder.teacher.viva.question import Question
from autograder.teacher.viva.shapes import shape
from autograder.teacher.viva.sheet import sheet
from autograder.teacher.viva.spare import spare_line

from .samples import MODEL, MSE, RIGHT, TRAIN_STEP, submission
from .test_readme import shown

SECRET = b"viva"
MARKER = "tests/test_viva.py"
SUMMED = MSE.replace(".mean()", ".sum()")


class Watched(Lab):
    """A laboratory that keeps what it has looked at."""

    def __init__(self, observer: LocalObserver) -> None:
        super().__init__(observer, SECRET)
        self.seen: list[tuple[Submission, Code, Case, Observation]] = []

    def look(self, submission: Submission, code: Code, case: Case) -> Observation | None:
        """Look, and keep it."""
        found = super().look(submission, code, case)
        if found:
            self.seen.append((submission, code, case, found))
        return found


@pytest.fixture
def lab(observer: LocalObserver) -> Watched:
    """A laboratory with all of its looks left."""
    return Watched(observer)


def code_of(name: str, **texts: str) -> Code:
    """Return the code of an exercise in a submission of modules, m06 and m08 by their numbers."""
    names = {"m06": "m06_model", "m08": "m08_manual_training"}
    return Code(submission({names[n]: text for n, text in texts.items()}), exercises()[name])


def scene_of(lab: Lab, code: Code, seed: int = 0) -> Scene:
    """Return the scene of some code."""
    found = lab.scene(code, random.Random(seed))
    assert found is not None
    return found


def true_option(question: Question | None) -> str:
    """Return the option that is said to be true."""
    assert question is not None
    assert len({*question.options}) == len(question.options) > 2
    return question.options[question.right]


def as_shown(question: Question, code: Code) -> str:
    """Return a sheet as a text shows it: without the title and the fences, and folded."""
    lines = [*sheet("student-01", [question], {question.exercise: code}, answers=True)][5:]
    kept = [line for line in lines if not line.startswith("```")]
    folded = [textwrap.wrap(line, 100) if line[:1] in "*-A" else [line] for line in kept]
    return "\n".join(one for part in folded for one in part or [""]) + "\n"


def trained(case: Case, clears: bool, factor: float = 1.0) -> list[float]:
    """Return the losses before each step, by hand."""
    given = Given(case.given)
    x, y, w, b = training(given)
    w, b = w.detach(), b.detach()
    kept_w, kept_b, losses = torch.zeros_like(w), torch.zeros_like(b), []
    for _ in range(given.steps):
        error = x @ w.T + b - y
        losses.append(float((error**2).mean()))
        kept_w = 2 / error.numel() * error.T @ x + (0 if clears else kept_w)
        kept_b = 2 / error.numel() * error.sum(0) + (0 if clears else kept_b)
        w, b = w - given.lr * factor * kept_w, b - given.lr * factor * kept_b
    return losses


def told(before: Sequence[float], after: Sequence[float]) -> str:
    """Return the option that is true of two series, the first of which is the same."""
    assert after[0] == pytest.approx(before[0])
    pairs = zip(before, after, strict=True)
    changed = next((one, other) for one, other in pairs if other != pytest.approx(one))
    word = "higher" if changed[1] > changed[0] else "lower"
    return f"The first stays the same; the next one that changes is {word}."


def test_a_line_that_is_taken_away(lab: Lab) -> None:
    """Gradients that are not cleared give the losses that a loop by hand gives."""
    scene = scene_of(lab, code_of("train_step", m06=MODEL + MSE, m08=TRAIN_STEP))
    place = next(p for p in scene.code.places() if ast.unparse(p.statement) == "p.grad = None")
    change = _taken_away(scene.code, place)
    question = ask(scene, change, lab, random.Random(1))
    losses = trained(scene.case, clears=True), trained(scene.case, clears=False)
    assert true_option(question) == told(*losses)
    assert question is not None
    assert question.text.startswith("Line 11, `p.grad = None`, is taken away. Until now `loss bef")
    assert ", ".join(f"{loss:.4g}" for loss in losses[1]) in question.why
    assert "backward() adds" in question.why
    assert TRAIN_STEP.split("\n")[question.line - 1].strip() == "p.grad = None"
    assert as_shown(question, scene.code) == shown(MARKER)


def test_a_rate_that_is_changed(lab: Lab) -> None:
    """Another learning rate gives the losses that a loop by hand gives."""
    scene = scene_of(lab, code_of("train_step", m06=MODEL + MSE, m08=TRAIN_STEP))
    question = rate(scene, lab, random.Random(2))
    assert question is not None
    found = re.match(r"`lr` is (\S+) instead of (\S+);", question.text)
    assert found is not None
    factor = float(found[1]) / float(found[2])
    losses = trained(scene.case, clears=True), trained(scene.case, True, factor)
    assert factor in (2.0, 0.5)
    assert true_option(question) == told(*losses)


def test_a_shape(lab: Lab) -> None:
    """The shape of a variable, and of what is returned, is that of the formula."""
    text = MSE.replace(
        "return ((pred - target) ** 2).mean()",
        "error = pred - target\n    per_row = (error**2).mean(dim=1)\n    return per_row.mean()",
    )
    scene = scene_of(lab, code_of("mse", m06=MODEL + text), seed=3)
    rows, targets = Given(scene.case.given).regression()[1].shape
    shapes = {"`error`": [rows, targets], "`per_row`": [rows], "what is returned": []}
    seen = set()
    for seed in range(4):
        question = shape(scene, lab, random.Random(seed))
        assert question is not None
        (own,) = (what for what in shapes if f"has {what} in line" in question.text)
        assert true_option(question) == str(shapes[own])
        seen.add(own)
    assert len(seen) > 1


def test_an_edge_case(lab: Lab) -> None:
    """What is said to come of a call comes of it in this process, too."""
    names: dict[str, Callable[[Tensor, Tensor], Tensor]] = {}
    exec(MSE, {}, names)
    edges: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
        "no rows": lambda a, b: names["mse"](a[:0], b[:0]),
        "one row alone": lambda a, b: names["mse"](a[:1], b[:1]),
        "the last row is missing": lambda a, b: names["mse"](a, b[:-1]),
        "one dimension more": lambda a, b: names["mse"](a, b.unsqueeze(-1)),
    }
    scene = scene_of(lab, code_of("mse", m06=MODEL + MSE))
    seen = set()
    for seed in range(5):
        question = edge(scene, lab, random.Random(seed))
        assert question is not None
        (own,) = (what for what in edges if what in question.text)
        try:
            loss = float(edges[own](torch.randn(4, 2), torch.randn(4, 2)))
            true = "nan" if math.isnan(loss) else "finite, and not 0"
            assert true_option(question) == f"It returns one number: {true}."
        except ValueError:
            assert true_option(question) == "It raises `ValueError`."
        seen.add(own)
    assert len(seen) > 1


@pytest.mark.parametrize(("text", "true"), [(MSE, "It stays the same."), (SUMMED, "It is higher.")])
def test_every_row_twice(lab: Lab, text: str, true: str) -> None:
    """A mean stays what it was, and a sum doubles: right code and wrong code get other answers."""
    scene = scene_of(lab, code_of("mse", m06=MODEL + text))
    assert true_option(twice(scene, lab, random.Random(0))) == true


def test_a_line_that_nothing_needs(lab: Lab) -> None:
    """The assertion could go, the refusal that a case asks for could not."""
    own = MSE.replace("    return", '    assert pred.dim() < 9, "so many"\n    return')
    scene = scene_of(lab, code_of("mse", m06=MODEL + own))
    question = spare_line(scene, lab, random.Random(0))
    lines = (MODEL + own).split("\n")
    number = next(n for n, line in enumerate(lines, 1) if "assert" in line)
    assert true_option(question) == f"Line {number}."
    wrong = scene_of(lab, code_of("mse", m06=MODEL + own.replace(".mean()", ".sum()")))
    assert spare_line(wrong, lab, random.Random(0)) is None


def test_nothing_is_asked_about_a_change_that_says_nothing(lab: Lab) -> None:
    """A change that nobody sees, and one after which a name is gone, make no question."""
    text = "def mse(pred, target):\n    loss = ((pred - target) ** 2).mean()\n    return loss\n"
    scene = scene_of(lab, code_of("mse", m06=MODEL + text))
    place = next(p for p in scene.code.places() if isinstance(p.statement, ast.Assign))
    for other in ("loss = ((target - pred) ** 2).mean()", "pass"):
        changed = scene.code.replacing(place, ast.parse(other).body)
        change = _taken_away(scene.code, place)
        assert ask(scene, type(change)("", 2, "", changed), lab, random.Random(0)) is None


class Stuck:
    """An observer in whose cells everything runs into a limit."""

    def outcomes(self, *asked: object) -> Iterator[Outcome]:
        """Tell of the limit."""
        yield Outcome("exercises/m06_model.py", trouble="mse ran longer than 1 s")


def test_a_loop_without_end_costs_its_limit_and_nothing_else() -> None:
    """Nothing was seen, so nothing is asked; and a student has so many looks at most."""
    lab = Lab(cast(Observer, Stuck()), SECRET)
    codes = [code_of("mse", m06=MODEL + MSE)] * (2 * MOST_LOOKS)
    assert lab.look(codes[0].submission, codes[0], Case("value", {})) is None
    assert questions("student-01", codes, lab, SECRET, 5) == []
    with pytest.raises(OutOfLooks):
        for code in codes:
            lab.look(code.submission, code, Case("value", {}))


def test_what_hangs_on_chance_is_not_asked_about(lab: Lab) -> None:
    """Two cells see two results: there is no true answer."""
    text = "import os\ndef mse(pred, target):\n    return pred.mean() + os.getpid()\n"
    assert lab.scene(code_of("mse", m06=MODEL + text), random.Random(0)) is None


def test_work_at_module_level_is_left_out_where_it_is_not_needed(lab: Lab) -> None:
    """The scene is brief if it shows the same, and whole if a function needs what is computed."""
    work = "import torch\nfor _ in range(3):\n    SUM = torch.ones(2)\n"
    brief = scene_of(lab, code_of("mse", m06=work + MODEL + MSE))
    assert "SUM" not in brief.code.submission.sources["m06_model"].text
    assert (
        brief.code.definitions[0].lineno
        == (work + MODEL + MSE).split("\n").index("def mse(pred, target):") + 1
    )
    whole = scene_of(
        lab, code_of("mse", m06=work + MODEL + MSE.replace(".mean()", ".mean() * SUM[0]"))
    )
    assert "SUM = " in whole.code.submission.sources["m06_model"].text


@contextmanager
def own_modules(names: Collection[str]) -> Iterator[None]:
    """Let modules of a submission be imported here, and leave nothing of them."""
    finders = list(sys.meta_path)
    kept = {name: sys.modules.pop(name) for name in names if name in sys.modules}
    try:
        yield
    finally:
        sys.meta_path[:] = finders
        for name in names:
            sys.modules.pop(name, None)
        sys.modules.update(kept)


def seen_here(handed_in: Submission, code: Code, case: Case) -> Observation:
    """Return what is seen of a submission without any cell, in this process."""
    probe = probes.find(code.exercise.place, case.probe)
    with own_modules(handed_in.sources):
        module = SubmissionImporter(handed_in, ()).load(handed_in.source_name(code.exercise.module))
        files = frozenset(source.file for source in handed_in.sources.values())
        return observe(Implementation(vars(module), files), probe, dict(case.given))


def test_a_sheet_comes_out_again_and_its_numbers_come_out_here(observer: LocalObserver) -> None:
    """The same name gets the same questions, another one others; each look is seen here as well."""
    lab = Watched(observer)
    codes = [Code(submission(RIGHT), exercises()[name]) for name in ("mse", "model", "train_step")]
    first = questions("student-01", codes, lab, SECRET, 4)
    assert first == questions("student-01", codes, Watched(observer), SECRET, 4)
    assert first != questions("student-02", codes, Watched(observer), SECRET, 4)
    assert len({question.kind for question in first}) > 2
    assert len({question.exercise for question in first}) > 1
    for question in first:
        assert true_option(question)
    for handed_in, code, case, seen in lab.seen:
        assert not differing(seen, seen_here(handed_in, code, case), case.dtype)


def test_a_changed_line_is_told_as_it_is_changed(lab: Lab) -> None:
    """One-line functions get a question, too, by the operators of the mutants."""
    scene = scene_of(lab, code_of("mse", m06=MODEL + SUMMED))
    question = changed_line(scene, lab, random.Random(4))
    assert true_option(question)
    assert question is not None
    assert re.match(r"Line \d+(,| reads `|: the condition)", question.text)
