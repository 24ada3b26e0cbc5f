"""The judge is judged: right ways pass, wrong ways fail, and their causes are told truly."""

from __future__ import annotations

import ast
import inspect
from collections import Counter
from pathlib import Path

import pytest

from autograder import ROOT, mistakes
from autograder.answers.ways import Judge, Variant, read_variants
from autograder.cells.observer import Zygotes
from autograder.course import exercises, modules
from autograder.mistakes import SOLUTIONS
from autograder.teacher import quality
from autograder.teacher.mutants import all_mutants, mutants
from autograder.teacher.quality import Module

from .test_readme import shown

FOLDERS = {"accepted": 3, "caught": 4}  # variants that every exercise has at least
MARKED = """
from math import pi
from m06_model import mse
from tests.variants import right, wrong

FACTOR = 2

def _helper():
    return FACTOR

def unused():
    return pi

@wrong("mse", named="halved")
def half(pred, target):
    \"\"\"Divides by two.\"\"\"
    return mse(pred, target) / _helper()

@right("forgotten_zero", replaces="forgotten_zero_limit")
def other(lmax):
    \"\"\"Another way.\"\"\"
    return 4 / lmax
"""


@pytest.fixture(scope="module")
def measured() -> tuple[list[Module], Counter[tuple[str, str]]]:
    """What is counted of each module, and each probe's unique catches."""
    return quality.measure(exercises().values())


@pytest.fixture(scope="module")
def counted(
    measured: tuple[list[Module], Counter[tuple[str, str]]],
) -> dict[str, Module]:
    """What is counted of each module, by its name."""
    return {module.name: module for module in measured[0]}


def variants(folder: str) -> list[Variant]:
    """Return all variants of a folder of tests."""
    paths = sorted((ROOT / "tests" / folder).glob("m*.py"))
    return [variant for path in paths for variant in read_variants(path)]


@pytest.mark.parametrize("name", modules())
def test_nothing_is_judged_wrongly(counted: dict[str, Module], name: str) -> None:
    """Right ways pass, wrong ones and mutants fail, and no cause is named that is not there."""
    assert counted[name].faults == []


def test_a_cause_is_named_for_most_mistakes_in_other_words(counted: dict[str, Module]) -> None:
    """Of the listed mistakes, written differently, nine in ten are named."""
    named = sum(module.named["restated"] for module in counted.values())
    assert named >= 0.9 * sum(module.all["restated"] for module in counted.values()) > 0


def test_every_probe_catches_something_alone_or_has_a_reason(
    measured: tuple[list[Module], Counter[tuple[str, str]]],
) -> None:
    """A probe without a wrong way of its own says in survivors.toml why it stays."""
    lines = [*quality.unique_catches(exercises().values(), measured[1])]
    assert [line for line in lines if line.endswith("why?")] == []
    assert len(lines) > len(exercises())


def test_the_table_of_the_readme_is_real(counted: dict[str, Module]) -> None:
    """The README shows what `descent quality` prints."""
    assert shown("descent quality").splitlines() == [*quality.table(counted.values())]


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_exercise_has_its_variants(folder: str) -> None:
    """No exercise is left out, and each variant says in a sentence what it does."""
    found = variants(folder)
    for name in exercises():
        assert sum(v.exercise == name for v in found) >= FOLDERS[folder], name
    assert [str(variant) for variant in found if len(variant.story.split()) < 3] == []


@pytest.mark.parametrize("path", sorted((ROOT / "tests" / "restated").glob("m*.py")), ids=str)
def test_every_mistake_of_a_module_is_restated(path: Path) -> None:
    """Each listed mistake is there once more, written differently."""
    own = (exercise for exercise in exercises().values() if exercise.module == path.stem)
    listed = (wrong for e in own for wrong in mistakes.of(e.module, e.name))
    wanted = {(wrong.exercise, wrong.slug) for wrong in listed}
    assert {(v.exercise, v.named) for v in read_variants(path)} == wanted


def test_a_marked_file_is_read_as_text(tmp_path: Path) -> None:
    """A variant takes along what it uses, knows what it replaces, and the rest is left out."""
    (tmp_path / "m06_model.py").write_text(MARKED)
    half, other = read_variants(tmp_path / "m06_model.py")
    assert (half.exercise, half.replaces, half.named, half.story) == (
        "mse",
        "mse",
        "halved",
        "Divides by two.",
    )
    assert "_helper" in half.text and "unused" not in half.text and "@wrong" not in half.text
    assert (other.exercise, other.replaces) == ("forgotten_zero", "forgotten_zero_limit")


def test_a_variant_takes_along_what_assignments_use(tmp_path: Path) -> None:
    """A helper that only an assignment names is there when the variant's text is run."""
    (tmp_path / "m06_model.py").write_text(
        "def _half(loss):\n    return loss / 2\n\n"
        "HALVES = [_half]\n\n"
        '@wrong("mse")\ndef halved(pred, target):\n    return HALVES[0]((pred - target).sum())\n'
    )
    (halved,) = read_variants(tmp_path / "m06_model.py")
    names: dict[str, object] = {}
    exec(halved.text, names)
    assert {"_half", "HALVES", "halved"} <= names.keys()


def test_a_variant_that_cannot_be_imported_is_not_taken_for_the_reference() -> None:
    """A variant's own fault shows: it never passes because the reference stands behind it."""
    broken = Variant("mse", "gone", "mse", "import nothing_of_this_name\n")
    observer = Zygotes("basic")
    try:
        verdict = Judge(observer, [exercises()["mse"]], quality.SECRET).judged("mse", broken)
    finally:
        observer.close()
    assert verdict.status == "fail"
    assert "cannot import name 'gone'" in verdict.message


@pytest.mark.parametrize(
    "told",
    [
        "fit: opt.zero_grad() -> nothing",
        "fit: loss.backward() -> it twice",
        "fit: loss.backward() -> after opt.step()",
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


def test_a_mutant_changes_one_module_and_is_python() -> None:
    """No mutant is the reference itself, and each can be compiled."""
    solution = {m: ast.unparse(ast.parse((SOLUTIONS / f"{m}.py").read_text())) for m in modules()}
    for mutant in all_mutants():
        compile(mutant.text, "mutant", "exec")
        assert mutant.text != solution[mutant.module], mutant


def test_no_feedback_gives_the_answer_away() -> None:
    """No line of a reference's body stands in what a student reads about a mistake."""
    for exercise in exercises().values():
        tree = ast.parse((SOLUTIONS / f"{exercise.module}.py").read_text(encoding="utf-8"))
        own = [node for node in tree.body if getattr(node, "name", None) in exercise.names]
        lines = {
            ast.unparse(line)
            for node in own
            for line in ast.walk(node)
            if isinstance(line, ast.Assign | ast.AugAssign | ast.Return | ast.Expr)
            and not isinstance(getattr(line, "value", None), ast.Constant)
        }
        for wrong in mistakes.of(exercise.module, exercise.name):
            told = " ".join(inspect.cleandoc(wrong.feedback).split())
            assert [line for line in lines if len(line) > 12 and line in told] == []
