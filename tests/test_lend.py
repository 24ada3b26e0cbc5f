"""Lend: what an exercise builds on and the submission lacks costs that exercise nothing."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from autograder.answers.keys import answer_keys
from autograder.answers.ways import solution
from autograder.batch.grade import Grader
from autograder.cells.observer import LocalObserver
from autograder.course import assignment, exercises, foundations
from autograder.inside.submission import WHOLE, Source, Submission
from autograder.inside.syntax import definitions, only, parse
from autograder.judging.verdict import Verdict
from data.example_class import in_one_file, solutions

M06, M08 = assignment("m06_model"), assignment("m08_manual_training")
RIGHT = {name.removesuffix(".py"): text for name, text in solutions().items()}
STUB = "def mse(pred, target):\n    raise NotImplementedError\n"
BROKEN = RIGHT["m06_model"].replace("def mse(", "def mse((")
WITHOUT = RIGHT["m06_model"].replace("def mse(", "def other(")
TOLD = "judged with the kit's own `mse`, since yours cannot be run"


@pytest.fixture(scope="module")
def grader(observer: LocalObserver) -> Grader:
    """A grader of m06 and m08."""
    chosen = (*M06.exercises, *M08.exercises)
    return Grader(M08, answer_keys(chosen, observer, b"lend"), observer)


def graded(grader: Grader, texts: Mapping[str, str], *asked: str) -> Mapping[str, Verdict]:
    """Return the verdicts on these modules, of the exercises of the modules that are asked for."""
    chosen = tuple(e for e in exercises().values() if e.module in (asked or texts))
    sources = {name: Source(f"exercises/{name}.py", text) for name, text in texts.items()}
    own = Grader(type(M08)("some", chosen), grader.keys, grader.observer)
    return own.grade(Submission("student-01", sources)).verdicts


@pytest.mark.parametrize(
    "m06", [BROKEN, WITHOUT, RIGHT["m06_model"].replace("def mse(", "def other(") + STUB]
)
def test_one_fault_costs_one_exercise(grader: Grader, m06: str) -> None:
    """What builds on a function that does not load, is missing or is the stub, passes."""
    texts = {"m06_model": m06, "m08_manual_training": RIGHT["m08_manual_training"]}
    verdicts = graded(grader, texts)
    assert {name for name, v in verdicts.items() if v.status != "pass"} == {"mse"}
    assert verdicts["mse"].score == 0
    assert verdicts["train_step"].gap == TOLD
    assert verdicts["sgd_step_"].gap == ""


def test_a_module_handed_in_alone_is_judged(grader: Grader) -> None:
    """What m08 builds on comes from the kit where only m08 is handed in, and only m08 is asked."""
    alone = {"m08_manual_training": RIGHT["m08_manual_training"]}
    verdicts = graded(grader, alone)
    assert {verdict.status for verdict in verdicts.values()} == {"pass"}
    assert "`model`, `mse`" in verdicts["train_step"].gap


def test_an_own_fault_is_told_as_such(grader: Grader) -> None:
    """Wrong with the kit's own, too: it fails, and is not held up by what is lacking."""
    wrong = RIGHT["m08_manual_training"].replace("loss.backward()", "(2 * loss).backward()")
    verdicts = graded(grader, {"m06_model": BROKEN, "m08_manual_training": wrong})
    assert verdicts["train_step"].status == "fail"
    assert verdicts["train_step"].gap.endswith(TOLD)


def test_one_file_for_all_is_lent_to_as_well(grader: Grader) -> None:
    """A notebook without mse has everything else."""
    texts = {"m06_model.py": WITHOUT, "m08_manual_training.py": RIGHT["m08_manual_training"]}
    source = Source("homework.ipynb", in_one_file(texts))
    chosen = (*M06.exercises, *M08.exercises)
    own = Grader(type(M08)("some", chosen), grader.keys, grader.observer)
    verdicts = own.grade(Submission("student-01", {WHOLE: source})).verdicts
    assert {name for name, v in verdicts.items() if v.status != "pass"} == {"mse"}


def test_what_is_lent_earns_nothing_itself(grader: Grader) -> None:
    """A submission that finds the kit's own mse and gives it as its own has no point for it."""
    thief = RIGHT["m08_manual_training"] + (
        "\n\ndef train_step(x, y, w, b, lr):\n"
        "    import m06_model, __main__\n"
        "    m06_model.mse = getattr(m06_model, 'mse', None)\n"
        "    return 0.0\n"
    )
    verdicts = graded(grader, {"m06_model": WITHOUT, "m08_manual_training": thief})
    assert verdicts["mse"].score == 0


def test_no_exercise_is_lent_to_itself() -> None:
    """What an exercise may be lent defines nothing of its own, whatever the references call."""
    for exercise in exercises().values():
        for name in foundations(exercise.builds_on):
            below = exercises()[name]
            for own in below.names:
                lent = definitions(parse(only(solution(below.module), own)))
                assert own in lent
                assert not lent.keys() & set(exercise.names), (exercise.name, own)


def test_only_what_is_lacking_is_lent() -> None:
    """Neither another exercise nor a docstring comes along."""
    text = only(RIGHT["m06_model"], "mse")
    assert "def mse(" in text
    for other in ("def model", "def recover_params", "make_params"):
        assert other not in text
