"""The judge is judged: right ways pass, wrong ways fail, and their causes are told truly."""

from __future__ import annotations

import ast
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from autograder.answers.keys import answer_keys
from autograder.answers.ways import (
    Way,
    mistakes,
    other_ways,
    read_ways,
    slow_parts,
    solution,
    submission_of,
)
from autograder.cells.observer import LocalObserver
from autograder.cells.replies import Wanted
from autograder.course import Exercise, exercises, modules
from autograder.inside.syntax import definitions
from autograder.judging.key import Case
from autograder.judging.verdict import Verdict, judge
from autograder.teacher import quality, record
from autograder.teacher.mutants import mutants
from autograder.teacher.quality import Module

from .test_readme import shown

LEAST = {"right": 3, "wrong": 4}  # other ways that every exercise has
MARKED = """
from math import pi
from m06_model import mse
from autograder.course.marks import restated, right

FACTOR = 2

def _helper():
    return FACTOR

def unused():
    return pi

@restated("halved")
def half(pred, target):
    \"\"\"Divides by two.\"\"\"
    return mse(pred, target) / _helper()

@right(replaces="forgotten_zero_limit")
def other(lmax):
    \"\"\"Another way.\"\"\"
    return 4 / lmax
"""


def test_what_is_slow_to_import_is_asked_for_by_who_needs_it() -> None:
    """Optimizers come with a module or a probe that has them, export with its exercise alone."""
    named = exercises()
    assert slow_parts([named["mse"], named["save"]]) == ()
    assert slow_parts([named["fit"]]) == slow_parts([named["spectral"]]) == ("optimizers",)
    assert slow_parts([named["export_affine"]]) == ("export",)
    assert slow_parts(named.values()) == ("export", "optimizers")


@pytest.fixture(scope="module")
def counted() -> dict[str, Module]:
    """What is counted of each module: as recorded, or judged anew where something has changed."""
    return {module.name: module for module in quality.count(exercises().values(), record.known())}


@pytest.mark.parametrize("name", modules())
def test_nothing_is_judged_wrongly(counted: dict[str, Module], name: str) -> None:
    """Right ways pass, wrong ones and mutants fail, and no cause is named that is not there."""
    assert counted[name].faults == []


def test_a_cause_is_named_for_most_mistakes_in_other_words(counted: dict[str, Module]) -> None:
    """Of the listed mistakes, written differently, nine in ten are named."""
    named = sum(module.named["restated"] for module in counted.values())
    assert named >= 0.9 * sum(module.all["restated"] for module in counted.values()) > 0


def test_every_probe_catches_something_alone_or_has_a_reason(counted: dict[str, Module]) -> None:
    """A probe without a wrong way of its own says in tests/course/ why it stays."""
    lines = [*quality.unique_catches(exercises().values(), counted.values())]
    assert [line for line in lines if line.endswith("why?")] == []
    assert len(lines) > len(exercises())


def test_the_table_of_the_readme_is_real(counted: dict[str, Module]) -> None:
    """The README shows what `descent quality` prints."""
    assert shown("descent quality").splitlines() == [*quality.table(counted.values())]


def test_what_changes_a_verdict_makes_a_record_old(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A record counts only under the hash of what it was counted by."""
    monkeypatch.setattr(record, "RECORD", tmp_path / "quality.json")
    assert record.known() == {}
    module = Module(modules()[0])
    module.count("accepted", False, "a fault")
    record.write([module])
    assert record.known() == {module.name: module}
    monkeypatch.setattr(record, "of_module", lambda name: "another")
    assert record.known() == {}


@pytest.mark.parametrize(
    ("probes", "told"),
    [
        (("fail", "fail", "pass"), []),
        (("pass", "pass", "pass"), []),
        (("pass", "fail", "pass"), ["mse: third passes all public cases"]),
        (("pass", "pass", "fail"), []),  # on a device that the desk may not have
    ],
)
def test_a_wrong_way_that_only_hidden_cases_catch_is_told(
    probes: tuple[str, ...], told: list[str]
) -> None:
    """At the desk its author sees all pass, so a public case or a reason is wanted."""
    cases = (
        Case("value", {}),
        Case("value", {"n": 3}, hidden=True),
        Case("value", {"device": "cuda"}, hidden=True),
    )
    module = Module("m06_model")
    verdict = Verdict(exercises()["mse"], "fail", 0.0, probes=probes)
    module.count_catch("third", verdict, cases)
    assert module.faults == told


def test_a_reason_that_is_not_needed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table of reasons that nobody prunes would hide the next such way."""
    monkeypatch.setattr(quality, "constant", lambda exercise, name: {"third": "a reason"})
    module = Module("m06_model")
    verdict = Verdict(exercises()["mse"], "fail", 0.0, probes=("fail",))
    module.count_catch("third", verdict, (Case("value", {}),))
    assert module.faults == ["mse: third is in HIDDEN_ONLY, and need not be"]


def test_what_words_alone_catch_is_counted(observer: LocalObserver) -> None:
    """An input that is written to and put back is told in words alone; a wrong loss is not."""
    mse = exercises()["mse"]
    ways = {way.name: way for way in other_ways(mse) + mistakes(mse)}
    back = Way(
        *(mse, "wrong", "back", "mse"),
        "import m06_model\n\ndef back(pred, target):\n"
        "    loss = m06_model.mse(pred, target)\n    target.add_(1).sub_(1)\n    return loss\n",
    )
    with ThreadPoolExecutor(1) as pool:
        judges = quality.Quality(observer, pool, [mse], b"secret")
        for way, counted in ((back, 1), (ways["half"], 1)):
            assert judges._decided(mse, submission_of(way)).status == "fail"
            assert len(judges._in_words) == counted
    module = Module("m06_model", words=Counter({"mse": 2}))
    assert [*quality.on_words([mse], [module])][-1] == "points that hang on words, too: 2"


@pytest.mark.parametrize("exercise", exercises().values(), ids=lambda exercise: exercise.id)
def test_every_exercise_has_other_ways(exercise: Exercise) -> None:
    """There are right and wrong ones, each says in a sentence what it does, and what is restated
    is a listed mistake."""
    ways = other_ways(exercise)
    for kind, least in LEAST.items():
        assert sum(way.kind == kind for way in ways) >= least
    assert [str(way) for way in ways if len(way.story.split()) < 3] == []
    listed = {wrong.slug for wrong in mistakes(exercise)}
    assert {way.slug for way in ways if way.kind == "restated"} <= listed


def test_a_marked_file_is_read_as_text(tmp_path: Path) -> None:
    """A way takes along what it uses, knows what it replaces, and the rest is left out."""
    (tmp_path / "ways.py").write_text(MARKED)
    half, other = read_ways(tmp_path / "ways.py", exercises()["forgotten_zero"])
    assert (half.kind, half.replaces, half.slug, half.story) == (
        *("restated", "forgotten_zero", "halved", "Divides by two."),
    )
    assert "_helper" in half.text and "unused" not in half.text and "@" not in half.text
    assert (other.kind, other.replaces) == ("right", "forgotten_zero_limit")


def test_a_way_takes_along_what_assignments_use(tmp_path: Path) -> None:
    """A helper that only an assignment names is there when the way's text is run."""
    (tmp_path / "ways.py").write_text(
        "def _half(loss):\n    return loss / 2\n\n"
        "HALVES = [_half]\n\n"
        "@wrong()\ndef halved(pred, target):\n    return HALVES[0]((pred - target).sum())\n"
    )
    (halved,) = read_ways(tmp_path / "ways.py", exercises()["mse"])
    names: dict[str, object] = {}
    exec(halved.text, names)
    assert {"_half", "HALVES", "halved"} <= names.keys()


def test_a_way_that_cannot_be_imported_is_not_taken_for_the_reference(
    observer: LocalObserver,
) -> None:
    """A way's own fault shows: it never passes because the reference stands behind it."""
    mse = exercises()["mse"]
    key = answer_keys([mse], observer)["mse"]
    broken = Way(mse, "wrong", "gone", "mse", "import nothing_of_this_name\n")
    wanted = [Wanted(mse, key.requests)]
    (outcome,) = observer.outcomes(submission_of(broken), wanted)
    verdict = judge(mse, key, outcome)
    assert verdict.status == "fail"
    assert "cannot import name 'gone'" in verdict.message


@pytest.mark.parametrize(
    "told",
    [
        "fit: opt.zero_grad() -> nothing",
        "fit: loss.backward() -> it twice",
        "fit: loss.backward() -> one statement later",
        "train_step: with torch.no_grad(): -> its body alone",
        "predict: model.eval() -> nothing",
        "mse: return (error * error).sum() / error.numel() -> "
        "return (error * error).mean() / error.numel()",
        "train_step: p -= lr * p.grad -> p = p - lr * p.grad",
        "train_step: p.grad.zero_() -> p.grad.zero()",
        "zero_grads_: def zero_grads_(params: Iterable[Tensor], to_none: bool=False) -> None: -> "
        "def zero_grads_(params: Iterable[Tensor], to_none: bool=True) -> None:",
    ],
)
def test_the_operators_of_training_are_there(told: str) -> None:
    """Calls are deleted, doubled and moved, contexts unwrapped, defaults changed."""
    assert told in {str(mutant) for mutant in mutants(exercises()[told.partition(":")[0]])}


@pytest.mark.parametrize("exercise", exercises().values(), ids=lambda exercise: exercise.id)
def test_a_mutant_differs_and_is_python(exercise: Exercise) -> None:
    """No mutant is the reference itself, and each can be compiled."""
    reference = ast.unparse(ast.parse(solution(exercise.module)))
    for mutant in mutants(exercise):
        compile(mutant.text, "mutant", "exec")
        assert mutant.text != reference, mutant


@pytest.mark.parametrize("exercise", exercises().values(), ids=lambda exercise: exercise.id)
def test_no_feedback_gives_the_answer_away(exercise: Exercise) -> None:
    """No line of a reference's body stands in what a student reads about a mistake."""
    defined = definitions(ast.parse(solution(exercise.module)))
    lines = {
        ast.unparse(line)
        for name in exercise.names
        for line in ast.walk(defined[name])
        if isinstance(line, ast.Assign | ast.AugAssign | ast.Return | ast.Expr)
        and not isinstance(getattr(line, "value", None), ast.Constant)
    }
    for wrong in mistakes(exercise):
        assert [line for line in lines if len(line) > 12 and line in wrong.story] == []
